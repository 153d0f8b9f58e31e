"""Reads `dvcinc/decision/1`, whoever wrote it: bytes to values, or an `InputError`.

On the pull request of a fork, the document comes from a job that ran other people's
code. So it is taken for hostile: length, depth and number of values are checked before
the schema is, and the schema before anything is made of it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import NoReturn, cast

from dvcinc.config import Mode, Target
from dvcinc.errors import InputError
from dvcinc.lineage.verdict import Cost
from dvcinc.plan.json import Reader
from dvcinc.render.document import (
    BaseSaid,
    Document,
    IntentSaid,
    LeftOff,
    MetricSaid,
    MetricsSaid,
    ModelSaid,
    PartSaid,
    ReasonSaid,
    SideSaid,
    Spot,
    WarningSaid,
)
from dvcinc.render.written import MAX_BYTES, MAX_VALUES, values
from dvcinc.yaml import Json

MAX_DEPTH = 8
"""The schema's own documents are seven levels deep."""
HINT = "write it with dvcinc classify --json, by the same version of dvcinc"
_COMMIT = re.compile("[0-9a-f]{40,64}")
_KIND = re.compile("[a-z-]{1,40}")


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


def document(value: Json, name: str = "decision.json") -> Document:
    """The values of a document that follows the schema.

    Raises:
        InputError: It does not.
    """
    try:
        return _document(Reader(value, name))
    except InputError as error:
        raise InputError(error.message, HINT) from error
    except (KeyError, OverflowError, ValueError) as error:
        raise InputError(f"{name}: {str(error)[:200]}", HINT) from error


def _document(said: Reader) -> Document:
    policy, left = said.inner("policy"), said.inner("left_off")
    split = said.raw("split")
    return Document(
        project=said.text("project"),
        mode=_mode(said),
        targets=_targets(said.inner("targets")),
        old=_side(said.inner("old")),
        new=_side(said.inner("new")),
        preset=policy.text("preset"),
        forced=policy.text("mode") == "scratch",
        base=None if said.raw("base") is None else _base(said.inner("base")),
        cost=_cost(said.inner("cost")),
        reasons=tuple(map(_reason, said.inners("reasons"))),
        intents=tuple(map(_intent, said.inners("intents"))),
        warnings=tuple(map(_warning, said.inners("warnings"))),
        metrics=None if said.raw("metrics") is None else _metrics(said),
        models=() if said.raw("lineage") is None else _models(said),
        split=None if split is None else tuple(map(_part, said.inners("split"))),
        left_off=LeftOff(
            reasons=left.integer("reasons"),
            intents=left.integer("intents"),
            warnings=left.integer("warnings"),
        ),
    )


def _mode(said: Reader) -> Mode:
    return Mode[said.text("mode").upper()]


def _targets(said: Reader) -> Mapping[Target, Mode]:
    return MappingProxyType({t: Mode[said.text(t.value).upper()] for t in Target})


def _side(said: Reader) -> SideSaid:
    return SideSaid(
        source=said.text("source"),
        commit=_commit(said),
        digest=said.optional_text("digest"),
    )


def _commit(said: Reader) -> str | None:
    """A commit's id: it stands in links, so it must be one to the last character."""
    found = said.optional_text("commit")
    if found is not None and not _COMMIT.fullmatch(found):
        raise ValueError(f"{found!r} is no commit's id")
    return found


def _base(said: Reader) -> BaseSaid:
    return BaseSaid(
        digest=said.text("digest"),
        commit=_commit(said),
        examples=said.integer("examples"),
        age_days=said.optional_number("age_days"),
        finetunes=said.optional_integer("finetunes"),
    )


def _cost(said: Reader) -> Cost:
    return Cost(
        scratch_s=said.optional_number("scratch_s"),
        finetune_s=said.optional_number("finetune_s"),
    )


def _reason(said: Reader) -> ReasonSaid:
    kind = said.text("kind")
    if not _KIND.fullmatch(kind):
        raise ValueError(f"{kind!r} is no kind of change")
    return ReasonSaid(
        code=said.text("code"),
        kind=kind,
        targets=tuple(map(Target, said.texts("targets"))),
        mode=_mode(said),
        subject=said.text("subject"),
        names=said.texts("names"),
        count=said.integer("count"),
        spots=tuple(
            Spot(one.text("path"), one.integer("line"), one.text("side") == "old")
            for one in said.inners("places")
        ),
        text=said.text("text"),
        advice=said.text("advice"),
    )


def _intent(said: Reader) -> IntentSaid:
    return IntentSaid(
        name=said.text("name"),
        added=said.integer("added"),
        removed=said.integer("removed"),
        now=said.integer("now"),
    )


def _warning(said: Reader) -> WarningSaid:
    path, line = said.optional_text("path"), said.optional_integer("line")
    return WarningSaid(
        kind=said.text("kind"),
        text=said.text("text"),
        spot=Spot(path, line) if path and line else None,
    )


def _metrics(said: Reader) -> MetricsSaid:
    found = said.inner("metrics")
    return MetricsSaid(
        overall=tuple(map(_metric, found.inners("overall"))),
        intents=tuple(map(_intent_metric, found.inners("intents"))),
    )


def _metric(said: Reader) -> MetricSaid:
    return MetricSaid(
        name=said.text("name"),
        before=said.optional_number("before"),
        after=said.optional_number("after"),
    )


def _intent_metric(said: Reader) -> MetricSaid:
    return MetricSaid(
        name=said.text("name"),
        before=said.optional_number("before"),
        after=said.optional_number("after"),
        support=said.integer("support"),
        touched=said.flag("touched"),
        worse=said.flag("worse"),
    )


def _models(said: Reader) -> tuple[ModelSaid, ...]:
    return tuple(map(_model, said.inner("lineage").inners("models")))


def _model(said: Reader) -> ModelSaid:
    return ModelSaid(
        digest=said.text("digest"),
        base=said.text("base"),
        base_examples=said.integer("base_examples"),
        mode=_mode(said),
        ran=said.text("ran"),
        examples=said.integer("examples"),
        added=said.integer("added"),
        removed=said.integer("removed"),
        seconds=said.optional_number("seconds"),
        commit=_commit(said),
    )


def _part(said: Reader) -> PartSaid:
    return PartSaid(
        files=said.texts("files"),
        mode=_mode(said),
        reasons=tuple(map(_reason, said.inners("reasons"))),
    )
