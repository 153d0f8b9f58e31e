"""What `verify` makes of two models' answers, its report, and the mark on a model."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvcinc.config import Mode
from dvcinc.errors import InputError
from dvcinc.lineage.paired import LEVEL, MIN_SUPPORT, Outcome
from dvcinc.lineage.record import PATH as LINEAGE
from dvcinc.lineage.record import DataRecord, Lineage, Record
from dvcinc.lineage.verified import (
    PATH,
    Fate,
    Untouched,
    Verified,
    judged,
    mark,
    read_verified,
)

KEPT, WORSE, BREACH, TOO_FEW = Fate.KEPT, Fate.WORSE, Fate.BREACH, Fate.TOO_FEW


def answers(name: str, known: int, lost: int, won: int = 0) -> list[Outcome]:
    """Texts of an intent that both models know, and that only one of them knows."""
    return [
        *[Outcome(name, name, name)] * known,
        *[Outcome(name, name, "other")] * lost,
        *[Outcome(name, "other", name)] * won,
    ]


def fates(outcomes: Sequence[Outcome], limit: float | None) -> dict[str, Fate]:
    names = frozenset(outcome.actual for outcome in outcomes)
    return {kept.name: kept.fate for kept in judged(outcomes, names, limit)}


@pytest.mark.parametrize(
    ("known", "lost", "won", "limit", "fate"),
    [
        # Two texts of forty are noise, whatever is allowed.
        (38, 2, 0, 0.0, TOO_FEW),
        (38, 2, 0, 0.05, KEPT),
        (38, 2, 0, None, KEPT),
        # Eight of forty are not.
        (32, 8, 0, 0.05, BREACH),
        (32, 8, 0, 0.5, WORSE),
        (32, 8, 0, None, WORSE),
        (32, 8, 0, 0.0, BREACH),
        # As many are won as are lost.
        (20, 8, 8, 0.0, KEPT),
        (20, 0, 8, 0.0, KEPT),
        # All of five may be judged, all of four may be chance.
        (0, 5, 0, 0.05, BREACH),
        (0, 4, 0, 0.05, TOO_FEW),
        (4, 0, 0, 0.05, TOO_FEW),
        (5, 0, 0, 0.05, KEPT),
    ],
)
def test_a_breach_is_too_much_and_more_than_chance(
    known: int, lost: int, won: int, limit: float | None, fate: Fate
) -> None:
    assert fates(answers("a", known, lost, won), limit) == {"a": fate}


def test_a_loss_as_large_as_is_allowed_is_none_too_much() -> None:
    outcomes = answers("a", 0, 40)
    assert fates(outcomes, 1.0) == {"a": WORSE}
    assert fates(outcomes, 0.99) == {"a": BREACH}


def test_min_support_is_where_a_test_can_say_something() -> None:
    assert 2**-MIN_SUPPORT <= LEVEL < 2 ** -(MIN_SUPPORT - 1)


def test_intents_that_the_delta_touches_are_not_judged() -> None:
    outcomes = [*answers("a", 0, 20), *answers("b", 20, 0)]
    (only,) = judged(outcomes, {"b", "untested"}, 0.05)
    assert (only.name, only.support) == ("b", 20)


def test_texts_of_a_touched_intent_that_are_taken_for_another_count() -> None:
    stolen = [Outcome("touched", "touched", "a")] * 20
    (only,) = judged([*answers("a", 20, 0), *stolen], {"a"}, 0.05)
    assert (only.fate, only.lost, only.won) == (BREACH, 20, 0)


def test_the_largest_loss_comes_first() -> None:
    outcomes = [*answers("b", 20, 5), *answers("a", 20, 0), *answers("c", 20, 9)]
    found = judged(outcomes, {"a", "b", "c"}, None)
    assert [kept.name for kept in found] == ["c", "b", "a"]


# --- the report -------------------------------------------------------------------


def verified(*intents: Untouched, model: str = "sha256:m") -> Verified:
    return Verified(
        base="sha256:b",
        model=model,
        limit=0.05,
        examples=40,
        touched=("t",),
        intents=intents,
    )


def kept(name: str = "a", fate: Fate = BREACH) -> Untouched:
    return Untouched(
        name=name,
        support=40,
        before=1.0,
        after=0.75,
        lost=10,
        won=0,
        p=0.001,
        fate=fate,
    )


SHARES = st.floats(0, 1)
COUNTS = st.integers(0, 10**6)
REPORTS = st.builds(
    Verified,
    base=st.text(),
    model=st.text(),
    limit=st.none() | SHARES,
    examples=COUNTS,
    touched=st.lists(st.text()).map(tuple),
    intents=st.lists(
        st.builds(
            Untouched,
            name=st.text(),
            support=COUNTS,
            before=SHARES,
            after=SHARES,
            lost=COUNTS,
            won=COUNTS,
            p=SHARES,
            fate=st.sampled_from(Fate),
        )
    ).map(tuple),
)


@given(REPORTS)
def test_a_report_reads_back(report: Verified) -> None:
    assert read_verified(report.to_bytes()) == report


def test_what_dvc_shows_as_metrics_is_counted() -> None:
    fates = (BREACH, WORSE, KEPT, KEPT, TOO_FEW)
    intents = (kept(str(n), fate) for n, fate in enumerate(fates))
    said = json.loads(verified(*intents).to_bytes())
    (full,) = said["verified"]
    assert said["passed"] is False
    assert (said["worse"], said["breaches"]) == (2, 1)
    assert (full["judged"], full["too_few"]) == (4, 1)


def test_without_a_breach_it_has_passed() -> None:
    said = json.loads(verified(kept(fate=WORSE)).to_bytes())
    assert said["passed"] is True


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b'{"schema": "dvcinc/verify/2"}',
        verified(kept()).to_bytes().replace(b'"breach"', b'"lost"'),
        verified(kept()).to_bytes().replace(b'"support": 40', b'"support": "many"'),
    ],
)
def test_another_document_is_refused(data: bytes) -> None:
    with pytest.raises(InputError, match=PATH):
        read_verified(data)


def test_without_a_limit_nothing_is_a_breach() -> None:
    """Whatever a report says that somebody has written by hand."""
    by_hand = replace(verified(kept()), limit=None)
    side = Side(lineage=lineage("sha256:m"), report=by_hand.to_bytes())
    assert by_hand.breaches == ()
    assert mark(side) is None


def test_a_breach_names_intents_numbers_and_limit() -> None:
    assert verified(kept("faq")).breach() == (
        "an intent that the delta does not touch lost more F1 against the base than "
        "policy.max_f1_drop (0.05) allows: faq 1.000 → 0.750 (40 texts, p 0.001)"
    )


def test_of_many_intents_the_first_are_named() -> None:
    said = verified(*(kept(f"i{n}") for n in range(9))).breach()
    assert said.startswith("9 intents that the delta does not touch")
    assert said.endswith(" and 4 more")
    assert "i4 1.000" in said
    assert "i5" not in said


# --- the mark ---------------------------------------------------------------------


class Side:
    """A side of some files."""

    name, commit = "side", None

    def __init__(self, **files: bytes) -> None:
        self.files = {LINEAGE: files.get("lineage"), PATH: files.get("report")}

    def read(self, path: str) -> bytes | None:
        return self.files[path]


def lineage(digest: str) -> bytes:
    record = Record(
        digest=digest,
        dvc="",
        mode=Mode.FINETUNE,
        ran="finetuned",
        parent=None,
        data=DataRecord(digest="d", examples=1, intents=1, entities=0),
        reasons=(),
        preset="strict",
        commit=None,
        seconds=0.0,
        steps=0,
    )
    return Lineage(base=record, model=record).to_bytes()


def test_a_recorded_model_that_lost_too_much_is_marked() -> None:
    report = verified(kept())
    side = Side(lineage=lineage("sha256:m"), report=report.to_bytes())
    assert mark(side) == report


@pytest.mark.parametrize(
    "side",
    [
        Side(lineage=lineage("sha256:m")),
        Side(report=verified(kept()).to_bytes()),
        Side(lineage=lineage("sha256:n"), report=verified(kept()).to_bytes()),
        Side(lineage=lineage("sha256:m"), report=verified(kept(fate=WORSE)).to_bytes()),
        Side(lineage=lineage("sha256:m"), report=b"{"),
        Side(lineage=b"{", report=verified(kept()).to_bytes()),
    ],
    ids=["no report", "no lineage", "another model", "passed", "odd", "odd lineage"],
)
def test_nothing_else_is_a_mark(side: Side) -> None:
    assert mark(side) is None
