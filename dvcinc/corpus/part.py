"""What one file says by itself, before the files that it names are fetched."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import NamedTuple

from dvcinc.corpus.values import Corpus, Place
from dvcinc.errors import InputError
from dvcinc.yaml import located

OTHER_SUFFIXES = (".csv", ".json", ".jsonl", ".md", ".tsv")
"""What the names of files that are no YAML end in."""
SUFFIXES = (".yml", ".yaml", *OTHER_SUFFIXES)
"""What the names of files that may be training data end in."""


UNKNOWN_KEY = "unknown key "
"""What a warning about a key that means nothing begins with."""


def is_yaml(path: str) -> bool:
    """Whether a file is named as YAML; the only thing that a name says of a format."""
    return not path.endswith(OTHER_SUFFIXES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which parts of a file count: those that its place in the project allows."""

    nlu: bool = True
    domain: bool = True


class LookupFile(NamedTuple):
    """A lookup whose elements stand in another file.

    Attributes:
        name: The lookup's name.
        path: The other file, normalised, from the project directory.
        said: The path as it is written.
        place: Where it is written.
        column: The column there (1-based).
    """

    name: str
    path: str
    said: str
    place: Place
    column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one file says: facts, and lookups whose elements stand in other files."""

    corpus: Corpus
    lookups: tuple[LookupFile, ...] = ()


def lookup_file(name: str, said: str, place: Place, column: int) -> LookupFile:
    """A reference to a lookup's file, as a training data file states it.

    Raises:
        InputError: The path leads out of the project.
    """
    path = posixpath.normpath(said)
    if path.startswith("/") or path.split("/")[0] == "..":
        raise located(
            place.path,
            place.line,
            column,
            f"lookup {name!r} names the file {said!r}, which lies outside the project",
            "put the file into the project directory",
        )
    return LookupFile(name, path, said, place, column)


def missing_lookup(lookup: LookupFile) -> InputError:
    """The error for a lookup whose file is not there, ready to be raised."""
    return located(
        lookup.place.path,
        lookup.place.line,
        lookup.column,
        f"lookup {lookup.name!r} names the file {lookup.said!r}, which is not there",
        "give its path from the project directory, or begin elements with '- '",
    )
