"""`dvcinc doctor` says what is wrong, and what to do; it never fails itself."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from adopt.projects import NLU, STARTER, TESTS, adopt, make
from corpora import nlu_yaml
from repositories import put
from shapes import dvcinc

from dvcinc.adopt.check import Patient, State
from dvcinc.adopt.check_programs import look_at_dvc
from dvcinc.adopt.checks import look_over
from dvcinc.adopt.stale import stale
from dvcinc.release import getting
from dvcinc.snapshot.store import FOLDER
from dvcinc.stages.paths import TRACKED


@pytest.fixture(autouse=True)
def _programs(monkeypatch):
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}:{os.environ['PATH']}")


@pytest.fixture
def well(repo):
    """A project in which all is well."""
    made = repo({**STARTER, "tests/nlu.yml": TESTS})
    adopt(made.path)
    assert dvcinc(made.path, "install").code == 0
    made.commit(
        {
            ".dvc/config": "[core]\n    remote = store\n['remote \"store\"']\n"
            "    url = ../../store\n",
            ".dvc/.gitignore": "/config.local\n/tmp\n/cache\n",
            ".pre-commit-config.yaml": "repos: []  # dvcinc\n",
        }
    )
    put(made.path / ".git/hooks/pre-commit", "#!/bin/sh\nexec pre-commit run\n")
    return made


def looked(project: Path, *, online: bool = False) -> dict[str, list]:
    """What is not well, by name."""
    found: dict[str, list] = {}
    for check in look_over(project, online=online):
        assert bool(check.todo) or check.state is State.OK
        if check.state is not State.OK:
            found.setdefault(check.name, []).append(check)
    return found


def test_a_project_that_is_well_is_told_so(well):
    assert looked(well.path) == {}
    ran = dvcinc(well.path, "doctor")
    assert ran.code == 0
    assert ran.out.endswith("0 problems, 0 warnings\n")


def test_json_says_the_same(well):
    ran = dvcinc(well.path, "doctor", "--json")
    said = json.loads(ran.out)
    assert said["schema"] == "dvcinc/doctor/1"
    assert (said["problems"], said["warnings"]) == (0, 0)
    assert {check["state"] for check in said["checks"]} == {"ok"}


@pytest.mark.parametrize("options", [[], ["--json"], ["--online"]])
def test_an_empty_folder_is_full_of_problems_and_no_traceback(tmp_path, options):
    ran = dvcinc(tmp_path, "doctor", *options)
    assert (ran.code, ran.err) == (1, "")
    assert "git init" in ran.out


def test_what_is_no_folder_is_one_problem(tmp_path):
    found = looked(tmp_path / "nowhere")
    assert list(found) == ["project"]


BROKEN_LOCK = """\
schema: '2.0'
stages:
  train:
    cmd: dvcinc stage train
    outs:
    - path: models/base
      md5: 0123456789abcdef0123456789abcdef.dir
"""
# What is done to a project that is well: files, and what is then told.
ILL = {
    "settings": ({"params.yaml": "train: {epoch: 1}\n"}, "params.yaml", "no setting"),
    "no settings": ({"params.yaml": None}, "params.yaml", "not there"),
    "missing settings": ({"params.yaml": "data: {nlu: data}\n"}, "params.yaml", "has"),
    "a rule misspelt": (
        {"params.yaml": "policy: {rules: {DI999: none}}\n"},
        *("params.yaml", "DI999"),
    ),
    "no pipeline": ({"dvc.yaml": None}, "dvc.yaml", "not there"),
    "stages gone": ({"dvc.yaml": "stages: {}\n"}, "dvc.yaml", "no stage plan, train"),
    "no YAML": ({"dvc.yaml": "a: [\n"}, "dvc.yaml", "dvc.yaml:2:1"),
    "broken data": ({"data/x.yml": "nlu: [\n"}, "data", "data/x.yml:2:1"),
    "a broken plan": ({"plan/plan.json": "<<<<<<<\n"}, "plan/plan.json", "not JSON"),
    "another's plan": ({"plan/plan.json": "{}\n"}, "plan/plan.json", "schema"),
    "a broken lineage": ({"lineage.json": "[]\n"}, "lineage.json", "schema"),
    "a broken lock": ({"dvc.lock": "[]\n"}, "base model", "holds no stages"),
    "a pipeline that nobody trains": (
        {"config.yml": "pipeline: [{name: my.own.Component}]\n"},
        *("pipeline", "my.own.Component"),
    ),
    "an ignored lock": ({".gitignore": "*.lock\n"}, "ignored", ".gitignore:1"),
}
GRET = {
    "data/x.yml": nlu_yaml("gret: heya"),
    "domain.yml": "intents: [greet, bye, gret]\n",
    "tests/nlu.yml": TESTS + "- {intent: gret, examples: [yo]}\n",
}
WORRYING = {
    "no tests": ({"tests/nlu.yml": None}, "tests", "no model is evaluated"),
    "tests to come": (
        {"tests/nlu.yml": None, "test_data/nlu.yml": TESTS},
        *("tests", "no model is evaluated"),
    ),
    "a test of what is gone": (
        {"tests/nlu.yml": nlu_yaml("greets: howdy\nbye: see ya")},
        *("tests", "tests/nlu.yml:5: intent greets is in 1 test and nowhere else; did"),
    ),
    "an intent without tests": (
        {"tests/nlu.yml": nlu_yaml("greet: howdy")},
        *("tests", "no test example for 1 intent: bye"),
    ),
    "a rare name that is near": (
        GRET,
        *("names", "data/x.yml:5: intent gret is used 1 time, greet 5: is it meant?"),
    ),
    "a key that means nothing": (
        {"data/x.yml": 'version: "3.1"\nstoriez: []\n'},
        *("names", "data/x.yml:2: unknown key 'storiez', passed over; did you mean"),
    ),
    "a story of an unknown intent": (
        {"data/x.yml": "stories: [{story: x, steps: [{intent: order}]}]\n"},
        *("names", "a story or rule uses intent order, which is unknown"),
    ),
    "no attributes": ({".gitattributes": None}, "merge driver", "not set up"),
    "a base elsewhere": ({"dvc.lock": BROKEN_LOCK}, "base model", "not in the cache"),
    "no remote": ({".dvc/config": ""}, "remote", "no default remote"),
    "no hooks": ({".git/hooks/pre-commit": None}, "hooks", "does not run them"),
    "no hooks at all": ({".pre-commit-config.yaml": None}, "hooks", "no hook warns"),
    "a broken store": ({f".git/{FOLDER}/facts-0.sqlite": "x" * 999}, "store", "broken"),
}


@pytest.mark.parametrize("case", ILL)
def test_a_problem_is_found_and_alone(well, case):
    files, name, said = ILL[case]
    well.write(files)
    found = looked(well.path)
    problems = [n for n, checks in found.items() if checks[0].state is State.PROBLEM]
    assert name in problems
    assert said in found[name][0].said
    assert dvcinc(well.path, "doctor").code == 1


@pytest.mark.parametrize("case", WORRYING)
def test_a_warning_is_no_problem(well, case):
    files, name, said = WORRYING[case]
    well.write(files)
    found = looked(well.path)
    assert list(found) == [name]
    assert said in found[name][0].said
    assert found[name][0].state is State.WARNING
    assert dvcinc(well.path, "doctor").code == 0


def test_data_that_no_dep_covers_need_init(well):
    params = (well.path / "params.yaml").read_text()
    well.write({"more/nlu.yml": NLU})
    well.write({"params.yaml": params.replace("nlu: data", "nlu: [data, more]")})
    (check,) = looked(well.path)["dvc.yaml"]
    assert check.todo == "dvcinc init"
    adopt(well.path)
    assert looked(well.path) == {}


def test_data_that_have_moved_leave_a_dep_behind_that_is_told(well):
    well.git("mv", "data", "training")
    params = (well.path / "params.yaml").read_text()
    well.write({"params.yaml": params.replace("nlu: data", "nlu: training")})
    said = dvcinc(well.path, "init")
    number = (well.path / "dvc.yaml").read_text().split("\n").index("      - data") + 1
    told = f"dvc.yaml:{number}: plan depends on data, which is not there"
    assert f"warning: {told}: take the line out" in said.out
    (check,) = looked(well.path)["dvc.yaml"]
    assert (check.state, check.said) == (State.PROBLEM, told)
    text = (well.path / "dvc.yaml").read_text()
    well.write({"dvc.yaml": text.replace("      - data\n", "", 1)})
    assert looked(well.path) == {}
    assert "warning" not in dvcinc(well.path, "init").out


@pytest.mark.parametrize(
    ("dep", "files"),
    [
        ("prepared", {}),
        ("prepared/part.yml", {}),
        ("https://example.org/x.yml", {}),
        ("${where}", {}),
        ("more/x.yml", {"more.dvc": "outs: []\n"}),
        ("more: {cache: false}", {"more": "x"}),
    ],
)
def test_deps_that_come_from_elsewhere_are_none_of_these(tmp_path, dep, files):
    make(tmp_path, files)
    stages = (
        f"stages:\n  plan:\n    cmd: dvcinc stage plan\n    deps:\n    - {dep}\n"
        "  prep:\n    cmd: make\n    deps: [nowhere]\n    outs: [prepared]\n"
    )
    assert stale(tmp_path, stages.encode()) == []


def test_an_out_that_does_not_persist_is_told(well):
    text = (well.path / "dvc.yaml").read_text()
    new = text.replace("- plan/base:\n          persist: true", "- plan/base")
    well.write({"dvc.yaml": new})
    (check,) = looked(well.path)["dvc.yaml"]
    assert "plan/base has to say persist: true" in check.said


def test_a_clone_without_the_driver_is_told(well, tmp_path):
    well.git("clone", "--quiet", ".", str(tmp_path / "clone"))
    found = looked(tmp_path / "clone")
    assert "does not know it" in found["merge driver"][0].said


def test_a_shallow_clone_is_told(well, tmp_path):
    well.commit({"a": "1"})
    url = well.path.as_uri()
    well.git("clone", "--quiet", "--depth", "1", url, str(tmp_path / "clone"))
    (check,) = looked(tmp_path / "clone")["history"]
    assert "fetch-depth: 0" in check.todo


def test_line_ends_that_git_turns_are_told(well):
    well.git("config", "core.autocrlf", "true")
    assert "next checkout" in looked(well.path)["line ends"][0].said
    (well.path / "params.yaml").unlink()
    well.git("checkout", "--quiet", "params.yaml")
    assert "params.yaml" in looked(well.path)["line ends"][0].said


@pytest.mark.parametrize("line", ["* text=auto eol=lf\n", "* -text\n"])
def test_line_ends_that_attributes_settle_are_well(well, line):
    well.git("config", "core.autocrlf", "true")
    text = (well.path / ".gitattributes").read_text()
    well.write({".gitattributes": line + text})
    assert looked(well.path) == {}


def test_a_project_below_the_top_is_looked_over_there(repo):
    made = repo({f"bot/{path}": text for path, text in STARTER.items()})
    found = looked(made.path / "bot")
    # Nothing is set up here: one command does it all.
    todo = "dvcinc init --test-split 0.2 --dvc"
    names = ("dvc init", "tests", "params.yaml", "dvc.yaml")
    assert {found[name][0].todo for name in names} == {todo}
    assert not any(path in found for path in TRACKED)


def test_a_hook_of_its_own_is_found_where_git_looks_for_it(well):
    well.git("config", "core.hooksPath", ".githooks")
    assert "hooks" in looked(well.path)
    put(well.path / ".githooks/pre-commit", "#!/bin/sh\ndvcinc hook check\n")
    assert looked(well.path) == {}


def test_hooks_that_repositories_share_are_told(well, tmp_path, monkeypatch):
    settled, folder = tmp_path / "gitconfig", tmp_path / "hooks"
    settled.write_text(f"[core]\n\thooksPath = {folder}\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settled))
    shared = f"Git looks in {folder}, where core.hooksPath of {settled} leads"
    (check,) = looked(well.path)["hooks"]
    assert "this clone does not run them" in check.said
    assert shared in check.said
    assert check.todo == f"let {folder}/pre-commit run pre-commit"
    well.commit({".pre-commit-config.yaml": None})
    (check,) = looked(well.path)["hooks"]
    assert shared in check.said
    put(folder / "pre-commit", "#!/bin/sh\ndvcinc hook check\n")
    assert looked(well.path) == {}
    assert f"in {folder} for all repositories" in dvcinc(well.path, "doctor").out


def test_what_is_not_installed_is_a_warning(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "path", [str(Path(__file__).parents[2])])
    (check,) = look_at_dvc(Patient(tmp_path, online=False))
    assert check.state is State.WARNING
    assert check.todo == getting("train")


def test_without_programs_on_the_path_it_says_which(monkeypatch, well, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    found = looked(well.path)
    assert found["git"][0].state is State.PROBLEM
    assert found["git"][0].todo == "install Git 2.25 or newer"
    assert "not on PATH" in found["dvc"][0].said
    assert "no program dvcinc on PATH" in found["dvcinc"][0].said


def test_a_remote_that_answers_is_told_online(well):
    assert "holds nothing yet" in looked(well.path, online=True)["remote"][0].said
    (well.path / "../store/files/md5").mkdir(parents=True)
    assert looked(well.path, online=True) == {}


def test_a_remote_that_does_not_answer_is_a_problem(well):
    config = (
        "[core]\n    remote = store\n['remote \"store\"']\n"
        "    url = http://127.0.0.1:9/store\n"
    )
    well.write({".dvc/config": config})
    (check,) = looked(well.path, online=True)["remote"]
    assert check.state is State.PROBLEM


ABSENT = """
import sys
sys.modules.update(dict.fromkeys({absent!r}))
sys.argv = ["dvcinc", *{arguments!r}]
from dvcinc.__main__ import main
main()
"""


@pytest.mark.parametrize("arguments", [["doctor"], ["init"], ["init", "--dry-run"]])
def test_a_base_install_is_enough(repo, arguments):
    made = repo(STARTER)
    absent = ["dvc", "numpy", "safetensors", "scipy", "tensorflow"]
    done = subprocess.run(
        [sys.executable, "-c", ABSENT.format(absent=absent, arguments=arguments)],
        cwd=made.path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert done.returncode == (1 if arguments == ["doctor"] else 0)


def test_a_dvc_repository_alone_is_set_up_by_dvc(well):
    shutil.rmtree(well.path / ".dvc")
    assert looked(well.path)["dvc init"][0].todo == "dvc init"


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"data/nlu.yml": "nlu: [\n"}, "data/nlu.yml:2:1: not YAML"),
        ({"config.yml": None}, "config.yml"),
        ({"params.yaml": "policy: {preset: lax}\n"}, "params.yaml:1:18: policy.preset"),
    ],
)
def test_what_two_looks_trip_over_is_told_once(well, files, said):
    well.write({path: text for path, text in files.items() if text is not None})
    for path in (path for path, text in files.items() if text is None):
        (well.path / path).unlink()
    checks = look_over(well.path, online=False)
    broken = [c.said for c in checks if c.state is State.PROBLEM and said in c.said]
    assert len(broken) == 1


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("data/more.yml", "one text is an example of bye and greet"),
        ("tests/more.yml", "the tests hold the text of this example, too, under bye"),
    ],
)
def test_texts_that_stand_twice_are_told(well, path, said):
    well.write({path: nlu_yaml("bye: hello")})
    (check,) = looked(well.path)["texts"]
    assert said in check.said
    assert check.said.startswith("data/")
