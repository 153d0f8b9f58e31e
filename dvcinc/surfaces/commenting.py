"""`comment`: decisions to a pull request, or to the summary where that cannot be.

With decision documents it reads no repository: a `workflow_run` job checks nothing out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dvcinc.errors import DvcincError, InputError
from dvcinc.forge import runner
from dvcinc.forge.deadline import Deadline
from dvcinc.forge.events import read_run
from dvcinc.forge.publish import Report, Wish, publish
from dvcinc.forge.run import Kind, Run, read_token
from dvcinc.forge.values import Api, ForgeError, NoPullError
from dvcinc.lineage.verdict import judged
from dvcinc.plan.files import put_file
from dvcinc.plan.project import open_project
from dvcinc.render import json as render_json
from dvcinc.render.document import Document
from dvcinc.render.links import Forge
from dvcinc.snapshot.sources import CommitSource
from dvcinc.surfaces.saying import Said, say
from dvcinc.surfaces.taking import check_count, document_of, parted, take
from dvcinc.surfaces.terminal import Terminal, show

Environment = Mapping[str, str]
_LOCALLY = (
    "to see it here: dvcinc classify main... --json > decision.json, then "
    "dvcinc comment --dry-run --from decision.json"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the command line asks for.

    Attributes:
        decisions: Files of decision documents; none to judge the checkout.
        dry_run: Whether to print, and to post nothing.
        forge: The forge; `None` for the one whose job this is.
        strict: Whether it is a failure when something cannot be posted.
        wish: What to do beside the comment.
        claimed: A pull request's number, which is checked and never trusted.
        seconds: How long all of it may take.
        expected: The projects that may be told of; none where any may.
        dotenv: Where GitLab's report of variables goes.
        save: Where the decision on the checkout goes.
        post: Whether to post; if not, only the runner is told.
    """

    decisions: tuple[Path, ...]
    dry_run: bool
    forge: Forge | None
    strict: bool
    wish: Wish
    claimed: int | None
    seconds: float
    expected: tuple[str, ...] = ()
    dotenv: Path | None = None
    save: Path | None = None
    post: bool = True


def comment(path: Path, wanted: Wanted, environment: Environment) -> None:
    """Posts decisions, and tells the runner.

    Raises:
        DvcincError: A decision cannot be had; with `strict`, posted.
    """
    run, problem = _run(wanted, environment)
    documents = _documents(path, wanted, run, problem)
    if not documents:
        return
    said = say(documents, run, wanted.forge)
    if wanted.dry_run:
        _print(said)
        return
    _tell_and_post(said, run, problem, wanted, environment)


def _tell_and_post(
    said: Said,
    run: Run | None,
    problem: DvcincError | None,
    wanted: Wanted,
    environment: Environment,
) -> None:
    told = _tell(said, run, wanted, environment)
    if not wanted.post:
        if not told:
            _print(said)
        return
    try:
        if problem is not None:
            raise problem
        _post(said, run, wanted, environment)
    except NoPullError as error:
        Terminal().say(runner.line(f"nothing to post to: {error.message}"))
    except DvcincError as error:
        if not told:
            _print(said)
        _not_posted(error, run)
        if wanted.strict:
            raise ForgeError(error.message, error.hint) from error


def _run(
    wanted: Wanted, environment: Environment
) -> tuple[Run | None, DvcincError | None]:
    """The job we are in, or why there is no telling."""
    try:
        return read_run(environment, wanted.forge), None
    except InputError as error:
        return None, error


def _documents(
    path: Path, wanted: Wanted, run: Run | None, problem: DvcincError | None
) -> list[Document]:
    if wanted.decisions:
        # In any other job, decisions are those that the job itself has made.
        if run is not None and run.kind is Kind.AFTERWARDS:
            check_count(wanted.decisions, wanted.expected)
        kept, others = parted(take(wanted.decisions), wanted.expected)
        for name in others:
            _warn(f"passed over, since nobody expects it: project {name}", run)
        return kept
    if problem is not None:
        raise problem
    if run is None:
        raise InputError(
            "this is no job of GitHub's or GitLab's, so there is nothing to compare",
            _LOCALLY,
        )
    data = _judged(path, run)
    if wanted.save is not None:
        put_file(data, wanted.save)
    return [document_of(data, "the decision")]


def _judged(path: Path, run: Run) -> bytes:
    """The decision on the pull request that is checked out."""
    # What reads repositories is not needed for decisions that others made.
    from dvcinc.forge.compared import compared  # noqa: PLC0415
    from dvcinc.lineage.report import report  # noqa: PLC0415
    from dvcinc.lineage.split import split  # noqa: PLC0415
    from dvcinc.render.written import decision  # noqa: PLC0415
    from dvcinc.snapshot.mixed import Remembered  # noqa: PLC0415

    project = open_project(path)
    found = compared(project.git, run)
    old = CommitSource(project.git, found.called, found.old)
    new = Remembered(project.commit(found.new))
    verdict = judged(project, old, new)
    parts = split(project, old, new, verdict.verdict)
    value = decision(report(project, verdict, old, new, parts))
    return render_json.text(value).encode()


def _tell(
    said: Said, run: Run | None, wanted: Wanted, environment: Environment
) -> bool:
    """Tells the runner; whether people can read it there."""
    runner.append(environment, runner.OUTPUT, said.outputs)
    if wanted.dotenv is not None:
        put_file(said.variables.encode(), wanted.dotenv)
    # Other events' jobs stand at the base branch, where the lines are others.
    if run is not None and run.event == "pull_request":
        for line in said.annotations:
            show(line)
    return runner.summarise(environment, said.summaries)


def _post(
    said: Said, run: Run | None, wanted: Wanted, environment: Environment
) -> None:
    if run is None:
        raise InputError(
            "this is no job of GitHub's or GitLab's", "see --dry-run for what is said"
        )
    api = _api(run, wanted, environment)
    pulls = api.pulls(wanted.claimed, said.olds)
    lost: list[ForgeError] = []
    failed: list[ForgeError] = []
    for pull in pulls:
        try:
            report = publish(api, pull, said.posts, said.together, wanted.wish)
        except ForgeError as error:
            # The next one may take its comment all the same.
            lost.append(error)
            continue
        _show(report, run, f"#{pull.number}: " if len(pulls) > 1 else "")
        failed += report.failed
    for other in lost[1:]:
        _not_posted(other, run)
    if lost or (wanted.strict and failed):
        raise [*lost, *failed][0]


def _api(run: Run, wanted: Wanted, environment: Environment) -> Api:
    # HTTP is an extra, and nothing that a dry run needs.
    from dvcinc.forge.github import github  # noqa: PLC0415
    from dvcinc.forge.gitlab import gitlab  # noqa: PLC0415

    token = read_token(run.forge, environment)
    deadline = Deadline.after(wanted.seconds)
    if run.forge is Forge.GITHUB:
        return github(run, token, deadline)
    return gitlab(run, token, deadline)


def _show(report: Report, run: Run, pull: str) -> None:
    terminal = Terminal()
    for project, done in report.done:
        of = "" if project == "." else f"project {project}: "
        terminal.say(runner.line(f"{pull}{of}{done.value}"))
    for error in report.failed:
        _not_posted(error, run)


def _not_posted(error: DvcincError, run: Run | None) -> None:
    hint = f" ({error.hint})" if error.hint else ""
    _warn(f"not posted: {error.message}{hint}", run)


def _warn(message: str, run: Run | None) -> None:
    if run is not None and run.forge is Forge.GITHUB:
        show(runner.warning(message))
    else:
        Terminal().warn(message)


def _print(said: Said) -> None:
    for post in said.posts:
        show(runner.harmless(post.body))
