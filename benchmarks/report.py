"""How long `dvcinc report` takes and how large its page is, for a history of models.

`PYTHONPATH=tests python benchmarks/report.py [MODELS …]`: a line for each number of
models; the history is made up, a base for every nine models, with forty intents.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import stories

_COUNTS = (20, 200, 1000)


def main(arguments: list[str]) -> None:
    """Measures each number of models that is asked for."""
    print("| models | page, kB | page, s | Markdown, kB | Markdown, s |")
    print("|---:|---:|---:|---:|---:|")
    for count in map(int, arguments or _COUNTS):
        with tempfile.TemporaryDirectory() as folder:
            project = Path(folder) / "bot"
            stories.history(project, count)
            page = _measured(project, count, "report.html")
            twin = _measured(project, count, "report.md", "--markdown")
        print(f"| {count:,} | {page} | {twin} |", flush=True)


def _measured(project: Path, count: int, name: str, *options: str) -> str:
    asked = ["report", "-n", str(count), "-o", name, *options]
    started = time.perf_counter()
    command = [sys.executable, "-m", "dvcinc", *asked]
    subprocess.run(command, cwd=project, check=True, stdout=subprocess.DEVNULL)
    seconds = time.perf_counter() - started
    return f"{(project / name).stat().st_size / 1000:,.0f} | {seconds:.1f}"


if __name__ == "__main__":
    main(sys.argv[1:])
