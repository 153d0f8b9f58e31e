"""The row about response keys: one softmax for all, and LinearSVC on full labels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dvcinc.corpus.values import Example
from dvcinc.model.runtime import Runtime
from training import floor
from training.engine import from_scratch
from training.runs import Runs, tell
from training.sets import read_set, texts
from training.table import Line, at_least, line


def responses(runs: Runs) -> Iterator[Line]:
    """Accuracy of the keys, and of intents that are sums of keys."""
    data = read_set(runs.data.name, None, dev="--dev" in runs.arguments, selecting=True)
    keyed = [example for example in data.test if "/" in example.intent]
    keys: list[float] = []
    intents: list[float] = []
    for seed in runs.seeds:
        title = f"{data.name}: scratch with response keys, seed {seed}"
        tell(title)
        model = from_scratch(data.train, seed, title)
        intents.append(model.answers(data.test).accuracy)
        keys.append(_accuracy(keyed, _chosen(Runtime(model.model), keyed)))
    under = _accuracy(keyed, _linear(tuple(data.train.examples), keyed, runs.penalty))
    note = f"{len(keyed)} texts, LinearSVC on full labels {under:.2f}"
    yield line("response key accuracy", keys, note=note)
    yield line(
        "keys over LinearSVC", [own - under for own in keys], "points", at_least(0)
    )
    note = f"{len(data.test)} texts; without keys see `scratch`"
    yield line("intent accuracy beside keys", intents, note=note)


def _chosen(runtime: Runtime, examples: Sequence[Example]) -> list[str | None]:
    selections = [r.response_selector for r in runtime.parse_many(texts(examples))]
    return [s.key_of(s.retrieval_intents[0]) if s else None for s in selections]


def _linear(
    train: Sequence[Example], examples: Sequence[Example], penalty: float
) -> list[str | None]:
    """LinearSVC's likeliest key; like a selector it need not find the intent."""
    linear = floor.fit_linear(train, penalty, full=True)
    names = [str(name) for name in linear.classifier.classes_]
    places = [place for place, name in enumerate(names) if "/" in name]
    features = linear.features.transform(texts(examples))
    best = linear.classifier.decision_function(features)[:, places].argmax(axis=1)
    return [names[places[at]] for at in best.tolist()]


def _accuracy(examples: Sequence[Example], keys: Sequence[str | None]) -> float:
    right = [e.intent == key for e, key in zip(examples, keys, strict=True)]
    return 100 * sum(right) / max(len(right), 1)
