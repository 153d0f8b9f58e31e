"""The corpora of bases, each from where it is cheapest to have."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from dvcinc.corpus.digest import corpus_digest
from dvcinc.corpus.trained import trained
from dvcinc.corpus.values import Corpus
from dvcinc.errors import CannotTellError
from dvcinc.plan.base import Base
from dvcinc.plan.candidates import Named
from dvcinc.plan.find import Finder
from dvcinc.plan.stored import stored_base
from dvcinc.snapshot.dvccache import Cache
from dvcinc.snapshot.dvcconfig import cache_folder, dvc_root
from dvcinc.snapshot.git import Git
from dvcinc.snapshot.ledger import Ledger
from dvcinc.snapshot.read import Reader
from dvcinc.snapshot.sources import CommitSource, FolderSource


@dataclass(frozen=True, kw_only=True)
class Loader:
    """Gets the corpora of bases.

    Args:
        path: The project directory.
        git: The repository.
        ledger: Knows commits that were read before.
        reader: Reads snapshots.
        now: The whole corpus now.
        here: The base in the work tree, proven.
        fetch: Fetches the base of the `dvc.lock` at a commit from a remote; `None`
            where nobody may wait for one.
    """

    path: Path
    git: Git
    ledger: Ledger
    reader: Reader
    now: Corpus
    here: Callable[[], Base | None]
    fetch: Callable[[str], Base | None] | None

    @cached_property
    def _here(self) -> Base | None:
        return self.here()

    @cached_property
    def _now(self) -> tuple[str, Corpus]:
        frozen = trained(self.now)
        return corpus_digest(frozen), frozen

    def load(self, named: Named) -> Corpus | None:
        """The corpus of a base, or `None` where it cannot be had.

        Raises:
            CannotTellError: It may lie before the point where history was cut off.
        """
        here, info = self._here, named.info
        if here is not None and here.info.corpus == info.corpus:
            return here.corpus
        digest, frozen = self._now
        if digest == info.corpus:
            return frozen
        if named.commit is None:
            return None
        found = self._stored(named) or self._in_git(named) or self._fetched(named)
        if found is None and self.git.is_shallow():
            raise CannotTellError(
                f"the corpus of the base {info.digest[:19]}… lies before the point "
                "where this clone's history was cut off",
                "fetch the whole history (fetch-depth: 0), or run dvc pull plan/base",
            )
        return found

    def _stored(self, named: Named) -> Corpus | None:
        """Out of DVC's cache, by the `dvc.lock` that was written with its plan.

        Raises:
            CannotTellError: DVC's configuration does not say where that is.
        """
        root = dvc_root(self.path, self.git.found.place.directory)
        if root is not None:
            cache_folder(root)  # raises here: it is the configuration that is wrong
        cache = Cache(root, "")
        sources = (
            FolderSource(self.path, git=self.git),
            CommitSource(self.git, "", named.commit or ""),
        )
        found = (stored_base(source, named.info, cache) for source in sources)
        return next((base.corpus for base in found if base is not None), None)

    def _in_git(self, named: Named) -> Corpus | None:
        finder = Finder(self.git, named.commit or "", self.ledger, named.limit)
        side = finder.base(named.info)
        if side is None:
            return None
        return trained(self.reader.snapshot(side.source).corpus)

    def _fetched(self, named: Named) -> Corpus | None:
        base = self.fetch(named.commit or "") if self.fetch else None
        same = base is not None and base.info.digest == named.info.digest
        return base.corpus if base is not None and same else None
