"""A runner of GitLab's: the jobs of an included template, for real.

Inputs, `extends`, `rules`, `needs`, artifacts, dotenv reports and the environment scope
of variables as GitLab takes them; all scripts of a job are one, as with its runner.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from e2e.project import environment
from ruamel.yaml import YAML
from ship.github import TEMPLATES

COMMENT = TEMPLATES / "gitlab/dvcinc.yml"
TRAIN = TEMPLATES / "gitlab/dvcinc-train.yml"
_INPUT = re.compile(r"\$\[\[ inputs\.(\w+) \]\]")
_RULE = re.compile(r'\$(\w+)(?: == (?:\$(\w+)|"(\w+)"))?')
_OURS = re.compile(r"(GITHUB|GITLAB|CI|DVCINC|GH|DVC|GIT)_|CI$|PYTHONPATH$")


def parts(path: Path) -> tuple[Any, Any]:
    """What a template asks for, and its jobs."""
    head, body = YAML(typ="safe").load_all(path.read_text(encoding="utf-8"))
    return head, body


def load(path: Path, **inputs: Any) -> dict[str, Any]:
    """A template as it is included with inputs."""
    head, body = parts(path)
    values = {k: v.get("default") for k, v in head["spec"]["inputs"].items()}
    assert {*inputs} <= {*values}
    return _filled(body, values | inputs)


def _filled(value: Any, inputs: Mapping[str, Any]) -> Any:
    if isinstance(value, dict):
        return {key: _filled(one, inputs) for key, one in value.items()}
    if isinstance(value, list):
        return [_filled(one, inputs) for one in value]
    if isinstance(value, str) and (whole := _INPUT.fullmatch(value)):
        return inputs[whole[1]]
    return value


def jobs(path: Path, **inputs: Any) -> dict[str, dict[str, Any]]:
    """The jobs, each with all that it takes from others."""
    there = load(path, **inputs)
    return {name: _extended(there, name) for name in there if name[0] != "."}


def _extended(there: dict[str, Any], name: str) -> dict[str, Any]:
    own = there[name]
    if "extends" not in own:
        return own
    base = _extended(there, own["extends"])
    variables = {**base.get("variables", {}), **own.get("variables", {})}
    return {**base, **own, "variables": variables}


@dataclass
class Ran:
    """How a job ended."""

    ok: bool
    log: str
    workspace: Path
    told: Mapping[str, str]


@dataclass
class Runner:
    """A machine that runs pipelines of one project.

    Attributes:
        folder: Where all of its files lie.
        origin: The repository.
        variables: What every job is told.
        programs: A folder that comes first on the path.
        ref: What is checked out.
        scoped: What jobs of an environment are told, by its name.
        before: What happens in the meantime, before a job of that name.
    """

    folder: Path
    origin: Path
    variables: dict[str, str]
    programs: Path
    ref: str = "main"
    scoped: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    before: Mapping[str, Callable[[], None]] = field(default_factory=dict)

    def pipeline(self, path: Path, **inputs: Any) -> dict[str, Ran]:
        """Runs the jobs whose rules say so, in their order."""
        done: dict[str, Ran] = {}
        told: dict[str, dict[str, str]] = {}
        for name, job in jobs(path, **inputs).items():
            if not _runs(job["rules"], self.variables):
                continue
            needed = {
                k: v for one in job.get("needs", []) for k, v in told[one].items()
            }
            self.before.get(name, lambda: None)()
            workspace = self.checked_out(name, job)
            for one in job.get("needs", []):
                _hand_on(jobs(path, **inputs)[one], done[one].workspace, workspace)
            done[name] = ran = self.job(name, job, workspace, needed)
            if not ran.ok:
                break
            report = job.get("artifacts", {}).get("reports", {}).get("dotenv")
            told[name] = _dotenv(ran.workspace / report) if report else {}
        return done

    def checked_out(self, name: str, job: dict[str, Any]) -> Path:
        """A workspace for a job."""
        workspace = self.folder / name.replace(":", "-")
        assert job["variables"]["GIT_DEPTH"] == "0"
        for command in (
            ["clone", "-q", "--no-checkout", f"file://{self.origin}", str(workspace)],
            ["-C", str(workspace), "fetch", "-q", "origin", self.ref],
            ["-C", str(workspace), "checkout", "-q", "--detach", "FETCH_HEAD"],
        ):
            subprocess.run(["git", *command], check=True)
        return workspace

    def job(
        self, name: str, job: dict[str, Any], workspace: Path, needed: Mapping[str, str]
    ) -> Ran:
        """Runs a job, told what it needs of others."""
        scope = self.scoped.get(job.get("environment", {}).get("name"), {})
        told = self._environment(name, scope, job["variables"], needed)
        script = self.folder / "script.sh"
        script.write_text("set -eo pipefail\n" + "\n".join(job["script"]))
        done = subprocess.run(
            ["bash", str(script)],
            cwd=workspace,
            env=told,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        return Ran(done.returncode == 0, done.stdout + done.stderr, workspace, told)

    def _environment(self, name: str, *more: Mapping[str, str]) -> dict[str, str]:
        there = {k: v for k, v in environment().items() if not _OURS.match(k)}
        there |= {
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": "/dev/null",
            "DVC_NO_ANALYTICS": "1",
            "DVC_SITE_CACHE_DIR": str(self.folder / "dvc-site"),
            "CI": "true",
            "GITLAB_CI": "true",
            "CI_JOB_NAME": name,
            "TMPDIR": str(self.folder),
            **self.variables,
        }
        for values in more:
            there |= values
        return {**there, "PATH": f"{self.programs}:{there['PATH']}"}


def _runs(rules: list[dict[str, str]], variables: Mapping[str, str]) -> bool:
    for rule in rules:
        if _holds(rule["if"], variables):
            return rule.get("when") != "never"
    return False


def _holds(condition: str, variables: Mapping[str, str]) -> bool:
    found = _RULE.fullmatch(condition)
    assert found, condition
    name, other, text = found.groups()
    if other is None and text is None:
        return bool(variables.get(name))
    return variables.get(name) == (variables.get(other) if other else text)


def _hand_on(job: dict[str, Any], left: Path, workspace: Path) -> None:
    for path in job.get("artifacts", {}).get("paths", []):
        if (left / path).is_file():
            shutil.copy(left / path, workspace / path)


def _dotenv(path: Path) -> dict[str, str]:
    return dict(line.split("=", 1) for line in path.read_text().splitlines())
