"""Sides to corpora that differ just as the whole ones do, at the cost of what differs.

Files that all sides share are not read, but for a little of them: of what changed, we
need to know whether it also stands elsewhere, and whether the labels that it carries
have other members. So beside what differs, a reduced corpus holds

- every example with the same text as a changed one (a copy elsewhere is no change);
- of each label that a changed example carries, so many members that no rule takes a
  label that is hardly touched for one that has gone;
- what is equal to another changed fact, and one fact more of its name.

All comparisons of `dvcinc.changes` and `dvcinc.plan` come out as on the whole corpora:
they ask for presence, for equal texts, or whether some share of a label changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from dvcinc.corpus.values import Corpus
from dvcinc.snapshot.context import Context
from dvcinc.snapshot.overlap import around, in_all, without
from dvcinc.snapshot.parts import PartReader
from dvcinc.snapshot.side import Side
from dvcinc.snapshot.store import FactStore
from dvcinc.snapshot.summary import number as number_of

SHARE = 2
"""A label is told to have gone, or to be another's, by half of its members."""


@dataclass(frozen=True, slots=True)
class Reducer:
    """Reduces sides.

    Args:
        store: Knows what the files of the sides hold.
        reader: Reads files.
    """

    store: FactStore
    reader: PartReader

    def reduced(self, sides: Sequence[Side], share: int = SHARE) -> list[Corpus]:
        """The sides' corpora as far as they differ, each with its whole config.

        Args:
            sides: What to compare: two sides or more.
            share: How many members of a touched label to know for each changed
                example: the inverse of the smallest share that somebody asks for.

        Raises:
            CannotTellError: The content of a file cannot be had.
        """
        shared = frozenset.intersection(*(frozenset(side.known) for side in sides))
        own = [self._own(side, shared) for side in sides]
        common = in_all(own)
        changed = [without(corpus, common) for corpus in own]
        context = Context(changed, share)
        context.take(common)
        self._look_around(context, sides[0], shared)
        gathered = context.corpus
        return [
            replace(around(corpus, gathered, its), config=side.config)
            for corpus, its, side in zip(changed, own, sides, strict=True)
        ]

    def _own(self, side: Side, shared: AbstractSet[str]) -> Corpus:
        files = [file for file in side.files if file.key not in shared]
        return self.reader.corpus(side.source, files)

    def _look_around(
        self, context: Context, side: Side, shared: AbstractSet[str]
    ) -> None:
        """Takes into the context what it needs of the files that all sides share."""
        shared_files = [file for file in side.files if file.key in shared]
        # Of a content that stands in two files, the first one is named.
        left = {side.known[file.key].number: file for file in reversed(shared_files)}
        paths = {number: file.path for number, file in left.items()}
        wanted = self.store.holders(map(number_of, context.texts), paths)
        names = self.store.labelled(map(number_of, context.names), left)
        wanted |= {content for _, content, _ in names}
        while wanted or (wanted := self._members(context, left.keys())):
            files = [left.pop(content) for content in sorted(wanted)]
            context.take(self.reader.corpus(side.source, files))
            wanted = set()

    def _members(self, context: Context, left: AbstractSet[int]) -> set[int]:
        """Contents that hold members of the labels of which too few are known."""
        missing = {number_of(label): n for label, n in context.missing().items()}
        wanted = set()
        for label, content, count in self.store.labelled(missing, left):
            if missing[label] > 0:
                missing[label] -= count
                wanted.add(content)
        return wanted
