"""One process that tries bombs, each in a child of limited memory and time.

    python -m fuzz.trying

Reads names from standard input. For each, a child makes the bomb and reads it; a line
of JSON says how that went.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from dataclasses import asdict, dataclass

from fuzz.bombs import BOMBS, Bomb
from fuzz.harness import check

MEMORY = 1 << 30
SECONDS = 5
# A child that spins is ended by the kernel, so that the others have their turn.
_ENDED_AFTER = 3 * SECONDS
_UNIT = 1 if sys.platform == "darwin" else 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a reader took a bomb.

    Attributes:
        error: What was raised that is no `DvcincError`, empty if nothing was.
        took: Whether the reader took the bytes as good.
        seconds: CPU seconds, without those for making it.
        peak: The most memory that the process held, in bytes.
    """

    error: str
    took: bool
    seconds: float
    peak: int


def tried(bomb: Bomb) -> Outcome:
    """Makes a bomb and gives it to its reader, here and now."""
    data = bomb.make()
    took, error = False, ""
    began = time.process_time()
    try:
        took = check(bomb.reader, data, proven=bomb.proven)
    except BaseException as raised:  # noqa: BLE001 - all that comes out is told
        error = f"{type(raised).__name__}: {raised}"[:500]
    seconds = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _UNIT
    return Outcome(error=error, took=took, seconds=seconds, peak=peak)


def apart(bomb: Bomb) -> Outcome:
    """The same in a child whose memory and time are limited."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (_ENDED_AFTER, _ENDED_AFTER))
        said = json.dumps(asdict(tried(bomb)))
        with os.fdopen(writing, "w") as out:
            out.write(said)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as lines:
        said = lines.read()
    _, status, usage = os.wait4(child, 0)
    if said:
        return Outcome(**json.loads(said))
    return Outcome(
        error=f"ended by {os.waitstatus_to_exitcode(status)}",
        took=False,
        seconds=usage.ru_utime + usage.ru_stime,
        peak=usage.ru_maxrss * _UNIT,
    )


def main() -> None:
    """Tries what standard input names."""
    for line in sys.stdin:
        outcome = apart(BOMBS[line.rstrip("\n")])
        sys.stdout.write(json.dumps(asdict(outcome)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
