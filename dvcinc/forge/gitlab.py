"""GitLab: the protocol `Api` by requests of its API, https://docs.gitlab.com/api/."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from dvcinc import __version__
from dvcinc.forge.answers import Json, commit_id, member, number, text
from dvcinc.forge.client import Client
from dvcinc.forge.deadline import Deadline
from dvcinc.forge.exchange import exchange
from dvcinc.forge.run import Kind, Run
from dvcinc.forge.secret import Token
from dvcinc.forge.values import Comment, ForgeError, NoPullError, Pull
from dvcinc.render.outputs import Label, Status

# A note may have a million characters: fewer a page than there could be.
_PAGE = 50
_GONE = 404
_FORBIDDEN = 403
# A label of that name is there.
_TAKEN = 409
_HINTS = {
    401: "CI_JOB_TOKEN may not comment, and other tokens expire: set "
    "DVCINC_GITLAB_TOKEN to a project access token with the scope api",
    403: "the token needs the role Reporter and the scope api; a fork's pipeline has "
    "none (docs/pull-requests.md)",
    404: "the token cannot see this project",
}


@dataclass(frozen=True, slots=True)
class GitLab:
    """A project of GitLab.

    Attributes:
        client: Asks its API.
        run: The job that we are a part of.
    """

    client: Client
    run: Run

    @property
    def _path(self) -> str:
        return f"/projects/{self.run.repository}"

    def _of(self, pull: Pull) -> str:
        return f"{self._path}/merge_requests/{pull.number}"

    def pulls(
        self,
        claimed: int | None,
        olds: Collection[str],  # noqa: ARG002 - a pipeline knows its merge request
    ) -> list[Pull]:
        """The merge request of this run.

        Raises:
            NoPullError: The run has none, or it has moved on.
            ForgeError: The claimed number is another one's.
        """
        if self.run.kind is not Kind.PULL:
            raise NoPullError(
                f"a pipeline for {self.run.event} has no merge request; let the job "
                "run for merge_request_event"
            )
        if claimed not in (None, self.run.number):
            raise ForgeError(f"the job is one of !{self.run.number}, not !{claimed}")
        value = self.client.get(f"{self._path}/merge_requests/{self.run.number}")
        pull = _pull(value)
        if pull.head != self.run.head:
            raise NoPullError(
                f"!{pull.number} has moved on to {pull.head[:10]}: its own pipeline "
                "speaks for it"
            )
        return [pull]

    def comments(self, pull: Pull) -> list[Comment]:
        """Our own notes on a merge request, oldest first."""
        query = f"per_page={_PAGE}&sort=asc&order_by=created_at"
        listed = list(self.client.pages(f"{self._of(pull)}/notes?{query}"))
        if not listed:
            return []
        me = number(self.client.get("/user"), "id")
        if me is None:
            raise ForgeError("GitLab does not say whose token this is")
        own = [
            Comment(found, text(entry, "body") or "")
            for entry in listed
            if number(entry, "author", "id") == me
            and member(entry, "system") is not True
            and (found := number(entry, "id"))
        ]
        return sorted(own, key=lambda comment: comment.number)

    def create(self, pull: Pull, body: str) -> None:
        """Writes a note."""
        path = f"{self._of(pull)}/notes"
        self.client.send("POST", path, {"body": body}, once=True)

    def edit(self, pull: Pull, comment: Comment, body: str) -> None:
        """Writes a note anew."""
        path = f"{self._of(pull)}/notes/{comment.number}"
        self.client.send("PUT", path, {"body": body})

    def delete(self, pull: Pull, comment: Comment) -> None:
        """Takes a note away."""
        self._unless(_GONE, "DELETE", f"{self._of(pull)}/notes/{comment.number}")

    def relabel(self, pull: Pull, label: Label | None, others: Sequence[str]) -> None:
        """Puts a label on, made where there is none, and takes the others off."""
        there = {name.casefold() for name in pull.labels}
        value: dict[str, Json] = {}
        if label is not None and label.name.casefold() not in there:
            self._make(label)
            value["add_labels"] = label.name
        if gone := [name for name in others if name.casefold() in there]:
            value["remove_labels"] = ",".join(gone)
        if value:
            self.client.send("PUT", self._of(pull), value)

    def _make(self, label: Label) -> None:
        value: Json = {
            "name": label.name,
            "color": f"#{label.colour}",
            "description": label.description,
        }
        self._unless(_TAKEN, "POST", f"{self._path}/labels", value)

    def _unless(self, status: int, method: str, path: str, value: Json = None) -> None:
        """Sends something that somebody else may have done just before."""
        try:
            self.client.send(method, path, value)
        except ForgeError as error:
            if error.status != status:
                raise

    def lacks(self, pull: Pull, folder: str) -> bool:
        """Whether a folder is not there at the head, where the top can be seen."""
        return self._misses(pull, folder) and not self._misses(pull, "")

    def _misses(self, pull: Pull, folder: str) -> bool:
        query = urlencode({"path": folder, "ref": pull.head, "per_page": 1})
        try:
            # Older versions answer with an empty list.
            return not self.client.get(f"{self._path}/repository/tree?{query}")
        except ForgeError as error:
            if error.status not in (_FORBIDDEN, _GONE):
                raise
            return error.status == _GONE

    def state(self, pull: Pull, status: Status) -> None:
        """Sets a commit status at the head, in the pipeline that runs."""
        value: dict[str, Json] = {
            "state": "success",
            "name": status.context,
            "description": status.text,
        }
        if self.run.pipeline:
            # Else GitLab may begin a pipeline of its own for it.
            value["pipeline_id"] = int(self.run.pipeline)
        if self.run.url.startswith("http"):
            value["target_url"] = self.run.url
        self.client.send("POST", f"{self._path}/statuses/{pull.head}", value)


def _pull(value: Json) -> Pull:
    found, head = number(value, "iid"), commit_id(value, "sha")
    if found is None or head is None:
        raise ForgeError("GitLab answers with something that is no merge request")
    labels = member(value, "labels")
    source = number(value, "source_project_id")
    return Pull(
        number=found,
        head=head,
        head_repository=None if source is None else str(source),
        labels=tuple(
            name
            for name in (labels if isinstance(labels, list) else [])
            if isinstance(name, str)
        ),
    )


def gitlab(run: Run, token: Token, deadline: Deadline) -> GitLab:
    """A way to a project of GitLab.

    Raises:
        InputError: The API's address is none that a token may be sent to.
    """
    headers = {
        "Accept": "application/json",
        "PRIVATE-TOKEN": token.value,
        "User-Agent": f"dvcinc/{__version__}",
    }
    authority = Path(run.authority) if run.authority else None
    way = exchange(run.api, authority)
    return GitLab(Client("GitLab", way, headers, token, deadline, _HINTS), run)
