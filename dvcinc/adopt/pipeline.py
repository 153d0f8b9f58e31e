"""The stages that `dvc.yaml` has to hold: as values, and as the text that is written.

Where there is no test data, `evaluate` and what depends on it are left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from dvcinc.lineage.record import PATH as LINEAGE
from dvcinc.plan.base import FOLDER as BASE
from dvcinc.plan.document import PATH as PLAN
from dvcinc.stages import paths
from dvcinc.yaml import Json

COMMAND = "dvcinc stage "
SECTIONS = ("deps", "params", "outs", "metrics", "plots")
"""The lists of a stage, in the order in which they are written."""
_PLAIN = re.compile(r"[A-Za-z_][\w./-]*", re.ASCII)
_WORDS = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})
_UNCACHED = (("cache", False),)
_PERSIST = (("persist", True),)
_CURVE = (("x", "step"),)
_CONFUSION = (("template", "confusion"), ("x", "actual"), ("y", "predicted"))

Options = tuple[tuple[str, bool | str], ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a stage's list: a path or the name of parameters, and options."""

    path: str
    options: Options = ()

    @property
    def value(self) -> Json:
        """As `dvc.yaml` says it."""
        return {self.path: dict(self.options)} if self.options else self.path

    def rows(self) -> list[str]:
        """Its lines in a list, from the dash on."""
        if not self.options:
            return [f"- {scalar(self.path)}"]
        said = (f"    {key}: {_word(value)}" for key, value in self.options)
        return [f"- {scalar(self.path)}:", *said]

    def flow(self) -> str:
        """The entry within brackets."""
        said = ", ".join(f"{key}: {_word(value)}" for key, value in self.options)
        name = scalar(self.path)
        return f"{name}: {{{said}}}" if said else name


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of dvcinc's."""

    name: str
    desc: str
    lists: Mapping[str, tuple[Entry, ...]] = field(hash=False)

    @property
    def command(self) -> str:
        """What it runs."""
        return f"{COMMAND}{self.name}"

    @property
    def value(self) -> dict[str, Json]:
        """As `dvc.yaml` says it."""
        desc: dict[str, Json] = {"desc": self.desc} if self.desc else {}
        lists: dict[str, Json] = {
            key: [entry.value for entry in self.lists[key]] for key in self._keys()
        }
        return {**desc, "cmd": self.command, **lists}

    @property
    def outs(self) -> tuple[Entry, ...]:
        """All that it writes."""
        lists = (self.lists.get(key, ()) for key in SECTIONS[2:])
        return tuple(entry for entries in lists for entry in entries)

    def _keys(self) -> list[str]:
        return [key for key in SECTIONS if self.lists.get(key)]

    def rows(self, column: int) -> list[str]:
        """Its lines in `dvc.yaml`, its name at a column."""
        inner = [f"desc: {self.desc}"] if self.desc else []
        inner.append(f"cmd: {self.command}")
        for key in self._keys():
            inner += section_rows(key, self.lists[key])
        return [" " * column + f"{self.name}:", *indented(inner, column + 2)]


def section_rows(key: str, entries: Sequence[Entry]) -> list[str]:
    """The lines of one list of a stage."""
    rows = [row for entry in entries for row in entry.rows()]
    return [f"{key}:", *indented(rows, 2)]


def indented(rows: Sequence[str], column: int) -> list[str]:
    """Lines, moved to the right."""
    return [" " * column + row for row in rows]


def stages(deps: Sequence[str], test: Sequence[str]) -> tuple[Stage, ...]:
    """The stages for an assistant.

    Args:
        deps: What the plan is made from: files and folders of training data.
        test: Test data; empty where there is none.
    """
    evaluated = [_evaluate(test)] if test else []
    return (_plan(deps), *_training(), *evaluated, _record(tested=bool(test)))


def _plan(deps: Sequence[str]) -> Stage:
    folders = (BASE, paths.DELTA, paths.TABLES)
    lists = {
        "deps": _plain(*deps),
        "params": _plain("data", "policy", "train", "finetune"),
        "outs": (
            *(Entry(path, _PERSIST) for path in folders),
            Entry(PLAN, (*_UNCACHED, *_PERSIST)),
        ),
    }
    return Stage("plan", "what has to run, and why; seconds at most", lists)


def _training() -> Iterator[Stage]:
    yield Stage(
        "train",
        "the base, from scratch; reruns only when a new base was cut",
        {
            "deps": _plain(BASE),
            "params": _plain("train"),
            "outs": _plain(paths.BASE_MODEL),
            "metrics": (Entry(paths.TRAIN_REPORT, _UNCACHED),),
            "plots": (Entry(paths.TRAIN_CURVE, _CURVE),),
        },
    )
    yield Stage(
        "finetune",
        "what the corpus gained since the base; passes the weights on if nothing",
        {
            "deps": _plain(paths.BASE_MODEL, paths.DELTA),
            "params": _plain("finetune"),
            "outs": _plain(paths.WEIGHTS),
            "metrics": (Entry(paths.FINETUNE_REPORT, _UNCACHED),),
            "plots": (Entry(paths.FINETUNE_CURVE, _CURVE),),
        },
    )
    yield Stage(
        "package",
        "weights and tables are the model that is served",
        {"deps": _plain(paths.WEIGHTS, paths.TABLES), "outs": _plain(paths.MODEL)},
    )


def _evaluate(test: Sequence[str]) -> Stage:
    lists = {
        "deps": _plain(paths.MODEL, *test),
        "metrics": (Entry(paths.METRICS, _UNCACHED),),
        "plots": (
            Entry(paths.CONFUSION, _CONFUSION),
            Entry(paths.INTENTS, _bars("intent")),
            Entry(paths.ENTITIES, _bars("entity")),
            Entry(paths.RESPONSES, _CONFUSION),
        ),
    }
    return Stage("evaluate", "", lists)


def _record(*, tested: bool) -> Stage:
    metrics = (paths.METRICS,) if tested else ()
    reports = (paths.TRAIN_REPORT, paths.FINETUNE_REPORT)
    lists = {
        "deps": _plain(PLAN, paths.BASE_MODEL, paths.MODEL, *metrics, *reports),
        "metrics": (Entry(LINEAGE, _UNCACHED),),
    }
    return Stage(
        "record", "where the model comes from, committed beside dvc.lock", lists
    )


def _plain(*names: str) -> tuple[Entry, ...]:
    return tuple(Entry(name) for name in names)


def _bars(what: str) -> Options:
    return (("template", "bar_horizontal"), ("x", "f1"), ("y", what))


def _word(value: bool | str) -> str:  # noqa: FBT001 - what YAML can say
    return value if isinstance(value, str) else str(value).lower()


def scalar(text: str) -> str:
    """A text as YAML, in quotes only where it would mean something else."""
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS:
        return text
    return json.dumps(text, ensure_ascii=False)
