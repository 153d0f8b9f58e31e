"""What contradicts a record in the commit that holds it: lock, plan, metrics, reports.

No model is looked at, and nothing is taken to be true: two witnesses disagree.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass

from dvcinc.config import Mode, Target
from dvcinc.lineage.proof import Check, Finding
from dvcinc.lineage.reasons import reasons_of
from dvcinc.lineage.record import PATH as LINEAGE
from dvcinc.lineage.record import ReasonRecord, Record
from dvcinc.plan.document import PATH as PLAN
from dvcinc.snapshot.dvcouts import LOCK
from dvcinc.snapshot.git import Git
from dvcinc.stages.hearing import Claim
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


def contradictions(claim: Claim) -> Iterator[Finding]:
    """What a commit has against a record that it holds."""
    record, said = claim.record, claim.said
    report = said.reports.get(TRAIN_REPORT if claim.is_base else FINETUNE_REPORT)
    yield from _of_base(claim) if claim.is_base else _of_model(claim)
    if claim.is_new and report is not None:
        yield from _reported(said, record, report, is_base=claim.is_base)


def _of_model(claim: Claim) -> Iterator[Finding]:
    said, model, base = claim.said, claim.record, claim.lineage.base
    yield from _locked(said, model, MODEL)
    yield from _files(said)
    if model.parent != base.digest:
        known = Said("parent", model.parent, f"{base.digest} is the base")
        yield Finding(Check.PARENT.code, said.place(LINEAGE), str(known))
    if said.plan is None:
        why = said.problems.get(PLAN, f"{PLAN} is missing")
        yield Finding(Check.NO_EVIDENCE.code, said.place(PLAN), why)
    if is_held(claim, PLAN):
        yield from _told(said, Check.PLAN, PLAN, _planned(said, model))
    if is_held(claim, METRICS):
        yield from _told(said, Check.METRICS, METRICS, _measured(said, model))


def is_held(claim: Claim, path: str) -> bool:
    """Whether a file is one that the record was made from, by its commit's words.

    A plan that was committed before anything was trained by it says nothing of the
    record that is still there, and the stage `record` has not seen it.
    """
    said = claim.said
    recording = said.lock.get("record")
    if claim.is_made or recording is None or path not in said.files:
        return claim.is_made
    return recording.deps.get(path) == said.md5(path)


def _of_base(claim: Claim) -> Iterator[Finding]:
    said, base = claim.said, claim.record
    yield from _locked(said, base, BASE_MODEL)
    if base.parent is not None or base.mode is not Mode.SCRATCH:
        text = f"a base of mode {base.mode.word} with parent {_short(base.parent)}"
        yield Finding(Check.IMPOSSIBLE.code, said.place(LINEAGE), text)
    if said.plan is not None and is_held(claim, PLAN):
        info, data = said.plan.base, base.data
        found = (
            Said("the base's data", data.digest, info.corpus),
            Said("examples of the base", data.examples, info.examples),
            Said("intents of the base", data.intents, info.intents),
            Said("entities of the base", data.entities, info.entities),
        )
        yield from _told(said, Check.PLAN, PLAN, found)


def _told(
    said: Testimony, check: Check, path: str, found: Iterable[Said]
) -> Iterator[Finding]:
    for one in found:
        if one.here != one.there:
            yield Finding(check.code, said.place(LINEAGE), f"{one} in {path}")


def _locked(said: Testimony, record: Record, out: str) -> Iterator[Finding]:
    """The hash of a model, by what wrote it and by what recorded it."""
    stages = said.lock
    named = {stage.outs[out] for stage in stages.values() if out in stage.outs}
    # What `verify` has refused, it has not locked: no other reader is asked.
    if "record" in stages and out in stages["record"].deps:
        named.add(stages["record"].deps[out])
    if not named:
        why = said.problems.get(LOCK, f"{LOCK} names no {out}")
        yield Finding(Check.NO_EVIDENCE.code, said.place(LOCK), why)
    for md5 in sorted(named - {record.dvc}):
        text = f"{Said(out, record.dvc, md5)} in {LOCK}"
        yield Finding(Check.LOCK.code, said.place(LINEAGE), text)


def _files(said: Testimony) -> Iterator[Finding]:
    """What `dvc repro` wrote and Git keeps: `dvc.lock` has the MD5 of each."""
    for path in WITNESSES:
        md5 = said.locked(path)
        if path in said.files and md5 not in (None, said.md5(path)):
            text = f"{Said('its MD5', said.md5(path), md5)} in {LOCK}"
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
    said: Testimony, record: Record, report: Report, *, is_base: bool
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
    if not is_base:
        found.append(Said("unlearned", record.unlearned, report.unlearned))
    path = TRAIN_REPORT if is_base else FINETUNE_REPORT
    yield from _told(said, Check.REPORT, path, found)


def made_at(git: Git, record: Record, said: Testimony) -> Iterator[Finding]:
    """Whether the commit is there that was at HEAD during a training."""
    commit, place = record.commit, said.place(LINEAGE)
    if commit is None:
        return
    if not _COMMIT.fullmatch(commit):
        text = f"commit {_short(commit)} is no id of a commit"
        yield Finding(Check.IMPOSSIBLE.code, place, text)
    elif not git.has(f"{commit}^{{commit}}"):
        text = f"commit {commit[:10]} is not in this clone"
        yield Finding(Check.COMMIT_GONE.code, place, text)


def _short(value: object) -> str:
    """A value on a line, whatever somebody wrote."""
    text = str(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
