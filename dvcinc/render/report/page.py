"""A story to one HTML file: no network, dark and light, by keyboard and read aloud.

Pictures stand beside tables that say the same.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files

from dvcinc.lineage.seeds import Seeds
from dvcinc.lineage.story import Story
from dvcinc.render.report import sections
from dvcinc.render.report.details import details, link
from dvcinc.render.report.elements import Html, element, joined
from dvcinc.render.report.graph import Ids, graph, ids, legend
from dvcinc.render.report.telling import commit, headline, without
from dvcinc.render.report.theme import variables


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a report is of.

    Attributes:
        project: Its path from the top of the repository; `.` for that.
        revision: What was asked for, for people.
        story: The models.
        seeds: How far metrics spread from seed to seed, where that was measured.
    """

    project: str
    revision: str
    story: Story
    seeds: Seeds | None = None


def page(report: Report) -> str:
    """The file; whatever names and messages say, they are shown as text."""
    title = heading(report)
    style = Html(variables() + _file("page.css"))
    script = Html(_file("page.js"))
    head = (
        element("meta", charset="utf-8"),
        Html(_policy(style, script)),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", title),
        element("style", style),
    )
    top = (
        element("a", "Skip to the models", href="#main", class_="skip"),
        element(
            "header",
            element("h1", title),
            element(
                "button", "Dark or light", id="theme", type="button", class_="toggle"
            ),
        ),
        element("main", *_main(report), id="main"),
        element("script", script),
    )
    body = joined((element("head", *head), element("body", *top)))
    return f"<!doctype html>\n{element('html', body, lang='en')}\n"


def heading(report: Report) -> str:
    """What the report is of."""
    of = "" if report.project == "." else f" of {report.project}"
    return f"Models{of} at {report.revision}"


def _policy(style: str, script: str) -> str:
    """Nothing is loaded, and nothing runs or styles but what stands here."""
    allowed = (
        "default-src 'none'",
        f"style-src '{_hash(style)}'",
        f"script-src '{_hash(script)}'",
        "base-uri 'none'",
        "form-action 'none'",
    )
    said = "; ".join(allowed)
    return f'<meta http-equiv="Content-Security-Policy" content="{said}">'


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


def _file(name: str) -> str:
    return (files("dvcinc.render.report") / name).read_text(encoding="utf-8")


def _main(report: Report) -> Iterator[Html]:
    story = report.story
    if not story.told:
        yield element("p", without(story))
    for said in story.missing:
        yield element("p", said, class_="warn")
    if not story.told:
        return
    known = ids(story)
    yield _tiles(report)
    yield _section("Lineage", *_lineage(story, known))
    for title, parts in sections.all_of(story, report.seeds, known):
        yield _section(title, *parts)
    yield _section("What each commit changed", details(story, known))


def _section(title: str, *inside: str) -> Html:
    return element("section", element("h2", title), *inside)


def _tiles(report: Report) -> Html:
    tiles = (
        element("div", element("dt", word), element("dd", said))
        for word, said in headline(report.story)
    )
    return element("dl", *tiles, class_="tiles")


def _lineage(story: Story, known: Ids) -> Iterator[Html]:
    current = story.current
    if current:
        yield element(
            "p",
            Html("The current model is "),
            link(current.digest, known),
            Html(", brought by "),
            element("code", commit(current.made)),
            Html("; its base is "),
            link(current.base.digest, known),
            Html("."),
        )
    yield legend()
    if story.more:
        yield element("p", f"{story.more:,} older models are left off (-n).")
    # Only what scrolls is focused itself; the links in it are anyway.
    picture = element("div", graph(story), class_="picture")
    panel = element(
        "section", id="panel", class_="panel", aria_label="The model that is chosen"
    )
    yield element("div", picture, panel, class_="lineage")
