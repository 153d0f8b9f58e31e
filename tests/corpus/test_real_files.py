"""Files as repositories have them: saved by every editor, merged, generated, broken."""

from __future__ import annotations

import time
import unicodedata

import pytest

from dvcinc.corpus.readers import read_lookup, read_part
from dvcinc.corpus.values import Corpus, Example, Place, Span
from dvcinc.errors import InputError

PATH = "data/nlu.yml"
HI = "nlu:\n- intent: greet\n  examples: |\n    - hi\n"


def read(data: str | bytes, path: str = PATH) -> Corpus:
    return read_part(data.encode() if isinstance(data, str) else data, path).corpus


def block(*texts: str) -> str:
    lines = "".join(f"    - {text}\n" for text in texts)
    return f"nlu:\n- intent: greet\n  examples: |\n{lines}"


def texts(corpus: Corpus) -> list[str]:
    return [example.text for example in corpus.examples]


def intent(said: str) -> str:
    return f"nlu:\n- intent: {said}\n  examples: |\n    - hi\n"


COMPOSED, DECOMPOSED = "caf\u00e9", "cafe\u0301"


@pytest.mark.parametrize(
    ("data", "found"),
    [
        pytest.param(HI.replace("\n", "\r\n"), ["hi"], id="windows line ends"),
        pytest.param("\ufeff" + HI, ["hi"], id="byte-order mark"),
        pytest.param("\ufeff" + HI.replace("\n", "\r\n"), ["hi"], id="both"),
        pytest.param(HI.rstrip("\n"), ["hi"], id="no end of the last line"),
        pytest.param(HI + "\n\n   \n", ["hi"], id="blank lines at the end"),
        pytest.param("---\n" + HI + "...\n", ["hi"], id="document marks"),
        pytest.param("%YAML 1.2\n---\n" + HI, ["hi"], id="a YAML directive"),
        pytest.param(block("a\tb"), ["a\tb"], id="a tab in a text"),
        pytest.param(block("a\t"), ["a\t"], id="a tab at its end"),
        pytest.param(block("a\u200bb"), ["a\u200bb"], id="a zero-width space"),
        pytest.param(block("a\u00a0b"), ["a\u00a0b"], id="a hard space"),
        pytest.param(block("\u202ea"), ["\u202ea"], id="a mark of direction"),
        pytest.param(block("👩‍👩‍👧 🇩🇪"), ["👩‍👩‍👧 🇩🇪"], id="joined emoji"),
        pytest.param(block("مرحبا", "你好"), ["مرحبا", "你好"], id="scripts"),
        pytest.param(block("- hi", "--"), ["- hi", "--"], id="dashes"),
        pytest.param(block("hi", "hi ", "  hi"), ["hi"], id="the same but for blanks"),
        pytest.param(block("Hi", "hi"), ["Hi", "hi"], id="case counts"),
        pytest.param(
            block(COMPOSED, DECOMPOSED), [COMPOSED, DECOMPOSED], id="normal forms"
        ),
        pytest.param(
            "nlu:\n- intent: greet\n  examples: >\n    - hi\n    - yo\n",
            ["hi - yo"],
            id="folded: one line, as in Rasa",
        ),
        pytest.param(
            "nlu:\n- intent: greet\n  examples: >\n    - hi\n\n    - yo\n",
            ["hi", "yo"],
            id="folded, with blank lines between",
        ),
        pytest.param(
            "nlu:\n- intent: greet\n  examples:\n  - text: |\n      hi\n"
            "  - text: |\n      yo\n      ho\n",
            ["hi", "yo\nho"],
            id="a list of blocks",
        ),
        pytest.param(
            "nlu:\n- intent: greet\n  examples: &e |\n    - hi\n"
            "- intent: bye\n  examples: *e\n",
            ["hi", "hi"],
            id="an alias",
        ),
        pytest.param("", [], id="empty"),
        pytest.param("\n\n", [], id="blank"),
        pytest.param("# nothing yet\n", [], id="nothing but comments"),
        pytest.param("\ufeff", [], id="nothing but a byte-order mark"),
        pytest.param("---\n", [], id="nothing but a document mark"),
        pytest.param("nlu:\n", [], id="no items"),
    ],
)  # fmt: skip
def test_a_file_is_read_as_it_is_meant(data: str, found: list[str]) -> None:
    corpus = read(data)
    assert texts(corpus) == found
    assert not corpus.warnings


@pytest.mark.parametrize(
    ("data", "error"),
    [
        pytest.param(
            "nlu:\n- intent: a\n\texamples: |\n", "3:1: not YAML: ", id="a tab indents"
        ),
        pytest.param(
            "nlu:\n- intent: a\n  examples: |\n\t- hi\n",
            "4:1: not YAML: ",
            id="a tab indents a block",
        ),
        pytest.param(
            HI + "nlu: []\n", "5:1: the file says 'nlu' twice", id="a key twice"
        ),
        pytest.param(
            HI + "---\n" + HI,
            "5:1: a second YAML document begins in the file",
            id="two documents",
        ),
        pytest.param(
            HI.replace("hi", "café").encode("latin-1"),
            "4:10: not UTF-8: byte 0xe9",
            id="latin-1",
        ),
        pytest.param(HI.encode("utf-16"), "1:1: not UTF-8: byte 0xff", id="UTF-16"),
        pytest.param(
            HI.encode("utf-16-be"), "1:1: not YAML: ", id="UTF-16 without a mark"
        ),
        pytest.param(
            HI + "<<<<<<< HEAD\n    - yo\n=======\n    - ho\n>>>>>>> theirs\n",
            "7:1: not YAML: ",
            id="a merge conflict",
        ),
        pytest.param(
            "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n",
            "1:1: a Git LFS pointer",
            id="a Git LFS pointer",
        ),
        pytest.param(HI.replace("hi", "h\0i"), "4:8: not YAML: ", id="a NUL"),
        pytest.param(intent("a").replace("nlu:", "nlu: &a") + "- *b\n",
                     "5:3: ", id="an alias of nothing"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_an_error_at_its_place(
    data: str | bytes, error: str
) -> None:
    with pytest.raises(InputError) as caught:
        read(data)
    assert caught.value.message.startswith(f"{PATH}:{error}")


def test_the_ways_out_are_told() -> None:
    hints = {
        "nlu:\n- intent: a\n\texamples: |\n": "indent with blanks, not with tabs",
        "nlu:\n- intent: a\n  examples: |\n\t- hi\n": "indent with blanks",
        HI + "<<<<<<< HEAD\n": "resolve the merge conflict whose markers stand at",
        HI + "nlu: []\n": "the first stands at line 1",
    }
    for data, hint in hints.items():
        with pytest.raises(InputError) as caught:
            read(data)
        assert hint in caught.value.hint


def test_unicode_is_not_normalised_as_in_rasa() -> None:
    forms = [unicodedata.normalize(form, "ﬁancé") for form in ("NFC", "NFD", "NFKC")]
    assert texts(read(block(*forms))) == forms


def test_the_same_text_under_two_intents_is_two_examples() -> None:
    data = HI + "- intent: bye\n  examples: |\n    - hi\n"
    assert read(data).examples == {
        Example("greet", "hi"): Place(PATH, 4),
        Example("bye", "hi"): Place(PATH, 7),
    }


@pytest.mark.parametrize(
    "name", ["yes", "no", "on", "null", "~", "true", "1.0", "007", "1e3", "0x1F", "é"]
)
def test_an_intent_keeps_the_name_that_is_written(name: str) -> None:
    (example,) = read(intent(name)).examples
    assert example.intent == name
    (quoted,) = read(intent(f'"{name}"')).examples
    assert quoted == example


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("un[happy](mood)ness", Span(2, 7, "mood")),
        ("[Rome,](city) now", Span(0, 5, "city")),
        ("[ Rome ](city)", Span(0, 4, "city")),
        ("[a b](x)c", Span(0, 3, "x")),
        ("[👩‍👩‍👧](who)", Span(0, 5, "who")),
    ],
)
def test_an_entity_stays_where_it_is_written_also_within_a_token(
    text: str, span: Span
) -> None:
    (example,) = read(block(text)).examples
    assert example.spans == (span,)


def test_an_annotation_that_is_clearly_broken_is_told_and_plain_brackets_are_not():
    corpus = read(block("to [Rome(city)", "press [1] (or [2])", "to [Rome](city"))
    assert texts(corpus) == ["to [Rome(city)", "press [1] (or [2])", "to [Rome](city"]
    assert corpus.warnings == (
        f"{PATH}:4: '[Rome(city)' looks like an entity and is none",
        f"{PATH}:6: '[Rome](city' looks like an entity and is none",
    )


def test_a_lookup_file_of_ten_thousand_lines_is_read_at_once() -> None:
    data = "".join(f"Street {n}\r\n" for n in range(10_000)).encode()
    begun = time.perf_counter()
    lookups = read_lookup(data, "streets.txt", "street").lookups
    assert time.perf_counter() - begun < 1
    assert [*lookups.values()][-1] == Place("streets.txt", 10_000)


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"version https://git-lfs.github.com/spec/v1\n", "1:1: a Git LFS pointer"),
        (b"a\n<<<<<<< HEAD\nb\n", "2:1: a merge conflict stands in the file"),
        ("a\n".encode("utf-16"), "1:1: not UTF-8: byte 0xff"),
    ],
)
def test_a_lookup_file_that_is_none_is_an_error(data: bytes, error: str) -> None:
    with pytest.raises(InputError) as caught:
        read_lookup(data, "streets.txt", "street")
    assert caught.value.message.startswith(f"streets.txt:{error}")


def test_a_line_of_a_lookup_file_ends_where_editors_say() -> None:
    data = "a\u2028b\n\x0cc\r\nd\x85\n".encode()
    lookups = read_lookup(data, "x.txt", "x").lookups
    assert {entry.element: place.line for entry, place in lookups.items()} == {
        "a\u2028b": 1,
        "c": 2,
        "d": 3,
    }
