"""Two sides of a comparison to a verdict: the decision, with its base and its cost."""

from __future__ import annotations

import sqlite3
from collections import Counter
from dataclasses import dataclass

from dvcinc.changes import base_intent
from dvcinc.config import Policy
from dvcinc.corpus.values import Corpus
from dvcinc.decision.decide import Decision
from dvcinc.errors import DvcincError, InputError
from dvcinc.lineage.record import PATH, Lineage, read_lineage
from dvcinc.lineage.warning import About, Warned, warned
from dvcinc.plan.base import BaseInfo
from dvcinc.plan.make import compare_snapshots, policy_changes
from dvcinc.plan.project import Project
from dvcinc.plan.situation import Committed
from dvcinc.plan.swift import decide_swiftly
from dvcinc.snapshot.read import Snapshot
from dvcinc.snapshot.side import Side
from dvcinc.snapshot.sources import CommitSource, Source

_SECONDS_PER_DAY = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class SideInfo:
    """One side: the source's name, its commit, and the digest of its corpus.

    The digest is `None` where the side cannot be read.
    """

    source: str
    commit: str | None
    digest: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Seconds that the recorded trainings took; `None` where none is recorded."""

    scratch_s: float | None = None
    finetune_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IntentCount:
    """How many examples of an intent came and went."""

    name: str
    added: int
    removed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a change means for training.

    Attributes:
        decision: Mode, targets and reasons.
        old: The side before.
        new: The side afterwards.
        policy: The new side's policy.
        base: The base of the committed plan, where there is one.
        cost: What the recorded trainings took.
        intents: Examples that come and go, by intent.
        warnings: What people should know.
        origin: Which committed plan names the base that holds, if another than the
            old side's does: its model is restored, not trained.
    """

    decision: Decision
    old: SideInfo
    new: SideInfo
    policy: Policy
    base: BaseInfo | None
    cost: Cost
    intents: tuple[IntentCount, ...]
    warnings: tuple[Warned, ...]
    origin: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A verdict and what it was found from, for whoever tells more about it.

    Attributes:
        verdict: The verdict.
        before: The old side; `None` where it cannot be read.
        after: The new side.
        was: The old side's corpus, as far as the sides differ.
        now: The new side's likewise.
    """

    verdict: Verdict
    before: Side | None
    after: Side
    was: Corpus
    now: Corpus


def classify(project: Project, old: CommitSource, new: Source) -> Verdict:
    """Judges what lies between a commit and another source.

    Where the old side holds a plan, the verdict is the one that the plan stage would
    come to for the new side; else the two sides are compared.

    Raises:
        InputError: A side cannot be read, with `path:line:column`.
        CannotTellError: Some of a side cannot be had.
    """
    return judged(project, old, new).verdict


def judged(project: Project, old: CommitSource, new: Source) -> Judged:
    """As `classify`, with what the verdict was found from."""
    try:
        after = project.side(new)
        committed = project.committed(old.commit)
        if committed is None:
            return _between(project, _readable(project, old), after, old)
        return _planned(project, committed, after, old)
    except sqlite3.Error:
        # The store is broken, or another process does not let go of it.
        project.ledger.forget()
        return judged(project, old, new)


def _between(project: Project, before: Side, after: Side, old: CommitSource) -> Judged:
    """Without a plan: the difference of the two sides."""
    was, now = project.compared(before, after)
    policy = policy_changes(was.params, now.params)
    verdict = Verdict(
        decision=compare_snapshots(was, now),
        old=_side(was),
        new=_side(now),
        policy=now.params.policy,
        base=None,
        cost=recorded_cost(old),
        intents=_intents(was.corpus, now.corpus),
        warnings=(
            *warned(About.POLICY, policy),
            *warned(About.DATA, now.corpus.warnings),
        ),
    )
    return Judged(
        verdict=verdict, before=before, after=after, was=was.corpus, now=now.corpus
    )


def _planned(
    project: Project, committed: Committed, after: Side, old: CommitSource
) -> Judged:
    """With a plan: what the plan stage would say; a broken old side does no harm."""
    before, base = _perhaps(project, old), committed.document.base
    # Of a side that cannot be read, nothing is told.
    known = after if isinstance(before, str) else before
    was, now = project.compared(known, after)
    policy = policy_changes(was.params, now.params)
    unread = [before] if isinstance(before, str) else []
    outcome = decide_swiftly(project, committed, before, after, old.commit)
    age = _age(project, base, after.params.policy, old.commit)
    verdict = Verdict(
        decision=outcome.decision,
        old=_unread(old) if isinstance(before, str) else _side(was),
        new=_side(now),
        policy=now.params.policy,
        base=base,
        cost=recorded_cost(old),
        intents=_intents(was.corpus, now.corpus),
        warnings=(
            *warned(About.UNREADABLE_OLD, unread),
            *warned(About.POLICY, policy),
            *warned(About.DATA, now.corpus.warnings),
            *warned(About.OTHER, outcome.warnings),
            *warned(About.OLD_BASE, age),
        ),
        origin=outcome.origin,
    )
    return Judged(
        verdict=verdict,
        before=None if isinstance(before, str) else before,
        after=after,
        was=was.corpus,
        now=now.corpus,
    )


def recorded_lineage(source: Source) -> Lineage | None:
    """The lineage that a source holds, if it holds one that can be read."""
    try:
        data = source.read(PATH)
        return read_lineage(data) if data else None
    except DvcincError:
        return None


def _readable(project: Project, old: CommitSource) -> Side:
    """The old side, or an error that says that it is the old side that is broken."""
    try:
        return project.ledger.side(old)
    except InputError as error:
        raise InputError(
            f"the old side, {old.name}, cannot be read: {error.message}",
            "compare with an earlier commit: dvcinc classify REVISION",
        ) from error


def _perhaps(project: Project, old: CommitSource) -> Side | str:
    """The old side, or why it cannot be read; the plan judges by the base anyway."""
    try:
        return project.ledger.side(old)
    except InputError as error:
        return f"{old.name} cannot be read: {error.message}"


def _side(snapshot: Snapshot) -> SideInfo:
    return SideInfo(
        source=snapshot.source, commit=snapshot.commit, digest=snapshot.digest()
    )


def _unread(old: CommitSource) -> SideInfo:
    return SideInfo(source=old.name, commit=old.commit, digest=None)


def recorded_cost(old: Source) -> Cost:
    """What the trainings took that a source's lineage records."""
    lineage = recorded_lineage(old)
    if lineage is None:
        return Cost()
    finetuned = lineage.model.seconds if lineage.model.ran == "finetuned" else None
    trained = lineage.base.seconds if lineage.base.ran == "trained" else None
    return Cost(scratch_s=trained, finetune_s=finetuned)


def _intents(before: Corpus, after: Corpus) -> tuple[IntentCount, ...]:
    added = Counter(
        base_intent(e.intent) for e in after.examples.keys() - before.examples.keys()
    )
    removed = Counter(
        base_intent(e.intent) for e in before.examples.keys() - after.examples.keys()
    )
    return tuple(
        IntentCount(name=name, added=added[name], removed=removed[name])
        for name in sorted(added | removed)
    )


def _age(project: Project, base: BaseInfo, policy: Policy, old: str) -> list[str]:
    """A warning for an old base; never a rule, since a plan has no clock."""
    age, limit = age_days(project, base, old), policy.warn_age_days
    if age is None or age <= limit:
        return []
    told = f"the base is {age:.0f} days old (policy.warn_age_days: {limit:g})"
    return [f"{told}; policy.mode: scratch cuts a new one"]


def age_days(project: Project, base: BaseInfo, old: str) -> float | None:
    """How old a base was at a commit, in days; `None` where that cannot be told."""
    if base.commit is None:
        return None
    try:
        cut_at = project.git.commit_time(base.commit)
        return (project.git.commit_time(old) - cut_at) / _SECONDS_PER_DAY
    except DvcincError:
        return None
