"""JSON to values with places: strict, and an error at line and column.

JSON says a key once, and knows no NaN and no half of a character; Python's own reader
lets all of these through.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import NamedTuple, NoReturn

from dvcinc.errors import InputError
from dvcinc.yaml import Json, located

_SPACE = re.compile(r"[ \t\n\r]*")
# Half of a character outside the basic plane, as an escape can say it.
_HALF = re.compile(r"\\u[dD][89a-fA-F]")


class Outline(NamedTuple):
    """A value, where it begins, and what is in it as far as it was asked for.

    Exactly one of the others is given: `said` below the depth that was asked for.
    """

    at: int
    said: Json = None
    members: dict[str, Outline] | None = None
    elements: list[Outline] | None = None


class _RefusedError(ValueError):
    """What strict JSON does not say."""


def _members(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    members = dict(pairs)
    if len(members) < len(pairs):
        counts = Counter(key for key, _ in pairs)
        twice = next(key for key in counts if counts[key] > 1)
        raise _RefusedError(f"an object says {twice!r} twice")
    return members


def _constant(name: str) -> NoReturn:
    raise _RefusedError(f"{name} is no JSON")


_DECODER = json.JSONDecoder(object_pairs_hook=_members, parse_constant=_constant)


class JsonText:
    """A JSON text that is read from the outside in.

    Args:
        text: The text.
        path: The file, for errors.
        line: The line in the file on which the text begins.
    """

    def __init__(self, text: str, path: str, line: int = 1) -> None:
        self.text = text
        self.path = path
        self._line = line
        self._halves = "\\u" in text and _HALF.search(text) is not None
        self._counted = (0, line)

    def whole(self) -> Json:
        """The one value that the text is.

        Raises:
            InputError: It is no JSON, or something stands behind it.
        """
        value, end = self.value(self.space(0))
        self.end(end)
        return value

    def end(self, at: int) -> None:
        """Makes sure that nothing is left.

        Raises:
            InputError: Something is.
        """
        if (left := self.space(at)) < len(self.text):
            raise self.error(left, "not JSON: more stands behind the value")

    def space(self, at: int) -> int:
        """The next place that is no white space."""
        match = _SPACE.match(self.text, at)
        return match.end() if match else at

    def value(self, at: int) -> tuple[Json, int]:
        """A value, and where it ends.

        Raises:
            InputError: There is none, or it says what JSON cannot.
        """
        try:
            value, end = _DECODER.raw_decode(self.text, at)
        except json.JSONDecodeError as error:
            raise self.error(error.pos, f"not JSON: {error.msg}") from error
        except _RefusedError as error:
            raise self.error(at, f"not JSON: {error}") from error
        except (ValueError, RecursionError) as error:
            raise self.error(at, "not JSON: too deep, or too long a number") from error
        if self._halves:
            self._check_halves(value, at)
        return value, end

    def outline(self, depth: int) -> Outline:
        """The value that the text is, with the places of what is in it.

        Args:
            depth: How many objects and lists to look into.

        Raises:
            InputError: The text is no JSON.
        """
        outline, end = self._outline(self.space(0), depth)
        self.end(end)
        return outline

    def _outline(self, at: int, depth: int) -> tuple[Outline, int]:
        opening = self.text[at : at + 1]
        if not depth or opening not in ("{", "["):
            said, end = self.value(at)
            return Outline(at, said), end
        closing = "}" if opening == "{" else "]"
        members: dict[str, Outline] = {}
        elements: list[Outline] = []
        end = self.space(at + 1)
        if self.text[end : end + 1] != closing:
            end = self._fill(end, depth - 1, closing, members, elements)
        if opening == "{":
            return Outline(at, members=members), end + 1
        return Outline(at, elements=elements), end + 1

    def _fill(
        self,
        at: int,
        depth: int,
        closing: str,
        members: dict[str, Outline],
        elements: list[Outline],
    ) -> int:
        """Reads entries up to the closing bracket; returns where that stands."""
        while True:
            key = ""
            if closing == "}":
                key, at = self._key(at, members)
            inner, end = self._outline(at, depth)
            if closing == "}":
                members[key] = inner
            else:
                elements.append(inner)
            at = self.space(end)
            if self.text[at : at + 1] == closing:
                return at
            if self.text[at : at + 1] != ",":
                raise self.error(at, f"not JSON: expecting ',' or {closing!r}")
            at = self.space(at + 1)

    def _key(self, at: int, known: dict[str, Outline]) -> tuple[str, int]:
        key, end = self.value(at)
        if not isinstance(key, str):
            raise self.error(at, "not JSON: expecting a key in double quotes")
        if key in known:
            raise self.error(at, f"not JSON: an object says {key!r} twice")
        colon = self.space(end)
        if self.text[colon : colon + 1] != ":":
            raise self.error(colon, "not JSON: expecting ':'")
        return key, self.space(colon + 1)

    def line(self, at: int) -> int:
        """The line of a place, counted on from the one that was asked for last."""
        known, line = self._counted
        if at < known:
            known, line = 0, self._line
        line += self.text.count("\n", known, at)
        self._counted = (at, line)
        return line

    def column(self, at: int) -> int:
        """The column of a place."""
        return at - self.text.rfind("\n", 0, at)

    def error(self, at: int, message: str, hint: str = "") -> InputError:
        """An error at a place of the text, ready to be raised."""
        return located(self.path, self.line(at), self.column(at), message, hint)

    def _check_halves(self, value: Json, at: int) -> None:
        try:
            json.dumps(value, ensure_ascii=False).encode()
        except UnicodeEncodeError as error:
            message = "not JSON: half of a character (a lone surrogate)"
            raise self.error(at, message) from error
