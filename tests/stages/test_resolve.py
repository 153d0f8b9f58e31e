"""What a merge leaves of `dvc repro`'s files in conflict is put right, and no more."""

from __future__ import annotations

import hashlib
import json

import pytest
from corpora import nlu_yaml
from plan.bots import LINES, NEW_INTENT, NLU, THREE, Bot, put, start
from surfaces.run import dvcinc

from dvcinc.errors import CheckError
from dvcinc.plan.document import PATH
from dvcinc.stages.paths import TRACKED
from dvcinc.stages.resolve import Action, resolve

LOCK = "dvc.lock"
MORE, BOOK, PREP = "data/nlu/more.yml", "data/nlu/book.yml", "prep.txt"


def train(bot: Bot, prep: str = "1") -> None:
    """What a repro leaves in the work tree, without any training."""
    plan = bot.repro()
    said = f"{plan.base.info.digest} {plan.document.delta.digest}"
    for path in ("metrics.json", "lineage.json", "reports/train.json"):
        put(bot.path / path, json.dumps({"of": said, "path": path}, indent=1) + "\n")
    outs = {
        "plan": PATH,
        "train": "reports/train.json",
        "evaluate": "metrics.json",
        "record": "lineage.json",
    }
    stages = [
        entry(bot, f"dvcinc stage {name}", name, out) for name, out in outs.items()
    ]
    put(bot.path / PREP, prep)
    stages.append(entry(bot, "python prep.py", "prep", PREP))
    put(bot.path / LOCK, "schema: '2.0'\nstages:\n" + "".join(stages))


def entry(bot: Bot, command: str, name: str, out: str) -> str:
    md5 = hashlib.md5((bot.path / out).read_bytes(), usedforsecurity=False).hexdigest()
    outs = f"    outs:\n    - path: {out}\n      hash: md5\n      md5: {md5}\n"
    return f"  {name}:\n    cmd: {command}\n{outs}"


def branch(bot: Bot, name: str, origin: str = "main") -> None:
    bot.repo.git("checkout", "--quiet", "-b", name, origin)


def unmerged(bot: Bot) -> list[str]:
    return bot.repo.git("diff", "--name-only", "--diff-filter=U").split("\n")


def conflict(bot: Bot, *command: str) -> None:
    with pytest.raises(AssertionError):
        bot.repo.git(*command)


def stands_as(bot: Bot, revision: str, *but: str) -> bool:
    """Whether the tracked outs are a revision's, in work tree and index."""
    paths = [str(bot.path / path) for path in TRACKED if path not in but]
    spent = bot.repo.git("diff", "--name-only", revision, "--", *paths)
    return spent == bot.repo.git("diff", "--name-only", "--", *paths) == ""


@pytest.fixture(name="forked")
def forked_bot(repo):
    return fork(repo())


def fork(repo, prefix: str = "") -> Bot:
    """`intent` cut a base for an intent; `main` has three examples more."""
    bot = start(repo, prefix)
    train(bot)
    bot.commit("start")
    branch(bot, "intent")
    put(bot.path / BOOK, nlu_yaml(NEW_INTENT))
    train(bot)
    bot.commit("intent")
    bot.repo.git("checkout", "--quiet", "main")
    put(bot.path / MORE, nlu_yaml(THREE))
    train(bot)
    bot.commit("three")
    return bot


# --- which side -------------------------------------------------------------------


def test_the_side_is_taken_whose_base_fits(forked):
    conflict(forked, "merge", "intent")
    found = resolve(forked.project, dry_run=False)
    assert found.side == "theirs"
    assert stands_as(forked, "intent")
    assert unmerged(forked) == [""]
    assert {file.path for file in found.files} == {
        LOCK,
        PATH,
        "metrics.json",
        "lineage.json",
        "reports/train.json",
    }
    assert found.status.decision == forked.plan().decision


def test_a_project_in_a_subdirectory_keeps_to_itself(repo):
    bot = fork(repo(), "bots/räil way")
    for name, text in (("main", "ours"), ("intent", "theirs"), ("main", "")):
        bot.repo.git("checkout", "--quiet", name)
        if text:
            put(bot.repo.path / "metrics.json", text)
            bot.commit()
    conflict(bot, "merge", "intent")
    assert resolve(bot.project, dry_run=False).side == "theirs"
    assert stands_as(bot, "intent")
    assert unmerged(bot) == ["metrics.json"]


def test_heads_side_is_taken_where_its_base_fits(forked):
    forked.repo.git("checkout", "--quiet", "intent")
    conflict(forked, "merge", "main")
    assert resolve(forked.project, dry_run=False).side == "ours"
    assert stands_as(forked, "HEAD")


@pytest.mark.parametrize(
    ("start_at", "command", "side"),
    [
        ("main", ("rebase", "intent"), "ours"),
        ("intent", ("rebase", "main"), "theirs"),
        ("main", ("cherry-pick", "intent"), "theirs"),
        ("main", ("merge", "--squash", "intent"), "theirs"),
    ],
)
def test_the_base_decides_whatever_git_calls_the_sides(forked, start_at, command, side):
    forked.repo.git("checkout", "--quiet", start_at)
    conflict(forked, *command)
    assert resolve(forked.project, dry_run=False).side == side
    assert stands_as(forked, "intent")


def test_a_stash_is_a_side_too(forked):
    put(forked.path / BOOK, nlu_yaml(NEW_INTENT))
    train(forked)
    forked.repo.git("add", "--all")
    forked.repo.git("stash")
    put(forked.path / MORE, nlu_yaml(THREE + "bye: one more"))
    train(forked)
    forked.commit()
    conflict(forked, "stash", "pop")
    assert resolve(forked.project, dry_run=False).side == "theirs"
    assert stands_as(forked, "refs/stash")


def test_a_revert_in_conflict_goes_back_to_the_base_before(forked):
    put(forked.path / BOOK, nlu_yaml(NEW_INTENT))
    train(forked)
    added = forked.commit("intent here, too")
    put(forked.path / MORE, nlu_yaml(THREE + "bye: one more"))
    train(forked)
    forked.commit("more")
    conflict(forked, "revert", "--no-edit", added)
    assert resolve(forked.project, dry_run=False).side == "theirs"
    assert stands_as(forked, f"{added}^")


def test_of_two_sides_with_one_base_the_one_with_the_merged_delta_is_taken(forked):
    branch(forked, "same", "main~1")
    put(forked.path / MORE, nlu_yaml(THREE + "bye: one more"))
    train(forked)
    forked.commit()
    forked.repo.git("checkout", "--quiet", "main")
    conflict(forked, "merge", "same")
    put(forked.path / MORE, nlu_yaml(THREE + "bye: one more"))
    forked.repo.git("add", str(forked.path / MORE))
    assert resolve(forked.project, dry_run=False).side == "theirs"


def test_what_git_merged_line_by_line_follows_the_side_too(forked):
    """Half of one report and half of another is nobody's."""
    whole = (forked.path / "metrics.json").read_bytes()
    forked.repo.git("checkout", "--quiet", "intent")
    theirs = (forked.path / "metrics.json").read_bytes()
    forked.repo.git("checkout", "--quiet", "main")
    put(forked.path / "metrics.json", theirs)
    forked.commit("no conflict there")
    put(forked.path / "metrics.json", whole)
    forked.commit("nor there")
    conflict(forked, "merge", "intent")
    put(forked.path / "metrics.json", b"{}\n")
    forked.repo.git("add", str(forked.path / "metrics.json"))
    resolve(forked.project, dry_run=False)
    assert stands_as(forked, "intent")


# --- files that one side does not have --------------------------------------------


@pytest.mark.parametrize("deleted", ["metrics.json", "lineage.json"])
@pytest.mark.parametrize(("at", "other"), [("main", "intent"), ("intent", "main")])
def test_a_file_that_a_side_deleted_is_as_the_taken_side_has_it(
    forked, deleted, at, other
):
    forked.repo.git("checkout", "--quiet", "main")
    (forked.path / deleted).unlink()
    forked.commit("not tracked any more")
    forked.repo.git("checkout", "--quiet", at)
    conflict(forked, "merge", other)
    found = resolve(forked.project, dry_run=False)
    assert stands_as(forked, "intent")
    assert Action.TAKEN in {f.action for f in found.files if f.path == deleted}


def test_a_file_that_the_taken_side_does_not_have_goes(forked):
    forked.repo.git("checkout", "--quiet", "intent")
    (forked.path / "metrics.json").unlink()
    forked.commit("not tracked any more")
    forked.repo.git("checkout", "--quiet", "main")
    conflict(forked, "merge", "intent")
    found = resolve(forked.project, dry_run=False)
    assert Action.REMOVED in {f.action for f in found.files if f.path == "metrics.json"}
    assert not (forked.path / "metrics.json").exists()
    assert stands_as(forked, "intent")


def test_a_side_without_a_plan_is_not_taken(forked):
    for path in (PATH, LOCK):
        (forked.path / path).unlink()
    forked.commit("start anew")
    conflict(forked, "merge", "intent")
    assert resolve(forked.project, dry_run=False).side == "theirs"
    assert stands_as(forked, "intent")


def test_files_that_both_added(repo):
    bot = start(repo())
    bot.commit("data")
    branch(bot, "other")
    put(bot.path / BOOK, nlu_yaml(NEW_INTENT))
    train(bot)
    bot.commit()
    bot.repo.git("checkout", "--quiet", "main")
    train(bot)
    bot.commit()
    conflict(bot, "merge", "other")
    assert resolve(bot.project, dry_run=False).side == "theirs"
    assert stands_as(bot, "other")


# --- what is not ours -------------------------------------------------------------


def test_somebody_elses_stage_is_merged_by_itself(forked):
    put(forked.path / PREP, "2")
    train(forked, "2")
    forked.commit()
    conflict(forked, "merge", "intent")
    mine = entry(forked, "python prep.py", "prep", PREP)
    found = resolve(forked.project, dry_run=False)
    assert (found.side, found.stages) == ("theirs", ())
    assert mine in (forked.path / LOCK).read_text()
    assert stands_as(forked, "intent", LOCK)
    assert unmerged(forked) == [""]


@pytest.fixture(name="torn")
def torn_bot(forked):
    """Both sides have changed somebody else's stage."""
    train(forked, "2")
    forked.commit()
    forked.repo.git("checkout", "--quiet", "intent")
    train(forked, "3")
    forked.commit()
    forked.repo.git("checkout", "--quiet", "main")
    conflict(forked, "merge", "intent")
    put(forked.path / PREP, "4")
    forked.repo.git("add", str(forked.path / PREP))
    return forked


def test_a_stage_that_both_changed_is_left_for_a_person(torn):
    found = resolve(torn.project, dry_run=False)
    assert found.stages == ("prep",)
    (name,) = unmerged(torn)
    assert name.strip('"').endswith(LOCK)
    text = (torn.path / LOCK).read_text()
    assert text.count("<<<<<<<") == 1
    assert "cmd: dvcinc" not in text.partition("<<<<<<<")[2]
    assert stands_as(torn, "intent", LOCK)


def test_what_the_person_decided_stays_when_it_is_run_again(torn):
    resolve(torn.project, dry_run=False)
    text = (torn.path / LOCK).read_text()
    head, _, rest = text.partition("<<<<<<< ours\n")
    decided = head + rest.partition("=======\n")[0]
    put(torn.path / LOCK, decided)
    found = resolve(torn.project, dry_run=False)
    assert found.stages == ("prep",)
    assert (torn.path / LOCK).read_text() == decided
    torn.repo.git("add", str(torn.path / LOCK))
    assert resolve(torn.project, dry_run=False).side is None


@pytest.mark.parametrize(
    ("path", "ours", "theirs"),
    [
        (NLU, nlu_yaml(LINES + "bye: a"), nlu_yaml(LINES + "bye: b")),
        ("params.yaml", "train: {seed: 1}\n", "train: {seed: 2}\n"),
        ("dvc.yaml", "stages: {a: 1}\n", "stages: {a: 2}\n"),
        ("data/nlu.dvc", "outs: [1]\n", "outs: [2]\n"),
    ],
)
def test_what_the_plan_is_made_from_is_never_touched(forked, path, ours, theirs):
    put(forked.path / path, ours)
    forked.commit()
    forked.repo.git("checkout", "--quiet", "intent")
    put(forked.path / path, theirs)
    forked.commit()
    forked.repo.git("checkout", "--quiet", "main")
    conflict(forked, "merge", "intent")
    before = forked.repo.git("status", "--porcelain=v2")
    with pytest.raises(CheckError, match="in conflict") as caught:
        resolve(forked.project, dry_run=False)
    assert caught.value.message.startswith(f"{path}: ")
    assert forked.repo.git("status", "--porcelain=v2") == before


def test_other_files_stay_in_conflict_and_are_named(forked):
    put(forked.path / "README.md", "ours\n")
    put(forked.path / "reports/mine.json", "1\n")
    forked.commit()
    forked.repo.git("checkout", "--quiet", "intent")
    put(forked.path / "README.md", "theirs\n")
    put(forked.path / "reports/mine.json", "2\n")
    forked.commit()
    forked.repo.git("checkout", "--quiet", "main")
    conflict(forked, "merge", "intent")
    found = resolve(forked.project, dry_run=False)
    assert found.others == ("README.md", "reports/mine.json")
    assert "<<<<<<<" in (forked.path / "README.md").read_text()
    assert len(unmerged(forked)) == 2


# --- once, and not before it is asked for -----------------------------------------


def test_a_dry_run_changes_nothing(forked):
    conflict(forked, "merge", "intent")
    before = forked.repo.git("status", "--porcelain=v2"), forked.outs()
    dry = resolve(forked.project, dry_run=True)
    assert (forked.repo.git("status", "--porcelain=v2"), forked.outs()) == before
    wet = resolve(forked.project, dry_run=False)
    assert (dry.side, dry.files, dry.stages) == (wet.side, wet.files, wet.stages)


def test_a_second_run_does_nothing(forked):
    conflict(forked, "merge", "intent")
    resolve(forked.project, dry_run=False)
    before = forked.repo.git("status", "--porcelain=v2")
    found = resolve(forked.project, dry_run=False)
    assert (found.side, found.files) == (None, ())
    assert forked.repo.git("status", "--porcelain=v2") == before


def test_what_a_repro_wrote_in_the_meantime_is_kept(forked):
    conflict(forked, "merge", "intent")
    train(forked)
    before = {path: (forked.path / path).read_bytes() for path in (LOCK, PATH)}
    found = resolve(forked.project, dry_run=False)
    assert found.side == "work tree"
    assert {file.action for file in found.files} == {Action.KEPT}
    assert unmerged(forked) == [""]
    for path, data in before.items():
        assert (forked.path / path).read_bytes() == data


# --- the command ------------------------------------------------------------------


def test_the_command_says_what_it_did_and_what_comes_next(torn):
    done = dvcinc(torn.path, "resolve")
    assert done.returncode == 1, done.stderr
    lines = done.stdout.split("\n")
    assert lines[0] == "the other side's files are taken"
    assert "  dvc.lock               left in conflict" in lines
    assert "  metrics.json           taken" in lines
    assert any(line.startswith("dvc.lock: both sides changed prep") for line in lines)
    assert any(line.startswith("next dvc repro: plan, ") for line in lines)


def test_the_command_refuses_where_data_are_in_conflict(forked):
    put(forked.path / NLU, nlu_yaml(LINES + "bye: a"))
    forked.commit()
    forked.repo.git("checkout", "--quiet", "intent")
    put(forked.path / NLU, nlu_yaml(LINES + "bye: b"))
    forked.commit()
    conflict(forked, "merge", "main")
    done = dvcinc(forked.path, "resolve", "--json")
    assert (done.returncode, done.stdout) == (1, "")
    assert f"{NLU}: in conflict" in done.stderr
    assert "git add" in done.stderr


def test_the_command_in_json(forked):
    conflict(forked, "merge", "intent")
    done = dvcinc(forked.path, "resolve", "--dry-run", "--json")
    said = json.loads(done.stdout)
    assert (said["schema"], said["side"]) == ("dvcinc/resolve/1", "theirs")
    assert {"path": PATH, "action": "taken"} in said["files"]
    assert {"path": LOCK, "action": "merged"} in said["files"]
    assert said["status"]["stages"][0]["name"] == "plan"
