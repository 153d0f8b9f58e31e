"""What a look at one thing says: that it is well, or what is wrong and what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from pathlib import Path

from dvcinc.adopt.find import Ground, ground
from dvcinc.adopt.initial import WORKFLOW, Draft, Wishes, drafted
from dvcinc.errors import DvcincError


class State(Enum):
    """How a thing is."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Check:
    """A thing that was looked at.

    Attributes:
        name: Its short name.
        state: How it is.
        said: What was seen.
        todo: What to do, where it is not well.
    """

    name: str
    state: State
    said: str
    todo: str = ""


class Patient:
    """A project that is looked over.

    Args:
        path: Its directory.
        online: Whether its remote may be asked.
    """

    def __init__(self, path: Path, *, online: bool) -> None:
        self.path = path
        self.online = online
        self.told: set[str] = set()

    @cached_property
    def here(self) -> Ground:
        """Where it lies.

        Raises:
            DvcincError: It is no directory, or nobody may read its repository.
        """
        return ground(self.path)

    @cached_property
    def draft(self) -> Draft:
        """What it holds, and the stages for it.

        Raises:
            DvcincError: Something is missing or cannot be understood.
        """
        return drafted(self.here, Wishes(without=frozenset({WORKFLOW})))


Look = Callable[[Patient], Iterator[Check]]
"""Looks at a thing, or several that belong together; none where it is not there."""

INIT = "dvcinc init"
"""What sets up whatever is missing, …"""
WITH_TESTS = f"{INIT} --test-split 0.2"
"""… and tests where there are none."""
_PUT_RIGHT = "put it right there"


def looked(name: str, look: Look, patient: Patient) -> Iterator[Check]:
    """What a look says; what it cannot read is a problem, told by the first look."""
    try:
        for check in look(patient):
            patient.told.add(check.said)
            yield check
    except DvcincError as error:
        if error.message not in patient.told:
            patient.told.add(error.message)
            yield Check(name, State.PROBLEM, error.message, error.hint or _PUT_RIGHT)
    except OSError as error:
        said = f"{error.filename or name}: {error.strerror or error}"
        yield Check(name, State.PROBLEM, said, "see its permissions")
