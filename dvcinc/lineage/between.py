"""What lies between two models: data, settings, metrics, how they were made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dvcinc.decision.values import Reason
from dvcinc.errors import DvcincError
from dvcinc.lineage.comparing import intent_counts
from dvcinc.lineage.corpora import Trained, trained_on
from dvcinc.lineage.measured import Pair
from dvcinc.lineage.models import Made
from dvcinc.lineage.values import IntentCount
from dvcinc.params import PATH as PARAMS
from dvcinc.params import read_params
from dvcinc.plan.make import compare_snapshots, policy_changes
from dvcinc.plan.project import Project
from dvcinc.snapshot.dvcouts import Out, tracked
from dvcinc.snapshot.sources import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Data:
    """What lies between the data of two models.

    Attributes:
        intents: Examples that came and went, by intent.
        changes: Every change between them, settings too, as the rules judge it.
        policy: Changes of the policy, a sentence each.
    """

    intents: tuple[IntentCount, ...]
    changes: tuple[Reason, ...]
    policy: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracked:
    """Data that DVC tracks, as pointers tell of them; a side may have none."""

    path: str
    before: Out | None
    after: Out | None


@dataclass(frozen=True, slots=True)
class Words:
    """A text before and after; `None` where a side has none."""

    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """What lies between two models.

    Attributes:
        old: The one before.
        new: The one afterwards.
        data: What lies between their data; `None` where these cannot be read.
        tracked: Data that DVC tracks and that differ.
        metrics: Every metric that either has.
        circumstances: Preset and environment, where they differ.
        problems: What cannot be told, and why.
    """

    old: Made
    new: Made
    data: Data | None
    tracked: tuple[Tracked, ...]
    metrics: tuple[Pair, ...]
    circumstances: tuple[Words, ...]
    problems: tuple[str, ...]


def between(project: Project, old: Made, new: Made) -> Between:
    """Compares two models, by their records and by the data of their commits."""
    with project.ledger.store.together():
        before, after = trained_on(project, old), trained_on(project, new)
        data = _data(project, before, after)
    outs, said = _pointers(project, before.source, after.source)
    problems = [before.problem, after.problem, said]
    names = sorted({*old.record.metrics, *new.record.metrics})
    was, now = old.record.metrics, new.record.metrics
    return Between(
        old=old,
        new=new,
        data=data,
        tracked=tuple(outs),
        metrics=tuple(Pair(name, was.get(name), now.get(name)) for name in names),
        circumstances=tuple(_circumstances(old, new)),
        problems=tuple(dict.fromkeys(problem for problem in problems if problem)),
    )


def _data(project: Project, before: Trained, after: Trained) -> Data | None:
    if before.side is None or after.side is None:
        return None
    was, now = project.compared(before.side, after.side)
    return Data(
        intents=intent_counts(was.corpus, now.corpus),
        changes=compare_snapshots(was, now).reasons,
        policy=tuple(policy_changes(was.params, now.params)),
    )


def _pointers(project: Project, old: Source, new: Source) -> tuple[list[Tracked], str]:
    """What DVC tracks of the data and is not the same; and why that is not known."""
    try:
        was, now = (_outs(project, source) for source in (old, new))
    except DvcincError as error:
        return [], error.message
    found = (
        Tracked(path=path, before=was.get(path), after=now.get(path))
        for path in sorted({*was, *now})
    )
    return [one for one in found if _hash(one.before) != _hash(one.after)], ""


def _hash(out: Out | None) -> str | None:
    return out.md5 if out else None


def _outs(project: Project, source: Source) -> Mapping[str, Out]:
    """What pointers of a source tell of its data, by path; no cache is asked."""
    data = read_params(source.read(PARAMS)).data
    paths = [*data.nlu, *data.domain, data.config]
    git, commit = project.git, source.commit or project.git.head()
    names = [entry.path for entry in git.tree(commit, paths)] if commit else []

    def read(wanted: Sequence[str]) -> list[bytes | None]:
        if source.commit is None:
            return [_on_disk(project.path / path) for path in wanted]
        there = git.at(source.commit, wanted)
        return [one.data if one and one.kind == "blob" else None for one in there]

    return {out.path: out for out in tracked(read, paths, names, git.prefix)}


def _on_disk(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _circumstances(old: Made, new: Made) -> Iterator[Words]:
    """The presets, and what each was made with, as far as they differ."""
    if old.record.preset != new.record.preset:
        yield Words("preset", old.record.preset, new.record.preset)
    was, now = old.record.environment, new.record.environment
    for name in sorted({*was, *now}):
        if was.get(name) != now.get(name):
            yield Words(name, was.get(name), now.get(name))
