"""What is kept below the Git directory saves time and never changes a verdict."""

from __future__ import annotations

import itertools
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest
from corpora import PIPELINE
from repositories import Repository

from dvcinc.corpus.values import Corpus
from dvcinc.lineage.past import Past, past
from dvcinc.lineage.values import Verdict
from dvcinc.lineage.verdict import classify
from dvcinc.plan.make import make_plan
from dvcinc.plan.project import open_project
from dvcinc.snapshot.database import MAX_BYTES
from dvcinc.snapshot.store import FactStore
from dvcinc.snapshot.summary import Summary, summary
from dvcinc.stages.foreseen import Status
from dvcinc.stages.status import status

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


HARMS: Mapping[str, Callable[[Path], object]] = dict(
    zip(
        ["gone", "other", "cut", "empty", "a table lost", "a table changed", "garbled"],
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
        strict=True,
    )
)


def a_plan(bot: Repository) -> bytes:
    project = open_project(bot.path)
    now = project.snapshot(project.worktree())
    return make_plan(project.situation(now, project.git.head())).data


def a_status(bot: Repository) -> Status:
    return status(open_project(bot.path))


def a_history(bot: Repository) -> list[Past]:
    return list(past(open_project(bot.path), "HEAD", None))


USES = (verdict, a_plan, a_status, a_history)


@pytest.fixture
def planned(bot: Repository) -> Repository:
    """The bot with a plan, and with one intent that is gone since."""
    bot.write({"config.yml": PIPELINE})
    bot.commit({"plan/plan.json": a_plan(bot), "data/b.yml": None})
    bot.write({"data/c.yml": nlu("greet", "hey", "hey you")})
    return bot


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize("harm", HARMS.values(), ids=HARMS.keys())
def test_what_is_kept_may_break(
    planned: Repository,
    harm: Callable[[Path], object],
    use: Callable[[Repository], object],
) -> None:
    cold = use(planned)
    harm(kept(planned))
    assert use(planned) == cold
    assert use(planned) == cold
    mended = sqlite3.connect(kept(planned))
    assert mended.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.mark.parametrize("use", USES)
def test_a_writer_that_does_not_end_stops_nobody(
    planned: Repository,
    use: Callable[[Repository], object],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("dvcinc.snapshot.database._WAIT", 0.05)
    cold = use(planned)
    before = kept(planned).read_bytes()
    writing = sqlite3.connect(kept(planned), isolation_level=None)
    writing.execute("BEGIN EXCLUSIVE")
    assert use(planned) == cold
    assert kept(planned).read_bytes() == before
    writing.close()
    assert use(planned) == cold


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize("nth", range(0, 40, 3))
def test_what_fails_in_between_is_done_again(
    planned: Repository,
    use: Callable[[Repository], object],
    nth: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Numbers of contents that were told before are void then."""
    cold = use(planned)
    asked = itertools.count()

    def rows(self: FactStore, query: str, values: Sequence[object] = ()) -> object:
        with self._trying():
            if next(asked) == nth:
                raise sqlite3.DatabaseError
            return self._database.execute(query, values).fetchall()

    monkeypatch.setattr(FactStore, "_rows", rows)
    assert use(planned) == cold


def test_nobody_waits_for_a_file_to_be_parsed(tmp_path: Path) -> None:
    store, other = FactStore(tmp_path), FactStore(tmp_path)

    def parsed() -> Iterator[Summary]:
        for name in "ab":
            other.remember_revision(name, name)
            yield summary(name, Corpus())

    with store.together():
        store.add(parsed())
    assert store.known("ab").keys() == {"a", "b"}
    assert other.generation == 0
    assert other.revision("b") == "b"


def test_where_nothing_can_be_kept_all_is_read(bot: Repository) -> None:
    (bot.path / ".git/dvcinc").write_text("in the way")
    assert [r.code for r in verdict(bot).decision.reasons] == ["DI101"]


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
