"""Names of projects, as anybody may write them, and the hidden lines of comments.

A comment begins with such a line, by which it is found again.
"""

from __future__ import annotations

import hashlib
import re
from urllib.parse import quote, unquote

_MAX = 200
_LINE = re.compile(r"<!-- dvcinc:comment project=([\w.~/%]+) -->", re.ASCII)


def marker(project: str) -> str:
    """The hidden line that a project's comment begins with; no name can end it."""
    name = quote(project, safe="/").replace("-", "%2D")
    if len(name) > _MAX:
        name = f"sha256:{hashlib.sha256(project.encode()).hexdigest()}"
    return f"<!-- dvcinc:comment project={name} -->"


def project_of(line: str) -> str | None:
    """The project of such a line; `None` where it is none, or does not name it."""
    found = _LINE.fullmatch(line)
    project = unquote(found[1]) if found else ""
    return project if stays_inside(project) and marker(project) == line else None


def stays_inside(project: str) -> bool:
    """Whether a project's path leads nowhere but below the top of its repository."""
    return project[:1] not in ("", "/") and ".." not in project.split("/")
