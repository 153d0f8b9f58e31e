"""How far the reading of many files is: on stderr, once it takes long enough to ask."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

PATIENCE_S = 1.0
"""Nobody asks about less."""
BETWEEN_LINES_S = 5.0
"""Where lines stay, few are enough to show that it lives."""
_TITLE = "reading files"


@contextmanager
def watching(title: str = _TITLE) -> Iterator[Watching]:
    """A watch for `open_project`; what it shows ends with the block."""
    watch = Watching(live=is_live(), title=title)
    try:
        yield watch
    finally:
        watch.end()


def is_live() -> bool:
    """Whether standard error is a terminal that can draw, before somebody's eyes."""
    return (
        sys.stderr.isatty()
        and os.environ.get("TERM") != "dumb"
        and not os.environ.get("CI")
    )


class Watching:
    """Told how many things are done; see `dvcinc.snapshot.side.Watch`.

    Args:
        live: Whether to draw a bar, which is gone afterwards; else lines are printed.
        title: What is done with them.
    """

    def __init__(self, *, live: bool, title: str = _TITLE) -> None:
        self._live = live
        self._title = title
        self._begun = time.monotonic()
        self._told = float("-inf")
        self._bar: _Bar | None = None

    def __call__(self, done: int, count: int) -> None:
        """Tells of it, if it takes long and is not over."""
        now = time.monotonic()
        if done >= count:
            self.end()
            self._begun = now
        elif self._bar is not None:
            self._bar.move(done, count)
        elif now - self._begun < PATIENCE_S:
            return
        elif self._live:
            self._bar = _Bar(self._title)
            self._bar.move(done, count)
        elif now - self._told >= BETWEEN_LINES_S:
            self._told = now
            click.echo(f"{self._title}: {done:,} of {count:,}", err=True)

    def end(self) -> None:
        """Takes the bar away, before anything else is printed."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None


class _Bar:
    """A bar of rich's, which honours NO_COLOR."""

    def __init__(self, title: str) -> None:
        # Imported only where there is something to show.
        from rich.console import Console  # noqa: PLC0415
        from rich.progress import Progress as Bar  # noqa: PLC0415

        self._bar: Progress = Bar(console=Console(stderr=True), transient=True)
        self._task: TaskID = self._bar.add_task(title, total=None)
        self._bar.start()

    def move(self, done: int, count: int) -> None:
        """Moves the bar."""
        self._bar.update(self._task, completed=done, total=count)

    def stop(self) -> None:
        """Takes it away and gives the cursor back."""
        self._bar.stop()
