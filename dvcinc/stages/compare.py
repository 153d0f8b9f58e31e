"""Trains a commit both ways, seed by seed, outside the work tree: `dvcinc compare`.

What was trained and tested before is taken from the shelf; the base of the project's
own seed from the cache or a remote, where it is recorded.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from functools import cached_property, partial
from pathlib import Path

from dvcinc.comparison.result import About, Comparison, Trials, concluded
from dvcinc.comparison.shelf import FOLDER, Shelf, key_of
from dvcinc.comparison.subject import Seeded, Subject, subject
from dvcinc.comparison.trial import Trial, Way
from dvcinc.config import Train
from dvcinc.corpus.canonical import CanonicalFile
from dvcinc.corpus.digest import corpus_digest
from dvcinc.corpus.tables import Tables
from dvcinc.corpus.values import Corpus
from dvcinc.plan.base import FOLDER as BASE
from dvcinc.plan.base import Base
from dvcinc.plan.delta import delta_digest
from dvcinc.plan.project import Project, open_project
from dvcinc.plan.tables import tables_files
from dvcinc.stages.bench import Bench, Talk
from dvcinc.stages.hashes import dvc_hash_of
from dvcinc.stages.outcome import TRAIN, proves
from dvcinc.stages.reports import environment
from dvcinc.stages.restore import Wanted, fetched_base, restore
from dvcinc.stages.trials import run_trial
from dvcinc.stages.trying import Job

_TITLES = {
    Way.BASE: "base",
    Way.FINETUNED: "fine-tune",
    Way.SCRATCH: "from scratch",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is asked for.

    Attributes:
        revision: What to compare at; `None` for the work tree.
        base: The revision whose base to fine-tune; `None` for the plan's choice.
        seeds: How many seeds.
        is_fresh: Whether to train anew what is kept.
    """

    revision: str | None = None
    base: str | None = None
    seeds: int = 3
    is_fresh: bool = False


def run_compare(path: Path, wish: Wish, talk: Talk) -> Comparison:
    """Compares; nothing in the work tree changes.

    Raises:
        DvcincError: There is nothing to compare, or something cannot be understood.
    """
    with tempfile.TemporaryDirectory(prefix="dvcinc-compare-") as scratch:
        bench = Bench(path, Path(scratch), talk)
        with talk.watching() as watch:
            project = open_project(path, watch=watch)
            project.fetch = partial(fetched_base, bench)
            found = subject(project, wish.revision, wish.base)
        seeds = found.seeded(wish.seeds)
        shelf = Shelf(project.git.directory / FOLDER, is_fresh=wish.is_fresh)
        series = _Series(bench, found, seeds, shelf)
        about = _about(project, found, seeds)
        talk.say(series.estimate())
        return concluded(about, found.tests, found.touched(), series.trials())


class _Series:
    """The trials of all seeds.

    Args:
        bench: Where work goes on.
        found: What is compared.
        seeds: What is trained.
        shelf: What is kept.
    """

    def __init__(
        self, bench: Bench, found: Subject, seeds: tuple[Seeded, ...], shelf: Shelf
    ) -> None:
        self._bench, self._found = bench, found
        self._seeds, self._shelf = seeds, shelf
        self._number = 0

    @cached_property
    def _kept(self) -> dict[tuple[Way, int], Trial]:
        count = len(self._found.tests)
        kept = {}
        for one in self._seeds:
            for way in Way:
                trial = self._shelf.get(self._key(one, way), count)
                if trial is not None:
                    kept[way, one.seed] = trial
        return kept

    def _is_due(self, one: Seeded, way: Way) -> bool:
        """Whether there is something to do; a fine-tune needs its base's model."""
        tuned = (Way.FINETUNED, one.seed) in self._kept
        return (way, one.seed) not in self._kept or (way is Way.BASE and not tuned)

    @cached_property
    def _due(self) -> list[Way]:
        return [way for one in self._seeds for way in Way if self._is_due(one, way)]

    def estimate(self) -> str:
        """What will be trained, and how long that took the last time."""
        if not self._due:
            return "compare: all of it is kept from before, nothing is trained"
        tunes = self._due.count(Way.FINETUNED)
        whole = len(self._due) - tunes
        said = f"compare: {whole} to train from scratch, {tunes} to fine-tune"
        cost = self._found.cost
        if cost.scratch_s is None:
            return f"{said}; no time is recorded yet for one"
        # Fine-tunes are short: where none is recorded, they count for none.
        seconds = whole * cost.scratch_s + tunes * (cost.finetune_s or 0.0)
        return f"{said}; about {seconds:,.0f} s by the recorded times"

    def trials(self) -> Trials:
        """Makes those that are not kept, seed by seed."""
        found = [tuple(self._of(one)) for one in self._seeds]
        base, tuned, scratch = zip(*found, strict=True)
        return Trials(base=base, tuned=tuned, scratch=scratch)

    def _of(self, one: Seeded) -> Iterator[Trial]:
        for way in Way:
            if self._is_due(one, way):
                yield self._made(one, way)
            else:
                yield self._kept[way, one.seed]

    def _made(self, one: Seeded, way: Way) -> Trial:
        self._number += 1
        title = f"[{self._number}/{len(self._due)}] {_TITLES[way]}, seed {one.seed}"
        job = self._job(one, way)
        if way is Way.BASE and self._restored(one.base, job.model):
            job = replace(job, files=())
        with self._bench.talk.progress(title) as progress:
            trial = run_trial(job, progress)
        self._shelf.put(self._key(one, way), trial)
        return trial

    def _restored(self, base: Base, model: Path) -> bool:
        """Whether the base's model is recorded, and was fetched."""
        if base.info.train != self._found.params.train:
            return False
        inputs = Wanted("train", {BASE: dvc_hash_of(base.files())}, "train")
        found = restore(self._bench, inputs, TRAIN.model)
        if found is None or not proves(self._bench, found, base.info.digest):
            return False
        found.folder.rename(model)
        return True

    def _job(self, one: Seeded, way: Way) -> Job:
        return Job(
            way=way,
            train=self._train(one),
            finetune=self._found.params.finetune,
            files=_files(one, way),
            model=self._bench.scratch / f"base-{one.seed}",
            tables=tables_files(self._tables(way)),
            tests=tuple(self._found.tests),
        )

    def _train(self, one: Seeded) -> Train:
        return replace(self._found.params.train, seed=one.seed)

    def _tables(self, way: Way) -> Tables:
        found = self._found
        return found.scratch_tables if way is Way.SCRATCH else found.tuned_tables

    def _key(self, one: Seeded, way: Way) -> str:
        """Over all that a trial is a function of, and what its cost depends on."""
        is_tuned = way is Way.FINETUNED
        return key_of(
            {
                "way": way.value,
                "base": (one.whole if way is Way.SCRATCH else one.base).info.digest,
                "delta": delta_digest(one.delta) if is_tuned else None,
                "finetune": asdict(self._found.params.finetune) if is_tuned else None,
                "tables": delta_digest(tables_files(self._tables(way))),
                "tests": self._tests,
                "environment": asdict(environment()),
            }
        )

    @cached_property
    def _tests(self) -> str:
        return corpus_digest(Corpus(examples=self._found.tests))


def _files(one: Seeded, way: Way) -> tuple[CanonicalFile, ...]:
    if way is Way.FINETUNED:
        return one.delta
    return (one.whole if way is Way.SCRATCH else one.base).files()


def _about(project: Project, found: Subject, seeds: tuple[Seeded, ...]) -> About:
    delta = found.fit.delta
    return About(
        project=project.git.prefix.rstrip("/") or ".",
        source=found.source,
        commit=found.commit,
        base=seeds[0].base.info.digest,
        base_name=found.base_name,
        base_examples=len(found.fit.base.corpus.examples),
        added=len(delta.added),
        removed=len(delta.removed),
        examples=len(found.corpus.examples),
        seeds=tuple(one.seed for one in seeds),
        made_with=asdict(environment()),
    )
