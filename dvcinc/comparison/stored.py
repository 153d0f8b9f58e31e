"""A trial as JSON and back; what is read may be damaged, or anybody's.

Names stand in a table once, and answers name their places in it: a test of ten thousand
texts takes some hundred kilobytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict

from dvcinc.comparison.trial import (
    SHARES,
    Answer,
    Entity,
    IntentScore,
    Scores,
    Spent,
    Trial,
    Way,
)
from dvcinc.errors import InputError
from dvcinc.plan.json import Reader, load, real
from dvcinc.yaml import Json

SCHEMA = "dvcinc/trial/1"
_HINT = "remove it; it is made again"
_NONE = -1
"""The place of what is not there."""


def to_bytes(trial: Trial, key: str) -> bytes:
    """A trial as it is kept.

    Args:
        trial: The trial.
        key: What it is a function of.
    """
    names = _Names()
    answers: list[Json] = [_said(answer, names) for answer in trial.answers]
    said: dict[str, Json] = {
        "schema": SCHEMA,
        "key": key,
        "way": trial.way.value,
        "seed": trial.seed,
        "spent": asdict(trial.spent) if trial.spent else None,
        "unlearned": trial.unlearned,
        "overall": dict(trial.scores.overall),
        "intents": [[*score] for score in trial.scores.intents],
        "names": [*names.found],
        "answers": answers,
    }
    return (json.dumps(said, ensure_ascii=False) + "\n").encode()


def from_bytes(data: bytes, path: str, key: str) -> Trial:
    """Reads what `to_bytes` wrote.

    Raises:
        InputError: It is something else, or of another key.
    """
    reader = Reader(load(data, path, SCHEMA), path)
    if reader.text("key") != key:
        raise InputError(f"{path}: is of another training", _HINT)
    try:
        return _trial(reader)
    except (ValueError, TypeError, IndexError) as error:
        raise InputError(f"{path}: {error}", _HINT) from error


class _Names(dict[str | None, int]):
    """The table of names; one that is new gets the next place."""

    def __init__(self) -> None:
        super().__init__({None: _NONE})

    def __missing__(self, name: str | None) -> int:
        self[name] = place = len(self) - 1
        return place

    @property
    def found(self) -> Iterator[str]:
        return (name for name in self if name is not None)


def _said(answer: Answer, names: _Names) -> Json:
    entities: list[Json] = [
        [e.start, e.end, names[e.entity], names[e.role], names[e.group]]
        for e in sorted(answer.entities, key=str)
    ]
    return [names[answer.intent], names[answer.key], entities]


def _trial(reader: Reader) -> Trial:
    names = reader.texts("names")
    overall = reader.inner("overall").numbers()
    if not all(0 <= value <= 1 for value in overall.values()):
        raise ValueError("a share is none")
    if not overall.keys() <= {*SHARES}:
        raise ValueError("a share has a name that none has")
    return Trial(
        way=Way(reader.text("way")),
        seed=reader.integer("seed"),
        spent=_spent(reader),
        unlearned=reader.integer("unlearned"),
        scores=Scores(
            overall=tuple((n, overall[n]) for n in SHARES if n in overall),
            intents=tuple(_score(row) for row in _list(reader.raw("intents"))),
        ),
        answers=tuple(_answer(row, names) for row in _list(reader.raw("answers"))),
    )


def _spent(reader: Reader) -> Spent | None:
    if reader.raw("spent") is None:
        return None
    inner = reader.inner("spent")
    return Spent(
        seconds=inner.number("seconds"),
        cpu_seconds=inner.number("cpu_seconds"),
        peak_bytes=inner.integer("peak_bytes"),
        steps=inner.integer("steps"),
    )


def _score(row: Json) -> IntentScore:
    name, f1, support = _list(row)
    share = real(f1)
    if not isinstance(name, str) or share is None:
        raise ValueError("an intent has no name or no number")
    return IntentScore(name, share, _whole(support))


def _answer(row: Json, names: tuple[str, ...]) -> Answer:
    intent, key, entities = _list(row)
    return Answer(
        intent=_name(intent, names) or "",
        key=_name(key, names),
        entities=frozenset(_entity(each, names) for each in _list(entities)),
    )


def _entity(row: Json, names: tuple[str, ...]) -> Entity:
    start, end, entity, role, group = _list(row)
    return Entity(
        _whole(start),
        _whole(end),
        _name(entity, names) or "",
        _name(role, names),
        _name(group, names),
    )


def _name(place: Json, names: tuple[str, ...]) -> str | None:
    return None if place == _NONE else names[_whole(place)]


def _list(value: Json) -> list[Json]:
    if not isinstance(value, list):
        raise TypeError("something that must be a list is none")
    return value


def _whole(value: Json) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError(f"{value!r} is no count")
    return value
