"""Rasa's JSON format (`rasa_nlu_data`), which Rasa 3 still reads."""

from __future__ import annotations

from dvcinc.corpus.facts import NluFacts
from dvcinc.corpus.part import Part, Wanted, lookup_file
from dvcinc.corpus.readers.annotation import AnnotationError, annotate
from dvcinc.corpus.readers.source import is_object, plain_text, seen
from dvcinc.corpus.strict_json import JsonText, Outline
from dvcinc.corpus.values import Corpus, Place
from dvcinc.yaml import Json

_KEY = "rasa_nlu_data"
# The object, `rasa_nlu_data`, a section's list: an entry of that is read whole.
_DEPTH = 3


def sniff(data: bytes, path: str) -> bool:  # noqa: ARG001 - by content alone
    """Whether it is an object that names Rasa's data."""
    return is_object(data) and b'"rasa_nlu_data"' in seen(data)


def read(data: bytes, path: str, wanted: Wanted) -> Part:
    """Reads a JSON file of training data.

    Raises:
        InputError: The file cannot be understood, with `path:line:column`.
    """
    if not wanted.nlu:
        return Part(corpus=Corpus())
    json_text = JsonText(plain_text(data, path), path)
    top = json_text.outline(_DEPTH).members or {}
    facts = NluFacts()
    if _KEY in top:
        _Reading(json_text, facts).data(top[_KEY])
    return facts.part()


class _Reading:
    """One file, section by section."""

    def __init__(self, json_text: JsonText, facts: NluFacts) -> None:
        self._json = json_text
        self._facts = facts

    def data(self, data: Outline) -> None:
        if data.members is None:
            raise self._json.error(data.at, f"{_KEY} must be an object")
        sections = {
            "common_examples": self._example,
            "entity_synonyms": self._synonyms,
            "regex_features": self._regex,
            "lookup_tables": self._lookup,
        }
        for key, section in data.members.items():
            if key not in sections:
                said = f"unknown key {key!r} in {_KEY}, passed over"
                self._facts.warn(self._place(section.at), said)
            elif section.elements is not None:
                for entry in section.elements:
                    if not isinstance(entry.said, dict):
                        raise self._json.error(entry.at, f"{key}: expecting an object")
                    sections[key](entry.said, entry.at)
            elif section.said is not None or section.members is not None:
                raise self._json.error(section.at, f"{key} must be a list")

    def _example(self, entry: dict[str, Json], at: int) -> None:
        text = self._text(entry, "text", at)
        place = self._place(at)
        try:
            marked = annotate(text, entry.get("entities"))
        except AnnotationError as error:
            raise self._json.error(at, f"{error} in {text[:60]!r}") from error
        if entry.get("intent") in (None, ""):
            self._facts.warn(place, f"no intent, passed over: {text[:40]!r}")
            return
        intent = self._text(entry, "intent", at).strip()
        if not intent:
            raise self._json.error(at, "intent has no name")
        self._facts.add_example(intent, marked, place)

    def _synonyms(self, entry: dict[str, Json], at: int) -> None:
        value = self._name(entry, "value", at)
        for alias in self._texts(entry, "synonyms", at):
            self._facts.add_synonym(alias, value, self._place(at))

    def _regex(self, entry: dict[str, Json], at: int) -> None:
        pattern = self._text(entry, "pattern", at)
        self._facts.add_regex(self._name(entry, "name", at), pattern, self._place(at))

    def _lookup(self, entry: dict[str, Json], at: int) -> None:
        name, place = self._name(entry, "name", at), self._place(at)
        elements = entry.get("elements")
        if isinstance(elements, str):
            found = lookup_file(name, elements.strip(), place, self._json.column(at))
            self._facts.lookup_files.append(found)
            return
        for element in self._texts(entry, "elements", at):
            self._facts.add_lookup(name, element, place)

    def _name(self, entry: dict[str, Json], key: str, at: int) -> str:
        name = self._text(entry, key, at).strip()
        if not name:
            raise self._json.error(at, f'"{key}" is empty')
        return name

    def _text(self, entry: dict[str, Json], key: str, at: int) -> str:
        value = entry.get(key)
        if not isinstance(value, str):
            raise self._json.error(at, f'an entry needs "{key}", as text')
        return value

    def _texts(self, entry: dict[str, Json], key: str, at: int) -> list[str]:
        values = entry.get(key)
        if not isinstance(values, list):
            raise self._json.error(at, f'an entry needs "{key}", as a list')
        texts = [value for value in values if isinstance(value, str)]
        if len(texts) < len(values):
            raise self._json.error(at, f'"{key}" must hold nothing but text')
        return texts

    def _place(self, at: int) -> Place:
        return Place(self._json.path, self._json.line(at))
