"""What a commit or a push touches, and whether it can matter for training: in a blink.

In go the index or two commits; out goes yes or no, before anything heavy is imported.
Yes only means that somebody has to look; no is never wrong about data in their places.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from dvcinc.errors import InputError
from dvcinc.snapshot.git import Git

INDEX = ":0"
"""What `Git.at` calls the index."""
_RAW = ("--raw", "-z", "--no-renames", "--no-ext-diff", "--no-abbrev")
_PLAIN = frozenset({"000000", "100644", "100664", "100755"})
_PARAMS = "params.yaml"
_OWN = (_PARAMS, "dvc.yaml", "plan")
# No format of training data has them; that a lookup names such a file is far-fetched.
# fmt: off
_PROGRAMS = frozenset({
    ".bat", ".c", ".cc", ".cfg", ".cpp", ".cs", ".css", ".gif", ".go", ".h", ".hpp",
    ".html", ".ico", ".ini", ".ipynb", ".java", ".jpeg", ".jpg", ".js", ".jsx", ".kt",
    ".mjs", ".pdf", ".png", ".ps1", ".py", ".pyi", ".rb", ".rs", ".rst", ".scss", ".sh",
    ".sql", ".svg", ".tf", ".toml", ".ts", ".tsx", ".vue", ".webp", ".woff", ".woff2",
})
_NAMES = frozenset({
    ".dockerignore", ".editorconfig", ".gitattributes", ".gitignore", "Dockerfile",
    "LICENSE", "Makefile",
})
# fmt: on
# Training data may be written in them, but then they lie where `data` says.
_WRITTEN = frozenset({".json", ".md", ".yaml", ".yml"})


class Touched(NamedTuple):
    """A path that differs.

    Attributes:
        path: From the top of the repository.
        is_plain: Whether it is a regular file, or none, on both sides.
    """

    path: str
    is_plain: bool


def staged(git: Git) -> list[Touched] | None:
    """What the next commit changes, `None` where it will be the first."""
    if git.head() is None:
        return None
    return list(_touched(git.run("diff-index", "--cached", *_RAW, "HEAD", "--")))


def between(git: Git, old: str, new: str) -> list[Touched]:
    """What differs between two commits."""
    return list(_touched(git.run("diff-tree", "-r", *_RAW, old, new, "--")))


def all_of(git: Git, commit: str) -> list[Touched]:
    """All of the project that a commit holds, as if there had been nothing before."""
    entries = git.tree(commit)
    return [Touched(git.full(one.path), is_plain=one.is_file) for one in entries]


def _touched(listed: bytes) -> Iterator[Touched]:
    fields = listed.decode(errors="surrogateescape").split("\0")
    for about, path in zip(fields[::2], fields[1::2], strict=False):
        old, new, *_ = about.removeprefix(":").split(" ")
        yield Touched(path, is_plain={old, new} <= _PLAIN)


def may_matter(git: Git, at: str, touched: Sequence[Touched]) -> bool:
    """Whether what is touched may be something that a project trains on.

    Args:
        git: The repository, as seen from the project.
        at: The side afterwards: `INDEX`, or the id of a commit.
        touched: What differs.
    """
    left = [one for one in touched if not (one.is_plain and _is_program(one.path))]
    if not left:
        return False
    if any(not one.is_plain or _suffix(one.path) not in _WRITTEN for one in left):
        return True
    places = _places(git, at)
    if not places or any(_covers(places, one.path) for one in left):
        return True
    return _is_linked(git, at, places)


def _is_program(path: str) -> bool:
    return _suffix(path) in _PROGRAMS or posixpath.basename(path) in _NAMES


def _suffix(path: str) -> str:
    return posixpath.splitext(path)[1]


def _places(git: Git, at: str) -> list[str]:
    """Where what is trained on lies, from the top; nothing where that is anywhere."""
    # Reads YAML, which most commits to other things can do without.
    from dvcinc.params import read_params  # noqa: PLC0415

    (found,) = git.at(at, [_PARAMS])
    try:
        data = read_params(None if found is None else found.data).data
    except InputError:
        return []
    places = [git.full(p) for p in (*data.nlu, *data.domain, data.config, *_OWN)]
    inside = all(p.startswith(git.prefix) and p[0] != "." for p in places)
    return places if inside else []


def _is_linked(git: Git, at: str, places: Sequence[str]) -> bool:
    """Whether a link, there or above, may lead to data that lie elsewhere."""
    tops = sorted({place.removeprefix(git.prefix).split("/")[0] for place in places})
    entries = git.index(tops) if at == INDEX else git.tree(at, tops)
    return any(not entry.is_file for entry in entries)


def _covers(places: Sequence[str], path: str) -> bool:
    return any(path == place or path.startswith(f"{place}/") for place in places)
