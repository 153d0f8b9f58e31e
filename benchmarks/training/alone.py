"""One training from scratch in a process of its own: prints its peak memory in GiB.

`python -m training.alone SET [FOLDER] [--dev]`, from `benchmarks`.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from dvcinc.stages.trying import peak_memory
from training.engine import from_scratch
from training.sets import read_set


def main() -> None:
    """Trains and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("set")
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--dev", action="store_true")
    given = parser.parse_args()
    data = read_set(given.set, given.folder, dev=given.dev)
    from_scratch(data.train, 0, data.name)
    print(peak_memory() / 2**30)


if __name__ == "__main__":
    main()
