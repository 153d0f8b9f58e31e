"""A comparison as text, Markdown, a page and JSON; hostile names stay text."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from importlib.resources import files

import pytest
from comparison.trials import about, asked, compared, trial
from jsonschema import Draft202012Validator
from render.rendering import both
from render.test_escape import HOSTILE

from dvcinc.comparison.noise import Verdict
from dvcinc.comparison.result import Trials, concluded
from dvcinc.comparison.trial import Answer, Entity, wanted
from dvcinc.corpus.values import Example, Place, Span
from dvcinc.render.comparison import page_of, said
from dvcinc.render.comparison_json import comparison_json
from dvcinc.render.headline import listed
from dvcinc.render.page import Page, Quoted, Table, as_markdown, as_text
from dvcinc.render.page_html import as_html

SCHEMA = json.loads(
    (files("dvcinc.render") / "schemas" / "comparison.json").read_bytes()
)
TESTS = asked(*["a"] * 12, *["b"] * 8)
ACCURACY = "intent accuracy"
LOSS = f"{ACCURACY} (−0.350)"
GOOD = [(0,), (1,), (2,)]
BAD = [tuple(range(8))] * 3
WITHIN = compared(TESTS, GOOD, GOOD, touched=("a",))
WORSE = compared(TESTS, BAD, GOOD)
FEW = compared(TESTS, BAD[:1], GOOD[:1])
WIDE = compared(TESTS, [(), (0, 1, 2, 3), ()], [(0,), (1,), (2,)])
OTHERWISE = "Within noise on average, but with other answers"
MANY = asked(*["a"] * 60, *["b"] * 60)
# As good on average, at other tests.
OTHERS, SAME = [(5, 6, 7)] * 3, [(0, 1, 2)] * 3
ALL = [WITHIN, WORSE, FEW, WIDE]


@pytest.mark.parametrize(
    ("found", "verdict", "title"),
    [
        (
            compared(MANY, GOOD, GOOD),
            Verdict.WITHIN,
            "Within noise: the fine-tuned model is as good as one from scratch",
        ),
        (
            WITHIN,
            Verdict.WITHIN,
            "Within noise, as far as 20 tests can tell",
        ),
        (
            compared(MANY, OTHERS, SAME),
            Verdict.WITHIN,
            OTHERWISE,
        ),
        (
            compared(TESTS, OTHERS, SAME),
            Verdict.WITHIN,
            f"{OTHERWISE}, as far as 20 tests can tell",
        ),
        (
            WORSE,
            Verdict.WORSE,
            f"Worse: the fine-tuned model loses {LOSS} against one from scratch",
        ),
        (
            FEW,
            Verdict.CANNOT_TELL,
            "Cannot tell from 1 seed: the noise takes at least 3 seeds (--seeds 3)",
        ),
        (
            WIDE,
            Verdict.CANNOT_TELL,
            f"Cannot tell: 3 seeds are too few for {ACCURACY} (--seeds 6)",
        ),
    ],
)
def test_the_title_is_the_verdict_and_what_to_do(found, verdict, title):
    assert found.verdict is verdict
    page = page_of(found)
    assert page.title == title
    assert as_text(page).startswith(f"{title}\n")
    assert as_markdown(page).startswith(f"**{title}**\n")
    assert f"<title>{title}</title>" in as_html(page)


@pytest.mark.parametrize(
    ("names", "said"), [("a", "a"), ("ab", "a and b"), ("abc", "a, b and c")]
)
def test_names_in_a_sentence(names, said):
    assert listed([*names]) == said


@pytest.mark.parametrize("found", ALL)
def test_the_json_is_of_its_schema(found):
    document = json.loads(json.dumps(comparison_json(found)))
    Draft202012Validator(SCHEMA).validate(document)
    assert document["verdict"] == found.verdict.value
    assert document["seeds"] == [*found.about.seeds]


def test_the_schema_is_one_and_refuses_more():
    Draft202012Validator.check_schema(SCHEMA)
    assert not Draft202012Validator(SCHEMA).is_valid(
        {**comparison_json(WITHIN), "more": 1}
    )


def test_the_text_tells_of_all_that_was_measured():
    text = as_text(page_of(WORSE))
    for line in (
        "  data:  work tree",
        "  base:  the plan at 0123456789, 1,200 examples",
        "  delta: +30 −2 examples",
        "  test:  20 examples, the same for all models",
        "  seeds: 1, 2, 3",
        "  time              2.5 s         2.5 s  100 %",
        "  steps                40            40  100 %",
        "  peak memory       3 MiB         3 MiB  100 %",
        "  from scratch / another seed  10.0 %                   10.0 %",
    ):
        assert line in text.splitlines()
    assert "0.600 ± 0.000  0.950 ± 0.000      −0.350  −0.350 … −0.350" in text
    assert "test.yml:1  a         other (0 of 3)  right (2 of 3)" in text


@pytest.mark.parametrize(
    ("tests", "tuned", "scratch", "colour"),
    [
        (asked(*"a" * 100), GOOD, GOOD, "green"),
        (asked(*"a" * 99), GOOD, GOOD, "yellow"),
        (asked(*"a" * 100), OTHERS, SAME, "yellow"),
        # Three models that differ by a test each are as different as seeds are.
        (asked(*"a" * 100), [(3,), (4,), (5,)], GOOD, "green"),
    ],
)
def test_green_is_what_many_tests_and_the_answers_bear_out(
    tests, tuned, scratch, colour
):
    found = compared(tests, tuned, scratch)
    assert found.verdict is Verdict.WITHIN
    assert page_of(found).colour == colour


def test_the_colour_is_that_of_the_verdict():
    painted = [
        as_text(page_of(one), lambda text, style: f"{style}:{text}") for one in ALL
    ]
    assert [one.partition(":")[0] for one in painted] == [
        "yellow",
        "red",
        "yellow",
        "yellow",
    ]


def test_what_was_not_measured_is_a_dash():
    model = trial(TESTS, spent=None)
    trials = Trials(base=(model,), tuned=(model,), scratch=(model,))
    text = as_text(page_of(concluded(about(seeds=(1,)), TESTS, (), trials)))
    assert " +0.000              –      –  cannot tell" in text
    assert "another seed" not in text
    assert "Cost" not in text


def test_intents_that_are_worse_come_first_and_are_counted():
    tests = asked(*["a"] * 30, *["b"] * 3)
    bad, good = trial(tests, range(20), f1={"a": 0.7, "b": 0.5}), trial(tests)
    trials = Trials(base=(good,) * 3, tuned=(bad,) * 3, scratch=(good,) * 3)
    text = as_text(page_of(concluded(about(), tests, ("a",), trials)))
    rows = text.partition("Intents by F1: 1 intent worse beyond doubt\n")[
        2
    ].splitlines()
    assert rows[1].split()[:4] == ["a", "worse,", "touched", "30"]
    assert rows[2].split()[:4] == ["b", "few", "tests", "3"]


def test_a_long_list_says_how_many_more_there_are():
    tests = asked(*["a"] * 40)
    found = compared(tests, [tuple(range(30))] * 3, [()] * 3)
    text = as_text(page_of(found))
    assert "… and 10 more, which --json has." in text
    assert len(comparison_json(found)["differing"]) == 30


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer("greet"), "greet"),
        (Answer(""), "–"),
        (Answer("faq", "faq/wifi"), "faq/wifi"),
        (Answer("greet", "faq/wifi"), "greet"),
        (
            Answer(
                "go", None, frozenset({Entity(8, 12, "city", "to"), Entity(0, 2, "x")})
            ),
            "go [go: x, York: city#to]",
        ),
    ],
)
def test_an_answer_in_short(answer, words):
    assert said(answer, "go then York") == words


# --- hostile text -------------------------------------------------------------------


def hostile(text):
    """A comparison in which anybody may have written all that people write."""
    name = text.replace("/", "-") or "x"
    example = Example(name, text or "x", (Span(0, 1, text or "x"),))
    tests = {example: Place(text or "x", 1)}
    answer = Answer(text, None, frozenset({Entity(0, 1, text or "x", text)}))
    bad, good = trial(tests, (0,), answer=answer), trial(tests, f1={name: 0.5})
    trials = Trials(base=(good,), tuned=(bad,), scratch=(good,))
    asked_for = about(seeds=(1,), source=text or "x", base_name=text or "x")
    return concluded(asked_for, tests, (name,), trials)


class Seen(HTMLParser):
    """The elements and attributes of a page."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.attributes = set(), set()
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)


PLAIN = Seen(as_html(page_of(WORSE)))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_text_in_markdown(text):
    for seen in both(as_markdown(page_of(hostile(text)))):
        assert seen.links == []
        assert not {"script", "img", "details", "summary", "a"} & {*seen.elements}
        assert seen.meant() == []


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_text_in_the_page(text):
    seen = Seen(as_html(page_of(hostile(text))))
    assert seen.tags <= PLAIN.tags | {"code"}
    assert seen.attributes <= PLAIN.attributes


def test_the_page_draws_each_model_and_says_its_values():
    html = as_html(page_of(WIDE))
    assert html.count("<circle") == 9
    assert (
        'aria-label="base 0.950, 0.950, 0.950; fine-tuned 1.000, 0.800, 1.000; ' in html
    )
    assert html.count("<svg") == 1


def test_values_that_are_all_the_same_are_drawn_in_one_place():
    html = as_html(page_of(compared(TESTS, [()] * 2, [()] * 2)))
    assert html.count('<circle cx="95.0"') == html.count("<circle") == 6


def test_each_row_of_a_table_has_a_head():
    html = as_html(page_of(WORSE))
    assert html.count('<th scope="row">') == html.count("<tr>") - html.count("<thead>")


def test_the_page_needs_no_script_and_no_network():
    html = as_html(page_of(WORSE))
    assert not {"script", "link", "img", "iframe"} & PLAIN.tags
    assert not {"src", "href", "onclick"} & PLAIN.attributes
    assert "default-src 'none'" in html
    assert "http" not in html.replace("http-equiv", "")


def test_text_obeys_no_terminal():
    text = as_text(page_of(hostile("a\x1b[31mb\u202ec\nd")))
    assert not any(c in text for c in "\x1b\u202e")


@pytest.mark.parametrize("found", [hostile(text) for text in ("<b>", "\x00", "x")])
def test_hostile_json_is_of_its_schema(found):
    Draft202012Validator(SCHEMA).validate(comparison_json(found))


# --- tables -------------------------------------------------------------------------


def test_words_are_aligned_left_and_numbers_right():
    table = Table(
        title="T",
        head=("", "n"),
        rows=(("a", "1"), (Quoted("bcd"), "1,000")),
        note="N.",
    )
    page = Page(title="P", colour="green", lead=(), strips=(), tables=(table,))
    assert as_text(page) == "P\n\nT\n           n\n  a        1\n  bcd  1,000\n  N."
    rows = as_markdown(page).splitlines()
    assert rows[-6:-2] == ["|  | n |", "|---|---:|", "| a | 1 |", "| `bcd` | 1,000 |"]


def test_the_expected_answer_of_an_example_is_what_the_test_says():
    example = Example("go", "to York", (Span(3, 7, "city"),))
    assert said(wanted(example), example.text) == "go [York: city]"


def test_what_makes_a_verdict_modest_stands_beside_it():
    text = as_text(page_of(compared(TESTS, OTHERS, SAME)))
    assert "under 100 tell little: one more that fails is 5.0 %" in text
    assert "30.0 % of the answers are other ones, with another seed 0.0 %" in text
    text = as_text(page_of(compared(MANY, GOOD, GOOD)))
    assert "tell little" not in text
    assert "other ones" not in text
