"""Where the content of a file is, found and unread."""

from __future__ import annotations

from typing import NamedTuple

from dvcinc.snapshot.dvcouts import Out
from dvcinc.snapshot.git import Git


class Piece(NamedTuple):
    """Where the content of a file is: in a repository, or in DVC's cache.

    Attributes:
        content: Its id; see `Found`.
        git: The repository that has it; `None` where DVC has it.
        out: What DVC calls it.
    """

    content: str
    git: Git | None
    out: Out | None = None


def piece_of(out: Out) -> Piece:
    """The piece of a file that DVC tracks; DVC 2's hash leaves line ends open."""
    kind = "md5-dos2unix" if out.legacy else "md5"
    return Piece(f"{kind}:{out.md5}", None, out)
