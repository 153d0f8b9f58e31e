"""A verdict to all that people are told about it on a pull request: facts, no words.

More is looked up here than a hook may wait for: history, metrics, counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from dvcinc.changes import base_intent
from dvcinc.corpus.values import Corpus, Place
from dvcinc.lineage.circumstances import age_days, recorded_lineage
from dvcinc.lineage.comparing import Judged
from dvcinc.lineage.measured import Measured, measured
from dvcinc.lineage.names import TRAINED_INTENT, Names, SideNames
from dvcinc.lineage.recent import Model, finetunes_since, last_models
from dvcinc.lineage.since import due_since
from dvcinc.lineage.split import Split
from dvcinc.lineage.values import Cost, IntentCount, Verdict
from dvcinc.lineage.warning import About, Warned
from dvcinc.plan.project import Project
from dvcinc.snapshot.side import Side
from dvcinc.snapshot.sources import CommitSource, Source
from dvcinc.snapshot.summary import INTENT, number

_MAX_SAME = 20
"""Texts under two intents that are named; a copied file would name thousands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What there is to tell.

    Attributes:
        project: The project's path from the top of the repository; `.` for that.
        verdict: The verdict.
        cost: What recorded trainings took, of this base or of the last ones before.
        base_age_days: How old the base was at the old side's commit.
        finetunes: How many fine-tunes the base has had until then.
        now: How many examples a touched intent has on the new side.
        warnings: The verdict's, and those that take a closer look.
        measured: Metrics before and after, once the new side has been trained.
        models: The last models, the newest first.
        due_since: Since which commit its training is due, where it is since before.
        split: The change, taken apart, where that was asked for.
    """

    project: str
    verdict: Verdict
    cost: Cost
    base_age_days: float | None
    finetunes: int | None
    now: Mapping[str, int]
    warnings: tuple[Warned, ...]
    measured: Measured | None
    models: tuple[Model, ...]
    due_since: str | None = None
    split: Split | None = None


def report(
    project: Project,
    judged: Judged,
    old: CommitSource,
    new: Source,
    split: Split | None = None,
) -> Report:
    """Looks up what a verdict does not hold.

    Args:
        project: The project.
        judged: The verdict on the two sides.
        old: The side before.
        new: The side afterwards.
        split: The change, taken apart, where that was asked for.
    """
    verdict, base = judged.verdict, judged.verdict.base
    before, now = (
        _counts(project, side, verdict.intents)
        for side in (judged.before, judged.after)
    )
    touched = frozenset(intent.name for intent in verdict.intents)
    models = last_models(project, old, new)
    numbers = _measured(verdict, old, new, touched)
    found, stale = _living(numbers, SideNames(project, judged.after))
    return Report(
        project=project.git.prefix.rstrip("/") or ".",
        verdict=verdict,
        cost=_cost(verdict.cost, models),
        base_age_days=age_days(project, base, old.commit) if base else None,
        finetunes=finetunes_since(project, base, old.commit) if base else None,
        now=now,
        warnings=(
            *verdict.warnings,
            *_shrinking(verdict.intents, before, now),
            *_same_texts(judged.was, judged.now),
            *stale,
        ),
        measured=found,
        models=models,
        due_since=due_since(project, verdict, old.commit),
        split=split,
    )


def _cost(known: Cost, models: Sequence[Model]) -> Cost:
    """The cost of each mode: as recorded last, where the old side does not say."""
    finetuned = [model.seconds for model in models if model.ran == "finetuned"]
    trained = [model.base_seconds for model in models if model.base_seconds is not None]
    return Cost(
        scratch_s=next(iter(trained), None)
        if known.scratch_s is None
        else known.scratch_s,
        finetune_s=next(iter(finetuned), None)
        if known.finetune_s is None
        else known.finetune_s,
    )


def _counts(
    project: Project, side: Side | None, intents: Sequence[IntentCount]
) -> Mapping[str, int]:
    """How many examples of the intents a side's files hold.

    One that stands in two files counts twice: reading all to know better is too dear.
    """
    if side is None:
        return {}
    names = {number(f"{INTENT} {intent.name}"): intent.name for intent in intents}
    found = Counter(dict.fromkeys(names.values(), 0))
    for label, count in project.ledger.labelled(side, names):
        found[names[label]] += count
    return found


def _shrinking(
    intents: Sequence[IntentCount], before: Mapping[str, int], now: Mapping[str, int]
) -> Iterator[Warned]:
    """Intents that lose most of their examples and live on."""
    for intent in intents:
        was, left = before.get(intent.name, 0), now.get(intent.name, 0)
        if intent.removed and 0 < left < was / 2:
            text = f"intent {intent.name} keeps {left:,} of its {was:,} examples"
            yield Warned(About.INTENT_SHRINKS, text)


def _same_texts(was: Corpus, now: Corpus) -> Iterator[Warned]:
    """Texts of new examples that stand under another intent as well.

    A reduced corpus holds all examples with the text of one that differs.
    """
    new = [example for example in now.examples if example not in was.examples]
    texts: dict[str, Place] = {}
    for example in new:
        texts.setdefault(example.text, now.examples[example])
    intents: dict[str, set[str]] = {text: set() for text in texts}
    for example in now.examples:
        if example.text in texts:
            intents[example.text].add(base_intent(example.intent))
    doubled = sorted(text for text, found in intents.items() if len(found) > 1)
    for text in doubled[:_MAX_SAME]:
        names = " and ".join(sorted(intents[text]))
        # The text itself is not told: examples may hold what people once said.
        said = f"one text is an example of {names}"
        yield Warned(About.SAME_TEXT, said, texts[text])
    if more := len(doubled) - _MAX_SAME:
        said = f"{more:,} more texts are examples of two intents"
        yield from [Warned(About.SAME_TEXT, said)] if more > 0 else []


def _living(
    found: Measured | None, names: Names
) -> tuple[Measured | None, tuple[Warned, ...]]:
    """Metrics without intents that only tests have: no training makes them better."""
    if found is None:
        return None, ()
    there = names.known(TRAINED_INTENT, [pair.name for pair in found.intents])
    stale = [p.name for p in found.intents if p.support and p.name not in there]
    # A store that has forgotten all knows of none.
    if not there or not stale:
        return found, ()
    kept = tuple(pair for pair in found.intents if pair.name not in stale)
    said = sorted(f"tests name intent {name}, which has no examples" for name in stale)
    warnings = (Warned(About.TEST_LABEL, text) for text in said[:_MAX_SAME])
    return replace(found, intents=kept), tuple(warnings)


def _measured(
    verdict: Verdict, old: CommitSource, new: Source, touched: frozenset[str]
) -> Measured | None:
    """The metrics, if those of the new side are of its data."""
    before, here = recorded_lineage(old), recorded_lineage(new)
    if before is None or here is None or here.model.data.digest != verdict.new.digest:
        return None
    same = before.model.digest == here.model.digest
    return None if same else measured(old, new, touched)
