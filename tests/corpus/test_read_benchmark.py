"""What the benchmark of reading reads: the same examples in every format."""

from __future__ import annotations

from read import BLOCKS, read_all


def test_each_file_of_the_benchmark_says_the_same() -> None:
    found = read_all(210)
    plain = found.pop("blocks, plain")
    assert len(plain.examples) == 210
    assert sum(1 for example in found[BLOCKS].examples if example.spans) == 70
    for corpus in found.values():
        assert corpus.examples.keys() == found[BLOCKS].examples.keys()
        assert not corpus.warnings
