"""A revision to what is compared: its corpus, the base that it goes with, the delta."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from dvcinc.changes import base_intent, labels
from dvcinc.config import Mode, Params, Preset
from dvcinc.corpus.canonical import CanonicalFile
from dvcinc.corpus.pipeline import read_pipeline
from dvcinc.corpus.tables import Tables
from dvcinc.corpus.trained import trained
from dvcinc.corpus.values import Corpus, Example, Place
from dvcinc.errors import CannotTellError, CheckError
from dvcinc.lineage.circumstances import recorded_cost
from dvcinc.lineage.tested import needed_tests
from dvcinc.lineage.values import Cost
from dvcinc.plan.base import Base, current_versions, cut
from dvcinc.plan.candidates import named_at
from dvcinc.plan.choice import choose
from dvcinc.plan.choose import Chooser, Fit
from dvcinc.plan.project import Project
from dvcinc.plan.situation import Situation
from dvcinc.plan.tables import tables_of
from dvcinc.plan.whole import WholeJudge
from dvcinc.snapshot.sources import Source

_SEEDS = 1 << 31
"""How many there are: `params.yaml` takes those below."""
_NO_LIMIT = 1e6


class Seeded(NamedTuple):
    """What is trained with one seed: a base, what is learned on top, and the whole."""

    seed: int
    base: Base
    delta: tuple[CanonicalFile, ...]
    whole: Base


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What is compared.

    Attributes:
        source: The revision's name, or `worktree`.
        commit: The commit, if it is one.
        params: The parameters there.
        fit: How the corpus stands to the base that it goes with.
        base_name: Which plan names that base.
        corpus: What of the corpus has trained weights.
        tuned_tables: The tables around weights in the base's names.
        scratch_tables: The tables around weights in the names of now.
        tests: The test examples with their places, in the order of `evaluate`.
        cost: What recorded trainings took.
    """

    source: str
    commit: str | None
    params: Params
    fit: Fit
    base_name: str
    corpus: Corpus
    tuned_tables: Tables
    scratch_tables: Tables
    tests: Mapping[Example, Place]
    cost: Cost

    def touched(self) -> frozenset[str]:
        """The intents that the delta adds examples to, or takes them from."""
        delta, renamed = self.fit.delta, self.fit.became.intents.renamed
        own = (base_intent(e.intent) for e in (*delta.added, *delta.removed))
        return frozenset(renamed.get(name, name) for name in own)

    def seeded(self, count: int) -> tuple[Seeded, ...]:
        """What is trained: with the project's seed, and those that follow it."""
        first = self.params.train.seed
        return tuple(self._seeded((first + n) % _SEEDS) for n in range(count))

    def _seeded(self, seed: int) -> Seeded:
        train = replace(self.params.train, seed=seed)
        base, whole = (
            cut(corpus, train, current_versions(), None)
            for corpus in (self.fit.base.corpus, self.corpus)
        )
        delta = replace(self.fit.delta, base=base.info.digest)
        files = delta.files(self.params.finetune.replay)
        return Seeded(seed=seed, base=base, delta=files, whole=whole)


def subject(project: Project, revision: str | None, base: str | None = None) -> Subject:
    """What is compared at a revision.

    Args:
        project: The project.
        revision: The revision; `None` for the work tree.
        base: The revision whose base to fine-tune; `None` for the one that the plan
            chooses.

    Raises:
        CannotTellError: There is nothing to compare, or the base cannot be had.
        CheckError: No fine-tune could lead from that base to the corpus.
        InputError: Something cannot be understood, or there are no test examples.
    """
    source = project.commit(revision) if revision else project.worktree()
    now = project.snapshot(source)
    head = source.commit or project.git.head()
    situation = project.situation(now, head)
    if base is None:
        name, fit = _planned(source, situation)
    else:
        name, fit = _wished(project, situation, base)
    if fit.delta.is_empty:
        said = source.name if source.commit else "the work tree"
        raise _nothing(source, f"{said} is its own base: nothing is learned on top")
    serving = read_pipeline(now.corpus.config).serving
    whole = trained(now.corpus)
    return Subject(
        source=source.name,
        commit=source.commit,
        params=now.params,
        fit=fit,
        base_name=name,
        corpus=whole,
        tuned_tables=tables_of(now.corpus, fit.became, serving),
        scratch_tables=tables_of(now.corpus, labels(whole, whole), serving),
        tests=_tests(source, now.params.data.test),
        cost=recorded_cost(project.commit(head)) if head else Cost(),
    )


def _planned(source: Source, situation: Situation) -> tuple[str, Fit]:
    """The base that the plan chooses."""
    fit = choose(situation, WholeJudge(situation)).fit
    if fit is None:
        why = "no base fits these data: they need training from scratch"
        raise _nothing(source, why)
    digest = fit.base.info.digest
    named = (*situation.candidates, *situation.earlier())
    return next((n.name for n in named if n.info.digest == digest), "a plan"), fit


def _wished(project: Project, situation: Situation, revision: str) -> tuple[str, Fit]:
    """The base of another revision, whatever the policy says of it."""
    commit = project.git.commit(revision)
    found = next(named_at(project.git, [commit]), None)
    if found is None:
        name = f"the data at {revision}"
        corpus = trained(project.snapshot(project.commit(revision)).corpus)
    else:
        name = found.name
        loaded = situation.load(found)
        if loaded is None:
            raise CannotTellError(
                f"the base of {name} can be found neither in Git nor in DVC's cache",
                "run dvc fetch, or name another revision with --base",
            )
        corpus = loaded
    params = _lenient(situation.now.params)
    base = cut(corpus, params.train, situation.versions, None)
    fit = Chooser(situation.now.corpus, params, situation.versions).fit(base)
    if fit.mode is Mode.SCRATCH:
        reasons = [r.text for r in fit.decision.reasons if r.mode is Mode.SCRATCH]
        raise CheckError(
            f"no fine-tune leads from {name} to these data: {'; '.join(reasons)}",
            "name a nearer revision with --base",
        )
    return name, fit


def _lenient(params: Params) -> Params:
    """Parameters whose policy allows what the weights allow."""
    policy = replace(
        params.policy,
        preset=Preset.PRAGMATIC,
        forced=False,
        rules={},
        growth_limit=_NO_LIMIT,
        intent_growth_limit=_NO_LIMIT,
        unlearn_limit=1.0,
        intent_unlearn_limit=1.0,
    )
    return replace(params, policy=policy)


def _nothing(source: Source, why: str) -> CannotTellError:
    earlier = f"{source.name}~1" if source.commit else "HEAD"
    return CannotTellError(
        f"nothing to compare: {why}",
        f"name a revision whose base is to be fine-tuned, such as --base {earlier}",
    )


def _tests(source: Source, test: tuple[str, ...]) -> Mapping[Example, Place]:
    found = needed_tests(source, test)
    return {example: found[example] for example in sorted(found, key=Example.order)}
