"""Posts to a pull request: one comment a project, its label, a status.

What is there is read first. Two runs at once may both begin a comment: each looks again
afterwards, and of several the oldest stays.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

from dvcinc.config import Mode
from dvcinc.forge.values import (
    Comment,
    Forge,
    ForgeError,
    Label,
    LostAnswerError,
    Post,
    Pull,
)

_TRIES = 3
_GONE = 404
_PREFIX = "training: "
_LABELS = {
    Mode.SCRATCH: ("b60205", "The model is trained from scratch"),
    Mode.FINETUNE: ("fbca04", "The model is fine-tuned"),
    Mode.REFRESH: ("c5def5", "Tables are written anew; nothing is trained"),
    Mode.NONE: ("0e8a16", "Nothing that trains is touched"),
}
LABELS = {
    mode: Label(_PREFIX + mode.word, colour, about)
    for mode, (colour, about) in _LABELS.items()
}
"""The labels by mode; all of them are ours alone, and one at most is on."""


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


def publish(forge: Forge, pull: Pull, posts: Sequence[Post], wish: Wish) -> Report:
    """Posts what is to be said, and labels and states what is wished.

    Raises:
        ForgeError: A comment could not be written; nothing else was tried then.
    """
    own = forge.comments(pull)
    done = [(post, _put(forge, pull, post, own)) for post in posts]
    failed = []
    if wish.label:
        failed += _tried(lambda: _relabel(forge, pull, posts))
    if wish.status:
        failed += _tried(lambda: _state(forge, pull, posts))
    return Report(tuple(done), tuple(failed))


def _put(forge: Forge, pull: Pull, post: Post, own: Sequence[Comment]) -> Done:
    """Makes the one comment of a project say what it should."""
    lost: ForgeError | None = None
    for _ in range(_TRIES):
        mine = _marked(own, post.marker)
        if not mine and post.quiet:
            return Done.NOTHING
        try:
            if mine:
                return _edit(forge, pull, mine, post.text)
            forge.create(pull, post.text)
            return _begun(forge, pull, post)
        except LostAnswerError as error:
            # It may be there: look before it is written a second time.
            lost = error
        except ForgeError as error:
            if not mine or error.status != _GONE:
                raise
            # Somebody has just taken it away.
            lost = error
        own = forge.comments(pull)
    raise lost or ForgeError("the comment could not be written")


def _begun(forge: Forge, pull: Pull, post: Post) -> Done:
    """Looks whether another run has begun a comment at the same time."""
    mine = _marked(forge.comments(pull), post.marker)
    if len(mine) > 1:
        _edit(forge, pull, mine, post.text)
    return Done.CREATED


def _marked(own: Sequence[Comment], marker: str) -> list[Comment]:
    """The comments that begin with a marker; a quoted one does not count."""
    return [c for c in own if c.body.lstrip().split("\n", 1)[0].strip() == marker]


def _edit(forge: Forge, pull: Pull, mine: Sequence[Comment], body: str) -> Done:
    """Makes the oldest comment say a body, and takes the others away."""
    oldest, *others = mine
    same = _plain(oldest.body) == _plain(body)
    if not same:
        forge.edit(pull, oldest, body)
    for other in others:
        forge.delete(pull, other)
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


def _relabel(forge: Forge, pull: Pull, posts: Sequence[Post]) -> None:
    """One label says what all projects together need; none where nothing trains."""
    loud = [post.mode for post in posts if not post.quiet]
    label = LABELS[max(loud)] if loud else None
    others = [one.name for one in LABELS.values() if one != label]
    forge.relabel(pull, label, others)


def _state(forge: Forge, pull: Pull, posts: Sequence[Post]) -> None:
    for post in posts:
        project = "" if post.project in ("", ".") else f" ({post.project})"
        forge.state(pull, f"dvcinc{project}", post.status)
