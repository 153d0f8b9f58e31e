"""A project in a real git repository, and what the plan stage does to it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pytest
from corpora import PIPELINE, nlu_yaml
from locks import reproduced

from dvcinc.corpus.canonical import CanonicalFile
from dvcinc.corpus.digest import corpus_digest
from dvcinc.corpus.tables import Tables
from dvcinc.lineage.report import report
from dvcinc.lineage.standing import Standing
from dvcinc.lineage.verdict import classify, judged
from dvcinc.plan.document import PATH
from dvcinc.plan.files import put_file, put_folder, read_folder, write_folder
from dvcinc.plan.make import Plan, make_plan
from dvcinc.plan.project import Project, open_project
from dvcinc.plan.tables import read_tables
from dvcinc.render.decision import read_decision
from dvcinc.render.written import decision

NLU, CONFIG, PARAMS = "data/nlu/all.yml", "data/config.yml", "params.yaml"
DATA = """\
data: {nlu: data/nlu, domain: data/domain.yml, config: data/config.yml, test: data/test}
"""
LINES = """
greet: hi | hello | good day | hey there | morning | good evening
bye: ciao | so long | see you | farewell | until then | good night
travel: to [Rome](city) | to [Oslo](city) | from [Bonn](city) | via [Linz](city)
ticket: one ticket | two tickets | a ticket please | tickets for us
faq/ask_wifi: is there wifi | wifi please | wlan on board | internet
faq/ask_food: is there food | can i eat | a meal | something to eat
synonym Rome: roma
regex number: [0-9]+
utter faq/ask_wifi: Yes.
"""
PRAGMATIC = "policy: {preset: pragmatic, growth_limit: 9, unlearn_limit: 0.5}\n"
THREE = "\ngreet: hiya\nbye: bye then\ntravel: over [Graz](city)\n"
NEW_INTENT = "\nbook: book it | reserve a seat\n"
FOLDERS = ("base", "delta", "tables")


class Repository(Protocol):
    """What the fixture `repo` makes."""

    path: Path
    commits: list[str]

    def git(self, *arguments: str) -> str:
        """What git prints."""

    def commit(self, files: None = None, message: str = "") -> str:
        """Commits the work tree."""


def put(path: Path, content: str | bytes | None) -> None:
    """Writes one file with just these bytes, or takes it away."""
    if content is None:
        path.unlink()
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)


@dataclass(slots=True)
class Bot:
    """A project.

    Attributes:
        repo: Its repository.
        path: The project directory, in the repository.
    """

    repo: Repository
    path: Path

    def say(self, lines: str) -> None:
        """Writes the training data."""
        put(self.path / NLU, nlu_yaml(lines))

    def params(self, text: str) -> None:
        """Writes `params.yaml`, beside where the data lies."""
        put(self.path / PARAMS, DATA + text)

    def config(self, text: str) -> None:
        """Writes `config.yml`."""
        put(self.path / CONFIG, text)

    @property
    def project(self) -> Project:
        """The project, opened anew: nothing is remembered between runs."""
        return open_project(self.path)

    def plan(self) -> Plan:
        """The plan for the work tree; `classify` always says the same of it."""
        project = self.project
        now = project.snapshot(project.worktree())
        plan = make_plan(project.situation(now, project.git.head()))
        self._check_verdict(plan)
        return plan

    def _check_verdict(self, plan: Plan) -> None:
        project = self.project
        head = project.git.head()
        if head is None or project.committed(head) is None:
            return
        old, new = project.commit("HEAD"), project.worktree()
        found = judged(project, old, new)
        said = decision(report(project, found, old, new))
        assert read_decision(json.dumps(said).encode()).mode is plan.decision.mode
        verdict = found.verdict
        assert verdict.decision == plan.decision
        assert verdict.change.mode <= verdict.decision.mode
        if verdict.standing is Standing.NEW:
            assert verdict.change.mode is verdict.decision.mode
        again = self.project  # with what is kept by now
        assert classify(again, again.commit("HEAD"), again.worktree()) == verdict
        assert verdict.new.digest == corpus_digest(
            project.snapshot(project.worktree()).corpus
        )

    def repro(self, last: str = "record") -> Plan:
        """What `dvc repro` writes, the weights left out, up to the last stage to run.

        `plan` is `dvc repro plan`, or a run that is interrupted: nothing is trained.
        """
        plan = self.plan()
        for name, files in self.folders(plan).items():
            write_folder(files, self.path / "scratch")
            put_folder(self.path / "scratch", self.path / "plan" / name)
        put_file(plan.data, self.path / PATH)
        reproduced(self.path, last)
        return plan

    @staticmethod
    def folders(plan: Plan) -> Mapping[str, tuple[CanonicalFile, ...]]:
        """The files of each out."""
        return {"base": plan.base.files(), "delta": plan.delta, "tables": plan.tables}

    def outs(self) -> dict[str, bytes]:
        """What stands below `plan/`, byte for byte."""
        return {file.name: file.content for file in read_folder(self.path / "plan")}

    def commit(self, message: str = "change") -> str:
        """Commits everything that git does not ignore."""
        return self.repo.commit(message=message)

    def forget(self) -> None:
        """Takes away what git does not hold, as in a fresh clone."""
        for name in FOLDERS:
            shutil.rmtree(self.path / "plan" / name, ignore_errors=True)


def start(repo: Repository, prefix: str = "", lines: str = LINES) -> Bot:
    """A project that has not been planned yet, with nothing committed."""
    bot = Bot(repo, repo.path / prefix)
    bot.say(lines)
    bot.config(PIPELINE)
    bot.params("")
    put(bot.path / "data/domain.yml", "intents: [greet, bye, travel, ticket, faq]\n")
    ignored = "".join(f"/plan/{name}/\n" for name in FOLDERS)
    put(bot.path / ".gitignore", f"{ignored}/scratch/\n")
    return bot


def added(plan: Plan) -> list[str]:
    """The texts of a plan's delta, with their intents."""
    return [f"{e.intent}: {e.text}" for e in plan.lesson.added]


def names(plan: Plan) -> list[str]:
    """The names of a delta's files."""
    return sorted(file.name for file in plan.delta)


def tables(plan: Plan) -> Tables:
    """A plan's tables."""
    (file,) = plan.tables
    return read_tables(file.content, file.name)


def codes(plan: Plan) -> list[str]:
    """The codes of the reasons, in order."""
    return [reason.code for reason in plan.decision.reasons]


@pytest.fixture(name="bot")
def committed_bot(repo) -> Bot:
    """A committed project that has not been planned yet."""
    bot = start(repo())
    bot.commit("start")
    return bot


@pytest.fixture(name="planned")
def planned_bot(bot) -> Bot:
    """A project whose first plan is committed."""
    bot.repro()
    bot.commit("plan")
    return bot
