"""What holds for any two corpora."""

from __future__ import annotations

from corpora import corpus
from hypothesis import given
from hypothesis import strategies as st

from dvcinc.changes import diff, labels
from dvcinc.changes.overlap import fates
from dvcinc.corpus.digest import corpus_digest
from dvcinc.corpus.values import Corpus

texts = st.sampled_from(["p", "q", "r", "s", "[t](e)", "[t](f)", "u [v](e)", "u v"])
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
