"""The digest of a corpus moves with its facts, and with nothing else."""

from __future__ import annotations

from corpora import corpus
from hypothesis import given
from hypothesis import strategies as st

from dvcinc.corpus.digest import EMPTY, fact_sum, facts, from_bytes, moved, to_bytes
from dvcinc.corpus.values import Corpus, Example, Place, Response, Span, Synonym

PLACE = Place("nlu.yml", 1)
texts = st.text(max_size=5)
spans = st.builds(Span, st.integers(0, 9), st.integers(0, 9), texts, st.none() | texts)
examples = st.builds(Example, texts, texts, st.lists(spans, max_size=2).map(tuple))


def holding(said: set[Example]) -> Corpus:
    return Corpus(examples=dict.fromkeys(said, PLACE))


@given(st.sets(examples, max_size=6), st.sets(examples, max_size=6))
def test_a_sum_moves_with_what_comes_and_goes(
    old: set[Example], new: set[Example]
) -> None:
    come, gone = fact_sum(holding(new - old)), fact_sum(holding(old - new))
    assert moved(fact_sum(holding(old)), come, gone) == fact_sum(holding(new))


@given(st.sets(examples, max_size=8))
def test_no_two_examples_share_their_bytes(said: set[Example]) -> None:
    assert len(set(facts(holding(said)))) == len(said)


def test_facts_of_different_kinds_never_share_their_bytes() -> None:
    synonym = Corpus(synonyms={Synonym("a", "b"): PLACE})
    answer = Corpus(responses={Response("a", "b"): PLACE})
    assert fact_sum(synonym) != fact_sum(answer)


@given(st.sets(examples, max_size=3))
def test_a_sum_reads_back_as_itself(said: set[Example]) -> None:
    total = fact_sum(holding(said))
    assert from_bytes(to_bytes(total)) == total


def test_nothing_sums_up_to_nothing() -> None:
    assert fact_sum(Corpus()) == EMPTY
    assert fact_sum(corpus("greet: hi")) != EMPTY
