"""The versions of `lineage.json` come out of Git as they went in."""

from __future__ import annotations

import pytest
from lineages import digest, written

from dvcinc.errors import CannotTellError, GitError, InputError
from dvcinc.lineage.history import projects_at, read_history
from dvcinc.lineage.models import models
from dvcinc.snapshot.git import open_git

FILE = "lineage.json"
NAMES = {digest(name): name for name in ("a", "b", "c", "d", "base", "other")}


def history(made, below="", revision="HEAD"):
    git = open_git(made.path / below)
    return read_history(git, git.commit(revision))


def told(made, below="", revision="HEAD"):
    """The model of each version, newest first; `-` where the file is gone."""
    return [
        "-" if v.blob is None else NAMES[v.lineage.model.digest] if v.lineage else "?"
        for v in history(made, below, revision).versions
    ]


@pytest.fixture
def clock(monkeypatch):
    """Sets the second at which the next commits are made."""

    def set_to(second):
        when = f"2024-01-02T12:00:{second:02d}Z"
        monkeypatch.setenv("GIT_COMMITTER_DATE", when)

    return set_to


def merged(made, branch, files=None):
    """Merges a branch, with these files where it is in conflict; the commit's id."""
    made.git("merge", "--quiet", "--no-ff", "--no-commit", "-X", "ours", branch)
    return made.commit(files)


# --- the shapes of history --------------------------------------------------------


def test_a_line_of_models_is_told_newest_first(repo):
    made = repo({"x": "1"}, {FILE: written("a")}, {"x": "2"}, {FILE: written("b")})
    found = history(made)
    assert [v.commit.name for v in found.versions] == made.commits[:0:-2]
    assert [v.lineage.model.digest for v in found.versions] == [
        digest("b"),
        digest("a"),
    ]
    assert (found.missing, found.problems) == ("", ())
    newest = found.versions[0]
    assert (newest.commit.author, newest.commit.subject) == ("Ada", "commit 4")
    assert (newest.commit.date, newest.path) == ("2024-01-01", FILE)


def test_a_history_without_models_has_no_versions(repo):
    assert history(repo({"x": "1"})).versions == ()


def test_a_branch_without_a_commit_is_an_error(repo):
    with pytest.raises(GitError, match="there is no commit yet"):
        history(repo())


def test_both_sides_of_a_merge_are_told_and_the_merge_if_it_is_neither(repo):
    made = repo({FILE: written("a")})
    made.git("switch", "--quiet", "--create", "side")
    made.commit({FILE: written("b")})
    made.git("switch", "--quiet", "main")
    made.commit({FILE: written("c")})
    merged(made, "side", {FILE: written("d")})
    found = told(made)
    assert (found[0], sorted(found[1:3]), found[3]) == ("d", ["b", "c"], "a")


def test_a_merge_that_takes_one_side_makes_no_version(repo):
    made = repo({FILE: written("a")})
    made.git("switch", "--quiet", "--create", "side")
    made.commit({FILE: written("b")})
    made.git("switch", "--quiet", "main")
    made.commit({FILE: written("c")})
    merged(made, "side")
    assert sorted(told(made)) == ["a", "b", "c"]


def test_a_merge_of_three_branches_is_told_if_it_is_none_of_them(repo):
    made = repo({FILE: written("a")})
    tips = []
    for name in "bcd":
        made.git("switch", "--quiet", "--create", name, made.commits[0])
        tips.append(made.commit({FILE: written(name)}))
    made.write({FILE: written("other")})
    made.git("add", FILE)
    parents = [word for tip in tips for word in ("-p", tip)]
    tree = made.git("write-tree")
    merge = made.git("commit-tree", tree, *parents, "-m", "all three")
    newest, *rest = told(made, revision=merge)
    assert (newest, sorted(rest)) == ("other", ["a", "b", "c", "d"])


def test_a_rebase_leaves_the_models_and_names_the_new_commits(repo):
    made = repo({FILE: written("a")})
    made.git("switch", "--quiet", "--create", "side")
    made.commit({FILE: written("b", commit=made.commits[0])})
    made.git("switch", "--quiet", "main")
    made.commit({"x": "1"})
    made.git("rebase", "--quiet", "main", "side")
    found = made_of(made)
    assert [NAMES[name] for name in found.served] == ["b", "a"]
    brought = found.served[digest("b")].version.commit
    assert brought.name == made.git("rev-parse", "side") != made.commits[1]


def test_no_parent_comes_before_its_child_whatever_the_clocks_say(repo, clock):
    made = repo()
    clock(50)
    made.commit({FILE: written("a")})
    clock(1)
    made.commit({FILE: written("b")})
    clock(30)
    made.commit({FILE: written("c")})
    assert told(made) == ["c", "b", "a"]


def test_a_file_that_is_taken_away_and_comes_back_is_told(repo):
    made = repo({FILE: written("a")}, {FILE: None}, {FILE: written("b")})
    assert told(made) == ["b", "-", "a"]


def test_history_counts_up_to_the_commit_that_is_asked_for(repo):
    made = repo({FILE: written("a")}, {FILE: written("b")})
    assert told(made, revision="HEAD~1") == ["a"]


# --- what cannot be read ----------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("<<<<<<< HEAD\n", "lineage.json:1:1: not JSON: Expecting value"),
        (
            '{"schema": "dvcinc/lineage/0"}',
            "lineage.json: has schema 'dvcinc/lineage/0', not 'dvcinc/lineage/2'",
        ),
    ],
)
def test_a_broken_record_in_between_hides_no_other(repo, content, said):
    made = repo({FILE: written("a")}, {FILE: content}, {FILE: written("b")})
    assert told(made) == ["b", "?", "a"]
    assert history(made).problems == (f"{made.commits[1][:10]}:{said}",)


def test_a_link_is_no_record(repo):
    made = repo({"x": written("a")})
    (made.path / FILE).symlink_to("x")
    commit = made.commit()
    problem = f"{commit[:10]}:{FILE}: is no regular file"
    assert history(made).problems == (problem,)


def test_a_shallow_clone_says_what_is_missing(repo):
    made = repo({FILE: written("a")}, {"x": "1"}, {FILE: written("b")})
    made.git("clone", "--quiet", "--depth=2", made.path.as_uri(), "../shallow")
    there = type(made)(made.path.parent / "shallow")
    assert told(there) == ["b", "a"]  # a stands at the edge, though not made there
    assert "fetch-depth: 0" in history(there).missing


def test_a_partial_clone_tells_of_what_it_lacks(repo):
    made = repo({FILE: written("a")}, {FILE: written("b")})
    made.git("config", "uploadpack.allowFilter", "true")
    clone = ("clone", "--quiet", "--no-checkout", "--filter=blob:none")
    made.git(*clone, made.path.as_uri(), "../partial")
    there = type(made)(made.path.parent / "partial")
    found = history(there)
    assert told(there) == ["?", "?"]
    assert all("is missing" in problem for problem in found.problems)


def test_a_clone_without_trees_cannot_tell(repo):
    made = repo({FILE: written("a")}, {FILE: written("b")})
    made.git("config", "uploadpack.allowFilter", "true")
    clone = ("clone", "--quiet", "--no-checkout", "--filter=tree:0")
    made.git(*clone, made.path.as_uri(), "../partial")
    with pytest.raises(CannotTellError, match="that git log needs"):
        history(type(made)(made.path.parent / "partial"))


# --- directories that are moved ---------------------------------------------------


def test_a_project_that_was_moved_keeps_its_history(repo):
    made = repo({FILE: written("a")}, {FILE: written("b")})
    (made.path / "bot").mkdir()
    made.git("mv", FILE, "bot/lineage.json")
    made.commit()
    made.commit({"bot/lineage.json": written("c")})
    assert told(made, "bot") == ["c", "b", "b", "a"]
    paths = [v.path for v in history(made, "bot").versions]
    assert paths == ["bot/lineage.json"] * 2 + [FILE] * 2


def test_a_project_that_was_moved_twice_keeps_its_history(repo):
    made = repo({FILE: written("a")})
    for old, new in (("", "one/"), ("one/", "two/")):
        (made.path / new).mkdir()
        made.git("mv", f"{old}{FILE}", f"{new}{FILE}")
        made.commit()
    assert told(made, "two") == ["a", "a", "a"]


def test_what_comes_to_the_old_place_later_is_another_project(repo):
    made = repo({FILE: written("a")})
    (made.path / "bot").mkdir()
    made.git("mv", FILE, "bot/lineage.json")
    made.commit()
    made.commit({FILE: written("d")})
    assert told(made, "bot") == ["a", "a"]
    # There, the name tells of both.
    assert told(made) == ["d", "-", "a"]


def test_a_branch_from_before_the_move_is_followed(repo, clock):
    made = repo({FILE: written("a"), "x": "1"})
    made.git("switch", "--quiet", "--create", "side")
    clock(20)
    made.commit({FILE: written("b")})
    made.git("switch", "--quiet", "main")
    (made.path / "bot").mkdir()
    made.git("mv", FILE, "bot/lineage.json")
    clock(10)
    made.commit()
    clock(30)
    made.git("merge", "--quiet", "--no-ff", "--no-commit", "side")
    made.commit({"bot/lineage.json": written("c")})
    assert told(made, "bot") == ["c", "b", "a", "a"]


def test_projects_of_one_repository_are_kept_apart(repo):
    made = repo(
        {"one/lineage.json": written("a")},
        {"two/lineage.json": written("b")},
        {"one/lineage.json": written("c")},
    )
    assert (told(made, "one"), told(made, "two")) == (["c", "a"], ["b"])


# --- models by digest -------------------------------------------------------------


def made_of(made):
    return models(history(made).versions)


def test_a_model_is_brought_by_the_oldest_commit_that_has_it(repo):
    made = repo(*({FILE: written(name)} for name in ("a", "b")))
    made.git("revert", "--no-edit", "HEAD")
    found = made_of(made)
    assert [NAMES[name] for name in found.served] == ["a", "b"]
    first = found.served[digest("a")]
    assert first.version.commit.name == made.commits[0]
    assert [v.commit.name for v in first.also] == [made.git("rev-parse", "HEAD")]


def test_a_cherry_pick_on_another_branch_is_the_same_model(repo, clock):
    made = repo({FILE: written("a")})
    made.git("switch", "--quiet", "--create", "side")
    clock(10)
    made.commit({FILE: written("b")})
    made.git("switch", "--quiet", "main")
    clock(20)
    made.commit({"x": "1"})
    made.git("cherry-pick", "side")
    clock(30)
    merged(made, "side")
    found = made_of(made)
    assert [NAMES[name] for name in found.served] == ["b", "a"]
    assert found.served[digest("b")].version.commit.name == made.commits[1]
    assert len(found.served[digest("b")].also) == 1


def test_after_a_squash_the_last_model_is_known_by_its_digest(repo):
    made = repo({FILE: written("a")})
    made.git("switch", "--quiet", "--create", "side")
    made.commit({FILE: written("b", commit=made.commits[0])})
    made.commit({FILE: written("c", commit=made.commits[1])})
    made.git("switch", "--quiet", "main")
    made.git("merge", "--quiet", "--squash", "side")
    squashed = made.commit()
    found = made_of(made)
    assert [NAMES[name] for name in found.served] == ["c", "a"]
    assert found.served[digest("c")].version.commit.name == squashed


def test_a_base_is_one_of_the_models(repo):
    made = repo({FILE: written("a")}, {FILE: written("b")}, {FILE: written("c", "d")})
    found = made_of(made)
    assert [NAMES[name] for name in found.bases] == ["d", "base"]
    base = found.bases[digest("base")]
    assert (base.parent, base.base, base.is_base) == (None, None, True)
    assert base.version.commit.name == made.commits[0]
    model = found.served[digest("b")]
    assert (model.parent, model.base) == (digest("base"), digest("base"))


@pytest.mark.parametrize("name", ["a", "base"])
@pytest.mark.parametrize("kind", ["sha256:", ""])
def test_a_few_characters_name_a_model(repo, name, kind):
    found = made_of(repo({FILE: written("a")}))
    prefix = kind + digest(name).removeprefix("sha256:")[:6]
    assert found.named(prefix).digest == digest(name)


@pytest.mark.parametrize("prefix", ["", "sha256:", "ca9", "zzzz", "0000"])
def test_what_is_too_short_or_begins_no_digest_names_none(repo, prefix):
    assert made_of(repo({FILE: written("a")})).named(prefix) is None


def test_what_begins_two_digests_is_refused_with_both(repo):
    twins = [{FILE: written("a", digest=f"sha256:{'a' * 8}{end}")} for end in "12"]
    found = made_of(repo(*twins))
    with pytest.raises(InputError, match="aaaaaaaa2, aaaaaaaa1"):
        found.named("aaaaa")


# --- no more than is asked for ----------------------------------------------------


@pytest.mark.parametrize("most", [1, 2, 3, 4])
def test_so_many_models_are_read_as_are_asked_for(repo, most):
    made = repo(*({FILE: written(name)} for name in "abc"))
    git = open_git(made.path)
    found = read_history(git, git.commit("HEAD"), most=most)
    assert len(models(found.versions).served) == min(most, 3)
    assert found.more == (most < 3)


def test_of_the_last_models_the_oldest_commit_is_told_all_the_same(repo):
    made = repo(*({FILE: written(name)} for name in "abc"))
    # Made again, by somebody else: another file, but the same model.
    made.commit({FILE: written("a", ran="restored")})
    git = open_git(made.path)
    found = read_history(git, git.commit("HEAD"), most=1)
    (only,) = models(found.versions).served.values()
    assert only.version.commit.name == made.commits[0]
    assert only.record.ran == "finetuned"
    assert (len(found.versions), found.more) == (2, True)


def test_what_a_commit_has_is_told_whatever_came_last(repo, clock):
    made = repo({FILE: written("a")})
    made.git("switch", "--quiet", "--create", "side")
    clock(20)
    made.commit({FILE: written("b")})
    made.git("switch", "--quiet", "main")
    clock(10)
    made.commit({FILE: written("c")})
    clock(30)
    merged(made, "side")
    found = history(made)
    assert NAMES[found.versions[0].lineage.model.digest] == "b"
    assert NAMES[found.current.model.digest] == "c"


def test_every_project_of_a_commit_is_found(repo):
    files = ("lineage.json", "b/lineage.json", "a/c/lineage.json", "x-lineage.json")
    made = repo({path: written("a") for path in files}, {"d/lineage.json": "x"})
    git = open_git(made.path / "b")
    found = projects_at(git, made.commits[0])
    assert [one.prefix for one in found] == ["a/c/", "b/", ""]
