"""A decision as SARIF 2.1.0, for code scanning: rules with help, results with lines."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from urllib.parse import quote

from dvcinc import __version__
from dvcinc.config import Mode
from dvcinc.decision.rule import Rule
from dvcinc.decision.rules import BY_CODE, RULES
from dvcinc.lineage.standing import Standing
from dvcinc.release import URL
from dvcinc.render.document import Document, ReasonSaid, Spot, WarningSaid
from dvcinc.render.escape import shown
from dvcinc.render.links import repository_path
from dvcinc.render.rule import to_do
from dvcinc.render.words import done
from dvcinc.yaml import Json

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_FINGERPRINT = "dvcinc/v1"
_ROOT = "%SRCROOT%"
_MAX_MESSAGE = 1000
# A message is text with links: brackets make one.
_LINK = re.compile(r"([\\\[\]])")
_LEVELS = {
    Mode.NONE: "none",
    Mode.REFRESH: "note",
    Mode.FINETUNE: "note",
    Mode.SCRATCH: "warning",
}


def sarif(document: Document) -> dict[str, Json]:
    """The log of one run. What needs no training is no finding."""
    project = quote(document.project, safe="")
    # What was due before is no finding of this change.
    own = document.change.reasons
    reasons = [reason for reason in own if reason.mode is not Mode.NONE]
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": _driver()},
                "automationDetails": {"id": f"dvcinc/{project}/"},
                "columnKind": "unicodeCodePoints",
                "properties": {
                    "mode": document.mode.word,
                    "standing": document.standing.value,
                },
                "results": [
                    *(_reason(reason, document) for reason in reasons),
                    *(_warning(one, document) for one in document.warnings if one.spot),
                ],
            }
        ],
    }


def _driver() -> dict[str, Json]:
    return {
        "name": "dvcinc",
        "informationUri": URL,
        "version": __version__,
        "semanticVersion": __version__,
        "rules": [*map(_rule, RULES), _WARNING],
    }


_WARNING: dict[str, Json] = {
    "id": "DI000",
    "name": "Warning",
    "shortDescription": {"text": "What people should know about a change."},
    "defaultConfiguration": {"level": "warning"},
}


def _rule(rule: Rule) -> dict[str, Json]:
    todo = f"\n\nWhat to do: {to_do(rule)}." if rule.advice else ""
    modes = f"strict: {_word(rule.strict)}, pragmatic: {_word(rule.pragmatic)}"
    return {
        "id": rule.code,
        "name": "".join(re.findall(r"\w+", rule.title.title())),
        "shortDescription": {"text": f"{rule.title[:1].upper()}{rule.title[1:]}."},
        "fullDescription": {"text": rule.about},
        "help": {
            "text": f"{rule.about}\n\nMode under the preset {modes}.{todo}",
            "markdown": f"{rule.about}\n\n*Mode* under the preset {modes}.{todo}",
        },
        "helpUri": f"{URL}/blob/main/docs/rules.md#{rule.code.lower()}",
        "defaultConfiguration": {"level": _LEVELS[rule.strict or rule.pragmatic]},
    }


def _word(mode: Mode | None) -> str:
    return mode.word if mode else "–"


def _reason(reason: ReasonSaid, document: Document) -> dict[str, Json]:
    advice = f"; {reason.advice}" if reason.advice else ""
    is_done = document.standing is Standing.TRAINED
    ran = f", {done(document.mode)}" if is_done else ""
    text = f"{reason.mode.word}{ran}: {reason.text}{advice}"
    facts = (reason.code, reason.kind, reason.subject, *reason.names)
    known = [rule.code for rule in RULES]
    index: dict[str, Json] = (
        {"ruleIndex": known.index(reason.code)} if reason.code in BY_CODE else {}
    )
    return {
        "ruleId": reason.code,
        **index,
        "level": _LEVELS[min(reason.mode, Mode.FINETUNE) if is_done else reason.mode],
        "message": {"text": _message(text)},
        "locations": [*_locations(reason.spots, document)],
        "partialFingerprints": {_FINGERPRINT: _fingerprint(document, *facts)},
        "properties": {
            "mode": reason.mode.word,
            "targets": [target.value for target in reason.targets],
            "count": reason.count,
        },
    }


def _warning(warning: WarningSaid, document: Document) -> dict[str, Json]:
    spots = (warning.spot,) if warning.spot else ()
    mark = _fingerprint(document, warning.kind, warning.text)
    return {
        "ruleId": "DI000",
        "ruleIndex": len(RULES),
        "level": "warning",
        "message": {"text": _message(warning.text)},
        "locations": [*_locations(spots, document)],
        "partialFingerprints": {_FINGERPRINT: mark},
    }


def _message(text: str) -> str:
    return _LINK.sub(r"\\\1", shown(text, _MAX_MESSAGE))


def _locations(
    spots: tuple[Spot, ...], document: Document
) -> Iterator[dict[str, Json]]:
    for spot in spots:
        path = repository_path(document.project, spot.path)
        if path is None:
            continue
        file: dict[str, Json] = {
            "artifactLocation": {"uri": quote(path, safe="/"), "uriBaseId": _ROOT}
        }
        # The old side's lines are others by now.
        if not spot.old:
            file["region"] = {"startLine": spot.line}
        yield {"physicalLocation": file}


def _fingerprint(document: Document, *facts: str) -> str:
    """Identifies a finding whatever the lines above it do."""
    said = "\0".join((document.project, *facts))
    return hashlib.sha256(said.encode()).hexdigest()
