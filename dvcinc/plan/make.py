"""A snapshot and the plan at HEAD to the plan that holds now: mode, reasons, files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from enum import Enum

from dvcinc.changes import diff, diff_params, labels
from dvcinc.config import Mode, Params, Policy
from dvcinc.corpus.canonical import CanonicalFile
from dvcinc.corpus.digest import corpus_digest
from dvcinc.corpus.pipeline import Pipeline, read_pipeline
from dvcinc.corpus.tables import Tables
from dvcinc.corpus.values import Corpus
from dvcinc.decision.decide import Decision, concluded, decide
from dvcinc.errors import InputError
from dvcinc.plan.base import Base, cut
from dvcinc.plan.capacity import PARAMS
from dvcinc.plan.choice import Choice, choose
from dvcinc.plan.choose import Chooser, Fit
from dvcinc.plan.delta import SCHEMA as DELTA_SCHEMA
from dvcinc.plan.delta import Delta, compare, delta_digest
from dvcinc.plan.document import CorpusInfo, DeltaInfo, PlanDocument, TablesInfo
from dvcinc.plan.reasons import decided, nlu_mode
from dvcinc.plan.situation import Committed, Situation
from dvcinc.plan.tables import SCHEMA as TABLES_SCHEMA
from dvcinc.plan.tables import tables_files, tables_of
from dvcinc.plan.whole import WholeJudge
from dvcinc.snapshot.read import Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What the plan stage writes.

    Attributes:
        decision: What has to run now, against the plan at HEAD.
        document: `plan.json`; HEAD's own where base, delta and tables are HEAD's.
        data: Its bytes.
        base: The base that holds.
        delta: The files of the delta.
        tables: The files of the tables.
        lesson: The delta itself.
        warnings: What people should know about this change.
        notes: What the pipeline asks for and does not get, whatever has changed.
        origin: Which committed plan names the base, if another than HEAD's does.
    """

    decision: Decision
    document: PlanDocument
    data: bytes
    base: Base
    delta: tuple[CanonicalFile, ...]
    tables: tuple[CanonicalFile, ...]
    lesson: Delta
    warnings: tuple[str, ...]
    notes: tuple[str, ...]
    origin: str | None


def make_plan(situation: Situation) -> Plan:
    """Makes the plan.

    Raises:
        InputError: The corpus has no examples, or its pipeline cannot be trained here.
    """
    now, params = situation.now, situation.now.params
    pipeline, refused = pipeline_of(now.corpus, tolerant=situation.tolerant)
    judge = WholeJudge(situation)
    choice = choose(situation, judge)
    fit = choice.fit or _cut(situation, judge.chooser)
    delta = fit.delta.files(params.finetune.replay)
    tables = tables_of(now.corpus, fit.became, pipeline.serving)
    facts = _document(situation, fit, delta, tables)
    mode = nlu_mode(situation.committed, facts)
    document = _with(facts, decided(situation, judge, choice, mode))
    same = _same(situation.committed, document)
    return Plan(
        decision=Decision(
            mode=document.mode, targets=document.targets, reasons=document.reasons
        ),
        document=same.document if same else document,
        data=same.data if same else document.to_bytes(),
        base=fit.base,
        delta=delta,
        tables=tables_files(tables),
        lesson=fit.delta,
        warnings=(*now.corpus.warnings, *taken_up(choice), *choice.missing, *refused),
        notes=pipeline.warnings,
        origin=choice.origin(),
    )


def taken_up(choice: Choice) -> tuple[str, ...]:
    """Says that a base is taken up again: what is new to HEAD has been trained."""
    origin = choice.origin()
    if origin is None:
        return ()
    return (f"the base of {origin} fits; its model is restored where it can be had",)


def compare_snapshots(old: Snapshot, new: Snapshot) -> Decision:
    """The decision between two snapshots where the old side holds no plan."""
    changes = (
        *diff(old.corpus, new.corpus),
        *diff_params(old.params, new.params, PARAMS),
    )
    return decide(changes, new.params.policy, new.corpus.config)


def policy_changes(old: Params, new: Params) -> list[str]:
    """Warnings for a change to the policy itself, which is never silent."""
    return [
        f"params.yaml: policy.{name} is now {_said(after)}, was {_said(before)}"
        for (name, before), (_, after) in zip(_policy(old), _policy(new), strict=True)
        if before != after
    ]


def _policy(params: Params) -> list[tuple[str, object]]:
    """The policy by the keys that `params.yaml` has for it."""
    policy = params.policy
    forced = ("mode", "scratch" if policy.forced else "auto")
    return [
        forced if field.name == "forced" else (field.name, getattr(policy, field.name))
        for field in fields(Policy)
    ]


def _said(value: object) -> str:
    """A value of the policy as `params.yaml` says it."""
    if isinstance(value, Mode):
        return value.word
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, Mapping):
        return str({key: _said(mode) for key, mode in value.items()})
    if isinstance(value, tuple):
        return f"[{', '.join(map(_said, value))}]"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "null" if value is None else str(value)


def pipeline_of(corpus: Corpus, *, tolerant: bool) -> tuple[Pipeline, tuple[str, ...]]:
    """The pipeline, or none and why it cannot be trained here."""
    try:
        return read_pipeline(corpus.config), ()
    except InputError as error:
        if not tolerant:
            raise
        return Pipeline(), (f"{error.message}; {error.hint}",)


def _cut(situation: Situation, chooser: Chooser) -> Fit:
    """A new base: the corpus now."""
    corpus = chooser.trained
    if not corpus.examples:
        raise InputError(
            "there are no training examples",
            "params.yaml: data.nlu must name the files that hold `nlu:`",
        )
    base = cut(corpus, chooser.params.train, situation.versions, situation.commit)
    became = labels(corpus, corpus)
    return Fit(
        base=base,
        became=became,
        delta=compare(base, corpus, became),
        decision=concluded((), chooser.params.policy),
        exact=True,
    )


def _document(
    situation: Situation, fit: Fit, delta: tuple[CanonicalFile, ...], tables: Tables
) -> PlanDocument:
    """The plan as far as its digests."""
    now, params, lesson = situation.now, situation.now.params, fit.delta
    return PlanDocument(
        mode=Mode.NONE,
        targets={},
        reasons=(),
        base=fit.base.info,
        delta=DeltaInfo(
            digest=delta_digest(delta),
            added=len(lesson.added),
            removed=len(lesson.removed),
            size=lesson.size,
            is_empty=lesson.is_empty,
            schema=DELTA_SCHEMA,
        ),
        tables=TablesInfo(
            digest=delta_digest(tables_files(tables)), schema=TABLES_SCHEMA
        ),
        corpus=_corpus_info(now.corpus),
        finetune=params.finetune,
        preset=params.policy.preset.value,
        forced=params.policy.forced,
    )


def _with(document: PlanDocument, decision: Decision) -> PlanDocument:
    return replace(
        document,
        mode=decision.mode,
        targets=decision.targets,
        reasons=decision.reasons,
    )


def _corpus_info(corpus: Corpus) -> CorpusInfo:
    return CorpusInfo(
        digest=corpus_digest(corpus),
        examples=len(corpus.examples),
        intents=len({e.intent.partition("/")[0] for e in corpus.examples}),
        entities=len({span.entity for e in corpus.examples for span in e.spans}),
    )


def _same(committed: Committed | None, document: PlanDocument) -> Committed | None:
    """HEAD's plan, where nothing that a stage reads differs from it."""
    if committed is None or nlu_mode(committed, document) is not Mode.NONE:
        return None
    return committed
