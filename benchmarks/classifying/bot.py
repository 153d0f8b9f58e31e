"""A size to the files of a bot: NLU data, domain, config, lookup, parameters."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from classifying.texts import SEED, Speech, intent_names

# How many intents a bot has, by its examples: at least, at most, and between.
FEWEST, MOST, EXAMPLES_AN_INTENT = 20, 300, 50
# The largest intent has many times the examples of the smallest.
UNEVEN = 0.8
# What a change adds.
ADDED = 3
HEAD = 'version: "3.1"\n\nnlu:\n'
DOMAIN, CONFIG, PARAMS = "data/domain.yml", "data/config.yml", "params.yaml"
VOCABULARY, LOOKUP = "data/nlu/vocabulary.yml", "data/nlu/cities.txt"
_PARAMS = """\
data:
  nlu: data/nlu
  domain: data/domain.yml
  config: data/config.yml
  test: data/test
"""
_CONFIG = """\
recipe: default.v1
language: en

pipeline:
  - name: WhitespaceTokenizer
  - name: RegexFeaturizer
  - name: LexicalSyntacticFeaturizer
  - name: CountVectorsFeaturizer
  - name: CountVectorsFeaturizer
    analyzer: char_wb
    min_ngram: 1
    max_ngram: 4
  - name: DIETClassifier
    epochs: 100
  - name: EntitySynonymMapper
  - name: ResponseSelector
  - name: FallbackClassifier
    threshold: 0.3

policies:
  - name: MemoizationPolicy
  - name: RulePolicy
"""
_VOCABULARY = f"""\
{HEAD}- regex: booking_code
  examples: |
    - [A-Z]{{3}}[0-9]{{4}}
- lookup: city
  examples: {LOOKUP}
- synonym: New City
  examples: |
    - the new one
    - newtown
"""


@dataclass(frozen=True, slots=True)
class Size:
    """How large a bot is: examples, and the files that they lie in."""

    examples: int
    files: int

    def __str__(self) -> str:
        return f"{self.examples:,} in {self.files:,}"

    @property
    def intents(self) -> int:
        """How many intents it has."""
        root = round((self.examples / EXAMPLES_AN_INTENT) ** 0.55 * FEWEST / 5)
        return min(max(root, FEWEST), MOST, self.examples)


Content = dict[str, list[str]]
"""What a file of NLU data holds: lines by intent."""


@dataclass(slots=True)
class Bot:
    """The data of a bot while it is made: NLU files by path, and the domain.

    Attributes:
        speech: Says more examples.
        files: NLU data by path.
        intents: All names.
        actions: Beside the responses.
    """

    speech: Speech
    files: dict[str, Content]
    intents: list[str]
    actions: list[str]

    def rendered(self) -> Iterator[tuple[str, bytes]]:
        """All files by path."""
        for path, content in self.files.items():
            yield path, render(content)
        yield VOCABULARY, _VOCABULARY.encode()
        yield LOOKUP, "".join(f"{city}\n" for city in self.speech.cities).encode()
        yield DOMAIN, self.domain()
        yield CONFIG, _CONFIG.encode()
        yield PARAMS, _PARAMS.encode()

    def domain(self) -> bytes:
        """The domain file."""
        plain = dict.fromkeys(intent.partition("/")[0] for intent in self.intents)
        lines = ['version: "3.1"\n\nintents:\n']
        lines += [f"  - {name}\n" for name in plain]
        lines.append("entities:\n  - city:\n      roles: [from, to]\n")
        lines.append("slots:\n  city:\n    type: text\n    mappings:\n")
        lines.append("      - type: from_entity\n        entity: city\nactions:\n")
        lines += [f"  - {name}\n" for name in self.actions]
        lines.append("responses:\n")
        for name in self.intents:
            lines.append(f"  utter_{name}:\n")
            lines.append(f'    - text: "This is about {name.replace("_", " ")}."\n')
        return "".join(lines).encode()


def make(size: Size, seed: int = SEED) -> Bot:
    """A bot of a size; the same seed makes the same.

    Intents follow each other through the files, so that each lives in one file or in
    a few, and files are of uneven length too.
    """
    chance = random.Random(seed)  # noqa: S311 - no secret
    speech = Speech(seed)
    intents = intent_names(size.intents)
    weights = [1 / rank**UNEVEN for rank in range(1, len(intents) + 1)]
    chance.shuffle(weights)
    counts = shares(size.examples, weights)
    room = shares(size.examples, [chance.uniform(0.5, 1.5) for _ in range(size.files)])
    files: dict[str, Content] = {
        f"data/nlu/part_{n:04}.yml": {} for n in range(len(room))
    }
    paths = iter(zip(files, room, strict=True))
    path, left = next(paths)
    for intent, count in zip(intents, counts, strict=True):
        lines = speech.lines(intent, count)
        while lines:
            if not left:
                path, left = next(paths)
            files[path][intent], lines = lines[:left], lines[left:]
            left -= len(files[path][intent])
    return Bot(speech, files, intents, ["action_book", "action_look_up"])


def shares(total: int, weights: list[float]) -> list[int]:
    """A total split by weights, at least one each."""
    spare = total - len(weights)
    whole = sum(weights)
    parts = [1 + int(spare * weight / whole) for weight in weights]
    parts[0] += total - sum(parts)
    return parts


def render(content: Content) -> bytes:
    """A file of NLU data."""
    pieces = [HEAD]
    for intent, lines in content.items():
        pieces.append(f"- intent: {intent}\n  examples: |\n    - ")
        pieces.append("\n    - ".join(lines))
        pieces.append("\n")
    return "".join(pieces).encode()


def longer(said: str, number: int) -> str:
    """A file of NLU data with three more examples of its first intent."""
    head, mark, rest = said.partition("  examples: |\n")
    lines = [f"    - something new, try {number} part {n}\n" for n in range(ADDED)]
    return head + mark + "".join(lines) + rest
