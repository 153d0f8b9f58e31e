"""Deltas: a function of base and corpus, never of the route; and what is rehearsed."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from corpora import PIPELINE, SELECTING, corpus
from hypothesis import given
from hypothesis import strategies as st

from dvcinc.changes import labels
from dvcinc.config import Mode, Params, Policy, Preset, Train
from dvcinc.corpus.canonical import read_corpus
from dvcinc.corpus.trained import trained
from dvcinc.corpus.values import Corpus, Example, Place, Span
from dvcinc.plan.base import Versions, cut
from dvcinc.plan.choose import Chooser
from dvcinc.plan.delta import TOUCHED_EXAMPLES, compare, delta_digest, sample

VERSIONS = Versions(model_format=1, feature_code=1)
CONFIG = corpus(config=SELECTING).config
WITHOUT_KEYS = corpus(config=PIPELINE).config
HERE = Place("data/nlu.yml", 1)


def corpus_of(examples, config=CONFIG) -> Corpus:
    return Corpus(examples=dict.fromkeys(examples, HERE), config=config)


def delta_of(before, after):
    base = cut(trained(corpus_of(before)), Train(), VERSIONS, None)
    now = trained(corpus_of(after))
    return compare(base, now, labels(base.corpus, now))


def many(intent: str, count: int, prefix: str = "text") -> list[Example]:
    return [Example(intent, f"{prefix} {intent} {n}") for n in range(count)]


def replayed(delta, size: int) -> set[Example]:
    files = [
        f._replace(name="nlu.yml") for f in delta.files(size) if "replay" in f.name
    ]
    return set(read_corpus(files).examples)


texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8).map(
    str.strip
)
examples = st.builds(
    Example,
    intent=st.sampled_from(["greet", "bye", "faq/ask_wifi", "faq/ask_food"]),
    text=texts.filter(bool),
    spans=st.just(()),
)
BASE = [*many("greet", 4), *many("bye", 4), *many("faq/ask_wifi", 3), *many("x", 1)]


# --- route independence -----------------------------------------------------------


@given(st.sets(examples, min_size=1, max_size=10), st.data())
def test_two_steps_give_the_bytes_of_one(new, data):
    """+5 and +5 is +10: the delta knows its base and the corpus, no step between."""
    first = data.draw(st.sets(st.sampled_from(sorted(new, key=Example.order))))
    through = sorted(first, key=Example.order)
    rest = sorted(new - first, key=Example.order)
    at_once = delta_of(BASE, {*BASE, *new})
    in_steps = delta_of(BASE, [*through, *BASE, *rest, *through])
    assert in_steps.files(100) == at_once.files(100)
    assert delta_digest(in_steps.files(100)) == delta_digest(at_once.files(100))


@given(st.permutations(BASE + many("greet", 2, "new")))
def test_the_order_of_the_corpus_does_not_matter(shuffled):
    straight = delta_of(BASE, BASE + many("greet", 2, "new"))
    assert delta_of(BASE, shuffled).files(5) == straight.files(5)


@given(
    st.sets(st.sampled_from(BASE)),
    st.sets(examples, max_size=6),
    st.integers(0, 20),
)
def test_base_less_removed_plus_added_is_the_corpus(gone, new, size):
    after = ({*BASE} - gone) | new
    delta = delta_of(BASE, after)
    own = set(delta.now.examples)
    assert ({*BASE} - {*delta.removed}) | {*delta.added} == own
    assert {*delta.kept} == {*BASE} & own
    assert replayed(delta, size) <= {*delta.kept}


NAMES = ["A", "B", "C", "f/a", "f/b"]
annotated = st.builds(
    Example,
    intent=st.sampled_from(NAMES),
    text=st.sampled_from(["t0 x", "t1 x", "t2 x", "t3 x"]),
    spans=st.sampled_from(
        [(), (Span(0, 2, "x"),), (Span(0, 2, "y"),), (Span(0, 2, "y", role="r"),)]
    ),
)
corpora = st.sets(annotated, min_size=1, max_size=8)


@given(corpora, corpora, st.sampled_from(Preset), st.booleans())
def test_mode_and_delta_never_contradict_each_other(before, after, preset, keyed):
    """Less than a fine-tune has an empty delta, a fine-tune has something to learn,
    and renames lead from the base and its delta to just the corpus."""  # noqa: D205, D209 - a claim, not a summary
    policy = Policy(
        preset=preset,
        growth_limit=99,
        intent_growth_limit=99,
        unlearn_limit=1,
        intent_unlearn_limit=1,
    )
    config = CONFIG if keyed else WITHOUT_KEYS
    base = cut(trained(corpus_of(before, config)), Train(), VERSIONS, None)
    now = corpus_of(after, config)
    fit = Chooser(now, Params(policy=policy), VERSIONS).fit(base)
    if fit.mode is Mode.SCRATCH:
        return
    assert fit.delta.is_empty == (fit.mode < Mode.FINETUNE)
    learned = ({*base.corpus.examples} - {*fit.delta.removed}) | {*fit.delta.added}
    found = {fit.became.renamed(example) for example in learned}
    assert found == {*trained(now).examples}
    if preset is Preset.STRICT:
        assert not fit.delta.removed


@given(corpora)
def test_a_corpus_has_no_delta_to_itself(examples_now):
    delta = delta_of(examples_now, examples_now)
    assert delta.is_empty
    assert [file.name for file in delta.files(100)] == ["delta.json"]


# --- replay -----------------------------------------------------------------------


def test_replay_is_balanced_over_intents():
    delta = delta_of([*many("big", 900), *many("small", 30), *many("new", 5)], [])
    assert replayed(delta, 100) == set()  # nothing is left to rehearse
    kept = [*many("big", 900), *many("mid", 60), *many("tiny", 5)]
    found = Counter(e.intent for e in sample(kept, frozenset(), 105))
    assert found == {"big": 50, "mid": 50, "tiny": 5}


def test_replay_does_not_prefer_the_first_of_the_alphabet():
    kept = [Example("greet", f"{n:03}") for n in range(500)]
    found = {int(e.text) for e in sample(kept, frozenset(), 50)}
    assert min(found) < 100
    assert max(found) > 400


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        (CONFIG, {"faq/a": 20, "faq/b": 20, "bye": 20}),
        (WITHOUT_KEYS, {"faq": 30, "bye": 30}),
    ],
)
def test_a_key_is_a_class_of_its_own_where_a_selector_covers_it(config, expected):
    keys = [*many("faq/a", 50), *many("faq/b", 50)]
    base = trained(corpus_of([*keys, *many("bye", 50)], config))
    found = Counter(e.intent for e in sample([*base.examples], frozenset(), 60))
    assert found == expected


def test_of_a_retrieval_intent_only_the_touched_key_is_rehearsed_more():
    keys = [*many("faq/a", 100), *many("faq/b", 100)]
    delta = delta_of(keys, [*keys, *many("faq/b", 1, "new")])
    found = Counter(e.intent for e in replayed(delta, 20))
    assert found == {"faq/b": TOUCHED_EXAMPLES}


def test_replay_holds_examples_of_every_label_that_the_delta_touches():
    noted = [Example("trip", f"to {n}", (Span(3, 4, "city"),)) for n in range(9)]
    base = [*many("greet", 300), *many("bye", 300), *noted]
    new = [Example("bye", "to x", (Span(3, 4, "city"),))]
    found = replayed(delta_of(base, base + new), 50)
    assert sum(e.intent == "bye" for e in found) >= TOUCHED_EXAMPLES
    assert {*noted} <= found


def test_all_that_is_touched_is_rehearsed_even_beyond_the_size():
    base = [*many("greet", 60), *many("bye", 60)]
    new = [*many("greet", 1, "new"), *many("bye", 1, "new")]
    assert len(replayed(delta_of(base, base + new), 10)) == 2 * TOUCHED_EXAMPLES


def test_replay_may_be_switched_off():
    assert replayed(delta_of(BASE, [*BASE, Example("bye", "new")]), 0) == set()


def test_small_corpora_are_rehearsed_whole():
    assert replayed(delta_of(BASE, [*BASE, Example("bye", "new")]), 2000) == {*BASE}


def test_nothing_removed_or_relabelled_is_rehearsed():
    gone, moved = BASE[0], BASE[1]
    noted = BASE[2]._replace(spans=(Span(0, 4, "city"),))
    after = [e for e in BASE if e not in (gone, moved, BASE[2])]
    after += [moved._replace(intent="bye"), noted]
    delta = delta_of(BASE, after)
    found = replayed(delta, 2000)
    assert found.isdisjoint({gone, moved, BASE[2]})
    assert {*delta.removed} == {gone, moved, BASE[2]}
    assert {*delta.added} == {moved._replace(intent="bye"), noted}
    (said,) = [f for f in delta.files(2000) if f.name == "delta.json"]
    assert len(json.loads(said.content)["removed"]) == 3
    assert gone.text.encode() not in said.content


@given(st.integers(1, 5), st.integers(1, 5))
def test_more_examples_of_a_touched_label_do_not_move_the_replay(some, more):
    base = [*many("greet", 200), *many("bye", 200)]
    few = delta_of(base, base + many("bye", some, "new"))
    lots = delta_of(base, base + many("bye", some + more, "new"))
    assert replayed(few, 150) == replayed(lots, 150)


def test_another_touched_label_moves_no_more_of_the_replay_than_it_needs():
    base = [*many("greet", 200), *many("bye", 200), *many("trip", 200)]
    one = replayed(delta_of(base, base + many("bye", 3, "new")), 300)
    two = delta_of(base, [*base, *many("bye", 3, "new"), *many("trip", 3, "new")])
    assert len(one - replayed(two, 300)) <= TOUCHED_EXAMPLES


def test_removing_one_example_moves_the_replay_by_one():
    base = [*many("greet", 200), *many("bye", 200)]
    one = replayed(delta_of(base, base[1:]), 300)
    two = replayed(delta_of(base, base[2:]), 300)
    assert len(one - two) <= 1


# --- the files --------------------------------------------------------------------


def test_a_delta_has_all_patterns_and_no_patterns_where_nothing_is_learned():
    before = corpus("greet: hi | hello\nregex zip: [0-9]+", config=PIPELINE)
    after = corpus(
        "greet: hi | hello\nregex zip: [0-9]+\nlookup city: Rome", config=PIPELINE
    )
    base = cut(trained(before), Train(), VERSIONS, None)
    now = trained(after)
    delta = compare(base, now, labels(base.corpus, now))
    assert not delta.is_empty
    files = {file.name: file.content for file in delta.files(100)}
    assert set(files) == {"patterns/nlu.yml", "replay/nlu.yml", "delta.json"}
    assert b"zip" in files["patterns/nlu.yml"]
    assert b"Rome" in files["patterns/nlu.yml"]


@pytest.mark.parametrize("size", [0, 1, 10])
def test_the_files_are_canonical_and_name_the_base(size):
    delta = delta_of(BASE, [*BASE, Example("bye", "new")])
    files = dict(delta.files(size))
    said = json.loads(files["delta.json"])
    assert said["base"] == delta.base
    assert said["added"] == 1
    assert said["replay"] == len(replayed(delta, size))
