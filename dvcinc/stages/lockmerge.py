"""Three versions of `dvc.lock` to one, stage by stage; each keeps its bytes.

The stages of dvcinc follow one side, since they belong together; everybody else's are
merged by themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum

from dvcinc.errors import InputError
from dvcinc.snapshot.dvcouts import LOCK
from dvcinc.yaml import LINE_ENDS, Document, Item, Json, compose

_OWN = "dvcinc stage "
_STAGES = "stages"


class Side(Enum):
    """A side of a merge, in Git's words: `ours` is HEAD's, in a rebase, too."""

    OURS = "ours"
    THEIRS = "theirs"

    @property
    def other(self) -> Side:
        """The other one."""
        return Side.THEIRS if self is Side.OURS else Side.OURS


@dataclass(frozen=True, slots=True)
class _Block:
    """A part of the file: what it says, and its lines."""

    value: Json
    text: str


_Blocks = Mapping[str, _Block]


@dataclass(frozen=True, slots=True)
class _Lock:
    """A `dvc.lock`: its stages, and what else stands on top."""

    stages: _Blocks = field(default_factory=dict)
    others: _Blocks = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class MergedLock:
    """One `dvc.lock` out of three.

    Attributes:
        data: Its bytes; holds no conflict markers.
        marked: The same with both sides of what is in conflict between markers.
        conflicts: The parts that both sides changed, each in its own way.
    """

    data: bytes
    marked: bytes
    conflicts: tuple[str, ...]


def merge_locks(
    base: bytes | None,
    ours: bytes | None,
    theirs: bytes | None,
    own: Side,
    decided: bytes | None = None,
) -> MergedLock:
    """Merges two versions of a `dvc.lock`.

    Args:
        base: The common ancestor's; `None` where there is no such file.
        ours: HEAD's.
        theirs: The other side's.
        own: Whose entries the stages of dvcinc get.
        decided: What a person has made of it; its parts are taken for those in
            conflict.

    Raises:
        InputError: A version cannot be understood.
    """
    before = _read(base, "the common ancestor") or _Lock()
    head, other = _read(ours, "our side"), _read(theirs, "their side")
    sides = (head, other) if own is Side.OURS else (other, head)
    # Who deleted the file did not mean somebody else's stages.
    first, second = (sides[0] or sides[1] or before, sides[1] or sides[0] or before)
    made = _read(decided, "the work tree")
    merging = _Merging(own)
    others = merging.blocks(
        (before.others, first.others, second.others), made.others if made else None
    )
    stages = merging.blocks(
        (before.stages, first.stages, second.stages), made.stages if made else None
    )
    data = _written(others, stages, 0)
    compose(data, LOCK)  # an alias may have lost its anchor
    return MergedLock(
        data=data,
        marked=_written(others, stages, 1),
        conflicts=tuple(merging.conflicts),
    )


_Texts = list[tuple[str, str]]
"""The parts of a file: each without and with conflict markers."""


class _Merging:
    def __init__(self, own: Side) -> None:
        self._own = own
        self.conflicts: list[str] = []

    def blocks(
        self, versions: tuple[_Blocks, _Blocks, _Blocks], decided: _Blocks | None
    ) -> _Texts:
        """Merges blocks of one level, in the order of the first side.

        Args:
            versions: The common ancestor's, and both sides'.
            decided: What a person has made of them.
        """
        found = []
        for name in dict.fromkeys((*versions[1], *versions[2])):
            text = self._block(*(version.get(name) for version in versions))
            if text is None:
                self.conflicts.append(name)
                sides = (versions[1].get(name), versions[2].get(name))
                text = _text(sides[0] or sides[1]), self._marked(*sides)
                text = text if decided is None else _plain(decided.get(name))
            found.append(text)
        return found

    @staticmethod
    def _block(
        base: _Block | None, one: _Block | None, two: _Block | None
    ) -> tuple[str, str] | None:
        """One block of two; nothing where both sides changed it."""
        if _is_own(one) or _is_own(two):
            return _plain(one or two)
        before, after, other = (block and block.value for block in (base, one, two))
        if after == before:
            return _plain(two)
        return _plain(one) if other in (before, after) else None

    def _marked(self, one: _Block | None, two: _Block | None) -> str:
        ours, theirs = (one, two) if self._own is Side.OURS else (two, one)
        return f"<<<<<<< ours\n{_text(ours)}=======\n{_text(theirs)}>>>>>>> theirs\n"


def _text(block: _Block | None) -> str:
    return block.text if block else ""


def _plain(block: _Block | None) -> tuple[str, str]:
    return (_text(block), _text(block))


def _is_own(block: _Block | None) -> bool:
    """Whether a stage runs dvcinc; its name may be anything."""
    value = block.value if block else None
    command = value.get("cmd") if isinstance(value, dict) else None
    commands = command if isinstance(command, list) else [command]
    return any(_OWN in str(said) for said in commands)


def _written(others: _Texts, stages: _Texts, which: int) -> bytes:
    inside = "".join(text[which] for text in stages)
    head = "".join(text[which] for text in others)
    return (head + (f"{_STAGES}:\n{inside}" if inside else "stages: {}\n")).encode()


def _read(data: bytes | None, whose: str) -> _Lock | None:
    """Splits a version into its parts; nothing where there is no such file.

    Raises:
        InputError: It is not as DVC writes it.
    """
    if data is None:
        return None
    path = f"{LOCK} of {whose}"
    document = compose(data, path)
    if document.root is None:
        return _Lock()
    lines = document.lines()
    if lines[-1][-1] not in LINE_ENDS:
        lines[-1] += "\n"
    top = list(document.items(document.root, LOCK))
    others = dict(_split(document, top, lines))
    if others.pop(_STAGES, None) is None:
        return _Lock({}, others)
    return _Lock(_stages(document, top, lines), others)


def _stages(document: Document, top: list[Item], lines: list[str]) -> _Blocks:
    at = next(n for n, item in enumerate(top) if item.key == _STAGES)
    if not document.value(top[at].value):
        return {}
    end = top[at + 1].node.start_mark.line if at + 1 < len(top) else len(lines)
    items = list(document.items(top[at].value, _STAGES))
    return dict(_split(document, items, lines[:end]))


def _split(
    document: Document, items: list[Item], lines: list[str]
) -> Iterator[tuple[str, _Block]]:
    """The lines of each entry of a mapping, up to the next one.

    Raises:
        InputError: Two of them share a line: DVC writes one below the other.
    """
    starts = [item.node.start_mark.line for item in items]
    if len(set(starts)) < len(starts):
        raise InputError(f"{document.path}: is not as DVC writes it", "run dvc repro")
    for item, start, end in zip(items, starts, [*starts[1:], len(lines)], strict=True):
        yield item.key, _Block(document.value(item.value), "".join(lines[start:end]))
