"""What a fine-tune could not learn: how many examples, and the first few by name.

It stands in the report of a training and in the record of a model, where a comment on
a pull request finds it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dvcinc.corpus.values import Example
from dvcinc.errors import InputError
from dvcinc.plan.json import REMEDY, Reader
from dvcinc.text.visible import visible
from dvcinc.yaml import Json

MAX_NAMED = 20
MAX_CHARACTERS = 200
"""Of an intent or a text; a longer one is cut off. A record is no place for a novel."""


@dataclass(frozen=True, slots=True, order=True)
class Named:
    """An example by intent and text, on one line and without control characters."""

    intent: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlearned:
    """Examples that were to be learned and are still wrong; `named` are the first."""

    count: int = 0
    named: tuple[Named, ...] = ()

    @classmethod
    def of(cls, examples: Sequence[Example]) -> Unlearned:
        """Of some examples, in any order."""
        named = sorted({Named(_short(e.intent), _short(e.text)) for e in examples})
        return cls(count=len(examples), named=tuple(named[:MAX_NAMED]))

    def to_json(self) -> dict[str, Json]:
        """The keys of a document, the count beside the names."""
        return {
            "unlearned": self.count,
            "unlearned_examples": [
                {"intent": example.intent, "text": example.text}
                for example in self.named
            ],
        }


def read_unlearned(reader: Reader, path: str) -> Unlearned:
    """Reads the keys.

    Raises:
        InputError: They are of another form than they are written in.
    """
    count = reader.integer("unlearned")
    inners = reader.inners("unlearned_examples")
    named = tuple(Named(one.text("intent"), one.text("text")) for one in inners)
    whole = len(named) <= min(count, MAX_NAMED)
    if not whole or any(_is_unsafe(example) for example in named):
        raise InputError(
            f"{path}: unlearned_examples must name at most {MAX_NAMED} of the "
            f"{count} examples, each on a line of at most {MAX_CHARACTERS} characters",
            REMEDY,
        )
    return Unlearned(count=count, named=named)


def _short(text: str) -> str:
    shown = visible(text)
    if len(shown) <= MAX_CHARACTERS:
        return shown
    return f"{shown[: MAX_CHARACTERS - 1]}…"


def _is_unsafe(example: Named) -> bool:
    return any(_short(said) != said for said in (example.intent, example.text))
