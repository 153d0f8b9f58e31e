"""Which intents the stage `verify` leaves out: those that the delta touches."""

from __future__ import annotations

import pytest
from corpora import SELECTING, corpus

from dvcinc.changes import labels
from dvcinc.config import Train
from dvcinc.corpus.tables import Tables
from dvcinc.corpus.trained import trained
from dvcinc.plan.base import Versions, cut
from dvcinc.plan.delta import compare
from dvcinc.stages.finetune import PlannedDelta, read_delta
from dvcinc.stages.verify import touched

BASE = "greet: hi | hello\nbye: ciao | so long\nfaq/wifi: wifi\nfaq/food: food | drink"


def planned(after: str) -> PlannedDelta:
    """The delta from `BASE`, written and read as the stages do."""
    was, now = (trained(corpus(text, config=SELECTING)) for text in (BASE, after))
    base = cut(was, Train(), Versions(model_format=1, feature_code=1), None)
    return read_delta(compare(base, now, labels(was, now)).files(100))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("", "", set()),
        # Added, taken out, and one for the other.
        ("hi | hello", "hi | hello | hey", {"greet"}),
        ("hi | hello", "hi", {"greet"}),
        ("hi | hello", "hi | hey", {"greet"}),
        # Another annotation is another example.
        ("ciao | so long", "ciao | [so](x) long", {"bye"}),
        # A text that moves touches both.
        ("hi | hello\nbye: ciao", "hi\nbye: ciao | hello", {"greet", "bye"}),
        # A key is told by its intent.
        ("food | drink", "food | drink | cake", {"faq"}),
    ],
)
def test_an_intent_is_touched_that_gains_or_loses_an_example(before, after, expected):
    assert touched(planned(BASE.replace(before, after)), Tables()) == expected


def test_a_renamed_intent_is_touched_under_its_name_of_today():
    delta = planned(BASE.replace("hi | hello", "hi | hello | hey"))
    tables = Tables(intent_renames=(("greet", "welcome"), ("bye", "greet")))
    assert touched(delta, tables) == {"welcome"}
