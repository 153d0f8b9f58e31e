"""A plan is a function of HEAD and the work tree, not of what a clone has seen."""

from __future__ import annotations

import shutil

import pytest
from plan.bots import LINES, NLU, Bot, committed_bot, planned_bot, put

__all__ = ["committed_bot", "planned_bot"]


def fresh(bot: Bot) -> bytes:
    """The plan of a clone that has seen nothing."""
    shutil.rmtree(bot.path / ".git/dvcinc")
    bot.forget()
    return bot.plan().data


@pytest.mark.parametrize("comments", ["# one\n# two\n", ""])
def test_a_plan_does_not_depend_on_what_is_kept(planned: Bot, comments: str) -> None:
    without = "\n".join(line for line in LINES.split("\n") if "bye:" not in line)
    planned.say(without)
    planned.plan()  # keeps where the corpus of the plan was found
    planned.say(LINES)
    put(planned.path / NLU, comments.encode() + (planned.path / NLU).read_bytes())
    planned.commit("comment")
    planned.say(without)
    seen = planned.plan().data
    assert seen == fresh(planned)


def test_a_hint_of_another_head_is_not_taken(planned: Bot) -> None:
    """The corpus of the plan is behind HEAD, at a commit that another branch lacks."""
    text = (planned.path / NLU).read_bytes()
    planned.repo.git("checkout", "-q", "-b", "other")
    put(planned.path / NLU, b"# a\n# b\n# c\n" + text)
    planned.commit("comment there")
    planned.say(LINES.replace("bye: ciao | ", "bye: "))
    planned.commit("less there")
    planned.plan()
    planned.repo.git("checkout", "-q", "main")
    planned.say(LINES.replace("bye: ciao | ", "bye: "))
    planned.commit("less")
    seen = planned.plan().data
    assert seen == fresh(planned)
