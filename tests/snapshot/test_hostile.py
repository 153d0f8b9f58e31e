"""A repository whose configuration tries to run programs runs none of them."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from repositories import Repository, put
from shapes import bot, classify, dvcinc, nlu

Make = Callable[..., Repository]

KEYS = (
    "core.fsmonitor",
    "core.pager",
    "core.editor",
    "core.sshCommand",
    "core.askPass",
    "core.gitProxy",
    "core.alternateRefsCommand",
    "core.hooksPath",
    "diff.external",
    "diff.trap.command",
    "diff.trap.textconv",
    "filter.trap.clean",
    "filter.trap.smudge",
    "filter.trap.process",
    "merge.trap.driver",
    "gpg.program",
    "gpg.ssh.program",
    "credential.helper",
    "sequence.editor",
    "uploadpack.packObjectsHook",
    "pager.ls-tree",
    "pager.rev-parse",
    "alias.ls-tree",
    "alias.ls-files",
    "alias.cat-file",
    "alias.rev-parse",
    "alias.merge-base",
)
WAYS = ([], ["--staged"], ["HEAD~1", "HEAD"], ["HEAD~1...HEAD"])


@pytest.fixture
def sprung(repo: Make) -> tuple[Repository, Path]:
    """A bot whose repository names a program everywhere, and the file it leaves."""
    attributes = "* filter=trap diff=trap merge=trap\n"
    files = {**bot(), "data/empty.yml": "", ".gitattributes": attributes}
    made = repo(files, {"data/nlu.yml": nlu("hi", "hello", "hey")})
    left = made.path.parent / "left"
    script = made.path / ".git/trap/trap.sh"
    names = ("trap.sh", "post-index-change", "reference-transaction", "pre-auto-gc")
    for name in names:
        put(script.with_name(name), f'#!/bin/sh\necho "$0 $*" >> "{left}"\ncat\n')
        script.with_name(name).chmod(0o755)
    for key in KEYS:
        value = str(script.parent) if key == "core.hooksPath" else str(script)
        made.git("config", key, f"!{script}" if key.startswith("alias") else value)
    made.git("config", "log.showSignature", "true")
    made.git("config", "core.attributesFile", str(made.path / ".gitattributes"))
    for path in files:  # a careless `git status` would look at them, and mend its index
        os.utime(made.path / path, (1, 1))
    return made, left


@pytest.mark.parametrize("arguments", WAYS)
def test_classify_runs_no_program_of_the_repository_and_writes_nothing(
    sprung: tuple[Repository, Path], arguments: list[str]
) -> None:
    made, left = sprung
    index = (made.path / ".git/index").read_bytes()
    ran = classify(made.path, *arguments)
    assert ran.added == ({"greet": 1} if "HEAD~1" in " ".join(arguments) else {})
    assert not left.exists(), left.read_text("utf-8")
    assert (made.path / ".git/index").read_bytes() == index


@pytest.mark.parametrize("url", ["ssh://no.invalid/x", "ext::{script} %S", "{dir}"])
@pytest.mark.parametrize("arguments", WAYS)
def test_a_partial_clone_starts_no_transport(
    sprung: tuple[Repository, Path], arguments: list[str], url: str
) -> None:
    """Git would fetch what a partial clone lacks, by whatever its remote names."""
    made, left = sprung
    script = made.path / ".git/trap/trap.sh"
    made.git("config", "protocol.allow", "always")
    made.git("config", "protocol.ext.allow", "always")
    made.git("config", "core.repositoryFormatVersion", "1")
    made.git("config", "extensions.partialClone", "origin")
    made.git("config", "remote.origin.promisor", "true")
    made.git("config", "remote.origin.uploadpack", str(script))
    told = url.format(script=script, dir=made.path)
    made.git("config", "remote.origin.url", told)
    for revision in ("HEAD~1:data/nlu.yml", "HEAD:domain.yml"):
        blob = made.git("rev-parse", revision)
        (made.path / ".git/objects" / blob[:2] / blob[2:]).unlink()
    ran = dvcinc(made.path, "classify", *arguments)
    # The work tree has what HEAD's blobs say: nothing is missing to compare them.
    assert ran.code == (3 if arguments else 0), ran.err
    assert ("partial clone" in ran.err) == bool(arguments)
    assert not left.exists(), left.read_text("utf-8")
