"""Looks at the project: data, settings, stages, and what the last run left."""

from __future__ import annotations

from collections.abc import Iterator

from dvcinc.adopt import dvcfile
from dvcinc.adopt.check import INIT, WITH_TESTS, Check, Patient, State
from dvcinc.adopt.notes import ignored
from dvcinc.adopt.settings import checked_params, lacking
from dvcinc.adopt.stale import ADVICE as STALE_ADVICE
from dvcinc.adopt.stale import stale
from dvcinc.changes import base_intent
from dvcinc.corpus.pipeline import read_pipeline
from dvcinc.corpus.values import Corpus
from dvcinc.errors import DvcincError
from dvcinc.lineage.closer import same_texts, tested_texts
from dvcinc.lineage.naming import all_warnings
from dvcinc.lineage.record import PATH as LINEAGE
from dvcinc.lineage.record import read_lineage
from dvcinc.lineage.tested import known_in, read_tests, renames, warnings_of
from dvcinc.params import PATH as PARAMS
from dvcinc.plan.base import current_versions
from dvcinc.plan.document import PATH as PLAN
from dvcinc.plan.document import read_plan
from dvcinc.snapshot.dvcconfig import cache_folder, dvc_root
from dvcinc.snapshot.dvclock import read_lock
from dvcinc.snapshot.dvcouts import LOCK
from dvcinc.snapshot.sources import FolderSource
from dvcinc.snapshot.undone import edited, missing
from dvcinc.stages.paths import BASE_MODEL

_NEEDLESS = frozenset({"trainer"})
"""Sections that no stage names."""
_SHOWN = 3
_MEANT = "put it right, or leave it if it is meant"
_MOST_NAMES = 10
"""Warnings about names that are told; who has so many has them everywhere."""


def look_at_params(patient: Patient) -> Iterator[Check]:
    """`params.yaml`: there, whole and without mistakes."""
    data = patient.here.read(PARAMS)
    checked_params(data)
    missing = [name for name in lacking(data) if name not in _NEEDLESS]
    if data is None:
        yield Check("params.yaml", State.PROBLEM, "not there", INIT)
    elif missing:
        said = f"has no {', '.join(missing)}, which dvc repro wants"
        yield Check("params.yaml", State.PROBLEM, said, INIT)
    else:
        yield Check("params.yaml", State.OK, "no mistakes")


def look_at_data(patient: Patient) -> Iterator[Check]:
    """Whether training data, configuration and tests are there and can be read."""
    source = FolderSource(patient.path, git=patient.here.git)
    data = checked_params(patient.here.read(PARAMS)).data
    if missed := list(missing(source, data)):
        yield from (Check("data", State.PROBLEM, *pair) for pair in missed)
        return
    found = patient.draft.found
    examples = found.corpus.examples
    intents = len({base_intent(example.intent) for example in examples})
    said = f"{len(examples):,} examples of {intents:,} intents"
    yield Check("data", State.OK, said)
    for todo in edited(source, found.data):
        yield Check("data", State.WARNING, *todo)
    if found.tests:
        yield Check("tests", State.OK, f"{found.tests:,} examples")
        yield from _tested(patient)
    else:
        said = f"none in {', '.join(found.data.test)}: no model is evaluated"
        yield Check("tests", State.WARNING, said, WITH_TESTS)


def _tested(patient: Patient) -> Iterator[Check]:
    found = patient.draft.found
    tests = read_tests(patient.path, found.data.test)
    known = known_in(found.corpus, renames(patient.path))
    for warning in warnings_of(tests, known):
        todo = "rename them there, or take them out" if warning.place else "write some"
        yield Check("tests", State.WARNING, str(warning), todo)


def look_at_names(patient: Patient) -> Iterator[Check]:
    """Labels that stand on one side alone, typos, and what the readers warn of."""
    found = [*all_warnings(patient.draft.found.corpus)]
    for warning in found[:_MOST_NAMES]:
        yield Check("names", State.WARNING, str(warning), _MEANT)
    if (more := len(found) - _MOST_NAMES) > 0:
        yield Check("names", State.WARNING, f"{more:,} more such warnings", _MEANT)


def look_at_texts(patient: Patient) -> Iterator[Check]:
    """Texts under two intents, and tests that are training data as well."""
    found = patient.draft.found
    tests = read_tests(patient.path, found.data.test) if found.tests else {}
    for warning in same_texts(Corpus(), found.corpus):
        yield Check("texts", State.WARNING, str(warning), _MEANT)
    for warning in tested_texts(found.corpus.examples, tests):
        todo = "take it out of the tests, or of the training data"
        yield Check("texts", State.WARNING, str(warning), todo)


def look_at_pipeline(patient: Patient) -> Iterator[Check]:
    """Whether the pipeline of the configuration is one that can be trained."""
    try:
        found = patient.draft.found
    except DvcincError:
        return
    config = found.corpus.config
    pipeline = read_pipeline(config)
    said = (
        f"{len(config.pipeline)} components, language {config.language or 'not said'}"
    )
    yield Check("pipeline", State.OK, said)
    for line in (*pipeline.warnings, *pipeline.asides):
        yield Check("pipeline", State.OK, line)


def look_at_stages(patient: Patient) -> Iterator[Check]:
    """Whether `dvc.yaml` has the stages as this version writes them."""
    before = patient.here.read(dvcfile.PATH)
    if before is None:
        yield Check("dvc.yaml", State.PROBLEM, "not there", INIT)
        return
    there = dvcfile.read_pipeline(before)
    try:
        wanted = patient.draft.stages
    except DvcincError:
        # Told by the look at the data.
        return
    lost = stale(patient.path, before)
    for one in lost[:_SHOWN]:
        yield Check("dvc.yaml", State.PROBLEM, str(one), STALE_ADVICE)
    missing = [stage.name for stage in wanted if there.own(stage.name) is None]
    differing = list(dvcfile.differing(there, wanted))
    if missing:
        said = f"has no stage {', '.join(missing)} of dvcinc's"
        # Without these, all that is missing is an evaluation.
        bearable = {"evaluate", "verify"}.issuperset(missing)
        state = State.WARNING if bearable else State.PROBLEM
        yield Check("dvc.yaml", state, said, INIT)
    elif dvcfile.extended(before, wanted) != before:
        said = "its stages are not those of this version, or of these data"
        yield Check("dvc.yaml", State.PROBLEM, said, INIT)
    elif differing:
        said, todo = f"stage {differing[0]}", "write so by hand"
        yield Check("dvc.yaml", State.WARNING, said, todo)
    elif not lost:
        yield Check("dvc.yaml", State.OK, f"{len(wanted)} stages of dvcinc's")


def look_at_ignored(patient: Patient) -> Iterator[Check]:
    """Whether Git ignores what belongs into it."""
    try:
        stages = patient.draft.stages
    except DvcincError:
        return
    found = list(ignored(patient.here, stages))
    for path, rule in found[:_SHOWN]:
        todo = "take the rule out, or git add --force"
        yield Check("ignored", State.PROBLEM, f"{path} is ignored by {rule}", todo)


def look_at_plan(patient: Patient) -> Iterator[Check]:
    """`plan.json`: readable, and of models that this version can use."""
    data = patient.here.read(PLAN)
    if data is None:
        yield Check(PLAN, State.OK, "not there yet: dvc repro writes it")
        return
    plan = read_plan(data)
    said = f"{plan.mode.word}, base of {plan.base.examples:,} examples"
    if plan.base.versions != current_versions():
        said += "; the base is of another version, so the next one is from scratch"
        yield Check(PLAN, State.WARNING, said, "dvc repro")
    else:
        yield Check(PLAN, State.OK, said)


def look_at_lineage(patient: Patient) -> Iterator[Check]:
    """`lineage.json`: readable."""
    data = patient.here.read(LINEAGE)
    if data is None:
        yield Check(LINEAGE, State.OK, "not there yet: dvc repro writes it")
        return
    model = read_lineage(data).model
    yield Check(LINEAGE, State.OK, f"{model.mode.word}, model {model.digest[:19]}…")


def look_at_base(patient: Patient) -> Iterator[Check]:
    """Whether the base model of `dvc.lock` is in DVC's cache."""
    data = patient.here.read(LOCK)
    if data is None:
        return
    train = read_lock(data).get("train")
    md5 = train.outs.get(BASE_MODEL) if train is not None else None
    if md5 is None:
        return
    root = dvc_root(patient.path, patient.here.top.resolve())
    cache = cache_folder(root) if root is not None else None
    if cache is not None and (cache / "files/md5" / md5[:2] / md5[2:]).is_file():
        yield Check("base model", State.OK, "in the cache")
    else:
        said = f"{BASE_MODEL} of {LOCK} is not in the cache"
        todo = "dvc pull; else it is fetched, or trained again, when it is needed"
        yield Check("base model", State.WARNING, said, todo)
