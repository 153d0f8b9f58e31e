"""`dvc.yaml` with dvcinc's stages in it: only lines that are missing are written.

Text is added where the stages say it belongs, and what came of it is read again: it
must say just what was there and what was added, or nothing is written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from dvcinc.adopt.lines import Lines, read_lines
from dvcinc.adopt.pipeline import (
    COMMAND,
    SECTIONS,
    Entry,
    Stage,
    indented,
    section_rows,
)
from dvcinc.errors import InputError
from dvcinc.snapshot.files import covers
from dvcinc.yaml import (
    Document,
    Item,
    Json,
    MappingNode,
    Node,
    SequenceNode,
    canonical_json,
    compose,
    is_empty,
)

PATH = "dvc.yaml"
_STAGES = "stages"


@dataclass(frozen=True, slots=True)
class Pipeline:
    """What a `dvc.yaml` says: all of it, and its stages by name."""

    said: Mapping[str, Json]
    stages: Mapping[str, Mapping[str, Json]]

    def own(self, name: str) -> Mapping[str, Json] | None:
        """A stage of dvcinc's, if it is there under its own name."""
        stage = self.stages.get(name)
        return stage if stage is not None and runs(stage) == name else None


@dataclass(frozen=True, slots=True)
class _Missing:
    """What a stage that is there lacks of one list."""

    stage: str
    section: str
    entries: tuple[Entry, ...]


def read_pipeline(data: bytes | None) -> Pipeline:
    """The stages of a `dvc.yaml`, of which there may be none.

    Raises:
        InputError: It cannot be understood.
    """
    document = compose(data or b"", PATH)
    if document.root is None or is_empty(document.root):
        return Pipeline({}, {})
    list(document.items(document.root, PATH))
    said = document.value(document.root)
    said = said if isinstance(said, dict) else {}
    stages = said.get(_STAGES)
    if stages is not None and not isinstance(stages, dict):
        raise InputError(f"{PATH}: stages must be a mapping")
    found = (stages or {}).items()
    return Pipeline(said, {n: s if isinstance(s, dict) else {} for n, s in found})


def runs(stage: Mapping[str, Json]) -> str | None:
    """Which stage of dvcinc's a stage runs, `None` for somebody else's."""
    inner = stage.get("do")
    command = stage.get("cmd") or (inner.get("cmd") if isinstance(inner, dict) else "")
    _, found, rest = str(command).partition(COMMAND)
    words = rest.split()
    return words[0].strip("'\"],;&") if found and words else None


def entries(stage: Mapping[str, Json], section: str) -> dict[str, Mapping[str, Json]]:
    """A list of a stage: paths or names, normalised, to their options."""
    listed = stage.get(section)
    found: dict[str, Mapping[str, Json]] = {}
    for one in listed if isinstance(listed, list) else ():
        pairs = one.items() if isinstance(one, dict) else [(str(one), {})]
        for path, options in pairs:
            known = options if isinstance(options, dict) else {}
            found[path.removeprefix("./").rstrip("/") or path] = known
    return found


def extended(before: bytes | None, wanted: Sequence[Stage]) -> bytes:
    """A `dvc.yaml` with all that is missing of the stages; the same bytes if nothing.

    Raises:
        InputError: It cannot be understood, or not be extended line by line.
    """
    there = read_pipeline(before)
    new = [stage for stage in wanted if stage.name not in there.stages]
    lacking = list(_lacking(there, wanted))
    if before is not None and not new and not lacking:
        return before
    writing = _Writing(compose(before or b"", PATH), read_lines(before or b"", PATH))
    for missing in lacking:
        writing.complete(missing)
    names = [stage.name for stage in wanted]
    writing.add(new, names)
    after = writing.result()
    if content(after) != canonical_json(_expected(there, new, lacking)):
        raise _by_hand(new, lacking)
    return after


def content(data: bytes) -> str:
    """All that a `dvc.yaml` says, in one form; empty if it cannot be understood."""
    try:
        return canonical_json(dict(read_pipeline(data).said))
    except InputError:
        return ""


def differing(there: Pipeline, wanted: Sequence[Stage]) -> Iterator[str]:
    """Options of outs that are not as they should be, each as a line for people."""
    for stage in wanted:
        said = there.own(stage.name) or {}
        for section in SECTIONS[2:]:
            found = entries(said, section)
            for entry in stage.lists.get(section, ()):
                options = found.get(entry.path, dict(entry.options))
                for key, value in entry.options:
                    if section != "plots" and options.get(key) != value:
                        word = str(value).lower()
                        yield f"{stage.name}: {entry.path} has to say {key}: {word}"


def _lacking(there: Pipeline, wanted: Sequence[Stage]) -> Iterator[_Missing]:
    for stage in wanted:
        said = there.own(stage.name)
        for section in SECTIONS if said is not None else ():
            found = entries(said or {}, section)
            if section == "deps" and any("${" in path for path in found):
                continue
            wide = tuple(found) if section == "deps" else ()
            lacks = tuple(
                entry
                for entry in stage.lists.get(section, ())
                if entry.path not in found and not covers(wide, entry.path)
            )
            if lacks:
                yield _Missing(stage.name, section, lacks)


def _expected(
    there: Pipeline, new: Sequence[Stage], lacking: Sequence[_Missing]
) -> dict[str, Json]:
    stages: dict[str, Json] = {name: dict(said) for name, said in there.stages.items()}
    for missing in lacking:
        stage = dict(there.stages[missing.stage])
        # Several lists of one stage may lack something.
        known = stages[missing.stage]
        stage = dict(known) if isinstance(known, dict) else stage
        listed = stage.get(missing.section) or []
        news = [entry.value for entry in missing.entries]
        stage[missing.section] = [*(listed if isinstance(listed, list) else []), *news]
        stages[missing.stage] = stage
    return {
        **there.said,
        _STAGES: {**stages, **{stage.name: stage.value for stage in new}},
    }


def _by_hand(new: Sequence[Stage], lacking: Sequence[_Missing]) -> InputError:
    parts = [f"the stage {stage.name}" for stage in new]
    parts += [
        f"{', '.join(e.path for e in m.entries)} to the {m.section} of {m.stage}"
        for m in lacking
    ]
    hint = f"write its stages as blocks, or add by hand: {'; '.join(parts)}"
    return InputError(f"{PATH} is written in a form that init cannot extend", hint)


class _Writing:
    """Gathers lines to add to a file, by the number of the line that they precede."""

    def __init__(self, document: Document, lines: Lines) -> None:
        self._document = document
        self._lines = lines
        self._added: dict[int, list[str]] = {}
        self._stages = self._find_stages()

    def _find_stages(self) -> Item | None:
        root = self._document.root
        if root is None or is_empty(root):
            return None
        items = self._document.items(root, PATH)
        return next((item for item in items if item.key == _STAGES), None)

    def result(self) -> bytes:
        """The file with all that was added."""
        return self._lines.inserted(self._added).to_bytes()

    def _add(self, number: int, rows: Sequence[str]) -> None:
        self._added.setdefault(number, []).extend(rows)

    def _items(self) -> dict[str, Item]:
        """The stages that are there."""
        if self._stages is None or is_empty(self._stages.value):
            return {}
        found = self._document.items(self._stages.value, _STAGES)
        return {item.key: item for item in found}

    def add(self, new: Sequence[Stage], names: Sequence[str]) -> None:
        """Adds whole stages, each behind the one that comes before it in the list."""
        if not new:
            return
        there = self._items()
        end, column = self._end_of_stages(there)
        for stage in new:
            before = names[: names.index(stage.name)]
            near = [there[name] for name in before if name in there]
            at = _block_end(self._lines, near[-1].node) if near else end
            self._add(at, stage.rows(column))

    def _end_of_stages(self, there: Mapping[str, Item]) -> tuple[int, int]:
        """Where a stage is added behind all others, and the column of its name."""
        if self._stages is None:
            end = len(self._lines.rows)
            self._add(end, [f"{_STAGES}:"])
            return end, 2
        line = self._stages.node.start_mark.line
        if there:
            first = next(iter(there.values())).node.start_mark.column
            return self._lines.block_end(line, 0), first
        if isinstance(self._stages.value, MappingNode):  # stages: {}
            row = self._lines.rows[line].replace("{}", "", 1).rstrip()
            self._lines = self._lines.replaced(line, row)
        return line + 1, 2

    def complete(self, missing: _Missing) -> None:
        """Adds entries to a list of a stage, behind those that are there."""
        stage = self._items()[missing.stage]
        items = {i.key: i for i in self._document.items(stage.value, missing.stage)}
        item = items.get(missing.section)
        rows = [row for entry in missing.entries for row in entry.rows()]
        if item is None:
            first = min(i.node.start_mark.column for i in items.values())
            section = section_rows(missing.section, missing.entries)
            self._add(_block_end(self._lines, stage.node), indented(section, first))
            return
        if is_empty(item.value):
            mark = item.node.start_mark
            self._add(mark.line + 1, indented(rows, mark.column + 2))
            return
        if not isinstance(item.value, SequenceNode):
            raise self._document.error(item.value, f"{missing.section} must be a list")
        mark = item.value.start_mark
        row = self._lines.rows[mark.line]
        if row[mark.column :].startswith("["):
            self._complete_flow(mark.line, missing.entries, empty=not item.value.value)
            return
        end = _last_end(self._lines, item.value)
        self._add(end, indented(rows, mark.column))

    def _complete_flow(
        self, line: int, entries: Sequence[Entry], *, empty: bool
    ) -> None:
        """Adds to a list in brackets on one line."""
        row = self._lines.rows[line].rstrip("\r")
        head, bracket, tail = row.rpartition("]")
        said = ", ".join(entry.flow() for entry in entries)
        joint = "" if empty else ", "
        new = f"{head.rstrip()}{joint}{said}{bracket}{tail}"
        self._lines = self._lines.replaced(line, new)


def _block_end(lines: Lines, key: Node) -> int:
    return lines.block_end(key.start_mark.line, key.start_mark.column)


def _last_end(lines: Lines, sequence: SequenceNode) -> int:
    """Behind the last entry of a block list; dashes stand at the list's column."""
    last = sequence.value[-1].start_mark.line
    return lines.block_end(last, sequence.start_mark.column)
