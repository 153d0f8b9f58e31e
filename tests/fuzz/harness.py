"""What must hold for every reader, whatever bytes it is given.

An input is read, or refused with a `DvcincError` that can be printed; what was read
reads back from its canonical form as the same, and is written the same way again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from fuzz import beside

from dvcinc.config import Params
from dvcinc.corpus.canonical import read_corpus, write_corpus
from dvcinc.corpus.markup import Marked, MarkupError, parse_markup, write_markup
from dvcinc.corpus.pipeline import read_pipeline
from dvcinc.corpus.rasa import read_config_file
from dvcinc.corpus.readers import missing_lookup, read_lookup, read_part
from dvcinc.corpus.values import Corpus
from dvcinc.errors import DvcincError, InputError
from dvcinc.lineage.record import Lineage, read_lineage
from dvcinc.params import described, read_params
from dvcinc.plan.base import digest_of
from dvcinc.plan.document import PlanDocument, read_plan
from dvcinc.snapshot.dvclock import read_lock, read_run
from dvcinc.text.tokenizer import Tokenizer
from dvcinc.text.visible import visible

FACTS = ("examples", "synonyms", "regexes", "lookups", "responses", "stories")
DOMAIN = ("intents", "entities", "slots", "actions", "forms", "responses", "settings")
TEXTS = ("", "hi there", "a-b_c, 12.5!", "a" * 60, "\U0001f600 \u00df\u0130 x\u0301")
SUFFIXES = ("yml", "json", "md", "jsonl", "csv", "tsv")


class Reader(NamedTuple):
    """A reader, and what must hold of what it has read."""

    read: Callable[[bytes], Any]
    prove: Callable[[Any], object]


class BrokenPromiseError(AssertionError):
    """Something did not hold."""


def said(corpus: Corpus) -> dict[str, object]:
    """What a corpus says, without places and warnings."""
    config = corpus.config
    return {
        **{name: {*getattr(corpus, name)} for name in FACTS},
        **{f"domain {name}": {*getattr(corpus.domain, name)} for name in DOMAIN},
        "language": config.language,
        "pipeline": [component for component, _ in config.pipeline],
        "policies": [component for component, _ in config.policies],
    }


def reads_back(corpus: Corpus) -> None:
    """A corpus can be written, and the canonical form says the same."""
    try:
        files = write_corpus(corpus)
    except InputError as error:
        printable(error)
        return
    again = read_corpus(files)
    other = said(again)
    for name, facts in said(corpus).items():
        if other[name] != facts:
            raise BrokenPromiseError(f"{name}: {facts!r} reads back as {other[name]!r}")
    if write_corpus(again) != files:
        raise BrokenPromiseError("the canonical form is written in two ways")


def training_data(suffix: str) -> Reader:
    """Reads a file of training data or domain, found by its content."""

    def read(data: bytes) -> Corpus:
        part = read_part(data, f"data/nlu/a.{suffix}")
        for lookup in part.lookups:
            printable(missing_lookup(lookup))
        for warning in part.corpus.warnings:
            visible(warning).encode()
        return part.corpus

    return Reader(read, reads_back)


def lookup(data: bytes) -> Corpus:
    """Reads a lookup's file."""
    return read_lookup(data, "data/cities.txt", "city")


def config(data: bytes) -> Corpus:
    """Reads a config."""
    return read_config_file(data, "config.yml")


def has_a_meaning(corpus: Corpus) -> None:
    """A config reads back; its pipeline is refused, or cuts any text into tokens."""
    reads_back(corpus)
    tokenizer = Tokenizer(read_pipeline(corpus.config).tokenizer)
    for text in TEXTS:
        for token in tokenizer.tokens(text):
            if text[token.start : token.end] != token.text:
                raise BrokenPromiseError(f"{token!r} stands elsewhere in {text!r}")


def params(data: bytes) -> Params:
    """Reads `params.yaml`."""
    return read_params(data)


def markup(data: bytes) -> Marked | None:
    """Reads the markup of one example."""
    try:
        return parse_markup(data.decode("utf-8", "replace"))
    except MarkupError as error:
        visible(error.message).encode()
        return None


def is_said_again(marked: Marked | None) -> None:
    """Markup is written so that it reads back, where it can be said at all."""
    if marked is None:
        return
    try:
        again = write_markup(marked.text, marked.spans)
    except ValueError:
        return
    if parse_markup(again)[:2] != marked[:2]:
        raise BrokenPromiseError(f"{marked!r} reads back as {parse_markup(again)!r}")


def plan(found: PlanDocument) -> None:
    """What `plan.json` says is written so that it reads back."""
    if read_plan(found.to_bytes()) != found:
        raise BrokenPromiseError("plan.json reads back as another")


def lineage(found: Lineage) -> None:
    """Likewise for `lineage.json`."""
    if read_lineage(found.to_bytes()) != found:
        raise BrokenPromiseError("lineage.json reads back as another")


def nothing(_: object) -> None:
    """Nothing more is promised of what is never written."""


READERS: Mapping[str, Reader] = {
    **{suffix: training_data(suffix) for suffix in SUFFIXES},
    "lookup": Reader(lookup, reads_back),
    "config": Reader(config, has_a_meaning),
    "params": Reader(params, described),
    "markup": Reader(markup, is_said_again),
    "plan": Reader(read_plan, plan),
    "lineage": Reader(read_lineage, lineage),
    "lock": Reader(read_lock, nothing),
    "run": Reader(lambda data: read_run(data, "run"), nothing),
    "pointer": Reader(beside.pointer, beside.stay_in_the_cache),
    "outs": Reader(beside.outs, beside.stay_in_the_cache),
    "listing": Reader(beside.listed, beside.stay_below),
    "dvc config": Reader(beside.config, beside.can_be_asked_for),
    "merge": Reader(beside.merge, beside.is_merged),
    "pipeline": Reader(beside.pipeline, nothing),
    "base": Reader(beside.base, digest_of),
    "tables": Reader(beside.tables, beside.are_written_again),
    "report": Reader(beside.report, nothing),
    "metrics": Reader(beside.metrics, nothing),
}
"""Each reader by name; a fuzzed input names its reader by its first byte."""
NAMES = tuple(READERS)


def check(reader: str, data: bytes, *, proven: bool = True) -> bool:
    """Gives bytes to a reader; whether it took them.

    Args:
        reader: Its name.
        data: The bytes.
        proven: Whether what was read is to be written and read back as well.

    Raises:
        Exception: Anything but a `DvcincError` is a finding.
    """
    read, prove = READERS[reader]
    try:
        found = read(data)
        if proven:
            prove(found)
    except DvcincError as error:
        printable(error)
        return False
    return True


def printable(error: DvcincError) -> None:
    """An error says something, and on any terminal."""
    if not error.message:
        raise BrokenPromiseError("an error without words")
    visible(error.message).encode()
    visible(error.hint).encode()


def packed(reader: str, data: bytes) -> bytes:
    """An input for the fuzzer."""
    return bytes([NAMES.index(reader)]) + data


def unpacked(data: bytes) -> tuple[str, bytes]:
    """The reader that an input names, and what it is given."""
    first = data[0] if data else 0
    return NAMES[first % len(NAMES)], data[1:]
