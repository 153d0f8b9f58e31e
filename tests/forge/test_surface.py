"""`dvcinc comment` from end to end: a checkout or a file in, and what is told where."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest
from forge.conftest import decision
from forge.fakes import HEAD, GitHub, opened
from shapes import ROOT, bot
from surfaces.run import BOT, MORE, NEW_INTENT, dvcinc, python

from dvcinc.release import getting

DOT = "<!-- dvcinc:comment project=. -->"


@pytest.fixture
def job(github, tmp_path):
    return github.environment(tmp_path, "pull_request", opened())


@pytest.fixture
def checkout(repo, github, tmp_path):
    """A pull request that is checked out, and its job."""

    def make(files, prefix=""):
        bot = {prefix + name: text for name, text in BOT.items()}
        made = repo(bot, {prefix + name: text for name, text in files.items()})
        base, head = made.commits
        github.pulls[0]["head"]["sha"] = head
        event = opened(
            head={"sha": head, "ref": "topic", "repo": {"full_name": "acme/bot"}},
            base={"sha": base, "ref": "main", "repo": {"full_name": "acme/bot"}},
        )
        return made, github.environment(tmp_path, "pull_request", event)

    return make


# --- what is judged ---------------------------------------------------------------


def test_the_pull_request_that_is_checked_out_is_judged(github, checkout):
    made, environment = checkout(NEW_INTENT)
    done = dvcinc(made.path, "comment", "--strict", environment=environment)
    assert done.returncode == 0, done.stderr
    text = github.comments[0]["body"]
    assert "Training mode: scratch" in text
    link = f"https://github.example/acme/bot/blob/{made.commits[1]}/data/more.yml#L"
    assert link in text
    assert github.on == ["training: scratch"]


def test_the_comment_tells_what_would_make_it_cheaper(github, checkout):
    made, environment = checkout(
        {**NEW_INTENT, "data/greet.yml": MORE["data/more.yml"]}
    )
    dvcinc(made.path, "comment", "--strict", environment=environment)
    assert "What would make it cheaper" in github.comments[0]["body"]


def test_judging_here_and_from_a_file_say_the_same(github, checkout, tmp_path):
    made, environment = checkout(MORE)
    base, head = made.commits
    told = dvcinc(made.path, "classify", base, head, "--json", "--split").stdout
    (tmp_path / "decision.json").write_text(told)
    dvcinc(made.path, "comment", environment=environment)
    here = github.comments.pop()["body"].split("\n")
    file = ["--from", str(tmp_path / "decision.json")]
    done = dvcinc(tmp_path, "comment", *file, environment=environment)
    assert done.returncode == 0, done.stderr
    there = github.comments.pop()["body"].split("\n")
    # What the old side is called is all that differs.
    assert [a for a, b in zip(here, there, strict=True) if a != b] == [here[3]]


def test_a_project_in_a_folder_has_its_name_in_the_marker(github, checkout):
    made, environment = checkout(MORE, "bots/one/")
    done = dvcinc(made.path / "bots/one", "comment", environment=environment)
    assert done.returncode == 0, done.stderr
    first = github.comments[0]["body"].split("\n")[0]
    assert first == "<!-- dvcinc:comment project=bots/one -->"


def test_what_trains_nothing_is_not_commented_on(github, checkout):
    made, environment = checkout({"README.md": "words"})
    done = dvcinc(made.path, "comment", "--strict", environment=environment)
    assert (done.returncode, github.comments) == (0, []), done.stderr


def test_with_decisions_no_repository_is_read(github, job, tmp_path, comment):
    # Without git on the path nothing could be asked of one.
    done = comment({**job, "PATH": str(tmp_path)}, "--strict")
    assert (done.code, len(github.comments)) == (0, 1), done.err


# --- what is told beside ----------------------------------------------------------


def test_later_steps_get_the_mode(job, tmp_path, comment):
    comment(job, decisions=[decision("refresh", "sub"), decision("scratch")])
    lines = (tmp_path / "output.txt").read_text().splitlines()
    assert {"mode=scratch", "should-train=true"} <= {*lines}


def test_the_summary_tells_of_each_project(job, comment):
    done = comment(job, decisions=[decision("refresh", "sub"), decision("scratch")])
    assert "Training mode: refresh" in done.summary
    assert "Training mode: scratch" in done.summary


def test_lines_of_a_pull_requests_files_are_marked(job, comment):
    done = comment(job)
    assert "::notice file=data/nlu.yml,line=3," in done.out


def test_lines_are_not_marked_where_they_are_not_the_pull_requests(
    github, tmp_path, comment
):
    job = github.environment(tmp_path, "push", {})
    assert "file=" not in comment(job).out


def test_gitlab_gets_its_report(gitlab, tmp_path, comment):
    path = tmp_path / "dvcinc.env"
    comment(gitlab.environment(), "--dotenv", str(path))
    assert "DVCINC_MODE=finetune" in path.read_text().splitlines()


def test_a_workflow_of_the_base_branch_marks_no_lines(github, tmp_path, comment):
    job = github.environment(tmp_path, "pull_request_target", opened())
    done = comment(job)
    assert len(github.comments) == 1
    assert "file=" not in done.out


# --- what is refused --------------------------------------------------------------

HOSTILE = [
    "",
    "{}",
    "[" * 100_000,
    "\x00",
    json.dumps({**decision(), "schema": "dvcinc/decision/9"}),
    json.dumps({**decision(), "mode": "explode"}),
    json.dumps({**decision(), "more": 1}),
    json.dumps({**decision(), "project": "x" * 5000}),
]


@pytest.mark.parametrize("document", HOSTILE, ids=range(len(HOSTILE)))
def test_a_document_that_is_none_posts_nothing(github, job, comment, document):
    done = comment(job, decisions=[document])
    assert done.code == 2
    assert "decision-0.json" in done.err
    assert "Traceback" not in done.all
    assert github.requests == []


def test_two_decisions_of_one_project_are_refused(github, job, comment):
    done = comment(job, decisions=[decision("scratch"), decision("none")])
    assert done.code == 2
    assert "two decisions are of the project ." in done.err
    assert github.requests == []


def test_no_project_name_takes_the_place_of_another(github, job, comment):
    github.add(f"{DOT}\nthe one of all")
    for name in (". -->", ". --> \n<!-- dvcinc:comment project=.", ".\u200b"):
        comment(job, decisions=[decision(project=name)])
    assert github.comments[0]["body"] == f"{DOT}\nthe one of all"


def test_text_of_a_fork_is_no_command_of_the_runner(github, job, comment):
    bad = decision()
    bad["reasons"][0]["text"] = "x\n::add-mask::y\r::stop-commands::z ##[add-path]/w"
    github.trouble(".*", lambda handler: handler.send_error(403))
    done = comment({**job, "GITHUB_STEP_SUMMARY": ""}, decisions=[bad])
    assert done.code == 0
    lines = done.out.replace("\r", "\n").split("\n")
    commands = [line for line in lines if line.strip().startswith("::")]
    assert all(line.startswith(("::notice ", "::warning ")) for line in commands)
    assert "##[" not in "".join(line for line in lines if line not in commands)


def test_no_line_of_the_log_begins_with_a_projects_name(github, job, comment):
    name = "::add-mask::x\n::error::y ##[add-path]/w"
    done = comment(job, decisions=[decision(project=name)])
    lines = f"{done.out}\n{done.err}".split("\n")
    assert (done.code, len(github.comments)) == (0, 1)
    assert not [line for line in lines if line.startswith(("::add", "::error::"))]
    assert "##[" not in done.err


def test_a_complaint_about_a_document_is_no_command(job, comment):
    bad = decision()
    bad["reasons"][0]["kind"] = "\n::add-mask::x ##[add-path]/w"
    done = comment(job, decisions=[bad])
    assert done.code == 2
    assert "##[" not in done.err
    assert not [line for line in done.err.split("\n") if line.startswith("::")]


def test_outside_of_a_job_the_way_out_is_named(repo):
    made = repo(BOT)
    done = dvcinc(made.path, "comment", "--dry-run")
    assert done.returncode == 2
    found = re.search(
        "dvcinc (classify .*) > decision.json, then dvcinc (.*)", done.stderr
    )
    assert found, done.stderr
    # The way is gone as it is told.
    judged = dvcinc(made.path, *found[1].replace("main", "HEAD").split())
    (made.path / "decision.json").write_text(judged.stdout)
    assert "Training mode: none" in dvcinc(made.path, *found[2].split()).stdout


def test_outside_of_a_job_decisions_are_printed(comment):
    done = comment({}, "--dry-run")
    assert (done.code, done.out.split("\n")[0]) == (0, DOT)


def test_outside_of_a_job_nothing_is_posted(comment):
    done = comment({})
    assert done.code == 0
    assert "Training mode: finetune" in done.out
    assert "no job of GitHub's or GitLab's" in done.err
    assert comment({}, "--strict").code == 1


def test_another_forges_job_is_none(github, job, comment):
    done = comment(job, "--forge", "gitlab")
    assert (done.code, github.requests) == (0, [])


def test_without_the_extra_its_absence_is_told(tmp_path, github):
    path = tmp_path / "decision.json"
    path.write_text(json.dumps(decision()))
    environment = github.environment(tmp_path, "pull_request", opened())
    code = (
        f"import os, sys; os.environ.update({environment!r})\n"
        "sys.modules['urllib3'] = None\n"
        f"sys.argv = ['dvcinc', 'comment', '--from', {str(path)!r}]\n"
        "from dvcinc.__main__ import main\nmain()\n"
    )
    done = python(tmp_path, code)
    assert done.returncode == 2
    assert getting("comment") in done.stderr


def test_a_job_without_its_head_is_refused(checkout):
    made, environment = checkout(MORE)
    made.commit({"data/later.yml": "nlu: []\n"})
    done = dvcinc(made.path, "comment", environment=environment)
    assert done.returncode == 2
    assert "neither the pull request's head" in done.stderr


def test_the_token_is_in_no_traceback(job, comment):
    """Even where something is a bug, and somebody asks to see where."""
    broken = {**job, "DVCINC_TRACEBACK": "1", "GITHUB_TOKEN": "t0k\x80ken"}
    done = comment(broken, "--strict")
    assert "t0k" not in done.all
    assert done.code == 1


def test_the_head_that_is_linked_is_the_pull_requests(github, job, comment):
    comment(job)
    assert f"/blob/{HEAD}/data/nlu.yml#L3" in github.comments[0]["body"]
    assert GitHub().token not in github.comments[0]["body"]


# --- in two steps -----------------------------------------------------------------


def test_a_decision_that_was_saved_is_posted_as_it_would_have_been(
    github, checkout, tmp_path
):
    made, environment = checkout(MORE)
    file = tmp_path / "kept/decision.json"
    done = dvcinc(
        made.path, "comment", "--dry-run", "--save", str(file), environment=environment
    )
    assert (done.returncode, github.requests) == (0, []), done.stderr
    dvcinc(tmp_path, "comment", "--from", str(file), environment=environment)
    later = github.comments.pop()["body"]
    dvcinc(made.path, "comment", environment=environment)
    assert github.comments.pop()["body"] == later


def test_without_posting_the_runner_alone_is_told(github, job, tmp_path, comment):
    done = comment(job, "--no-post")
    assert (done.code, github.requests) == (0, [])
    assert "Training mode: finetune" in done.summary
    assert "mode=finetune" in (tmp_path / "output.txt").read_text().splitlines()


def test_without_posting_and_summary_the_text_is_printed(comment):
    done = comment({}, "--no-post")
    assert (done.code, done.err) == (0, "")
    assert "Training mode: finetune" in done.out


def test_what_is_a_file_already_is_not_saved_again(job, comment):
    done = comment(job, "--save", "other.json")
    assert done.code == 2
    assert "--save and --from exclude each other" in done.err


def test_the_documented_dry_run_prints_the_comment(repo, monkeypatch):
    page = (ROOT / "docs/pull-requests.md").read_text(encoding="utf-8")
    (script,) = re.findall(
        r"```bash\n(.*?)```", page.partition("### Try it here\n")[2], re.DOTALL
    )
    made = repo(bot())
    made.git("checkout", "-q", "-B", "main")
    made.git("checkout", "-q", "-b", "topic")
    made.commit({"data/nlu.yml": bot("hi", "hello", "hey")["data/nlu.yml"]})
    run = f'dvcinc() {{ {sys.executable} -m dvcinc "$@"; }}\n'
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    done = subprocess.run(
        ["bash", "-ec", run + script],
        cwd=made.path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Training mode: finetune" in done.stdout
