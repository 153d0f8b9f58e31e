"""What all stages share: where they work, whom they tell, and when they end."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, Self

from dvcinc.config import Params
from dvcinc.errors import InputError
from dvcinc.params import PATH as PARAMS
from dvcinc.params import read_params
from dvcinc.plan.files import put_file, workshop
from dvcinc.plan.json import dump
from dvcinc.snapshot.side import Watch
from dvcinc.yaml import Json

_PARENT_CHECK_S = 0.5


class Progress(Protocol):
    """Told after each step of a training; closed when it is over, however it ends."""

    def __enter__(self) -> Self:
        """The training begins."""

    def __exit__(self, *raised: object) -> None:
        """The training is over."""

    def __call__(self, *, step: int, steps: int, loss: float) -> None:
        """`step` of at most `steps` is done; `loss` was that of its batch."""


class Talk(Protocol):
    """Where a stage says what it does; a terminal, a log, or nothing."""

    def say(self, text: str) -> None:
        """One line."""

    def warn(self, text: str) -> None:
        """One line that people should read."""

    def watching(self) -> AbstractContextManager[Watch]:
        """Told how many files are read, until it is closed."""

    def progress(self, title: str) -> Progress:
        """A bar, or a line now and then."""


@dataclass(frozen=True, slots=True)
class Bench:
    """A stage at work.

    Attributes:
        project: The project directory.
        scratch: A folder for work in progress, on the same file system.
        talk: Where to say what happens.
    """

    project: Path
    scratch: Path
    talk: Talk

    def path(self, relative: str) -> Path:
        """A path of the project."""
        return self.project / relative

    def params(self) -> Params:
        """The project's `params.yaml`, or the defaults where there is none."""
        path = self.path(PARAMS)
        return read_params(path.read_bytes() if path.is_file() else None)

    def need(self, relative: str, stage: str) -> Path:
        """A path that an earlier stage must have written.

        Raises:
            InputError: It is not there.
        """
        path = self.path(relative)
        if not path.exists():
            raise InputError(f"{relative} is missing", f"run dvc repro {stage}")
        return path

    def write_json(self, relative: str, value: Mapping[str, Json]) -> None:
        """Writes a JSON document of the project."""
        put_file(dump(value), self.path(relative))


@contextmanager
def at_work(project: Path, stage: str, talk: Talk) -> Iterator[Bench]:
    """A stage's bench; while it is open, the process ends when its parent does.

    DVC kills only the shell that it started; without this, a training would go on
    behind its back and write over what the next run writes.
    """
    end_with_parent()
    with workshop(project, stage) as scratch:
        yield Bench(project, scratch, talk)


def end_with_parent() -> None:
    """Ends this process, without any clean-up, once its parent is gone."""
    parent = os.getppid()
    threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_PARENT_CHECK_S)
    os._exit(1)
