"""Bases: what they are a function of, and how a plan finds them again."""

from __future__ import annotations

from dataclasses import replace

import pytest
from corpora import PIPELINE, corpus
from plan.bots import (
    DATA,
    LINES,
    NLU,
    PARAMS,
    THREE,
    added,
    committed_bot,
    planned_bot,
    put,
    start,
)

from dvcinc.config import Mode, Train
from dvcinc.corpus.canonical import CanonicalFile
from dvcinc.corpus.trained import trained
from dvcinc.errors import CannotTellError, InputError
from dvcinc.plan.base import Versions, cut, read_base
from dvcinc.plan.document import PATH

__all__ = ["committed_bot", "planned_bot"]

VERSIONS = Versions(model_format=1, feature_code=1)


def frozen(lines: str = LINES, config: str = PIPELINE):
    return trained(corpus(lines, config=config))


# --- a base by itself -------------------------------------------------------------


def test_a_base_is_a_function_of_corpus_parameters_and_versions():
    one = cut(frozen(), Train(), VERSIONS, "a" * 40)
    rows = "\n".join(reversed(LINES.strip().splitlines()))
    other = cut(frozen(f"{rows}\ngreet: hi"), Train(), VERSIONS, None)
    assert one.files() == other.files()
    assert one.info.digest == other.info.digest


@pytest.mark.parametrize(
    "other",
    [
        cut(frozen(LINES + "greet: hey"), Train(), VERSIONS, None),
        cut(frozen(config=PIPELINE + "  x: 1\n"), Train(seed=1), VERSIONS, None),
        cut(frozen(), Train(learning_rate=0.1), VERSIONS, None),
        cut(frozen(), Train(epochs_from_config=True), VERSIONS, None),
        cut(frozen(), Train(), replace(VERSIONS, feature_code=2), None),
        cut(frozen(), Train(), replace(VERSIONS, model_format=2), None),
    ],
)
def test_every_cut_that_trains_otherwise_has_another_digest(other):
    assert cut(frozen(), Train(), VERSIONS, None).info.digest != other.info.digest
    files = dict(other.files())
    assert (
        files["base.json"]
        != dict(cut(frozen(), Train(), VERSIONS, None).files())["base.json"]
    )


def test_a_base_without_weights_of_its_own_leaves_out_synonyms_and_answers():
    base = cut(frozen(), Train(), VERSIONS, None)
    assert [file.name for file in base.files()] == [
        "config.yml",
        "nlu.yml",
        "base.json",
    ]
    assert b"synonym" not in dict(base.files())["nlu.yml"]


def test_a_base_reads_back_as_itself():
    base = cut(frozen(), Train(learning_rate=0.003, epochs=4), VERSIONS, None)
    read = read_base(base.files(), "plan/base")
    assert read.info == base.info
    assert read.files() == base.files()


@pytest.mark.parametrize(
    ("name", "edit", "message"),
    [
        ("nlu.yml", (b"hello", b"hallo"), "is not what its base.json says"),
        ("base.json", (b'"seed": 42', b'"seed": 43'), "is not what its base.json says"),
        ("base.json", (b'"examples": 28', b'"examples": 2'), "not what its base.json"),
        ("base.json", (b'"threads": 1', b'"threads": true'), "threads must be a whole"),
        ("base.json", (b"dvcinc/base/1", b"dvcinc/base/9"), "has schema"),
        ("base.json", (b"{", b"["), "not JSON"),
    ],
)
def test_a_base_that_was_changed_is_refused(name, edit, message):
    files = cut(frozen(), Train(), VERSIONS, None).files()
    changed = [
        CanonicalFile(n, content.replace(*edit, 1) if n == name else content)
        for n, content in files
    ]
    with pytest.raises(InputError, match=message):
        read_base(changed, "plan/base")


def test_a_base_with_a_file_too_many_or_too_few_is_refused():
    files = cut(frozen(), Train(), VERSIONS, None).files()
    with pytest.raises(InputError, match="is not what"):
        read_base([*files, CanonicalFile("more.yml", b"nlu: []\n")], "plan/base")
    with pytest.raises(InputError, match="is not what"):
        read_base(files[1:], "plan/base")
    with pytest.raises(InputError, match=r"base\.json is missing"):
        read_base(files[:-1], "plan/base")


# --- found again in Git -----------------------------------------------------------


def _grown(bot):
    """The project with three more examples, planned without a base at hand."""
    bot.forget()
    bot.say(LINES + THREE)
    plan = bot.repro()
    assert plan.decision.mode is Mode.FINETUNE
    assert not plan.warnings
    assert len(added(plan)) == 3
    return plan


def test_a_base_is_found_where_data_and_plan_were_committed_together(bot):
    digest = bot.repro().base.info.digest
    bot.commit("train and commit")
    assert _grown(bot).base.info.digest == digest
    bot.commit()
    bot.say(LINES + THREE + "bye: one more")
    bot.forget()
    assert bot.repro().base.info.digest == digest


def test_a_base_is_found_where_the_data_were_committed_first(bot):
    bot.say(LINES + "greet: hey")
    bot.commit("data")
    digest = bot.repro().base.info.digest
    bot.commit("four files")
    bot.say(LINES + "greet: hey\nbye: one more")
    bot.commit("data again")
    bot.forget()
    plan = bot.repro()
    assert (plan.decision.mode, plan.base.info.digest) == (Mode.FINETUNE, digest)


def test_a_base_is_found_after_the_commit_it_was_cut_at_is_gone(bot):
    bot.say(LINES + "greet: hey")
    bot.repro()
    bot.commit("plan")
    bot.repo.git("checkout", "--quiet", "--orphan", "squashed")
    bot.commit("all in one")
    bot.repo.git("branch", "--quiet", "--delete", "--force", "main")
    bot.repo.git("reflog", "expire", "--expire=now", "--all")
    bot.repo.git("gc", "--quiet", "--prune=now")
    bot.say(LINES + "greet: hey" + THREE)
    bot.forget()
    plan = bot.repro()
    assert (plan.decision.mode, plan.warnings) == (Mode.FINETUNE, ())


def test_a_base_is_found_at_its_commit_even_if_head_does_not_lead_there(planned):
    planned.repro()
    planned.repo.git("checkout", "--quiet", "--orphan", "squashed")
    planned.say(LINES + THREE)
    planned.commit("later data with the first plan")
    planned.say(LINES + THREE + "bye: one more")
    planned.forget()
    plan = planned.repro()
    assert (plan.decision.mode, plan.warnings) == (Mode.FINETUNE, ())


@pytest.mark.parametrize("params", ["", "train: {seed: x}\n"])
def test_a_base_is_found_in_the_datas_history_if_the_plan_tells_nothing(repo, params):
    bot = start(repo())
    plan = bot.repro()
    assert plan.base.info.commit is None
    (bot.path / PATH).unlink()
    bot.commit("data")
    put(bot.path / PATH, plan.data)
    bot.say(LINES + THREE)
    bot.params(params)
    bot.commit("later data with the first plan")
    bot.params("")
    bot.say(LINES + THREE + "bye: one more")
    bot.forget()
    plan = bot.repro()
    assert (plan.decision.mode, plan.warnings) == (Mode.FINETUNE, ())


def test_a_base_that_was_squashed_away_is_a_warning_that_names_it(planned):
    digest = _grown(planned).base.info.digest
    planned.repo.git("checkout", "--quiet", "--orphan", "squashed")
    planned.commit("all in one")
    planned.repo.git("branch", "--quiet", "--delete", "--force", "main")
    planned.repo.git("reflog", "expire", "--expire=now", "--all")
    planned.repo.git("gc", "--quiet", "--prune=now")
    planned.say(LINES + THREE + "bye: one more")
    planned.forget()
    plan = planned.repro()
    assert plan.base.info.digest != digest
    assert [(r.code, r.mode) for r in plan.decision.reasons] == [
        ("DI504", Mode.SCRATCH),
        ("DI101", Mode.FINETUNE),
    ]
    (warning,) = plan.warnings
    assert warning == plan.decision.reasons[0].text
    head = planned.repo.git("rev-parse", "HEAD")
    assert warning == (
        f"the base of the plan at {head[:10]} ({digest[:19]}…, 28 examples) can be "
        "found neither in the work tree nor in Git nor in DVC's cache"
    )
    assert planned.repro().data == plan.data


def test_a_base_that_is_the_corpus_now_needs_no_git(planned):
    _grown(planned)
    planned.repo.git("checkout", "--quiet", "--orphan", "squashed")
    planned.commit("all in one")
    planned.repo.git("branch", "--quiet", "--delete", "--force", "main")
    planned.repo.git("reflog", "expire", "--expire=now", "--all")
    planned.repo.git("gc", "--quiet", "--prune=now")
    planned.say(LINES)
    planned.forget()
    plan = planned.repro()
    assert not plan.warnings
    assert plan.lesson.is_empty


def test_a_shallow_clone_cannot_tell_of_a_base_beyond_its_edge(planned, tmp_path):
    _grown(planned)
    planned.commit()
    planned.repo.git(
        "clone",
        "--quiet",
        "--depth=1",
        planned.repo.path.as_uri(),
        tmp_path / "shallow",
    )
    clone = type(planned)(planned.repo, tmp_path / "shallow")
    clone.say(LINES + THREE + "bye: one more")
    with pytest.raises(CannotTellError, match="history was cut off") as caught:
        clone.plan()
    assert "fetch-depth: 0" in caught.value.hint


@pytest.mark.parametrize(
    "broken", [{NLU: "nlu: [\n"}, {PARAMS: DATA + "train: {seed: x}\n"}]
)
def test_a_broken_commit_in_between_does_no_harm(planned, broken):
    kept = {name: (planned.path / name).read_bytes() for name in broken}
    for name, text in broken.items():
        put(planned.path / name, text)
    planned.commit("broken")
    for name, data in kept.items():
        put(planned.path / name, data)
    _grown(planned)
