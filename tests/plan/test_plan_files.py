"""Folders that are replaced whole, whenever the process is killed."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from plan.bots import put

from dvcinc.corpus.canonical import CanonicalFile
from dvcinc.errors import InputError
from dvcinc.plan.files import (
    put_file,
    put_folder,
    read_folder,
    recover,
    standing,
    workshop,
    write_folder,
)

OLD = (CanonicalFile("a.yml", b"old"), CanonicalFile("in/b.yml", b"old"))
NEW = (CanonicalFile("a.yml", b"new"),)


@pytest.fixture
def final(tmp_path):
    folder = tmp_path / "plan/base"
    write_folder(OLD, folder)
    return folder


def replace(final):
    new = final.parent.parent / "scratch"
    write_folder(NEW, new)
    put_folder(new, final)


def leftovers(final):
    return sorted(path.name for path in final.parent.iterdir())


def test_a_folder_reads_back_as_it_was_written(final):
    assert read_folder(final) == OLD


def test_a_folder_is_replaced_whole(final):
    replace(final)
    assert read_folder(final) == NEW
    assert leftovers(final) == ["base"]


def test_a_folder_takes_the_place_of_a_file_and_of_nothing(tmp_path):
    put(tmp_path / "plan/base", "a file")
    replace(tmp_path / "plan/base")
    assert read_folder(tmp_path / "plan/base") == NEW
    replace(tmp_path / "other/base")
    assert read_folder(tmp_path / "other/base") == NEW


def test_a_folder_takes_the_place_of_a_link_and_leaves_what_it_led_to(final):
    kept = final.rename(final.with_name("cache"))
    final.symlink_to(kept)
    replace(final)
    assert read_folder(final) == NEW
    assert read_folder(kept) == OLD


KILLED = """
import os, sys
from pathlib import Path
from dvcinc.plan.files import put_folder
renames = 0
rename = Path.rename
def stop(self, target):
    global renames
    if renames == int(sys.argv[3]):
        os.kill(os.getpid(), 9)
    renames += 1
    return rename(self, target)
Path.rename = stop
import shutil
if sys.argv[3] == "2":
    shutil.rmtree = lambda *a, **k: os.kill(os.getpid(), 9)
put_folder(Path(sys.argv[1]), Path(sys.argv[2]))
"""


@pytest.mark.parametrize(("kill_at", "found"), [(0, OLD), (1, OLD), (2, NEW)])
def test_a_kill_at_any_step_loses_nothing(final, kill_at, found):
    new = final.parent.parent / "scratch"
    write_folder(NEW, new)
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(new), str(final), str(kill_at)],
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    assert done.returncode == -9
    assert read_folder(standing(final)) == found
    recover(final)
    assert read_folder(final) == found
    assert leftovers(final) == ["base"]
    recover(final)
    if not new.exists():
        write_folder(NEW, new)
    put_folder(new, final)
    assert read_folder(final) == NEW
    assert leftovers(final) == ["base"]


@pytest.mark.parametrize("kill_at", [0, 1, 2])
def test_the_next_run_needs_no_help_after_a_kill(final, kill_at):
    aside = final.with_name(".base.old")
    if kill_at == 1:
        final.rename(aside)
    if kill_at == 2:
        write_folder(OLD, aside)
    replace(final)
    assert read_folder(final) == NEW
    assert leftovers(final) == ["base"]


def test_nothing_stands_where_nothing_was_written(tmp_path):
    assert standing(tmp_path / "base") is None
    recover(tmp_path / "base")


def test_a_pipe_in_a_folder_is_refused_and_not_waited_for(final):
    os.mkfifo(final / "pipe")
    with pytest.raises(InputError, match="is no regular file"):
        read_folder(final)


def test_a_file_is_replaced_and_never_written_through(tmp_path):
    put(tmp_path / "cache", "cached")
    (tmp_path / "plan.json").symlink_to(tmp_path / "cache")
    put_file(b"new", tmp_path / "plan.json")
    assert (tmp_path / "plan.json").read_bytes() == b"new"
    assert (tmp_path / "cache").read_bytes() == b"cached"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cache", "plan.json"]


# --- where work goes on -----------------------------------------------------------


def test_work_goes_on_in_dvcs_own_folder_and_leaves_nothing(tmp_path):
    (tmp_path / ".dvc").mkdir()
    project = tmp_path / "bots/one"
    project.mkdir(parents=True)
    with workshop(project, "plan") as bench:
        assert bench.parent == tmp_path / ".dvc/tmp/dvcinc"
        put(bench / "half", "done")
    assert list((tmp_path / ".dvc/tmp/dvcinc").iterdir()) == []
    assert list(project.iterdir()) == []


def test_a_project_without_dvc_keeps_no_trace(tmp_path):
    with workshop(tmp_path, "plan") as bench:
        assert bench.relative_to(tmp_path).parts[0].startswith(".")
    assert list(tmp_path.iterdir()) == []


def test_work_that_failed_is_swept_too(tmp_path):
    def fail():
        with workshop(tmp_path, "plan") as bench:
            put(bench / "half", "done")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_run_left_behind_is_swept_and_that_of_others_is_not(tmp_path):
    shelf = tmp_path / ".dvc/tmp/dvcinc"
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        gone.wait()
    names = {
        "killed": f"train-{gone.pid}",
        "living": f"train-{os.getppid()}",
        "odd": "notes",
        "superscript": "train-²",
        "endless": f"train-{'9' * 30}",
    }
    for name in names.values():
        put(shelf / name / "file", "x")
    with workshop(tmp_path, "plan"):
        left = {path.name for path in shelf.iterdir()}
    assert names["killed"] not in left
    assert names["endless"] not in left
    assert {names["living"], names["odd"], names["superscript"]} <= left
