"""A verdict as plain text for a terminal; words carry it, colour only helps."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from dvcinc.config import Mode, Target
from dvcinc.decision.values import Reason
from dvcinc.lineage.values import SideInfo, Verdict
from dvcinc.render.advice import said_once
from dvcinc.render.words import MEANING, cost, places, plural, source
from dvcinc.text.visible import visible

Paint = Callable[[str, str], str]
"""Paints a text in a style (`bold`, `red`, …), or leaves it as it is."""

COLOURS = {
    Mode.NONE: "green",
    Mode.REFRESH: "cyan",
    Mode.FINETUNE: "yellow",
    Mode.SCRATCH: "red",
}
_WIDTH = 88


def plain(text: str, _: str) -> str:
    """Paints nothing."""
    return text


def verdict(found: Verdict, paint: Paint = plain) -> str:
    """The verdict: mode, base, every reason with its places and advice."""
    return "\n".join(_verdict(found, paint))


def _verdict(found: Verdict, paint: Paint) -> Iterator[str]:
    mode = found.decision.mode
    yield f"{paint(mode.word, COLOURS[mode])}: {MEANING[mode]}"
    sides = f"{_side(found.old)} → {_side(found.new)}"
    yield f"  {sides}, preset {found.policy.preset.value}"
    dialogue = found.decision.targets[Target.DIALOGUE]
    if dialogue is not Mode.NONE:
        yield f"  dialogue model: {dialogue.word} (not trained here)"
    if found.base is not None:
        examples = plural(found.base.examples, "example")
        yield f"  base: {examples}, {found.base.digest[:19]}…"
    if recorded := cost(found.cost):
        yield f"  recorded cost: {recorded}"
    yield from reasons(found.decision.reasons, paint)
    if found.warnings:
        yield ""
    for warning in found.warnings:
        yield f"{paint('warning', 'yellow')}: {visible(str(warning))}"


def _side(side: SideInfo) -> str:
    return source(side.source, side.commit)


def reasons(found: Sequence[Reason], paint: Paint = plain) -> Iterator[str]:
    """Lines for reasons, after an empty one if there are any."""
    if found:
        yield ""
    for reason, advice in said_once(found):
        yield from _reason(reason, advice, paint)


def _reason(reason: Reason, advice: str, paint: Paint) -> Iterator[str]:
    targets = ", ".join(target.value for target in reason.targets)
    mode = paint(f"{reason.mode.word:<8}", COLOURS[reason.mode])
    yield f"{paint(reason.code, 'bold')} {mode} {visible(reason.text)} [{targets}]"
    if reason.places:
        yield f"               {reason.side.value}: {visible(places(reason.places))}"
    if advice:
        yield f"               → {visible(advice)}"
