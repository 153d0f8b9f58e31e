"""What a project holds already: training data, domain, configuration, tests."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from dvcinc.adopt.places import CONFIGS, NLU, Looker, assistants_below
from dvcinc.adopt.settings import checked_params, sections
from dvcinc.config import Data
from dvcinc.corpus.values import Corpus
from dvcinc.errors import GitError, InputError
from dvcinc.params import PATH as PARAMS
from dvcinc.snapshot.disk import leads_out
from dvcinc.snapshot.files import covers
from dvcinc.snapshot.git import Git, open_git
from dvcinc.snapshot.read import Reader
from dvcinc.snapshot.sources import FolderSource


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An assistant as it lies in its project.

    Attributes:
        data: Where everything lies.
        named: Whether `params.yaml` says so itself.
        corpus: The training data.
        tests: How many test examples there are.
        tested: The places of test data that are there, if any holds an example.
        deps: The files and folders that the training data are read from.
    """

    data: Data
    named: bool
    corpus: Corpus
    tests: int
    tested: tuple[str, ...]
    deps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ground:
    """Where an assistant lies.

    Attributes:
        project: Its directory.
        git: Its repository, if there is one yet.
    """

    project: Path
    git: Git | None

    @property
    def top(self) -> Path:
        """The directory that no link may lead out of."""
        return self.git.top if self.git is not None else self.project

    def from_top(self, path: str) -> str:
        """A path of the project, as one from the top of its repository."""
        return path if self.git is None else self.git.full(path)

    def read(self, path: str) -> bytes | None:
        """A file of the project's own, `None` where there is none.

        Raises:
            InputError: It cannot be read, or is a link that leads out.
        """
        place = self.project / path
        try:
            if not place.resolve().is_relative_to(self.top.resolve()):
                raise leads_out(path)
            return place.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            said = f"{path}: cannot be read: {error.strerror}"
            raise InputError(said, "see what it is, and its permissions") from error


def ground(project: Path) -> Ground:
    """A project directory, in a repository or not yet.

    Raises:
        InputError: It is no directory.
        GitError: Git cannot read its repository.
        CannotTellError: Git refuses to, since it is somebody else's.
    """
    if not project.is_dir():
        raise InputError(f"{project} is no directory")
    try:
        git = open_git(project)
    except GitError:
        here = project.resolve()
        there = any((p / ".git").exists() for p in (here, *here.parents))
        # One that git cannot read is no place for another.
        if there and shutil.which("git"):
            raise
        return Ground(project, None)
    if git.bare:
        raise InputError(f"{project} is in a bare repository", "run this in a clone")
    return Ground(project, git)


def find(here: Ground) -> Found:
    """Looks through a project: where `params.yaml` says, else in the usual places.

    Raises:
        InputError: Something is missing or cannot be understood.
        CannotTellError: Data that DVC tracks are not in the cache.
    """
    project = here.project
    source = FolderSource(project, git=here.git)
    looker = Looker(source, Reader())
    before = here.read(PARAMS)
    named = "data" in sections(before)
    params = checked_params(before)
    data = params.data if named else _usual(project, looker)
    corpus = looker.reader.corpus(source, data)
    if not corpus.examples:
        raise _no_examples(project, data.nlu)
    if source.read(data.config) is None:
        raise _no_config(project, data.config)
    tests = tuple(path for path in data.test if looker.files(path))
    count = looker.examples(tests)
    return Found(
        data=data,
        named=named,
        corpus=corpus,
        tests=count,
        tested=tests if count else (),
        deps=_deps(looker, data, corpus),
    )


def _usual(project: Path, looker: Looker) -> Data:
    config = looker.config()
    if config is None:
        raise _no_config(project, CONFIGS[0])
    domain, tests = looker.domain(), looker.tests()
    nlu = looker.nlu(config, domain, tests)
    if not nlu:
        raise _no_examples(project, NLU)
    others = [p for p in looker.test_looking(nlu) if not covers(tests, p)]
    outer = [p for p in others if not any(covers([p], test) for test in tests)]
    defaults = Data()
    return Data(
        nlu=tuple(nlu),
        domain=domain or defaults.domain[:1],
        config=config,
        test=(*tests, *outer) or defaults.test,
        given=True,
    )


def _deps(looker: Looker, data: Data, corpus: Corpus) -> tuple[str, ...]:
    """What the training data are read from, each place once."""
    places = [p for p in (*data.nlu, *data.domain) if looker.files(p)]
    lookups = sorted({place.path for place in corpus.lookups.values()})
    found: list[str] = []
    for path in (*places, data.config, *lookups):
        if not covers(found, path):
            found.append(path)
    return tuple(found)


def _no_examples(project: Path, looked: tuple[str, ...]) -> InputError:
    said = f"there are no training examples in {', '.join(looked)}"
    return InputError(said, _way_out(project, "data.nlu"))


def _no_config(project: Path, looked: str) -> InputError:
    said = f"there is no {looked} with a pipeline"
    return InputError(said, _way_out(project, "data.config"))


def _way_out(project: Path, key: str) -> str:
    below = assistants_below(project)
    if below:
        named = ", ".join(below[:5])
        return f"name one assistant: dvcinc init --project DIR (there are {named})"
    return (
        f"run this in the directory of the assistant, or write {key} into {PARAMS} "
        "(docs/params.md) and run it again"
    )
