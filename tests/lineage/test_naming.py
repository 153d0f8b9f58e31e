"""Warnings about names: what a change brings, and never what was there before."""

from __future__ import annotations

import pytest
from plan.bots import LINES, NLU, committed_bot, planned_bot, put

from dvcinc.corpus.values import Corpus
from dvcinc.lineage.names import CorpusNames
from dvcinc.lineage.naming import name_warnings
from dvcinc.lineage.verdict import classify
from dvcinc.lineage.warning import About

__all__ = ["committed_bot", "planned_bot"]

DOMAIN = """\
version: "3.1"
intents:
- greet
- bye
- travel
- ticket
- faq
- ask_fare
entities:
- city
"""
STORIES = """\
version: "3.1"
rules:
- rule: hello
  steps:
  - intent: greet
  - action: utter_greet
"""
UNLISTED = "the domain does not list intent"
APART = "looks like an entity and is none: take out the blank"
NO_EXAMPLE = "belongs to no example; did you mean utter_faq/ask_wifi?"
KEY = "response key faq/ask_pets"
NO_REGEX = (
    "regex 'code': '[A-Z' is no regular expression: unterminated character set at "
    "position 0; correct the pattern"
)
KINDS = {
    About.NEAR_NAME,
    About.UNKNOWN_KEY,
    About.NOT_IN_DOMAIN,
    About.NO_EXAMPLES,
    About.UNKNOWN_INTENT,
    About.NO_ANSWER,
    About.DATA,
}


def found(bot) -> list[str]:
    """What the verdict warns of, and what the whole corpora would."""
    project = bot.project
    old, new = project.commit("HEAD"), project.worktree()
    verdict = classify(project, old, new)
    said = [one for one in verdict.warnings if one.about in KINDS]
    was, now = (project.snapshot(source).corpus for source in (old, new))
    whole = [*name_warnings(was, now, CorpusNames(now))]
    named = [one for one in said if one.about is not About.UNKNOWN_KEY]
    assert [one for one in named if one in whole] == whole
    return [f"{one.about.value} {one}" for one in said]


@pytest.fixture(name="listed")
def bot_with_domain(planned):
    put(planned.path / "data/domain.yml", DOMAIN)
    put(planned.path / "data/nlu/stories.yml", STORIES)
    planned.commit()
    return planned


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        # What is there already is no news, the listed intent without examples neither.
        ("greet: hiya", []),
        (
            "travel: near [Dresden](citty)",
            [
                f"near-name {NLU}:25: entity type citty is new; did you mean city?",
                f"not-in-domain {NLU}:25: the domain does not list entity type citty",
            ],
        ),
        (
            "tickets: one way",
            [
                f"near-name {NLU}:38: intent tickets is new; did you mean ticket?",
                f"not-in-domain {NLU}:38: the domain does not list intent tickets",
            ],
        ),
        (
            "ask_fair: how much",
            [f"not-in-domain {NLU}:38: the domain does not list intent ask_fair"],
        ),
        (
            "ask_fares: how much",
            [f"not-in-domain {NLU}:38: {UNLISTED} ask_fares; did you mean ask_fare?"],
        ),
        ("ask_fare: how much", []),
        (
            "travel: in [Dresden] (city) now",
            [f"data {NLU}:25: '[Dresden] (city)' {APART}"],
        ),
        ("travel: in [1] (somewhere) now", []),
        (
            "faq/ask_pets: a dog | a cat",
            [f"no-answer {NLU}:38: {KEY} has no answer (utter_faq/ask_pets)"],
        ),
        ("faq/ask_pets: a dog | a cat\nutter faq/ask_pets: Yes.", []),
        (
            "regex code: [A-Z",
            [f"data {NLU}:47: {NO_REGEX}"],
        ),
        (
            "utter faq/ask_wfi: Yes.",
            [f"no-examples {NLU}:42: answer utter_faq/ask_wfi {NO_EXAMPLE}"],
        ),
    ],
)
def test_new_names_are_looked_at(listed, more, expected):
    listed.say(f"{LINES}\n{more}\n")
    said = found(listed)
    assert [_bare(one) for one in said] == [_bare(one) for one in expected]
    places = [one for one in said if NLU in one]
    assert len(places) == len(said)


def _bare(said: str) -> str:
    """Without its place."""
    kind, _, text = said.partition(" ")
    return f"{kind} {text.partition(': ')[2]}" if text.startswith(NLU) else said


@pytest.mark.parametrize(
    ("domain", "expected"),
    [
        (DOMAIN.replace("- bye\n", "- bye\n- greet_again\n"), ["greet_again"]),
        (DOMAIN + "- color\n", []),
        (DOMAIN.replace("- greet\n", ""), []),
        (DOMAIN.replace("- bye\n", "- bye\n- restart\n"), []),
    ],
)
def test_an_intent_that_only_the_domain_has_is_told(listed, domain, expected):
    put(listed.path / "data/domain.yml", domain)
    assert found(listed) == [
        f"no-examples data/domain.yml:5: the domain lists intent {name}, "
        "which has no examples"
        for name in expected
    ]


def test_a_listed_intent_that_loses_its_examples_is_told(listed):
    listed.say("\n".join(LINES.strip().split("\n")[1:]))
    assert found(listed) == [
        "no-examples the domain lists intent greet, which has no examples"
    ]


def test_a_misspelled_key_is_told_and_its_intents_are_one_warning(listed):
    put(
        listed.path / "data/nlu/more.yml",
        'version: "3.1"\nnlu:\n- intent: greet\n  examples: |\n    - servus\n',
    )
    listed.commit()
    text = (listed.path / NLU).read_text()
    put(listed.path / NLU, text.replace("nlu:", "nul:"))
    said = found(listed)
    assert said[0] == (
        f"unknown-key {NLU}:2: unknown key 'nul', passed over; did you mean nlu?"
    )
    four = "4 intents: bye, faq, ticket and 1 more"
    assert said[1:] == [f"no-examples the domain lists {four}, which have no examples"]


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ("intent: bye", []),
        ("intent: faq/ask_wifi", []),
        ("intent: nlu_fallback", []),
        ("or: [{intent: ticket}, {intent: bye}]", []),
        ("or: [{intent: tickt}, {intent: bye}]", ["tickt; did you mean ticket?"]),
        ("intent: cancel", ["cancel"]),
    ],
)
def test_a_new_dialogue_names_known_intents(listed, step, expected):
    more = f"- rule: more\n  steps:\n  - {step}\n  - action: utter_more\n"
    put(listed.path / "data/nlu/stories.yml", STORIES + more)
    place = "unknown-intent data/nlu/stories.yml:7: a story or rule uses intent"
    assert found(listed) == [
        f"{place} {name.replace(';', ', which is unknown;')}"
        if ";" in name
        else f"{place} {name}, which is unknown"
        for name in expected
    ]


def test_an_old_dialogue_is_left_alone(listed):
    put(
        listed.path / "data/nlu/stories.yml",
        STORIES.replace("intent: greet", "intent: x"),
    )
    listed.commit()
    listed.say(LINES + "\ngreet: hiya\n")
    assert found(listed) == []


def test_without_a_domain_nothing_is_missing_from_it(planned):
    put(planned.path / "data/domain.yml", "slots: {}\n")
    planned.commit()
    planned.say(LINES + "\nbook: book it\n")
    assert found(planned) == []


def test_names_far_apart_or_counted_are_no_typos(listed):
    listed.say(LINES + "\nstep_1: first\nstep_2: second\nfarewell: adieu\n")
    assert not [one for one in found(listed) if one.startswith("near-name")]


def test_many_new_intents_are_told_in_one_line(listed):
    listed.say(LINES + "".join(f"\nnew_{n}: text {n}" for n in "abcdefghijklmn") + "\n")
    (said,) = found(listed)
    assert "14 intents: new_a, new_b, new_c and 11 more" in said


def test_the_whole_corpus_is_no_news_to_itself(listed):
    corpus = listed.project.snapshot(listed.project.worktree()).corpus
    names = CorpusNames(corpus)
    assert [*name_warnings(corpus, corpus, names)] == []
    assert [*name_warnings(Corpus(), Corpus(), CorpusNames(Corpus()))] == []
