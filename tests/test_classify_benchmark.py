"""The benchmark of classify: bots of any size, the same each time; a tiny run."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

import classify
import pytest
from classifying import history, repository, rows
from classifying.bot import Size, make, shares
from classifying.figures import Command, Figure, Target
from classifying.processes import BARE, FailedError, Run, run
from classifying.stream import Import, git
from classifying.texts import Speech

from dvcinc.snapshot.read import Reader
from dvcinc.snapshot.sources import FolderSource

TINY = Size(60, 4)


def write(folder, bot) -> None:
    for path, data in bot.rendered():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)


@pytest.mark.parametrize("size", [TINY, Size(1_000, 10), Size(3_000, 300)])
def test_a_bot_has_so_many_examples_in_so_many_files(tmp_path, size):
    bot = make(size)
    write(tmp_path, bot)
    read = Reader().snapshot(FolderSource(tmp_path)).corpus
    assert len(read.examples) == size.examples
    assert len({place.path for place in read.examples.values()}) == size.files
    assert {example.intent for example in read.examples} == {*bot.intents}
    assert not read.warnings
    assert read.synonyms
    assert read.lookups


def test_a_quarter_of_the_examples_holds_an_entity(tmp_path):
    write(tmp_path, make(Size(3_000, 10)))
    read = Reader().snapshot(FolderSource(tmp_path)).corpus
    holding = sum(bool(example.spans) for example in read.examples)
    assert 0.2 < holding / len(read.examples) < 0.3


def test_the_same_size_is_the_same_bot():
    assert [*make(TINY).rendered()] == [*make(TINY).rendered()]


def test_no_example_is_said_twice():
    speech = Speech()
    said = speech.lines("greet", 3_000) + speech.lines("bye", 3_000)
    assert len({*said}) == len(said)


def test_intents_are_of_uneven_size_and_live_in_few_files():
    bot = make(Size(3_000, 30))
    sizes = [sum(len(c.get(i, ())) for c in bot.files.values()) for i in bot.intents]
    assert max(sizes) > 5 * min(sizes)
    homes = [sum(i in content for content in bot.files.values()) for i in bot.intents]
    assert sorted(homes)[len(homes) // 2] <= 3


@pytest.mark.parametrize("weights", [[1.0], [3.0, 1.0, 0.01], [1.0] * 7])
def test_shares_add_up_and_leave_nobody_out(weights):
    parts = shares(10, weights)
    assert sum(parts) == 10
    assert min(parts) >= 1


def test_a_history_has_so_many_commits_and_the_same_ids_each_time(tmp_path):
    heads = []
    for name in ("one", "two"):
        with Import(tmp_path / name) as into:
            history.record(make(TINY), into, 80)
        heads.append(git(tmp_path / name, "rev-parse", "HEAD"))
    count = git(tmp_path / "one", "rev-list", "--first-parent", "--count", "HEAD")
    said = git(tmp_path / "one", "log", "--format=%s")
    assert int(count) >= 81
    assert heads[0] == heads[1]
    kinds = ("examples of", "reword", "an action", "intent", "rename", "merge", "a com")
    for kind in kinds:
        assert kind in said


def test_every_commit_of_a_history_can_be_read(tmp_path):
    with Import(tmp_path / "bot") as into:
        history.record(make(TINY), into, 30)
    for commit in git(tmp_path / "bot", "rev-list", "HEAD").split():
        git(tmp_path / "bot", "checkout", "--quiet", commit)
        read = Reader().snapshot(FolderSource(tmp_path / "bot")).corpus
        assert len(read.examples) >= TINY.examples - 30


def test_each_stage_adds_three_examples_that_were_not_staged_before(tmp_path):
    place = repository.bare(tmp_path, TINY)
    seen = set()
    for number in (1, 2):
        place.stage(number)
        added = git(place.path, "diff", "--cached", "--unified=0")
        lines = re.findall(r"^\+ .*", added, re.MULTILINE)
        assert len(lines) == 3
        assert seen.isdisjoint(lines)
        seen.update(lines)


def test_a_kept_repository_is_not_made_again(tmp_path):
    place = repository.bare(tmp_path, TINY)
    (place.path / "kept").touch()
    assert repository.bare(tmp_path, TINY) == place
    assert (place.path / "kept").exists()


def test_to_forget_removes_the_cache_and_no_more(tmp_path):
    place = repository.bare(tmp_path, TINY)
    (place.path / ".git" / "dvcinc").mkdir()
    place.forget()
    assert not (place.path / ".git" / "dvcinc").exists()
    assert git(place.path, "status", "--short") == ""


def test_a_command_that_fails_says_why(tmp_path):
    with pytest.raises(FailedError, match="ZeroDivisionError"):
        run(tmp_path, (BARE[0], "-c", "1 / 0"))


def test_peak_memory_counts_what_a_command_holds(tmp_path):
    """Measured by a process of its own: a child begins with what its parent holds."""
    measure = (
        "import sys; from pathlib import Path; from classifying.processes import run;"
        "print(run(Path(), (sys.executable, '-c', \"x = b'1' * (300 << 20)\")).peak)"
    )
    ran = subprocess.run(
        [BARE[0], "-c", measure],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert 300 << 20 < int(ran.stdout) < 600 << 20


def figure(target: Target | None, *seconds: float) -> Figure:
    """A figure over a floor of 0.1 s."""
    return Figure(
        repository="some",
        kind="no plan",
        command=Command.WARM,
        runs=[Run(one, 100) for one in seconds],
        bare=0.1,
        git=0.2,
        target=target,
    )


@pytest.mark.parametrize(
    ("target", "met"),
    [
        (None, None),
        (Target(seconds=0.5), True),
        (Target(seconds=0.4), False),
        (Target(seconds=0.4, over_bare=True), True),
        (Target(seconds=0.3, over_bare=True), False),
        (Target(seconds=0.5, peak=100), True),
        (Target(seconds=0.5, peak=99), False),
    ],
)
def test_the_median_and_the_most_memory_are_judged(target, met):
    assert figure(target, 9, 0.5, 0.1).is_met is met


@pytest.mark.parametrize(
    ("size", "wanted"),
    [
        (Size(1_000, 10), set()),
        (Size(10_000, 100), {Command.WARM}),
        (Size(1_000_000, 1_000), {Command.WARM, Command.COLD}),
    ],
)
def test_sizes_have_their_targets(size, wanted):
    assert {*rows.targets(size)} == wanted


def test_a_size_is_named_by_its_examples_or_in_full():
    assert classify.sizes("10000,7/2") == [
        Size(10_000, 10),
        Size(10_000, 100),
        Size(7, 2),
    ]


def test_a_tiny_run_measures_each_command_and_writes_json(tmp_path, capsys):
    into = tmp_path / "out.json"
    arguments = ["--sizes", "60/4", "--runs", "1", "--commits", "5"]
    assert classify.main([*arguments, "--json", str(into)]) == 0
    said = json.loads(into.read_text())
    assert said["schema"] == classify.SCHEMA
    measured = {(row["kind"], row["command"]) for row in said["rows"]}
    staged = [command for command in Command if not command.name.startswith("LOG")]
    for kind in repository.Kind:
        assert {(kind.value, command.value) for command in staged} <= measured
    for row in said["rows"]:
        assert row["seconds"] > 0
        assert row["peak"] > 1 << 20
    assert all("failed" not in note for note in said["notes"])
    assert "classify --staged, cold" in capsys.readouterr().out
