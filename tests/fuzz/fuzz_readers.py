"""Fuzzes all readers, guided by coverage. Needs atheris, which Linux alone has.

    PYTHONPATH=tests python tests/fuzz/fuzz_readers.py FOLDER [READER …] [-runs=… …]
    PYTHONPATH=tests python tests/fuzz/fuzz_readers.py FILE

FOLDER keeps the inputs that reached new code, and is begun with the seeds, of READERs
alone where some are named (see `fuzz.harness.READERS`). Findings go to FOLDER.findings,
one for each place in the code, and fuzzing goes on; what takes too long or too much
memory ends it. FILE is one input that is run once more. Other options are libFuzzer's.
"""

from __future__ import annotations

import hashlib
import sys
import traceback
from collections.abc import Callable, Iterable
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["dvcinc", "json", "csv"]):
    from fuzz.harness import check, packed, unpacked
from fuzz.mutation import WORDS, mutated
from fuzz.seeds import FOUND, SEEDS

# What may be asked of one input: seconds, MiB, bytes.
LIMITS = ("-timeout=5", "-rss_limit_mb=1024", "-max_len=16384")
_SHAPED = 0.6


def one_input(data: bytes) -> None:
    """Gives an input to the reader that it names."""
    check(*unpacked(data))


def collecting(folder: Path) -> Callable[[bytes], None]:
    """The same, with the first finding of each place written to a folder."""
    folder.mkdir(exist_ok=True)
    known: set[str] = set()

    def take(data: bytes) -> None:
        try:
            one_input(data)
        except Exception as error:  # noqa: BLE001 - each is a finding
            last = traceback.extract_tb(error.__traceback__)[-1]
            place = f"{type(error).__name__}-{Path(last.filename).stem}-{last.lineno}"
            if place not in known:
                known.add(place)
                (folder / place).write_bytes(data)
                said = f"FINDING {place} in {unpacked(data)[0]}: {error}"[:300]
                sys.stdout.write(f"{said}\n")

    return take


def mutate(data: bytes, size: int, seed: int) -> bytes:
    """Mostly a change that keeps the shape, else one of libFuzzer's own.

    The reader stays: hardly a file of one is worth reading by another.
    """
    if seed % 10 < 10 * _SHAPED:
        return mutated(data, size, seed)
    return data[:1] + bytes(atheris.Mutate(data[1:], max(size - 1, 1)))


def main(arguments: list[str]) -> None:
    """Fuzzes from a folder, or runs a file."""
    own, take = list(LIMITS), one_input
    readers = [name for name in arguments[1:] if name in SEEDS]
    given = [name for name in arguments[1:] if name not in SEEDS]
    for folder in filter(Path.is_dir, map(Path, given)):
        plant(folder, readers or list(SEEDS))
        words = folder.with_name(f"{folder.name}.dict")
        words.write_text(dictionary(), encoding="ascii")
        own.append(f"-dict={words}")
        take = collecting(folder.with_name(f"{folder.name}.findings"))
    atheris.Setup([arguments[0], *own, *given], take, custom_mutator=mutate)
    atheris.Fuzz()


def plant(folder: Path, readers: Iterable[str]) -> None:
    """Puts the seeds of readers where fuzzing begins."""
    for reader in readers:
        for data in (*SEEDS[reader], *FOUND.get(reader, ())):
            name = hashlib.sha256(packed(reader, data)).hexdigest()[:16]
            (folder / f"seed-{name}").write_bytes(packed(reader, data))


def dictionary() -> str:
    """The words in libFuzzer's notation."""
    escaped = ("".join(f"\\x{byte:02x}" for byte in word) for word in WORDS)
    return "".join(f'"{word}"\n' for word in escaped)


if __name__ == "__main__":
    main(sys.argv)
