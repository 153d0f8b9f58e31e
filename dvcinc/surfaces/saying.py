"""Decision documents to what is said of them: a stand-in for the renderer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dvcinc.config import Mode
from dvcinc.errors import InputError
from dvcinc.forge.answers import member, read_json, text
from dvcinc.forge.run import Run
from dvcinc.forge.values import Post
from dvcinc.render.markdown import escape


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """All that is said of one decision.

    Attributes:
        post: What goes to the pull request.
        summary: What goes to the step summary.
        outputs: Lines for later steps.
        annotations: Commands that mark lines of the pull request's files.
    """

    post: Post
    summary: str
    outputs: str
    annotations: tuple[str, ...]


Say = Callable[[bytes, "Run | None"], Said]


def say(document: bytes, run: Run | None) -> Said:  # noqa: ARG001 - links come by it
    """What is said of a decision document.

    Raises:
        InputError: It is none.
    """
    try:
        value = read_json(document)
        mode = Mode[(text(value, "mode") or "").upper()]
    except (ValueError, KeyError) as error:
        raise InputError("not a decision document", "see classify --json") from error
    project = text(value, "project") or "."
    reasons = member(value, "reasons")
    lines = [
        f"- {escape(text(one, 'code') or '')} {escape(text(one, 'text') or '')}"
        for one in (reasons if isinstance(reasons, list) else [])
    ]
    body = "\n".join([f"### Training mode: {mode.word}", "", *lines])
    post = Post(
        project=project,
        marker=f"<!-- dvcinc:comment project={project.encode().hex()} -->",
        body=body,
        quiet=not lines,
        mode=mode,
        status=f"{mode.word}",
    )
    return Said(post=post, summary=body, outputs=f"mode={mode.word}", annotations=())
