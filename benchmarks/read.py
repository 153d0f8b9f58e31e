"""Measures how fast training data is read, format by format, against the YAML parser.

    python benchmarks/read.py [--examples N] [--runs N]

Each file holds N examples of a hundred to an intent, every third with an entity, but
for `blocks, plain`. What is printed is the best of the runs, in the time of this
process alone, so that a busy machine tells nearly what an idle one does.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import sys
import time
from collections.abc import Callable, Iterator
from itertools import groupby
from typing import NamedTuple

from ruamel.yaml import YAML

from dvcinc.corpus.readers import read_lookup, read_part
from dvcinc.corpus.values import Corpus

PER_INTENT = 100
BLOCKS = "blocks, entities"
# Examples a second, on one core of a small server.
TARGETS = {BLOCKS: 300_000}


class Row(NamedTuple):
    """One example: its intent, and its text as three pieces, the second the city."""

    intent: str
    before: str
    city: str
    after: str

    @property
    def marked(self) -> str:
        """The text with Rasa's markup."""
        city = f"[{self.city}](city)" if self.city else ""
        return self.before + city + self.after

    def said(self) -> dict[str, object]:
        """The example with its entities beside the text."""
        start, end = len(self.before), len(self.before) + len(self.city)
        entities = [{"start": start, "end": end, "entity": "city"}] if self.city else []
        text = self.before + self.city + self.after
        return {"text": text, "intent": self.intent, "entities": entities}


class File(NamedTuple):
    """A file to read: its name, and what stands in it."""

    path: str
    data: bytes


def main(arguments: list[str]) -> int:
    """Writes the files, reads them, and prints a line for each."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--examples", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=5, help="the best of so many")
    given = parser.parse_args(arguments)
    print(f"{'':20}{'examples/s':>12}{'seconds':>9}{'parser':>9}  target")
    for name, file in files(given.examples).items():
        seconds = best(lambda file=file: read_part(*file[::-1]), given.runs)
        yaml = file.path.endswith(".yml")
        parsing = best(lambda file=file: parsed(file.data), given.runs) if yaml else 0
        speed = given.examples / seconds
        target = f"{TARGETS[name]:,}" if name in TARGETS else ""
        print(f"{name:20}{speed:12,.0f}{seconds:9.3f}{parsing:9.3f}  {target}")
    lines = "".join(f"Street {n}\n" for n in range(given.examples)).encode()
    seconds = best(lambda: read_lookup(lines, "streets.txt", "street"), given.runs)
    print(f"{'a lookup file':20}{given.examples / seconds:12,.0f}{seconds:9.3f}")
    return 0


def best(call: Callable[[], object], runs: int) -> float:
    """The seconds of the fastest run."""
    times: list[float] = []
    for _ in range(runs):
        begun = time.process_time()
        kept = call()
        times.append(time.process_time() - begun)
        del kept  # to let it go is not to read it
    return min(times)


def parsed(data: bytes) -> int:
    """What of the reading is the YAML parser, which is written in C."""
    return sum(1 for _ in YAML(typ="safe", pure=False).parse(data))


def files(count: int) -> dict[str, File]:
    """The same examples in each format."""
    plain, rows = [*examples(count, 0)], [*examples(count, 3)]
    said = [row.said() for row in rows]
    return {
        "blocks, plain": File("a.yml", yaml(plain, "  examples: |\n", "    - ")),
        BLOCKS: File("a.yml", yaml(rows, "  examples: |\n", "    - ")),
        "- text: lists": File("a.yml", yaml(rows, "  examples:\n", "  - text: ")),
        "Markdown": File("a.md", markdown(rows)),
        "JSON": File(
            "a.json",
            json.dumps({"rasa_nlu_data": {"common_examples": said}}, indent=2).encode(),
        ),
        "JSON lines": File(
            "a.jsonl", "".join(json.dumps(row) + "\n" for row in said).encode()
        ),
        "CSV": File("a.csv", table(rows)),
        "CSV, markup": File("a.csv", table(rows, marked=True)),
    }


def examples(count: int, every: int) -> Iterator[Row]:
    """So many examples; each that `every` divides has an entity."""
    for n in range(count):
        intent = f"intent_{n // PER_INTENT}"
        if every and n % every == 0:
            yield Row(intent, f"please send {n} euros to ", "Berlin", " now")
        else:
            yield Row(intent, f"please send {n} euros to my friend now", "", "")


def yaml(rows: list[Row], head: str, dash: str) -> bytes:
    """Rasa YAML."""
    pieces = ["nlu:\n"]
    for intent, group in groupby(rows, key=lambda row: row.intent):
        pieces.append(f"- intent: {intent}\n{head}")
        pieces += [f"{dash}{row.marked}\n" for row in group]
    return "".join(pieces).encode()


def markdown(rows: list[Row]) -> bytes:
    """The Markdown of Rasa 1 and 2."""
    pieces: list[str] = []
    for intent, group in groupby(rows, key=lambda row: row.intent):
        pieces.append(f"\n## intent:{intent}\n")
        pieces += [f"- {row.marked}\n" for row in group]
    return "".join(pieces).encode()


def table(rows: list[Row], *, marked: bool = False) -> bytes:
    """A table with entities in a column of their own, or in the text."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["text", "intent"] if marked else ["text", "intent", "entities"])
    for row in rows:
        if marked:
            writer.writerow([row.marked, row.intent])
        else:
            said = row.said()
            writer.writerow([said["text"], row.intent, json.dumps(said["entities"])])
    return text.getvalue().encode()


def read_all(count: int) -> dict[str, Corpus]:
    """What each file says, by name."""
    return {
        name: read_part(file.data, file.path).corpus
        for name, file in files(count).items()
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
