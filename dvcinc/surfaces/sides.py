"""The two sides that a command line names: `A B`, `A..B`, `A...B`, `--staged`."""

from __future__ import annotations

from dataclasses import dataclass

import click

HEAD = "HEAD"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """What to compare.

    Attributes:
        old: The revision before.
        new: The revision afterwards; `None` for the work tree or the index.
        staged: Whether the index is the new side.
        from_merge_base: Whether the old side is the merge base of both.
    """

    old: str
    new: str | None
    staged: bool = False
    from_merge_base: bool = False


def sides(base: str | None, head: str | None, *, staged: bool) -> Sides:
    """Understands the arguments as `git diff` does.

    Raises:
        click.UsageError: They contradict each other.
    """
    if staged and head is not None:
        raise click.UsageError("--staged compares the index; leave out HEAD")
    for dots in ("...", ".."):
        if base is not None and dots in base:
            return _range(base, dots, head, staged=staged)
    return Sides(old=base or HEAD, new=head, staged=staged)


def _range(base: str, dots: str, head: str | None, *, staged: bool) -> Sides:
    if head is not None or staged:
        raise click.UsageError(f"{base} names both sides already")
    old, _, new = base.partition(dots)
    return Sides(old=old or HEAD, new=new or HEAD, from_merge_base=dots == "...")
