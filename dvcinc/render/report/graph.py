"""The lineage as a picture: a row for each base, its models in the order they came.

Each node is a link to what is told of it further down, so it works without a script.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from dvcinc.config import Mode
from dvcinc.lineage.models import Made
from dvcinc.lineage.story import Story, Told
from dvcinc.render.models import gain, short
from dvcinc.render.report.elements import Html, element, joined
from dvcinc.render.report.telling import day, took
from dvcinc.render.report.theme import of_mode
from dvcinc.render.words import plural

_PER_ROW = 18
_STEP, _ROW, _LEFT, _TOP = 42, 46, 160, 28
_SHAPES = {
    Mode.SCRATCH: "M-9,-9h18v18h-18z",
    Mode.FINETUNE: "M-10,0a10,10 0 1,1 20,0a10,10 0 1,1 -20,0z",
    Mode.REFRESH: "M0,-12l12,12l-12,12l-12,-12z",
    Mode.NONE: "M-6,0a6,6 0 1,1 12,0a6,6 0 1,1 -12,0z",
}
_BASE = "M-12,-8l12,-6l12,6v14l-12,6l-12,-6z"
_MEANT = {
    Mode.SCRATCH: "from scratch",
    Mode.FINETUNE: "fine-tuned",
    Mode.REFRESH: "packaged again",
}


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a node stands."""

    x: int
    y: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ids:
    """What the page calls models and bases, by digest."""

    models: Mapping[str, str]
    bases: Mapping[str, str]


def ids(story: Story) -> Ids:
    """Numbers models and bases, each from the oldest on."""
    return Ids(
        models={one.digest: f"m{n}" for n, one in enumerate(story.told, 1)},
        bases={digest: f"b{n}" for n, digest in enumerate(reversed([*story.bases]), 1)},
    )


def graph(story: Story) -> Html:
    """The picture, with what its shapes mean."""
    rows = [*_rows(story)]
    spots = {
        one.digest: Spot(_LEFT + at * _STEP, _TOP + number * _ROW)
        for number, (_, row) in enumerate(rows)
        for at, one in enumerate(row)
    }
    width = _LEFT + min(_PER_ROW, max((len(r) for _, r in rows), default=1)) * _STEP
    height = _TOP * 2 + (len(rows) - 1) * _ROW
    inside = [
        *(_spine(row, spots, base) for base, row in rows),
        *_ways(story, spots),
        *(part for base, row in rows for part in _nodes(base, row, spots, story)),
    ]
    return element(
        "svg",
        *inside,
        id="graph",
        role="group",
        aria_label="Lineage: bases and the models made from them, the newest base "
        "first. Arrow keys move, Enter shows what is told of a model.",
        viewBox=f"0 0 {width} {height}",
        width=width,
        height=height,
    )


def _rows(story: Story) -> Iterator[tuple[Made | None, Sequence[Told]]]:
    """The models of each base, newest base first; a long row goes on below."""
    for base in story.bases.values():
        family = [one for one in story.told if one.base.digest == base.digest]
        for start in range(0, len(family), _PER_ROW):
            yield (None if start else base), family[start : start + _PER_ROW]


def _spine(row: Sequence[Told], spots: Mapping[str, Spot], base: Made | None) -> Html:
    first, last = spots[row[0].digest], spots[row[-1].digest]
    start = first.x - (_STEP + 8 if base else _STEP // 2)
    return element(
        "path", d=f"M{start},{first.y}H{last.x}", class_="spine", aria_hidden="true"
    )


def _ways(story: Story, spots: Mapping[str, Spot]) -> Iterator[Html]:
    """Which model came after which, where they do not stand side by side."""
    for one in story.told:
        for digest in one.before:
            if digest in spots and (d := _way(spots[digest], spots[one.digest])):
                yield element("path", d=d, class_="way", aria_hidden="true")


def _way(old: Spot, new: Spot) -> str:
    if old.y == new.y and abs(new.x - old.x) == _STEP:
        return ""
    if old.y == new.y:
        return f"M{old.x},{old.y}Q{(old.x + new.x) // 2},{old.y - 34} {new.x},{new.y}"
    middle = (old.y + new.y) // 2
    return f"M{old.x},{old.y}C{old.x},{middle} {new.x},{middle} {new.x},{new.y}"


def _nodes(
    base: Made | None,
    row: Sequence[Told],
    spots: Mapping[str, Spot],
    story: Story,
) -> Iterator[Html]:
    known = ids(story)
    if base is not None:
        y = spots[row[0].digest].y
        count = sum(one.base.digest == base.digest for one in story.told)
        yield _base_node(base, known.bases[base.digest], count, y)
    for one in row:
        is_current = story.current is not None and one.digest == story.current.digest
        yield _node(one, spots[one.digest], known.models[one.digest], now=is_current)


def _base_node(base: Made, name: str, count: int, y: int) -> Html:
    examples = plural(base.record.data.examples, "example")
    said = f"base {short(base.digest)}, {day(base)}, {examples}, "
    label = (
        element("text", short(base.digest), x=20, y=y - 2, class_="name"),
        element("text", day(base), x=20, y=y + 12, class_="small"),
    )
    picture = element("path", d=_BASE, class_="shape")
    return element(
        "g",
        joined(label),
        _link(
            name, said + plural(count, "model"), "base", picture, _LEFT - _STEP - 8, y
        ),
    )


def _node(one: Told, at: Spot, name: str, *, now: bool) -> Html:
    record = one.record
    what = _MEANT.get(record.mode, record.mode.word)
    said = f"{what}: {short(one.digest)}, {day(one.made)}, "
    said += f"{gain(record)} examples, {took(one)}"
    shape = element("path", d=_SHAPES[record.mode], class_="shape")
    ring = element("circle", r=16, class_="ring") if now else Html("")
    kind = f"{of_mode(record.mode)}{' now' if now else ''}"
    label = said + (", the current model" if now else "")
    return _link(name, label, kind, joined((ring, shape)), at.x, at.y)


def _link(name: str, said: str, kind: str, picture: Html, x: int, y: int) -> Html:
    # What can be clicked is larger than what is seen.
    room = element("circle", r=17, class_="room")
    return element(
        "a",
        element("title", said),
        room,
        picture,
        href=f"#{name}",
        aria_label=said,
        class_=f"node {kind}",
        transform=f"translate({x},{y})",
    )


def legend() -> Html:
    """What the shapes mean."""
    modes = {**_MEANT, Mode.SCRATCH: "its first model, as trained"}
    items = (
        _meant("base", _BASE, "base, trained from scratch"),
        *(_meant(of_mode(mode), _SHAPES[mode], said) for mode, said in modes.items()),
        element("li", "dashed: the model that came after, elsewhere in the picture"),
    )
    return element("ul", *items, class_="legend")


def _meant(kind: str, shape: str, said: str) -> Html:
    path = element("path", d=shape, class_="shape")
    node = element("g", path, class_=f"node {kind}", transform="translate(15,15)")
    drawn = element("svg", node, width=30, height=30, aria_hidden="true")
    return element("li", drawn, said)
