"""The file of a lookup table: an element a line."""

from __future__ import annotations

import io

from dvcinc.corpus.readers.source import plain_text
from dvcinc.corpus.values import Corpus, LookupEntry, Place


def read_lookup(data: bytes, path: str, name: str) -> Corpus:
    """Reads the elements of a lookup from its own file; outer blanks mean nothing.

    Args:
        data: The file's bytes.
        path: Its path from the project directory.
        name: The lookup's name, which the file itself does not say.

    Raises:
        InputError: The file is no UTF-8, a pointer, or in conflict, with
            `path:line:column`.
    """
    lookups: dict[LookupEntry, Place] = {}
    # Not by `splitlines`: an element may hold what Unicode takes for a line's end.
    lines = io.StringIO(plain_text(data, path), newline=None)
    for number, line in enumerate(lines, 1):
        if element := line.strip():
            lookups.setdefault(LookupEntry(name, element), Place(path, number))
    return Corpus(lookups=lookups)
