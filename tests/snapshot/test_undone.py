"""What DVC and the work tree disagree about is told, with the command that helps."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from repositories import Repository, put
from shapes import CONFIG, Ran, dvcinc, nlu
from snapshot.test_dvc import ONE, TWO, dvc_bot
from surfaces.run import SET_UP

FAR = "[core]\n    remote = far\n['remote \"far\"']\n    url = ../../far\n"
ABSENT = "data is not checked out"
PULL = "dvc pull data.dvc"
EDITED = "data differs from data.dvc: dvc add data"


@pytest.fixture
def made(repo: Callable[..., Repository]) -> Repository:
    """A bot with two versions of data in DVC's cache, none checked out."""
    made = repo()
    dvc_bot(made, ONE, TWO)
    config = CONFIG.replace(
        "- name: DIET", "- name: CountVectorsFeaturizer\n- name: DIET"
    )
    made.commit({"config.yml": config})
    return made


def lose(made: Repository, config: str = FAR) -> None:
    """Takes the cache away, as a fresh clone has none."""
    (made.path / ".dvc/cache").rename(made.path.parent / "lost")
    put(made.path / ".dvc/config", config)


def checked_out(made: Repository) -> Path:
    for path, text in TWO.items():
        put(made.path / "data" / path, text)
    return made.path / "data/nlu.yml"


def told(made: Repository, *arguments: str) -> Ran:
    """What a command says where dvcinc is set up; others compare two sides."""
    if arguments[0] == "status":
        made.write({"dvc.yaml": SET_UP["dvc.yaml"]})
    ran = dvcinc(made.path, *arguments)
    (made.path / "dvc.yaml").unlink(missing_ok=True)
    return ran


def warnings(made: Repository, command: str) -> list[str]:
    ran = told(made, command, "--json")
    assert ran.code == 0, ran.err
    said = json.loads(ran.out)["warnings"]
    return [one if isinstance(one, str) else one["text"] for one in said]


def doctor(made: Repository) -> list[dict[str, str]]:
    checks = json.loads(dvcinc(made.path, "doctor", "--json").out)["checks"]
    return [check for check in checks if check["name"] == "data"]


@pytest.mark.parametrize("before", [id, lose], ids=["cached", "lost"])
def test_data_that_are_not_checked_out_are_a_problem_that_doctor_names(
    made: Repository, before: Callable[[Repository], object]
) -> None:
    if before is lose:
        lose(made)
    (check,) = doctor(made)
    assert (check["state"], check["said"], check["todo"]) == ("problem", ABSENT, PULL)


def test_status_says_so_where_the_cache_has_them(made: Repository) -> None:
    assert f"{ABSENT}: {PULL}" in warnings(made, "status")


@pytest.mark.parametrize("command", ["status", "classify"])
def test_where_the_cache_has_them_not_the_way_out_is_a_pull(
    made: Repository, command: str
) -> None:
    lose(made)
    ran = told(made, command)
    assert ran.code == 3
    assert ABSENT in ran.err
    assert f"hint: {PULL}\n" in ran.err
    assert "--fetch" not in ran.err


@pytest.mark.parametrize("sides", [[], ["HEAD~2", "HEAD~1"]])
@pytest.mark.parametrize("options", [[], ["--fetch"]])
def test_without_a_remote_nobody_is_told_to_fetch(
    made: Repository, sides: list[str], options: list[str]
) -> None:
    lose(made, "")
    ran = dvcinc(made.path, "classify", *options, *sides)
    assert ran.code == 3
    assert "there is no remote" in ran.err
    assert "run dvc fetch" not in ran.err
    assert "dvc push --all-commits in a clone that has it" in ran.err


def test_what_the_remote_lacks_too_is_not_to_be_fetched_once_more(
    made: Repository,
) -> None:
    lose(made)
    (made.path.parent / "far").mkdir()
    ran = dvcinc(made.path, "classify", "--fetch", "HEAD~2", "HEAD~1")
    assert ran.code == 3
    assert "neither the local cache nor the remote has it" in ran.err
    assert "hint: dvc push --all-commits in a clone that has it" in ran.err


def test_what_is_checked_out_as_it_was_added_is_well(made: Repository) -> None:
    checked_out(made)
    assert warnings(made, "status") == []
    assert warnings(made, "classify") == []
    assert [check["state"] for check in doctor(made)] == ["ok"]


@pytest.mark.parametrize("edit", [nlu("hi", "hello", "hey", "yo"), None])
def test_data_that_were_edited_and_not_added_are_told(
    made: Repository, edit: str | None
) -> None:
    put(checked_out(made), edit)
    assert EDITED in warnings(made, "status")
    assert EDITED in warnings(made, "classify")
    assert [check["state"] for check in doctor(made)] == ["ok", "warning"]


def test_an_edit_is_no_matter_of_other_sides(made: Repository) -> None:
    put(checked_out(made), nlu("yo"))
    ran = dvcinc(made.path, "classify", "--json", "HEAD~2", "HEAD")
    assert json.loads(ran.out)["warnings"] == []
