"""Two branches that both added data to DVC: what is told, and what docs say to do."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from repositories import Repository, put
from shapes import ROOT, bot, dvcinc
from surfaces.run import SET_UP

PAGE = (ROOT / "docs/merging.md").read_text(encoding="utf-8")
ONE_SIDE, BOTH, DRIVER = re.findall(
    r"```bash\n(.*?)```", PAGE.partition("## Data in DVC\n")[2], re.DOTALL
)[:3]
POINTER = "data/nlu.dvc"


def orders(*lines: str) -> str:
    rows = "".join(f"    - {line}\n" for line in lines)
    return f"nlu:\n- intent: order\n  examples: |\n{rows}"


BASE = ["one pizza", "a soup", "two teas", "some bread", "a salad"]


def sh(made: Repository, script: str) -> None:
    done = subprocess.run(
        ["bash", "-ec", script],
        cwd=made.path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def made(repo, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """A bot whose branches `main` and `side` have different data in DVC."""
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    made: Repository = repo()
    sh(made, "dvc init -q")
    files = {**bot(), "params.yaml": "data: {nlu: data/nlu, config: config.yml}\n"}
    made.write({k: v for k, v in files.items() if k != "data/nlu.yml"})
    add(made, {"orders.yml": orders(*BASE), "greet.yml": bot()["data/nlu.yml"]})
    made.git("branch", "side")
    add(made, {"orders.yml": orders("a cake", *BASE)})
    made.git("checkout", "-q", "side")
    sh(made, "dvc checkout -q")
    new = {"refunds.yml": orders("my money back").replace("order", "refund")}
    add(made, new)
    return made


def add(made: Repository, files: dict[str, str]) -> None:
    for name, text in files.items():
        put(made.path / "data/nlu" / name, text)
    sh(made, "dvc add -q data/nlu")
    made.commit()


def merge(made: Repository) -> None:
    made.git("checkout", "-q", "-")
    sh(made, "dvc checkout -q; git merge -q side || true")


@pytest.fixture
def conflict(made: Repository) -> Repository:
    """`side` edits the file that `main` edits, too, and is being merged."""
    add(made, {"orders.yml": orders(*BASE, "a beer")})
    merge(made)
    assert "<<<<<<<" in (made.path / POINTER).read_text()
    return made


@pytest.mark.parametrize("command", ["classify", "status", "resolve"])
def test_both_hashes_and_the_commands_are_named(
    conflict: Repository, command: str
) -> None:
    conflict.write({"dvc.yaml": SET_UP["dvc.yaml"]})
    ran = dvcinc(conflict.path, command)
    assert ran.code != 0
    for side in ("HEAD", "MERGE_HEAD"):
        pointer = conflict.git("show", f"{side}:{POINTER}")
        assert pointer.partition("md5: ")[2].split()[0] in ran.err
    assert f"git checkout --ours {POINTER}" in ran.err
    assert f"dvc checkout {POINTER}" in ran.err


def test_an_index_in_conflict_is_no_index_without_data(conflict: Repository) -> None:
    ran = dvcinc(conflict.path, "classify", "--staged")
    assert ran.code == 2
    assert f"error: {POINTER} is in conflict\nhint: git checkout --ours" in ran.err


@pytest.mark.parametrize(("side", "rest"), [("ours", "a cake"), ("theirs", "a beer")])
def test_the_documented_commands_take_a_side(
    conflict: Repository, side: str, rest: str
) -> None:
    sh(conflict, ONE_SIDE.replace("--ours", f"--{side}"))
    text = (conflict.path / "data/nlu/orders.yml").read_text()
    assert rest in text
    assert ("a cake" in text) != ("a beer" in text)
    assert dvcinc(conflict.path, "classify", "--staged").code == 0


def test_the_documented_commands_keep_both(conflict: Repository) -> None:
    sh(conflict, BOTH)
    text = (conflict.path / "data/nlu/orders.yml").read_text()
    assert text == orders("a cake", *BASE, "a beer")
    assert dvcinc(conflict.path, "classify").code == 0
    conflict.commit()


def test_dvcs_driver_merges_what_lies_in_different_files(made: Repository) -> None:
    made.git("checkout", "-q", "-")
    sh(made, DRIVER)
    made.commit()
    sh(made, "dvc checkout -q; git merge -q side; dvc checkout -q")
    assert (made.path / "data/nlu/refunds.yml").is_file()
    assert "a cake" in (made.path / "data/nlu/orders.yml").read_text()
