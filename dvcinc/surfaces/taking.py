"""Files of decisions to documents: what may be anybody's is bounded on its way in.

A fork's artifact may hold as many files as it likes, of any kind, size and name.
"""

from __future__ import annotations

import stat
from collections.abc import Collection, Sequence
from pathlib import Path
from posixpath import normpath

from dvcinc.errors import InputError
from dvcinc.forge import runner
from dvcinc.render.decision import read_decision
from dvcinc.render.document import Document
from dvcinc.render.escape import shown
from dvcinc.render.written import MAX_BYTES

MAX_DECISIONS = 20
"""Each may take a second to read, and gets a comment of its own."""


def check_count(files: Sequence[Path], expected: Collection[str]) -> None:
    """Refuses more files of somebody else's than anybody has a use for.

    Args:
        files: The files.
        expected: The projects that are known; with some, there may be as many files.

    Raises:
        InputError: There are more.
    """
    most = max(MAX_DECISIONS, len(expected))
    if len(files) > most:
        raise InputError(
            f"{len(files):,} decisions are more than the {most} that are taken",
            "name the projects by --expect: of so many there may be decisions",
        )


def take(files: Sequence[Path]) -> list[Document]:
    """The decisions that files hold.

    Raises:
        InputError: One is no plain file, or holds none.
    """
    return [document_of(_read(file), str(file)) for file in files]


def parted(
    documents: Sequence[Document], expected: Collection[str]
) -> tuple[list[Document], list[str]]:
    """The documents of projects that are expected, and the names of the others.

    Args:
        documents: The documents.
        expected: The projects; none where any will do.
    """
    if not expected:
        return [*documents], []
    known = {normpath(project) for project in expected}
    kept = [one for one in documents if one.project in known]
    return kept, [shown(d.project) for d in documents if d.project not in known]


def document_of(data: bytes, name: str) -> Document:
    """A decision document, whoever wrote it.

    Raises:
        InputError: It is none.
    """
    try:
        return read_decision(data, name)
    except InputError as error:
        # It may quote what a fork wrote, and a runner reads the log.
        raise InputError(runner.line(error.message), error.hint) from error


def _read(file: Path) -> bytes:
    """A regular file, if it is no longer than a decision may be."""
    try:
        found = file.lstat()
        if not stat.S_ISREG(found.st_mode):
            raise InputError(runner.line(f"{file}: is no regular file"))
        if found.st_size > MAX_BYTES:
            said = f"{file}: is longer than {MAX_BYTES:,} bytes"
            raise InputError(runner.line(said))
        return file.read_bytes()
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise InputError(runner.line(f"{file}: cannot be read: {why}")) from error
