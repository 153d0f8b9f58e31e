"""What a CI job is told of itself: environment and event file to one value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto

from dvcinc.errors import InputError
from dvcinc.forge.secret import Token
from dvcinc.render.links import Forge


class Kind(Enum):
    """What a job runs for."""

    PULL = auto()
    """A pull request, which the event names."""
    AFTERWARDS = auto()
    """A run that has ended (`workflow_run`): its pull request is to be found."""
    QUEUE = auto()
    """A group of a merge queue: there is no pull request to post to."""
    OTHER = auto()
    """A push, a schedule, or anything else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """The job that runs us, as its forge tells it.

    Attributes:
        forge: Whose job it is.
        api: The address of the API.
        web: The address of the repository, for links.
        repository: GitHub `owner/name`, GitLab the project's id: where is posted.
        kind: What it runs for.
        event: The forge's own word for that.
        number: The pull request, where the event names it.
        head: The commit that was judged: the pull request's last one.
        base: A commit that the head is compared with, as the event names it.
        base_branch: The branch that is merged into.
        head_repository: Where the head lies, as in `Pull`.
        head_branch: Its branch there.
        url: Where people see this job.
        pipeline: GitLab's id of the pipeline.
        authority: GitLab's own file of certificates to trust.
    """

    forge: Forge
    api: str
    web: str
    repository: str
    kind: Kind
    event: str
    number: int | None = None
    head: str | None = None
    base: str | None = None
    base_branch: str | None = None
    head_repository: str | None = None
    head_branch: str | None = None
    url: str = ""
    pipeline: str = ""
    authority: str = ""


NAMES = {Forge.GITHUB: "GitHub", Forge.GITLAB: "GitLab"}
_TOKENS = {
    Forge.GITHUB: ("DVCINC_GITHUB_TOKEN", "GITHUB_TOKEN", "GH_TOKEN"),
    Forge.GITLAB: ("DVCINC_GITLAB_TOKEN", "GITLAB_TOKEN"),
}
_NO_TOKEN = {
    Forge.GITHUB: "give the step env: GITHUB_TOKEN: ${{ github.token }}",
    Forge.GITLAB: "CI_JOB_TOKEN may not comment: make a project access token with "
    "the role Reporter and the scope api, and set it as DVCINC_GITLAB_TOKEN",
}


def read_token(forge: Forge, environment: Mapping[str, str]) -> Token:
    """The token to post with.

    Raises:
        InputError: There is none, or it is none.
    """
    for name in _TOKENS[forge]:
        # A secret that was pasted often ends in a line break.
        if value := environment.get(name, "").strip():
            return Token(value, name)
    raise InputError(
        f"there is no token for {NAMES[forge]} ({', '.join(_TOKENS[forge])})",
        _NO_TOKEN[forge],
    )
