"""A marker for what takes seconds."""

from __future__ import annotations


def pytest_configure(config) -> None:
    said = "bomb: reads a hostile file in a process of its own"
    config.addinivalue_line("markers", said)
