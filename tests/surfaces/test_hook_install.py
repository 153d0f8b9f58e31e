"""`dvcinc install --hooks` adds itself once, keeps what is there, takes itself out."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sys
from pathlib import Path

import pytest
from surfaces.hooking import MORE, NEW, STOPPED, commits, git
from surfaces.run import BOT, dvcinc

from dvcinc import __version__
from dvcinc.release import TAG, URL
from dvcinc.surfaces import precommit_config
from dvcinc.surfaces.precommit_config import without_hook
from dvcinc.surfaces.precommit_entry import entry, flow
from dvcinc.yaml import compose

RELEASE = f"v{__version__}"
OWN = f"""\
- repo: {URL}
  rev: v{__version__}
  hooks:
    - id: dvcinc-check
"""
OTHER = """\
- repo: https://github.com/psf/black
  rev: 24.1.0   # pinned
  hooks:
    - id: black
"""
FOR_A = "      args: [--project, bots/a]\n"


LOCAL = """\
- repo: local
  hooks:
    - id: dvcinc-check
      name: "dvcinc: check the training mode"
      entry: dvcinc hook check
      language: system
      always_run: true
      pass_filenames: false
      require_serial: true
      stages: [pre-commit, pre-merge-commit, manual]
"""


def with_hook(before: bytes, project: str, tag: str | None = RELEASE) -> bytes:
    return precommit_config.with_hook(before, project, tag)


def indented(text: str) -> str:
    return re.sub(r"^(?=.)", "  ", text, flags=re.MULTILINE)


def install(folder, *options: str, code: int = 0) -> str:
    done = dvcinc(folder, "install", "--hooks", *options)
    assert done.returncode == code, done.stderr
    return done.stdout + done.stderr


@pytest.fixture(autouse=True)
def _programs(monkeypatch, tmp_path):
    """`dvcinc` on PATH, as an installation puts it there."""
    program = tmp_path / "bin/dvcinc"
    program.parent.mkdir()
    root = Path(__file__).parents[2]
    program.write_text(
        f'#!/bin/sh\nPYTHONPATH="{root}" exec "{sys.executable}" -m dvcinc "$@"\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/local/bin:/usr/bin:/bin")


# --- .pre-commit-config.yaml ------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("repos:\n" + OTHER, "repos:\n" + OTHER + OWN),
        ("repos:\n" + OTHER.rstrip(), "repos:\n" + OTHER + OWN),
        (
            "# mine\nrepos:\n" + indented(OTHER),
            "# mine\nrepos:\n" + indented(OTHER + OWN),
        ),
        (
            "repos:\n" + OTHER + "\n# for the service\nci:\n  skip: [black]\n",
            "repos:\n" + OTHER + OWN + "\n# for the service\nci:\n  skip: [black]\n",
        ),
        (
            "exclude: '^x'\nrepos:\n" + OTHER + "# - repo: old\n\n\n",
            "exclude: '^x'\nrepos:\n" + OTHER + "# - repo: old\n" + OWN + "\n\n",
        ),
        (
            "repos:\n- repo: local\n  hooks: [{id: x, entry: |\n    a\n}]\n".replace(
                "entry: |\n    a\n", "entry: a"
            ),
            "repos:\n- repo: local\n  hooks: [{id: x, entry: a}]\n" + OWN,
        ),
        (
            "repos:\n" + OTHER.replace("\n", "\r\n"),
            "repos:\n" + OTHER.replace("\n", "\r\n") + OWN.replace("\n", "\r\n"),
        ),
    ],
    ids=["plain", "no end", "indented", "before a key", "comment", "flow", "crlf"],
)
def test_an_entry_is_added_behind_the_others_and_taken_out_again(before, after):
    made = with_hook(before.encode(), "")
    assert made == after.encode()
    assert with_hook(made, "") == made
    assert without_hook(made, "") in {before.encode(), before.encode() + b"\n"}
    assert without_hook(before.encode(), "") == before.encode()


@pytest.mark.parametrize(
    "hook", ["dvcinc-check", "dvcinc-warn", "dvcinc-commit-msg", '"dvcinc-check"']
)
def test_a_hook_that_judges_commits_is_enough(hook):
    before = f"repos:\n{OWN.replace('dvcinc-check', hook)}".encode()
    assert with_hook(before, "") == before


def test_each_project_gets_a_hook_of_its_own():
    top = f"repos:\n{OWN}{OTHER}".encode()
    both = with_hook(top, "bots/a")
    assert both == f"repos:\n{OWN}    - id: dvcinc-check\n{FOR_A}{OTHER}".encode()
    assert with_hook(both, "bots/a") == both == with_hook(both, "")
    assert without_hook(both, "bots/a") == top
    first = without_hook(both, "")
    assert first == f"repos:\n{OWN}{FOR_A}{OTHER}".encode()
    assert without_hook(first, "bots/a") == f"repos:\n{OTHER}".encode()


def test_other_hooks_of_dvcinc_stay():
    with_push = OWN + "    - id: dvcinc-pre-push   # mine\n"
    after = with_push.replace("    - id: dvcinc-check\n", "")
    before = f"repos:\n{with_push}".encode()
    assert without_hook(before, "") == f"repos:\n{after}".encode()


def test_the_only_entry_leaves_an_empty_list():
    assert without_hook(f"repos:\n{OWN}".encode(), "") == b"repos: []\n"
    assert with_hook(b"repos: []\n", "") == f"repos:\n{indented(OWN)}".encode()


@pytest.mark.parametrize(
    "before",
    [
        "repos: [\n]\n",
        "repos: [{repo: local, hooks: []}]\n",
        "a: 1\n",
        "repos:\n- [\n",
        f"repos:\n- {{repo: {URL}, rev: x, hooks: [{{id: dvcinc-pre-push}}]}}\n",
    ],
)
def test_a_form_that_only_people_can_edit_is_told_with_what_to_add(repo, before):
    made = repo({"a": "1", precommit_config.PATH: before})
    said = install(made.path, code=2)
    assert precommit_config.PATH in said
    hint = said.partition("add to its repos: ")[2].rstrip("\n")
    document = compose(f"repos:\n{hint}\n".encode(), "hint")
    assert "dvcinc-check" in str(document.value(document.root))
    assert (made.path / precommit_config.PATH).read_text() == before


@pytest.mark.parametrize("before", ["", "# nothing yet\n", "---\n"])
def test_an_empty_file_gets_its_first_entry(before):
    after = f"{before}repos:\n{indented(LOCAL)}".encode()
    assert with_hook(before.encode(), "", None) == after
    assert with_hook(after, "", None) == after


@pytest.mark.parametrize("tag", [None, "v1.2"])
@pytest.mark.parametrize("project", ["", "bots/a", "a b"])
def test_an_entry_is_the_same_in_lines_and_on_one(tag, project):
    said = [entry(project, tag, ""), [flow(project, tag)]]
    documents = [compose("\n".join(lines).encode(), "entry") for lines in said]
    first, second = (document.value(document.root) for document in documents)
    assert first == second


def test_without_a_release_the_hook_runs_what_is_installed():
    made = with_hook(f"repos:\n{OTHER}".encode(), "", None)
    assert made == f"repos:\n{OTHER}{LOCAL}".encode()
    both = with_hook(made, "bots/a", None)
    again = LOCAL.partition("  hooks:\n")[2]
    assert both == f"repos:\n{OTHER}{LOCAL}{again}{FOR_A}".encode()
    assert without_hook(both, "bots/a") == made
    assert without_hook(made, "") == f"repos:\n{OTHER}".encode()


@pytest.mark.parametrize("where", ["/opt/dvcinc", "../dvcinc", "local", "git@x:y/z"])
def test_an_entry_from_elsewhere_is_recognised_by_its_hook(where):
    before = f"repos:\n{OWN.replace(URL, where)}".encode()
    for tag in (None, RELEASE):
        assert with_hook(before, "", tag) == before
    assert without_hook(before, "") == b"repos: []\n"


def test_a_teams_file_stays_where_one_clone_takes_its_hooks_out(repo):
    made = repo({**BOT, precommit_config.PATH: "repos:\n" + OTHER})
    install(made.path)
    before = (made.path / precommit_config.PATH).read_bytes()
    assert "is the team's, and stays (--all)" in install(made.path, "--uninstall")
    assert (made.path / precommit_config.PATH).read_bytes() == before


@pytest.mark.parametrize("name", ["pre-commit", "pre-commit.legacy"])
@pytest.mark.parametrize("options", [[], ["--uninstall"]])
def test_what_pre_commit_has_taken_over_checks_only_once(repo, name, options):
    """`pre-commit install` renames a hook that it finds, and goes on calling it."""
    made = repo(BOT)
    install(made.path)
    script(made).rename(script(made).with_name(name))
    made.write({precommit_config.PATH: f"repos:\n{OWN}"})
    assert "taken out of .git/hooks" in install(made.path, *options)
    assert not script(made).with_name(name).exists()
    assert (made.path / precommit_config.PATH).read_text() == f"repos:\n{OWN}"


def test_pre_commit_is_preferred_to_gits_own_hooks(repo):
    made = repo({**BOT, precommit_config.PATH: "repos:\n" + OTHER})
    assert "run pre-commit install" in install(made.path)
    assert not (made.path / ".git/hooks/pre-commit").exists()
    assert "has them already" in install(made.path)
    said = install(made.path, "--uninstall", "--all")
    assert "taken out of .pre-commit-config.yaml" in said
    assert (made.path / precommit_config.PATH).read_text() == "repos:\n" + OTHER
    assert "there were none" in install(made.path, "--uninstall")


def test_a_project_below_the_top_is_named(repo):
    files = {f"bots/a/{path}": text for path, text in BOT.items()}
    made = repo({**files, precommit_config.PATH: "repos:\n" + OTHER})
    install(made.path / "bots/a")
    assert (made.path / precommit_config.PATH).read_text().endswith(LOCAL + FOR_A)


# --- git's own hooks --------------------------------------------------------------


def script(made, text: str | bytes | None = None, mode: int = 0o755) -> Path:
    file = made.path / ".git/hooks/pre-commit"
    if text is not None:
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(text.encode() if isinstance(text, str) else text)
        file.chmod(mode)
    return file


def test_a_new_hook_checks_commits_and_goes_without_a_trace(repo):
    made = repo(BOT)
    assert (
        install(made.path) == "hooks: .git/hooks: pre-commit runs dvcinc hook check\n"
    )
    made.write(NEW)
    made.git("add", "--all")
    done, said = commits(made)
    assert not done
    assert STOPPED in said
    once = script(made).read_bytes()
    assert "already" in install(made.path)
    assert script(made).read_bytes() == once
    install(made.path, "--uninstall")
    assert not script(made).exists()


@pytest.mark.parametrize(
    "before",
    [
        "#!/bin/sh\necho mine\nexit 0\n",
        "#!/usr/bin/env bash\nset -e\necho mine\n",
        "#!/bin/bash -e\necho mine",
        "echo mine\n",
        "#!/bin/sh\n",
    ],
)
@pytest.mark.parametrize("mode", [0o755, 0o700])
def test_a_shell_script_runs_after_the_check_and_stays_as_it_was(repo, before, mode):
    made = repo(BOT)
    file = script(made, before, mode)
    install(made.path)
    assert file.stat().st_mode & 0o777 == mode
    made.write(MORE)
    made.git("add", "--all")
    done, said = commits(made)
    assert done
    assert "dvcinc: finetune" in said
    assert ("mine" in said) is ("mine" in before)
    made.write(NEW)
    made.git("add", "--all")
    done, said = commits(made)
    assert not done
    assert "mine" not in said
    install(made.path, "--uninstall")
    if before != "#!/bin/sh\n":
        assert file.read_text() == before
        assert file.stat().st_mode & 0o777 == mode


@pytest.mark.parametrize(
    "before", [f"#!{sys.executable}\nprint('mine')\n", f"#! {sys.executable} -s\n"]
)
def test_what_is_no_shell_script_is_called_after_the_check(repo, before):
    made = repo(BOT)
    file = script(made, before)
    assert "pre-commit.before-dvcinc" in install(made.path)
    assert "already" in install(made.path)
    made.write(MORE)
    made.git("add", "--all")
    done, said = commits(made)
    assert done
    assert ("mine" in said) is ("mine" in before)
    install(made.path, "--uninstall")
    assert file.read_text() == before
    assert not file.with_name("pre-commit.before-dvcinc").exists()


def test_a_hook_that_git_passes_over_is_not_woken(repo):
    made = repo(BOT)
    file = script(made, "#!/bin/sh\nexit 1\n", 0o644)
    assert "is not executable, so git passes it over" in install(made.path, code=2)
    assert file.read_text() == "#!/bin/sh\nexit 1\n"


def test_a_hook_for_each_project(repo):
    files = {f"{name}/{path}": BOT[path] for name in ("a b", "c") for path in BOT}
    made = repo(files)
    install(made.path / "a b")
    install(made.path / "c")
    for name in ("a b", "c"):
        made.write({f"{name}/{path}": text for path, text in NEW.items()})
        made.git("add", "--all")
        done, said = commits(made)
        assert not done
        assert f"this commit of {name} " in said
        made.git("reset", "-q", "--hard")
    install(made.path / "a b", "--uninstall")
    assert b"a b" not in script(made).read_bytes()
    install(made.path / "c", "--uninstall")
    assert not script(made).exists()


def test_without_dvcinc_on_the_path_commits_go_on(repo, monkeypatch):
    made = repo(BOT)
    install(made.path)
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    made.write(NEW)
    made.git("add", "--all")
    done, said = commits(made)
    assert done
    assert "warning: dvcinc is not on PATH" in said


@pytest.mark.parametrize("where", ["hooks-here", "absolute"])
def test_core_hooks_path_is_followed_and_named(repo, tmp_path, where):
    made = repo(BOT)
    folder = made.path / where if where == "hooks-here" else tmp_path / where
    made.git(
        "config", "core.hooksPath", where if where == "hooks-here" else str(folder)
    )
    assert f"hooks: {folder}, where core.hooksPath leads: " in install(made.path)
    assert (folder / "pre-commit").exists()
    assert not script(made).exists()
    made.write(NEW)
    made.git("add", *NEW)
    assert not commits(made)[0]
    install(made.path, "--uninstall")
    assert not (folder / "pre-commit").exists()


def elsewhere(monkeypatch, tmp_path, where: str) -> Path:
    """A folder that the user's own settings name, for all repositories."""
    settled = tmp_path / "gitconfig"
    settled.write_text(f"[core]\n\thooksPath = {where}\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settled))
    return tmp_path / where


def test_a_folder_that_repositories_share_is_left_alone(repo, tmp_path, monkeypatch):
    made = repo(BOT)
    folder = elsewhere(monkeypatch, tmp_path, f"{tmp_path}/hooks")
    said = install(made.path, code=2)
    assert f"looked for in {folder}, where core.hooksPath of {tmp_path}/gitc" in said
    assert not folder.exists()
    assert not script(made).exists()
    said = install(made.path, "--shared-hooks")
    assert f"hooks: {folder}, where core.hooksPath leads: pre-commit runs" in said
    assert "already" in install(made.path)
    made.write({precommit_config.PATH: "repos: []\n"})
    assert "taken out" not in install(made.path)
    install(made.path, "--uninstall")
    assert not (folder / "pre-commit").exists()


def test_what_to_do_about_it_does(repo, tmp_path, monkeypatch):
    made = repo(BOT)
    elsewhere(monkeypatch, tmp_path, f"{tmp_path}/hooks")
    said = install(made.path, code=2)
    todo = said.partition("hint: git ")[2].partition(",")[0]
    made.git(*shlex.split(todo))
    install(made.path)
    made.write(NEW)
    made.git("add", *NEW)
    assert not commits(made)[0]


def test_a_folder_of_each_repository_is_its_own(repo, tmp_path, monkeypatch):
    made = repo(BOT)
    elsewhere(monkeypatch, tmp_path, ".githooks")
    install(made.path)
    assert (made.path / ".githooks/pre-commit").exists()


def test_a_setting_of_the_environment_is_none_of_the_repositorys(
    repo, tmp_path, monkeypatch
):
    made = repo(BOT)
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "core.hooksPath")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", str(tmp_path / "hooks"))
    assert "core.hooksPath of the command line leads" in install(made.path, code=2)


def test_a_linked_folder_is_shared(repo, tmp_path):
    made = repo(BOT)
    folder = made.path / ".git/hooks"
    shutil.rmtree(folder)
    (tmp_path / "hooks").mkdir()
    folder.symlink_to(tmp_path / "hooks")
    assert "where a link leads" in install(made.path, code=2)


def test_hooks_that_are_turned_off_cannot_be_written(repo, tmp_path, monkeypatch):
    made = repo(BOT)
    elsewhere(monkeypatch, tmp_path, os.devnull)
    said = install(made.path, "--shared-hooks", code=2)
    assert f"{os.devnull}/pre-commit: cannot be written" in said


def test_a_linked_work_tree_shares_the_hooks(repo, tmp_path):
    made = repo(BOT)
    made.git("worktree", "add", "-q", str(tmp_path / "linked"))
    install(tmp_path / "linked")
    assert script(made).exists()


@pytest.mark.parametrize(
    ("mark", "said"),
    [
        (".husky/pre-commit", "husky writes the hooks here; nothing is changed. Add a"),
        ("lefthook.yml", "lefthook writes the hooks here"),
        (".config/lefthook.toml", "lefthook writes the hooks here"),
        (".overcommit.yml", "overcommit writes the hooks here"),
        (".simple-git-hooks.json", "simple-git-hooks writes the hooks here"),
        ("prek.toml", "prek writes the hooks here"),
    ],
)
def test_who_manages_hooks_otherwise_is_told_what_to_add(repo, mark, said):
    made = repo({**BOT, mark: "x"})
    told = install(made.path)
    assert said in told
    assert "dvcinc" in told.partition("Add ")[2]
    assert not script(made).exists()
    assert git(made, "status", "--porcelain").stdout == ""


def test_outside_of_a_repository_it_says_so(tmp_path):
    assert "not in a Git repository" in install(tmp_path, code=2)


@pytest.mark.parametrize("page", ["README.md", "docs/hooks.md"])
def test_the_documentation_shows_what_install_writes(page):
    text = (Path(__file__).parents[2] / page).read_text(encoding="utf-8")
    assert "\n".join(["repos:", *entry("", TAG)]) in text
