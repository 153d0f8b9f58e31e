"""The Markdown of Rasa 1 and 2: `## intent:greet`, and a bullet an example."""

from __future__ import annotations

import re

from dvcinc.corpus.facts import NluFacts
from dvcinc.corpus.markup import MarkupError, parse_markup
from dvcinc.corpus.part import Part, Wanted, lookup_file
from dvcinc.corpus.readers.source import LONGEST_HEAD, plain_text, seen
from dvcinc.corpus.values import Corpus, Place
from dvcinc.yaml import located

_KINDS = ("intent", "synonym", "regex", "lookup")
_SECTION = re.compile(
    rb"^[ \t]*##[ \t]*(intent|synonym|regex|lookup)[ \t]*:", re.MULTILINE
)
_BULLETS = ("-", "*", "+")


def sniff(data: bytes, path: str) -> bool:  # noqa: ARG001 - by content alone
    """Whether a section of NLU data begins in it, outside of code and comments."""
    shown = seen(data[:LONGEST_HEAD])
    if not _SECTION.search(shown):
        return False
    text = _without_asides(shown.decode("utf-8", "replace"))
    return _SECTION.search(text.encode()) is not None


def _without_asides(text: str) -> str:
    """The text with as many lines, but nothing in comments and blocks of code.

    A comment is what its author took out; code is what a page about data shows.
    """
    pieces: list[str] = []
    read = 0
    while (at := text.find("<!--", read)) >= 0 and (end := text.find("-->", at)) >= 0:
        pieces += (text[read:at], "\n" * text.count("\n", at, end))
        read = end + len("-->")
    lines = ("".join(pieces) + text[read:]).split("\n")
    fences = [n for n, line in enumerate(lines) if line.lstrip().startswith("```")]
    for first, last in zip(fences[::2], fences[1::2], strict=False):
        lines[first : last + 1] = [""] * (last + 1 - first)
    return "\n".join(lines)


def read(data: bytes, path: str, wanted: Wanted) -> Part:
    """Reads a Markdown file of training data.

    Raises:
        InputError: A section or an item cannot be understood, with
            `path:line:column`.
    """
    if not wanted.nlu:
        return Part(corpus=Corpus())
    reading = _Reading(path)
    for number, raw in enumerate(
        _without_asides(plain_text(data, path)).split("\n"), 1
    ):
        if line := raw.strip():
            reading.take(line, Place(path, number), raw.find(line) + 1)
    return reading.facts.part()


class _Reading:
    """One file, line by line, with the section that it is in."""

    def __init__(self, path: str) -> None:
        self.facts = NluFacts()
        self._path = path
        self._kind = ""
        self._name = ""

    def take(self, line: str, place: Place, column: int) -> None:
        """Takes a line that is not blank, without its outer blanks."""
        kind, colon, name = line.removeprefix("##").partition(":")
        header = line.startswith("##") and kind and colon
        if header and (kind.strip() in _KINDS or name):
            self._begin(kind.strip(), name.strip(), place, column)
        elif line.startswith(_BULLETS):
            text = line[1:].strip()
            self._item(text, place, column + len(line) - len(text))
        elif line.startswith("#") or not self._kind:
            return  # a heading, or what stands before the data
        elif self._kind == "lookup":
            found = lookup_file(self._name, line, place, column)
            self.facts.lookup_files.append(found)
        else:
            said = f"passed over, since it starts with no '-': {line[:40]!r}"
            self.facts.warn(place, said)

    def _begin(self, kind: str, name: str, place: Place, column: int) -> None:
        if kind not in _KINDS:
            message = f"unknown section {kind[:40]!r}"
            hint = f"a section is one of {', '.join(_KINDS)}"
            raise located(self._path, place.line, column, message, hint)
        if not name:
            raise located(self._path, place.line, column, f"{kind} has no name")
        self._kind, self._name = kind, name

    def _item(self, text: str, place: Place, column: int) -> None:
        if self._kind == "intent":
            self._example(text, place, column)
        elif self._kind == "synonym":
            self.facts.add_synonym(text, self._name, place)
        elif self._kind == "regex":
            self.facts.add_regex(self._name, text, place)
        elif self._kind == "lookup":
            self.facts.add_lookup(self._name, text, place)

    def _example(self, text: str, place: Place, column: int) -> None:
        try:
            marked = parse_markup(text)
        except MarkupError as error:
            raise located(
                self._path,
                place.line,
                column + error.column,
                f"{error.message} in {text[:60]!r}",
                'write [text](entity) or [text]{"entity": "name", "role": "name"}',
            ) from error
        self.facts.add_example(self._name, marked, place)
