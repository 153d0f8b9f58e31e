"""All commits that claim something of recorded models, each heard once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from dvcinc.errors import InputError
from dvcinc.lineage.history import History, Version
from dvcinc.lineage.record import PATH as LINEAGE
from dvcinc.lineage.record import Lineage, Record, read_lineage
from dvcinc.snapshot.commits import Commit, touches
from dvcinc.snapshot.git import Git
from dvcinc.stages.testimony import WITNESSES, Testimony, testimony


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A record as one commit has it.

    Attributes:
        version: The commit, and both records that it has.
        is_base: Which of them it is.
        said: What the commit holds beside them.
        is_new: Whether no earlier version has the record. What a training cost stands
            in a report that the next training replaces.
        is_made: Whether the commit brought `lineage.json`; else it has what another
            one brought, beside a lock, a plan or metrics of its own.
    """

    version: Version
    is_base: bool
    said: Testimony
    is_new: bool
    is_made: bool

    @property
    def lineage(self) -> Lineage:
        """Both records."""
        if self.version.lineage is None:
            raise InputError(f"{self.said.place(LINEAGE)} holds no record")
        return self.version.lineage

    @property
    def record(self) -> Record:
        """The record."""
        return self.lineage.base if self.is_base else self.lineage.model


Key = tuple[str, bool]
"""The digest of a model, and whether it is a base."""
Claims = Mapping[Key, Sequence[Claim]]
"""What commits claim of models, oldest first; last, those that brought nothing."""


def claims(
    git: Git, history: History, wanted: frozenset[Key], *, everything: bool
) -> Claims:
    """What the commits of a history claim of its models.

    Args:
        git: The repository, as seen from the project.
        history: The versions of `lineage.json`.
        wanted: The models to hear of.
        everything: Whether commits are heard as well that left it alone, but not what
            is committed beside it. Of these, the last one is heard always.
    """
    found: dict[Key, list[Claim]] = defaultdict(list)
    seen: set[str] = set()
    heard = [(version, True) for version in reversed(history.versions)]
    others = _others(git, history, everything=everything)
    for version, is_made in (*heard, *((version, False) for version in others)):
        told = _records(version)
        if not wanted.isdisjoint(told):
            said = testimony(git, version)
            for key, record in told.items():
                claim = Claim(
                    version=version,
                    is_base=key[1],
                    said=said,
                    is_new=is_made and repr(record) not in seen,
                    is_made=is_made,
                )
                found[key].append(claim)
        seen |= {repr(record) for record in told.values()}
    return found


def _records(version: Version) -> dict[Key, Record]:
    said = version.lineage
    if said is None:
        return {}
    return {(said.model.digest, False): said.model, (said.base.digest, True): said.base}


def _others(git: Git, history: History, *, everything: bool) -> Iterator[Version]:
    """Commits that have `lineage.json` from others, newest first."""
    head = history.head
    if head is None:
        return
    known = {version.commit.name for version in history.versions}
    names = {head: None}
    if everything:
        paths = [git.full(path) for path in WITNESSES if path != LINEAGE]
        names |= dict.fromkeys(one.commit.name for one in touches(git, head, paths))
    for name in names:
        if name not in known:
            (found,) = git.at(name, [LINEAGE])
            yield Version(
                commit=Commit(
                    name=name,
                    parents=git.parents(name),
                    author="",
                    time=0,
                    date="",
                    subject="",
                ),
                path=git.full(LINEAGE),
                blob=None,
                lineage=_read(found.data if found else b""),
            )


def _read(data: bytes) -> Lineage | None:
    try:
        return read_lineage(data)
    except InputError:
        return None
