"""Decisions for machines: outputs of a step, a report, a status, labels.

Of several projects all is told together, whatever order they come in.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

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
_MAX_JSON = 1 << 17
"""Characters of reasons as JSON, which may be of projects with long names."""
_MAX_CODES = 20
_MAX_LISTED = 4000
"""Characters of projects in GitLab's report, which may have five kibibytes."""
_MAX_NAME = 80
"""Characters of a project's name in a status, which forges limit."""
_URGENCY = (
    Standing.FIRST,
    Standing.NEW,
    Standing.DUE,
    Standing.RESTORED,
    Standing.TRAINED,
    Standing.NONE,
)
"""Of two projects with equal modes, the one that costs more comes first."""
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


def by_urgency(documents: Sequence[Document]) -> list[Document]:
    """Documents of several projects, the one with the most to run first."""
    return sorted(documents, key=_urgency)


def _urgency(document: Document) -> tuple[int, int, int, int, str]:
    own, standing = document.change.mode, _URGENCY.index(document.standing)
    return -document.left, -document.mode, -own, standing, document.project


def label_of(document: Document) -> Label:
    """The label of a decision: its mode, or that it has been trained."""
    is_done = document.standing is Standing.TRAINED
    return DONE if is_done else LABELS[document.told]


def foremost(documents: Sequence[Document]) -> Document:
    """The one by which a pull request is told as a whole.

    It is the one whose change needs most. What has been trained comes before what
    trains nothing, and that before what nobody has to be told of.
    """
    return min(by_urgency(documents), key=_rank)


def _rank(document: Document) -> tuple[bool, int, bool]:
    needs = document.told if document.left else Mode.NONE
    return not document.matters, -needs, document.standing is not Standing.TRAINED


def common_label(documents: Sequence[Document]) -> Label | None:
    """The one label of a pull request; none where nothing trains."""
    found = foremost(documents)
    return label_of(found) if found.matters else None


def outputs(*documents: Document) -> dict[str, str]:
    """The outputs of a step, by name, of all projects together."""
    ordered = by_urgency(documents)
    first = ordered[0]
    reasons = _reasons(ordered)
    projects = [_project(one) for one in ordered]
    return {
        "mode": max(one.mode for one in ordered).word,
        "standing": first.standing.value,
        "change-mode": max(one.change.mode for one in ordered).word,
        "train-mode": first.left.word,
        "should-train": "true" if first.left else "false",
        "base": _base(first),
        "reasons": "\n".join(
            _line(reason, one.project if len(ordered) > 1 else "")
            for one, reason in reasons
        ),
        "reasons-json": _fitting([_brief(*one) for one in reasons]),
        "projects": json.dumps(projects),
        "projects-to-train": json.dumps([p for p in projects if p["should-train"]]),
    }


def _project(document: Document) -> dict[str, str | bool]:
    return {
        "project": document.project,
        "mode": document.mode.word,
        "standing": document.standing.value,
        "change-mode": document.change.mode.word,
        "train-mode": document.left.word,
        "should-train": document.left is not Mode.NONE,
        "base": _base(document),
    }


def _base(document: Document) -> str:
    return _PLAIN.sub("", document.base.digest) if document.base else ""


def _reasons(documents: Sequence[Document]) -> list[tuple[Document, ReasonSaid]]:
    """Project by project, of each as many as there is room for, the first ones."""
    listed = [_ordered(one) for one in documents]
    found = sorted(
        (rank, at) for at, reasons in enumerate(listed) for rank in range(len(reasons))
    )
    kept = sorted((at, rank) for rank, at in found[:_MAX_LINES])
    return [(documents[at], listed[at][rank]) for at, rank in kept]


def _ordered(document: Document) -> tuple[ReasonSaid, ...]:
    """All reasons, the change's own first."""
    return (*document.change.reasons, *document.since)


def _line(reason: ReasonSaid, project: str) -> str:
    of = f"{shown(project)}: " if project else ""
    return f"{reason.code} {reason.mode.word} {of}{shown(reason.text, 300)}"


def _brief(document: Document, reason: ReasonSaid) -> dict[str, str | int | None]:
    spot = reason.spots[0] if reason.spots else None
    return {
        "project": document.project,
        "code": reason.code,
        "mode": reason.mode.word,
        "text": reason.text,
        "path": spot.path if spot else None,
        "line": spot.line if spot else None,
    }


def _fitting(entries: list[dict[str, str | int | None]]) -> str:
    """A list as JSON, as much of it as an output should hold."""
    while len(found := json.dumps(entries)) > _MAX_JSON:
        entries = entries[:-1]
    return found


def github_output(*documents: Document) -> str:
    """Lines for the file that `GITHUB_OUTPUT` names.

    A value of several lines ends at a delimiter of its own hash: no value holds that,
    and the same decisions give the same lines.
    """
    return "".join(_assigned(*pair) for pair in outputs(*documents).items())


def _assigned(name: str, value: str) -> str:
    if "\n" not in value and "\r" not in value:
        return f"{name}={value}\n"
    end = f"dvcinc_{hashlib.sha256(value.encode()).hexdigest()}"
    return f"{name}<<{end}\n{value}\n{end}\n"


def dotenv(*documents: Document) -> str:
    """GitLab's report of variables for later jobs: one line each, plain values."""
    told, ordered = outputs(*documents), by_urgency(documents)
    codes = dict.fromkeys(
        _PLAIN.sub("", reason.code) for _, reason in _reasons(ordered)
    )
    found = {
        "DVCINC_MODE": told["mode"],
        "DVCINC_STANDING": told["standing"],
        "DVCINC_CHANGE_MODE": told["change-mode"],
        "DVCINC_TRAIN_MODE": told["train-mode"],
        "DVCINC_SHOULD_TRAIN": told["should-train"],
        "DVCINC_BASE": told["base"],
        "DVCINC_REASONS": ",".join([*codes][:_MAX_CODES]),
        "DVCINC_PROJECTS": _listed(ordered),
    }
    return "".join(f"{key}={said}\n" for key, said in found.items())


def _listed(documents: Sequence[Document]) -> str:
    """`bots/one:scratch:none,…`: project, mode, and what of it is left to run."""
    listed = ",".join(
        f"{_quoted(one.project)}:{one.mode.word}:{one.left.word}" for one in documents
    )
    return listed if len(listed) <= _MAX_LISTED else ""


def _quoted(project: str) -> str:
    # A shell makes a home directory of it.
    return quote(project, safe="/").replace("~", "%7E")


@dataclass(frozen=True, slots=True)
class Status:
    """A commit status: its name, and one line that fits the forge."""

    context: str
    text: str


def common_status(documents: Sequence[Document], forge: Forge) -> Status:
    """One status for all projects; of one alone, under that one's name."""
    found = foremost(documents)
    name = shown(found.project, _MAX_NAME)
    if len(documents) > 1:
        of = f"{name} of {len(documents):,} projects: "
        text = shown(f"{of}{status_text(found, forge)}", _STATUS_LENGTH[forge])
        return Status(STATUS_CONTEXT, text)
    context = STATUS_CONTEXT if name in ("", ".") else f"{STATUS_CONTEXT} ({name})"
    return Status(context, status_text(found, forge))


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
