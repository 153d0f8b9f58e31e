"""dvcinc's own JSON documents: written one way, read with an eye on every value."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import cast

from dvcinc.corpus.strict_json import JsonText
from dvcinc.errors import InputError
from dvcinc.yaml import Json, decode

REMEDY = "restore the file with git checkout, or remove it and run dvc repro"


def dump(value: Mapping[str, Json]) -> bytes:
    """JSON that people can read and Git can compare: indented, keys as given."""
    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode()


def load(data: bytes, path: str, schema: str) -> Json:
    """Reads a document of a schema.

    Raises:
        InputError: It is no JSON, or of another schema.
    """
    value = parsed(data, path, "is a merge left open?")
    found = value.get("schema") if isinstance(value, dict) else None
    if found != schema:
        raise InputError(
            f"{path}: has schema {found!r}, not {schema!r}",
            "it was written by another version of dvcinc; remove it and run dvc repro",
        )
    return value


def parsed(data: bytes, path: str, hint: str) -> Json:
    """What a file says, which can be written as it was read.

    Raises:
        InputError: It is no JSON, or says what cannot be written: half a character.
    """
    try:
        return JsonText(decode(data, path), path).whole()
    except InputError as error:
        raise InputError(error.message, hint) from error


def real(value: Json) -> float | None:
    """A finite number; `None` where the value is none, or larger than any float."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        found = float(value)
    except OverflowError:
        return None
    return found if math.isfinite(found) else None


class Reader:
    """Reads typed values out of a JSON object.

    Args:
        value: The object.
        path: The file, and the keys that lead to it, for errors.
    """

    def __init__(self, value: Json, path: str) -> None:
        if not isinstance(value, dict):
            raise InputError(
                f"{path}: must be an object, not {str(value)[:40]!r}", REMEDY
            )
        self._value = value
        self._path = path

    def inner(self, key: str) -> Reader:
        """A nested object."""
        return Reader(self._value.get(key), f"{self._path}: {key}")

    def inners(self, key: str) -> list[Reader]:
        """A list of objects."""
        return [
            Reader(item, f"{self._path}: {key}[{number}]")
            for number, item in enumerate(self._list(key))
        ]

    def only(self, key: str) -> Reader:
        """The one object of a list."""
        found = self.inners(key)
        if len(found) != 1:
            raise self._wrong(key, "a list of one object")
        return found[0]

    def text(self, key: str) -> str:
        """A text."""
        return cast("str", self._typed(key, (str,), "a text"))

    def optional_text(self, key: str) -> str | None:
        """A text or null."""
        return None if self._value.get(key) is None else self.text(key)

    def counts(self, key: str) -> dict[str, tuple[int, int]]:
        """Two counts for each name."""
        found: dict[str, tuple[int, int]] = {}
        for name, value in self.inner(key)._value.items():  # noqa: SLF001
            match value:
                case [int() as one, int() as other] if min(one, other) >= 0:
                    found[name] = (one, other)
                case _:
                    raise self._wrong(key, "two counts for each name")
        return found

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts."""
        items = self._list(key)
        if not all(isinstance(item, str) for item in items):
            raise self._wrong(key, "a list of texts")
        return tuple(str(item) for item in items)

    def pairs(self, key: str) -> tuple[tuple[str, str], ...]:
        """A list of pairs of texts."""
        found = []
        for item in self._list(key):
            if not isinstance(item, list) or list(map(type, item)) != [str, str]:
                raise self._wrong(key, "a list of pairs of texts")
            found.append((str(item[0]), str(item[1])))
        return tuple(found)

    def integer(self, key: str) -> int:
        """A whole number."""
        return cast("int", self._typed(key, (int,), "a whole number"))

    def optional_integer(self, key: str) -> int | None:
        """A whole number or null."""
        return None if self._value.get(key) is None else self.integer(key)

    def number(self, key: str) -> float:
        """A number."""
        found = real(self._value.get(key))
        if found is None:
            raise self._wrong(key, "a number")
        return found

    def optional_number(self, key: str) -> float | None:
        """A number or null."""
        return None if self._value.get(key) is None else self.number(key)

    def flag(self, key: str) -> bool:
        """True or false."""
        value = self._value.get(key)
        if not isinstance(value, bool):
            raise self._wrong(key, "true or false")
        return value

    def numbers(self) -> dict[str, float]:
        """The object itself, as one of numbers by name."""
        return {key: self.number(key) for key in sorted(self._value)}

    def all_texts(self) -> dict[str, str]:
        """The object itself, as one of texts by name."""
        return {key: self.text(key) for key in sorted(self._value)}

    def raw(self, key: str) -> Json:
        """A value of any form, for a reader of its own."""
        return self._value.get(key)

    def _typed(self, key: str, types: tuple[type, ...], what: str) -> object:
        value = self._value.get(key)
        if not isinstance(value, types) or isinstance(value, bool):
            raise self._wrong(key, what)
        return value

    def _list(self, key: str) -> list[Json]:
        value = self._value.get(key)
        if not isinstance(value, list):
            raise self._wrong(key, "a list")
        return value

    def _wrong(self, key: str, what: str) -> InputError:
        found = str(self._value.get(key))[:40]
        return InputError(f"{self._path}: {key} must be {what}, not {found!r}", REMEDY)
