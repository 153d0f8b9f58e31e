"""The canonical form reads back as the same corpus; one meaning has one digest."""

from __future__ import annotations

import json
import random
import string

import pytest
from corpora import PIPELINE, corpus
from hypothesis import given, settings
from hypothesis import strategies as st

from dvcinc.corpus.canonical import (
    CanonicalFile,
    corpus_digest,
    digest,
    read_corpus,
    write_corpus,
)
from dvcinc.corpus.rasa import merge
from dvcinc.corpus.readers import read_part
from dvcinc.corpus.trained import trained
from dvcinc.corpus.values import (
    Component,
    Config,
    Corpus,
    Domain,
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
from dvcinc.yaml import canonical_json

HERE = Place("x.yml", 1)

# What YAML, markup or line-based readers could stumble over.
HOSTILE = st.sampled_from(
    [
        "- a", "-", "--- ", "# a", "a # b", "a: b", ": a", "? a", "& a", "*a", "!a",
        "|", ">", "%a", "@a", "`a", "'a", '"a"', "\\", "\\n", "{a", "[a", "a]", "<<",
        "null", "~", "true", "12", "1e3", "0o7", "...", "a\tb", "\ta", "a\nb", "a\r\nb",
        "a\u2028b", "a\u2029b", "a\x85b", "\x85", "a\x00b", "a\x1fb", "a\x7fb",
        "\ufeffa", "a\ufffe", "\U0001f600", "\U0001ffff", "e\u0301", "ﬁ", "a  b",
        "\u0627", "a" * 500,
    ]
)  # fmt: skip
anything = st.text(st.characters(codec="utf-8"), min_size=1, max_size=8) | st.lists(
    HOSTILE, min_size=1, max_size=3
).map("".join)
names = anything.map(str.strip).filter(bool)
texts = anything.map(lambda text: text.strip("\n\r ")).filter(str.strip)
scalars = (
    st.none() | st.booleans() | st.integers() | st.floats(-1e300, 1e300) | anything
)
bodies = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(anything, inner, max_size=3)
    ),
    max_leaves=6,
).map(lambda value: "{}" if value is None else canonical_json(value))


@st.composite
def examples(draw: st.DrawFn) -> Example:
    """An example, with a span over a word that markup can say."""
    before = draw(texts.filter(lambda text: "[" not in text))
    if draw(st.booleans()):
        return Example(draw(names), before)
    word = draw(texts.filter(lambda text: not set("[]") & set(text)))
    role, group = draw(st.none() | names), draw(st.none() | names)
    span = Span(len(before), len(before) + len(word), draw(names), role, group)
    return Example(draw(names), before + word, (span,))


def facts(strategy: st.SearchStrategy) -> st.SearchStrategy:
    return st.lists(strategy, max_size=2).map(lambda found: dict.fromkeys(found, HERE))


components = st.lists(
    st.builds(
        Component,
        names,
        st.dictionaries(
            anything.filter(lambda key: key != "name"), scalars, max_size=3
        ).map(canonical_json),
    ),
    max_size=3,
).map(lambda found: tuple((component, HERE) for component in found))

domains = st.builds(
    Domain,
    intents=facts(names),
    entities=facts(
        names.map(EntityLabel)
        | st.builds(EntityLabel, names, role=anything, group=st.none())
        | st.builds(EntityLabel, names, role=st.none(), group=anything)
    ),
    slots=facts(st.builds(Named, names, bodies)),
    actions=facts(names),
    forms=facts(st.builds(Named, names, bodies)),
    responses=facts(
        st.builds(Named, names.filter(lambda name: "/" not in name), bodies)
    ),
    settings=facts(
        st.builds(Named, st.just("config"), bodies)
        | st.builds(Named, st.just("session_config"), bodies)
    ),
)

corpora = st.builds(
    Corpus,
    examples=facts(examples()),
    synonyms=facts(
        st.builds(Synonym, texts, names).filter(lambda fact: fact.alias != fact.value)
    ),
    regexes=facts(st.builds(Regex, names, texts)),
    lookups=facts(st.builds(LookupEntry, names, texts)),
    responses=facts(st.builds(Response, names.map(lambda name: f"faq/{name}"), bodies)),
    stories=facts(
        bodies.map(lambda body: canonical_json({"stories": json.loads(body)}))
    ),
    domain=domains,
    config=st.builds(
        Config,
        language=st.none() | names,
        pipeline=components,
        policies=components,
    ),
)


def _said(corpus: Corpus) -> tuple[object, ...]:
    """All facts without their places."""
    domain = corpus.domain
    return (
        *(
            frozenset(part)
            for part in (
                corpus.examples, corpus.synonyms, corpus.regexes, corpus.lookups,
                corpus.responses, corpus.stories, domain.intents, domain.slots,
                domain.actions, domain.forms, domain.responses, domain.settings,
                # A role's entity type is listed with it.
                {*domain.entities} | {EntityLabel(e.entity) for e in domain.entities},
            )
        ),
        corpus.config.language,
        tuple(component for component, _ in corpus.config.pipeline),
        tuple(component for component, _ in corpus.config.policies),
    )  # fmt: skip


@settings(max_examples=100)
@given(corpora)
def test_what_is_written_reads_back_as_the_same_corpus(said: Corpus) -> None:
    files = write_corpus(said)
    assert _said(read_corpus(files)) == _said(said)


@settings(max_examples=100)
@given(corpora)
def test_writing_what_was_read_gives_the_same_bytes(said: Corpus) -> None:
    once = write_corpus(read_corpus(write_corpus(said)))
    assert write_corpus(read_corpus(once)) == once


@given(st.lists(texts, min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_the_digest_is_that_of_the_set_of_facts(
    found: list[str], rng: random.Random
) -> None:
    shuffled = rng.sample(found, len(found)) + found
    one = Corpus(examples={Example("a", text): HERE for text in found})
    same = Corpus(examples={Example("a", text): Place("y.yml", 7) for text in shuffled})
    assert corpus_digest(one) == corpus_digest(same)


BLOCK = """\
version: "3.1"
nlu:
- intent: greet
  examples: |
    - hi
    - hello [Bob](name)
- intent: bye
  examples: |
    - ciao
- synonym: robert
  examples: |
    - bob
intents: [greet, bye: {use_entities: [name]}]
responses:
  utter_greet:
  - text: Hi there
"""


@pytest.mark.parametrize(
    "text",
    [
        BLOCK.replace("\n", "\r\n"),
        "\ufeff" + BLOCK,
        BLOCK + "# the end\n",
        BLOCK.replace("- hi\n", "- hi\n\n").replace("nlu:", "nlu:   # data"),
        BLOCK.replace("    - ciao", "        -   ciao  "),
        BLOCK.replace('version: "3.1"', "version: '2.0'"),
        BLOCK.replace("    - hi\n    - hello [Bob](name)\n",
                      "    - hello [Bob](name)\n    - hi\n    - hi\n"),
        BLOCK.replace("[Bob](name)", '[Bob]{"entity": "name"}'),
        BLOCK.replace("- intent: greet", "- intent: 'greet '"),
        BLOCK.replace("examples: |\n    - ciao", "examples:\n  - text: ciao"),
        BLOCK.replace("examples: |\n    - ciao", "examples: ['ciao']"),
        BLOCK.replace("  - text: Hi there", "  - {\"text\": 'Hi there'}"),
        BLOCK.replace("intents: [greet, bye: {use_entities: [name]}]",
                      "intents:\n- bye:\n    use_entities: [name]\n- greet:\n"),
        BLOCK[BLOCK.index("responses:"):] + BLOCK[:BLOCK.index("responses:")],
    ],
)  # fmt: skip
def test_style_order_and_comments_do_not_change_the_digest(text: str) -> None:
    one = read_part(BLOCK.encode(), "a.yml").corpus
    same = read_part(text.encode(), "b.yml").corpus
    assert len(one.examples) == 3
    assert corpus_digest(same) == corpus_digest(one)


def test_splitting_a_file_does_not_change_the_digest() -> None:
    head, *items = BLOCK.split("- intent: ")
    middle, tail = items[1].split("- synonym: ")
    synonym, domain = tail.split("intents:")
    parts = [
        f"nlu:\n- intent: {items[0]}",
        f"nlu:\n- intent: {middle}",
        f"nlu:\n- synonym: {synonym}",
        f"intents:{domain}",
    ]
    assert head
    split = merge(
        read_part(part.encode(), f"{number}.yml").corpus
        for number, part in enumerate(parts)
    )
    whole = read_part(BLOCK.encode(), "a.yml").corpus
    assert corpus_digest(split) == corpus_digest(whole)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("hi\n", "Hi\n"),
        ("hi\n", "hi!\n"),
        ("[Bob](name)", "Bob"),
        ("[Bob](name)", "[Bob](person)"),
        ("[Bob](name)", '[Bob]{"entity": "name", "role": "x"}'),
        ("[Bob](name)", '[Bob]{"entity": "name", "group": "x"}'),
        ("[Bob](name)", "[Bob](name:Robert)"),
        ("- synonym: robert", "- synonym: Robert"),
        ("- synonym: robert", "- regex: robert"),
        ("- synonym: robert", "- lookup: robert"),
        ("intent: bye", "intent: leave"),
        ("Hi there", "Hi  there"),
        ("use_entities", "ignore_entities"),
    ],
)
def test_what_means_something_else_has_another_digest(old: str, new: str) -> None:
    one = read_part(BLOCK.encode(), "a.yml").corpus
    other = read_part(BLOCK.replace(old, new).encode(), "a.yml").corpus
    assert BLOCK.replace(old, new) != BLOCK
    assert corpus_digest(one) != corpus_digest(other)


def test_the_digest_depends_on_names_and_on_where_a_file_ends() -> None:
    digests = {
        digest([CanonicalFile("a", b"bc")]),
        digest([CanonicalFile("ab", b"c")]),
        digest([CanonicalFile("a", b"b"), CanonicalFile("c", b"")]),
        digest([]),
    }
    assert len(digests) == 4


def test_parts_without_facts_have_no_file() -> None:
    assert write_corpus(Corpus()) == ()
    assert [file.name for file in write_corpus(corpus("a: b"))] == ["nlu.yml"]


def test_the_form_of_a_small_corpus_is_what_people_would_write() -> None:
    files = write_corpus(corpus("greet: hi | hello [Bob](name)\nregex zip: [0-9]+"))
    assert files == (
        CanonicalFile(
            "nlu.yml",
            b'version: "3.1"\nnlu:\n- intent: "greet"\n  examples: |\n'
            b"    - hello [Bob](name)\n    - hi\n"
            b'- regex: "zip"\n  examples: |\n    - [0-9]+\n',
        ),
    )


def test_spans_that_markup_cannot_say_are_an_error_that_names_the_intent() -> None:
    example = Example("greet", "a]b", (Span(0, 3, "x"),))
    with pytest.raises(InputError, match=r"^example of intent 'greet': no entity"):
        write_corpus(Corpus(examples={example: HERE}))


NO_ENTITIES = PIPELINE.replace("epochs: 100", "entity_recognition: false")


@settings(max_examples=50)
@given(st.lists(st.text('[](){}ab "entiy:,', max_size=30), max_size=4))
def test_the_trained_part_reads_back_also_where_annotations_do_not_count(
    lines: list[str],
) -> None:
    try:
        said = corpus(f"a: {' | '.join(lines)}", config=NO_ENTITIES)
    except InputError:
        return
    part = trained(said)
    assert read_corpus(write_corpus(part)).examples.keys() == part.examples.keys()


@pytest.mark.parametrize(
    "character", [*string.printable, "\0", "\x7f", "\x85", "\ufeff"]
)
def test_every_character_survives_in_every_place(character: str) -> None:
    name = f"a{character}b"
    said = Corpus(
        examples={Example(name, name): HERE},
        regexes={Regex(name, name): HERE},
        responses={Response(f"faq/{name}", canonical_json({name: name})): HERE},
        domain=Domain(intents={name: HERE}, slots={Named(name, '"x"'): HERE}),
        config=Config(language=name),
    )
    assert _said(read_corpus(write_corpus(said))) == _said(said)
