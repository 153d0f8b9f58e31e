"""A project on disk: gathers what a plan is made from, for any pair of sides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from dvcinc.config import Data, Policy
from dvcinc.corpus.values import Corpus
from dvcinc.errors import InputError
from dvcinc.params import PATH as PARAMS
from dvcinc.params import place_of
from dvcinc.plan.info import FOLDER as BASE
from dvcinc.plan.info import PLAN
from dvcinc.snapshot.git import Git, open_git
from dvcinc.snapshot.ledger import Ledger
from dvcinc.snapshot.read import Reader, Snapshot
from dvcinc.snapshot.side import Side, Watch, unwatched
from dvcinc.snapshot.sources import CommitSource, FolderSource, Source
from dvcinc.snapshot.store import FOLDER

if TYPE_CHECKING:
    from dvcinc.plan.base import Base
    from dvcinc.plan.situation import Committed, Situation

__all__ = ["BASE", "Project", "open_project"]


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
        _check_policy(snapshot.params.policy)
        data = snapshot.params.data
        self._check_places(
            source,
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
        _check_policy(side.params.policy)
        self._check_places(
            source,
            side.params.data,
            config=bool(side.config_id),
            examples=bool(side.examples),
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
    def _check_places(
        source: Source, data: Data, *, config: bool, examples: bool
    ) -> None:
        """Refuses paths that lead nowhere: their silence would look like deletions."""
        if data.given and not config:
            raise InputError(
                f"{place_of(source.read(PARAMS), 'data', 'config')}: "
                f"there is no {data.config}",
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
        """What the plan for a snapshot is made from: `dvcinc.plan.gathering`."""
        from dvcinc.plan import gathering  # noqa: PLC0415 - see `plan_data`

        return gathering.situation(self, now, old, tolerant=tolerant)

    def committed(self, commit: str) -> Committed | None:
        """The plan that a commit holds, if it holds one.

        Raises:
            InputError: It cannot be understood.
        """
        data = self.plan_data(commit)
        if data is None:
            return None
        from dvcinc.plan import gathering  # noqa: PLC0415 - see `plan_data`

        return gathering.committed(self, commit, data)

    def plan_data(self, commit: str) -> bytes | None:
        """The bytes of the plan that a commit holds.

        All that plans are made with is imported only where one has to be understood:
        most commits change nothing that trains, and hooks look at all of them.
        """
        return CommitSource(self.git, commit, commit).read(PLAN)

    def worktree_base(self) -> Base | None:
        """The base in the work tree, if its files are those that `base.json` says."""
        from dvcinc.plan import gathering  # noqa: PLC0415 - see `plan_data`

        return gathering.worktree_base(self)


def _check_policy(policy: Policy) -> None:
    if policy.rules:
        # Few projects change rules; for the others there are none to know.
        from dvcinc.decision.rules import check_policy  # noqa: PLC0415

        check_policy(policy)


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
