"""`params.yaml` with the sections of dvcinc: those that are missing are added behind.

What stands there is the user's, other sections as well as values of dvcinc's own.
"""

from __future__ import annotations

from collections.abc import Sequence

from dvcinc.adopt.lines import read_lines
from dvcinc.adopt.pipeline import scalar
from dvcinc.config import Data, Params
from dvcinc.decision.rules import check_policy
from dvcinc.errors import InputError
from dvcinc.params import PATH, read_params
from dvcinc.yaml import compose, is_empty

_SECTIONS = {
    "policy": """\
# What a change may cost. docs/rules.md tells of each rule.
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


def sections(before: bytes | None) -> frozenset[str]:
    """The names of the sections that a `params.yaml` has.

    Raises:
        InputError: It cannot be understood.
    """
    document = compose(before or b"", PATH)
    if document.root is None or is_empty(document.root):
        return frozenset()
    return frozenset(item.key for item in document.items(document.root, PATH))


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
    there = sections(before)
    texts = {"data": _data(data), **_SECTIONS}
    missing = [text for name, text in texts.items() if name not in there]
    if before is not None and not missing:
        return before
    lines = read_lines(before or b"", PATH)
    new = "\n".join(missing).split("\n")[:-1]
    gap = [""] if lines.rows and lines.rows[-1].strip() else []
    after = lines.inserted({len(lines.rows): [*gap, *new]}).to_bytes()
    try:
        whole = sections(after) == there | {*texts}
    except InputError:
        whole = False
    if not whole:
        named = ", ".join(name for name in texts if name not in there)
        raise InputError(
            f"{PATH} is written in a form that init cannot extend",
            f"write it as a block, or add by hand: {named} (docs/params.md)",
        )
    return after


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
