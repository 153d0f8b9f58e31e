"""Test data against the labels that there are."""

from __future__ import annotations

import pytest
from corpora import corpus

from dvcinc.lineage.tested import Known, known_in, warnings_of

DATA = "greet: hi\nbye: ciao\ntravel: to [Rome](city)\nfaq/ask_wifi: wifi"
ALL = "greet: hey\nbye: so long\ntravel: to [Oslo](city)\nfaq/ask_wifi: wlan"

ONCE = "is in 1 test and nowhere else"


def said(tests: str, **renamed: str) -> list[str]:
    known = known_in(corpus(DATA), renamed)
    return [*map(str, warnings_of(corpus(tests).examples, known))]


@pytest.mark.parametrize(
    ("tests", "expected"),
    [
        (ALL, []),
        (f"{ALL}\nfaq: something", []),
        (
            f"{ALL}\nhello: good day | hey",
            ["data/nlu.yml:15: intent hello is in 2 tests and nowhere else"],
        ),
        (
            f"{ALL}\ngreets: good day",
            [f"data/nlu.yml:15: intent greets {ONCE}; did you mean greet?"],
        ),
        (
            f"{ALL}\ntravel: to [Oslo](citi)",
            [f"data/nlu.yml:11: entity type citi {ONCE}; did you mean city?"],
        ),
        ("greet: hey", ["no test example for 3 intents: bye, faq, travel"]),
        (ALL.replace("bye: so long\n", ""), ["no test example for 1 intent: bye"]),
    ],
)
def test_tests_of_what_is_not_there_and_what_is_there_without_tests(tests, expected):
    found = said(tests)
    assert [one.partition(": ")[2] or one for one in found] == [
        one.partition(": ")[2] or one for one in expected
    ]
    assert all(one.startswith(("data/nlu.yml:", "no test")) for one in found)


def test_a_rename_names_the_new_name():
    (found,) = said(f"{ALL}\nhello: good day", hello="greet")
    assert found.endswith("; it is now called greet")


def test_a_rename_to_what_is_gone_as_well_is_not_told():
    (found,) = said(f"{ALL}\nhello: good day", hello="welcome")
    assert "called" not in found


def test_where_no_entity_types_are_told_none_are_missed():
    known = Known(intents=frozenset({"travel"}))
    assert [*warnings_of(corpus("travel: to [Oslo](x)").examples, known)] == []


def test_hundreds_of_names_are_a_few_lines():
    tests = "\n".join(f"old_{n}: text {n}" for n in range(300))
    found = said(f"{ALL}\n{tests}")
    assert len(found) == 21
    assert found[-1] == "280 more names of intents are in tests and nowhere else"
