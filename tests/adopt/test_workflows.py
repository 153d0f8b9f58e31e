"""`dvcinc init` writes workflows for the forge that a repository belongs to."""

from __future__ import annotations

import pages
import pytest
from adopt.projects import SMALL, STARTER, adopt, contents, make, prepared
from e2e.project import ROOT, environment
from repositories import Repository, put
from ruamel.yaml import YAML

from dvcinc.adopt.workflows import Host

TEMPLATES = ROOT / "dvcinc/adopt/templates"
COMMENTS = {".github/workflows/dvcinc.yml", ".github/workflows/dvcinc-comment.yml"}
TRAIN = ".github/workflows/dvcinc-train.yml"
GITHUB = "https://github.com/acme/bot.git"


@pytest.fixture
def bot(repo):
    """A project in a repository with a remote."""

    def make_one(remote: str | None = GITHUB, files=SMALL, below: str = ""):
        made = repo({f"{below}{name}": text for name, text in files.items()})
        if remote is not None:
            made.git("remote", "add", "origin", remote)
        return made

    return make_one


def remote(made: Repository, url: str) -> None:
    section = f"['remote \"r\"']\n    url = {url}\n"
    put(made.path / ".dvc/config", f"[core]\n    remote = r\n{section}")


def workflows(made: Repository) -> set[str]:
    found = {path for path in contents(made.path) if "dvcinc" in path}
    return {path for path in found if path.endswith((".yml", ".yaml"))}


# --- where and which --------------------------------------------------------------


@pytest.mark.parametrize(
    ("remote", "files", "wanted"),
    [
        (GITHUB, {}, COMMENTS),
        ("git@github.example.org:acme/bot.git", {}, COMMENTS),
        ("https://gitlab.com/acme/bot.git", {}, {".gitlab/dvcinc.yml"}),
        ("ssh://git@gitlab.example.org/github/bot.git", {}, {".gitlab/dvcinc.yml"}),
        ("https://git.example.org/a.git", {".github/x.yml": "a: 1\n"}, COMMENTS),
        (None, {".gitlab-ci.yml": "a: 1\n"}, {".gitlab/dvcinc.yml"}),
        ("https://git.example.org/gitlab/github.git", {}, set()),
        ("/srv/github/bot.git", {}, set()),
        (None, {}, set()),
    ],
)
def test_the_forge_is_that_of_the_remote_or_of_the_files(bot, remote, files, wanted):
    made = bot(remote, {**SMALL, **files})
    adopt(made.path)
    assert workflows(made) == wanted


def test_a_forge_that_is_named_is_taken(bot):
    made = bot(None)
    adopt(made.path, host=Host.GITHUB)
    assert workflows(made) == COMMENTS


def test_none_is_written_where_none_is_wanted(bot):
    made = bot()
    adopt(made.path, without=frozenset({"workflow"}))
    assert workflows(made) == set()


def test_ci_trains_only_where_it_is_asked_to(bot):
    made = bot()
    adopt(made.path, train=True)
    assert workflows(made) == COMMENTS | {TRAIN}


def test_outside_of_git_nothing_is_written_for_ci(tmp_path):
    adopt(make(tmp_path, SMALL))
    assert not [path for path in contents(tmp_path) if "dvcinc" in path]


# --- what stands in them ----------------------------------------------------------


def test_at_the_top_they_are_the_templates(bot):
    made = bot()
    adopt(made.path, train=True)
    for path in workflows(made):
        name = path.rpartition("/")[2]
        assert (made.path / path).read_bytes() == (
            TEMPLATES / "github" / name
        ).read_bytes()


def test_branch_and_remote_of_the_repository_are_filled_in(bot):
    made = bot()
    made.git("checkout", "-q", "-b", "1.2")
    remote(made, "s3://x/y")
    adopt(made.path, train=True)
    flow = YAML(typ="safe").load((made.path / TRAIN).read_text())
    assert flow["on"]["push"]["branches"] == ["1.2"]
    assert flow["env"]["DVC_REMOTE"] == "s3"


def test_gitlab_is_told_the_remote_as_well(bot):
    made = bot("https://gitlab.com/acme/bot.git")
    remote(made, "gs://x")
    adopt(made.path, train=True)
    text = (made.path / ".gitlab/dvcinc-train.yml").read_text()
    head = next(YAML(typ="safe").load_all(text))
    assert head["spec"]["inputs"]["remote"]["default"] == "gs"
    assert head["spec"]["inputs"]["dvcinc"]["default"].startswith("git+https:")


def test_a_second_assistant_is_added_to_the_lists(bot):
    made = bot(below="bots/a/")
    adopt(made.path / "bots/a", train=True)
    put(made.path / "bots/b/config.yml", SMALL["config.yml"])
    put(made.path / "bots/b/data/nlu.yml", SMALL["data/nlu.yml"])
    adopt(made.path / "bots/b")
    load = YAML(typ="safe").load
    steps = load((made.path / ".github/workflows/dvcinc.yml").read_text())
    taken = steps["jobs"]["decide"]["steps"][1]["with"]
    assert taken["projects"] == "bots/a\nbots/b\n"
    assert load((made.path / TRAIN).read_text())["env"]["PROJECTS"] == taken["projects"]
    assert prepared(made.path / "bots/a").changes == ()
    assert prepared(made.path / "bots/b").changes == ()


# --- what is there ----------------------------------------------------------------


@pytest.mark.parametrize("remote", [GITHUB, "https://gitlab.com/acme/bot.git"])
def test_a_second_run_changes_nothing(bot, remote):
    made = bot(remote)
    adopt(made.path, train=True)
    assert prepared(made.path, train=True).changes == ()
    assert prepared(made.path).changes == ()


def test_what_people_have_changed_in_them_stays(bot):
    made = bot()
    adopt(made.path)
    path = made.path / ".github/workflows/dvcinc.yml"
    mine = path.read_text().replace("timeout-minutes: 15", "timeout-minutes: 5 # quick")
    path.write_text(mine)
    adopt(made.path)
    assert path.read_text() == mine


def test_a_file_of_somebody_else_is_left_alone_and_told(bot):
    made = bot(files={**SMALL, ".github/workflows/dvcinc.yml": "on: push\n"})
    found = adopt(made.path)
    assert (made.path / ".github/workflows/dvcinc.yml").read_text() == "on: push\n"
    assert any("is not dvcinc's" in note for note in found.notes)


def test_a_pipeline_of_gitlabs_is_extended_behind_what_it_says(bot):
    before = "# ours\nstages: [test]\n"
    made = bot(None, {**SMALL, ".gitlab-ci.yml": before})
    adopt(made.path)
    after = (made.path / ".gitlab-ci.yml").read_text()
    assert after == f"{before}\ninclude:\n  - local: .gitlab/dvcinc.yml\n"


def test_an_include_of_their_own_is_left_to_people(bot):
    before = "include: [{local: a.yml}]\n"
    made = bot(None, {**SMALL, ".gitlab-ci.yml": before})
    found = adopt(made.path)
    assert (made.path / ".gitlab-ci.yml").read_text() == before
    assert any("add - local: .gitlab/dvcinc.yml" in note for note in found.notes)


# --- the documentation ------------------------------------------------------------


def test_the_page_shows_what_happens(bot):
    pages.run("docs/ci.md", bot(files=STARTER).path, environment())
