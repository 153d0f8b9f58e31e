"""Rasa's components: what part each plays, its defaults and what dvcinc makes of them.

A table of facts about Rasa 3.6 (`get_default_config` of each class), read by
`dvcinc.corpus.pipeline`; nothing here looks at a project.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from dvcinc.corpus.component import ComponentSpec, Json, Role, component_spec
from dvcinc.text.settings import LEXICAL_WINDOW

__all__ = ["SPECS", "ComponentSpec", "Json", "Role"]

_TOKENIZER = component_spec(
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

_REGEX = component_spec(
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

_LEXICAL = component_spec(
    "LexicalSyntacticFeaturizer",
    Role.FEATURIZER,
    {"alias": None, "features": [list(names) for names in LEXICAL_WINDOW]},
    weightless=("alias",),
    honoured=("features",),
)

_COUNT_VECTORS = component_spec(
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

_DIET = component_spec(
    "DIETClassifier",
    Role.CLASSIFIER,
    {
        "hidden_layers_sizes": {"text": [], "label": []},
        "share_hidden_layers": False,
        "transformer_size": 256,
        # Rasa's own default is 2: see `docs/training.md` why not here.
        "number_of_transformer_layers": 0,
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
        "drop_rate_attention",
        "entity_recognition",
        "epochs",
        "intent_classification",
        "max_relative_position",
        "number_of_attention_heads",
        "number_of_transformer_layers",
        "ranking_length",
        "renormalize_confidences",
        "split_entities_by_comma",
        "transformer_size",
        "use_key_relative_attention",
        "use_value_relative_attention",
    ),
)

_POSTPROCESSORS = (
    component_spec(
        "RegexEntityExtractor",
        Role.POSTPROCESSOR,
        {
            "case_sensitive": False,
            "use_lookup_tables": True,
            "use_regexes": True,
            "use_word_boundaries": True,
        },
        trained=False,
        honoured=(
            "case_sensitive",
            "use_lookup_tables",
            "use_regexes",
            "use_word_boundaries",
        ),
    ),
    component_spec("EntitySynonymMapper", Role.POSTPROCESSOR, {}, trained=False),
    component_spec(
        "FallbackClassifier",
        Role.POSTPROCESSOR,
        {"threshold": 0.3, "ambiguity_threshold": 0.1},
        trained=False,
        weightless=("threshold", "ambiguity_threshold"),
        honoured=("threshold", "ambiguity_threshold"),
    ),
)

_SELECTOR = component_spec(
    "ResponseSelector",
    Role.SELECTOR,
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
    # It is trained with the classifier and shares its epochs.
    honoured=("epochs", "retrieval_intent"),
)

_PASSED_OVER = tuple(
    component_spec(name, Role.PASSED_OVER, {}, trained=False, note=note)
    for name, note in (
        ("DucklingEntityExtractor", "it has no trained weights"),
        ("KeywordIntentClassifier", "it has no trained weights"),
        ("SpacyEntityExtractor", "it has no weights of this project"),
    )
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
            _SELECTOR,
            *_POSTPROCESSORS,
            *_PASSED_OVER,
        )
    }
)
