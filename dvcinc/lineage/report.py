"""A verdict to all that people are told about it on a pull request: facts, no words.

More is looked up here than a hook may wait for: history, metrics, counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from dvcinc.lineage.circumstances import age_days, recorded_lineage
from dvcinc.lineage.closer import close_warnings, counts
from dvcinc.lineage.comparing import Judged
from dvcinc.lineage.measured import Measured, measured
from dvcinc.lineage.names import TRAINED_INTENT, Names, SideNames
from dvcinc.lineage.recent import Model, finetunes_since, last_models
from dvcinc.lineage.since import due_since
from dvcinc.lineage.split import Split
from dvcinc.lineage.values import Cost, Verdict
from dvcinc.lineage.warning import About, Warned
from dvcinc.plan.project import Project
from dvcinc.snapshot.sources import CommitSource, Source

_MAX_STALE = 20
"""Intents without examples that are named; a renamed scheme would name hundreds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What there is to tell.

    Attributes:
        project: The project's path from the top of the repository; `.` for that.
        verdict: The verdict.
        cost: What recorded trainings took, of this base or of the last ones before.
        base_age_days: How old the base was at the old side's commit.
        finetunes: How many fine-tunes the base has had until then.
        now: How many examples a touched intent has on the new side.
        warnings: The verdict's, and those that take a closer look.
        measured: Metrics before and after, once the new side has been trained.
        models: The last models, the newest first.
        due_since: Since which commit its training is due, where it is since before.
        split: The change, taken apart, where that was asked for.
    """

    project: str
    verdict: Verdict
    cost: Cost
    base_age_days: float | None
    finetunes: int | None
    now: Mapping[str, int]
    warnings: tuple[Warned, ...]
    measured: Measured | None
    models: tuple[Model, ...]
    due_since: str | None = None
    split: Split | None = None


def report(
    project: Project,
    judged: Judged,
    old: CommitSource,
    new: Source,
    split: Split | None = None,
) -> Report:
    """Looks up what a verdict does not hold.

    Args:
        project: The project.
        judged: The verdict on the two sides.
        old: The side before.
        new: The side afterwards.
        split: The change, taken apart, where that was asked for.
    """
    verdict, base = judged.verdict, judged.verdict.base
    touched = frozenset(intent.name for intent in verdict.intents)
    models = last_models(project, old, new)
    numbers = _measured(verdict, old, new, touched)
    found, stale = _living(numbers, SideNames(project, judged.after))
    return Report(
        project=project.git.prefix.rstrip("/") or ".",
        verdict=verdict,
        cost=_cost(verdict.cost, models),
        base_age_days=age_days(project, base, old.commit) if base else None,
        finetunes=finetunes_since(project, base, old.commit) if base else None,
        now=counts(project, judged.after, verdict.intents),
        warnings=(
            *verdict.warnings,
            *close_warnings(project, judged),
            *stale,
        ),
        measured=found,
        models=models,
        due_since=due_since(project, verdict, old.commit),
        split=split,
    )


def _cost(known: Cost, models: Sequence[Model]) -> Cost:
    """The cost of each mode: as recorded last, where the old side does not say."""
    finetuned = [model.seconds for model in models if model.ran == "finetuned"]
    trained = [model.base_seconds for model in models if model.base_seconds is not None]
    return Cost(
        scratch_s=next(iter(trained), None)
        if known.scratch_s is None
        else known.scratch_s,
        finetune_s=next(iter(finetuned), None)
        if known.finetune_s is None
        else known.finetune_s,
    )


def _living(
    found: Measured | None, names: Names
) -> tuple[Measured | None, tuple[Warned, ...]]:
    """Metrics without intents that only tests have: no training makes them better."""
    if found is None:
        return None, ()
    there = names.known(TRAINED_INTENT, [pair.name for pair in found.intents])
    stale = [p.name for p in found.intents if p.support and p.name not in there]
    # A store that has forgotten all knows of none.
    if not there or not stale:
        return found, ()
    kept = tuple(pair for pair in found.intents if pair.name not in stale)
    said = sorted(f"tests name intent {name}, which has no examples" for name in stale)
    warnings = (Warned(About.TEST_LABEL, text) for text in said[:_MAX_STALE])
    return replace(found, intents=kept), tuple(warnings)


def _measured(
    verdict: Verdict, old: CommitSource, new: Source, touched: frozenset[str]
) -> Measured | None:
    """The metrics, if those of the new side are of its data."""
    before, here = recorded_lineage(old), recorded_lineage(new)
    if before is None or here is None or here.model.data.digest != verdict.new.digest:
        return None
    same = before.model.digest == here.model.digest
    return None if same else measured(old, new, touched)
