"""Finds the repository of a project, whatever a hook's environment says of another.

A hook is told of its repository by `GIT_DIR`, `GIT_INDEX_FILE` and others, some of
them relative to where the hook was started; git is run elsewhere.
"""

from __future__ import annotations

import os
import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from dvcinc.errors import CannotTellError, GitError
from dvcinc.snapshot.process import Done, Place

# Git echoes what it does not know; between these stand paths that may hold new lines.
_MARK = "--dvcinc-mark"
_QUESTIONS = (
    "--is-bare-repository",
    "--is-inside-work-tree",
    "--show-object-format",
    "--is-shallow-repository",
    _MARK,
    "--absolute-git-dir",
    _MARK,
    "--git-common-dir",
    _MARK,
    "--show-prefix",
)
_WHERE = ("GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_PREFIX")
_STORES = ("GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES")
# What belongs to one repository: wrong for every other one.
LOCAL = (*_WHERE, *_STORES, "GIT_INDEX_FILE", "GIT_QUARANTINE_PATH")


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovered:
    """A repository, and where a project lies in it.

    Attributes:
        place: Where git is run: the top of the work tree, or a bare repository.
        prefix: The project's path from the top, empty or ending in `/`.
        directory: The Git directory that all work trees share.
        own: The Git directory of this work tree alone.
        bare: Whether there is no work tree.
        shallow: Whether history was cut off.
        algorithm: That of object ids: `sha1` or `sha256`.
    """

    place: Place
    prefix: str
    directory: Path
    own: Path
    bare: bool
    shallow: bool
    algorithm: str


def discover(project: Path) -> Discovered:
    """The repository that holds a project directory.

    In a bare repository, a path that is not on disk is one in its trees.

    Raises:
        GitError: There is none, or git is not installed.
        CannotTellError: Git refuses to read it, since it is somebody else's.
    """
    start = _nearest_folder(project)
    own = _without(os.environ, LOCAL)
    found = _ask(start, own)
    given = os.environ.get("GIT_DIR")
    if given and not _is_of(found, Path(given)):
        hooked = _ask(Path(), dict(os.environ))
        if isinstance(hooked, Done) and os.environ.get("GIT_WORK_TREE"):
            hooked = _ask(start, _from_anywhere(os.environ))
        if isinstance(hooked, Discovered) and _holds(hooked, found, project):
            return _seen_from(hooked, project)
    if isinstance(found, Done):
        raise _refused(project, found.said)
    if start != project and not found.bare:
        raise GitError(f"{project} is no directory")
    if not given and not _same_repository(start, Path()):
        return _within(found, project, start)
    return _with_stores(_within(found, project, start))


def _nearest_folder(path: Path) -> Path:
    return next((p for p in (path, *path.parents) if p.is_dir()), path)


def _without(environment: Mapping[str, str], names: tuple[str, ...]) -> dict[str, str]:
    return {k: v for k, v in environment.items() if k not in names}


def _from_anywhere(environment: Mapping[str, str]) -> dict[str, str]:
    """What names a repository, as it is to be said elsewhere than where it was set."""
    named = {name: environment[name] for name in _WHERE if environment.get(name)}
    named = {name: str(Path(said).absolute()) for name, said in named.items()}
    return {**environment, **named, **_absolute(environment)}


def _ask(start: Path, environment: dict[str, str]) -> Discovered | Done:
    done = Place(start, environment).run(["rev-parse", *_QUESTIONS])
    if done.code:
        return done
    mark = f"\n{_MARK}\n".encode()
    facts, git_dir, common, prefix = done.out.split(mark)
    bare, inside, algorithm, shallow = facts.decode().split("\n")
    below = os.fsdecode(prefix).removesuffix("\n")
    if bare == "false" and inside == "false":
        return Done(1, b"", "the directory lies in a Git directory, not in a work tree")
    own = Path(os.fsdecode(git_dir))
    folder = start.resolve()
    top = own if bare == "true" else folder.joinpath(*[".."] * below.count("/"))
    settled = _without(environment, ("GIT_PREFIX",))
    if "GIT_DIR" in settled:
        settled |= _absolute(settled)
        settled |= {"GIT_DIR": str(own), "GIT_WORK_TREE": str(top.resolve())}
    return Discovered(
        place=Place(top.resolve(), settled),
        prefix=below,
        directory=(folder / os.fsdecode(common)).resolve(),
        own=own,
        bare=bare == "true",
        shallow=shallow == "true",
        algorithm=algorithm,
    )


def _is_of(found: Discovered | Done, given: Path) -> bool:
    """Whether a found repository is the one that the environment names."""
    if isinstance(found, Done):
        return False
    named = given.resolve()
    return found.directory in {named, *named.parents}


def _holds(hooked: Discovered, found: Discovered | Done, project: Path) -> bool:
    """Whether the environment's work tree holds a project, and no nearer one does."""
    top = hooked.place.directory
    if not hooked.bare and not project.resolve().is_relative_to(top):
        return False
    nearer = None if isinstance(found, Done) else found.place.directory
    return nearer is None or nearer == top or top.is_relative_to(nearer)


def _seen_from(hooked: Discovered, project: Path) -> Discovered:
    if hooked.bare:
        return _within(hooked, project, Path())
    rest = project.resolve().relative_to(hooked.place.directory).as_posix()
    return replace(hooked, prefix="" if rest == "." else f"{rest}/")


def _within(found: Discovered, project: Path, start: Path) -> Discovered:
    """In a bare repository: the project's path in its trees, from where it is given."""
    if not found.bare:
        return found
    below = project.absolute().relative_to(start.absolute()).as_posix()
    real = start.resolve() / posixpath.normpath(below)
    rest = real.relative_to(found.place.directory).as_posix()
    return replace(found, prefix="" if rest == "." else f"{rest}/")


def _same_repository(one: Path, other: Path) -> bool:
    return _nearest_git(one) == _nearest_git(other)


def _nearest_git(start: Path) -> Path | None:
    here = start.resolve()
    return next((p for p in (here, *here.parents) if (p / ".git").exists()), None)


def _with_stores(found: Discovered) -> Discovered:
    """With the index and the objects of the commit or push that is being made."""
    names = (*_STORES, "GIT_INDEX_FILE", "GIT_QUARANTINE_PATH")
    told = {name: os.environ[name] for name in names if name in os.environ}
    place = Place(
        found.place.directory, {**found.place.environment, **told, **_absolute(told)}
    )
    return replace(found, place=place)


def _absolute(told: Mapping[str, str]) -> dict[str, str]:
    """Object stores by absolute paths; a relative index is one from the top anyway."""
    return {
        name: os.pathsep.join(
            part if part.startswith('"') else str(Path(part).absolute())
            for part in told[name].split(os.pathsep)
        )
        for name in _STORES
        if told.get(name)
    }


def _refused(project: Path, said: str) -> GitError | CannotTellError:
    if not project.is_dir():
        return GitError(f"{project} is no directory")
    if "not a git repository" in said:
        return GitError(
            f"{project} is not in a Git repository",
            "run git init, or give the project with --project DIR",
        )
    if "dubious ownership" in said:
        reason, *rest = [line.strip() for line in said.split("\n")]
        ways = [line for line in rest if line.startswith("git config")]
        return CannotTellError(
            f"git refuses to read this repository: {reason}",
            f"if you trust its owner: {ways[0]}" if ways else "see safe.directory",
        )
    return GitError(f"git cannot read this repository: {said}")
