"""HTML by elements: whatever is not markup already is escaped, so names stay text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from dvcinc.render.escape import shown

_MOST = 800
"""Characters of a text, whoever wrote it; names are cut where they are told."""
_VOID = frozenset({"br", "meta"})


class Html(str):
    """Markup that is whole and means no harm."""

    __slots__ = ()


SPACE = Html(" ")


def element(name: str, /, *inside: str, **said: str | int | None) -> Html:
    """An element.

    Args:
        name: Its tag.
        inside: Markup, or text on one line that is escaped and cut to a length.
        said: Attributes; `aria_label` is `aria-label`, `class_` is `class`. Those that
            are `None` are left out.
    """
    attributes = "".join(
        f' {_attribute(key)}="{escape(shown(str(value), _MOST))}"'
        for key, value in said.items()
        if value is not None
    )
    if name in _VOID:
        return Html(f"<{name}{attributes}>")
    return Html(f"<{name}{attributes}>{joined(inside)}</{name}>")


def _attribute(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def joined(inside: Iterable[str]) -> Html:
    """Markup and escaped texts behind each other."""
    return Html("".join(map(_whole, inside)))


def _whole(part: str) -> str:
    return part if isinstance(part, Html) else escape(shown(part, _MOST), quote=False)


def table(
    caption: str, head: Sequence[str], rows: Iterable[Sequence[str]], words: int = 1
) -> Html:
    """A table that scrolls by itself where it is too wide, also by keyboard.

    Args:
        caption: What it tells.
        head: The names of the columns.
        rows: The cells; the first of each row names it.
        words: Columns from the left that hold words; the others hold numbers.
    """
    names = (
        element("th", name, scope="col", class_=_kind(at, words))
        for at, name in enumerate(head)
    )
    body = (_row(cells, words) for cells in rows)
    inside = (
        element("caption", caption),
        element("thead", element("tr", *names)),
        element("tbody", *body),
    )
    # A region that scrolls must be reached by the keyboard, and have a name.
    return element(
        "div",
        element("table", *inside),
        class_="scroll",
        tabindex=0,
        role="group",
        aria_label=caption,
    )


def _row(cells: Sequence[str], words: int) -> Html:
    first, *rest = cells
    return element(
        "tr",
        element("th", first, scope="row"),
        *(
            element("td", cell, class_=_kind(at, words))
            for at, cell in enumerate(rest, 1)
        ),
    )


def _kind(at: int, words: int) -> str | None:
    return None if at < words else "n"


def folded(summary: str, *inside: str) -> Html:
    """What opens on a click."""
    return element("details", element("summary", summary), *inside)


def terms(pairs: Iterable[tuple[str, str]]) -> Html:
    """Words and what is said of each; what is empty is left out."""
    parts = (
        part
        for word, said in pairs
        if said
        for part in (element("dt", word), element("dd", said))
    )
    return element("dl", *parts)
