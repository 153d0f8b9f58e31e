"""Which intents are told apart by their response keys: those that a selector covers.

A `ResponseSelector` covers one retrieval intent, or all if it names none. Where none
does, `faq/ask_wifi` is an example of the intent `faq` and of nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dvcinc.corpus.components import Json
from dvcinc.corpus.options import Options, effective_options, spec_of
from dvcinc.corpus.values import Config

SELECTOR = "ResponseSelector"
# Rasa's name for the selector that covers all retrieval intents.
DEFAULT_SELECTOR = "default"

Selectors = tuple[str | None, ...]
"""The retrieval intent of each selector; `None` for all."""

EVERY: Selectors = (None,)


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectorSettings:
    """How one `ResponseSelector` answers; its retrieval intent is `None` for all."""

    retrieval_intent: str | None = None
    ranking_length: int = 10
    renormalize_confidences: bool = False

    @property
    def name(self) -> str:
        """The key under which its answer stands."""
        return self.retrieval_intent or DEFAULT_SELECTOR

    def to_json(self) -> dict[str, Json]:
        """The settings as plain values, under Rasa's own names."""
        return {
            "retrieval_intent": self.retrieval_intent,
            "ranking_length": self.ranking_length,
            "renormalize_confidences": self.renormalize_confidences,
        }

    @classmethod
    def read(cls, options: Options) -> SelectorSettings:
        """The settings from their keys, checked."""
        return cls(
            retrieval_intent=options.optional_text("retrieval_intent") or None,
            ranking_length=options.integer("ranking_length"),
            renormalize_confidences=options.flag("renormalize_confidences"),
        )


def selectors_of(config: Config) -> Selectors:
    """What the selectors of a pipeline cover; without a pipeline, nobody knows: all."""
    if not config.pipeline:
        return EVERY
    found = []
    for component, _ in config.pipeline:
        spec = spec_of(component.name)
        if spec is not None and spec.name == SELECTOR:
            intent = effective_options(component).get("retrieval_intent")
            found.append(intent if isinstance(intent, str) and intent else None)
    return tuple(found)


def base_intent(intent: str) -> str:
    """The intent without its key: of `faq/ask_wifi` it is `faq`."""
    return intent.partition("/")[0]


def told_apart(intent: str, selectors: Iterable[str | None]) -> str:
    """The name that is learned: with its key if a selector covers it, else without."""
    base, slash, _ = intent.partition("/")
    covered = slash and any(name is None or name == base for name in selectors)
    return intent if covered else base
