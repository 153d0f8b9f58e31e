"""The base is found again: after a revert, on a branch, in the middle of a merge."""

from __future__ import annotations

from dataclasses import replace

import pytest
from corpora import PIPELINE, corpus
from plan.bots import (
    LINES,
    NEW_INTENT,
    PRAGMATIC,
    THREE,
    Bot,
    added,
    codes,
    committed_bot,
    planned_bot,
    put,
)

from dvcinc.changes import Kind
from dvcinc.config import Mode, Params
from dvcinc.corpus.trained import trained
from dvcinc.decision.rules import check_policy
from dvcinc.lineage.verdict import classify
from dvcinc.params import read_params
from dvcinc.plan.base import Versions, cut
from dvcinc.plan.candidates import versions
from dvcinc.plan.choose import Chooser, counts
from dvcinc.plan.document import PATH
from dvcinc.snapshot.git import open_git

__all__ = ["committed_bot", "planned_bot"]

VERSIONS = Versions(model_format=1, feature_code=1)
MORE = "data/nlu/more.yml"
"""A file of its own, so that git can merge what both sides add."""


SETTINGS = {
    "diff.orderFile": "nowhere",
    "log.follow": "true",
    "log.showRoot": "false",
    "log.showSignature": "true",
    "log.diffMerges": "off",
    "log.decorate": "full",
    "log.date": "raw",
    "log.abbrevCommit": "true",
    "format.pretty": "oneline",
    "core.abbrev": "4",
    "color.ui": "always",
    "color.diff": "always",
    "core.quotePath": "true",
    "diff.renames": "copies",
    "diff.external": "false",
    "diff.relative": "true",
    "diff.noprefix": "true",
    "diff.ignoreSubmodules": "all",
    "i18n.logOutputEncoding": "utf-16",
}


@pytest.mark.parametrize("name", SETTINGS)
def test_no_setting_hides_the_plans_of_history(repo, name: str) -> None:
    """One of them stands in the first commit, another in a merge alone."""
    made = repo({"plan/plan.json": "one", "a.txt": ""}, {"plan/plan.json": "two"})
    made.git("checkout", "-q", "-b", "other", "HEAD~1")
    made.commit({"a.txt": "other"})
    made.git("merge", "-q", "--no-commit", "-s", "ours", "main")
    made.commit({"plan/plan.json": "three"})
    made.git("config", name, SETTINGS[name])
    git = open_git(made.path)
    found = dict(versions(git, [git.commit("HEAD")], PATH))
    assert [*found.values()] == [b"three", b"two", b"one"]


def grow(bot: Bot, lines: str, path: str = MORE) -> str:
    """Commits more data and their plan; the digest of the base."""
    put(bot.path / path, nlu(lines))
    plan = bot.repro()
    bot.commit()
    return plan.base.info.digest


def nlu(lines: str) -> str:
    return f'version: "3.1"\nnlu:\n{items(lines)}'


def items(lines: str) -> str:
    rows = [line.partition(":") for line in lines.split("\n") if line]
    return "".join(
        f"- intent: {intent}\n  examples: |\n"
        + "".join(f"    - {text.strip()}\n" for text in texts.split("|"))
        for intent, _, texts in rows
    )


def digest(bot: Bot) -> str:
    return bot.plan().base.info.digest


@pytest.fixture(name="forked")
def forked_bot(planned):
    """Branch `intent` has an intent and its base, `main` three examples more."""
    planned.repo.git("checkout", "--quiet", "-b", "intent")
    grow(planned, NEW_INTENT, "data/nlu/book.yml")
    planned.repo.git("checkout", "--quiet", "main")
    grow(planned, THREE)
    return planned


def conflict(bot: Bot, *command: str) -> None:
    """Runs a git command that ends in a conflict over `plan.json`."""
    with pytest.raises(AssertionError):
        bot.repo.git(*command)
    assert "<<<<<<<" in (bot.path / PATH).read_text(encoding="utf-8")


def base_at(bot: Bot, revision: str) -> str:
    project = bot.project
    committed = project.committed(project.git.commit(revision))
    return committed.document.base.digest


# --- history ----------------------------------------------------------------------


@pytest.mark.parametrize("before", ["", THREE])
def test_a_reverted_intent_finds_the_base_before_it(planned, before):
    first = grow(planned, before) if before else digest(planned)
    second = grow(planned, NEW_INTENT, "data/nlu/book.yml")
    assert second != first
    planned.repo.git("revert", "--no-edit", "HEAD")
    planned.repo.git("checkout", "--quiet", "HEAD~1", "--", PATH)  # a data-only revert
    planned.commit("data only")
    plan = planned.plan()
    assert plan.base.info.digest == first
    assert len(added(plan)) == (3 if before else 0)
    assert codes(plan) == ["DI202"]
    (said,) = plan.warnings
    assert said.startswith("the base of the plan at ")
    assert said.endswith(" fits; its model is restored where it can be had")


def test_it_is_told_the_same_before_and_after_the_run(planned):
    grow(planned, THREE)
    grow(planned, NEW_INTENT, "data/nlu/book.yml")
    (planned.path / "data/nlu/book.yml").unlink()
    first = planned.repro()
    again = planned.repro()
    assert first.data == again.data
    assert first.warnings == again.warnings != ()
    planned.forget()
    assert planned.repro().data == first.data


def test_a_base_that_is_the_corpus_itself_goes_before_a_small_delta(planned):
    planned.params("policy: {preset: pragmatic, unlearn_limit: 0.5}\n")
    first = digest(planned)
    planned.params("policy: {preset: pragmatic, unlearn_limit: 0.5, mode: scratch}\n")
    second = grow(planned, THREE)
    assert second != first
    planned.params("policy: {preset: pragmatic, unlearn_limit: 0.5}\n")
    (planned.path / MORE).unlink()
    plan = planned.plan()
    assert plan.base.info.digest == first
    assert plan.lesson.is_empty


def test_a_near_base_that_is_not_the_corpus_stays_in_history(planned):
    """While HEAD's base fits, it holds, though an older one has a smaller delta."""
    planned.params("policy: {mode: scratch}\n")
    second = grow(planned, THREE)
    planned.params("policy: {preset: pragmatic, unlearn_limit: 0.5}\n")
    put(planned.path / MORE, nlu("bye: bye then"))
    assert digest(planned) == second


def test_other_parameters_than_the_old_bases_cut_a_new_one(planned):
    first = digest(planned)
    grow(planned, NEW_INTENT, "data/nlu/book.yml")
    (planned.path / "data/nlu/book.yml").unlink()
    planned.params("train: {seed: 7}\n")
    plan = planned.plan()
    assert plan.base.info.digest != first
    assert plan.base.info.train.seed == 7


def test_broken_and_deleted_plans_in_history_do_no_harm(planned):
    first = grow(planned, THREE)
    grow(planned, NEW_INTENT, "data/nlu/book.yml")
    whole = (planned.path / PATH).read_bytes()
    put(planned.path / PATH, b"<<<<<<< ours\n")
    planned.commit("broken")
    (planned.path / PATH).unlink()
    planned.commit("deleted")
    put(planned.path / PATH, whole)
    (planned.path / "data/nlu/book.yml").unlink()
    planned.commit("back")
    assert digest(planned) == first


def test_a_shallow_clone_says_that_it_does_not_know_earlier_bases(planned, tmp_path):
    grow(planned, THREE)
    grow(planned, NEW_INTENT, "data/nlu/book.yml")
    target = tmp_path / "shallow"
    url = planned.repo.path.as_uri()
    planned.repo.git("clone", "--quiet", "--depth=1", url, target)
    clone = Bot(planned.repo, target)
    (clone.path / "data/nlu/book.yml").unlink()
    plan = clone.plan()
    assert plan.lesson.is_empty
    (said,) = plan.warnings
    assert "fetch-depth: 0" in said


# --- merges -----------------------------------------------------------------------


def test_an_open_merge_takes_the_parents_base_that_fits(forked):
    theirs = base_at(forked, "intent")
    conflict(forked, "merge", "intent")
    plan = forked.plan()
    assert plan.base.info.digest == theirs != base_at(forked, "HEAD")
    assert len(added(plan)) == 3
    assert "DI201" in codes(plan)
    assert forked.repro().data == plan.data


def test_an_open_merge_keeps_heads_base_where_that_one_fits(forked):
    forked.repo.git("checkout", "--quiet", "intent")
    ours = base_at(forked, "HEAD")
    conflict(forked, "merge", "main")
    plan = forked.plan()
    assert plan.base.info.digest == ours
    assert (plan.decision.mode, codes(plan)) == (Mode.FINETUNE, ["DI101"] * 3)
    assert not plan.warnings


def test_a_merge_of_two_bases_that_fit_says_so_and_takes_the_nearer(planned):
    """`theirs` cut a base of its own on purpose, `main` grew beside it."""
    planned.params(PRAGMATIC)
    grow(planned, THREE)
    planned.repro()
    planned.commit()
    planned.repo.git("checkout", "--quiet", "-b", "theirs")
    planned.params(PRAGMATIC.replace("{", "{mode: scratch, "))
    planned.repro()
    planned.commit()
    planned.params(PRAGMATIC)
    theirs = planned.repro().base.info.digest
    planned.commit()
    planned.repo.git("checkout", "--quiet", "main")
    grow(planned, "\nbye: one more", "data/nlu/third.yml")
    assert base_at(planned, "HEAD") != theirs
    conflict(planned, "merge", "theirs")
    plan = planned.plan()
    assert plan.base.info.digest == theirs
    first = plan.decision.reasons[0]
    assert (first.code, first.kind, first.advice) == ("DI508", Kind.OTHER_BASE, "")
    start, end = "the merge joins two bases that fit; the base of ", " is nearer"
    assert first.text.startswith(start)
    assert first.text.endswith(end)


def test_a_merge_committed_with_our_plan_still_finds_theirs(forked):
    theirs = base_at(forked, "intent")
    conflict(forked, "merge", "intent")
    inside = forked.plan()
    forked.repo.git("checkout", "--quiet", "--ours", "--", PATH)
    forked.commit("merged, not trained")
    forked.forget()
    plan = forked.plan()
    assert plan.base.info.digest == theirs
    assert plan.document.reasons == inside.document.reasons
    put(forked.path / "README.md", "later\n")
    forked.commit("and later")
    assert digest(forked) == theirs


def test_an_octopus_offers_the_base_of_every_side(forked):
    theirs = base_at(forked, "intent")
    forked.repo.git("checkout", "--quiet", "-b", "third")
    put(forked.path / "data/nlu/third.yml", nlu("greet: hullo"))
    forked.commit("data only")
    forked.repo.git("checkout", "--quiet", "main")
    put(forked.path / "data/nlu/book.yml", nlu(NEW_INTENT))
    git_dir = forked.path / ".git"
    ids = [forked.repo.git("rev-parse", side) for side in ("third", "intent")]
    put(git_dir / "MERGE_HEAD", "".join(f"{side}\n" for side in ids))
    assert digest(forked) == theirs
    put(git_dir / "MERGE_HEAD", f"{ids[0]}\n")
    assert digest(forked) != theirs
    put(git_dir / "MERGE_HEAD", "--upload-pack=touch\n")
    assert digest(forked) != theirs


@pytest.mark.parametrize("command", ["cherry-pick", "rebase", "merge --squash"])
def test_other_ways_to_merge_find_the_other_sides_base(forked, command):
    theirs = base_at(forked, "intent")
    if command == "rebase":
        forked.repo.git("checkout", "--quiet", "intent")
        conflict(forked, "rebase", "main")
    else:
        conflict(forked, *command.split(" "), "intent")
    plan = forked.plan()
    assert plan.base.info.digest == theirs
    assert len(added(plan)) == 3


def test_a_stash_finds_its_base(planned):
    put(planned.path / "data/nlu/book.yml", nlu(NEW_INTENT))
    stashed = planned.repro().base.info.digest
    planned.repo.git("add", "--all")
    planned.repo.git("stash")
    grow(planned, THREE)
    conflict(planned, "stash", "pop")
    assert digest(planned) == stashed


def test_a_merges_other_side_is_no_matter_of_a_commit(forked):
    """What a commit needs does not depend on what happens to be under way."""
    project = forked.project
    head = project.git.head()
    before = project.situation(project.snapshot(project.commit("intent")), head)
    conflict(forked, "merge", "intent")
    project = forked.project
    after = project.situation(project.snapshot(project.commit("intent")), head)
    assert [c.info for c in after.candidates] == [c.info for c in before.candidates]


def test_classify_says_of_an_open_merge_what_the_plan_stage_does(forked):
    conflict(forked, "merge", "intent")
    project = forked.project
    verdict = classify(project, project.commit("HEAD"), project.worktree())
    assert verdict.decision == forked.repro().decision


# --- who is not even read ---------------------------------------------------------

STRICT = Params()
LOOSE = read_params(b"policy: {preset: pragmatic, growth_limit: 9}\n")


@pytest.mark.parametrize(
    ("now", "params", "may"),
    [
        (LINES, STRICT, True),
        (LINES + THREE, STRICT, True),
        (LINES + NEW_INTENT, STRICT, False),
        (LINES + NEW_INTENT, LOOSE, True),
        (LINES.replace("greet: hi | hello | ", "greet: "), STRICT, False),
        (LINES.replace("greet: hi | hello | ", "greet: "), LOOSE, True),
        (LINES.replace("bye:", "farewell:"), STRICT, True),
        (LINES.replace("bye:", "greet:"), LOOSE, False),
        (LINES.replace("(city)", "(town)"), STRICT, True),
        (LINES + "greet: hi [Bob](name)", STRICT, False),
        (LINES + "greet: hi [Bob](name)", LOOSE, True),
    ],
)
def test_a_base_is_passed_over_unread_only_if_it_cannot_fit(now, params, may):
    check_policy(params.policy)
    frozen = trained(corpus(LINES, config=PIPELINE))
    base = cut(frozen, params.train, VERSIONS, None)
    chooser = Chooser(corpus(now, config=PIPELINE), params, VERSIONS)
    assert chooser.may_fit(base.info, counts(chooser.trained)) == may
    assert may or chooser.fit(base).mode is Mode.SCRATCH


def test_a_base_of_other_code_is_passed_over():
    chooser = Chooser(
        corpus(LINES, config=PIPELINE), STRICT, replace(VERSIONS, feature_code=2)
    )
    frozen = trained(corpus(LINES, config=PIPELINE))
    info = cut(frozen, STRICT.train, VERSIONS, None).info
    assert not chooser.may_fit(info, counts(frozen))
