"""Files of a source to what they say; the last ones are kept, so none is read twice."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence

from dvcinc.corpus.part import Part
from dvcinc.corpus.rasa import merge
from dvcinc.corpus.values import Corpus
from dvcinc.snapshot.files import File, contents, read_file
from dvcinc.snapshot.sources import Source

_BATCH = 64
"""Files in memory at once: enough for git's pipe to be worth its while."""


class PartReader:
    """Reads files one by one.

    Args:
        limit: How many of them to keep.
    """

    def __init__(self, limit: int = 512) -> None:
        self._limit = limit
        self._known: OrderedDict[File, Part] = OrderedDict()

    def parts(self, source: Source, files: Sequence[File]) -> Iterator[Part]:
        """What files say, in the order asked.

        Raises:
            InputError: One cannot be understood, with `path:line:column`.
            CannotTellError: The content of one cannot be had.
        """
        for start in range(0, len(files), _BATCH):
            batch = files[start : start + _BATCH]
            known = {file: self._known[file] for file in batch if file in self._known}
            new = [file for file in batch if file not in known]
            data = dict(zip(new, contents(source, new), strict=True))
            for file in batch:
                if file not in known:
                    known[file] = read_file(file, data.pop(file))
                self._keep(file, known[file])
                yield known[file]

    def _keep(self, file: File, part: Part) -> None:
        self._known[file] = part
        self._known.move_to_end(file)
        while len(self._known) > self._limit:
            self._known.popitem(last=False)

    def corpus(self, source: Source, files: Sequence[File]) -> Corpus:
        """What files say together."""
        return merge(part.corpus for part in self.parts(source, files))
