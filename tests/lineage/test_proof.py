"""What a check can find, and how much it weighs; the page that explains it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dvcinc.lineage.proof import Aspect, Check, Finding, Proof, Weight

PAGE = (Path(__file__).parents[2] / "docs/proof.md").read_text(encoding="utf-8")


def sections():
    parts = re.split(r"^### (LV\d{3})\n", PAGE, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_each_check_has_its_section_in_the_order_of_the_codes():
    assert [*sections()] == [check.code for check in Check]
    assert [*sections()] == sorted(sections())


@pytest.mark.parametrize("check", Check, ids=lambda check: check.code)
def test_a_section_begins_with_title_and_weight(check):
    said = f"**{check.title}** ({check.weight.word})."
    assert sections()[check.code].strip().startswith(said)


@pytest.mark.parametrize("aspect", Aspect)
def test_the_page_says_what_is_checked(aspect):
    assert f"| `{aspect.value}` |" in PAGE


def finding(check):
    return Finding(check.code, "0123456789:lineage.json", "text")


@pytest.mark.parametrize(
    ("checks", "weight"),
    [
        ([], Weight.NOTE),
        ([Check.COMMIT_GONE], Weight.NOTE),
        ([Check.COMMIT_GONE, Check.NOT_STORED], Weight.UNTOLD),
        ([Check.NOT_STORED, Check.LOCK, Check.RULES], Weight.WRONG),
    ],
)
def test_the_gravest_finding_counts(checks, weight):
    found = Proof.of(None, set(), map(finding, checks))
    assert found.weight is weight


def test_what_is_found_twice_is_told_once_and_in_order():
    found = Proof.of(None, {Aspect.MODE, Aspect.RECORD}, map(finding, [*Check, *Check]))
    assert [one.check for one in found.findings] == [*Check]
    assert found.checked == (Aspect.RECORD, Aspect.MODE)
