"""A page of tables to one HTML file: no scripts, no network, dark and light."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from dvcinc.render.escape import shown
from dvcinc.render.page import Page, Quoted, Strip, Table

_MOST = 400
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_STYLE = """\
:root { color-scheme: light dark; --line: #8884; --soft: #8881 }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto;
  padding: 0 1rem }
h1 { font-size: 1.4rem } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem }
h1.green { border-left: .4rem solid #2a8 } h1.red { border-left: .4rem solid #d33 }
h1.yellow { border-left: .4rem solid #da2 } h1 { padding-left: .6rem }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem }
dt { font-weight: 600 } dd { margin: 0 }
div { overflow-x: auto } table { border-collapse: collapse }
th, td { text-align: left; padding: .25rem .8rem .25rem 0; vertical-align: top;
  border-bottom: 1px solid var(--line) }
tbody th { font-weight: normal }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
code { background: var(--soft); padding: 0 .2rem; overflow-wrap: anywhere }
p { max-width: 50rem }
figure { margin: 0 2rem 1rem 0; display: inline-block } figcaption { font-weight: 600 }
svg { font: 12px system-ui, sans-serif; fill: currentColor }
svg line { stroke: var(--line) } svg circle { fill-opacity: .6 }
"""
_WIDTH, _LEFT, _LANE, _DOT = 360, 90, 22, 5


def as_html(page: Page) -> str:
    """The page; whatever names and texts say, they are shown as text."""
    title = escape(page.title)
    return "".join(
        (
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n',
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n',
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n',
            f"<title>{title}</title>\n<style>\n{_STYLE}</style>\n</head>\n<body>\n",
            f'<main>\n<h1 class="{page.colour}">{title}</h1>\n<dl>\n',
            *(
                f"<dt>{escape(word)}</dt><dd>{''.join(map(_cell, parts))}</dd>\n"
                for word, parts in page.lead
            ),
            "</dl>\n",
            *map(_strip, page.strips),
            *(part for table in page.tables for part in _table(table)),
            "</main>\n</body>\n</html>\n",
        )
    )


def _strip(strip: Strip) -> str:
    """Dots on one scale, a lane for each group; read aloud as their values."""
    values = [value for _, group in strip.groups for value in group]
    if not values:
        return ""
    low, high = min(values), max(values)
    said = "; ".join(
        f"{name} {', '.join(f'{value:.3f}' for value in group)}"
        for name, group in strip.groups
    )
    lanes = [
        _lane(name, [(v - low) / ((high - low) or 1) for v in group], at)
        for at, (name, group) in enumerate(strip.groups)
    ]
    bottom = len(lanes) * _LANE + 14
    ends = (
        f'<text x="{_LEFT}" y="{bottom}">{low:.3f}</text>'
        f'<text x="{_WIDTH - _DOT}" y="{bottom}" text-anchor="end">{high:.3f}</text>'
    )
    return (
        f"<figure><figcaption>{escape(strip.title)}</figcaption>"
        f'<svg role="img" aria-label="{escape(said)}" width="{_WIDTH}" '
        f'height="{bottom + 4}">{"".join(lanes)}{ends}</svg></figure>\n'
    )


def _lane(name: str, shares: Sequence[float], at: int) -> str:
    y, span = at * _LANE + _LANE // 2, _WIDTH - _LEFT - 2 * _DOT
    dots = "".join(
        f'<circle cx="{_LEFT + _DOT + share * span:.1f}" cy="{y}" r="{_DOT}"/>'
        for share in shares
    )
    return (
        f'<text x="0" y="{y + 4}">{escape(name)}</text>'
        f'<line x1="{_LEFT}" y1="{y}" x2="{_WIDTH}" y2="{y}"/>{dots}'
    )


def _table(table: Table) -> Iterator[str]:
    yield f"<section>\n<h2>{escape(table.title)}</h2>\n"
    yield '<div tabindex="0"><table>\n<thead>'
    yield _head(table)
    yield "</thead>\n<tbody>\n"
    for cells in table.rows:
        yield _row(table, cells)
    yield "</tbody>\n</table></div>\n"
    if table.note:
        yield f"<p>{escape(table.note)}</p>\n"
    yield "</section>\n"


def _head(table: Table) -> str:
    cells = (
        f'<th scope="col"{_kind(table, at)}>{_cell(cell)}</th>'
        for at, cell in enumerate(table.head)
    )
    return f"<tr>{''.join(cells)}</tr>"


def _row(table: Table, cells: tuple[str, ...]) -> str:
    first, *others = cells
    rest = (
        f"<td{_kind(table, at)}>{_cell(cell)}</td>" for at, cell in enumerate(others, 1)
    )
    return f'<tr><th scope="row">{_cell(first)}</th>{"".join(rest)}</tr>\n'


def _kind(table: Table, at: int) -> str:
    return "" if at < table.words else ' class="n"'


def _cell(cell: str) -> str:
    if isinstance(cell, Quoted):
        return f"<code>{escape(shown(cell, _MOST))}</code>"
    return escape(cell)
