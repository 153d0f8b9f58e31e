"""`params.yaml`: every default, every mistake at once, and limits of the values."""

from __future__ import annotations

import math
from contextlib import suppress

import pytest

from dvcinc.config import (
    Data,
    Finetune,
    Mode,
    Params,
    Policy,
    Preset,
    Target,
    Train,
)
from dvcinc.errors import InputError
from dvcinc.params import described, place_of, read_params

DEFAULTS = """\
data: {nlu: data, domain: [domain.yml, domain], config: config.yml, test: tests}
policy:
  preset: strict
  mode: auto
  rules: {}
  targets: [nlu]
  growth_limit: 0.5
  intent_growth_limit: 4.0
  unlearn_limit: 0.05
  intent_unlearn_limit: 0.25
  warn_age_days: 90
  max_f1_drop: null
train: {epochs: auto, seed: 42, batch_size: auto, learning_rate: auto, threads: 1}
finetune: {steps: auto, replay: 2000}
trainer: {kind: builtin}
"""


def test_every_key_written_with_its_default_says_the_same_as_no_file() -> None:
    written = read_params(DEFAULTS.encode())
    assert written == Params(data=Data(given=True))


@pytest.mark.parametrize("data", [None, b"", b"# nothing\n", b"policy:\ntrain: {}\n"])
def test_what_is_not_said_has_its_default(data: bytes | None) -> None:
    assert read_params(data) == Params()


def test_every_setting_is_in_the_file_of_defaults() -> None:
    for name in described(Params()):
        section, _, key = name.partition(".")
        assert section in DEFAULTS
        assert f"{key}:" in DEFAULTS


def test_every_key_is_read() -> None:
    text = b"""
data: {nlu: [./nlu/, more//nlu], domain: d.yml, config: c.yml, test: t}
policy:
  preset: pragmatic
  mode: scratch
  rules: {DI201: finetune, DI102: scratch}
  targets: [dialogue, nlu]
  growth_limit: 1
  intent_growth_limit: 2
  unlearn_limit: 0.1
  intent_unlearn_limit: 0.5
  warn_age_days: 7
  max_f1_drop: null
train: {epochs: 7, seed: 1, batch_size: 32, learning_rate: 0.01, threads: 2}
finetune: {steps: 50, replay: 10}
other_tool: {epochs: 3}
"""
    assert read_params(text) == Params(
        data=Data(
            nlu=("nlu", "more/nlu"),
            domain=("d.yml",),
            config="c.yml",
            test=("t",),
            given=True,
        ),
        policy=Policy(
            preset=Preset.PRAGMATIC,
            forced=True,
            rules={"DI102": Mode.SCRATCH, "DI201": Mode.FINETUNE},
            targets=(Target.NLU, Target.DIALOGUE),
            growth_limit=1,
            intent_growth_limit=2,
            unlearn_limit=0.1,
            intent_unlearn_limit=0.5,
            warn_age_days=7,
        ),
        train=Train(epochs=7, seed=1, batch_size=32, learning_rate=0.01, threads=2),
        finetune=Finetune(steps=50, replay=10),
    )


def test_epochs_may_be_those_of_the_config() -> None:
    assert read_params(b"train: {epochs: config}").train == Train(
        epochs_from_config=True
    )


def test_test_data_is_told_apart_by_name_until_nlu_data_is_named() -> None:
    assert not read_params(b"data: {config: c.yml}").data.given
    assert read_params(b"data: {nlu: data}").data.given


def test_all_mistakes_are_told_at_once() -> None:
    text = b"""\
data: {nlu: ../other, test: []}
policy:
  preset: lenient
  rules: {DI201: [finetune]}
  targets: [{a: 1}]
  growth_limit: -1
  unlearn_limit: 2
  grwoth_limit: 1
  max_f1_drop: much
train:
  epochs: config, auto
  seed: 1.5
  threads: 0
finetune: [1]
trainer: {kind: {a: 1, a: 2}}
"""
    with pytest.raises(InputError) as caught:
        read_params(text)
    assert caught.value.message.splitlines() == [
        "params.yaml:1:13: data.nlu must be a path inside the project, not '../other'",
        "params.yaml:1:29: data.test must be a path, or a list of paths, not []",
        "params.yaml:3:11: policy.preset must be strict or pragmatic, not 'lenient'",
        (
            "params.yaml:4:10: policy.rules must be a mapping to none, refresh, "
            "finetune, scratch, not {'DI201': ['finetune']}"
        ),
        (
            "params.yaml:5:12: policy.targets must be a list of nlu or dialogue, "
            "not [{'a': 1}]"
        ),
        (
            "params.yaml:6:17: policy.growth_limit must be at least 0 and at most "
            "1000000, not -1"
        ),
        (
            "params.yaml:7:18: policy.unlearn_limit must be at least 0 and at most 1, "
            "not 2"
        ),
        (
            "params.yaml:8:3: policy.grwoth_limit is no setting; did you mean "
            "'growth_limit'?"
        ),
        "params.yaml:9:16: policy.max_f1_drop must be null or a number, not 'much'",
        (
            "params.yaml:11:11: train.epochs must be config, auto or a whole number, "
            "not 'config, auto'"
        ),
        "params.yaml:12:9: train.seed must be a whole number, not 1.5",
        ("params.yaml:13:12: train.threads must be at least 1 and at most 1024, not 0"),
        "params.yaml:14:11: finetune must be a mapping, not a list",
        "params.yaml:15:24: a mapping says 'a' twice",
    ]
    assert "docs/params.md" in caught.value.hint


@pytest.mark.parametrize(
    "text",
    [
        "train: {seed: -1}",
        "train: {seed: 2147483648}",
        "train: {seed: true}",
        "train: {epochs: 0}",
        "train: {batch_size: 0}",
        "train: {learning_rate: 0}",
        "train: {learning_rate: 1e999}",
        "finetune: {steps: 0}",
        "finetune: {replay: -1}",
        "data: {nlu: /etc}",
        "data: {nlu: a/../../b}",
        "data: {config: [a]}",
        "data: {nlu: ''}",
        "policy: {growth_limit: .nan}",
        "policy: {targets: nlu}",
        "policy: {targets: []}",
        "policy: {rules: [DI201]}",
        "policy: {mode: finetune}",
        "trainer: {kind: command}",
    ],
)
def test_a_value_beyond_its_limits_is_an_error_at_its_place(text: str) -> None:
    with pytest.raises(InputError, match=r"^params\.yaml:1:\d+: \w+\.\w+ must be "):
        read_params(text.encode())


@pytest.mark.parametrize("text", ["[1]", "text"])
def test_a_file_that_is_no_mapping_is_an_error(text: str) -> None:
    with pytest.raises(InputError, match=r"^params\.yaml:1:1: params\.yaml must be a"):
        read_params(text.encode())


NUMBERS = [
    *(f"policy.{limit}" for limit in ("growth_limit", "intent_growth_limit")),
    *(f"policy.{limit}" for limit in ("unlearn_limit", "intent_unlearn_limit")),
    *(f"train.{key}" for key in ("epochs", "seed", "batch_size", "threads")),
    *("policy.warn_age_days", "train.learning_rate"),
    *("finetune.steps", "finetune.replay"),
]
ODD = (
    *("1e-310", "5e-324", "1e-7", "1e308", "1e999", "-1e999", ".inf", "-.inf", ".nan"),
    *("1" + "0" * 99, "-" + "9" * 99, "-1", "1e7", "0x10", "1_000", "10:30"),
)


@pytest.mark.parametrize("dotted", NUMBERS)
def test_no_number_gets_through_that_nothing_can_be_calculated_with(
    dotted: str,
) -> None:
    section, _, key = dotted.partition(".")
    for number in ODD:
        text = f"{section}:\n  {key}: {number}".encode()
        with suppress(InputError):
            found = getattr(getattr(read_params(text), section), key)
            assert math.isfinite(1 / found), number
            assert 1e-8 <= abs(found) <= 1e9, number


def test_the_two_zeros_are_one() -> None:
    params = read_params(b"policy: {growth_limit: -0.0, warn_age_days: -0}")
    assert str(params.policy.growth_limit) == str(params.policy.warn_age_days) == "0.0"


def test_a_setting_is_told_with_its_place() -> None:
    data = b"policy: {}\ndata:\n  nlu: data\n  config: conf.yml\n"
    assert place_of(data, "data", "config") == "params.yaml:4:11: data.config"
    assert place_of(data, "data", "test") == "params.yaml: data.test"
    assert place_of(None, "data", "test") == "params.yaml: data.test"
