"""Posts to a pull request: one comment a project, one label, one status.

What is there is read first. Two runs at once may both begin a comment: each looks again
afterwards, and of several the oldest stays. Whose project is gone is told so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from dvcinc.forge.values import (
    Api,
    Comment,
    ForgeError,
    LostAnswerError,
    Post,
    Pull,
    Together,
)
from dvcinc.render.comment import gone
from dvcinc.render.marker import project_of
from dvcinc.render.outputs import ALL_LABELS, Label

_TRIES = 3
_GONE = 404
# Of other projects, whose comments are looked after in one run.
_MOST_OTHERS = 20


class Done(Enum):
    """What became of a comment."""

    CREATED = "commented"
    EDITED = "comment edited"
    UNCHANGED = "comment is up to date"
    NOTHING = "nothing to say, and no comment there"
    PUT_AWAY = "not there any more, and its comment says so"


@dataclass(frozen=True, slots=True)
class Wish:
    """What is done beside the comment."""

    label: bool
    status: bool


@dataclass(frozen=True, slots=True)
class Report:
    """What was done for which project, and what could not be."""

    done: tuple[tuple[str, Done], ...]
    failed: tuple[ForgeError, ...]


def publish(
    api: Api, pull: Pull, posts: Sequence[Post], together: Together, wish: Wish
) -> Report:
    """Posts what is to be said, and labels and states what is wished.

    Raises:
        ForgeError: A comment could not be written; nothing else was tried then.
    """
    own = api.comments(pull)
    done = [(post.project, _put(api, pull, post, own)) for post in posts]
    failed = []
    failed += _tried(lambda: done.extend(_put_away(api, pull, _others(posts, own))))
    if wish.label:
        failed += _tried(lambda: _relabel(api, pull, together.label))
    if wish.status:
        failed += _tried(lambda: api.state(pull, together.status))
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
    return [comment for comment in own if _first_line(comment) == marker]


def _first_line(comment: Comment) -> str:
    return comment.body.lstrip().split("\n", 1)[0].strip()


def _others(posts: Sequence[Post], own: Sequence[Comment]) -> dict[str, list[Comment]]:
    """Our comments on projects that nothing is said of now, but for those put away."""
    told = {post.marker for post in posts}
    found: dict[str, list[Comment]] = {}
    for comment in own:
        line = _first_line(comment)
        project = project_of(line)
        # The top of a repository is always there.
        if project in (None, ".") or line in told:
            continue
        if _says(comment, gone(project)):
            continue
        found.setdefault(project, []).append(comment)
    return dict([*found.items()][:_MOST_OTHERS])


def _put_away(
    api: Api, pull: Pull, others: Mapping[str, Sequence[Comment]]
) -> Iterator[tuple[str, Done]]:
    """Lets the comments of projects that are gone say so.

    Another job may speak for a project that is there.
    """
    for project, mine in others.items():
        if api.lacks(pull, project):
            _edit(api, pull, mine, gone(project))
            yield project, Done.PUT_AWAY


def _edit(api: Api, pull: Pull, mine: Sequence[Comment], body: str) -> Done:
    """Makes the oldest comment say a body, and takes the others away."""
    oldest, *others = mine
    same = _says(oldest, body)
    if not same:
        api.edit(pull, oldest, body)
    for other in others:
        api.delete(pull, other)
    return Done.UNCHANGED if same else Done.EDITED


def _says(comment: Comment, body: str) -> bool:
    return _plain(comment.body) == _plain(body)


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


def _relabel(api: Api, pull: Pull, label: Label | None) -> None:
    """Puts on the one label that all projects have; none where nothing trains."""
    api.relabel(pull, label, [one.name for one in ALL_LABELS if one != label])
