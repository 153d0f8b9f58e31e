"""Changed files to those that have to go together, by what came and went in each."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

from dvcinc.changes import Kind
from dvcinc.corpus.values import Corpus
from dvcinc.decision.decide import Reason
from dvcinc.snapshot.overlap import in_all, without
from dvcinc.snapshot.summary import ENTITY, INTENT, example_labels, other_facts

_RENAMES = {
    Kind.INTENT_RENAMED: (INTENT, "domain.intents"),
    Kind.RESPONSE_KEY_RENAMED: (INTENT,),
    Kind.ENTITY_RENAMED: (ENTITY, "domain.entities"),
}
"""Whose two names no single file may show; by the kinds of labels that they are."""


class Bond(Enum):
    """Why files go together; the value says it of them."""

    MOVED = "what one loses, another gains"
    COPIED = "they lose the same"
    RENAMED = "a name changes in all of them"
    NAMED = "one names the other"
    LINKED = "they are one file under two names"
    TRACKED = "Git knows them by one pointer"
    IDLE = "nothing that counts differs in them"
    TIED = "apart they cannot be read, or cost more"
    MANY = "too many files changed to look at each"


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A file that differs between two sides.

    Attributes:
        path: From the project.
        before: Identifies its old content; `None` where there was none.
        after: Likewise its new content.
        gone: What it said and says no more.
        come: What it says now and did not say.
        names: The files that it names as lookups, on either side.
        pointer: What Git has in its place: DVC's pointer, or a submodule.
        idle: Whether it says the same as before, and nothing reads it but as data.
    """

    path: str
    before: str | None
    after: str | None
    gone: Corpus
    come: Corpus
    names: frozenset[str]
    pointer: str | None
    idle: bool


def differing(before: Corpus, after: Corpus) -> tuple[Corpus, Corpus]:
    """What a file says no more, and what it says now."""
    common = in_all([before, after])
    return without(before, common), without(after, common)


class Groups:
    """Files in groups that grow; each group knows what holds it together.

    Args:
        count: How many files there are; each begins alone.
    """

    def __init__(self, count: int) -> None:
        self._above = list(range(count))
        self._bonds: list[set[Bond]] = [set() for _ in range(count)]

    def join(self, files: Iterable[int], bond: Bond) -> None:
        """Lets files go together, and all that go with them."""
        for one, other in pairwise(files):
            first, second = sorted((self._top(one), self._top(other)))
            if first != second:
                self._above[second] = first
                self._bonds[first] |= self._bonds[second] | {bond}

    def _top(self, file: int) -> int:
        while self._above[file] != file:
            self._above[file] = self._above[self._above[file]]
            file = self._above[file]
        return file

    def each(self) -> Iterator[tuple[list[int], frozenset[Bond]]]:
        """The groups in the order of their first files, and their bonds."""
        members: dict[int, list[int]] = {}
        for file in range(len(self._above)):
            members.setdefault(self._top(file), []).append(file)
        for top in sorted(members):
            yield members[top], frozenset(self._bonds[top])


def joined(files: Sequence[Changed], reasons: Iterable[Reason]) -> Groups:
    """The groups of files that belong together by themselves.

    Args:
        files: All that differ.
        reasons: Those of the whole change: they tell of renames.
    """
    groups = Groups(len(files))
    for bond, ties in (
        (Bond.LINKED, _links(files)),
        (Bond.TRACKED, _pointers(files)),
        (Bond.NAMED, _lookups(files)),
        (Bond.MOVED, _moves(files)),
        (Bond.COPIED, _copies(files)),
        (Bond.RENAMED, _renames(files, reasons)),
        (Bond.IDLE, [[i for i, file in enumerate(files) if file.idle]]),
    ):
        for tied in ties:
            groups.join(tied, bond)
    return groups


def _links(files: Sequence[Changed]) -> Iterator[list[int]]:
    """The same change twice: a file, and a link to it."""
    edited = ((i, f) for i, f in enumerate(files) if f.before and f.after)
    yield from _alike((i, [(f.before, f.after)]) for i, f in edited)


def _pointers(files: Sequence[Changed]) -> Iterator[list[int]]:
    yield from _alike((i, [f.pointer]) for i, f in enumerate(files) if f.pointer)


def _lookups(files: Sequence[Changed]) -> Iterator[list[int]]:
    """Files that name a file that came or went."""
    places = {
        f.path: i for i, f in enumerate(files) if f.before is None or f.after is None
    }
    for i, file in enumerate(files):
        for path in sorted(file.names & places.keys()):
            yield [i, places[path]]


def _moves(files: Sequence[Changed]) -> Iterator[list[int]]:
    """What goes from one file to another, edited or under another label maybe."""
    gone = _holders(
        (i, _movable(f.gone, f.before if f.after is None else None))
        for i, f in enumerate(files)
    )
    come = _holders(
        (i, _movable(f.come, f.after if f.before is None else None))
        for i, f in enumerate(files)
    )
    for fact in gone.keys() & come.keys():
        losing, gaining = ({*side[fact]} for side in (gone, come))
        # What a file changes within itself has not come from another.
        if losing - gaining and gaining - losing:
            yield sorted(losing ^ gaining)


def _copies(files: Sequence[Changed]) -> Iterator[list[int]]:
    """The same taken out of several files: while one has it, it is not gone."""
    yield from _alike(
        (
            i,
            [*file.gone.examples, *((f[1], f[2]) for f in other_facts(file.gone))],
        )
        for i, file in enumerate(files)
    )


def _renames(
    files: Sequence[Changed], reasons: Iterable[Reason]
) -> Iterator[list[int]]:
    """What carries the old or the new name of a label that is renamed."""
    renames = [
        {f"{kind} {name}" for kind in kinds for name in (r.subject, *r.names)}
        for r in reasons
        if (kinds := _RENAMES.get(r.kind))
    ]
    if renames:
        labels = [_labels(file.gone) | _labels(file.come) for file in files]
        for names in renames:
            yield [i for i, carried in enumerate(labels) if carried & names]


def _labels(corpus: Corpus) -> set[str]:
    found = {fact.label for fact in other_facts(corpus)}
    return found | {label for e in corpus.examples for label in example_labels(e)}


def _movable(corpus: Corpus, content: str | None) -> set[Hashable]:
    """By what a fact is known elsewhere: an example's text, another's name.

    Args:
        corpus: What a file has lost, or gained.
        content: Of the whole file, if it came or went as one.
    """
    found: set[Hashable] = {("text", example.text) for example in corpus.examples}
    found |= {("fact", fact.label) for fact in other_facts(corpus)}
    return found | {("file", content)} if content else found


def _alike(keys: Iterable[tuple[int, Iterable[Hashable]]]) -> Iterator[list[int]]:
    """The files that share a key."""
    yield from _holders(keys).values()


def _holders(
    keys: Iterable[tuple[int, Iterable[Hashable]]],
) -> Mapping[Hashable, list[int]]:
    found: dict[Hashable, list[int]] = {}
    for file, said in keys:
        for key in said:
            found.setdefault(key, []).append(file)
    return found
