"""A rule as plain text: what it is about, and what it needs under each preset."""

from __future__ import annotations

import textwrap

from dvcinc.decision.rule import Rule
from dvcinc.render.text import Paint, plain

_WIDTH = 88
_SAID = {
    "{n:example}": "examples",
    "{subject}": "it",
    "{rest}": "the rest fine-tunes",
    "{key}": "the limit",
}
"""What the fields of an advice are where it is about no change."""


def rule(found: Rule, paint: Paint = plain) -> str:
    """A rule, as `explain` tells it."""
    modes = [
        ("strict", found.strict),
        ("pragmatic", found.pragmatic),
        ("floor", found.floor),
    ]
    lines = [
        f"{paint(found.code, 'bold')} {found.title}",
        f"  kinds:     {', '.join(kind.value for kind in found.kinds)}",
        f"  target:    {', '.join(target.value for target in found.targets)}",
        *(f"  {name + ':':<10} {mode.word if mode else '–'}" for name, mode in modes),
        "",
        *textwrap.wrap(found.about, _WIDTH),
    ]
    if found.advice:
        lines += ["", *textwrap.wrap(f"What to do: {to_do(found)}.", _WIDTH)]
    return "\n".join(lines)


def to_do(found: Rule) -> str:
    """A rule's advice where it is about no change."""
    said = found.advice
    for field, instead in _SAID.items():
        said = said.replace(field, instead)
    return said
