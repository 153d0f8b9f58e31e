"""Since which commit a training is due: the first that needed it and did not run it.

It looks back along first parents, and no further than a reader would.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from dvcinc.config import Mode
from dvcinc.errors import DvcincError
from dvcinc.lineage.brought import needed
from dvcinc.lineage.comparing import heeded
from dvcinc.lineage.standing import Standing
from dvcinc.lineage.values import Verdict
from dvcinc.plan.project import Project
from dvcinc.snapshot.sources import CommitSource

_MAX_COMMITS = 50
"""How far to look back; some ten milliseconds each."""


@dataclass(slots=True)
class Waiting:
    """Knows what waits for a training; remembers, since a log asks for each commit.

    Args:
        project: The project.
        most: How many commits to look back.
    """

    project: Project
    most: int = _MAX_COMMITS
    _needed: dict[str, Mode] = field(default_factory=dict)

    def since(self, commit: str, mode: Mode) -> str | None:
        """The first commit up to one, since the last plan, that needs a mode.

        Args:
            commit: A commit that needs it by itself.
            mode: What it needs at least.

        Returns:
            Its id; `None` if it is too far back.
        """
        for _ in range(self.most):
            parent = self._parent(commit)
            if parent is None or not self._waits(parent, commit, mode):
                return commit
            commit = parent
        return None

    def _waits(self, parent: str, commit: str, mode: Mode) -> bool:
        """Whether a parent needs the mode by the same plan."""
        try:
            plans = [self.project.plan_data(one) for one in (parent, commit)]
        except DvcincError:
            return False
        return plans[0] == plans[1] and self._of(parent) >= mode

    def _of(self, commit: str) -> Mode:
        if commit not in self._needed:
            self._needed[commit] = self._judged(commit)
        return self._needed[commit]

    def _judged(self, commit: str) -> Mode:
        committed, _ = heeded(self.project, commit)
        if committed is None:
            return Mode.NONE
        try:
            source = CommitSource(self.project.git, commit[:10], commit)
            side = self.project.ledger.side(source)
        except DvcincError:
            return Mode.NONE
        return needed(self.project, committed, side, commit)

    def _parent(self, commit: str) -> str | None:
        (found,) = self.project.git.objects.get([commit])
        parents = () if found is None else found.headers("parent")
        return parents[0] if parents else None


def due_since(
    project: Project, verdict: Verdict, old: str, most: int = _MAX_COMMITS
) -> str | None:
    """Since which commit a verdict's training is due, where it is due since before."""
    if verdict.standing is not Standing.DUE:
        return None
    return Waiting(project, most).since(old, verdict.decision.mode)
