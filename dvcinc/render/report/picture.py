"""Vega-Lite to pictures that stand in a page: no script, colours of the page's theme.

`vl-convert` carries Vega-Lite and asks no network. It comes with the extra `report`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.etree import ElementTree as ET

from dvcinc.render.report.elements import Html, element, joined
from dvcinc.render.report.theme import colour
from dvcinc.yaml import Json

WIDTH = 1000
_WIDE = 52 * 16
"""Pixels; a wider picture shrinks with the page, a narrower one keeps its size."""
_SVG = "http://www.w3.org/2000/svg"
_DROPPED = {
    "aria-hidden",
    "aria-roledescription",
    "class",
    "font-family",
    "pointer-events",
    "role",
    "stroke-miterlimit",
}
_USUAL = {
    ("opacity", "1"),
    ("fill-opacity", "1"),
    ("stroke-width", "1"),
    ("stroke-width", "0"),
    ("x2", "0"),
    ("y2", "0"),
    ("transform", "translate(0,0)"),
}
"""What an attribute says that means the same without it."""
_PLACES = {"d", "transform", "x", "y", "x2", "y2", "width", "height"}
_LONG = re.compile(r"-?\d+\.\d\d+")
_EMPTY = re.compile(r"M0,0h0v0h0Z|")
_FONT = "sans-serif"
_CONFIG: dict[str, Json] = {
    "font": _FONT,
    "background": None,
    "view": {"stroke": None},
    "axis": {
        "labelColor": colour("muted"),
        "titleColor": colour("muted"),
        "titleFontWeight": "normal",
        "gridColor": colour("grid"),
        "domainColor": colour("line"),
        "tickColor": colour("line"),
        "labelFontSize": 11,
        "titleFontSize": 11,
        "labelLimit": 240,
    },
    "legend": {
        "labelColor": colour("text"),
        "labelFontSize": 12,
        "title": None,
        "orient": "top",
    },
    "title": {"color": colour("text"), "fontSize": 12, "anchor": "start"},
    "header": {"labelColor": colour("text"), "titleColor": colour("text")},
}


def picture(spec: Mapping[str, Json], name: str, said: str) -> Html:
    """A chart as SVG.

    Args:
        spec: What Vega-Lite is to draw, with its data.
        name: An id that no other chart of the page has.
        said: What it shows, for those who cannot see it.
    """
    import vl_convert  # noqa: PLC0415 - an extra

    whole = {**spec, "config": _CONFIG}
    drawn = vl_convert.vegalite_to_svg(whole, allowed_base_urls=[])
    root = ET.fromstring(drawn)  # noqa: S314 - Vega's own, which has no entities
    for node in [*root.iter()]:
        _mend(node, name)
    size = {key: root.get(key, "") for key in ("width", "height", "viewBox")}
    inside = (_text(child) for child in root)
    return element(
        "svg",
        joined((element("title", said), *inside)),
        role="img",
        aria_label=said,
        class_="chart wide" if float(root.get("width", 0)) > _WIDE else "chart",
        **size,
    )


def _mend(node: ET.Element, name: str) -> None:
    """Takes out what shows nothing; what a mark says becomes its tooltip."""
    for child in [*node]:
        if _EMPTY.fullmatch(child.get("d", " ")) and not len(child):
            node.remove(child)
    label = node.attrib.pop("aria-label", "")
    is_mark = node.get("role") == "graphics-symbol" and not len(node)
    for key in _DROPPED.intersection(node.attrib):
        del node.attrib[key]
    for key, value in [*node.items()]:
        if (key, value) in _USUAL:
            del node.attrib[key]
            continue
        # Each picture counts its clips from 0.
        told = value.replace("url(#", f"url(#{name}-")
        node.set(key, _LONG.sub(_rounded, told) if key in _PLACES else told)
    if "id" in node.attrib:
        node.set("id", f"{name}-{node.get('id')}")
    if is_mark and label:
        ET.SubElement(node, f"{{{_SVG}}}title").text = label


def _rounded(number: re.Match[str]) -> str:
    """A place to a tenth of a pixel."""
    return f"{float(number.group()):.1f}".removesuffix(".0")


def _text(node: ET.Element) -> Html:
    ET.register_namespace("", _SVG)
    said = ET.tostring(node, encoding="unicode")
    return Html(said.replace(f' xmlns="{_SVG}"', ""))
