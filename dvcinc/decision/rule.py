"""One row of the rule table, and how it is read under a policy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from dvcinc.changes import Kind
from dvcinc.config import Mode, Policy, Preset, Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One row of the table.

    Attributes:
        code: The stable code, `DI###`.
        kinds: The kinds of change that it judges.
        title: What happened, in a few words.
        about: What it means for training and why, for `explain` and the docs.
        targets: Whose training it concerns.
        strict: The mode under the preset `strict`; `None` where it comes up only
            if `policy.rules` loosens another rule, and then counts as `pragmatic`.
        pragmatic: The mode under the preset `pragmatic`.
        floor: The lowest mode that a policy may set; `None` where none may.
        untrained: The most it needs where the pipeline does not train on it.
        fixed: Kinds that need the same under every preset.
        advice: What to do about it; empty where there is nothing to do.
        parts: Whether the advice takes the change apart, which gains nothing where
            nothing else changed.
    """

    code: str
    kinds: tuple[Kind, ...]
    title: str
    about: str
    targets: tuple[Target, ...]
    strict: Mode | None
    pragmatic: Mode
    floor: Mode | None
    untrained: Mode = Mode.NONE
    fixed: Mapping[Kind, Mode] = field(default_factory=lambda: MappingProxyType({}))
    advice: str = ""
    parts: bool = True

    def mode(self, policy: Policy, kind: Kind, *, trains: bool = True) -> Mode:
        """What a change of a kind needs under a policy."""
        mode = self._trained(policy, kind)
        return mode if trains else min(mode, self.untrained)

    def _trained(self, policy: Policy, kind: Kind) -> Mode:
        if kind in self.fixed:
            return self.fixed[kind]
        if self.code in policy.rules:
            return policy.rules[self.code]
        if policy.preset is Preset.STRICT and self.strict is not None:
            return self.strict
        return self.pragmatic


def rule(  # noqa: PLR0913, PLR0917 - a row of the table
    code: str,
    kinds: tuple[Kind, ...],
    targets: tuple[Target, ...],
    modes: tuple[Mode | None, Mode, Mode | None],
    title: str,
    about: str,
    advice: str = "",
    *,
    untrained: Mode = Mode.NONE,
    fixed: Mapping[Kind, Mode] = MappingProxyType({}),
    parts: bool = True,
) -> Rule:
    """A row, written on few lines: `modes` are strict, pragmatic and floor."""
    strict, pragmatic, floor = modes
    return Rule(
        code=code,
        kinds=kinds,
        title=title,
        about=about,
        targets=targets,
        strict=strict,
        pragmatic=pragmatic,
        floor=floor,
        untrained=untrained,
        fixed=fixed,
        advice=advice,
        parts=parts,
    )
