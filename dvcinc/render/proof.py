"""What was proved of recorded models, as lines for a terminal and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from dvcinc.lineage.proof import Finding, Proof, Weight
from dvcinc.render.models import short
from dvcinc.render.text import COLOURS, Paint, plain
from dvcinc.render.words import plural
from dvcinc.text.visible import visible
from dvcinc.yaml import Json

VERIFY = "dvcinc/lineage-verify/1"
_WORDS = {Weight.NOTE: "ok", Weight.UNTOLD: "untold", Weight.WRONG: "wrong"}
_STYLES = {Weight.NOTE: "green", Weight.UNTOLD: "yellow", Weight.WRONG: "red"}


def lines(proof: Proof, paint: Paint = plain) -> Iterator[str]:
    """A model with what was checked of it, and below it what was found."""
    made = proof.model
    record, commit = made.record, made.version.commit
    word = paint(f"{_WORDS[proof.weight]:<6}", _STYLES[proof.weight])
    mode = paint(f"{record.mode.word:<8}", COLOURS[record.mode])
    checked = ", ".join(aspect.value for aspect in proof.checked)
    kind = "base" if made.is_base else "model"
    yield (
        f"{word}  {kind:<5}  {short(made.digest):<8}  {mode}  "
        f"{commit.name[:10]}  {commit.date}  {checked}"
    )
    for finding in proof.findings:
        yield from found(finding, paint)


def found(finding: Finding, paint: Paint = plain) -> Iterator[str]:
    """A finding: what it means, where, what was found, and what to do."""
    check = finding.check
    yield f"  {paint(check.code, _STYLES[check.weight])} {check.title}"
    yield visible(f"    {finding.place}: {finding.text}")
    if finding.hint:
        yield visible(f"    → {finding.hint}")


def summary(proofs: Sequence[Proof], unread: Sequence[Finding]) -> str:
    """The last line: how many models, and how they stand."""
    counts = Counter(proof.weight for proof in proofs)
    said = [f"{counts[one]:,} {_WORDS[one]}" for one in Weight if counts[one]]
    if unread:
        said.append(f"{plural(len(unread), 'record')} that cannot be read")
    return f"{plural(len(proofs), 'model')}: {', '.join(said) or 'nothing to prove'}"


def verify_json(
    about: Mapping[str, Json],
    proofs: Sequence[Proof],
    unread: Sequence[Finding],
    verdict: Weight,
) -> dict[str, Json]:
    """Everything that was asked for, checked and found."""
    return {
        "schema": VERIFY,
        **about,
        "verdict": _WORDS[verdict],
        "models": [_proof_json(proof) for proof in proofs],
        "unread": [_finding_json(finding) for finding in unread],
    }


def _proof_json(proof: Proof) -> dict[str, Json]:
    made = proof.model
    return {
        "digest": made.digest,
        "kind": "base" if made.is_base else "model",
        "mode": made.record.mode.word,
        "base": made.base,
        "commit": made.version.commit.name,
        "verdict": _WORDS[proof.weight],
        "checked": [aspect.value for aspect in proof.checked],
        "findings": [_finding_json(finding) for finding in proof.findings],
    }


def _finding_json(finding: Finding) -> dict[str, Json]:
    check = finding.check
    return {
        "code": check.code,
        "title": check.title,
        "weight": check.weight.word,
        "place": finding.place,
        "text": finding.text,
        "hint": finding.hint,
    }
