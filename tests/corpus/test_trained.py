"""What of a corpus is learned: keys only where a selector covers them."""

from __future__ import annotations

import pytest
from corpora import PIPELINE, SELECTING, corpus

from dvcinc.corpus.selectors import EVERY, Selectors, selectors_of, told_apart
from dvcinc.corpus.trained import trained

DATA = "greet: hi\nfaq/a: x | y\nfaq/b: x\nchitchat/c: z"
FAQ_ALONE = SELECTING + "  retrieval_intent: faq\n"


@pytest.mark.parametrize(
    ("intent", "selectors", "expected"),
    [
        ("greet", EVERY, "greet"),
        ("faq/a", EVERY, "faq/a"),
        ("faq/a", ("faq",), "faq/a"),
        ("faq/a/b", ("faq",), "faq/a/b"),
        ("faq/a", ("help",), "faq"),
        ("faq/a", ("help", None), "faq/a"),
        ("faq/a", (), "faq"),
        ("faq", ("faq",), "faq"),
    ],
)
def test_a_key_is_told_apart_where_it_is_covered(
    intent: str, selectors: Selectors, expected: str
) -> None:
    assert told_apart(intent, selectors) == expected


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        # Without a pipeline nobody knows, so all counts.
        ("", EVERY),
        (PIPELINE, ()),
        (SELECTING, EVERY),
        (FAQ_ALONE, ("faq",)),
        (FAQ_ALONE + "- name: rasa.nlu.selectors.ResponseSelector\n", ("faq", None)),
    ],
)
def test_a_pipeline_says_what_is_covered(config: str, expected: Selectors) -> None:
    assert selectors_of(corpus(config=config).config) == expected


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        (PIPELINE, {("greet", "hi"), ("faq", "x"), ("faq", "y"), ("chitchat", "z")}),
        (
            FAQ_ALONE,
            {
                ("greet", "hi"),
                ("faq/a", "x"),
                ("faq/a", "y"),
                ("faq/b", "x"),
                ("chitchat", "z"),
            },
        ),
        (
            SELECTING,
            {
                ("greet", "hi"),
                ("faq/a", "x"),
                ("faq/a", "y"),
                ("faq/b", "x"),
                ("chitchat/c", "z"),
            },
        ),
    ],
)
def test_what_is_learned_of_examples(
    config: str, expected: set[tuple[str, str]]
) -> None:
    found = trained(corpus(DATA, config=config))
    assert {(example.intent, example.text) for example in found.examples} == expected


def test_what_is_learned_is_learned_once() -> None:
    once = trained(corpus(DATA, config=FAQ_ALONE))
    assert trained(once).examples == once.examples
