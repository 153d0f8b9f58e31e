"""Models with where they come from: lines for a terminal, a table in Markdown, JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from dvcinc.lineage.history import History, Version
from dvcinc.lineage.models import Made
from dvcinc.lineage.record import Record
from dvcinc.render.text import COLOURS, Paint, plain
from dvcinc.render.words import duration
from dvcinc.snapshot.commits import Commit, readable
from dvcinc.text.visible import visible
from dvcinc.yaml import Json

LOG = "dvcinc/lineage-log/1"
WIDTH = 80
"""Columns that every terminal has."""
_SHORT, _COMMIT = 8, 10
_LAST = 24
"""Columns of the last two cells together: where one is long, the other is not."""
_COLUMNS = ("model", "mode", "commit", "day", "base", "examples", "cost")
MAIN = (
    "intent.macro_f1",
    "entity.f1",
    "responses_macro_f1",
    "intent.accuracy",
)
"""The metrics that a line tells of, where a model has them; else its first few."""
_SHOWN = 3


def lines(found: Sequence[Made], current: str | None, paint: Paint) -> Iterator[str]:
    """Models, each with its main reason and metrics; no line is wider than `WIDTH`.

    Args:
        found: The models, newest first.
        current: The digest of the one that the revision holds; it gets a star.
        paint: Paints a text in a style.
    """
    if found:
        yield paint(_columns("", _COLUMNS, plain, None), "bold")
    for model in found:
        star = "*" if model.digest == current else ""
        yield _columns(star, _cells(model), paint, model)
        yield from (
            _cut(f"    {line}") for line in (why(model), _metrics(model)) if line
        )


def _columns(
    star: str, cells: tuple[str, ...], paint: Paint, model: Made | None
) -> str:
    name, mode, commit, day, base, added, took = cells
    mode = f"{mode:<8}"
    if model is not None:
        mode = paint(mode, COLOURS[model.record.mode])
    said = f"{star:<2}{name:<8}  {mode}  {commit:<10}  {day:<10}  {base:<8}"
    if len(added) + len(took) >= _LAST:
        # Who counts in hours can do without seconds.
        took = re.sub(r"(?<= min) .*", "", took)
    return f"{said}  {added}{took:>{max(_LAST - len(added), len(took) + 1)}}"


def _cells(model: Made) -> tuple[str, ...]:
    commit = model.version.commit
    return (
        short(model.digest),
        model.record.mode.word,
        commit.name[:_COMMIT] or "work tree",
        commit.date,
        short(model.base or ""),
        gain(model.record),
        cost(model),
    )


def _cut(line: str) -> str:
    return line if len(line) <= WIDTH else f"{line[: WIDTH - 1]}…"


def short(digest: str) -> str:
    """As much of a digest as people tell models apart by."""
    return visible(digest.removeprefix("sha256:")[:_SHORT])


def gain(record: Record) -> str:
    """How many examples came and went since the base."""
    return f"+{record.data.added:,} −{record.data.removed:,}"


def cost(model: Made) -> str:
    """What a model took to make; what was not trained here says what was done."""
    record = model.record
    if record.ran == "passed on" and model.base_record is not None:
        record = model.base_record
    if record.ran in {"trained", "finetuned"}:
        return duration(record.seconds)
    return visible(record.ran)[:11]


def why(model: Made) -> str:
    """The main reason, and how many more there are."""
    reasons = model.record.reasons
    if not reasons:
        return ""
    more = f", +{len(reasons) - 1} more" if len(reasons) > 1 else ""
    return visible(f"{reasons[0].code} {reasons[0].text}{more}")


def _metrics(model: Made) -> str:
    known = model.record.metrics
    names = [name for name in MAIN if name in known] or sorted(known)
    return ", ".join(f"{visible(n)} {known[n]:.3f}" for n in names[:_SHOWN])


def markdown(found: Sequence[Made]) -> Iterator[str]:
    """A table; whatever people wrote is escaped."""
    # A terminal needs none of it.
    from dvcinc.render.escape import code, prose, row  # noqa: PLC0415

    yield row(*_COLUMNS, "main reason", "metrics")
    yield "|---|---|---|---|---|---:|---:|---|---|"
    for model in found:
        name, mode, commit, day, base, *rest = _cells(model)
        cells = (code(name), mode, code(commit), day, code(base), *rest)
        yield row(*cells, prose(why(model)), prose(_metrics(model)))


def log_json(
    about: Mapping[str, Json], found: Sequence[Made], *, more: bool
) -> dict[str, Json]:
    """The models of a branch, newest first, and whether there are older ones."""
    models: list[Json] = [model_json(model) for model in found]
    return {"schema": LOG, **about, "models": models, "more": more}


def history_json(found: History) -> dict[str, Json]:
    """What all documents say of the history that they are read from."""
    current = found.current
    return {
        "head": found.head,
        "current": current.model.digest if current else None,
        "missing": found.missing,
        "problems": [*found.problems],
    }


def model_json(model: Made) -> dict[str, Json]:
    """A model: its record, and which commits have it."""
    version = model.version
    return {
        "digest": model.digest,
        "kind": "base" if model.is_base else "model",
        "base": model.base,
        "parent": model.parent,
        "commit": _version_json(version) if version.is_committed else None,
        "also": [version.commit.name or None for version in model.also],
        "record": model.record.to_json(),
    }


def _version_json(version: Version) -> dict[str, Json]:
    parents: list[Json] = [*version.commit.parents]
    path = readable(version.path)
    return {**commit_json(version.commit), "parents": parents, "path": path}


def commit_json(commit: Commit) -> dict[str, Json]:
    """A commit, as its author and git tell of it."""
    return {
        "id": commit.name,
        "author": commit.author,
        "date": commit.date,
        "subject": commit.subject,
    }


def commit_text(commit: Commit) -> str:
    """A commit on a line."""
    return visible(
        f"{commit.name[:10]} {commit.author}, {commit.date}: {commit.subject}"
    )
