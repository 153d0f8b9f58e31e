"""A commit or the index to the contents below paths: through links, submodules, DVC."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dvcinc.errors import CannotTellError
from dvcinc.snapshot.disk import leads_out
from dvcinc.snapshot.dvcouts import POINTER, Out, ancestors, is_below, tracked
from dvcinc.snapshot.entries import Entry, in_conflict
from dvcinc.snapshot.found import is_hidden, leaves
from dvcinc.snapshot.git import Git
from dvcinc.snapshot.paths import has, is_among
from dvcinc.snapshot.piece import Piece, piece_of
from dvcinc.snapshot.process import Object
from dvcinc.snapshot.submodule import submodule

if TYPE_CHECKING:
    from dvcinc.snapshot.dvccache import Cache

INDEX = ":0"
_MODULES = ".gitmodules"
# Each may unfold to what the next ones lead to; as many as Linux follows in a row.
_MAX_CHAIN = 40
_MAX_LINKS = 2000
_LONGEST_PATH = 4096


@dataclass(slots=True)
class Walk:
    """Looks for files on one side.

    Attributes:
        git: The repository.
        stage: The commit's id, or `:0` for the index.
        side: What people call the side.
        below: Where the repository lies in the one that people look at: empty, or the
            path of a submodule, ending in `/`.
        listings: What was listed of the index, by the paths that were asked for; kept
            by whoever looks at it twice.
    """

    git: Git
    stage: str
    side: str
    below: str = field(default="", kw_only=True)
    listings: dict[tuple[str, ...], list[Entry]] = field(default_factory=dict)
    _links: int = field(default=0, init=False)

    def files(
        self, paths: Sequence[str], chain: tuple[str, ...] = ()
    ) -> dict[str, Piece]:
        """The files at or below the paths, by path from the project.

        Args:
            paths: From the project.
            chain: The links on the way there.

        Raises:
            CannotTellError: This clone does not have what is meant to be there.
            GitError: A file is in conflict.
        """
        found = self._below(paths, chain)
        return self._tracked(paths, found) | found

    def read(self, path: str) -> bytes | None:
        """One file, without starting a process where it is a plain one of Git's."""
        if not self._is_inside(path) or posixpath.normpath(path) == ".":
            return None
        (found,) = self.git.at(self.stage, [path])
        if found is None:
            pieces = self._not_there(path)
        elif found.kind != "blob":
            return None
        elif not _may_be_more(found.data):
            return found.data
        else:
            pieces = self.files([path])
        piece = pieces.get(path)
        return None if piece is None else self.contents([piece])[0]

    def _not_there(self, path: str) -> dict[str, Piece]:
        if self.stage == INDEX:
            self._check_conflict(path)
        return self._tracked([path], {}) | self._behind(path, ())

    def _tracked(
        self, paths: Sequence[str], found: dict[str, Piece]
    ) -> dict[str, Piece]:
        """What DVC has of the paths, by the pointers of this side."""

        def read(pointers: Sequence[str]) -> list[bytes | None]:
            here = [found[path] for path in pointers if path in found]
            known = dict(zip(here, self.contents(here), strict=True))
            rest = [path for path in pointers if path not in found]
            others = dict(zip(rest, self._read_all(rest), strict=True))
            for path in rest if self.stage == INDEX else ():
                if others[path] is None and path.endswith(POINTER):
                    self._check_conflict(path)
            return [
                known[found[path]] if path in found else others[path]
                for path in pointers
            ]

        outs = tracked(read, paths, sorted(found), self.git.prefix)
        wanted = list(paths)
        return {
            path: piece_of(file)
            for out in outs
            for path, file in self.cache(out).files(out, wanted)
        }

    def contents(self, pieces: Sequence[Piece]) -> list[bytes]:
        """The bytes of pieces, in the order asked; one batch for each repository."""
        read: dict[Piece, bytes] = {}
        repositories = {id(p.git): p.git for p in pieces if p.git is not None}
        for git in repositories.values():
            here = [p for p in pieces if p.git is git]
            blobs = git.blobs([p.content for p in here])
            read |= dict(zip(here, blobs, strict=True))
        return [self.cache(p.out).read(p.out) if p.out else read[p] for p in pieces]

    def cache(self, out: Out) -> Cache:
        """The cache that holds an out."""
        # Where Git has all of the data, there is no cache to know.
        from dvcinc.snapshot.dvccache import Cache  # noqa: PLC0415
        from dvcinc.snapshot.dvcconfig import dvc_root  # noqa: PLC0415

        place = self.git.found.place
        start = place.directory / self.git.prefix / posixpath.dirname(out.pointer)
        root = None if self.git.bare else dvc_root(start, place.directory)
        return Cache(root, self.side, fetch=place.online)

    def _entries(self, paths: Sequence[str]) -> list[Entry]:
        inside = [path for path in paths if self._is_inside(path)]
        if not inside:
            return []
        if self.stage == INDEX:
            return self._indexed(inside)
        return self.git.tree(self.stage, inside)

    def _indexed(self, paths: Sequence[str]) -> list[Entry]:
        """The entries of the index, which a process lists, where none has yet."""
        for folders, entries in self.listings.items():
            if all(is_among(path, folders) for path in paths):
                return [e for e in entries if is_among(e.path, paths)]
        found = self.git.index(paths)
        self.listings[tuple(paths)] = found
        return found

    def _is_inside(self, path: str) -> bool:
        """Whether a path from the project does not lead out of the repository."""
        return not leaves(self.git.prefix, path)

    def _read_all(self, paths: Sequence[str]) -> list[bytes | None]:
        inside = [path for path in paths if self._is_inside(path)]
        found = dict(zip(inside, self.git.at(self.stage, inside), strict=True))
        asked = [found.get(path) for path in paths]
        return [f.data if f and f.kind == "blob" else None for f in asked]

    def _check_conflict(self, path: str) -> None:
        for stage in (":1", ":2", ":3"):
            if self.git.at(stage, [path]) != [None]:
                raise in_conflict(path)

    def _below(self, paths: Sequence[str], chain: tuple[str, ...]) -> dict[str, Piece]:
        entries = self._entries(paths)
        names = [entry.path for entry in entries]
        found = {e.path: Piece(e.blob, self.git) for e in entries if e.is_file}
        found |= self._linked([e for e in entries if e.is_link], chain)
        for entry in entries:
            if entry.is_submodule:
                found |= self._in_submodule(entry, paths)
        for path in paths:
            if not has(names, path):
                found |= self._behind(path, chain)
        return found

    def _linked(
        self, links: Sequence[Entry], chain: tuple[str, ...]
    ) -> dict[str, Piece]:
        """What the links lead to, under the links' own names."""
        leading = self._leading(links, chain)
        if not leading:
            return {}
        ends = self._entries(sorted({*leading.values()}))
        plain = {e.path: Piece(e.blob, self.git) for e in ends if e.is_file}
        found = {}
        for link, target in leading.items():
            if target in plain:
                found[link] = plain[target]
                continue
            below = self.files([target], (*chain, link))
            found |= {link + path.removeprefix(target): p for path, p in below.items()}
        return found

    def _leading(
        self, links: Sequence[Entry], chain: tuple[str, ...]
    ) -> dict[str, str]:
        """Links to where they lead, without those that lead round.

        Raises:
            InputError: One leads out: to pass over it would look like a deletion.
        """
        self._links += len(links)
        if self._links > _MAX_LINKS:
            raise CannotTellError(
                f"{self.side}: more than {_MAX_LINKS} symbolic links below the data",
                "take links away, or name the folders in params.yaml",
            )
        if len(chain) > _MAX_CHAIN:
            return {}
        texts = self.git.blobs([link.blob for link in links])
        found = {}
        for link, text in zip(links, texts, strict=True):
            target = "" if is_hidden(link.path) else self._target(link.path, text)
            if target and not any(is_below(p, target) for p in (*chain, link.path)):
                found[link.path] = target
        return found

    def _target(self, link: str, text: bytes) -> str:
        """Where a link leads, from the project.

        The path is compared by name, so that a link's own way up is the project's.

        Raises:
            InputError: It leads out of the repository.
        """
        said = os.fsdecode(text)
        target = posixpath.normpath(posixpath.join(posixpath.dirname(link), said))
        if not self._is_inside(target) or "\0" in target:
            raise leads_out(self.below + link)
        return self._renamed(target)

    def _renamed(self, path: str) -> str:
        """A path as entries call it: from the project, `..` only where it must."""
        prefix = self.git.prefix
        full = posixpath.normpath(prefix + path)
        if not prefix:
            return full
        return posixpath.relpath(full, prefix)

    def _behind(self, path: str, chain: tuple[str, ...]) -> dict[str, Piece]:
        """What stands behind a link or a submodule at a path or above it."""
        above = [*ancestors(path), path]
        probed = self.git.at(self.stage, [*above, self._from_top(_MODULES)])
        *found, modules = probed
        for folder, entry in zip(above, found, strict=True):
            if not _may_lead(entry, modules):
                continue
            exact = next((e for e in self._entries([folder]) if e.path == folder), None)
            if exact is not None and exact.is_submodule:
                return self._in_submodule(exact, [path])
            if exact is not None and exact.is_link:
                return self._behind_link(exact, path, chain)
        return {}

    def _from_top(self, path: str) -> str:
        return "../" * self.git.prefix.count("/") + path

    def _behind_link(
        self, link: Entry, path: str, chain: tuple[str, ...]
    ) -> dict[str, Piece]:
        (text,) = self.git.blobs([link.blob])
        target = self._target(link.path, text)
        if len(chain) > _MAX_CHAIN:
            return {}
        rest = path.removeprefix(link.path)
        end = self._renamed(target + rest)
        below = self.files([end], (*chain, link.path))
        return {path + name.removeprefix(end): p for name, p in below.items()}

    def _in_submodule(self, entry: Entry, paths: Sequence[str]) -> dict[str, Piece]:
        """The files of a submodule at its commit, under the names they have here."""
        inner = submodule(self.git, entry, self.side)
        walk = Walk(inner, entry.blob, self.side, below=f"{self.below}{entry.path}/")
        whole = any(is_below(entry.path, path) for path in paths)
        rests = [p.removeprefix(f"{entry.path}/") for p in paths]
        below = walk.files(["."] if whole else rests)
        return {f"{entry.path}/{path}": piece for path, piece in below.items()}


def _may_lead(found: Object | None, modules: Object | None) -> bool:
    """Whether it is worth asking for its mode: a link, or else a submodule."""
    return modules is not None if found is None else found.kind != "tree"


def _may_be_more(data: bytes) -> bool:
    """Whether a blob may be the text of a link, which has no line of its own."""
    return len(data) <= _LONGEST_PATH and b"\n" not in data
