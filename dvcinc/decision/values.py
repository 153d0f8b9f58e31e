"""What a decision is: the mode that has to run, and every reason for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from dvcinc.config import Mode, Policy, Target
from dvcinc.corpus.values import Place

if TYPE_CHECKING:
    # Whoever finds that nothing changed need not know what could have.
    from dvcinc.changes import Kind, Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One change as the rules judge it.

    Attributes:
        code: The rule's code.
        kind: The kind of change.
        targets: Whose training it concerns.
        mode: What it needs.
        subject: The object.
        names: Other objects that take part.
        count: How many facts it stands for.
        side: Where the places are.
        places: Where to look, the first few.
        text: What happened, as a sentence without a full stop.
        advice: What to do about it; empty where nothing would be gained.
        fixed: Whether no policy can make it cheaper.
    """

    code: str
    kind: Kind
    targets: tuple[Target, ...]
    mode: Mode
    subject: str
    names: tuple[str, ...]
    count: int
    side: Side
    places: tuple[Place, ...]
    text: str
    advice: str
    fixed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What has to run, and why.

    Attributes:
        mode: The highest mode of the policy's targets.
        targets: The mode of each target.
        reasons: All reasons, the dearest first.
    """

    mode: Mode
    targets: Mapping[Target, Mode]
    reasons: tuple[Reason, ...]


def concluded(reasons: Iterable[Reason], policy: Policy) -> Decision:
    """The decision that reasons lead to."""
    ordered = tuple(sorted(reasons, key=_dearest_first))
    targets = {
        target: max((r.mode for r in ordered if target in r.targets), default=Mode.NONE)
        for target in Target
    }
    return Decision(
        mode=max(targets[target] for target in policy.targets),
        targets=MappingProxyType(targets),
        reasons=ordered,
    )


def _dearest_first(reason: Reason) -> tuple[int, str, str, str]:
    return (-reason.mode, reason.code, reason.kind.value, reason.subject)
