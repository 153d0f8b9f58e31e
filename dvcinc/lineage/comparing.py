"""Two sides that differ to a verdict: by the old side's plan, or by each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from dvcinc.changes import base_intent
from dvcinc.config import Mode
from dvcinc.corpus.values import Corpus, Place
from dvcinc.decision.decide import Decision
from dvcinc.errors import InputError
from dvcinc.lineage.brought import brought, needed
from dvcinc.lineage.circumstances import age_warnings, recorded_cost
from dvcinc.lineage.evidence import is_trained, untrained, was_trained
from dvcinc.lineage.names import Names, SideNames
from dvcinc.lineage.naming import name_warnings
from dvcinc.lineage.standing import Standing, is_first, standing
from dvcinc.lineage.unchanged import no_plan, remember
from dvcinc.lineage.values import IntentCount, SideInfo, Verdict
from dvcinc.lineage.warning import About, Warned, read_warnings, warned
from dvcinc.plan.candidates import beside
from dvcinc.plan.make import compare_snapshots, policy_changes
from dvcinc.plan.project import Project
from dvcinc.plan.situation import Committed
from dvcinc.plan.swift import Outcome, decide_swiftly
from dvcinc.snapshot.read import Snapshot
from dvcinc.snapshot.side import Side
from dvcinc.snapshot.sources import CommitSource
from dvcinc.snapshot.undone import edited_here


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


def compared(project: Project, old: CommitSource, after: Side) -> Judged:
    """Judges a side against a commit.

    Raises:
        InputError: The commit cannot be read, and has no plan that could judge.
        CannotTellError: Some of it cannot be had.
    """
    committed, unheeded = heeded(project, old.commit)
    if committed is None:
        return _between(project, _readable(project, old), after, old, unheeded)
    return _planned(project, committed, after, old)


def heeded(project: Project, commit: str) -> tuple[Committed | None, str]:
    """The plan that a commit holds, and why it is not judged by where it is not.

    One of another form, or in conflict, is to be mended, and no reason to be mute.
    """
    try:
        return project.committed(commit), ""
    except InputError as error:
        return None, f"{error.message}; so the two sides are compared"


def _between(
    project: Project,
    before: Side,
    after: Side,
    old: CommitSource,
    unheeded: str,
) -> Judged:
    """Without a plan: the difference of the two sides."""
    was, now = project.compared(before, after)
    policy = policy_changes(was.params, now.params)
    decision = compare_snapshots(was, now)
    stands = _without_plan(project, decision, after, old, unheeded)
    verdict = Verdict(
        decision=decision,
        change=decision,
        standing=stands,
        old=_side(was),
        new=_side(now),
        policy=now.params.policy,
        base=None,
        cost=recorded_cost(old),
        intents=intent_counts(was.corpus, now.corpus),
        warnings=(
            *_marked(stands, after),
            *warned(About.OTHER, [unheeded] if unheeded else []),
            *no_plan(stands, old),
            *warned(About.POLICY, policy),
            *warned(About.DATA, edited_here(after)),
            *read_warnings(now.corpus.warnings),
            *name_warnings(was.corpus, now.corpus, SideNames(project, after)),
        ),
        unheeded=unheeded,
    )
    return Judged(
        verdict=verdict, before=before, after=after, was=was.corpus, now=now.corpus
    )


def _without_plan(
    project: Project, decision: Decision, after: Side, old: CommitSource, unheeded: str
) -> Standing:
    digest = project.ledger.sums(after).digest
    before = project.plan_data(old.commit)
    if is_trained(before, after.source, after.params, digest)[0]:
        return Standing.TRAINED
    if not unheeded and is_first(after.source):
        return Standing.FIRST
    return Standing.NEW if decision.mode else Standing.NONE


def _planned(
    project: Project, committed: Committed, after: Side, old: CommitSource
) -> Judged:
    """With a plan: what the plan stage would say; a broken old side does no harm."""
    before, base = _perhaps(project, old), committed.document.base
    # Of a side that cannot be read, nothing is told.
    was, now = project.compared(after if isinstance(before, str) else before, after)
    unread = [before] if isinstance(before, str) else []
    outcome = decide_swiftly(project, committed, before, after, old.commit)
    remember(project, old, before, after, outcome)
    age = age_warnings(project, base, after.params.policy, old.commit)
    trained, _ = is_trained(committed.data, after.source, after.params, now.digest())
    restored = partial(_is_restored, project, outcome, after, old)
    decision = change = outcome.decision
    left = Mode.NONE if trained else decision.mode
    if not isinstance(before, str):
        already = partial(needed, project, committed, before, old.commit)
        between = compare_snapshots(was, now)
        change = brought(between, decision, now.params.policy, already)
    stands = standing(decision.mode, change.mode, trained=trained, restored=restored)
    verdict = Verdict(
        decision=decision,
        change=change,
        standing=stands,
        old=_unread(old) if isinstance(before, str) else _side(was),
        new=_side(now),
        policy=now.params.policy,
        base=base,
        cost=recorded_cost(old),
        intents=intent_counts(was.corpus, now.corpus),
        warnings=(
            *_marked(stands, after),
            *warned(About.UNREADABLE_OLD, unread),
            *warned(About.POLICY, policy_changes(was.params, now.params)),
            *warned(About.DATA, edited_here(after)),
            *read_warnings(now.corpus.warnings),
            *_named(was, now, SideNames(project, after), unread=bool(unread)),
            *warned(About.OTHER, outcome.warnings),
            *warned(About.UNTRAINED, untrained(old, committed.data, left)),
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


def _marked(stands: Standing, after: Side) -> Iterator[Warned]:
    """Says that the model that comes with a side lost too much."""
    if stands is not Standing.TRAINED:
        return
    # Most changes come without a model.
    from dvcinc.lineage.verified import PATH, mark  # noqa: PLC0415

    if found := mark(after.source):
        yield Warned(About.BREACH, found.breach(), Place(PATH, 1))


def _is_restored(
    project: Project, outcome: Outcome, after: Side, old: CommitSource
) -> bool:
    """Whether a base holds that was trained for another plan than the old side's."""
    if outcome.origin is None or outcome.base is None:
        return False
    on_top = after.source.commit is None
    heads = [old.commit, *beside(project.git, old.commit, is_open=on_top)]
    return was_trained(project.git, heads, outcome.base)


def _named(
    was: Snapshot, now: Snapshot, names: Names, *, unread: bool
) -> Iterator[Warned]:
    """Warnings about names; where nobody knows the old ones, none is new."""
    return iter(()) if unread else name_warnings(was.corpus, now.corpus, names)


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


def intent_counts(before: Corpus, after: Corpus) -> tuple[IntentCount, ...]:
    """How many examples of each intent came and went between two corpora."""
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
