"""Text that anybody may have written, for Markdown of GitHub and GitLab.

A backslash does not do: both look for mentions, references, links and commands in
what Markdown has become, where the backslash is gone. In code they look for nothing.
So words that can be nothing but words stay as they are, and all others become code.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from itertools import groupby

from dvcinc.text.visible import visible

MAX_SHOWN = 160
"""Characters of a name or a text that are shown; the rest is cut off."""
# A run that is longer opens no code in some parsers.
_LONG_TICKS = re.compile("`{8,}")
_TICKS = re.compile("`+")
# What a search for our own marker, or a runner's for its commands, could find in code.
_SPLIT = (
    ("<!--", "<! --"),
    ("-->", "-- >"),
    ("--!>", "--! >"),
    ("##[", "## ["),
    # In a table, parsers do not agree on which of both escapes the other.
    ("\\|", "\\ |"),
)
_WORD = re.compile(
    r"""["'(]*                           # opening
    (?:
        [^\W_]+ (?:['\u2019-][^\W\d_]+)*      # letters or digits, don't, re-annotated
      | [+−-]?\d{1,3}(?:,\d{3})*(?:\.\d+)?%?   # numbers
      | [–—−+→×=]
    )
    ["')]* [.,;:!?]? ["')]*""",
    re.VERBOSE,
)
_KEY = re.compile(r"\(?[a-z_]+(?:\.\w+)+:")
"""A setting of `params.yaml` before its value."""
_COMMIT = re.compile(r"[0-9a-fA-F]{7,}")
_AROUND = "\"'().,;:!?"
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
# Blank or without a width, but letters, marks or nothing yet to Unicode.
_FILLERS = re.compile(
    "[\u115f\u1160\u17b4\u17b5\u3164\uffa0\ufe00-\ufe0f\u034f\u2065\u2800"
    "\ufff0-\ufff8\U000e0000-\U000e0fff]+"
)


def shown(text: str, most: int = MAX_SHOWN) -> str:
    """Text on one line, of a length, without characters that hide or turn others."""
    said = visible(text[: 2 * most])
    if not said.isascii():
        said = "".join(c if _is_seen(c) else " " for c in said)
        said = _FILLERS.sub(" ", said)
    said = " ".join(said.split())
    return said if len(said) <= most else f"{said[: most - 1]}…"


def _is_seen(character: str) -> bool:
    return unicodedata.category(character) not in _UNSEEN


def code(text: str, most: int = MAX_SHOWN) -> str:
    """Text as code: nothing in it is anything but text."""
    said = shown(text, most)
    if not said:
        return "(blank)"
    for found, instead in _SPLIT:
        said = said.replace(found, instead)
    said = _LONG_TICKS.sub("```…", said)
    fence = "`" * (max(map(len, _TICKS.findall(said)), default=0) + 1)
    blank = " " if said.startswith("`") or said.endswith(("`", "\\")) else ""
    return f"{fence}{blank}{said}{blank}{fence}"


def prose(text: str, most: int = 600, names: Collection[str] = ()) -> str:
    """A sentence that may hold names: plain words stay, all else becomes code.

    Args:
        text: The sentence.
        most: How many characters are shown.
        names: Words that are names: the first of each becomes code, plain or not.
    """
    return " ".join(_prose(shown(text, most), names))


def row(*cells: str) -> str:
    """A row of a table; code in its cells may hold what parts them."""
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _prose(text: str, names: Collection[str]) -> Iterator[str]:
    left = set(names)

    def is_word(said: str) -> bool:
        name = said.strip(_AROUND)
        is_name = name in left
        left.discard(name)
        return _is_plain(said) and not is_name

    for is_plain, words in groupby(_words(text), is_word):
        joined = " ".join(words)
        yield joined if is_plain else code(joined, len(joined))


def _words(text: str) -> Iterator[str]:
    """The words of a text; a setting and its value are one."""
    key = ""
    for word in text.split(" "):
        if not key and _KEY.fullmatch(word):
            key = f"{word} "
        else:
            yield key + word
            key = ""
    if key:
        yield key.rstrip()


def _is_plain(word: str) -> bool:
    if not word:
        return True
    if not _WORD.fullmatch(word):
        return False
    return not _COMMIT.fullmatch(word.strip(_AROUND))
