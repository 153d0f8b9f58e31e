"""Changes of `config.yml`: language, pipeline, dialogue policies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher

from dvcinc.changes.kinds import Change, Kind, Side
from dvcinc.corpus.options import honoured_keys
from dvcinc.corpus.pipeline import effective_options, spec_of
from dvcinc.corpus.trained import has_weights, short_name
from dvcinc.corpus.values import Component, Config, Place

Placed = tuple[tuple[Component, Place], ...]
_EPOCHS = "epochs"


def config_changes(old: Config, new: Config) -> Iterator[Change]:
    """The changes between two configs."""
    if old.language != new.language:
        yield Change(
            kind=Kind.LANGUAGE_CHANGED,
            subject=f"{old.language} → {new.language}",
            places=_some(new.language_place or new.place),
        )
    yield from _sequence(old.pipeline, new.pipeline)
    yield from _options(old.pipeline, new.pipeline)
    if _plain(old.policies) != _plain(new.policies):
        place = new.policies[0][1] if new.policies else new.place
        yield Change(
            kind=Kind.POLICIES_CHANGED, subject="policies", places=_some(place)
        )


def _some(place: Place | None) -> tuple[Place, ...]:
    return () if place is None else (place,)


def _plain(components: Placed) -> tuple[Component, ...]:
    return tuple(component for component, _ in components)


def _sequence(old: Placed, new: Placed) -> Iterator[Change]:
    before = Counter(short_name(component) for component, _ in old)
    after = Counter(short_name(component) for component, _ in new)
    yield from _surplus(new, after - before, Kind.COMPONENT_ADDED, Side.NEW)
    yield from _surplus(old, before - after, Kind.COMPONENT_REMOVED, Side.OLD)
    common = before & after
    for trained in (True, False):
        before_them = _order(old, common, trained=trained)
        after_them = _order(new, common, trained=trained)
        if before_them != after_them:
            yield _reordered(before_them, after_them, new, trained=trained)
            return


def _reordered(
    before: list[str], after: list[str], new: Placed, *, trained: bool
) -> Change:
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    still = sum(block.size for block in matcher.get_matching_blocks())
    return Change(
        kind=Kind.COMPONENTS_REORDERED,
        subject=" → ".join(after),
        count=len(after) - still,
        places=_some(new[0][1] if new else None),
        trains=trained,
    )


def _surplus(
    components: Placed, surplus: Counter[str], kind: Kind, side: Side
) -> Iterator[Change]:
    """The last occurrences of names that one side has more often."""
    left = surplus.copy()
    found = []
    for component, place in reversed(components):
        name = short_name(component)
        if left[name] > 0:
            left[name] -= 1
            found.append(
                Change(
                    kind=kind,
                    subject=name,
                    side=side,
                    places=(place,),
                    trains=has_weights(component),
                )
            )
    yield from reversed(found)


def _order(components: Placed, common: Counter[str], *, trained: bool) -> list[str]:
    """The components that both sides have, in order; with `trained`, only those."""
    left = common.copy()
    order = []
    for component, _ in components:
        name = short_name(component)
        if left[name] > 0 and (has_weights(component) or not trained):
            left[name] -= 1
            order.append(name)
    return order


def _options(old: Placed, new: Placed) -> Iterator[Change]:
    before = _occurrences(old)
    # A pipeline with a component that dvcinc does not know is another trainer's.
    ours = all(spec_of(component.name) is not None for component, _ in (*old, *new))
    for key, (component, place) in _occurrences(new).items():
        if key in before and before[key][0] != component:
            yield from _component_options(before[key][0], component, place, ours=ours)


def _occurrences(
    components: Placed,
) -> dict[tuple[str, int], tuple[Component, Place]]:
    seen: Counter[str] = Counter()
    found = {}
    for component, place in components:
        name = short_name(component)
        found[name, seen[name]] = (component, place)
        seen[name] += 1
    return found


def _component_options(
    old: Component, new: Component, place: Place, *, ours: bool
) -> Iterator[Change]:
    honoured = honoured_keys(old) | honoured_keys(new) | {_EPOCHS}
    before, after = effective_options(old), effective_options(new)
    keys: Iterable[str] = before.keys() | after.keys()
    for key in sorted(k for k in keys if before.get(k) != after.get(k)):
        yield Change(
            kind=_option_kind(new, key),
            subject=f"{short_name(new)}.{key}",
            names=(_short(before.get(key)), _short(after.get(key))),
            places=(place,),
            trains=has_weights(new) and (key in honoured or not ours),
        )


def _option_kind(component: Component, key: str) -> Kind:
    spec = spec_of(component.name)
    if key == _EPOCHS:
        return Kind.EPOCHS_CHANGED
    if spec is not None and (key in spec.weightless or not spec.trained):
        return Kind.WEIGHTLESS_SETTING_CHANGED
    return Kind.HYPERPARAMETER_CHANGED


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 40 else f"{text[:37]}…"  # noqa: PLR2004 - fits a line
