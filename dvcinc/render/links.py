"""Links to a file and line at a commit, as GitHub and GitLab write them."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from enum import Enum
from urllib.parse import quote

from dvcinc.errors import InputError
from dvcinc.render.document import Document, Spot
from dvcinc.render.escape import code

_COMMIT = re.compile("[0-9a-f]{40,64}")
# Nothing that ends a link, and no name or password.
_REPOSITORY = re.compile(r"https?://[A-Za-z0-9.:\[\]-]+(?:/[A-Za-z0-9._~%+-]+)*")
_MAX_URL = 800


class Forge(Enum):
    """Where pull requests live."""

    GITHUB = "github"
    GITLAB = "gitlab"


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """What links are made from; none of it comes from a document.

    Attributes:
        forge: Whose links.
        repository: The repository's page; `None` for no links.
        head: The head commit; else the document's new side.
        base: The commit that is compared with; else the document's old side.

    Raises:
        InputError: The page or a commit is none.
    """

    forge: Forge = Forge.GITHUB
    repository: str | None = None
    head: str | None = None
    base: str | None = None

    def __post_init__(self) -> None:
        if self.repository is not None and not _REPOSITORY.fullmatch(self.repository):
            raise InputError(f"{self.repository!r} is no page of a repository")
        for commit in (self.head, self.base):
            if commit is not None and not _COMMIT.fullmatch(commit):
                raise InputError(f"{commit!r} is no commit's id")


def repository_path(project: str, path: str) -> str | None:
    """A project's path from the top of the repository; `None` if it leads out of it."""
    found = posixpath.normpath(posixpath.join(project, path))
    outside = found.startswith(("/", "../")) or found in {".", ".."}
    return None if outside else found


def spot_link(spot: Spot, document: Document, links: Links) -> str:
    """A place as Markdown: a link where one can be made, else code."""
    side = document.old if spot.old else document.new
    given = links.base if spot.old else links.head
    text = code(f"{spot.path}:{spot.line}")
    path = repository_path(document.project, spot.path)
    url = _url(links, given or side.commit, path, spot.line)
    return f"[{text}]({url})" if url else text


def commit_link(commit: str, links: Links) -> str:
    """A commit as Markdown."""
    text = f"`{commit[:10]}`"
    if links.repository is None:
        return text
    way = "commit" if links.forge is Forge.GITHUB else "-/commit"
    return f"[{text}]({links.repository}/{way}/{commit})"


def _url(links: Links, commit: str | None, path: str | None, line: int) -> str | None:
    if links.repository is None or commit is None or path is None:
        return None
    way = "blob" if links.forge is Forge.GITHUB else "-/blob"
    url = f"{links.repository}/{way}/{commit}/{quote(path, safe='/')}#L{line}"
    return url if len(url) <= _MAX_URL else None
