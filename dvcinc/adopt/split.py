"""Cuts a fixed test split: which examples go, and the files without and with them.

Stratified by intent and ranked by SHA-256, so that anybody gets the same. Only lines of
lists (`- …` in Rasa YAML and Markdown) are moved: each is one example, as it stands.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from dvcinc.adopt.lines import Lines, read_lines
from dvcinc.adopt.pipeline import scalar
from dvcinc.changes import base_intent
from dvcinc.corpus.markup import MarkupError, parse_markup
from dvcinc.corpus.readers import Wanted, read_part
from dvcinc.corpus.values import Corpus, Example, Place
from dvcinc.errors import InputError

PATH = "tests/nlu.yml"
"""Where Rasa's users look for tests; it becomes `data.test`."""
_LISTS = (".yml", ".yaml", ".md")
_BULLETS = ("- ", "* ", "+ ")
_ENOUGH = 5
"""Tests for each intent, on average; with fewer, luck decides about its F1."""
_NLU = Wanted(nlu=True, domain=False)


@dataclass(frozen=True, slots=True)
class Moved:
    """An example that goes, its line's text, and where it stood."""

    example: Example
    text: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """A test split.

    Attributes:
        path: Where the test examples go.
        files: Training files by path, as they are without the test examples.
        test: The file with the test examples.
        moved: How many examples went.
        intents: How many intents are tested.
        left: Intents of which none could go.
    """

    path: str
    files: Mapping[str, bytes]
    test: bytes
    moved: int
    intents: int
    left: tuple[str, ...]

    @property
    def note(self) -> str:
        """What to say of a split that is too small to tell much; empty of others."""
        if self.moved >= _ENOUGH * self.intents:
            return ""
        tests = "1 test" if self.moved == 1 else f"{self.moved:,} tests"
        intents = "1 intent" if self.intents == 1 else f"{self.intents:,} intents"
        return (
            f"{tests} of {intents} tell little: one mistake is {1 / self.moved:.0%} of "
            f"the accuracy; write more into {self.path}"
        )


def cut_test(
    files: Mapping[str, bytes],
    share: float,
    path: str = PATH,
    fixed: Container[str] = (),
) -> Split:
    """Cuts a test split.

    Args:
        files: All files of training data, by path.
        share: Of each intent's examples, above 0 and below 1.
        path: Where the test examples go.
        fixed: Paths of those that must stay as they are.

    Raises:
        InputError: A file cannot be understood, or no example can go.
    """
    corpora = {p: read_part(data, p, _NLU).corpus for p, data in files.items()}
    free = [m for m in _free(files, corpora) if m.place.path not in fixed]
    examples = {example for corpus in corpora.values() for example in corpus.examples}
    chosen = list(_chosen(examples, free, share))
    if not chosen:
        raise InputError(
            "no example can go into a test split",
            "each intent keeps one, and only lines `- …` of Rasa YAML and Markdown "
            "are moved: write tests by hand, and name them in params.yaml (data.test)",
        )
    after = dict(_without(files, chosen))
    _check(corpora, after, chosen)
    tested = {moved.example.intent for moved in chosen}
    left = sorted({example.intent for example in examples} - tested)
    return Split(
        path=path,
        files=after,
        test=_test_file(chosen),
        moved=len(chosen),
        intents=len({base_intent(intent) for intent in tested}),
        left=tuple(left),
    )


def _free(files: Mapping[str, bytes], corpora: Mapping[str, Corpus]) -> Iterator[Moved]:
    """The examples that can go: one line each, said once, and defining no synonym."""
    lines = {p: read_lines(files[p], p) for p in files if p.endswith(_LISTS)}
    counted: Counter[str] = Counter()
    for path, corpus in corpora.items():
        rows = lines[path].rows if path in lines else ()
        said = Counter(plain for row in rows if (plain := _plain(row)))
        # A file may say an example in another way than in a list's line.
        counted += said | Counter(example.text for example in corpus.examples)
    for path in sorted(lines):
        for example, place in corpora[path].examples.items():
            text = _bullet(lines[path], place.line)
            if counted[example.text] == 1 and text and _says(text, example):
                yield Moved(example, text, place)


def _bullet(lines: Lines, number: int) -> str | None:
    """The text of a line of a list, without its dash."""
    if not 0 < number <= len(lines.rows):
        return None
    row = lines.rows[number - 1].strip()
    return row[2:].strip() if row.startswith(_BULLETS) else None


def _plain(row: str) -> str:
    """What a line of a list says without its markup; empty for other lines."""
    text = row.strip()
    if not text.startswith(("-", "*", "+")):
        return ""
    try:
        return parse_markup(text[1:].strip()).text
    except MarkupError:
        return ""


def _says(text: str, example: Example) -> bool:
    try:
        said = parse_markup(text)
    except MarkupError:
        return False
    same = said.text == example.text and tuple(said.spans) == example.spans
    return same and not said.synonyms


def _chosen(
    examples: Iterable[Example], free: Sequence[Moved], share: float
) -> Iterator[Moved]:
    """A share of each intent; what an intent or an entity has only once stays."""
    sizes = Counter(example.intent for example in examples)
    labels = Counter(label for example in examples for label in _labels(example))
    by_intent: dict[str, list[Moved]] = defaultdict(list)
    for moved in free:
        by_intent[moved.example.intent].append(moved)
    for intent in sorted(by_intent):
        wanted = min(int(share * sizes[intent] + 0.5), sizes[intent] - 1)
        for moved in sorted(by_intent[intent], key=_rank):
            own = _labels(moved.example)
            if wanted and all(labels[label] > 1 for label in own):
                labels.subtract(own)
                wanted -= 1
                yield moved


def _labels(example: Example) -> set[tuple[str, str | None, str | None]]:
    return {(span.entity, span.role, span.group) for span in example.spans}


def _rank(moved: Moved) -> str:
    said = f"{moved.example.intent}\0{moved.example.text}"
    return hashlib.sha256(said.encode()).hexdigest()


def _without(
    files: Mapping[str, bytes], chosen: Sequence[Moved]
) -> Iterator[tuple[str, bytes]]:
    gone: dict[str, set[int]] = defaultdict(set)
    for moved in chosen:
        gone[moved.place.path].add(moved.place.line - 1)
    for path in sorted(gone):
        yield path, read_lines(files[path], path).without(gone[path]).to_bytes()


def _check(
    before: Mapping[str, Corpus], after: Mapping[str, bytes], chosen: Sequence[Moved]
) -> None:
    """Refuses a split that says anything else than before, less what went."""
    gone: dict[str, set[Example]] = defaultdict(set)
    for moved in chosen:
        gone[moved.place.path].add(moved.example)
    for path, data in after.items():
        was = before[path]
        corpus = read_part(data, path, _NLU).corpus
        same = _rest(was) == _rest(corpus)
        if not same or set(corpus.examples) != set(was.examples) - gone[path]:
            raise InputError(
                f"{path}: its examples cannot be moved line by line",
                "write tests by hand, and name them in params.yaml (data.test)",
            )
    told = {moved.example.text for moved in chosen}
    kept = {p: read_part(d, p, _NLU).corpus for p, d in after.items()}
    trained = {e.text for c in ({**before, **kept}).values() for e in c.examples}
    test = set(read_part(_test_file(chosen), PATH, _NLU).corpus.examples)
    if test != {moved.example for moved in chosen} or told & trained:
        raise InputError(f"{PATH}: would not say what was moved there")


def _rest(corpus: Corpus) -> tuple[object, ...]:
    """All facts but the examples, wherever they stand."""
    return (
        set(corpus.synonyms),
        set(corpus.regexes),
        set(corpus.lookups),
        set(corpus.responses),
        set(corpus.stories),
    )


def _test_file(chosen: Sequence[Moved]) -> bytes:
    rows = [
        "# Test examples, never trained on: the stage evaluate reads them.",
        'version: "3.1"',
        "nlu:",
    ]
    by_intent: dict[str, list[str]] = defaultdict(list)
    for moved in sorted(chosen, key=lambda m: (m.example.intent, m.place)):
        by_intent[moved.example.intent].append(moved.text)
    for intent, texts in by_intent.items():
        rows += [f"- intent: {scalar(intent)}", "  examples: |"]
        rows += [f"    - {text}" for text in texts]
    return ("\n".join(rows) + "\n").encode()
