"""What lies in the work tree or at HEAD may be damaged, or made by other code."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from plan.bots import (
    LINES,
    NLU,
    THREE,
    codes,
    committed_bot,
    planned_bot,
    put,
    start,
)

from dvcinc.config import Mode
from dvcinc.errors import InputError
from dvcinc.plan.base import Versions, current_versions
from dvcinc.plan.document import PATH
from dvcinc.plan.make import make_plan
from dvcinc.text.versions import FEATURE_CODE, MODEL_FORMAT

__all__ = ["committed_bot", "planned_bot"]

VERSIONS = Versions(model_format=1, feature_code=1)


# --- the work tree's base ---------------------------------------------------------


def _tamper(folder):
    put(folder / "nlu.yml", (folder / "nlu.yml").read_bytes() + b"# mine\n")


def _truncate(folder):
    put(folder / "base.json", b"")


def _lose(folder):
    (folder / "base.json").unlink()


def _dangle(folder):
    (folder / "nlu.yml").unlink()
    (folder / "nlu.yml").symlink_to("nowhere")


@pytest.mark.parametrize("damage", [_tamper, _truncate, _lose, _dangle])
def test_a_damaged_base_is_not_believed_and_written_again(planned, damage):
    before = planned.outs()
    damage(planned.path / "plan/base")
    planned.say(LINES + THREE)
    planned.repro()
    planned.say(LINES)
    planned.repro()
    assert planned.outs() == before


def test_a_base_that_dvc_linked_from_its_cache_is_read(planned, tmp_path):
    digest = planned.plan().base.info.digest
    file = planned.path / "plan/base/nlu.yml"
    file.rename(tmp_path / "cached")
    file.symlink_to(tmp_path / "cached")
    assert planned.project.worktree_base().info.digest == digest


def test_a_base_moved_aside_by_a_killed_run_is_seen_and_left_there(planned):
    folder = planned.path / "plan/base"
    digest = planned.plan().base.info.digest
    folder.rename(folder.with_name(".base.old"))
    assert planned.project.worktree_base().info.digest == digest
    assert not folder.exists()


def test_a_commit_is_not_judged_by_what_lies_in_the_work_tree(planned):
    planned.say(LINES + THREE)
    planned.repro()
    planned.commit()
    planned.params("policy: {mode: scratch}\n")
    planned.repro()  # an uncommitted base that is nearer
    project = planned.project
    old, new = planned.repo.commits[-2:]
    now = project.snapshot(project.commit(new))
    plan = make_plan(project.situation(now, old))
    assert (plan.decision.mode, codes(plan)) == (Mode.FINETUNE, ["DI101"] * 3)


# --- plan.json --------------------------------------------------------------------


def _edited(planned, edit) -> bytes:
    said = json.loads((planned.path / PATH).read_bytes())
    edit(said)
    return json.dumps(said).encode()


def _set(*keys, value):
    def edit(said):
        for key in keys[:-1]:
            said = said[key]
        said[keys[-1]] = value

    return edit


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"<<<<<<< HEAD\n{}\n", "not JSON"),
        (b"\xff\xfe", "not UTF-8"),
        (b"[" * 100_000, "not JSON"),
        (b'{"schema": "\\ud800"}', "half of a character"),
        (b'{"schema": NaN}', "NaN is no JSON"),
        (b"{}", "has schema None, not 'dvcinc/plan/1'"),
        (b"[]", "has schema None"),
        (_set("mode", value="cheap"), "mode 'cheap' is none of dvcinc's"),
        (_set("base", value=None), "base: must be an object"),
        (_set("base", "examples", value="3"), "examples must be a whole number"),
        (
            _set("base", "train", "learning_rate", value=10**400),
            "learning_rate must be a number, not '1000",
        ),
        (_set("base", "commit", value="--batch"), "commit must be the id of a commit"),
        (_set("base", "commit", value="HEAD~1"), "commit must be the id of a commit"),
        (_set("targets", "nlu", value="x"), "targets has an unknown mode"),
        (_set("reasons", value=[{"code": 1}]), "reasons"),
        (_set("reasons", 0, "kind", value="odd"), "reasons: 'odd' is not a valid Kind"),
        (_set("delta", "size", value=1.5), "size must be a whole number"),
    ],
)
def test_a_plan_that_cannot_be_read_is_an_error_that_names_it(planned, data, message):
    put(planned.path / PATH, _edited(planned, data) if callable(data) else data)
    head = planned.commit("broken plan")
    with pytest.raises(InputError) as caught:
        planned.plan()
    assert caught.value.message.startswith(f"{head[:10]}:{PATH}")
    assert message in caught.value.message


def test_a_broken_plan_in_the_work_tree_alone_does_no_harm(planned):
    before = planned.outs()
    put(planned.path / PATH, b"<<<<<<< ours\n")
    planned.repro()
    assert planned.outs() == before


# --- versions ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("there", "here", "said"),
    [
        ({"feature_code": 0}, {}, "the base has feature code 0, here it is 1"),
        ({"model_format": 0}, {}, "the base has model format 0, here it is 1"),
        ({}, {}, ""),
    ],
)
def test_other_code_than_the_bases_cuts_a_new_one(bot, monkeypatch, there, here, said):
    def running(changed):
        versions = replace(VERSIONS, **changed)
        for module in ("dvcinc.plan.gathering", "dvcinc.lineage.unchanged"):
            monkeypatch.setattr(f"{module}.current_versions", lambda: versions)

    running(there)
    bot.repro()
    bot.commit()
    before = bot.outs()
    running(here)
    plan = bot.repro()
    if not said:
        assert bot.outs() == before
        return
    (reason,) = plan.decision.reasons
    assert (reason.code, plan.decision.mode) == ("DI505", Mode.SCRATCH)
    assert reason.text.startswith(said)


@pytest.mark.parametrize(
    "edit",
    [
        _set("base", "examples", value=3),
        _set("base", "train", "seed", value=7),
        _set("base", "versions", "more", value="2"),
    ],
)
def test_a_mixed_description_of_a_base_does_no_harm(planned, edit):
    """A merge by hand leaves such a plan; what is cut instead has the same bytes."""
    before = planned.outs()
    put(planned.path / PATH, _edited(planned, edit))
    planned.commit("mixed")
    planned.forget()
    assert planned.repro().decision.mode is Mode.NONE
    after = planned.outs()
    assert {**after, "plan.json": b""} == {**before, "plan.json": b""}


def test_a_base_with_a_digest_of_other_code_is_cut_anew(planned):
    foreign = "sha256:" + "0" * 64
    put(planned.path / PATH, _edited(planned, _set("base", "digest", value=foreign)))
    planned.commit("foreign")
    plan = planned.repro()
    (reason,) = plan.decision.reasons
    assert (reason.code, plan.decision.mode) == ("DI505", Mode.SCRATCH)
    assert reason.text.startswith("the base has digest sha256:000000000000…, here it")
    assert planned.project.worktree_base().info.digest == plan.base.info.digest


def test_a_base_does_not_depend_on_what_is_installed():
    assert current_versions() == Versions(
        model_format=MODEL_FORMAT, feature_code=FEATURE_CODE
    )


def test_a_folder_without_a_plan_or_data_is_no_traceback(repo):
    bot = start(repo())
    for name in (NLU, "data/config.yml", "data/domain.yml"):
        put(bot.path / name, None)
    with pytest.raises(InputError):
        bot.repro()
