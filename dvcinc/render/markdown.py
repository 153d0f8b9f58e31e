"""A verdict as Markdown; names from the data are escaped: anyone may write them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dvcinc.config import Mode, Target
from dvcinc.decision.values import Reason
from dvcinc.lineage.values import Verdict
from dvcinc.render.words import MEANING, cost, places, plural, source
from dvcinc.text.visible import visible

_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+!|<>~@&:-])")


def escape(text: str) -> str:
    """Text that Markdown shows as it is, on one line, without mentions or HTML."""
    return _SPECIAL.sub(r"\\\1", visible(text))


def verdict(found: Verdict) -> str:
    """The verdict as a section of Markdown."""
    return "\n".join(_verdict(found))


def _verdict(found: Verdict) -> Iterator[str]:
    mode = found.decision.mode
    yield f"### Training mode: {mode.word}"
    yield ""
    old = source(found.old.source, found.old.commit)
    new = source(found.new.source, found.new.commit)
    yield f"{MEANING[mode].capitalize()} ({escape(old)} → {escape(new)})."
    dialogue = found.decision.targets[Target.DIALOGUE]
    if dialogue is not Mode.NONE:
        yield f"The dialogue model needs: {dialogue.word}."
    if found.base is not None:
        examples = plural(found.base.examples, "example")
        yield f"Base: {examples}, `{found.base.digest[:19]}`."
    if recorded := cost(found.cost):
        yield f"Recorded cost: {recorded}."
    if found.decision.reasons:
        yield from _table(found)
    for warning in found.warnings:
        yield ""
        yield f"> ⚠ {escape(warning)}"


def _table(found: Verdict) -> Iterator[str]:
    yield ""
    yield "| rule | mode | what | where |"
    yield "|---|---|---|---|"
    for reason in found.decision.reasons:
        yield _row(reason)


def _row(reason: Reason) -> str:
    advice = f"<br>→ {escape(reason.advice)}" if reason.advice else ""
    where = escape(places(reason.places)) or "–"
    text = f"{escape(reason.text)}{advice}"
    return f"| {reason.code} | {reason.mode.word} | {text} | {where} |"
