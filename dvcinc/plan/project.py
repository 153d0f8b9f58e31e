"""A project on disk: gathers what a plan is made from, for any pair of sides."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path

from dvcinc.config import Data
from dvcinc.corpus.values import Corpus
from dvcinc.decision.rules import check_policy
from dvcinc.errors import InputError
from dvcinc.plan import base as plan_base
from dvcinc.plan.base import Base, current_versions, read_base
from dvcinc.plan.candidates import (
    WORKTREE,
    Named,
    beside,
    earlier,
    in_conflict,
    named_at,
    named_in,
)
from dvcinc.plan.document import PATH, PlanDocument, read_plan
from dvcinc.plan.files import read_folder, standing
from dvcinc.plan.find import Finder
from dvcinc.plan.load import Loader
from dvcinc.plan.situation import Committed, Situation
from dvcinc.snapshot.git import Git, open_git
from dvcinc.snapshot.ledger import Ledger
from dvcinc.snapshot.read import Reader, Snapshot
from dvcinc.snapshot.side import Side, Watch, unwatched
from dvcinc.snapshot.sources import CommitSource, FolderSource, Source
from dvcinc.snapshot.store import FOLDER

BASE = plan_base.FOLDER


@dataclass(slots=True)
class Project:
    """A project directory in a Git repository.

    Attributes:
        path: The directory.
        git: The repository.
        ledger: Knows what was read before.
        reader: Reads snapshots, each file once.
        fetch: Fetches the base of the `dvc.lock` at a commit from a remote; `None`
            where nobody may wait for one.
    """

    path: Path
    git: Git
    ledger: Ledger
    reader: Reader = field(default_factory=Reader)
    fetch: Callable[[str], Base | None] | None = None

    def worktree(self) -> FolderSource:
        """The work tree, as DVC sees it: untracked files included."""
        return FolderSource(self.path, git=self.git)

    def commit(self, revision: str) -> CommitSource:
        """A commit.

        Raises:
            GitError: There is no such commit.
        """
        return CommitSource(self.git, revision, self.git.commit(revision))

    def snapshot(self, source: Source) -> Snapshot:
        """Reads a source, and checks its policy.

        Raises:
            InputError: Something cannot be understood, or the policy is unsound.
        """
        snapshot = self.reader.snapshot(source)
        check_policy(snapshot.params.policy)
        data = snapshot.params.data
        self._check_places(
            data,
            config=source.read(data.config) is not None,
            examples=bool(snapshot.corpus.examples),
        )
        return snapshot

    def side(self, source: Source) -> Side:
        """Gets to know a source, without reading all of it, and checks its policy.

        Raises:
            InputError: Something cannot be understood, or the policy is unsound.
        """
        side = self.ledger.side(source)
        check_policy(side.params.policy)
        self._check_places(
            side.params.data, config=bool(side.config_id), examples=bool(side.examples)
        )
        return side

    def compared(self, *sides: Side) -> list[Snapshot]:
        """Sides as snapshots that hold what differs; their digests are those of all."""
        corpora = self.ledger.reduced(sides)
        return [
            self.partial(side, corpus)
            for side, corpus in zip(sides, corpora, strict=True)
        ]

    def partial(self, side: Side, corpus: Corpus) -> Snapshot:
        """A side as a snapshot that holds only some of its facts."""
        return Snapshot(
            source=side.source.name,
            commit=side.source.commit,
            params=side.params,
            corpus=corpus,
            known=self.ledger.sums(side).digest,
        )

    @staticmethod
    def _check_places(data: Data, *, config: bool, examples: bool) -> None:
        """Refuses paths that lead nowhere: their silence would look like deletions."""
        if data.given and not config:
            raise InputError(
                f"params.yaml: data.config: there is no {data.config}",
                "paths count from the directory of params.yaml",
            )
        if not examples:
            where = ", ".join(data.nlu)
            raise InputError(
                f"there are no training examples in {where}",
                "give the project directory with --project, or data.nlu in params.yaml",
            )

    def situation(
        self, now: Snapshot, old: str | None, *, tolerant: bool = False
    ) -> Situation:
        """What the plan for a snapshot is made from.

        Args:
            now: The snapshot to plan for.
            old: The commit whose plan holds; `None` before the first commit.
            tolerant: Whether a pipeline that cannot be trained is only a warning.

        Raises:
            InputError: The plan at the commit cannot be understood.
        """
        committed = self.committed(old) if old else None
        return Situation(
            now=now,
            committed=committed,
            candidates=tuple(self.candidates(now.commit, committed, old)),
            earlier=cache(partial(self.earlier, now.commit, old)) if old else tuple,
            load=self._loader(now.corpus).load,
            is_cut_off=self.git.is_shallow,
            versions=current_versions(),
            commit=old,
            tolerant=tolerant,
        )

    def committed(self, commit: str) -> Committed | None:
        """The plan that a commit holds, if it holds one.

        Raises:
            InputError: It cannot be understood.
        """
        data = CommitSource(self.git, commit, commit).read(PATH)
        if data is None:
            return None
        document = read_plan(data, f"{commit[:10]}:{PATH}")
        return Committed(
            document=document,
            data=data,
            snapshot=cache(partial(self._planned, commit, document)),
        )

    def _planned(self, commit: str, document: PlanDocument) -> Snapshot | None:
        side = Finder(self.git, commit, self.ledger).plan(document)
        return self.reader.snapshot(side.source) if side else None

    def worktree_base(self) -> Base | None:
        """The base in the work tree, if its files are those that `base.json` says."""
        folder = standing(self.path / BASE)
        if folder is None:
            return None
        try:
            return read_base(read_folder(folder), BASE)
        except InputError:
            return None

    def _loader(self, now: Corpus) -> Loader:
        return Loader(
            path=self.path,
            git=self.git,
            ledger=self.ledger,
            reader=self.reader,
            now=now,
            here=self.worktree_base,
            fetch=self.fetch,
        )

    def candidates(
        self, now: str | None, committed: Committed | None, old: str | None
    ) -> Iterator[Named]:
        """HEAD's base, the work tree's, those of a merge: `dvcinc.plan.candidates`.

        Args:
            now: The commit to plan for, if it is one.
            committed: The plan at HEAD.
            old: The commit at HEAD.
        """
        if committed is not None and old is not None:
            info = committed.document.base
            yield Named(f"the plan at {old[:10]}", info, old)
        # What a commit needs does not depend on what happens to lie in the work tree.
        if now is None:
            yield from self._worktree(old)
        if old is not None:
            commits = beside(self.git, old, is_open=now is None)
            yield from named_at(self.git, commits)

    def _worktree(self, old: str | None) -> Iterator[Named]:
        """The bases that the work tree's `plan.json` names.

        A base in `plan/base` that it does not name is a leftover: `git checkout`
        without `dvc checkout` leaves that of another commit behind.
        """
        data = self.worktree().read(PATH)
        if data is None:
            return
        try:
            yield Named(WORKTREE, named_in(data), old)
        except InputError:
            if old is not None:
                yield from in_conflict(self.git, old)

    def earlier(self, now: str | None, old: str) -> list[Named]:
        """The bases of all plans behind a commit, and behind what is merged into it."""
        heads = [old, *beside(self.git, old, is_open=now is None)]
        return list(earlier(self.git, heads))


def open_project(
    path: Path, *, fetch: bool = False, watch: Watch = unwatched
) -> Project:
    """Opens a project.

    Args:
        path: The project directory.
        fetch: Whether data that are missing here may be fetched from remotes.
        watch: Told of the progress, where much has to be read.

    Raises:
        GitError: The directory is in no Git repository, or git is missing.
    """
    git = open_git(path)
    if fetch:
        git = git.connected()
    ledger = Ledger(git.directory / FOLDER, watch)
    return Project(path, git, ledger, Reader(watch))
