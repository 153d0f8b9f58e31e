"""Looks at the repository: Git, DVC, what `dvcinc install` sets up, line ends."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

from dvcinc.adopt.check import Check, Patient, State
from dvcinc.adopt.dvcfile import PATH as PIPELINE
from dvcinc.adopt.ignored import ATTRIBUTES, with_attributes
from dvcinc.adopt.repositories import dvc_init
from dvcinc.errors import CannotTellError
from dvcinc.params import PATH as PARAMS
from dvcinc.release import getting
from dvcinc.snapshot.database import MAX_BYTES
from dvcinc.snapshot.dvcconfig import default_remote, dvc_root, has_remote
from dvcinc.snapshot.git import Git
from dvcinc.snapshot.hookfolder import HookFolder, hook_folder
from dvcinc.snapshot.store import FOLDER
from dvcinc.stages.paths import TRACKED

_HOOKS = ("pre-commit", "commit-msg", "prepare-commit-msg", "pre-push")
_PRE_COMMIT = ".pre-commit-config.yaml"
_OURS = b"dvcinc"
_PRE_INSTALL, _INSTALL = "pre-commit install", "dvcinc install"
_MEGA = 1 << 20


def look_at_repository(patient: Patient) -> Iterator[Check]:
    """Whether there is a repository, with a commit and all of its history."""
    git = patient.here.git
    if git is None:
        todo = "git init, or give the project with --project DIR"
        yield Check("repository", State.PROBLEM, "no Git repository here", todo)
        return
    where = f"project {git.prefix.rstrip('/') or '.'} of {git.top.name or git.top}"
    if git.head() is None:
        todo = "git add --all && git commit"
        yield Check("repository", State.WARNING, f"{where}; no commit yet", todo)
    else:
        yield Check("repository", State.OK, where)
    if git.is_shallow():
        said = "history is cut off: earlier bases and models cannot be found"
        todo = "git fetch --unshallow; in CI: fetch-depth: 0"
        yield Check("history", State.WARNING, said, todo)
    else:
        yield Check("history", State.OK, "all of it is here")


def look_at_dvc_repository(patient: Patient) -> Iterator[Check]:
    """Whether `dvc init` was run, and where models are pushed to."""
    root = dvc_root(patient.path, patient.here.top.resolve())
    if root is None:
        said, todo = "not set up in this repository", dvc_init(patient.here)
        yield Check("dvc init", State.PROBLEM, said, todo)
        return
    yield Check("dvc init", State.OK, "set up")
    name = default_remote(root)
    if name is None or not has_remote(root):
        said = "no default remote: models stay on this machine"
        todo = "dvc remote add --default NAME URL"
        yield Check("remote", State.WARNING, said, todo)
    elif patient.online:
        yield _asked(patient.path, name)
    else:
        yield Check("remote", State.OK, f"{name} (--online asks whether it answers)")


def _asked(project: Path, name: str) -> Check:
    if find_spec("dvc") is None:
        said, todo = f"{name}: DVC is not installed", getting("train")
        return Check("remote", State.WARNING, said, todo)
    # Imports DVC, which takes a second.
    from dvcinc.stages.remote import reach  # noqa: PLC0415

    try:
        there = reach(project)
    except CannotTellError as error:
        todo = "see dvc remote list, the network and your credentials"
        return Check("remote", State.PROBLEM, f"{name}: {error.message}", todo)
    if there:
        return Check("remote", State.OK, f"{name} answers")
    said = f"{name} answers, but holds nothing yet"
    return Check("remote", State.WARNING, said, "dvc push")


def look_at_merge_driver(patient: Patient) -> Iterator[Check]:
    """Whether Git merges what `dvc repro` writes, in this clone."""
    here = patient.here
    if here.git is None:
        return
    said = here.read(ATTRIBUTES) or b""
    named = with_attributes(said) == said
    is_set = here.git.try_run("config", "--get", "merge.dvcinc.driver")
    if named and is_set:
        yield Check("merge driver", State.OK, "set up")
    elif named:
        todo = "dvcinc install"
        said_ = f"{ATTRIBUTES} names it, and this clone does not know it"
        yield Check("merge driver", State.WARNING, said_, todo)
    else:
        yield Check("merge driver", State.WARNING, "not set up", "dvcinc install")


def look_at_hooks(patient: Patient) -> Iterator[Check]:
    """Whether a hook of this clone runs dvcinc, by itself or through pre-commit."""
    git = patient.here.git
    if git is None:
        return
    folder = hook_folder(git)
    hooks = [name for name in _HOOKS if _OURS in _read(folder.path / name)]
    listed = _OURS in _read(git.top / _PRE_COMMIT)
    managed = any(b"pre-commit" in _read(folder.path / name) for name in _HOOKS)
    if hooks:
        aside = f", in {folder.path} for all repositories" if folder.sharing else ""
        yield Check("hooks", State.OK, ", ".join(hooks) + aside)
    elif listed and managed:
        yield Check("hooks", State.OK, "by pre-commit")
    elif listed:
        said = f"{_PRE_COMMIT} names them, and this clone does not run them"
        yield Check("hooks", State.WARNING, *_elsewhere(said, folder, _PRE_INSTALL))
    else:
        said = "no hook warns before a commit that needs training from scratch"
        yield Check("hooks", State.WARNING, *_elsewhere(said, folder, _INSTALL))


def _elsewhere(said: str, folder: HookFolder, todo: str) -> tuple[str, str]:
    """What was seen and what to do, where hooks may not be the repository's own."""
    if not folder.sharing:
        return said, todo
    said = f"{said}; Git looks in {folder.path}, where {folder.sharing} leads"
    if todo == _PRE_INSTALL:
        # It installs nothing where `core.hooksPath` is set.
        return said, f"let {folder.path}/pre-commit run pre-commit"
    return said, f"{todo} tells the choices"


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def look_at_line_ends(patient: Patient) -> Iterator[Check]:
    """Whether files have other line ends here than in Git: DVC hashes what is here."""
    git = patient.here.git
    if git is None:
        return
    turned = list(_turned(git))
    if turned:
        more = f" and {len(turned) - 1} more" if turned[1:] else ""
        said = f"{turned[0]}{more}: other line ends here than in Git, other hashes"
        todo = (
            f'write "* text=auto eol=lf" into {ATTRIBUTES}, then '
            "git add --renormalize . and check the files out again"
        )
        yield Check("line ends", State.WARNING, said, todo)
    elif _will_turn(git):
        said = "core.autocrlf is true: the next checkout changes bytes that DVC hashes"
        todo = f'write "* text=auto eol=lf" into {ATTRIBUTES}, or set it to input'
        yield Check("line ends", State.WARNING, said, todo)
    else:
        yield Check("line ends", State.OK, "as in Git")


def _will_turn(git: Git) -> bool:
    """Whether a checkout gives files other line ends, for all that attributes say."""
    if git.try_run("config", "--type=bool", "--get", "core.autocrlf") != "true":
        return False
    said = git.try_run("check-attr", "eol", "text", "--", git.full(PARAMS)) or ""
    return not any(line.endswith((" lf", " unset")) for line in said.split("\n"))


def _turned(git: Git) -> Iterator[str]:
    """Files that Git has with Unix line ends, and this clone with those of Windows."""
    pattern = [git.full("."), *(git.full(p) for p in (PIPELINE, PARAMS, *TRACKED))]
    listed = git.run("ls-files", "--eol", "-z", "--", *pattern)
    for line in listed.split(b"\0"):
        about, _, path = line.partition(b"\t")
        words = about.split()
        if b"i/lf" in words and b"w/crlf" in words:
            yield path.decode("utf-8", "replace").removeprefix(git.prefix)


def look_at_store(patient: Patient) -> Iterator[Check]:
    """The store of what is known of file contents: how large, and whether whole."""
    git = patient.here.git
    if git is None:
        return
    folder = git.directory / FOLDER
    files = sorted(folder.glob("*.sqlite"))
    size = sum(path.stat().st_size for path in files)
    broken = [path for path in files if not _is_whole(path)]
    said = f"{size / _MEGA:.1f} MB" if files else "empty"
    if broken:
        todo = f"rm {broken[0]}; it is made again"
        yield Check("store", State.WARNING, f"{said}; broken: {broken[0].name}", todo)
    elif size > MAX_BYTES:
        yield Check("store", State.WARNING, said, f"rm -r {folder}; it is made again")
    else:
        yield Check("store", State.OK, said)


def _is_whole(path: Path) -> bool:
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as database:
            rows = database.execute("PRAGMA quick_check(1)").fetchall()
    except sqlite3.Error:
        return False
    return rows == [("ok",)]
