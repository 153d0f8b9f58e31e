"""A side of a comparison: a source whose files are known, and hardly read."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from dvcinc.config import Params
from dvcinc.corpus.part import LookupFile
from dvcinc.corpus.rasa import read_config_file
from dvcinc.corpus.values import Config
from dvcinc.params import PATH, read_params
from dvcinc.snapshot.files import File, lookup_files, training_files
from dvcinc.snapshot.parts import PartReader
from dvcinc.snapshot.sources import Source
from dvcinc.snapshot.store import FactStore, Known
from dvcinc.snapshot.summary import Summary, summary
from dvcinc.snapshot.sums import Adding, Sums

if TYPE_CHECKING:
    from dvcinc.corpus.trained import Projection

Watch = Callable[[int, int], None]
"""Told how many files have been read, and how many there are to read."""


def unwatched(_done: int, _all: int) -> None:
    """For whoever does not want to know."""


_BATCH = 64
"""Files whose summaries are written at once."""
_LAST = 8
"""Settings in memory: few commits change them."""
_params = lru_cache(maxsize=_LAST)(read_params)


@dataclass(frozen=True, kw_only=True)
class Side:
    """A source whose files the store knows.

    Attributes:
        source: Where it is read from.
        params: Its own `params.yaml`.
        config: Its `config.yml`.
        config_id: Identifies the config file's content; empty where there is none.
        files: All files that facts come from, sorted; those of lookups at the end.
        known: What the store knows of each file, by its key.
        generation: That of the store whose numbers these are.
        counted: The corpus's sums, where they fell out of reading all of it.
    """

    source: Source
    params: Params
    config: Config
    config_id: str
    files: tuple[File, ...]
    known: Mapping[str, Known]
    generation: int = 0
    counted: Sums | None = None

    @property
    def examples(self) -> int:
        """How many examples its files hold; one that stands in two counts twice."""
        return sum(known.examples for known in self.known.values())

    @cached_property
    def projection(self) -> Projection:
        """How its config makes what trains of its facts."""
        # Sides that say the same are not asked for it.
        from dvcinc.corpus.trained import projection  # noqa: PLC0415

        return projection(self.config)

    @cached_property
    def key(self) -> str:
        """Identifies what it says: equal keys mean equal corpora."""
        total = hashlib.sha256(f"{self.config_id}\n".encode())
        for key in sorted(self.known):
            total.update(f"{key}\n".encode())
        return total.hexdigest()


@dataclass(frozen=True, slots=True)
class Surveyor:
    """Gets to know sides: reads only the files that the store does not know.

    Args:
        store: What is known.
        reader: Reads files.
        watch: Told of the progress.
    """

    store: FactStore
    reader: PartReader
    watch: Watch

    def side(self, source: Source) -> Side:
        """Gets to know a source.

        Raises:
            InputError: Something in it cannot be understood, with `path:line:column`.
            CannotTellError: Some of its content cannot be had.
        """
        params = _params(source.read(PATH))
        said = source.read(params.data.config)
        config = read_config(said, params.data.config)
        files = list(training_files(source, params.data))
        known = self.store.known(file.key for file in files)
        adding = None if known else Adding(config)
        known |= self._read(source, [f for f in files if f.key not in known], adding)
        named = lookup_files(source, self._lookups(files, known))
        there = self.store.known(file.key for file in named)
        unread = [f for f in named if adding or f.key not in there]
        known |= there | self._read(source, unread, adding)
        return Side(
            source=source,
            params=params,
            config=config,
            config_id="" if said is None else hashlib.sha256(said).hexdigest(),
            files=(*files, *named),
            known=known,
            generation=self.store.generation,
            counted=adding.sums if adding else None,
        )

    def _read(
        self, source: Source, files: Sequence[File], adding: Adding | None
    ) -> dict[str, Known]:
        """Reads files, and makes the store know them."""
        for start in range(0, len(files), _BATCH):
            batch = files[start : start + _BATCH]
            summaries = self._summaries(source, batch, adding)
            self.store.add(self._watched(summaries, start, len(files)))
        return self.store.known(file.key for file in files)

    def _watched(
        self, summaries: Iterable[Summary], start: int, count: int
    ) -> Iterator[Summary]:
        for done, one in enumerate(summaries, start + 1):
            self.watch(done, count)
            yield one

    def _summaries(
        self, source: Source, files: Sequence[File], adding: Adding | None
    ) -> Iterator[Summary]:
        parts = self.reader.parts(source, files)
        for file, part in zip(files, parts, strict=True):
            if adding:
                adding.add(part.corpus)
            yield summary(file.key, part.corpus, part.lookups)

    def _lookups(
        self, files: Iterable[File], known: Mapping[str, Known]
    ) -> Iterator[LookupFile]:
        """The files that lookups name, each told with the path that it has here."""
        paths = {known[file.key].number: file.path for file in files}
        for number, lookup in self.store.lookups(paths):
            place = lookup.place._replace(path=paths[number])
            yield lookup._replace(place=place)


@lru_cache(maxsize=_LAST)
def read_config(said: bytes | None, path: str) -> Config:
    """What `config.yml` says; nothing where there is none.

    Raises:
        InputError: It cannot be understood, with `path:line:column`.
    """
    return Config() if said is None else read_config_file(said, path).config
