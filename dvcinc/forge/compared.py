"""Which two commits a pull request compares: a run and its checkout to both.

Not the base branch's tip: what others did since would look like reversions. On the
merge that GitHub and GitLab make for a run, the first parent is what is merged into.
"""

from __future__ import annotations

from dataclasses import dataclass

from dvcinc.errors import CannotTellError, GitError, InputError
from dvcinc.forge.run import Kind, Run
from dvcinc.render.links import Forge
from dvcinc.snapshot.git import Git

_WHOLE = {
    Forge.GITHUB: "check out the whole history: actions/checkout with fetch-depth: 0",
    Forge.GITLAB: "fetch the whole history: GIT_DEPTH: 0 in the job's variables",
}


@dataclass(frozen=True, slots=True)
class Compared:
    """Two commits, and what the old one is called."""

    old: str
    new: str
    called: str


def compared(git: Git, run: Run) -> Compared:
    """The two commits that a run is about.

    Raises:
        InputError: The run names none, or the checkout is of something else.
        CannotTellError: The clone is too shallow, with what to do.
    """
    if run.head is None or run.kind is Kind.AFTERWARDS:
        raise InputError(
            f"a run for {run.event} does not say what to compare",
            "name a decision with --from, or two revisions: dvcinc classify A B",
        )
    try:
        return _compared(git, run, run.head)
    except CannotTellError as error:
        raise CannotTellError(error.message, _WHOLE[run.forge]) from error


def _compared(git: Git, run: Run, head: str) -> Compared:
    new = git.commit("HEAD")
    into, *merged = _parents(git, new) or ("",)
    if head in merged:
        return Compared(git.commit(into), new, "the branch that is merged into")
    if new != head:
        raise InputError(
            f"HEAD is {new[:10]}, which is neither the pull request's head "
            f"{head[:10]} nor its merge",
            "check out what the event is about; actions/checkout does by default",
        )
    if run.kind is Kind.QUEUE:
        return Compared(git.commit(run.base or ""), new, "the queue's base")
    return Compared(_merge_base(git, run, head), new, "merge base")


def _parents(git: Git, commit: str) -> list[str]:
    """A commit's parents as it says itself, also where history is cut off behind it."""
    (found,) = git.objects.get([f"{commit}^{{commit}}"])
    head = b"" if found is None else found.data.partition(b"\n\n")[0]
    words = [line.split(b" ") for line in head.split(b"\n")]
    return [line[1].decode() for line in words if line[0] == b"parent"]


def _merge_base(git: Git, run: Run, head: str) -> str:
    """The newest merge base of the head and what is known of the base branch.

    The event's commit may be hours old; a branch that was fetched is newer, and the
    head may have been merged with it.
    """
    if run.base is None:
        raise InputError(f"a run for {run.event} names no base")
    found = git.merge_base(git.commit(run.base), head)
    fetched = f"refs/remotes/origin/{run.base_branch}"
    try:
        newer = git.merge_base(git.commit(fetched), head)
    except (CannotTellError, GitError):
        return found
    return newer if git.merge_base(found, newer) == found else found
