"""A closer look at what a change brings: texts that stand twice, intents that shrink.

It takes counts and test data, for which a hook does not wait.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from dvcinc.changes import base_intent
from dvcinc.corpus.values import Corpus, Example, Place
from dvcinc.errors import DvcincError
from dvcinc.lineage.comparing import Judged
from dvcinc.lineage.tested import tests_in
from dvcinc.lineage.values import IntentCount, Verdict
from dvcinc.lineage.warning import About, Warned
from dvcinc.plan.project import Project
from dvcinc.snapshot.side import Side
from dvcinc.snapshot.summary import INTENT, number

_MAX_TOLD = 20
"""Texts that are told of each by itself; a copied file would bring thousands."""


def with_closer_look(project: Project, judged: Judged) -> Verdict:
    """A verdict with the warnings of a closer look behind its own."""
    found = judged.verdict
    return replace(found, warnings=(*found.warnings, *close_warnings(project, judged)))


def close_warnings(project: Project, judged: Judged) -> Iterator[Warned]:
    """Warnings of what a verdict does not need to know.

    Args:
        project: The project.
        judged: The verdict on two sides, with the corpora that it was found from.
    """
    intents = judged.verdict.intents
    before, now = (
        counts(project, side, intents) for side in (judged.before, judged.after)
    )
    yield from _shrinking(intents, before, now)
    yield from same_texts(judged.was, judged.now)
    yield from tested_texts(new_examples(judged.was, judged.now), _tests(judged))


def counts(
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


def new_examples(was: Corpus, now: Corpus) -> Mapping[Example, Place]:
    """The examples that a change brings."""
    return {e: at for e, at in now.examples.items() if e not in was.examples}


def same_texts(was: Corpus, now: Corpus) -> Iterator[Warned]:
    """Texts of new examples that stand under another intent as well.

    A reduced corpus holds all examples with the text of one that differs.
    """
    texts = _places(new_examples(was, now))
    intents = _intents(now.examples, texts)
    doubled = {text: names for text, names in intents.items() if len(names) > 1}
    for text in sorted(doubled)[:_MAX_TOLD]:
        # The text itself is not told: examples may hold what people once said.
        said = f"one text is an example of {' and '.join(sorted(doubled[text]))}"
        yield Warned(About.SAME_TEXT, said, texts[text])
    if (more := len(doubled) - _MAX_TOLD) > 0:
        said = f"{more:,} more texts are examples of two intents"
        yield Warned(About.SAME_TEXT, said)


def tested_texts(
    new: Mapping[Example, Place], tests: Mapping[Example, Place]
) -> Iterator[Warned]:
    """New examples whose text is a test: who has learned it, passes or fails by rote.

    Args:
        new: Examples of the training data.
        tests: Those of the test data.
    """
    texts = _places(new)
    found = _intents(tests, texts)
    for text in sorted(found, key=texts.__getitem__)[:_MAX_TOLD]:
        names = " and ".join(sorted(found[text]))
        said = f"the tests hold the text of this example, too, under {names}"
        yield Warned(About.TEST_TEXT, said, texts[text])
    if (more := len(found) - _MAX_TOLD) > 0:
        said = f"{more:,} more texts of examples are tests, too"
        yield Warned(About.TEST_TEXT, said)


def _places(examples: Mapping[Example, Place]) -> dict[str, Place]:
    """Where each text stands first."""
    found: dict[str, Place] = {}
    for example, place in examples.items():
        found[example.text] = min(place, found.get(example.text, place))
    return found


def _intents(
    examples: Iterable[Example], texts: Mapping[str, Place]
) -> dict[str, set[str]]:
    """Which intents some texts stand under; no entry for those that stand nowhere."""
    found: dict[str, set[str]] = {}
    for example in examples:
        if example.text in texts:
            found.setdefault(example.text, set()).add(base_intent(example.intent))
    return found


def _tests(judged: Judged) -> Mapping[Example, Place]:
    """The new side's tests, read only where a change brings an example.

    Those that cannot be read are for the stage `evaluate` and `doctor` to tell of.
    """
    if not any(intent.added for intent in judged.verdict.intents):
        return {}
    side = judged.after
    try:
        return tests_in(side.source, side.params.data.test)
    except DvcincError:
        return {}
