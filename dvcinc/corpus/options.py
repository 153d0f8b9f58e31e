"""A component's options: Rasa's defaults filled in, and read as the types they must be.

In: a `Component` with its options as canonical JSON; out: plain values, or an
`InputError` that names the place, the key and the value.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from types import MappingProxyType
from typing import TypeVar

from dvcinc.corpus.components import SPECS, ComponentSpec, Json
from dvcinc.corpus.values import Component
from dvcinc.errors import InputError

Choice = TypeVar("Choice", bound=Enum)

# For these a count and a share are different things: 1 is one text, 1.0 is all.
COUNT_OR_SHARE = frozenset({"min_df", "max_df"})

LAYERS = "number_of_transformer_layers"
# Without a transformer these do nothing.
TRANSFORMER_KEYS = frozenset(
    {
        "drop_rate_attention",
        "max_relative_position",
        "number_of_attention_heads",
        "transformer_size",
        "use_key_relative_attention",
        "use_value_relative_attention",
    }
)


def spec_of(name: str) -> ComponentSpec | None:
    """What dvcinc knows of a component; its module path does not count."""
    return SPECS.get(name.rpartition(".")[2])


@lru_cache(maxsize=64)
def effective_options(component: Component) -> Mapping[str, Json]:
    """The options as Rasa would run them: its defaults filled in, `epochs` included."""
    spec = spec_of(component.name)
    given = given_options(component)
    if spec is None:
        return MappingProxyType(given)
    filled = {**spec.defaults, **given}
    for key, default in spec.defaults.items():
        value = filled[key]
        if isinstance(default, dict) and isinstance(value, dict):
            filled[key] = {**default, **value}
    return MappingProxyType(filled)


def weight_options(component: Component) -> Mapping[str, Json]:
    """Only what touches weights: no weightless key, no `epochs`, no default value.

    Keys of Rasa that dvcinc does not honour stay in: whoever writes them means another
    model, and a training that comes out equal does no harm.
    """
    spec = spec_of(component.name)
    options = effective_options(component)
    if spec is None:
        return MappingProxyType({k: v for k, v in options.items() if k != "epochs"})
    left_out = spec.weightless | {"epochs"}
    return MappingProxyType(
        {
            key: value
            for key, value in sorted(options.items())
            if key not in left_out and not is_default(spec, key, value)
        }
    )


def given_options(component: Component) -> dict[str, Json]:
    """The options as they are written, without defaults."""
    options = json.loads(component.options or "{}")
    return options if isinstance(options, dict) else {}


def honoured_keys(component: Component) -> frozenset[str]:
    """The keys that do something, as the others stand."""
    spec = spec_of(component.name)
    if spec is None:
        return frozenset()
    options = effective_options(component)
    idle = () if options.get(LAYERS) else TRANSFORMER_KEYS
    return (spec.honoured | spec.weightless).difference(idle)


def is_default(spec: ComponentSpec, key: str, value: Json) -> bool:
    """Whether a written value only says what Rasa would do anyway."""
    if key not in spec.defaults:
        return False
    default = spec.defaults[key]
    typed = key in COUNT_OR_SHARE or isinstance(value, bool)
    return value == default and (not typed or type(value) is type(default))


@dataclass(frozen=True, slots=True)
class Options:
    """Options to be read one by one; `where` is how an error names their place."""

    values: Mapping[str, object]
    where: str

    @classmethod
    def of(cls, values: object, where: str) -> Options:
        """The options of a mapping; anything else is an error."""
        if not isinstance(values, Mapping):
            raise InputError(f"{where}: expected keys with values, not {values!r}")
        return cls(values, where)

    def flag(self, key: str) -> bool:
        """A key that is true or false."""
        value = self.values.get(key)
        if not isinstance(value, bool):
            raise self.wrong(key, "true or false")
        return value

    def integer(self, key: str, *, low: int = 0, high: int | None = None) -> int:
        """A key that is a whole number, at least `low` and at most `high`."""
        value = self.values.get(key)
        if isinstance(value, bool) or not isinstance(value, int) or value < low:
            raise self.wrong(key, f"a whole number, {low} or more")
        if high is not None and value > high:
            raise self.wrong(key, f"at most {high}")
        return value

    def number(self, key: str, *, low: float = 0.0, high: float = 1.0) -> float:
        """A key that is a number between `low` and `high`; an integer stays one."""
        value = self.values.get(key)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.wrong(key, "a number")
        if not low <= value <= high:
            raise self.wrong(key, f"a number from {low:g} to {high:g}")
        return value

    def count_or_share(self, key: str) -> float:
        """A key that is a count as a whole number, or a share as a fraction."""
        whole = isinstance(self.values.get(key), int)
        return self.number(key, high=math.inf if whole else 1.0)

    def text(self, key: str) -> str:
        """A key that is a text."""
        value = self.values.get(key)
        if not isinstance(value, str):
            raise self.wrong(key, "a text")
        return value

    def optional_text(self, key: str) -> str | None:
        """A key that is a text or null."""
        return None if self.values.get(key) is None else self.text(key)

    def pattern(self, key: str) -> str | None:
        """A key that is a regular expression or null."""
        pattern = self.optional_text(key)
        if pattern is None:
            return None
        # Few write one; the others need not wait for what makes it safe.
        from dvcinc.text.regexes import compile_regex  # noqa: PLC0415

        bounded = not isinstance(
            compile_regex(pattern, f"{self.where}: `{key}`"), re.Pattern
        )
        if re.compile(pattern).groups > (0 if bounded else 1):
            raise self.wrong(key, "a regular expression of one group, others as (?:…)")
        return pattern

    def texts(self, key: str) -> tuple[str, ...]:
        """A key that is a list of texts, one text, or null."""
        value = self.values.get(key)
        items = [value] if isinstance(value, str) else value or []
        if not isinstance(items, list) or not all(isinstance(i, str) for i in items):
            raise self.wrong(key, "a list of texts")
        return tuple(items)

    def choice(self, key: str, choices: type[Choice]) -> Choice:
        """A key that is one of an Enum's values."""
        try:
            return choices(self.values.get(key))
        except ValueError as error:
            allowed = ", ".join(str(c.value) for c in choices)
            raise self.wrong(key, f"one of: {allowed}") from error

    def table(self, key: str) -> Options | None:
        """A key that holds keys of its own, or null."""
        value = self.values.get(key)
        return None if value is None else Options.of(value, f"{self.where}: {key}")

    def tables(self, key: str) -> tuple[Options, ...]:
        """A key that holds a list of such."""
        items = self.values.get(key)
        if not isinstance(items, list):
            raise self.wrong(key, "a list")
        return tuple(Options.of(item, f"{self.where}: {key}") for item in items)

    def wrong(self, key: str, expected: str) -> InputError:
        """The error that a key's value is not what it must be."""
        return InputError(
            f"{self.where}: `{key}` must be {expected}, not {self.values.get(key)!r}"
        )
