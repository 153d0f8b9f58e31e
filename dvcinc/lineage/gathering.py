"""Many changed files to few enough groups to judge: the rest goes by folder."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence

from dvcinc.config import Mode
from dvcinc.lineage.joining import Bond, Changed, Groups
from dvcinc.lineage.values import Verdict


def gathered(
    files: Sequence[Changed], groups: Groups, found: Verdict, limit: int
) -> Groups:
    """Joins groups until there are few enough.

    Those stay alone that the dearest reasons name, then the first; the rest goes
    by folder, and as one where the folders are too many.

    Args:
        files: The changed files.
        groups: Those that belong together; changed.
        found: The verdict on all of them.
        limit: How many groups to leave alone, and how many folders.
    """
    dear = _named(found)
    ordered = sorted(
        (group for group, _ in groups.each()),
        key=lambda group: -max(dear.get(files[i].path, Mode.NONE) for i in group),
    )
    folders: dict[str, list[int]] = {}
    for group in ordered[limit:]:
        folder = posixpath.dirname(files[group[0]].path)
        folders.setdefault(folder, []).append(group[0])
    for together in folders.values():
        groups.join(together, Bond.MANY)
    rest = [together[0] for together in folders.values()][limit:]
    groups.join(rest, Bond.MANY)
    return groups


def _named(found: Verdict) -> dict[str, Mode]:
    """The dearest reason that names each file."""
    named: dict[str, Mode] = {}
    for reason in found.change.reasons:
        for place in reason.places:
            named[place.path] = max(reason.mode, named.get(place.path, Mode.NONE))
    return named
