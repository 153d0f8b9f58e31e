"""Real commits of public bots: our decision beside the one that was expected.

In: a folder with `pairs.bundle` (a branch `pair-NNNN` for each change: one old and one
new commit) and `pairs.jsonl` (what was expected). Out: a table of agreements, and each
disagreement with our reasons. `python benchmarks/histories.py FOLDER [--all]`.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from dvcinc.config import Mode, Params, Policy, Target
from dvcinc.decision.decide import Decision
from dvcinc.errors import InputError
from dvcinc.plan.make import compare_snapshots
from dvcinc.snapshot.git import Git, open_git
from dvcinc.snapshot.read import Reader, Snapshot
from dvcinc.snapshot.sources import CommitSource

BUNDLE, ROWS = "pairs.bundle", "pairs.jsonl"
# The expected words know no refresh: what trains nothing is nothing.
WORDS = {
    Mode.NONE: "nothing",
    Mode.REFRESH: "nothing",
    Mode.FINETUNE: "finetune",
    Mode.SCRATCH: "scratch",
}
BOTH = (Target.NLU, Target.DIALOGUE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One change: what was expected, what we say, and why."""

    pair: str
    expected: str
    said: str
    lines: tuple[str, ...] = ()

    @property
    def agrees(self) -> bool:
        """Whether both say the same; a row that depends on the policy says nothing."""
        return self.expected == self.said


def main(arguments: list[str]) -> int:
    """Compares all pairs; the exit code is 0 also where we disagree."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help=f"holds {BUNDLE} and {ROWS}")
    parser.add_argument("--all", action="store_true", help="show agreements too")
    given = parser.parse_args(arguments)
    missing = [name for name in (BUNDLE, ROWS) if not (given.folder / name).is_file()]
    if missing:
        print(f"skipped: {given.folder} holds no {' and no '.join(missing)}")
        return 0
    rows = [json.loads(line) for line in (given.folder / ROWS).open(encoding="utf-8")]
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        git = _clone(given.folder / BUNDLE, Path(folder) / "pairs")
        verdicts = [_verdict(git, row) for row in rows]
    _report(verdicts, show_all=given.all)
    print(f"\n{len(rows)} changes in {time.perf_counter() - started:.1f} s")
    return 0


def _clone(bundle: Path, folder: Path) -> Git:
    subprocess.run(
        ["git", "clone", "--quiet", "--no-checkout", str(bundle.resolve()), folder],
        check=True,
        stderr=subprocess.DEVNULL,  # a bundle without a HEAD is worth a warning to git
    )
    return open_git(folder)


def _verdict(git: Git, row: dict[str, Any]) -> Verdict:
    reader = Reader()
    sides: list[Snapshot] = []
    for side in ("old", "new"):
        try:
            sides.append(reader.snapshot(CommitSource(git, side, row[side])))
        except InputError as error:
            said = f"error:{side}"
            return Verdict(
                pair=row["pair"],
                expected=row["expected"],
                said=said,
                lines=(error.message,),
            )
    old, new = sides
    decision = compare_snapshots(old, replace(new, params=_both(new.params)))
    return Verdict(
        pair=row["pair"],
        expected=row["expected"],
        said=WORDS[decision.mode],
        lines=tuple(_lines(decision)),
    )


def _both(params: Params) -> Params:
    return replace(params, policy=Policy(targets=BOTH))


def _lines(decision: Decision) -> Iterable[str]:
    for reason in decision.reasons:
        places = ", ".join(map(str, reason.places[:2]))
        yield f"{reason.code} {reason.mode.word:<8} {reason.text}  ({places})"


def _report(verdicts: list[Verdict], *, show_all: bool) -> None:
    counts = Counter((verdict.expected, verdict.said) for verdict in verdicts)
    print(f"{'expected':<18} {'said':<10} {'changes':>7}")
    for (expected, said), count in sorted(counts.items()):
        mark = "" if expected == said else "policy" if ":" in expected else "differs"
        print(f"{expected:<18} {said:<10} {count:>7}  {mark}")
    for verdict in verdicts:
        if show_all or not verdict.agrees:
            print(f"\n{verdict.pair}: expected {verdict.expected}, said {verdict.said}")
            for line in verdict.lines:
                print(f"    {line}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
