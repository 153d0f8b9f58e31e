"""What contradicts a record in the commit that holds it: lock, plan, metrics, reports.

A version of `lineage.json` and what is committed beside it go in; out go findings. No
model is looked at, and nothing is taken to be true: two witnesses disagree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import asdict, dataclass

from dvcinc.config import Mode, Target
from dvcinc.lineage.proof import Check, Finding
from dvcinc.lineage.reasons import reasons_of
from dvcinc.lineage.record import PATH as LINEAGE
from dvcinc.lineage.record import Lineage, ReasonRecord, Record
from dvcinc.plan.document import PATH as PLAN
from dvcinc.snapshot.git import Git
from dvcinc.stages.hashes import LOCK
from dvcinc.stages.paths import (
    BASE_MODEL,
    FINETUNE_REPORT,
    METRICS,
    MODEL,
    TRAIN_REPORT,
)
from dvcinc.stages.reports import Report
from dvcinc.stages.testimony import WITNESSES, Testimony

_COMMIT = re.compile("[0-9a-f]{40,64}")
_RESTORED = "restored"
_LONGEST = 120


@dataclass(frozen=True, slots=True)
class Said:
    """A statement of `lineage.json`, against another one.

    Attributes:
        what: What it is about.
        here: What the record says.
        there: What the other one says.
    """

    what: str
    here: object
    there: object

    def __str__(self) -> str:
        return f"{self.what} is {_short(self.here)}, but {_short(self.there)}"


def contradictions(
    said: Testimony, lineage: Lineage, new: AbstractSet[str]
) -> Iterator[tuple[str, Finding]]:
    """What a commit has against the records that it holds, each with its model.

    Args:
        said: What the commit says.
        lineage: The records.
        new: Those of the digests whose record no earlier version has: what a training
            cost is told by a report that the next one replaces.
    """
    model, base = lineage.model, lineage.base
    for finding in _of_model(said, lineage):
        yield model.digest, finding
    for finding in _of_base(said, base):
        yield base.digest, finding
    pairs = ((model, FINETUNE_REPORT), (base, TRAIN_REPORT))
    for record, path in pairs:
        report = said.reports.get(path)
        if record.digest in new and report is not None:
            for finding in _reported(said, record, report, path):
                yield record.digest, finding


def locks(said: Testimony, lineage: Lineage) -> Iterator[tuple[str, Finding]]:
    """Where the `dvc.lock` of a commit names other models than its records."""
    for record, out in ((lineage.model, MODEL), (lineage.base, BASE_MODEL)):
        for finding in _locked(said, record, out):
            yield record.digest, finding


def _of_model(said: Testimony, lineage: Lineage) -> Iterator[Finding]:
    model, place = lineage.model, said.place(LINEAGE)
    yield from _locked(said, model, MODEL)
    yield from _files(said)
    if model.parent != lineage.base.digest:
        known = Said("parent", model.parent, f"{lineage.base.digest} is the base")
        yield Finding(Check.PARENT.code, place, str(known))
    if said.plan is None:
        why = said.problems.get(PLAN, f"{PLAN} is missing")
        yield Finding(Check.NO_EVIDENCE.code, said.place(PLAN), why)
    else:
        yield from _told(said, Check.PLAN, PLAN, _planned(said, model))
    yield from _told(said, Check.METRICS, METRICS, _measured(said, model))


def _of_base(said: Testimony, base: Record) -> Iterator[Finding]:
    yield from _locked(said, base, BASE_MODEL)
    if base.parent is not None or base.mode is not Mode.SCRATCH:
        text = f"a base of mode {base.mode.word} with parent {_short(base.parent)}"
        yield Finding(Check.IMPOSSIBLE.code, said.place(LINEAGE), text)
    if said.plan is not None:
        info, data = said.plan.base, base.data
        found = (
            Said("the base's data", data.digest, info.corpus),
            Said("examples of the base", data.examples, info.examples),
            Said("intents of the base", data.intents, info.intents),
            Said("entities of the base", data.entities, info.entities),
        )
        yield from _told(said, Check.PLAN, PLAN, found)


def _told(
    said: Testimony, check: Check, path: str, found: Iterator[Said] | tuple[Said, ...]
) -> Iterator[Finding]:
    for one in found:
        if one.here != one.there:
            text = f"{LINEAGE}: {one} in {path}"
            yield Finding(check.code, said.place(path), text)


def _locked(said: Testimony, record: Record, out: str) -> Iterator[Finding]:
    """The hash of a model, as each stage that writes or reads it has it."""
    named = {
        hashes[out]
        for stage in said.lock.values()
        for hashes in (stage.outs, stage.deps)
        if out in hashes
    }
    if not named:
        why = said.problems.get(LOCK, f"{LOCK} names no {out}")
        yield Finding(Check.NO_EVIDENCE.code, said.place(LOCK), why)
    for md5 in sorted(named - {record.dvc}):
        text = f"{out} is {_short(record.dvc)} in {LINEAGE}, but {md5} in {LOCK}"
        yield Finding(Check.LOCK.code, said.place(LOCK), text)


def _files(said: Testimony) -> Iterator[Finding]:
    """What `dvc repro` wrote and Git keeps: `dvc.lock` has the MD5 of each."""
    for path in WITNESSES:
        md5 = said.locked(path)
        if path in said.files and md5 not in (None, said.md5(path)):
            text = f"{path} has the MD5 {said.md5(path)}, but {md5} in {LOCK}"
            yield Finding(Check.FILE.code, said.place(path), text)


def _planned(said: Testimony, model: Record) -> Iterator[Said]:
    plan, data = said.plan, model.data
    if plan is None:
        return
    yield Said("mode", model.mode.word, plan.targets[Target.NLU].word)
    yield Said("preset", model.preset, plan.preset)
    yield Said("data", data.digest, plan.corpus.digest)
    yield Said("examples", data.examples, plan.corpus.examples)
    yield Said("intents", data.intents, plan.corpus.intents)
    yield Said("entities", data.entities, plan.corpus.entities)
    yield Said("added", data.added, plan.delta.added)
    yield Said("removed", data.removed, plan.delta.removed)
    yield Said("reasons", _listed(model.reasons), _listed(reasons_of(plan)))


def _listed(reasons: tuple[ReasonRecord, ...]) -> str:
    return "; ".join(f"{one.code} {one.text} {one.place}" for one in reasons)


def _measured(said: Testimony, model: Record) -> Iterator[Said]:
    """The metrics, as far as the record was made from them."""
    recording = said.lock.get("record")
    if recording is None or (METRICS in recording.deps and said.metrics is None):
        return
    found = said.metrics or {} if METRICS in recording.deps else {}
    for name in sorted({*model.metrics, *found}):
        yield Said(f"metric {name}", model.metrics.get(name), found.get(name))


def _reported(
    said: Testimony, record: Record, report: Report, path: str
) -> Iterator[Finding]:
    """What a training took, unless this clone only restored what it gave."""
    if _RESTORED in (record.ran, report.ran):
        return
    packaged = record.mode is Mode.REFRESH
    around = asdict(report.environment)
    found = [
        Said("what ran", record.ran, "packaged" if packaged else report.ran),
        Said("seconds", record.seconds, 0.0 if packaged else report.seconds),
        Said("steps", record.steps, 0 if packaged else report.steps),
        *(
            Said(f"environment {key}", value, around.get(key))
            for key, value in sorted(record.environment.items())
        ),
    ]
    if path == FINETUNE_REPORT:
        found.append(Said("unlearned", record.unlearned, report.unlearned))
    yield from _told(said, Check.REPORT, path, tuple(found))


def order(git: Git, record: Record, said: Testimony) -> Iterator[Finding]:
    """Whether the commit of a training is there, and older than what it brought."""
    commit, place = record.commit, said.place(LINEAGE)
    if commit is None:
        return
    if not _COMMIT.fullmatch(commit):
        text = f"commit {_short(commit)} is no id of a commit"
        yield Finding(Check.IMPOSSIBLE.code, place, text)
    elif not git.has(f"{commit}^{{commit}}"):
        text = f"commit {commit[:10]} is not in this clone"
        yield Finding(Check.COMMIT_GONE.code, place, text)
    elif commit == said.commit or (
        commit not in git.parents(said.commit)
        and git.try_run("merge-base", "--is-ancestor", said.commit, commit) is not None
    ):
        text = f"it was made at {commit[:10]}, which already holds it"
        yield Finding(Check.IMPOSSIBLE.code, place, text)


def _short(value: object) -> str:
    """A value on a line, whatever somebody wrote."""
    text = str(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
