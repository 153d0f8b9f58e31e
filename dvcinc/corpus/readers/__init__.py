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
from dvcinc.corpus.readers import jsonl, markdown, rasa_json, rasa_yaml, table
from dvcinc.corpus.readers.lookup import read_lookup
from dvcinc.corpus.readers.source import LFS_POINTER
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


# The first that knows a file reads it.
_FORMATS: tuple[Format, ...] = (rasa_json, rasa_yaml, jsonl, table, markdown)


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
    for known in _FORMATS:
        if known.sniff(data, path):
            with _collecting_later():
                return known.read(data, path, wanted or Wanted())
    return Part(corpus=Corpus())


def claims_examples(data: bytes, path: str) -> bool:
    """Whether a file claims to hold examples, whatever its place; cheap."""
    if any(known.sniff(data, path) for known in _FORMATS if known is not rasa_yaml):
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
