"""What forges make of Markdown: GitHub's own renderer, and another with links."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

import cmarkgfm
from cmarkgfm.cmark import Options
from markdown_it import MarkdownIt

OURS = {"br", "details", "summary"}
"""The HTML that a comment holds on purpose; all else comes from Markdown."""
# What forges look for in text that is no code: mentions, references, emoji, links.
_MEANT = re.compile(
    r"@[\w-]|[#!$&~^][\w{(\[*]|[a-z]-\d|:\w+:|www\.|\w://|\b[0-9a-f]{7,}\b|[*~_|\[\]<>\\`]",
    re.IGNORECASE,
)


@dataclass
class Seen(HTMLParser):
    """What a page shows: its elements, its links, and its text outside code."""

    elements: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)

    def __post_init__(self):
        super().__init__()

    def handle_starttag(self, tag, attrs):
        self.elements.append(tag)
        self.links += [value for name, value in attrs if name in {"href", "src"}]
        if tag not in {"br", "img", "hr", "input"}:
            self.open.append(tag)
        if tag == "code":
            self.codes.append("")

    def handle_endtag(self, tag):
        if tag in self.open:
            while self.open.pop() != tag:
                pass

    def handle_data(self, data):
        if "code" in self.open:
            self.codes[-1] += data
        else:
            self.text.append(data)

    def meant(self) -> list[str]:
        """What a forge would take for more than text."""
        return _MEANT.findall("\n".join(self.text))


def _page(html: str) -> Seen:
    seen = Seen()
    seen.feed(html)
    seen.close()
    return seen


def github(markdown: str) -> Seen:
    """As GitHub's own renderer shows it; HTML is let through, so that it is seen."""
    options = Options.CMARK_OPT_UNSAFE
    return _page(cmarkgfm.github_flavored_markdown_to_html(markdown, options))


def other(markdown: str) -> Seen:
    """As markdown-it shows it, which links whatever looks like an address."""
    parser = MarkdownIt("gfm-like", {"linkify": True, "html": True})
    return _page(parser.render(markdown))


def both(markdown: str) -> tuple[Seen, Seen]:
    """As both show it."""
    return github(markdown), other(markdown)
