"""Two sides that say the same to a verdict, without what judges differences.

It comes to the same as `dvcinc.lineage.comparing`. Most commits touch nothing that
trains, and a hook looks at all of them. Where a plan was committed, the answer also
depends on that plan; so it is kept, by all that it is a function of.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from dvcinc import __version__
from dvcinc.decision.values import concluded
from dvcinc.errors import InputError
from dvcinc.lineage.circumstances import age_warnings, recorded_cost
from dvcinc.lineage.standing import Standing, is_first
from dvcinc.lineage.values import SideInfo, Verdict
from dvcinc.lineage.warning import About, Warned, warned
from dvcinc.params import PATH as PARAMS
from dvcinc.plan.candidates import beside, named_in
from dvcinc.plan.info import PLAN, BaseInfo, current_versions
from dvcinc.plan.project import Project
from dvcinc.snapshot.side import Side
from dvcinc.snapshot.sources import CommitSource

if TYPE_CHECKING:
    from dvcinc.plan.swift import Outcome


def unchanged(project: Project, old: CommitSource, after: Side) -> Verdict | None:
    """The verdict on sides that say the same; `None` where more has to be known.

    Raises:
        CannotTellError: Some of the commit cannot be had.
    """
    try:
        before = project.ledger.side(old)
        if not _same(before, after):
            return None
        plan = project.plan_data(old.commit)
        base = None if plan is None else named_in(plan)
    except InputError:
        return None
    if base is None and after.source.read(PLAN) is not None:
        return None  # the first one, which may cover these data
    if base is not None:
        key = _key(project, old, after, base)
        if key is None or not project.ledger.store.is_settled(key):
            return None
    policy = after.params.policy
    age = age_warnings(project, base, policy, old.commit) if base else []
    digest = project.ledger.sums(after).digest
    nothing = concluded((), policy)
    first = base is None and is_first(after.source)
    stands = Standing.FIRST if first else Standing.NONE
    return Verdict(
        decision=nothing,
        change=nothing,
        standing=stands,
        old=SideInfo(source=old.name, commit=old.commit, digest=digest),
        new=SideInfo(
            source=after.source.name, commit=after.source.commit, digest=digest
        ),
        policy=policy,
        base=base,
        cost=recorded_cost(old),
        intents=(),
        warnings=(*no_plan(stands, old), *warned(About.OLD_BASE, age)),
    )


def no_plan(stands: Standing, old: CommitSource) -> tuple[Warned, ...]:
    """Says that there is no plan to judge by, where there will be one."""
    if stands is not Standing.FIRST:
        return ()
    said = f"there is no plan at {old.name}, so the two sides are compared; no base"
    text = f"{said} has been trained yet: the next dvc repro trains one from scratch"
    return (Warned(About.NO_PLAN, text),)


def remember(
    project: Project, old: CommitSource, before: Side | str, after: Side, said: Outcome
) -> None:
    """Keeps that nothing has to run, and nothing to be told, where that is so."""
    quiet = said.decision == concluded((), after.params.policy) and not said.warnings
    if not quiet or isinstance(before, str) or not _same(before, after):
        return
    key = _key(project, old, after, named_in(project.plan_data(old.commit) or b""))
    if key is not None:
        project.ledger.store.settle(key)


def _same(before: Side, after: Side) -> bool:
    return before.key == after.key and before.params == after.params


def _key(
    project: Project, old: CommitSource, after: Side, base: BaseInfo
) -> str | None:
    """All that the answer is a function of, in one; `None` where that is too much.

    A merge under way and a plan in the work tree bring bases of their own, and one
    whose corpus is not known to be in Git is looked for elsewhere.
    """
    on_top = after.source.commit is None
    plan = project.plan_data(old.commit)
    here = project.worktree().read(PLAN) if on_top else plan
    if here not in (None, plan) or beside(project.git, old.commit, is_open=on_top):
        return None
    if not _is_at_hand(project, after, base):
        return None
    params = after.source.read(PARAMS)
    said = (__version__, current_versions(), after.key, plan, here is None, params)
    return hashlib.sha256(repr(said).encode()).hexdigest()


def _is_at_hand(project: Project, after: Side, base: BaseInfo) -> bool:
    """Whether the corpus of a base is one that a known commit holds."""
    ledger = project.ledger
    if ledger.sums(after).trained_digest == base.corpus:
        return True
    commit = ledger.store.revision(base.corpus)
    return bool(commit) and project.git.has(f"{commit}^{{commit}}")
