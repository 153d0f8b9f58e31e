"""What has to run against the plan at HEAD, and why: a function of HEAD and the data.

What lies in the work tree (a base that the last run cut, say) decides what is chosen,
but never how it is told: the same data give the same words, before and after a run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from dvcinc.changes import Change, Kind, diff, diff_params, labels
from dvcinc.config import Mode, Params, Target
from dvcinc.corpus.canonical import read_corpus, write_corpus
from dvcinc.corpus.trained import trained
from dvcinc.corpus.values import Config, Corpus
from dvcinc.decision.decide import Decision, Reason, capped, concluded, decide, judge
from dvcinc.plan.base import FOLDER, Base
from dvcinc.plan.capacity import PARAMS
from dvcinc.plan.choose import Chooser, Fit
from dvcinc.plan.document import PlanDocument
from dvcinc.plan.situation import Committed, Situation

_UNCOMMITTED = "the base in the work tree was cut under another policy, and is nearer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The base that holds, and what was known when it was chosen.

    Attributes:
        fit: How the corpus stands to the base that holds.
        chooser: Judges bases for the corpus.
        fits: How it stands to each candidate.
        missing: The candidates that cannot be had, as warnings that name them.
        origin: Which committed plan names the base that holds, if another than HEAD's
            does; a function, since it may ask all of history.
    """

    fit: Fit
    chooser: Chooser
    fits: tuple[Fit, ...]
    missing: tuple[str, ...]
    origin: Callable[[], str | None]


def nlu_mode(committed: Committed | None, document: PlanDocument) -> Mode:
    """The dearest input of a stage that differs from HEAD's plan."""
    if committed is None or committed.document.base.digest != document.base.digest:
        return Mode.SCRATCH
    before = committed.document
    if before.delta.digest != document.delta.digest:
        return Mode.FINETUNE
    if before.finetune != document.finetune and not document.delta.is_empty:
        return Mode.FINETUNE
    return Mode.REFRESH if before.tables != document.tables else Mode.NONE


def decided(situation: Situation, choice: Choice, document: PlanDocument) -> Decision:
    """Mode and reasons of a plan.

    Args:
        situation: What the plan is made from.
        choice: The base that holds.
        document: The plan, as far as its digests.
    """
    mode = nlu_mode(situation.committed, document)
    since = _since(situation)
    nlu = [reason for reason in since if Target.NLU in reason.targets]
    other = [reason for reason in since if Target.NLU not in reason.targets]
    if mode is Mode.SCRATCH:
        nlu = _why_scratch(situation, choice, nlu)
    if not nlu and mode > Mode.NONE:
        nlu = list(choice.fit.decision.reasons)
    policy = situation.now.params.policy
    decision = concluded([*capped(nlu, mode), *other], policy)
    targets = {**decision.targets, Target.NLU: mode}
    return Decision(
        mode=max(targets[target] for target in policy.targets),
        targets=targets,
        reasons=decision.reasons,
    )


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


def _why_scratch(
    situation: Situation, choice: Choice, since: list[Reason]
) -> list[Reason]:
    """Why HEAD's base does not hold: what changed since it was cut."""
    committed = situation.committed
    if committed is None:
        said = "no plan has been committed yet"
        return [_judged(situation, Change(kind=Kind.BASE_UNAVAILABLE, subject=said))]
    digest = committed.document.base.digest
    head = next((f for f in choice.fits if f.base.info.digest == digest), None)
    if head is None:
        said = choice.missing[0] if choice.missing else "the base was not looked for"
        gone = Change(kind=Kind.BASE_UNAVAILABLE, subject=said)
        return [_judged(situation, gone), *since]
    if head.mode < Mode.SCRATCH:
        origin = choice.origin()
        said = f"the base of {origin} is nearer" if origin else _UNCOMMITTED
        nearer = _judged(situation, Change(kind=Kind.FORCED, subject=said))
        return [replace(nearer, advice=""), *since]
    old = committed.snapshot()
    base = _located(head.base, old.corpus if old else Corpus())
    return list(choice.chooser.fit(base).decision.reasons)


def _judged(situation: Situation, change: Change) -> Reason:
    now = situation.now
    return judge(change, now.params.policy, now.corpus.config)


def _located(base: Base, old: Corpus) -> Base:
    """A base whose facts say where they stand in the data of HEAD's plan.

    The same base comes from `plan/base` or from a commit of long ago; neither may
    show, since `plan.json` is committed. What those data lack stands in `plan/base`.
    """
    frozen = read_corpus(write_corpus(base.corpus), FOLDER)
    there = trained(old)
    became = labels(frozen, there)
    examples = {
        example: there.examples.get(became.renamed(example), place)
        for example, place in frozen.examples.items()
    }
    corpus = Corpus(
        examples=examples,
        regexes={f: there.regexes.get(f, at) for f, at in frozen.regexes.items()},
        lookups={f: there.lookups.get(f, at) for f, at in frozen.lookups.items()},
        config=_same_config(frozen.config, there.config),
    )
    return replace(base, corpus=corpus)


def _same_config(frozen: Config, there: Config) -> Config:
    said = [(c.language, [part for part, _ in c.pipeline]) for c in (frozen, there)]
    return there if said[0] == said[1] else frozen
