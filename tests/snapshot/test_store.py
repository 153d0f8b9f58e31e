"""What is kept below the Git directory saves time and never changes a verdict."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from repositories import Repository

from dvcinc.lineage.values import Verdict
from dvcinc.lineage.verdict import classify
from dvcinc.plan.project import open_project
from dvcinc.snapshot.store import MAX_BYTES, FactStore

Make = Callable[..., Repository]


def nlu(intent: str, *texts: str) -> str:
    lines = "".join(f"    - {text}\n" for text in texts)
    return f"nlu:\n- intent: {intent}\n  examples: |\n{lines}"


@pytest.fixture
def bot(repo: Make) -> Repository:
    """A bot with a staged change: one example more, one copied from another file."""
    made = repo(
        {
            "data/a.yml": nlu("greet", "hi", "hello"),
            "data/b.yml": nlu("bye", "ciao", "so long"),
            "data/c.yml": nlu("greet", "hey"),
        }
    )
    made.write({"data/a.yml": nlu("greet", "hi", "hello", "hey", "hiya")})
    made.git("add", "--all")
    return made


def verdict(bot: Repository) -> Verdict:
    project = open_project(bot.path)
    return classify(project, project.commit("HEAD"), project.worktree())


def kept(bot: Repository) -> Path:
    (path,) = (bot.path / ".git/dvcinc").glob("*.sqlite")
    return path


def test_a_verdict_is_the_same_with_and_without_what_is_kept(bot: Repository) -> None:
    cold = verdict(bot)
    assert [(r.code, r.count) for r in cold.decision.reasons] == [("DI101", 1)]
    assert verdict(bot) == cold


@pytest.mark.parametrize(
    "harm",
    [
        lambda path: path.unlink(),
        lambda path: path.write_bytes(b"no database at all" * 100),
        lambda path: path.write_bytes(path.read_bytes()[:5000]),
        lambda path: path.write_bytes(b""),
        lambda path: sqlite3.connect(path).executescript("DROP TABLE text"),
        lambda path: sqlite3.connect(path).executescript(
            "DROP TABLE label; CREATE TABLE label (odd)"
        ),
        lambda path: path.write_bytes(
            path.read_bytes()[:8192] + b"\xff" * (path.stat().st_size - 8192)
        ),
    ],
    ids=["gone", "other", "cut", "empty", "a table lost", "a table changed", "garbled"],
)
def test_what_is_kept_may_break(bot: Repository, harm: Callable[[Path], None]) -> None:
    cold = verdict(bot)
    harm(kept(bot))
    assert verdict(bot) == cold
    assert verdict(bot) == cold


def test_where_nothing_can_be_kept_all_is_read(bot: Repository) -> None:
    (bot.path / ".git/dvcinc").write_text("in the way")
    assert [r.code for r in verdict(bot).decision.reasons] == ["DI101"]


def test_a_writer_that_does_not_end_stops_nobody(
    bot: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dvcinc.snapshot.store._WAIT", 0.05)
    cold = verdict(bot)
    writing = sqlite3.connect(kept(bot), isolation_level=None)
    writing.execute("BEGIN EXCLUSIVE")
    assert verdict(bot) == cold


def test_several_processes_fill_it_at_once(bot: Repository) -> None:
    command = [sys.executable, "-m", "dvcinc", "classify", "--staged", "--json"]
    running = [
        subprocess.Popen(command, cwd=bot.path, stdout=subprocess.PIPE)
        for _ in range(4)
    ]
    said = {process.communicate()[0] for process in running}
    assert len(said) == 1
    assert b'"DI101"' in said.pop()


def test_what_has_grown_too_large_is_begun_anew(tmp_path: Path) -> None:
    FactStore(tmp_path).close()
    (path,) = tmp_path.glob("*.sqlite")
    with path.open("r+b") as file:
        file.truncate(MAX_BYTES + 1)
    FactStore(tmp_path).close()
    assert path.stat().st_size < MAX_BYTES


def test_it_is_shared_by_linked_work_trees(bot: Repository, tmp_path: Path) -> None:
    bot.git("worktree", "add", "--quiet", str(tmp_path / "linked"))
    linked = open_project(tmp_path / "linked")
    classify(linked, linked.commit("HEAD"), linked.worktree())
    assert kept(bot).is_file()


def test_nothing_is_written_beside_the_git_directory(bot: Repository) -> None:
    verdict(bot)
    assert bot.git("status", "--porcelain", "--ignored") == "M  data/a.yml"
