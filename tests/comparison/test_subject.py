"""What is compared at a revision: its data, the base that it goes with, the delta."""

from __future__ import annotations

from pathlib import Path

import pytest
from corpora import PIPELINE, nlu_yaml
from stages.test_without_tensorflow import Talk

from dvcinc.comparison.subject import subject
from dvcinc.corpus.values import Example
from dvcinc.errors import CannotTellError, CheckError, GitError, InputError
from dvcinc.lineage.record import read_lineage
from dvcinc.lineage.values import Cost
from dvcinc.plan.document import PATH, read_plan
from dvcinc.plan.project import open_project
from dvcinc.stages.plan import run_plan

ROOT = Path(__file__).resolve().parents[2]
LINES = "greet: hi | hello | hey you | good day\nbye: ciao | so long | see you | later"
PARAMS = "data: {nlu: data, config: config.yml, test: t}\n"
FILES = {
    "params.yaml": PARAMS,
    "data/nlu.yml": nlu_yaml(LINES),
    "t/test.yml": nlu_yaml("bye: bye\ngreet: hey"),
    "config.yml": PIPELINE,
    ".gitignore": "/plan/base\n/plan/delta\n/plan/tables\n",
}
MORE = {"data/more.yml": nlu_yaml("greet: hiya")}
INTENT = {"data/new.yml": nlu_yaml("thank: thanks | cheers")}
LAYERS = PIPELINE.replace(
    "  epochs: 100\n", "  epochs: 100\n  number_of_transformer_layers: 1\n"
)
NO_BYE = {"data/nlu.yml": nlu_yaml("greet: hi | hello | hey you | good day")}


@pytest.fixture
def planned(repo):
    """A repository with a committed plan, whose base is all that there is."""
    made = repo(FILES)
    run_plan(made.path, Talk())
    made.commit(message="plan")
    return made


def at(made, revision=None, base=None):
    return subject(open_project(made.path), revision, base)


def test_the_work_tree_is_compared_against_the_base_of_heads_plan(planned):
    planned.write(MORE)
    found = at(planned)
    assert found.fit.delta.added == (Example("greet", "hiya"),)
    assert (found.source, found.commit) == ("worktree", None)
    assert found.base_name == f"the plan at {planned.commits[-1][:10]}"
    assert len(found.corpus.examples) == 9
    assert found.touched() == {"greet"}
    assert found.cost == Cost()


def test_a_revision_is_compared_with_its_own_plan_whatever_the_work_tree_says(planned):
    commit = planned.commit(MORE)
    planned.write({"data/more.yml": "}"})
    found = at(planned, "HEAD")
    assert found.commit == commit
    assert found.fit.delta.added == (Example("greet", "hiya"),)


def test_the_delta_is_that_of_the_plan_stage(planned):
    planned.write(MORE)
    run_plan(planned.path, Talk())
    plan = read_plan((planned.path / PATH).read_bytes())
    (own,) = at(planned).seeded(1)
    assert own.base.info.digest == plan.base.digest
    files = {f.name: f.content for f in own.delta}
    assert files == {
        name: (planned.path / "plan/delta" / name).read_bytes() for name in files
    }


def test_each_seed_has_a_base_of_its_own_and_the_same_delta(planned):
    planned.write(MORE)
    first, second = at(planned).seeded(2)
    assert (first.seed, second.seed) == (42, 43)
    assert first.base.info.train.seed == first.whole.info.train.seed == 42
    assert second.base.info.train.seed == 43
    digests = {b.info.digest for s in (first, second) for b in (s.base, s.whole)}
    assert len(digests) == 4
    names = [[f.name for f in one.delta] for one in (first, second)]
    assert names[0] == names[1]


def test_seeds_begin_anew_behind_the_last(planned):
    planned.write({**MORE, "params.yaml": f"{PARAMS}train: {{seed: {2**31 - 1}}}\n"})
    seeds = at(planned, base="HEAD").seeded(2)
    assert [one.seed for one in seeds] == [2**31 - 1, 0]


def test_tests_stand_in_the_order_of_the_stage_with_their_places(planned):
    planned.write(MORE)
    found = at(planned)
    assert [example.text for example in found.tests] == ["bye", "hey"]
    assert [str(place) for place in found.tests.values()] == [
        "t/test.yml:5",
        "t/test.yml:8",
    ]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, "the work tree is its own base"),
        (INTENT, "they need training from scratch"),
    ],
)
def test_without_a_delta_there_is_nothing_to_compare(planned, files, said):
    planned.write(files)
    with pytest.raises(CannotTellError, match="nothing to compare") as raised:
        at(planned)
    assert said in raised.value.message
    assert "--base" in raised.value.hint


def test_the_base_of_another_revision_is_taken_whatever_the_policy_says(planned):
    planned.commit(INTENT)
    found = at(planned, "HEAD", base="HEAD~1")
    assert {example.intent for example in found.fit.delta.added} == {"thank"}
    assert found.touched() == {"thank"}
    assert found.base_name.startswith("the plan at")


def test_where_a_revision_has_no_plan_its_data_are_the_base(repo):
    made = repo(FILES, MORE)
    found = at(made, base="HEAD~1")
    assert found.base_name == "the data at HEAD~1"
    assert found.fit.delta.added == (Example("greet", "hiya"),)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (NO_BYE, "bye"),
        ({"config.yml": LAYERS}, "layers"),
    ],
)
def test_what_no_fine_tune_can_reach_is_no_base(planned, files, said):
    planned.write(files)
    with pytest.raises(CheckError, match="no fine-tune leads from") as raised:
        at(planned, base="HEAD")
    assert said in raised.value.message


def test_renames_stand_in_the_tables_around_the_base_alone(planned):
    renamed = LINES.replace("bye:", "goodbye:")
    planned.write({"data/nlu.yml": nlu_yaml(renamed + " | adieu")})
    found = at(planned, base="HEAD")
    assert found.tuned_tables.intent_renames == (("bye", "goodbye"),)
    assert found.scratch_tables.intent_renames == ()
    assert found.touched() == {"goodbye"}


def test_without_tests_nothing_can_be_compared(planned):
    planned.write({**MORE, "t/test.yml": "version: '3.1'\n"})
    with pytest.raises(InputError, match="there are no test examples in t"):
        at(planned)


def test_a_revision_that_is_none_is_named(planned):
    with pytest.raises(GitError, match="nowhere"):
        at(planned, "nowhere")


def test_the_cost_is_what_is_recorded_at_the_revision(planned):
    record = (ROOT / "lineage.json").read_bytes()
    planned.commit({**MORE, "lineage.json": record})
    assert at(planned, "HEAD").cost.scratch_s == read_lineage(record).base.seconds
