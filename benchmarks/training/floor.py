"""The floor: LinearSVC on tf-idf of the same n-grams, and CRFsuite, on one thread."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import pycrfsuite
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import FeatureUnion, make_union
from sklearn.svm import LinearSVC

from dvcinc.corpus.values import EntityLabel, Example
from dvcinc.model.labels import base_intent, covered_tokens
from dvcinc.model.result import FoundEntity, ParseResult, RankedIntent
from dvcinc.text.settings import TokenizerSettings
from dvcinc.text.tokenizer import Token, Tokenizer
from training.answers import Answers, score
from training.sets import by_intent, intents, ranked, split, texts

PENALTIES = (0.1, 0.3, 1.0, 3.0)
"""LinearSVC's C is chosen among these, on a split cut from its training data."""
# The usual scheme, `B-` and `I-`, and usual penalties. One tag for each label fits
# 2.7 times as fast on hwu64, for 0.3 points of F1 less on its development split.
CRF = {"c1": 0.1, "c2": 0.1, "max_iterations": 100}
OUTSIDE = "O"
WORD = r"(?u)\b\w+\b"
FOLDS = 3
TIMED_RUNS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Linear:
    """A fitted LinearSVC, and the CPU seconds of its features and its fit."""

    features: FeatureUnion
    classifier: LinearSVC
    featuring: float
    fitting: float

    @property
    def seconds(self) -> float:
        """CPU seconds of features and fit."""
        return self.featuring + self.fitting

    def predict(self, examples: Sequence[Example]) -> list[str]:
        """The intents."""
        found = self.classifier.predict(self.features.transform(texts(examples)))
        return [str(name) for name in found]

    def answers(self, examples: Sequence[Example]) -> Answers:
        """The answers, entities left out; it is never sure of anything."""
        return score(
            examples,
            [
                ParseResult(text=example.text, intent=RankedIntent(name, 0.0))
                for example, name in zip(examples, self.predict(examples), strict=True)
            ],
        )


def fit_linear(
    examples: Sequence[Example], penalty: float, *, full: bool = False
) -> Linear:
    """Fits features and classifier; with `full`, response keys are told apart."""
    started = time.process_time()
    features = make_union(
        TfidfVectorizer(token_pattern=WORD),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 4)),
    )
    matrix = features.fit_transform(texts(examples))
    featured = time.process_time()
    classifier = LinearSVC(C=penalty, random_state=0)
    names = [example.intent for example in examples] if full else intents(examples)
    classifier.fit(matrix, names)
    return Linear(
        features=features,
        classifier=classifier,
        featuring=featured - started,
        fitting=time.process_time() - featured,
    )


def choose_penalty(examples: Sequence[Example]) -> float:
    """The C that is best on a tenth; of equals, the smallest."""
    kept, held = split(examples, "penalty")
    found = {c: fit_linear(kept, c).answers(held).accuracy for c in PENALTIES}
    return max(PENALTIES, key=lambda c: (found[c], -c))


def median_seconds(
    examples: Sequence[Example], penalty: float, runs: int = TIMED_RUNS
) -> float:
    """Features and fit again, since the machine is not always as fast."""
    return median(fit_linear(examples, penalty).seconds for _ in range(runs))


def neighbour(examples: Sequence[Example], intent: str, penalty: float) -> str:
    """The intent that examples of one are most often taken for, cross-validated."""
    order = ranked(examples, "folds")
    taken: dict[str, int] = dict.fromkeys(by_intent(examples), 0)
    for fold in range(FOLDS):
        rest = [e for at, e in enumerate(order) if at % FOLDS != fold]
        mine = [e for e in order[fold::FOLDS] if base_intent(e.intent) == intent]
        for name in fit_linear(rest, penalty).predict(mine):
            taken[name] += name != intent
    return min(taken, key=lambda name: (name == intent, -taken[name], name))


@dataclass(frozen=True, slots=True, kw_only=True)
class Tagger:
    """A fitted CRFsuite model, and the CPU seconds of its features and its fit."""

    tag: Callable[[Sequence[dict[str, Any]]], list[str]]
    labels: dict[str, EntityLabel]
    seconds: float

    def answers(self, examples: Sequence[Example]) -> Answers:
        """The entities; no intents."""
        cut = Tokenizer(TokenizerSettings())
        nobody = RankedIntent(None, 0.0)
        results = [
            ParseResult(
                text=example.text,
                intent=nobody,
                entities=tuple(self._entities(example.text, cut.tokens(example.text))),
            )
            for example in examples
        ]
        return score(examples, results)

    def _entities(self, text: str, tokens: Sequence[Token]) -> Iterator[FoundEntity]:
        tags = self.tag(features(tokens)) if tokens else []
        for first, behind, label in stretches(tags):
            start, end = tokens[first].start, tokens[behind - 1].end
            kind = self.labels[label]
            yield FoundEntity(
                start=start,
                end=end,
                entity=kind.entity,
                value=text[start:end],
                confidence=0.0,
                role=kind.role,
                group=kind.group,
            )


def fit_tagger(examples: Sequence[Example], path: str) -> Tagger:
    """Fits CRFsuite on tokens cut as ours are.

    Args:
        examples: What to learn.
        path: Where the library may write its model.
    """
    started = time.process_time()
    kinds = sorted(
        {EntityLabel(*span[2:]) for e in examples for span in e.spans}, key=str
    )
    names = {kind: str(number) for number, kind in enumerate(kinds)}
    trainer = pycrfsuite.Trainer(verbose=False)
    cut = Tokenizer(TokenizerSettings())
    for example in examples:
        tokens = cut.tokens(example.text)
        if tokens:
            trainer.append(features(tokens), tags(example, tokens, names))
    trainer.select("lbfgs")
    trainer.set_params(CRF)
    trainer.train(path)
    seconds = time.process_time() - started
    tagger = pycrfsuite.Tagger()
    tagger.open(path)
    return Tagger(
        tag=tagger.tag,
        labels={name: kind for kind, name in names.items()},
        seconds=seconds,
    )


def tags(
    example: Example, tokens: Sequence[Token], names: dict[EntityLabel, str]
) -> list[str]:
    """Each token's tag: `B-` or `I-` and the number of its label, or `O`."""
    found = [OUTSIDE] * len(tokens)
    for span in example.spans:
        for place, at in enumerate(covered_tokens(tokens, span)):
            found[at] = ("I-" if place else "B-") + names[EntityLabel(*span[2:])]
    return found


def stretches(tags: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Entities as (first token, one behind the last, label)."""
    start, within = 0, OUTSIDE
    for at, tag in enumerate([*tags, OUTSIDE]):
        prefix, _, label = tag.partition("-")
        if prefix == "I" and label == within:
            continue
        if within != OUTSIDE:
            yield start, at, within
        start, within = at, label or OUTSIDE


def features(tokens: Sequence[Token]) -> list[dict[str, Any]]:
    """What CRFsuite is usually told of each token: word, ends, shape, neighbours."""
    words = [token.text for token in tokens]
    found = []
    for at, word in enumerate(words):
        low = word.lower()
        said: dict[str, Any] = {
            "bias": 1.0,
            "word": low,
            "suffix3": low[-3:],
            "suffix2": low[-2:],
            "prefix3": low[:3],
            "title": word.istitle(),
            "upper": word.isupper(),
            "digit": word.isdigit(),
        }
        for step in (-2, -1, 1, 2):
            near = at + step
            inside = 0 <= near < len(words)
            said[f"{step}:word"] = words[near].lower() if inside else "<>"
            if inside and abs(step) == 1:
                said[f"{step}:title"] = words[near].istitle()
                said[f"{step}:digit"] = words[near].isdigit()
        found.append(said)
    return found
