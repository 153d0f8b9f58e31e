"""Where Rasa 3.6 is wrong: what it does with a change, and what we say of it."""

from __future__ import annotations

import pytest
from corpora import PIPELINE, SELECTING
from decision.judging import (
    BASE,
    OOV,
    F,
    N,
    R,
    S,
    judged,
    lines,
)

from dvcinc.config import Target

# Where Rasa 3.6 is wrong: what it does, ours; before and after as keyword arguments.
RASAS_MISTAKES = [
    (
        "accepts a new response key and leaves a dead selector",
        {
            "new": f"{BASE}\nfaq/ask_bike: may i take a bike",
            "config": (SELECTING, SELECTING),
        },
        {"DI206": S},
        S,
    ),
    (
        "accepts an intent without examples that a story still names",
        {
            "new": lines(bye=""),
            "domain": ("intents: [bye]\nstories: [{story: a, steps: [{intent: bye}]}]",)
            * 2,
        },
        {"DI202": S},
        S,
    ),
    (
        "crashes on the first regex of a project",
        {"new": f"{BASE}\nregex zip: [0-9]+"},
        {"DI112": F},
        F,
    ),
    (
        "crashes on the first lookup of a project",
        {"new": f"{BASE}\nlookup city: Rome"},
        {"DI112": F},
        F,
    ),
    (
        "moves feature indices at the first capitalised token",
        {"new": lines(greet="hi | hello | good day | Hello")},
        {"DI101": F},
        F,
    ),
    (
        "never learns a new word where there is an OOV_token",
        {
            "new": lines(greet="hi | hello | good day | servus"),
            "config": (OOV, OOV),
        },
        {"DI101": F},
        F,
    ),
    (
        "keeps removed synonyms active",
        {"new": BASE.replace("synonym Rome: roma | rome", "synonym Rome: roma")},
        {"DI111": R},
        R,
    ),
    (
        "refuses a default that is written down",
        {
            "new": BASE,
            "config": (
                PIPELINE,
                PIPELINE.replace("epochs: 100", "epochs: 100\n  drop_rate: 0.2"),
            ),
        },
        {},
        N,
    ),
    (
        "refuses entities in another order",
        {"new": BASE, "domain": ("entities: [city, name]", "entities: [name, city]")},
        {},
        N,
    ),
    (
        "refuses another version of the domain's format",
        {"new": BASE, "domain": ('version: "3.0"', 'version: "3.1"')},
        {},
        N,
    ),
    (
        "reports the first failing check alone",
        {
            "new": f"{BASE}\nbook: book it\ngreet: hi [Bob](name)",
            "domain": ("slots: {}", "slots: {name: {type: text}}"),
            "config": (
                PIPELINE,
                PIPELINE.replace("epochs: 100", "epochs: 100\n  drop_rate: 0.5"),
            ),
        },
        {"DI101": F, "DI201": S, "DI211": S, "DI301": S, "DI403": S},
        S,
    ),
]


@pytest.mark.parametrize(
    ("sides", "reasons", "mode"),
    [row[1:] for row in RASAS_MISTAKES],
    ids=[f"Rasa {row[0]}" for row in RASAS_MISTAKES],
)
def test_where_rasa_is_wrong_we_are_right(sides, reasons, mode):
    decision = judged(BASE, **sides)
    assert {reason.code: reason.mode for reason in decision.reasons} == reasons
    assert decision.targets[Target.NLU] is mode
