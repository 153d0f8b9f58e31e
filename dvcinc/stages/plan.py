"""Stage `plan`: data in the work tree to `plan/`, in seconds and without NumPy."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from dvcinc.config import Data, Target
from dvcinc.corpus.patterns import broken, extracting_kinds
from dvcinc.corpus.trained import trains_patterns
from dvcinc.corpus.values import Corpus
from dvcinc.errors import InputError
from dvcinc.lineage.names import CorpusNames
from dvcinc.lineage.naming import name_warnings
from dvcinc.plan.base import Base
from dvcinc.plan.document import PATH
from dvcinc.plan.files import put_file, put_folder, read_folder, recover, write_folder
from dvcinc.plan.make import Plan, make_plan
from dvcinc.plan.project import BASE, Project, open_project
from dvcinc.plan.situation import Situation
from dvcinc.snapshot.files import covers, uncovered
from dvcinc.stages.bench import Bench, Talk, at_work
from dvcinc.stages.paths import DELTA, TABLES
from dvcinc.stages.pipeline import DVC_YAML, deps
from dvcinc.stages.restore import fetched_base


def run_plan(path: Path, talk: Talk) -> None:
    """Runs the stage.

    Raises:
        DvcincError: The data, the pipeline or the parameters cannot be used.
    """
    with at_work(path, "plan", talk) as bench:
        with talk.watching() as watch:
            project = open_project(path, watch=watch)
            project.fetch = partial(fetched_base, bench)
            now = project.snapshot(project.worktree())
            _check_deps(bench, now.params.data, uncovered_by=uncovered(now.corpus, ()))
            _check_regexes(now.corpus)
            situation = project.situation(now, project.git.head())
            plan = make_plan(situation)
            named = _named(situation)
        _write(bench, project, plan)
        for warning in (*plan.warnings, *named, *plan.notes):
            talk.warn(warning)
        talk.say(_summary(plan))


def _write(bench: Bench, project: Project, plan: Plan) -> None:
    """Writes the outs, `plan.json` last: with it the plan is whole."""
    recover(bench.path(BASE))
    here = project.worktree_base()
    if here is None or not _is_same(here, plan.base, bench.path(BASE)):
        write_folder(plan.base.files(), bench.scratch / "base")
        put_folder(bench.scratch / "base", bench.path(BASE))
    for files, final in ((plan.delta, DELTA), (plan.tables, TABLES)):
        new = bench.scratch / Path(final).name
        write_folder(files, new)
        put_folder(new, bench.path(final))
    put_file(plan.data, bench.path(PATH))


def _named(situation: Situation) -> list[str]:
    """Warnings about names that are new since HEAD's plan; of all, none would read."""
    before = situation.committed.snapshot() if situation.committed else None
    if before is None:
        return []
    now = situation.now.corpus
    return [*map(str, name_warnings(before.corpus, now, CorpusNames(now)))]


def _check_regexes(corpus: Corpus) -> None:
    """Refuses what would stop the training, while its place is known.

    Raises:
        InputError: One or more regexes cannot be matched, and the pipeline uses them.
    """
    if not trains_patterns(corpus.config) and not extracting_kinds(corpus.config):
        return
    if errors := [*broken(corpus.regexes)]:
        said = "\n".join(error.message for error in errors)
        raise InputError(said, errors[0].hint)


def _is_same(here: Base, base: Base, folder: Path) -> bool:
    if here.info.digest != base.info.digest:
        return False
    return sorted(read_folder(folder)) == sorted(base.files())


def _summary(plan: Plan) -> str:
    document = plan.document
    mode = plan.decision.targets[Target.NLU].word
    base = f"base of {document.base.examples:,} examples"
    gained, lost = document.delta.added, document.delta.removed
    return f"plan: {mode} ({base}, +{gained:,} −{lost:,})"


def _check_deps(bench: Bench, data: Data, *, uncovered_by: list[str]) -> None:
    """Refuses data that no dep of the stage covers: DVC would not see it change.

    Raises:
        InputError: A file is read that is no dep.
    """
    known = deps(bench.project, "plan")
    if known is None:
        return
    existing = [
        p for p in (*data.nlu, *data.domain, data.config) if bench.path(p).exists()
    ]
    for path in (*existing, *uncovered_by):
        if not covers(known, path):
            raise InputError(
                f"{path} is read by the plan, but no dep of its stage covers it",
                f"add it to the deps of the stage plan in {DVC_YAML}",
            )
