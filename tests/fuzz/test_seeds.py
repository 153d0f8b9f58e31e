"""Where fuzzing begins is sound, and what it has found stays mended."""

from __future__ import annotations

import pytest
from fuzz.harness import READERS, check
from fuzz.seeds import FOUND, SEEDS


def rows(files):
    return [(reader, data) for reader, each in files.items() for data in each]


def test_each_reader_has_a_seed():
    assert SEEDS.keys() == READERS.keys()


@pytest.mark.parametrize(("reader", "data"), rows(SEEDS))
def test_a_seed_is_taken(reader, data):
    assert check(reader, data)


@pytest.mark.parametrize(("reader", "data"), rows(FOUND))
def test_what_was_found_once_is_read_or_refused_in_words(reader, data):
    check(reader, data)
