"""The verdict of a comparison as one line: no more than the tests can tell."""

from __future__ import annotations

from collections.abc import Sequence

from dvcinc.comparison.noise import FEWEST_SEEDS, Judged, Verdict
from dvcinc.comparison.result import Comparison
from dvcinc.render.words import plural

_COLOURS = {
    Verdict.WITHIN: "green",
    Verdict.WORSE: "red",
    Verdict.CANNOT_TELL: "yellow",
}
NAMES = {
    "accuracy": "intent accuracy",
    "macro_f1": "intent macro F1",
    "entity_f1": "entity F1",
    "responses_accuracy": "response accuracy",
}


def colour(found: Comparison) -> str:
    """What a terminal paints the line in."""
    is_modest = found.has_few_tests or found.is_restless
    if found.verdict is Verdict.WITHIN and is_modest:
        return _COLOURS[Verdict.CANNOT_TELL]
    return _COLOURS[found.verdict]


def headline(found: Comparison) -> str:
    """The verdict as a sentence, with its reason where it is not simply good."""
    if found.verdict is Verdict.WITHIN:
        return _within(found)
    named = [one for one in found.judged if one.verdict is found.verdict]
    if found.verdict is Verdict.WORSE:
        lost = listed([f"{name_of(m)} ({signed(m.measure.difference)})" for m in named])
        return f"Worse: the fine-tuned model loses {lost} against one from scratch"
    seeds = len(found.about.seeds)
    if seeds < FEWEST_SEEDS:
        need = f"the noise takes at least {FEWEST_SEEDS} seeds (--seeds {FEWEST_SEEDS})"
        return f"Cannot tell from {plural(seeds, 'seed')}: {need}"
    more = f"for {listed([*map(name_of, named)])} (--seeds {2 * seeds})"
    return f"Cannot tell: {seeds} seeds are too few {more}"


def _within(found: Comparison) -> str:
    """No more than the tests can tell."""
    few = f", as far as {plural(found.tests, 'test')} can tell"
    if found.is_restless:
        said = "Within noise on average, but with other answers"
        return f"{said}{few}" if found.has_few_tests else said
    if found.has_few_tests:
        return f"Within noise{few}"
    return "Within noise: the fine-tuned model is as good as one from scratch"


def listed(names: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def name_of(one: Judged) -> str:
    """A measure as people say it."""
    return NAMES.get(one.measure.name, one.measure.name)


def signed(value: float) -> str:
    """A difference with its sign, a minus that is one."""
    return f"{value:+.3f}".replace("-", "−")


def percent(share: float) -> str:
    """A share of all."""
    return f"{100 * share:.1f} %"
