"""What holds for any two corpora."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from itertools import cycle
from random import Random

from corpora import corpus, nlu_yaml
from hypothesis import given
from hypothesis import strategies as st

from dvcinc.changes import Change, diff, diff_examples, labels
from dvcinc.changes.examples import ExampleDiff
from dvcinc.changes.overlap import fates
from dvcinc.corpus.digest import corpus_digest
from dvcinc.corpus.rasa import merge
from dvcinc.corpus.readers import read_part
from dvcinc.corpus.values import Corpus, Example

texts = st.sampled_from(
    ["p", "q", "r", "s", "[t](e)", "[t](f)", "u [v](e)", "u v", "U v!", "u [vv](f)"]
)
names = st.sampled_from(["a", "b", "c", "f/x", "f/y", "f", "g/x"])
intents = st.dictionaries(names, st.sets(texts, min_size=1, max_size=4), max_size=5)
members = st.dictionaries(
    st.sampled_from("abcde"),
    st.sets(st.tuples(st.integers(0, 9)), min_size=1),
    max_size=5,
)


def written(said: dict[str, set[str]]) -> Corpus:
    return corpus("\n".join(f"{n}: {' | '.join(sorted(t))}" for n, t in said.items()))


corpora = intents.map(written)


@given(corpora)
def test_a_corpus_does_not_differ_from_itself(one: Corpus) -> None:
    assert diff(one, one) == ()


@given(corpora, corpora)
def test_two_corpora_differ_just_when_their_digests_do(
    old: Corpus, new: Corpus
) -> None:
    assert (diff(old, new) == ()) == (corpus_digest(old) == corpus_digest(new))


@given(corpora, corpora)
def test_the_changes_of_examples_lead_from_the_old_corpus_to_the_new_one(
    old: Corpus, new: Corpus
) -> None:
    became = labels(old, new)
    found = diff_examples(old, new, became)
    assert applied(found, map(became.renamed, old.examples)) == {*new.examples}


def applied(found: ExampleDiff, examples: Iterable[Example]) -> set[Example]:
    """The examples after the changes, each of which must apply just once."""
    left = Counter({*examples})
    pairs = (*found.relabelled, *found.edited, *found.reannotated)
    went = [*(e for e, _ in found.removed), *(p[0] for p in pairs), *found.gone]
    came = [*(e for e, _ in found.added), *(p[1] for p in pairs), *found.come]
    left.subtract(went)
    left.update(came)
    assert {*left.values()} <= {0, 1}
    return {example for example, count in left.items() if count}


@given(corpora, corpora)
def test_the_way_back_tells_of_changes_too(old: Corpus, new: Corpus) -> None:
    assert (diff(old, new) == ()) == (diff(new, old) == ())


Lines = list[tuple[str, str]]
said = st.lists(st.tuples(names, texts), max_size=10, unique=True)


def scattered(lines: Lines, files: list[int]) -> Corpus:
    """One section a line, in as many files as there are numbers."""
    parts = [
        read_part(nlu_yaml(f"{name}: {text}").encode(), f"{number}.yml").corpus
        for (name, text), number in zip(lines, cycle(files), strict=False)
    ]
    return merge(parts)


def without_places(old: Corpus, new: Corpus) -> list[Change]:
    return [replace(change, places=()) for change in diff(old, new)]


@given(said, said, st.lists(st.integers(0, 3), min_size=1), st.randoms())
def test_neither_files_nor_order_have_a_say(
    old: Lines, new: Lines, files: list[int], random: Random
) -> None:
    plain = without_places(scattered(old, [0]), scattered(new, [0]))
    shuffled = random.sample(old, len(old)), random.sample(new, len(new))
    assert plain == without_places(
        scattered(shuffled[0], files), scattered(shuffled[1], files[::-1])
    )


@given(said, st.lists(st.integers(0, 3), min_size=1), st.randoms())
def test_files_split_renamed_or_merged_are_no_change(
    lines: Lines, files: list[int], random: Random
) -> None:
    shuffled = random.sample(lines, len(lines))
    assert diff(scattered(lines, [0]), scattered(shuffled, files)) == ()


@given(corpora, corpora)
def test_renamed_examples_are_those_of_the_new_corpus_where_only_names_changed(
    old: Corpus, new: Corpus
) -> None:
    became = labels(old, new)
    only_renames = {change.kind.value for change in diff(old, new)} <= {
        "intent-renamed",
        "response-key-renamed",
        "entity-renamed",
    }
    same = {became.renamed(e) for e in old.examples} == new.examples.keys()
    assert same or not only_renames


@given(members, members)
def test_every_name_has_one_fate(
    old: dict[str, set[tuple[int]]], new: dict[str, set[tuple[int]]]
) -> None:
    became = fates(old, new)
    gone = old.keys() - new.keys()
    come = new.keys() - old.keys()
    merged = [name for names in became.merged.values() for name in names]
    parts = [name for names in became.split.values() for name in names]
    left = [*became.removed, *merged, *(became.split.keys() & gone - {*became.renamed})]
    assert sorted({*left, *(became.renamed.keys() & gone)}) == sorted(gone)
    assert len(left) == len({*left})
    arrived = {*became.added, *parts, *became.merged, *became.renamed.values()} & come
    assert sorted(arrived) == sorted(come)
    assert not {*became.added} & {*parts, *became.merged, *became.renamed.values()}


@given(members, members)
def test_a_rename_is_one_to_one_and_takes_over_no_living_name(
    old: dict[str, set[tuple[int]]], new: dict[str, set[tuple[int]]]
) -> None:
    renamed = fates(old, new).renamed
    assert len({*renamed.values()}) == len(renamed)
    for name, target in renamed.items():
        assert name != target
        assert target not in old or target in renamed
        assert name not in new or name in renamed.values()


@given(members, st.permutations("abcde"))
def test_a_mere_permutation_of_names_is_a_rename_that_maps_back(
    old: dict[str, set[tuple[int]]], order: list[str]
) -> None:
    unlike = {frozenset(found) for found in old.values()}
    if len(unlike) < len(old) or any(a & b for a in unlike for b in unlike if a != b):
        return  # texts that several names share do not tell them apart
    to = dict(zip("abcde", order, strict=True))
    became = fates(old, {to[name]: found for name, found in old.items()})
    assert {name: became.rename(name) for name in old} == {n: to[n] for n in old}
