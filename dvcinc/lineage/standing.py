"""How a verdict stands to its change: is it what the change brings, and is it done?

Hook, text, JSON, comment and log all tell by this one notion. It costs a look at a few
files of the new side; what judges differences is not needed for it.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from dvcinc.config import Mode
from dvcinc.lineage.evidence import runs

if TYPE_CHECKING:
    from collections.abc import Callable

    from dvcinc.snapshot.sources import Source


class Standing(Enum):
    """How what has to run stands to the change; the value is the word in JSON."""

    NONE = "none"
    """Nothing has to run."""
    NEW = "new"
    """This change brings it."""
    DUE = "due"
    """It is needed since before, whatever this change brings."""
    TRAINED = "trained"
    """The new side has a plan of its own for its data, and shows that it has run."""
    RESTORED = "restored"
    """A base that was trained for an earlier plan fits again: its model is restored."""
    FIRST = "first"
    """The old side has no plan yet: whatever has changed, all is trained."""

    def left(self, mode: Mode) -> Mode:
        """What is left to run, of what has to.

        Args:
            mode: What has to run.
        """
        if self is Standing.TRAINED:
            return Mode.NONE
        return Mode.SCRATCH if self is Standing.FIRST else mode


def standing(
    mode: Mode, own: Mode, *, trained: bool, restored: Callable[[], bool]
) -> Standing:
    """How a verdict by a committed plan stands.

    Args:
        mode: What has to run.
        own: What the change brings of that.
        trained: Whether the new side has run it.
        restored: Whether a base that was trained earlier fits again; asked where it
            matters, since it may ask all of history.
    """
    if mode is Mode.NONE:
        return Standing.NONE
    if trained:
        return Standing.TRAINED
    if restored():
        return Standing.RESTORED
    return Standing.DUE if own < mode else Standing.NEW


def is_first(new: Source) -> bool:
    """Whether a side without a committed plan is to be trained by dvcinc at all."""
    return runs(new, "plan") is True
