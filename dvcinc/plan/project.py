"""A project on disk: gathers what a plan is made from, for any pair of sides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path

from dvcinc.corpus.canonical import corpus_digest
from dvcinc.corpus.trained import trained
from dvcinc.corpus.values import Corpus
from dvcinc.decision.rules import check_policy
from dvcinc.errors import CannotTellError, InputError
from dvcinc.plan.base import FOLDER, Base, BaseInfo, current_versions, read_base
from dvcinc.plan.choose import Candidate
from dvcinc.plan.document import PATH, read_plan
from dvcinc.plan.files import read_folder, standing
from dvcinc.plan.find import Finder
from dvcinc.plan.situation import Committed, Situation
from dvcinc.snapshot.git import Git, open_git
from dvcinc.snapshot.read import Reader, Snapshot
from dvcinc.snapshot.sources import CommitSource, FolderSource, Source

BASE = FOLDER


@dataclass(slots=True)
class Project:
    """A project directory in a Git repository.

    Attributes:
        path: The directory.
        git: The repository.
        reader: Reads snapshots, each file once.
    """

    path: Path
    git: Git
    reader: Reader = field(default_factory=Reader)

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
        self._check_places(snapshot, source)
        return snapshot

    @staticmethod
    def _check_places(snapshot: Snapshot, source: Source) -> None:
        """Refuses paths that lead nowhere: their silence would look like deletions."""
        data = snapshot.params.data
        if data.given and source.read(data.config) is None:
            raise InputError(
                f"params.yaml: data.config: there is no {data.config}",
                "paths count from the directory of params.yaml",
            )
        if not snapshot.corpus.examples:
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
            candidates=tuple(self._candidates(now, committed, old)),
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
        finder = Finder(self.git, commit, self.reader)
        return Committed(
            document=document, data=data, snapshot=cache(partial(finder.plan, document))
        )

    def worktree_base(self) -> Base | None:
        """The base in the work tree, if its files are those that `base.json` says."""
        folder = standing(self.path / BASE)
        if folder is None:
            return None
        try:
            return read_base(read_folder(folder), BASE)
        except InputError:
            return None

    def _candidates(
        self, now: Snapshot, committed: Committed | None, old: str | None
    ) -> Iterator[Candidate]:
        here = self.worktree_base()
        if committed is not None and old is not None:
            info = committed.document.base
            finder = Finder(self.git, old, self.reader)
            yield Candidate(
                name=f"the plan at {old[:10]}",
                info=info,
                load=partial(_load, here, now.corpus, info, finder),
            )
        # What a commit needs does not depend on what happens to lie in the work tree.
        if here is not None and now.commit is None:
            named = self._named_by_plan(here.info)
            if named is not None:
                yield Candidate(
                    name="the work tree", info=named, load=partial(_corpus, here)
                )

    def _named_by_plan(self, info: BaseInfo) -> BaseInfo | None:
        """The base as the work tree's `plan.json` knows it, and when it was cut.

        A base that it does not name is a leftover: `git checkout` without
        `dvc checkout` leaves that of another commit behind.
        """
        data = self.worktree().read(PATH)
        try:
            said = read_plan(data).base if data else None
        except InputError:
            return None
        return said if said is not None and said.digest == info.digest else None


def open_project(path: Path, *, fetch: bool = False) -> Project:
    """Opens a project.

    Args:
        path: The directory.
        fetch: Whether data that are missing here may be fetched from remotes.

    Raises:
        GitError: The directory is in no Git repository, or git is missing.
    """
    git = open_git(path)
    return Project(path, git.connected() if fetch else git)


def _corpus(base: Base) -> Corpus:
    return base.corpus


def _load(
    here: Base | None, now: Corpus, info: BaseInfo, finder: Finder
) -> Corpus | None:
    """A base's corpus, from where it is cheapest to have."""
    if here is not None and here.info.corpus == info.corpus:
        return here.corpus
    frozen = trained(now)
    if corpus_digest(frozen) == info.corpus:
        return frozen
    found = finder.base(info)
    if found is None and finder.git.is_shallow():
        raise CannotTellError(
            f"the corpus of the base {info.digest[:19]}… lies before the point where "
            "this clone's history was cut off",
            "fetch the whole history (fetch-depth: 0), or run dvc pull plan/base",
        )
    return found
