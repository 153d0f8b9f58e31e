"""How a verdict stands to its change: is it what the change brings, and is it done?

Hook, text, JSON, comment and log all tell by this one notion. It costs a look at two
files of the new side; what judges differences is not needed for it.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from dvcinc.config import Mode
from dvcinc.errors import DvcincError, InputError
from dvcinc.plan.info import PLAN, current_versions

if TYPE_CHECKING:
    from dvcinc.config import Params
    from dvcinc.plan.document import PlanDocument
    from dvcinc.snapshot.sources import Source

_DVC_YAML, _STAGE = "dvc.yaml", b"dvcinc stage plan"


class Standing(Enum):
    """How what has to run stands to the change; the value is the word in JSON."""

    NONE = "none"
    """Nothing has to run."""
    NEW = "new"
    """This change brings it."""
    DUE = "due"
    """It is needed since before, whatever this change brings."""
    TRAINED = "trained"
    """The new side's `plan.json` is its own and covers its data: it has been run."""
    RESTORED = "restored"
    """A base that an earlier plan names fits again: its model is restored."""
    FIRST = "first"
    """The old side has no plan yet: whatever has changed, all is trained."""

    def left(self, mode: Mode) -> Mode:
        """What is left to run, of what has to.

        Args:
            mode: What has to run.
        """
        if self is Standing.TRAINED:
            return Mode.NONE
        return Mode.SCRATCH if self is Standing.FIRST else mode


def standing(mode: Mode, own: Mode, *, trained: bool, restored: bool) -> Standing:
    """How a verdict by a committed plan stands.

    Args:
        mode: What has to run.
        own: What the change brings of that.
        trained: Whether the new side has run it.
        restored: Whether an earlier base fits again.
    """
    if mode is Mode.NONE:
        return Standing.NONE
    if trained:
        return Standing.TRAINED
    if restored:
        return Standing.RESTORED
    return Standing.DUE if own < mode else Standing.NEW


def is_first(new: Source) -> bool:
    """Whether a side without a committed plan is to be trained by dvcinc at all."""
    try:
        return _STAGE in (new.read(_DVC_YAML) or b"")
    except DvcincError:
        return False


def covers(
    before: bytes | None, new: Source, params: Params, digest: str | None
) -> tuple[bool, str]:
    """Whether a side has a plan of its own that was made for just its data.

    Args:
        before: The plan of the old side.
        new: The new side.
        params: Its parameters.
        digest: The digest of its corpus.

    Returns:
        Whether it has, and why one that is there does not count.
    """
    data = new.read(PLAN)
    if data is None or data == before:
        return False, ""
    # Most changes come without a plan.
    from dvcinc.plan.document import read_plan  # noqa: PLC0415

    try:
        plan = read_plan(data, PLAN)
    except InputError as error:
        return False, error.message
    if plan.corpus.digest != digest:
        return False, f"{PLAN} was made for other data than these"
    if not _is_of_params(plan, params):
        return False, f"{PLAN} was made with other settings than params.yaml has"
    if plan.base.versions != current_versions():
        return False, f"{PLAN} was made by another version of dvcinc"
    return True, ""


def _is_of_params(plan: PlanDocument, params: Params) -> bool:
    forced = plan.forced or not params.policy.forced
    learned = plan.delta.is_empty or plan.finetune == params.finetune
    return forced and learned and plan.base.train == params.train
