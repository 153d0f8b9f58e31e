"""GitHub and GitHub Enterprise: the protocol `Api` by REST requests.

Requests are those of https://docs.github.com/en/rest, version 2022-11-28.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode

from dvcinc import __version__
from dvcinc.forge.answers import Json, commit_id, member, number, text
from dvcinc.forge.client import Client
from dvcinc.forge.deadline import Deadline
from dvcinc.forge.exchange import exchange
from dvcinc.forge.fitting import fitting
from dvcinc.forge.run import Kind, Run
from dvcinc.forge.secret import Token
from dvcinc.forge.values import Comment, ForgeError, NoPullError, Pull
from dvcinc.render.outputs import Label, Status

_PAGE = 100
_GONE = 404
_FORBIDDEN = 403
_TAKEN = 422
# Who GITHUB_TOKEN writes as; it may not ask `GET /user`.
ACTIONS = "github-actions[bot]"
_WHO = {"query": "query { viewer { login } }"}
_VERSION = "/v3"
_HINTS = {
    401: "the token is not valid any more, or for another host",
    403: "give the job `permissions: pull-requests: write`; the token of a fork's pull "
    "request can only read: post from a workflow_run job (docs/pull-requests.md)",
    404: "the token cannot see this repository, or has no permission to read its "
    "pull requests",
    422: "see the request's limits: the length of the body, a label's name",
}


@dataclass(frozen=True, slots=True)
class GitHub:
    """A repository of GitHub.

    Attributes:
        client: Asks its API.
        run: The job that we are a part of.
    """

    client: Client
    run: Run

    @property
    def _path(self) -> str:
        return f"/repos/{self.run.repository}"

    def pulls(self, claimed: int | None, olds: Collection[str]) -> list[Pull]:
        """The pull requests of this run; several only where there is no telling.

        Args:
            claimed: A number that anybody may have written; it is taken only if the
                API says that this pull request's head is the run's.
            olds: The old sides' commits, as anybody may have written them: they choose
                among pull requests that have this head, and no others.

        Raises:
            NoPullError: The run has none, or it has moved on.
            ForgeError: The claimed number is another pull request's.
        """
        if self.run.kind is Kind.PULL:
            return [self._named(claimed)]
        if self.run.kind is not Kind.AFTERWARDS:
            raise NoPullError(f"a run for {self.run.event} has no pull request")
        if claimed:
            return [self._claimed(claimed)]
        return fitting(self._searched(), olds, self._distance)

    def _named(self, claimed: int | None) -> Pull:
        if claimed not in (None, self.run.number):
            raise ForgeError(f"the event is one of #{self.run.number}, not #{claimed}")
        pull = _pull(self.client.get(f"{self._path}/pulls/{self.run.number}"))
        if pull.head != self.run.head:
            raise NoPullError(
                f"#{pull.number} has moved on to {pull.head[:10]}: its own run speaks "
                "for it"
            )
        return pull

    def _claimed(self, claimed: int) -> Pull:
        pull = _pull(self.client.get(f"{self._path}/pulls/{claimed}"))
        if not self._is_ours(pull):
            raise ForgeError(
                f"#{claimed} is not the pull request of this run: its head is "
                f"{pull.head[:10]}, the run's {(self.run.head or '')[:10]}, or it lies "
                "in another repository"
            )
        return pull

    def _searched(self) -> list[Pull]:
        """The open pull requests with the run's head.

        The event's own list of pull requests is empty for forks.
        """
        owner = (self.run.head_repository or "").partition("/")[0]
        query = urlencode(
            {
                "state": "open",
                "head": f"{owner}:{self.run.head_branch}",
                "per_page": _PAGE,
            }
        )
        listed = map(_pull, self.client.pages(f"{self._path}/pulls?{query}"))
        found = [pull for pull in listed if self._is_ours(pull)]
        if not found:
            raise NoPullError("no open pull request has this run's head any more")
        return found

    def _distance(self, pull: Pull, commit: str) -> int | None:
        """How far a base branch is ahead of a commit; `None` if that is not in it."""
        if pull.base_branch is None:
            return None
        # The first page has the changes of all files as well.
        path = f"compare/{commit}...{quote(pull.base_branch, safe='')}"
        try:
            found = self.client.get(f"{self._path}/{path}?per_page=1&page=2")
        except ForgeError as error:
            if error.status not in (_FORBIDDEN, _GONE):
                raise
            return None
        if text(found, "status") == "identical":
            return 0
        is_ahead = text(found, "status") == "ahead"
        return number(found, "ahead_by") if is_ahead else None

    def _is_ours(self, pull: Pull) -> bool:
        there, here = pull.head_repository, self.run.head_repository
        if there is None or here is None or pull.head != self.run.head:
            return False
        return there.casefold() == here.casefold()

    def comments(self, pull: Pull) -> list[Comment]:
        """Our own comments on a pull request, oldest first."""
        path = f"{self._path}/issues/{pull.number}/comments?per_page={_PAGE}"
        listed = list(self.client.pages(path))
        if not listed:
            return []
        login = self._login()
        own = [
            Comment(found, text(entry, "body") or "")
            for entry in listed
            if (text(entry, "user", "login") or "").casefold() == login
            and (found := number(entry, "id"))
        ]
        return sorted(own, key=lambda comment: comment.number)

    def _login(self) -> str:
        """Who the token writes as; GraphQL says it to each kind of token."""
        root = self.client.exchange.root
        # Of GitHub Enterprise: /api/v3 and /api/graphql.
        path = f"{root.removesuffix(_VERSION)}/graphql"
        try:
            answer = self.client.ask_beside(path, {**_WHO})
        except ForgeError as error:
            if error.status not in (_FORBIDDEN, _GONE):
                raise
            answer = None
        found = text(answer, "data", "viewer", "login") or self._user()
        return found.casefold()

    def _user(self) -> str:
        try:
            return text(self.client.get("/user"), "login") or ACTIONS
        except ForgeError as error:
            if error.status not in (_FORBIDDEN, _GONE):
                raise
            return ACTIONS

    def create(self, pull: Pull, body: str) -> None:
        """Writes a comment."""
        path = f"{self._path}/issues/{pull.number}/comments"
        self.client.send("POST", path, {"body": body}, once=True)

    def edit(self, pull: Pull, comment: Comment, body: str) -> None:  # noqa: ARG002 - a comment's id is enough here
        """Writes a comment anew."""
        path = f"{self._path}/issues/comments/{comment.number}"
        self.client.send("PATCH", path, {"body": body})

    def delete(self, pull: Pull, comment: Comment) -> None:  # noqa: ARG002 - likewise
        """Takes a comment away."""
        path = f"{self._path}/issues/comments/{comment.number}"
        self._unless(_GONE, "DELETE", path)

    def relabel(self, pull: Pull, label: Label | None, others: Sequence[str]) -> None:
        """Puts a label on, made where there is none, and takes the others off."""
        there = {name.casefold() for name in pull.labels}
        path = f"{self._path}/issues/{pull.number}/labels"
        if label is not None and label.name.casefold() not in there:
            self._make(label)
            self.client.send("POST", path, {"labels": [label.name]})
        for name in others:
            if name.casefold() in there:
                self._unless(_GONE, "DELETE", f"{path}/{quote(name, safe='')}")

    def _make(self, label: Label) -> None:
        value: Json = {
            "name": label.name,
            "color": label.colour,
            "description": label.description,
        }
        try:
            self.client.get(f"{self._path}/labels/{quote(label.name, safe='')}")
        except ForgeError as error:
            if error.status != _GONE:
                raise
            self._unless(_TAKEN, "POST", f"{self._path}/labels", value)

    def _unless(self, status: int, method: str, path: str, value: Json = None) -> None:
        """Sends something that somebody else may have done just before."""
        try:
            self.client.send(method, path, value)
        except ForgeError as error:
            if error.status != status:
                raise

    def lacks(self, pull: Pull, folder: str) -> bool:
        """Whether a folder is not there at the head.

        Who may not read the repository is told that nothing is there, so it is asked
        for its top as well.
        """
        there = f"contents/{quote(folder, safe='')}?ref={pull.head}"
        return self._misses(there) and not self._misses(f"git/trees/{pull.head}")

    def _misses(self, path: str) -> bool:
        try:
            self.client.get(f"{self._path}/{path}")
        except ForgeError as error:
            if error.status not in (_FORBIDDEN, _GONE):
                raise
            return error.status == _GONE
        return False

    def state(self, pull: Pull, status: Status) -> None:
        """Sets a commit status at the head."""
        value: dict[str, Json] = {
            "state": "success",
            "context": status.context,
            "description": status.text,
        }
        if self.run.url.startswith("http"):
            value["target_url"] = self.run.url
        self.client.send("POST", f"{self._path}/statuses/{pull.head}", value)


def _pull(value: Json) -> Pull:
    found, head = number(value, "number"), commit_id(value, "head", "sha")
    if found is None or head is None:
        raise ForgeError("GitHub answers with something that is no pull request")
    labels = member(value, "labels")
    listed = labels if isinstance(labels, list) else []
    names = [text(entry, "name") for entry in listed]
    return Pull(
        number=found,
        head=head,
        head_repository=text(value, "head", "repo", "full_name"),
        base=commit_id(value, "base", "sha"),
        base_branch=text(value, "base", "ref"),
        labels=tuple(name for name in names if name),
    )


def github(run: Run, token: Token, deadline: Deadline) -> GitHub:
    """A way to a repository of GitHub.

    Raises:
        InputError: The API's address is none that a token may be sent to.
    """
    headers = {
        "Accept": "application/vnd.github+json",
        "Authorization": f"Bearer {token.value}",
        "User-Agent": f"dvcinc/{__version__}",
        "X-GitHub-Api-Version": "2022-11-28",
    }
    authority = Path(run.authority) if run.authority else None
    way = exchange(run.api, authority)
    return GitHub(Client("GitHub", way, headers, token, deadline, _HINTS), run)
