"""The graph of models: rows for a terminal, Mermaid, DOT for Graphviz, JSON.

Models come from bases, and follow each other in history, with branches and merges.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from dvcinc.lineage.graph import Node, follows
from dvcinc.lineage.history import Version
from dvcinc.lineage.models import Made, Models
from dvcinc.render.escape import shown
from dvcinc.render.lanes import lanes
from dvcinc.render.mermaid import label
from dvcinc.render.models import commit_json, cost, gain, model_json, short
from dvcinc.render.text import COLOURS, Paint
from dvcinc.render.words import plural
from dvcinc.yaml import Json

GRAPH = "dvcinc/lineage-graph/1"
_COMMIT = 10


def text(found: Sequence[Node], known: Models, paint: Paint) -> Iterator[str]:
    """A row for each node, and one below the model that brought a base for the base.

    Args:
        found: The nodes, newest first.
        known: The models that they brought.
        paint: Paints a text in a style.
    """
    drawn = lanes([(node.commit.name, node.parents) for node in found])
    for node, (row, below) in zip(found, drawn, strict=True):
        here = iter(node.versions or (None,))
        yield f"{row}  {_row(node, next(here), known, paint)}"
        for version in here:
            yield f"{below}  {_row(node, version, known, paint)}"
        for base in _brought(node, known):
            said = f"base {short(base.digest)}, {_about_base(base)}"
            yield f"{below}  {paint('#', 'bold')} {said}"


def _row(node: Node, version: Version | None, known: Models, paint: Paint) -> str:
    commit = node.commit.name[:_COMMIT] or "work tree"
    if version is None:
        return f"{commit:<10}  a merge that keeps a side's model"
    model = _model(version, known)
    if model is None:
        return f"{commit:<10}  {_lost(version)}"
    mode = paint(f"{model.record.mode.word:<8}", COLOURS[model.record.mode])
    said = f"{short(model.digest)}  {mode}  {gain(model.record)}, {cost(model)}"
    again = "" if model.version == version else ", again"
    return f"{commit:<10}  {said}{again}"


def _model(version: Version, known: Models) -> Made | None:
    found = version.lineage
    return None if found is None else known.served[found.model.digest]


def _lost(version: Version) -> str:
    return "lineage.json cannot be read" if version.blob else "lineage.json is removed"


def _brought(node: Node, known: Models) -> Iterator[Made]:
    """The bases that a commit brought."""
    for version in node.versions:
        if version.lineage is not None:
            base = known.bases[version.lineage.base.digest]
            if base.version == version:
                yield base


def _about_base(base: Made) -> str:
    return f"{plural(base.record.data.examples, 'example')}, {cost(base)}"


def _facts(model: Made) -> tuple[str, ...]:
    record = model.record
    where = model.version.commit.name[:_COMMIT] or "not committed yet"
    named = f"model {short(model.digest)}"
    return (named, record.mode.word, gain(record), cost(model), where)


class _Shapes:
    """The nodes and edges of a drawing; a model that comes again is drawn once.

    Attributes:
        models: The models to draw, oldest first.
        bases: The bases that they come from.
        follows: Which model is followed by which on a branch.
        names: What a drawing calls each of them.
    """

    def __init__(self, found: Sequence[Node], known: Models) -> None:
        self.models: dict[str, Made] = {}
        self.bases: dict[str, Made] = {}
        self.names: dict[str, str] = {}
        self.follows = dict.fromkeys(follows(found))
        for node in reversed(found):
            for version in node.versions:
                if model := _model(version, known):
                    self._add(model, known)

    def _add(self, model: Made, known: Models) -> None:
        if model.base and model.base not in self.bases:
            self.names[model.base] = f"b{len(self.bases)}"
            self.bases[model.base] = known.bases[model.base]
        if model.digest not in self.models:
            self.names.setdefault(model.digest, f"m{len(self.models)}")
            self.models[model.digest] = model


def mermaid(found: Sequence[Node], known: Models) -> Iterator[str]:
    """A flowchart for Mermaid: solid from a base, dotted from the model before."""
    shapes = _Shapes(found, known)
    yield "graph LR"
    for digest, base in shapes.bases.items():
        said = label(f"base {short(digest)}, {_about_base(base)}")
        yield f'  {shapes.names[digest]}["{said}"]'
    for digest, model in shapes.models.items():
        yield f'  {shapes.names[digest]}("{label(", ".join(_facts(model)))}")'
        if model.base:
            yield f"  {shapes.names[model.base]} --> {shapes.names[digest]}"
    for old, new in shapes.follows:
        yield f"  {shapes.names[old]} -.-> {shapes.names[new]}"


def dot(found: Sequence[Node], known: Models) -> Iterator[str]:
    """A graph for Graphviz: solid from a base, dashed from the model before."""
    shapes = _Shapes(found, known)
    yield "digraph lineage {"
    yield "  rankdir=LR;"
    yield "  node [shape=box];"
    for digest, base in shapes.bases.items():
        said = _quoted(f"base {short(digest)}", _about_base(base))
        yield f"  {shapes.names[digest]} [label={said}, style=bold];"
    for digest, model in shapes.models.items():
        said = _quoted(*_facts(model))
        yield f"  {shapes.names[digest]} [label={said}, style=rounded];"
        if model.base:
            yield f"  {shapes.names[model.base]} -> {shapes.names[digest]};"
    for old, new in shapes.follows:
        yield f"  {shapes.names[old]} -> {shapes.names[new]} [style=dashed];"
    yield "}"


def _quoted(*lines: str) -> str:
    """A label in quotes, in which a backslash and a quote would mean something."""
    safe = (shown(line).replace("\\", "\\\\").replace('"', '\\"') for line in lines)
    return '"' + "\\n".join(safe) + '"'


def graph_json(
    about: Mapping[str, Json], found: Sequence[Node], known: Models, *, more: bool
) -> dict[str, Json]:
    """The nodes with those before them, and each model that they brought."""
    shapes = _Shapes(found, known)
    return {
        "schema": GRAPH,
        **about,
        "nodes": [_node(node) for node in found],
        "models": [model_json(model) for model in shapes.models.values()],
        "bases": [model_json(base) for base in shapes.bases.values()],
        "more": more,
    }


def _node(node: Node) -> dict[str, Json]:
    models = [v.lineage.model.digest for v in node.versions if v.lineage]
    return {
        "id": node.commit.name or None,
        "parents": [*node.parents],
        "models": [*models],
        "commit": commit_json(node.commit) if node.commit.name else None,
    }
