"""Changes to a corpus whose cost and effect are measured: pure functions of the data.

A family is one base and what becomes of its corpus in one or more ways; each way names
the texts that it is looked at by.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from dvcinc.corpus.values import Corpus, Example
from dvcinc.model.labels import base_intent
from training.sets import by_intent, holding, in_order, ranked

DELTA, KEPT = "delta", "kept"
FEW_INTENTS, LEFT = 6, 8
NEW_INTENTS, NEW_EXAMPLES = 3, 347
RELABELLED = 100
CHAIN = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a corpus became.

    Attributes:
        after: The whole corpus now.
        probes: Training examples to look at afterwards, by name; `delta` is there.
        intents: Test examples of these intents are a group of their own.
    """

    after: Corpus
    probes: Mapping[str, tuple[Example, ...]]
    intents: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """A base and its changes.

    Attributes:
        name: What the results are kept under.
        stem: What the base is kept under; families of the same stem share it.
        before: The corpus of the base.
        reference: The corpus that scratch is trained on for comparison.
    """

    name: str
    stem: str
    before: Corpus
    changes: tuple[Change, ...]
    reference: Corpus


def anchors(examples: Iterable[Example]) -> set[Example]:
    """One example of each intent and entity type: a plain delta brings no new label."""
    first: dict[tuple[str, str], Example] = {}
    for example in ranked(examples, "anchor"):
        first.setdefault(("intent", base_intent(example.intent)), example)
        for span in example.spans:
            label = f"{span.entity} {span.role} {span.group}"
            first.setdefault(("entity", label), example)
    return set(first.values())


def drawn(corpus: Corpus, size: int, draw: int) -> tuple[Example, ...]:
    """A plain delta, in the order of its ranking: every text as likely as any other."""
    held = anchors(corpus.examples)
    free = [example for example in corpus.examples if example not in held]
    return tuple(ranked(free, f"delta-{size}/{draw}")[:size])


def plain(corpus: Corpus, size: int, draws: Sequence[int]) -> Family:
    """Plain deltas of one size; their base lacks all of them, each adds its own."""
    deltas = [drawn(corpus, size, draw) for draw in draws]
    before = corpus.examples.keys() - {e for delta in deltas for e in delta}
    name = f"delta-{size}/{'+'.join(map(str, draws))}"
    return Family(
        name=name,
        stem=name,
        before=holding(corpus, before),
        changes=tuple(
            Change(after=holding(corpus, {*before, *delta}), probes={DELTA: delta})
            for delta in deltas
        ),
        reference=corpus,
    )


def chain(corpus: Corpus, draw: int) -> Family:
    """Ten deltas that grow into the plain one of a tenth, all from its base."""
    whole = plain(corpus, tenth(corpus), [draw])
    delta = whole.changes[0].probes[DELTA]
    ends = [round(len(delta) * link / CHAIN) for link in range(1, CHAIN + 1)]
    return Family(
        name=f"chain/{draw}",
        stem=whole.stem,
        before=whole.before,
        changes=tuple(
            Change(
                after=holding(corpus, [*whole.before.examples, *delta[:end]]),
                probes={DELTA: delta[:end]},
            )
            for end in ends
        ),
        reference=corpus,
    )


def tenth(corpus: Corpus) -> int:
    """A tenth of the examples."""
    return round(len(corpus.examples) / 10)


def concentrated(corpus: Corpus, least: int) -> Family:
    """Six intents, of those with at least so many examples, cut to a few."""
    groups = by_intent(ranked(corpus.examples, "concentrated"))
    heads = {mine[0]: intent for intent, mine in groups.items() if len(mine) >= least}
    few = [heads[head] for head in ranked(heads, "concentrated intents")[:FEW_INTENTS]]
    held = anchors(corpus.examples)
    delta: list[Example] = []
    for intent in few:
        # Stable: the anchors come first, and the ranking holds within.
        mine = sorted(groups[intent], key=lambda example: example not in held)
        delta += [example for example in mine[LEFT:] if example not in held]
    return _grown("concentrated", corpus, delta, frozenset(few))


def new_intents(corpus: Corpus, examples: int = NEW_EXAMPLES) -> Family:
    """Three intents held out, of those triples with about so many examples."""
    groups = by_intent(ranked(corpus.examples, "new"))
    order = ranked([mine[0] for mine in groups.values()], "new intents")
    names = [base_intent(example.intent) for example in order]
    few = min(
        combinations(names, NEW_INTENTS),
        key=lambda some: abs(sum(len(groups[name]) for name in some) - examples),
    )
    delta = [example for intent in few for example in groups[intent]]
    return _grown("new-intents", corpus, delta, frozenset(few))


def largest(corpus: Corpus) -> str:
    """The intent with most examples; of several, the first by name."""
    groups = by_intent(corpus.examples)
    return min(groups, key=lambda intent: (-len(groups[intent]), intent))


def relabelled(corpus: Corpus, source: str, neighbour: str) -> Family:
    """A hundred examples of one intent become a neighbour's."""
    groups = by_intent(ranked(corpus.examples, "relabel"))
    taken = groups[source][:RELABELLED]
    texts = {example.text for example in groups[neighbour]}
    moved = [
        example._replace(intent=neighbour)
        for example in taken
        if example.text not in texts
    ]
    after = holding(corpus, (corpus.examples.keys() - {*taken}) | {*moved})
    kept = in_order(groups[source][RELABELLED:] + groups[neighbour])
    change = Change(
        after=after,
        probes={DELTA: in_order(moved), KEPT: kept},
        intents=frozenset({source, neighbour}),
    )
    return Family(
        name="relabel", stem="full", before=corpus, changes=(change,), reference=after
    )


def _grown(
    name: str, corpus: Corpus, delta: Iterable[Example], intents: frozenset[str]
) -> Family:
    added = in_order(delta)
    change = Change(after=corpus, probes={DELTA: added}, intents=intents)
    before = holding(corpus, corpus.examples.keys() - {*added})
    return Family(
        name=name, stem=name, before=before, changes=(change,), reference=corpus
    )
