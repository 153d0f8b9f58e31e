"""`lineage export`: models in the forms of other people's standards."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from dvcinc.errors import InputError
from dvcinc.lineage.contents import contents
from dvcinc.lineage.corpora import trained_on
from dvcinc.lineage.exported import Origin, Told, told
from dvcinc.lineage.find import Found, Search, with_base
from dvcinc.lineage.models import models
from dvcinc.plan.files import put_file
from dvcinc.plan.json import dump
from dvcinc.plan.project import open_project
from dvcinc.render.links import Links
from dvcinc.snapshot.commits import readable
from dvcinc.snapshot.git import Git, open_git
from dvcinc.surfaces.following import history_of, warn_of
from dvcinc.surfaces.terminal import show, warn

_LANGUAGE = re.compile("[a-z]{2,3}")
_HUB_ID = re.compile(r"[\w.-]{1,96}/[\w.-]{1,96}", re.ASCII)
_URI = re.compile(r"[a-z][a-z0-9+.-]*:[!-~]+", re.IGNORECASE)


class Form(StrEnum):
    """A standard; `slsa` is the predicate of `in-toto` alone."""

    IN_TOTO = "in-toto"
    SLSA = "slsa"
    OPENLINEAGE = "openlineage"
    CYCLONEDX = "cyclonedx"
    MODEL_CARD = "model-card"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is to be exported, and what people add to it.

    Attributes:
        name: A revision or digest; `None` for the work tree's model.
        everything: Whether all models up to the revision are asked for.
        form: The standard.
        repository: The repository's page.
        builder: A URI of what ran the training.
        base_model: The base's id on a hub.
        datasets: The data's ids on a hub.
        files: Whether the model's files are subjects as well.

    Raises:
        InputError: One of these is none.
    """

    form: Form
    name: str | None = None
    everything: bool = False
    repository: str | None = None
    builder: str | None = None
    base_model: str | None = None
    datasets: tuple[str, ...] = ()
    files: bool = False

    def __post_init__(self) -> None:
        Links(repository=self.repository)
        if self.builder is not None and not _URI.fullmatch(self.builder):
            raise InputError(f"{self.builder!r} is no URI")
        for one in filter(None, (self.base_model, *self.datasets)):
            if not _HUB_ID.fullmatch(one):
                raise InputError(f"{one!r} is no id of a hub: OWNER/NAME")


def export(path: Path, asked: Asked, output: Path | None, emit_to: str | None) -> None:
    """Writes models in a form to a file, to standard output or to a server.

    Raises:
        DvcincError: There is no such model, it cannot be told of, or the server does
            not take it.
    """
    git = open_git(path)
    project = readable(git.prefix.rstrip("/"))
    origin = Origin(project=project, repository=asked.repository)
    found = _all(git, asked) if asked.everything else [_one(git, asked.name)]
    known = [told(one, origin) for one in found]
    if emit_to is not None:
        from dvcinc.render.exports.openlineage import events  # noqa: PLC0415
        from dvcinc.surfaces.emitting import emit  # noqa: PLC0415

        show(emit([*events(known, origin)], emit_to))
        return
    data = _written(git, asked, known, origin)
    if output is None:
        show(data.decode().rstrip("\n"))
        return
    try:
        put_file(data, output)
    except OSError as error:
        said = error.strerror or str(error)
        raise InputError(f"{output}: cannot be written: {said}") from error


def _one(git: Git, name: str | None) -> Found:
    search = Search(git)
    found = search.model(name)
    if search.history.missing:
        warn(search.history.missing)
    return found


def _all(git: Git, asked: Asked) -> list[Found]:
    """The models of a revision, newest first; those of the work tree where it counts.

    An event has a time, which a model that is not committed lacks.
    """
    commit = git.commit(asked.name) if asked.name else git.head()
    here = asked.name is None and asked.form is not Form.OPENLINEAGE
    history = history_of(git, commit, here=here)
    warn_of(history)
    known = models(history.versions)
    if not known.served:
        raise InputError(
            "no model is recorded yet", "dvc repro writes lineage.json; commit it"
        )
    return [with_base(model, known) for model in known.served.values()]


def _written(git: Git, asked: Asked, known: Sequence[Told], origin: Origin) -> bytes:
    """What a form says; each is imported where it is asked for."""
    match asked.form:
        case Form.IN_TOTO:
            from dvcinc.render.exports.in_toto import statement  # noqa: PLC0415

            files = contents(git, known[0]) if asked.files else {}
            return dump(statement(known[0], origin, asked.builder, files))
        case Form.SLSA:
            from dvcinc.render.exports.in_toto import provenance  # noqa: PLC0415

            return dump(provenance(known[0], origin, asked.builder))
        case Form.OPENLINEAGE:
            from dvcinc.render.exports.openlineage import events, lines  # noqa: PLC0415

            return lines([*events(known, origin)]).encode()
        case Form.CYCLONEDX:
            from dvcinc.render.exports.cyclonedx import bom  # noqa: PLC0415

            return dump(bom(known, origin))
        case Form.MODEL_CARD:
            from dvcinc.render.exports.model_card import Hub, model_card  # noqa: PLC0415

            hub = Hub(
                base_model=asked.base_model,
                datasets=asked.datasets,
                language=_language(git.project, known[0]),
            )
            return model_card(known[0], origin, hub).encode()


def _language(path: Path, model: Told) -> str | None:
    """The language of a model's data, where just these data can be read."""
    found = trained_on(open_project(path), model.made)
    if found.side is None or found.problem:
        return None
    said = found.side.config.language or ""
    return said if _LANGUAGE.fullmatch(said) else None
