"""Rasa's components: what part each plays, its defaults and what dvcinc makes of them.

A table of facts about Rasa 3.6 (`get_default_config` of each class), read by
`dvcinc.corpus.pipeline`; nothing here looks at a project.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType
from typing import TypeAlias

from dvcinc.text.settings import LEXICAL_WINDOW

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"


class Role(Enum):
    """What part a component plays in the pipeline."""

    TOKENIZER = "tokenizer"
    FEATURIZER = "featurizer"
    CLASSIFIER = "classifier"
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


def _spec(
    name: str,
    role: Role,
    defaults: Mapping[str, Json],
    *,
    trained: bool = True,
    weightless: Iterable[str] = (),
    honoured: Iterable[str] = (),
    note: str = "",
) -> ComponentSpec:
    return ComponentSpec(
        name=name,
        role=role,
        trained=trained,
        defaults=MappingProxyType(dict(defaults)),
        weightless=frozenset(weightless),
        honoured=frozenset(honoured),
        note=note,
    )


_TOKENIZER = _spec(
    "WhitespaceTokenizer",
    Role.TOKENIZER,
    {
        "intent_tokenization_flag": False,
        "intent_split_symbol": "_",
        "token_pattern": None,
        "prefix_separator_symbol": None,
    },
    honoured=("intent_tokenization_flag", "intent_split_symbol", "token_pattern"),
)

_REGEX = _spec(
    "RegexFeaturizer",
    Role.FEATURIZER,
    {
        "alias": None,
        "case_sensitive": True,
        "use_lookup_tables": True,
        "use_regexes": True,
        "use_word_boundaries": True,
        "number_additional_patterns": None,
    },
    # Room for new patterns is a matter of the decision (DI502), not of the weights.
    weightless=("alias", "number_additional_patterns"),
    honoured=(
        "case_sensitive",
        "use_lookup_tables",
        "use_regexes",
        "use_word_boundaries",
        "number_additional_patterns",
    ),
)

_LEXICAL = _spec(
    "LexicalSyntacticFeaturizer",
    Role.FEATURIZER,
    {"alias": None, "features": [list(names) for names in LEXICAL_WINDOW]},
    weightless=("alias",),
    honoured=("features",),
)

_COUNT_VECTORS = _spec(
    "CountVectorsFeaturizer",
    Role.FEATURIZER,
    {
        "alias": None,
        "use_shared_vocab": False,
        "analyzer": "word",
        "strip_accents": None,
        "stop_words": None,
        "min_df": 1,
        "max_df": 1.0,
        "min_ngram": 1,
        "max_ngram": 1,
        "max_features": None,
        "lowercase": True,
        "OOV_token": None,
        "OOV_words": [],
        "use_lemma": True,
        "additional_vocabulary_size": None,
    },
    # A whitespace token is its own lemma, so `use_lemma` says nothing here.
    weightless=("alias", "additional_vocabulary_size", "use_lemma"),
    honoured=(
        "analyzer",
        "strip_accents",
        "stop_words",
        "min_df",
        "max_df",
        "min_ngram",
        "max_ngram",
        "max_features",
        "lowercase",
        "OOV_token",
        "OOV_words",
        "use_lemma",
        "additional_vocabulary_size",
    ),
)

_DIET = _spec(
    "DIETClassifier",
    Role.CLASSIFIER,
    {
        "hidden_layers_sizes": {"text": [], "label": []},
        "share_hidden_layers": False,
        "transformer_size": 256,
        "number_of_transformer_layers": 2,
        "number_of_attention_heads": 4,
        "use_key_relative_attention": False,
        "use_value_relative_attention": False,
        "max_relative_position": 5,
        "unidirectional_encoder": False,
        "batch_size": [64, 256],
        "batch_strategy": "balanced",
        "epochs": 300,
        "random_seed": None,
        "learning_rate": 0.001,
        "embedding_dimension": 20,
        "dense_dimension": {"text": 128, "label": 20},
        "concat_dimension": {"text": 128, "label": 20},
        "number_of_negative_examples": 20,
        "similarity_type": "auto",
        "loss_type": "cross_entropy",
        "maximum_positive_similarity": 0.8,
        "maximum_negative_similarity": -0.4,
        "use_maximum_negative_similarity": True,
        "scale_loss": False,
        "regularization_constant": 0.002,
        "negative_margin_scale": 0.8,
        "constrain_similarities": False,
        "drop_rate": 0.2,
        "drop_rate_attention": 0,
        "connection_density": 0.2,
        "use_sparse_input_dropout": True,
        "use_dense_input_dropout": True,
        "evaluate_every_number_of_epochs": 20,
        "evaluate_on_number_of_examples": 0,
        "intent_classification": True,
        "entity_recognition": True,
        "use_masked_language_model": False,
        "BILOU_flag": True,
        "split_entities_by_comma": True,
        "ranking_length": 10,
        "model_confidence": "softmax",
        "renormalize_confidences": False,
        "featurizers": [],
        "checkpoint_model": False,
        "tensorboard_log_directory": None,
        "tensorboard_log_level": "epoch",
        "run_eagerly": False,
        "drop_small_last_batch": False,
    },
    weightless=(
        "checkpoint_model",
        "evaluate_every_number_of_epochs",
        "evaluate_on_number_of_examples",
        "ranking_length",
        "renormalize_confidences",
        "run_eagerly",
        "split_entities_by_comma",
        "tensorboard_log_directory",
        "tensorboard_log_level",
    ),
    honoured=(
        "BILOU_flag",
        "drop_rate",
        "entity_recognition",
        "epochs",
        "intent_classification",
        "ranking_length",
        "renormalize_confidences",
        "split_entities_by_comma",
    ),
)

_POSTPROCESSORS = (
    _spec("EntitySynonymMapper", Role.POSTPROCESSOR, {}, trained=False),
    _spec(
        "FallbackClassifier",
        Role.POSTPROCESSOR,
        {"threshold": 0.3, "ambiguity_threshold": 0.1},
        trained=False,
        weightless=("threshold", "ambiguity_threshold"),
        honoured=("threshold", "ambiguity_threshold"),
    ),
)

_PASSED_OVER = (
    _spec(
        "ResponseSelector",
        Role.PASSED_OVER,
        {
            **_DIET.defaults,
            "hidden_layers_sizes": {"text": [256, 128], "label": [256, 128]},
            "transformer_size": None,
            "number_of_transformer_layers": 0,
            "dense_dimension": {"text": 512, "label": 512},
            "concat_dimension": {"text": 512, "label": 512},
            "connection_density": 1.0,
            "scale_loss": True,
            "use_sparse_input_dropout": False,
            "use_dense_input_dropout": False,
            "retrieval_intent": None,
            "use_text_as_label": False,
        },
        weightless=_DIET.weightless,
        note="response keys are not predicted yet, only their retrieval intent is",
    ),
    *(
        _spec(name, Role.PASSED_OVER, {}, trained=False, note=note)
        for name, note in (
            ("DucklingEntityExtractor", "it has no trained weights"),
            ("KeywordIntentClassifier", "it has no trained weights"),
            ("RegexEntityExtractor", "entities come from DIETClassifier alone"),
            ("SpacyEntityExtractor", "it has no weights of this project"),
        )
    ),
)

SPECS: Mapping[str, ComponentSpec] = MappingProxyType(
    {
        spec.name: spec
        for spec in (
            _TOKENIZER,
            _REGEX,
            _LEXICAL,
            _COUNT_VECTORS,
            _DIET,
            *_POSTPROCESSORS,
            *_PASSED_OVER,
        )
    }
)
