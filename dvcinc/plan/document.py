"""`plan/plan.json`: what has to run and why, committed so that Git can tell of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from types import MappingProxyType

from dvcinc.config import Finetune, Mode, Target
from dvcinc.corpus.values import Place
from dvcinc.decision.values import Reason
from dvcinc.errors import InputError
from dvcinc.plan.info import PLAN, BaseInfo, read_info
from dvcinc.plan.json import REMEDY, Reader, dump, load
from dvcinc.yaml import Json

SCHEMA = "dvcinc/plan/1"
PATH = PLAN


@dataclass(frozen=True, slots=True, kw_only=True)
class DeltaInfo:
    """What is known of a delta without its examples.

    Attributes:
        digest: Over its files.
        added: Examples that the base does not have.
        removed: Examples of the base that are gone.
        size: How many examples differ.
        is_empty: Whether there is nothing to learn, patterns included.
        schema: The form of its files.
    """

    digest: str
    added: int
    removed: int
    size: int
    is_empty: bool
    schema: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TablesInfo:
    """What is known of tables: the digest over their files, and the form of these."""

    digest: str
    schema: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CorpusInfo:
    """What is known of the whole corpus that a plan was made for."""

    digest: str
    examples: int
    intents: int
    entities: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanDocument:
    """The plan as it is committed.

    Attributes:
        mode: What has to run, against the plan at HEAD.
        targets: The mode of each target.
        reasons: Why.
        base: The base that holds from here on.
        delta: The corpus's difference to it.
        tables: What is known of the tables.
        corpus: The whole corpus.
        finetune: The parameters that the delta is learned with.
        preset: The policy's preset, and whether scratch was forced.
        forced: Whether `policy.mode` was `scratch`.
    """

    mode: Mode
    targets: Mapping[Target, Mode]
    reasons: tuple[Reason, ...]
    base: BaseInfo
    delta: DeltaInfo
    tables: TablesInfo
    corpus: CorpusInfo
    finetune: Finetune
    preset: str
    forced: bool

    def to_bytes(self) -> bytes:
        """The file's bytes."""
        said: dict[str, Json] = {
            "schema": SCHEMA,
            "mode": self.mode.word,
            "targets": targets_json(self.targets),
            "reasons": [reason_json(reason) for reason in self.reasons],
            "base": self.base.to_json(),
            "delta": asdict(self.delta),
            "tables": asdict(self.tables),
            "corpus": asdict(self.corpus),
            "policy": {
                "preset": self.preset,
                "mode": "scratch" if self.forced else "auto",
            },
            "finetune": asdict(self.finetune),
        }
        return dump(said)


def read_plan(data: bytes, path: str = PATH) -> PlanDocument:
    """Reads `plan.json`.

    Raises:
        InputError: It cannot be understood; a merge may have left it in conflict.
    """
    reader = Reader(load(data, path, SCHEMA), path)
    delta, corpus = reader.inner("delta"), reader.inner("corpus")
    finetune, policy = reader.inner("finetune"), reader.inner("policy")
    tables = reader.inner("tables")
    return PlanDocument(
        mode=_mode(reader, path),
        targets=_targets(reader.inner("targets"), path),
        reasons=tuple(_reason(inner, path) for inner in reader.inners("reasons")),
        base=read_info(reader.raw("base"), f"{path}: base"),
        delta=DeltaInfo(
            digest=delta.text("digest"),
            added=delta.integer("added"),
            removed=delta.integer("removed"),
            size=delta.integer("size"),
            is_empty=delta.flag("is_empty"),
            schema=delta.text("schema"),
        ),
        tables=TablesInfo(digest=tables.text("digest"), schema=tables.text("schema")),
        corpus=CorpusInfo(
            digest=corpus.text("digest"),
            examples=corpus.integer("examples"),
            intents=corpus.integer("intents"),
            entities=corpus.integer("entities"),
        ),
        finetune=Finetune(
            steps=finetune.optional_integer("steps"), replay=finetune.integer("replay")
        ),
        preset=policy.text("preset"),
        forced=policy.text("mode") == "scratch",
    )


def targets_json(targets: Mapping[Target, Mode]) -> dict[str, Json]:
    """The mode of each target, as JSON says it."""
    return {target.value: targets[target].word for target in Target}


def reason_json(reason: Reason) -> dict[str, Json]:
    """A reason, as `plan.json`, `classify --json` and `lineage.json` say it."""
    return {
        "code": reason.code,
        "kind": reason.kind.value,
        "targets": [target.value for target in reason.targets],
        "mode": reason.mode.word,
        "subject": reason.subject,
        "names": [*reason.names],
        "count": reason.count,
        "places": [
            {"side": reason.side.value, "path": place.path, "line": place.line}
            for place in reason.places
        ],
        "text": reason.text,
        "advice": reason.advice,
    }


def _mode(reader: Reader, path: str) -> Mode:
    word = reader.text("mode")
    try:
        return Mode[word.upper()]
    except KeyError as error:
        raise InputError(
            f"{path}: mode {word!r} is none of dvcinc's", REMEDY
        ) from error


def _targets(reader: Reader, path: str) -> Mapping[Target, Mode]:
    try:
        found = {t: Mode[reader.text(t.value).upper()] for t in Target}
    except KeyError as error:
        raise InputError(
            f"{path}: targets has an unknown mode {error}", REMEDY
        ) from error
    return MappingProxyType(found)


def _reason(reader: Reader, path: str) -> Reason:
    # Only a plan that has reasons needs to know the kinds of change.
    from dvcinc.changes import Kind, Side  # noqa: PLC0415

    places = reader.inners("places")
    try:
        return Reason(
            code=reader.text("code"),
            kind=Kind(reader.text("kind")),
            targets=tuple(Target(name) for name in reader.texts("targets")),
            mode=_mode(reader, path),
            subject=reader.text("subject"),
            names=reader.texts("names"),
            count=reader.integer("count"),
            side=Side(places[0].text("side")) if places else Side.NEW,
            places=tuple(Place(p.text("path"), p.integer("line")) for p in places),
            text=reader.text("text"),
            advice=reader.text("advice"),
        )
    except ValueError as error:
        raise InputError(f"{path}: reasons: {error}", REMEDY) from error
