"""What a change brings of names that look wrong: typos, and labels without the other.

A name is looked at if the change brings it; all others may be as they are.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from dvcinc.changes import base_intent
from dvcinc.corpus.patterns import broken
from dvcinc.corpus.values import Corpus, Place
from dvcinc.lineage.names import (
    LISTED_ENTITY,
    LISTED_INTENT,
    TRAINED_ENTITY,
    TRAINED_INTENT,
    CorpusNames,
    Names,
)
from dvcinc.lineage.warning import About, Warned, read_warnings, warned
from dvcinc.text.near import nearest, neighbours
from dvcinc.yaml import Json

MOST_NAMES = 10
"""New names of a kind that are looked at for typos, or told: more are meant."""
_RARER = 5
"""How many times rarer a name is than one that is near, to be taken for a typo."""
_SHOWN = 3
_ALWAYS = frozenset(
    {"restart", "back", "out_of_scope", "session_start", "nlu_fallback"}
)
"""Intents that Rasa knows without a domain."""
_APART = re.compile(r"\[[^\[\]]+\][ \t]+\(([\w-]+)(?::[^()]*)?\)")
_ENTITY, _INTENT = "entity type", "intent"


@dataclass(frozen=True, slots=True)
class _Label:
    """A sort of label: its name, where it is used, and where it is listed."""

    said: str
    trained: str
    listed: str


_INTENTS = _Label(_INTENT, TRAINED_INTENT, LISTED_INTENT)
_ENTITIES = _Label(_ENTITY, TRAINED_ENTITY, LISTED_ENTITY)


def name_warnings(was: Corpus, now: Corpus, names: Names) -> Iterator[Warned]:
    """Warnings about names.

    Args:
        was: The corpus before, as far as it differs.
        now: The corpus afterwards likewise.
        names: All names afterwards.
    """
    for label, used in ((_INTENTS, _intents), (_ENTITIES, _entities)):
        before, after = used(was), used(now)
        new = {name: at for name, at in sorted(after.items()) if name not in before}
        yield from _typos(label, new, names)
        yield from _unlisted(label, new, names)
    yield from _unused(was, now, names)
    yield from _in_stories(was, now, names)
    yield from _unanswered(was, now)
    yield from _without_key(was, now, names)
    yield from _apart(was, now, names)
    yield from _regexes(was, now)


def all_warnings(corpus: Corpus) -> Iterator[Warned]:
    """Warnings about all names of a whole corpus, and what its readers warned of.

    Two names that are near may both be meant; not if one is hardly ever used.
    """
    yield from read_warnings(corpus.warnings)
    for label, used in ((_INTENTS, _intents), (_ENTITIES, _entities)):
        yield from _rare(label, used(corpus), _counts(label, corpus))
    yield from name_warnings(Corpus(), corpus, CorpusNames(corpus))


def _counts(label: _Label, corpus: Corpus) -> Counter[str]:
    if label is _INTENTS:
        return Counter(base_intent(example.intent) for example in corpus.examples)
    return Counter(span.entity for e in corpus.examples for span in e.spans)


def _rare(
    label: _Label, places: Mapping[str, Place], counts: Mapping[str, int]
) -> Iterator[Warned]:
    most = max(counts.values(), default=0)
    for name in sorted(name for name in counts if counts[name] * _RARER <= most):
        near = nearest(name, counts)
        if near and counts[name] * _RARER <= counts[near]:
            times = f"{counts[name]:,} time{'s' if counts[name] > 1 else ''}"
            said = f"{label.said} {name} is used {times}, {near} {counts[near]:,}"
            yield Warned(About.NEAR_NAME, f"{said}: is it meant?", places[name])


def _intents(corpus: Corpus) -> dict[str, Place]:
    return _first((base_intent(e.intent), at) for e, at in corpus.examples.items())


def _entities(corpus: Corpus) -> dict[str, Place]:
    spans = ((s.entity, at) for e, at in corpus.examples.items() for s in e.spans)
    return _first(spans)


def _first(named: Iterable[tuple[str, Place]]) -> dict[str, Place]:
    found: dict[str, Place] = {}
    for name, place in named:
        found[name] = min(place, found.get(name, place))
    return found


def _typos(label: _Label, new: Mapping[str, Place], names: Names) -> Iterator[Warned]:
    if len(new) > MOST_NAMES:
        return
    for name, place in new.items():
        near = names.known(label.trained, neighbours(name)) - new.keys()
        if near:
            said = f"{label.said} {name} is new; did you mean {min(near)}?"
            yield Warned(About.NEAR_NAME, said, place)


def _unlisted(
    label: _Label, new: Mapping[str, Place], names: Names
) -> Iterator[Warned]:
    """New labels of examples that the domain does not list."""
    missing = sorted(new.keys() - names.known(label.listed, new) - _ALWAYS)
    # A project without a domain, or whose domain lists none, has nothing to add to.
    if not missing or not (listed := names.listed(label.listed)):
        return
    listed -= names.known(label.trained, listed)
    said = f"the domain does not list {_told(label.said, missing)}"
    hint = _meant(missing, listed)
    yield Warned(About.NOT_IN_DOMAIN, f"{said}{hint}", new[missing[0]])


def _unused(was: Corpus, now: Corpus, names: Names) -> Iterator[Warned]:
    """Intents that the domain lists and no example has: of what came, or went."""
    listed = now.domain.intents
    gone = sorted(_intents(was).keys() - names.known(TRAINED_INTENT, _intents(was)))
    still = names.known(LISTED_INTENT, gone)
    new = {name.partition("/")[0] for name in listed.keys() - was.domain.intents.keys()}
    empty = sorted((new - names.known(TRAINED_INTENT, new) | still) - _ALWAYS)
    if not empty:
        return
    said = _told(_INTENT, empty)
    verb = "has" if len(empty) == 1 else "have"
    trained = _intents(now).keys() - was.domain.intents.keys()
    yield Warned(
        About.NO_EXAMPLES,
        f"the domain lists {said}, which {verb} no examples{_meant(empty, trained)}",
        min((listed[name] for name in empty if name in new), default=None),
    )


def _in_stories(was: Corpus, now: Corpus, names: Names) -> Iterator[Warned]:
    """Intents that new or edited dialogues use, and that nobody knows."""
    new = {story: at for story, at in now.stories.items() if story not in was.stories}
    used = _first((name, at) for story, at in new.items() for name in _used(story))
    known = names.known(TRAINED_INTENT, used) | names.known(LISTED_INTENT, used)
    unknown = sorted(used.keys() - known - _ALWAYS)
    for name in unknown[:MOST_NAMES]:
        near = names.known(TRAINED_INTENT, neighbours(name))
        hint = f"; did you mean {min(near)}?" if near else ""
        said = f"a story or rule uses intent {name}, which is unknown{hint}"
        yield Warned(About.UNKNOWN_INTENT, said, used[name])


def _used(story: str) -> Iterator[str]:
    """The intents that the steps of a dialogue name, wherever in it."""
    waiting: list[Json] = [json.loads(story)]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting.extend(value)
        elif isinstance(value, dict):
            intent = value.get("intent")
            if isinstance(intent, str) and intent.strip():
                yield base_intent(intent.strip())
            waiting.extend(value.values())


def _unanswered(was: Corpus, now: Corpus) -> Iterator[Warned]:
    """New response keys that have no answer: a reduced corpus holds all of theirs."""
    before = {example.intent for example in was.examples}
    keys = _first((e.intent, at) for e, at in now.examples.items() if "/" in e.intent)
    answered = {response.key for response in now.responses}
    missing = sorted(keys.keys() - before - answered)
    if missing:
        said = _told("response key", missing)
        verb = "has" if len(missing) == 1 else "have"
        hint = _meant(missing, answered - keys.keys())
        text = f"{said} {verb} no answer (utter_{missing[0]}){hint}"
        yield Warned(About.NO_ANSWER, text, keys[missing[0]])


def _without_key(was: Corpus, now: Corpus, names: Names) -> Iterator[Warned]:
    """New answers of response keys that no example has."""
    before = {response.key for response in was.responses}
    new = _first((response.key, at) for response, at in now.responses.items())
    new = {key: at for key, at in new.items() if key not in before}
    unknown = sorted(new.keys() - names.known(TRAINED_INTENT, new))
    for key in unknown[:MOST_NAMES]:
        near = names.known(TRAINED_INTENT, neighbours(key))
        hint = f"; did you mean utter_{min(near)}?" if near else ""
        said = f"answer utter_{key} belongs to no example{hint}"
        yield Warned(About.NO_EXAMPLES, said, new[key])


def _apart(was: Corpus, now: Corpus, names: Names) -> Iterator[Warned]:
    """New examples with a blank within what would name an entity type."""
    found: dict[str, list[tuple[Place, str]]] = {}
    for example, place in now.examples.items():
        if "] " in example.text and example not in was.examples:
            for match in _APART.finditer(example.text):
                found.setdefault(match[1], []).append((place, match[0]))
    known = names.known(TRAINED_ENTITY, found)
    for place, text in sorted(one for name in known for one in found[name])[
        :MOST_NAMES
    ]:
        said = f"{text[:40]!r} looks like an entity and is none: take out the blank"
        yield Warned(About.DATA, said, place)


def _regexes(was: Corpus, now: Corpus) -> Iterator[Warned]:
    """New regexes that nobody could match."""
    new = {regex: at for regex, at in now.regexes.items() if regex not in was.regexes}
    if new:
        said = (f"{error.message}; {error.hint}" for error in broken(new))
        yield from warned(About.DATA, said)


def _told(what: str, names: list[str]) -> str:
    if len(names) == 1:
        return f"{what} {names[0]}"
    shown, more = ", ".join(names[:_SHOWN]), len(names) - _SHOWN
    return f"{len(names):,} {what}s: {shown}{f' and {more:,} more' if more > 0 else ''}"


def _meant(names: list[str], known: Iterable[str]) -> str:
    """What one name may be meant for; of several, each is looked up by somebody."""
    there = [*known]
    near = nearest(names[0], there) if len(names) == 1 else ""
    return f"; did you mean {near}?" if near else ""
