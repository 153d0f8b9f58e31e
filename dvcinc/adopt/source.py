"""Where CI takes dvcinc from: as named, a release, or what pip has installed here.

What `init` writes has to work when it is written, so nothing names a release before
there is one.
"""

from __future__ import annotations

import json
import re
from importlib.metadata import PackageNotFoundError, distribution
from typing import NamedTuple

from dvcinc.errors import InputError
from dvcinc.release import TAG, URL

FORM = "OWNER/REPO@COMMIT"
"""What stands in the templates for it, and how people say it."""
_GITHUB = "https://github.com/"
_REF = r"[A-Za-z0-9][\w./+-]*"
_NAMED = re.compile(rf"([\w-][\w.-]*/[\w.-]+)@({_REF})", re.ASCII)
# No user and no query: what stands here is committed.
_ADDRESS = re.compile(rf"(https://[\w.-]+(?::\d+)?(?:/[\w.~-]+)+)@({_REF})", re.ASCII)
_COMMIT = re.compile("[0-9a-f]{40}(?:[0-9a-f]{24})?")


class Source(NamedTuple):
    """A repository that holds dvcinc, and a commit or tag of it."""

    url: str
    ref: str

    @property
    def requirement(self) -> str:
        """What pip installs."""
        return f"git+{self.url}@{self.ref}"

    @property
    def action(self) -> str | None:
        """What a workflow of GitHub's uses; `None` where it lies elsewhere."""
        if not self.url.startswith(_GITHUB):
            return None
        return f"{self.url.removeprefix(_GITHUB).removesuffix('.git')}@{self.ref}"

    @property
    def is_commit(self) -> bool:
        """Whether nobody can move it."""
        return _COMMIT.fullmatch(self.ref) is not None


def read_source(said: str) -> Source:
    """A source as people name it: `OWNER/REPO@COMMIT` of GitHub, or an address.

    Raises:
        InputError: It is neither.
    """
    address = said.removeprefix("git+")
    if found := _ADDRESS.fullmatch(address):
        return Source(found[1], found[2])
    if found := _NAMED.fullmatch(address):
        return Source(_GITHUB + found[1], found[2])
    raise InputError(
        f"{said!r} does not say where dvcinc lies",
        f"say {FORM} of GitHub, or https://HOST/PATH@COMMIT",
    )


def known_source(tag: str | None = TAG) -> Source | None:
    """The release; without one, the commit that pip has installed this dvcinc from."""
    return installed_from(_direct_url()) if tag is None else Source(URL, tag)


def _direct_url() -> str | None:
    try:
        return distribution("dvcinc").read_text("direct_url.json")
    except PackageNotFoundError:
        return None


def installed_from(direct_url: str | None) -> Source | None:
    """The commit that pip notes down for what it installs from Git (PEP 610).

    Args:
        direct_url: The file `direct_url.json`; a folder or a wheel is no source.
    """
    try:
        noted = json.loads(direct_url or "{}")
        said = f"{noted['url']}@{noted['vcs_info']['commit_id']}"
    except (ValueError, KeyError, TypeError):
        return None
    found = _ADDRESS.fullmatch(said)
    source = Source(found[1], found[2]) if found else None
    return source if source and source.is_commit else None
