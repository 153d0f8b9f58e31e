"""`params.yaml` to `config.Params`: every mistake is reported, all at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields

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
from dvcinc.limits import (
    BadValueError,
    auto,
    limit,
    number,
    one_of,
    one_path,
    or_word,
    some_paths,
    whole,
)
from dvcinc.yaml import Document, Json, Node, compose, is_empty

PATH = "params.yaml"
_MAX_SEED = 2**31 - 1
# More than any corpus or machine has, and few enough to calculate with.
_MAX_COUNT, _MAX_THREADS = 10**9, 1024
_ALIASES = {"mode": "forced"}
_EXTRA = {"Train": frozenset({"epochs_from_config"}), "Data": frozenset({"given"})}


def read_params(data: bytes | None, path: str = PATH) -> Params:
    """Reads the sections of dvcinc; others in the file are the user's own.

    Args:
        data: The file's bytes, `None` where there is no such file.
        path: Its path from the project, for errors.

    Raises:
        InputError: One or more mistakes, each on a line of its own.
    """
    if data is None:
        return Params()
    document = compose(data, path)
    if document.root is None or is_empty(document.root):
        return Params()
    reading = _Reading(document)
    nodes = {item.key: item.value for item in document.items(document.root, PATH)}
    params = Params(
        data=_data(reading, nodes.get("data")),
        policy=_policy(reading, nodes.get("policy")),
        train=_train(reading, nodes.get("train")),
        finetune=_finetune(reading, nodes.get("finetune")),
        trainer=_trainer(reading, nodes.get("trainer")),
    )
    reading.finish()
    return params


def place_of(data: bytes | None, section: str, key: str) -> str:
    """Where a setting stands in `params.yaml`, as `path:line:column` with its name."""
    place = PATH
    if data is not None:
        document = compose(data, PATH)
        node = document.root
        for name in (section, key):
            items = () if node is None else document.items(node, PATH)
            node = next((item.value for item in items if item.key == name), None)
        if node is not None:
            mark = node.start_mark
            place = f"{PATH}:{mark.line + 1}:{mark.column + 1}"
    return f"{place}: {section}.{key}"


class _Reading:
    """Reads sections of one document and gathers the mistakes."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._mistakes: list[str] = []

    def section(
        self,
        node: Node | None,
        name: str,
        readers: Mapping[str, Callable[[Json], object]],
    ) -> dict[str, object]:
        """The values that a section gives, by key; wrong ones are left out."""
        found: dict[str, object] = {}
        if node is None or is_empty(node):
            return found
        try:
            items = list(self._document.items(node, name))
        except InputError as error:
            self._mistakes.append(error.message)
            return found
        for item in items:
            if item.key not in readers:
                self._unknown(item.node, f"{name}.{item.key}", item.key, readers)
                continue
            try:
                value = self._document.value(item.value)
                found[item.key] = readers[item.key](value)
            except InputError as error:
                self._mistakes.append(error.message)
            except BadValueError as error:
                self._add(
                    item.value, f"{name}.{item.key} must be {error}, not {value!r}"
                )
        return found

    def _unknown(
        self, node: Node, dotted: str, key: str, readers: Mapping[str, object]
    ) -> None:
        from difflib import get_close_matches  # noqa: PLC0415 - for mistakes alone

        near = get_close_matches(key, readers, 1)
        meant = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(readers)}"
        self._add(node, f"{dotted} is no setting; {meant}")

    def _add(self, node: Node, message: str) -> None:
        self._mistakes.append(self._document.error(node, message).message)

    def finish(self) -> None:
        """Raises all mistakes, if there are any."""
        if self._mistakes:
            hint = f"the keys and their defaults stand in docs/params.md ({PATH})"
            raise InputError("\n".join(self._mistakes), hint)


def _modes(value: Json) -> dict[str, Mode]:
    if not isinstance(value, dict):
        raise BadValueError("a mapping of rule code to mode")
    words = {mode.word: mode for mode in Mode}
    for mode in value.values():
        if not isinstance(mode, str) or mode not in words:
            raise BadValueError(f"a mapping to {', '.join(words)}")
    return {code: words[str(mode)] for code, mode in sorted(value.items())}


def _targets(value: Json) -> tuple[Target, ...]:
    words = {target.value: target for target in Target}
    known = isinstance(value, list) and all(
        isinstance(entry, str) and entry in words for entry in value
    )
    if not isinstance(value, list) or not value or not known:
        raise BadValueError(f"a list of {' or '.join(words)}")
    return tuple(target for word, target in words.items() if word in value)


def _data(reading: _Reading, node: Node | None) -> Data:
    found = reading.section(
        node,
        "data",
        {
            "nlu": some_paths,
            "domain": some_paths,
            "config": one_path,
            "test": some_paths,
        },
    )
    return Data(**{**found, "given": "nlu" in found})  # type: ignore[arg-type]


def _policy(reading: _Reading, node: Node | None) -> Policy:
    found = reading.section(
        node,
        "policy",
        {
            "preset": lambda value: Preset(
                one_of(*(preset.value for preset in Preset))(value)
            ),
            "mode": lambda value: one_of("auto", "scratch")(value) == "scratch",
            "rules": _modes,
            "targets": _targets,
            "growth_limit": limit(),
            "intent_growth_limit": limit(),
            "unlearn_limit": limit(1),
            "intent_unlearn_limit": limit(1),
            "warn_age_days": limit(),
            "max_f1_drop": or_word(None, number(0, 1)),
        },
    )
    return Policy(**{_ALIASES.get(k, k): v for k, v in found.items()})  # type: ignore[arg-type]


def _train(reading: _Reading, node: Node | None) -> Train:
    found = reading.section(
        node,
        "train",
        {
            "epochs": _epochs,
            "seed": whole(0, _MAX_SEED),
            "batch_size": auto(whole(1, _MAX_COUNT)),
            "learning_rate": auto(number(1e-8, 1.0)),
            "threads": whole(1, _MAX_THREADS),
        },
    )
    if found.get("epochs") == "config":
        found = {**found, "epochs": None, "epochs_from_config": True}
    return Train(**found)  # type: ignore[arg-type]


def _epochs(value: Json) -> int | str | None:
    if value == "config":
        return "config"
    try:
        return auto(whole(1, _MAX_COUNT))(value)
    except BadValueError as error:
        raise BadValueError(f"config, {error}") from error


def _finetune(reading: _Reading, node: Node | None) -> Finetune:
    found = reading.section(
        node,
        "finetune",
        {
            "steps": auto(whole(1, _MAX_COUNT)),
            "replay": whole(0, _MAX_COUNT),
        },
    )
    return Finetune(**found)  # type: ignore[arg-type]


def _trainer(reading: _Reading, node: Node | None) -> str:
    found = reading.section(node, "trainer", {"kind": one_of("builtin")})
    return str(found.get("kind", "builtin"))


def described(params: Params) -> list[str]:
    """The dotted names of all settings, for the documentation's test."""
    names: list[str] = []
    for section in (params.data, params.policy, params.train, params.finetune):
        kind = type(section).__name__
        back = {value: key for key, value in _ALIASES.items()}
        names += [
            f"{kind.lower()}.{back.get(f.name, f.name)}"
            for f in fields(section)
            if f.name not in _EXTRA.get(kind, frozenset())
        ]
    return [*names, "trainer.kind"]


__all__ = ["PATH", "described", "place_of", "read_params"]
