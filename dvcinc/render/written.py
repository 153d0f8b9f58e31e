"""A report as `dvcinc/decision/1`: the document that a pull-request comment is made of.

What repositories say is cut to the lengths that the schema allows, and long lists to
what can be validated in well under a second; `left_off` counts what was cut.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import NamedTuple

from dvcinc.decision.decide import Reason
from dvcinc.lineage.brought import told_apart
from dvcinc.lineage.measured import Measured
from dvcinc.lineage.recent import Model
from dvcinc.lineage.report import Report
from dvcinc.lineage.split import Split
from dvcinc.lineage.values import SideInfo
from dvcinc.lineage.warning import Warned
from dvcinc.plan.document import reason_json, targets_json
from dvcinc.render.split import main_reasons
from dvcinc.yaml import Json

SCHEMA = "dvcinc/decision/1"
MAX_VALUES = 40_000
"""How many values a document may hold: validating one takes some 20 microseconds."""
MAX_BYTES = 5 << 20
"""How long a document may be; what is written stays well below."""
MAX_NAME, MAX_TEXT, MAX_PATH = 200, 600, 1024
_MAX_NUMBER = 10**12
_MAX_NAMES = 10
_MAX_OVERALL, _MAX_MEASURED = 50, 400
_MAX_PARTS, _MAX_FILES, _MAX_PART_REASONS = 60, 50, 5


class _Room(NamedTuple):
    """How much of the long lists is written."""

    reasons: int
    places: int
    intents: int
    warnings: int


_ROOMS = (
    _Room(1000, 20, 2000, 500),
    _Room(1000, 5, 1000, 200),
    _Room(400, 5, 400, 200),
    _Room(200, 2, 200, 100),
)
"""From the most to the least; the last one always fits."""


def decision(found: Report) -> dict[str, Json]:
    """The document, as complete as it may be."""
    for room in _ROOMS[:-1]:
        document = _decision(found, room)
        size = len(json.dumps(document, ensure_ascii=False).encode())
        if values(document) <= MAX_VALUES and size <= MAX_BYTES // 2:
            return document
    return _decision(found, _ROOMS[-1])


def values(document: Json) -> int:
    """How many values a document holds, itself included; counts to one too many."""
    count, waiting = 0, [document]
    while waiting and count <= MAX_VALUES:
        value = waiting.pop()
        count += 1
        if isinstance(value, dict):
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
    return count


def _decision(found: Report, room: _Room) -> dict[str, Json]:
    verdict = found.verdict
    reasons, change = _reasons(found), verdict.change
    own = change.reasons[: room.reasons]
    return {
        "schema": SCHEMA,
        "project": _short(found.project, MAX_PATH),
        "mode": verdict.decision.mode.word,
        "targets": targets_json(verdict.decision.targets),
        "standing": verdict.standing.value,
        "due_since": found.due_since,
        "change": {
            "mode": change.mode.word,
            "targets": targets_json(change.targets),
            "reasons": [_reason(one, room.places) for one in own],
        },
        "old": _side(verdict.old),
        "new": _side(verdict.new),
        "policy": {
            "preset": verdict.policy.preset.value,
            "mode": "scratch" if verdict.policy.forced else "auto",
        },
        "base": _base(found),
        "cost": {
            "scratch_s": _amount(found.cost.scratch_s),
            "finetune_s": _amount(found.cost.finetune_s),
        },
        "reasons": [
            _reason(one, room.places, ours=is_own)
            for one, is_own in reasons[: room.reasons]
        ],
        "intents": _intents(found, room.intents),
        "warnings": [_warning(one) for one in found.warnings[: room.warnings]],
        "metrics": _metrics(found.measured) if found.measured else None,
        "lineage": _lineage(found.models) if found.models else None,
        "split": None if found.split is None else _split(found.split, room.places),
        "left_off": _left_off(found, room),
    }


def _reasons(found: Report) -> list[tuple[Reason, bool]]:
    """All reasons, and whether each is the change's own."""
    verdict = found.verdict
    return [*told_apart(verdict.decision.reasons, verdict.change.reasons)]


def _left_off(found: Report, room: _Room) -> dict[str, Json]:
    verdict = found.verdict
    return {
        "reasons": max(len(_reasons(found)) - room.reasons, 0),
        "change": max(len(verdict.change.reasons) - room.reasons, 0),
        "intents": max(len(verdict.intents) - room.intents, 0),
        "warnings": max(len(found.warnings) - room.warnings, 0),
    }


def _side(side: SideInfo) -> dict[str, Json]:
    return {
        "source": _short(side.source, MAX_NAME),
        "commit": side.commit,
        "digest": side.digest,
    }


def _base(found: Report) -> Json:
    base = found.verdict.base
    if base is None:
        return None
    return {
        "digest": _short(base.digest, MAX_NAME),
        "commit": base.commit,
        "examples": _count(base.examples),
        "age_days": _amount(found.base_age_days, digits=1),
        "finetunes": found.finetunes,
    }


def _reason(reason: Reason, places: int, *, ours: bool = True) -> dict[str, Json]:
    said = reason_json(reason)
    said["subject"] = _short(reason.subject, MAX_NAME)
    said["names"] = [_short(name, MAX_NAME) for name in reason.names[:_MAX_NAMES]]
    said["count"] = _count(reason.count)
    said["places"] = [
        {
            "side": reason.side.value,
            "path": _short(place.path, MAX_PATH),
            "line": max(place.line, 1),
        }
        for place in reason.places[:places]
    ]
    said["text"] = _short(reason.text, MAX_TEXT)
    said["advice"] = _short(reason.advice, MAX_TEXT)
    said["since"] = "change" if ours else "base"
    return said


def _intents(found: Report, most: int) -> list[Json]:
    """Those that change most, if not all fit; in the order of their names."""
    listed = found.verdict.intents
    if len(listed) > most:
        dearest = sorted(listed, key=lambda one: -(one.added + one.removed))[:most]
        listed = tuple(sorted(dearest, key=lambda one: one.name))
    return [
        {
            "name": _short(intent.name, MAX_NAME),
            "added": intent.added,
            "removed": intent.removed,
            "now": found.now.get(intent.name, 0),
        }
        for intent in listed
    ]


def _warning(warning: Warned) -> dict[str, Json]:
    place = warning.place
    return {
        "kind": warning.about.value,
        "text": _short(warning.text, MAX_TEXT),
        "path": _short(place.path, MAX_PATH) if place else None,
        "line": place.line if place else None,
    }


def _metrics(found: Measured) -> dict[str, Json]:
    return {
        "overall": [
            {
                "name": _short(pair.name, MAX_NAME),
                "before": _amount(pair.before, signed=True),
                "after": _amount(pair.after, signed=True),
            }
            for pair in found.overall[:_MAX_OVERALL]
        ],
        "intents": [
            {
                "name": _short(pair.name, MAX_NAME),
                "before": _amount(pair.before),
                "after": _amount(pair.after),
                "support": _count(pair.support),
                "touched": pair.touched,
                "worse": pair.worse,
            }
            for pair in found.intents[:_MAX_MEASURED]
        ],
        "paired": found.paired,
    }


def _lineage(models: Sequence[Model]) -> dict[str, Json]:
    return {
        "models": [
            {
                "digest": _short(model.digest, MAX_NAME),
                "base": _short(model.base, MAX_NAME),
                "base_examples": _count(model.base_examples),
                "mode": model.mode,
                "ran": _short(model.ran, MAX_NAME),
                "examples": _count(model.examples),
                "added": _count(model.added),
                "removed": _count(model.removed),
                "seconds": _amount(model.seconds),
                "commit": model.commit,
            }
            for model in models
        ]
    }


def _split(found: Split, places: int) -> list[Json]:
    return [
        {
            "files": [_short(path, MAX_PATH) for path in part.files[:_MAX_FILES]],
            "count": len(part.files),
            "mode": None if part.mode is None else part.mode.word,
            "reasons": [
                _reason(reason, places)
                for reason in main_reasons(part)[:_MAX_PART_REASONS]
            ],
            "first": found.goes_first(part),
            "together": [bond.value for bond in part.bonds],
            "problem": _short(part.problem, MAX_TEXT),
        }
        for part in found.parts[:_MAX_PARTS]
    ]


def _short(text: str, most: int) -> str:
    """Text that is no longer than the schema allows, and that can be encoded."""
    kept = text if len(text) <= most else f"{text[: most - 1]}…"
    return kept.encode(errors="replace").decode()


def _count(number: int) -> int:
    return min(max(number, 0), _MAX_NUMBER)


def _amount(
    number: float | None, *, digits: int = 5, signed: bool = False
) -> float | None:
    """A number that is one: what a repository records may be anything."""
    if number is None or not math.isfinite(number) or abs(number) > _MAX_NUMBER:
        return None
    return round(number if signed else max(number, 0.0), digits)
