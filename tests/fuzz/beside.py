"""Readers of what DVC and dvcinc leave beside the data; a pull request may bring it.

A reader of more than one file is given them with a zero byte between.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from dvcinc.corpus.tables import Tables
from dvcinc.plan.base import SCHEMA as BASE_SCHEMA
from dvcinc.plan.base import BaseInfo, read_info
from dvcinc.plan.json import load
from dvcinc.plan.tables import read_tables, tables_files
from dvcinc.snapshot.dvccache import listing
from dvcinc.snapshot.dvcconfig import cache_folder
from dvcinc.snapshot.dvcouts import Out, tracked
from dvcinc.stages.lockmerge import Side, merge_locks
from dvcinc.stages.metrics import read_metrics
from dvcinc.stages.pipeline import deps_in
from dvcinc.stages.reports import Report, read_report
from dvcinc.stages.restore import section

BETWEEN = b"\0"
_OUT = Out("data/nlu", f"{'0' * 32}.dir", legacy=False, pointer="data/nlu.dvc")


def pointer(data: bytes) -> list[Out]:
    """What a `.dvc` file tracks."""
    return _tracked({"data/nlu.dvc": data})


def outs(data: bytes) -> list[Out]:
    """What a `dvc.lock` tracks, by the `dvc.yaml` behind it."""
    lock, _, pipeline = data.partition(BETWEEN)
    return _tracked({"dvc.lock": lock, "dvc.yaml": pipeline or lock})


def _tracked(files: dict[str, bytes]) -> list[Out]:
    def read(paths: Sequence[str]) -> list[bytes | None]:
        return [files.get(path.removeprefix("../")) for path in paths]

    asked = ["data/nlu", "models", "plan/base"]
    for prefix in ("", "a/"):
        found = tracked(read, asked, [], prefix)
    return found


def stay_in_the_cache(found: list[Out]) -> None:
    """No hash is a path."""
    for out in found:
        hexadecimal = out.md5.removesuffix(".dir")
        assert len(hexadecimal) == 32
        assert {*hexadecimal} <= {*"0123456789abcdef"}


def listed(data: bytes) -> list[tuple[str, str]]:
    """What DVC's listing of a directory says."""
    return [*listing(data, _OUT)]


def stay_below(files: list[tuple[str, str]]) -> None:
    """No file of a directory lies elsewhere."""
    for path, _ in files:
        assert not path.startswith("/")
        assert ".." not in path.split("/")


def config(data: bytes) -> Path:
    """Where DVC's cache lies by a `.dvc/config`."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder, ".dvc", "config")
        place.parent.mkdir()
        place.write_bytes(data)
        return cache_folder(Path(folder))


def can_be_asked_for(folder: Path) -> None:
    """A path of a configuration may lead nowhere, but is one."""
    with suppress(OSError):
        folder.stat()


def merge(data: bytes) -> bytes:
    """Merges what three sides have made of a `dvc.lock`."""
    base, _, rest = data.partition(BETWEEN)
    ours, _, theirs = rest.partition(BETWEEN)
    return merge_locks(base, ours or base, theirs or base, Side.OURS).data


def is_merged(data: bytes) -> None:
    """What is merged is a lock that merges with itself into the same."""
    again = merge_locks(data, data, data, Side.THEIRS)
    if again.data != data or again.conflicts:
        raise AssertionError(f"{data!r} merges with itself into {again.data!r}")


def pipeline(data: bytes) -> None:
    """What the stage `plan` reads of `dvc.yaml`, and a stage of `params.yaml`."""
    deps_in(data, "plan")
    section(data, "train")


def base(data: bytes) -> BaseInfo:
    """Reads `base.json`."""
    return read_info(load(data, "base.json", BASE_SCHEMA), "base.json")


def tables(data: bytes) -> Tables:
    """Reads `tables.json`."""
    return read_tables(data, "tables.json")


def are_written_again(found: Tables) -> None:
    """Tables are written so that they read back."""
    (file,) = tables_files(found)
    if read_tables(file.content, file.name) != found:
        raise AssertionError(f"{found!r} reads back as another")


def report(data: bytes) -> Report:
    """Reads a training's report."""
    return read_report(data, "reports/train.json")


def metrics(data: bytes) -> dict[str, float]:
    """Reads `metrics.json`."""
    return read_metrics(data)
