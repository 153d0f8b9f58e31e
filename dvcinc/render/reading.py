"""`dvcinc/decision/1` from JSON to values, each looked at once more on its way."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from dvcinc.config import Mode, Target
from dvcinc.errors import InputError
from dvcinc.lineage.standing import Standing
from dvcinc.lineage.values import Cost
from dvcinc.plan.json import Reader
from dvcinc.render.document import (
    BaseSaid,
    ChangeSaid,
    Document,
    IntentSaid,
    LeftOff,
    MetricSaid,
    MetricsSaid,
    ModelSaid,
    PartSaid,
    ReasonSaid,
    SideSaid,
    Spot,
    WarningSaid,
)
from dvcinc.render.marker import stays_inside
from dvcinc.yaml import Json

HINT = "write it with dvcinc classify --json, by the same version of dvcinc"
_COMMIT = re.compile("[0-9a-f]{40,64}")
_KIND = re.compile("[a-z-]{1,40}")


def document(value: Json, name: str = "decision.json") -> Document:
    """The values of a document that follows the schema.

    Raises:
        InputError: It does not.
    """
    try:
        return _document(Reader(value, name))
    except InputError as error:
        raise InputError(error.message, HINT) from error
    except (KeyError, OverflowError, ValueError) as error:
        raise InputError(f"{name}: {str(error)[:200]}", HINT) from error


def _document(said: Reader) -> Document:
    policy, left = said.inner("policy"), said.inner("left_off")
    split = said.raw("split")
    return Document(
        project=_project(said),
        mode=_mode(said),
        targets=_targets(said.inner("targets")),
        standing=Standing(said.text("standing")),
        due_since=_commit(said, "due_since"),
        change=_change(said.inner("change")),
        old=_side(said.inner("old")),
        new=_side(said.inner("new")),
        preset=policy.text("preset"),
        forced=policy.text("mode") == "scratch",
        base=None if said.raw("base") is None else _base(said.inner("base")),
        cost=_cost(said.inner("cost")),
        reasons=tuple(map(_reason, said.inners("reasons"))),
        intents=tuple(map(_intent, said.inners("intents"))),
        warnings=tuple(map(_warning, said.inners("warnings"))),
        metrics=None if said.raw("metrics") is None else _metrics(said),
        models=() if said.raw("lineage") is None else _models(said),
        split=None if split is None else tuple(map(_part, said.inners("split"))),
        left_off=LeftOff(
            reasons=left.integer("reasons"),
            change=left.integer("change"),
            intents=left.integer("intents"),
            warnings=left.integer("warnings"),
        ),
    )


def _project(said: Reader) -> str:
    """A project's path: others go there by it, so it must not lead out."""
    found = said.text("project")
    if not stays_inside(found):
        raise ValueError(f"{found!r} is no path from the top of a repository")
    return found


def _change(said: Reader) -> ChangeSaid:
    return ChangeSaid(
        mode=_mode(said),
        targets=_targets(said.inner("targets")),
        reasons=tuple(map(_reason, said.inners("reasons"))),
    )


def _mode(said: Reader) -> Mode:
    return Mode[said.text("mode").upper()]


def _targets(said: Reader) -> Mapping[Target, Mode]:
    return MappingProxyType({t: Mode[said.text(t.value).upper()] for t in Target})


def _side(said: Reader) -> SideSaid:
    return SideSaid(
        source=said.text("source"),
        commit=_commit(said),
        digest=said.optional_text("digest"),
    )


def _commit(said: Reader, key: str = "commit") -> str | None:
    """A commit's id: it stands in links, so it must be one to the last character."""
    found = said.optional_text(key)
    if found is not None and not _COMMIT.fullmatch(found):
        raise ValueError(f"{found!r} is no commit's id")
    return found


def _base(said: Reader) -> BaseSaid:
    return BaseSaid(
        digest=said.text("digest"),
        commit=_commit(said),
        examples=said.integer("examples"),
        age_days=said.optional_number("age_days"),
        finetunes=said.optional_integer("finetunes"),
    )


def _cost(said: Reader) -> Cost:
    return Cost(
        scratch_s=said.optional_number("scratch_s"),
        finetune_s=said.optional_number("finetune_s"),
    )


def _reason(said: Reader) -> ReasonSaid:
    kind = said.text("kind")
    if not _KIND.fullmatch(kind):
        raise ValueError(f"{kind!r} is no kind of change")
    return ReasonSaid(
        code=said.text("code"),
        kind=kind,
        targets=tuple(map(Target, said.texts("targets"))),
        mode=_mode(said),
        subject=said.text("subject"),
        names=said.texts("names"),
        count=said.integer("count"),
        spots=tuple(
            Spot(one.text("path"), one.integer("line"), one.text("side") == "old")
            for one in said.inners("places")
        ),
        text=said.text("text"),
        advice=said.text("advice"),
        ours=said.text("since") == "change",
    )


def _intent(said: Reader) -> IntentSaid:
    return IntentSaid(
        name=said.text("name"),
        added=said.integer("added"),
        removed=said.integer("removed"),
        now=said.integer("now"),
    )


def _warning(said: Reader) -> WarningSaid:
    path, line = said.optional_text("path"), said.optional_integer("line")
    return WarningSaid(
        kind=said.text("kind"),
        text=said.text("text"),
        spot=Spot(path, line) if path and line else None,
    )


def _metrics(said: Reader) -> MetricsSaid:
    found = said.inner("metrics")
    return MetricsSaid(
        overall=tuple(map(_metric, found.inners("overall"))),
        intents=tuple(map(_intent_metric, found.inners("intents"))),
    )


def _metric(said: Reader) -> MetricSaid:
    return MetricSaid(
        name=said.text("name"),
        before=said.optional_number("before"),
        after=said.optional_number("after"),
    )


def _intent_metric(said: Reader) -> MetricSaid:
    return MetricSaid(
        name=said.text("name"),
        before=said.optional_number("before"),
        after=said.optional_number("after"),
        support=said.integer("support"),
        touched=said.flag("touched"),
        worse=said.flag("worse"),
    )


def _models(said: Reader) -> tuple[ModelSaid, ...]:
    return tuple(map(_model, said.inner("lineage").inners("models")))


def _model(said: Reader) -> ModelSaid:
    return ModelSaid(
        digest=said.text("digest"),
        base=said.text("base"),
        base_examples=said.integer("base_examples"),
        mode=_mode(said),
        ran=said.text("ran"),
        examples=said.integer("examples"),
        added=said.integer("added"),
        removed=said.integer("removed"),
        seconds=said.optional_number("seconds"),
        commit=_commit(said),
    )


def _part(said: Reader) -> PartSaid:
    return PartSaid(
        files=said.texts("files"),
        count=said.integer("count"),
        mode=None if said.raw("mode") is None else _mode(said),
        reasons=tuple(map(_reason, said.inners("reasons"))),
        first=said.flag("first"),
        together=said.texts("together"),
        problem=said.text("problem"),
    )
