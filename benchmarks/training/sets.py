"""Data sets: a folder of Rasa files to a corpus to train on and examples to test on.

Every split is a ranking by SHA-256 with the split's name in the key, so that it is the
same everywhere and leaves the order of the files out.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from dvcinc.corpus.rasa import merge, read_config_file
from dvcinc.corpus.readers import read_part
from dvcinc.corpus.selectors import SELECTOR
from dvcinc.corpus.trained import trained
from dvcinc.corpus.values import Component, Corpus, Example, Place
from dvcinc.model.labels import base_intent

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = "sample"
OUTSIDE = ("banking77", "hwu64")
"""The sets that FOLDER may hold, each as `train.yml`, `test.yml` and `config.yml`."""
DEV_SHARE = 0.1
NOWHERE = Place("", 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSet:
    """A corpus to train on, and the examples that it is measured on."""

    name: str
    train: Corpus
    test: tuple[Example, ...]

    @property
    def tagged(self) -> bool:
        """Whether anything is annotated."""
        return any(example.spans for example in self.train.examples)


def read_set(
    name: str, folder: Path | None, *, dev: bool, selecting: bool = False
) -> DataSet:
    """Reads a set; with `dev`, a split of its training data stands for the test.

    With `selecting`, response keys are learned whatever the set's config says.
    """
    train, test = _sample() if name == SAMPLE else _outside((folder or ROOT) / name)
    if selecting:
        train = _selecting(train)
    corpus = trained(train)
    if dev:
        kept, held = split(corpus.examples, "dev")
        return DataSet(name=name, train=holding(corpus, kept), test=held)
    return DataSet(name=name, train=corpus, test=in_order(test.examples))


def _selecting(corpus: Corpus) -> Corpus:
    config = corpus.config
    others = [c for c in config.pipeline if not c[0].name.endswith(SELECTOR)]
    pipeline = (*others, (Component(SELECTOR, "{}"), NOWHERE))
    return replace(corpus, config=replace(config, pipeline=pipeline))


def is_there(name: str, folder: Path | None) -> bool:
    """Whether a set can be read."""
    return name == SAMPLE or (
        folder is not None and (folder / name / "train.yml").is_file()
    )


def holding(corpus: Corpus, examples: Iterable[Example]) -> Corpus:
    """The same corpus with other examples."""
    return replace(corpus, examples=dict.fromkeys(in_order(examples), NOWHERE))


def in_order(examples: Iterable[Example]) -> tuple[Example, ...]:
    """Examples in the one order that is used everywhere."""
    return tuple(sorted(examples, key=Example.order))


def ranked(examples: Iterable[Example], key: str) -> list[Example]:
    """Examples in an order that only they and the key decide."""
    return sorted(examples, key=lambda example: (_rank(example, key), example.order()))


def split(
    examples: Iterable[Example], key: str, share: float = DEV_SHARE
) -> tuple[tuple[Example, ...], tuple[Example, ...]]:
    """What is kept, and a share of each intent: at least one, but never all of it."""
    held: list[Example] = []
    kept: list[Example] = []
    for mine in by_intent(ranked(examples, key)).values():
        taken = min(max(round(len(mine) * share), 1), len(mine) - 1)
        held += mine[:taken]
        kept += mine[taken:]
    return in_order(kept), in_order(held)


def by_intent(examples: Iterable[Example]) -> dict[str, list[Example]]:
    """Examples by the intent that is predicted, each in the order given."""
    found: dict[str, list[Example]] = defaultdict(list)
    for example in examples:
        found[base_intent(example.intent)].append(example)
    return {intent: found[intent] for intent in sorted(found)}


def texts(examples: Iterable[Example]) -> list[str]:
    """Their texts."""
    return [example.text for example in examples]


def intents(examples: Iterable[Example]) -> list[str]:
    """Their intents, as they are predicted."""
    return [base_intent(example.intent) for example in examples]


def _rank(example: Example, key: str) -> bytes:
    said = "\0".join((key, example.intent, example.text, repr(example.spans)))
    return hashlib.sha256(said.encode()).digest()


def _sample() -> tuple[Corpus, Corpus]:
    data = ROOT / "data"
    train = _read([*sorted((data / "nlu").rglob("*.yml")), data / "config.yml"])
    return train, _read(sorted((data / "test").rglob("*.yml")))


def _outside(folder: Path) -> tuple[Corpus, Corpus]:
    train = _read([folder / "train.yml", folder / "config.yml"])
    return train, _read([folder / "test.yml"])


def _read(files: Sequence[Path]) -> Corpus:
    parts = [
        read_config_file(file.read_bytes(), file.name)
        if file.name == "config.yml"
        else read_part(file.read_bytes(), file.name).corpus
        for file in files
    ]
    return merge(parts)
