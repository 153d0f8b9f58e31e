"""The tables: what a model has without weights."""

from __future__ import annotations

from dataclasses import dataclass, field

from dvcinc.corpus.settings import Serving
from dvcinc.corpus.values import Response, Synonym
from dvcinc.text.patterns import Pattern


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """Synonyms, answers of retrieval intents, renames, and settings without weights.

    The renames lead from the base's names to the names now, one simultaneous map each;
    they belong to what is to be packaged and are empty in what has been. The patterns
    are those that find entities by themselves.
    """

    synonyms: tuple[Synonym, ...] = ()
    responses: tuple[Response, ...] = ()
    intent_renames: tuple[tuple[str, str], ...] = ()
    entity_renames: tuple[tuple[str, str], ...] = ()
    patterns: tuple[Pattern, ...] = ()
    serving: Serving = field(default_factory=Serving)
