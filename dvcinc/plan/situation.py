"""What a plan is made from: the snapshot now, the plan at HEAD, the candidates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dvcinc.corpus.values import Corpus
from dvcinc.plan.candidates import Named
from dvcinc.plan.document import PlanDocument
from dvcinc.plan.info import Versions
from dvcinc.snapshot.read import Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Committed:
    """The plan at HEAD.

    Attributes:
        document: What it says.
        data: Its bytes, to be written again where nothing changed.
        snapshot: What it was made for, `None` where that cannot be found again; a
            function, since most plans need not know.
    """

    document: PlanDocument
    data: bytes
    snapshot: Callable[[], Snapshot | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What a plan is made from.

    Attributes:
        now: The snapshot to plan for.
        committed: The plan at HEAD, if there is one.
        candidates: Bases that might fit, in order; the first is that of HEAD's plan.
        earlier: Those of earlier plans, newest first; a function, since it asks all of
            history.
        load: The corpus of a base, or `None` where it cannot be had; raises
            `CannotTellError` where a whole clone might have it.
        is_cut_off: Whether history ends too early for `earlier` to know all of them.
        versions: The code here.
        commit: The commit at HEAD.
        tolerant: Whether a pipeline that cannot be trained here is only a warning.
    """

    now: Snapshot
    committed: Committed | None
    candidates: Sequence[Named]
    earlier: Callable[[], Sequence[Named]]
    load: Callable[[Named], Corpus | None]
    is_cut_off: Callable[[], bool]
    versions: Versions
    commit: str | None
    tolerant: bool = False
