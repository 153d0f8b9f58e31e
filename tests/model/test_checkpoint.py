"""Models come back as they were saved, and a file that was tampered with does not."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from safetensors.numpy import load_file, save_file

from dvcinc.corpus.tables import Tables
from dvcinc.corpus.values import Synonym
from dvcinc.errors import InputError
from dvcinc.model.checkpoint import digest, load, pass_on, save
from dvcinc.model.document import Model
from dvcinc.model.tables import package
from dvcinc.model.tensorfile import read_tensors, write_tensors

WEIGHTS = "weights.safetensors"


def same_tensors(one: Model, other: Model) -> bool:
    return one.tensors.keys() == other.tensors.keys() and all(
        np.array_equal(one.tensors[name], other.tensors[name]) for name in one.tensors
    )


def test_a_base_comes_back_with_its_optimiser(drawn: Model, tmp_path: Path) -> None:
    save(drawn, tmp_path / "m")
    back = load(tmp_path / "m")
    assert same_tensors(back, drawn)
    assert back.optimizer is not None
    assert replace(back, tensors={}, optimizer=None) == replace(
        drawn, tensors={}, optimizer=None
    )
    assert digest(back) == digest(drawn)


def test_the_same_model_has_the_same_bytes(drawn: Model, tmp_path: Path) -> None:
    for name in "ab":
        save(drawn, tmp_path / name)
    files = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert files == ["model.json", "optimizer.safetensors", WEIGHTS]
    assert all(
        (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
        for name in files
    )


def test_the_weights_are_safetensors(drawn: Model, tmp_path: Path) -> None:
    save(drawn, tmp_path / "m")
    read = load_file(tmp_path / "m" / WEIGHTS)
    assert read.keys() == drawn.tensors.keys()
    assert all(np.array_equal(read[name], drawn.tensors[name]) for name in read)


def test_an_empty_delta_and_tables_leave_the_weights_file_as_it_is(
    drawn: Model, tmp_path: Path
) -> None:
    passed = pass_on(drawn, "sha256:delta")
    tables = Tables(synonyms=(Synonym("NYC", "New York"),))
    served = package(passed, tables, tables_digest="sha256:tables")
    for name, model in (("base", drawn), ("weights", passed), ("nlu", served)):
        save(model, tmp_path / name)
    contents = {path.read_bytes() for path in tmp_path.glob(f"*/{WEIGHTS}")}
    assert len(contents) == 1
    assert not (tmp_path / "weights" / "optimizer.safetensors").exists()
    assert load(tmp_path / "nlu").tables == tables


def test_the_digest_tells_models_apart_but_not_optimisers(drawn: Model) -> None:
    bias = drawn.tensors["intent/bias"]
    nudged = {**drawn.tensors, "intent/bias": np.nextafter(bias, np.float32(1))}
    assert digest(replace(drawn, optimizer=None)) == digest(drawn)
    others = (
        replace(drawn, tensors=nudged),
        replace(drawn, base="sha256:other"),
        pass_on(drawn, "sha256:delta"),
        replace(drawn, tables=Tables()),
    )
    assert len({digest(model) for model in (drawn, *others)}) == 1 + len(others)


def test_a_folder_that_is_not_empty_is_not_written_to(
    drawn: Model, tmp_path: Path
) -> None:
    (tmp_path / "mine.txt").write_text("kept", encoding="utf-8")
    with pytest.raises(InputError, match="not empty"):
        save(drawn, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def edit(change: Callable[[dict[str, Any]], object]) -> Callable[[Path], None]:
    def apply(folder: Path) -> None:
        path = folder / "model.json"
        document = json.loads(path.read_bytes())
        change(document)
        path.write_text(json.dumps(document), encoding="utf-8")

    return apply


def weights(change: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    def apply(folder: Path) -> None:
        path = folder / WEIGHTS
        path.write_bytes(change(path.read_bytes()))

    return apply


def reheaded(change: Callable[[dict[str, Any]], object]) -> Callable[[Path], None]:
    def apply(content: bytes) -> bytes:
        length = struct.unpack("<Q", content[:8])[0]
        header = json.loads(content[8 : 8 + length])
        change(header)
        raw = json.dumps(header, separators=(",", ":")).encode()
        raw += b" " * (-len(raw) % 8)
        return struct.pack("<Q", len(raw)) + raw + content[8 + length :]

    return weights(apply)


def tensors(change: Callable[[dict[str, Any]], object]) -> Callable[[Path], None]:
    def apply(folder: Path) -> None:
        found = load_file(folder / WEIGHTS)
        change(found)
        save_file(found, folder / WEIGHTS)

    return apply


def link(folder: Path) -> None:
    (folder / WEIGHTS).rename(folder.parent / "elsewhere")
    (folder / WEIGHTS).symlink_to(folder.parent / "elsewhere")


def nan(content: bytes) -> bytes:
    return content[:-4] + struct.pack("<f", float("nan"))


@pytest.mark.parametrize(
    ("harm", "file", "message"),
    [
        (weights(lambda c: c[:-4]), WEIGHTS, "file not fully covered"),
        (weights(lambda c: c + b"\0"), WEIGHTS, "file not fully covered"),
        (weights(lambda c: c + bytes(2 << 20)), WEIGHTS, "bytes, more than"),
        (weights(lambda c: c[:5]), WEIGHTS, "header too small"),
        (weights(lambda _: b""), WEIGHTS, "header too small"),
        (weights(nan), WEIGHTS, "not finite"),
        (weights(lambda c: b"\xff" * 8 + c[8:]), WEIGHTS, "header"),
        (
            weights(lambda _: struct.pack("<Q", 1 << 60)),
            WEIGHTS,
            "header too large",
        ),
        (weights(lambda _: struct.pack("<Q", 8) + b"[" * 8), WEIGHTS, "invalid JSON"),
        (tensors(lambda t: t.pop("table")), WEIGHTS, "'table' is missing"),
        (
            tensors(lambda t: t.update(extra=t["table"])),
            WEIGHTS,
            "'extra' does not belong there",
        ),
        (
            reheaded(lambda h: h["text/in"].update(shape=[64, 256])),
            WEIGHTS,
            "'text/in' is F32 [64, 256], not F32 [128, 128]",
        ),
        (
            reheaded(lambda h: h["text/in"].update(dtype="I32")),
            WEIGHTS,
            "'text/in' is I32",
        ),
        (link, WEIGHTS, "no plain file"),
        (lambda f: (f / WEIGHTS).unlink(), WEIGHTS, "missing or no plain file"),
        (lambda f: (f / "model.json").unlink(), "model.json", "missing"),
        (
            lambda f: (f / "model.json").write_bytes(b"[" * 1_000_000),
            "model.json",
            "no JSON document",
        ),
        (
            lambda f: (f / "model.json").write_bytes(b"\xff"),
            "model.json",
            "no JSON document",
        ),
        (
            lambda f: (f / "model.json").write_text("[]", encoding="utf-8"),
            "model.json",
            "expected keys with values",
        ),
        (edit(lambda d: d.update(format=9)), "model.json", "`format` is 9"),
        (edit(lambda d: d.update(feature_code=9)), "model.json", "`feature_code` is 9"),
        (edit(lambda d: d.pop("base")), "model.json", "`base` must be a text"),
        (
            edit(lambda d: d["architecture"].update(deep=1 << 40)),
            "model.json",
            "`deep` must be at most 4096",
        ),
        (
            edit(lambda d: d["labels"]["intents"].append("greet")),
            "model.json",
            "`intents` names something twice",
        ),
        (
            edit(lambda d: d["labels"]["intents"].__setitem__(0, "faq/a")),
            "model.json",
            "`selectors` must be what covers the response keys",
        ),
        (
            edit(lambda d: d["labels"].update(selectors=[3])),
            "model.json",
            "`selectors` holds 3, which is no retrieval intent",
        ),
        (
            edit(lambda d: d.update(temperature=0)),
            "model.json",
            "`temperature` must be a number from 0.05 to 20",
        ),
        (
            edit(lambda d: d["labels"]["part_ids"][0].append(99)),
            "model.json",
            "`part_ids` must be rows of `parts`",
        ),
        (
            edit(lambda d: d["labels"]["entities"].append(["city"])),
            "model.json",
            "which is no entity, role and group",
        ),
        (
            edit(lambda d: d["vocabulary"]["features"].pop()),
            WEIGHTS,
            "tensor 'table' is F32",
        ),
        (
            edit(lambda d: d["vocabulary"]["patterns"].append(["code", "x", []])),
            "model.json",
            "`patterns` holds 'code' is not a valid PatternKind",
        ),
        (
            edit(lambda d: d["pipeline"].append(["os.system", "{}"])),
            "model.json",
            "component 'os.system' is not one that dvcinc can train",
        ),
        (
            edit(lambda d: d["pipeline"][0].__setitem__(1, "{")),
            "model.json",
            "`pipeline` must be components with JSON options",
        ),
    ],
)
def test_a_file_that_was_tampered_with_is_named(
    drawn: Model,
    tmp_path: Path,
    harm: Callable[[Path], None],
    file: str,
    message: str,
) -> None:
    save(drawn, tmp_path / "m")
    harm(tmp_path / "m")
    with pytest.raises(InputError) as error:
        load(tmp_path / "m")
    assert file in error.value.message
    assert message in error.value.message


def test_no_folder_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no model"):
        load(tmp_path / "nowhere")


def test_dvcs_links_into_its_cache_are_followed(drawn: Model, tmp_path: Path) -> None:
    save(drawn, tmp_path / "m")
    cached = tmp_path / "cache/files/md5/0a" / ("b" * 30)
    cached.parent.mkdir(parents=True)
    (tmp_path / "m" / WEIGHTS).rename(cached)
    (tmp_path / "m" / WEIGHTS).symlink_to(cached)
    assert same_tensors(load(tmp_path / "m"), drawn)


shapes = arrays.array_shapes(min_dims=1, max_dims=3, min_side=0, max_side=4)
finite = st.floats(width=32, allow_nan=False, allow_infinity=False)
any_tensors = st.dictionaries(
    st.text(min_size=1, max_size=8),
    shapes.flatmap(lambda shape: arrays.arrays(np.float32, shape, elements=finite)),
    max_size=4,
)


@given(any_tensors)
def test_any_tensors_come_back(
    tmp_path_factory: pytest.TempPathFactory, found: dict[str, Any]
) -> None:
    path = tmp_path_factory.mktemp("t") / "t.safetensors"
    write_tensors(found, path)
    back = read_tensors(path, {name: array.shape for name, array in found.items()})
    assert back.keys() == found.keys()
    assert all(np.array_equal(back[name], found[name]) for name in found)
