"""Changes of examples: what came, went, moved, was edited or annotated otherwise."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from operator import itemgetter

from dvcinc.changes.edits import edits
from dvcinc.changes.kinds import Change, Kind, Side
from dvcinc.changes.labels import Labels, base_intent
from dvcinc.corpus.values import Corpus, Example, Place

MAX_PLACES = 20
"""How many places a change keeps; its count tells of all."""

Located = tuple[Example, Place]
Pair = tuple[Example, Example, Place]
"""What an example was, under the new names; what it is; where that stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleDiff:
    """How the examples differ, once labels are renamed; each example stands once.

    Attributes:
        added: New examples whose label is known, with their places.
        removed: Old examples (under new names) that are gone, whose intent stays.
        relabelled: The same text under another intent or key.
        edited: The same intent and key, and a text that is near.
        reannotated: The same text and intent with other spans.
        come: New examples that the change of a label tells of.
        gone: Likewise old ones, under new names.
    """

    added: tuple[Located, ...]
    removed: tuple[Located, ...]
    relabelled: tuple[Pair, ...]
    edited: tuple[Pair, ...]
    reannotated: tuple[Pair, ...]
    come: tuple[Example, ...]
    gone: tuple[Example, ...]


def diff_examples(old: Corpus, new: Corpus, became: Labels) -> ExampleDiff:
    """Compares the examples of two corpora under the new names."""
    before = {became.renamed(example): at for example, at in old.examples.items()}
    come = [(e, new.examples[e]) for e in _ordered(new.examples.keys() - before.keys())]
    gone = [(e, before[e]) for e in _ordered(before.keys() - new.examples.keys())]
    told = _told(became, _names(before), _names(new.examples))
    left = _untold(come, gone, before, new.examples, told)
    untold = {example for example, _ in (*left.come, *left.gone)}
    same, left = _paired(left, lambda example: (example.intent, example.text))
    moved, left = _paired(left, lambda example: (example.text,))
    edited, left = _edited(left)
    return ExampleDiff(
        added=tuple(left.come),
        removed=tuple(left.gone),
        relabelled=moved,
        edited=edited,
        reannotated=same,
        come=tuple(example for example, _ in come if example not in untold),
        gone=tuple(example for example, _ in gone if example not in untold),
    )


def _ordered(examples: Iterable[Example]) -> list[Example]:
    return sorted(examples, key=Example.order)


@dataclass(frozen=True, slots=True)
class _Left:
    """What came and went and has no partner yet, each in order."""

    come: list[Located]
    gone: list[Located]

    def without(
        self, pairs: list[tuple[Located, Located]]
    ) -> tuple[tuple[Pair, ...], _Left]:
        """The pairs of what went and came, and what is left of both."""
        taken = {example for pair in pairs for example, _ in pair}
        return (
            tuple((before, after, place) for (before, _), (after, place) in pairs),
            _Left(
                [one for one in self.come if one[0] not in taken],
                [one for one in self.gone if one[0] not in taken],
            ),
        )


@dataclass(frozen=True, slots=True)
class _Told:
    """Names whose change as a whole already tells of their examples."""

    come: frozenset[str]
    gone: frozenset[str]


def _names(examples: Iterable[Example]) -> set[str]:
    """All intents, with and without their response keys."""
    names = {example.intent for example in examples}
    return names | {base_intent(name) for name in names}


def _told(became: Labels, old: AbstractSet[str], new: AbstractSet[str]) -> _Told:
    """What the changes of labels tell of; `old` names are under their new names."""
    come: set[str] = set()
    gone: set[str] = set()
    for fate in (became.intents, became.keys):
        come |= {*fate.added, *(n for parts in fate.split.values() for n in parts)}
        come |= fate.merged.keys()
        gone |= {*fate.removed, *(n for names in fate.merged.values() for n in names)}
        gone |= set(fate.split)
    return _Told(frozenset(come - old), frozenset(gone - new))


def _untold(
    come: list[Located],
    gone: list[Located],
    old: Iterable[Example],
    new: Iterable[Example],
    told: _Told,
) -> _Left:
    """What no change of a label tells of, be it whole or as a text that moved."""
    if not told.come and not told.gone:
        return _Left(come, gone)
    left = {e.text for e in old if _tells(told.gone, e.intent)}
    went = {e.text for e in new if _tells(told.come, e.intent)}
    return _Left(
        [one for one in come if not _is_told(one[0], told.come, left)],
        [one for one in gone if not _is_told(one[0], told.gone, went)],
    )


def _is_told(
    example: Example, names: AbstractSet[str], texts: AbstractSet[str]
) -> bool:
    return example.text in texts or _tells(names, example.intent)


def _tells(names: AbstractSet[str], intent: str) -> bool:
    return intent in names or base_intent(intent) in names


def _paired(
    left: _Left, key: Callable[[Example], tuple[str, ...]]
) -> tuple[tuple[Pair, ...], _Left]:
    """Pairs of the same key, in order, and what is left."""
    partners: dict[tuple[str, ...], list[Located]] = defaultdict(list)
    for located in reversed(left.gone):
        partners[key(located[0])].append(located)
    found = [(partners[key(one[0])], one) for one in left.come]
    return left.without([(before.pop(), one) for before, one in found if before])


def _edited(left: _Left) -> tuple[tuple[Pair, ...], _Left]:
    """Pairs of one intent whose texts are near, and what is left."""
    before, after = _grouped(left.gone), _grouped(left.come)
    return left.without(
        [
            (before[intent][i], after[intent][j])
            for intent in sorted(before.keys() & after.keys())
            for i, j in edits(_texts(before[intent]), _texts(after[intent]))
        ]
    )


def _grouped(located: Iterable[Located]) -> Mapping[str, list[Located]]:
    groups: dict[str, list[Located]] = defaultdict(list)
    for example, place in located:
        groups[example.intent].append((example, place))
    return groups


def _texts(located: Iterable[Located]) -> list[str]:
    return [example.text for example, _ in located]


def example_changes(difference: ExampleDiff, *, spans_train: bool) -> Iterator[Change]:
    """The changes of single examples, one for each intent and kind."""
    yield from _by_intent(Kind.EXAMPLE_ADDED, difference.added, Side.NEW)
    yield from _by_intent(Kind.EXAMPLE_REMOVED, difference.removed, Side.OLD)
    moves: dict[tuple[str, str], list[Place]] = defaultdict(list)
    for before, after, place in difference.relabelled:
        moves[before.intent, after.intent].append(place)
    for (before_name, after_name), places in sorted(moves.items()):
        yield Change(
            kind=Kind.EXAMPLE_RELABELLED,
            subject=before_name,
            names=(after_name,),
            count=len(places),
            places=first_places(places),
        )
    yield from _by_intent(
        Kind.ANNOTATION_CHANGED,
        ((after, place) for _, after, place in difference.reannotated),
        Side.NEW,
        trains=spans_train,
    )
    edited = ((after, place) for _, after, place in difference.edited)
    yield from _by_intent(Kind.EXAMPLE_EDITED, edited, Side.NEW)


def first_places(places: Iterable[Place]) -> tuple[Place, ...]:
    """The first places in the order of the files, no more than are useful."""
    return tuple(sorted(set(places))[:MAX_PLACES])


def _by_intent(
    kind: Kind,
    examples: Iterable[tuple[Example, Place]],
    side: Side,
    *,
    trains: bool = True,
) -> Iterator[Change]:
    by_intent: Mapping[str, list[Place]] = defaultdict(list)
    for example, place in examples:
        by_intent[example.intent].append(place)
    for intent, places in sorted(by_intent.items(), key=itemgetter(0)):
        yield Change(
            kind=kind,
            subject=intent,
            count=len(places),
            side=side,
            places=first_places(places),
            trains=trains,
        )
