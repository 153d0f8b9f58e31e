"""The last models as a Mermaid graph, which GitHub and GitLab draw."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from dvcinc.config import Mode
from dvcinc.render.document import ModelSaid
from dvcinc.render.escape import shown
from dvcinc.render.words import duration, plural

# In a quoted label all else may mean something to Mermaid, or end the code block.
_UNSAFE = re.compile(r"[^\w .,:+−–→-]+")


def graph(models: Sequence[ModelSaid], mode: Mode | None) -> str:
    """Bases, the models made from them, and where this change will stand.

    Args:
        models: The last models, the newest first.
        mode: What the change needs; `None` if the newest model is the change's own.
    """
    return "\n".join(("graph LR", *(f"  {line}" for line in _lines(models, mode))))


def _lines(models: Sequence[ModelSaid], mode: Mode | None) -> Iterator[str]:
    bases: dict[str, str] = {}
    node = ""
    for number, model in enumerate(reversed(models)):
        if model.base not in bases:
            bases[model.base] = f"base{len(bases)}"
            text = f"base {_name(model.base)}, {plural(model.base_examples, 'example')}"
            yield f'{bases[model.base]}["{label(text)}"]'
        node = f"model{number}"
        yield f'{node}("{label(_about(model))}")'
        yield f"{bases[model.base]} --> {node}"
    if mode is None:
        return
    newest = bases[models[0].base]
    if mode is Mode.NONE:
        yield f'{node} -.- change{{{{"this change: {mode.word}"}}}}'
    elif mode is Mode.SCRATCH:
        yield f'{newest} -.- change{{{{"this change: {mode.word}, a new base"}}}}'
    else:
        yield f'{newest} -.-> change{{{{"this change: {mode.word}"}}}}'


def _about(model: ModelSaid) -> str:
    said = [f"model {_name(model.digest)}", f"{model.mode.word}, {model.ran}"]
    if model.added or model.removed:
        said.append(f"+{model.added:,} −{model.removed:,}")
    if model.seconds is not None:
        said.append(duration(model.seconds))
    said.append(f"at {model.commit[:10]}" if model.commit else "not committed yet")
    return ", ".join(said)


def _name(digest: str) -> str:
    return digest.removeprefix("sha256:")[:8]


def label(text: str) -> str:
    """Text that means nothing to Mermaid, nor to the code block around it."""
    return _UNSAFE.sub(" ", shown(text)).strip()
