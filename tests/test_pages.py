"""Every console block of the documentation is run by a test, and compared in full."""

from __future__ import annotations

import re
from pathlib import Path

import pages
import pytest

TESTS = Path(__file__).parent
ALL = [
    "README.md",
    *(f"docs/{p.name}" for p in sorted((pages.ROOT / "docs").glob("*.md"))),
]


def test_each_page_with_a_console_block_is_run():
    with_blocks = {page for page in ALL if pages.BLOCK.search(pages.text(page))}
    assert with_blocks == {*pages.PAGES}


@pytest.mark.parametrize(("page", "test"), pages.PAGES.items())
def test_the_test_that_is_named_runs_the_page(page, test):
    code = (TESTS / test).read_text(encoding="utf-8")
    assert f'"{page}"' in code
    assert "pages.run(" in code


@pytest.mark.parametrize("page", ALL)
def test_links_to_files_lead_somewhere(page):
    prose = re.sub(r"```.*?```|`[^`\n]*`", "", pages.text(page), flags=re.DOTALL)
    folder = (pages.ROOT / page).parent
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", prose):
        assert (folder / target).exists(), target


def test_pictures_are_small():
    pictures = [*(pages.ROOT / "docs/images").iterdir()]
    assert pictures
    assert max(picture.stat().st_size for picture in pictures) < 200_000


# --- the comparison ---------------------------------------------------------------

SAID = "one 0123abcd\ntwo  \n\nthree took 4.5 s\n"


@pytest.mark.parametrize(
    "shown",
    [
        "one 0123abcd\ntwo\n\nthree took 4.5 s\n",
        "one ffffffff\ntwo\n\nthree took 61 s\n",
        "…\n",
        "one …\n…\n",
        "…\nthree took …\n",
        "one 0123abcd\n…\nthree t… s\n",
        "one 0123abcd\n…\ntwo\n\n…\nthree took 4.5 s\n",
    ],
)
def test_what_is_shown_as_it_is_passes(shown):
    pages.check(shown, SAID)


@pytest.mark.parametrize(
    "shown",
    [
        "",
        "one 0123abcd\n",
        "two\n\nthree took 4.5 s\n",
        "one 0123abcd\nthree took 4.5 s\n",
        "…\nthree\n",
        "…\ntwo\none 0123abcd\n…\n",
        "one 0123abcd\ntwo\n\nthree took 4.5 s\nfour\n",
    ],
)
def test_what_is_shown_otherwise_fails(shown):
    with pytest.raises(AssertionError):
        pages.check(shown, SAID)


def test_what_prints_nothing_is_shown_with_nothing():
    pages.check("", "")
    pages.check("…\n", "")
    with pytest.raises(AssertionError):
        pages.check("x\n", "")
