"""A name that people give to a model: a digest's first characters, or a revision."""

from __future__ import annotations

from dataclasses import dataclass, replace

from dvcinc.errors import GitError, InputError
from dvcinc.lineage.history import History, read_history, versions
from dvcinc.lineage.models import Made, Models, models
from dvcinc.lineage.record import PATH
from dvcinc.lineage.standing import is_first
from dvcinc.lineage.verified import Verified, mark
from dvcinc.plan.json import REMEDY
from dvcinc.snapshot.commits import EVERYWHERE
from dvcinc.snapshot.git import Git
from dvcinc.snapshot.sources import CommitSource, FolderSource, Source

HERE = "the work tree"
_NO_MODEL = "see dvcinc lineage log for the models of this branch"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A model that was asked for.

    Attributes:
        model: The model.
        base: Its base, as history tells of it; `None` for a base.
        breached: The report of the stage `verify` beside it, if it lost too much.
    """

    model: Made
    base: Made | None
    breached: Verified | None = None


@dataclass(slots=True)
class Search:
    """Looks for models; reads each history once.

    Args:
        git: The repository, as seen from the project.
    """

    git: Git
    _here: History | None = None
    _everywhere: Models | None = None

    @property
    def history(self) -> History:
        """What lies behind HEAD and the work tree."""
        if self._here is None:
            git = self.git
            tree = None if git.bare else FolderSource(git.project, git=git)
            self._here = read_history(git, git.head(), tree)
        return self._here

    def model(self, name: str | None) -> Found:
        """The model of a name.

        Args:
            name: The first characters of its digest, or a revision that holds it;
                `None` for the work tree's.

        Raises:
            InputError: There is none, or several are named so.
            GitError: There is no such revision either.
        """
        found = self._found(name)
        version = found.model.version
        commit = version.commit.name
        at: Source = CommitSource(self.git, commit[:10], commit)
        if not self.git.bare and (name is None or not version.is_committed):
            at = FolderSource(self.git.project, git=self.git)
        return replace(found, breached=mark(at))

    def _found(self, name: str | None) -> Found:
        known = models(self.history.versions)
        if name is None:
            return self._current(self.history, known, HERE)
        found = known.named(name)
        if found is None and (self._anywhere().named(name)) is not None:
            known = self._anywhere()
            found = known.named(name)
        if found is not None:
            return with_base(found, known)
        return self._at(name)

    def _anywhere(self) -> Models:
        """The models of all branches and tags."""
        if self._everywhere is None:
            self._everywhere = models(versions(self.git, EVERYWHERE))
        return self._everywhere

    def _at(self, revision: str) -> Found:
        try:
            commit = self.git.commit(revision)
        except GitError as error:
            said = f"{revision!r} begins no model's digest, and names no commit"
            raise GitError(said, _NO_MODEL) from error
        history = read_history(self.git, commit)
        return self._current(history, models(history.versions), revision)

    def _current(self, history: History, known: Models, where: str) -> Found:
        """The model that a revision holds."""
        if history.current is None:
            why = history.versions[0].problem if history.versions else ""
            if why:
                raise InputError(f"{PATH} cannot be read in {where}: {why}", REMEDY)
            hint = self._way_to_run() if where == HERE else _NO_MODEL
            raise InputError(f"{PATH} is missing in {where}", hint)
        return with_base(known.served[history.current.model.digest], known)

    def _way_to_run(self) -> str:
        is_set_up = is_first(FolderSource(self.git.project, git=self.git))
        return "run dvc repro" if is_set_up else "run dvcinc init, then dvc repro"


def with_base(model: Made, known: Models) -> Found:
    """A model of a history with its base."""
    return Found(model=model, base=known.bases[model.base] if model.base else None)
