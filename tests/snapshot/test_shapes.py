"""Git in every shape: the same verdict, or told why there is none and what to do."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from repositories import Repository, put
from shapes import bot, classify, dvcinc, nlu

Make = Callable[..., Repository]
MORE = {"data/nlu.yml": nlu("hi", "hello", "hey")}


@pytest.fixture
def two(repo: Make) -> Repository:
    """A bot, and one greeting more."""
    return repo(bot(), MORE)


def test_a_bare_clone_compares_revisions(two: Repository, tmp_path: Path) -> None:
    bare = tmp_path / "b.git"
    two.git("clone", "-q", "--bare", str(two.path), str(bare))
    assert classify(bare, "HEAD~1", "HEAD").added == {"greet": 1}
    assert classify(bare, "HEAD~1...HEAD").added == {"greet": 1}
    elsewhere = classify(tmp_path, "HEAD~1", "HEAD", DVCINC_PROJECT=str(bare))
    assert elsewhere.added == {"greet": 1}


@pytest.mark.parametrize("arguments", [[], ["--staged"], ["HEAD~1"]])
def test_a_bare_clone_has_neither_work_tree_nor_index(
    two: Repository, tmp_path: Path, arguments: list[str]
) -> None:
    bare = tmp_path / "b.git"
    two.git("clone", "-q", "--bare", str(two.path), str(bare))
    ran = dvcinc(bare, "classify", *arguments)
    assert ran.code == 2
    assert "a bare repository has no index and no work tree" in ran.err
    assert "dvcinc classify A B" in ran.err


@pytest.mark.parametrize("project", ["bots/a", "./bots/a", "bots/a/", "bots/../bots/a"])
def test_in_a_bare_clone_the_project_is_a_folder_of_the_trees(
    repo: Make, tmp_path: Path, project: str
) -> None:
    more = {"bots/a/data/nlu.yml": nlu("hi", "hello", "hey")}
    made = repo({**bot(below="bots/a/"), **bot(below="bots/b/")}, more)
    bare = tmp_path / "b.git"
    made.git("clone", "-q", "--bare", str(made.path), str(bare))
    wanted = ("classify", "--json", "HEAD~1", "HEAD")
    inside = dvcinc(bare, "--project", project, *wanted)
    outside = dvcinc(tmp_path, "--project", f"b.git/{project}", *wanted)
    assert inside.added == outside.added == {"greet": 1}
    unchanged = dvcinc(bare, "--project", "bots/b", *wanted)
    assert (unchanged.mode, unchanged.added) == ("none", {})


def test_each_assistant_of_a_repository_has_its_own_verdict(repo: Make) -> None:
    own = {"bots/b/params.yaml": "data: {nlu: lessons, domain: d.yml, config: c.yml}\n"}
    renamed = {
        "bots/b/lessons/x.yml": nlu("hi"),
        "bots/b/d.yml": "intents: [greet, bye]\n",
        "bots/b/c.yml": "language: en\n",
    }
    made = repo({**bot(below="bots/a/"), **own, **renamed})
    made.write({"bots/b/lessons/x.yml": nlu("hi", "hey")})
    for place in (made.path, made.path / "bots"):
        below = os.path.relpath(made.path / "bots", place)
        found = {
            name: dvcinc(
                place, "--project", f"{below}/{name}", "classify", "--json"
            ).added
            for name in ("a", "b")
        }
        assert found == {"a": {}, "b": {"greet": 1}}
    assert classify(made.path / "bots/b/lessons").added == {"greet": 1}


def test_a_linked_work_tree_is_read_as_any_other(
    two: Repository, tmp_path: Path
) -> None:
    two.git("worktree", "add", "-q", str(tmp_path / "wt"), "HEAD~1")
    assert classify(tmp_path / "wt").added == {}
    assert classify(tmp_path / "wt", "main", "HEAD").mode != "none"
    put(tmp_path / "wt/data/nlu.yml", nlu("hi", "hello", "hey", "yo"))
    assert classify(tmp_path / "wt").added == {"greet": 2}


@pytest.mark.parametrize("cone", ["--cone", "--no-cone"])
def test_what_a_sparse_checkout_leaves_out_is_not_deleted(
    repo: Make, cone: str
) -> None:
    made = repo({**bot(), "data/more/x.yml": nlu("good day"), "docs/a.md": "a"})
    patterns = ["data/other"] if cone == "--cone" else ["/*", "!/data/more"]
    made.git("sparse-checkout", "set", cone, *patterns)
    assert not (made.path / "data/more/x.yml").exists()
    assert classify(made.path).mode == "none"
    assert classify(made.path, "--staged").mode == "none"
    made.write({"data/nlu.yml": nlu("hi", "hello", "hey")})
    assert classify(made.path).added == {"greet": 1}


def test_a_sparse_checkout_without_the_project_compares_all_the_same(
    repo: Make,
) -> None:
    made = repo({**bot(below="bot/"), "docs/a.md": "a"})
    made.git("sparse-checkout", "set", "--no-cone", "/docs", "/bot/domain.yml")
    assert not (made.path / "bot/config.yml").exists()
    ran = dvcinc(made.path, "--project", "bot", "classify", "--json")
    assert ran.mode == "none", ran.err


def test_a_file_deleted_from_a_full_checkout_is_deleted(two: Repository) -> None:
    two.write({"data/other.yml": nlu("other")})
    two.commit()
    two.write({"data/other.yml": None})
    ran = classify(two.path)
    assert ran.mode != "none"


def test_a_shallow_clone_says_what_is_missing(two: Repository, tmp_path: Path) -> None:
    clone = tmp_path / "c"
    two.git("clone", "-q", "--depth=1", two.path.as_uri(), str(clone))
    assert classify(clone).mode == "none"
    for wanted in (["HEAD~1"], [two.commits[0], "HEAD"], [f"{two.commits[0]}...HEAD"]):
        ran = dvcinc(clone, "classify", *wanted)
        assert ran.code == 3
        assert wanted[0].partition("...")[0] in ran.err
        assert "shallow clone" in ran.err
        assert "fetch-depth: 0" in ran.err


@pytest.mark.parametrize("filtered", ["blob:none", "tree:0"])
def test_a_partial_clone_asks_no_remote_but_where_it_may(
    two: Repository, tmp_path: Path, filtered: str
) -> None:
    """A hook must not wait for a network."""
    two.git("config", "uploadpack.allowFilter", "true")
    clone = tmp_path / "c"
    wanted = f"--filter={filtered}"
    two.git("clone", "-q", wanted, two.path.as_uri(), str(clone))
    assert classify(clone).mode == "none"
    assert classify(clone, "--staged").mode == "none"
    ran = dvcinc(clone, "classify", "HEAD~1", "HEAD")
    assert ran.code == 3, ran.err
    assert "partial clone" in ran.err
    assert classify(clone, "--fetch", "HEAD~1", "HEAD").added == {"greet": 1}
    assert classify(clone, "HEAD~1", "HEAD").added == {"greet": 1}


def test_the_way_out_that_a_partial_clone_is_told_works(
    two: Repository, tmp_path: Path
) -> None:
    two.git("config", "uploadpack.allowFilter", "true")
    clone = Repository(tmp_path / "c")
    wanted = ["clone", "-q", "--filter=blob:none", two.path.as_uri(), str(clone.path)]
    two.git(*wanted)
    (hint,) = (
        line.split("git ", 1)[1]
        for line in dvcinc(clone.path, "classify", "HEAD~1").err.splitlines()
        if "git fetch" in line
    )
    clone.git(*hint.strip().split())
    assert classify(clone.path, "HEAD~1").added == {"greet": 1}


ODD = [
    "a b.yml",
    "Zürich 🏔.yml",
    "-dash.yml",
    "--help.yml",
    ":(glob)*.yml",
    ":!x.yml",
    "new\nline.yml",
    "tab\t.yml",
    "quo\"te's\\.yml",
    "[a-z]*?.yml",
    "HEAD.yml",
]


@pytest.mark.parametrize("name", ODD)
def test_odd_names_are_names(repo: Make, name: str) -> None:
    made = repo(bot(), {f"data/{name}": nlu("good day")})
    assert classify(made.path, "HEAD~1", "HEAD").added == {"greet": 1}
    assert classify(made.path).mode == "none"
    assert classify(made.path, "--staged").mode == "none"


def test_odd_folders_hold_projects(repo: Make) -> None:
    below = "-b ö\n:(top)/"
    made = repo(bot(below=below), {f"{below}data/nlu.yml": nlu("hi", "hello", "hey")})
    folder = made.path / below
    assert classify(folder, "HEAD~1", "HEAD").added == {"greet": 1}
    assert classify(folder, "--staged").mode == classify(folder).mode == "none"


@pytest.mark.parametrize("odd", ["-l.txt", "l :x.txt", "a\nb.txt"])
def test_config_files_of_odd_names_are_read(repo: Make, odd: str) -> None:
    params = f"data: {{nlu: data, domain: domain.yml, config: {odd!r}}}\n"
    files = {**bot(), odd: "language: en\n", "params.yaml": params.replace("'", '"')}
    made = repo(files, {odd: "language: de\n"})
    assert "DI405" in classify(made.path, "HEAD~1", "HEAD").out
    assert "DI405" in classify(made.path, "HEAD~1", "--staged").out


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("core.quotePath", "true"),
        ("core.ignoreCase", "true"),
        ("core.autocrlf", "true"),
        ("core.precomposeUnicode", "true"),
        ("core.untrackedCache", "true"),
        ("core.splitIndex", "true"),
        ("core.preloadIndex", "false"),
        ("index.sparse", "true"),
        ("diff.ignoreSubmodules", "all"),
        ("grep.fallbackToNoIndex", "true"),
    ],
)
def test_settings_of_the_repository_change_no_verdict(
    repo: Make, key: str, value: str
) -> None:
    made = repo(bot())
    made.git("config", key, value)
    made.commit({"data/Größe.yml": nlu("good day").replace("\n", "\r\n")})
    assert classify(made.path, "HEAD~1", "HEAD").added == {"greet": 1}
    assert classify(made.path).mode == classify(made.path, "--staged").mode == "none"


def test_a_repository_of_sha256_is_read_as_any_other(tmp_path: Path) -> None:
    made = Repository(tmp_path)
    made.git("init", "-q", "--object-format=sha256")
    made.commit(bot())
    made.commit(MORE)
    assert classify(tmp_path, "HEAD~1", "HEAD").added == {"greet": 1}
    assert classify(tmp_path).mode == classify(tmp_path, "--staged").mode == "none"
    put(tmp_path / "data/nlu.yml", nlu("hi", "hello", "hey", "yo"))
    assert classify(tmp_path).added == {"greet": 1}


def test_a_detached_head_is_a_commit(two: Repository) -> None:
    two.git("checkout", "-q", "--detach", "HEAD~1")
    assert classify(two.path).mode == "none"
    assert classify(two.path, "HEAD", "main").added == {"greet": 1}


@pytest.mark.parametrize("arguments", [[], ["--staged"], ["HEAD"]])
def test_without_a_commit_there_is_nothing_to_compare_with(
    repo: Make, arguments: list[str]
) -> None:
    made = repo()
    made.write(bot())
    ran = dvcinc(made.path, "classify", *arguments)
    assert ran.code == 2
    assert "there is no commit yet" in ran.err


def test_an_open_merge_is_told_by_the_file(two: Repository) -> None:
    two.git("checkout", "-q", "-b", "other", "HEAD~1")
    two.commit({"data/nlu.yml": nlu("hi", "hello", "yo")})
    with pytest.raises(AssertionError):
        two.git("merge", "-q", "main")
    ran = dvcinc(two.path, "classify", "--staged")
    assert ran.code == 2
    assert "data/nlu.yml is in conflict" in ran.err


def test_a_config_in_conflict_is_told_too(two: Repository) -> None:
    two.commit({"config.yml": "language: de\n"})
    two.git("checkout", "-q", "-b", "other", "HEAD~1")
    two.commit({"config.yml": "language: fr\n"})
    with pytest.raises(AssertionError):
        two.git("merge", "-q", "main")
    ran = dvcinc(two.path, "classify", "--staged")
    assert ran.code == 2
    assert "config.yml is in conflict" in ran.err


def test_what_is_only_announced_to_the_index_is_not_staged(two: Repository) -> None:
    bad = "policy: {mode: bad}\n"
    two.write({"data/late.yml": nlu("good day"), "params.yaml": bad})
    two.git("add", "--intent-to-add", "--all")
    assert classify(two.path, "--staged").mode == "none"
    two.write({"params.yaml": None})
    assert classify(two.path).added == {"greet": 1}


@pytest.mark.parametrize("flag", ["--assume-unchanged", "--skip-worktree"])
def test_the_work_tree_is_read_even_where_git_would_not_look(
    two: Repository, flag: str
) -> None:
    """DVC hashes what is on disk, so that is what would be trained on."""
    two.git("update-index", flag, "data/nlu.yml")
    two.write({"data/nlu.yml": nlu("hi", "hello", "hey", "yo")})
    assert classify(two.path).added == {"greet": 1}


def test_replaced_objects_are_read_as_they_were_committed(two: Repository) -> None:
    """Replacements stay in one clone; another would come to another verdict."""
    other = two.commit({"data/nlu.yml": nlu("a", "b", "c")})
    two.git("replace", two.commits[1], other)
    assert classify(two.path, two.commits[0], two.commits[1]).added == {"greet": 1}


def test_somebody_elses_repository_is_refused_in_gits_words(two: Repository) -> None:
    ran = dvcinc(two.path, "classify", GIT_TEST_ASSUME_DIFFERENT_OWNER="1")
    assert ran.code == 3
    assert "dubious ownership" in ran.err
    assert f"git config --global --add safe.directory {two.path}" in ran.err


def test_a_broken_object_is_told(two: Repository) -> None:
    blob = two.git("rev-parse", "HEAD:data/nlu.yml")
    loose = two.path / ".git/objects" / blob[:2] / blob[2:]
    loose.chmod(0o644)
    loose.write_bytes(b"broken")
    ran = dvcinc(two.path, "classify", "HEAD~1", "HEAD")
    assert ran.code in {2, 3}
    assert blob in ran.err
    loose.unlink()
    ran = dvcinc(two.path, "classify", "HEAD~1", "HEAD")
    assert ran.code == 3
    assert f"the object {blob} is missing" in ran.err
