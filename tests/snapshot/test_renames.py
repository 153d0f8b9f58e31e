"""A file's new name changes what it says only where a reader goes by the name."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from repositories import put

from dvcinc.corpus.digest import corpus_digest
from dvcinc.corpus.readers import SUFFIXES
from dvcinc.plan.make import compare_snapshots
from dvcinc.snapshot.ledger import Ledger
from dvcinc.snapshot.read import Reader, Snapshot
from dvcinc.snapshot.sources import FolderSource

CONTENTS = {
    "yaml": "nlu:\n- intent: bye\n  examples: |\n    - ciao\n    - so long\n",
    "markdown": "## intent:bye\n- ciao\n- so long\n",
    "table": "text,intent\nciao,bye\nso long,bye\n",
    "lines": '{"text": "ciao", "intent": "bye"}\n{"text": "hey", "intent": "bye"}\n',
    "object": '{"rasa_nlu_data": {"common_examples": '
    '[{"text": "ciao", "intent": "bye"}]}}\n',
    "yaml with a heading": "## intent:greet\nnlu:\n- intent: bye\n  examples: |\n"
    "    - ciao\n",
}


@pytest.mark.parametrize("content", CONTENTS.values(), ids=CONTENTS.keys())
def test_a_renamed_file_says_what_a_whole_read_says(
    tmp_path: Path, content: str
) -> None:
    sources = []
    for suffix in SUFFIXES:
        folder = tmp_path / suffix
        put(folder / "data/a.yml", "nlu:\n- intent: greet\n  examples: |\n    - hi\n")
        put(folder / f"data/b{suffix}", content)
        sources.append(FolderSource(folder, suffix))
    ledger, reader = Ledger(None), Reader()
    for one, other in itertools.permutations(sources, 2):
        sides = [ledger.side(one), ledger.side(other)]
        wholes = [reader.snapshot(one), reader.snapshot(other)]
        reduced = [
            Snapshot(source=s.source, commit=None, params=s.params, corpus=corpus)
            for s, corpus in zip(wholes, ledger.reduced(sides), strict=True)
        ]
        case = f"{one.name} to {other.name}"
        assert compare_snapshots(*reduced) == compare_snapshots(*wholes), case
        digests = [ledger.sums(side).digest for side in sides]
        assert digests == [corpus_digest(whole.corpus) for whole in wholes], case
