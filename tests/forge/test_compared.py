"""Which two commits a pull request compares, on each kind of checkout."""

from __future__ import annotations

from dataclasses import replace

import pytest
from forge.fakes import GitHub, GitLab, opened
from repositories import Repository

from dvcinc.errors import CannotTellError, InputError
from dvcinc.forge.compared import compared
from dvcinc.forge.events import read_run
from dvcinc.snapshot.git import open_git


@pytest.fixture
def story(repo):
    """A topic that was cut from main before main went on, merged with neither."""
    made = repo({"a": "1"})
    made.git("switch", "--quiet", "-c", "topic")
    made.commit({"topic": "1"})
    made.git("switch", "--quiet", "main")
    made.commit({"others": "1"})
    return made


def run(tmp_path, head, base, **changed):
    event = opened(
        head={"sha": head, "ref": "topic", "repo": {"full_name": "acme/bot"}},
        base={"sha": base, "ref": "main", "repo": {"full_name": "acme/bot"}},
    )
    return read_run(GitHub().environment(tmp_path, "pull_request", event) | changed)


def clone(of, *arguments):
    """A clone as a job makes it."""
    there = Repository(of.path.parent / "job")
    of.git("clone", "--quiet", *arguments, f"file://{of.path}", str(there.path))
    return there


def merged(story):
    """The merge that a forge makes for a run; it is on no branch."""
    story.git("switch", "--quiet", "--detach", "main")
    story.git("merge", "--quiet", "--no-edit", "topic")
    story.git("update-ref", "refs/pull/7/merge", "HEAD")
    made = story.git("rev-parse", "HEAD")
    story.git("switch", "--quiet", "main")
    return made


def gitlab_job(**changed):
    return GitLab(origin="https://gitlab.example").environment(**changed)


def fetch(there, what, *arguments):
    there.git("fetch", "--quiet", *arguments, "origin", what)
    there.git("checkout", "--quiet", "--detach", "FETCH_HEAD")


def test_at_the_head_the_old_side_is_the_merge_base(story, tmp_path):
    start, head, main = story.commits
    story.git("checkout", "--quiet", "topic")
    found = compared(open_git(story.path), run(tmp_path, head, main))
    assert (found.old, found.new) == (start, head)


def test_on_the_merge_the_old_side_is_its_first_parent(story, tmp_path):
    start, head, main = story.commits
    merge = merged(story)
    there = clone(story)
    fetch(there, "refs/pull/7/merge")
    # The event's base may be hours old.
    found = compared(open_git(there.path), run(tmp_path, head, start))
    assert (found.old, found.new) == (main, merge)


def test_two_commits_of_a_merge_are_enough(story, tmp_path):
    _, head, main = story.commits
    merged(story)
    there = clone(story, "--depth=1")
    fetch(there, "refs/pull/7/merge", "--depth=2")
    assert compared(open_git(there.path), run(tmp_path, head, main)).old == main


@pytest.mark.parametrize("ref", ["refs/pull/7/merge", "refs/heads/topic"])
def test_a_shallow_clone_is_told_what_to_fetch(story, tmp_path, ref):
    start, head, _ = story.commits
    merged(story)
    there = clone(story, "--depth=1", "--branch=topic")
    fetch(there, ref, "--depth=1")
    with pytest.raises(CannotTellError) as raised:
        compared(open_git(there.path), run(tmp_path, head, start))
    assert "fetch-depth: 0" in raised.value.hint


def test_what_was_merged_from_main_meanwhile_is_not_the_pull_requests(story, tmp_path):
    start, _, main = story.commits
    story.git("checkout", "--quiet", "topic")
    story.git("merge", "--quiet", "--no-edit", "main")
    head = story.git("rev-parse", "HEAD")
    story.git("update-ref", "refs/remotes/origin/main", main)
    found = compared(open_git(story.path), run(tmp_path, head, start))
    assert (found.old, found.new) == (main, head)


def test_a_remote_branch_that_is_older_than_the_event_changes_nothing(story, tmp_path):
    start, _, main = story.commits
    story.git("checkout", "--quiet", "topic")
    story.git("merge", "--quiet", "--no-edit", "main")
    head = story.git("rev-parse", "HEAD")
    story.git("update-ref", "refs/remotes/origin/main", start)
    assert compared(open_git(story.path), run(tmp_path, head, main)).old == main


def test_a_head_that_is_a_merge_itself_is_no_merge_for_a_run(story, tmp_path):
    start, topic, main = story.commits
    story.git("checkout", "--quiet", "topic")
    story.git("merge", "--quiet", "--no-edit", "main")
    head = story.git("rev-parse", "HEAD")
    found = compared(open_git(story.path), run(tmp_path, head, main))
    assert found.old == main
    assert found.old not in (start, topic)


def test_a_checkout_of_the_base_branch_is_refused(story, tmp_path):
    _, head, main = story.commits
    with pytest.raises(InputError, match="neither the pull request's head"):
        compared(open_git(story.path), run(tmp_path, head, main))


@pytest.mark.parametrize("branch", ["--output=x", "a\nb", "", "main^{/x}", "\u202e"])
def test_a_hostile_branch_name_is_no_command(story, tmp_path, branch):
    start, head, main = story.commits
    story.git("checkout", "--quiet", "topic")
    event = replace(run(tmp_path, head, main), base_branch=branch)
    found = compared(open_git(story.path), event)
    assert found.old == start


def test_gitlab_compares_with_the_base_of_its_diff(story):
    start, head, _ = story.commits
    story.git("checkout", "--quiet", "topic")
    job = {"CI_COMMIT_SHA": head, "CI_MERGE_REQUEST_DIFF_BASE_SHA": start}
    found = compared(open_git(story.path), read_run(gitlab_job(**job)))
    assert (found.old, found.new) == (start, head)


def test_gitlabs_shallow_clone_is_told_what_to_fetch(story):
    start, head, _ = story.commits
    there = clone(story, "--depth=1", "--branch=topic")
    job = {"CI_COMMIT_SHA": head, "CI_MERGE_REQUEST_DIFF_BASE_SHA": start}
    with pytest.raises(CannotTellError) as raised:
        compared(open_git(there.path), read_run(gitlab_job(**job)))
    assert "GIT_DEPTH: 0" in raised.value.hint


def test_a_push_names_no_sides(story, tmp_path):
    environment = GitHub().environment(tmp_path, "push", {})
    with pytest.raises(InputError, match="does not say what to compare"):
        compared(open_git(story.path), read_run(environment))
