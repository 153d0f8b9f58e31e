"""Changes of labels: intents, response keys, entity types, roles and groups."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from dvcinc.changes.examples import first_places
from dvcinc.changes.kinds import Change, Kind, Side
from dvcinc.changes.labels import Labels, base_intent, entity_labels
from dvcinc.changes.overlap import Fates
from dvcinc.corpus.values import Corpus, EntityLabel, Example, Place

PlacesOf = Callable[[str], list[Place]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    """The kinds of change for one sort of label."""

    added: Kind
    removed: Kind
    renamed: Kind
    merged: Kind
    split: Kind


_INTENT = _Words(
    added=Kind.INTENT_ADDED,
    removed=Kind.INTENT_REMOVED,
    renamed=Kind.INTENT_RENAMED,
    merged=Kind.INTENTS_MERGED,
    split=Kind.INTENT_SPLIT,
)
# A merged or split response key leaves a row of the selector without its meaning.
_KEY = _Words(
    added=Kind.RESPONSE_KEY_ADDED,
    removed=Kind.RESPONSE_KEY_REMOVED,
    renamed=Kind.RESPONSE_KEY_RENAMED,
    merged=Kind.RESPONSE_KEY_REMOVED,
    split=Kind.RESPONSE_KEY_ADDED,
)
_ENTITY = _Words(
    added=Kind.ENTITY_ADDED,
    removed=Kind.ENTITY_REMOVED,
    renamed=Kind.ENTITY_RENAMED,
    merged=Kind.ENTITY_REMOVED,
    split=Kind.ENTITY_ADDED,
)


def label_changes(
    old: Corpus, new: Corpus, became: Labels, *, spans: bool
) -> Iterator[Change]:
    """The changes of labels between two corpora.

    Args:
        old: The corpus before.
        new: The corpus afterwards.
        became: What became of the labels.
        spans: Whether annotations are trained on.
    """
    for change in _named(became.intents, _INTENT, _intents(old), _intents(new)):
        yield _headed(_poured(change, old, new), new)
    for change in _named(became.keys, _KEY, _keys(old, became.moved), _keys(new)):
        yield _headed(change, new)
    for change in _named(became.entities, _ENTITY, _entities(old), _entities(new)):
        yield _training(change, trains=spans)
    yield from (_training(c, trains=spans) for c in _qualifiers(old, new, became))


def untrained_key_changes(
    old: Corpus, new: Corpus, became: Labels, learned: Callable[[str], str]
) -> Iterator[Change]:
    """The changes of response keys that no selector learns.

    Args:
        old: The corpus before.
        new: The corpus afterwards.
        became: What became of the labels.
        learned: The name that is learned of an intent with its key.
    """
    changes = _named(became.keys, _KEY, _keys(old, became.moved), _keys(new))
    for change in changes:
        if learned(change.subject) != change.subject:
            yield replace(change, trains=False)


def _headed(change: Change, new: Corpus) -> Change:
    """A rename stands where the name does; its examples may be as they were."""
    if change.kind not in {Kind.INTENT_RENAMED, Kind.RESPONSE_KEY_RENAMED}:
        return change
    (name,) = change.names
    at = [p for n, p in new.headings.items() if name in {n, base_intent(n)}]
    return replace(change, places=first_places(at)) if at else change


def _poured(change: Change, old: Corpus, new: Corpus) -> Change:
    """Of a merge, what moved counts, not what its target held before."""
    if change.kind is not Kind.INTENTS_MERGED:
        return change
    texts = {e.text for e in old.examples if base_intent(e.intent) in change.names}
    texts -= {e.text for e in old.examples if base_intent(e.intent) == change.subject}
    places = [
        place
        for example, place in new.examples.items()
        if base_intent(example.intent) == change.subject and example.text in texts
    ]
    return replace(change, count=len(places), places=first_places(places))


def _training(change: Change, *, trains: bool) -> Change:
    return change if trains else replace(change, trains=False)


def _intents(corpus: Corpus) -> PlacesOf:
    return _index(corpus, lambda example: [base_intent(example.intent)])


def _keys(corpus: Corpus, named: Callable[[str], str] = str) -> PlacesOf:
    return _index(corpus, lambda example: [named(example.intent)])


def _entities(corpus: Corpus) -> PlacesOf:
    return _index(corpus, lambda example: [span.entity for span in example.spans])


def _index(corpus: Corpus, names: Callable[[Example], Iterable[str]]) -> PlacesOf:
    places: dict[str, list[Place]] = defaultdict(list)
    for example, place in corpus.examples.items():
        for name in names(example):
            places[name].append(place)
    return lambda name: places.get(name, [])


def _named(
    became: Fates, words: _Words, old: PlacesOf, new: PlacesOf
) -> Iterator[Change]:
    for name in became.added:
        yield _seen(words.added, name, new(name), Side.NEW)
    for name in became.removed:
        yield _seen(words.removed, name, old(name), Side.OLD)
    for name, target in sorted(became.renamed.items()):
        yield _seen(words.renamed, name, new(target), Side.NEW, (target,))
    for target, sources in became.merged.items():
        yield from _merged(words, target, sources, new, old)
    for origin, parts in became.split.items():
        yield from _split(words, origin, parts, new)


def _merged(
    words: _Words, target: str, sources: tuple[str, ...], new: PlacesOf, old: PlacesOf
) -> Iterator[Change]:
    if words.merged is Kind.INTENTS_MERGED:
        yield _seen(words.merged, target, new(target), Side.NEW, sources)
        return
    for name in sources:
        yield _seen(words.merged, name, old(name), Side.OLD, (target,))


def _split(
    words: _Words, origin: str, parts: tuple[str, ...], new: PlacesOf
) -> Iterator[Change]:
    if words.split is Kind.INTENT_SPLIT:
        places = [place for part in parts for place in new(part)]
        yield _seen(words.split, origin, places, Side.NEW, parts)
        return
    for name in parts:
        yield _seen(words.split, name, new(name), Side.NEW, (origin,))


def _seen(
    kind: Kind,
    subject: str,
    places: list[Place],
    side: Side,
    names: tuple[str, ...] = (),
) -> Change:
    return Change(
        kind=kind,
        subject=subject,
        names=names,
        count=len(places),
        side=side,
        places=first_places(places),
    )


def _qualifiers(old: Corpus, new: Corpus, became: Labels) -> Iterator[Change]:
    """Roles and groups that came, went, or moved to another entity type.

    Those of an entity type that itself came or went are told with it.
    """
    rename = became.entities.rename
    before = {
        label._replace(entity=rename(label.entity)): places
        for label, places in entity_labels(old).items()
    }
    after = entity_labels(new)
    come = list(after.keys() - before.keys())
    gone = list(before.keys() - after.keys())
    moved = _moved(come, gone)
    known = {rename(span.entity) for e in old.examples for span in e.spans}
    still = {span.entity for e in new.examples for span in e.spans}
    for label in sorted(come, key=str):
        if label in moved or label.entity in known:
            yield _qualifier(label, after, Side.NEW, moved)
    for label in sorted(gone, key=str):
        if label not in moved.values() and label.entity in still:
            yield _qualifier(label, before, Side.OLD, {})


def _moved(
    come: list[EntityLabel], gone: list[EntityLabel]
) -> dict[EntityLabel, EntityLabel]:
    """New label to the old one of the same role or group on another entity type."""
    left = {(label.role, label.group): label for label in sorted(gone, key=str)}
    found = {}
    for label in sorted(come, key=str):
        origin = left.pop((label.role, label.group), None)
        if origin is not None:
            found[label] = origin
    return found


def _qualifier(
    label: EntityLabel,
    places: Mapping[EntityLabel, list[Place]],
    side: Side,
    moved: Mapping[EntityLabel, EntityLabel],
) -> Change:
    role = label.role is not None
    if label in moved:
        kind = Kind.ROLE_MOVED if role else Kind.GROUP_MOVED
        names: tuple[str, ...] = (moved[label].entity,)
    elif side is Side.NEW:
        kind, names = Kind.ROLE_ADDED if role else Kind.GROUP_ADDED, ()
    else:
        kind, names = Kind.ROLE_REMOVED if role else Kind.GROUP_REMOVED, ()
    subject = f"{label.entity}#{label.role if role else label.group}"
    return _seen(kind, subject, places[label], side, names)
