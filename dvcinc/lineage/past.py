"""What training each commit of a range needed, in one walk over the history."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from time import monotonic

from dvcinc.config import Mode
from dvcinc.decision.values import Decision
from dvcinc.errors import DvcincError, GitError
from dvcinc.lineage.brought import others
from dvcinc.lineage.comparing import heeded
from dvcinc.lineage.evidence import was_trained
from dvcinc.lineage.since import Waiting
from dvcinc.lineage.standing import Standing
from dvcinc.lineage.values import Verdict
from dvcinc.lineage.verdict import classify
from dvcinc.plan.project import Project
from dvcinc.snapshot.git import Git
from dvcinc.snapshot.sources import CommitSource

_MOMENT = 0.1
"""Seconds until a line is shown: few enough to seem none, enough for some commits."""
_FIELDS = ("%H", "%P", "%cs", "%s")
_LOG = ("log", "-z", "--no-show-signature", f"--format={'%x00'.join(_FIELDS)}")

_ROOT = "the first commit has nothing before it"
_CUT_OFF = (
    "history is cut off before it in this shallow clone; fetch all of it "
    "(fetch-depth: 0, git fetch --unshallow)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """One commit.

    Attributes:
        commit: Its id.
        parent: Its first parent, which it is judged against; `None` for the first.
        date: The day on which it was committed, as YYYY-MM-DD.
        subject: The first line of its message, as somebody wrote it.
        decision: What it needed by itself; `None` where that cannot be told.
        standing: How what had to run stood to it.
        due: What had to run, where that was due since before.
        due_since: Since which commit, where that is not too far back.
        is_restored: Whether what it holds trained was a base of before, found again.
        problem: Why it cannot be told, or what could not be heeded.
    """

    commit: str
    parent: str | None
    date: str
    subject: str
    decision: Decision | None = None
    standing: Standing = Standing.NONE
    due: Mode | None = None
    due_since: str | None = None
    is_restored: bool = False
    problem: str = ""


def past(project: Project, revision: str, limit: int | None) -> Iterator[Past]:
    """The commits of a range, newest first, each judged against its first parent.

    Args:
        project: The project.
        revision: A revision or a range, as `git log` takes it.
        limit: How many commits at most; `None` for all of the range.

    Raises:
        GitError: There is no such revision.
    """
    most = () if limit is None else (f"--max-count={limit}",)
    if revision.startswith("-"):
        raise GitError(f"{revision!r} is no revision")
    said = project.git.run(*_LOG, *most, "--end-of-options", revision, "--")
    fields = said.decode(errors="replace").split("\0")
    starts = range(0, len(fields) - len(_FIELDS) + 1, len(_FIELDS))
    commits = (_one(*fields[at : at + len(_FIELDS)]) for at in starts)
    waiting = Waiting(project)
    while judged := _some(project, commits, waiting):
        yield from judged


def _one(commit: str, parents: str, date: str, subject: str) -> Past:
    parent = parents.partition(" ")[0] or None
    return Past(commit=commit, parent=parent, date=date, subject=subject)


def _some(project: Project, commits: Iterator[Past], waiting: Waiting) -> list[Past]:
    """Judges commits for a moment: what is found is written down before it is shown.

    The parent of a commit is mostly the next one's new side, and known by then.
    """
    until = monotonic() + _MOMENT
    judged: list[Past] = []
    with project.ledger.store.together():
        for one in commits:
            judged.append(_judged(project, one, waiting))
            if monotonic() > until:
                break
    return judged


def _judged(project: Project, one: Past, waiting: Waiting) -> Past:
    if one.parent is None:
        cut_off = _is_cut_off(project.git, one.commit)
        return replace(one, problem=_CUT_OFF if cut_off else _ROOT)
    old, new = (
        CommitSource(project.git, commit[:10], commit)
        for commit in (one.parent, one.commit)
    )
    try:
        found = classify(project, old, new)
    except DvcincError as error:
        return replace(one, problem=error.message)
    is_due = found.standing is Standing.DUE
    is_trained = found.standing is Standing.TRAINED
    due = found.decision.mode
    return replace(
        one,
        decision=_first(project, one, found) if is_trained else found.change,
        standing=found.standing,
        due=due if is_due else None,
        due_since=waiting.since(one.parent, due) if is_due else None,
        is_restored=is_trained and _is_restored(project, one, found),
        problem=found.unheeded,
    )


def _first(project: Project, one: Past, found: Verdict) -> Decision:
    """What a trained commit needed: by its own plan first, where it has no older one.

    The plan's reasons are those of the lineage; a change on top of no plan is not why
    all of it was trained.
    """
    change = found.change
    if found.base is not None or not change.mode:
        return change
    plan, _ = heeded(project, one.commit)
    if plan is None:
        return change
    own = plan.document
    targets = {t: max(mode, own.targets[t]) for t, mode in change.targets.items()}
    reasons = (*own.reasons, *others(change.reasons, own.reasons))
    return Decision(mode=max(change.mode, own.mode), targets=targets, reasons=reasons)


def _is_restored(project: Project, one: Past, found: Verdict) -> bool:
    """Whether the base of a trained commit was trained before it."""
    if found.origin is None:
        return False
    plan, _ = heeded(project, one.commit)
    parents = project.git.parents(one.commit)
    return plan is not None and was_trained(
        project.git, parents, plan.document.base.digest
    )


def _is_cut_off(git: Git, commit: str) -> bool:
    """Whether a commit without parents has some that this clone lacks."""
    (found,) = git.objects.get([commit])
    return git.is_shallow() and found is not None and bool(found.headers("parent"))
