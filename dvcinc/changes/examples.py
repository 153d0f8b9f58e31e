"""Changes of examples and of the labels that they carry."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from operator import itemgetter

from dvcinc.changes.kinds import Change, Kind, Side
from dvcinc.changes.overlap import Fates, fates
from dvcinc.corpus.values import Corpus, EntityLabel, Example, Place, Span

MAX_PLACES = 20
"""How many places a change keeps; its count tells of all."""


def base_intent(intent: str) -> str:
    """The intent that is classified: `faq` of `faq/ask_wifi`."""
    return intent.partition("/")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """What became of intents, of response keys (full names) and of entity types."""

    intents: Fates
    keys: Fates
    entities: Fates

    def renamed(self, example: Example) -> Example:
        """An old example under the new names."""
        return Example(
            self.intent(example.intent), example.text, self.spans(example.spans)
        )

    def intent(self, name: str) -> str:
        """An old full intent name under its new name."""
        return self.keys.rename(self.moved(name))

    def moved(self, name: str) -> str:
        """An old full name below its intent's new name, which `keys` starts from."""
        base, slash, key = name.partition("/")
        return f"{self.intents.rename(base)}{slash}{key}"

    def spans(self, spans: tuple[Span, ...]) -> tuple[Span, ...]:
        """Old spans under the new entity types."""
        if not self.entities.renamed or not spans:
            return spans
        return tuple(s._replace(entity=self.entities.rename(s.entity)) for s in spans)


def labels(old: Corpus, new: Corpus) -> Labels:
    """What became of the labels between two corpora."""
    intents = fates(_texts(old), _texts(new))
    return Labels(
        intents=intents,
        keys=_key_fates(old, new, intents),
        entities=fates(_mentions(old), _mentions(new)),
    )


def _texts(corpus: Corpus) -> dict[str, AbstractSet[Hashable]]:
    texts: dict[str, set[Hashable]] = defaultdict(set)
    for example in corpus.examples:
        texts[base_intent(example.intent)].add(example.text)
    return {**texts}


def _key_fates(old: Corpus, new: Corpus, intents: Fates) -> Fates:
    """Fates of response keys within the intents that both corpora have."""
    before: dict[str, set[Hashable]] = defaultdict(set)
    after: dict[str, set[Hashable]] = defaultdict(set)
    for corpus, into, rename in ((old, before, True), (new, after, False)):
        for example in corpus.examples:
            base, slash, key = example.intent.partition("/")
            if slash:
                name = f"{intents.rename(base) if rename else base}/{key}"
                into[name].add(example.text)
    both = {intents.rename(base_intent(e.intent)) for e in old.examples}
    both &= {base_intent(e.intent) for e in new.examples}
    return fates(
        {n: texts for n, texts in before.items() if base_intent(n) in both},
        {n: texts for n, texts in after.items() if base_intent(n) in both},
    )


def _mentions(corpus: Corpus) -> dict[str, AbstractSet[Hashable]]:
    mentions: dict[str, set[Hashable]] = defaultdict(set)
    for example in corpus.examples:
        for span in example.spans:
            mentions[span.entity].add((example.text, span.start, span.end))
    return {**mentions}


def entity_labels(corpus: Corpus) -> dict[EntityLabel, list[Place]]:
    """The roles and groups that annotations use, and where."""
    found: dict[EntityLabel, list[Place]] = defaultdict(list)
    for example, place in corpus.examples.items():
        for span in example.spans:
            for label in _qualified(span):
                found[label].append(place)
    return {**found}


def _qualified(span: Span) -> Iterator[EntityLabel]:
    if span.role is not None:
        yield EntityLabel(span.entity, role=span.role)
    if span.group is not None:
        yield EntityLabel(span.entity, group=span.group)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleDiff:
    """How the examples differ, once labels are renamed; new and old places beside.

    Attributes:
        added: New examples whose label is known.
        removed: Old examples (under new names) that are gone, whose intent stays.
        relabelled: (removed, added) of the same text under another intent or key.
        reannotated: (removed, added) of the same text and intent with other spans.
    """

    added: tuple[tuple[Example, Place], ...]
    removed: tuple[tuple[Example, Place], ...]
    relabelled: tuple[tuple[Example, Example, Place], ...]
    reannotated: tuple[tuple[Example, Place], ...]


def diff_examples(old: Corpus, new: Corpus, became: Labels) -> ExampleDiff:
    """Compares the examples of two corpora under the new names."""
    before = {became.renamed(example): at for example, at in old.examples.items()}
    told = _told(became, _names(before), _names(new.examples))
    come = [
        (e, new.examples[e])
        for e in _ordered(new.examples.keys() - before.keys())
        if base_intent(e.intent) not in told.come and e.intent not in told.come
    ]
    gone = [
        (e, before[e])
        for e in _ordered(before.keys() - new.examples.keys())
        if base_intent(e.intent) not in told.gone and e.intent not in told.gone
    ]
    come, gone = _without_moves(come, gone, before, new.examples, told)
    return _paired(come, gone)


def _ordered(examples: Iterable[Example]) -> list[Example]:
    return sorted(examples, key=Example.order)


@dataclass(frozen=True, slots=True)
class _Told:
    """Names whose change as a whole already tells of their examples."""

    come: frozenset[str]
    gone: frozenset[str]


def _names(examples: Iterable[Example]) -> set[str]:
    """All intents, with and without their response keys."""
    names = {example.intent for example in examples}
    return names | {base_intent(name) for name in names}


def _told(became: Labels, old: AbstractSet[str], new: AbstractSet[str]) -> _Told:
    """What the changes of labels tell of; `old` names are under their new names."""
    come: set[str] = set()
    gone: set[str] = set()
    for fate in (became.intents, became.keys):
        come |= {*fate.added, *(n for parts in fate.split.values() for n in parts)}
        come |= fate.merged.keys()
        gone |= {*fate.removed, *(n for names in fate.merged.values() for n in names)}
        gone |= set(fate.split)
    return _Told(frozenset(come - old), frozenset(gone - new))


Located = list[tuple[Example, Place]]


def _without_moves(
    come: Located,
    gone: Located,
    old: Iterable[Example],
    new: Iterable[Example],
    told: _Told,
) -> tuple[Located, Located]:
    """Leaves out texts that moved between a label that is told of and a known one."""
    if not told.come and not told.gone:
        return come, gone
    left = {e.text for e in old if _tells(told.gone, e.intent)}
    went = {e.text for e in new if _tells(told.come, e.intent)}
    return (
        [(e, at) for e, at in come if e.text not in left],
        [(e, at) for e, at in gone if e.text not in went],
    )


def _tells(names: AbstractSet[str], intent: str) -> bool:
    return intent in names or base_intent(intent) in names


def _paired(come: Located, gone: Located) -> ExampleDiff:
    """Pairs what came with what went by text; the same intent is the better partner."""
    by_text: dict[str, Located] = defaultdict(list)
    for example, place in gone:
        by_text[example.text].append((example, place))
    added: Located = []
    relabelled: list[tuple[Example, Example, Place]] = []
    reannotated: Located = []
    strangers: Located = []
    for example, place in come:
        partners = by_text.get(example.text, [])
        same = [i for i, (e, _) in enumerate(partners) if e.intent == example.intent]
        if same:
            partners.pop(same[0])
            reannotated.append((example, place))
        else:
            strangers.append((example, place))
    for example, place in strangers:
        if partners := by_text.get(example.text, []):
            partner, _ = partners.pop(0)
            relabelled.append((partner, example, place))
        else:
            added.append((example, place))
    left = {example: place for pairs in by_text.values() for example, place in pairs}
    return ExampleDiff(
        added=tuple(added),
        removed=tuple((example, left[example]) for example in _ordered(left)),
        relabelled=tuple(relabelled),
        reannotated=tuple(reannotated),
    )


def example_changes(difference: ExampleDiff, *, spans_train: bool) -> Iterator[Change]:
    """The changes of single examples, one for each intent and kind."""
    yield from _by_intent(Kind.EXAMPLE_ADDED, difference.added, Side.NEW, trains=True)
    yield from _by_intent(
        Kind.EXAMPLE_REMOVED, difference.removed, Side.OLD, trains=True
    )
    moves: dict[tuple[str, str], list[Place]] = defaultdict(list)
    for before, after, place in difference.relabelled:
        moves[before.intent, after.intent].append(place)
    for (before_name, after_name), places in sorted(moves.items()):
        yield Change(
            kind=Kind.EXAMPLE_RELABELLED,
            subject=before_name,
            names=(after_name,),
            count=len(places),
            places=first_places(places),
        )
    yield from _by_intent(
        Kind.ANNOTATION_CHANGED, difference.reannotated, Side.NEW, trains=spans_train
    )


def first_places(places: Iterable[Place]) -> tuple[Place, ...]:
    """The first places in the order of the files, no more than are useful."""
    return tuple(sorted(set(places))[:MAX_PLACES])


def _by_intent(
    kind: Kind, examples: Iterable[tuple[Example, Place]], side: Side, *, trains: bool
) -> Iterator[Change]:
    by_intent: Mapping[str, list[Place]] = defaultdict(list)
    for example, place in examples:
        by_intent[example.intent].append(place)
    for intent, places in sorted(by_intent.items(), key=itemgetter(0)):
        yield Change(
            kind=kind,
            subject=intent,
            count=len(places),
            side=side,
            places=first_places(places),
            trains=trains,
        )
