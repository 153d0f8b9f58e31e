"""A project on disk: gathers what a plan is made from, for any pair of sides."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path

from dvcinc.corpus.canonical import corpus_digest
from dvcinc.corpus.trained import trained
from dvcinc.corpus.values import Corpus
from dvcinc.decision.rules import check_policy
from dvcinc.errors import CannotTellError, InputError
from dvcinc.plan.base import FOLDER, Base, current_versions, read_base
from dvcinc.plan.candidates import (
    Named,
    beside,
    earlier,
    in_conflict,
    named_at,
    named_in,
)
from dvcinc.plan.choose import WORKTREE, Candidate
from dvcinc.plan.document import PATH, read_plan
from dvcinc.plan.files import read_folder, standing
from dvcinc.plan.find import MAX_COMMITS, Finder
from dvcinc.plan.situation import Committed, Situation
from dvcinc.plan.stored import dvc_cache, stored_base
from dvcinc.snapshot.git import Git, open_git
from dvcinc.snapshot.read import Reader, Snapshot
from dvcinc.snapshot.sources import CommitSource, FolderSource, Source

BASE = FOLDER
MAX_EARLIER_COMMITS = 100
"""How far to look for the corpus of a base that no plan around HEAD names."""


@dataclass(slots=True)
class Project:
    """A project directory in a Git repository.

    Attributes:
        path: The directory.
        git: The repository.
        reader: Reads snapshots, each file once.
        fetch: Fetches the base of the `dvc.lock` at a commit from a remote; `None`
            where nobody may wait for one.
    """

    path: Path
    git: Git
    reader: Reader = field(default_factory=Reader)
    fetch: Callable[[str], Base | None] | None = None

    def worktree(self) -> FolderSource:
        """The work tree, as DVC sees it: untracked files included."""
        return FolderSource(self.path)

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
            earlier=cache(partial(self._earlier, now, old)) if old else tuple,
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
        """HEAD's, the work tree's, those of a merge: see `dvcinc.plan.candidates`."""
        here = self.worktree_base()
        if committed is not None and old is not None:
            info = committed.document.base
            yield self._found(Named(f"the plan at {old[:10]}", info, old), here, now)
        # What a commit needs does not depend on what happens to lie in the work tree.
        if now.commit is None:
            yield from self._worktree(now, here, old)
        if old is not None:
            commits = beside(self.git, old, is_open=now.commit is None)
            for named in named_at(self.git, commits):
                yield self._found(named, here, now)

    def _worktree(
        self, now: Snapshot, here: Base | None, old: str | None
    ) -> Iterator[Candidate]:
        """The bases that the work tree's `plan.json` names.

        A base in `plan/base` that it does not name is a leftover: `git checkout`
        without `dvc checkout` leaves that of another commit behind.
        """
        data = self.worktree().read(PATH)
        if data is None:
            return
        try:
            info = named_in(data)
        except InputError:
            for named in in_conflict(self.git, old) if old else ():
                yield self._found(named, here, now)
            return
        if here is not None and here.info.digest == info.digest:
            yield Candidate(name=WORKTREE, info=info, load=partial(_corpus, here))
        elif old is not None:
            yield self._found(Named(WORKTREE, info, old), here, now)

    def _earlier(self, now: Snapshot, old: str) -> list[Candidate]:
        """The bases of all plans behind a commit, and behind what is merged into it."""
        here = self.worktree_base()
        heads = [old, *beside(self.git, old, is_open=now.commit is None)]
        return [
            self._found(named, here, now, MAX_EARLIER_COMMITS)
            for named in earlier(self.git, heads)
        ]

    def _found(
        self, named: Named, here: Base | None, now: Snapshot, limit: int = MAX_COMMITS
    ) -> Candidate:
        finder = Finder(self.git, named.commit, self.reader, limit)
        load = partial(self._load, named, here, now.corpus, finder)
        return Candidate(name=named.name, info=named.info, load=load)

    def _load(
        self, named: Named, here: Base | None, now: Corpus, finder: Finder
    ) -> Corpus | None:
        """A base's corpus, from where it is cheapest to have.

        Raises:
            CannotTellError: A whole clone might have it.
        """
        info = named.info
        if here is not None and here.info.corpus == info.corpus:
            return here.corpus
        frozen = trained(now)
        if corpus_digest(frozen) == info.corpus:
            return frozen
        stored = self._stored(named)
        found = stored.corpus if stored else finder.base(info)
        if found is None and self.fetch is not None:
            fetched = self.fetch(named.commit)
            same = fetched is not None and fetched.info.digest == info.digest
            found = fetched.corpus if fetched is not None and same else None
        if found is None and self.git.is_shallow():
            raise CannotTellError(
                f"the corpus of the base {info.digest[:19]}… lies before the point "
                "where this clone's history was cut off",
                "fetch the whole history (fetch-depth: 0), or run dvc pull plan/base",
            )
        return found

    def _stored(self, named: Named) -> Base | None:
        """The base in DVC's cache, by the `dvc.lock` that was written with its plan."""
        cache = dvc_cache(self.path)
        sources = (self.worktree(), CommitSource(self.git, "", named.commit))
        found = (stored_base(source, named.info, cache) for source in sources)
        return next((base for base in found if base is not None), None)


def open_project(path: Path) -> Project:
    """Opens a project.

    Raises:
        GitError: The directory is in no Git repository, or git is missing.
    """
    return Project(path, open_git(path))


def _corpus(base: Base) -> Corpus:
    return base.corpus
