"""The bytes of a recorded model against its record and the plan beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from dvcinc.errors import CannotTellError, CheckError, DvcincError, InputError
from dvcinc.lineage.proof import Check, Finding
from dvcinc.lineage.record import PATH as LINEAGE
from dvcinc.lineage.record import Record
from dvcinc.model.checkpoint import digest, load
from dvcinc.model.document import Model
from dvcinc.plan.document import PATH as PLAN
from dvcinc.plan.document import PlanDocument
from dvcinc.plan.info import current_versions
from dvcinc.snapshot.dvcouts import Out
from dvcinc.stages.contradictions import is_held
from dvcinc.stages.hearing import Claim
from dvcinc.stages.paths import BASE_MODEL, MODEL
from dvcinc.stages.vault import Vault

_INPUTS = ("base", "delta", "tables")
_DIRECTORY = re.compile(r"[0-9a-f]{32}\.dir")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a stored model says that it was made from, and its digest."""

    digest: str
    inputs: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Inspector:
    """Looks at stored models; at the same bytes once, however many records name them.

    Args:
        vault: Where they are stored.
    """

    vault: Vault
    _seen: dict[str, Seen | DvcincError] = field(default_factory=dict)

    def model(self, record: Record, *, is_base: bool) -> Model:
        """A stored model.

        Raises:
            CannotTellError: It is not at hand.
            CheckError: What is stored is broken.
            InputError: What is stored is no model, or one of another version.
        """
        out = BASE_MODEL if is_base else MODEL
        if not _DIRECTORY.fullmatch(record.dvc):
            raise CheckError(f"{out}: {record.dvc[:60]!a} is no hash of a directory")
        with self.vault.checked_out(
            Out(out, record.dvc, legacy=False, pointer=LINEAGE)
        ) as folder:
            try:
                return load(folder)
            except InputError as error:
                said = error.message.replace(str(folder), out)
                raise InputError(said, error.hint) from error

    def findings(self, claim: Claim) -> Iterator[Finding]:
        """What the bytes have against a record, and against the plan beside it."""
        record, said = claim.record, claim.said
        place = said.place(LINEAGE)
        seen = self._look(record, is_base=claim.is_base)
        if isinstance(seen, DvcincError):
            check = _meaning(seen, said.plan)
            yield Finding(check.code, place, seen.message, seen.hint)
            return
        if seen.digest != record.digest:
            out = BASE_MODEL if claim.is_base else MODEL
            text = f"{out} is {record.digest} by its record, but {seen.digest}"
            yield Finding(Check.SWAPPED.code, place, text)
        for what, mine, plans in zip(
            _INPUTS, seen.inputs, inputs_of(claim), strict=False
        ):
            if mine != plans:
                text = f"it was made from {what} {mine}, but {PLAN} asks for {plans}"
                yield Finding(Check.FOREIGN.code, said.place(PLAN), text)

    def _look(self, record: Record, *, is_base: bool) -> Seen | DvcincError:
        if record.dvc not in self._seen:
            self._seen[record.dvc] = self._looked(record, is_base=is_base)
        return self._seen[record.dvc]

    def _looked(self, record: Record, *, is_base: bool) -> Seen | DvcincError:
        try:
            model = self.model(record, is_base=is_base)
        except DvcincError as error:
            return error
        return Seen(
            digest=digest(model),
            inputs=(model.base, model.delta, model.tables_digest),
        )


def _meaning(error: DvcincError, plan: PlanDocument | None) -> Check:
    """What it means that a model cannot be looked at."""
    if isinstance(error, CannotTellError):
        return Check.NOT_STORED
    is_old = plan is not None and plan.base.versions != current_versions()
    is_read = isinstance(error, InputError)
    return Check.OTHER_FORMAT if is_read and is_old else Check.BROKEN


def inputs_of(claim: Claim) -> tuple[str, ...]:
    """What a model is made from by the plan beside its record, as far as that holds."""
    plan = claim.said.plan
    if plan is None or not is_held(claim, PLAN):
        return ()
    found = (plan.base.digest, plan.delta.digest, plan.tables.digest)
    return found[:1] if claim.is_base else found
