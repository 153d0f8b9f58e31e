"""Where a Rasa project keeps what, by names and contents: facts for `find`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from dvcinc.config import Data
from dvcinc.corpus.readers import SUFFIXES
from dvcinc.errors import InputError
from dvcinc.snapshot.files import covers
from dvcinc.snapshot.read import Reader
from dvcinc.snapshot.sources import FolderSource
from dvcinc.yaml import compose

CONFIGS = (
    "config.yml",
    "config.yaml",
    "config/config.yml",
    "data/config.yml",
    "nlu_config.yml",
)
DOMAINS = (
    ("domain.yml", "domain"),
    ("domain.yaml", "domain"),
    ("data/domain.yml", "data/domain"),
    ("domains",),
)
"""Rasa's own places first; those of one group may stand side by side."""
NLU = (
    "data",
    "nlu.yml",
    "nlu.yaml",
    "nlu.md",
    "nlu.json",
    "nlu",
    "nlu_data",
    "training_data",
    "training",
)
TESTS = ("tests", "test", "test_data", "test_data.yml", "test_nlu.yml")
_KEYS = frozenset({"pipeline", "policies", "recipe", "language"})
# As `snapshot.files` has it for data in Rasa's default place, and `test_data`.
_TEST_FOLDERS = frozenset({"test", "tests", "test_data"})
_TEST_NAME = re.compile(r"tests?([_.-].*)?\Z")


@dataclass(frozen=True, slots=True)
class Looker:
    """Looks into a project.

    Attributes:
        source: The project's files.
        reader: Reads them, each once.
    """

    source: FolderSource
    reader: Reader

    def config(self) -> str | None:
        """The first place that holds a configuration of Rasa's."""
        return next(
            (path for path in CONFIGS if is_config(self.source.read(path), path)), None
        )

    def domain(self) -> tuple[str, ...]:
        """The places of the domain; it may be none."""
        for group in DOMAINS:
            if found := tuple(path for path in group if self.files(path)):
                return found
        return ()

    def files(self, *places: str) -> list[str]:
        """The files at or below places that may be training data, sorted."""
        return [found.path for found in self.source.listed(places, SUFFIXES)]

    def examples(self, places: Sequence[str], but: Sequence[str] = ()) -> int:
        """How many examples are at or below places.

        Args:
            places: Where to look.
            but: What does not count.

        Raises:
            InputError: A file there cannot be understood.
        """
        where = Data(
            nlu=tuple(places), domain=(), config="", test=tuple(but), given=True
        )
        return len(self.reader.corpus(self.source, where).examples) if places else 0

    def tests(self) -> list[str]:
        """Test data, as folders where these hold nothing else, as files otherwise."""
        named = [path for path in self.files("data", *TESTS) if test_place(path)]
        holding = [path for path in named if self.examples([path])]
        return sorted({self._widest(path) for path in holding})

    def test_looking(self, places: Sequence[str]) -> list[str]:
        """What looks like tests within training data, and must not be trained on."""
        named = (test_place(path) for path in self.files(*places))
        return sorted({path for path in named if path})

    def _widest(self, path: str) -> str:
        """The outermost folder for tests above a file, if all in it is data."""
        parts = path.split("/")
        first = (test_place(path) or path).count("/") + 1
        for count in range(first, len(parts)):
            folder = "/".join(parts[:count])
            if all(name.endswith(SUFFIXES) for name in _names(self.source, folder)):
                return folder
        return path

    def nlu(self, config: str, domain: Sequence[str], test: Sequence[str]) -> list[str]:
        """The places of the training data; none where no example is found."""
        for place in NLU:
            if self.files(place) and self.examples([place], (config, *test)):
                return self._narrowed(place, [config, *domain], test)
        return []

    def _narrowed(
        self, place: str, apart: Sequence[str], test: Sequence[str]
    ) -> list[str]:
        """A folder of everything as its parts that hold training data alone."""
        if not _holds(place, apart):
            return [place]
        others = [*apart, *test]
        inner = {
            "/".join(path.split("/")[: place.count("/") + 2])
            for path in self.files(place)
        }
        kept = sorted(path for path in inner if not covers(others, path))
        holding = [path for path in kept if not _holds(path, others)]
        return holding or [place]


def _holds(path: str, others: Sequence[str]) -> bool:
    return any(covers([path], other) for other in others)


def _names(source: FolderSource, folder: str) -> Iterator[str]:
    """All that is in a folder, hidden or not, as DVC hashes it."""
    for path in (source.folder / folder).rglob("*"):
        if not path.is_dir():
            yield path.name


def test_place(path: str) -> str | None:
    """The outermost part of a path that is called as tests are."""
    *folders, name = path.split("/")
    for count, part in enumerate(folders, 1):
        if part in _TEST_FOLDERS:
            return "/".join(folders[:count])
    return path if _TEST_NAME.match(name) else None


def is_config(data: bytes | None, path: str) -> bool:
    """Whether a file is a configuration of Rasa's, by its keys."""
    if data is None:
        return False
    document = compose(data, path)
    if document.root is None:
        return False
    try:
        items = list(document.items(document.root, path))
    except InputError:
        return False
    return not _KEYS.isdisjoint(item.key for item in items)


def assistants_below(project: Path) -> list[str]:
    """Folders below, two levels deep at most, that hold an assistant each."""
    found = []
    for pattern in ("*/config.yml", "*/*/config.yml"):
        for path in sorted(project.glob(pattern)):
            folder = path.parent.relative_to(project)
            hidden = any(part.startswith(".") for part in folder.parts)
            if not hidden and (path.parent / "data").is_dir():
                found.append(folder.as_posix())
    return found
