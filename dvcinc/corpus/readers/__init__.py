"""One file of training data or domain to facts, whatever its format.

What a file is, its content says and never its name alone; a file that is no training
data says nothing. Each format is a module of its own.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from dvcinc.corpus.part import SUFFIXES, LookupFile, Part, Wanted, missing_lookup
from dvcinc.corpus.readers import rasa_yaml
from dvcinc.corpus.readers.lookup import read_lookup
from dvcinc.corpus.readers.source import LFS_POINTER, is_object
from dvcinc.corpus.values import Corpus

__all__ = [
    "SUFFIXES",
    "Format",
    "LookupFile",
    "Part",
    "Wanted",
    "claims_examples",
    "missing_lookup",
    "read_lookup",
    "read_part",
]


class Format(Protocol):
    """A format of training data: how to tell it, and how to read it."""

    def sniff(self, data: bytes, path: str) -> bool:
        """Whether the file is of the format, or claims to be; cheap."""

    def read(self, data: bytes, path: str, wanted: Wanted) -> Part:
        """Reads a file of the format.

        Raises:
            InputError: It cannot be understood, with `path:line:column`.
        """


def read_part(data: bytes, path: str, wanted: Wanted | None = None) -> Part:
    """Reads one file alone; the lookups' files that it names are the caller's to read.

    Args:
        data: The file's bytes.
        path: Its path from the project directory.
        wanted: Which parts count; all by default.

    Raises:
        InputError: The file is training data or domain and cannot be understood, or
            names a file outside the project; with `path:line:column`.
    """
    if data.startswith(LFS_POINTER) and not rasa_yaml.sniff(data, path):
        said = "passed over, a Git LFS pointer; run git lfs pull if it is training data"
        return Part(corpus=Corpus(warnings=(f"{path}: {said}",)))
    known = _format(data, path)
    if known is None:
        return Part(corpus=Corpus())
    with _collecting_later():
        return known.read(data, path, wanted or Wanted())


def _format(data: bytes, path: str) -> Format | None:
    """The format of a file; most are YAML, and need no other."""
    is_yaml = rasa_yaml.sniff(data, path)
    if is_yaml and not is_object(data):
        return rasa_yaml
    first, *rest = _others()
    if first.sniff(data, path):
        return first
    if is_yaml:
        return rasa_yaml
    return next((known for known in rest if known.sniff(data, path)), None)


def _others() -> tuple[Format, ...]:
    """The formats that are no YAML; the first comes before it."""
    from dvcinc.corpus.readers import (  # noqa: PLC0415
        jsonl,
        markdown,
        rasa_json,
        table,
    )

    return (rasa_json, jsonl, table, markdown)


def claims_examples(data: bytes, path: str) -> bool:
    """Whether a file claims to hold examples, whatever its place; cheap."""
    if any(known.sniff(data, path) for known in _others()):
        return True
    return rasa_yaml.sniff(data, path) and rasa_yaml.claims_examples(data)


@contextmanager
def _collecting_later() -> Iterator[None]:
    """Holds the collector of cycles back.

    Facts have no cycles, and looking at each of them again and again, while they get
    more, takes as long as all reading.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()
