"""Finds the corpus of a committed plan or base again, in Git, by its digest."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from dvcinc.config import Data
from dvcinc.corpus.digest import corpus_digest
from dvcinc.corpus.trained import trained
from dvcinc.corpus.values import Corpus
from dvcinc.errors import DvcincError
from dvcinc.params import PATH as PARAMS
from dvcinc.plan.base import BaseInfo
from dvcinc.plan.document import PATH, PlanDocument, read_plan
from dvcinc.snapshot.git import Git
from dvcinc.snapshot.history import History
from dvcinc.snapshot.read import Reader, Snapshot
from dvcinc.snapshot.sources import CommitSource

MAX_COMMITS = 1000
"""How far to look; a base that is older is found by its commit all the same."""


@dataclass(slots=True)
class Finder:
    """Looks for corpora in the history behind a commit; reads each file once.

    Args:
        git: The repository.
        head: The commit to start from.
        reader: Reads snapshots.
        limit: How many commits to look at.
    """

    git: Git
    head: str
    reader: Reader
    limit: int = MAX_COMMITS

    def base(self, info: BaseInfo) -> Corpus | None:
        """The frozen corpus of a base, or `None` where history does not have it."""
        found = self._find(
            lambda corpus: corpus_digest(trained(corpus)) == info.corpus,
            [self.head, info.commit],
            lambda plan: plan.base.digest == info.digest,
        )
        return trained(found.corpus) if found else None

    def plan(self, document: PlanDocument) -> Snapshot | None:
        """The snapshot that a plan was made for, or `None`."""
        return self._find(
            lambda corpus: corpus_digest(corpus) == document.corpus.digest,
            [self.head],
            lambda plan: plan.corpus.digest == document.corpus.digest,
        )

    def _find(
        self,
        fits: Callable[[Corpus], bool],
        first: list[str | None],
        same: Callable[[PlanDocument], bool],
    ) -> Snapshot | None:
        seen: set[bytes] = set()
        paths = [*self._data_paths(), PARAMS]
        for commit in islice(self._commits(first, same), self.limit):
            said = self.git.tree_ids(commit, paths)
            if said in seen:
                continue
            seen.add(said)
            snapshot = self._snapshot(commit)
            if snapshot is not None and fits(snapshot.corpus):
                return snapshot
        return None

    def _commits(
        self, first: list[str | None], same: Callable[[PlanDocument], bool]
    ) -> Iterator[str]:
        """Likely commits first: named ones, those of the plan, then all of the data."""
        yield from (c for c in first if c and self._exists(c))
        history = History(self.git, self.head)
        try:
            told = [c for c in history.commits([PATH]) if _says(history, c, same)]
            yield from reversed(told)
            yield from history.commits([*self._data_paths(), PARAMS])
        finally:
            history.close()

    def _exists(self, commit: str) -> bool:
        return self.git.try_run("cat-file", "-e", f"{commit}^{{commit}}") is not None

    def _data_paths(self) -> list[str]:
        """Where the corpus lies; broken parameters at HEAD may be mended by now."""
        try:
            data = self.reader.params(CommitSource(self.git, "HEAD", self.head)).data
        except DvcincError:
            data = Data()
        return [*data.nlu, *data.domain, data.config]

    def _snapshot(self, commit: str) -> Snapshot | None:
        """A commit's snapshot; one that cannot be read has no corpus to offer."""
        try:
            return self.reader.snapshot(CommitSource(self.git, commit, commit))
        except DvcincError:
            return None


def _says(history: History, commit: str, same: Callable[[PlanDocument], bool]) -> bool:
    data = history.read(commit, PATH)
    if data is None:
        return False
    try:
        return same(read_plan(data))
    except DvcincError:
        return False
