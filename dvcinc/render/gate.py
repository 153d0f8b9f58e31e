"""Findings of the hooks as text: why a commit or a push passes, or how to go on."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dvcinc.config import TRAILER, VARIABLE, Mode, Target
from dvcinc.errors import DvcincError
from dvcinc.lineage.gate import Finding, Ground
from dvcinc.lineage.values import Verdict
from dvcinc.lineage.warning import About
from dvcinc.render.text import Paint, plain
from dvcinc.render.text import verdict as full
from dvcinc.render.words import meaning
from dvcinc.text.visible import visible

_BY_PRE_COMMIT = "with dvcinc-commit-msg in place of dvcinc-check"
_BY_GIT = "with dvcinc hook commit-msg in the file commit-msg"
_MENDED = "what was there cannot be read, and this mends it"
_FIRST = {
    "commit": "nothing was committed before",
    "push": "it shares no commit with what the remote has",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Where a finding is told.

    Attributes:
        what: What would be stopped: `commit` or `push`.
        project: The project from the top of the repository; empty for the top itself.
        compared: How `dvcinc classify` is asked for the same: `--staged` or `A..B`.
        managed: Whether pre-commit runs the hook, and not Git itself.
    """

    what: str
    project: str
    compared: str
    managed: bool = False


def stopped(found: Finding, scene: Scene, paint: Paint = plain) -> str:
    """Why something is stopped (or would be), every reason, and how to go on."""
    if found.error is not None:
        return "\n".join(_broken(found.error, scene, paint))
    return "\n".join(_untrained(found, scene, paint))


def _untrained(found: Finding, scene: Scene, paint: Paint) -> Iterator[str]:
    where = f" of {visible(scene.project)}" if scene.project else ""
    done = "trained, but not staged" if found.unstaged else "not done yet"
    said = f"this {scene.what}{where} needs training from scratch, {done}"
    yield paint(f"dvcinc: {said}", "bold")
    if found.verdict is not None:
        yield full(found.verdict, paint)
    if found.note:
        yield f"{paint('note', 'yellow')}: {visible(found.note)}"
    yield ""
    yield from _ways(scene, found.unstaged)


def _ways(scene: Scene, unstaged: Sequence[str]) -> Iterator[str]:
    inside = f"cd {shlex.quote(scene.project)} && " if scene.project else ""
    of = f" --project {shlex.quote(scene.project)}" if scene.project else ""
    then = "commit" if scene.what == "push" else "git add"
    if unstaged:
        yield f"To stage the training: {inside}git add {' '.join(unstaged)}"
    else:
        yield f"To train it first:     {inside}dvc repro, and {then} what it writes"
        yield "                       (plan/plan.json, dvc.lock, lineage.json, …)"
    yield f"To go on without:      {VARIABLE}=scratch git {scene.what} …"
    if scene.what == "push":
        yield f"                       or the trailer {TRAILER}: scratch in a commit"
    else:
        yield f'                       or git commit --trailer "{TRAILER}: scratch" …'
        yield f"                       {_BY_PRE_COMMIT if scene.managed else _BY_GIT}"
    yield f"What fine-tunes alone: dvcinc{of} classify {scene.compared} --split"


def _broken(error: DvcincError, scene: Scene, paint: Paint) -> Iterator[str]:
    what = "what is pushed" if scene.what == "push" else "what is staged"
    lead = f"{visible(scene.project)}: " if scene.project else ""
    mistakes = [visible(line) for line in error.message.split("\n")]
    yield f"{paint('dvcinc', 'bold')}: {lead}{what} cannot be read"
    yield from (f"  {line}" for line in mistakes)
    if error.hint:
        yield f"  → {visible(error.hint)}"


def passed(found: Finding, scene: Scene) -> str:
    """A line for what passes; empty where nobody has to be told anything."""
    said = _word(found, scene)
    if not said:
        return ""
    return f"dvcinc: {visible(scene.project) + ': ' if scene.project else ''}{said}"


def marked(found: Finding, scene: Scene) -> str:
    """A warning for a model that lost too much; empty where none did."""
    warnings = found.verdict.warnings if found.verdict else ()
    said = next((one.text for one in warnings if one.about is About.BREACH), "")
    lead = f"{visible(scene.project)}: " if scene.project else ""
    return f"warning: dvcinc: {lead}{visible(said)}" if said else ""


def _word(found: Finding, scene: Scene) -> str:
    verdict, ground = found.verdict, found.ground
    if ground is Ground.FIRST:
        return f"{_FIRST[scene.what]}, so there is nothing to compare with"
    if ground is Ground.MENDED:
        return _MENDED
    if verdict is None:
        return ""
    if ground in {Ground.TAKEN_UP, Ground.MERGED}:
        return f"{verdict.decision.mode.word}: {_why(ground, verdict)}"
    return _own(verdict, found.since)


def _own(verdict: Verdict, since: str | None) -> str:
    """What the change needs by itself, and what is due whatever it does."""
    mode, whole, targets = verdict.mode, verdict.decision.mode, verdict.change.targets
    said = meaning(mode, verdict.standing, whole, since[:10] if since else "before")
    is_told = mode > Mode.NONE or whole is Mode.SCRATCH
    parts = [f"{mode.word}: {said}"] if is_told else []
    if targets[Target.DIALOGUE] is Mode.SCRATCH:
        parts.append("dialogue model: scratch (not trained here)")
    parts += [one.text for one in verdict.warnings if one.about is About.UNTRAINED]
    return "; ".join(parts)


def _why(ground: Ground, verdict: Verdict) -> str:
    if ground is Ground.TAKEN_UP:
        origin = verdict.origin or "an earlier plan"
        return f"the base of {visible(origin)} fits, which has been trained"
    return "all that it takes against the other side of the merge"


def granted(found: Finding, scene: Scene, said_by: str) -> str:
    """A line for what somebody has said to be meant."""
    lead = f"{visible(scene.project)}: " if scene.project else ""
    return f"dvcinc: {lead}{found.mode.word}, as {visible(said_by)} says"


def needless(found: Finding, scene: Scene) -> str:
    """A line for a trailer that asks for what nothing needs."""
    lead = f"{visible(scene.project)}: " if scene.project else ""
    return f"dvcinc: {lead}{found.mode.word}; {TRAILER}: scratch is not needed"


def untold(error: DvcincError, scene: Scene) -> str:
    """A warning for what cannot be told."""
    lead = f"{visible(scene.project)}: " if scene.project else ""
    said = f"cannot tell what training this {scene.what} needs"
    mistake = visible(error.message)
    return "\n".join(
        [
            f"warning: dvcinc: {lead}{said}: {mistake}",
            *([f"hint: {visible(error.hint)}"] if error.hint else []),
        ]
    )
