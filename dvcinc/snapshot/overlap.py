"""What corpora have in common, section by section."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from dvcinc.corpus.values import Corpus, Domain, Place

_Facts = Mapping[Any, Place]
_SECTIONS = ("examples", "synonyms", "regexes", "lookups", "responses", "stories")


def in_all(corpora: Sequence[Corpus]) -> Corpus:
    """The facts that all corpora have; config and warnings are left out."""
    first, *rest = corpora
    found = _each(first, rest, _shared)
    return replace(found, config=Corpus().config, warnings=())


def without(corpus: Corpus, other: Corpus) -> Corpus:
    """What a corpus has and another has not; config and warnings stay."""
    return _each(corpus, [other], _left)


def _shared(first: _Facts, *rest: _Facts) -> _Facts:
    return {f: at for f, at in first.items() if all(f in other for other in rest)}


def _left(facts: _Facts, other: _Facts) -> _Facts:
    return {fact: at for fact, at in facts.items() if fact not in other}


def _each(
    first: Corpus, rest: Sequence[Corpus], combine: Callable[..., _Facts]
) -> Corpus:
    domains = [corpus.domain for corpus in rest]
    sections: dict[str, Any] = {
        name: combine(getattr(first, name), *(getattr(c, name) for c in rest))
        for name in _SECTIONS
    }
    domain = {
        item.name: combine(
            getattr(first.domain, item.name), *(getattr(d, item.name) for d in domains)
        )
        for item in fields(Domain)
    }
    return replace(first, **sections, domain=Domain(**domain))
