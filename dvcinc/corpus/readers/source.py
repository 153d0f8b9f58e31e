"""The bytes of a file as text, and what makes it no text of its own."""

from __future__ import annotations

import codecs
import re

from dvcinc.yaml import decode, located

LFS_POINTER = b"version https://git-lfs.github.com/spec/"
_CONFLICT = re.compile(r"^(<{7}|>{7}) ", re.MULTILINE)
_HEAD = 1000
LONGEST_HEAD = 1 << 20
"""Bytes in which a file has to say what it is: large ones are mostly something else."""
_FIRST_LINE = re.compile(rb"\s*([^\r\n]*)")
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def seen(data: bytes) -> bytes:
    """The bytes to tell a format by: also of a file that is saved as UTF-16."""
    if data.startswith(_UTF_16):
        head = data[:LONGEST_HEAD]
        return head.decode("utf-16", "replace").encode("utf-8", "replace")
    return data.removeprefix(codecs.BOM_UTF8)


def is_object(data: bytes) -> bool:
    """Whether a file begins as a JSON object does."""
    return seen(data[:_HEAD]).lstrip().startswith(b"{")


def first_line(data: bytes) -> bytes:
    """The first line that is not blank, without its end."""
    found = _FIRST_LINE.match(seen(data))
    return found[1] if found else b""


def plain_text(data: bytes, path: str) -> str:
    """A file that is no YAML as text; YAML's own reader tells the same.

    Raises:
        InputError: It is no UTF-8, a pointer stands for it, or a merge is open in it.
    """
    if data.startswith(LFS_POINTER):
        hint = "run git lfs pull, or keep training data in Git itself or in DVC"
        raise located(path, 1, 1, "a Git LFS pointer stands for the file", hint)
    text = decode(data, path)
    if conflict := _CONFLICT.search(text):
        line = text.count("\n", 0, conflict.start()) + 1
        message = "a merge conflict stands in the file"
        raise located(path, line, 1, message, "resolve the conflict")
    return text
