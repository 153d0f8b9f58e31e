"""The import order of the packages, and what may be imported where: read from code.

Left to right, nothing imports to its right; `model`, `stages` and `adopt` stand
beside. The light side must start in a blink, so it imports nothing heavy, and a hook's
path imports neither GitPython nor rich nor click.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parent.parent / "dvcinc"

ORDER = [
    "errors",
    "release",
    "yaml",
    "config",
    "limits",
    "params",
    "text",
    "corpus",
    "snapshot",
    "changes",
    "decision",
    "plan",
    "lineage",
    "comparison",
    "render",
    "forge",
    "surfaces",
]
MODEL = {"errors", "yaml", "config", "text", "corpus"}
STAGES = {*ORDER[: ORDER.index("render")], "model"}
ADOPT = {*ORDER[: ORDER.index("render")], "stages"}
# The command line reaches the stages, what predicts and what sets up inside its own
# commands.
SURFACES_LATE = {"stages", "model", "adopt"}
STAGING = "surfaces/staging.py"
"""The one surface that knows the stages; itself imported inside its command."""

TENSORFLOW = {
    "model/adam.py",
    "model/backend.py",
    "model/crf.py",
    "model/diet.py",
    "model/operations.py",
    "model/trainer.py",
    "model/transformer.py",
}
"""The only modules that may load TensorFlow, themselves or through each other."""

HEAVY = {
    "dvc",
    "dvclive",
    "keras",
    "numpy",
    "safetensors",
    "scipy",
    "tensorflow",
    "vl_convert",
}
FORBIDDEN = {"pickle", "marshal", "shelve", "dill", "joblib", "yaml", "cPickle"}
# Speaks to forges, and is an extra.
HTTP = {"urllib3", "jsonschema"}
# Makes events and sends them, and is an extra.
EVENTS = {"openlineage", "requests"}
EVENTFUL = {"render/exports/openlineage.py", "surfaces/emitting.py"}
# For people in front of a terminal; what decides and plans never needs them.
SURFACE_ONLY = {"rich", "click"}


class Import(NamedTuple):
    """One import: by which module, of what, where, and whether at import time."""

    by: str
    what: str
    line: int
    early: bool

    @property
    def top(self) -> str:
        return self.what.partition(".")[0]

    def __str__(self) -> str:
        return f"dvcinc/{self.by}:{self.line} imports {self.what}"


def _early(tree: ast.Module) -> set[ast.AST]:
    """The nodes that run when the module is imported."""
    found: set[ast.AST] = set()
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        found.add(node)
        if not _runs_later(node):
            waiting.extend(ast.iter_child_nodes(node))
    return found


def _runs_later(node: ast.AST) -> bool:
    """A function's body, and what only type checkers read."""
    if isinstance(node, ast.If) and isinstance(node.test, ast.Name):
        return node.test.id == "TYPE_CHECKING"
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)


def _names(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        assert node.level == 0, f"a relative import in line {node.lineno}"
        module = node.module or ""
        known = (ROOT.parent / module.replace(".", "/")).is_dir()
        yield from (
            f"{module}.{alias.name}" if known else module for alias in node.names
        )


def _imports() -> Iterator[Import]:
    for path in sorted(ROOT.rglob("*.py")):
        tree = ast.parse(path.read_bytes())
        early = _early(tree)
        by = path.relative_to(ROOT).as_posix()
        for node in ast.walk(tree):
            for name in _names(node):
                yield Import(by, name, node.lineno, node in early)


IMPORTS = list(_imports())


def package(by: str) -> str:
    """The package, or the module on top, that a file belongs to."""
    return by.partition("/")[0].removesuffix(".py")


def of(imported: Import) -> str:
    """The package of dvcinc that is imported; empty for the version on top."""
    parts = imported.what.split(".")
    return parts[1] if parts[1:] and not parts[1].startswith("__") else ""


def module(by: str) -> str:
    """A file's dotted name."""
    return (
        f"dvcinc/{by}".removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    )


def allowed(by: str, *, early: bool) -> set[str]:
    """What a package may import of dvcinc."""
    if by == "model":
        return {"model", *MODEL}
    if by == "stages":
        return {"stages", *STAGES}
    if by == "adopt":
        return {"adopt", *ADOPT}
    if by == "__main__":
        return {"surfaces", "errors"}
    if by == "__init__":
        # `dvcinc.load`, when it is called.
        return set() if early else {"model", "errors", "release"}
    late = SURFACES_LATE if by == "surfaces" and not early else set()
    return {*ORDER[: ORDER.index(by) + 1], *late}


def test_there_is_something_to_look_at():
    assert {package(i.by) for i in IMPORTS} >= {"corpus", "decision", "plan", "model"}


def test_nothing_imports_to_its_right():
    wrong = [
        str(i)
        for i in IMPORTS
        if i.top == "dvcinc"
        and of(i)
        and of(i) not in allowed(package(i.by), early=i.early and i.by != STAGING)
    ]
    assert wrong == []


def test_every_file_belongs_to_a_known_package():
    known = {*ORDER, "model", "stages", "adopt", "__init__", "__main__"}
    assert {package(i.by) for i in IMPORTS} <= known


def test_tensorflow_is_imported_by_its_own_modules_alone():
    wrong = [
        str(i)
        for i in IMPORTS
        if i.top in ("tensorflow", "keras") and i.by not in TENSORFLOW
    ]
    assert wrong == []


def test_tensorflow_is_loaded_through_its_own_modules_alone():
    """Else whoever serves a model would load TensorFlow without asking for it."""
    early = [i for i in IMPORTS if i.early]
    loading = {i.by for i in early if i.top in ("tensorflow", "keras")}
    while True:
        names = {module(by) for by in loading}
        more = {i.by for i in early if i.what in names} - loading
        if not more:
            break
        loading |= more
    assert loading <= TENSORFLOW


def test_the_surface_that_knows_the_stages_is_imported_inside_its_command():
    assert [str(i) for i in IMPORTS if i.what == module(STAGING) and i.early] == []


def test_the_light_side_imports_nothing_heavy_when_it_is_imported():
    wrong = [
        str(i)
        for i in IMPORTS
        if i.early and i.top in HEAVY and package(i.by) not in ("model", "stages")
    ]
    assert wrong == []


def test_dvc_is_reached_by_the_stages_and_what_fetches_alone():
    wrong = [
        str(i)
        for i in IMPORTS
        if i.top in ("dvc", "dvclive")
        and package(i.by) != "stages"
        and i.by != "snapshot/dvcfetch.py"
    ]
    assert wrong == []


def test_gitpython_waits_until_history_is_asked_for():
    wrong = [str(i) for i in IMPORTS if i.top == "git" and i.early]
    assert wrong == []


def test_http_is_spoken_by_the_forge_alone():
    wrong = [str(i) for i in IMPORTS if i.top == "urllib3" and package(i.by) != "forge"]
    assert wrong == []


def test_openlineage_waits_until_events_are_asked_for():
    using = {i.by for i in IMPORTS if i.top in EVENTS}
    assert using == EVENTFUL
    names = {module(by) for by in EVENTFUL}
    assert [str(i) for i in IMPORTS if i.what in names and i.early] == []


def test_terminals_are_a_matter_of_the_surfaces():
    wrong = [
        str(i) for i in IMPORTS if i.top in SURFACE_ONLY and package(i.by) != "surfaces"
    ]
    assert wrong == []


def test_nothing_that_runs_code_from_data_is_imported():
    wrong = [str(i) for i in IMPORTS if i.top in FORBIDDEN]
    assert wrong == []


def test_git_is_run_by_one_module():
    wrong = [
        str(i)
        for i in IMPORTS
        if i.top == "subprocess"
        and i.by != "snapshot/process.py"
        and package(i.by) != "stages"
    ]
    assert wrong == []


BLINK = """
import sys
before = {{name.split(".")[0] for name in sys.modules}}
import {module}
after = {{name.split(".")[0] for name in sys.modules}}
print(*sorted(after - before))
"""


@pytest.mark.parametrize(
    ("module", "absent"),
    [
        ("dvcinc", HEAVY | SURFACE_ONLY | {"git", "ruamel"}),
        ("dvcinc.plan.project", HEAVY | SURFACE_ONLY | {"git", "yaml"}),
        ("dvcinc.decision.decide", HEAVY | SURFACE_ONLY | {"git", "yaml"}),
        ("dvcinc.lineage.verdict", HEAVY | SURFACE_ONLY | {"git", "yaml"}),
        ("dvcinc.comparison.result", HEAVY | SURFACE_ONLY | {"git"}),
        ("dvcinc.render", HEAVY | SURFACE_ONLY | {"git"}),
        ("dvcinc.forge.publish", HEAVY | SURFACE_ONLY | HTTP | {"git"}),
        ("dvcinc.surfaces", HEAVY | {"git"}),
        ("dvcinc.surfaces.cli", HEAVY | HTTP | {"git", "rich", "ruamel"}),
        ("dvcinc.surfaces.following", HEAVY | HTTP | {"git", "rich"}),
        ("dvcinc.surfaces.blaming", HEAVY | HTTP | {"git", "rich"}),
        ("dvcinc.surfaces.commenting", HEAVY | HTTP | {"git", "rich"}),
        ("dvcinc.surfaces.hooks", HEAVY | {"git", "rich", "ruamel", "sqlite3"}),
        ("dvcinc.model.runtime", {"tensorflow", "keras", "dvc", "scipy"}),
        ("dvcinc.model.engines", {"tensorflow", "keras", "dvc"}),
        ("dvcinc.stages.plan", HEAVY | {"git"}),
        ("dvcinc.adopt.initial", HEAVY | SURFACE_ONLY | {"git"}),
        ("dvcinc.adopt.checks", HEAVY | SURFACE_ONLY | {"git"}),
        ("dvcinc.stages.package", {"tensorflow", "keras", "dvc", "scipy", "git"}),
        ("dvcinc.stages.finetune", {"tensorflow", "keras", "dvc", "git"}),
        ("dvcinc.stages.compare", {"tensorflow", "keras", "dvc", "scipy", "git"}),
    ],
)
def test_an_import_leaves_out_what_it_does_not_need(module, absent):
    done = subprocess.run(
        [sys.executable, "-c", BLINK.format(module=module)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT.parent,
    )
    assert done.returncode == 0, done.stderr
    assert absent.isdisjoint(done.stdout.split())
