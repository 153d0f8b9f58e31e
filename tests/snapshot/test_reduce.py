"""Reduced corpora differ just as the whole ones do, and stay as small as the change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from corpora import PIPELINE, SELECTING, nlu_yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dvcinc.changes import diff
from dvcinc.corpus.digest import corpus_digest
from dvcinc.corpus.trained import trained
from dvcinc.corpus.values import Corpus
from dvcinc.snapshot.ledger import Ledger
from dvcinc.snapshot.read import Reader
from dvcinc.snapshot.sources import Found

Files = Mapping[str, str]


@dataclass(frozen=True)
class Memory:
    """A source whose files are texts; the text is its own id."""

    said: Files
    name: str = "memory"
    commit: None = None

    def listed(
        self, paths: Sequence[str], suffixes: tuple[str, ...] = ("",)
    ) -> list[Found]:
        below = tuple(f"{path}/" for path in paths)
        return [
            Found(path, text)
            for path, text in sorted(self.said.items())
            if path.endswith(suffixes) and (path in paths or path.startswith(below))
        ]

    def contents(self, found: Sequence[Found]) -> list[bytes]:
        return [file.content.encode() for file in found]

    def read(self, path: str) -> bytes | None:
        return self.said[path].encode() if path in self.said else None


def whole(files: Files) -> Corpus:
    return Reader().snapshot(Memory(files)).corpus


def reduced(*files: Files) -> list[Corpus]:
    ledger = Ledger(None)
    return ledger.reduced([ledger.side(Memory(said)) for said in files])


texts = st.sampled_from(
    [
        "p",
        "q",
        "r",
        "s",
        "[t](e)",
        "[t](f)",
        "u [v](e)",
        '[t]{"entity": "e", "role": "z"}',
    ]
)
names = st.sampled_from(["a", "b", "c", "f/x", "f/y", "f", "g/x"])
others = st.sampled_from(
    [
        "synonym r: p",
        "synonym r: q",
        "regex e: x+",
        "regex n: y+",
        "lookup e: t | v",
        "lookup e: w",
        "utter f/x: Yes.",
        "utter f/y: No.",
        "utter g/x: No.",
    ]
)
examples = st.dictionaries(names, st.sets(texts, min_size=1, max_size=4), max_size=3)


@st.composite
def files(draw: st.DrawFn) -> str:
    said = draw(examples)
    lines = [f"{name}: {' | '.join(sorted(said[name]))}" for name in sorted(said)]
    return nlu_yaml(
        "\n".join([*lines, *draw(st.lists(others, max_size=2, unique=True))])
    )


domains = st.sampled_from(
    [
        "intents: [a, b]\nentities: [e]\n",
        "intents: [a]\nslots: {s: {type: text}}\n",
        "intents: [a]\nslots: {s: {type: bool}}\nactions: [go]\n",
        "entities: [e, f]\nactions: [go]\nforms: {f: {required_slots: []}}\n",
        "entities: [{e: {roles: [z]}}]\nresponses: {utter_x: [{text: x}]}\n",
    ]
)
configs = st.sampled_from([PIPELINE, SELECTING, PIPELINE.replace("100", "50")])


@st.composite
def projects(draw: st.DrawFn, pool: st.SearchStrategy[str]) -> Files:
    number = draw(st.integers(1, 4))
    said = {f"data/{place}.yml": draw(pool) for place in range(number)}
    return {**said, "domain.yml": draw(domains), "config.yml": draw(configs)}


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Files, Files]:
    """Two projects that have some files in common."""
    pool = st.sampled_from(draw(st.lists(files(), min_size=2, max_size=5)))
    return draw(projects(pool)), draw(projects(pool))


UNMOVED = (
    {"data/0.yml": nlu_yaml("a: p\nb: s\nf/y: [t](e) | p | r")},
    {"data/0.yml": nlu_yaml("b: [t](e) | r\nf/y: p | s")},
)
"""One example stays as it is, on another line."""


@settings(max_examples=400, deadline=None)
@given(pairs())
@example(UNMOVED)
def test_reduced_corpora_differ_just_as_the_whole_ones_do(
    pair: tuple[Files, Files],
) -> None:
    old, new = pair
    before, after = reduced(old, new)
    assert diff(before, after) == diff(whole(old), whole(new))


@given(pairs())
def test_what_trains_differs_likewise(pair: tuple[Files, Files]) -> None:
    old, new = ({**side, "config.yml": PIPELINE} for side in pair)
    before, after = map(trained, reduced(old, new))
    assert diff(before, after) == diff(trained(whole(old)), trained(whole(new)))


@given(pairs())
def test_sums_move_with_what_differs(pair: tuple[Files, Files]) -> None:
    old, new = ({**side, "config.yml": SELECTING} for side in pair)
    ledger = Ledger(None)
    before = ledger.side(Memory(old))
    assert before.counted is not None  # read to the end, since nothing was known
    ledger.sums(before)
    after = ledger.side(Memory(new))
    sums = ledger.sums(replace(after, counted=None))
    assert sums.digest == corpus_digest(whole(new))
    assert sums.trained_digest == corpus_digest(trained(whole(new)))


def ambiguous(corpus: Corpus, text: str) -> set[str]:
    return {example.intent for example in corpus.examples if example.text == text}


@given(pairs())
def test_a_text_that_comes_is_known_under_all_its_intents(
    pair: tuple[Files, Files],
) -> None:
    """Whichever file changed: who warns of two intents sees both."""
    old, new = map(whole, pair)
    _, after = reduced(*pair)
    for added in new.examples.keys() - old.examples.keys():
        assert ambiguous(after, added.text) == ambiguous(new, added.text)
