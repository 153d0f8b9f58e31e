"""Decision documents to all that is said of them: comment, summary, outputs, status."""

from __future__ import annotations

from dataclasses import dataclass

from dvcinc.config import Mode
from dvcinc.errors import InputError
from dvcinc.forge import runner
from dvcinc.forge.run import Run
from dvcinc.forge.values import Post
from dvcinc.render.annotations import workflow_commands
from dvcinc.render.comment import comment, markdown, marker
from dvcinc.render.decision import read_decision
from dvcinc.render.links import Forge, Links
from dvcinc.render.outputs import dotenv, github_output, label_of, status_text
from dvcinc.render.sections import Budget


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """All that is said of one decision.

    Attributes:
        post: What goes to the pull request.
        summary: What goes to the step summary.
        outputs: Lines for later steps of GitHub's.
        variables: Lines for later jobs of GitLab's.
        annotations: Commands that mark lines of the pull request's files.
    """

    post: Post
    summary: str
    outputs: str
    variables: str
    annotations: tuple[str, ...]


def say(name: str, data: bytes, run: Run | None, forge: Forge | None) -> Said:
    """What is said of a decision document, whoever wrote it.

    Args:
        name: What to call it in errors.
        data: The document.
        run: The job that we are in; links are made from what it says.
        forge: Whose Markdown it is where there is no job.

    Raises:
        InputError: It is no decision document.
    """
    try:
        document = read_decision(data, name)
    except InputError as error:
        # It may quote what a fork wrote, and a runner reads the log.
        raise InputError(runner.line(error.message), error.hint) from error
    links = Links(forge=forge or Forge.GITHUB)
    if run is not None:
        links = Links(forge=run.forge, repository=run.web or None, head=run.head)
    post = Post(
        project=document.project,
        marker=marker(document.project),
        body=comment(document, links),
        quiet=not document.matters,
        mode=document.told if document.left else Mode.NONE,
        label=label_of(document),
        status=status_text(document, links.forge),
    )
    return Said(
        post=post,
        summary=markdown(document, links, Budget.SUMMARY, "pull request"),
        outputs=github_output(document),
        variables=dotenv(document),
        annotations=tuple(workflow_commands(document)),
    )
