"""Changes of the domain and of stories: what only the dialogue model trains on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from dvcinc.changes.examples import first_places
from dvcinc.changes.kinds import Change, Kind, Side
from dvcinc.changes.labels import base_intent
from dvcinc.corpus.trained import trains_spans
from dvcinc.corpus.values import Corpus, EntityLabel, Named, Place

_SECTIONS = (
    ("slots", Kind.SLOT_ADDED, Kind.SLOT_REMOVED),
    ("forms", Kind.FORM_ADDED, Kind.FORM_REMOVED),
)
_DETAILS = ("responses", "settings")


def domain_changes(old: Corpus, new: Corpus) -> Iterator[Change]:
    """The changes of the domain, of stories and of rules."""
    for section, added, removed in _SECTIONS:
        before = getattr(old.domain, section)
        after = getattr(new.domain, section)
        yield from _names(
            _by_name(before.items()), _by_name(after.items()), added, removed
        )
        yield from _details(before, after, section, both=True)
    yield from _names(
        old.domain.actions, new.domain.actions, Kind.ACTION_ADDED, Kind.ACTION_REMOVED
    )
    for section in _DETAILS:
        before = getattr(old.domain, section)
        yield from _details(before, getattr(new.domain, section), section, both=False)
    yield from _listed(old, new)
    yield from _stories(old.stories, new.stories)


def _by_name(facts: Iterable[tuple[Named, Place]]) -> dict[str, Place]:
    """Each name and where it stands first."""
    places: dict[str, Place] = {}
    for fact, place in facts:
        places[fact.name] = min(place, places.get(fact.name, place))
    return places


def _names(
    old: Mapping[str, Place], new: Mapping[str, Place], added: Kind, removed: Kind
) -> Iterator[Change]:
    for name in sorted(new.keys() - old.keys()):
        yield Change(kind=added, subject=name, places=(new[name],))
    for name in sorted(old.keys() - new.keys()):
        yield Change(kind=removed, subject=name, side=Side.OLD, places=(old[name],))


def _details(
    old: Mapping[Named, Place], new: Mapping[Named, Place], section: str, *, both: bool
) -> Iterator[Change]:
    """Contents that differ; with `both`, only of names that both sides have."""
    gone = _by_name((f, at) for f, at in old.items() if f not in new)
    come = _by_name((f, at) for f, at in new.items() if f not in old)
    known = {fact.name for fact in old} & {fact.name for fact in new}
    for name in sorted(gone.keys() | come.keys()):
        if name in known or not both:
            yield Change(
                kind=Kind.DOMAIN_DETAIL_CHANGED,
                subject=f"{section}.{name}",
                side=Side.NEW if name in come else Side.OLD,
                places=(come.get(name) or gone[name],),
            )


def _listed(old: Corpus, new: Corpus) -> Iterator[Change]:
    """Labels that the domain lists or drops, while the examples know of no change."""
    yield from _lists(
        old.domain.intents,
        new.domain.intents,
        frozenset(_intents(old) ^ _intents(new)),
        (Kind.INTENT_LISTED, Kind.INTENT_UNLISTED),
    )
    # Where annotations train nothing, no other change tells of their types.
    moving = {*_used(old)} ^ {*_used(new)} if trains_spans(new.config) else ()
    yield from _lists(
        _labels(old.domain.entities),
        _labels(new.domain.entities),
        frozenset(moving),
        (Kind.ENTITY_LISTED, Kind.ENTITY_UNLISTED),
    )


def _intents(corpus: Corpus) -> set[str]:
    return {base_intent(example.intent) for example in corpus.examples}


def _used(corpus: Corpus) -> Iterator[str]:
    for example in corpus.examples:
        for span in example.spans:
            yield span.entity
            if span.role is not None:
                yield _label(EntityLabel(span.entity, role=span.role))
            if span.group is not None:
                yield _label(EntityLabel(span.entity, group=span.group))


def _labels(entities: Mapping[EntityLabel, Place]) -> dict[str, Place]:
    return {_label(label): place for label, place in entities.items()}


def _label(label: EntityLabel) -> str:
    if label.role is not None:
        return f"{label.entity}#{label.role}"
    if label.group is not None:
        return f"{label.entity}#{label.group} (group)"
    return label.entity


def _lists(
    old: Mapping[str, Place],
    new: Mapping[str, Place],
    moving: frozenset[str],
    kinds: tuple[Kind, Kind],
) -> Iterator[Change]:
    for change in _names(old, new, *kinds):
        if change.subject not in moving:
            yield change


def _stories(old: Mapping[str, Place], new: Mapping[str, Place]) -> Iterator[Change]:
    come = [new[story] for story in new.keys() - old.keys()]
    gone = [old[story] for story in old.keys() - new.keys()]
    if come or gone:
        # One that was edited went and came.
        added, removed = (
            Counter(story.partition(":")[0] for story in some)
            for some in (new.keys() - old.keys(), old.keys() - new.keys())
        )
        differing = added | removed
        yield Change(
            kind=Kind.STORIES_CHANGED,
            subject="stories and rules",
            count=sum(differing.values()),
            side=Side.NEW if come else Side.OLD,
            places=first_places(come or gone),
        )
