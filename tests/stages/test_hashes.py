"""DVC's hashes, computed without DVC, are DVC's."""

from __future__ import annotations

import subprocess
import sys

from dvcinc.corpus.canonical import CanonicalFile
from dvcinc.plan.files import write_folder
from dvcinc.stages.hashes import dvc_hash, dvc_hash_of

FILES = (
    CanonicalFile("b.txt", b"two"),
    CanonicalFile("a/z.txt", "ä\n".encode()),
    CanonicalFile("a-1.txt", b""),
    CanonicalFile("name ü.txt", b"x" * 10),
)


def test_a_directory_has_the_hash_that_dvc_gives_it(repo):
    made = repo({"readme": "x"})
    write_folder(FILES, made.path / "out")
    for command in (["init", "-q"], ["add", "-q", "out"]):
        subprocess.run(
            [sys.executable, "-m", "dvc", *command], cwd=made.path, check=True
        )
    said = (made.path / "out.dvc").read_text(encoding="utf-8")
    assert f"md5: {dvc_hash(made.path / 'out')}\n" in said
    assert dvc_hash_of(FILES) == dvc_hash(made.path / "out")


def test_a_missing_path_has_no_hash(tmp_path):
    assert dvc_hash(tmp_path / "nowhere") is None
