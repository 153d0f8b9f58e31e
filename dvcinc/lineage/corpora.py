"""The data that a model was trained on: which commit has them, by their digest.

A record is committed with its data, or after them; the commit at HEAD during the
training may be gone after a squash. So it is the digest that tells.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dvcinc.errors import DvcincError
from dvcinc.lineage.models import Made
from dvcinc.plan.project import Project
from dvcinc.snapshot.side import Side
from dvcinc.snapshot.sources import CommitSource, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    """The data of a model.

    Attributes:
        source: Where they are, or should be.
        side: They; `None` where they cannot be read.
        problem: Why they cannot be read, or that they are not just those of the
            record; else empty.
    """

    source: Source
    side: Side | None
    problem: str = ""


def trained_on(project: Project, model: Made) -> Trained:
    """Finds the data of a model: at the commit that brought it, or around that."""
    wanted, problem = model.record.data.digest, ""
    sources = list(sources_of(project, model))
    sides: list[Side] = []
    for source in sources:
        try:
            side = project.ledger.side(source)
            sums = project.ledger.sums(side)
        except DvcincError as error:
            said, at = error.message, _name(source)
            problem = problem or (said if at in said else f"{at}: {said}")
            continue
        # A base is known by what it trains on, a served model by all facts.
        if wanted == (sums.trained_digest if model.is_base else sums.digest):
            return Trained(source=source, side=side)
        sides.append(side)
    if not sides:
        return Trained(source=sources[0], side=None, problem=problem)
    said = f"the data at {_name(sides[0].source)} are not those that {_short(model)}"
    return Trained(
        source=sides[0].source, side=sides[0], problem=f"{said} was trained on"
    )


def sources_of(project: Project, model: Made) -> Iterator[Source]:
    """Where the data may be, likely places first."""
    if not model.version.is_committed:
        yield project.worktree()
    commits = [model.version.commit.name, model.record.commit]
    commits += [version.commit.name for version in model.also[-1:]]
    for commit in dict.fromkeys(commits):
        if commit and (known := _known(project, commit)):
            yield CommitSource(project.git, commit[:10], known)


def _known(project: Project, commit: str) -> str | None:
    """The commit's id, if this clone has it; a record may say anything."""
    (found,) = project.git.objects.get([f"{commit}^{{commit}}"])
    return found.name if found else None


def _name(source: Source) -> str:
    return source.commit[:10] if source.commit else "the work tree"


def _short(model: Made) -> str:
    return f"model {model.digest.removeprefix('sha256:')[:8]}"
