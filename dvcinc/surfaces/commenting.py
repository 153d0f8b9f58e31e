"""`comment`: decisions to a pull request, or to the summary where that cannot be.

With decision documents it reads no repository: a `workflow_run` job checks nothing out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dvcinc.errors import DvcincError, InputError
from dvcinc.forge import runner
from dvcinc.forge.deadline import Deadline
from dvcinc.forge.events import read_run
from dvcinc.forge.publish import Report, Wish, publish
from dvcinc.forge.run import Run, read_token
from dvcinc.forge.values import Api, ForgeError, NoPullError
from dvcinc.lineage.verdict import judged
from dvcinc.plan.files import put_file
from dvcinc.plan.project import open_project
from dvcinc.render import json as render_json
from dvcinc.render.links import Forge
from dvcinc.snapshot.sources import CommitSource
from dvcinc.surfaces.saying import Said, say
from dvcinc.surfaces.terminal import Terminal, show

Environment = Mapping[str, str]


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
    said = [say(name, data, run, wanted.forge) for name, data in documents]
    _check_apart(said)
    if wanted.dry_run:
        _print(said)
        return
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
        _warn(error, run)
        if wanted.strict:
            raise ForgeError(error.message, error.hint) from error


def _check_apart(said: Sequence[Said]) -> None:
    """Two decisions of one project would write over each other."""
    names = Counter(one.post.marker for one in said)
    for one in said:
        if names[one.post.marker] > 1:
            raise InputError(
                runner.line(f"two decisions are of the project {one.post.project}"),
                "judge each project once, with --project",
            )


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
) -> list[tuple[str, bytes]]:
    if wanted.decisions:
        return [(str(file), _read(file)) for file in wanted.decisions]
    if problem is not None:
        raise problem
    if run is None:
        raise InputError(
            "this is no job of GitHub's or GitLab's, so there is nothing to compare",
            "name a decision with --from, or see dvcinc classify --md",
        )
    data = _judged(path, run)
    if wanted.save is not None:
        put_file(data, wanted.save)
    return [("the decision", data)]


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise InputError(f"{file}: cannot be read: {error.strerror}") from error


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
    said: Sequence[Said], run: Run | None, wanted: Wanted, environment: Environment
) -> bool:
    """Tells the runner; whether people can read it there."""
    dearest = max(said, key=lambda one: one.post.mode)
    runner.append(environment, runner.OUTPUT, dearest.outputs)
    if wanted.dotenv is not None:
        put_file(dearest.variables.encode(), wanted.dotenv)
    # Other events' jobs stand at the base branch, where the lines are others.
    if run is not None and run.event == "pull_request":
        for one in said:
            for line in one.annotations:
                show(line)
    return runner.summarise(environment, [one.summary for one in said])


def _post(
    said: Sequence[Said], run: Run | None, wanted: Wanted, environment: Environment
) -> None:
    if run is None:
        raise InputError(
            "this is no job of GitHub's or GitLab's", "see --dry-run for what is said"
        )
    api = _api(run, wanted, environment)
    pull = api.pull(wanted.claimed)
    report = publish(api, pull, [one.post for one in said], wanted.wish)
    _show(report, run, strict=wanted.strict)


def _api(run: Run, wanted: Wanted, environment: Environment) -> Api:
    # HTTP is an extra, and nothing that a dry run needs.
    from dvcinc.forge.github import github  # noqa: PLC0415
    from dvcinc.forge.gitlab import gitlab  # noqa: PLC0415

    token = read_token(run.forge, environment)
    deadline = Deadline.after(wanted.seconds)
    if run.forge is Forge.GITHUB:
        return github(run, token, deadline)
    return gitlab(run, token, deadline)


def _show(report: Report, run: Run, *, strict: bool) -> None:
    terminal = Terminal()
    for post, done in report.done:
        of = "" if post.project == "." else f"project {post.project}: "
        terminal.say(runner.line(f"{of}{done.value}"))
    for error in report.failed:
        _warn(error, run)
    if strict and report.failed:
        raise report.failed[0]


def _warn(error: DvcincError, run: Run | None) -> None:
    message = f"not posted: {error.message}"
    if error.hint:
        message += f" ({error.hint})"
    if run is not None and run.forge is Forge.GITHUB:
        show(runner.warning(message))
    else:
        Terminal().warn(message)


def _print(said: Sequence[Said]) -> None:
    for one in said:
        show(runner.harmless(one.post.body))
