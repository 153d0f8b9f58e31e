"""Looks at the programs and packages that dvcinc works with; imports none of them."""

from __future__ import annotations

import platform
import re
import shutil
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec

from dvcinc import __version__
from dvcinc.adopt.check import Check, Patient, State
from dvcinc.release import getting
from dvcinc.snapshot.process import MIN_GIT, git_version

_TRAIN = getting("train")
_MIN_DVC = (3, 55)
_TENSORFLOW = ("tensorflow", "tensorflow-cpu", "tensorflow-intel", "tensorflow-macos")


def look_at_python(_: Patient) -> Iterator[Check]:
    """The interpreter, and whether `dvc.yaml` finds this program."""
    said = f"dvcinc {__version__}, Python {platform.python_version()}"
    if shutil.which("dvcinc"):
        yield Check("dvcinc", State.OK, said)
        return
    todo = "dvc.yaml runs dvcinc: activate the environment that holds it"
    yield Check("dvcinc", State.WARNING, f"{said}; no program dvcinc on PATH", todo)


def look_at_git(_: Patient) -> Iterator[Check]:
    """Git's version."""
    found = git_version()
    wanted = ".".join(map(str, MIN_GIT))
    todo = f"install Git {wanted} or newer"
    if found is None:
        yield Check("git", State.PROBLEM, "not installed", todo)
        return
    state = State.OK if _numbers(found) >= MIN_GIT else State.PROBLEM
    yield Check("git", state, found, "" if state is State.OK else todo)


def look_at_dvc(_: Patient) -> Iterator[Check]:
    """DVC's version, and whether it can be run."""
    found = _installed("dvc")
    if found is None:
        said = "not installed: dvc repro cannot run here"
        yield Check("dvc", State.WARNING, said, _TRAIN)
    elif _numbers(found) < _MIN_DVC:
        yield Check("dvc", State.PROBLEM, found, f"too old; {_TRAIN}")
    elif shutil.which("dvc") is None:
        todo = "activate the environment that holds it"
        yield Check("dvc", State.WARNING, f"{found}; not on PATH", todo)
    else:
        yield Check("dvc", State.OK, found)


def look_at_packages(_: Patient) -> Iterator[Check]:
    """What training and serving need; TensorFlow is for transformers alone."""
    for name in ("numpy", "safetensors"):
        found = _installed(name)
        if found is None:
            said = "not installed: no model can be trained or served here"
            yield Check(name, State.WARNING, said, _TRAIN)
        else:
            yield Check(name, State.OK, found)
    if find_spec("tensorflow") is None:
        said = "not installed: no transformer can be trained here"
        yield Check("tensorflow", State.WARNING, said, _TRAIN)
        return
    versions = (_installed(name) for name in _TENSORFLOW)
    yield Check("tensorflow", State.OK, next(filter(None, versions), "there"))


def look_at_yaml(_: Patient) -> Iterator[Check]:
    """Whether YAML is read in C."""
    if find_spec("_ruamel_yaml") or find_spec("ruamel.yaml.clib"):
        yield Check("yaml", State.OK, f"ruamel.yaml {_installed('ruamel.yaml')}, in C")
        return
    said = "ruamel.yaml has no C parser: data are read some 20 times slower"
    yield Check("yaml", State.WARNING, said, "pip install ruamel.yaml.clib")


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _numbers(said: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", said)[:3])
