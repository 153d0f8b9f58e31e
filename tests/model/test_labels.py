"""Labels keep their places; annotations become tags and come back."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvcinc.corpus.values import EntityLabel, Example, Span
from dvcinc.errors import InputError
from dvcinc.model.batches import labelled
from dvcinc.model.labels import Labels, base_intent
from dvcinc.text.settings import TokenizerSettings
from dvcinc.text.tokenizer import Tokenizer

PLAIN = TokenizerSettings()
CITY, DATE = EntityLabel("city"), EntityLabel("date")
BILOU = Labels(entities=(CITY, DATE))
SINGLE = Labels(entities=(CITY, DATE), bilou=False)


def tags(labels: Labels, text: str, *spans: Span) -> list[int]:
    return labels.encode(Tokenizer(PLAIN).tokens(text), spans)


def example(intent: str, *entities: str) -> Example:
    spans = tuple(Span(at, at + 1, name) for at, name in enumerate(entities))
    return Example(intent, "abcdef", spans)


@pytest.mark.parametrize(
    ("intent", "expected"),
    [("greet", "greet"), ("faq/ask_wifi", "faq"), ("faq/a/b", "faq")],
)
def test_a_retrieval_intent_is_predicted_by_its_base(
    intent: str, expected: str
) -> None:
    assert base_intent(intent) == expected


def test_new_labels_go_behind_the_old_ones_in_order() -> None:
    first = Labels().extended([example("m", "m"), example("n")], PLAIN)
    then = first.extended([example("z"), example("a", "a"), example("m")], PLAIN)
    assert then.intents == ("m", "n", "a", "z")
    assert then.entities == (EntityLabel("m"), EntityLabel("a"))


def test_examples_are_labelled_by_their_intents() -> None:
    labels = Labels().extended([example("m"), example("n")], PLAIN)
    assert labelled([example("n"), example("m"), example("n")], labels) == [1, 0, 1]


def test_a_model_without_intents_labels_all_alike() -> None:
    assert labelled([example("m"), example("n")], Labels()) == [0, 0]


def test_an_example_of_an_intent_that_the_model_lacks_is_refused() -> None:
    labels = Labels().extended([example("m")], PLAIN)
    with pytest.raises(InputError, match="'abcdef' is an example of intent 'n', which"):
        labelled([example("m"), example("n")], labels)


def test_roles_and_groups_are_labels_of_their_own() -> None:
    spans = (Span(0, 1, "city", "from"), Span(2, 3, "city"), Span(4, 5, "city", "to"))
    labels = Labels().extended([Example("go", "abcdef", spans)], PLAIN)
    assert labels.entities == (
        CITY,
        EntityLabel("city", "from"),
        EntityLabel("city", "to"),
    )


def test_a_split_intent_shares_the_rows_of_its_parts() -> None:
    split = TokenizerSettings(intent_tokenization=True)
    labels = Labels().extended([example("book_bus"), example("book_train")], split)
    assert labels.parts == ("book", "bus", "train")
    assert labels.part_ids == ((0, 1), (0, 2))
    assert np.allclose(np.square(labels.part_matrix).sum(axis=1), 1)


@pytest.mark.parametrize(
    ("labels", "text", "spans", "expected"),
    [
        (BILOU, "to Rome", (Span(3, 7, "city"),), [0, 4]),
        (BILOU, "New York May", (Span(0, 8, "city"), Span(9, 12, "date")), [1, 3, 8]),
        (BILOU, "a b c", (Span(0, 5, "date"),), [5, 6, 7]),
        (SINGLE, "New York May", (Span(0, 8, "city"), Span(9, 12, "date")), [1, 1, 2]),
        # An unknown type, and a span that cuts a word, as Rasa drops them.
        (BILOU, "to Rome", (Span(3, 7, "person"),), [0, 0]),
        (BILOU, "to Rome", (Span(3, 6, "city"),), [0, 0]),
        # Punctuation at its edge is no token, so it cuts none.
        (BILOU, "to Rome!", (Span(3, 8, "city"),), [0, 4]),
    ],
)
def test_tags(
    labels: Labels, text: str, spans: tuple[Span, ...], expected: list[int]
) -> None:
    assert tags(labels, text, *spans) == expected


@given(st.lists(st.sampled_from([(0, CITY), (1, CITY), (2, DATE), (3, DATE)])))
def test_spans_come_back_from_their_tags(runs: list[tuple[int, EntityLabel]]) -> None:
    spans, words = [], 0
    for gap, label in runs:
        words += gap
        spans.append((words, words + gap + 1, label))
        words += gap + 1
    text = " ".join("w" for _ in range(words))
    given_spans = [Span(2 * s, 2 * e - 1, label.entity) for s, e, label in spans]
    assert BILOU.decode(tags(BILOU, text, *given_spans)) == spans


def test_what_is_encoded_is_allowed() -> None:
    follows, opens, closes = BILOU.allowed()
    path = tags(BILOU, "a b c d", Span(0, 5, "city"), Span(6, 7, "date"))
    assert opens[path[0]]
    assert closes[path[-1]]
    assert all(follows[a, b] for a, b in pairwise(path))


@pytest.mark.parametrize(
    ("before", "after", "allowed"),
    [(0, 2, False), (1, 0, False), (1, 6, False), (3, 2, False), (4, 5, True)],
)
def test_a_path_holds_whole_entities(
    before: int,
    after: int,
    allowed: bool,  # noqa: FBT001 - a column of the table
) -> None:
    assert bool(BILOU.allowed()[0][before, after]) is allowed
