"""Words that all renderings share: modes, sides, durations."""

from __future__ import annotations

from collections.abc import Sequence

from dvcinc.config import Mode
from dvcinc.corpus.values import Place
from dvcinc.lineage.standing import Standing
from dvcinc.lineage.values import Cost
from dvcinc.snapshot.dvcouts import LOCK

MEANING = {
    Mode.NONE: "nothing has to be trained",
    Mode.REFRESH: "the model is packaged again around the same weights",
    Mode.FINETUNE: "the base learns what is new",
    Mode.SCRATCH: "a new base has to be trained",
}
_MINUTE_S = 60
NOT_YET = "no base has been trained yet"


def meaning(mode: Mode, standing: Standing, whole: Mode, since: str = "before") -> str:
    """What a mode means as a verdict stands; a sentence without a full stop.

    Args:
        mode: The mode that the change is told by.
        standing: How what has to run stands to it.
        whole: What has to run.
        since: Since when that is due, if it is.
    """
    if standing is Standing.TRAINED:
        return f"already trained, as {LOCK} says"
    if standing is Standing.RESTORED:
        return "a base that was trained before fits again; its model is restored"
    if standing is Standing.FIRST:
        own = "by the two sides alone" if mode else "nothing that trains changed"
        return f"{own}; {NOT_YET}"
    if standing is Standing.DUE:
        own = "all that this change needs" if mode else "this change trains nothing"
        return f"{own}; {whole.word} is due already, since {since}"
    return MEANING[mode]


def beyond(whole: Mode) -> str:
    """Since when the reasons count that are none of the change's own."""
    return "the base" if whole is Mode.SCRATCH else "the last plan"


_SHOWN_PLACES = 3


def duration(seconds: float) -> str:
    """Seconds as people say them."""
    if seconds < _MINUTE_S:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), _MINUTE_S)
    return f"{minutes:,} min {rest:02d} s"


def source(name: str, commit: str | None) -> str:
    """A side of a comparison: `HEAD (1a2b3c4d5e)`, `work tree`."""
    plain = {"worktree": "work tree"}.get(name, name)
    if commit is None or commit == name:
        return plain[:10] if commit else plain
    return f"{plain} ({commit[:10]})"


def places(found: Sequence[Place]) -> str:
    """The first places, and how many more there are."""
    shown = ", ".join(map(str, found[:_SHOWN_PLACES]))
    more = len(found) - _SHOWN_PLACES
    return f"{shown} and {more} more" if more > 0 else shown


def cost(recorded: Cost) -> str:
    """What the recorded trainings took, or nothing where none is recorded."""
    parts = []
    if recorded.scratch_s is not None:
        parts.append(f"from scratch {duration(recorded.scratch_s)}")
    if recorded.finetune_s is not None:
        parts.append(f"fine-tune {duration(recorded.finetune_s)}")
    return ", ".join(parts)


def plural(count: int, noun: str) -> str:
    """`1 example`, `12 examples`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
