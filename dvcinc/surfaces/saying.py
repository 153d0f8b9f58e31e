"""Decisions to all that is said of them: comments, summary, outputs, label, status."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dvcinc.errors import InputError
from dvcinc.forge import runner
from dvcinc.forge.run import Kind, Run
from dvcinc.forge.values import Post, Together
from dvcinc.render.annotations import workflow_commands
from dvcinc.render.comment import comment, markdown
from dvcinc.render.document import Document
from dvcinc.render.links import Forge, Links
from dvcinc.render.marker import marker
from dvcinc.render.outputs import (
    by_urgency,
    common_label,
    common_status,
    dotenv,
    github_output,
)
from dvcinc.render.sections import Budget

OF_A_FORK = (
    "As the fork's own run says, and whoever opened this can change what it says."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """All that is said of decisions, whatever order they came in.

    Attributes:
        posts: What goes to the pull request, a comment a project.
        together: What it has for all of them.
        summaries: What goes to the step summary.
        outputs: Lines for later steps of GitHub's.
        variables: Lines for later jobs of GitLab's.
        annotations: Commands that mark lines of the pull request's files.
        olds: The commits that were compared with.
    """

    posts: tuple[Post, ...]
    together: Together
    summaries: tuple[str, ...]
    outputs: str
    variables: str
    annotations: tuple[str, ...]
    olds: frozenset[str]


def say(documents: Sequence[Document], run: Run | None, forge: Forge | None) -> Said:
    """What is said of decisions, one or more.

    Args:
        documents: The decisions, whoever wrote them.
        run: The job that we are in; links are made from what it says.
        forge: Whose Markdown it is where there is no job.

    Raises:
        InputError: Two are of one project.
    """
    _check_apart(documents)
    ordered = by_urgency(documents)
    links = Links(forge=forge or Forge.GITHUB)
    if run is not None:
        links = Links(forge=run.forge, repository=run.web or None, head=run.head)
    note = OF_A_FORK if run is not None and _is_of_fork(run) else ""
    label, status = common_label(ordered), common_status(ordered, links.forge)
    return Said(
        posts=tuple(_post(one, links, note) for one in ordered),
        together=Together(label, status),
        summaries=tuple(
            markdown(one, links, Budget.SUMMARY, "pull request", note)
            for one in ordered
        ),
        outputs=github_output(*ordered),
        variables=dotenv(*ordered),
        annotations=tuple(workflow_commands(*ordered)),
        olds=frozenset(one.old.commit for one in ordered if one.old.commit),
    )


def _check_apart(documents: Iterable[Document]) -> None:
    """Two decisions of one project would write over each other."""
    (name, count), *_ = Counter(one.project for one in documents).most_common(1)
    if count > 1:
        raise InputError(
            runner.line(f"two decisions are of the project {name}"),
            "judge each project once, with --project",
        )


def _is_of_fork(run: Run) -> bool:
    """Whether a fork's run has decided, and this one knows no more than that says."""
    there = run.head_repository or ""
    return run.kind is Kind.AFTERWARDS and there.casefold() != run.repository.casefold()


def _post(document: Document, links: Links, note: str) -> Post:
    return Post(
        project=document.project,
        marker=marker(document.project),
        body=comment(document, links, note),
        quiet=not document.matters,
    )
