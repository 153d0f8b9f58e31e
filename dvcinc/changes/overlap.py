"""Which old name lives on under which new one, judged by what moved between them.

The rule, the same for intents, response keys and entity types. Sizes are counted in
texts; *half* is `THRESHOLD`, and at exactly half a rule holds.

A name *stays* if both sides have it and at least half of its old members are still
its own: it is neither renamed nor merged, whatever others hold. What a name lost and
another gained *moved* from the one to the other; a copy moved nowhere. A name that
does not stay *goes to* the name that most of its members moved to, if that is at least
half of them. It is *renamed* if these are also at least half of the new name's
members, and the whole map is simultaneous: a name that is taken over must itself be
renamed, and no name has two origins. Else, if it is gone, it is *merged* into a name
that was there before, or that others go to as well.

So all is decided by the members that came or went, by whether a name is there, and by
comparing a name's size with how many of these there are: what stayed where it was
need not be known beyond twice that number.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

THRESHOLD = 0.5

# A text, and whatever else tells two members in it apart: where an entity stands.
Member = tuple[Hashable, ...]
Members = Mapping[str, AbstractSet[Member]]
_NONE: frozenset[Member] = frozenset()


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
    moved = _moved(old, new)
    renamed = _renamed(old, new, moved)
    gone = sorted(old.keys() - new.keys() - renamed.keys())
    come = sorted(new.keys() - old.keys() - set(renamed.values()))
    split = _split(old, new, moved, come, renamed)
    parts = {part for names in split.values() for part in names}
    left = [name for name in gone if name not in split]
    merged = _merged(old, moved, left, frozenset(renamed.values()))
    merged_away = {name for names in merged.values() for name in names}
    return Fates(
        renamed=renamed,
        merged=merged,
        split=split,
        added=tuple(n for n in come if n not in parts and n not in merged),
        removed=tuple(n for n in left if n not in merged_away),
    )


def _size(members: AbstractSet[Member]) -> int:
    return len({member[0] for member in members})


def _moved(old: Members, new: Members) -> dict[str, Counter[str]]:
    """For each old name, in how many texts others gained what it lost."""
    holders: dict[Member, list[str]] = defaultdict(list)
    for name, members in new.items():
        for member in members - old.get(name, _NONE):
            holders[member].append(name)
    moved = {}
    for name, members in old.items():
        lost = members - new.get(name, _NONE)
        moves = {(m[0], holder) for m in lost for holder in holders.get(m, ())}
        if moves:
            moved[name] = Counter(holder for _, holder in moves)
    return moved


def _stays(name: str, old: Members, new: Members) -> bool:
    kept = old[name] & new.get(name, _NONE)
    return bool(kept) and _size(kept) >= THRESHOLD * _size(old[name])


def _renamed(
    old: Members, new: Members, moved: Mapping[str, Counter[str]]
) -> dict[str, str]:
    wish = {}
    for name, counts in sorted(moved.items()):
        if _stays(name, old, new):
            continue
        target = _first(counts)
        larger = max(_size(old[name]), _size(new[target]))
        if counts[target] >= THRESHOLD * larger:
            wish[name] = target
    return _simultaneous(wish, old, new)


def _first(counts: Counter[str]) -> str:
    return min(counts, key=lambda name: (-counts[name], name))


def _simultaneous(wish: dict[str, str], old: Members, new: Members) -> dict[str, str]:
    """Drops wishes until the map is one to one and every name taken over has gone.

    Wishes with the same target go in rounds, all of them at once, so that the one that
    is left when others have gone for other reasons may stay.
    """
    kept = dict(wish)
    origins: dict[str, set[str]] = defaultdict(set)
    for name, target in kept.items():
        origins[target].add(name)

    def stays(name: str) -> bool:
        target = kept[name]
        return (
            len(origins[target]) == 1
            and (target not in old or target in kept)
            and (name not in new or bool(origins.get(name)))
        )

    doubtful = list(kept)
    while doubtful:
        going = [name for name in doubtful if not stays(name)]
        near: set[str] = set()
        for name in going:
            target = kept.pop(name)
            origins[target].discard(name)
            near |= {target, *origins[target], *origins.get(name, ())}
        doubtful = [name for name in near if name in kept]
    return kept


def _split(
    old: Members,
    new: Members,
    moved: Mapping[str, Counter[str]],
    come: list[str],
    renamed: Mapping[str, str],
) -> dict[str, tuple[str, ...]]:
    """New names most of whose members come from one old name."""
    shares: dict[str, Counter[str]] = defaultdict(Counter)
    for origin, counts in moved.items():
        for name, count in counts.items():
            shares[name][origin] = count
    parts: dict[str, list[str]] = defaultdict(list)
    for name in come:
        if name in shares:
            origin = _first(shares[name])
            if shares[name][origin] >= THRESHOLD * _size(new[name]):
                parts[origin].append(name)
    return {
        origin: tuple(names)
        for origin, names in sorted(parts.items())
        if origin in new or origin in renamed or _is_split(origin, names, old, moved)
    }


def _is_split(
    origin: str, names: list[str], old: Members, moved: Mapping[str, Counter[str]]
) -> bool:
    gone = sum(moved[origin][name] for name in names)
    return len(names) > 1 and gone >= THRESHOLD * _size(old[origin])


def _merged(
    old: Members,
    moved: Mapping[str, Counter[str]],
    gone: list[str],
    taken: AbstractSet[str],
) -> dict[str, tuple[str, ...]]:
    into: dict[str, list[str]] = defaultdict(list)
    for name in gone:
        if name not in moved:
            continue
        target = _first(moved[name])
        if moved[name][target] >= THRESHOLD * _size(old[name]):
            into[target].append(name)
    return {
        target: tuple(names)
        for target, names in sorted(into.items())
        if target in old or target in taken or len(names) > 1
    }
