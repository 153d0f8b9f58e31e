"""`hook …`: what git and pre-commit run around a commit and before a push.

A hook stops what it knows to be wrong. Whatever else goes wrong, a bug included, is a
warning: nobody's commit shall wait for a tool. What decides is imported only where
something that trains is touched.
"""

from __future__ import annotations

import io
import os
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dvcinc.config import TRAILER, VARIABLE, Mode
from dvcinc.errors import CheckError, DvcincError, ExitCode
from dvcinc.snapshot.git import Git, open_git
from dvcinc.snapshot.touched import INDEX, all_of, between, may_matter, staged
from dvcinc.surfaces import trailers
from dvcinc.surfaces.projects import projects
from dvcinc.surfaces.pushed import Pushed, pushed
from dvcinc.text.visible import visible

if TYPE_CHECKING:
    from dvcinc.lineage.gate import Finding
    from dvcinc.plan.project import Project
    from dvcinc.render.gate import Scene

_MERGING = "GITHEAD_"
"""Git names the other parents so, while an automatic merge is not yet committed."""
# Of these sources, somebody has written the message before.
_WRITTEN = frozenset({"merge", "squash", "commit"})
_UNDER_WAY = ("MERGE_MSG", "CHERRY_PICK_HEAD", "rebase-merge", "rebase-apply")


@dataclass(frozen=True, slots=True)
class Seen:
    """A project that is touched, and what is found of it."""

    scene: Scene
    found: Finding


def check(given: Sequence[Path], *, strict: bool) -> int:
    """Stops a commit that needs training from scratch which nobody has done."""
    return _guarded(lambda: _check(given, strict=strict), strict=strict)


def warn(given: Sequence[Path], *, strict: bool) -> int:
    """Says the same as `check`, and stops nothing."""

    def work() -> int:
        seen, code = _each(given, strict=strict)
        for one in seen:
            _tell(one, strict=strict, says={})
        return code

    return _guarded(work, strict=strict, stops=False)


def commit_msg(given: Sequence[Path], message: Path, *, strict: bool) -> int:
    """Does what `check` does, and takes a trailer of the message for an answer."""
    return _guarded(lambda: _check(given, message, strict=strict), strict=strict)


def _check(given: Sequence[Path], message: Path | None = None, *, strict: bool) -> int:
    says = _outside()
    if message is not None:
        said = trailers.said_in(open_git(Path()), message)
        says |= {f"the trailer {TRAILER}": mode for mode in said}
    seen, code = _each(given, strict=strict)
    stops = [_tell(one, strict=strict, says=says) for one in seen]
    if not seen and Mode.SCRATCH in says.values() and VARIABLE not in says:
        click.echo(f"dvcinc: {TRAILER} is not needed: nothing that trains is staged")
    return ExitCode.CHECK_SAID_NO if any(stops) else code


def _each(given: Sequence[Path], *, strict: bool) -> tuple[list[Seen], int]:
    """What is found of each project; the trouble of one lets no other pass."""
    looks = [partial(_staged, [path]) for path in projects(given)]
    return _looked(looks, strict=strict)


def _looked(
    looks: Iterable[Callable[[], Iterable[Seen]]], *, strict: bool
) -> tuple[list[Seen], int]:
    """What is found, and the worst code of what cannot be told."""
    seen: list[Seen] = []
    codes: list[int] = [ExitCode.DONE]
    for look in looks:
        try:
            seen += look()
        except DvcincError as error:
            codes.append(_not_checked(error, strict=strict))
    return seen, max(codes)


def _outside() -> dict[str, Mode]:
    mode = trailers.said_outside()
    return {} if mode is None else {VARIABLE: mode}


def prepare(given: Sequence[Path], message: Path, source: str, *, strict: bool) -> int:
    """Writes the training mode into a new commit message."""
    return _guarded(
        lambda: _prepare(given, message, source), strict=strict, stops=False
    )


def _prepare(given: Sequence[Path], message: Path, source: str) -> int:
    source = source or os.environ.get("PRE_COMMIT_COMMIT_MSG_SOURCE", "")
    git = open_git(Path())
    if source in _WRITTEN or any((git.found.own / n).exists() for n in _UNDER_WAY):
        return ExitCode.DONE
    found = [seen.found for seen in _staged(given)]
    # Of a training that is due since before, this message is not to speak.
    mode = max((one.own for one in found), default=Mode.NONE)
    if mode is Mode.NONE:
        return ExitCode.DONE
    is_meant = Mode.SCRATCH in _outside().values()
    is_open = any(one.ground.stops for one in found) and not is_meant
    if is_meant or (source == "message" and not is_open):
        trailers.write(git, message, mode)
    elif source != "message":
        trailers.suggest(git, message, _suggestion(mode, is_open=is_open))
    return ExitCode.DONE


def _suggestion(mode: Mode, *, is_open: bool) -> Iterator[str]:
    if is_open:
        yield "dvcinc: this commit needs training from scratch, and it was not done."
        yield "If that is meant, uncomment the next line, and let it stand at the end:"
    else:
        yield "dvcinc: uncomment the next line to keep the training mode:"
    yield f"{TRAILER}: {mode.word}"


def pre_push(given: Sequence[Path], remote: str, *, strict: bool) -> int:
    """Does for a push what `check` does for a commit."""
    return _guarded(lambda: _pre_push(given, remote, strict=strict), strict=strict)


def _pre_push(given: Sequence[Path], remote: str, *, strict: bool) -> int:
    name = remote or os.environ.get("PRE_COMMIT_REMOTE_NAME", "")
    says, git = _outside(), open_git(Path())
    codes: list[int] = [ExitCode.DONE]
    stops = []
    for ref in pushed(
        git, name, lambda error: codes.append(_not_checked(error, strict=strict))
    ):
        looks = [partial(_brought, path, ref) for path in projects(given)]
        seen, code = _looked(looks, strict=strict)
        codes.append(code)
        for one in seen:
            said = says | _in_messages(git, ref, one)
            stops.append(_tell(one, strict=strict, says=said))
    return ExitCode.CHECK_SAID_NO if any(stops) else max(codes)


def _in_messages(git: Git, ref: Pushed, seen: Seen) -> dict[str, Mode]:
    """What the pushed commits say, asked only where it is needed."""
    if not seen.found.ground.stops:
        return {}
    said = trailers.said_in_commits(git, ref.new, [ref.old, *ref.others])
    return {f"the trailer {TRAILER} of a commit": max(said)} if said else {}


def _staged(given: Sequence[Path]) -> Iterator[Seen]:
    """What is found of the projects that the index touches."""
    for path in projects(given):
        git = open_git(path)
        touched = staged(git)
        if touched is not None and not may_matter(git, INDEX, touched):
            continue
        # All that decides; most commits can do without.
        from dvcinc.lineage import gate  # noqa: PLC0415
        from dvcinc.render.gate import Scene  # noqa: PLC0415
        from dvcinc.snapshot.sources import IndexSource  # noqa: PLC0415

        here = git.prefix.rstrip("/")
        scene = Scene(what="commit", project=here, compared="--staged")
        # As pre-commit says of itself.
        scene = replace(scene, managed="PRE_COMMIT" in os.environ)
        if touched is None:
            yield Seen(scene, gate.Finding(ground=gate.Ground.FIRST))
            continue
        project = _project(path, git)
        head, index = project.commit("HEAD"), IndexSource(git)
        yield Seen(scene, gate.find(project, head, index, _merged(git)))


def _brought(path: Path, ref: Pushed) -> Iterator[Seen]:
    """What is found of a project that a push touches; nothing of another."""
    git = open_git(path)
    touched = between(git, ref.old, ref.new) if ref.old else all_of(git, ref.new)
    if not may_matter(git, ref.new, touched):
        return
    from dvcinc.lineage import gate  # noqa: PLC0415 - see above
    from dvcinc.render.gate import Scene  # noqa: PLC0415

    scene = Scene(
        what="push",
        project=git.prefix.rstrip("/"),
        compared=f"{ref.old[:10]}..{ref.new[:10]}",
    )
    if not ref.old:
        yield Seen(scene, gate.Finding(ground=gate.Ground.FIRST))
        return
    project = _project(path, git)
    old, new = project.commit(ref.old), project.commit(ref.new)
    yield Seen(scene, gate.find(project, old, new, ref.others))


def _project(path: Path, git: Git) -> Project:
    """The project; its repository has been opened before."""
    from dvcinc.plan.project import Project  # noqa: PLC0415 - see above
    from dvcinc.snapshot.ledger import Ledger  # noqa: PLC0415
    from dvcinc.snapshot.store import FOLDER  # noqa: PLC0415

    return Project(path, git, Ledger(git.directory / FOLDER))


def _merged(git: Git) -> list[str]:
    """The other parents of the commit that is being made."""
    try:
        told = (git.found.own / "MERGE_HEAD").read_text(encoding="ascii").split()
    except OSError:
        told = [n.removeprefix(_MERGING) for n in os.environ if n.startswith(_MERGING)]
    return [found for name in told if (found := _known(git, name))]


def _known(git: Git, name: str) -> str | None:
    return git.try_run("rev-parse", "-q", "--verify", f"{name}^{{commit}}")


def _tell(seen: Seen, *, strict: bool, says: dict[str, Mode]) -> bool:
    """Says what is found; whether it stops what is under way."""
    from dvcinc.lineage.gate import Ground  # noqa: PLC0415 - it is loaded by now
    from dvcinc.render import gate as render  # noqa: PLC0415
    from dvcinc.surfaces.terminal import painter, show  # noqa: PLC0415

    scene, found = seen.scene, seen.found
    if found.ground in {Ground.UNTOLD, Ground.STILL_BROKEN} and found.error:
        click.echo(render.untold(found.error, scene), err=True)
        return strict
    meant = next((by for by, mode in says.items() if mode is Mode.SCRATCH), None)
    if found.ground is Ground.UNTRAINED and meant:
        show(render.granted(found, scene, meant))
        return False
    if found.ground.stops:
        show(render.stopped(found, scene, painter()))
        return True
    line = render.passed(found, scene)
    if meant and meant != VARIABLE and found.mode < Mode.SCRATCH:
        line = render.needless(found, scene)
    if line:
        show(line)
    if mark := render.marked(found, scene):
        click.echo(mark, err=True)
    return False


def _guarded(work: Callable[[], int], *, strict: bool, stops: bool = True) -> int:
    """Runs a hook; what is not a verdict is a warning, or with `strict` a failure."""
    for stream in (sys.stdout, sys.stderr):
        # An arrow that a terminal cannot show must not turn a verdict into a bug.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        return work()
    except CheckError as error:
        _complain("error" if stops else "warning", error.message, error.hint)
        return error.exit_code if stops else ExitCode.DONE
    except DvcincError as error:
        return _not_checked(error, strict=strict)
    except Exception as error:  # noqa: BLE001 - a bug must not stop a commit
        if os.environ.get("DVCINC_TRACEBACK"):
            traceback.print_exc()
        said = f"not checked: this is a bug in dvcinc: {type(error).__name__}: {error}"
        _complain("warning", said, "set DVCINC_TRACEBACK=1 to see where, and report it")
        return ExitCode.BUG if strict else ExitCode.DONE


def _not_checked(error: DvcincError, *, strict: bool) -> int:
    _complain("warning", f"not checked: {error.message}", error.hint)
    return error.exit_code if strict else ExitCode.DONE


def _complain(kind: str, message: str, hint: str) -> None:
    click.echo(f"{kind}: dvcinc: {visible(message)}", err=True)
    if hint:
        click.echo(f"hint: {visible(hint)}", err=True)
