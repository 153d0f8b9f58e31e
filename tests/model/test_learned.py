"""Annotations that no model can learn, or answer as they stand, are told of."""

from __future__ import annotations

import pytest
from corpora import PIPELINE, corpus

from dvcinc.corpus.pipeline import read_pipeline
from dvcinc.corpus.values import Example, Span
from dvcinc.model.batches import encode
from dvcinc.model.features import Featurizer
from dvcinc.model.labels import Labels
from dvcinc.model.learned import misaligned
from dvcinc.model.vocabulary import Vocabulary

CUT = "cuts a token and is not learned"
EMPTY = "holds no token and is not learned"
OTHER = "begins or ends where no token does; it can only be answered as "


def warnings(*examples: Example) -> tuple[str, ...]:
    pipeline = read_pipeline(corpus(config=PIPELINE).config)
    labels = Labels().extended(examples, pipeline.tokenizer)
    featurizer = Featurizer(pipeline, Vocabulary())
    return misaligned(encode(examples, featurizer, labels))


def annotated(marked: str) -> Example:
    """A text with what is annotated between bars."""
    before, middle, _ = marked.split("|")
    start = len(before)
    span = Span(start, start + len(middle), "city")
    return Example("go", marked.replace("|", ""), (span,))


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        # The edges are those of tokens.
        ("to |Rome|", ""),
        ("to |Rome|.", ""),
        ("to |New York| now", ""),
        ("to |St. Ives|", ""),
        ("|Rome|", ""),
        # An edge lies within a token.
        ("to |Rom|e", CUT),
        ("to New |Yor|k", CUT),
        ("|to R|ome", CUT),
        ("to R|ome now|", CUT),
        # An edge lies on what the tokenizer drops.
        ("to |Rome.|", f"{OTHER}'Rome'"),
        ("to |Rome!| now", f"{OTHER}'Rome'"),
        ("to| Rome|", f"{OTHER}'Rome'"),
        ("to |Rome | now", f"{OTHER}'Rome'"),
        ('to |"New York"|', f"{OTHER}'New York'"),
        ("to |St.|", f"{OTHER}'St'"),
        # There is no token at all.
        ("to Rome| !|", EMPTY),
        ("to Rome |😀|", EMPTY),
        ("to| |Rome", EMPTY),
    ],
)
def test_an_annotation_whose_edges_are_no_tokens_is_told_of(marked, expected):
    example = annotated(marked)
    (span,) = example.spans
    found = warnings(example)
    if not expected:
        assert found == ()
        return
    said = example.text[span.start : span.end]
    assert found == (
        f"{example.text!r}: the annotation of {said!r} as city {expected}",
    )


def test_each_annotation_is_told_of_and_no_other():
    one = Example("go", "to Rome. Oslo", (Span(3, 8, "city"), Span(9, 13, "city")))
    two = Example("go", "via Bonn", (Span(4, 7, "city"),))
    plain = Example("go", "no annotation.", ())
    assert [said.partition(":")[0] for said in warnings(one, plain, two)] == [
        "'to Rome. Oslo'",
        "'via Bonn'",
    ]
