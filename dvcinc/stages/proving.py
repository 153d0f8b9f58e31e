"""The recorded models of a history, each held against Git, its bytes and its data."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from dvcinc.errors import InputError
from dvcinc.lineage.history import History, read_history
from dvcinc.lineage.models import Made, Models, models
from dvcinc.lineage.proof import Aspect, Check, Finding, Proof, Weight
from dvcinc.lineage.record import PATH as LINEAGE
from dvcinc.plan.document import PATH as PLAN
from dvcinc.plan.make import Plan
from dvcinc.plan.project import Project
from dvcinc.snapshot.dvcconfig import dvc_root
from dvcinc.stages.bench import Talk
from dvcinc.stages.contradictions import contradictions, is_held, made_at
from dvcinc.stages.hearing import Claim, Claims, claims
from dvcinc.stages.inspection import Inspector, inputs_of
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
    _claims: Claims = field(init=False)
    _inspector: Inspector = field(init=False)
    _plans: dict[str, Plan] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Nothing is looked at yet but what Git has."""
        git, history = self.project.git, self.history
        self._known = models(history.versions)
        wanted = frozenset((made.digest, made.is_base) for made in self.wanted())
        self._claims = claims(git, history, wanted, everything=self.wish.everything)
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
        said = self._claims[made.digest, made.is_base]
        findings = [*self._contradicted(said)]
        checked = {Aspect.RECORD}
        said = [claim for claim in said if is_held(claim, PLAN)]
        seen = [*self._inspected(said)]
        if not any(one.check.weight is Weight.UNTOLD for one in seen):
            checked.add(Aspect.BYTES)
        if not made.is_base:
            for claim in _differing(said, _planned):
                planned = replan(self.project, claim)
                findings += planned.findings
                checked |= planned.checked
                if planned.plan is not None:
                    self._plans.setdefault(made.digest, planned.plan)
                    self._plans.setdefault(claim.lineage.base.digest, planned.plan)
        if self.wish.bases if made.is_base else self.wish.rebuild:
            built = [*self._rebuilt(made.digest, said[0])]
            findings += built
            if not any(one.check.weight is Weight.UNTOLD for one in built):
                checked.add(Aspect.REBUILT)
        return Proof.of(made, checked, [*findings, *seen])

    def _contradicted(self, said: Sequence[Claim]) -> Iterator[Finding]:
        for claim in said:
            yield from contradictions(claim)
        for claim in _differing(said, lambda claim: claim.record.commit):
            yield from made_at(self.project.git, claim.record, claim.said)

    def _inspected(self, said: Sequence[Claim]) -> Iterator[Finding]:
        for claim in _differing(said, _stored):
            yield from self._inspector.findings(claim)

    def _rebuilt(self, digest: str, claim: Claim) -> Iterator[Finding]:
        plan = self._plans.get(digest)
        if plan is None:
            text = "its plan cannot be made again from the data"
            place = claim.said.place(LINEAGE)
            yield Finding(Check.NOT_REBUILT.code, place, text)
            return
        # What trains takes its time to import.
        from dvcinc.stages.rebuilding import Rebuilder  # noqa: PLC0415

        yield from Rebuilder(self._inspector, self.talk).findings(claim, plan)


def _differing(
    said: Sequence[Claim], about: Callable[[Claim], object]
) -> Iterator[Claim]:
    """The claims that differ in what is asked, the oldest of each."""
    told: list[object] = []
    for claim in said:
        if about(claim) not in told:
            told.append(about(claim))
            yield claim


def _stored(claim: Claim) -> object:
    """What the bytes of a model are held against."""
    return claim.record.dvc, inputs_of(claim)


def _planned(claim: Claim) -> object:
    """What a plan that is made anew is held against."""
    record, plan = claim.record, claim.said.plan
    inputs = plan and (plan.base, plan.delta, plan.tables, plan.finetune)
    return record.mode, record.data.digest, record.commit, inputs


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
