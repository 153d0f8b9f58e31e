"""Test data against the labels that there are: tests of none, and labels without tests.

A test of a label that no longer exists can only fail, and says nothing of the model.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dvcinc.changes import Kind, base_intent
from dvcinc.config import Data
from dvcinc.corpus.values import Corpus, Example, Place
from dvcinc.errors import DvcincError, InputError
from dvcinc.lineage.warning import About, Warned
from dvcinc.plan.document import PATH, read_plan
from dvcinc.plan.tables import TABLES_JSON, read_tables
from dvcinc.snapshot.read import Reader
from dvcinc.snapshot.sources import FolderSource, Source
from dvcinc.text.near import nearest

_TABLES = f"plan/tables/{TABLES_JSON}"
_SHOWN = 5
_MOST = 20
"""Labels that are named each by itself; a renamed scheme of all has hundreds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The labels that there are.

    Attributes:
        intents: The intents, without keys.
        entities: The entity types; empty where none are told.
        renamed: Old names of intents and entity types to new ones, as far as known.
    """

    intents: frozenset[str]
    entities: frozenset[str] = frozenset()
    renamed: Mapping[str, str] = field(default_factory=dict)


def read_tests(project: Path, test: tuple[str, ...]) -> Mapping[Example, Place]:
    """Test examples: read as training data is, from their own place.

    Raises:
        InputError: A file cannot be understood.
    """
    return tests_in(FolderSource(project), test)


def tests_in(source: Source, test: tuple[str, ...]) -> Mapping[Example, Place]:
    """The test examples of any source.

    Raises:
        InputError: A file cannot be understood.
        CannotTellError: Content cannot be had here.
    """
    where = Data(nlu=test, domain=(), config="", test=(), given=True)
    return Reader().corpus(source, where).examples


def needed_tests(source: Source, test: tuple[str, ...]) -> Mapping[Example, Place]:
    """The test examples of a source that must have some.

    Raises:
        InputError: There are none, or a file cannot be understood.
        CannotTellError: Content cannot be had here.
    """
    examples = tests_in(source, test)
    if not examples:
        raise InputError(
            f"there are no test examples in {', '.join(test)}",
            "params.yaml: data.test must name files that hold `nlu:`",
        )
    return examples


def known_in(corpus: Corpus, renamed: Mapping[str, str]) -> Known:
    """The labels of a corpus."""
    return Known(
        intents=frozenset(base_intent(e.intent) for e in corpus.examples),
        entities=frozenset(s.entity for e in corpus.examples for s in e.spans),
        renamed=renamed,
    )


def warnings_of(tests: Mapping[Example, Place], known: Known) -> Iterator[Warned]:
    """Warnings about tests of labels that are not there, and labels without tests.

    Args:
        tests: The test examples.
        known: The labels that there are.
    """
    intents = [(base_intent(e.intent), at) for e, at in tests.items()]
    yield from _stale("intent", intents, known.intents, known)
    if known.entities:
        spans = [(s.entity, at) for e, at in tests.items() for s in e.spans]
        yield from _stale("entity type", spans, known.entities, known)
    untested = sorted(known.intents - {name for name, _ in intents})
    if untested:
        shown, more = ", ".join(untested[:_SHOWN]), len(untested) - _SHOWN
        names = f"{shown} and {more:,} more" if more > 0 else shown
        count = f"{len(untested):,} intent{'s' if untested[1:] else ''}"
        yield Warned(About.TEST_LABEL, f"no test example for {count}: {names}")


def _stale(
    what: str, used: Iterable[tuple[str, Place]], there: frozenset[str], known: Known
) -> Iterator[Warned]:
    places: dict[str, Place] = {}
    counts: Counter[str] = Counter()
    for name, place in used:
        if name not in there:
            places[name] = min(place, places.get(name, place))
            counts[name] += 1
    for name in sorted(places)[:_MOST]:
        times = f"{counts[name]:,} test{'s' if counts[name] > 1 else ''}"
        said = f"{what} {name} is in {times} and nowhere else"
        yield Warned(
            About.TEST_LABEL, f"{said}{_now(name, there, known)}", places[name]
        )
    if (more := len(places) - _MOST) > 0:
        said = f"{more:,} more names of {what}s are in tests and nowhere else"
        yield Warned(About.TEST_LABEL, said)


def _now(name: str, there: frozenset[str], known: Known) -> str:
    """What a name has become, or may be meant for."""
    new = known.renamed.get(name, "")
    if new in there:
        return f"; it is now called {new}"
    near = nearest(name, there)
    return f"; did you mean {near}?" if near else ""


def renames(project: Path) -> dict[str, str]:
    """The renames that the last plan told of, or undoes when it packages the model."""
    found: dict[str, str] = {}
    try:
        tables = read_tables((project / _TABLES).read_bytes(), _TABLES)
        found |= dict(tables.intent_renames)
        found |= dict(tables.entity_renames)
    except (OSError, DvcincError):
        pass
    try:
        for reason in read_plan((project / PATH).read_bytes()).reasons:
            if reason.kind in {Kind.INTENT_RENAMED, Kind.ENTITY_RENAMED}:
                found[reason.subject] = reason.names[0]
    except (OSError, DvcincError, IndexError):
        pass
    return found
