"""`params.yaml` with the sections of dvcinc: those that are missing are added behind.

What stands there is the user's, other sections as well as values of dvcinc's own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from dvcinc.adopt.lines import Lines, read_lines
from dvcinc.adopt.pipeline import scalar
from dvcinc.config import Data, Params
from dvcinc.decision.rules import check_policy
from dvcinc.errors import InputError
from dvcinc.params import PATH, read_params
from dvcinc.yaml import Document, Json, Node, compose, is_empty

_SECTIONS = {
    "policy": """\
# What a change may cost. dvcinc explain tells of each rule.
policy:
  preset: strict            # strict | pragmatic
  mode: auto                # auto | scratch
  rules: {}                 # DI201: finetune … never below the floor
  targets: [nlu]            # add dialogue to let it raise the mode
  growth_limit: 0.5         # delta examples / base examples
  intent_growth_limit: 4.0  # the same within one intent
  unlearn_limit: 0.05       # unlearned / base examples, under pragmatic
  intent_unlearn_limit: 0.25  # removed or relabelled / examples of one intent
  warn_age_days: 90         # an old base is a warning, never a rule
  max_f1_drop: null         # largest F1 loss of an untouched intent against the base
""",
    "train": """\
train:
  epochs: auto              # auto | config | a number
  seed: 42
  batch_size: auto
  learning_rate: auto
  threads: 1
""",
    "finetune": """\
finetune:
  steps: auto               # auto | a number
  replay: 2000              # base examples to rehearse
""",
    "trainer": """\
trainer:
  kind: builtin
""",
}
SECTIONS = ("data", *_SECTIONS)
"""dvcinc's own, in the order in which they are written."""
_POLICY, _DROP = "policy", "max_f1_drop"
_DROP_ROW = f"{_DROP}: null"
"""The one key that a stage names: DVC refuses to run it without."""


def sections(before: bytes | None) -> frozenset[str]:
    """The names of the sections that a `params.yaml` has.

    Raises:
        InputError: It cannot be understood.
    """
    document = compose(before or b"", PATH)
    if document.root is None or is_empty(document.root):
        return frozenset()
    return frozenset(item.key for item in document.items(document.root, PATH))


def lacking(before: bytes | None) -> list[str]:
    """The sections that a `params.yaml` lacks, and the key that `verify` names.

    Raises:
        InputError: It cannot be understood.
    """
    there = sections(before)
    missing = [name for name in SECTIONS if name not in there]
    if _POLICY in there and _DROP not in _policy(compose(before or b"", PATH)).keys:
        missing.append(f"{_POLICY}.{_DROP}")
    return missing


class _Policy(NamedTuple):
    """The section `policy`: the node of its name, its own, and those of its keys."""

    name: Node
    value: Node
    keys: Mapping[str, Node]


def _policy(document: Document) -> _Policy:
    items = document.items(document.root, PATH) if document.root is not None else ()
    found = next(item for item in items if item.key == _POLICY)
    if is_empty(found.value):
        return _Policy(found.node, found.value, {})
    inner = document.items(found.value, _POLICY)
    return _Policy(found.node, found.value, {item.key: item.node for item in inner})


def checked_params(before: bytes | None) -> Params:
    """What `params.yaml` says.

    Raises:
        InputError: It holds mistakes, or sections of somebody else's.
    """
    try:
        params = read_params(before)
        check_policy(params.policy)
    except InputError as error:
        raise InputError(error.message, f"{error.hint}; {_OWN}") from error
    return params


_OWN = (
    "data, policy, train, finetune and trainer are dvcinc's sections: give those of "
    "others another name"
)


def with_sections(before: bytes | None, data: Data) -> bytes:
    """A `params.yaml` with all sections; the same bytes if none is missing.

    Args:
        before: What there is.
        data: Where the data lie, for a file that does not say.

    Raises:
        InputError: It cannot be understood, or not be extended line by line.
    """
    missing = lacking(before)
    if before is not None and not missing:
        return before
    texts = {"data": _data(data), **_SECTIONS}
    lines = read_lines(before or b"", PATH)
    if f"{_POLICY}.{_DROP}" in missing:
        lines = _with_drop(lines, _policy(compose(before or b"", PATH)))
    new = "\n".join(text for name, text in texts.items() if name in missing)
    gap = [""] if new and lines.rows and lines.rows[-1].strip() else []
    rows = [*gap, *new.split("\n")[:-1]]
    after = lines.inserted({len(lines.rows): rows}).to_bytes()
    try:
        whole = not lacking(after) and _kept(before or b"", after)
    except InputError:
        whole = False
    if not whole:
        raise InputError(
            f"{PATH} is written in a form that init cannot extend",
            f"write it as a block, or add by hand: {', '.join(missing)} "
            "(docs/params.md)",
        )
    return after


def _kept(before: bytes, after: bytes) -> bool:
    """Whether all that a file said is still there."""
    was, now = _values(before), _values(after)
    if _POLICY in was:
        policy = was[_POLICY]
        was[_POLICY] = {_DROP: None, **(policy if isinstance(policy, dict) else {})}
    return all(now.get(name) == value for name, value in was.items())


def _values(data: bytes) -> dict[str, Json]:
    document = compose(data, PATH)
    value = document.value(document.root) if document.root is not None else None
    return value if isinstance(value, dict) else {}


def _with_drop(lines: Lines, policy: _Policy) -> Lines:
    """The lines with the key behind the others of its section."""
    start = policy.name.start_mark
    if policy.value.start_mark.line == start.line and not is_empty(policy.value):
        row = lines.rows[start.line].rstrip("\r")
        head, brace, tail = row.rpartition("}")
        joint = ", " if policy.keys else ""
        return lines.replaced(start.line, f"{head}{joint}{_DROP_ROW}{brace}{tail}")
    marks = [node.start_mark for node in policy.keys.values()]
    column = marks[0].column if marks else start.column + 2
    end = lines.block_end(start.line, start.column)
    return lines.inserted({end: [" " * column + _DROP_ROW]})


def _data(data: Data) -> str:
    rows = [
        "# Where the data lies: a file or a folder each.",
        "data:",
        f"  nlu: {_paths(data.nlu)}",
        f"  domain: {_paths(data.domain)}",
        f"  config: {scalar(data.config)}",
        f"  test: {_paths(data.test)}",
    ]
    return "\n".join(rows) + "\n"


def _paths(paths: Sequence[str]) -> str:
    if len(paths) == 1:
        return scalar(paths[0])
    return f"[{', '.join(map(scalar, paths))}]"
