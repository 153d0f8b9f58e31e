"""From what a project holds to the changes that make `dvc repro` work in it.

Every change is computed before the first is made. Each part of the work is a function
of a draft; what is already as it should be is no change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from dvcinc.adopt import dvcfile, settings
from dvcinc.adopt.artifacts import with_artifact
from dvcinc.adopt.collisions import check_free
from dvcinc.adopt.find import Found, Ground, find
from dvcinc.adopt.ignored import (
    ATTRIBUTES,
    IGNORE,
    cached_outs,
    with_attributes,
    with_ignored,
)
from dvcinc.adopt.notes import notes
from dvcinc.adopt.pipeline import Stage, stages
from dvcinc.adopt.source import Source, known_source
from dvcinc.adopt.split import PATH as TEST
from dvcinc.adopt.split import Split, cut_test
from dvcinc.adopt.workflows import Host, Workflow, host_of, workflows
from dvcinc.adopt.write import Change
from dvcinc.errors import InputError
from dvcinc.params import PATH as PARAMS
from dvcinc.snapshot.files import contents, covers, training_files
from dvcinc.snapshot.sources import FolderSource

EVALUATE = "evaluate"
WORKFLOW = "workflow"
_FILE_ENDS = (".yml", ".yaml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What is asked for.

    Attributes:
        share: Of the examples that are to become test data; `None` for none.
        test: Whether the model is to be evaluated where there is test data.
        without: Names of parts that are not wanted.
        host: Whose CI to write workflows for; `None` for the forge that is found.
        train: Whether CI is to train, too.
        source: Where CI takes dvcinc from; `None` for the release, or where this one
            comes from.
    """

    share: float | None = None
    test: bool = True
    without: frozenset[str] = frozenset()
    host: Host | None = None
    train: bool = False
    source: Source | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What all parts are made from.

    Attributes:
        here: Where the assistant lies.
        found: What it holds; with a split, as if that were there already.
        split: The test split that is cut.
        stages: The stages that `dvc.yaml` has to hold.
        workflows: The files for CI.
    """

    here: Ground
    found: Found
    split: Split | None
    stages: tuple[Stage, ...]
    workflows: tuple[Workflow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Adoption:
    """What is to be done, and what people should know."""

    found: Found
    split: Split | None
    stages: tuple[Stage, ...]
    changes: tuple[Change, ...]
    notes: tuple[str, ...]


class Written(NamedTuple):
    """A file as a part wants it, and what is new in it."""

    path: str
    content: bytes
    about: str


Part = Callable[[Draft], Iterator[Written]]


def prepare(here: Ground, wishes: Wishes) -> Adoption:
    """Computes all changes; makes none.

    Raises:
        InputError: Something is missing or cannot be understood.
        CheckError: Something of somebody else's stands in the way.
        CannotTellError: Data that DVC tracks are not in the cache.
    """
    draft = drafted(here, wishes)
    there = dvcfile.read_pipeline(here.read(dvcfile.PATH))
    check_free(here.project, there, draft.stages)
    written = [
        one
        for name, part in PARTS.items()
        if name not in wishes.without
        for one in part(draft)
    ]
    before = {one.path: here.read(one.path) for one in written}
    changes = tuple(
        Change(one.path, before[one.path], one.content, one.about)
        for one in written
        if one.content != (before[one.path] or (None if one.content else b""))
    )
    return Adoption(
        found=draft.found,
        split=draft.split,
        stages=draft.stages,
        changes=changes,
        notes=(
            *notes(here, draft.found.corpus.config, draft.stages, changes, there),
            *(one.about for one in draft.workflows if one.content is None),
            *filter(None, [draft.split.note if draft.split else ""]),
        ),
    )


def drafted(here: Ground, wishes: Wishes) -> Draft:
    """What is found, with the split that is asked for, and the stages for it.

    Raises:
        InputError: Something is missing or cannot be understood.
        CannotTellError: Data that DVC tracks are not in the cache.
    """
    found = find(here)
    split = None
    if wishes.share is not None and not found.tests:
        target = _target(found)
        if here.read(target) is not None:
            said = f"{target} is there already, and holds no test examples"
            raise InputError(said, "move it away; init writes the test split there")
        split = _split(here, found, wishes.share, target)
        found = _with_split(found, split)
    tested = found.tested if found.tests and wishes.test else ()
    return Draft(
        here=here,
        found=found,
        split=split,
        stages=stages(found.deps, tested),
        workflows=_wanted(here, wishes),
    )


def _wanted(here: Ground, wishes: Wishes) -> tuple[Workflow, ...]:
    host = wishes.host or host_of(here)
    if host is None or WORKFLOW in wishes.without:
        return ()
    return tuple(
        workflows(
            here,
            host,
            train=wishes.train,
            source=wishes.source or known_source(),
            strict=wishes.host is not None or wishes.train,
        )
    )


def _target(found: Found) -> str:
    """Where the test examples go: a file where `params.yaml` says, or Rasa's place."""
    if not found.named:
        return TEST
    first = found.data.test[0]
    return first if first.endswith(_FILE_ENDS) else f"{first}/{Path(TEST).name}"


def _split(here: Ground, found: Found, share: float, target: str) -> Split:
    source = FolderSource(here.project, git=here.git)
    files = [f for f in training_files(source, found.data) if "nlu" in f.role.split()]
    data = dict(zip([f.path for f in files], contents(source, files), strict=True))
    base = here.project.resolve()
    # A link may lead to what others use, too, and into DVC's cache.
    fixed = {path for path in data if (base / path).resolve() != base / path}
    return cut_test(data, share, target, fixed)


def _with_split(found: Found, split: Split) -> Found:
    data, target = found.data, split.path
    if not found.named:
        # What lies among the data is no training data, tests or not.
        within = (path for path in data.test if covers(data.nlu, path))
        data = replace(data, test=(*within, target))
    tested = tuple(path for path in data.test if covers([path], target))
    return replace(found, data=data, tests=split.moved, tested=tested)


# --- parts ------------------------------------------------------------------------


def _pipeline(draft: Draft) -> Iterator[Written]:
    before = draft.here.read(dvcfile.PATH)
    there = dvcfile.read_pipeline(before)
    new = [stage.name for stage in draft.stages if stage.name not in there.stages]
    about = f"stages {', '.join(new)}" if new else "what it lacked"
    after = with_artifact(dvcfile.extended(before, draft.stages))
    yield Written(dvcfile.PATH, after, about)


def _params(draft: Draft) -> Iterator[Written]:
    before = draft.here.read(PARAMS)
    after = settings.with_sections(before, draft.found.data)
    there = settings.sections(before)
    new = [name for name in settings.SECTIONS if name not in there]
    yield Written(PARAMS, after, f"sections {', '.join(new)}")


def _ignored(draft: Draft) -> Iterator[Written]:
    before = draft.here.read(IGNORE)
    after = with_ignored(before, cached_outs(draft.stages))
    yield Written(IGNORE, after, "what DVC keeps, and Git must not")


def _attributes(draft: Draft) -> Iterator[Written]:
    after = with_attributes(draft.here.read(ATTRIBUTES) or b"")
    yield Written(ATTRIBUTES, after, "what git merges by dvcinc")


def _tests(draft: Draft) -> Iterator[Written]:
    split = draft.split
    if split is None:
        return
    about = f"{split.moved} test examples of {split.intents} intents"
    yield Written(split.path, split.test, about)
    for path, content in split.files.items():
        yield Written(path, content, "without the test examples")


def _workflows(draft: Draft) -> Iterator[Written]:
    for one in draft.workflows:
        if one.content is not None:
            yield Written(one.path, one.content, one.about)


PARTS: Mapping[str, Part] = MappingProxyType(
    {
        "pipeline": _pipeline,
        "params": _params,
        "ignored": _ignored,
        "attributes": _attributes,
        "tests": _tests,
        WORKFLOW: _workflows,
    }
)
"""What can be set up in a repository's files, in the order in which it is told."""
