"""Models as OpenLineage run events, by the classes of OpenLineage's own client.

A run is the making of a model: from data, and from a base where there is one. Its id
and its time follow from the model and the commit that brought it. Needs the extra
`dvcinc[openlineage]`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import cast

from openlineage.client import event_v2 as event
from openlineage.client import facet_v2 as facet
from openlineage.client.serde import Serde

from dvcinc import __version__
from dvcinc.errors import InputError
from dvcinc.lineage.exported import HOME, Origin, Told, moment
from dvcinc.lineage.record import DataRecord

NAMESPACE = "dvc"
"""Of jobs and datasets, where nobody says in which repository they are."""
_PRODUCER = f"{HOME}/tree/v{__version__}"


def events(models: Sequence[Told], origin: Origin) -> Iterator[event.RunEvent]:
    """The events of some models and their bases, the oldest first.

    Args:
        models: They, the newest first.
        origin: Where they come from.

    Raises:
        InputError: A model is in no commit yet: its run has no time.
    """
    made: dict[str, Told] = {}
    for told in reversed(models):
        for one in (told.base, told):
            if one is not None:
                made.setdefault(one.run.urn, one)
    for one in made.values():
        yield _event(one, origin, event.RunState.START)
        yield _event(one, origin, event.RunState.COMPLETE)


def lines(found: Sequence[event.RunEvent]) -> str:
    """Events as JSON lines."""
    return "".join(f"{Serde.to_json(one)}\n" for one in found)


def _event(told: Told, origin: Origin, state: event.RunState) -> event.RunEvent:
    is_done = state is event.RunState.COMPLETE
    return event.RunEvent(
        eventType=state,
        eventTime=_time(told),
        run=event.Run(runId=str(told.run), facets=_run_facets(told)),
        job=event.Job(_namespace(origin), told.out, facets=_job_facets(told, origin)),
        inputs=[*_inputs(told, origin)],
        outputs=[_output(told, origin)] if is_done else [],
        producer=_PRODUCER,
    )


def _time(told: Told) -> str:
    time = moment(told.commit) if told.commit else None
    if time is None:
        raise InputError(
            f"model {told.sha256[:8]} has no time: it is in no commit yet",
            "commit lineage.json, or name another model",
        )
    return time


def _namespace(origin: Origin) -> str:
    return origin.repository or NAMESPACE


def _run_facets(told: Told) -> dict[str, facet.RunFacet]:
    record = told.record
    parameters = {
        "mode": record.mode.word,
        "ran": record.ran,
        "policy.preset": record.preset,
        "commit": record.commit or "",
        "cost.seconds": f"{record.seconds:g}",
        "cost.steps": str(record.steps),
        **{f"environment.{name}": said for name, said in record.environment.items()},
        **{
            f"reason.{number}": f"{reason.code} {reason.text}"
            for number, reason in enumerate(record.reasons, 1)
        },
    }
    execution = facet.execution_parameters_run
    known = [
        execution.ExecutionParameter(key=key, name=key, value=value)
        for key, value in parameters.items()
        if value
    ]
    found: dict[str, facet.RunFacet] = {
        "executionParameters": execution.ExecutionParametersRunFacet(
            known, producer=_PRODUCER
        )
    }
    if version := record.environment.get("dvcinc"):
        found["processing_engine"] = (
            facet.processing_engine_run.ProcessingEngineRunFacet(
                version=version, name="dvcinc", producer=_PRODUCER
            )
        )
    return found


def _job_facets(told: Told, origin: Origin) -> dict[str, facet.JobFacet]:
    found: dict[str, facet.JobFacet] = {
        "jobType": facet.job_type_job.JobTypeJobFacet(
            processingType="BATCH",
            integration="DVC",
            jobType="MODEL",
            producer=_PRODUCER,
        )
    }
    if origin.repository and told.commit:
        location = facet.source_code_location_job
        found["sourceCodeLocation"] = location.SourceCodeLocationJobFacet(
            type="git",
            url=origin.repository,
            repoUrl=origin.repository,
            path=origin.project or None,
            version=told.commit.name,
            producer=_PRODUCER,
        )
    return found


def _inputs(told: Told, origin: Origin) -> Iterator[event.InputDataset]:
    namespace, data = _namespace(origin), told.record.data
    yield event.InputDataset(
        namespace,
        told.data,
        facets=_version(data.digest),
        inputFacets={"dataQualityMetrics": _quality(data)},
    )
    if told.base is not None:
        base = told.base
        yield event.InputDataset(namespace, base.out, facets=_version(base.made.digest))


def _quality(data: DataRecord) -> facet.InputDatasetFacet:
    """An example is a row; its intent and its entity types are columns."""
    quality = facet.data_quality_metrics_input_dataset
    columns = {"intent": data.intents, "entity": data.entities}
    return quality.DataQualityMetricsInputDatasetFacet(
        rowCount=data.examples,
        columnMetrics={
            name: quality.ColumnMetrics(distinctCount=count, quantiles=None)
            for name, count in columns.items()
        },
        producer=_PRODUCER,
    )


def _output(told: Told, origin: Origin) -> event.OutputDataset:
    """The model; there is no standard facet yet for what a model is and can."""
    record = told.record
    plain = facet.DatasetFacet(producer=_PRODUCER)
    model = plain.with_additional_properties(
        digest=record.digest,
        dvc=record.dvc,
        base=record.parent,
        mode=record.mode.word,
        added=record.data.added,
        removed=record.data.removed,
        metrics=dict(sorted(record.metrics.items())),
    )
    return event.OutputDataset(
        _namespace(origin),
        told.out,
        facets={
            **_version(record.digest),
            "dvcinc_model": cast("facet.DatasetFacet", model),
        },
    )


def _version(digest: str) -> dict[str, facet.DatasetFacet]:
    version = facet.dataset_version_dataset
    said = version.DatasetVersionDatasetFacet(digest, producer=_PRODUCER)
    return {"version": said}
