"""Starts `git`: arguments to what it prints, and names to objects by one process.

The only module that runs programs for reading. Git must neither write nor ask, and a
repository's own configuration must not run anything.
"""

from __future__ import annotations

import os
import subprocess
import weakref
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, NamedTuple

from dvcinc.errors import CannotTellError, GitError
from dvcinc.snapshot.found import MAX_FILE

# Beside what runs programs, what makes the same history look otherwise.
_SETTINGS = (
    "core.fsmonitor=false",
    "core.quotePath=false",
    "advice.graftFileDeprecated=false",
    "i18n.logOutputEncoding=UTF-8",
    "log.diffMerges=separate",
    "log.follow=false",
    "log.showRoot=true",
)
_SAFE = tuple(word for it in _SETTINGS for word in ("-c", it))
_LITERAL = "--literal-pathspecs"
# Replacements and grafts are of one clone alone: two clones must say the same.
_ENVIRONMENT = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_GRAFT_FILE": os.devnull,
    "LC_ALL": "C",
}
# A partial clone would ask its remote for what it lacks, through ssh or any helper.
# The first is for Git 2.45 and later; no allowed protocol stops the others as well.
_OFFLINE = {"GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": ""}
# They contradict --literal-pathspecs, which is refused then.
_CONTRADICTING = frozenset(
    {"GIT_GLOB_PATHSPECS", "GIT_NOGLOB_PATHSPECS", "GIT_ICASE_PATHSPECS"}
)
MIN_GIT = (2, 25)
"""The oldest Git that knows all that is asked of it."""
# So many bytes of names fit into a pipe that is not being read, as answers are still
# written: on macOS it may hold 16 KiB.
_AT_ONCE = 1 << 14
_LONGEST_NAME = 4096
# Instead of an object's type and size; its name before may hold blanks.
_NO_OBJECT = frozenset({b"missing", b"ambiguous", b"submodule"})
# Systems take 128 KiB of arguments at least, together with the environment.
_ARGUMENTS = 1 << 16


class Done(NamedTuple):
    """How a git command ended: its exit code, output and complaint."""

    code: int
    out: bytes
    said: str


class Object(NamedTuple):
    """An object of the repository: its id, its type and its bytes."""

    name: str
    kind: str
    data: bytes

    def headers(self, key: str) -> list[str]:
        """What the head of a commit says under a key."""
        lines = self.data.partition(b"\n\n")[0].decode(errors="replace").split("\n")
        start = f"{key} "
        return [line.removeprefix(start) for line in lines if line.startswith(start)]


@dataclass(frozen=True, slots=True)
class Place:
    """Where git runs.

    Attributes:
        directory: Its current directory.
        environment: Its environment, but for what makes it safe.
        online: Whether a partial clone may ask its remote for objects.
    """

    directory: Path
    environment: Mapping[str, str]
    online: bool = False

    def settled(self) -> dict[str, str]:
        """The whole environment of a git process."""
        kept = {k: v for k, v in self.environment.items() if k not in _CONTRADICTING}
        return {**kept, **_ENVIRONMENT, **({} if self.online else _OFFLINE)}

    def connected(self) -> Place:
        """The same place, where git may ask remotes."""
        return replace(self, online=True)

    def run(self, arguments: Sequence[str], *, literal: bool = True) -> Done:
        """Runs a git command to its end.

        Args:
            arguments: The command and its arguments.
            literal: Whether paths mean just themselves, which some commands refuse.

        Raises:
            GitError: The directory is missing, or git is.
        """
        try:
            done = subprocess.run(
                ["git", *_SAFE, *([_LITERAL] if literal else ()), *arguments],
                cwd=self.directory,
                env=self.settled(),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=False,
            )
        except OSError as error:
            raise _not_started(self.directory, error) from error
        return Done(done.returncode, done.stdout, _complaint(done.stderr))


def git_version() -> str | None:
    """The version of the git on PATH, `None` where there is none."""
    try:
        done = Place(Path("/"), os.environ).run(["--version"])
    except GitError:
        return None
    words = done.out.decode("utf-8", "replace").split()
    return words[2] if len(words) > 2 else None  # noqa: PLR2004 - git version 2.…


def start_repository(folder: Path) -> None:
    """Runs `git init`, for those who ask for it: the one command that writes.

    Raises:
        GitError: Git is missing or says no.
    """
    done = Place(folder, os.environ).run(["init", "--quiet"])
    if done.code:
        raise GitError(f"git init failed: {done.said}")


def batches(names: Iterable[str], most: int = _ARGUMENTS) -> Iterator[list[str]]:
    """Names, so many together as have that many bytes; a longer one alone.

    Args:
        names: What git is to be asked for.
        most: Bytes of one batch; by default, those that a command takes.
    """
    batch: list[str] = []
    size = 0
    for name in names:
        size += len(os.fsencode(name)) + 1
        if batch and size > most:
            yield batch
            batch, size = [], len(os.fsencode(name)) + 1
        batch.append(name)
    if batch:
        yield batch


def _not_started(directory: Path, error: OSError) -> GitError:
    if not directory.is_dir():
        return GitError(f"{directory} is no directory")
    if isinstance(error, FileNotFoundError):
        wanted = ".".join(map(str, MIN_GIT))
        return GitError("git is not installed", f"install Git {wanted} or newer")
    return GitError(f"git cannot be started: {error.strerror}", "see which git it is")


def _complaint(said: bytes) -> str:
    return said.decode(errors="replace").strip().removeprefix("fatal: ")


@dataclass(slots=True, weakref_slot=True)
class Objects:
    """Objects by id, `<commit>:<path>` or `:<stage>:<path>`, from one long process.

    It is started when first asked, and ends with this object.
    """

    place: Place
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def get(self, names: Sequence[str]) -> list[Object | None]:
        """The objects in the order asked, `None` where there is none of a name.

        Raises:
            CannotTellError: A partial clone lacks an object.
            GitError: An object is broken.
        """
        return [
            found for batch in batches(names, _AT_ONCE) for found in self._get(batch)
        ]

    def _get(self, names: Sequence[str]) -> Iterator[Object | None]:
        asked = [os.fsencode(name) for name in names]
        usual = [n for n in asked if b"\n" not in n and len(n) <= _LONGEST_NAME]
        process = self._running()
        if process.stdin is None or process.stdout is None:
            raise GitError("git cat-file has no pipes")
        try:
            process.stdin.write(b"".join(name + b"\n" for name in usual))
            process.stdin.flush()
            for name in asked:
                found = name in usual
                yield self._answer(process.stdout, name) if found else None
        except BrokenPipeError:
            self._ended(names[0])

    def _answer(self, out: IO[bytes], name: bytes) -> Object | None:
        header = out.readline()
        if not header.endswith(b"\n"):
            self._ended(os.fsdecode(name))
        if header[:-1].rpartition(b" ")[2] in _NO_OBJECT:
            return None
        blob, kind, size = header.decode().split()
        if int(size) > MAX_FILE:
            self._process = None  # its other answers are not read
            raise GitError(
                f"the object {os.fsdecode(name)} is larger than {MAX_FILE >> 20} MiB",
                f"see git log --find-object={blob}, and keep it out of the data",
            )
        data = out.read(int(size) + 1)
        if len(data) != int(size) + 1:
            self._ended(os.fsdecode(name))
        return Object(blob, kind, data[:-1])

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            try:
                self._process = subprocess.Popen(
                    ["git", *_SAFE, "cat-file", "--batch"],
                    cwd=self.place.directory,
                    env=self.place.settled(),
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                )
            except OSError as error:
                raise _not_started(self.place.directory, error) from error
            weakref.finalize(self, _end, self._process)
        return self._process

    def _ended(self, name: str) -> None:
        """Says why the process ended before it answered for an object."""
        self._process = None
        # Asked for it alone, git says what is wrong; nobody listened to the other.
        done = self.place.run(["cat-file", "-p", name])
        if "promisor" in done.said:
            raise absent(name, partial=True)
        reason = done.said.splitlines()[-1] if done.said else f"exit code {done.code}"
        raise GitError(
            f"git cannot read {name}: {reason}", "see git fsck for what is damaged"
        )


def absent(name: str, *, partial: bool) -> CannotTellError:
    """The error for an object that this clone does not have."""
    return CannotTellError(
        f"the object {name} is missing",
        "this is a partial clone; fetch all of it: git fetch --refetch --no-filter"
        if partial
        else "run git fetch",
    )


def _end(process: subprocess.Popen[bytes]) -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            try:
                pipe.close()
            except OSError:
                continue
    process.wait()
