"""Measures how long a commit waits for `dvcinc hook`, and what pre-commit installs.

    python benchmarks/hooks.py [--keep DIR] [--runs N] [--size 10000/10]
        [--environment] [--json FILE] [--markdown]

In turn with `python -c pass` runs the hook, with a cache that knows HEAD: with nothing
staged, with what trains nothing, with three examples more and with a new intent. With
`--environment`, pre-commit builds the hooks of this repository's last commit, and what
lies on disk is counted.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from enum import Enum
from pathlib import Path

from classifying import repository
from classifying.bot import Size
from classifying.figures import Command, Figure, Findings, Target, markdown, show
from classifying.processes import BARE, DVCINC
from classifying.repository import Repository
from classifying.rows import Turns
from classifying.stream import environment, git

from dvcinc.surfaces.precommit_entry import HOOK


class Waiting(Enum):
    """What a commit waits for."""

    NOTHING = "hook check, nothing staged"
    PROGRAM = "hook check, actions.py staged"
    TEXT = "hook check, README.md staged"
    EXAMPLES = "hook check, three examples staged"
    INTENT = "hook warn, a new intent staged"


# What a commit may wait for, over Python's own start.
NOTHING, RELEVANT = 0.15, 0.3
MB = 1_000_000
_ROOT = Path(__file__).resolve().parents[1]
_CHECK, _WARN = (*DVCINC, "hook", "check"), (*DVCINC, "hook", "warn")
_INTENT = (
    "nlu:\n- intent: a_new_one\n  examples: |\n    - nobody said\n    - this yet\n"
)
_RELEVANT = frozenset({Waiting.EXAMPLES, Waiting.INTENT})
_TARGETS: dict[Enum, Target] = {
    one: Target(seconds=RELEVANT if one in _RELEVANT else NOTHING, over_bare=True)
    for one in Waiting
}


def main(arguments: Sequence[str]) -> int:
    """Makes repositories, measures, prints; 0 also where a target is missed."""
    given = parsed(arguments)
    findings = Findings()
    with tempfile.TemporaryDirectory() as scratch:
        kept = given.keep or Path(scratch)
        kept.mkdir(parents=True, exist_ok=True)
        for make in (repository.bare, repository.planned):
            findings.figures += hooks(make(kept, given.size), given.runs)
        if given.environment:
            findings.notes.append(built(Path(scratch)))
    print(markdown(findings)) if given.markdown else show(findings)
    if given.json:
        said = [figure.to_json() for figure in findings.figures]
        given.json.write_text(json.dumps({"rows": said}, indent=1), encoding="utf-8")
    return 0


def parsed(arguments: Sequence[str]) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--keep", type=Path, help="a folder for the repositories, to use them again")
    add("--runs", type=int, default=15, help="the median of so many")
    add("--size", type=size, default=Size(10_000, 10), help="examples/files")
    add("--environment", action="store_true", help="let pre-commit build the hooks")
    add("--json", type=Path, metavar="FILE", help="write all runs as JSON")
    add("--markdown", action="store_true", help="print a table for the documentation")
    return parser.parse_args(arguments)


def size(said: str) -> Size:
    """`10000/10` is ten thousand examples in ten files."""
    examples, _, files = said.partition("/")
    return Size(int(examples), int(files or 10))


def hooks(place: Repository, turns: int) -> list[Figure]:
    """What a commit waits for in a repository."""
    took = Turns(place, patience=120)
    place.stage(0)
    took.take(Command.BARE, *BARE)
    Turns(place, patience=120).take(Waiting.EXAMPLES, *_CHECK)  # warms the cache
    for turn in range(turns):
        place.clean()
        took.take(Command.BARE, *BARE)
        took.take(Command.GIT, "git", "diff", "--cached", "--stat")
        took.take(Waiting.NOTHING, *_CHECK)
        _stage(place, "actions.py", "x = 1\n")
        took.take(Waiting.PROGRAM, *_CHECK)
        _stage(place, "README.md", "words\n")
        took.take(Waiting.TEXT, *_CHECK)
        place.stage(turn + 1)
        took.take(Waiting.EXAMPLES, *_CHECK)
        _stage(place, "data/nlu/intent.yml", f"{_INTENT}    - {turn}\n")
        took.take(Waiting.INTENT, *_WARN)
    place.clean()
    return list(took.figures(_TARGETS))


def _stage(place: Repository, name: str, text: str) -> None:
    place.clean()
    (place.path / name).write_text(text, encoding="utf-8")
    git(place.path, "add", name)


def built(scratch: Path) -> str:
    """What pre-commit installs for the hooks of this repository's last commit."""
    home, bot = scratch / "home", scratch / "bot"
    bot.mkdir()
    git(bot, "init", "--quiet")
    config = (
        f"repos:\n- repo: {_ROOT}\n  rev: {git(_ROOT, 'rev-parse', 'HEAD')}\n"
        f"  hooks: [{{id: {HOOK}}}]\n"
    )
    (bot / ".pre-commit-config.yaml").write_text(config, encoding="utf-8")
    apart = {k: v for k, v in environment().items() if not k.startswith("PYTHON")}
    subprocess.run(
        [sys.executable, "-m", "pre_commit", "install-hooks"],
        cwd=bot,
        env={**apart, "PRE_COMMIT_HOME": str(home)},
        stdout=subprocess.DEVNULL,
        check=True,
    )
    (environ,) = home.glob("repo*/py_env-*")
    clone = measured(environ.parent) - measured(environ)
    packages = sorted(environ.glob("lib/python*/site-packages/*.dist-info"))
    names = ", ".join(path.name.partition("-")[0] for path in packages)
    return (
        f"environment: {measured(environ) / MB:.1f} MB with {len(packages)} packages "
        f"({names}); clone: {clone / MB:.1f} MB"
    )


def measured(folder: Path) -> int:
    """The bytes of all files below a folder."""
    return sum(
        (Path(at) / name).lstat().st_size
        for at, _, names in os.walk(folder)
        for name in names
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
