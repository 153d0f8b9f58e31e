"""The sums behind the two digests of a corpus: over all facts, and over what trains."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from dvcinc.corpus.digest import EMPTY, FactSum, fact_sum, facts, moved, numbered, told
from dvcinc.corpus.values import Config, Corpus

_KEY = 16
"""Bytes of a fact's number that tell it from all others."""


class Sums(NamedTuple):
    """The sums of a corpus.

    Attributes:
        facts: Over all its facts.
        trained: Over what of it touches weights.
    """

    facts: FactSum
    trained: FactSum

    @property
    def digest(self) -> str:
        """The digest of the corpus."""
        return told(self.facts)

    @property
    def trained_digest(self) -> str:
        """The digest of the corpus of a base that is cut of it."""
        return told(self.trained)

    def moved(self, before: Corpus, after: Corpus) -> Sums:
        """The sums of another corpus, by the parts in which the two differ.

        Args:
            before: What this corpus has; facts of both may stand in both parts.
            after: What the other one has.
        """
        come, gone = _trained(after), _trained(before)
        return Sums(
            moved(self.facts, fact_sum(after), fact_sum(before)),
            moved(self.trained, fact_sum(come), fact_sum(gone)),
        )


def _trained(corpus: Corpus) -> Corpus:
    # Sums that were kept need not know what pipelines learn from.
    from dvcinc.corpus.trained import trained  # noqa: PLC0415

    return trained(corpus)


class Adding:
    """Adds up a corpus that comes in parts; a fact of two parts counts once.

    Args:
        config: The corpus's config, which says what trains.
    """

    def __init__(self, config: Config) -> None:
        self._config = config
        self._all, self._trained = _Sum(), _Sum()
        self.add(Corpus())

    def add(self, part: Corpus) -> None:
        """Adds a part."""
        whole = replace(part, config=self._config)
        learned = _trained(whole)
        if learned.examples is whole.examples:  # nearly always: hashed once
            examples = facts(Corpus(examples=whole.examples))
            _add(examples, self._all, self._trained)
            whole = replace(whole, examples={})
            learned = replace(learned, examples={})
        _add(facts(whole), self._all)
        _add(facts(learned), self._trained)

    @property
    def sums(self) -> Sums:
        """The sums of all parts so far."""
        return Sums(self._all.total(), self._trained.total())


class _Sum:
    """A sum that knows which facts are in it."""

    def __init__(self) -> None:
        self.seen: set[bytes] = set()
        self.value = 0

    def total(self) -> FactSum:
        return moved(EMPTY, FactSum(self.value), EMPTY)


def _add(said: Iterable[bytes], *sums: _Sum) -> None:
    for number in map(numbered, said):
        key = number[:_KEY]
        for total in sums:
            if key not in total.seen:
                total.seen.add(key)
                total.value += int.from_bytes(number, "little")
