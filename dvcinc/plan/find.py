"""Finds the commit of a committed plan or base again, in Git, by the data's digest."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from dvcinc.config import Data
from dvcinc.errors import DvcincError
from dvcinc.params import PATH as PARAMS
from dvcinc.params import read_params
from dvcinc.plan.candidates import MAX_COMMITS, versions
from dvcinc.plan.document import PlanDocument, read_plan
from dvcinc.plan.info import PLAN, BaseInfo
from dvcinc.snapshot.git import Git
from dvcinc.snapshot.ledger import Ledger
from dvcinc.snapshot.process import batches
from dvcinc.snapshot.side import Side
from dvcinc.snapshot.sources import CommitSource
from dvcinc.snapshot.sums import Sums


@dataclass(frozen=True, slots=True)
class Finder:
    """Looks for corpora in the history behind a commit; reads only what is new.

    Args:
        git: The repository.
        head: The commit to start from.
        ledger: Knows commits that were read before.
        limit: How many commits to look at.
    """

    git: Git
    head: str
    ledger: Ledger
    limit: int = MAX_COMMITS

    def base(self, info: BaseInfo) -> Side | None:
        """A commit whose data a base froze, or `None` where history has none."""
        return self._find(
            info.corpus,
            lambda sums: sums.trained_digest,
            [self.head, info.commit],
            lambda plan: plan.base.digest == info.digest,
            f"base {info.digest}",
        )

    def plan(self, document: PlanDocument) -> Side | None:
        """A commit with the data that a plan was made for, or `None`."""
        digest = document.corpus.digest
        return self._find(
            digest,
            lambda sums: sums.digest,
            [self.head],
            lambda plan: plan.corpus.digest == digest,
            f"plan {digest}",
        )

    def _find(
        self,
        digest: str,
        told: Callable[[Sums], str],
        first: list[str | None],
        same: Callable[[PlanDocument], bool],
        what: str,
    ) -> Side | None:
        seen: set[str] = set()
        store, hint = self.ledger.store, f"{what} {self.head} {self.limit}"
        for commit in islice(self._commits(hint, first, same), self.limit):
            side = self._side(commit)
            if side is None or side.key in seen:
                continue
            seen.add(side.key)
            if told(self.ledger.sums(side)) == digest:
                store.remember_revision(digest, commit)
                if commit not in first:
                    store.remember_revision(hint, commit)
                return side
        return None

    def _commits(
        self, hint: str, first: list[str | None], same: Callable[[PlanDocument], bool]
    ) -> Iterator[str]:
        """Likely commits first: named ones, the plan's, then all of the data.

        Which of them is found tells the places of what is gone, so that it must not
        depend on what this clone has seen: a hint is what was found from here before.
        """
        yield from (c for c in first if c and self._exists(c))
        known = self.ledger.store.revision(hint)
        if known is not None and self._exists(known):
            yield known
        plans = versions(self.git, [self.head], PLAN)
        yield from reversed([c for c, data in plans if _says(data, same)])
        # More paths than a command takes: they only save looking at other commits.
        at_once, *more = batches(self._data_paths())
        paths = [] if more else at_once
        listed = self.git.run("rev-list", "--full-history", self.head, "--", *paths)
        yield from listed.decode().split()

    def _exists(self, commit: str) -> bool:
        return self.git.has(f"{commit}^{{commit}}")

    def _data_paths(self) -> list[str]:
        """Where the corpus lies, from the top of the repository.

        Broken parameters at HEAD may be mended by now.
        """
        try:
            said = CommitSource(self.git, "HEAD", self.head).read(PARAMS)
            data = read_params(said).data
        except DvcincError:
            data = Data()
        paths = [*data.nlu, *data.domain, data.config, PARAMS]
        return [self.git.full(path) for path in paths]

    def _side(self, commit: str) -> Side | None:
        """A commit's side; one that cannot be read has no corpus to offer."""
        try:
            return self.ledger.side(CommitSource(self.git, commit, commit))
        except DvcincError:
            return None


def _says(data: bytes, same: Callable[[PlanDocument], bool]) -> bool:
    try:
        return same(read_plan(data))
    except DvcincError:
        return False
