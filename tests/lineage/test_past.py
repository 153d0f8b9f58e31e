"""`log` tells of a trained commit what its plan and its lineage tell."""

from __future__ import annotations

from plan.bots import LINES, NEW_INTENT, THREE, Bot, committed_bot, planned_bot

from dvcinc.lineage.past import Past, past
from dvcinc.lineage.standing import Standing
from dvcinc.render.past import as_json, line

__all__ = ["committed_bot", "planned_bot"]


def newest(bot: Bot) -> Past:
    (one,) = past(bot.project, "HEAD", 1)
    return one


def test_a_trained_commit_whose_base_was_trained_before_restored_it(planned: Bot):
    planned.say(LINES + NEW_INTENT)
    planned.repro()
    planned.commit("a new intent")
    told = newest(planned)
    assert (told.standing, told.is_restored) == (Standing.TRAINED, False)
    assert line(told).endswith("; trained in this commit)")
    planned.repo.git("revert", "--no-edit", "HEAD")
    told = newest(planned)
    assert (told.standing, told.is_restored) == (Standing.TRAINED, True)
    assert line(told).endswith("; restored in this commit)")
    (said,) = as_json([told])["commits"]
    assert said["restored"] is True


def test_a_base_that_was_only_planned_before_is_trained(bot: Bot):
    bot.repro("plan")
    bot.commit("planned")
    bot.say(LINES + NEW_INTENT)
    bot.repro()
    bot.commit("another base")
    bot.say(LINES)
    bot.repro()
    bot.commit("the first base, trained at last")
    assert newest(bot).standing is Standing.TRAINED
    assert not newest(bot).is_restored


def test_the_first_model_was_trained_for_want_of_a_base(bot: Bot):
    """Whatever examples come with it: the lineage says so, too."""
    bot.say(LINES + THREE)
    plan = bot.repro()
    bot.commit("all at once")
    told = newest(bot)
    assert told.decision is not None
    first, *more = told.decision.reasons
    assert first == plan.decision.reasons[0]
    assert [first.code, *(reason.code for reason in more)] == ["DI504"] + ["DI101"] * 3
    assert told.decision.mode is plan.decision.mode


def test_a_first_model_that_comes_alone_is_no_change(bot: Bot):
    bot.repro()
    bot.commit("first model")
    told = newest(bot)
    assert told.decision is not None
    assert (told.decision.reasons, told.standing) == ((), Standing.TRAINED)
