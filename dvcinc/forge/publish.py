"""Posts to a pull request: one comment a project, its label, a status.

What is there is read first. Two runs at once may both begin a comment: each looks again
afterwards, and of several the oldest stays.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

from dvcinc.forge.values import (
    Api,
    Comment,
    ForgeError,
    LostAnswerError,
    Post,
    Pull,
)
from dvcinc.render.escape import shown
from dvcinc.render.outputs import ALL_LABELS, STATUS_CONTEXT

_TRIES = 3
_GONE = 404
# Of a project in the name of a status, which forges limit.
_LONGEST_NAME = 80


class Done(Enum):
    """What became of a comment."""

    CREATED = "commented"
    EDITED = "comment edited"
    UNCHANGED = "comment is up to date"
    NOTHING = "nothing to say, and no comment there"


@dataclass(frozen=True, slots=True)
class Wish:
    """What is done beside the comment."""

    label: bool
    status: bool


@dataclass(frozen=True, slots=True)
class Report:
    """What was done, and what could not be."""

    done: tuple[tuple[Post, Done], ...]
    failed: tuple[ForgeError, ...]


def publish(api: Api, pull: Pull, posts: Sequence[Post], wish: Wish) -> Report:
    """Posts what is to be said, and labels and states what is wished.

    Raises:
        ForgeError: A comment could not be written; nothing else was tried then.
    """
    own = api.comments(pull)
    done = [(post, _put(api, pull, post, own)) for post in posts]
    failed = []
    if wish.label:
        failed += _tried(lambda: _relabel(api, pull, posts))
    if wish.status:
        failed += _tried(lambda: _state(api, pull, posts))
    return Report(tuple(done), tuple(failed))


def _put(api: Api, pull: Pull, post: Post, own: Sequence[Comment]) -> Done:
    """Makes the one comment of a project say what it should."""
    lost: ForgeError | None = None
    for _ in range(_TRIES):
        mine = _marked(own, post.marker)
        if not mine and post.quiet:
            return Done.NOTHING
        try:
            if mine:
                return _edit(api, pull, mine, post.body)
            api.create(pull, post.body)
            return _begun(api, pull, post)
        except LostAnswerError as error:
            # It may be there: look before it is written a second time.
            lost = error
        except ForgeError as error:
            if not mine or error.status != _GONE:
                raise
            # Somebody has just taken it away.
            lost = error
        own = api.comments(pull)
    raise lost or ForgeError("the comment could not be written")


def _begun(api: Api, pull: Pull, post: Post) -> Done:
    """Looks whether another run has begun a comment at the same time."""
    mine = _marked(api.comments(pull), post.marker)
    if len(mine) > 1:
        _edit(api, pull, mine, post.body)
    return Done.CREATED


def _marked(own: Sequence[Comment], marker: str) -> list[Comment]:
    """The comments that begin with a marker; a quoted one does not count."""
    return [c for c in own if c.body.lstrip().split("\n", 1)[0].strip() == marker]


def _edit(api: Api, pull: Pull, mine: Sequence[Comment], body: str) -> Done:
    """Makes the oldest comment say a body, and takes the others away."""
    oldest, *others = mine
    same = _plain(oldest.body) == _plain(body)
    if not same:
        api.edit(pull, oldest, body)
    for other in others:
        api.delete(pull, other)
    return Done.UNCHANGED if same else Done.EDITED


def _plain(body: str) -> str:
    """A body without what forges change in it: line ends, and blanks around it."""
    return body.replace("\r\n", "\n").strip()


def _tried(work: Callable[[], None]) -> list[ForgeError]:
    """What keeps a piece of work from being done; a comment matters more."""
    try:
        work()
    except ForgeError as error:
        return [error]
    return []


def _relabel(api: Api, pull: Pull, posts: Sequence[Post]) -> None:
    """One label says what all projects together need; none where nothing trains."""
    loud = [post for post in posts if not post.quiet]
    label = max(loud, key=lambda post: post.mode).label if loud else None
    others = [one.name for one in ALL_LABELS if one != label]
    api.relabel(pull, label, others)


def _state(api: Api, pull: Pull, posts: Sequence[Post]) -> None:
    for post in posts:
        name = shown(post.project, _LONGEST_NAME)
        project = "" if name in ("", ".") else f" ({name})"
        api.state(pull, f"{STATUS_CONTEXT}{project}", post.status)
