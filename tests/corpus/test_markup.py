"""Entity markup: its three forms, their mistakes, and the way back."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dvcinc.corpus.markup import (
    MarkupError,
    is_plain,
    parse_markup,
    span_order,
    write_markup,
)
from dvcinc.corpus.values import Span, Synonym


@pytest.mark.parametrize(
    ("marked", "text", "spans"),
    [
        ("hi", "hi", ()),
        ("", "", ()),
        ("hi [Bob](name)", "hi Bob", (Span(3, 6, "name"),)),
        ("[a](x)[b](y)", "ab", (Span(0, 1, "x"), Span(1, 2, "y"))),
        ('to [Rome]{"entity": "city", "role": "to"}', "to Rome",
         (Span(3, 7, "city", "to"),)),
        ('[x]{"entity": "e", "role": "", "group": "1"}', "x",
         (Span(0, 1, "e", None, "1"),)),
        ('[x]{"entity": "e", "group": 1}', "x", (Span(0, 1, "e", None, "1"),)),
        ('[x][{"entity": "b"}, {"entity": "a"}]', "x",
         (Span(0, 1, "a"), Span(0, 1, "b"))),
        ("[Zürich 🏔](ort)!", "Zürich 🏔!", (Span(0, 8, "ort"),)),
        ("  [ Bob ](name)  ", "Bob", (Span(0, 3, "name"),)),
        ("hi [ ](name)", "hi", ()),
        # What looks like markup and is none stays as it is.
        ("press [1][2] now", "press [1][2] now", ()),
        ("a [b] c", "a [b] c", ()),
        ("a (b) [", "a (b) [", ()),
        ("[](name)", "[](name)", ()),
        ("[a]()", "[a]()", ()),
        # Markup inside markup: Rasa takes the first closing bracket.
        ("[[Rome](city) inn](hotel)", "[Rome inn](hotel)", (Span(0, 5, "city"),)),
    ],
)  # fmt: skip
def test_markup_becomes_text_and_spans(
    marked: str, text: str, spans: tuple[Span, ...]
) -> None:
    assert parse_markup(marked)[:2] == (text, spans)


@pytest.mark.parametrize(
    ("marked", "synonyms"),
    [
        ("[NYC](city:New York)", (Synonym("NYC", "New York"),)),
        ('[NYC]{"entity": "city", "value": "New York"}', (Synonym("NYC", "New York"),)),
        ('[two]{"entity": "n", "value": 2}', (Synonym("two", "2"),)),
        ("[NYC](city:NYC)", ()),
        ("[NYC](city)", ()),
        ('[NYC]{"entity": "city", "value": ""}', ()),
        ('[x][{"entity": "a", "value": "1"}, {"entity": "b", "value": "2"}]',
         (Synonym("x", "1"), Synonym("x", "2"))),
    ],
)  # fmt: skip
def test_a_value_that_differs_from_the_text_is_a_synonym_and_no_part_of_the_span(
    marked: str, synonyms: tuple[Synonym, ...]
) -> None:
    said = parse_markup(marked)
    assert said.synonyms == synonyms
    assert len(said.spans) == max(len(synonyms), 1)


@pytest.mark.parametrize(
    ("marked", "column", "message"),
    [
        ("a [b]{entity: c}", 5, "entity is not valid JSON: {entity: c}"),
        ('[b]{"entity": "c",}', 3, 'entity is not valid JSON: {"entity": "c",}'),
        ('[b]{"role": "c"}', 3, 'entity has no "entity" name: {"role": "c"}'),
        ('[b]{"entity": 5}', 3, 'entity has no "entity" name: {"entity": 5}'),
        ('[b]{"entity": ""}', 3, "entity has an empty name"),
        ('[b]{"entity": "c", "rolle": "d"}', 3, "entity has an unknown key: rolle"),
        ('[b][{"entity": "c"}, 5]', None, None),
        ('[b][{"entity": "c"}, {}]', 3, 'entity has no "entity" name: {}'),
        (r'[b]{"entity": "\ud800"}', 3,
         r'entity is not valid JSON: {"entity": "\ud800"}'),
    ],
)  # fmt: skip
def test_markup_that_cannot_be_understood_is_an_error_at_its_column(
    marked: str, column: int | None, message: str | None
) -> None:
    if message is None:
        assert parse_markup(marked).text == marked
        return
    with pytest.raises(MarkupError) as caught:
        parse_markup(marked)
    assert (caught.value.column, caught.value.message) == (column, message)


def test_deeply_nested_json_is_an_error_and_no_crash() -> None:
    with pytest.raises(MarkupError):
        parse_markup('[b]{"entity": ' + "{" * 5 + "[" * 100_000 + "}")


@pytest.mark.parametrize(
    ("text", "plain"),
    [("hi", True), ("[a](b)", False), ("[a]{b}", False), ("[a]", True), (" a", False)],
)
def test_a_text_is_plain_if_it_reads_back_as_itself(text: str, plain: bool) -> None:  # noqa: FBT001
    assert is_plain(text) is plain


def test_a_span_that_no_markup_says_is_an_error() -> None:
    with pytest.raises(ValueError, match="no entity markup says"):
        write_markup("a]b", (Span(0, 3, "x"),))


names = st.text(
    st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Z", "C"]),
    min_size=1,
    max_size=8,
)
words = st.text("ab é🏔.,(){}:\"'-#\t\u2028\x85\x00", min_size=1, max_size=6)


@st.composite
def annotated(draw: st.DrawFn) -> tuple[str, tuple[Span, ...]]:
    """A text with spans on some of its words."""
    pieces = draw(
        st.lists(
            st.tuples(
                words,
                st.lists(
                    st.tuples(names, st.none() | names, st.none() | names), max_size=2
                ),
            ),
            min_size=1,
            max_size=5,
        )
    )
    text = "-"
    spans = set()
    for piece, mentions in pieces:
        start = len(text)
        text += piece
        spans |= {
            Span(start, len(text), entity, role, group)
            for entity, role, group in mentions
        }
    return f"{text}.", tuple(sorted(spans, key=span_order))


_MARKUP = re.compile(
    r"\[(?P<text>[^\]]+?)\]"
    r"(?:\((?P<entity>[^:)]+?)(?::(?P<value>[^)]+))?\)"
    r"|\{(?P<dict>[^}]+?)\}"
    r"|\[(?P<list>\s*\{[^\]]*?\}\s*)\])"
)
"""The markup in one expression: plain, and slow where many brackets are open."""


@given(st.text('[]](){}"ab: ,\n', max_size=30))
@example("[a[b](c)](d)")
@example('[]a](b) [a][ {"entity": "b"} ] [a](b:) [a](:b)')
def test_markup_is_what_the_expression_finds(marked: str) -> None:
    found = [*_MARKUP.finditer(marked)]
    try:
        said = parse_markup(marked)
    except MarkupError:
        assert any(match["dict"] or match["list"] for match in found)
        return
    text = _MARKUP.sub(lambda match: match["text"], marked).strip("\n\r ")
    assert said.text == text
    if any(match["dict"] or match["list"] for match in found):
        return
    assert {span.entity for span in said.spans} <= {match["entity"] for match in found}
    assert len(said.spans) == sum(1 for match in found if match["text"].strip("\n\r "))


@pytest.mark.parametrize("marked", ["[" * 200_000, "[]" * 100_000, "[a(b)" * 50_000])
def test_open_brackets_take_no_longer_than_other_text(marked: str) -> None:
    begun = time.perf_counter()
    assert parse_markup(marked).text == marked
    assert time.perf_counter() - begun < 2


@pytest.mark.parametrize(
    ("marked", "broken"),
    [
        ("to [Rome(city) now", "[Rome(city)"),
        ("to [New York(city:NYC)", "[New York(city:NYC)"),
        ("to [Rome)(city)", "[Rome)(city)"),
        ("to [Rome](city", "[Rome](city"),
        ("to Rome](city)", "to Rome](city)"),
        ("[](city)", "[](city)"),
        ("[Rome]()", "[Rome]()"),
        ("[[Rome](city) inn](hotel)", "[Rome inn](hotel)"),
        ('[Rome]{"entity": "city"', '[Rome]{"entity": "city"'),
        ('[Rome] {"entity": "city"}', '[Rome] {"entity": "city"}'),
        # Brackets of other kinds.
        ("to [Rome](city)", ""),
        ("press [1] (or [2])", ""),
        ("a [b] (c)", ""),
        ("[f(x)]", ""),
        ("[see f(x)] and (y)", ""),
        ("array[0](", ""),
        ("interval [0, 1)", ""),
        ("a smile :[ (sad)", ""),
        ("[x] {y}", ""),
        ("f(x)", ""),
        ("[", ""),
    ],
)
def test_only_markup_that_is_clearly_broken_is_told(marked: str, broken: str) -> None:
    assert parse_markup(marked).broken == broken


@given(annotated())
def test_what_is_written_as_markup_reads_back(
    said: tuple[str, tuple[Span, ...]],
) -> None:
    text, spans = said
    assert parse_markup(write_markup(text, spans))[:3] == (text, spans, ())


@given(st.text('[](){}"entiy: ,a\\', max_size=40))
def test_what_was_read_can_be_written_whatever_it_was(marked: str) -> None:
    try:
        text, spans, *_ = parse_markup(marked)
    except MarkupError:
        return
    assert parse_markup(write_markup(text, spans))[:2] == (text, spans)
