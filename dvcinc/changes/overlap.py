"""Which old name lives on under which new one, judged by what they have in common.

The rule, the same for intents, response keys and entity types: an old name *goes to*
the new name that holds most of its members, if that is at least half of them. It is
*renamed* if, the other way round, at least half of the new name's members come from
it, and the whole map is simultaneous: a name that is taken over must itself have gone.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

THRESHOLD = 0.5

Members = Mapping[str, AbstractSet[Hashable]]


@dataclass(frozen=True, slots=True)
class Fates:
    """What became of names.

    Attributes:
        renamed: Old name to new name; one to one.
        merged: New name to the old names that went into it (two or more, or one
            that went into a name that was there before or goes on under it).
        split: Old name to the new names that its members went to.
        added: New names that are none of these.
        removed: Old names that are none of these.
    """

    renamed: Mapping[str, str]
    merged: Mapping[str, tuple[str, ...]]
    split: Mapping[str, tuple[str, ...]]
    added: tuple[str, ...]
    removed: tuple[str, ...]

    def rename(self, name: str) -> str:
        """The name's new form, or the name itself."""
        return self.renamed.get(name, name)


def fates(old: Members, new: Members) -> Fates:
    """Compares the members of old and new names.

    Args:
        old: For each name, what it holds (the texts of an intent, say).
        new: The same afterwards.
    """
    common = _common(old, new)
    renamed = _renamed(old, new, common)
    gone = sorted(old.keys() - new.keys() - renamed.keys())
    come = sorted(new.keys() - old.keys() - set(renamed.values()))
    split = _split(old, new, common, come, renamed)
    parts = {part for names in split.values() for part in names}
    left = [name for name in gone if name not in split]
    merged = _merged(old, common, left, frozenset(renamed.values()))
    return Fates(
        renamed=renamed,
        merged=merged,
        split=split,
        added=tuple(n for n in come if n not in parts and n not in merged),
        removed=_left(gone, split, merged),
    )


def _left(
    gone: list[str],
    split: Mapping[str, tuple[str, ...]],
    merged: Mapping[str, tuple[str, ...]],
) -> tuple[str, ...]:
    merged_away = {name for names in merged.values() for name in names}
    return tuple(n for n in gone if n not in split and n not in merged_away)


def _common(old: Members, new: Members) -> dict[str, Counter[str]]:
    """For each old name, how many of its members each new name holds."""
    holders: dict[Hashable, list[str]] = defaultdict(list)
    for name, members in new.items():
        for member in members:
            holders[member].append(name)
    return {
        name: Counter(holder for member in members for holder in holders[member])
        for name, members in old.items()
        if new.get(name) != members
    }


def _renamed(
    old: Members, new: Members, common: Mapping[str, Counter[str]]
) -> dict[str, str]:
    wish = {}
    for name, counts in sorted(common.items()):
        target = _first(counts)
        if target is None or counts[target] == counts[name]:
            continue
        shared = counts[target]
        if shared >= THRESHOLD * len(old[name]) and shared >= THRESHOLD * len(
            new[target]
        ):
            wish[name] = target
    return _simultaneous(wish, old, new)


def _first(counts: Counter[str]) -> str | None:
    return min(counts, key=lambda name: (-counts[name], name), default=None)


def _simultaneous(wish: dict[str, str], old: Members, new: Members) -> dict[str, str]:
    """Drops wishes until the map is one to one and every name taken over has gone."""
    while True:
        targets = Counter(wish.values())
        kept = {
            name: target
            for name, target in wish.items()
            if targets[target] == 1
            and (target not in old or target in wish)
            and (name not in new or name in wish.values())
        }
        if len(kept) == len(wish):
            return kept
        wish = kept


def _split(
    old: Members,
    new: Members,
    common: Mapping[str, Counter[str]],
    come: list[str],
    renamed: Mapping[str, str],
) -> dict[str, tuple[str, ...]]:
    """New names most of whose members come from one old name."""
    parts: dict[str, list[str]] = defaultdict(list)
    for name in come:
        shares = Counter(
            {o: counts[name] for o, counts in common.items() if counts[name]}
        )
        origin = _first(shares)
        if origin is not None and shares[origin] >= THRESHOLD * len(new[name]):
            parts[origin].append(name)
    return {
        origin: tuple(names)
        for origin, names in sorted(parts.items())
        if origin in new or origin in renamed or _is_split(origin, names, old, common)
    }


def _is_split(
    origin: str, names: list[str], old: Members, common: Mapping[str, Counter[str]]
) -> bool:
    moved = sum(common[origin][name] for name in names)
    return len(names) > 1 and moved >= THRESHOLD * len(old[origin])


def _merged(
    old: Members,
    common: Mapping[str, Counter[str]],
    gone: list[str],
    taken: AbstractSet[str],
) -> dict[str, tuple[str, ...]]:
    into: dict[str, list[str]] = defaultdict(list)
    for name in gone:
        target = _first(common.get(name, Counter()))
        if target is not None and common[name][target] >= THRESHOLD * len(old[name]):
            into[target].append(name)
    return {
        target: tuple(names)
        for target, names in sorted(into.items())
        if target in old or target in taken or len(names) > 1
    }
