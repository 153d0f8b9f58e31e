"""A base whose data Git has lost is read from DVC's cache, and believed only if it is.

The cache is laid out by hand as DVC lays it out.
"""

from __future__ import annotations

import hashlib
import json

import pytest
from plan.bots import LINES, THREE, Bot, added, committed_bot, planned_bot, put

from dvcinc.config import Mode
from dvcinc.errors import CannotTellError
from dvcinc.plan.base import FOLDER
from dvcinc.snapshot.dvcconfig import cache_folder

__all__ = ["committed_bot", "planned_bot"]


def store(bot: Bot) -> dict[str, str]:
    """Puts `plan/base` into DVC's cache and `dvc.lock`; the hashes of its files."""
    cache = cache_folder(bot.path)
    hashes = {}
    for path in sorted((bot.path / FOLDER).iterdir()):
        hashes[path.name] = _put(cache, path.read_bytes())
    listed = [{"md5": md5, "relpath": name} for name, md5 in hashes.items()]
    hashes[""] = _put(cache, json.dumps(listed).encode(), ".dir")
    said = f"    - path: {FOLDER}\n      md5: {hashes['']}\n"
    put(bot.path / "dvc.lock", f"stages:\n  p:\n    cmd: x\n    outs:\n{said}")
    return hashes


def _put(cache, data: bytes, suffix: str = "") -> str:
    md5 = hashlib.md5(data, usedforsecurity=False).hexdigest() + suffix
    put(object_of(cache, md5), data)
    return md5


def object_of(cache, md5: str):
    return cache / "files/md5" / md5[:2] / md5[2:]


@pytest.fixture(name="lost")
def lost_bot(planned):
    """HEAD's plan names a base whose data no commit holds, and DVC's cache does."""
    put(planned.path / ".dvc/.gitignore", "/cache\n/elsewhere\n")
    hashes = store(planned)
    planned.say(LINES + THREE)
    planned.repro()
    planned.repo.git("checkout", "--quiet", "--orphan", "squashed")
    planned.commit("all in one")
    planned.repo.git("branch", "--quiet", "--delete", "--force", "main")
    planned.repo.git("reflog", "expire", "--expire=now", "--all")
    planned.repo.git("gc", "--quiet", "--prune=now")
    planned.say(LINES + THREE + "bye: one more")
    planned.forget()
    return planned, hashes


def test_a_base_is_read_from_the_cache(lost):
    bot, _ = lost
    plan = bot.repro()
    assert (plan.decision.mode, plan.warnings) == (Mode.FINETUNE, ())
    assert len(added(plan)) == 4


def test_the_cache_may_lie_elsewhere(lost):
    bot, _ = lost
    put(bot.path / ".dvc/config", "[cache]\n    dir = elsewhere\n")
    assert bot.plan().decision.mode is Mode.SCRATCH
    (bot.path / ".dvc/cache").rename(bot.path / ".dvc/elsewhere")
    assert bot.plan().decision.mode is Mode.FINETUNE


def test_a_configuration_that_cannot_be_read_is_named(lost):
    bot, _ = lost
    put(bot.path / ".dvc/config", b"[cache\ndir\n\xff")
    with pytest.raises(CannotTellError, match=r"config: not a configuration of DVC's"):
        bot.plan()


def _gone(bot, hashes):
    object_of(cache_folder(bot.path), hashes["nlu.yml"]).unlink()


def _edited(bot, hashes):
    path = object_of(cache_folder(bot.path), hashes["nlu.yml"])
    put(path, path.read_bytes().replace(b"hello", b"hallo"))


def _listed(*entries):
    def damage(bot, hashes):
        put(object_of(cache_folder(bot.path), hashes[""]), json.dumps(entries))

    return damage


def _lock(text):
    def damage(bot, _):
        put(bot.path / "dvc.lock", text)
        bot.repo.git("add", "dvc.lock")
        bot.repo.git("commit", "--quiet", "--amend", "--no-edit")

    return damage


@pytest.mark.parametrize(
    "damage",
    [
        _gone,
        _edited,
        _listed(),
        _listed({"md5": "../../../../etc/passwd", "relpath": "nlu.yml"}),
        _listed({"md5": 3, "relpath": ["x"]}, 7, None),
        lambda bot, hashes: put(object_of(cache_folder(bot.path), hashes[""]), b"{"),
        _lock("<<<<<<< ours\n"),
        _lock("stages: [1]\n"),
        _lock(f"stages: {{p: {{outs: [{{path: {FOLDER}, md5: ../x.dir}}]}}}}\n"),
    ],
)
def test_what_is_not_that_base_is_a_base_that_cannot_be_had(lost, damage):
    bot, hashes = lost
    damage(bot, hashes)
    plan = bot.plan()
    assert plan.decision.mode is Mode.SCRATCH
    (warning,) = plan.warnings
    assert "neither in the work tree nor in Git nor in DVC's cache" in warning
