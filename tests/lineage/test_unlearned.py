"""What could not be learned is named, and harms nobody who reads of it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvcinc.corpus.values import Example
from dvcinc.errors import InputError
from dvcinc.lineage.unlearned import (
    MAX_CHARACTERS,
    MAX_NAMED,
    Named,
    Unlearned,
    read_unlearned,
)
from dvcinc.plan.json import Reader
from dvcinc.text.visible import visible

texts = st.text(max_size=300)
examples = st.lists(
    st.builds(Example, texts, texts, st.just(())),
    max_size=30,
)


def read(said: object) -> Unlearned:
    return read_unlearned(Reader(said, "lineage.json"), "lineage.json")


def of(*texts: str) -> Unlearned:
    return Unlearned.of([Example("greet", text, ()) for text in texts])


@given(examples)
def test_what_was_written_reads_back_as_itself(found):
    said = Unlearned.of(found)
    assert read(json.loads(json.dumps(said.to_json()))) == said


@given(examples, st.randoms())
def test_the_order_of_the_examples_does_not_matter(found, random):
    shuffled = random.sample(found, len(found))
    assert Unlearned.of(shuffled) == Unlearned.of(found)


@given(examples)
def test_nothing_that_a_terminal_obeys_is_written(found):
    for named in Unlearned.of(found).named:
        for said in (named.intent, named.text):
            assert visible(said) == said
            assert len(said) <= MAX_CHARACTERS


def test_the_first_twenty_are_named_and_all_are_counted():
    found = of(*(f"text {n:02}" for n in reversed(range(33))))
    assert found.count == 33
    assert [named.text for named in found.named] == [f"text {n:02}" for n in range(20)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hello", "hello"),
        ("\x1b[31mred\x9b0m", " [31mred 0m"),
        ("good\u202egnihton", "good gnihton"),
        ("a\nb\u2028c\td", "a b c d"),
        ("x" * 200, "x" * 200),
        ("x" * 10_000, "x" * 199 + "…"),
        ("<img src=x>", "<img src=x>"),  # for whoever renders it to escape
    ],
)
def test_a_hostile_text_stands_on_one_short_line(text, expected):
    assert of(text).named == (Named("greet", expected),)


@pytest.mark.parametrize(
    "said",
    [
        {"unlearned": "3"},
        {"unlearned": -1},
        {"unlearned": 0, "unlearned_examples": [{"intent": "a", "text": "b"}]},
        {"unlearned": 1, "unlearned_examples": {}},
        {"unlearned": 1, "unlearned_examples": ["text"]},
        {"unlearned": 1, "unlearned_examples": [{"intent": "a"}]},
        {"unlearned": 1, "unlearned_examples": [{"intent": "a", "text": 3}]},
        {"unlearned": 1, "unlearned_examples": [{"intent": "a", "text": "\x1b"}]},
        {"unlearned": 1, "unlearned_examples": [{"intent": "a", "text": "b" * 201}]},
        {
            "unlearned": 99,
            "unlearned_examples": [{"intent": "a", "text": "b"}] * (MAX_NAMED + 1),
        },
    ],
)
def test_what_was_never_written_so_is_refused(said):
    with pytest.raises(InputError, match=r"lineage\.json"):
        read(said)
