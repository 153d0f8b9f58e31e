"""What `install` is to do with each of its parts."""

from __future__ import annotations

from enum import Enum


class Step(Enum):
    """Sets a part up, takes it out of this clone, or of the team's files as well."""

    SET_UP = "set up"
    TAKE_OUT = "take out"
    TAKE_ALL = "take out of the team's files, too"
