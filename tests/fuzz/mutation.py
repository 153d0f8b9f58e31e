"""Changes to a file that keep its shape: lines and brackets move, not single bits.

A fuzzer that only turns bits seldom gets past the parser of an indented format.
"""

from __future__ import annotations

import random

from fuzz.harness import unpacked
from fuzz.seeds import SEEDS

# Words that the readers look for, and signs that their parsers trip over.
WORDS = (
    b"nlu:", b"- intent: ", b"- synonym: ", b"- regex: ", b"- lookup: ", b"stories:",
    b"rules:", b"domain:", b"intents:", b"entities:", b"roles:", b"groups:", b"slots:",
    b"actions:", b"forms:", b"responses:", b"utter_faq/x:", b"examples: |",
    b"examples:", b"- text: ", b"elements: ", b"metadata:", b'version: "3.1"',
    b"pipeline:", b"policies:", b"language: ", b"name: ", b"epochs: ", b"null", b"~",
    b"yes", b"1.0", b"0x1F", b".inf", b".nan", b"1e999", b"<<: *a", b"&a ", b"*a",
    b"!!python/name:os", b"!!str ", b"!!binary ", b"? ", b": ", b"- ", b"|\n", b">-\n",
    b"|2+\n", b"%YAML 1.1\n", b"---\n", b"...\n", b"\xef\xbb\xbf", b"\xff\xfe", b"\x00",
    b"\xc2\x85", b"\xe2\x80\xa8", b"\\ud800", b"\\u0000", b'"\\x85"',
    b"\xf0\x9f\x98\x80", b"\t", b"\r\n", b"\r", b"\x0c", b"\x1f", b"[a](b)",
    b"[a](b:c)", b'[a]{"entity": "b"}', b'[a][{"entity": "b"}]', b'"role": "r"',
    b'"group": "g"', b'"value": "v"', b"](", b"]{", b"[{", b"}]", b'"rasa_nlu_data":',
    b'"common_examples":', b'"regex_features":', b'"lookup_tables":',
    b'"entity_synonyms":', b'"start": 0', b'"end": 1', b'"synonyms": []',
    b'"pattern": ', b"NaN", b"Infinity", b"-0", b"1e400", b"## intent:", b"## synonym:",
    b"## regex:", b"## lookup:", b"## story", b"* ", b"+ ", b"<!--", b"-->",
    b"text,intent,entities\n", b"text;intent\n", b"text\tintent\n", b'""', b"stages:",
    b"deps:", b"outs:", b"params:", b"md5: ", b"path: ", b"<<<<<<< HEAD\n",
    b">>>>>>> x\n", b"version https://git-lfs.github.com/spec/v1\n",
)  # fmt: skip
MAX_REPEATED = 200


def mutated(data: bytes, size: int, seed: int) -> bytes:
    """One step of a structured change; the reader stays. At most `size` bytes."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    reader, content = unpacked(data)
    step = chance.choice((_word, _word, _move, _repeat, _indent, _cross))
    changed = step(content, chance, reader)
    return (data[:1] or b"\0") + changed[: max(size - 1, 0)]


def _word(content: bytes, chance: random.Random, reader: str) -> bytes:
    """Puts a word somewhere, or in the place of something."""
    del reader
    at = chance.randint(0, len(content))
    gone = chance.choice((0, 0, 1, 4, 16))
    return content[:at] + chance.choice(WORDS) + content[at + gone :]


def _move(content: bytes, chance: random.Random, reader: str) -> bytes:
    """A line goes to another place, or is doubled there, or is gone."""
    del reader
    lines = content.splitlines(keepends=True) or [b"\n"]
    line = lines[chance.randrange(len(lines))]
    if chance.random() < 0.5:
        lines.remove(line)
    if chance.random() < 0.8:
        lines.insert(chance.randint(0, len(lines)), line)
    return b"".join(lines)


def _repeat(content: bytes, chance: random.Random, reader: str) -> bytes:
    """A stretch many times over: nesting, long lines, many keys."""
    del reader
    at = chance.randint(0, len(content))
    stretch = content[at : at + chance.randint(1, 12)]
    return content[:at] + stretch * chance.randint(2, MAX_REPEATED) + content[at:]


def _indent(content: bytes, chance: random.Random, reader: str) -> bytes:
    """A run of lines moves to the right or to the left."""
    del reader
    lines = content.splitlines(keepends=True) or [b"\n"]
    first = chance.randrange(len(lines))
    last = min(first + chance.randint(1, 6), len(lines))
    deeper = chance.random() < 0.5
    for at in range(first, last):
        lines[at] = b"  " + lines[at] if deeper else lines[at].removeprefix(b"  ")
    return b"".join(lines)


def _cross(content: bytes, chance: random.Random, reader: str) -> bytes:
    """Lines of a seed of the same reader come in."""
    lines = chance.choice(SEEDS[reader]).splitlines(keepends=True) or [b"\n"]
    first = chance.randrange(len(lines))
    taken = b"".join(lines[first : first + chance.randint(1, 5)])
    at = content.find(b"\n", chance.randint(0, len(content))) + 1
    return content[:at] + taken + content[at:]
