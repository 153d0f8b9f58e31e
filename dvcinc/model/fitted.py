"""What every training hands over, and how it tells of its progress."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from dvcinc.corpus.values import Example
from dvcinc.model.document import Model


class Progress(Protocol):
    """Told after each step how far the training is."""

    def __call__(self, *, step: int, steps: int, loss: float) -> None:
        """`step` of at most `steps` is done; `loss` was that of its batch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """A trained model and how it came about.

    Args:
        model: With Adam's moments if it is a base.
        steps: Steps taken.
        epochs: Passes over the corpus, or over what was added.
        unlearned: Examples to learn that the model still answers wrong, or right with
            no more than half of the probability (`recipe.SURE`).
        warnings: Annotations that could not be used.
    """

    model: Model
    steps: int
    epochs: int
    unlearned: tuple[Example, ...] = ()
    warnings: tuple[str, ...] = ()
