"""`dvcinc init` writes workflows for the forge that a repository belongs to."""

from __future__ import annotations

from pathlib import Path

import pages
import pytest
from adopt import projects
from adopt.projects import SMALL, STARTER, contents, make
from e2e.project import ROOT, environment
from repositories import Repository, put
from ruamel.yaml import YAML

from dvcinc.adopt import initial
from dvcinc.adopt.check import Patient
from dvcinc.adopt.check_workflows import look_at_workflows, wrong_with
from dvcinc.adopt.initial import Adoption
from dvcinc.adopt.source import FORM, read_source
from dvcinc.adopt.workflows import Host, template
from dvcinc.errors import InputError

TEMPLATES = ROOT / "dvcinc/adopt/templates"
COMMENTS = {".github/workflows/dvcinc.yml", ".github/workflows/dvcinc-comment.yml"}
TRAIN = ".github/workflows/dvcinc-train.yml"
GITHUB = "https://github.com/acme/bot.git"
GITLAB = "https://gitlab.com/acme/bot.git"
OURS = "ada/dvcinc@" + "0123456789abcdef0123456789abcdef01234567"


FILES = [
    (host, path.name)
    for host in Host
    for path in sorted((TEMPLATES / host.value).glob("*.yml"))
]


def adopt(project: Path, **wishes: object) -> Adoption:
    """What `init --source` does to files."""
    return projects.adopt(project, **{"source": read_source(OURS), **wishes})


def prepared(project: Path, **wishes: object) -> Adoption:
    """What it would do."""
    return projects.prepared(project, **{"source": read_source(OURS), **wishes})


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
        said = template(Host.GITHUB, name, read_source(OURS))
        assert (made.path / path).read_text() == said


@pytest.mark.parametrize("said", ["acme/dvcinc@v0.2.0", OURS])
@pytest.mark.parametrize("url", [GITHUB, GITLAB])
def test_they_name_the_source_and_leave_nothing_open(bot, url, said):
    made = bot(url)
    adopt(made.path, train=True, source=read_source(said))
    for path in workflows(made):
        text = (made.path / path).read_text()
        assert said in text
        assert FORM not in text
        assert "OWNER" not in text
        # A commit is pinned; that a tag is not has to be said.
        is_open = "github/" in path and "uses: acme" in text
        assert ("ignore[unpinned-uses]" in text) == is_open


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


# --- without a release ------------------------------------------------------------


@pytest.fixture
def nothing_known(monkeypatch):
    """No release, and pip has taken dvcinc from no repository."""
    monkeypatch.setattr(initial, "known_source", lambda: None)


@pytest.mark.parametrize("url", [GITHUB, GITLAB])
@pytest.mark.usefixtures("nothing_known")
def test_without_a_source_no_file_is_new_and_a_note_says_what_to_name(bot, url):
    made = bot(url)
    found = adopt(made.path, source=None)
    assert workflows(made) == set()
    assert not (made.path / ".gitlab-ci.yml").exists()
    (note,) = (note for note in found.notes if "not written" in note)
    assert f"no release of dvcinc is there for CI to use: {NAME_IT}" in note
    assert (made.path / "dvc.yaml").is_file()


NAME_IT = "name a commit that CI is to use: dvcinc init --source OWNER/REPO@COMMIT"


@pytest.mark.parametrize("wishes", [{"train": True}, {"host": Host.GITHUB}])
@pytest.mark.usefixtures("nothing_known")
def test_what_is_asked_for_and_cannot_be_is_an_error(bot, wishes):
    with pytest.raises(InputError, match="no release of dvcinc") as caught:
        prepared(bot().path, source=None, **wishes)
    assert caught.value.hint == NAME_IT


@pytest.mark.usefixtures("nothing_known")
def test_files_that_are_there_get_their_project_without_a_source(bot):
    made = bot(below="bots/a/")
    adopt(made.path / "bots/a")
    for name, text in SMALL.items():
        put(made.path / "bots/b" / name, text)
    adopt(made.path / "bots/b", source=None, host=Host.GITHUB)
    flow = (made.path / ".github/workflows/dvcinc.yml").read_text()
    assert "            bots/a\n            bots/b\n" in flow


def test_a_workflow_of_github_cannot_use_what_lies_elsewhere(bot):
    elsewhere = read_source("https://git.example.org/a/dvcinc@abc")
    found = prepared(bot().path, source=elsewhere)
    assert any("not https://git.example.org/a/dvcinc" in note for note in found.notes)
    assert not [change for change in found.changes if "dvcinc" in change.path]


def test_gitlab_can_use_what_lies_anywhere(bot):
    made = bot(GITLAB)
    adopt(made.path, source=read_source("https://git.example.org/a/dvcinc@abc"))
    text = (made.path / ".gitlab/dvcinc.yml").read_text()
    assert "default: git+https://git.example.org/a/dvcinc@abc\n" in text


@pytest.mark.parametrize(
    ("named", "tag", "wanted"),
    [
        (FORM, None, "names no dvcinc yet"),
        (FORM, "v0.1.0", "names no dvcinc yet"),
        ("dvcinc/dvcinc@v0.1.0", None, "names v0.1.0, and dvcinc has no release yet"),
        ("dvcinc/dvcinc@v0.1.0", "v0.1.0", ""),
        (OURS, None, ""),
        ("acme/dvcinc@v0.2.0", None, ""),
    ],
)
@pytest.mark.parametrize(("host", "name"), [*FILES])
def test_doctor_finds_what_ci_cannot_have(host, name, named, tag, wanted):
    said = wrong_with(template(host, name, read_source(named)), tag)
    assert wanted in said if wanted else not said


@pytest.mark.parametrize("below", ["", "bots/a/"])
def test_doctor_names_the_file(bot, below):
    made = bot(below=below)
    project = made.path / below
    adopt(project)
    assert _said(project) == ["ok .github/workflows/dvcinc.yml, " + COMMENT]
    text = (made.path / COMMENT).read_text()
    put(made.path / COMMENT, text.replace(OURS, "dvcinc/dvcinc@v9"))
    said = "names v9, and dvcinc has no release yet"
    assert _said(project) == [f"warning {COMMENT} {said}"]


COMMENT = ".github/workflows/dvcinc-comment.yml"


def _said(project: Path) -> list[str]:
    found = look_at_workflows(Patient(project, online=False))
    return [f"{check.state.value} {check.said}" for check in found]


# --- names of directories ---------------------------------------------------------


@pytest.mark.parametrize("url", [GITHUB, GITLAB])
@pytest.mark.parametrize(
    "name",
    ["${{ github.token }}", "$[[ inputs.x ]]", "a\nb", " a", "a ", "a\tb", "a\u2028b"],
)
def test_a_name_that_would_be_read_as_something_else_is_refused(bot, url, name):
    made = bot(url, below=f"{name}/")
    with pytest.raises(InputError, match="must not stand in a workflow") as caught:
        prepared(made.path / name)
    assert "--no-workflow" in caught.value.hint
    assert not caught.value.message.count("\n")
    adopt(made.path / name, without=frozenset({"workflow"}))


def test_gitlab_puts_variables_into_values_so_it_gets_no_dollar(bot):
    with pytest.raises(InputError, match="must not stand in a workflow of gitlab"):
        prepared(bot(GITLAB, below="a$HOME/").path / "a$HOME")


def test_github_takes_a_dollar_for_one(bot):
    assert prepared(bot(below="a$HOME/").path / "a$HOME").changes


@pytest.mark.parametrize("url", [GITHUB, GITLAB])
@pytest.mark.parametrize("name", ["it's", 'a "b"', "#x", "- a: b", "`a`", "a}}", "é"])
def test_any_other_name_stands_in_a_list_as_it_is(bot, url, name):
    made = bot(url, below=f"{name}/")
    adopt(made.path / name, train=True)
    found = {path for path in workflows(made) if "comment" not in path}
    for path in found:
        documents = list(YAML(typ="safe").load_all((made.path / path).read_text()))
        assert f"'{name}\\n'" in str(documents) or f'"{name}\\n"' in str(documents)
    assert len(found) == 2


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
