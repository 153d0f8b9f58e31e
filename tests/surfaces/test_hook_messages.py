"""`hook commit-msg` and `hook prepare-commit-msg`: trailers, read and written."""

from __future__ import annotations

import shlex

import pytest
from surfaces.hooking import (
    BROKEN,
    MORE,
    NEW,
    STOPPED,
    commits,
    git,
    hooked,
    message,
    planned,
    repro,
)
from surfaces.run import BOT, dvcinc

SCRATCH = {"DVCINC_TRAINING_MODE": "scratch"}
TRAILER = "Training-Mode: scratch"


def stage(made, files):
    made.write(files)
    made.git("add", "--all")


# --- commit-msg -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "is_made", "said"),
    [
        ("subject", False, STOPPED),
        (f"subject\n\n{TRAILER}", True, "scratch, as the trailer Training-Mode says"),
        ("subject\n\ntraining-mode:SCRATCH", True, "as the trailer Training-Mode says"),
        (f"subject\n\nwhy\n\n{TRAILER}\nSigned-off-by: Ada", True, "as the trailer"),
        (f"subject\n\n---\n\n{TRAILER}", True, "as the trailer"),
        (f"subject\n\nTraining-Mode: none\n{TRAILER}", True, "as the trailer"),
        # No trailers: in the subject, inside of prose, a comment, before the end.
        (TRAILER, False, STOPPED),
        (f"subject\n\n{TRAILER}\nis what I would say", False, STOPPED),
        (f"subject\n\n# {TRAILER}", False, STOPPED),
        (f"subject\n\n{TRAILER}\n\nand more words", False, STOPPED),
        ("subject\n\nTraining-Mode: finetune", False, STOPPED),
        (
            "subject\n\nTraining-Mode: full",
            False,
            "Training-Mode: 'full' is no training mode\nhint: say one of none, refresh",
        ),
        ("subject\n\nTraining-Mode:", False, "'' is no training mode"),
    ],
)
def test_a_trailer_is_an_answer_and_nothing_else(repo, text, is_made, said):
    bot = hooked(repo(BOT), "commit-msg")
    stage(bot, NEW)
    done = git(bot, "commit", "-q", "-m", text)
    assert (done.returncode == 0) is is_made
    assert said in done.stderr


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (MORE, "dvcinc: finetune; Training-Mode: scratch is not needed\n"),
        ({"a.py": "1"}, "dvcinc: Training-Mode is not needed: nothing that trains"),
    ],
)
def test_a_trailer_that_nobody_needs_passes(repo, files, said):
    bot = hooked(repo(BOT), "commit-msg")
    stage(bot, files)
    made, told = commits(bot, "-m", TRAILER)
    assert made
    assert said in told


def test_no_trailer_mends_what_cannot_be_read(repo):
    bot = hooked(repo(BOT), "commit-msg")
    stage(bot, BROKEN)
    made, said = commits(bot, "-m", TRAILER)
    assert not made
    assert "data/new.yml:2:1: not YAML" in said


def test_the_environment_is_an_answer_here_too(repo):
    bot = hooked(repo(BOT), "commit-msg")
    stage(bot, NEW)
    assert commits(bot, **SCRATCH)[0]


def test_a_plan_is_an_answer_here_too(repo):
    bot = hooked(planned(repo), "commit-msg")
    bot.write(NEW)
    repro(bot)
    bot.git("add", "--all")
    assert commits(bot)[0]


def test_what_an_editor_shows_below_the_message_is_no_trailer(repo):
    """With `-v`, the diff stands there, which may hold any line."""
    bot = hooked(repo(BOT), "commit-msg")
    stage(bot, {**NEW, "note": f"x\n\n{TRAILER}\n"})
    editor = {"GIT_EDITOR": "sed -i 1isubject"}
    assert git(bot, "commit", "-q", "-v", **editor).returncode == 1
    done = git(bot, "commit", "-q", "-v", "--trailer", TRAILER, **editor)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("char", [";", "auto"])
def test_comments_of_any_kind_are_none_of_the_message(repo, char):
    bot = hooked(repo(BOT), "commit-msg")
    bot.git("config", "core.commentChar", char)
    stage(bot, NEW)
    text = f"# a subject\n\n{TRAILER}"
    done = git(bot, "commit", "-q", "-e", "-m", text, GIT_EDITOR="true")
    assert done.returncode == 0, done.stderr
    assert message(bot) == f"# a subject\n\n{TRAILER}"


def test_an_amended_message_needs_nothing_new(repo):
    bot = hooked(repo(BOT), "commit-msg")
    stage(bot, NEW)
    assert commits(bot, "-m", TRAILER)[0]
    assert git(bot, "commit", "-q", "--amend", "-m", "other").returncode == 0


# --- prepare-commit-msg -----------------------------------------------------------


@pytest.fixture
def bot(repo):
    return hooked(repo(BOT), "prepare-commit-msg")


@pytest.mark.parametrize(
    ("files", "text", "expected"),
    [
        (MORE, "subject", "subject\n\nTraining-Mode: finetune"),
        (
            MORE,
            "subject\n\nSigned-off-by: Ada <a@b>\nSee: I1",
            "subject\n\nSigned-off-by: Ada <a@b>\nSee: I1\nTraining-Mode: finetune",
        ),
        (
            MORE,
            f"subject\n\n{TRAILER}\nSigned-off-by: Ada <a@b>",
            f"subject\n\n{TRAILER}\nSigned-off-by: Ada <a@b>",
        ),
        (
            MORE,
            "subject\n\n---\nwords",
            "subject\n\n---\nwords\n\nTraining-Mode: finetune",
        ),
        ({"a.py": "1"}, "subject", "subject"),
        ({"data/nlu.yml": "# c\n" + BOT["data/nlu.yml"]}, "subject", "subject"),
        (NEW, "subject", "subject"),
        (BROKEN, "subject", "subject"),
    ],
    ids=["new", "others", "own", "dashes", "code", "none", "scratch", "broken"],
)
def test_a_message_of_the_command_line_gets_what_needs_no_answer(
    bot, files, text, expected
):
    stage(bot, files)
    assert git(bot, "commit", "-q", "-m", text).returncode == 0
    assert message(bot) == expected


def test_scratch_is_written_where_somebody_means_it_or_has_trained_it(repo):
    bot = hooked(planned(repo), "prepare-commit-msg")
    stage(bot, NEW)
    assert commits(bot, **SCRATCH)[0]
    assert message(bot) == f"change\n\n{TRAILER}"
    repro(bot)
    bot.git("add", "--all")
    assert commits(bot)[0]
    assert message(bot) == f"change\n\n{TRAILER}"


@pytest.mark.parametrize(
    ("files", "written"), [(MORE, "\n\nTraining-Mode: finetune"), ({"a.py": "1"}, "")]
)
def test_a_training_that_is_due_since_before_is_not_said_to_be_meant(
    repo, files, written
):
    bot = hooked(planned(repo), "prepare-commit-msg")
    stage(bot, NEW)
    assert commits(bot, **SCRATCH)[0]
    stage(bot, files)
    assert commits(bot)[0]
    assert message(bot) == f"change{written}"


def edited(bot, script, *arguments, **environment):
    """Commits with an editor, and tells what it was given."""
    seen = bot.path.parent / "seen"
    command = f'sh -c \'cp "$1" {shlex.quote(str(seen))}; {script} "$1"\' -'
    done = git(bot, "commit", "-q", *arguments, GIT_EDITOR=command, **environment)
    return done, seen.read_text("utf-8")


@pytest.mark.parametrize(("char", "mark"), [("#", "#"), (";", ";"), ("auto", "#")])
@pytest.mark.parametrize("verbose", [[], ["-v"]])
def test_an_editor_shows_a_comment_that_can_be_uncommented(bot, char, mark, verbose):
    bot.git("config", "core.commentChar", char)
    hooked(bot, "commit-msg")
    stage(bot, NEW)
    script = f'sed -i -e "1isubject" -e "s/^{mark} \\(Training-Mode\\)/\\1/"'
    done, seen = edited(bot, script, *verbose)
    assert f"\n{mark} dvcinc: this commit needs training from scratch" in seen
    assert f"\n{mark} {TRAILER}\n{mark}" in seen
    assert done.returncode == 0, done.stderr
    assert message(bot) == f"subject\n\n{TRAILER}"


def test_an_editor_that_is_closed_makes_no_commit(bot):
    """A trailer by itself would be a message."""
    stage(bot, MORE)
    done, seen = edited(bot, "true")
    assert "\n# Training-Mode: finetune\n" in seen
    assert done.returncode == 1
    assert "empty commit message" in done.stderr


def test_a_comment_that_nobody_touches_is_no_trailer(bot):
    hooked(bot, "commit-msg")
    stage(bot, NEW)
    done, _ = edited(bot, 'sed -i "1isubject"')
    assert done.returncode == 1
    assert STOPPED in done.stderr


@pytest.mark.parametrize("cleanup", ["scissors", "verbatim", "whitespace"])
def test_no_comment_is_written_where_it_would_stay(bot, cleanup):
    bot.git("config", "commit.cleanup", cleanup)
    stage(bot, MORE)
    _, seen = edited(bot, 'sed -i "1isubject"')
    assert "Training-Mode" not in seen.partition(">8")[0]


@pytest.mark.parametrize("how", [["--amend", "--no-edit"], ["-C", "HEAD"]])
def test_a_message_that_was_written_before_is_left_alone(bot, how):
    stage(bot, MORE)
    assert git(bot, "commit", "-q", *how).returncode == 0
    assert message(bot) == "commit 1"


def test_merges_squashes_picks_and_reverts_are_left_alone(bot):
    bot.git("checkout", "-q", "-b", "other")
    stage(bot, MORE)
    bot.git("commit", "-q", "-m", "other's", "-m", "Training-Mode: none")
    bot.git("checkout", "-q", "main")
    bot.commit({"a.py": "1"}, "main's")
    for command in (
        ["merge", "-q", "--no-edit", "other"],
        ["revert", "--no-edit", "-m", "1", "HEAD"],
        ["cherry-pick", "other"],
        ["revert", "--no-edit", "HEAD"],
        ["checkout", "-q", "-b", "again", "HEAD~4"],
        ["merge", "-q", "--squash", "other"],
        ["commit", "-q", "--no-edit"],
    ):
        done = git(bot, *command)
        assert done.returncode == 0, (command, done.stderr)
        assert "finetune" not in message(bot), command


def test_the_source_may_come_from_pre_commit(bot):
    stage(bot, MORE)
    file = bot.path / "MESSAGE"
    for source, expected in (
        ("merge", "x\n"),
        ("message", "x\n\nTraining-Mode: finetu"),
    ):
        file.write_text("x\n")
        done = dvcinc(
            bot.path,
            "hook",
            "prepare-commit-msg",
            "MESSAGE",
            environment={"PRE_COMMIT_COMMIT_MSG_SOURCE": source},
        )
        assert done.returncode == 0
        assert file.read_text().startswith(expected)
