"""The one place that prints errors and turns them into exit codes."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import NoReturn

from dvcinc import __version__
from dvcinc.errors import DvcincError, ExitCode
from dvcinc.release import getting
from dvcinc.text.visible import visible

_INTERRUPTED = 130
_TRACEBACK = "DVCINC_TRACEBACK"
_TRAIN = f"this command trains or runs models: {getting('train')}"
_COMMENT = f"this command speaks to a forge: {getting('comment')}"
_OPENLINEAGE = f"this needs OpenLineage's client: {getting('openlineage')}"
_REPORT = f"a page's charts are drawn by vl-convert: {getting('report')}"
_EXTRAS = {
    **dict.fromkeys(
        ("dvc", "numpy", "safetensors", "scipy", "tensorflow", "threadpoolctl"), _TRAIN
    ),
    **dict.fromkeys(("jsonschema", "urllib3"), _COMMENT),
    "openlineage": _OPENLINEAGE,
    "vl_convert": _REPORT,
}


def guarded(run: Callable[[], None]) -> NoReturn:
    """Runs a command line and exits with its code; no traceback gets out."""
    try:
        run()
    except DvcincError as error:
        _exit(error.message, error.hint, error.exit_code)
    except ModuleNotFoundError as error:
        _missing(error)
    except KeyboardInterrupt:
        _exit("interrupted", "", _INTERRUPTED)
    except BrokenPipeError:
        # Whoever read us has gone; Python must not complain when it flushes.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(ExitCode.DONE)
    except Exception as error:  # noqa: BLE001 - a bug must not look like an answer
        _bug(error)
    sys.exit(ExitCode.DONE)


def _missing(error: ModuleNotFoundError) -> NoReturn:
    """The base install has no packages for training or posting; that is no bug."""
    package = (error.name or "").partition(".")[0]
    if package not in _EXTRAS:
        _bug(error)
    _exit(f"{package} is not installed", _EXTRAS[package], ExitCode.BAD_INPUT)


def _bug(error: Exception) -> NoReturn:
    if os.environ.get(_TRACEBACK):
        import traceback  # noqa: PLC0415 - hardly ever needed

        traceback.print_exc()
    _exit(
        f"this is a bug in dvcinc {__version__}: {type(error).__name__}: {error}",
        f"set {_TRACEBACK}=1 to see where, and report it",
        ExitCode.BUG,
    )


def _exit(message: str, hint: str, code: int) -> NoReturn:
    shown = "\n".join(map(visible, message.split("\n")))
    print(f"error: {shown}", file=sys.stderr)  # noqa: T201 - the place that prints
    if hint:
        print(f"hint: {visible(hint)}", file=sys.stderr)  # noqa: T201 - likewise
    sys.exit(code)
