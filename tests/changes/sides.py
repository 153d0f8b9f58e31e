"""Sides of histories, each said as its difference from one small assistant."""

from __future__ import annotations

import pytest
from changes.histories import BOT, DOMAIN, Side, bot
from corpora import PIPELINE, SELECTING, nlu_yaml

NLU = nlu_yaml(BOT)
EMPTY = ""
TWO_SIDES = "hi | hello there | good day"
IT = Side()


def lines(**said: str) -> Side:
    return Side(nlu=bot(**said))


def more(text: str) -> Side:
    return Side(nlu=f"{BOT}{text}")


def selecting(nlu: str) -> Side:
    return Side(nlu=nlu, config=SELECTING)


def domain(old: str, new: str) -> Side:
    assert old in DOMAIN
    return Side(domain=DOMAIN.replace(old, new))


def piped(old: str, new: str) -> Side:
    assert old in PIPELINE
    return Side(config=PIPELINE.replace(old, new))


def diet(option: str) -> Side:
    return piped("epochs: 100", f"epochs: 100\n  {option}")


def file(text: str, path: str = "data/more.yml") -> Side:
    """The data as they are written, in a file of their own."""
    return Side(nlu=EMPTY, files={path: text})


def spread(nlu: str, **more: str) -> Side:
    """One file for each line."""
    files = {f"data/{i:03}.yml": nlu_yaml(x) for i, x in enumerate(nlu.splitlines())}
    return Side(nlu=EMPTY, files={**files, **more})


def annotated(count: int, entity: str) -> str:
    rows = (f"i{i}: go [there](city) {i} | see [{i}]({entity})" for i in range(count))
    return "\n".join(rows)


CITIES = "".join(f"city {i}\n" for i in range(10_000))
BY_FILE = "nlu:\n- lookup: city\n  examples: data/cities.txt\n"


def cities(text: str) -> Side:
    return Side(files={"data/more.yml": BY_FILE, "data/cities.txt": text})


def table(*rows: tuple[str, Side, Side, str]) -> pytest.MarkDecorator:
    """A test for each row: its name, the old and the new side, what is said."""
    ids = [row[0] for row in rows]
    return pytest.mark.parametrize(
        ("old", "new", "said"), [r[1:] for r in rows], ids=ids
    )
