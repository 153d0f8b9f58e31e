"""A decision as all that a forge is told: one value, made from one document."""

from __future__ import annotations

from dataclasses import dataclass

from dvcinc.config import Mode
from dvcinc.render.annotations import workflow_commands
from dvcinc.render.comment import comment, markdown
from dvcinc.render.decision import read_decision
from dvcinc.render.document import Document
from dvcinc.render.links import Links
from dvcinc.render.marker import marker
from dvcinc.render.outputs import Label, label_of, status_text
from dvcinc.render.sections import Budget


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What a pull request is told.

    Attributes:
        project: The project's path from the top of the repository.
        mode: What has to run and has not been run yet.
        matters: Whether there is anything to tell; else an old comment is updated and
            no new one is made.
        marker: The line that the body begins with, and no other project's does.
        body: The comment.
        summary: The step summary, without the marker.
        label: The one label of ours that the pull request has.
        status: The description of the commit's status.
        annotations: Workflow commands of GitHub Actions.
    """

    project: str
    mode: Mode
    matters: bool
    marker: str
    body: str
    summary: str
    label: Label
    status: str
    annotations: tuple[str, ...]


def message(data: bytes, links: Links, name: str = "decision.json") -> Message:
    """What a document that anybody may have written says, made safe.

    Raises:
        InputError: It is no such document.
    """
    return message_of(read_decision(data, name), links)


def message_of(document: Document, links: Links) -> Message:
    """What a document says."""
    return Message(
        project=document.project,
        mode=document.left,
        matters=document.matters,
        marker=marker(document.project),
        body=comment(document, links),
        summary=markdown(document, links, Budget.SUMMARY, "pull request"),
        label=label_of(document),
        status=status_text(document, links.forge),
        annotations=tuple(workflow_commands(document)),
    )
