"""Looks are read from the window that the config gives."""

from __future__ import annotations

import pytest

from dvcinc.text.lexical import LexicalReader
from dvcinc.text.settings import LexicalSettings


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        ((("low",),), [("0:low:False",), ("0:low:True",)]),
        ((("BOS",),), [("0:BOS:True",), ("0:BOS:False",)]),
        ((("EOS",),), [("0:EOS:False",), ("0:EOS:True",)]),
        ((("title",), (), ()), [(), ("0:title:True",)]),
        (((), (), ("suffix2", "digit")), [("2:suffix2:ob", "2:digit:False"), ()]),
        # Without a middle, one more place before than after.
        ((("prefix2",), ()), [(), ("0:prefix2:Hi",)]),
        ((), [(), ()]),
    ],
)
def test_features(
    window: tuple[tuple[str, ...], ...], expected: list[tuple[str, ...]]
) -> None:
    reader = LexicalReader(LexicalSettings(features=window))
    assert reader.features(["Hi", "bob"]) == expected


def test_rasas_window_has_twelve_features() -> None:
    reader = LexicalReader(LexicalSettings())
    assert reader.size == 12
    assert [len(found) for found in reader.features(["a", "b", "c"])] == [9, 12, 9]
