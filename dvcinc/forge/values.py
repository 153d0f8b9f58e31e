"""What is posted, where to, and what a forge can do: plain values and one protocol."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

from dvcinc.errors import DvcincError, ExitCode
from dvcinc.render.outputs import Label, Status


class ForgeError(DvcincError):
    """A forge could not be asked, or said no.

    Args:
        message: What failed.
        hint: The way out.
        status: The HTTP status of the answer, `None` where there was none.
    """

    exit_code = ExitCode.CHECK_SAID_NO

    def __init__(
        self, message: str, hint: str = "", *, status: int | None = None
    ) -> None:
        super().__init__(message, hint)
        self.status = status


class LostAnswerError(ForgeError):
    """No answer came: what was asked for may have been done, or not."""


class NoPullError(ForgeError):
    """There is no pull request to post to, or not any more; nothing is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """What is said of one project.

    Attributes:
        project: Its name, for the log.
        marker: The line by which the comment is found again.
        body: The comment, which begins with the marker.
        quiet: Whether the pull request touches nothing that trains: then no comment
            is begun, but one that is there is kept true.
    """

    project: str
    marker: str
    body: str
    quiet: bool


@dataclass(frozen=True, slots=True)
class Together:
    """What is said of all projects together."""

    label: Label | None
    status: Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Pull:
    """A pull request, or a merge request, as the forge's API tells it.

    Attributes:
        number: Its number in the repository.
        head: The id of its last commit.
        head_repository: Where that lies: GitHub `owner/name`, GitLab a project's id;
            `None` for a fork that is gone.
        base: The commit that the forge compares it with, where it says so.
        base_branch: The branch that it is merged into, likewise.
        labels: The names of its labels.
    """

    number: int
    head: str
    head_repository: str | None
    base: str | None = None
    base_branch: str | None = None
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment of our own."""

    number: int
    body: str


class Api(Protocol):
    """What is asked of a forge; every method raises ForgeError where it says no."""

    def pulls(self, claimed: int | None, olds: Collection[str]) -> list[Pull]:
        """The pull requests of this run, held against what the run knows.

        Of several with its head, those that `olds` fit: the old sides' commits.
        """

    def comments(self, pull: Pull) -> list[Comment]:
        """Our own comments on it, of all pages, oldest first."""

    def create(self, pull: Pull, body: str) -> None:
        """Writes a comment; LostAnswerError where it may be there or not."""

    def edit(self, pull: Pull, comment: Comment, body: str) -> None:
        """Writes a comment anew, in its place."""

    def delete(self, pull: Pull, comment: Comment) -> None:
        """Takes a comment away; it may be gone already."""

    def relabel(self, pull: Pull, label: Label | None, others: Sequence[str]) -> None:
        """Puts a label on, made where there is none, and takes the others off."""

    def lacks(self, pull: Pull, folder: str) -> bool:
        """Whether a folder is not there at the head, as far as that can be told."""

    def state(self, pull: Pull, status: Status) -> None:
        """Sets a commit status at the head; it is never red."""
