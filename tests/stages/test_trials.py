"""Jobs in processes of their own: what is heard of them, and how they end."""

from __future__ import annotations

import json
from dataclasses import replace
from multiprocessing import Pipe, Process, active_children

import pytest
from corpora import PIPELINE, SELECTING, corpus

from dvcinc.changes import labels
from dvcinc.comparison.trial import Way
from dvcinc.config import Finetune, Train
from dvcinc.corpus.pipeline import read_pipeline
from dvcinc.corpus.values import Example
from dvcinc.errors import DvcincError
from dvcinc.model.checkpoint import save
from dvcinc.model.start import before_training
from dvcinc.plan.base import current_versions, cut
from dvcinc.plan.tables import tables_files, tables_of
from dvcinc.stages.trials import heard, run_trial
from dvcinc.stages.trying import Job, peak_memory, tried

LINES = "greet: hi | hello [Bob](name)\nbye: ciao | so long"
DATA = corpus(LINES, config=PIPELINE)
TESTS = (Example("bye", "ciao"), Example("greet", "hello"))
MIB = 1 << 20


class Heard:
    """Keeps how far it is."""

    def __init__(self):
        self.steps = []

    def __enter__(self):
        return self

    def __exit__(self, *raised):
        pass

    def __call__(self, *, step, steps, loss):
        self.steps.append((step, steps))
        assert loss >= 0


def tables(data):
    serving = read_pipeline(data.config).serving
    return tables_files(tables_of(data, labels(data, data), serving))


def job(folder, data=DATA, tests=TESTS, **given):
    train = Train(epochs=2, batch_size=4)
    return replace(
        Job(
            way=Way.BASE,
            train=train,
            finetune=Finetune(),
            files=cut(data, train, current_versions(), None).files(),
            model=folder / "model",
            tables=tables(data),
            tests=tests,
        ),
        **given,
    )


def drawn(folder, data=DATA, tests=TESTS, **given):
    """A job for a model that is there already; it was drawn, and never trained."""
    pipeline = read_pipeline(data.config)
    examples = sorted(data.examples, key=Example.order)
    save(before_training(data, pipeline, examples, 1, "sha256:base"), folder / "model")
    return job(folder, data, tests, files=(), **given)


def test_a_model_that_is_there_is_only_tested(tmp_path):
    found = tried(drawn(tmp_path), Heard())
    assert found.spent is None
    assert [len(found.answers), found.way, found.seed] == [2, Way.BASE, 42]
    assert {name for name, _ in found.scores.overall} == {"accuracy", "macro_f1"}


def test_entities_and_keys_are_measured_where_there_are_any_to_test(tmp_path):
    data = corpus(LINES + "\nfaq/a: wifi | net\nfaq/b: dogs | cats", config=SELECTING)
    span = next(e.spans for e in data.examples if e.spans)
    tests = (Example("faq/a", "wifi"), Example("greet", "hello Bob", span))
    found = tried(drawn(tmp_path, data, tests), Heard())
    assert [name for name, _ in found.scores.overall] == [
        "accuracy",
        "macro_f1",
        "entity_f1",
        "responses_accuracy",
    ]
    wifi, greeting = found.answers
    assert wifi.key in {"faq/a", "faq/b"}
    assert greeting.key is None


@pytest.mark.train
def test_a_process_tells_of_each_step_and_of_what_it_took(tmp_path):
    heard = Heard()
    found = run_trial(job(tmp_path), heard)
    assert heard.steps == [(1, 2), (2, 2)]
    assert found.spent.steps == 2
    assert found.spent.cpu_seconds > found.spent.seconds > 0
    assert (tmp_path / "model/weights.safetensors").is_file()
    # What is tested here has the same answers as what was tested there.
    again = tried(job(tmp_path, files=()), Heard())
    assert again.answers == found.answers


@pytest.mark.train
def test_the_peak_is_the_processs_own_and_not_its_parents(tmp_path):
    large = bytearray(600 * MIB)
    large[::4096] = b"x" * len(large[::4096])
    assert peak_memory() > 600 * MIB
    found = run_trial(job(tmp_path), Heard())
    assert 20 * MIB < found.spent.peak_bytes < 500 * MIB
    del large


def test_what_a_process_refuses_is_said_as_if_it_were_here(tmp_path):
    with pytest.raises(DvcincError, match="there is no model"):
        run_trial(job(tmp_path, files=()), Heard())


def test_a_bug_in_a_process_is_a_bug(tmp_path):
    broken = job(tmp_path, tables=None)
    with pytest.raises(RuntimeError, match="TypeError"):
        run_trial(drawn(tmp_path, tables=broken.tables), Heard())


@pytest.mark.parametrize(
    ("message", "raised"),
    [
        ({"error": "no", "hint": "do"}, DvcincError("no", "do")),
        ({"missing": "scipy"}, ModuleNotFoundError("scipy is missing", name="scipy")),
        ({"bug": "KeyError: 1"}, RuntimeError("KeyError: 1")),
    ],
)
def test_each_last_word_of_a_process_has_its_error(message, raised):
    ours, theirs = Pipe(duplex=False)
    steps = Heard()
    for said in ({"step": 1, "steps": 2, "loss": 0.5}, message):
        theirs.send_bytes(json.dumps(said).encode())
    with pytest.raises(type(raised), match=str(raised)) as found:
        heard(ours, Process(), steps)
    assert vars(found.value) == vars(raised)
    assert getattr(found.value, "name", None) == getattr(raised, "name", None)
    assert steps.steps == [(1, 2)]


def test_a_process_that_is_killed_is_named(tmp_path):
    class Killing(Heard):
        def __call__(self, **_):
            for child in active_children():
                child.kill()

    slow = job(tmp_path, train=Train(epochs=10**6, batch_size=1))
    with pytest.raises(DvcincError, match="ended with code -9"):
        run_trial(slow, Killing())


def test_an_interrupt_ends_the_process(tmp_path):
    class Interrupting(Heard):
        def __call__(self, **_):
            raise KeyboardInterrupt

    slow = job(tmp_path, train=Train(epochs=10**6, batch_size=1))
    with pytest.raises(KeyboardInterrupt):
        run_trial(slow, Interrupting())
    assert active_children() == []
