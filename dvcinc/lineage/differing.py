"""Two sides to the files that differ between them, each with what came and went."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from dvcinc.corpus.rasa import merge
from dvcinc.corpus.readers import SUFFIXES, Part
from dvcinc.corpus.values import Corpus
from dvcinc.errors import DvcincError
from dvcinc.lineage.joining import Changed, differing
from dvcinc.params import PATH as PARAMS
from dvcinc.plan.project import Project
from dvcinc.snapshot.dvcouts import is_below, tracked
from dvcinc.snapshot.mixed import Remembered
from dvcinc.snapshot.side import Side

_DVC = "md5:"


@dataclass(frozen=True, slots=True)
class _Seen:
    """A side as far as it is looked at here.

    Attributes:
        side: The side.
        source: Where it is read from.
        contents: What it has at the places of both sides, by path.
    """

    side: Side
    source: Remembered
    contents: Mapping[str, str]


def changed_files(
    project: Project, before: Side, after: Side, old: Remembered, new: Remembered
) -> list[Changed]:
    """The files that count and differ between two sides, by path.

    Raises:
        DvcincError: They cannot be listed or read.
    """
    was, now = (
        _Seen(side, source, _contents(source, (before, after)))
        for side, source in ((before, old), (after, new))
    )
    told = {file.path for side in (before, after) for file in side.files}
    settings = {PARAMS, before.params.data.config, after.params.data.config}
    paths = sorted(
        path
        for path in told | settings
        if was.contents.get(path) != now.contents.get(path)
    )
    said = [_said(project, seen, paths) for seen in (was, now)]
    pointers = _pointers(project, paths, was, now)
    return [
        _changed(path, was, now, [side[path] for side in said], pointers, settings)
        for path in paths
    ]


def _contents(source: Remembered, sides: Sequence[Side]) -> dict[str, str]:
    """What a source has at the places that either side reads."""
    found: dict[str, str] = {}
    apart = {PARAMS}
    for side in sides:
        data = side.params.data
        found |= dict(source.listed([*data.nlu, *data.domain], SUFFIXES))
        apart |= {data.config, *(f.path for f in side.files if f.path not in found)}
    return found | dict(source.listed(sorted(apart)))


def _said(
    project: Project, seen: _Seen, paths: Sequence[str]
) -> dict[str, tuple[Part, ...]]:
    """What a side reads of files; nothing of those that it has not."""
    wanted = {*paths}
    files = [file for file in seen.side.files if file.path in wanted]
    parts = project.ledger.parts(seen.side, files)
    pairs = zip(files, parts, strict=True)
    by_path = sorted(pairs, key=lambda pair: pair[0].path)
    found = {
        path: tuple(part for _, part in group)
        for path, group in groupby(by_path, key=lambda pair: pair[0].path)
    }
    return {path: found.get(path, ()) for path in paths}


def _changed(
    path: str,
    was: _Seen,
    now: _Seen,
    said: Sequence[tuple[Part, ...]],
    pointers: Mapping[str, str],
    settings: set[str],
) -> Changed:
    old, new = (merge(part.corpus for part in parts) for parts in said)
    named = [
        sorted((n.name, n.path) for part in parts for n in part.lookups)
        for parts in said
    ]
    gone, come = differing(old, new)
    return Changed(
        path=path,
        before=was.contents.get(path),
        after=now.contents.get(path),
        gone=gone,
        come=come,
        names=frozenset(file for names in named for _, file in names),
        pointer=pointers.get(path),
        idle=path not in settings
        and named[0] == named[1]
        and not any(map(_says, (gone, come))),
    )


def _says(corpus: Corpus) -> bool:
    """Whether a corpus holds any fact."""
    bare = Corpus(config=corpus.config, warnings=corpus.warnings)
    return corpus != bare


def _pointers(
    project: Project, paths: Sequence[str], was: _Seen, now: _Seen
) -> dict[str, str]:
    """What Git has in the place of files: pointers of DVC, and submodules."""
    found = dict(_submodules(project, paths))
    for seen in (was, now):
        by_dvc = [p for p in paths if seen.contents.get(p, "").startswith(_DVC)]
        if by_dvc:
            found |= _tracked(project, seen.source, by_dvc)
    return found


def _tracked(
    project: Project, source: Remembered, paths: Sequence[str]
) -> dict[str, str]:
    outs = tracked(
        lambda wanted: [source.read(path) for path in wanted],
        paths,
        [],
        project.git.prefix,
    )
    # One for all where none is found: rather too few parts than one that is none.
    known = dict.fromkeys(paths, "")
    for out in sorted(outs, key=attrgetter("path")):
        known |= {p: out.pointer for p in paths if is_below(p, out.path)}
    return {path: pointer or "dvc.lock" for path, pointer in known.items()}


def _submodules(project: Project, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
    git = project.git
    if git.bare or not (git.top / ".gitmodules").is_file():
        return
    try:
        modules = [entry.path for entry in git.index() if entry.is_submodule]
    except DvcincError:  # an open merge
        return
    for path in paths:
        yield from ((path, module) for module in modules if is_below(path, module))
