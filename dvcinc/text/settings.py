"""Settings of what turns text into features, as `config.yml` gives them.

`dvcinc.corpus.pipeline` makes them from Rasa's keys; the defaults here are Rasa 3.6's.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Analyzer(Enum):
    """Which n-grams a `CountVectorsFeaturizer` counts."""

    WORD = "word"
    CHAR = "char"
    CHAR_WB = "char_wb"


class Accents(Enum):
    """How `strip_accents` treats accents: keep, to ASCII, or to the base letters."""

    KEEP = None
    ASCII = "ascii"
    UNICODE = "unicode"


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenizerSettings:
    """`WhitespaceTokenizer`: how a text is cut, and whether an intent's name is."""

    token_pattern: str | None = None
    intent_tokenization: bool = False
    intent_split_symbol: str = "_"


@dataclass(frozen=True, slots=True, kw_only=True)
class RegexSettings:
    """`RegexFeaturizer`: which patterns are features, and how they match."""

    case_sensitive: bool = True
    use_lookup_tables: bool = True
    use_regexes: bool = True
    use_word_boundaries: bool = True


# What can be asked about a token.
LEXICAL = frozenset(
    {
        "BOS",
        "EOS",
        "digit",
        "low",
        "prefix2",
        "prefix5",
        "suffix1",
        "suffix2",
        "suffix3",
        "suffix5",
        "title",
        "upper",
    }
)
# Part-of-speech tags come from spaCy, which is no part of this pipeline.
UNTAGGED = frozenset({"pos", "pos2"})

# Rasa's own window: the token before, the token itself, the token after.
LEXICAL_WINDOW = (
    ("low", "title", "upper"),
    ("BOS", "EOS", "low", "upper", "title", "digit"),
    ("low", "title", "upper"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LexicalSettings:
    """`LexicalSyntacticFeaturizer`: feature names for each place of the window."""

    features: tuple[tuple[str, ...], ...] = LEXICAL_WINDOW


@dataclass(frozen=True, slots=True, kw_only=True)
class CountSettings:
    """`CountVectorsFeaturizer`: which n-grams a token has, and which are kept.

    `min_df` and `max_df` are counts as integers and shares as floats, as in
    scikit-learn. `additional_vocabulary_size` is the room that the config reserves for
    new tokens; the model grows without it, only the decision looks at it.
    """

    analyzer: Analyzer = Analyzer.WORD
    lowercase: bool = True
    strip_accents: Accents = Accents.KEEP
    stop_words: frozenset[str] = frozenset()
    min_df: float = 1
    max_df: float = 1.0
    min_ngram: int = 1
    max_ngram: int = 1
    max_features: int | None = None
    oov_token: str | None = None
    oov_words: frozenset[str] = frozenset()
    additional_vocabulary_size: int | None = None
