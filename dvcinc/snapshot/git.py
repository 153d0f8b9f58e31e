"""Questions to a repository, exact answers: commits, trees, the index, objects.

It only reads; it never checks out and never writes to the repository, not even the
index's cached stat data. Paths are a project's: from its directory, with `/`.
"""

from __future__ import annotations

import os
import posixpath
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from dvcinc.errors import CannotTellError, GitError
from dvcinc.snapshot.discovery import Discovered, discover
from dvcinc.snapshot.entries import (
    EMPTY,
    Entry,
    index_entries,
    project_path,
    tree_entries,
)
from dvcinc.snapshot.process import Done, Object, Objects, absent, batches
from dvcinc.snapshot.trees import Trees

__all__ = ["Entry", "Git", "open_git"]


@dataclass(frozen=True, slots=True, eq=False)
class Git:
    """A repository as seen from a project directory in it.

    Attributes:
        project: The project directory; in a bare repository it need not be on disk.
        found: Where the repository is, and of which kind.
        objects: Its objects, by a process that runs as long as it is needed.
    """

    project: Path
    found: Discovered
    objects: Objects = field(repr=False)
    trees: Trees = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Its trees are read by the same process as all other objects."""
        object.__setattr__(self, "trees", Trees(self.objects, self.algorithm))

    @property
    def prefix(self) -> str:
        """The project's path from the top of the repository, empty or ending in `/`."""
        return self.found.prefix

    @property
    def bare(self) -> bool:
        """Whether the repository has no work tree, and so no index of its own."""
        return self.found.bare

    @property
    def algorithm(self) -> str:
        """That of the repository's object ids: `sha1` or `sha256`."""
        return self.found.algorithm

    @property
    def directory(self) -> Path:
        """The Git directory that all work trees share, as an absolute path."""
        return self.found.directory

    @property
    def top(self) -> Path:
        """The directory that git's own paths count from."""
        return self.found.place.directory

    def full(self, path: str) -> str:
        """A path of the project as a path of the repository."""
        return self._full([path])[0]

    def connected(self) -> Git:
        """The same repository, where a partial clone may fetch what it lacks."""
        place = self.found.place.connected()
        return Git(self.project, replace(self.found, place=place), Objects(place))

    def run(self, *arguments: str) -> bytes:
        """What git prints.

        Raises:
            GitError: Git is missing or says no.
            CannotTellError: A partial clone lacks what is asked for.
        """
        done = self._done(arguments)
        if done.code:
            raise self._failed(arguments[0], done)
        return done.out

    def _over(self, paths: Sequence[str], *arguments: str) -> bytes:
        """What git prints of paths; of some twice, where it is asked more than once."""
        asked = list(batches(self._full(paths))) or [[]]
        return b"".join(self.run(*arguments, "--", *batch) for batch in asked)

    def try_run(self, *arguments: str) -> str | None:
        """What git prints, stripped, or `None` where it says no."""
        done = self._done(arguments)
        return None if done.code else done.out.decode().strip()

    def _done(self, arguments: Sequence[str]) -> Done:
        return self.found.place.run(arguments)

    @staticmethod
    def _failed(command: str, done: Done) -> GitError | CannotTellError:
        if "promisor" in done.said:
            return absent(f"that git {command} needs", partial=True)
        said = f"git {command} failed: {done.said or f'exit code {done.code}'}"
        unknown = "bad revision" in said or "unknown revision" in said
        return GitError(said, _REVISIONS if unknown else "")

    def commit(self, revision: str) -> str:
        """The full id of the commit that a revision names.

        Raises:
            GitError: There is no such commit.
            CannotTellError: It may lie before the point where history was cut off.
        """
        found = self._commit(revision)
        if found:
            return found
        if revision == "HEAD":
            raise GitError("there is no commit yet", "commit once, then run this again")
        if self.is_shallow():
            raise CannotTellError(
                f"no commit is named {revision!r} in this shallow clone",
                "fetch the whole history (fetch-depth: 0, git fetch --unshallow)",
            )
        raise GitError(f"no commit is named {revision!r}", _REVISIONS)

    def head(self) -> str | None:
        """The id of the commit at HEAD, `None` before the first commit."""
        return self._commit("HEAD")

    def _commit(self, revision: str) -> str | None:
        (found,) = self.objects.get([f"{revision}^{{commit}}"])
        return None if found is None else found.name

    def has(self, name: str) -> bool:
        """Whether there is an object of a name."""
        return self.objects.get([name]) != [None]

    def is_shallow(self) -> bool:
        """Whether history was cut off when this clone was made."""
        return self.found.shallow

    def merge_base(self, one: str, other: str) -> str:
        """The best common ancestor of two commits.

        Raises:
            GitError: They have none.
            CannotTellError: History is cut off before it.
        """
        done = self._done(("merge-base", one, other))
        if not done.code:
            return done.out.decode().strip().split("\n")[0]
        message = f"{one} and {other} have no merge base"
        if self.is_shallow():
            raise CannotTellError(
                f"{message} in this shallow clone",
                "fetch the whole history (fetch-depth: 0, git fetch --unshallow)",
            )
        raise GitError(message, "compare two revisions: dvcinc classify A B")

    def tree(self, commit: str, paths: Sequence[str] = ()) -> list[Entry]:
        """The files of a commit below the given paths (from the project), sorted."""
        leaves = self.trees.below(commit, self._full(paths))
        return sorted(tree_entries(leaves, self.prefix))

    def index(self, paths: Sequence[str] = ()) -> list[Entry]:
        """The files of the index below the given paths (from the project), sorted.

        What `git add -N` has only announced is no part of the next commit.

        Raises:
            GitError: A file is in conflict, or there is no work tree.
        """
        if self.bare:
            raise GitError(
                "a bare repository has no index and no work tree",
                "name two revisions: dvcinc classify A B",
            )
        listed = self._over(paths, "ls-files", "-s", "-z", "--full-name")
        entries = sorted({*index_entries(listed, self.prefix)})
        announced = self._announced(entries)
        return [entry for entry in entries if entry.path not in announced]

    def is_sparse(self) -> bool:
        """Whether a sparse checkout may leave files of the index out of it."""
        return (self.found.own / "info" / "sparse-checkout").is_file()

    def skipped(self, paths: Sequence[str]) -> list[Entry]:
        """The files of the index that git keeps out of the work tree, sorted."""
        listed = self._over(paths, "ls-files", "-t", "-s", "-z", "--full-name")
        lines = [line[2:] for line in listed.split(b"\0") if line.startswith(b"S ")]
        return sorted({*index_entries(b"\0".join(lines), self.prefix)})

    def _announced(self, entries: Sequence[Entry]) -> set[str]:
        """The entries of `git add -N`: they stand for nothing, by an empty blob."""
        empty = [e.path for e in entries if e.blob.startswith(EMPTY[self.algorithm])]
        if not empty:
            return set()
        found = self._over(empty, "diff-files", *_PLAINLY, *_ADDED)
        return {project_path(path, self.prefix) for path in found.split(b"\0") if path}

    def blobs(self, ids: Sequence[str]) -> list[bytes]:
        """The contents of blobs, in the order asked, by one `cat-file --batch`.

        Raises:
            CannotTellError: One of them is not in this clone.
        """
        found = self.objects.get(ids)
        for name, one in zip(ids, found, strict=True):
            if one is None:
                raise absent(name, partial=self._is_partial())
        return [one.data for one in found if one is not None]

    def at(self, stage: str, paths: Sequence[str]) -> list[Object | None]:
        """What lies at paths: of a commit by its id, of the index by `:0`, `:1`, ….

        No process is started for it. A link is the text of where it leads.
        """
        full = self._full(paths)
        if stage.startswith(":"):
            return self.objects.get([self._name(stage, path) for path in full])
        leaves = [self.trees.at(stage, path) for path in full]
        found = iter(self.trees.contents([leaf for leaf in leaves if leaf]))
        return [next(found) if leaf else None for leaf in leaves]

    def _name(self, stage: str, full: str) -> str:
        """What `cat-file` calls a path; its questions are lines, so some need ids."""
        if "\n" not in full:
            return f"{stage}:{full}"
        listed = self.run("ls-files", "-s", "-z", "--full-name", "--", full)
        for line in listed.split(b"\0"):
            about, _, path = line.partition(b"\t")
            words = about.decode().split(" ")  # mode, id, stage
            if path == os.fsencode(full) and f":{words[-1]}" == stage:
                return words[1]
        return _NOTHING

    def commit_time(self, commit: str) -> int:
        """When a commit was made, in seconds since 1970, UTC.

        Raises:
            GitError: There is no such commit.
        """
        (said,) = self._read(commit).headers("committer")
        return int(said.split(" ")[-2])

    def parents(self, commit: str) -> tuple[str, ...]:
        """The ids of a commit's parents, but for those that history is cut off from.

        Raises:
            GitError: There is no such commit.
        """
        if self.is_shallow():
            return tuple(self.run("rev-parse", f"{commit}^@").decode().split())
        return tuple(self._read(commit).headers("parent"))

    def _read(self, commit: str) -> Object:
        (found,) = self.objects.get([f"{commit}^{{commit}}"])
        if found is None:
            raise GitError(f"there is no commit {commit}")
        return found

    def _is_partial(self) -> bool:
        key = r"^(extensions\.partialclone|remote\..*\.promisor)$"
        return bool(self.try_run("config", "--get-regexp", key))

    def _full(self, paths: Sequence[str]) -> list[str]:
        """Paths of the project as paths of the repository; `.` is the whole of it."""
        if not paths:
            return [self.prefix or "."] if self.prefix else []
        return [posixpath.normpath(self.prefix + path) for path in paths]


_ADDED = ("--ita-invisible-in-index", "--diff-filter=A", "--name-only", "-z")
_PLAINLY = ("--no-ext-diff", "--no-textconv", "--no-renames")
_REVISIONS = "see git branch --all and git log"
_NOTHING = ":0:/"  # a name that no object has


def open_git(project: Path) -> Git:
    """The repository that holds a project directory.

    Raises:
        GitError: There is none, or git is not installed.
        CannotTellError: Git refuses to read it, since it is somebody else's.
    """
    found = discover(project)
    return Git(project, found, Objects(found.place))
