"""`compare`: fine-tuned against from scratch, as text, JSON, Markdown and a page."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from dvcinc.comparison.noise import Verdict
from dvcinc.errors import ExitCode, InputError
from dvcinc.plan.files import put_file
from dvcinc.render.comparison import page_of
from dvcinc.render.comparison_json import comparison_json
from dvcinc.render.json import text as json_text
from dvcinc.render.page import as_markdown, as_text
from dvcinc.render.page_html import as_html
from dvcinc.surfaces.terminal import Terminal, painter, show

if TYPE_CHECKING:
    from dvcinc.stages.compare import Wish

_CODES = {
    Verdict.WITHIN: ExitCode.DONE,
    Verdict.WORSE: ExitCode.CHECK_SAID_NO,
    Verdict.CANNOT_TELL: ExitCode.CANNOT_TELL,
}


def compare(
    path: Path, wish: Wish, form: str, html: Path | None, *, with_code: bool
) -> None:
    """Compares, prints the result in a form, and writes the page if one is wanted.

    Raises:
        DvcincError: There is nothing to compare, or something cannot be understood.
    """
    from dvcinc.stages.compare import run_compare  # noqa: PLC0415 - trains

    if html is not None and not html.absolute().parent.is_dir():
        # Told before minutes of training, and not after.
        raise InputError(f"{html}: its folder is missing", "make it first")
    found = run_compare(path, wish, Terminal())
    page = page_of(found)
    if form == "json":
        show(json_text(comparison_json(found)))
    else:
        show(as_markdown(page) if form == "md" else as_text(page, painter()))
    if html is not None:
        put_file(as_html(page).encode(), html)
    if with_code:
        sys.exit(_CODES[found.verdict])
