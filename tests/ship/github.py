"""A runner of GitHub's: the steps of workflows and composite actions, for real.

Scripts run as its runner runs them: the same shell and options, files for outputs, path
and summary, and an environment with nothing of ours. What `uses` an action of GitHub's
does here what that action does, with local repositories and a folder of artifacts.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from e2e.project import ROOT, environment
from ruamel.yaml import YAML
from ship.expressions import evaluate, filled, said

TEMPLATES = ROOT / "dvcinc/adopt/templates"
_OURS = re.compile(r"(GITHUB|GITLAB|CI|DVCINC|GH|DVC)_|CI$|PYTHONPATH$")
_HEREDOC = re.compile(r"([\w-]+)<<(\S+)\n(.*?)\n\2\n|([\w-]+)=([^\n]*)\n", re.DOTALL)


def load(path: Path) -> Any:
    """A workflow or an action."""
    return YAML(typ="safe").load(path.read_text(encoding="utf-8"))


@dataclass
class Ran:
    """How a job ended: each script's output, and what it says to later jobs."""

    ok: bool
    log: str
    outputs: dict[str, str]
    runs_on: str


@dataclass
class Runner:
    """A machine that runs jobs of one repository.

    Attributes:
        folder: Where all of its files lie.
        origin: The repository that is checked out; a job may push to it.
        event: The event file.
        variables: What else a job is told.
        repository_variables: `vars`.
        secrets: `secrets`.
        artifacts: What earlier jobs have left.
        token: `github.token`.
        checkout: What is checked out by default.
        programs: A folder that comes first on the path.
        before: What happens in the meantime, before a step of that name.
    """

    folder: Path
    origin: Path
    event: dict[str, Any]
    variables: dict[str, str]
    repository_variables: dict[str, str] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    artifacts: dict[str, Path] = field(default_factory=dict)
    token: str = "s3cr3t"  # noqa: S105 - made up
    checkout: str = "HEAD"
    programs: Path | None = None
    before: Mapping[str, Callable[[], None]] = field(default_factory=dict)
    jobs: int = 0

    def workflow(self, path: Path) -> dict[str, Ran]:
        """Runs the jobs of a workflow, in their order, as far as their `if` says."""
        flow = load(path)
        done: dict[str, Ran] = {}
        for name, job in flow["jobs"].items():
            needs = {
                one: {"outputs": ran.outputs, "result": "success"}
                for one, ran in done.items()
            }
            contexts = self._contexts({"needs": needs})
            if any(one not in done for one in _listed(job.get("needs", []))):
                continue
            if evaluate(job.get("if", "true"), contexts):
                done[name] = self._job(job, flow.get("env", {}), contexts)
                if not done[name].ok:
                    break
        return done

    def _contexts(self, more: Mapping[str, Any]) -> dict[str, Any]:
        github = {
            "token": self.token,
            "repository": self.variables["GITHUB_REPOSITORY"],
            "ref": self.variables.get("GITHUB_REF"),
            "sha": self.variables.get("GITHUB_SHA"),
            "event_name": self.variables.get("GITHUB_EVENT_NAME"),
            "event": self.event,
        }
        temp = str(self.folder / f"temp-{self.jobs}")
        return {
            "github": github,
            "vars": self.repository_variables,
            "secrets": self.secrets,
            "runner": {"temp": temp},
            **more,
        }

    def _job(self, job: Any, shared: Any, contexts: dict[str, Any]) -> Ran:
        self.jobs += 1
        running = _Job(self, self._contexts({"needs": contexts["needs"]}))
        running.env = {
            **{k: filled(said(v), contexts) for k, v in shared.items()},
            **{k: filled(said(v), contexts) for k, v in job.get("env", {}).items()},
        }
        steps: dict[str, Any] = {}
        ok = running.steps(job["steps"], steps, {})
        outputs = {
            key: filled(value, {**running.contexts, "steps": steps})
            for key, value in job.get("outputs", {}).items()
        }
        return Ran(ok, "".join(running.log), outputs, self._machine(job, contexts))

    @staticmethod
    def _machine(job: Any, contexts: dict[str, Any]) -> str:
        return filled(job["runs-on"], contexts)


class _Job:
    """One job: a workspace, and what steps leave for those behind them."""

    def __init__(self, runner: Runner, contexts: dict[str, Any]) -> None:
        self.runner = runner
        self.contexts = contexts
        self.temp = Path(contexts["runner"]["temp"])
        self.workspace = runner.folder / f"work-{runner.jobs}"
        self.workspace.mkdir(parents=True)
        (self.temp / "files").mkdir(parents=True)
        self.env: dict[str, str] = {}
        self.log: list[str] = []
        self.path: list[str] = []

    def steps(self, steps: Any, done: dict[str, Any], inputs: Any) -> bool:
        """Runs steps; whether all of them went well."""
        for step in steps:
            known = {**self.contexts, "steps": done, "inputs": inputs}
            if not evaluate(said(step.get("if", "true")), known):
                continue
            env = {k: filled(said(v), known) for k, v in step.get("env", {}).items()}
            self.runner.before.get(step.get("name", ""), _nothing)()
            if "uses" in step:
                taken = {
                    k: filled(said(v), known) for k, v in step.get("with", {}).items()
                }
                ok, outputs = self._use(step["uses"], taken)
            else:
                assert "${{" not in step["run"], "a script with an expression in it"
                ok, outputs = self._run(step["run"], env)
            if "id" in step:
                done[step["id"]] = {"outputs": outputs}
            if not ok:
                return False
        return True

    # --- scripts ------------------------------------------------------------------

    def _run(self, script: str, env: dict[str, str]) -> tuple[bool, dict[str, str]]:
        files = {
            f"GITHUB_{name}": self.temp / "files" / name
            for name in ("OUTPUT", "PATH", "ENV")
        }
        for path in files.values():
            path.write_text("")
        file = self.temp / "files/script.sh"
        file.write_text(script)
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(file)],
            cwd=self.workspace,
            env=self._environment({k: str(v) for k, v in files.items()}, env),
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        self.log.append(f"{done.stdout}{done.stderr}")
        self.path += files["GITHUB_PATH"].read_text().split()
        assert not files["GITHUB_ENV"].read_text()
        return done.returncode == 0, _assigned(files["GITHUB_OUTPUT"].read_text())

    def _environment(self, *more: Mapping[str, str]) -> dict[str, str]:
        ours = {k: v for k, v in environment().items() if not _OURS.match(k)}
        # The runner has no identity to commit with.
        bare = {k: v for k, v in ours.items() if not k.startswith("GIT_")}
        there = {
            **bare,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": "/dev/null",
            "DVC_NO_ANALYTICS": "1",
            "DVC_SITE_CACHE_DIR": str(self.temp / "dvc-site"),
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "RUNNER_TEMP": str(self.temp),
            "GITHUB_WORKSPACE": str(self.workspace),
            "GITHUB_STEP_SUMMARY": str(self.runner.folder / "summary.md"),
            "GITHUB_EVENT_PATH": str(self.runner.folder / "event.json"),
            **self.runner.variables,
            **self.env,
        }
        (self.runner.folder / "event.json").write_text(json.dumps(self.runner.event))
        for values in more:
            there |= values
        first = [str(self.runner.programs)] if self.runner.programs else []
        there["PATH"] = ":".join([*reversed(self.path), *first, there["PATH"]])
        return there

    # --- actions ------------------------------------------------------------------

    def _use(self, name: str, taken: dict[str, str]) -> tuple[bool, dict[str, str]]:
        known = {
            "actions/checkout": self._checkout,
            "actions/setup-python": lambda _: None,
            "actions/upload-artifact": self._upload,
            "actions/download-artifact": self._download,
        }
        action = name.partition("@")[0]
        if action == "OWNER/REPO":
            return self._composite(taken)
        known[action](taken)
        return True, {}

    def _checkout(self, taken: dict[str, str]) -> None:
        assert taken["fetch-depth"] == "0"
        assert taken["persist-credentials"] == "false"
        wanted = taken.get("ref", self.runner.checkout)
        for command in (
            ["clone", "-q", "--no-checkout", f"file://{self.runner.origin}", "."],
            ["fetch", "-q", "origin", wanted],
            ["checkout", "-q", "--detach", "FETCH_HEAD"],
        ):
            subprocess.run(["git", *command], cwd=self.workspace, check=True)

    def _upload(self, taken: dict[str, str]) -> None:
        kept = self.runner.folder / "artifacts" / taken["name"]
        shutil.rmtree(kept, ignore_errors=True)
        shutil.copytree(taken["path"], kept)
        self.runner.artifacts[taken["name"]] = kept

    def _download(self, taken: dict[str, str]) -> None:
        # Another run's artifacts need a token to be read.
        assert "run-id" not in taken or taken["github-token"]
        shutil.copytree(
            self.runner.artifacts[taken["name"]], taken["path"], symlinks=True
        )

    def _composite(self, taken: dict[str, str]) -> tuple[bool, dict[str, str]]:
        action = load(ROOT / "action.yml")
        assert {*taken} <= {*action["inputs"]}
        inputs = {
            key: filled(said(one.get("default")), self.contexts)
            for key, one in action["inputs"].items()
        }
        done: dict[str, Any] = {}
        before = dict(self.env)
        self.env = {"GITHUB_ACTION_PATH": str(ROOT), **before}
        ok = self.steps(action["runs"]["steps"], done, {**inputs, **taken})
        self.env = before
        known = {**self.contexts, "steps": done}
        return ok, {k: filled(o["value"], known) for k, o in action["outputs"].items()}


def _nothing() -> None: ...


def _listed(names: str | list[str]) -> list[str]:
    return [names] if isinstance(names, str) else names


def _assigned(text: str) -> dict[str, str]:
    """What a step has written as its outputs."""
    found = {}
    for many, _, lines, one, value in _HEREDOC.findall(text):
        found[many or one] = lines if many else value
    return found
