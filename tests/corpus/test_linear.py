"""No text of a user takes more than linear time: hostile strings of 64 KB."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress

import pytest

from dvcinc.corpus.markup import parse_markup
from dvcinc.corpus.readers import read_part
from dvcinc.errors import DvcincError
from dvcinc.params import read_params
from dvcinc.snapshot.dvcouts import tracked
from dvcinc.text.ngrams import NUMBER, WORDS
from dvcinc.text.settings import TokenizerSettings
from dvcinc.text.tokenizer import Tokenizer

SIZE = 1 << 16
SECONDS = 1.0
"""Generous: what is linear takes some milliseconds."""


def markdown(text: str) -> None:
    with suppress(DvcincError):
        read_part(f"## intent:greet\n{text}".encode(), "a.md")


def broken_yaml(text: str) -> None:
    with suppress(DvcincError):
        read_part(f"{text}\n\t- [".encode(), "a.yml")


def jsonl(text: str) -> None:
    with suppress(DvcincError):
        read_part(f'{{"text": 1, "intent"{text}'.encode(), "a.jsonl")


def table(text: str) -> None:
    with suppress(DvcincError):
        read_part(f"text,intent\n{text}".encode(), "a.csv")


def example(text: str) -> None:
    with suppress(ValueError):
        parse_markup(text)


def tokens(text: str) -> None:
    Tokenizer(TokenizerSettings()).tokens(text)


def words(text: str) -> None:
    NUMBER.sub("n", text)
    WORDS.findall(text)


def lock(text: str) -> None:
    with suppress(DvcincError):
        tracked(lambda paths: [text.encode()] * len(paths), ["data"], [])


def number(text: str) -> None:
    with suppress(DvcincError):
        read_params(f"policy: {{growth_limit: {text}}}".encode())


READERS = (
    markdown,
    broken_yaml,
    jsonl,
    table,
    example,
    tokens,
    words,
    lock,
    number,
)
PIECES = {
    "blanks": " ",
    "tabs": "\t",
    "lines": "\n",
    "returns": "\r",
    "blank lines": " \n",
    "stops": "!",
    "digits": "1",
    "stops and digits": "!1",
    "letters": "a",
    "words": "a ",
    "headings": "## ",
    "colons": ":",
    "hashes": "#",
    "comments": "<!--",
    "fences": "```\n",
    "conflicts": "<<<<<<< ",
    "brackets": "[",
    "annotations": "[a](",
    "closings": "](",
    "braces": "{",
    "closing braces": "} ",
    "objects": '{"text"',
    "quotes": '"',
    "keys": "nlu ",
    "key lines": "nlu\n",
    "paths": "path: ",
    "dashes": "- ",
    "no-break spaces": "\xa0",
    "ligatures": "\ufdfa",
    "emoji": "\U0001f600",
    "marks": "\u0300",
    "separators": "\x1c",
}


@pytest.mark.parametrize("end", ["", "5"])
@pytest.mark.parametrize("read", READERS, ids=lambda read: read.__name__)
def test_hostile_texts_take_linear_time(read: Callable[[str], None], end: str) -> None:
    slow = {}
    for name, piece in PIECES.items():
        for start in ("", "## a", "[a"):
            text = start + piece * (SIZE // len(piece)) + end
            began = time.process_time()
            read(text)
            taken = time.process_time() - began
            if taken > SECONDS:
                slow[name, start] = taken
    assert not slow
