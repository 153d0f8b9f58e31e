"""Looks at the workflows for CI: whether the dvcinc that they name is there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dvcinc.adopt.check import Check, Patient, State
from dvcinc.adopt.source import FORM
from dvcinc.adopt.workflows import present
from dvcinc.release import TAG, URL

_NAME = "workflows"
_RELEASE = re.compile(
    rf"\b{re.escape(URL.removeprefix('https://github.com/'))}(?:\.git)?@(v\d[\w.-]*)"
)


def look_at_workflows(patient: Patient) -> Iterator[Check]:
    """Whether each names a dvcinc that CI can have."""
    found = dict(present(patient.here))
    wrong = {path: why for path, text in found.items() if (why := wrong_with(text))}
    for path, why in wrong.items():
        todo = "name a commit of dvcinc there that CI can fetch (docs/ci.md)"
        yield Check(_NAME, State.WARNING, f"{path} {why}", todo)
    if found and not wrong:
        yield Check(_NAME, State.OK, ", ".join(found))


def wrong_with(text: str, tag: str | None = TAG) -> str:
    """What is wrong with the dvcinc that a workflow names; empty for nothing.

    Args:
        text: The workflow.
        tag: The last release, if there is one.
    """
    if FORM in text:
        return f"names no dvcinc yet: {FORM}"
    named = _RELEASE.search(text) if tag is None else None
    return f"names {named[1]}, and dvcinc has no release yet" if named else ""
