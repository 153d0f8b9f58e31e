"""`lineage verify`: recorded models against Git, their bytes and their data."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from dvcinc.errors import ExitCode
from dvcinc.lineage.proof import Weight
from dvcinc.plan.project import open_project
from dvcinc.render import json as render_json
from dvcinc.render import proof as render
from dvcinc.surfaces.following import about
from dvcinc.surfaces.terminal import Terminal, painter, show, warn
from dvcinc.surfaces.watching import Watching, watching

if TYPE_CHECKING:
    from dvcinc.stages.proving import Prover, Wish

_CODES = {
    Weight.NOTE: ExitCode.DONE,
    Weight.UNTOLD: ExitCode.CANNOT_TELL,
    Weight.WRONG: ExitCode.CHECK_SAID_NO,
}


def show_proofs(path: Path, revision: str | None, wish: Wish, *, as_json: bool) -> None:
    """Prints what is proved of each model, as soon as it is known save as JSON.

    Raises:
        DvcincError: There is no such revision, or it holds no record.
    """
    from dvcinc.stages.proving import prover  # noqa: PLC0415 - it reads weights

    with watching() as watch:
        project = open_project(path, fetch=wish.remote, watch=watch)
        commit = project.git.commit(revision or "HEAD")
        found = prover(project, commit, wish, Terminal())
        with watching("proving models") as models:
            verdict = _show(found, models, as_json=as_json)
    sys.exit(_CODES[verdict])


def _show(found: Prover, watch: Watching, *, as_json: bool) -> Weight:
    proofs, unread, wanted = [], found.unread(), found.wanted()
    paint = painter()
    for number, made in enumerate(wanted):
        watch(number, len(wanted))
        proof = found.prove(made)
        proofs.append(proof)
        if not as_json:
            watch.end()
            show("\n".join(render.lines(proof, paint)))
    watch.end()
    weights = [proof.weight for proof in proofs]
    weights += [finding.check.weight for finding in unread]
    if found.wish.everything and found.history.missing:
        weights.append(Weight.UNTOLD)
    verdict = max(weights, default=Weight.NOTE)
    if as_json:
        head = about(found.project.git, found.history)
        show(render_json.text(render.verify_json(head, proofs, unread, verdict)))
        return verdict
    for finding in unread:
        show("\n".join(render.found(finding, paint)))
    if found.history.missing:
        warn(found.history.missing)
    show(render.summary(proofs, unread))
    return verdict
