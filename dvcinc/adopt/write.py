"""Changes to files, all or none: written beside, renamed, on failure taken back."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from dvcinc.errors import InputError
from dvcinc.snapshot.disk import leads_out


class Change(NamedTuple):
    """A file as it was and as it will be.

    Attributes:
        path: From the project.
        before: Its bytes, `None` where there is none.
        after: Its bytes then.
        about: What is new in it, for people.
    """

    path: str
    before: bytes | None
    after: bytes
    about: str = ""


def write_all(project: Path, changes: Sequence[Change], top: Path) -> None:
    """Makes all changes, or none.

    Args:
        project: The project directory.
        changes: The changes.
        top: No link may lead out of this directory.

    Raises:
        InputError: A file cannot be written; all are as they were.
    """
    writing = _Writing(project, top)
    at = ""
    try:
        for change in changes:
            at = change.path
            writing.prepare(change)
        for change in changes:
            at = change.path
            writing.put(change)
    except BaseException as error:
        writing.take_back()
        if isinstance(error, OSError):
            said = f"{at}: cannot be written: {error.strerror}"
            raise InputError(said, "nothing was changed") from error
        raise


@dataclass(slots=True)
class _Writing:
    """What was made so far, so that it can be undone."""

    project: Path
    top: Path
    beside: dict[str, Path] = field(default_factory=dict)
    folders: list[Path] = field(default_factory=list)
    done: list[Change] = field(default_factory=list)

    def prepare(self, change: Change) -> None:
        """Writes the new content beside its place."""
        target = self._target(change)
        self._make(target.parent)
        new = target.with_name(f".{target.name}.{os.getpid()}")
        self.beside[change.path] = new
        new.write_bytes(change.after)
        if change.before is not None:
            shutil.copymode(target, new)

    def put(self, change: Change) -> None:
        """Renames it into its place."""
        self.beside[change.path].replace(self._target(change))
        self.done.append(change)

    def take_back(self) -> None:
        """Leaves all as it was, as far as the disk lets it."""
        for change in self.done:
            target = self._target(change)
            with suppress(OSError):
                if change.before is None:
                    target.unlink()
                else:
                    target.write_bytes(change.before)
        for new in self.beside.values():
            with suppress(OSError):
                new.unlink(missing_ok=True)
        for folder in reversed(self.folders):
            with suppress(OSError):
                folder.rmdir()

    def _target(self, change: Change) -> Path:
        """The file itself, where its place is a link to it."""
        path = self.project / change.path
        real = path.resolve()
        if not real.is_relative_to(self.top.resolve()) or ".git" in real.parts:
            raise leads_out(change.path)
        return real if path.is_symlink() else path

    def _make(self, folder: Path) -> None:
        missing = [f for f in (folder, *folder.parents) if not f.exists()]
        for one in reversed(missing):
            one.mkdir()
            self.folders.append(one)
