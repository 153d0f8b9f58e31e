"""`init` finds what a Rasa project holds, in any of the usual layouts."""

from __future__ import annotations

import pytest
from adopt.projects import (
    ALL,
    CONFIG,
    DOMAIN,
    MARKDOWN,
    NLU,
    OWN,
    SMALL,
    STARTER,
    STORIES,
    TEST_STORIES,
    TESTS,
    adopt,
    make,
    prepared,
)
from corpora import nlu_yaml
from repositories import put

from dvcinc.config import Data
from dvcinc.errors import InputError
from dvcinc.params import read_params

DATA = {"config.yml": CONFIG, "domain.yml": DOMAIN, "data/nlu.yml": NLU}
LAYOUTS = {
    "rasa init": (STARTER, "data", "domain.yml", "config.yml", "", 0),
    "a folder of domains": (
        {**SMALL, "domain/a.yml": DOMAIN, "domain/b.yml": "slots: {}\n"},
        *("data", "domain", "config.yml", "", 0),
    ),
    "a domain of both kinds": (
        {**DATA, "domain/more.yml": "slots: {}\n"},
        *("data", "domain.yml domain", "config.yml", "", 0),
    ),
    "no domain": (SMALL, "data", "", "config.yml", "", 0),
    "markdown of Rasa 1": (
        {"config.yml": CONFIG, "domain.yml": DOMAIN, "data/nlu.md": MARKDOWN},
        *("data", "domain.yml", "config.yml", "", 0),
    ),
    "a file beside the others": (
        {"config.yml": CONFIG, "nlu.md": MARKDOWN},
        *("nlu.md", "", "config.yml", "", 0),
    ),
    "all in data": (
        {
            "data/config.yml": CONFIG,
            "data/domain.yml": DOMAIN,
            "data/nlu/nlu.yml": NLU,
            "data/stories.yml": STORIES,
            "data/test/nlu.yml": TESTS,
        },
        *("data/nlu data/stories.yml", "data/domain.yml", "data/config.yml"),
        *("data/test", 2),
    ),
    "tests in a folder": (
        {**DATA, "tests/test_nlu.yml": TESTS, "tests/test_stories.yml": TEST_STORIES},
        *("data", "domain.yml", "config.yml", "tests", 2),
    ),
    "tests beside Python": (
        {**DATA, "tests/test_nlu.yml": TESTS, "tests/test_actions.py": "pass\n"},
        *("data", "domain.yml", "config.yml", "tests/test_nlu.yml", 2),
    ),
    "tests in a folder beside Python": (
        {**DATA, "tests/nlu/a.yml": TESTS, "tests/test_actions.py": "pass\n"},
        *("data", "domain.yml", "config.yml", "tests/nlu", 2),
    ),
    "tests in test_data": (
        {**DATA, "test_data/nlu.yml": TESTS},
        *("data", "domain.yml", "config.yml", "test_data", 2),
    ),
    "tests among the data": (
        {**DATA, "data/test_nlu.yml": TESTS},
        *("data", "domain.yml", "config.yml", "data/test_nlu.yml", 2),
    ),
    "stories to test with": (
        {**DATA, "tests/test_stories.yml": TEST_STORIES},
        *("data", "domain.yml", "config.yml", "", 0),
    ),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_layout_is_found(tmp_path, layout):
    files, nlu, domain, config, tested, count = LAYOUTS[layout]
    found = prepared(make(tmp_path, files)).found
    assert found.data.nlu == tuple(nlu.split())
    assert found.data.domain == (tuple(domain.split()) or ("domain.yml",))
    assert found.data.config == config
    assert (found.tested, found.tests) == (tuple(tested.split()), count)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_stages_cover_what_is_there_and_no_more(tmp_path, layout):
    files, nlu, domain, config, tested, _ = LAYOUTS[layout]
    plan, *others = prepared(make(tmp_path, files)).stages
    deps = [entry.path for entry in plan.lists["deps"]]
    assert deps == [*nlu.split(), *domain.split(), config]
    names = tuple(stage.name for stage in (plan, *others))
    assert names == (ALL if tested else OWN)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_what_is_written_is_read_as_what_was_found(tmp_path, layout):
    before = adopt(make(tmp_path, LAYOUTS[layout][0])).found
    after = prepared(tmp_path).found
    assert after.named
    assert set(after.corpus.examples) == set(before.corpus.examples)
    assert after.tests == before.tests


def test_tests_that_hold_no_examples_are_never_trained_on(tmp_path):
    files = {**DATA, "data/tests/stories.yml": TEST_STORIES}
    adopt(make(tmp_path, files))
    params = read_params((tmp_path / "params.yaml").read_bytes())
    assert params.data.test == ("data/tests",)


def test_params_yaml_has_the_last_word(tmp_path):
    said = "data: {nlu: bot/a, domain: bot/d.yml, config: bot/c.yml, test: bot/t}\n"
    files = {
        **STARTER,
        "params.yaml": said,
        "bot/a/x.yml": nlu_yaml("order: tea | coffee"),
        "bot/d.yml": DOMAIN,
        "bot/c.yml": CONFIG,
    }
    found = prepared(make(tmp_path, files)).found
    assert found.named
    assert found.deps == ("bot/a", "bot/d.yml", "bot/c.yml")
    assert {example.intent for example in found.corpus.examples} == {"order"}


def test_a_lookup_elsewhere_is_a_dep_of_the_plan(tmp_path):
    lookup = "nlu:\n- lookup: city\n  examples: lists/cities.txt\n"
    files = {**SMALL, "data/cities.yml": lookup, "lists/cities.txt": "Rome\nOslo\n"}
    found = prepared(make(tmp_path, files)).found
    assert found.deps == ("data", "config.yml", "lists/cities.txt")


def test_linked_data_in_the_repository_are_found(repo):
    files = {"shared/nlu.yml": NLU, "bot/config.yml": CONFIG}
    made = repo(files)
    (made.path / "bot/data").symlink_to("../shared")
    found = prepared(made.path / "bot").found
    assert len(found.corpus.examples) == 10
    assert found.deps == ("data", "config.yml")


def test_linked_data_from_elsewhere_are_refused(repo, tmp_path):
    put(tmp_path / "elsewhere/nlu.yml", NLU)
    made = repo({"config.yml": CONFIG})
    (made.path / "data").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(InputError, match="leads out"):
        prepared(made.path)


REFUSED = {
    "nothing at all": ({}, r"no config.yml", "data.config"),
    "no pipeline": ({**SMALL, "config.yml": "a: 1\n"}, r"no config.yml", "data.config"),
    "no examples": ({"config.yml": CONFIG}, r"no training examples", "data.nlu"),
    "stories alone": (
        {"config.yml": CONFIG, "data/stories.yml": STORIES},
        *(r"no training examples", "data.nlu"),
    ),
    "assistants below": (
        {"bots/a/config.yml": CONFIG, "bots/a/data/nlu.yml": NLU},
        *(r"no config.yml", "bots/a"),
    ),
    "broken data": ({**SMALL, "data/x.yml": "nlu: [\n"}, r"data/x.yml:2:1", ""),
    "a setting misspelt": (
        {**SMALL, "params.yaml": "train: {epoch: 3}\n"},
        *(r"params.yaml:1:9: train.epoch is no setting", "another name"),
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_missing_or_broken_is_told(tmp_path, case):
    files, said, hint = REFUSED[case]
    with pytest.raises(InputError, match=said) as caught:
        prepared(make(tmp_path, files))
    assert hint in caught.value.hint


def test_rasas_defaults_are_what_the_defaults_say(tmp_path):
    found = prepared(make(tmp_path, STARTER)).found
    assert (found.data.nlu, found.data.config) == (Data().nlu, Data().config)
