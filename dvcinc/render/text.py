"""A verdict as plain text for a terminal; words carry it, colour only helps."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from dvcinc.config import Mode, Target
from dvcinc.decision.values import Reason
from dvcinc.lineage.standing import Standing
from dvcinc.lineage.values import SideInfo, Verdict
from dvcinc.lineage.warning import Warned
from dvcinc.render.advice import said_once
from dvcinc.render.words import beyond, cost, meaning, places, plural, source
from dvcinc.text.visible import visible

Paint = Callable[[str, str], str]
"""Paints a text in a style (`bold`, `red`, …), or leaves it as it is."""

COLOURS = {
    Mode.NONE: "green",
    Mode.REFRESH: "cyan",
    Mode.FINETUNE: "yellow",
    Mode.SCRATCH: "red",
}
_SHOWN_SINCE, _SHOWN_WARNINGS = 10, 20


def plain(text: str, _: str) -> str:
    """Paints nothing."""
    return text


def verdict(found: Verdict, paint: Paint = plain, since: str | None = None) -> str:
    """The verdict: mode, base, the change's reasons with places and advice, the others.

    Args:
        found: The verdict.
        paint: Paints a text in a style.
        since: The commit since which its training is due, where that is known.
    """
    return "\n".join(_verdict(found, paint, since))


def _verdict(found: Verdict, paint: Paint, since: str | None) -> Iterator[str]:
    mode = found.mode
    due = since[:10] if since else "before"
    said = meaning(mode, found.standing, found.decision.mode, due)
    yield f"{paint(mode.word, COLOURS[mode])}: {said}"
    sides = f"{_side(found.old)} → {_side(found.new)}"
    yield f"  {sides}, preset {found.policy.preset.value}"
    dialogue = found.change.targets[Target.DIALOGUE]
    if dialogue is not Mode.NONE:
        yield f"  dialogue model: {dialogue.word} (not trained here)"
    if found.base is not None:
        examples = plural(found.base.examples, "example")
        yield f"  base: {examples}, {found.base.digest[:19]}…"
    if recorded := cost(found.cost):
        yield f"  recorded cost: {recorded}"
    is_done = found.standing is Standing.TRAINED
    yield from reasons(found.change.reasons, paint, advised=not is_done)
    yield from _since(found, paint)
    yield from _warnings(found.warnings, paint)


def _warnings(found: Sequence[Warned], paint: Paint) -> Iterator[str]:
    if found:
        yield ""
    sign = paint("warning", "yellow")
    for warning in found[:_SHOWN_WARNINGS]:
        yield f"{sign}: {visible(str(warning))}"
    if (more := len(found) - _SHOWN_WARNINGS) > 0:
        yield f"{sign}: … and {more:,} more, which --json has"


def _since(found: Verdict, paint: Paint) -> Iterator[str]:
    """A line for each reason that is none of the change's own."""
    # What judges is loaded by now, or there are no reasons.
    if not found.decision.reasons:
        return
    from dvcinc.lineage.brought import others  # noqa: PLC0415

    more = others(found.decision.reasons, found.change.reasons)
    if not more:
        return
    yield ""
    yield f"since {beyond(found.decision.mode)} also:"
    for reason in more[:_SHOWN_SINCE]:
        mode = paint(f"{reason.mode.word:<8}", COLOURS[reason.mode])
        yield f"  {reason.code} {mode} {visible(reason.text)}"
    if left := len(more) - _SHOWN_SINCE:
        yield from [f"  … and {left:,} more"] if left > 0 else []


def _side(side: SideInfo) -> str:
    return source(side.source, side.commit)


def reasons(
    found: Sequence[Reason], paint: Paint = plain, *, advised: bool = True
) -> Iterator[str]:
    """Lines for reasons, after an empty one if there are any."""
    if found:
        yield ""
    for reason, advice in said_once(found):
        yield from _reason(reason, advice if advised else "", paint)


def _reason(reason: Reason, advice: str, paint: Paint) -> Iterator[str]:
    targets = ", ".join(target.value for target in reason.targets)
    mode = paint(f"{reason.mode.word:<8}", COLOURS[reason.mode])
    yield f"{paint(reason.code, 'bold')} {mode} {visible(reason.text)} [{targets}]"
    if reason.places:
        yield f"               {reason.side.value}: {visible(places(reason.places))}"
    if advice:
        yield f"               → {visible(advice)}"
