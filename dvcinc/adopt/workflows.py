"""Workflows for a forge's CI: templates of this package to files of a repository.

A file of ours that is there gets the project that it lacks; one of somebody else's is
left alone, and a note says so.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from enum import Enum
from importlib import resources
from typing import NamedTuple

from dvcinc.adopt.find import Ground
from dvcinc.adopt.source import FORM, Source, read_source
from dvcinc.errors import InputError
from dvcinc.snapshot.dvcconfig import dvc_root, remote_scheme
from dvcinc.text.visible import visible

GITLAB_CI = ".gitlab-ci.yml"
_OURS = b"# dvcinc: "
_TRAIN = "dvcinc-train.yml"
_PROJECTS = re.compile(
    r"^( *)(?:projects|expect|PROJECTS|default): \|\n((?:\1 +\S.*\n)+)", re.MULTILINE
)
_REMOTE = re.compile(
    r'(DVC_REMOTE: |^    remote:\n.*\n      default: )""', re.MULTILINE
)
# Of a URL or of `user@host:path`; a folder has no host.
_HOST = re.compile(r"(?:[a-z+]+://(?:[^@/]*@)?|[^@/:]+@)([^/:]+)")
_INCLUDE = re.compile(r"^include\s*:", re.MULTILINE)
_PLAIN = re.compile(r"[A-Za-z][\w./-]*")
# Expressions of the forges, and what ends or indents a line of YAML.
_EXPRESSION = re.compile(r"\$(?:\{\{|\[\[)")
_UNFIT = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]|^\s|\s$"
)
_UNPINNED = " # zizmor: ignore[unpinned-uses]"
# What `dvc[…]` calls the packages for a remote; the rest needs none.
_EXTRAS = {
    **{name: name for name in ("s3", "gs", "azure", "ssh", "oss", "gdrive", "hdfs")},
    "webhdfs": "webhdfs",
    "webdav": "webdav",
    "webdavs": "webdav",
}


class Host(Enum):
    """Whose CI it is."""

    GITHUB = "github"
    GITLAB = "gitlab"


_FOLDERS = {Host.GITHUB: ".github/workflows", Host.GITLAB: ".gitlab"}
_FILES = {
    Host.GITHUB: ("dvcinc.yml", "dvcinc-comment.yml", _TRAIN),
    Host.GITLAB: ("dvcinc.yml", _TRAIN),
}
_ABOUT = {
    "dvcinc.yml": "a comment on each pull request",
    "dvcinc-comment.yml": "the same for those from forks",
    _TRAIN: "training of what is pushed",
}


class Workflow(NamedTuple):
    """A file as it should be, from the project; without content, a note about it."""

    path: str
    content: bytes | None
    about: str


def present(here: Ground) -> Iterator[tuple[str, str]]:
    """The files for CI that are there, and dvcinc's: path from the top, and text.

    Raises:
        InputError: One cannot be read.
    """
    up = _up(here)
    for host, names in _FILES.items():
        for name in names:
            path = f"{_FOLDERS[host]}/{name}"
            content = here.read(f"{up}{path}")
            if content is not None and content.startswith(_OURS):
                yield path, content.decode("utf-8", "replace")


def host_of(here: Ground) -> Host | None:
    """The forge that a repository belongs to: by its remote, else by its files."""
    if here.git is None:
        return None
    url = here.git.try_run("remote", "get-url", "origin") or ""
    named = _HOST.match(url.casefold())
    for host in Host:
        if named and host.value in named[1]:
            return host
    top = here.git.top
    if (top / GITLAB_CI).is_file():
        return Host.GITLAB
    return Host.GITHUB if (top / ".github").is_dir() else None


def workflows(
    here: Ground, host: Host, *, train: bool, source: Source | None, strict: bool
) -> Iterator[Workflow]:
    """The files for a forge; training only where it is asked for.

    Args:
        here: Where the assistant lies.
        host: The forge.
        train: Whether CI is to train, too.
        source: Where CI takes dvcinc from; without it, no file is new.
        strict: Whether a file that lacks for that is an error, not a note.

    Raises:
        InputError: A file cannot be read, or what has to stand in it must not.
    """
    project = _project(here, host)
    up = _up(here)
    usable = source is not None and (host is Host.GITLAB or source.action is not None)
    written, lacking = [], []
    for name in _FILES[host]:
        path = f"{up}{_FOLDERS[host]}/{name}"
        before = here.read(path)
        if before is None and name == _TRAIN and not train:
            continue
        if before is not None:
            yield _there(path, before, project)
        elif source is not None and usable:
            content = _filled(here, host, name, project, source)
            yield Workflow(path, content, _ABOUT[name])
        else:
            lacking.append(name)
            continue
        written.append(f"{_FOLDERS[host]}/{name}")
    if lacking:
        yield _lacking(host, lacking, source, strict=strict)
    if host is Host.GITLAB:
        yield from _included(here, f"{up}{GITLAB_CI}", written)


def _up(here: Ground) -> str:
    """From the project to the top of its repository."""
    return "../" * here.git.prefix.count("/") if here.git is not None else ""


def _project(here: Ground, host: Host) -> str:
    """The project as it stands in a list of a workflow."""
    project = here.git.prefix.rstrip("/") if here.git is not None else ""
    # GitLab puts the values of variables into variables.
    expanded = host is Host.GITLAB and "$" in project
    if expanded or _EXPRESSION.search(project) or _UNFIT.search(project):
        raise InputError(
            f"the directory {visible(project)!r} must not stand in a workflow of "
            f"{host.value}: it would be read as something else",
            "rename it, or run dvcinc init --no-workflow",
        )
    return project or "."


def _lacking(
    host: Host, names: list[str], source: Source | None, *, strict: bool
) -> Workflow:
    """What is told where CI would have nothing to use."""
    files = ", ".join(f"{_FOLDERS[host]}/{name}" for name in names)
    why = "no release of dvcinc is there for CI to use"
    if source is not None:
        why = f"a workflow of GitHub can use what lies on GitHub, not {source.url}"
    said = f"{files}: not written, since {why}"
    way_out = f"name a commit that CI is to use: dvcinc init --source {FORM}"
    if strict:
        raise InputError(said, way_out)
    return Workflow(names[0], None, f"{said}: {way_out}")


def _there(path: str, before: bytes, project: str) -> Workflow:
    """A file that is there, with the project in its list."""
    if not before.startswith(_OURS):
        return Workflow(path, None, f"{path} is not dvcinc's, and left alone")
    text = before.decode("utf-8", "replace")
    after = _PROJECTS.sub(lambda found: _with(found, project), text, count=1)
    return Workflow(path, before if after == text else after.encode(), "this project")


def _filled(here: Ground, host: Host, name: str, project: str, source: Source) -> bytes:
    """A template with all that it leaves open."""
    text = template(host, name, source)
    text = _PROJECTS.sub(lambda found: _only(found, project), text, count=1)
    return _fitted(here, text).encode()


def template(host: Host, name: str, source: Source) -> str:
    """A template with the dvcinc that CI is to use."""
    folder = resources.files("dvcinc.adopt") / "templates" / host.value
    text = (folder / name).read_text(encoding="utf-8")
    if source.is_commit:
        text = text.replace(_UNPINNED, "")
    text = text.replace(read_source(FORM).requirement, source.requirement)
    return text.replace(FORM, source.action or "")


def _only(found: re.Match[str], project: str) -> str:
    """The list with just this project."""
    return found[0].removesuffix(found[2]) + found[2].replace(".\n", f"{project}\n")


def _with(found: re.Match[str], project: str) -> str:
    """The list with this project, too."""
    listed = found[2].splitlines()
    if project in (line.strip() for line in listed):
        return found[0]
    indent = " " * (len(listed[-1]) - len(listed[-1].lstrip()))
    return f"{found[0]}{indent}{project}\n"


def _fitted(here: Ground, text: str) -> str:
    """A template with the branch and the remote of this repository."""
    if here.git is None:
        return text
    root = dvc_root(here.project, here.git.top)
    extra = _EXTRAS.get(remote_scheme(root), "") if root else ""
    if extra:
        text = _REMOTE.sub(rf"\g<1>{extra}", text)
    branch = _branch(here)
    said = branch if _PLAIN.fullmatch(branch) else json.dumps(branch)
    return text.replace("      - main\n", f"      - {said}\n")


def _branch(here: Ground) -> str:
    assert here.git is not None  # noqa: S101 - who calls looks
    default = here.git.try_run("symbolic-ref", "--short", "refs/remotes/origin/HEAD")
    if default:
        return default.strip().removeprefix("origin/")
    now = here.git.try_run("symbolic-ref", "--short", "HEAD")
    return now.strip() if now else "main"


def _included(here: Ground, path: str, files: list[str]) -> Iterator[Workflow]:
    """What makes GitLab read the templates."""
    before = here.read(path)
    text = (before or b"").decode("utf-8", "replace")
    missing = [file for file in files if file not in text]
    lines = "".join(f"  - local: {file}\n" for file in missing)
    if not missing:
        return
    if _INCLUDE.search(text):
        said = ", ".join(f"- local: {file}" for file in missing)
        yield Workflow(path, None, f"{path} has an include of its own: add {said}")
        return
    gap = "" if not text else "\n" if text.endswith("\n") else "\n\n"
    content = (before or b"") + f"{gap}include:\n{lines}".encode()
    yield Workflow(path, content, "what includes them")
