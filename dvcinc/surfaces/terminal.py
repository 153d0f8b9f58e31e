"""The terminal: colour, lines on stderr, and progress while a model trains."""

from __future__ import annotations

import os
import sys
from contextlib import AbstractContextManager
from typing import Self

import click

from dvcinc.render.text import Paint, plain
from dvcinc.surfaces.watching import Watching, is_live, watching
from dvcinc.text.visible import visible

# Without a terminal: a line now and then, so that a log shows that it lives.
_LINES = 10


def painter() -> Paint:
    """Paints if standard output is a terminal and nobody said no (NO_COLOR)."""
    return _paint if _is_colourful() else plain


def show(text: str) -> None:
    """Prints a result to standard output; click would strip colour from a pipe."""
    click.echo(text, color=_is_colourful())


def warn(text: str) -> None:
    """Prints to standard error what people should read beside a result."""
    click.echo(f"warning: {visible(text)}", err=True)


def _is_colourful() -> bool:
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or sys.stdout.isatty()


def _paint(text: str, style: str) -> str:
    if style == "bold":
        return click.style(text, bold=True)
    return click.style(text, fg=style)


class Terminal:
    """Says what a stage does, on stderr: bars on a terminal, plain lines otherwise."""

    def __init__(self) -> None:
        self._live = is_live()

    def say(self, text: str) -> None:
        """One line."""
        click.echo(visible(text), err=True)

    def warn(self, text: str) -> None:
        """One line that people should read."""
        warn(text)

    @staticmethod
    def watching() -> AbstractContextManager[Watching]:
        """Shows how far the reading of files is, if it takes long."""
        return watching()

    def progress(self, title: str) -> LineProgress | BarProgress:
        """Shows how far a training is."""
        return BarProgress(title) if self._live else LineProgress(title)


class LineProgress:
    """A line for every tenth of the way."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._told = 0
        click.echo(f"{title} …", err=True)

    def __enter__(self) -> Self:
        """Nothing to begin: lines come when there is something to say."""
        return self

    def __exit__(self, *raised: object) -> None:
        """Nothing to end."""

    def __call__(self, *, step: int, steps: int, loss: float) -> None:
        """Tells of a step, if a tenth is done since the last time."""
        tenth = step * _LINES // max(steps, 1)
        if tenth > self._told:
            self._told = tenth
            click.echo(f"{self._title}: step {step}/{steps}, loss {loss:.4f}", err=True)


class BarProgress:
    """A bar with the loss and the time that is left."""

    def __init__(self, title: str) -> None:
        # Rich is imported only where there is something to show.
        from rich.console import Console  # noqa: PLC0415
        from rich.progress import Progress as Bar  # noqa: PLC0415

        self._title = title
        self._bar = Bar(console=Console(stderr=True))
        self._task = self._bar.add_task(title, total=None)

    def __enter__(self) -> Self:
        """Shows the bar."""
        self._bar.start()
        return self

    def __exit__(self, *raised: object) -> None:
        """Ends the bar and gives the cursor back, however the training ended."""
        self._bar.stop()

    def __call__(self, *, step: int, steps: int, loss: float) -> None:
        """Moves the bar."""
        said = f"{self._title}, loss {loss:.4f}"
        self._bar.update(self._task, completed=step, total=steps, description=said)
