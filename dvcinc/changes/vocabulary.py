"""Changes of synonyms, regexes, lookups, and answers of retrieval intents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet

from dvcinc.changes.examples import first_places
from dvcinc.changes.kinds import Change, Kind, Side
from dvcinc.changes.labels import Labels
from dvcinc.corpus.values import Corpus, Place, Response
from dvcinc.text.patterns import PatternKind

# For each name, its contents and where each stands.
Named = Mapping[str, Mapping[str, Place]]

_REGEX = (Kind.REGEX_ADDED, Kind.REGEX_CHANGED, Kind.REGEX_REMOVED)
_LOOKUP = (Kind.LOOKUP_ADDED, Kind.LOOKUP_CHANGED, Kind.LOOKUP_REMOVED)
_SYNONYM = (Kind.SYNONYM_CHANGED,) * 3
_RESPONSE = (Kind.RESPONSE_TEXT_CHANGED,) * 3


def vocabulary_changes(
    old: Corpus,
    new: Corpus,
    became: Labels,
    *,
    patterns: bool,
    served: frozenset[tuple[PatternKind, str]] = frozenset(),
) -> Iterator[Change]:
    """The changes of what stands beside the examples, one for each name.

    Args:
        old: The corpus before.
        new: The corpus afterwards.
        became: What became of the labels; answers move with a renamed key.
        patterns: Whether a `RegexFeaturizer` makes features of patterns.
        served: The patterns that are looked up when the model answers.
    """
    yield from _compared(
        _named((s.value, s.alias, at) for s, at in old.synonyms.items()),
        _named((s.value, s.alias, at) for s, at in new.synonyms.items()),
        _SYNONYM,
    )
    yield from _compared(
        _named((r.name, r.pattern, at) for r, at in old.regexes.items()),
        _named((r.name, r.pattern, at) for r, at in new.regexes.items()),
        _REGEX,
        trains=patterns,
        served={name for kind, name in served if kind is PatternKind.REGEX},
    )
    yield from _compared(
        _named((e.name, e.element, at) for e, at in old.lookups.items()),
        _named((e.name, e.element, at) for e, at in new.lookups.items()),
        _LOOKUP,
        trains=patterns,
        served={name for kind, name in served if kind is PatternKind.LOOKUP},
    )
    # An answer that stands where it stood has not changed, whatever became of its key.
    gone = _without(old.responses, new.responses)
    yield from _compared(
        _named((became.intent(r.key), r.body, at) for r, at in gone),
        _named((r.key, r.body, at) for r, at in _without(new.responses, old.responses)),
        _RESPONSE,
    )


def _without(
    some: Mapping[Response, Place], others: Mapping[Response, Place]
) -> Iterator[tuple[Response, Place]]:
    return ((fact, place) for fact, place in some.items() if fact not in others)


def _named(facts: Iterable[tuple[str, str, Place]]) -> Named:
    named: dict[str, dict[str, Place]] = defaultdict(dict)
    for name, content, place in facts:
        named[name][content] = place
    return {**named}


def _compared(
    old: Named,
    new: Named,
    kinds: tuple[Kind, Kind, Kind],
    *,
    trains: bool = True,
    served: AbstractSet[str] = frozenset(),
) -> Iterator[Change]:
    added, changed, removed = kinds
    for name in sorted(old.keys() | new.keys()):
        before, after = old.get(name, {}), new.get(name, {})
        if before.keys() == after.keys():
            continue
        kind = changed if before and after else added if after else removed
        come = [after[content] for content in after.keys() - before.keys()]
        gone = [before[content] for content in before.keys() - after.keys()]
        yield Change(
            kind=kind,
            subject=name,
            count=len(come) + len(gone),
            side=Side.NEW if come else Side.OLD,
            places=first_places(come or gone),
            trains=trains,
            served=name in served,
        )
