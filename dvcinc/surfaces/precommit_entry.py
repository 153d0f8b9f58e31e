"""What stands in `.pre-commit-config.yaml` for dvcinc: as values and as lines.

pre-commit fetches a tag; until there is one, the hook runs the `dvcinc` of the
environment that Git commits in.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from types import MappingProxyType

from dvcinc.release import URL
from dvcinc.yaml import Json

LOCAL = "local"
HOOK = "dvcinc-check"
INSTEAD = frozenset({HOOK, "dvcinc-warn", "dvcinc-commit-msg"})
"""Hooks that judge a commit: with one of them there, nothing has to be added."""
_OURS = "dvcinc-"
# As `.pre-commit-hooks.yaml` has it.
_RUN: Mapping[str, Json] = MappingProxyType(
    {
        "name": "dvcinc: check the training mode",
        "entry": "dvcinc hook check",
        "language": "system",
        "always_run": True,
        "pass_filenames": False,
        "require_serial": True,
        "stages": ["pre-commit", "pre-merge-commit", "manual"],
    }
)
_PLAIN = re.compile(r"[A-Za-z][\w./-]*( [\w./-]+)*")


def is_own(entry: Json) -> bool:
    """Whether an entry of repos is dvcinc's, or holds a hook of its own."""
    if not isinstance(entry, dict):
        return False
    hooks = entry.get("hooks")
    ids = [
        str(hook.get("id"))
        for hook in (hooks if isinstance(hooks, list) else ())
        if isinstance(hook, dict)
    ]
    return entry.get("repo") == URL or any(i.startswith(_OURS) for i in ids)


def is_for(hook: Json, project: str, names: frozenset[str] | set[str]) -> bool:
    """Whether a hook is one of dvcinc's, and for the project."""
    if not isinstance(hook, dict) or hook.get("id") not in names:
        return False
    args = hook.get("args")
    if not isinstance(args, list) or "--project" not in args:
        return not project
    return args[-1] != "--project" and args[args.index("--project") + 1] == project


def hook(project: str, *, local: bool) -> dict[str, Json]:
    """The hook for a project, with all that a hook of the repository's own says."""
    args: dict[str, Json] = {"args": ["--project", project]} if project else {}
    return {"id": HOOK, **(_RUN if local else {}), **args}


def repo(project: str, tag: str | None) -> dict[str, Json]:
    """The entry of repos."""
    hooks: list[Json] = [hook(project, local=tag is None)]
    where: dict[str, Json] = (
        {"repo": LOCAL} if tag is None else {"repo": URL, "rev": tag}
    )
    return {**where, "hooks": hooks}


def flow(project: str, tag: str | None) -> str:
    """The entry on one line."""
    return f"- {json.dumps(repo(project, tag), ensure_ascii=False)}"


def entry(project: str, tag: str | None, indent: str = "  ") -> list[str]:
    """The lines of the entry."""
    said = repo(project, tag)
    lines = [f"- repo: {said['repo']}"]
    lines += [f"  rev: {tag}"] if tag is not None else []
    hooks = (f"    {line}" for line in hook_lines(project, local=tag is None))
    return [indent + line for line in (*lines, "  hooks:", *hooks)]


def hook_lines(project: str, *, local: bool) -> list[str]:
    """The lines of the hook."""
    said = hook(project, local=local)
    rows = [f"{key}: {_said(value)}" for key, value in said.items()]
    return [f"- {rows[0]}", *(f"  {row}" for row in rows[1:])]


def _said(value: Json) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_said, value))}]"
    if isinstance(value, str):
        plain = value == "--project" or _PLAIN.fullmatch(value)
        return value if plain else json.dumps(value, ensure_ascii=False)
    return json.dumps(value)
