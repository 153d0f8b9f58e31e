"""A restored model is used only if it proves to be the one that was asked for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from corpora import PIPELINE, corpus
from tiny import TINY

from dvcinc.corpus.pipeline import read_pipeline
from dvcinc.model.checkpoint import save
from dvcinc.model.document import Model
from dvcinc.model.start import before_training
from dvcinc.stages.bench import Bench
from dvcinc.stages.outcome import proves
from dvcinc.stages.restore import Recorded, Restored

BASE, DELTA = "sha256:base", "sha256:delta"
HERE = Recorded(None, {})


class Heard:
    """Keeps the warnings."""

    def __init__(self):
        self.warnings = []

    def warn(self, text):
        self.warnings.append(text)


@pytest.fixture(name="model", scope="module")
def model_of_the_base() -> Model:
    data = corpus(TINY, config=PIPELINE)
    pipeline = read_pipeline(data.config)
    return before_training(data, pipeline, sorted(data.examples), 1, BASE)


@pytest.mark.parametrize(
    ("delta", "wanted", "said"),
    [
        (None, (BASE, None), ""),
        (DELTA, (BASE, DELTA), ""),
        (None, ("sha256:x", None), "of another base"),
        (DELTA, (BASE, None), "of another base"),
        (DELTA, (BASE, "sha256:x"), "of another delta"),
        (DELTA, ("sha256:x", DELTA), "of another delta"),
    ],
)
def test_a_model_of_another_origin_is_gone(tmp_path, model, delta, wanted, said):
    found, heard = Restored(tmp_path / "restored", HERE), Heard()
    save(replace(model, delta=delta), found.folder)
    assert proves(Bench(tmp_path, tmp_path, heard), found, *wanted) is not bool(said)
    assert found.folder.exists() is not bool(said)
    assert all(said in warning for warning in heard.warnings)
    assert bool(heard.warnings) is bool(said)


def test_what_is_no_model_is_gone(tmp_path: Path):
    found, heard = Restored(tmp_path / "restored", HERE), Heard()
    found.folder.mkdir()
    assert not proves(Bench(tmp_path, tmp_path, heard), found, BASE)
    assert not found.folder.exists()
    assert "it is trained here" in heard.warnings[0]
