"""A commit is passed over unread only where it touches nothing that trains."""

from __future__ import annotations

import pytest
from shapes import bot, nlu

from dvcinc.snapshot.git import open_git
from dvcinc.snapshot.touched import INDEX, between, may_matter, staged

PARAMS = "data: {nlu: [train, more.yml], domain: domain.yml, config: config.yml}\n"


def looks(made, below: str = "") -> bool | None:
    git = open_git(made.path / below)
    touched = staged(git)
    return None if touched is None else may_matter(git, INDEX, touched)


@pytest.mark.parametrize(
    ("path", "matters"),
    [
        ("README.md", False),
        ("docs/data/nlu.yml", False),
        (".github/workflows/ci.yml", False),
        ("actions/actions.py", False),
        ("data/plot.py", False),
        ("Dockerfile", False),
        (".gitignore", False),
        ("package.json", False),
        ("metrics.json", False),
        ("datas.yml", False),
        ("data/nlu.yml", True),
        ("data/faq.md", True),
        ("data/deep/er/x.json", True),
        ("domain.yml", True),
        ("domain/more.yml", True),
        ("config.yml", True),
        ("params.yaml", True),
        ("dvc.yaml", True),
        ("dvc.lock", True),
        ("data.dvc", True),
        ("plan/plan.json", True),
        # A lookup may name them.
        ("cities.txt", True),
        ("cities.csv", True),
        ("cities", True),
    ],
)
def test_what_is_staged_is_looked_at_or_not_by_its_place(repo, path, matters):
    made = repo(bot())
    made.write({path: "nlu: []\n"})
    made.git("add", "--all")
    assert looks(made) is matters


@pytest.mark.parametrize(
    ("path", "matters"),
    [("train/x.yml", True), ("more.yml", True), ("data/nlu.yml", False)],
)
def test_the_places_are_those_of_params(repo, path, matters):
    made = repo({"params.yaml": PARAMS, "train/a.yml": nlu("hi")})
    made.write({path: "nlu: []\n"})
    made.git("add", "--all")
    assert looks(made) is matters


@pytest.mark.parametrize(
    ("path", "matters"),
    [
        ("bots/a/data/x.yml", True),
        ("bots/b/data/x.yml", False),
        ("data/x.yml", False),
    ],
)
def test_a_project_below_the_top_has_its_own_places(repo, path, matters):
    made = repo(bot(below="bots/a/"))
    made.write({path: "nlu: []\n"})
    made.git("add", "--all")
    assert looks(made, "bots/a") is matters


def test_data_outside_of_the_project_are_looked_at(repo):
    made = repo({"bots/a/params.yaml": "data: {nlu: ../shared}\n", "bots/shared/x": ""})
    made.write({"bots/shared/x.yml": nlu("hi")})
    made.git("add", "--all")
    assert looks(made, "bots/a")


def test_what_a_link_leads_to_is_looked_at(repo):
    made = repo({"elsewhere/x.yml": nlu("hi"), "data/nlu.yml": nlu("hello")})
    (made.path / "data/more").symlink_to("../elsewhere")
    made.commit()
    made.commit({"elsewhere/x.yml": nlu("hi", "hey")})
    git, (old, new) = open_git(made.path), made.commits[-2:]
    assert may_matter(git, new, between(git, old, new))


def test_a_deleted_file_is_looked_at(repo):
    made = repo({**bot(), "data/more.yml": nlu("hey")})
    made.git("rm", "-q", "data/more.yml")
    assert looks(made)


def test_nothing_staged_is_nothing(repo):
    made = repo(bot())
    made.write({"data/nlu.yml": nlu("unstaged")})
    assert looks(made) is False


def test_params_that_cannot_be_read_are_looked_at(repo):
    made = repo({**bot(), "params.yaml": "data: ["})
    made.write({"README.md": "x"})
    made.git("add", "--all")
    assert looks(made)


def test_before_the_first_commit_nothing_can_be_compared(repo):
    made = repo()
    made.write(bot())
    made.git("add", "--all")
    assert looks(made) is None
