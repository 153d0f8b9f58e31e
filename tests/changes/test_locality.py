"""The locality law: what did not change and shares no label with it has no say."""

from __future__ import annotations

from changes.reduction import facts_of, reduced
from corpora import PIPELINE, SELECTING, corpus
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dvcinc.changes import diff
from dvcinc.corpus.rasa import read_config_file
from dvcinc.corpus.values import (
    Config,
    Corpus,
    Domain,
    EntityLabel,
    Example,
    LookupEntry,
    Named,
    Place,
    Regex,
    Response,
    Span,
    Synonym,
)


def config(text: str) -> Config:
    return read_config_file(text.encode(), "config.yml").config


EXTRACTING = "- name: RegexEntityExtractor\n"
CONFIGS = [
    Config(),
    config(PIPELINE),
    config(SELECTING),
    config(PIPELINE + EXTRACTING),
    config(SELECTING.replace("- name: RegexFeaturizer\n", "") + EXTRACTING),
    config(PIPELINE.replace("epochs: 100", "entity_recognition: false")),
]
intents = st.sampled_from(["a", "b", "c", "f", "f/x", "f/y", "g/x", "g/y"])
types = st.sampled_from(["e", "h"])
qualifiers = st.sampled_from([None, None, "r", "s"])
first = st.builds(Span, st.just(0), st.just(1), types, qualifiers, qualifiers)
second = st.builds(Span, st.just(2), st.just(3), types, qualifiers, qualifiers)
spans = st.sampled_from([()]) | st.tuples(first) | st.tuples(first, second)
texts = st.integers(0, 9).map("{} x".format) | st.integers(0, 40).map(
    "longer {}".format
)
names = st.sampled_from(["e", "h", "z"])
bodies = st.sampled_from("123")
keys = st.sampled_from(["f/x", "f/y", "g/x"])

FACTS = {
    "examples": st.builds(Example, intents, texts, spans),
    "synonyms": st.builds(Synonym, bodies, names),
    "regexes": st.builds(Regex, names, bodies),
    "lookups": st.builds(LookupEntry, names, bodies),
    "responses": st.builds(Response, keys, bodies),
    "stories": bodies,
}
DOMAIN = {
    "intents": intents,
    "entities": st.builds(EntityLabel, types)
    | st.builds(EntityLabel, types, st.just("r"))
    | st.builds(EntityLabel, types, group=st.just("s")),
    "slots": st.builds(Named, names, bodies),
    "actions": names,
    "forms": st.builds(Named, names, bodies),
    "responses": st.builds(Named, names, bodies),
    "settings": st.builds(Named, names, bodies),
}


@st.composite
def moves(draw: st.DrawFn, examples: dict[Example, Place]) -> dict[Example, Place]:
    """The examples, some of which have other intents or entity types."""
    intent = draw(st.dictionaries(intents, intents, max_size=4))
    entity = draw(st.dictionaries(types, types, max_size=2))
    moving = draw(st.sets(st.integers(0, 20)) | st.just({*range(21)}))
    found = {}
    for i, (one, place) in enumerate(examples.items()):
        parts = tuple(
            s._replace(entity=entity.get(s.entity, s.entity)) for s in one.spans
        )
        moved = Example(intent.get(one.intent, one.intent), one.text, parts)
        found[moved if i % 21 in moving else one] = place
    return found


@st.composite
def sides(draw: st.DrawFn) -> tuple[Corpus, Corpus]:
    """Two corpora with much in common: some facts both, some one side only."""
    shared = draw(st.integers(0, 30))
    only = draw(st.integers(0, 6))

    def both(facts: st.SearchStrategy, many: int, few: int) -> tuple[dict, dict]:
        common = draw(st.lists(facts, max_size=many))
        found = []
        for _ in range(2):
            more = draw(st.lists(facts, max_size=few))
            listed = dict.fromkeys([*common, *more])
            found.append({f: Place("nlu.yml", i) for i, f in enumerate(listed)})
        return found[0], found[1]

    said: list[dict] = [{}, {}]
    domain: list[dict] = [{}, {}]
    for name, facts in FACTS.items():
        many = shared if name == "examples" else 4
        for into, part in zip(said, both(facts, many, min(only, 6)), strict=True):
            into[name] = part
    for name, facts in DOMAIN.items():
        for into, part in zip(domain, both(facts, 3, 1), strict=True):
            into[name] = part
    said[1]["examples"] = draw(moves(said[1]["examples"]))
    chosen = st.sampled_from(CONFIGS)
    old, new = (
        Corpus(**facts, domain=Domain(**listed), config=draw(chosen))
        for facts, listed in zip(said, domain, strict=True)
    )
    return old, new


def large(*swapped: int) -> Corpus:
    """Two large intents, of which some texts have changed places, each with a type."""
    lines: dict[str, list[str]] = {"a": [], "b": []}
    for name, other in (("a", "b"), ("b", "a")):
        for i in range(50):
            now = other if i in swapped else name
            lines[now].append(f"[{name}{i}](e{now})")
    return corpus("\n".join(f"{n}: {' | '.join(texts)}" for n, texts in lines.items()))


@given(sides())
@settings(max_examples=300, deadline=None)
@example((large(), large(1)))
@example((large(), large(*range(24))))
@example((large(), large(*range(25))))
@example((large(), large(*range(26))))
def test_what_differs_is_told_from_what_changed_and_its_context(
    both: tuple[Corpus, Corpus],
) -> None:
    assert diff(*reduced(*both)) == diff(*both)


def test_a_reduced_corpus_is_small() -> None:
    old = " | ".join(map(str, range(50)))
    small = reduced(corpus(f"a: {old}"), corpus(f"a: {old} | new | other"))
    assert facts_of(small) == 5 + 5 + 2
