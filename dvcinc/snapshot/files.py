"""Which files of a source are training data, and what each says by itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from dvcinc.config import Data
from dvcinc.corpus.part import (
    SUFFIXES,
    LookupFile,
    Part,
    Wanted,
    is_yaml,
    missing_lookup,
)
from dvcinc.corpus.values import Corpus
from dvcinc.snapshot.sources import Found, Source

# Written by dvcinc or DVC, or read for themselves: never training data.
_APART = ("params.yaml", "dvc.yaml", "plan")
_TEST_FOLDERS = frozenset({"test", "tests"})
_TEST_NAME = re.compile(r"tests?([_.-].*)?\Z")
_NLU_ROLE, _DOMAIN_ROLE, _TEST_ROLE, _LOOKUP_ROLE = "nlu", "domain", "test", "lookup "


class File(NamedTuple):
    """A file that training data come from, unread.

    Attributes:
        path: From the project.
        content: Identifies its content.
        role: What is read of it: `nlu`, `domain`, both, or the lookup `lookup NAME`.
    """

    path: str
    content: str
    role: str

    @property
    def key(self) -> str:
        """What it says, whatever else its path is: equal keys mean equal facts."""
        family = "yaml" if is_yaml(self.path) else "other"
        return f"{self.content} {family} {self.role}"


def training_files(source: Source, data: Data) -> Iterator[File]:
    """The files that hold training data or domain by their place, sorted by path.

    Raises:
        InputError: A file cannot be read, or its name is no UTF-8.
        CannotTellError: Files are meant to be there that this clone cannot see.
    """
    for path, content in source.listed([*data.nlu, *data.domain], SUFFIXES):
        if path == data.config or covers((*_APART, *data.test), path):
            continue
        if not data.given and _looks_like_tests(path):
            yield File(path, content, _TEST_ROLE)
            continue
        places = ((_NLU_ROLE, data.nlu), (_DOMAIN_ROLE, data.domain))
        roles = (role for role, where in places if covers(where, path))
        yield File(path, content, " ".join(roles))


def lookup_files(source: Source, lookups: Iterable[LookupFile]) -> list[File]:
    """The files that lookups name.

    Raises:
        InputError: One is not there; the error names the place that names it.
    """
    named = {(lookup.path, lookup.name): lookup for lookup in lookups}
    paths = sorted({path for path, _ in named})
    there = dict(source.listed(paths)) if paths else {}
    for key in sorted(named):
        if named[key].path not in there:
            raise missing_lookup(named[key])
    return [
        File(path, there[path], f"{_LOOKUP_ROLE}{name}") for path, name in sorted(named)
    ]


def read_file(file: File, data: bytes) -> Part:
    """What a file says.

    Raises:
        InputError: It cannot be understood, with `path:line:column`.
    """
    # What is known of a file's content is known without the formats.
    from dvcinc.corpus.readers import read_lookup, read_part  # noqa: PLC0415

    if file.role.startswith(_LOOKUP_ROLE):
        name = file.role.removeprefix(_LOOKUP_ROLE)
        return Part(corpus=read_lookup(data, file.path, name))
    if file.role == _TEST_ROLE:
        return Part(corpus=_passed_over(file.path, data))
    roles = file.role.split(" ")
    wanted = Wanted(nlu=_NLU_ROLE in roles, domain=_DOMAIN_ROLE in roles)
    return read_part(data, file.path, wanted)


def contents(source: Source, files: Sequence[File]) -> list[bytes]:
    """The bytes of files of a source, in the order asked."""
    return source.contents([Found(file.path, file.content) for file in files])


def covers(paths: Iterable[str], path: str) -> bool:
    """Whether one of the paths is the path, or a folder above it."""
    return any(base in (".", path) or path.startswith(f"{base}/") for base in paths)


def uncovered(corpus: Corpus, deps: Sequence[str]) -> list[str]:
    """Files that facts come from, and that no dep of a stage covers."""
    paths = {place.path for place in corpus.lookups.values()}
    return sorted(path for path in paths if not covers(deps, path))


def _looks_like_tests(path: str) -> bool:
    """Whether Rasa's users would take it for test data, as far as a name can tell."""
    *folders, name = path.split("/")
    return not _TEST_FOLDERS.isdisjoint(folders) or bool(_TEST_NAME.match(name))


def _passed_over(path: str, data: bytes) -> Corpus:
    """Nothing; with a warning where training data may have got a test's name."""
    in_folder = not _TEST_FOLDERS.isdisjoint(path.split("/"))
    from dvcinc.corpus.readers import claims_examples  # noqa: PLC0415

    if in_folder or not claims_examples(data, path):
        return Corpus()
    said = f"{path}: passed over as test data"
    way_out = f"name it in params.yaml (data.nlu: [{', '.join(Data().nlu)}, …]) if not"
    return Corpus(warnings=(f"{said}; {way_out}",))
