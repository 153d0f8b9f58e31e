"""A recorded model made again from its base and its data, in memory, and compared.

Only this finds a record that agrees with all that is committed and was made up all the
same. Equal digests are a proof on any machine; other ones are evidence only where the
arithmetic is the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass

from dvcinc.errors import CheckError, DvcincError
from dvcinc.lineage.proof import Check, Finding
from dvcinc.lineage.record import PATH as LINEAGE
from dvcinc.lineage.record import Record
from dvcinc.model.checkpoint import digest, pass_on
from dvcinc.model.document import Model
from dvcinc.model.fit import train
from dvcinc.model.tables import package
from dvcinc.model.tune import finetune
from dvcinc.plan.delta import delta_digest
from dvcinc.plan.make import Plan
from dvcinc.plan.tables import read_tables_files
from dvcinc.stages.bench import Talk
from dvcinc.stages.finetune import read_delta
from dvcinc.stages.hearing import Claim
from dvcinc.stages.inspection import Inspector
from dvcinc.stages.paths import TABLES
from dvcinc.stages.reports import environment

_TRAINED = frozenset({"trained", "finetuned", "packaged"})
"""What ran where the record tells which machine calculated."""


@dataclass(frozen=True, slots=True)
class Rebuilder:
    """Makes recorded models again.

    Args:
        inspector: Where the bases are had from.
        talk: Told of the progress of trainings.
    """

    inspector: Inspector
    talk: Talk

    def findings(self, claim: Claim, plan: Plan) -> Iterator[Finding]:
        """What a new training has against a record.

        Args:
            claim: The record.
            plan: Its plan, made anew from its data.
        """
        try:
            model = self._base(plan) if claim.is_base else self._model(claim, plan)
        except DvcincError as error:
            place = claim.said.place(LINEAGE)
            yield Finding(Check.NOT_REBUILT.code, place, error.message)
            return
        calculated = claim.is_base or not plan.document.delta.is_empty
        yield from _compared(claim, model, calculated=calculated)

    def _model(self, claim: Claim, plan: Plan) -> Model:
        """A served model, from its stored base: fine-tuned, or passed on; packaged."""
        recorded = claim.lineage.base
        base = self.inspector.model(recorded, is_base=True)
        if digest(base) != recorded.digest:
            raise CheckError("what is stored of its base is another model")
        return self._built(base, plan)

    def _base(self, plan: Plan) -> Model:
        """A base, trained from scratch on the corpus that its plan froze."""
        info = plan.base.info
        title = f"training {info.examples:,} examples from scratch again"
        with self.talk.progress(title) as progress:
            return train(
                plan.base.corpus,
                info.train,
                base_digest=info.digest,
                progress=progress,
            ).model

    def _built(self, base: Model, plan: Plan) -> Model:
        delta = read_delta(plan.delta)
        if delta.is_empty:
            weights = pass_on(base, delta.digest)
        else:
            title = f"fine-tuning {plan.document.delta.size:,} examples again"
            with self.talk.progress(title) as progress:
                weights = finetune(
                    base,
                    delta.lesson(),
                    plan.document.finetune,
                    plan.base.info.train,
                    delta_digest=delta.digest,
                    progress=progress,
                ).model
        tables = read_tables_files(plan.tables, TABLES)
        return package(weights, tables, tables_digest=delta_digest(plan.tables))


def _compared(claim: Claim, model: Model, *, calculated: bool) -> Iterator[Finding]:
    """Compares digests; `calculated`: whether there was anything to calculate."""
    record, built, place = claim.record, digest(model), claim.said.place(LINEAGE)
    if built == record.digest:
        return
    how = "trained" if calculated else "packaged"
    text = f"{how} again it is {built}, but {record.digest} by its record"
    others = [*_differing(record, model)] if calculated else []
    if others:
        text = f"{text}; it was made with {', '.join(others)}"
    check = Check.NUMERICS if others else Check.REBUILT
    yield Finding(check.code, place, text)


def _differing(record: Record, model: Model) -> Iterator[str]:
    """What the last bits of weights depend on, and is not known to be the same here."""
    if record.ran not in _TRAINED:
        yield f"what nobody knows: its record says {record.ran}"
        return
    here = _key(asdict(environment()), model)
    there = _key(record.environment, model)
    for name, value in here.items():
        if there[name] != value:
            yield f"{name} {there[name] or '(not recorded)'} (here {value})"


def _key(around: Mapping[str, str], model: Model) -> dict[str, str]:
    """The numerics key of an environment."""
    names = ["dvcinc", "numpy", "platform", "kernels"]
    if model.architecture.transformer is not None:
        names.append("tensorflow")
    major, _, minor = around.get("python", "").partition(".")
    # Python brings the Unicode data that texts are folded with.
    python = f"{major}.{minor.partition('.')[0]}"
    return {"python": python, **{name: around.get(name, "") for name in names}}
