"""The console blocks of the documentation, run and compared.

In a ```console block, a line after `$ ` is a command, here documents included, and what
follows is all that it prints. `…` stands for anything: alone on a line for any lines,
within a line for the rest of a word or more. Ids of commits and models, seconds and
chances are another time's, and count as equal.

A block that is not to be run is ```bash, without prompts.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGES = {
    "README.md": "e2e/test_readme.py",
    "docs/ci.md": "adopt/test_workflows.py",
    "docs/classify.md": "test_docs_decisions.py",
    "docs/decision.md": "test_docs_decisions.py",
    "docs/dvc-tools.md": "e2e/test_dvc_tools.py",
    "docs/getting-started.md": "adopt/test_getting_started.py",
    "docs/hooks.md": "e2e/test_hooks.py",
    "docs/lineage.md": "e2e/test_lineage.py",
    "docs/pull-requests.md": "test_docs_decisions.py",
    "docs/serving.md": "e2e/test_readme.py",
    "docs/storage.md": "e2e/test_gc.py",
}
"""Each page with a console block, and the test that runs it."""
BLOCK = re.compile(r"^```console\n(.*?)^```", re.DOTALL | re.MULTILINE)
_VARIES = re.compile(r"\b[0-9a-f]{7,}\b|\b[0-9][0-9.]*(?= s\b)|\b[01]\.[0-9]{2,}\b")
_ANY_LINES = "(?:.*\n)*?"


def text(page: str) -> str:
    """A page."""
    return (ROOT / page).read_text(encoding="utf-8")


def commands(page: str) -> list[tuple[str, str]]:
    """The commands of a page in their order, each with what it is said to print."""
    return [pair for block in BLOCK.findall(text(page)) for pair in _commands(block)]


def _commands(block: str) -> Iterator[tuple[str, str]]:
    assert block.startswith("$ "), block
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        lines = part.splitlines(keepends=True)
        count = 1
        if "<<'END'" in lines[0]:
            count = lines.index("END\n") + 1
        yield "".join(lines[:count]), "".join(lines[count:])


def check(expected: str, said: str, command: str = "") -> None:
    """Holds what was printed against what stands in a page."""
    wanted = _VARIES.sub("#", expected.strip("\n"))
    found = _VARIES.sub("#", _without_trailing(said))
    rows = [_row(line) for line in wanted.splitlines()]
    pattern = "".join(rows) if rows else ""
    told = f"$ {command}{expected}\n--- printed ---\n{said}"
    assert re.fullmatch(pattern, f"{found}\n" if found else ""), told


def _without_trailing(said: str) -> str:
    """Blanks at the ends of lines cannot be seen in a page."""
    return "\n".join(line.rstrip() for line in said.strip("\n").splitlines())


def _row(line: str) -> str:
    if line == "…":
        return _ANY_LINES
    return ".*".join(re.escape(part) for part in line.rstrip().split("…")) + "\n"


def run(page: str, folder: Path, environment: Mapping[str, str]) -> None:
    """Runs all commands of a page in a folder, one after the other."""
    here = folder
    place = folder.parent / f"{folder.name}.place"
    for command, expected in commands(page):
        script = f"exec 2>&1\n{command}\ncode=$?\npwd > '{place}'\nexit $code\n"
        done = subprocess.run(
            ["bash", "-c", script],
            cwd=here,
            env=dict(environment),
            capture_output=True,
            text=True,
            check=False,
        )
        here = Path(place.read_text().strip())
        check(expected, done.stdout, command)
