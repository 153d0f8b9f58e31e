"""What the model can answer: intents, and entity tags, both in a fixed order.

Labels are only ever appended, so a row of the weights keeps its meaning for good. An
entity type together with its role and group is one kind of tag; Rasa trains a tagger
for each, but a role never stands without its entity. Where a `ResponseSelector` covers
a retrieval intent, each of its keys is a label; their chances add up to the intent's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from dvcinc.corpus.selectors import Selectors, base_intent, told_apart
from dvcinc.corpus.values import EntityLabel, Example, Span
from dvcinc.text.settings import TokenizerSettings
from dvcinc.text.tokenizer import Token, split_intent

__all__ = [
    "BEGIN",
    "CLOSING",
    "INSIDE",
    "LAST",
    "OPENING",
    "OUTSIDE",
    "UNIT",
    "Labels",
    "base_intent",
    "covered_tokens",
    "is_key",
    "label_of",
]

OUTSIDE = 0
BEGIN, INSIDE, LAST, UNIT = range(4)
# The prefixes that an entity may start with, and those after which it is over.
OPENING, CLOSING = frozenset({BEGIN, UNIT}), frozenset({LAST, UNIT})


@dataclass(frozen=True, kw_only=True)
class Labels:
    """Intents with their parts, and entity labels; the order is that of the weights.

    Args:
        intents: Their names, with their keys where a selector covers them. A rename
            changes the name and nothing else.
        selectors: The retrieval intent that each selector covers; `None` for all.
        parts: How many rows of label weights there are.
        part_ids: For each intent the rows that it is the sum of; one of its own, unless
            the tokenizer splits intent names.
        entities: Entity type, role and group of each kind of tag.
        bilou: Whether a kind has four tags (begin, inside, last, unit) or one.
    """

    intents: tuple[str, ...] = ()
    selectors: Selectors = ()
    parts: tuple[str, ...] = ()
    part_ids: tuple[tuple[int, ...], ...] = ()
    entities: tuple[EntityLabel, ...] = ()
    bilou: bool = True

    @property
    def tags_each(self) -> int:
        """How many tags an entity label has."""
        return UNIT + 1 if self.bilou else 1

    @property
    def tags(self) -> int:
        """How many tags there are; the first is the one outside of all entities."""
        return 1 + self.tags_each * len(self.entities)

    @cached_property
    def intent_ids(self) -> dict[str, int]:
        """The number of each intent."""
        return {name: number for number, name in enumerate(self.intents)}

    @cached_property
    def bases(self) -> tuple[str, ...]:
        """The intents without their keys, in the order of their first label."""
        return tuple(dict.fromkeys(map(base_intent, self.intents)))

    @cached_property
    def owners(self) -> npt.NDArray[np.intp] | None:
        """For each label the number of its base; `None` if no label is a key."""
        if not any(map(is_key, self.intents)):
            return None
        ids = {name: number for number, name in enumerate(self.bases)}
        return np.array([ids[base_intent(name)] for name in self.intents], np.intp)

    def keys(self, retrieval_intent: str | None) -> tuple[int, ...]:
        """The labels that are keys of a retrieval intent, or of any."""
        return tuple(
            number
            for number, name in enumerate(self.intents)
            if is_key(name) and retrieval_intent in {None, base_intent(name)}
        )

    def of(self, example: Example) -> int | None:
        """The label of an example's intent, if there is one."""
        return self.intent_ids.get(told_apart(example.intent, self.selectors))

    @cached_property
    def entity_ids(self) -> dict[EntityLabel, int]:
        """The number of each entity label."""
        return {label: number for number, label in enumerate(self.entities)}

    @cached_property
    def part_matrix(self) -> npt.NDArray[np.float32]:
        """Intents as sums of parts: [intents, parts], rows of unit length."""
        matrix = np.zeros((len(self.intents), len(self.parts)), np.float32)
        for intent, parts in enumerate(self.part_ids):
            matrix[intent, list(parts)] = 1 / np.sqrt(len(parts))
        return matrix

    def extended(
        self,
        examples: Iterable[Example],
        tokenizer: TokenizerSettings,
        *,
        intents: bool = True,
        entities: bool = True,
    ) -> Labels:
        """The same labels with those of some examples behind them, sorted by name."""
        known = list(examples)
        names = {told_apart(e.intent, self.selectors) for e in known}
        kinds = {label_of(s) for e in known for s in e.spans} - {*self.entities}
        new = sorted(names - {*self.intents}) if intents else []
        split = [_split(name, tokenizer) for name in new]
        fresh = sorted({part for parts in split for part in parts} - {*self.parts})
        rows = {part: row for row, part in enumerate((*self.parts, *fresh))}
        return Labels(
            intents=(*self.intents, *new),
            selectors=self.selectors,
            parts=tuple(rows),
            part_ids=(
                *self.part_ids,
                *(tuple(sorted({rows[p] for p in parts})) for parts in split),
            ),
            entities=(
                *self.entities,
                *(sorted(kinds, key=_order) if entities else ()),
            ),
            bilou=self.bilou,
        )

    def encode(self, tokens: Sequence[Token], spans: Iterable[Span]) -> list[int]:
        """Each token's tag; a span that cuts a token, or is unknown, is left out."""
        tags = [OUTSIDE] * len(tokens)
        for span in spans:
            covered = covered_tokens(tokens, span)
            number = self.entity_ids.get(label_of(span))
            if covered and number is not None:
                for at, prefix in zip(covered, _prefixes(len(covered)), strict=True):
                    tags[at] = self._tag(number, prefix)
        return tags

    def decode(self, tags: Sequence[int]) -> list[tuple[int, int, EntityLabel]]:
        """Runs of tags as (first token, one behind the last, label), in order."""
        found: list[tuple[int, int, EntityLabel]] = []
        within: int | None = None
        for at, tag in enumerate(tags):
            if tag == OUTSIDE:
                within = None
                continue
            number, prefix = divmod(tag - 1, self.tags_each)
            if number == within and not (self.bilou and prefix in OPENING):
                found[-1] = (found[-1][0], at + 1, found[-1][2])
            else:
                found.append((at, at + 1, self.entities[number]))
            within = None if self.bilou and prefix in CLOSING else number
        return found

    def allowed(self) -> tuple[npt.NDArray[np.bool_], ...]:
        """Which tag may follow which [tags, tags], which may start, which may end."""
        tag = np.arange(self.tags)
        number, prefix = np.divmod(tag - 1, self.tags_each)
        if not self.bilou:
            everything = np.ones(self.tags, np.bool_)
            return np.outer(everything, everything), everything, everything
        outside = tag == OUTSIDE
        opens = outside | np.isin(prefix, list(OPENING))
        closes = outside | np.isin(prefix, list(CLOSING))
        follows = np.outer(closes, opens)
        goes_on = np.outer(~closes, ~opens) & (number[:, None] == number[None, :])
        return follows | goes_on, opens, closes

    def _tag(self, number: int, prefix: int) -> int:
        return 1 + number * self.tags_each + (prefix if self.bilou else 0)


def label_of(span: Span) -> EntityLabel:
    """The kind of tag that an annotation stands for."""
    return EntityLabel(span.entity, span.role, span.group)


def covered_tokens(tokens: Sequence[Token], span: Span) -> list[int]:
    """The tokens within a span; none if it cuts one, as Rasa then drops it too."""
    touched = [
        at
        for at, token in enumerate(tokens)
        if token.start < span.end and token.end > span.start
    ]
    cut = any(
        tokens[at].start < span.start or tokens[at].end > span.end for at in touched
    )
    return [] if cut else touched


def is_key(label: str) -> bool:
    """Whether a label is a response key and not a whole intent."""
    return "/" in label


def _split(name: str, tokenizer: TokenizerSettings) -> list[str]:
    if not tokenizer.intent_tokenization:
        return [name]
    # As Rasa: intent and key each by themselves.
    return [part for half in name.split("/") for part in split_intent(half, tokenizer)]


def _prefixes(length: int) -> list[int]:
    if length == 1:
        return [UNIT]
    return [BEGIN, *[INSIDE] * (length - 2), LAST]


def _order(label: EntityLabel) -> tuple[str, str, str]:
    return label.entity, label.role or "", label.group or ""
