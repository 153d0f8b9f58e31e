"""The folder of the tables holds one file, which the stage `package` reads."""

from __future__ import annotations

import pytest

from dvcinc.corpus.canonical import CanonicalFile
from dvcinc.corpus.tables import Tables
from dvcinc.errors import InputError
from dvcinc.plan.tables import TABLES_JSON, read_tables_files, tables_files

FILES = tables_files(Tables(intent_renames=(("a", "b"),)))


def test_tables_read_back():
    assert tables_files(read_tables_files(FILES, "plan/tables")) == FILES


@pytest.mark.parametrize("files", [(), (*FILES, CanonicalFile("more.json", b"{}"))])
def test_another_folder_is_refused(files):
    with pytest.raises(InputError, match=f"plan/tables must hold {TABLES_JSON} alone"):
        read_tables_files(files, "plan/tables")
