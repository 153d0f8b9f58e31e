"""A recorded model's data, planned anew: inputs and mode, as today's rules have them.

The base is the recorded one: which base a plan starts from may depend on what lay in a
work tree, but what lies between it and the data does not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from dvcinc import __version__
from dvcinc.config import Target
from dvcinc.corpus.canonical import CanonicalFile
from dvcinc.errors import DvcincError
from dvcinc.lineage.corpora import trained_on
from dvcinc.lineage.history import CUT_OFF
from dvcinc.lineage.models import Made
from dvcinc.lineage.proof import Aspect, Check, Finding
from dvcinc.lineage.record import PATH as LINEAGE
from dvcinc.plan.candidates import Named
from dvcinc.plan.delta import SCHEMA as DELTA_SCHEMA
from dvcinc.plan.document import PATH as PLAN
from dvcinc.plan.document import PlanDocument
from dvcinc.plan.info import current_versions, digest_of
from dvcinc.plan.make import Plan, make_plan
from dvcinc.plan.project import Project
from dvcinc.plan.tables import SCHEMA as TABLES_SCHEMA
from dvcinc.snapshot.read import Snapshot
from dvcinc.snapshot.sources import Source
from dvcinc.stages.hashes import dvc_hash_of, md5_of
from dvcinc.stages.hearing import Claim
from dvcinc.stages.testimony import Testimony

_FETCH = "dvc fetch --all-commits, or dvcinc lineage verify --remote"
_DATA = frozenset({Aspect.DATA})
_MODE = frozenset({Aspect.DATA, Aspect.MODE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Replanned:
    """What planning anew came to.

    Attributes:
        findings: What it has against the record.
        checked: What could be told: of the data, of the mode.
        plan: The plan, if its inputs are the recorded ones.
    """

    findings: tuple[Finding, ...]
    checked: frozenset[Aspect] = frozenset()
    plan: Plan | None = None


def replan(project: Project, claim: Claim) -> Replanned:
    """Plans for the data of a served model again, as one commit tells of it."""
    said, version = claim.said, claim.version
    base = claim.lineage.base
    model = Made(record=claim.record, base_record=base, version=version)
    # Where the project was then.
    project = replace(project, git=said.git, path=said.git.project)
    found = trained_on(project, model)
    if found.side is None or found.problem:
        is_read = found.side is not None
        finding = _no_data(model, said, found.problem, is_read=is_read)
        return Replanned(findings=(finding,))
    if said.plan is None:  # which is a finding of its own
        return Replanned(findings=(), checked=_DATA)
    if changed := [*_changed(said.plan)]:
        text = f"it was planned with {', '.join(changed)}"
        note = Finding(Check.RULES.code, said.place(PLAN), text)
        return Replanned(findings=(note,), checked=_DATA)
    try:
        return _compared(project, model, said, found.source, said.plan)
    except DvcincError as error:
        return Replanned(
            findings=(_finding(Check.NO_DATA, said, error.message, error.hint),)
        )


def _compared(
    project: Project,
    model: Made,
    said: Testimony,
    source: Source,
    recorded: PlanDocument,
) -> Replanned:
    now = project.snapshot(source)
    before = _before(project, model, said)
    plans = [_planned(project, now, said.commit, recorded, old) for old in before.ids]
    plan = plans[0]
    if plan is None:
        text = f"the corpus of the base {recorded.base.digest} cannot be had"
        finding = _finding(Check.NO_DATA, said, text, _FETCH)
        return Replanned(findings=(finding,), checked=_DATA)
    wrong = [*_inputs(plan.document, recorded)]
    if wrong:
        check = _by_rules(model, Check.INPUTS)
        text = f"the data give other {' and '.join(wrong)} than {PLAN} has"
        return Replanned(findings=(_finding(check, said, text),), checked=_DATA)
    modes = [one.document.targets[Target.NLU] for one in plans if one]
    cut_off = not before.certain and project.git.is_shallow()
    if model.record.mode in modes and not cut_off:
        return Replanned(findings=(), checked=_MODE, plan=plan)
    if not before.certain:
        text = f"the plan that it was made after is not in this clone ({before.why})"
        if cut_off:
            note = _finding(Check.NO_DATA, said, text, CUT_OFF)
        else:
            note = _finding(Check.NO_PREDECESSOR, said, text)
        return Replanned(findings=(note,), checked=_DATA, plan=plan)
    text = f"mode is {model.record.mode.word}, but the data need {modes[0].word}"
    check = _by_rules(model, Check.MODE)
    finding = _finding(check, said, text)
    checked = _MODE if check is Check.MODE else _DATA
    return Replanned(findings=(finding,), checked=checked, plan=plan)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Before:
    """The commits whose plan may have held while a model was trained.

    Attributes:
        ids: They, `None` for the time before the first one.
        certain: Whether it is the commit that the record names.
        why: What is to be said where it is not.
    """

    ids: Sequence[str | None]
    certain: bool = True
    why: str = ""


def _before(project: Project, model: Made, said: Testimony) -> _Before:
    commit, git = model.record.commit, project.git
    if commit is None:
        return _Before(ids=[None])
    if git.has(f"{commit}^{{commit}}"):
        return _Before(ids=[commit])
    parents = git.parents(said.commit)
    return _Before(ids=parents or [None], certain=False, why=f"at {commit[:10]}")


def _planned(
    project: Project,
    now: Snapshot,
    commit: str,
    recorded: PlanDocument,
    old: str | None,
) -> Plan | None:
    """The plan that starts from the recorded base; `None` where that is not at hand."""
    named = Named(PLAN, recorded.base, commit)
    situation = replace(
        project.situation(now, old), candidates=(named,), earlier=lambda: ()
    )
    if situation.load(named) is None:
        return None
    return make_plan(situation)


def _inputs(plan: PlanDocument, recorded: PlanDocument) -> Iterator[str]:
    """What of a recorded plan is not what the data give."""
    if plan.base.digest != recorded.base.digest:
        yield "base (the recorded one does not do)"
    elif digest_of(recorded.base) != recorded.base.digest:
        yield "base (its digest is not that of what it says)"
    if plan.delta.digest != recorded.delta.digest:
        yield "delta"
    elif plan.finetune != recorded.finetune and not plan.delta.is_empty:
        yield "parameters to fine-tune with"
    if plan.tables.digest != recorded.tables.digest:
        yield "tables"


def _changed(recorded: PlanDocument) -> Iterator[str]:
    """What of the rules is known by a version of its own, and is another here."""
    was, now = recorded.base.versions, current_versions()
    pairs = (
        ("model format", was.model_format, now.model_format),
        ("feature code", was.feature_code, now.feature_code),
        ("delta", recorded.delta.schema, DELTA_SCHEMA),
        ("tables", recorded.tables.schema, TABLES_SCHEMA),
    )
    for what, before, after in pairs:
        if before != after:
            yield f"{what} {before} (here {after})"


def _by_rules(model: Made, check: Check) -> Check:
    """Another dvcinc may have judged otherwise: that is no contradiction."""
    made_with = model.record.environment.get("dvcinc")
    return check if made_with == __version__ else Check.RULES


def _finding(check: Check, said: Testimony, text: str, hint: str = "") -> Finding:
    return Finding(check.code, said.place(LINEAGE), text, hint)


def _no_data(model: Made, said: Testimony, problem: str, *, is_read: bool) -> Finding:
    """What it means that no commit is known to have the data of a record."""
    if not is_read:
        return _finding(Check.NO_DATA, said, problem, _FETCH)
    if said.plan is None or [*_changed(said.plan)]:
        # Digests of data are made by rules, too.
        return _finding(Check.NO_DATA, said, f"{problem}, as digests are made here")
    check = _by_rules(model, Check.DATA) if _is_of_lock(said) else Check.STALE
    return _finding(check, said, problem)


def _is_of_lock(said: Testimony) -> bool:
    """Whether a commit's data are those that its `dvc.lock` was made from."""
    stage = said.lock.get("plan")
    return stage is not None and all(
        _hash(said, path) == md5 for path, md5 in stage.deps.items()
    )


def _hash(said: Testimony, path: str) -> str:
    """DVC's hash of what a commit has at a path."""
    entries = [entry for entry in said.git.tree(said.commit, [path]) if entry.is_file]
    contents = said.git.blobs([entry.blob for entry in entries])
    if [entry.path for entry in entries] == [path]:
        return md5_of(contents[0])
    return dvc_hash_of(
        CanonicalFile(entry.path.removeprefix(f"{path}/"), content)
        for entry, content in zip(entries, contents, strict=True)
    )
