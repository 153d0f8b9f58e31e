"""Pages of histories that nobody trained, and how to look at them."""

from __future__ import annotations

from functools import cache

import html5lib

from dvcinc.lineage.history import read_history
from dvcinc.lineage.seeds import Seeds
from dvcinc.lineage.story import story
from dvcinc.render.report.page import Report
from dvcinc.snapshot.git import open_git

SEEDS = Seeds(commit=None, count=3, spread={"intent.macro_f1": 0.004})


def report_of(path, most=200, seeds=None, project="."):
    """The report of a repository."""
    git = open_git(path)
    told = story(git, read_history(git, git.head()), most)
    return Report(project=project, revision="HEAD", story=told, seeds=seeds)


@cache
def parsed(text):
    """A page as browsers read it; any mistake in it is an error."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    return parser.parse(text)


def name_of(element):
    """The name of an element without its namespace; empty for a comment."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def words(element):
    """The text in an element."""
    return " ".join("".join(element.itertext()).split())
