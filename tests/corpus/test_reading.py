"""Rasa's files to facts: what counts, where it stands, and what is wrong with it."""

from __future__ import annotations

import pytest

from dvcinc.corpus.rasa import merge, read_config_file
from dvcinc.corpus.readers import Wanted, missing_lookup, read_lookup, read_part
from dvcinc.corpus.values import (
    Component,
    Corpus,
    EntityLabel,
    Example,
    LookupEntry,
    Named,
    Place,
    Regex,
    Response,
    Span,
    Synonym,
)
from dvcinc.errors import InputError


def read(text: str | bytes, **files: bytes) -> Corpus:
    data = text.encode() if isinstance(text, str) else text
    part = read_part(data, "data/nlu.yml")
    found = [part.corpus]
    for lookup in part.lookups:
        if lookup.path not in files:
            raise missing_lookup(lookup)
        found.append(read_lookup(files[lookup.path], lookup.path, lookup.name))
    return merge(found)


def nlu(body: str) -> Corpus:
    return read(f"nlu:\n- intent: greet\n{body}")


def texts(corpus: Corpus) -> dict[str, int]:
    return {example.text: place.line for example, place in corpus.examples.items()}


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("  examples: |\n    - hi\n    - yo\n", {"hi": 4, "yo": 5}),
        ("  examples: |\n\n    - hi\n\n    - yo\n", {"hi": 5, "yo": 7}),
        ("  examples: |-\n    -hi\n    -   yo  \n", {"hi": 4, "yo": 5}),
        ("  examples:\n  - hi\n  - text: yo\n", {"hi": 4, "yo": 5}),
        ("  examples:\n  - text: |\n      hi\n    metadata: {a: 1}\n", {"hi": 5}),
        ('  examples: "- hi\\n- yo"\n', {"hi": 3, "yo": 3}),
        ("  examples: |\n    - hi # no comment\n", {"hi # no comment": 4}),
        ("  examples: |\n    - hi\n    - hi\n", {"hi": 4}),
        ("  examples: |\n    - a\n  metadata: {x: 1}\n", {"a": 4}),
        ("  examples: |\n", {}),
        ("  examples:\n", {}),
    ],
)
def test_every_way_to_write_examples_gives_texts_and_lines(
    body: str, found: dict[str, int]
) -> None:
    corpus = nlu(body)
    assert texts(corpus) == found
    assert not corpus.warnings


@pytest.mark.parametrize(
    ("body", "warning"),
    [
        ("  metadata: {}\n", "data/nlu.yml:2: intent 'greet' has no examples"),
        ("  examples: |\n    hi\n",
         "data/nlu.yml:4: passed over, since it starts with no '-': 'hi'"),
        ("  examples: |\n    -\n", "data/nlu.yml:4: empty example in intent 'greet'"),
        ("  examples: |\n    - a\n  exmples: x\n",
         "data/nlu.yml:5: unknown key 'exmples' in intent, passed over"),
    ],
)  # fmt: skip
def test_what_is_passed_over_is_told(body: str, warning: str) -> None:
    assert nlu(body).warnings == (warning,)


def test_every_kind_of_item_is_read() -> None:
    corpus = read(
        """\
nlu:
- intent: " faq/ask_wifi "
  examples: |
    - wifi in [NYC]{"entity": "city", "value": "New York"}
- synonym: New York
  examples: |
    - big apple
    - New York
- regex: zip
  examples: |
    - \\d{5}
- lookup: city
  examples: |
    - Rome
- lookup: street
  examples: data/streets.txt
responses:
  utter_faq/ask_wifi:
  - text: Yes
  - text: Sure
  utter_greet:
  - text: Hi
""",
        **{"data/streets.txt": "Main Street\r\n\r\n Via Appia \n".encode("utf-8-sig")},
    )
    assert corpus.examples == {
        Example("faq/ask_wifi", "wifi in NYC", (Span(8, 11, "city"),)): Place(
            "data/nlu.yml", 4
        )
    }
    assert corpus.synonyms == {
        Synonym("NYC", "New York"): Place("data/nlu.yml", 4),
        Synonym("big apple", "New York"): Place("data/nlu.yml", 7),
    }
    assert corpus.regexes == {Regex("zip", r"\d{5}"): Place("data/nlu.yml", 11)}
    assert corpus.lookups == {
        LookupEntry("city", "Rome"): Place("data/nlu.yml", 14),
        LookupEntry("street", "Main Street"): Place("data/streets.txt", 1),
        LookupEntry("street", "Via Appia"): Place("data/streets.txt", 3),
    }
    assert corpus.responses == {
        Response("faq/ask_wifi", '{"text":"Yes"}'): Place("data/nlu.yml", 19),
        Response("faq/ask_wifi", '{"text":"Sure"}'): Place("data/nlu.yml", 20),
    }
    assert list(corpus.domain.responses) == [
        Named("utter_greet", '[{"text":"Hi"}]'),
    ]


NO_KIND = "data/nlu.yml:2:3: an item of nlu needs one of intent, synonym, regex, lookup"


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("nlu: greet\n", "data/nlu.yml:1:6: nlu must be a list, not 'greet'"),
        ("nlu:\n- greet\n",
         "data/nlu.yml:2:3: an item of nlu must be a mapping, not 'greet'"),
        ("nlu:\n- intents: greet\n  examples: |\n    - a\n",
         NO_KIND),
        ("nlu:\n- intent: greet\n  regex: b\n",
         NO_KIND),
        ("nlu:\n- intent: greet\n  intent: greet\n",
         "data/nlu.yml:3:3: an item of nlu says 'intent' twice"),
        ("nlu:\n- intent:\n  examples: |\n    - a\n",
         "data/nlu.yml:2:10: intent has no name"),
        ("nlu:\n- intent: [a]\n  examples: |\n    - a\n",
         "data/nlu.yml:2:11: intent must be text, not a list"),
        ("nlu:\n- intent: a\n  examples: {b: c}\n",
         "data/nlu.yml:3:13: examples must be text, not a mapping"),
        ("nlu:\n- intent: a\n  examples:\n  - txt: b\n",
         "data/nlu.yml:4:5: an example in a list needs the key text"),
        ("nlu:\n- intent: a\n  examples:\n  - text: [b]\n",
         "data/nlu.yml:4:11: an example must be text, not a list"),
        ('nlu:\n- intent: a\n  examples: |\n    - b\n    - to [c]{"role": "d"}\n',
         ('data/nlu.yml:5:13: entity has no "entity" name: {"role": "d"} in '
         '\'to [c]{"role": "d"}\'')),
        ("nlu:\n- intent: a\n  examples:\n  - text: 'é [c]{d}'\n",
         "data/nlu.yml:4:17: entity is not valid JSON: {d} in 'é [c]{d}'"),
        ("nlu:\n- lookup: a\n  examples: b.txt\n",
         "data/nlu.yml:3:13: lookup 'a' names the file 'b.txt', which is not there"),
        ("nlu:\n- lookup: a\n  examples: ../../etc/passwd\n",
         ("data/nlu.yml:3:13: lookup 'a' names the file '../../etc/passwd', which lies "
         "outside the project")),
        ("nlu:\n- lookup: a\n  examples: /etc/passwd\n",
         ("data/nlu.yml:3:13: lookup 'a' names the file '/etc/passwd', which lies "
         "outside the project")),
        ("nlu: []\nnlu: []\n", "data/nlu.yml:2:1: the file says 'nlu' twice"),
        ("responses: [a]\n",
         "data/nlu.yml:1:12: responses must be a mapping, not a list"),
        ("stories: {a: 1}\n",
         "data/nlu.yml:1:10: stories must be a list, not a mapping"),
        ("intents: [[a]]\n",
         "data/nlu.yml:1:11: an entry of intents must be text, not a list"),
        ("intents: ['']\n", "data/nlu.yml:1:11: an entry of intents has no name"),
        ("entities:\n- city: x\n",
         "data/nlu.yml:2:9: entity 'city' must be a mapping, not 'x'"),
        ("entities:\n- city: {roles: to}\n",
         "data/nlu.yml:2:17: roles must be a list, not 'to'"),
        ("nlu:\n- intent: a\n\texamples: b\n",
         ("data/nlu.yml:3:1: not YAML: while scanning a plain scalar found a tab "
         "character that violates indentation")),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_path_line_and_column(text: str, error: str) -> None:
    with pytest.raises(InputError) as caught:
        read(text)
    assert caught.value.message == error


def test_a_lookup_file_that_is_no_text_is_told_by_its_own_place() -> None:
    with pytest.raises(InputError) as caught:
        read("nlu:\n- lookup: a\n  examples: ./b.txt\n", **{"b.txt": b"ok\nca\xe9"})
    assert caught.value.message == "b.txt:2:3: not UTF-8: byte 0xe9"


@pytest.mark.parametrize(
    ("data", "warning"),
    [
        (b"- a\n- b\n", "data/nlu.yml: passed over: no training data"),
        (b"just words\n", "data/nlu.yml: passed over: no training data"),
        (b"{{ template }}: {% if x %}\n", "data/nlu.yml:1:18: not YAML"),
        (b"caf\xe9: 1\n", "data/nlu.yml:1:4: not UTF-8: byte 0xe9 (passed over"),
    ],
)
def test_a_file_of_somebody_else_is_passed_over_as_in_rasa(
    data: bytes, warning: str
) -> None:
    corpus = read(data)
    assert corpus.examples == {}
    assert len(corpus.warnings) == 1
    assert corpus.warnings[0].startswith(warning)


@pytest.mark.parametrize(
    "data",
    [
        b"nlu:\n- intent: [\n",
        b'{"nlu": [\n',
        b"\xef\xbb\xbfnlu: [\n",
        b"a: caf\xe9\nresponses: {}\n",
        b"- nlu\nintents: x",
        "nlu: []".encode("utf-16"),
        b"version https://git-lfs.github.com/spec/v1\n",
    ],
)
def test_a_broken_file_that_names_training_data_is_an_error(data: bytes) -> None:
    with pytest.raises(InputError, match=r"^data/nlu\.yml:\d+:\d+: "):
        read(data)


def test_keys_that_rasa_does_not_train_on_are_left() -> None:
    assert read("version: '3.1'\nflows: {a: {steps: []}}\nimports: [x]\n") == Corpus()


def test_the_domain_is_read_whole() -> None:
    domain = read(
        """\
intents:
- greet
- faq: {is_retrieval_intent: true}
entities:
- city: {roles: [from, to], groups: [a]}
- name: {influence_conversation: false}
- plain
- empty: {roles: }
slots:
  city: {type: text, mappings: [{type: from_entity, entity: city}]}
  bare:
forms:
  booking: {required_slots: [city]}
actions:
- action_a
- action_b: {send_domain: true}
e2e_actions: [hello there]
responses:
  utter_greet: [{text: hi}]
session_config: {session_expiration_time: 60}
config: {store_entities_as_slots: true}
"""
    ).domain
    assert {*domain.intents} == {"greet", "faq"}
    assert {*domain.entities} == {
        EntityLabel("city"),
        EntityLabel("city", role="from"),
        EntityLabel("city", role="to"),
        EntityLabel("city", group="a"),
        EntityLabel("name"),
        EntityLabel("plain"),
        EntityLabel("empty"),
    }
    assert [slot.name for slot in domain.slots] == ["city", "bare"]
    assert [form.name for form in domain.forms] == ["booking"]
    assert {*domain.actions} == {"action_a", "action_b", "hello there"}
    assert {fact.name for fact in domain.settings} == {
        "intent faq",
        "entity name",
        "session_config",
        "config",
    }


def test_forms_may_be_a_list_as_in_early_rasa_2() -> None:
    corpus = read("forms:\n- booking:\n    required_slots: [a]\n- other\n")
    assert [form.name for form in corpus.domain.forms] == ["booking", "other"]


def test_names_of_stories_do_not_count_but_steps_and_their_order_do() -> None:
    one = read("stories:\n- story: a\n  steps: [{intent: x}, {action: y}]\n")
    same = read(
        "stories:\n- story: b\n  metadata: 1\n  steps: [{intent: x}, {action: y}]"
    )
    other = read("stories:\n- story: a\n  steps: [{action: y}, {intent: x}]\n")
    rule = read("rules:\n- rule: a\n  steps: [{intent: x}, {action: y}]\n")
    assert one.stories.keys() == same.stories.keys()
    assert len({*one.stories, *other.stories, *rule.stories}) == 3


def test_only_what_the_place_of_a_file_allows_counts() -> None:
    data = (
        b"nlu:\n- intent: a\n  examples: |\n    - b\nintents: [a]\n"
        b"responses: {utter_a/b: [{text: c}]}\nstories: [{steps: []}]\n"
    )
    as_nlu = read_part(data, "x.yml", Wanted(domain=False)).corpus
    as_domain = read_part(data, "x.yml", Wanted(nlu=False)).corpus
    assert as_nlu.examples
    assert as_nlu.stories
    assert as_nlu.responses
    assert not as_nlu.domain.intents
    assert not as_domain.examples
    assert not as_domain.stories
    assert as_domain.domain.intents


def test_the_first_place_of_a_fact_counts_and_duplicates_are_one() -> None:
    first = read_part(b"nlu:\n- intent: a\n  examples: |\n    - b\n", "1.yml").corpus
    second = read_part(
        b"nlu:\n- intent: a\n  examples: |\n    - b\n    - c\n", "2.yml"
    ).corpus
    assert merge([first, second]).examples == {
        Example("a", "b"): Place("1.yml", 4),
        Example("a", "c"): Place("2.yml", 5),
    }


def test_the_config_is_read_with_its_places() -> None:
    config = read_config_file(
        b"""\
recipe: default.v1
language: en
pipeline:
- name: WhitespaceTokenizer
- name: DIETClassifier
  epochs: 100
- KeywordIntentClassifier
policies:
- name: MemoizationPolicy
""",
        "config.yml",
    ).config
    assert (config.language, config.language_place) == ("en", Place("config.yml", 2))
    assert config.pipeline == (
        (Component("WhitespaceTokenizer", "{}"), Place("config.yml", 4)),
        (Component("DIETClassifier", '{"epochs":100}'), Place("config.yml", 5)),
        (Component("KeywordIntentClassifier", "{}"), Place("config.yml", 7)),
    )
    assert config.policies == (
        (Component("MemoizationPolicy", "{}"), Place("config.yml", 9)),
    )


@pytest.mark.parametrize("text", ["", "# empty\n", "language:\npipeline:\npolicies:\n"])
def test_a_config_may_leave_all_to_rasa(text: str) -> None:
    config = read_config_file(text.encode(), "config.yml").config
    assert (config.language, config.pipeline, config.policies) == (None, (), ())


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("pipeline: supervised_embeddings\n",
         "c.yml:1:11: pipeline must be a list, not 'supervised_embeddings'"),
        ("pipeline:\n- epochs: 1\n",
         "c.yml:2:3: an entry of pipeline has no name"),
        ("pipeline:\n- [a]\n",
         "c.yml:2:3: an entry of pipeline must be text, not a list"),
        ("pipeline:\n- name: a\n  epochs: 1\n  epochs: 2\n",
         "c.yml:4:3: an entry of pipeline says 'epochs' twice"),
        ("language: [en]\n", "c.yml:1:11: language must be text, not a list"),
        ("- a\n", "c.yml:1:1: config must be a mapping, not a list"),
    ],
)  # fmt: skip
def test_a_mistake_in_the_config_is_told_with_its_place(text: str, error: str) -> None:
    with pytest.raises(InputError) as caught:
        read_config_file(text.encode(), "c.yml")
    assert caught.value.message == error


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('version: "3.1"\nnul: []\n', "nlu.yml:2: unknown key 'nul', passed over; did"),
        (
            "nlu: []\nstoriez: []\n",
            "nlu.yml:2: unknown key 'storiez', passed over; did",
        ),
        ("nlu: []\nservices: {}\n", "nlu.yml:2: unknown key 'services', passed over"),
        ("intnets: [greet]\n", "nlu.yml:1: unknown key 'intnets', passed over; did"),
        # No file of ours, or a place for anchors.
        ("services: {}\n", ""),
        ("nlu: []\nx-anchors: {}\n_more: {}\n", ""),
        ("nlu: []\nrecipe: default.v1\n", ""),
    ],
)
def test_a_key_that_means_nothing_is_told(text, said):
    found = read_part(text.encode(), "nlu.yml").corpus.warnings
    assert [one.partition(" you mean")[0] for one in found] == ([said] if said else [])
