"""Models that exports tell of, without a repository."""

from __future__ import annotations

from dataclasses import replace

from lineages import lineage

from dvcinc.lineage.exported import Origin, told
from dvcinc.lineage.find import Found
from dvcinc.lineage.history import Version
from dvcinc.lineage.models import Made
from dvcinc.lineage.record import PATH
from dvcinc.snapshot.commits import Commit

HERE = Origin()
THERE = Origin(project="bots/shop", repository="https://github.com/acme/bots")
COMMIT = Commit(
    name="c" * 40,
    parents=(),
    author="Ada",
    time=1_704_110_400,
    date="2024-01-01",
    subject="Ten orders more",
)
HOSTILE = '\x1b[31m<b>@all</b> | `x`\u202e --> " ]\\ #1 www.x.org: {no}\n---\n# y'


def found(name="a", base="base", *, by=COMMIT, **said):
    """A model and its base, brought `by` a commit; `said` is of the model's record."""
    records = lineage(name, base, **{"commit": "d" * 40, **said})
    version = Version(commit=by, path=PATH, blob="b" * 40, lineage=records)
    model = Made(record=records.model, base_record=records.base, version=version)
    below = Made(record=records.base, base_record=None, version=version)
    return Found(model=model, base=below)


def model(name="a", base="base", *, origin=HERE, **said):
    """As exports tell of a model."""
    return told(found(name, base, **said), origin)


def base(origin=HERE):
    """As exports tell of a base."""
    return told(Found(model=found().base, base=None), origin)


def hostile():
    """A model all of whose texts are hostile, and its commit's as well."""
    by = replace(COMMIT, author=HOSTILE, subject=HOSTILE)
    reason = found().model.record.reasons[0]
    data = replace(found().model.record.data, digest=HOSTILE)
    return model(
        by=by,
        dvc=HOSTILE,
        ran=HOSTILE,
        preset=HOSTILE,
        data=data,
        reasons=(replace(reason, code=HOSTILE, text=HOSTILE, place=HOSTILE),),
        metrics={HOSTILE: 0.5, "intent.accuracy": 0.25},
        environment={HOSTILE: HOSTILE, "numpy": "2 && x", "dvcinc": HOSTILE},
    )
