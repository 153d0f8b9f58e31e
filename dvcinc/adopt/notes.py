"""What people should know about a project that dvcinc does not change for them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from dvcinc.adopt import dvcfile
from dvcinc.adopt.find import Ground
from dvcinc.adopt.pipeline import Stage
from dvcinc.adopt.stale import ADVICE as STALE_ADVICE
from dvcinc.adopt.stale import stale
from dvcinc.adopt.write import Change
from dvcinc.corpus.pipeline import read_pipeline
from dvcinc.corpus.values import Config
from dvcinc.errors import InputError
from dvcinc.params import PATH as PARAMS
from dvcinc.snapshot.dvcouts import LOCK, ancestors

_RULE = re.compile(r"^(.*?:\d+):(.*)\t(.*)$", re.MULTILINE)


def notes(
    here: Ground,
    config: Config,
    stages: Sequence[Stage],
    changes: Sequence[Change],
    there: dvcfile.Pipeline,
) -> Iterator[str]:
    """Lines about a pipeline, rules and pointers of others that get in the way."""
    yield from _refused(config)
    for path, rule in ignored(here, stages):
        yield f"{path} belongs into Git, but {rule} ignores it: take that out"
    for said in dvcfile.differing(there, stages):
        yield f"{dvcfile.PATH}: {said}"
    for found in stale(here.project, here.read(dvcfile.PATH)):
        yield f"{found}: {STALE_ADVICE}"
    for change in changes:
        for above in (*ancestors(change.path), change.path):
            if (here.project / f"{above}.dvc").is_file():
                yield f"{change.path} is tracked by DVC: run dvc add {above}"


def _refused(config: Config) -> Iterator[str]:
    try:
        read_pipeline(config)
    except InputError as error:
        way_out = f": {error.hint}" if error.hint else ""
        yield f"dvc repro will refuse the pipeline: {error.message}{way_out}"


def ignored(here: Ground, stages: Sequence[Stage]) -> Iterator[tuple[str, str]]:
    """Files that belong into Git and are ignored, each with the rule that does it."""
    if here.git is None:
        return
    outs = [
        out.path for stage in stages for out in stage.outs if _is_small(out.options)
    ]
    paths = [dvcfile.PATH, PARAMS, LOCK, *outs]
    asked = ["check-ignore", "-v", "--no-index", "--", *map(here.git.full, paths)]
    # The one command that refuses literal pathspecs.
    done = here.git.found.place.run(asked, literal=False)
    for place, rule, path in _RULE.findall(done.out.decode("utf-8", "replace")):
        if not rule.startswith("!"):
            yield path.removeprefix(here.git.prefix), f"{place} ({rule})"


def _is_small(options: Sequence[tuple[str, bool | str]]) -> bool:
    return ("cache", False) in options
