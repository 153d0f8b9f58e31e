"""Rows about whole processes: peak memory, and the `finetune` stage."""

from __future__ import annotations

import os
import re
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median

from dvcinc.corpus.canonical import write_corpus
from dvcinc.corpus.values import Corpus, Example
from training import deltas
from training.deltas import DELTA
from training.runs import Runs, tell
from training.sets import ROOT, holding
from training.table import Line, at_most, line

MEMORY = {"hwu64": 1.2}
STAGE_TIMES, TAGGED_STAGE_TIMES = 1.5, 1.8
PROCESSES = 3
LARGE, LARGE_TIMES = {"banking77": 10}, 1.2
"""Sets whose base is also made so many times as large."""
EPOCHS = re.compile(r"^  epochs: ", re.MULTILINE)
IMPORT = ("-c", "import tensorflow")
STAGE = ("-m", "dvcinc", "stage", "finetune")
DOMAIN = 'version: "3.1"\nintents: [{}]\nentities: [{}]\n'


def memory(runs: Runs) -> Iterator[Line]:
    """Peak memory of a process that trains from scratch."""
    tell(f"{runs.data.name}: scratch in a process of its own")
    found = subprocess.run(
        [sys.executable, "-m", "training.alone", runs.data.name, *runs.arguments],
        cwd=ROOT / "benchmarks",
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    peak = float(found.stdout.split()[-1])
    note = "imports and reading included"
    yield line(
        "peak memory", [peak], "GiB", at_most(MEMORY.get(runs.data.name)), note=note
    )


def stage(runs: Runs) -> Iterator[Line]:
    """The `finetune` stage at +10 as a process, against TensorFlow's import alone."""
    family = deltas.plain(runs.data.train, 10, [0])
    added = family.changes[0].probes[DELTA]
    project = runs.folder / f"stage-{runs.data.name}"
    prepare(project, family.before, added)
    tell(f"{runs.data.name}: the stage as a process")
    imports, stages = [], []
    for _ in range(PROCESSES):
        imports.append(seconds(project, runs.python, *IMPORT))
        stages.append(seconds(project, runs.python, *STAGE))
    note = f"CPU, median of {PROCESSES}; Keras imports scikit-learn where it is"
    yield line("import tensorflow", [median(imports)], "s", note=note)
    yield line("stage finetune", [median(stages)], "s")
    bound = TAGGED_STAGE_TIMES if runs.data.tagged else STAGE_TIMES
    ratio = median(stages) / median(imports)
    yield line("stage / import tensorflow", [ratio], "×", at_most(bound))
    if runs.data.name in LARGE:
        yield from _on_a_large_base(runs, family.before, added, median(stages))


def _on_a_large_base(
    runs: Runs, before: Corpus, added: Sequence[Example], usual: float
) -> Iterator[Line]:
    """The same delta on ten times the base, trained for one epoch only."""
    project = runs.folder / f"large-{runs.data.name}"
    base = multiplied(before, LARGE[runs.data.name])
    prepare(project, base, added, epochs=1)
    tell(f"{runs.data.name}: the stage on {len(base.examples)} examples")
    stages = [seconds(project, runs.python, *STAGE) for _ in range(PROCESSES)]
    note = f"{len(base.examples)} examples: each ten times, with a number behind"
    yield line("stage finetune, large base", [median(stages)], "s", note=note)
    ratio = median(stages) / usual
    yield line("large base / usual", [ratio], "×", at_most(LARGE_TIMES))


def multiplied(corpus: Corpus, times: int) -> Corpus:
    """Each example several times, told apart by a number at its end."""
    copies = [
        example._replace(text=f"{example.text} {copy}")
        for example in corpus.examples
        for copy in range(1, times)
    ]
    return holding(corpus, {*corpus.examples, *copies})


def prepare(
    project: Path, corpus: Corpus, added: Sequence[Example], epochs: int | None = None
) -> None:
    """A project with a trained base, and a plan for what was added since."""
    create(project, corpus, epochs)
    tell(f"{project.name}: dvc repro")
    call(project, "dvc", "repro", "--quiet", "finetune")
    commit(project, "base")
    write(project / "data/nlu/more.yml", holding(Corpus(), added))
    call(project, "dvc", "repro", "--quiet", "plan")


def create(project: Path, corpus: Corpus, epochs: int | None) -> None:
    """A repository with DVC and the files of a corpus, nothing trained yet."""
    project.mkdir(parents=True)
    files = {file.name: file.content for file in write_corpus(corpus)}
    config = files.pop("config.yml")
    for name, content in files.items():
        put(project / "data/nlu" / name, content)
    put(project / "data/config.yml", config)
    intents = sorted({e.intent.partition("/")[0] for e in corpus.examples})
    entities = sorted({span.entity for e in corpus.examples for span in e.spans})
    domain = DOMAIN.format(", ".join(intents), ", ".join(entities))
    put(project / "data/domain.yml", domain.encode())
    shutil.copy(ROOT / "dvc.yaml", project)
    params = (ROOT / "params.yaml").read_text(encoding="utf-8")
    if epochs is not None:
        params = EPOCHS.sub(rf"\g<0>{epochs} #", params, count=1)
    put(project / "params.yaml", params.encode())
    call(project, "git", "init", "-q")
    call(project, "dvc", "init", "-q")
    commit(project, "data")


def write(path: Path, corpus: Corpus) -> None:
    """Writes a corpus of examples alone to a file."""
    put(path, write_corpus(corpus)[0].content)


def put(path: Path, content: bytes) -> None:
    """Writes a file and its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def commit(project: Path, message: str) -> None:
    """Commits everything."""
    call(project, "git", "add", "-A")
    call(project, "git", "commit", "-q", "--allow-empty", "-m", message)


def call(project: Path, *command: str) -> None:
    """Runs a command that must succeed; what it prints goes to stderr."""
    subprocess.run(
        command, cwd=project, env=environment(), check=True, stdout=sys.stderr
    )


def seconds(project: Path, *command: str) -> float:
    """CPU seconds of a process and of all that it starts."""
    before = _children()
    call(project, *command)
    return _children() - before


def environment() -> dict[str, str]:
    """This interpreter's programs first, an author for commits, no analytics."""
    who = {"NAME": "bench", "EMAIL": "bench@example.org"}
    authors = {
        f"GIT_{role}_{key}": value
        for role in ("AUTHOR", "COMMITTER")
        for key, value in who.items()
    }
    paths: Sequence[str] = (str(ROOT), os.environ.get("PYTHONPATH", ""))
    return {
        **os.environ,
        **authors,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": os.pathsep.join(filter(None, paths)),
        "DVC_NO_ANALYTICS": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
