"""The recorded models of a history, each held against Git, its bytes and its data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from dvcinc.errors import InputError
from dvcinc.lineage.history import History, Version, read_history
from dvcinc.lineage.models import Made, Models, models
from dvcinc.lineage.proof import Aspect, Check, Finding, Proof, Weight
from dvcinc.lineage.record import PATH as LINEAGE
from dvcinc.lineage.record import Record
from dvcinc.plan.make import Plan
from dvcinc.plan.project import Project
from dvcinc.snapshot.dvcconfig import dvc_root
from dvcinc.stages.bench import Talk
from dvcinc.stages.contradictions import order
from dvcinc.stages.hearing import Hearing
from dvcinc.stages.inspection import Inspector
from dvcinc.stages.rebuilding import Rebuilder
from dvcinc.stages.replanning import replan
from dvcinc.stages.vault import Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to be proved.

    Attributes:
        everything: All models of the history, and not only the last one.
        remote: Whether what is missing may be fetched from the remote.
        rebuild: Whether to fine-tune and package again.
        bases: Whether to train bases again.
    """

    everything: bool = False
    remote: bool = False
    rebuild: bool = False
    bases: bool = False


@dataclass(slots=True)
class Prover:
    """Holds the recorded models of a history against everything that tells of them.

    Args:
        project: The project.
        history: What its `lineage.json` was.
        wish: What is to be proved.
        talk: Told of the progress of trainings.
    """

    project: Project
    history: History
    wish: Wish
    talk: Talk
    _known: Models = field(init=False)
    _hearing: Hearing = field(init=False)
    _inspector: Inspector = field(init=False)
    _plans: dict[str, Plan] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Nothing is looked at yet but the records."""
        git, history = self.project.git, self.history
        self._known = models(history.versions)
        self._hearing = Hearing(git, history, everything=self.wish.everything)
        root = None if git.bare else dvc_root(git.project, git.top)
        self._inspector = Inspector(Vault(root, self.wish.remote))

    def wanted(self) -> list[Made]:
        """The models to prove, newest first, each base behind its newest model."""
        current = self.history.current
        if self.wish.everything:
            served = [*self._known.served.values()]
        else:
            served = [self._known.served[current.model.digest]] if current else []
        found = dict[tuple[str, bool], Made]()
        for made in served:
            found[made.digest, False] = made
            if made.base:
                found.setdefault((made.base, True), self._known.bases[made.base])
        return list(found.values())

    def unread(self) -> list[Finding]:
        """The records that cannot be read, where all of them were asked for."""
        versions = self.history.versions if self.wish.everything else ()
        return [
            Finding(
                Check.UNREADABLE.code,
                f"{version.commit.name[:10]}:{version.path}",
                version.problem.partition(version.path)[2].lstrip(": "),
            )
            for version in versions
            if version.problem
        ]

    def prove(self, made: Made) -> Proof:
        """What is found of a model; its base is best asked for afterwards."""
        said = self._hearing.of(made.version)
        findings = [
            *self._hearing.findings(made),
            *order(self.project.git, made.record, said),
        ]
        checked = {Aspect.RECORD}
        seen = [*self._inspected(made)]
        if not any(one.check.weight is Weight.UNTOLD for one in seen):
            checked.add(Aspect.BYTES)
        plan = self._plans.get(made.digest)
        if not made.is_base:
            planned = replan(self.project, made, said)
            findings += planned.findings
            checked |= planned.checked
            plan = planned.plan
            if plan is not None and made.base is not None:
                self._plans.setdefault(made.base, plan)
        if self.wish.bases if made.is_base else self.wish.rebuild:
            built = [*self._rebuilt(made, plan)]
            findings += built
            if not any(one.check.weight is Weight.UNTOLD for one in built):
                checked.add(Aspect.REBUILT)
        return Proof.of(made, checked, [*findings, *seen])

    def _inspected(self, made: Made) -> Iterator[Finding]:
        """What the bytes say against each record of a model."""
        told: set[str] = set()
        for version in (*reversed(made.also), made.version):
            record = _record(version, made)
            if record.dvc not in told:
                told.add(record.dvc)
                said = self._hearing.of(version)
                yield from self._inspector.findings(record, said, is_base=made.is_base)

    def _rebuilt(self, made: Made, plan: Plan | None) -> Iterator[Finding]:
        said = self._hearing.of(made.version)
        if plan is None:
            text = "its plan cannot be made again from the data"
            yield Finding(Check.NOT_REBUILT.code, said.place(LINEAGE), text)
            return
        rebuilder = Rebuilder(self._inspector, self.talk)
        if made.is_base:
            yield from rebuilder.base(made.record, plan, said)
        else:
            yield from rebuilder.model(made, plan, said)


def prover(project: Project, commit: str, wish: Wish, talk: Talk) -> Prover:
    """A prover for the history behind a commit.

    Raises:
        InputError: The commit holds no record that can be read.
    """
    history = read_history(project.git, commit)
    if history.current is None and not (wish.everything and history.versions):
        why = history.versions[0].problem if history.versions else ""
        raise InputError(
            f"{commit[:10]} has no {LINEAGE}" + f" that can be read: {why}" * bool(why),
            "see dvcinc lineage log for the models of this branch",
        )
    return Prover(project, history, wish, talk)


def _record(version: Version, made: Made) -> Record:
    """A model's record as one of its own versions has it."""
    if version.lineage is None:
        return made.record
    return version.lineage.base if made.is_base else version.lineage.model
