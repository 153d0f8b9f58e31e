"""Values as JSON with versioned schemas."""

from __future__ import annotations

import json
from collections.abc import Mapping

from dvcinc.decision.rule import Rule
from dvcinc.lineage.values import SideInfo, Verdict
from dvcinc.plan.document import reason_json, targets_json
from dvcinc.yaml import Json

DECISION = "dvcinc/decision/1"
RULE = "dvcinc/rule/1"


def text(value: Mapping[str, Json]) -> str:
    """JSON for standard output."""
    return json.dumps(value, indent=2, ensure_ascii=False)


def verdict(
    found: Verdict, project: str, parts: list[Json] | None = None
) -> dict[str, Json]:
    """A verdict; everything that a pull-request comment needs stands in it.

    Args:
        found: The verdict.
        project: Where the project lies in the repository.
        parts: The change taken apart (`dvcinc.render.split`), if that was asked for.
    """
    base = found.base
    return {
        "schema": DECISION,
        "project": project,
        "mode": found.decision.mode.word,
        "targets": targets_json(found.decision.targets),
        "old": _side(found.old),
        "new": _side(found.new),
        "policy": {
            "preset": found.policy.preset.value,
            "mode": "scratch" if found.policy.forced else "auto",
        },
        "base": None
        if base is None
        else {"digest": base.digest, "commit": base.commit, "examples": base.examples},
        "cost": {
            "scratch_s": found.cost.scratch_s,
            "finetune_s": found.cost.finetune_s,
        },
        "reasons": [reason_json(reason) for reason in found.decision.reasons],
        "intents": [
            {"name": intent.name, "added": intent.added, "removed": intent.removed}
            for intent in found.intents
        ],
        "warnings": [*found.warnings],
        "split": parts,
    }


def _side(side: SideInfo) -> dict[str, Json]:
    return {"source": side.source, "commit": side.commit, "digest": side.digest}


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
