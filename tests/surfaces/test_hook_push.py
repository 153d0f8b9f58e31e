"""`dvcinc hook pre-push` by real pushes: what is new to the remote is judged."""

from __future__ import annotations

import pytest
from corpora import nlu_yaml
from repositories import Repository
from surfaces.hooking import MORE, NEW, NEWER, STOPPED, git, hooked, planned, repro
from surfaces.run import BOT, dvcinc

SCRATCH = {"DVCINC_TRAINING_MODE": "scratch"}
TRAILER = "Training-Mode: scratch"
JUDGED = f"dvcinc: this push {STOPPED}\n"
UNCHECKED = "warning: dvcinc: not checked: "


def linked(bot: Repository, tmp_path, *refs: str, name: str = "origin") -> Repository:
    """A bot with a remote that has some of its refs, and a hook for what comes."""
    remote = tmp_path / f"{name}.git"
    form = bot.git("rev-parse", "--show-object-format")
    bot.git("init", "-q", "--bare", f"--object-format={form}", str(remote))
    bot.git("remote", "add", name, str(remote))
    if refs:
        bot.git("push", "-q", name, *refs)
    return hooked(bot, "pre-push")


@pytest.fixture
def bot(repo, tmp_path):
    """A bot with a remote that has its first commit."""
    return linked(repo(BOT), tmp_path, "main")


@pytest.fixture
def trunk(repo, tmp_path):
    """A bot whose remote has neither HEAD nor a branch of a usual name."""
    made = repo(BOT)
    made.git("branch", "-m", "trunk")
    return linked(made, tmp_path, "trunk")


def pushes(bot, *refs, to="origin", **environment):
    done = git(bot, "push", "-q", to, *(refs or ("main",)), **environment)
    said = done.stdout + done.stderr
    assert "Traceback" not in said
    assert "bug" not in said
    return done.returncode == 0, said


def branch(bot, name, files, *, start="HEAD", message="change"):
    bot.git("checkout", "-q", "-b", name, start)
    return bot.commit(files, message)


# --- a branch that the remote has -------------------------------------------------


def test_a_push_is_judged_as_a_whole(bot):
    bot.commit(NEW)
    bot.commit(MORE)
    made, said = pushes(bot)
    assert not made
    assert JUDGED in said
    old, new = (bot.git("rev-parse", "--short=10", n) for n in ("HEAD~2", "HEAD"))
    assert f"dvcinc classify {old}..{new} --split" in said
    bot.git("rm", "-q", *NEW)
    bot.commit()
    made, said = pushes(bot)
    assert made
    assert "dvcinc: finetune: " in said


@pytest.mark.parametrize(
    ("text", "environment", "is_made"),
    [
        ("x", SCRATCH, True),
        (f"x\n\n{TRAILER}", {}, True),
        ("x\n\nTraining-Mode: finetune", {}, False),
        ("x\n\nTraining-Mode: full", {}, False),
    ],
)
def test_a_push_takes_the_same_answers(bot, text, environment, is_made):
    bot.commit(NEW, text)
    bot.commit(MORE)
    assert pushes(bot, **environment)[0] is is_made


def test_data_that_are_pushed_with_their_model_have_been_trained(repo, tmp_path):
    bot = linked(planned(repo), tmp_path, "main")
    bot.commit(NEW)
    assert not pushes(bot)[0]
    repro(bot)
    bot.commit()
    made, said = pushes(bot)
    assert made
    assert said.startswith("dvcinc: scratch: already trained, as dvc.lock says; ")
    bot.commit(NEWER)
    assert not pushes(bot)[0]


def test_in_a_sha256_repository_ids_are_longer_and_zeros_are_none(tmp_path):
    made = Repository(tmp_path / "repo")
    made.path.mkdir()
    made.git("init", "-q", "--object-format=sha256")
    made.commit(BOT)
    bot = linked(made, tmp_path, "main", "main:gone")
    assert pushes(bot, ":gone")[0]
    branch(bot, "intent", NEW)
    made, said = pushes(bot, "intent")
    assert not made
    assert JUDGED in said


# --- a branch that is new to it ---------------------------------------------------


@pytest.mark.parametrize(
    ("files", "is_made", "word"),
    [(MORE, True, "dvcinc: finetune: "), (NEW, False, "intent order is new")],
)
def test_a_new_branch_is_compared_with_what_the_remote_has(trunk, files, is_made, word):
    branch(trunk, "feature", files)
    made, said = pushes(trunk, "feature")
    assert made is is_made
    assert word in said
    assert UNCHECKED not in said


def test_a_remote_is_known_by_its_url(trunk, tmp_path):
    branch(trunk, "feature", NEW)
    for url in (f"{tmp_path}/origin.git", f"{tmp_path}/origin", "../origin.git"):
        made, said = pushes(trunk, "feature", to=url)
        assert not made, url
        assert JUDGED in said


def test_what_main_has_brought_in_the_meantime_is_not_the_branchs(bot):
    """Both the older and the newer main are at the boundary of what is pushed."""
    branch(bot, "feature", MORE)
    bot.git("checkout", "-q", "main")
    bot.commit(NEW, f"intent\n\n{TRAILER}")
    assert pushes(bot)[0]
    bot.git("checkout", "-q", "feature")
    bot.git("merge", "-q", "--no-edit", "main")
    made, said = pushes(bot, "feature")
    assert made
    assert "finetune: " in said


def test_a_branch_that_merges_another_is_compared_with_either(bot):
    branch(bot, "other", NEW, message=f"intent\n\n{TRAILER}")
    assert pushes(bot, "other")[0]
    bot.git("checkout", "-q", "main")
    bot.commit({"a.py": "1"})
    assert pushes(bot)[0]
    branch(bot, "feature", MORE)
    bot.git("merge", "-q", "--no-edit", "other")
    bot.commit(NEWER)
    made, said = pushes(bot, "feature")
    assert not made
    assert f"classify {bot.git('rev-parse', '--short=10', 'main')}.." in said
    bot.git("reset", "-q", "--hard", "HEAD~1")
    made, said = pushes(bot, "feature")
    assert made
    assert "all that it takes against the other side of the merge" in said


def test_a_trailer_that_the_remote_has_already_is_no_answer(bot):
    bot.commit({"a.py": "1"}, f"py\n\n{TRAILER}")
    assert pushes(bot)[0]
    branch(bot, "feature", NEW)
    assert not pushes(bot, "feature")[0]


def test_a_branch_of_commits_that_the_remote_has_brings_nothing(bot):
    bot.commit(NEW)
    assert pushes(bot, **SCRATCH)[0]
    assert pushes(bot, "main:release", "HEAD~1:refs/heads/before") == (True, "")


@pytest.mark.parametrize(
    ("files", "word"),
    [
        ({"index.html": "x"}, ""),
        ({"data/nlu.yml": NEW["data/new.yml"]}, "there is nothing to compare with"),
    ],
)
def test_a_branch_that_shares_nothing_has_nothing_to_be_compared_with(bot, files, word):
    bot.git("checkout", "-q", "--orphan", "pages")
    bot.git("rm", "-rfq", ".")
    bot.commit(files)
    made, said = pushes(bot, "pages")
    assert made
    assert (word in said) if word else not said


# --- a remote of which nothing is known -------------------------------------------


@pytest.mark.parametrize("is_named", [True, False])
@pytest.mark.parametrize("options", ["", "--strict"])
def test_what_cannot_be_compared_is_told_and_strictly_stopped(
    repo, tmp_path, options, is_named
):
    bot = linked(repo(BOT, NEW), tmp_path)
    hooked(bot, "pre-push", options=options)
    url = str(tmp_path / "origin.git")
    if not is_named:
        bot.git("remote", "remove", "origin")
    to = "origin" if is_named else url
    made, said = pushes(bot, to=to)
    assert made is (not options)
    told = f"refs/heads/main: nothing is known of what {to} has\n"
    assert f"{UNCHECKED}{told}hint: " in said
    assert ("git fetch origin" in said) is is_named


def test_what_was_fetched_once_is_known(repo, tmp_path):
    bot = linked(repo(BOT), tmp_path, "main", name="fork")
    bot.git("update-ref", "-d", "refs/remotes/fork/main")
    branch(bot, "intent", NEW)
    made, said = pushes(bot, "intent:first", to="fork")
    assert made
    assert UNCHECKED in said
    bot.git("update-ref", "-d", "refs/remotes/fork/first")
    bot.git("push", "-q", "--no-verify", "fork", ":first")
    bot.git("fetch", "-q", "fork")
    made, said = pushes(bot, "intent", to="fork")
    assert not made
    assert UNCHECKED not in said


def test_the_trouble_of_one_ref_lets_no_other_pass(bot, tmp_path):
    linked(bot, tmp_path, name="other")
    bot.git("push", "-q", "--no-verify", "other", "main")
    bot.git("update-ref", "-d", "refs/remotes/other/main")
    bot.git("branch", "a")
    bot.commit(NEW)
    made, said = pushes(bot, "a", "main", to="other")
    assert not made
    assert f"{UNCHECKED}refs/heads/a: " in said
    assert JUDGED in said


# --- shallow clones ---------------------------------------------------------------


@pytest.fixture
def shallow(bot, tmp_path):
    """A clone of depth one of a remote with two commits."""
    bot.commit({"a.py": "1"})
    assert pushes(bot)[0]
    bot.git("clone", "-q", "--depth=1", f"file://{tmp_path}/origin.git", "../shallow")
    return hooked(Repository(tmp_path / "shallow"), "pre-push")


def test_a_shallow_clone_has_what_a_new_branch_builds_on(shallow):
    branch(shallow, "intent", NEW)
    made, said = pushes(shallow, "intent")
    assert not made
    assert JUDGED in said


def test_history_that_is_cut_off_before_anything_known_is_told(bot, shallow):
    branch(shallow, "intent", NEW)
    bot.commit({"b.py": "1"})
    assert pushes(bot)[0]
    shallow.git("fetch", "-q", "--depth=1", "origin", "main")
    made, said = pushes(shallow, "intent")
    assert made
    assert f"{UNCHECKED}refs/heads/intent: history is cut off before" in said
    assert "hint: git fetch --unshallow" in said


# --- what is forced ---------------------------------------------------------------


def test_a_commit_that_is_amended_is_compared_with_what_was_there(bot):
    bot.commit(MORE)
    assert pushes(bot)[0]
    bot.write(NEW)
    bot.git("add", "--all")
    bot.git("commit", "-q", "--amend", "--no-edit")
    made, said = pushes(bot, "--force", "main")
    assert not made
    assert JUDGED in said


def test_a_branch_that_is_rebased_does_not_answer_for_main(bot):
    branch(bot, "feature", MORE)
    assert pushes(bot, "feature")[0]
    bot.git("checkout", "-q", "main")
    bot.commit(NEW, f"intent\n\n{TRAILER}")
    assert pushes(bot)[0]
    bot.git("checkout", "-q", "feature")
    bot.git("rebase", "-q", "main")
    assert pushes(bot, "--force", "feature")[0]
    bot.commit(NEWER)
    assert not pushes(bot, "--force", "feature")[0]


def test_a_branch_that_goes_back_to_what_the_remote_has_brings_nothing(bot):
    bot.commit(NEW)
    assert pushes(bot, **SCRATCH)[0]
    bot.git("reset", "-q", "--hard", "HEAD~1")
    assert pushes(bot, "--force", "main") == (True, "")


@pytest.mark.parametrize(("files", "is_made"), [(MORE, True), (NEW, False)])
def test_what_is_forced_over_commits_that_were_never_fetched_is_judged(
    bot, tmp_path, files, is_made
):
    bot.git("clone", "-q", f"{tmp_path}/origin.git", "../theirs")
    theirs = Repository(tmp_path / "theirs")
    theirs.commit({"data/theirs.yml": nlu_yaml("pay: the bill | let me pay")})
    theirs.git("push", "-q", "origin", "main")
    bot.commit(files)
    made, said = pushes(bot, "--force", "main")
    assert made is is_made
    assert UNCHECKED not in said


# --- deletions, tags, several refs ------------------------------------------------


def test_what_is_deleted_or_no_commit_brings_nothing(bot):
    bot.git("push", "-q", "--no-verify", "origin", "main:gone")
    assert pushes(bot, ":gone")[0]
    bot.git("tag", "blob", bot.git("hash-object", "-w", "domain.yml"))
    assert pushes(bot, "blob") == (True, "")


@pytest.mark.parametrize("how", [[], ["-a", "-m", "x"]], ids=["light", "annotated"])
def test_a_tag_is_judged_as_its_commit(bot, how):
    bot.git("tag", *how, "v1")
    assert pushes(bot, "v1") == (True, "")
    bot.commit(NEW)
    bot.git("tag", *how, "v2")
    made, said = pushes(bot, "v2")
    assert not made
    assert JUDGED in said


def test_one_of_several_refs_is_enough_and_the_same_is_told_once(bot):
    bot.git("branch", "fine")
    bot.git("push", "-q", "--no-verify", "origin", "main:gone")
    bot.commit(NEW)
    made, said = pushes(bot, "fine", ":gone", "main", "main:copy")
    assert not made
    assert said.count(STOPPED) == 1


def test_a_revision_with_blanks_may_be_pushed(bot):
    bot.commit(NEW)
    made, said = pushes(bot, "HEAD@{now or so}:refs/heads/intent")
    assert not made, said
    assert JUDGED in said


# --- by pre-commit ----------------------------------------------------------------


def test_the_range_may_come_from_pre_commit(bot):
    old = bot.commits[0]
    new = bot.commit(NEW)
    ran = {"PRE_COMMIT": "1"}
    both = {**ran, "PRE_COMMIT_FROM_REF": old, "PRE_COMMIT_TO_REF": new}
    assert dvcinc(bot.path, "hook", "pre-push", environment=both).returncode == 1
    assert dvcinc(bot.path, "hook", "pre-push", environment=ran).returncode == 0
