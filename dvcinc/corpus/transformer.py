"""The transformer of a classifier as typed settings, from config or from a model."""

from __future__ import annotations

from dataclasses import dataclass

from dvcinc.corpus.options import Options

# Far beyond any transformer that makes sense here, and far below what would hurt.
MOST_LAYERS, LARGEST_SIZE = 64, 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class TransformerSettings:
    """The transformer of a `DIETClassifier` (Vaswani et al., 2017).

    Args:
        layers: How many, at least one.
        size: Width of the layers; the heads share it equally.
        heads: How many places each layer looks at in its own way.
        key_reach: Up to how many tokens apart the distance of two says how much one
            heeds the other (Shaw et al., 2018); 0 for no such say.
        value_reach: Likewise, for what it hears there.
    """

    layers: int = 1
    size: int = 256
    heads: int = 4
    key_reach: int = 0
    value_reach: int = 0

    @classmethod
    def from_config(cls, options: Options) -> TransformerSettings | None:
        """The settings in Rasa's keys, checked; `None` without any layer."""
        if not options.integer("number_of_transformer_layers", high=MOST_LAYERS):
            return None
        keys, values = map(
            options.flag,
            (f"use_{part}_relative_attention" for part in ("key", "value")),
        )
        reach = 0
        if keys or values:
            reach = options.integer("max_relative_position", low=1, high=LARGEST_SIZE)
        return cls._read(
            options,
            ("number_of_transformer_layers", "transformer_size"),
            "number_of_attention_heads",
            key_reach=reach * keys,
            value_reach=reach * values,
        )

    @classmethod
    def from_json(cls, options: Options) -> TransformerSettings:
        """The settings from keys that are named as they are, checked."""
        return cls._read(
            options,
            ("layers", "size"),
            "heads",
            key_reach=options.integer("key_reach", high=LARGEST_SIZE),
            value_reach=options.integer("value_reach", high=LARGEST_SIZE),
        )

    @classmethod
    def _read(
        cls,
        options: Options,
        sizes: tuple[str, str],
        heads: str,
        *,
        key_reach: int,
        value_reach: int,
    ) -> TransformerSettings:
        layers = options.integer(sizes[0], low=1, high=MOST_LAYERS)
        size = options.integer(sizes[1], low=1, high=LARGEST_SIZE)
        shares = options.integer(heads, low=1)
        if size % shares:
            raise options.wrong(heads, f"a divisor of `{sizes[1]}`, {size}")
        return cls(
            layers=layers,
            size=size,
            heads=shares,
            key_reach=key_reach,
            value_reach=value_reach,
        )
