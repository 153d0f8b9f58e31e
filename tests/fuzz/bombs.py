"""Files that are made to take a reader's time or memory, by what they are."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import NamedTuple

MIB = 1 << 20
# Enough that what takes time by the square is seen.
PIECES = 300_000
_NLU = b"nlu:\n- intent: greet\n  examples: |\n    - "


class Bomb(NamedTuple):
    """A reader, and what makes the bytes that it is given.

    Attributes:
        reader: Its name.
        make: Makes the bytes, when they are needed.
        proven: Whether what was read is written and read back as well.
    """

    reader: str
    make: Callable[[], bytes]
    proven: bool = True


def large(bomb: Bomb) -> Bomb:
    """A bomb that may well be taken, and is then read only."""
    return bomb._replace(proven=False)


def of(reader: str, *pieces: bytes) -> Bomb:
    """A bomb of pieces."""
    return Bomb(reader, lambda: b"".join(pieces))


def times(reader: str, piece: bytes, count: int, head: bytes = b"") -> Bomb:
    """A head and the same piece over and over, made only when it is needed."""
    return Bomb(reader, lambda: head + piece * count)


def numbered(reader: str, piece: str, count: int, head: str = "") -> Bomb:
    """A head and pieces in which `%d` is a number."""

    def make() -> bytes:
        pieces = (piece.replace("%d", str(number)) for number in range(count))
        return (head + "".join(pieces)).encode()

    return Bomb(reader, make)


def doubling(head: str, item: str, between: str) -> str:
    """Anchors, each of which names the one before nine times."""
    lines = [f"  a0: &a0 {item}"]
    for n in range(1, 30):
        inner = ", ".join([f"*a{n - 1}"] * 9)
        lines.append(f"  a{n}: &a{n} {between % inner}")
    return head + "\n".join(lines) + "\n"


_LAUGHS = doubling("slots:\n", "[x]", "[%s]")
_MERGES = doubling("slots:\n", "{x: 1}", "{<<: [%s]}")
_EXAMPLE = '{"rasa_nlu_data": {"common_examples": [{"text": "ab", "intent": "i", '

YAML: Mapping[str, Bomb] = {
    "aliases that double": of("yml", _LAUGHS.encode()),
    "merge keys that double": of("yml", _MERGES.encode()),
    "aliases that double in stories": of(
        "yml", doubling("x:\n", "[x]", "[%s]").encode(), b"stories: [{a: *a29}]\n"
    ),
    "an alias within itself": of("yml", b"slots:\n  a: &a [*a, *a]\n"),
    "a merge of itself": of("yml", b"slots: &a\n  <<: *a\n"),
    "anchors in keys": numbered("yml", "  ? &k%d [x]\n  : *k%d\n", 50_000, "slots:\n"),
    "many anchors": numbered("yml", "- &a%d x\n- *a%d\n", 100_000, "actions:\n"),
    "deep flow": times("yml", b"[", 1_000_000, b"nlu: "),
    "deep mappings": times("yml", b"{a: ", 300_000, b"slots: "),
    "deep blocks": times("yml", b"- ", 300_000, b"nlu:\n  "),
    "deep keys": times("yml", b"? ", 300_000),
    "a deep stair": Bomb(
        "yml", lambda: b"".join(b" " * n + b"a:\n" for n in range(2_000))
    ),
    "a scalar of 50 MB": times("yml", b"word ", 10 * MIB, _NLU),
    "a quoted scalar of 20 MB": times("yml", b"a\\n", 7 * MIB, b'nlu: "'),
    "a key of 20 MB": times("yml", b"k", 20 * MIB),
    "a million keys": large(numbered("yml", "k%d: 1\n", 1_000_000)),
    "200,000 slots": large(numbered("yml", " k%d: {type: any}\n", 200_000, "slots:\n")),
    "the same key over and over": times("yml", b"nlu: []\n", 300_000),
    "300,000 items that say nothing": large(
        times("yml", b"- intent: a\n", 300_000, b"nlu:\n")
    ),
    "lines without a dash": times("yml", b"    x\n", MIB, _NLU + b"a\n"),
    "500,000 examples": large(numbered("yml", "hi %d\n    - ", 500_000, _NLU.decode())),
    "a folded million": times("yml", b"    - a\n", MIB, _NLU.replace(b"|", b">")),
    "a line of 10 MB of [": times("yml", b"[", 10 * MIB, _NLU),
    "markup that never ends": times("yml", b"[[[[](", PIECES, _NLU),
    "many {": times("yml", b"{", 10 * MIB, _NLU),
    "many empty lines": times("yml", b"\n", 10 * MIB, b"nlu:"),
    "many comments": times("yml", b"# x\n", 5 * MIB, b"nlu: []\n"),
    "many documents": times("yml", b"---\n", 2 * MIB),
    "a huge number": times("yml", b"9", 10 * MIB, b"slots: {a: "),
    "a huge exponent": of("yml", b"slots: {a: {b: 1e999999999, c: -0x1, d: 1_0}}"),
    "many huge numbers": times("yml", b"9" * 4000 + b", ", 2_000, b"stories: [{a: ["),
    "bytes of zero": times("yml", b"\0", 10 * MIB, b"nlu:\n"),
    "a lone surrogate": of("yml", b'nlu:\n- intent: "\\ud800"\n  examples: ["- a"]'),
    "a lone surrogate in an example": of(
        "yml", b'nlu:\n- intent: a\n  examples:\n  - "a \\ud800"\n'
    ),
    "a lone surrogate in the domain": of("yml", b'slots: {"\\udfff": {a: "\\ud83d"}}'),
    "a Python object": of(
        "yml", b'slots: !!python/object/apply:os.system ["touch pwned"]\n'
    ),
    "many tags": times("yml", b"- !!python/name:os.system x\n", 200_000, b"actions:\n"),
    "tag directives": numbered("yml", "%TAG !a%d! tag:x:\n", 20_000),
    "half a character at the end": times("yml", b"a", MIB, b"nlu:\n- \xf0\x9f"),
    "UTF-16": Bomb("yml", lambda: ("nlu: [" * MIB).encode("utf-16")),
    "an unclosed quote": times("yml", b"a ", 10 * MIB, b'nlu: ["'),
    "many odd line ends": times("yml", "\u2028\x85".encode(), MIB, b"nlu: [a"),
    "list entries in a row": times(
        "yml", b"{text: a}, ", 200_000, b"nlu: [{intent: a, examples: ["
    ),
}
JSON: Mapping[str, Bomb] = {
    "deep lists": times("json", b"[", 100_000, b'{"rasa_nlu_data": '),
    "deep objects": times("json", b'{"a":', 100_000, b'{"rasa_nlu_data": '),
    "deep, and closed": of(
        "json",
        b'{"rasa_nlu_data": {"common_examples": ',
        b"[" * 100_000 + b"]" * 100_000 + b"}}",
    ),
    "deep in an example": of(
        "json", _EXAMPLE.encode(), b'"x": ', b"[" * 90_000, b"]" * 90_000, b"}]}}"
    ),
    "a huge whole number": times(
        "json", b"9", 10 * MIB, f'{_EXAMPLE}"entities": [{{"start": '.encode()
    ),
    "no number": of(
        "json", _EXAMPLE.encode(), b'"entities": [{"start": NaN, "end": Infinity, ',
        b'"entity": "a"}]}]}}',
    ),
    "a huge offset": of(
        "json", _EXAMPLE.encode(), b'"entities": [{"start": 1e308, "end": 1',
        b"0" * 4000, b', "entity": "a"}]}]}}',
    ),
    "surrogates alone": of(
        "json", _EXAMPLE.replace("ab", "\\ud800").replace('"i"', '"\\udfff"').encode(),
        b'"entities": []}]}}',
    ),
    "the same key": times("json", b'"rasa_nlu_data": {},', 300_000, b"{"),
    "a million JSON keys": large(numbered("json", '"k%d": 1,', 1_000_000, "{")),
    "a text of 20 MB": of(
        "json", b'{"rasa_nlu_data": {"common_examples": [{"intent": "a", "text": "',
        b"[" * 20 * MIB, b'"}]}}',
    ),
    "100,000 entities on two letters": of(
        "json", _EXAMPLE.encode(), b'"entities": [',
        b",".join([b'{"start": 0, "end": 1, "entity": "a"}'] * 100_000), b"]}]}}",
    ),
    "20,000 entities side by side": Bomb("json", lambda: _side_by_side(20_000)),
    "100,000 broken examples": of(
        "json", b'{"rasa_nlu_data": {"common_examples": [',
        b",".join([b'{"text": 1}'] * 100_000), b"]}}",
    ),
    "blanks before JSON": times("json", b" ", 20 * MIB),
}  # fmt: skip
TABLES: Mapping[str, Bomb] = {
    "comments that never end": times("md", b"<!-- ", 500_000, b"## intent:a\n- b\n"),
    "a Markdown line of [": times("md", b"[", 10 * MIB, b"## intent:a\n- "),
    "markup in Markdown": times("md", b"[a](b", PIECES, b"## intent:a\n- "),
    "many sections": times("md", b"## intent:a\n", 500_000),
    "many signs": times("md", b"#", 10 * MIB, b"## intent:a\n"),
    "many bullets": times("md", b"- ", 5 * MIB, b"## intent:a\n"),
    "100,000 columns": of(
        "csv", b"text,intent" + b",c" * 100_000 + b"\n" + b"a,b" + b",1" * 100_000
    ),
    "a quote that never ends": times("csv", b"a\n", 10 * MIB, b'text,intent\n"'),
    "many quotes": times("csv", b'"', 10 * MIB, b"text,intent\n"),
    "many delimiters": times("csv", b",", 10 * MIB, b"text,intent\n"),
    "200,000 rows that are too short": times("csv", b"a\n", 200_000, b"text,intent\n"),
    "deep entities in a table": times(
        "csv", b"[", 100_000, b"text,intent,entities\na,b,"
    ),
    "zeros in a table": times("csv", b"a\0,b\n", 100_000, b"text,intent\n"),
    "a header of 20 MB": times("tsv", b"text\t", 4 * MIB),
    "deep lines": times("jsonl", b"[", 100_000, b'{"text": "a", "intent": "b"}\n'),
    "many empty objects": times(
        "jsonl", b"{}\n", 500_000, b'{"text":"a","intent":"b"}\n'
    ),
    "a line of 20 MB": times("jsonl", b"x", 20 * MIB, b'{"text": "'),
    "a lookup's line of 20 MB": times("lookup", b"x ", 10 * MIB),
    "500,000 elements": large(numbered("lookup", "city %d\n", 500_000)),
    "zeros in a lookup": times("lookup", b"\0\n", 500_000),
    "odd ends of lines": times("lookup", "a\x0b\x0c\x1c\x85\u2028".encode(), 100_000),
}
OTHERS: Mapping[str, Bomb] = {
    "10 MB of [": times("markup", b"[", 10 * MIB),
    "[ and (": times("markup", b"[[[[](", PIECES),
    "text without an end": times("markup", b"[a", 5 * MIB),
    "entities without an end": times("markup", b"[a](b", PIECES),
    "values without an end": times("markup", b"[a](b:", PIECES),
    "objects without an end": times("markup", b"[a]{", PIECES),
    "lists without an end": times("markup", b"[a][{", PIECES),
    "lists with blanks": times("markup", b"[a][ {", PIECES),
    "blanks in a list": of("markup", b"[a][", b" " * 2 * MIB),
    "blanks behind an object": of("markup", b"[a][{}", b" } " * MIB),
    "values without a name": of("markup", b"[a](:" * PIECES, b")"),
    "values that say nothing": of("markup", b"[a](b" * PIECES, b":)"),
    "100,000 entities": times("markup", b"[a](b) ", 100_000),
    "one entity of many": of(
        "markup", b"[a][", b", ".join([b'{"entity": "b"}'] * 100_000), b"]"
    ),
    "a deep entity": of("markup", b'[a]{"entity": ', b"[" * 100_000, b"}"),
    "a deep value": of(
        "markup", b'[a]{"entity": "b", "value": ', b'{"a":' * 100_000, b"}"
    ),
    "a huge value": times("markup", b"9", MIB, b'[a]{"entity": "b", "value": '),
    "a surrogate's name": of("markup", b'[a]{"entity": "\\ud800"}'),
    "a plan that is deep": times("plan", b"[", 100_000, b'{"schema": '),
    "a plan of huge numbers": times("plan", b"9", 5 * MIB, b'{"schema": '),
    "a plan of many keys": numbered("plan", '"k%d": 1,', 500_000, "{"),
    "a lineage that is deep": times("lineage", b'{"a":', 100_000),
    "a lineage of zeros": times("lineage", b"\0", 5 * MIB),
    "a lock that doubles": of("lock", doubling("stages:\n", "[x]", "[%s]").encode()),
    "a lock that is deep": times("lock", b"[", 500_000, b"stages: "),
    "a lock of many stages": numbered("lock", "  s%d: {cmd: a}\n", 30_000, "stages:\n"),
    "a run that merges": of(
        "run", doubling("outs:\n", "{x: 1}", "{<<: [%s]}").encode()
    ),
    "a config that is deep": times("config", b"[", 500_000, b"pipeline: "),
    "a config of many components": times(
        "config", b"- name: DIETClassifier\n", 30_000, b"pipeline:\n"
    ),
    "a config that doubles": of(
        "config", doubling("x:\n", "[x]", "[%s]").encode(), b"pipeline: *a29\n"
    ),
    "a config of huge numbers": times(
        "config", b"9", 5 * MIB, b"pipeline: [{name: DIETClassifier, epochs: "
    ),
    "parameters that double": of(
        "params", doubling("x:\n", "[x]", "[%s]").encode(), b"data: *a29\n"
    ),
    "a huge seed": times("params", b"9", 5 * MIB, b"train: {seed: "),
    "an endless seed": of("params", b"train: {seed: 1e400, learning_rate: .inf}"),
}
BOMBS: Mapping[str, Bomb] = {**YAML, **JSON, **TABLES, **OTHERS}
"""All, by what they are."""


def _side_by_side(count: int) -> bytes:
    entities = [{"start": n, "end": n + 1, "entity": "a"} for n in range(count)]
    example = {"text": "x" * count, "intent": "i", "entities": entities}
    return json.dumps({"rasa_nlu_data": {"common_examples": [example]}}).encode()
