"""The one module that runs git: clear errors, and no effect on the repository."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from repositories import Repository, put

from dvcinc.errors import CannotTellError, DvcincError, GitError
from dvcinc.snapshot.git import open_git
from dvcinc.snapshot.history import History
from dvcinc.snapshot.read import Reader
from dvcinc.snapshot.sources import CommitSource, FolderSource, IndexSource

Make = Callable[..., Repository]

NLU = "nlu:\n- intent: greet\n  examples: |\n    - hi\n"


def told(caught: pytest.ExceptionInfo[DvcincError]) -> tuple[str, str]:
    return caught.value.message, caught.value.hint


def test_a_folder_outside_of_git_is_told_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(GitError) as caught:
        open_git(tmp_path)
    assert told(caught) == (
        f"{tmp_path} is not in a Git repository",
        "run git init, or give the project with --project DIR",
    )


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(GitError) as caught:
        open_git(tmp_path / "nowhere")
    assert told(caught) == (f"{tmp_path / 'nowhere'} is no directory", "")


def test_missing_git_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(GitError) as caught:
        open_git(tmp_path)
    assert told(caught) == ("git is not installed", "install Git 2.25 or newer")


def test_before_the_first_commit_the_index_can_be_read(repo: Make) -> None:
    made = repo()
    made.write({"a.yml": "1"})
    made.git("add", "a.yml")
    git = open_git(made.path)
    assert git.head() is None
    assert IndexSource(git).read("a.yml") == b"1"
    with pytest.raises(GitError) as caught:
        git.commit("HEAD")
    assert told(caught) == (
        "there is no commit yet",
        "commit once, then run this again",
    )


@pytest.mark.parametrize("name", ["nowhere", "--help", "-h", "HEAD:a.yml", "", "a b"])
def test_an_unknown_revision_is_told_and_never_taken_for_an_option(
    repo: Make, name: str
) -> None:
    git = open_git(repo({"a.yml": "1"}).path)
    with pytest.raises(GitError) as caught:
        git.commit(name)
    assert told(caught) == (
        f"no commit is named {name!r}",
        "see git branch --all and git log",
    )


def test_branches_tags_and_short_ids_name_commits(repo: Make) -> None:
    made = repo({"a.yml": "1"}, {"a.yml": "2"})
    made.git("tag", "-a", "v1", "-m", "one", "HEAD~1")
    git = open_git(made.path)
    first, second = made.commits
    assert git.commit("v1") == first
    assert git.commit(second[:8]) == git.commit("main") == git.head() == second


def test_a_shallow_clone_is_told_how_to_get_the_rest(
    repo: Make, tmp_path: Path
) -> None:
    made = repo({"a.yml": "1"}, {"a.yml": "2"}, {"a.yml": "3"})
    made.git("clone", "-q", "--depth=1", f"file://{made.path}", str(tmp_path / "c"))
    git = open_git(tmp_path / "c")
    assert git.is_shallow()
    assert CommitSource(git, "HEAD", git.commit("HEAD")).read("a.yml") == b"3"
    for ask in (
        lambda: git.commit("HEAD~1"),
        lambda: git.commit(made.commits[0]),
        lambda: git.merge_base("HEAD", made.commits[0]),
    ):
        with pytest.raises(CannotTellError) as caught:
            ask()
        assert "fetch-depth: 0" in caught.value.hint


def test_the_merge_base_is_the_best_common_ancestor(repo: Make) -> None:
    made = repo({"a.yml": "1"}, {"a.yml": "2"})
    made.git("checkout", "-q", "-b", "side", made.commits[0])
    made.commit({"b.yml": "1"})
    git = open_git(made.path)
    assert git.merge_base("main", "side") == made.commits[0]
    made.git("checkout", "-q", "--orphan", "alone")
    made.commit({"c.yml": "1"})
    with pytest.raises(GitError, match="main and alone have no merge base"):
        git.merge_base("main", "alone")


def test_a_missing_object_is_told(repo: Make) -> None:
    git = open_git(repo({"a.yml": "1"}).path)
    blob = "0123456789" * 4
    with pytest.raises(CannotTellError, match=f"^the object {blob} is missing$"):
        git.blobs([blob])


def test_blobs_come_in_the_order_asked_whatever_they_hold(repo: Make) -> None:
    contents = ["", "\n", "a\n\nb", "x" * 70_000]
    made = repo({f"{n}.yml": text for n, text in enumerate(contents)})
    git = open_git(made.path)
    blobs = [entry.blob for entry in git.index()]
    assert git.blobs(blobs[::-1]) == [text.encode() for text in contents[::-1]]
    assert git.blobs([]) == []


@pytest.mark.parametrize("form", ["sha1", "sha256"])
@pytest.mark.parametrize("bare", [False, True])
def test_history_is_walked_in_any_repository(
    tmp_path: Path,
    form: str,
    bare: bool,  # noqa: FBT001
) -> None:
    made = Repository(tmp_path / "made")
    made.path.mkdir()
    made.git("init", "--quiet", f"--object-format={form}")
    for text in "123":
        made.commit({"bot/[a] b.yml": text, "bot/a b.yml": "1"})
    made.git("clone", "--quiet", "--bare", ".", "../bare")
    top = tmp_path / "bare" if bare else made.path
    history = History(open_git(top / "bot"), "HEAD")
    try:
        assert [*history.commits(["[a] b.yml"])] == made.commits[::-1]
        assert [*history.commits(["a b.yml"])] == made.commits[:1]
        assert history.read(made.commits[1], "[a] b.yml") == b"2"
    finally:
        history.close()


def test_history_is_walked_below_the_project(repo: Make) -> None:
    made = repo({"bot/a.yml": "1"}, {"b.yml": "1"}, {"bot/a.yml": "2"})
    history = History(open_git(made.path / "bot"), "HEAD")
    first, _, third = made.commits
    try:
        assert [*history.commits(["a.yml"])] == [third, first]
        assert history.read(first, "a.yml") == b"1"
        assert history.read(first, "gone.yml") is None
    finally:
        history.close()


def _trap(made: Repository) -> Path:
    """Sets every key of the repository's own configuration that may name a program."""
    sprung = made.path / "sprung"
    script = made.path / ".git" / "trap.sh"
    put(script, f'#!/bin/sh\necho "$0 $*" >> "{sprung}"\ncat\n')
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    for key in (
        "core.fsmonitor",
        "core.pager",
        "core.editor",
        "core.sshCommand",
        "core.askPass",
        "diff.external",
        "diff.trap.command",
        "diff.trap.textconv",
        "filter.trap.clean",
        "filter.trap.smudge",
        "filter.trap.process",
        "merge.trap.driver",
        "gpg.program",
        "credential.helper",
        "alias.ls-tree",
        "alias.cat-file",
    ):
        made.git("config", key, f"!{script}" if "alias" in key else str(script))
    made.git("config", "log.showSignature", "true")
    made.git("config", "core.hooksPath", str(script.parent))
    hook = script.parent / "post-index-change"
    put(hook, script.read_bytes())
    hook.chmod(0o755)
    return sprung


def test_a_hostile_repository_runs_nothing_and_reading_leaves_no_trace(
    repo: Make,
) -> None:
    files = {
        "data/nlu.yml": NLU,
        "domain.yml": "intents: [greet]\n",
        ".gitattributes": "*.yml filter=trap diff=trap merge=trap\n",
    }
    made = repo(files, {"data/nlu.yml": f"{NLU}    - yo\n"})
    sprung = _trap(made)
    # The index's cached times are now wrong: a careless `git status` would mend them.
    for name in files:
        os.utime(made.path / name, (1, 1))
    index = made.path / ".git" / "index"
    before = (index.read_bytes(), index.stat().st_mtime_ns)
    names = {*(path.name for path in (made.path / ".git").iterdir())}
    git, reader = open_git(made.path), Reader()
    for revision in ("HEAD~1", "HEAD"):
        reader.snapshot(CommitSource(git, revision, git.commit(revision)))
    reader.snapshot(IndexSource(git))
    reader.snapshot(FolderSource(made.path))
    git.merge_base("HEAD", "HEAD~1")
    assert git.commit_time("HEAD") == 1_704_110_400
    history = History(git, "HEAD")
    assert len([*history.commits(["data"])]) == 2
    history.close()
    assert not sprung.exists()
    assert (index.read_bytes(), index.stat().st_mtime_ns) == before
    assert {*(path.name for path in (made.path / ".git").iterdir())} == names
