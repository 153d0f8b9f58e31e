"""A source and where its data lies to a snapshot: the corpus, and where it is from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from dvcinc.config import Data, Params
from dvcinc.corpus.canonical import corpus_digest
from dvcinc.corpus.rasa import merge, read_config_file
from dvcinc.corpus.readers import (
    SUFFIXES,
    Part,
    Wanted,
    missing_lookup,
    read_lookup,
    read_part,
)
from dvcinc.corpus.values import Corpus
from dvcinc.params import PATH, read_params
from dvcinc.snapshot.sources import FoundFile, Source

# Written by dvcinc or DVC, or read for themselves: never training data.
_APART = ("params.yaml", "dvc.yaml", "plan")
_NLU = re.compile(rb"^nlu\s*:", re.MULTILINE)
_TEST_FOLDERS = frozenset({"test", "tests"})
_TEST_NAME = re.compile(r"tests?([_.-].*)?\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A corpus read from a source.

    Attributes:
        source: The source's name.
        commit: The commit's id, where the source is a commit.
        params: The source's own `params.yaml`.
        corpus: The facts.
    """

    source: str
    commit: str | None
    params: Params
    corpus: Corpus

    def digest(self) -> str:
        """The digest over all facts of the corpus."""
        return corpus_digest(self.corpus)


class Reader:
    """Reads snapshots; a file that two sources share is parsed once."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, bytes, Wanted], Part] = {}

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
        parts = list(self._parts(source, data))
        config = source.read(data.config)
        if config is not None:
            parts.append(read_config_file(config, data.config))
        return merge(parts)

    def _parts(self, source: Source, data: Data) -> Iterator[Corpus]:
        for file in source.files([*data.nlu, *data.domain], SUFFIXES):
            if _is_apart(file.path, data):
                continue
            if not data.given and _looks_like_tests(file.path):
                yield _passed_over(file, data)
                continue
            wanted = Wanted(
                nlu=covers(data.nlu, file.path), domain=covers(data.domain, file.path)
            )
            yield from self._part(source, file, wanted)

    def _part(
        self, source: Source, file: FoundFile, wanted: Wanted
    ) -> Iterator[Corpus]:
        key = (file.path, file.data, wanted)
        if key not in self._known:
            self._known[key] = read_part(file.data, file.path, wanted)
        part = self._known[key]
        yield part.corpus
        for lookup in part.lookups:
            data = source.read(lookup.path)
            if data is None:
                raise missing_lookup(lookup)
            yield read_lookup(data, lookup.path, lookup.name)


def covers(paths: Iterable[str], path: str) -> bool:
    """Whether one of the paths is the path, or a folder above it."""
    return any(base in (".", path) or path.startswith(f"{base}/") for base in paths)


def uncovered(corpus: Corpus, deps: Sequence[str]) -> list[str]:
    """Files that facts come from, and that no dep of a stage covers."""
    paths = {place.path for place in corpus.lookups.values()}
    return sorted(path for path in paths if not covers(deps, path))


def _is_apart(path: str, data: Data) -> bool:
    return path == data.config or covers((*_APART, *data.test), path)


def _looks_like_tests(path: str) -> bool:
    """Whether Rasa's users would take it for test data, as far as a name can tell."""
    *folders, name = path.split("/")
    return not _TEST_FOLDERS.isdisjoint(folders) or bool(_TEST_NAME.match(name))


def _passed_over(file: FoundFile, data: Data) -> Corpus:
    """Nothing; with a warning where training data may have got a test's name."""
    in_folder = not _TEST_FOLDERS.isdisjoint(file.path.split("/"))
    if in_folder or not _NLU.search(file.data):
        return Corpus()
    said = f"{file.path}: passed over as test data"
    way_out = f"name it in params.yaml (data.nlu: [{', '.join(data.nlu)}, …]) if not"
    return Corpus(warnings=(f"{said}; {way_out}",))
