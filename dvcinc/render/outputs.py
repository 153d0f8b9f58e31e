"""A decision for machines: outputs of a step, a report, a status, labels."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dvcinc.config import Mode
from dvcinc.lineage.standing import Standing
from dvcinc.render.document import Document, ReasonSaid
from dvcinc.render.escape import shown
from dvcinc.render.links import Forge
from dvcinc.render.words import MEANING, NOT_YET, duration

STATUS_CONTEXT = "dvcinc"
_STATUS_LENGTH = {Forge.GITHUB: 140, Forge.GITLAB: 255}
_MAX_LINES = 50
"""Reasons in an output: all outputs of a job may be a mebibyte together."""
_MAX_CODES = 20
_ASIDE = {
    Standing.TRAINED: "already trained",
    Standing.RESTORED: "restored",
    Standing.FIRST: NOT_YET,
}
# What `source` and GitLab's own reader take for nothing but text.
_PLAIN = re.compile(r"[^A-Za-z0-9_.,:/+-]+")


@dataclass(frozen=True, slots=True)
class Label:
    """A label of a pull request: name, colour as six hex digits, what it says."""

    name: str
    colour: str
    description: str


_PREFIX = "training: "
_COLOURS = {
    Mode.NONE: "d0d7de",
    Mode.REFRESH: "54aeff",
    Mode.FINETUNE: "2da44e",
    Mode.SCRATCH: "cf222e",
}
LABELS: Mapping[Mode, Label] = {
    mode: Label(f"{_PREFIX}{mode.word}", _COLOURS[mode], MEANING[mode]) for mode in Mode
}
DONE = Label(f"{_PREFIX}done", "1a7f37", "what it needs has been trained")
ALL_LABELS = (*LABELS.values(), DONE)
"""The labels; a pull request has one of them at most."""


def label_of(document: Document) -> Label:
    """The label of a decision: its mode, or that it has been trained."""
    is_done = document.standing is Standing.TRAINED
    return DONE if is_done else LABELS[document.told]


def outputs(document: Document) -> dict[str, str]:
    """The outputs of a step, by name."""
    base = document.base
    reasons = _ordered(document)[:_MAX_LINES]
    return {
        "mode": document.mode.word,
        "standing": document.standing.value,
        "change-mode": document.change.mode.word,
        "should-train": "true" if document.left is not Mode.NONE else "false",
        "base": _PLAIN.sub("", base.digest) if base else "",
        "reasons": "\n".join(map(_line, reasons)),
        "reasons-json": json.dumps([_brief(reason) for reason in reasons]),
    }


def _ordered(document: Document) -> tuple[ReasonSaid, ...]:
    """All reasons, the change's own first."""
    return (*document.change.reasons, *document.since)


def _line(reason: ReasonSaid) -> str:
    return f"{reason.code} {reason.mode.word} {shown(reason.text, 300)}"


def _brief(reason: ReasonSaid) -> dict[str, str | int | None]:
    spot = reason.spots[0] if reason.spots else None
    return {
        "code": reason.code,
        "mode": reason.mode.word,
        "text": reason.text,
        "path": spot.path if spot else None,
        "line": spot.line if spot else None,
    }


def github_output(document: Document) -> str:
    """Lines for the file that `GITHUB_OUTPUT` names.

    A value of several lines ends at a delimiter of its own hash: no value holds that,
    and the same decision gives the same lines.
    """
    return "".join(_assigned(*pair) for pair in outputs(document).items())


def _assigned(name: str, value: str) -> str:
    if "\n" not in value and "\r" not in value:
        return f"{name}={value}\n"
    end = f"dvcinc_{hashlib.sha256(value.encode()).hexdigest()}"
    return f"{name}<<{end}\n{value}\n{end}\n"


def dotenv(document: Document) -> str:
    """GitLab's report of variables for later jobs: one line each, plain values."""
    base = document.base
    codes = dict.fromkeys(reason.code for reason in _ordered(document))
    found = {
        "DVCINC_MODE": document.mode.word,
        "DVCINC_STANDING": document.standing.value,
        "DVCINC_CHANGE_MODE": document.change.mode.word,
        "DVCINC_SHOULD_TRAIN": outputs(document)["should-train"],
        "DVCINC_BASE": base.digest if base else "",
        "DVCINC_REASONS": ",".join([*codes][:_MAX_CODES]),
    }
    return "".join(f"{key}={_PLAIN.sub('', said)}\n" for key, said in found.items())


def status_text(document: Document, forge: Forge) -> str:
    """The description of a commit's status: the mode, the main reason, the cost."""
    most = _STATUS_LENGTH[forge]
    return shown("".join(_status(document)), most)


def _status(document: Document) -> Iterator[str]:
    mode, cost, standing = document.told, document.cost, document.standing
    yield mode.word
    if standing in _ASIDE:
        yield f", {_ASIDE[standing]}"
    elif standing is Standing.DUE:
        yield f" ({document.mode.word} is due since before)"
    else:
        seconds = {Mode.SCRATCH: cost.scratch_s, Mode.FINETUNE: cost.finetune_s}
        took = seconds.get(mode)
        yield "" if took is None else f", about {duration(took)}"
    reasons = document.change.reasons
    count = len(reasons) + document.left_off.change
    if not reasons or mode is Mode.NONE:
        yield "" if standing in _ASIDE else f": {_nothing(document)}"
        return
    if count > 1:
        yield f", {count:,} reasons"
    yield f": {reasons[0].text}"


def _nothing(document: Document) -> str:
    is_due = document.standing is Standing.DUE
    return "this change trains nothing" if is_due else MEANING[document.told]
