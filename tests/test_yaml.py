"""YAML files to nodes and values: what is accepted, and how mistakes are told."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvcinc.errors import InputError
from dvcinc.yaml import Json, canonical_json, compose


def value(text: str | bytes) -> Json:
    document = compose(text.encode() if isinstance(text, str) else text, "a.yml")
    assert document.root is not None
    return document.value(document.root)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("12", 12),
        ("-7", -7),
        ("007", 7),
        ("1.50", 1.5),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("true", True),
        ("False", False),
        ("~", None),
        ("null", None),
        ("yes", "yes"),
        ("on", "on"),
        ("0x1F", "0x1F"),
        ("12:30", "12:30"),
        ("2024-01-01", "2024-01-01"),
        ("'12'", "12"),
        ('"true"', "true"),
        ("!!str 12", "12"),
        ("1e999", "1e999"),
        (".inf", ".inf"),
        ("9" * 5000, "9" * 5000),
    ],
)
def test_scalars_are_read_by_the_core_schema_of_yaml_1_2(
    text: str, meant: Json
) -> None:
    assert value(text) == meant


def test_a_value_stays_the_same_whatever_its_style() -> None:
    styles = ("a: [1, x]", "a:\n- 1\n- x\n", "'a': [1,\n  'x']", '{"a": [1, "x"]}')
    assert {canonical_json(value(style)) for style in styles} == {'{"a":[1,"x"]}'}


@pytest.mark.parametrize(
    "text",
    [
        "base: &b {x: 1, y: 1}\nuse: {<<: *b, x: 2}",
        "base: &b {x: 1, y: 1}\nuse: {x: 2, <<: *b}",
        "base: &b {y: 1}\nother: &o {x: 9, y: 9}\nuse: {x: 2, <<: [*b, *o]}",
    ],
)
def test_own_keys_win_over_merged_ones_wherever_they_stand(text: str) -> None:
    said = value(text)
    assert isinstance(said, dict)
    assert said["use"] == {"x": 2, "y": 1}


def test_a_quoted_merge_sign_is_a_key_like_any_other() -> None:
    assert value('{"<<": 1}') == {"<<": 1}


def test_an_alias_repeats_its_node() -> None:
    assert value("a: &x [1]\nb: *x\nc: *x") == {"a": [1], "b": [1], "c": [1]}


def test_tags_run_no_code_and_change_nothing() -> None:
    assert value("a: !!python/object/apply:os.system [ls]") == {"a": ["ls"]}


def test_an_empty_file_says_nothing() -> None:
    for text in (b"", b"# only a comment\n", b"\xef\xbb\xbf", b"---\n...\n"):
        root = compose(text, "a.yml").root
        assert root is None or value(text) is None


def test_byte_order_mark_and_windows_line_ends_change_nothing() -> None:
    assert value(b"\xef\xbb\xbfa: |\r\n  x\r\n  y\r\n") == value("a: |\n  x\n  y\n")


BOMB = "a0: &a0 [x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 30)
)
MERGE_BOMB = "a0: &a0 {x: 1}\n" + "".join(
    f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 10)}]}}\n" for n in range(1, 30)
)


NEAR = "a quote, a bracket or a blank may be missing there, or on the line before"
DEEP = "nest at most 100 levels"


@pytest.mark.parametrize(
    ("text", "error", "hint"),
    [
        ("a: [1, 2\n", ("a.yml:2:1: not YAML: while parsing a flow sequence did not "
         "find expected ',' or ']'"), NEAR),
        ("a:\n\tb: 1\n", ("a.yml:2:1: not YAML: while scanning for the next token "
         "found character that cannot start any token"),
         "indent with blanks, not with tabs"),
        ("a: @b\n", ("a.yml:1:4: not YAML: while scanning for the next token "
         "found character that cannot start any token"), "put the text in quotes"),
        ("é: 1\nb: 'x\n", ("a.yml:3:1: not YAML: while scanning a quoted scalar "
         "found unexpected end of stream"), NEAR),
        ("a: 1\n<<<<<<< HEAD\nb: 1\n=======\nb: 2\n>>>>>>> x\n",
         ("a.yml:3:1: not YAML: while scanning a simple key could not find "
         "expected ':'"),
         "resolve the merge conflict whose markers stand at line 2"),
        ("a: |\n  x\u2028y\nb: 1\n",
         ("a.yml:3:1: not YAML: while scanning a simple key "
         "could not find expected ':'"),
         "take out U+2028 at 2:4, which ends a line in YAML"),
        ("a: 1\nb: 2\na: 3\n", "a.yml:3:1: a mapping says 'a' twice",
         "keep one of them; the first stands at line 1"),
        ("a: 1\n---\nb: 2\n",
         "a.yml:2:1: a second YAML document begins in the file",
         "keep one document in a file"),
        ("a: *b\n", "a.yml:1:4: the alias *b has no anchor before",
         "put &b before what it means"),
        ("? [a]\n: 1\n", "a.yml:1:3: a key of a mapping must be text, not a list", ""),
        ("a: &a\n  <<: *a\n", "a.yml:1:4: aliases unfold without end",
         "write out what the alias (*) stands for"),
        ("a: &a\n- *a\n", "a.yml:1:4: aliases unfold without end",
         "write out what the alias (*) stands for"),
        ("a: \x01\n", "a.yml:1:4: not YAML: control characters are not allowed",
         "take out the characters there that no text may have"),
        ("[" * 5000, "a.yml:1:101: YAML is nested too deeply", DEEP),
        ("- " * 5000, "a.yml:1:201: YAML is nested too deeply", DEEP),
        ("{a: " * 1_000_000, "a.yml:1:401: YAML is nested too deeply", DEEP),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place_and_the_way_out(
    text: str, error: str, hint: str
) -> None:
    with pytest.raises(InputError) as caught:
        value(text)
    assert (caught.value.message, caught.value.hint) == (error, hint)


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"a: caf\xe9\n", "a.yml:1:7: not UTF-8: byte 0xe9"),
        ("a: 1".encode("utf-16"), "a.yml:1:1: not UTF-8: byte 0xff"),
        ("é: 1\né: ".encode() + b"\xff", "a.yml:2:4: not UTF-8: byte 0xff"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n",
         "a.yml:1:1: a Git LFS pointer stands for the file"),
    ],
)  # fmt: skip
def test_bytes_that_are_no_text_are_told_with_their_place(
    data: bytes, error: str
) -> None:
    with pytest.raises(InputError) as caught:
        compose(data, "a.yml")
    assert caught.value.message == error
    assert caught.value.hint


@pytest.mark.parametrize("bomb", [BOMB, MERGE_BOMB])
def test_an_alias_bomb_ends_quickly(bomb: str) -> None:
    started = time.monotonic()
    with pytest.raises(InputError, match="aliases unfold without end"):
        value(bomb)
    assert time.monotonic() - started < 2


def test_many_small_bombs_share_one_budget() -> None:
    hundred = f"[{', '.join(['*a'] * 100)}]"
    lines = [
        f"a: &a [{', '.join('x' * 1000)}]",
        *(f"k{n}: {hundred}" for n in range(9)),
    ]
    document = compose("\n".join(lines).encode(), "a.yml")
    assert document.root is not None
    nodes = [item.value for item in document.items(document.root, "the file")]
    assert document.value(nodes[1])
    with pytest.raises(InputError, match="aliases unfold without end"):
        [document.value(node) for node in nodes]


def test_a_large_plain_file_is_no_bomb() -> None:
    rows = [{"a": [1, 2, 3], "b": {"c": "d"}}] * 5000
    assert value(canonical_json(rows)) == rows


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text("abc<~-:# é", max_size=5), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(json_values)
def test_canonical_json_reads_back_as_the_same_value(said: Json) -> None:
    assert value(canonical_json(said)) == said


@given(st.binary(max_size=60) | st.text("a:-[]{}&*!|>'\"\n\t #<@%?,", max_size=60))
def test_no_bytes_whatever_end_in_a_traceback(data: bytes | str) -> None:
    raw = data.encode() if isinstance(data, str) else data
    try:
        document = compose(raw, "a.yml")
        if document.root is not None:
            document.canonical(document.root)
    except InputError as error:
        assert error.message.startswith("a.yml:")  # noqa: PT017 - either is right
