"""What corpora have in common, section by section."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from dvcinc.corpus.values import Corpus, Domain, Place
from dvcinc.snapshot.context import NOWHERE

_Facts = Mapping[Any, Place]
_SECTIONS = ("examples", "synonyms", "regexes", "lookups", "responses", "stories")


def in_all(corpora: Sequence[Corpus]) -> Corpus:
    """The facts that all corpora have, nowhere; config and warnings are left out."""
    first, *rest = corpora
    found = _each(first, rest, _shared)
    return replace(found, config=Corpus().config, warnings=())


def around(changed: Corpus, context: Corpus, own: Corpus) -> Corpus:
    """What changed and its context, at the places that they have on one side.

    Args:
        changed: What that side has and not all have.
        context: What all have; nowhere, or in files that all sides share.
        own: What that side says in files of its own.
    """
    return replace(_each(changed, [context, own], _placed), warnings=changed.warnings)


def without(corpus: Corpus, other: Corpus) -> Corpus:
    """What a corpus has and another has not; config and warnings stay."""
    return _each(corpus, [other], _left)


def _shared(first: _Facts, *rest: _Facts) -> _Facts:
    return {f: NOWHERE for f in first if all(f in other for other in rest)}


def _placed(changed: _Facts, context: _Facts, own: _Facts) -> _Facts:
    """Of a fact said twice, the first place counts, as on reading all."""
    found = {**changed, **{f: at for f, at in context.items() if f not in changed}}
    return {
        fact: min(at, own.get(fact, at), context.get(fact, at))
        for fact, at in found.items()
    }


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
