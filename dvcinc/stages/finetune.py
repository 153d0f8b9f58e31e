"""Stage `finetune`: base model and `plan/delta` to weights; reruns if either changed.

With an empty delta it passes the base's weights on.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dvcinc.corpus.canonical import CanonicalFile, read_corpus
from dvcinc.corpus.values import Corpus
from dvcinc.errors import CheckError
from dvcinc.model.checkpoint import load, pass_on
from dvcinc.model.document import Model
from dvcinc.plan.delta import ADDED, DELTA_JSON, PATTERNS, REPLAY, SCHEMA, delta_digest
from dvcinc.plan.files import read_folder
from dvcinc.plan.json import Reader
from dvcinc.plan.json import load as load_json
from dvcinc.stages.bench import Bench, Talk, at_work
from dvcinc.stages.outcome import (
    FINETUNE,
    proves,
    put_fitted,
    put_passed_on,
    put_restored,
)
from dvcinc.stages.paths import BASE_MODEL, DELTA
from dvcinc.stages.reports import Clock
from dvcinc.stages.restore import restore, wanted

if TYPE_CHECKING:
    from dvcinc.model.tune import Lesson


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedDelta:
    """The delta as the plan wrote it; `intents` counts examples before and now."""

    digest: str
    base: str
    is_empty: bool
    added: Corpus
    replay: Corpus
    patterns: Corpus
    intents: Mapping[str, tuple[int, int]]

    def lesson(self) -> Lesson:
        """The same for the model."""
        # SciPy takes its time to import; an empty delta does without.
        from dvcinc.model.rehearsal import Balance  # noqa: PLC0415
        from dvcinc.model.tune import Lesson  # noqa: PLC0415

        return Lesson(
            added=tuple(self.added.examples),
            replay=tuple(self.replay.examples),
            regexes=tuple(sorted(self.patterns.regexes)),
            lookups=tuple(sorted(self.patterns.lookups)),
            balance=Balance(
                before={name: before for name, (before, _) in self.intents.items()},
                now={name: now for name, (_, now) in self.intents.items()},
            ),
        )


def run_finetune(project: Path, talk: Talk) -> None:
    """Runs the stage.

    Raises:
        DvcincError: The base model is of another base than the delta.
    """
    with at_work(project, "finetune", talk) as bench:
        delta = read_delta(read_folder(bench.need(DELTA, "plan")))
        base = load(bench.need(BASE_MODEL, "train"))
        _check(base, delta)
        inputs = wanted(bench, "finetune", (BASE_MODEL, DELTA), "finetune")
        if delta.is_empty:
            put_passed_on(bench, FINETUNE, pass_on(base, delta.digest), inputs)
            talk.say("finetune: nothing to learn, the base's weights are passed on")
            return
        found = restore(bench, inputs, FINETUNE.model)
        if found is not None and proves(bench, found, delta.base, delta.digest):
            put_restored(bench, FINETUNE, found)
        else:
            _finetune(bench, base, delta)


def read_delta(files: tuple[CanonicalFile, ...]) -> PlannedDelta:
    """Reads `plan/delta`.

    Raises:
        InputError: It cannot be understood.
    """
    by_name = {file.name: file.content for file in files}
    path = f"{DELTA}/{DELTA_JSON}"
    said = Reader(load_json(by_name.get(DELTA_JSON, b""), path, SCHEMA), path)
    parts = {
        part: read_corpus(
            [
                CanonicalFile(name.removeprefix(f"{part}/"), content)
                for name, content in files
                if name.startswith(f"{part}/")
            ],
            f"{DELTA}/{part}",
        )
        for part in (ADDED, REPLAY, PATTERNS)
    }
    return PlannedDelta(
        digest=delta_digest(files),
        base=said.text("base"),
        is_empty=not (said.integer("added") or said.texts("removed"))
        and not said.flag("patterns"),
        added=parts[ADDED],
        replay=parts[REPLAY],
        patterns=parts[PATTERNS],
        intents=said.counts("intents"),
    )


def _check(base: Model, delta: PlannedDelta) -> None:
    if base.base != delta.base:
        raise CheckError(
            f"{BASE_MODEL} was trained on another base ({base.base[:19]}…) than "
            f"{DELTA} starts from ({delta.base[:19]}…)",
            "run dvc repro train; is the stage frozen (dvc unfreeze train)?",
        )


def _finetune(bench: Bench, base: Model, delta: PlannedDelta) -> None:
    from dvcinc.model.tune import finetune  # noqa: PLC0415 - see `lesson`
    from dvcinc.stages.live import Drawing  # noqa: PLC0415 - likewise DVCLive

    params, clock = bench.params(), Clock()
    lesson = delta.lesson()
    noun = "example" if len(lesson.added) == 1 else "examples"
    title = f"learning {len(lesson.added):,} {noun}"
    with (
        closing(Drawing(bench, FINETUNE.curve)) as draw,
        clock.running(),
        bench.talk.progress(title) as progress,
    ):
        fitted = finetune(
            base,
            lesson,
            params.finetune,
            params.train,
            delta_digest=delta.digest,
            progress=progress,
            draw=draw,
        )
    put_fitted(bench, FINETUNE, fitted, ran="finetuned", seconds=clock.seconds)
