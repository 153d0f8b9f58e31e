"""Advice that several reasons share: one for all of them."""

from __future__ import annotations

import pytest
from render.decisions import reason, said

from dvcinc.render.advice import said_once
from dvcinc.render.comment import markdown
from dvcinc.render.links import Forge, Links
from dvcinc.render.sections import Budget

MOVE = (
    "move the {} of {} to a separate pull request; or set policy.rules.DI201: finetune"
)


def moved(name: str, count: int, **changes):
    noun = "1 example" if count == 1 else f"{count} examples"
    advice = MOVE.format(noun, name)
    return reason(subject=name, count=count, advice=advice, **changes)


def shown(*reasons) -> list[str]:
    return [advice for _, advice in said_once(said(reasons=[*reasons]).reasons)]


@pytest.mark.parametrize(
    ("reasons", "expected"),
    [
        ([], []),
        ([moved("a", 1)], [MOVE.format("1 example", "a")]),
        ([moved("a", 1), moved("b", 2)], [MOVE.format("3 examples", "a, b"), ""]),
        (
            [moved(name, 4) for name in "abcde"],
            [MOVE.format("20 examples", "a, b, c and 2 more"), "", "", "", ""],
        ),
        # Another rule has its own.
        (
            [moved("a", 1), moved("b", 2, code="DI202")],
            [MOVE.format("1 example", "a"), MOVE.format("2 examples", "b")],
        ),
        ([reason(advice="split it"), reason(advice="split it")], ["split it", ""]),
        # One that has none keeps none.
        ([reason(advice=""), reason(advice="split it")], ["", "split it"]),
        # What cannot be said as one is said each.
        ([reason(advice="this"), reason(advice="that")], ["this", "that"]),
    ],
)
def test_the_advice_of_a_rule_is_shown_once(reasons, expected):
    assert shown(*reasons) == expected


def test_a_comment_says_it_once_with_the_setting_in_one_piece():
    found = said(reasons=[moved("a", 1), moved("b", 2)])
    text = markdown(found, Links(forge=Forge.GITHUB), Budget.GITHUB)
    assert text.count("`policy.rules.DI201: finetune`") == 1
    assert text.count("to a separate pull request") == 1
