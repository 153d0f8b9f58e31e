"""Runs a click command so that the door tells how it ends, not click."""

from __future__ import annotations

import sys
from typing import NoReturn

import click


def to_the_end(command: click.Command) -> NoReturn:
    """Runs a command line and exits; usage errors are shown by click and exit with 2.

    Raises:
        KeyboardInterrupt: It was interrupted; click would have its own words for it.
    """
    try:
        code = command.main(prog_name="dvcinc", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort as error:
        raise KeyboardInterrupt from error
    # What click ends by itself, such as `--help`, it tells by a number.
    sys.exit(code if isinstance(code, int) else 0)
