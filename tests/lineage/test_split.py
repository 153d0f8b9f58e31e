"""A change taken apart by file: what goes together, what each part needs alone."""

from __future__ import annotations

from itertools import count

import pytest
from corpora import PIPELINE, nlu_yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dvcinc.config import Mode
from dvcinc.lineage import split as splitting
from dvcinc.lineage.joining import Bond
from dvcinc.lineage.split import split
from dvcinc.lineage.verdict import classify
from dvcinc.plan.project import open_project
from dvcinc.snapshot.mixed import Mixed, Remembered

GREET = "greet: hi | hello | hey | howdy"
BYE = "bye: ciao | so long | farewell | later"
BOT = {
    "data/greet.yml": nlu_yaml(GREET),
    "data/bye.yml": nlu_yaml(BYE),
    "data/other.yml": nlu_yaml("thank: thanks | thank you"),
    "domain.yml": "intents: [greet, bye, thank]\nactions: [action_a]\n",
    "config.yml": PIPELINE,
}
MORE_GREET = {"data/greet.yml": nlu_yaml(f"{GREET} | good day")}
MORE_BYE = {"data/bye.yml": nlu_yaml(f"{BYE} | see you")}
ORDER = {"data/order.yml": nlu_yaml("order: a coffee | a tea please")}
PRAGMATIC = "policy: {preset: pragmatic}\n"


def taken_apart(path, old="HEAD", new=None):
    """The change between a commit and the work tree, or another commit."""
    project = open_project(path)
    before = project.commit(old)
    after = Remembered(project.commit(new) if new else project.worktree())
    return split(project, before, after, classify(project, before, after))


def modes(found):
    """The mode of each part by its files, without `data/` and `.yml`."""
    return {
        " ".join(f.removeprefix("data/").removesuffix(".yml") for f in part.files): (
            part.mode.word if part.mode is not None else part.problem
        )
        for part in found.parts
    }


def first(found):
    return None if found.first is None else list(found.first.files)


@pytest.mark.parametrize(
    ("files", "parts"),
    [
        pytest.param({}, {}, id="nothing"),
        pytest.param(
            {**MORE_GREET, **ORDER},
            {"greet": "finetune", "order": "scratch"},
            id="each file by itself",
        ),
        pytest.param(
            {**ORDER, "domain.yml": BOT["domain.yml"].replace("bye,", "bye, order,")},
            {"domain": "none", "order": "scratch"},
            id="an intent does not need its domain entry",
        ),
        pytest.param(
            {
                "data/bye.yml": nlu_yaml(BYE.replace(" | later", "")),
                "data/other.yml": nlu_yaml("thank: thanks | thank you\nbye: later"),
                **MORE_GREET,
            },
            {"bye other": "none", "greet": "finetune"},
            id="an example that moves takes both files along",
        ),
        pytest.param(
            {
                "data/bye.yml": nlu_yaml(BYE.replace(" | later", "")),
                "data/other.yml": nlu_yaml("thank: thanks | thank you | later"),
            },
            {"bye other": "scratch"},
            id="likewise one that moves to another intent",
        ),
        pytest.param(
            {"data/bye.yml": None, "data/tchau.yml": BOT["data/bye.yml"], **ORDER},
            {"bye tchau": "none", "order": "scratch"},
            id="a file that is renamed",
        ),
        pytest.param(
            {"data/bye.yml": None, "data/tchau.yml": nlu_yaml(f"{BYE} | see you")},
            {"bye tchau": "finetune"},
            id="a file that is renamed and edited",
        ),
        pytest.param(
            {
                "data/bye.yml": "# why\n" + BOT["data/bye.yml"],
                "data/greet.yml": "# why\n" + BOT["data/greet.yml"],
                **ORDER,
            },
            {"bye greet": "none", "order": "scratch"},
            id="comments are one part",
        ),
        pytest.param(
            {
                "data/city.yml": 'version: "3.1"\nnlu:\n- lookup: city\n'
                "  examples: data/lists/city.txt\n",
                "data/lists/city.txt": "Rome\nOslo\n",
                **MORE_GREET,
            },
            {"city lists/city.txt": "finetune", "greet": "finetune"},
            id="a list and what names it",
        ),
        pytest.param(
            {"config.yml": PIPELINE.replace("100", "50"), **MORE_BYE},
            {"config": "none", "bye": "finetune"},
            id="the pipeline is a file like the others",
        ),
        pytest.param(
            {"params.yaml": "train: {seed: 7}\n", **MORE_BYE},
            {"params.yaml": "scratch", "bye": "finetune"},
            id="and so are the parameters",
        ),
        pytest.param(
            {
                "params.yaml": "data: {nlu: nlu, domain: domain.yml, "
                "config: config.yml}\n",
                **{
                    path.replace("data/", "nlu/"): text
                    for path, text in BOT.items()
                    if path.startswith("data/")
                },
                **{path: None for path in BOT if path.startswith("data/")},
            },
            {
                "bye greet other nlu/bye nlu/greet nlu/other params.yaml": "none",
            },
            id="data that move with the parameter that names their place",
        ),
    ],
)
def test_a_change_falls_apart_into(repo, files, parts):
    bot = repo(BOT)
    bot.write(files)
    assert modes(taken_apart(bot.path)) == parts


def test_what_needs_less_goes_first_and_its_like_together(repo):
    bot = repo(BOT)
    bot.write({**MORE_GREET, **MORE_BYE, **ORDER})
    found = taken_apart(bot.path)
    assert first(found) == ["data/bye.yml", "data/greet.yml"]
    assert found.first.mode is Mode.FINETUNE
    assert [found.goes_first(part) for part in found.parts] == [True, True, False]


def test_a_domain_that_lists_what_is_new_stays_with_it(repo):
    bot = repo(BOT)
    domain = BOT["domain.yml"].replace("bye,", "bye, order,")
    bot.write({**MORE_GREET, **ORDER, "domain.yml": domain})
    assert first(taken_apart(bot.path)) == ["data/greet.yml"]


def test_what_is_cheap_alone_and_dear_together_does_not_go_first(repo):
    """Each of two files loses half of an intent; without both it is gone."""
    bot = repo(
        {
            **BOT,
            "params.yaml": PRAGMATIC + "# unlearning is not the point\n",
            "data/a.yml": nlu_yaml("wifi: is there wifi"),
            "data/b.yml": nlu_yaml("wifi: the wireless"),
        }
    )
    bot.write({"data/a.yml": None, "data/b.yml": None})
    found = taken_apart(bot.path)
    assert found.whole is Mode.SCRATCH
    assert first(found) is None


def test_a_copy_taken_out_of_two_files_is_one_part(repo):
    bot = repo({**BOT, "data/copy.yml": nlu_yaml(BYE)})
    short = nlu_yaml(BYE.replace(" | later", ""))
    bot.write({"data/bye.yml": short, "data/copy.yml": short})
    (part,) = taken_apart(bot.path).parts
    assert part.mode is Mode.SCRATCH
    assert Bond.COPIED in part.bonds or Bond.LINKED in part.bonds


def test_a_rename_in_many_files_is_one_part_at_the_price_of_all(repo):
    halves = {"data/a.yml": "hi | hello", "data/b.yml": "hey | howdy"}
    rest = {p: t for p, t in BOT.items() if p != "data/greet.yml"}
    bot = repo(
        {
            **rest,
            "params.yaml": PRAGMATIC,
            **{path: nlu_yaml(f"greet: {texts}") for path, texts in halves.items()},
        }
    )
    bot.write(
        {
            **{path: nlu_yaml(f"hail: {texts}") for path, texts in halves.items()},
            "domain.yml": BOT["domain.yml"].replace("greet", "hail"),
            **MORE_BYE,
        }
    )
    found = taken_apart(bot.path)
    assert modes(found) == {"a b domain": "refresh", "bye": "finetune"}
    assert Bond.RENAMED in found.parts[0].bonds


def test_beyond_the_limit_the_rest_goes_by_folder(repo, monkeypatch):
    monkeypatch.setattr(splitting, "LIMIT", 2)
    texts = {f"data/{f}/{i}.yml": f"{f} {i}" for f in "ab" for i in range(4)}
    bot = repo({**BOT, **{p: nlu_yaml(f"thank: {t}") for p, t in texts.items()}})
    bot.write({p: nlu_yaml(f"thank: {t} | more {t}") for p, t in texts.items()})
    bot.write({"data/z.yml": ORDER["data/order.yml"]})
    found = taken_apart(bot.path)
    assert modes(found) == {
        "a/0": "finetune",
        "a/1 a/2 a/3": "finetune",
        "b/0 b/1 b/2 b/3": "finetune",
        "z": "scratch",
    }
    assert [part.bonds for part in found.parts].count((Bond.MANY,)) == 2


def test_an_old_plan_is_why_nothing_is_gained(repo, dvcinc_plan):
    bot = repo(BOT)
    dvcinc_plan(bot)
    bot.commit(ORDER)
    bot.write(MORE_GREET)
    found = taken_apart(bot.path)
    assert found.due is Mode.SCRATCH
    assert found.modes == {Mode.FINETUNE}


def test_with_a_plan_parts_are_judged_as_the_plan_stage_would(repo, dvcinc_plan):
    bot = repo(BOT)
    dvcinc_plan(bot)
    bot.write({**MORE_GREET, **ORDER})
    found = taken_apart(bot.path)
    assert modes(found) == {"greet": "finetune", "order": "scratch"}
    assert found.due is None


@pytest.mark.parametrize("preset", ["strict", "pragmatic"])
@pytest.mark.parametrize("planned", [False, True])
def test_a_part_needs_what_its_own_commit_would(repo, dvcinc_plan, planned, preset):
    bot = repo({**BOT, "params.yaml": f"policy: {{preset: {preset}}}\n"})
    if planned:
        dvcinc_plan(bot)
    change = {
        **MORE_GREET,
        **ORDER,
        "data/bye.yml": nlu_yaml(BYE.replace(" | later", "") + "\nsynonym Rome: roma"),
        "data/more.yml": nlu_yaml("thank: cheers [Bob](name)\nbye: later"),
        "data/pattern.yml": nlu_yaml("regex zip: \\d{5}"),
        "config.yml": PIPELINE.replace("max_ngram: 4", "max_ngram: 3"),
        "domain.yml": BOT["domain.yml"].replace("action_a", "action_b"),
    }
    bot.write(change)
    found = taken_apart(bot.path)
    assert len(found.parts) >= 5
    start = bot.git("rev-parse", "HEAD")
    bot.git("stash", "push", "--quiet", "--include-untracked")
    for part in [*found.parts, found.first]:
        bot.git("checkout", "--quiet", "--detach", start)
        commit = bot.commit({path: change[path] for path in part.files})
        project = open_project(bot.path)
        old, new = project.commit(start), project.commit(commit)
        said = classify(project, old, new).change
        assert said == part.decision, part.files


def test_a_file_and_a_link_to_it_are_one_part(repo):
    bot = repo(BOT)
    (bot.path / "data/link.yml").symlink_to("greet.yml")
    bot.commit()
    bot.write({**MORE_GREET, **MORE_BYE})
    found = taken_apart(bot.path)
    assert modes(found) == {"bye": "finetune", "greet link": "finetune"}
    assert found.parts[1].bonds == (Bond.LINKED,)


def test_a_submodule_is_one_part_and_is_called_by_its_name(repo):
    bot = repo(BOT)
    other = repo({"a.yml": nlu_yaml("greet: oi")}, name="other")
    bot.git(
        "-c",
        "protocol.file.allow=always",
        *("submodule", "--quiet", "add", str(other.path), "data/sub"),
    )
    bot.commit()
    bot.write(
        {
            "data/sub/a.yml": nlu_yaml("greet: oi | ola"),
            "data/sub/b.yml": nlu_yaml("pay: pay now | the bill"),
            **MORE_BYE,
        }
    )
    found = taken_apart(bot.path)
    assert modes(found) == {"bye": "finetune", "sub/a sub/b": "scratch"}
    assert found.parts[1].known == ("data/sub",)


def test_a_pipeline_that_counts_all_words_is_judged_within_bounds(
    repo, dvcinc_plan, monkeypatch
):
    counting = PIPELINE.replace(
        "- name: CountVectorsFeaturizer\n",
        "- name: CountVectorsFeaturizer\n  additional_vocabulary_size: {text: 9}\n",
        1,
    )
    bot = repo({**BOT, "config.yml": counting})
    dvcinc_plan(bot)
    bot.write({**MORE_GREET, **MORE_BYE, **ORDER})
    assert set(modes(taken_apart(bot.path)).values()) == {"finetune", "scratch"}
    monkeypatch.setattr(splitting, "WHOLE", 1)
    found = taken_apart(bot.path)
    assert sum(part.mode is None for part in found.parts) == 2
    assert "not judged" in next(p.problem for p in found.parts if p.problem)


def test_a_broken_old_side_cannot_be_added_to(repo, dvcinc_plan):
    bot = repo(BOT)
    dvcinc_plan(bot)
    bot.commit({"data/bye.yml": "nlu:\n- intent: @x\n"})
    bot.write({"data/bye.yml": BOT["data/bye.yml"], **MORE_GREET})
    found = taken_apart(bot.path)
    assert found.parts == ()
    assert "data/bye.yml:2:11" in found.problem


def test_two_commits_are_taken_apart_as_the_work_tree_is(repo):
    bot = repo(BOT)
    bot.commit({**MORE_GREET, **ORDER})
    found = taken_apart(bot.path, "HEAD~1", "HEAD")
    assert modes(found) == {"greet": "finetune", "order": "scratch"}
    assert found.staged == ()


def test_what_of_the_rest_is_staged_is_named(repo):
    bot = repo(BOT)
    bot.write({**MORE_GREET, **ORDER})
    bot.git("add", "data/order.yml")
    assert taken_apart(bot.path).staged == ("data/order.yml",)


LINES = st.lists(
    st.tuples(
        st.sampled_from(["greet", "bye", "order"]),
        st.sampled_from(["hi", "ciao", "later", "tea", "wifi", "yes"]),
    ),
    max_size=4,
)
NUMBERS = count()
STATES = st.fixed_dictionaries(dict.fromkeys(("a", "b", "c"), LINES))


def _files(state):
    return {
        f"data/{name}.yml": nlu_yaml("\n".join(f"{i}: {t}" for i, t in lines))
        for name, lines in state.items()
    }


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(before=STATES, after=STATES)
def test_all_parts_together_are_the_whole(repo, before, after):
    """No file is lost or stands twice, and with all of them the old side is the new."""
    bot = repo(BOT, _files(before), name=f"repo{next(NUMBERS)}")
    bot.write(_files(after))
    found = taken_apart(bot.path)
    files = [file for part in found.parts for file in part.files]
    changed = bot.git("diff", "HEAD", "--name-only").splitlines()
    assert sorted(files) == sorted(changed)
    project = open_project(bot.path)
    old, new = project.commit("HEAD"), project.worktree()
    mixed = project.side(Mixed(old, new, frozenset(files)))
    assert mixed.key == project.side(new).key
    if len(found.parts) == 1:
        assert found.parts[0].mode is found.whole
