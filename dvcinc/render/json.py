"""Values as JSON with versioned schemas."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from dvcinc.yaml import Json

if TYPE_CHECKING:
    from dvcinc.decision.rule import Rule

RULE = "dvcinc/rule/1"


def text(value: Mapping[str, Json]) -> str:
    """JSON for standard output."""
    return json.dumps(value, indent=2, ensure_ascii=False)


def rule(found: Rule) -> dict[str, Json]:
    """A rule."""
    return {
        "schema": RULE,
        "code": found.code,
        "title": found.title,
        "about": found.about,
        "kinds": [kind.value for kind in found.kinds],
        "targets": [target.value for target in found.targets],
        "strict": found.strict.word if found.strict else None,
        "pragmatic": found.pragmatic.word,
        "floor": found.floor.word if found.floor else None,
        "advice": found.advice,
    }
