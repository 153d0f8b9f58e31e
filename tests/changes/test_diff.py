"""Two corpora to changes: each row is an old corpus, a new one, and what changed."""

from __future__ import annotations

import pytest
from corpora import PIPELINE, corpus

from dvcinc.changes import Change, Kind, Side, diff, diff_params, labels
from dvcinc.changes.examples import MAX_PLACES
from dvcinc.config import Finetune, Params, Train
from dvcinc.corpus.rasa import merge
from dvcinc.corpus.readers import read_part
from dvcinc.corpus.values import Place

Row = tuple[str, str, int]

FOUR = "a1 | a2 | a3 | a4"
CITY = "go [Rome](city) | see [Oslo](city) | in [Bonn](city) | to [Bern](city)"


def said(changes: tuple[Change, ...]) -> list[Row]:
    return sorted((c.kind.value, c.subject, c.count) for c in changes)


NOTHING: list[tuple[str, str]] = [
    ("", ""),
    ("greet: hi | yo\nbye: ciao", "bye: ciao\ngreet: yo | hi"),
    ("greet: hi", "greet: hi | hi"),
    ("greet: hi", "greet: hi\ngreet: hi"),
    ("greet: hi | yo", "greet: hi\ngreet: yo"),
    ("greet: hi [Bob](name)", 'greet: hi [Bob]{"entity": "name"}'),
    ('greet: [a][{"entity": "x"}, {"entity": "y"}]',
     'greet: [a][{"entity": "y"}, {"entity": "x"}]'),
    # Equal texts under two intents: whoever holds what, nothing moved.
    ("a: x | y\nb: x | y", "b: y | x\na: x | y"),
    ("faq/a: x\nfaq/b: y\nutter faq/a: 1", "faq/b: y\nfaq/a: x\nutter faq/a: 1"),
    ("synonym NY: nyc | big apple", "synonym NY: big apple | nyc"),
    ("synonym NY: nyc\na: [nyc](city)", "a: [nyc](city:NY)\nsynonym NY: nyc"),
    ("regex zip: a | b\nlookup c: d | e", "lookup c: e | d\nregex zip: b | a"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new"), NOTHING)
def test_what_means_the_same_is_no_change(old: str, new: str) -> None:
    assert diff(corpus(old), corpus(new)) == ()


EXAMPLES: list[tuple[str, str, list[Row]]] = [
    ("a: x", "a: x | y | z", [("example-added", "a", 2)]),
    ("a: x | y | z", "a: x", [("example-removed", "a", 2)]),
    ("a: x | y", "a: x | z", [("example-added", "a", 1), ("example-removed", "a", 1)]),
    ("a: x | y", "a: x | Y", [("example-edited", "a", 1)]),
    ("a: x | y\nb: z", "a: x\nb: z | y", [("example-relabelled", "a", 1)]),
    ("a: x | y\nb: z", "a: x | y\nb: z | y", [("example-added", "b", 1)]),
    ("a: x | y\nb: z | y", "a: x | y\nb: z", [("example-removed", "b", 1)]),
    ("f/a: x | y\nf/b: z", "f/a: x\nf/b: z | y", [("example-relabelled", "f/a", 1)]),
    (f"a: {CITY}", f"a: {CITY.replace('[Rome](city)', 'Rome')}",
     [("annotation-changed", "a", 1)]),
    (f"a: {CITY} | q", f"a: {CITY} | q".replace("see [Oslo]", "[see Oslo]"),
     [("annotation-changed", "a", 1)]),
    # A text that stands under two intents, with its spans changed in one of them.
    (f"a: {CITY} | m [x](city)\nb: q | m x", f"a: {CITY} | m x\nb: q | m x",
     [("annotation-changed", "a", 1)]),
    # The same intent is the better partner, whatever the order of the names.
    (f"a: q\nb: {CITY} | x [y](city)", f"a: q | x y\nb: {CITY} | [x](city) y",
     [("annotation-changed", "b", 1), ("example-added", "a", 1)]),
]  # fmt: skip

INTENTS: list[tuple[str, str, list[Row]]] = [
    ("a: x", "a: x\nb: y | z", [("intent-added", "b", 2)]),
    ("a: x\nb: y | z", "a: x", [("intent-removed", "b", 2)]),
    ("", "a: x", [("intent-added", "a", 1)]),
    ("a: x", "", [("intent-removed", "a", 1)]),
    ("a: x | y", "b: x | y", [("intent-renamed", "a", 2)]),
    ("a: x", "A: x", [("intent-renamed", "a", 1)]),
    ("a: x | y\nb: z", "a: z\nb: x | y",
     [("intent-renamed", "a", 2), ("intent-renamed", "b", 1)]),
    ("a: x\nb: y\nc: z", "a: y\nb: z\nc: x",
     [("intent-renamed", n, 1) for n in "abc"]),
    # A rename beside other changes: each tells for itself.
    ("a: x | y | z", "b: x | y | w",
     [("example-added", "b", 1), ("example-removed", "b", 1),
      ("intent-renamed", "a", 3)]),
    # At half of both sides it is a rename, below half it is none.
    ("a: 1 | 2", "b: 1 | 3",
     [("example-added", "b", 1), ("example-removed", "b", 1),
      ("intent-renamed", "a", 2)]),
    ("a: 1 | 2 | 3", "b: 1 | 4 | 5", [("intent-added", "b", 3),
                                      ("intent-removed", "a", 3)]),
    # The examples went elsewhere and others came under the old name: no rename, since
    # the old name lives on and two rows would have to swap one.
    ("a: x | y", "b: x | y\na: p | q",
     [("example-added", "a", 2), ("intent-split", "a", 2)]),
    ("a: 1 | 2\nb: 3 | 4", "c: 1 | 2 | 3 | 4", [("intents-merged", "c", 4)]),
    ("a: 1 | 2\nb: 3 | 4", "b: 1 | 2 | 3 | 4", [("intents-merged", "b", 2)]),
    ("a: 1 | 2\nb: 3 | 4", "b: 1 | 2 | 3 | 4 | 5",
     [("example-added", "b", 1), ("intents-merged", "b", 2)]),
    # A big intent renamed, a small one poured into it.
    (f"a: {FOUR}\nb: b1", f"c: {FOUR} | b1",
     [("intent-renamed", "a", 5), ("intents-merged", "c", 1)]),
    # Less than half went along: the rest is gone.
    ("a: 1 | 2 | 3\nb: 4 | 5 | 6", "b: 1 | 4 | 5 | 6",
     [("intent-removed", "a", 3)]),
    (f"a: {FOUR}", "a: a1 | a2\nb: a3 | a4", [("intent-split", "a", 2)]),
    (f"a: {FOUR}", "b: a1 | a2 | a3\nc: a4",
     [("intent-renamed", "a", 3), ("intent-split", "a", 1)]),
    (f"a: {FOUR}", "a: a1 | a2\nb: a3 | n1 | n2",
     [("example-removed", "a", 1), ("intent-added", "b", 3)]),
    # A split beside plain changes of what stays.
    (f"a: {FOUR} | a5", "a: a1 | a2 | n\nb: a3 | a4",
     [("example-added", "a", 1), ("example-removed", "a", 1),
      ("intent-split", "a", 2)]),
]  # fmt: skip

KEYS: list[tuple[str, str, list[Row]]] = [
    ("f/a: x", "f/a: x\nf/b: y", [("response-key-added", "f/b", 1)]),
    ("f/a: x\nf/b: y", "f/a: x", [("response-key-removed", "f/b", 1)]),
    ("f/a: x\nf/b: y", "f/a: x\nf/c: y", [("response-key-renamed", "f/b", 1)]),
    ("f/a: x | y\nf/b: z", "f/a: z\nf/b: x | y",
     [("response-key-renamed", "f/a", 2), ("response-key-renamed", "f/b", 1)]),
    ("f/a: x\nf/b: y", "f/b: x | y", [("response-key-removed", "f/a", 1)]),
    (f"f/a: {FOUR}", "f/a: a1 | a2\nf/b: a3 | a4", [("response-key-added", "f/b", 2)]),
    # The first key of a known intent is a new key, too.
    ("f: x | y", "f: x | y\nf/a: z", [("response-key-added", "f/a", 1)]),
    ("f: x", "f/a: x", [("response-key-added", "f/a", 1)]),
    ("f: x\nf/a: z", "f: x", [("response-key-removed", "f/a", 1)]),
    # Keys of an intent that itself came or went are told with it.
    ("g: q", "g: q\nf/a: x\nf/b: y", [("intent-added", "f", 2)]),
    ("g: q\nf/a: x\nf/b: y", "g: q", [("intent-removed", "f", 2)]),
    # The intent renamed, its keys as they were.
    ("f/a: x\nf/b: y", "h/a: x\nh/b: y", [("intent-renamed", "f", 2)]),
    ("f/a: x\nutter f/a: Yes", "h/a: x\nutter h/a: Yes", [("intent-renamed", "f", 1)]),
    # The intent and one of its keys renamed at once.
    ("f/a: x\nf/b: y\nutter f/a: Yes", "h/c: x\nh/b: y\nutter h/c: Yes",
     [("intent-renamed", "f", 2), ("response-key-renamed", "h/a", 1)]),
    ("f/a: x\nf/b: y | z", "h/b: y | z",
     [("intent-renamed", "f", 2), ("response-key-removed", "h/a", 1)]),
    ("f/a: x\nutter f/a: Yes", "f/a: x\nutter f/a: Yes | Sure",
     [("response-text-changed", "f/a", 1)]),
    ("f/a: x\nutter f/a: Yes", "f/a: x\nutter f/a: No",
     [("response-text-changed", "f/a", 2)]),
    ("f/a: x\nutter f/a: Yes", "f/a: x", [("response-text-changed", "f/a", 1)]),
    ("f/a: x", "f/a: x\nutter f/a: Yes", [("response-text-changed", "f/a", 1)]),
]  # fmt: skip

ENTITIES: list[tuple[str, str, list[Row]]] = [
    ("a: x Rome | y", "a: x [Rome](city) | y",
     [("annotation-changed", "a", 1), ("entity-added", "city", 1)]),
    ("a: x [Rome](city) | y", "a: x Rome | y",
     [("annotation-changed", "a", 1), ("entity-removed", "city", 1)]),
    ("a: x", "a: x | to [Rome](city)",
     [("entity-added", "city", 1), ("example-added", "a", 1)]),
    (f"a: {CITY}", f"a: {CITY.replace('(city)', '(town)')}",
     [("entity-renamed", "city", 4)]),
    ("a: [x](p) [y](q)", "a: [x](q) [y](p)",
     [("entity-renamed", "p", 1), ("entity-renamed", "q", 1)]),
    # A rename and one annotation more.
    (f"a: {CITY} | q", f"a: {CITY.replace('(city)', '(town)')} | [q](town)",
     [("annotation-changed", "a", 1), ("entity-renamed", "city", 5)]),
    # One type poured into another; one type taken apart.
    (f"a: {CITY} | [x](p)", f"a: {CITY} | [x](city)",
     [("annotation-changed", "a", 1), ("entity-removed", "p", 1)]),
    (f"a: {CITY}", f"a: {CITY.replace('[Rome](city)', '[Rome](town)')}",
     [("annotation-changed", "a", 1), ("entity-added", "town", 1)]),
    # Renamed with its intent at once.
    (f"a: {CITY}", f"b: {CITY.replace('(city)', '(town)')}",
     [("entity-renamed", "city", 4), ("intent-renamed", "a", 4)]),
]  # fmt: skip


def qualified(entity: str, **said: str) -> str:
    more = "".join(f', "{key}": "{value}"' for key, value in said.items())
    return f'[x]{{"entity": "{entity}"{more}}}'


BOTH = f"a: p [x](e) | q [x](f) | s {qualified('e', role='r', group='g')}"

ROLES: list[tuple[str, str, list[Row]]] = [
    ("", f"r {qualified('e', role='n')}",
     [("example-added", "a", 1), ("role-added", "e#n", 1)]),
    (f"r {qualified('e', role='n')}", "",
     [("example-removed", "a", 1), ("role-removed", "e#n", 1)]),
    (f"r {qualified('e', role='n')}", f"r {qualified('f', role='n')}",
     [("annotation-changed", "a", 1), ("role-moved", "f#n", 1)]),
    ("", f"r {qualified('e', group='n')}",
     [("example-added", "a", 1), ("group-added", "e#n", 1)]),
    (f"r {qualified('e', group='n')}", "",
     [("example-removed", "a", 1), ("group-removed", "e#n", 1)]),
    (f"r {qualified('e', group='n')}", f"r {qualified('f', group='n')}",
     [("annotation-changed", "a", 1), ("group-moved", "f#n", 1)]),
    # The last use is what counts, not each.
    ("", f"r {qualified('e', role='r')}", [("example-added", "a", 1)]),
    # A role and a group of the same name are two things.
    (f"r {qualified('e', role='n')}", f"r {qualified('e', group='n')}",
     [("annotation-changed", "a", 1), ("group-added", "e#n", 1),
      ("role-removed", "e#n", 1)]),
    # Those of an entity type that came or went are told with it.
    ("", f"r {qualified('h', role='n')}",
     [("entity-added", "h", 1), ("example-added", "a", 1)]),
    (f"r {qualified('h', role='n')}", "",
     [("entity-removed", "h", 1), ("example-removed", "a", 1)]),
]  # fmt: skip

VOCABULARY: list[tuple[str, str, list[Row]]] = [
    ("", "synonym NY: nyc | apple", [("synonym-changed", "NY", 2)]),
    ("synonym NY: nyc", "", [("synonym-changed", "NY", 1)]),
    ("synonym NY: nyc", "synonym NJ: nyc",
     [("synonym-changed", "NJ", 1), ("synonym-changed", "NY", 1)]),
    # The value of an annotation is a synonym, and no annotation.
    ("a: [nyc](city)", "a: [nyc](city:NY)", [("synonym-changed", "NY", 1)]),
    ("a: [nyc](city:NY)", "a: [nyc](city:NJ)",
     [("synonym-changed", "NJ", 1), ("synonym-changed", "NY", 1)]),
    ("", "regex zip: a | b", [("regex-added", "zip", 2)]),
    ("regex zip: a", "regex zip: b", [("regex-changed", "zip", 2)]),
    ("regex zip: a", "regex zip: a | b", [("regex-changed", "zip", 1)]),
    ("regex zip: a", "", [("regex-removed", "zip", 1)]),
    ("", "lookup city: a | b", [("lookup-added", "city", 2)]),
    ("lookup city: a", "lookup city: a | b", [("lookup-changed", "city", 1)]),
    ("lookup city: a", "", [("lookup-removed", "city", 1)]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "found"), [*EXAMPLES, *INTENTS, *KEYS, *ENTITIES, *VOCABULARY]
)
def test_every_difference_of_the_data_is_told_once(
    old: str, new: str, found: list[Row]
) -> None:
    assert said(diff(corpus(old), corpus(new))) == sorted(found)


@pytest.mark.parametrize(("old", "new", "found"), ROLES)
def test_roles_and_groups_belong_to_their_entity_type(
    old: str, new: str, found: list[Row]
) -> None:
    before, after = (corpus(f"{BOTH}{text and f' | {text}'}") for text in (old, new))
    assert said(diff(before, after)) == sorted(found)


LISTED = "intents: [a, b]\nentities: [c, d: {roles: [r]}]\n"

DOMAINS: list[tuple[str, str, list[Row]]] = [
    (LISTED, "entities: [{d: {roles: [r]}}, c]\nintents: [b, a]\n", []),
    ("version: '2.0'", "version: '3.1'", []),
    ("", "slots: {s: {type: text}}", [("slot-added", "s", 1)]),
    ("slots: {s: {type: text}}", "", [("slot-removed", "s", 1)]),
    ("slots: {s: {type: text}}", "slots: {s: {type: bool}}",
     [("domain-detail-changed", "slots.s", 1)]),
    ("slots: {s: {type: text, x: 1}}", "slots: {s: {x: 1, type: text}}", []),
    ("", "actions: [x]", [("action-added", "x", 1)]),
    ("actions: [x, y]", "actions: [y]", [("action-removed", "x", 1)]),
    ("", "forms: {f: {}}", [("form-added", "f", 1)]),
    ("forms: {f: {}}", "", [("form-removed", "f", 1)]),
    ("forms: {f: {}}", "forms: {f: {required_slots: [a]}}",
     [("domain-detail-changed", "forms.f", 1)]),
    ("", "responses: {utter_a: [{text: x}]}",
     [("domain-detail-changed", "responses.utter_a", 1)]),
    ("responses: {utter_a: [{text: x}]}", "responses: {utter_a: [{text: y}]}",
     [("domain-detail-changed", "responses.utter_a", 1)]),
    ("", "session_config: {session_expiration_time: 5}",
     [("domain-detail-changed", "settings.session_config", 1)]),
    ("intents: [a]", "intents: [{a: {use_entities: []}}]",
     [("domain-detail-changed", "settings.intent a", 1)]),
    ("entities: [c]", "entities: [{c: {influence_conversation: false}}]",
     [("domain-detail-changed", "settings.entity c", 1)]),
    ("", "intents: [z]", [("intent-listed", "z", 1)]),
    ("intents: [z]", "", [("intent-unlisted", "z", 1)]),
    ("", "entities: [z]", [("entity-listed", "z", 1)]),
    ("entities: [z]", "", [("entity-unlisted", "z", 1)]),
    ("entities: [c]", "entities: [{c: {roles: [r]}}]", [("entity-listed", "c#r", 1)]),
    ("entities: [{c: {roles: [r]}}]", "entities: [{c: {groups: [r]}}]",
     [("entity-listed", "c#r (group)", 1), ("entity-unlisted", "c#r", 1)]),
    ("", "stories: [{story: a, steps: [{intent: x}]}]",
     [("stories-changed", "stories and rules", 1)]),
    ("stories: [{story: a, steps: [{intent: x}]}]", "rules: [{steps: [{intent: x}]}]",
     [("stories-changed", "stories and rules", 2)]),
    ("stories: [{story: a, steps: [{intent: x}]}]",
     "stories: [{story: b, steps: [{intent: x}]}]", []),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "found"), DOMAINS)
def test_every_difference_of_the_domain_is_told_once(
    old: str, new: str, found: list[Row]
) -> None:
    assert said(diff(corpus(domain=old), corpus(domain=new))) == sorted(found)


def test_a_label_that_comes_with_its_examples_is_not_told_a_second_time() -> None:
    old = corpus("a: x [y](c)", domain="intents: [a]\nentities: [c]")
    new = corpus("a: x [y](c)\nb: q [z](d)", domain="intents: [a, b]\nentities: [c, d]")
    assert said(diff(old, new)) == [("entity-added", "d", 1), ("intent-added", "b", 1)]


DIET = "- name: DIETClassifier\n  epochs: 100\n"
FALLBACK = "- name: FallbackClassifier\n  threshold: 0.4\n"


def piped(old: str, new: str) -> str:
    assert old in PIPELINE
    return PIPELINE.replace(old, new)


CONFIGS: list[tuple[str, str, list[tuple[str, str, int, bool]]]] = [
    (PIPELINE, PIPELINE + "# a comment\nassistant_id: x\n", []),
    (PIPELINE, piped(DIET, "- {epochs: 100, name: DIETClassifier}\n"), []),
    # An explicit default is no change, nor is a component's full class path.
    (PIPELINE, piped("  epochs: 100\n", "  epochs: 100\n  ranking_length: 10\n"), []),
    (PIPELINE, piped("  epochs: 100\n", "  epochs: 100\n  BILOU_flag: true\n"), []),
    # Of the encoder the default is dvcinc's, not Rasa's.
    (PIPELINE, piped("epochs: 100", "epochs: 100\n  number_of_transformer_layers: 2"),
     [("hyperparameter-changed", "DIETClassifier.number_of_transformer_layers", 1,
       True)]),
    (PIPELINE, piped("name: DIETClassifier", "name: rasa.nlu.x.DIETClassifier"), []),
    (PIPELINE, piped("epochs: 100", "epochs: 50"),
     [("epochs-changed", "DIETClassifier.epochs", 1, True)]),
    (PIPELINE, piped("epochs: 100", "epochs: 100\n  ranking_length: 5"),
     [("weightless-setting-changed", "DIETClassifier.ranking_length", 1, True)]),
    (PIPELINE + FALLBACK, (PIPELINE + FALLBACK).replace("0.4", "0.5"),
     [("weightless-setting-changed", "FallbackClassifier.threshold", 1, False)]),
    (PIPELINE, piped("epochs: 100", "epochs: 100\n  drop_rate: 0.5"),
     [("hyperparameter-changed", "DIETClassifier.drop_rate", 1, True)]),
    (PIPELINE, piped("max_ngram: 4", "max_ngram: 5"),
     [("hyperparameter-changed", "CountVectorsFeaturizer.max_ngram", 1, True)]),
    (PIPELINE, piped("- name: LexicalSyntacticFeaturizer\n", ""),
     [("component-removed", "LexicalSyntacticFeaturizer", 1, True)]),
    (piped("- name: LexicalSyntacticFeaturizer\n", ""), PIPELINE,
     [("component-added", "LexicalSyntacticFeaturizer", 1, True)]),
    (PIPELINE, PIPELINE + FALLBACK,
     [("component-added", "FallbackClassifier", 1, False)]),
    (PIPELINE, piped("- name: EntitySynonymMapper\n", ""),
     [("component-removed", "EntitySynonymMapper", 1, False)]),
    (PIPELINE, PIPELINE + "- name: our.package.Component\n",
     [("component-added", "Component", 1, True)]),
    (PIPELINE,
     piped("- name: RegexFeaturizer\n- name: LexicalSyntacticFeaturizer\n",
           "- name: LexicalSyntacticFeaturizer\n- name: RegexFeaturizer\n"),
     [("components-reordered",
       ("WhitespaceTokenizer → LexicalSyntacticFeaturizer → RegexFeaturizer → "
       "CountVectorsFeaturizer → CountVectorsFeaturizer → DIETClassifier"), 1, True)]),
    (PIPELINE + FALLBACK,
     piped("- name: EntitySynonymMapper\n", FALLBACK + "- name: EntitySynonymMapper\n"),
     [("components-reordered",
       ("WhitespaceTokenizer → RegexFeaturizer → LexicalSyntacticFeaturizer → "
       "CountVectorsFeaturizer → CountVectorsFeaturizer → DIETClassifier → "
       "FallbackClassifier → EntitySynonymMapper"), 1, False)]),
    (PIPELINE, piped("language: en", "language: de"),
     [("language-changed", "en → de", 1, True)]),
    (PIPELINE, piped("language: en\n", ""),
     [("language-changed", "en → None", 1, True)]),
    (PIPELINE, PIPELINE + "policies:\n- name: RulePolicy\n",
     [("policies-changed", "policies", 1, True)]),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "found"), CONFIGS)
def test_every_difference_of_the_config_is_told_once(
    old: str, new: str, found: list[tuple[str, str, int, bool]]
) -> None:
    changes = diff(corpus("a: x", config=old), corpus("a: x", config=new))
    assert [(c.kind.value, c.subject, c.count, c.trains) for c in changes] == found


PARAMS = [
    (Params(train=Train(epochs=5)), [("train-parameter-changed", "train.epochs", 1)]),
    (Params(finetune=Finetune(replay=5)),
     [("finetune-parameter-changed", "finetune.replay", 1)]),
    (Params(), []),
]  # fmt: skip


@pytest.mark.parametrize(("new", "found"), PARAMS)
def test_training_parameters_are_compared_one_by_one(
    new: Params, found: list[Row]
) -> None:
    assert said(diff_params(Params(), new, Place("params.yaml", 1))) == found


# These need the base: dvcinc.plan finds them.
OF_THE_PLAN = {
    Kind.VOCABULARY_OVERFLOW,
    Kind.PATTERN_OVERFLOW,
    Kind.GROWTH_LIMIT,
    Kind.BASE_UNAVAILABLE,
    Kind.BASE_INCOMPATIBLE,
    Kind.UNLEARN_BUDGET,
    Kind.FORCED,
    Kind.OTHER_BASE,
    Kind.TRAINER_CANNOT_FINETUNE,
}


def test_the_tables_reach_every_kind_of_change() -> None:
    rows = [*EXAMPLES, *INTENTS, *KEYS, *ENTITIES, *ROLES, *VOCABULARY, *DOMAINS]
    reached = {row[0] for _, _, found in rows for row in found}
    reached |= {row[0] for _, _, found in CONFIGS for row in found}
    reached |= {row[0] for _, found in PARAMS for row in found}
    assert reached == {kind.value for kind in set(Kind) - OF_THE_PLAN}


@pytest.mark.parametrize(
    ("lines", "without", "kinds"),
    [
        ("regex z: a", "- name: RegexFeaturizer\n", {"regex-added"}),
        ("lookup z: a", "- name: RegexFeaturizer\n", {"lookup-added"}),
    ],
)
def test_what_the_pipeline_does_not_train_on_is_marked(
    lines: str, without: str, kinds: set[str]
) -> None:
    for config, trains in ((PIPELINE, True), (PIPELINE.replace(without, ""), False)):
        changes = diff(
            corpus("a: x", config=config), corpus(f"a: x\n{lines}", config=config)
        )
        assert {(c.kind.value, c.trains) for c in changes} == {
            (kind, trains) for kind in kinds
        }


def test_without_entity_recognition_annotations_do_not_train() -> None:
    config = PIPELINE.replace("epochs: 100", "entity_recognition: false")
    role = qualified("e", role="r")
    old = corpus("a: y | p [x](e) | q x", config=config)
    new = corpus(f"a: y | p {role} | q x | n [x](f)", config=config)
    assert {(c.kind.value, c.trains) for c in diff(old, new)} == {
        ("example-added", True),
        ("annotation-changed", False),
        ("entity-added", False),
        ("role-added", False),
    }


def test_a_change_names_the_side_and_the_first_places() -> None:
    old = corpus("a: x1 | x2\nb: y")
    new = corpus(f"a: x1 | {' | '.join(f'n{i}' for i in range(30))}\nc: y")
    by_kind = {change.kind: change for change in diff(old, new)}
    added = by_kind[Kind.EXAMPLE_ADDED]
    assert (added.side, added.count, len(added.places)) == (Side.NEW, 30, MAX_PLACES)
    assert added.places[0] == Place("data/nlu.yml", 6)
    removed = by_kind[Kind.EXAMPLE_REMOVED]
    assert (removed.side, removed.places) == (Side.OLD, (Place("data/nlu.yml", 6),))
    renamed = by_kind[Kind.INTENT_RENAMED]
    assert (renamed.names, renamed.side) == (("c",), Side.NEW)


def test_a_merge_and_a_split_name_their_parts() -> None:
    merged = diff(corpus("a: 1 | 2\nb: 3 | 4"), corpus("c: 1 | 2 | 3 | 4"))
    assert [(c.subject, c.names) for c in merged] == [("c", ("a", "b"))]
    split = diff(corpus("a: 1 | 2 | 3 | 4"), corpus("a: 1 | 2\nb: 3 | 4"))
    assert [(c.subject, c.names) for c in split] == [("a", ("b",))]


def test_a_duplicate_in_another_file_is_no_change() -> None:
    nlu = b"nlu:\n- intent: a\n  examples: |\n    - x\n"
    one = read_part(nlu, "one.yml").corpus
    two = read_part(nlu, "two.yml").corpus
    assert diff(one, merge([one, two])) == ()
    assert diff(merge([one, two]), two) == ()


def test_what_became_of_the_labels_may_be_known_already() -> None:
    old, new = corpus("a: x | y"), corpus("b: x | y")
    assert diff(old, new, labels(old, new)) == diff(old, new)
    kinds = {change.kind for change in diff(old, new, labels(old, old))}
    assert Kind.INTENT_RENAMED not in kinds
