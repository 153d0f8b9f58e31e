"""A change taken apart by file: text for people, and commands that begin it."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from enum import Enum

from dvcinc.config import Mode, Target
from dvcinc.decision.decide import Reason
from dvcinc.lineage.split import Part, Split
from dvcinc.render.text import COLOURS, Paint, plain
from dvcinc.render.words import places, plural
from dvcinc.text.visible import visible

_UNTOLD = "?"
_SHOWN_FILES = 5
_LITERAL = "--literal-pathspecs"
_POINTER = ".dvc"
_MAGIC = re.compile(r"\A:|[*?\[\\]")
"""What git would take for a pattern."""


class Way(Enum):
    """How a part of the change gets into a commit of its own."""

    ADD = "from the work tree"
    UNSTAGE = "from the index"


def text(
    found: Split, commands: Sequence[str] = (), paint: Paint = plain
) -> Iterator[str]:
    """Lines for people, after an empty one."""
    yield ""
    yield paint("by file", "bold")
    for part in found.parts:
        yield from _part(part, paint)
    yield ""
    yield visible(conclusion(found)) + (":" if commands else "")
    yield from (f"  {command}" for command in commands)


def _part(part: Part, paint: Paint) -> Iterator[str]:
    mode = f"{_word(part):<8}"
    if part.mode is not None:
        mode = paint(mode, COLOURS[part.mode])
    bonds = f"  ({_bonds(part)})" if part.bonds else ""
    yield f"  {mode}  {visible(_files(part))}{bonds}"
    if why := _why(part):
        yield f"            {visible(why)}"


def conclusion(found: Split) -> str:
    """What is gained by a split, or why nothing is; a sentence without a full stop."""
    if found.first is None or found.first.decision is None:
        return f"a split by file gains nothing: {_why_not(found)}"
    mode = found.first.decision.mode.word
    files = plural(len(found.first.files), "file")
    together = " together" if found.first.files[1:] else ""
    return (
        f"{files} may go first, as {mode}{together}; "
        f"only the rest needs {found.whole.word}"
    )


def _why_not(found: Split) -> str:
    whole = found.whole.word
    modes = {mode for mode in found.modes if mode is not None}
    several = any(part.files[1:] for part in found.parts)
    told = {
        found.problem: bool(found.problem),
        "no file differs that counts": not found.parts,
        "it has been trained already": found.trained,
        f"{found.due.word if found.due else ''} is due already": found.due is not None,
        f"all of it {'goes together' if several else 'stands in one file'}": (
            not found.parts[1:]
        ),
        f"each part needs {whole} by itself": modes <= {found.whole},
        f"what does not need {whole} trains nothing": modes <= {Mode.NONE, found.whole},
        f"alone some parts are cheaper, together they need {whole}": True,
    }
    return next(why for why, holds in told.items() if holds)


def _word(part: Part) -> str:
    return _UNTOLD if part.mode is None else part.mode.word


def _files(part: Part) -> str:
    more = len(part.files) - _SHOWN_FILES
    shown = ", ".join(part.files[:_SHOWN_FILES])
    return f"{shown} and {more:,} more" if more > 0 else shown


def _bonds(part: Part) -> str:
    return "; ".join(bond.value for bond in part.bonds)


def _why(part: Part) -> str:
    """The main reason with its place, and how many more there are."""
    reasons = main_reasons(part)
    if not reasons:
        return part.problem or _dialogue(part)
    first = reasons[0]
    where = f" ({places(first.places)})" if first.places else ""
    more = f", +{len(reasons) - 1} more" if reasons[1:] else ""
    return f"{first.code} {first.text}{where}{more}"


def _dialogue(part: Part) -> str:
    """What the dialogue model needs of a part that trains nothing here."""
    targets = {} if part.decision is None else part.decision.targets
    mode = targets.get(Target.DIALOGUE, Mode.NONE)
    return f"dialogue model: {mode.word} (not trained here)" if mode else ""


def main_reasons(part: Part) -> list[Reason]:
    """The reasons for a part's mode; other targets may need more."""
    reasons = () if part.decision is None else part.decision.reasons
    main = [reason for reason in reasons if reason.mode is part.mode]
    return [r for r in main if Target.NLU in r.targets] or main


def commands(
    found: Split, way: Way, paths: Sequence[str], rest: Sequence[str]
) -> list[str]:
    """What puts the parts that go first into a commit of their own; nothing is run.

    Args:
        found: The change.
        way: Where it is.
        paths: What Git knows the files by that go first, from where it will run.
        rest: Likewise those of the rest that are staged.
    """
    if found.first is None:
        return []
    unstaged = [_git(["restore", "--staged"], rest)] if rest else []
    if way is Way.UNSTAGE:
        return [*unstaged, "git commit"]
    pointers = [path for path in paths if path.endswith(_POINTER)]
    said = ["dvc commit --force --", *map(_quoted, pointers)]
    written = [" ".join(said)] if pointers else []
    return [*unstaged, *written, _git(["add"], paths), "git commit"]


def _git(command: Sequence[str], paths: Sequence[str]) -> str:
    literal = [_LITERAL] if any(map(_MAGIC.search, paths)) else []
    return " ".join(["git", *literal, *command, "--", *map(_quoted, paths)])


def _quoted(path: str) -> str:
    """A path for a shell; what a terminal would obey is spelled out."""
    if visible(path) == path:
        return shlex.quote(path)
    return "$'" + "".join(map(_spelled, path)) + "'"


def _spelled(character: str) -> str:
    if visible(character) == character and character not in {"\\", "'"}:
        return character
    return "".join(f"\\x{byte:02x}" for byte in character.encode())
