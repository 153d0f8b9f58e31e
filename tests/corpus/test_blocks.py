"""Blocks of examples, read the fast way: just what the plain definition says."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dvcinc.corpus.markup import MarkupError, parse_markup
from dvcinc.corpus.readers import read_part
from dvcinc.corpus.values import Corpus, Example, Place, Synonym
from dvcinc.errors import InputError

PATH = "a.yml"
BLANKS = "\n\r "
FIRST = 4
HEAD = "nlu:\n- intent: a\n  examples: |\n"


def plainly(blocks: list[list[str]]) -> Corpus | None:
    """What blocks of lines mean, line by line; nothing for markup that is an error."""
    examples: dict[Example, Place] = {}
    synonyms: dict[Synonym, Place] = {}
    warnings: list[str] = []
    number = FIRST
    for lines in blocks:
        for line in lines:
            place = Place(PATH, number)
            number += 1
            if not line.startswith("-"):
                if line.strip():
                    warnings.append(
                        f"{place}: passed over, since it starts with no '-': "
                        f"{line.strip()[:40]!r}"
                    )
                continue
            try:
                said = parse_markup(line[1:].strip(BLANKS))
            except MarkupError:
                return None
            if not said.text.strip():
                warnings.append(f"{place}: empty example in intent 'a'")
                continue
            examples.setdefault(Example("a", said.text, said.spans), place)
            for synonym in said.synonyms:
                synonyms.setdefault(synonym, place)
            if said.broken:
                warnings.append(
                    f"{place}: {said.broken!r} looks like an entity and is none"
                )
        number += 2
    return Corpus(examples=examples, synonyms=synonyms, warnings=tuple(warnings))


def written(blocks: list[list[str]]) -> str:
    bodies = ["".join(f"    {line}\n" for line in lines) for lines in blocks]
    return HEAD + "- intent: a\n  examples: |\n".join(bodies)


texts = st.text('ab é[](){}:\t"', max_size=12) | st.sampled_from(
    [
        'a]{"entity": "b"}',
        "[a](b)",
        "[a](b:c)",
        '[a]{"entity": "b", "value": "d"}',
        "[ ](b)",
        "[a](b",
    ]
)
lines = st.builds(
    "{}{}".format, st.sampled_from(["- ", "-", "-   ", "- - "]), texts
) | st.sampled_from(["no dash", "- b", "- a", "-", "-\t"])
# The first line settles how deep the block stands: it may begin with no blank.
blocks = st.lists(st.lists(lines, min_size=1, max_size=6), min_size=1, max_size=3)


@given(blocks)
def test_a_block_is_read_as_line_by_line(said: list[list[str]]) -> None:
    meant = plainly(said)
    data = written(said).encode()
    if meant is None:
        with pytest.raises(InputError, match=r"^a\.yml:\d+:\d+: entity "):
            read_part(data, PATH)
        return
    found = read_part(data, PATH).corpus
    assert [*found.examples.items()] == [*meant.examples.items()]
    assert found.synonyms == meant.synonyms
    assert sorted(found.warnings) == sorted(meant.warnings)


def test_the_facts_of_the_fast_way_are_of_the_same_types() -> None:
    ((example, place),) = read_part(
        (HEAD + "    - hi\n").encode(), PATH
    ).corpus.examples.items()
    assert type(example) is Example
    assert type(place) is Place
    assert (example.intent, place.line) == ("a", FIRST)


def test_lines_count_through_a_large_block() -> None:
    data = (HEAD + "".join(f"    - text {n}\n" for n in range(5000))).encode()
    places = [*read_part(data, PATH).corpus.examples.values()]
    assert places[0].line == FIRST
    assert all(below.line == above.line + 1 for above, below in pairwise(places))
