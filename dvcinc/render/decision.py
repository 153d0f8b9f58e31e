"""Reads `dvcinc/decision/1`, whoever wrote it: bytes to values, or an `InputError`.

On the pull request of a fork, the document comes from a job that ran other people's
code. So it is taken for hostile: length, depth and number of values are checked before
the schema is, and the schema before anything is made of it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import NoReturn, cast

from dvcinc.errors import InputError
from dvcinc.render.document import Document
from dvcinc.render.reading import HINT, document
from dvcinc.render.written import MAX_BYTES, MAX_VALUES, values
from dvcinc.yaml import Json

MAX_DEPTH = 8
"""The schema's own documents are seven levels deep."""


def read_decision(data: bytes, name: str = "decision.json") -> Document:
    """Reads a document that anybody may have written.

    Args:
        data: The bytes.
        name: What to call them in errors.

    Raises:
        InputError: It is too long, no JSON, or not what the schema asks for.
    """
    if len(data) > MAX_BYTES:
        raise InputError(f"{name}: is longer than {MAX_BYTES:,} bytes", HINT)
    # Counted first: all else takes time for each value. A text may hold some brackets.
    crowded = data.count(b"[") + data.count(b"{") > 5 * MAX_VALUES
    if crowded or values(value := _parsed(data, name)) > MAX_VALUES:
        raise InputError(f"{name}: holds more than {MAX_VALUES:,} values", HINT)
    if _depth(value) > MAX_DEPTH:
        raise InputError(f"{name}: is nested more than {MAX_DEPTH} deep", HINT)
    _check_text(value, name)
    _check(value, name)
    return document(value, name)


def _parsed(data: bytes, name: str) -> Json:
    try:
        value: Json = json.loads(
            data.decode(), object_pairs_hook=_object, parse_constant=_refused
        )
    except (ValueError, RecursionError) as error:
        raise InputError(f"{name}: not JSON: {str(error)[:200]}", HINT) from error
    return value


def _check_text(value: Json, name: str) -> None:
    """Refuses escaped halves of surrogate pairs: text that nothing can write."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise InputError(f"{name}: holds text that is no Unicode", HINT) from error


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice in an object")
    return found


def _refused(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number")


def _depth(value: Json) -> int:
    """How deep a value is nested, as far as it matters."""
    level, depth = [value], 0
    while level and depth <= MAX_DEPTH:
        inner: list[Json] = []
        for one in level:
            if isinstance(one, dict):
                inner.extend(one.values())
            elif isinstance(one, list):
                inner.extend(one)
        level, depth = inner, depth + 1
    return depth


@cache
def schema() -> Mapping[str, Json]:
    """The published JSON Schema."""
    found = files("dvcinc.render") / "schemas" / "decision.json"
    return cast("Mapping[str, Json]", json.loads(found.read_bytes()))


def _check(value: Json, name: str) -> None:
    # In the extra `comment`: nothing else needs it.
    from jsonschema import Draft202012Validator  # noqa: PLC0415

    error = next(Draft202012Validator(schema()).iter_errors(value), None)
    if error is not None:
        where = "/".join(map(str, error.absolute_path)) or "the document"
        said = f"{name}: {where[:100]}: {error.message[:200]}"
        raise InputError(said, HINT)
