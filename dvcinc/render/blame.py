"""Which training first knew a name, and who brought it: text and JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from dvcinc.lineage.blame import Blame, Blamed, Stretch
from dvcinc.lineage.brought_by import Brought
from dvcinc.lineage.models import Made
from dvcinc.render.models import commit_json, commit_text, short
from dvcinc.render.text import COLOURS, Paint, plain
from dvcinc.text.visible import visible
from dvcinc.yaml import Json

BLAME = "dvcinc/lineage-blame/1"


def text(name: str, found: Blamed, paint: Paint = plain) -> Iterator[str]:
    """Lines for each kind of thing that the name is of."""
    for blame in found.found:
        yield paint(visible(f"{blame.kind.value} {name}"), "bold")
        yield from (f"  {line}" for line in _lines(blame, paint))


def _lines(blame: Blame, paint: Paint) -> Iterator[str]:
    for stretch in blame.known:
        yield f"known since {_model(stretch.first, paint)}"
        yield f"  {_brought(stretch.brought)}"
    if blame.waiting:
        yield f"{paint('not trained yet', 'yellow')}"
        yield f"  {_brought(blame.waiting)}"
    elif not blame.known:
        yield "not known any more"
    for stretch in blame.earlier:
        until = f" until {_model(stretch.past, paint)}" if stretch.past else ""
        yield f"known before: from {_model(stretch.first, paint)}{until}"
        yield f"  {_brought(stretch.brought)}"


def _model(model: Made, paint: Paint) -> str:
    record, commit = model.record, model.version.commit
    where = f"{commit.name[:10]} {commit.date}" if commit.name else "not committed yet"
    mode = paint(record.mode.word, COLOURS[record.mode])
    return f"model {short(model.digest)} ({mode}, {where})"


def _brought(found: Brought) -> str:
    commit = found.commit
    if commit is None:
        return "brought by no commit yet"
    cut = ", or before: history is cut off there" if found.cut_off else ""
    return f"brought by {commit_text(commit)}{cut}"


def blame_json(about: Mapping[str, Json], name: str, found: Blamed) -> dict[str, Json]:
    """The whole of it."""
    return {
        "schema": BLAME,
        **about,
        "name": name,
        "found": [_blame(one) for one in found.found],
        "unknown": [{"commit": at, "problem": why} for at, why in found.unknown],
    }


def _blame(blame: Blame) -> dict[str, Json]:
    waiting = blame.waiting
    return {
        "kind": blame.kind.value,
        "known": [_stretch(stretch) for stretch in blame.known],
        "earlier": [_stretch(stretch) for stretch in blame.earlier],
        "waiting": None if waiting is None else _brought_json(waiting),
    }


def _stretch(stretch: Stretch) -> dict[str, Json]:
    past = stretch.past
    return {
        "first": _model_json(stretch.first),
        "past": None if past is None else _model_json(past),
        "brought": _brought_json(stretch.brought),
    }


def _model_json(model: Made) -> dict[str, Json]:
    return {
        "digest": model.digest,
        "mode": model.record.mode.word,
        "commit": model.version.commit.name or None,
    }


def _brought_json(found: Brought) -> dict[str, Json]:
    commit = found.commit
    return {
        "commit": None if commit is None else commit_json(commit),
        "cut_off": found.cut_off,
    }
