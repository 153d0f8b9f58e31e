"""The fast way through `examples: |`, where most examples of large corpora stand.

Only for a block that needs no care: a literal one whose lines are all dashes and text.
Whatever else there is, the plain way in `dvcinc.corpus.nlu` reads, warns of and
refuses; where both can read a block, both say the same.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count, repeat
from typing import Any

from dvcinc.corpus.facts import NluFacts
from dvcinc.corpus.markup import BLANK, Marked, MarkupError, parse_markup
from dvcinc.corpus.values import Example, Place, Span
from dvcinc.yaml import Document, Node

_MAKE: Callable[[type, tuple[object, ...]], Any] = tuple.__new__


def add_clean_block(
    document: Document, node: Node, intent: str, facts: NluFacts
) -> bool:
    """Adds the examples of a block, if it is a clean one; else does nothing.

    Args:
        document: The file.
        node: What stands under `examples`.
        intent: The intent's name.
        facts: Where to add the examples to.

    Returns:
        Whether the block was read.
    """
    if node.style != "|":
        return False
    lines = node.value.removesuffix("\n").split("\n")
    if not all(line.startswith("-") for line in lines):
        return False
    texts = [line[1:].strip(BLANK) for line in lines]
    spans: list[tuple[Span, ...]] = [()] * len(texts)
    marked: list[tuple[int, Marked]] = []
    try:
        for index, text in enumerate(texts):
            if "[" in text or "]" in text:
                said = parse_markup(text)
                texts[index], spans[index] = said.text, said.spans
                marked.append((index, said))
    except MarkupError:
        return False
    if not all(map(str.strip, texts)):
        return False
    first = node.start_mark.line + 2
    for index, said in marked:
        facts.note(said, Place(document.path, first + index))
    # Tuples of tuples in C: a call in Python for each would take as long again.
    examples = map(_MAKE, repeat(Example), zip(repeat(intent), texts, spans))
    places = map(_MAKE, repeat(Place), zip(repeat(document.path), count(first)))
    for example, place in zip(examples, places, strict=False):
        facts.examples.setdefault(example, place)
    return True
