"""Of several pull requests with one head: those that a verdict is of.

A fork's branch may have one into each branch of ours. What a verdict was compared with
tells them apart. A fork writes that, so it chooses among its own pull requests alone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from dvcinc.forge.values import Pull


def fitting(
    found: Sequence[Pull],
    olds: Collection[str],
    distance: Callable[[Pull, str], int | None],
) -> list[Pull]:
    """The pull requests that the old sides fit; all of them where none does.

    Args:
        found: The pull requests.
        olds: The commits of the old sides.
        distance: How far a pull request's base branch is ahead of a commit; `None` if
            that is none of it.
    """
    same = [pull for pull in found if pull.base in olds]
    if len(found) == 1 or same:
        return same or [*found]
    if len(olds) != 1:
        return [*found]
    (old,) = olds
    far = {pull.number: distance(pull, old) for pull in found}
    nearest = min((steps for steps in far.values() if steps is not None), default=None)
    if nearest is None:
        return [*found]
    return [pull for pull in found if far[pull.number] == nearest]
