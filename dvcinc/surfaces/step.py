"""What `install` is to do with each of its parts."""

from __future__ import annotations

from enum import Enum


class Step(Enum):
    """Sets a part up, takes it out of this clone, or of the team's files as well."""

    SET_UP = "set up"
    SHARE = "set up, where other repositories share it, too"
    TAKE_OUT = "take out"
    TAKE_ALL = "take out of the team's files, too"

    @property
    def sets_up(self) -> bool:
        """Whether something is to be there afterwards."""
        return self in {Step.SET_UP, Step.SHARE}
