"""`hook check` and `hook warn` as git's own hooks: what passes, what is stopped."""

from __future__ import annotations

import re

import pytest
from corpora import nlu_yaml
from surfaces.hooking import (
    BROKEN,
    MORE,
    NEW,
    NEWER,
    PLANNED,
    STOPPED,
    commits,
    git,
    hooked,
    planned,
    repro,
)
from surfaces.run import BOT, dvcinc, python

SCRATCH = {"DVCINC_TRAINING_MODE": "scratch"}


@pytest.fixture
def bot(repo):
    return hooked(repo(BOT), "check")


def stage(made, files):
    made.write(files)
    made.git("add", "--all")


# --- what passes, what is stopped -------------------------------------------------


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"README.md": "x"}, ""),
        ({"cities.txt": "x"}, ""),
        ({"data/nlu.yml": "# a comment\n" + BOT["data/nlu.yml"]}, ""),
        (MORE, "dvcinc: finetune: the base learns what is new\n"),
        (
            {"domain.yml": "intents: [greet, bye]\nactions: [action_b]\n"},
            "dvcinc: dialogue model: scratch (not trained here)\n",
        ),
    ],
    ids=["code", "text", "comment", "examples", "dialogue"],
)
def test_what_needs_no_training_from_scratch_passes(bot, files, said):
    stage(bot, files)
    done = git(bot, "commit", "-q", "-m", "change")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", said)


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        (NEW, "DI201 scratch  intent order is new (2 examples)"),
        ({"data/nlu.yml": nlu_yaml("greet: hi | hello")}, "DI202 scratch"),
        ({"data/nlu.yml": nlu_yaml("greet: hi\nbye: ciao | so long")}, "DI102 scratch"),
    ],
    ids=["added", "removed", "fewer"],
)
def test_what_needs_training_from_scratch_is_stopped_with_every_reason(
    bot, files, reason
):
    stage(bot, files)
    made, said = commits(bot)
    assert not made
    assert said.startswith(f"dvcinc: this commit {STOPPED}\nscratch: a new base")
    assert reason in said
    assert "DVCINC_TRAINING_MODE=scratch git commit …" in said
    assert "dvcinc classify --staged --split" in said


def test_a_reason_names_file_and_line(bot):
    stage(bot, NEW)
    assert "new: data/new.yml:5, data/new.yml:6" in commits(bot)[1]


def test_a_deleted_file_is_seen(repo):
    bot = hooked(repo({**BOT, **NEW}), "check")
    bot.git("rm", "-q", *NEW)
    made, said = commits(bot)
    assert not made
    assert "intent order is gone" in said


def test_the_environment_says_that_it_is_meant(bot):
    stage(bot, NEW)
    made, said = commits(bot, **SCRATCH)
    assert made
    assert said.startswith("dvcinc: scratch, as DVCINC_TRAINING_MODE says\n")


def test_the_environment_may_say_no_mode_that_there_is_not(bot):
    stage(bot, NEW)
    made, said = commits(bot, DVCINC_TRAINING_MODE="full")
    assert not made
    assert (
        "'full' is no training mode\nhint: say one of none, refresh, finetune" in said
    )


def test_another_mode_in_the_environment_grants_nothing(bot):
    stage(bot, NEW)
    assert not commits(bot, DVCINC_TRAINING_MODE="finetune")[0]


def test_a_policy_with_dialogue_lets_an_action_stop(repo):
    bot = hooked(repo({**BOT, "params.yaml": "policy: {targets: [nlu, dialogue]}\n"}))
    hooked(bot, "check")
    stage(bot, {"domain.yml": "intents: [greet, bye]\nactions: [action_b]\n"})
    made, said = commits(bot)
    assert not made
    assert "[dialogue]" in said


def test_warn_says_the_same_and_stops_nothing(bot):
    hooked(bot, "warn")
    stage(bot, NEW)
    made, said = commits(bot)
    assert made
    assert said.startswith(f"dvcinc: this commit {STOPPED}\nscratch: a new base")


def test_warn_is_silent_where_nothing_is_trained(bot):
    hooked(bot, "warn")
    stage(bot, {"data/nlu.yml": "# a comment\n" + BOT["data/nlu.yml"]})
    assert git(bot, "commit", "-q", "-m", "change").stderr == ""


def test_a_terminal_that_cannot_show_an_arrow_changes_no_verdict(bot):
    stage(bot, NEW)
    made, said = commits(bot, PYTHONIOENCODING="latin-1", PYTHONUTF8="0")
    assert not made
    assert ") ? index" in said


# --- the index, and not the work tree ---------------------------------------------


def test_what_is_not_staged_does_not_count(bot):
    stage(bot, MORE)
    bot.write(NEW)
    assert commits(bot)[0]


@pytest.mark.parametrize("how", [["-a"], ["data/nlu.yml"], ["-i", "data/nlu.yml"]])
def test_what_the_commit_takes_along_counts(bot, how):
    bot.write({"data/nlu.yml": nlu_yaml("greet: hi | hello")})
    assert not commits(bot, *how)[0]


def test_a_commit_of_paths_leaves_out_what_else_is_staged(bot):
    stage(bot, {**MORE, **NEW})
    assert commits(bot, "data/more.yml")[0]
    assert not commits(bot)[0]


def test_a_hook_writes_no_tracked_file(bot):
    stage(bot, NEW)
    files = [p for p in bot.path.rglob("*") if ".git" not in p.parts]
    before = {p: (p.stat().st_mtime_ns, p.stat().st_ino) for p in files}
    index, status = bot.path / ".git/index", bot.git("status", "--porcelain")
    told = index.read_bytes()
    assert dvcinc(bot.path, "hook", "check").returncode == 1
    assert index.read_bytes() == told
    assert bot.git("status", "--porcelain") == status
    assert {p: (p.stat().st_mtime_ns, p.stat().st_ino) for p in before} == before
    assert sorted(files) == sorted(
        p for p in bot.path.rglob("*") if ".git" not in p.parts
    )


# --- what cannot be read, had, compared -------------------------------------------


def test_data_that_nobody_could_read_are_stopped(bot):
    stage(bot, BROKEN)
    made, said = commits(bot)
    assert not made
    assert said.startswith(
        "dvcinc: what is staged cannot be read\n  data/new.yml:2:1: not YAML: "
    )


def test_warn_tells_of_data_that_nobody_could_read_and_passes(bot):
    hooked(bot, "warn")
    stage(bot, BROKEN)
    made, said = commits(bot)
    assert made
    assert "data/new.yml:2:1: not YAML" in said


@pytest.mark.parametrize("make", [lambda repo: repo(BOT), planned])
def test_a_commit_that_mends_passes(repo, make):
    bot = make(repo)
    bot.commit(BROKEN)
    hooked(bot, "check")
    stage(bot, NEW)
    made, said = commits(bot)
    assert made
    assert "dvcinc: what was there cannot be read, and this mends it\n" in said


def test_what_is_broken_already_is_a_warning_for_a_commit_to_something_else(repo):
    bot = hooked(repo({**BOT, **BROKEN}), "check")
    stage(bot, MORE)
    made, said = commits(bot)
    assert made
    assert said.startswith("warning: dvcinc: cannot tell what training this commit")


def test_the_first_commit_passes(repo):
    bot = hooked(repo(), "check")
    stage(bot, BOT)
    made, said = commits(bot)
    assert made
    assert "dvcinc: nothing was committed before" in said


def test_data_that_cannot_be_had_are_a_warning(repo):
    pointer = "outs:\n- md5: 0123456789abcdef0123456789abcdef\n  path: nlu.yml\n"
    files = {k: v for k, v in BOT.items() if k != "data/nlu.yml"}
    bot = hooked(repo({**files, ".dvc/config": "", "data/nlu.yml.dvc": pointer}))
    hooked(bot, "check")
    stage(bot, {"data/nlu.yml.dvc": pointer.replace("0", "1")})
    made, said = commits(bot)
    assert made
    assert "cannot tell what training this commit needs" in said
    hooked(bot, "check", options="--strict")
    stage(bot, {"data/nlu.yml.dvc": pointer.replace("0", "2")})
    assert not commits(bot)[0]


@pytest.mark.parametrize(("options", "code"), [([], 0), (["--strict"], 2)])
def test_outside_of_a_repository_it_is_a_warning(tmp_path, options, code):
    done = dvcinc(tmp_path, "hook", "check", *options)
    assert done.returncode == code
    assert done.stderr.startswith("warning: dvcinc: not checked: . is not in a Git")


def test_without_git_it_is_a_warning(bot, tmp_path):
    done = dvcinc(bot.path, "hook", "check", environment={"PATH": str(tmp_path)})
    assert (done.returncode, done.stdout) == (0, "")
    assert "git is not installed" in done.stderr


@pytest.mark.parametrize(("options", "code"), [([], 0), (["--strict"], 70)])
def test_a_bug_is_a_warning(bot, options, code):
    stage(bot, NEW)
    program = (
        "import sys, dvcinc.lineage.gate as gate\n"
        "gate.find = None\n"
        f"sys.argv = ['dvcinc', 'hook', 'check', *{options}]\n"
        "from dvcinc.__main__ import main\nmain()\n"
    )
    done = python(bot.path, program)
    assert done.returncode == code
    assert done.stderr.startswith(
        "warning: dvcinc: not checked: this is a bug in dvcinc"
    )


def test_a_repository_without_an_assistant_is_none_of_its_business(repo):
    other = hooked(repo({"a.py": "1"}), "check")
    stage(other, {"b.py": "1"})
    assert git(other, "commit", "-q", "-m", "change").stderr == ""


# --- plans ------------------------------------------------------------------------


def test_data_that_are_staged_with_their_model_have_been_trained(repo):
    bot = hooked(planned(repo), "check")
    bot.write(NEW)
    repro(bot)
    bot.git("add", "--all")
    made, said = commits(bot)
    assert made
    assert said.startswith("dvcinc: scratch: already trained, as dvc.lock says; ")


@pytest.mark.parametrize("last", ["plan", "train", "finetune", "package"])
def test_a_plan_alone_trains_nothing(repo, last):
    bot = hooked(planned(repo), "check")
    bot.write(NEW)
    repro(bot, last)
    bot.git("add", "--all")
    made, said = commits(bot)
    assert not made
    assert "note: plan/plan.json fits, but dvc.lock " in said


@pytest.mark.parametrize("staged", [["data"], ["data", "plan"]])
def test_what_was_trained_and_is_not_staged_does_not_count(repo, staged):
    bot = hooked(planned(repo), "check")
    bot.write(NEW)
    repro(bot)
    bot.git("add", *staged)
    made, said = commits(bot)
    assert not made
    assert "this commit needs training from scratch, trained, but not staged" in said
    assert "note:" not in said
    (todo,) = re.findall("To stage the training: git (add .*)", said)
    bot.git(*todo.split())
    assert commits(bot)[0]


def test_the_first_model_counts_as_any_other(repo):
    bot = hooked(repo(PLANNED), "check")
    bot.write(NEW)
    repro(bot)
    bot.git("add", "--all")
    assert commits(bot)[0]


def test_a_plan_of_other_data_covers_nothing(repo):
    bot = hooked(planned(repo), "check")
    bot.write(NEW)
    repro(bot)
    stage(bot, NEWER)
    made, said = commits(bot)
    assert not made
    assert "note: plan/plan.json was made for other data than these" in said


def test_a_plan_in_the_work_tree_alone_covers_nothing(repo):
    bot = hooked(planned(repo), "check")
    bot.write(NEW)
    repro(bot, "plan")
    bot.git("add", "data")
    made, said = commits(bot)
    assert not made
    assert STOPPED in said


def test_a_training_of_other_data_than_those_staged_is_none_of_theirs(repo):
    bot = hooked(planned(repo), "check")
    bot.write(NEW)
    bot.git("add", "data")
    bot.write(NEWER)
    repro(bot)
    made, said = commits(bot)
    assert not made
    assert STOPPED in said


@pytest.mark.parametrize(
    "params", ["train: {epochs: 7}\n", "policy: {mode: scratch}\n"]
)
def test_settings_that_ask_for_another_base_are_stopped(repo, params):
    bot = hooked(planned(repo), "check")
    # A base that was cut of just these data is forced already.
    stage(bot, {**MORE, "params.yaml": params})
    assert not commits(bot)[0]
    repro(bot)
    bot.git("add", "--all")
    assert commits(bot)[0]


def test_a_plan_made_before_the_settings_changed_covers_nothing(repo):
    bot = hooked(planned(repo), "check")
    bot.write(NEW)
    repro(bot)
    stage(bot, {"params.yaml": "train: {epochs: 7}\n"})
    made, said = commits(bot)
    assert not made
    assert "note: plan/plan.json was made with other settings" in said


def test_a_revert_takes_a_trained_base_up_again(repo):
    bot = planned(repo)
    bot.write(NEW)
    repro(bot)
    bot.commit()
    hooked(bot, "check")
    bot.git("rm", "-q", *NEW)
    made, said = commits(bot)
    assert made
    assert "dvcinc: scratch: the base of the plan at " in said


def test_a_change_is_not_stopped_for_what_was_granted_before(repo):
    """Whoever trains in CI commits data first; the plan comes later."""
    bot = hooked(planned(repo), "check")
    stage(bot, NEW)
    assert commits(bot, **SCRATCH)[0]
    stage(bot, MORE)
    made, said = commits(bot)
    assert made
    since = bot.git("rev-parse", "--short=10", "HEAD~1")
    told = "finetune: all that this change needs; scratch is due already, since "
    assert said.startswith(f"dvcinc: {told}{since}\n")
    stage(bot, NEWER)
    assert not commits(bot)[0]


def test_a_hook_looks_back_no_further_than_a_few_commits(repo):
    bot = planned(repo)
    bot.commit(NEW)
    for number in range(3):
        bot.commit({"README.md": f"{number}\n"})
    hooked(bot, "check")
    stage(bot, MORE)
    made, said = commits(bot)
    assert made
    assert "; scratch is due already, since before\n" in said


def test_a_growth_that_needs_a_new_base_is_stopped(repo):
    bot = hooked(planned(repo), "check")
    lines = " | ".join(f"hello number {n}" for n in range(20))
    stage(bot, {"data/more.yml": nlu_yaml(f"greet: {lines}")})
    made, said = commits(bot)
    assert not made
    assert "DI503" in said


# --- merges -----------------------------------------------------------------------


def forked(repo, make):
    """`other` has a new intent, `main` a few examples more."""
    bot = make(repo)
    bot.git("checkout", "-q", "-b", "other")
    bot.write(NEW)
    if (bot.path / "plan").exists():
        repro(bot)
    bot.commit()
    bot.git("checkout", "-q", "main")
    bot.commit(MORE)
    file = hooked(bot, "check").path / ".git/hooks/pre-commit"
    (file.parent / "pre-merge-commit").write_bytes(file.read_bytes())
    (file.parent / "pre-merge-commit").chmod(0o755)
    return bot


@pytest.mark.parametrize("make", [lambda repo: repo(BOT), planned])
def test_a_merge_that_git_makes_by_itself_passes_where_one_side_has_it_all(repo, make):
    bot = forked(repo, make)
    done = git(bot, "merge", "--no-edit", "other")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "dvcinc: " in done.stdout + done.stderr
    assert STOPPED not in done.stdout + done.stderr


@pytest.mark.parametrize("make", [lambda repo: repo(BOT), planned])
def test_a_merge_that_people_commit_passes_where_one_side_has_it_all(repo, make):
    bot = forked(repo, make)
    git(bot, "merge", "--no-commit", "other")
    made, said = commits(bot)
    assert made, said


def test_a_merge_that_neither_side_has_trained_is_stopped(repo):
    bot = forked(repo, lambda repo: repo(BOT))
    bot.git("commit", "-q", "--no-verify", "--allow-empty", "-m", "x")
    bot.write(NEWER)
    bot.git("add", "--all")
    bot.git("commit", "-q", "--no-verify", "-m", "another intent")
    done = git(bot, "merge", "--no-edit", "other")
    assert done.returncode != 0
    assert STOPPED in done.stdout + done.stderr


def test_a_side_of_a_merge_that_cannot_be_read_lets_nothing_pass(repo):
    bot = forked(repo, lambda repo: repo(BOT))
    bot.git("checkout", "-q", "other")
    bot.write({"data/nlu.yml": "nlu: [\n"})
    bot.git("commit", "-q", "-a", "--no-verify", "-m", "broken")
    bot.git("checkout", "-q", "main")
    bot.git("merge", "-q", "--no-commit", "other")
    bot.git("checkout", "-q", "HEAD", "--", "data/nlu.yml")
    made, said = commits(bot)
    assert not made
    assert STOPPED in said


# --- several projects -------------------------------------------------------------


def below(folder, files):
    return {f"{folder}/{path}": text for path, text in files.items()}


STAGES = {"dvc.yaml": "stages:\n  plan:\n    cmd: dvcinc stage plan\n"}


@pytest.fixture
def bots(repo):
    both = {**below("bots/a", {**BOT, **STAGES}), **below("bots/b", {**BOT, **STAGES})}
    return hooked(repo({**both, "web/dvc.yaml": "stages: {}\n"}), "check")


def test_every_project_that_is_touched_is_judged_and_named(bots):
    stage(bots, {**below("bots/a", MORE), **below("bots/b", NEW)})
    made, said = commits(bots)
    assert not made
    assert "dvcinc: bots/a: finetune: " in said
    assert f"dvcinc: this commit of bots/b {STOPPED}" in said
    assert "cd bots/b && dvc repro" in said
    assert "dvcinc --project bots/b classify --staged --split" in said


@pytest.mark.parametrize(
    ("options", "is_made"),
    [
        ("--project bots/a", True),
        ("--project bots/b", False),
        ("--project bots/a --project bots/b", False),
    ],
)
def test_named_projects_alone_are_judged(bots, options, is_made):
    hooked(bots, "check", options=options)
    stage(bots, {**below("bots/a", MORE), **below("bots/b", NEW)})
    assert commits(bots)[0] is is_made


@pytest.mark.parametrize("order", ["gone b", "b gone"])
def test_a_project_that_is_not_there_lets_no_other_pass(bots, order):
    named = " ".join(f"--project bots/{name}" for name in order.split())
    hooked(bots, "check", options=named)
    stage(bots, below("bots/b", NEW))
    made, said = commits(bots)
    assert not made
    assert "not checked" in said
    assert "bots/gone is no directory" in said
    assert f"dvcinc: this commit of bots/b {STOPPED}" in said


def test_a_project_before_the_subcommand_counts_as_well(bots):
    stage(bots, below("bots/b", NEW))
    for name, code in (("bots/a", 0), ("bots/b", 1)):
        done = dvcinc(bots.path, "--project", name, "hook", "check")
        assert done.returncode == code


# --- what a hook loads ------------------------------------------------------------

LOADED = (
    "import sys\n"
    "from dvcinc.surfaces import hooks\n"
    "assert hooks.check([], strict=True) == 0\n"
    "print(*sys.modules)\n"
)


@pytest.mark.parametrize(
    ("files", "absent"),
    [
        ({}, {"ruamel", "dvcinc.params"}),
        ({"actions.py": "1"}, {"ruamel", "dvcinc.params"}),
        ({"README.md": "1"}, {"dvcinc.plan"}),
    ],
    ids=["nothing", "program", "text"],
)
def test_what_trains_nothing_loads_nothing_that_decides(repo, files, absent):
    bot = repo(BOT)
    stage(bot, files)
    done = python(bot.path, LOADED)
    assert done.returncode == 0, done.stderr
    loaded = set(done.stdout.split())
    assert loaded.isdisjoint({*absent, "dvcinc.lineage.gate", "sqlite3", "rich", "git"})
