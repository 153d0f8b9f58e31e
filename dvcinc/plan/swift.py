"""Judges bases by what differs from them: as fast as the change is small.

It comes to the same as `dvcinc.plan.whole`, on corpora that are reduced to what differs
between the sides (`dvcinc.snapshot.reduce`). What cannot be told by differences alone
is not told here: `NotSwift` asks for the whole corpora.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from dvcinc.changes import labels
from dvcinc.config import Mode, Params, Policy
from dvcinc.corpus.pipeline import Pipeline
from dvcinc.corpus.trained import trained
from dvcinc.corpus.values import Config, Corpus
from dvcinc.decision.decide import Decision
from dvcinc.plan.base import Base, BaseInfo, Versions, digest_of
from dvcinc.plan.candidates import Named
from dvcinc.plan.choice import choose
from dvcinc.plan.choose import Chooser, Counts, Fit, counts
from dvcinc.plan.delta import SCHEMA as DELTA_SCHEMA
from dvcinc.plan.document import PlanDocument
from dvcinc.plan.find import Finder
from dvcinc.plan.inputs import stage_inputs
from dvcinc.plan.make import make_plan, pipeline_of, taken_up
from dvcinc.plan.project import Project
from dvcinc.plan.reasons import decided
from dvcinc.plan.situation import Committed
from dvcinc.plan.tables import SCHEMA as TABLES_SCHEMA
from dvcinc.plan.whole import located
from dvcinc.snapshot.reduce import SHARE
from dvcinc.snapshot.side import Side


class NotSwift(Exception):  # noqa: N818 - no error: the other way is taken
    """What differs does not tell all; the whole corpora have to be read."""


@dataclass(frozen=True, slots=True)
class _Trio:
    """The corpora now, of a base and of HEAD's plan, as far as they differ."""

    now: Corpus
    base: Corpus
    head: Corpus | None


@dataclass(slots=True)
class SwiftJudge:
    """Judges bases; see `dvcinc.plan.choice.Judge`.

    Args:
        project: The project.
        now: What to plan for.
        document: The plan at HEAD.
        head: The side that it was made for, if that can be had.
        versions: The code here.
    """

    project: Project
    now: Side
    document: PlanDocument
    head: Side | None
    versions: Versions
    _trios: dict[str, _Trio] = field(default_factory=dict)
    _fits: list[Fit] = field(default_factory=list)

    @property
    def chooser(self) -> Chooser:
        """The rules, and the digest of the corpus now; its facts are not all known."""
        return self._chooser(Corpus(config=self.now.config))

    def _chooser(self, now: Corpus) -> Chooser:
        digest = self.project.ledger.sums(self.now).trained_digest
        return Chooser(now, self.now.params, self.versions, digest)

    def fit(self, named: Named) -> Fit | None:
        """How the corpus stands to a base; `None` where the base cannot be had.

        Raises:
            CannotTellError: A whole clone might have it.
            NotSwift: Only the work tree has it, or its pipeline sees other facts.
        """
        side = self._side(named)
        if side is None:
            return None
        if digest_of(named.info) != named.info.digest:
            raise NotSwift  # whatever it says of itself may be wrong, its counts too
        trio = self._trio(side)
        self._trios[named.info.digest] = trio
        base = Base(info=named.info, corpus=trained(trio.base))
        fit = self._chooser(trio.now).fit(base)
        self._fits.append(fit)
        return fit

    def _side(self, named: Named) -> Side | None:
        project, digest = self.project, named.info.corpus
        if project.ledger.sums(self.now).trained_digest == digest:
            return self.now
        if named.commit is None:
            raise NotSwift
        finder = Finder(project.git, named.commit, project.ledger, named.limit)
        found = finder.base(named.info)
        if found is None:
            raise NotSwift  # the work tree or DVC's cache may have it
        return found

    def _trio(self, base: Side) -> _Trio:
        sides = [self.now, base, *([self.head] if self.head else [])]
        if len({side.projection for side in sides}) > 1:
            raise NotSwift
        share = _share(self.now.params.policy)
        now, then, *head = self.project.ledger.reduced(sides, share)
        return _Trio(now, then, head[0] if head else None)

    def counts(self) -> Counts:
        """The counts of the corpus now, by those of a base and what came and went.

        Raises:
            NotSwift: There is no base to count from.
        """
        if not self._fits:
            raise NotSwift
        base = self._fits[0].base
        trio = self._trios[base.info.digest]
        then, now = counts(base.corpus), counts(trained(trio.now))
        info = base.info
        return Counts(
            examples=info.examples + now.examples - then.examples,
            intents=info.intents + now.intents - then.intents,
            entities=info.entities + now.entities - then.entities,
        )

    def _cut(self) -> str:
        """The digest of the base that is cut of the corpus now."""
        now = self.counts()
        return digest_of(
            BaseInfo(
                digest="",
                corpus=self.chooser.digest,
                examples=now.examples,
                intents=now.intents,
                entities=now.entities,
                versions=self.versions,
                train=self.now.params.train,
            )
        )

    def since(self) -> tuple[Corpus, Corpus] | None:
        """The corpora of HEAD's plan and now, as far as they differ."""
        if self.head is None:
            return None
        head, now = self.project.ledger.reduced((self.head, self.now))
        return head, now

    def located(self, fit: Fit) -> Fit:
        """The fit of HEAD's base, its facts placed where HEAD's plan had them.

        Raises:
            NotSwift: HEAD's plan no longer had them; `plan/base` has.
        """
        trio = self._trios[fit.base.info.digest]
        if trio.head is None or _has_more(fit.base.corpus, trained(trio.head)):
            raise NotSwift
        return self._chooser(trio.now).fit(located(fit.base, trio.head))

    def mode(self, fit: Fit | None) -> Mode:
        """The dearest input of a stage that differs from HEAD's plan.

        Raises:
            NotSwift: What HEAD's plan was made for cannot be had, or it is of old.
        """
        document = self.document
        if fit is None and self._cut() == document.base.digest:
            raise NotSwift  # a plan that was mixed of two names what is cut now
        if fit is None or fit.base.info.digest != document.base.digest:
            return Mode.SCRATCH
        trio = self._trios[document.base.digest]
        schemas = (document.delta.schema, document.tables.schema)
        if trio.head is None or schemas != (DELTA_SCHEMA, TABLES_SCHEMA):
            raise NotSwift
        before = Params(finetune=document.finetune)
        then = stage_inputs(fit.base, trio.head, before)
        now = stage_inputs(fit.base, trio.now, self.now.params)
        if then.delta != now.delta:
            return Mode.FINETUNE
        if before.finetune != self.now.params.finetune and not fit.delta.is_empty:
            return Mode.FINETUNE
        return Mode.REFRESH if then.tables != now.tables else Mode.NONE


def _has_more(base: Corpus, head: Corpus) -> bool:
    """Whether a base has facts that HEAD's plan has not, under whatever name."""
    became = labels(base, head)
    kept = {became.renamed(example) for example in base.examples}
    return not (
        kept <= head.examples.keys()
        and base.regexes.keys() <= head.regexes.keys()
        and base.lookups.keys() <= head.lookups.keys()
    )


def _share(policy: Policy) -> int:
    """How many members of a touched label the limits of a policy ask for."""
    limits = (policy.intent_growth_limit, policy.intent_unlearn_limit)
    return max(SHARE, *(math.ceil(1 / limit) for limit in limits if limit > 0))


def check_swift(config: Config) -> None:
    """Refuses pipelines whose rules ask for more than what differs.

    Raises:
        NotSwift: New words are counted against the whole vocabulary.
    """
    pipeline: Pipeline
    pipeline, _ = pipeline_of(Corpus(config=config), tolerant=True)
    if any(s.additional_vocabulary_size is not None for s in pipeline.counts):
        raise NotSwift


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a plan would decide, and what people should know.

    Attributes:
        decision: What has to run.
        warnings: What people should know.
        origin: Which committed plan names the base, if another than HEAD's does.
        base: The digest of the base that holds; `None` where one is cut.
        swift: Whether what differs told all, and nothing else had to be read.
    """

    decision: Decision
    warnings: tuple[str, ...]
    origin: str | None
    base: str | None
    swift: bool = True


def decide_swiftly(
    project: Project, committed: Committed, before: Side | str, after: Side, old: str
) -> Outcome:
    """What the plan stage would decide for a side.

    Args:
        project: The project.
        committed: The plan at the old commit.
        before: The old commit, or why it cannot be read.
        after: What to plan for.
        old: The id of the old commit.

    Raises:
        DvcincError: A side or a base cannot be read.
    """
    try:
        check_swift(after.config)
        return _by_what_differs(project, committed, before, after, old)
    except NotSwift:
        now = project.snapshot(after.source)
        plan = make_plan(project.situation(now, old, tolerant=True))
        told = plan.warnings[len(now.corpus.warnings) :]
        return Outcome(
            decision=plan.decision,
            warnings=told,
            origin=plan.origin,
            base=plan.base.info.digest,
            swift=False,
        )


def _by_what_differs(
    project: Project, committed: Committed, before: Side | str, after: Side, old: str
) -> Outcome:
    document = committed.document
    head = before if isinstance(before, Side) else None
    if head is None or project.ledger.sums(head).digest != document.corpus.digest:
        head = Finder(project.git, old, project.ledger).plan(document)
    now = project.partial(after, Corpus(config=after.config))
    situation = project.situation(now, old, tolerant=True)
    judge = SwiftJudge(project, after, document, head, situation.versions)
    choice = choose(situation, judge)
    decision = decided(situation, judge, choice, judge.mode(choice.fit))
    _, refused = pipeline_of(now.corpus, tolerant=True)
    return Outcome(
        decision=decision,
        warnings=(*taken_up(choice), *choice.missing, *refused),
        origin=choice.origin(),
        base=choice.fit.base.info.digest if choice.fit else None,
    )
