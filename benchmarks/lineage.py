"""Measures how long `dvcinc lineage` takes where the history is long.

    python benchmarks/lineage.py [--keep DIR] [--commits 10000] [--records 2000]
        [--runs N] [--json FILE] [--markdown]

In a repository of so many commits, each with an example more, of which so many bring a
model, with a branch and a merge for every fifty commits: as whole processes, in turn
with `python -c pass`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from enum import Enum
from pathlib import Path
from statistics import median

from classifying.figures import Figure, Findings, Target, markdown, show
from classifying.processes import BARE, DVCINC, Run, run
from classifying.stream import Import

from dvcinc.config import Mode
from dvcinc.lineage.record import DataRecord, Lineage, ReasonRecord, Record

FILES, BRANCH_EVERY, BASE_EVERY = 10, 50, 25
_CONFIG = b"language: en\npipeline: [{name: WhitespaceTokenizer}]\n"
_LAST, _ALL = 0.3, 5.0


class Question(Enum):
    """What is asked."""

    BARE = "python -c pass"
    LOG = "lineage log, the last 20"
    LOG_JSON = "lineage log --json, all"
    GRAPH = "lineage graph, the last 20"
    MERMAID = "lineage graph --mermaid, all"
    SHOW = "lineage show DIGEST"
    DIFF = "lineage diff of the first and the last"
    BLAME = "lineage blame of an example, again"


_TARGETS = {
    Question.LOG: Target(seconds=_LAST, over_bare=True),
    Question.LOG_JSON: Target(seconds=_ALL),
    Question.GRAPH: Target(seconds=_ALL),
    Question.MERMAID: Target(seconds=_ALL),
    Question.SHOW: Target(seconds=_ALL),
    Question.DIFF: Target(seconds=_ALL),
    Question.BLAME: Target(seconds=_ALL),
}


def main(arguments: Sequence[str]) -> int:
    """Makes the repository, measures, prints; 0 also where a target is missed."""
    given = parsed(arguments)
    with tempfile.TemporaryDirectory() as scratch:
        place = (given.keep or Path(scratch)) / f"{given.commits}-{given.records}"
        if not place.exists():
            make(place, given.commits, given.records)
        findings = Findings(figures=list(figures(place, given)))
    print(markdown(findings)) if given.markdown else show(findings)
    if given.json:
        said = [figure.to_json() for figure in findings.figures]
        given.json.write_text(json.dumps({"rows": said}, indent=1), encoding="utf-8")
    return 0


def parsed(arguments: Sequence[str]) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--keep", type=Path, help="a folder for the repository, to use it again")
    add("--commits", type=int, default=10_000, help="how many commits")
    add("--records", type=int, default=2_000, help="how many bring a model")
    add("--runs", type=int, default=5, help="the median of so many")
    add("--json", type=Path, metavar="FILE", help="write all runs as JSON")
    add("--markdown", action="store_true", help="print a table for the documentation")
    return parser.parse_args(arguments)


def make(place: Path, commits: int, records: int) -> None:
    """A repository of so many commits, merges among them."""
    every = max(1, commits // records)
    with Import(place) as into:
        last = into.commit("first", [("config.yml", _CONFIG), *_written(0, commits)])
        side = last
        while into.marks < commits:
            number = into.marks
            files = [
                *_changed(number),
                *(_record(number) if not number % every else ()),
            ]
            if number % BRANCH_EVERY == BRANCH_EVERY // 2:
                side = into.commit("on a branch", files, parents=[last])
            elif number % BRANCH_EVERY == 0:
                last = into.commit("merge", files, parents=[last, side])
            else:
                last = into.commit(f"commit {number}", files, parents=[last])


def _written(number: int, commits: int) -> Iterator[tuple[str, bytes]]:
    """All data files and the first model."""
    for file in range(min(FILES, commits)):
        yield _file(file, number)
    yield from _record(number)


def _changed(number: int) -> Iterator[tuple[str, bytes]]:
    yield _file(number % FILES, number)


def _file(file: int, number: int) -> tuple[str, bytes]:
    """A data file: some examples, of which one is another in each version."""
    lines = [f"    - example {n} of file {file}\n" for n in range(20)]
    lines.append(f"    - said at {number} in file {file}\n")
    text = f"nlu:\n- intent: intent_{file}\n  examples: |\n{''.join(lines)}"
    return f"data/file_{file}.yml", text.encode()


def _record(number: int) -> Iterator[tuple[str, bytes]]:
    base = number // (BASE_EVERY * FILES)
    data = DataRecord(
        digest=digest("data", number), examples=210, intents=10, entities=0
    )
    reason = ReasonRecord(
        code="DI101", text="an example added", place="data/file_1.yml:3"
    )
    made = Record(
        digest=digest("base", base),
        dvc=f"{digest('base', base)[7:39]}.dir",
        mode=Mode.SCRATCH,
        ran="trained",
        parent=None,
        data=data,
        reasons=(reason,),
        preset="strict",
        commit=None,
        seconds=60.0,
        steps=500,
        metrics={f"metric_{n}": n / 10 for n in range(10)},
        environment={"dvcinc": "1", "numpy": "2", "python": "3", "platform": "Linux"},
    )
    model = replace(
        made,
        digest=digest("model", number),
        parent=made.digest,
        mode=Mode.FINETUNE,
        ran="finetuned",
    )
    yield "lineage.json", Lineage(base=made, model=model).to_bytes()


def digest(kind: str, number: int) -> str:
    """The digest of a model that nobody trained."""
    return f"sha256:{hashlib.sha256(f'{kind} {number}'.encode()).hexdigest()}"


def figures(place: Path, given: argparse.Namespace) -> Iterator[Figure]:
    """Each question in turn; the first run of a blame fills the store."""
    most = str(given.commits)
    text = (
        f"said at {given.commits // 2 - 1} in file {(given.commits // 2 - 1) % FILES}"
    )
    asked = {
        Question.LOG: ("log",),
        Question.LOG_JSON: ("log", "--json", "-n", most),
        Question.GRAPH: ("graph",),
        Question.MERMAID: ("graph", "--mermaid", "-n", most),
        Question.SHOW: ("show", digest("model", 0)),
        Question.DIFF: ("diff", digest("model", 0)),
        Question.BLAME: ("blame", text),
    }
    program = (*DVCINC, "lineage")
    run(place, (*program, *asked[Question.BLAME]))
    found: dict[Question, list[Run]] = {question: [] for question in Question}
    for _ in range(given.runs):
        found[Question.BARE].append(run(place, BARE))
        for question, said in asked.items():
            found[question].append(run(place, (*program, *said)))
    bare = median(one.seconds for one in found[Question.BARE])
    for question, runs in found.items():
        yield Figure(
            repository=f"{given.records:,} models in {given.commits:,} commits",
            kind="",
            command=question,
            runs=runs,
            bare=bare,
            git=bare,
            target=_TARGETS.get(question),
        )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
