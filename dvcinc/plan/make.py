"""A snapshot and the plan at HEAD to the plan that holds now: mode, reasons, files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from dvcinc.changes import Change, Kind, diff, diff_params, labels
from dvcinc.config import Mode, Params, Target
from dvcinc.corpus.canonical import CanonicalFile, corpus_digest
from dvcinc.corpus.pipeline import read_pipeline
from dvcinc.corpus.settings import Serving
from dvcinc.corpus.values import Corpus
from dvcinc.decision.decide import Decision, Reason, capped, concluded, decide, judge
from dvcinc.errors import InputError
from dvcinc.plan.base import Base, Versions, cut
from dvcinc.plan.capacity import PARAMS
from dvcinc.plan.choose import Candidate, Chooser, Fit, best
from dvcinc.plan.delta import Delta, compare, delta_digest
from dvcinc.plan.document import CorpusInfo, DeltaInfo, PlanDocument
from dvcinc.plan.tables import Tables, tables_of
from dvcinc.snapshot.read import Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Committed:
    """The plan at HEAD.

    Attributes:
        document: What it says.
        data: Its bytes, to be written again where nothing changed.
        snapshot: What it was made for, `None` where that cannot be found again; a
            function, since most plans need not know.
    """

    document: PlanDocument
    data: bytes
    snapshot: Callable[[], Snapshot | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What a plan is made from.

    Attributes:
        now: The snapshot to plan for.
        committed: The plan at HEAD, if there is one.
        candidates: Bases that might fit, in order.
        versions: The code here.
        commit: The commit at HEAD.
        tolerant: Whether a pipeline that cannot be trained here is only a warning.
    """

    now: Snapshot
    committed: Committed | None
    candidates: Sequence[Candidate]
    versions: Versions
    commit: str | None
    tolerant: bool = False


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
        warnings: What people should know.
    """

    decision: Decision
    document: PlanDocument
    data: bytes
    base: Base
    delta: tuple[CanonicalFile, ...]
    tables: tuple[CanonicalFile, ...]
    lesson: Delta
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Choice:
    """The base that holds, the corpus's difference to it, and why it was cut, if it was."""

    fit: Fit
    is_new: bool
    reasons: tuple[Reason, ...]


def make_plan(situation: Situation) -> Plan:
    """Makes the plan.

    Raises:
        InputError: The corpus has no examples, or its pipeline cannot be trained here.
    """
    now, params = situation.now, situation.now.params
    serving, warnings = _serving(now.corpus, tolerant=situation.tolerant)
    chooser = Chooser(now.corpus, params, situation.versions)
    fits, missing = chooser.fits(situation.candidates)
    choice = _choose(situation, chooser, fits, missing)
    delta = choice.fit.delta.files(params.finetune.replay)
    tables = tables_of(now.corpus, choice.fit.became, serving)
    document = _document(situation, choice, delta, tables)
    same = _same(situation.committed, document)
    return Plan(
        decision=Decision(
            mode=document.mode, targets=document.targets, reasons=document.reasons
        ),
        document=same.document if same else document,
        data=same.data if same else document.to_bytes(),
        base=choice.fit.base,
        delta=delta,
        tables=tables.files(),
        lesson=choice.fit.delta,
        warnings=(*now.corpus.warnings, *warnings, *missing),
    )


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
        f"params.yaml: policy.{name} changed from {before} to {after}"
        for name in old.policy.__dataclass_fields__
        if (before := getattr(old.policy, name)) != (after := getattr(new.policy, name))
    ]


def _serving(corpus: Corpus, *, tolerant: bool) -> tuple[Serving, tuple[str, ...]]:
    try:
        pipeline = read_pipeline(corpus.config)
    except InputError as error:
        if not tolerant:
            raise
        return Serving(), (error.message,)
    return pipeline.serving, pipeline.warnings


def _choose(
    situation: Situation, chooser: Chooser, fits: list[Fit], missing: list[str]
) -> _Choice:
    chosen = best(fits)
    if chosen is not None:
        return _Choice(fit=chosen, is_new=False, reasons=())
    corpus = chooser.trained
    if not corpus.examples:
        raise InputError(
            "there are no training examples",
            "params.yaml: data.nlu must name the files that hold `nlu:`",
        )
    base = cut(corpus, chooser.params.train, situation.versions, situation.commit)
    became = labels(corpus, corpus)
    delta = compare(base, corpus, became)
    decision = concluded((), chooser.params.policy)
    return _Choice(
        fit=Fit(base=base, became=became, delta=delta, decision=decision),
        is_new=True,
        reasons=_cut_reasons(situation, fits, missing),
    )


def _cut_reasons(
    situation: Situation, fits: list[Fit], missing: list[str]
) -> tuple[Reason, ...]:
    """Why no candidate fits: what changed since the first of them, HEAD's base."""
    if fits:
        return fits[0].decision.reasons
    said = missing[0] if missing else "no plan has been committed yet"
    change = Change(kind=Kind.BASE_UNAVAILABLE, subject=said)
    now = situation.now
    return (judge(change, now.params.policy, now.corpus.config),)


def _document(
    situation: Situation,
    choice: _Choice,
    delta: tuple[CanonicalFile, ...],
    tables: Tables,
) -> PlanDocument:
    now, params = situation.now, situation.now.params
    lesson = choice.fit.delta
    document = PlanDocument(
        mode=Mode.NONE,
        targets={},
        reasons=(),
        base=choice.fit.base.info,
        delta=DeltaInfo(
            digest=delta_digest(delta),
            added=len(lesson.added),
            removed=len(lesson.removed),
            size=lesson.size,
        ),
        tables=delta_digest(tables.files()),
        corpus=_corpus_info(now.corpus),
        finetune=params.finetune,
        preset=params.policy.preset.value,
        forced=params.policy.forced,
    )
    decision = _decided(situation, choice, document)
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


def _decided(
    situation: Situation, choice: _Choice, document: PlanDocument
) -> Decision:
    """Mode and reasons: what differs from HEAD's plan, and what happened since."""
    mode = _nlu_mode(situation.committed, document)
    since = _since(situation)
    nlu = [r for r in since if Target.NLU in r.targets]
    other = [r for r in since if Target.NLU not in r.targets]
    if choice.is_new:
        nlu = list(choice.reasons)
    elif not nlu and mode > Mode.NONE:
        nlu = list(choice.fit.decision.reasons)
    policy = situation.now.params.policy
    decision = concluded([*capped(nlu, mode), *other], policy)
    targets = {**decision.targets, Target.NLU: mode}
    return Decision(
        mode=max(targets[target] for target in policy.targets),
        targets=targets,
        reasons=decision.reasons,
    )


def _nlu_mode(committed: Committed | None, document: PlanDocument) -> Mode:
    """The dearest input of a stage that differs from HEAD's plan."""
    if committed is None or committed.document.base.digest != document.base.digest:
        return Mode.SCRATCH
    before = committed.document
    if before.delta.digest != document.delta.digest:
        return Mode.FINETUNE
    if before.finetune != document.finetune:
        return Mode.FINETUNE
    return Mode.REFRESH if before.tables != document.tables else Mode.NONE


def _since(situation: Situation) -> tuple[Reason, ...]:
    """The changes since the corpus of HEAD's plan, judged."""
    committed, now = situation.committed, situation.now
    old = committed.snapshot() if committed else None
    if committed is None or old is None:
        return ()
    before = Params(finetune=committed.document.finetune, train=now.params.train)
    changes: Iterable[Change] = (
        *diff(old.corpus, now.corpus),
        *diff_params(before, now.params, PARAMS),
    )
    return decide(changes, now.params.policy, now.corpus.config).reasons


def _same(committed: Committed | None, document: PlanDocument) -> Committed | None:
    """HEAD's plan, where nothing that a stage reads differs from it."""
    if committed is None or _nlu_mode(committed, document) is not Mode.NONE:
        return None
    return committed
