"""All commits that say something of recorded models, each heard once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from dvcinc.errors import InputError
from dvcinc.lineage.history import History, Version
from dvcinc.lineage.models import Made
from dvcinc.lineage.proof import Finding
from dvcinc.lineage.record import PATH as LINEAGE
from dvcinc.lineage.record import Lineage, read_lineage
from dvcinc.snapshot.commits import touches
from dvcinc.snapshot.git import Git
from dvcinc.stages.contradictions import contradictions, locks
from dvcinc.stages.hashes import LOCK
from dvcinc.stages.testimony import Testimony, testimony, testimony_at


@dataclass(slots=True)
class Hearing:
    """What the commits of a history say of its models.

    Args:
        git: The repository, as seen from the project.
        history: The versions of `lineage.json`.
        everything: Whether all commits are asked that have another `dvc.lock`, and not
            only the last one.
    """

    git: Git
    history: History
    everything: bool
    _heard: dict[str, Testimony] = field(init=False, default_factory=dict)
    _new: dict[str, set[str]] = field(init=False)
    _relocked: dict[str, list[Finding]] | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        """Finds out which version brought which record."""
        self._new = _new_records(self.history)

    def of(self, version: Version) -> Testimony:
        """What the commit of a version says."""
        name = version.commit.name
        if name not in self._heard:
            self._heard[name] = testimony(self.git, version)
        return self._heard[name]

    def findings(self, made: Made) -> Iterator[Finding]:
        """What is said against the records of a model, by whichever commit."""
        for version in (made.version, *made.also):
            if version.lineage is not None:
                new = self._new[version.commit.name]
                found = contradictions(self.of(version), version.lineage, new)
                yield from (finding for whose, finding in found if whose == made.digest)
        if self._relocked is None:
            self._relocked = self._locked()
        yield from self._relocked.get(made.digest, ())

    def _locked(self) -> dict[str, list[Finding]]:
        """What other commits have in `dvc.lock` beside a record that they leave be."""
        found: dict[str, list[Finding]] = defaultdict(list)
        for commit in self._others():
            said = testimony_at(self.git, commit)
            lineage = _lineage(said)
            for whose, finding in locks(said, lineage) if lineage else ():
                found[whose].append(finding)
        return found

    def _others(self) -> list[str]:
        head = self.history.head
        if head is None:
            return []
        known = {version.commit.name for version in self.history.versions}
        names = {head: None}
        if self.everything:
            path = self.git.full(LOCK)
            at = (touch.commit.name for touch in touches(self.git, head, [path]))
            names |= dict.fromkeys(at)
        return [name for name in names if name not in known]


def _lineage(said: Testimony) -> Lineage | None:
    try:
        return read_lineage(said.files[LINEAGE]) if LINEAGE in said.files else None
    except InputError:
        return None


def _new_records(history: History) -> dict[str, set[str]]:
    """By commit, the digests of the models whose record no earlier version has."""
    seen: set[str] = set()
    found: dict[str, set[str]] = {}
    for version in reversed(history.versions):
        if version.lineage is not None:
            records = (version.lineage.model, version.lineage.base)
            said = {repr(record): record.digest for record in records}
            found[version.commit.name] = {said[one] for one in said if one not in seen}
            seen |= said.keys()
    return found
