"""`dvcinc log` says what each commit needed, and never stops at a broken one."""

from __future__ import annotations

import json

import pytest
from corpora import nlu_yaml
from render.rendering import both
from surfaces.run import BOT, MORE, NEW_INTENT, dvcinc

from dvcinc.lineage.verdict import classify
from dvcinc.plan.project import open_project

BROKEN = {"data/more.yml": "nlu:\n- intent: @x\n"}


@pytest.fixture
def past(bot):
    """Two examples, a comment, an intent, and a broken file that is mended."""
    bot.commit(MORE, "two | more <b>@all</b> \x1b[31m")
    bot.commit({"domain.yml": f"# why\n{BOT['domain.yml']}"}, "a comment")
    bot.commit({"data/order.yml": NEW_INTENT["data/more.yml"]}, "orders")
    bot.commit(BROKEN, "broken")
    bot.commit(MORE, "mended")
    return bot


def modes(ran):
    return [line.split()[2] for line in ran.stdout.splitlines()]


def test_each_commit_has_a_line_newest_first(past):
    ran = dvcinc(past.path, "log")
    assert ran.returncode == 0, ran.stderr
    assert modes(ran) == ["?", "?", "scratch", "none", "finetune", "?"]
    lines = ran.stdout.splitlines()
    assert "DI201" in lines[2]
    assert "orders" in lines[2]
    assert "the first commit has nothing before it" in lines[-1]


def test_where_history_is_cut_off_is_not_where_it_begins(past, tmp_path):
    clone = tmp_path / "clone"
    past.git("clone", "-q", "--depth=2", past.path.as_uri(), str(clone))
    *_, last = dvcinc(clone, "log").stdout.splitlines()
    assert "history is cut off before it in this shallow clone" in last
    assert "fetch-depth: 0" in last


def test_a_broken_commit_is_told_with_its_place_on_either_side(past):
    mended, broken, *_ = dvcinc(past.path, "log").stdout.splitlines()
    assert "data/more.yml:2:11: not YAML" in broken
    assert "the old side" in mended
    assert "data/more.yml:2:11: not YAML" in mended
    assert "removed" not in broken


@pytest.mark.parametrize(
    ("arguments", "count"),
    [
        (["-n", "2"], 2),
        (["HEAD~2"], 4),
        (["HEAD~4..HEAD"], 4),
        (["HEAD~4..HEAD", "-n", "1"], 1),
        (["HEAD..HEAD"], 0),
    ],
)
def test_a_range_is_as_git_takes_it(past, arguments, count):
    assert len(modes(dvcinc(past.path, "log", *arguments))) == count


@pytest.mark.parametrize("wrong", ["nowhere", "HEAD..nowhere", "--output=x"])
def test_an_unknown_revision_is_an_error(past, wrong):
    ran = dvcinc(past.path, "log", wrong)
    assert ran.returncode == 2
    assert "Traceback" not in ran.stderr
    assert ("git branch --all" in ran.stderr) == ("nowhere" in wrong)
    assert not (past.path / "x").exists()


def test_json_has_every_reason_and_says_what_classify_says(past):
    said = json.loads(dvcinc(past.path, "log", "--json").stdout)
    assert said["schema"] == "dvcinc/log/1"
    project = open_project(past.path)
    for one in said["commits"]:
        if one["mode"] is not None:
            old, new = project.commit(one["parent"]), project.commit(one["commit"])
            decision = classify(project, old, new).decision
            assert one["mode"] == decision.mode.word
            assert [r["code"] for r in one["reasons"]] == [
                reason.code for reason in decision.reasons
            ]


def test_what_people_write_cannot_speak_to_a_terminal_or_a_page(past):
    assert "\x1b" not in dvcinc(past.path, "log").stdout
    table = dvcinc(past.path, "log", "--md").stdout
    for seen in both(table):
        assert "b" not in seen.elements
        assert not seen.meant()
    assert "`<b>@all</b> [31m`" in table
    assert table.startswith("| commit | day | mode | main reason | subject |\n")


def test_a_merge_is_judged_against_its_first_parent(bot):
    bot.git("checkout", "--quiet", "-b", "side")
    bot.commit({"data/side.yml": NEW_INTENT["data/more.yml"]}, "side")
    bot.git("checkout", "--quiet", "-")
    bot.commit({"data/main.yml": nlu_yaml("greet: good day")}, "main")
    bot.git("merge", "--quiet", "--no-edit", "side")
    assert modes(dvcinc(bot.path, "log", "-n", "1")) == ["scratch"]


def test_a_repository_without_commits_is_an_error(tmp_path, bot):
    bot.git("init", "--quiet", str(tmp_path / "empty"))
    ran = dvcinc(tmp_path / "empty", "log")
    assert ran.returncode == 2
    assert "Traceback" not in ran.stderr


def test_a_plan_of_another_form_is_said_and_the_sides_are_compared(bot):
    bot.commit({"plan/plan.json": '{"schema": "dvcinc/plan/0"}'}, "another form")
    bot.commit(MORE, "more")
    newest, _, _ = dvcinc(bot.path, "log").stdout.splitlines()
    assert newest.split()[2] == "finetune"
    assert "DI101" in newest
    assert "plan/plan.json" in newest
    assert "so the two sides are compared" in newest
    classified = dvcinc(bot.path, "classify", "HEAD~1", "HEAD").stdout
    assert classified.startswith("finetune: ")
    assert "so the two sides are compared" in classified
