"""A source and where its data lies to a snapshot: the corpus, and where it is from."""

from __future__ import annotations

from dataclasses import dataclass

from dvcinc.config import Data, Params
from dvcinc.corpus.digest import corpus_digest
from dvcinc.corpus.part import Part
from dvcinc.corpus.rasa import merge, read_config_file
from dvcinc.corpus.values import Corpus
from dvcinc.params import PATH, read_params
from dvcinc.snapshot.files import (
    File,
    contents,
    lookup_files,
    read_file,
    training_files,
)
from dvcinc.snapshot.side import Watch, unwatched
from dvcinc.snapshot.sources import Source

_BATCH = 64
"""Files in memory at once: enough for git's pipe to be worth its while."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A corpus read from a source.

    Attributes:
        source: The source's name.
        commit: The commit's id, where the source is a commit.
        params: The source's own `params.yaml`.
        corpus: The facts.
        known: The digest over all facts, where the corpus holds only some of them.
    """

    source: str
    commit: str | None
    params: Params
    corpus: Corpus
    known: str | None = None

    def digest(self) -> str:
        """The digest over all facts of the corpus."""
        return self.known or corpus_digest(self.corpus)


class Reader:
    """Reads whole snapshots; a file that two sources share is parsed once.

    Args:
        watch: Told of the progress.
    """

    def __init__(self, watch: Watch = unwatched) -> None:
        self._watch = watch
        self._known: dict[File, Part] = {}

    def params(self, source: Source) -> Params:
        """The source's `params.yaml`, or the defaults where it has none.

        Raises:
            InputError: It holds mistakes.
        """
        return read_params(source.read(PATH))

    def snapshot(self, source: Source) -> Snapshot:
        """Reads the corpus of a source, where its own `params.yaml` says.

        Raises:
            InputError: A file cannot be understood, with `path:line:column`.
        """
        params = self.params(source)
        return Snapshot(
            source=source.name,
            commit=source.commit,
            params=params,
            corpus=self.corpus(source, params.data),
        )

    def corpus(self, source: Source, data: Data) -> Corpus:
        """Reads the corpus of a source from the given places.

        Raises:
            InputError: A file cannot be understood, with `path:line:column`.
        """
        parts = self._parts(source, list(training_files(source, data)))
        named = [lookup for part in parts for lookup in part.lookups]
        parts += self._parts(source, lookup_files(source, named))
        corpora = [part.corpus for part in parts]
        config = source.read(data.config) if data.config else None
        if config is not None:
            corpora.append(read_config_file(config, data.config))
        return merge(corpora)

    def _parts(self, source: Source, files: list[File]) -> list[Part]:
        new = [file for file in files if file not in self._known]
        for start in range(0, len(new), _BATCH):
            batch = new[start : start + _BATCH]
            read = zip(batch, contents(source, batch), strict=True)
            for done, (file, data) in enumerate(read, start + 1):
                self._known[file] = read_file(file, data)
                self._watch(done, len(new))
        return [self._known[file] for file in files]
