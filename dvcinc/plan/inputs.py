"""A base and a corpus to the digests of what the stages behind `plan` would read."""

from __future__ import annotations

from dataclasses import dataclass

from dvcinc.changes import labels
from dvcinc.config import Params
from dvcinc.corpus.trained import trained
from dvcinc.corpus.values import Corpus
from dvcinc.plan.base import Base
from dvcinc.plan.delta import Delta, compare, delta_digest
from dvcinc.plan.make import pipeline_of
from dvcinc.plan.tables import tables_files, tables_of


@dataclass(frozen=True, slots=True)
class StageInputs:
    """The digests of what the stages read beside the base."""

    delta: str
    tables: str


def stage_inputs(base: Base, corpus: Corpus, params: Params) -> StageInputs:
    """What the stages would read for a corpus that trains on a base."""
    frozen = trained(corpus)
    became = labels(base.corpus, frozen)
    delta: Delta = compare(base, frozen, became)
    pipeline, _ = pipeline_of(corpus, tolerant=True)
    tables = tables_of(corpus, became, pipeline.serving)
    return StageInputs(
        delta_digest(delta.files(params.finetune.replay)),
        delta_digest(tables_files(tables)),
    )
