"""Entities of a text: from tags, then from patterns, with synonyms in their place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dvcinc.corpus.tables import Tables
from dvcinc.corpus.values import Synonym
from dvcinc.model.features import Text
from dvcinc.model.labels import Labels
from dvcinc.model.result import PATTERN_EXTRACTOR, FoundEntity
from dvcinc.model.units import Floats, Ints
from dvcinc.text.patterns import PatternMatcher

SYNONYM_MAPPER = "EntitySynonymMapper"


class EntityWriter:
    """Writes entities as a model's tables say.

    Args:
        labels: What its tags stand for.
        tables: Its tables.

    Raises:
        InputError: A pattern cannot be matched within bounds.
    """

    def __init__(self, labels: Labels, tables: Tables) -> None:
        self._labels = labels
        self._serving = tables.serving
        self._values = _values(tables.synonyms)
        self._patterns = pattern_finder(tables)
        self._names = [pattern.name for pattern in tables.patterns]

    def tagged(self, text: Text, tags: Ints, sure: Floats) -> Iterator[FoundEntity]:
        """The entities that a text's tags say, each token's with its chance."""
        for first, behind, label in self._labels.decode(tags[: len(text)].tolist()):
            for start, end in self._pieces(text, first, behind, label.entity):
                place = text.tokens[start].start, text.tokens[end - 1].end
                value, processors = self._value(
                    text.text[slice(*place)], mapped=self._serving.synonyms
                )
                yield FoundEntity(
                    start=place[0],
                    end=place[1],
                    entity=label.entity,
                    value=value,
                    # As sure as its least sure token, which is Rasa's rule.
                    confidence=float(sure[start:end].min()),
                    role=label.role,
                    group=label.group,
                    processors=processors,
                )

    def matched(self, text: str) -> tuple[FoundEntity, ...]:
        """The entities that patterns find, in the order of the text."""
        extractor = self._serving.extractor
        if self._patterns is None or extractor is None:
            return ()
        found = []
        for number, start, end in self._patterns.matches(text):
            value, processors = self._value(text[start:end], mapped=extractor.synonyms)
            found.append(
                FoundEntity(
                    start=start,
                    end=end,
                    entity=self._names[number],
                    value=value,
                    confidence=None,
                    processors=processors,
                    extractor=PATTERN_EXTRACTOR,
                )
            )
        return tuple(sorted(found, key=lambda e: (e.start, e.end, e.entity)))

    def _value(self, raw: str, *, mapped: bool) -> tuple[str, tuple[str, ...]]:
        """What a synonym makes of a piece of text, and who did."""
        value = self._values.get(raw.lower(), raw) if mapped else raw
        return value, (SYNONYM_MAPPER,) if value != raw else ()

    def _pieces(
        self, text: Text, first: int, behind: int, entity: str
    ) -> list[tuple[int, int]]:
        """A run of tokens cut where a comma stands between two of them."""
        cuts = [first]
        if self._serving.splits(entity):
            cuts += [
                at
                for at in range(first + 1, behind)
                if "," in text.text[text.tokens[at - 1].end : text.tokens[at].start]
            ]
        return list(zip(cuts, [*cuts[1:], behind], strict=True))


def pattern_finder(tables: Tables) -> PatternMatcher | None:
    """What finds entities by patterns; `None` if nothing does.

    Raises:
        InputError: A pattern cannot be matched within bounds.
    """
    extractor = tables.serving.extractor
    if extractor is None or not tables.patterns:
        return None
    return PatternMatcher(tables.patterns, extractor.matching)


def _values(synonyms: Iterable[Synonym]) -> dict[str, str]:
    """Entity values by lower-cased alias; a value is an alias of itself, as in Rasa."""
    pairs = sorted(synonyms)
    found = {alias.lower(): value for alias, value in pairs if alias != value}
    for _, value in pairs:
        found.setdefault(value.lower(), value)
    return found
