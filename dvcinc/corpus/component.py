"""What dvcinc knows of a component of Rasa: a row of the table, and its columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType
from typing import TypeAlias

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"


class Role(Enum):
    """What part a component plays in the pipeline."""

    TOKENIZER = "tokenizer"
    FEATURIZER = "featurizer"
    CLASSIFIER = "classifier"
    SELECTOR = "selector"
    POSTPROCESSOR = "postprocessor"
    PASSED_OVER = "passed over"


@dataclass(frozen=True, slots=True, kw_only=True)
class ComponentSpec:
    """What dvcinc knows of a component of Rasa 3.6.

    Args:
        name: The class name, without its module.
        role: What part it plays here.
        trained: It has trained weights or decides the features of what has them, so
            adding or removing it needs training from scratch.
        defaults: Rasa's own defaults; an explicitly written default is no change.
        weightless: Keys whose change needs at most a refresh.
        honoured: Keys that dvcinc's model really uses.
        note: Why it is passed over, where it is.
    """

    name: str
    role: Role
    trained: bool
    defaults: Mapping[str, Json] = field(default_factory=lambda: MappingProxyType({}))
    weightless: frozenset[str] = frozenset()
    honoured: frozenset[str] = frozenset()
    note: str = ""


def component_spec(
    name: str,
    role: Role,
    defaults: Mapping[str, Json],
    *,
    trained: bool = True,
    weightless: Iterable[str] = (),
    honoured: Iterable[str] = (),
    note: str = "",
) -> ComponentSpec:
    """A row of the table, written on few lines."""
    return ComponentSpec(
        name=name,
        role=role,
        trained=trained,
        defaults=MappingProxyType(dict(defaults)),
        weightless=frozenset(weightless),
        honoured=frozenset(honoured),
        note=note,
    )
