"""Stage `verify`: what did fine-tuning do to intents that the delta did not touch?

It runs behind `record`, so that a model that lost too much is recorded all the same.
The report is written before the stage fails: it is the mark on that model.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dvcinc.corpus.tables import Tables
from dvcinc.corpus.values import Example
from dvcinc.errors import CheckError
from dvcinc.lineage.paired import Outcome
from dvcinc.lineage.verified import (
    PATH,
    REMEDY_OF_BREACH,
    Fate,
    Verified,
    judged,
    listed,
)
from dvcinc.model.checkpoint import digest, load
from dvcinc.model.document import Model
from dvcinc.model.evaluate import Confusion, evaluate
from dvcinc.model.labels import base_intent
from dvcinc.model.runtime import Runtime
from dvcinc.model.tables import package
from dvcinc.plan.delta import delta_digest
from dvcinc.plan.files import put_file, read_folder
from dvcinc.plan.tables import read_tables_files
from dvcinc.stages.bench import Bench, Talk, at_work
from dvcinc.stages.evaluate import test_examples
from dvcinc.stages.finetune import PlannedDelta, read_delta
from dvcinc.stages.paths import BASE_MODEL, DELTA, MODEL, TABLES


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What is compared: the base has the tables of today, so only weights differ."""

    base: Model
    base_digest: str
    model: Model
    delta: PlannedDelta
    tables: Tables


def run_verify(project: Path, talk: Talk) -> None:
    """Runs the stage.

    Raises:
        CheckError: An intent lost more than the policy allows; the report is written.
        DvcincError: A model is not the one that the plan asks for.
    """
    with at_work(project, "verify", talk) as bench:
        limit = bench.params().policy.max_f1_drop
        found = _gather(bench)
        outcomes = [] if found.delta.is_empty else list(_outcomes(bench, found))
        changed = touched(found.delta, found.tables)
        known = frozenset(map(base_intent, found.model.labels.intents))
        verified = Verified(
            base=found.base_digest,
            model=digest(found.model),
            limit=limit,
            examples=len(outcomes),
            touched=tuple(sorted(changed)),
            intents=judged(outcomes, known - changed, limit),
        )
        put_file(verified.to_bytes(), bench.path(PATH))
        talk.say(f"verify: {_said(verified)}")
        if verified.breaches:
            said = f"{verified.breach()}; {MODEL} is recorded, and {PATH} marks it"
            raise CheckError(said, REMEDY_OF_BREACH)


def _gather(bench: Bench) -> _Found:
    base = load(bench.need(BASE_MODEL, "train"))
    model = load(bench.need(MODEL, "package"))
    delta = read_delta(read_folder(bench.need(DELTA, "plan")))
    files = read_folder(bench.need(TABLES, "plan"))
    if (model.base, model.delta) != (base.base, delta.digest):
        raise CheckError(
            f"{MODEL} was not made from {BASE_MODEL} and {DELTA} as they are",
            "run dvc repro; is a stage frozen?",
        )
    tables = read_tables_files(files, TABLES)
    return _Found(
        base=package(base, tables, tables_digest=delta_digest(files)),
        base_digest=digest(base),
        model=model,
        delta=delta,
        tables=tables,
    )


def _outcomes(bench: Bench, found: _Found) -> Iterator[Outcome]:
    examples = sorted(test_examples(bench), key=Example.order)

    def answers(model: Model) -> tuple[Confusion, ...]:
        return evaluate(Runtime(model), examples).confusion

    for was, now in zip(answers(found.base), answers(found.model), strict=True):
        yield Outcome(was.actual, was.predicted, now.predicted)


def touched(delta: PlannedDelta, tables: Tables) -> frozenset[str]:
    """The intents, as they are called now, that gained or lost an example.

    One that only lost some has another count than in the base; those that gained as
    many as they lost have new ones.
    """
    own = {name for name, (before, now) in delta.intents.items() if before != now}
    own |= {example.intent for example in delta.added.examples}
    pairs = tables.intent_renames
    renamed = {base_intent(old): base_intent(new) for old, new in pairs}
    return frozenset(renamed.get(name, name) for name in map(base_intent, own))


def _said(verified: Verified) -> str:
    if not verified.examples:
        return "nothing was learned on top of the base"
    few = verified.of(Fate.TOO_FEW)
    worse = verified.of(Fate.WORSE, Fate.BREACH)
    judged = len(verified.intents) - len(few)
    parts = [f"{judged:,} intents that the delta does not touch"]
    parts += [f"{len(worse):,} worse: {listed(worse)}" if worse else "none got worse"]
    parts += [f"{len(few):,} more have too few test texts to tell"] if few else []
    unsure = few and few[0].drop > (verified.limit or 0.0)
    return ", ".join(parts) + (f", such as {few[0]}" if unsure else "")
