"""Judges bases by whole corpora, as the plan stage does: it has to write them."""

from __future__ import annotations

from dataclasses import replace

from dvcinc.changes import labels
from dvcinc.corpus.canonical import read_corpus, write_corpus
from dvcinc.corpus.trained import trained
from dvcinc.corpus.values import Config, Corpus
from dvcinc.plan.base import FOLDER, Base
from dvcinc.plan.candidates import Named
from dvcinc.plan.choose import Chooser, Counts, Fit, counts
from dvcinc.plan.situation import Situation


class WholeJudge:
    """Judges bases; see `dvcinc.plan.choice.Judge`.

    Args:
        situation: What a plan is made from; its corpus is whole.
    """

    def __init__(self, situation: Situation) -> None:
        self._situation = situation
        now = situation.now
        self.chooser = Chooser(now.corpus, now.params, situation.versions)

    def fit(self, named: Named) -> Fit | None:
        """How the corpus stands to a base; `None` where the base cannot be had.

        Raises:
            CannotTellError: A whole clone might have it.
        """
        corpus = self._situation.load(named)
        if corpus is None:
            return None
        return self.chooser.fit(Base(info=named.info, corpus=corpus))

    def counts(self) -> Counts:
        """The counts of the corpus now."""
        return counts(self.chooser.trained)

    def since(self) -> tuple[Corpus, Corpus] | None:
        """The corpus of HEAD's plan and the corpus now, if the first can be had."""
        old = self._planned()
        return None if old is None else (old, self._situation.now.corpus)

    def located(self, fit: Fit) -> Fit:
        """The fit of HEAD's base, its facts placed where HEAD's plan had them."""
        return self.chooser.fit(located(fit.base, self._planned() or Corpus()))

    def _planned(self) -> Corpus | None:
        committed = self._situation.committed
        old = committed.snapshot() if committed else None
        return old.corpus if old else None


def located(base: Base, old: Corpus) -> Base:
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
