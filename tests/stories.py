"""Histories of many models that nobody trained, made by one `git fast-import`."""

from __future__ import annotations

import random
import subprocess
from dataclasses import replace
from pathlib import Path

from lineages import digest, lineage, record

from dvcinc.config import Mode
from dvcinc.lineage.record import DataRecord, ReasonRecord

WORDS = ("ask", "book", "cancel", "change", "order", "track", "refund", "greet")
THINGS = ("fare", "seat", "bag", "meal", "ticket", "visa", "delay", "lounge", "hotel")
INTENTS = [f"{word}_{thing}" for word in WORDS for thing in THINGS][:40]
HOSTILE = "</script><img src=x onerror=alert(1)>\u202e\x07\"'&amp;`|${x}"
"""What a name may hold that means something to a browser, a terminal or Markdown."""


def history(path: Path, count: int, every: int = 9, name: str = "") -> None:
    """A repository of a line of models, a new base every so often.

    Args:
        path: Where; it is made.
        count: How many models.
        every: How many of them share a base.
        name: Put into every name that people give.
    """
    path.mkdir(parents=True)
    for command in (["init", "--quiet"], ["fast-import", "--quiet"]):
        stream = _stream(count, every, name) if "fast-import" in command else b""
        subprocess.run(["git", *command], cwd=path, input=stream, check=True)
    subprocess.run(["git", "reset", "--quiet", "--hard", "main"], cwd=path, check=True)


def _stream(count: int, every: int, name: str) -> bytes:
    chance = random.Random(7)  # noqa: S311 - the same history each time
    said: list[bytes] = []
    for number in range(count):
        base = number - number % every
        subject = f"Add examples of {INTENTS[number % len(INTENTS)]} {name}".encode()
        who = f"Ada {name.replace('<', '(').replace('>', ')')} <ada@example.org>"
        when = 1_700_000_000 + 86_400 * number
        said += [
            b"commit refs/heads/main\n",
            f"committer {who} {when} +0000\n".encode(),
            b"data %d\n%b\n" % (len(subject), subject),
        ]
        for file, data in _files(chance, number, base, name).items():
            said.append(b"M 100644 inline %b\ndata %d\n" % (file.encode(), len(data)))
            said.append(data + b"\n")
    return b"".join(said)


def _files(
    chance: random.Random, number: int, base: int, name: str
) -> dict[str, bytes]:
    is_new = number == base
    data = DataRecord(
        digest=digest(f"data {number}"),
        examples=1500 + 12 * number,
        intents=len(INTENTS),
        entities=8,
        added=12 * (number - base),
        removed=number % 3,
    )
    scores = {
        "intent.accuracy": round(0.9 + chance.random() / 20, 5),
        "intent.macro_f1": round(0.89 + chance.random() / 20, 5),
        "entity.f1": round(0.95 + chance.random() / 40, 5),
    }
    reason = ReasonRecord(
        code="DI201" if is_new else "DI101",
        text=f"12 examples added to intent {INTENTS[number % len(INTENTS)]} {name}",
        place=f"data/nlu/faq{name.replace('/', '')}.yml:{number + 3}",
    )
    made = lineage(
        f"model {number}",
        f"base {base}",
        data=data,
        mode=Mode.SCRATCH if is_new else [Mode.FINETUNE, Mode.REFRESH][number % 5 == 0],
        ran="passed on" if is_new else ["finetuned", "packaged"][number % 5 == 0],
        seconds=0.0 if is_new or number % 5 == 0 else round(4 + chance.random() * 3, 3),
        metrics=scores,
        reasons=(reason,) * (1 + number % 3),
    )
    first = replace(data, examples=1500 + 12 * base, added=0, removed=0)
    made = replace(made, base=record(f"base {base}", data=first, seconds=61.5))
    return {
        "lineage.json": made.to_bytes(),
        "plots/intents.csv": _intents(chance, name),
        "plots/confusion.csv": _confusion(chance, name),
    }


def _intents(chance: random.Random, name: str) -> bytes:
    rows = ["intent,f1,precision,recall,support"]
    for intent in INTENTS:
        f1 = round(min(1.0, 0.8 + chance.random() / 4), 5)
        rows.append(f"{_quoted(intent + name)},{f1},{f1},{f1},{9 + len(intent)}")
    return "\n".join(rows).encode()


def _confusion(chance: random.Random, name: str) -> bytes:
    rows = ["actual,predicted"]
    for intent in INTENTS:
        for _ in range(10):
            said = intent if chance.random() < 0.9 else chance.choice(INTENTS)
            rows.append(f"{_quoted(intent + name)},{_quoted(said + name)}")
    return "\n".join(rows).encode()


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'
