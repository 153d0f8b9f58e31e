"""What is told of a change beside its verdict: history, counts, warnings, metrics."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from plan.bots import (
    LINES,
    NEW_INTENT,
    THREE,
    committed_bot,
    planned_bot,
    put,
)

from dvcinc.config import Mode
from dvcinc.corpus.values import Place
from dvcinc.lineage.measured import (
    CONFUSION,
    INTENTS,
    METRICS,
    Pair,
    measured,
    numbers,
)
from dvcinc.lineage.record import PATH, DataRecord, Lineage, Record, read_lineage
from dvcinc.lineage.report import report
from dvcinc.lineage.values import Cost
from dvcinc.lineage.verdict import judged
from dvcinc.lineage.warning import About, Warned, warned

__all__ = ["committed_bot", "planned_bot"]


def told(bot, old="HEAD", new=None):
    """The report on the work tree, or on a commit."""
    project = bot.project
    source = project.worktree() if new is None else project.commit(new)
    before = project.commit(old)
    return report(project, judged(project, before, source), before, source)


def about(found, kind):
    return [warning for warning in found.warnings if warning.about is kind]


# --- warnings ---------------------------------------------------------------------


def test_a_place_is_taken_off_a_sentence_that_begins_with_one():
    said = ["a b.yml:3: odd", "no place", "x.yml: odd", "x.yml:0: odd", "1:2"]
    assert list(warned(About.DATA, said)) == [
        Warned(About.DATA, "odd", Place("a b.yml", 3)),
        *(Warned(About.DATA, text) for text in said[1:]),
    ]
    assert [str(one) for one in warned(About.DATA, said)] == said


def test_a_text_under_two_intents_is_told_without_the_text(planned):
    planned.say(LINES + "\nbye: good day\n")
    (found,) = about(told(planned), About.SAME_TEXT)
    assert found.text == "one text is an example of bye and greet"
    assert found.place is not None
    assert "good day" not in str(found)


@pytest.mark.parametrize("more", ["\ngreet: Good day\n", THREE, "\ngreet: hiya\n"])
def test_other_texts_are_no_warning(planned, more):
    planned.say(LINES + more)
    assert about(told(planned), About.SAME_TEXT) == []


def test_an_old_pair_of_equal_texts_is_not_told_again(bot):
    bot.say(LINES + "\nbye: good day\n")
    bot.commit()
    bot.say(LINES + "\nbye: good day\ngreet: hiya\n")
    assert about(told(bot), About.SAME_TEXT) == []


TESTED = "data/test/nlu.yml"
TESTS = "nlu:\n- intent: order\n  examples: |\n    - hiya\n    - a tea please\n"


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("\ngreet: hiya\n", ["the tests hold the text of this example, too, under"]),
        ("\ngreet: Hiya | howdy\n", []),
        ("", []),
    ],
)
def test_a_test_that_is_learned_is_told_without_the_text(planned, more, expected):
    put(planned.path / TESTED, TESTS)
    planned.say(LINES + more)
    found = about(told(planned), About.TEST_TEXT)
    assert [w.text for w in found] == [f"{said} order" for said in expected]
    assert all(w.place and "hiya" not in str(w) for w in found)


def test_a_leak_that_was_there_is_not_told_again(bot):
    bot.say(LINES + "\ngreet: hiya\n")
    put(bot.path / TESTED, TESTS)
    bot.commit()
    bot.say(LINES + "\ngreet: hiya | howdy\n")
    assert about(told(bot), About.TEST_TEXT) == []


def test_tests_that_cannot_be_read_are_no_matter_of_a_verdict(planned):
    put(planned.path / TESTED, "nlu: [\n")
    planned.say(LINES + "\ngreet: hiya\n")
    assert about(told(planned), About.TEST_TEXT) == []


@pytest.mark.parametrize(
    ("greet", "expected"),
    [
        ("hi | hello", ["intent greet keeps 2 of its 6 examples"]),
        ("hi | hello | good day", []),
        ("one | two", ["intent greet keeps 2 of its 6 examples"]),
        ("hi | hello | good day | hey there | morning | good evening | x", []),
    ],
)
def test_an_intent_that_loses_most_of_its_examples_is_told(planned, greet, expected):
    lines = LINES.strip().split("\n")
    planned.say("\n".join([f"greet: {greet}", *lines[1:]]))
    found = about(told(planned), About.INTENT_SHRINKS)
    assert [warning.text for warning in found] == expected


def test_an_intent_that_is_gone_is_a_reason_and_no_warning(planned):
    planned.say("\n".join(LINES.strip().split("\n")[1:]))
    assert about(told(planned), About.INTENT_SHRINKS) == []


def test_a_policy_that_changed_is_told(planned):
    planned.params("policy: {preset: pragmatic}\n")
    (found,) = about(told(planned), About.POLICY)
    assert found.text == "params.yaml: policy.preset is now pragmatic, was strict"


def test_an_old_side_that_cannot_be_read_is_told(planned):
    put(planned.path / "data/nlu/all.yml", "nlu: [\n")
    planned.commit()
    planned.say(LINES)
    found = told(planned)
    assert len(about(found, About.UNREADABLE_OLD)) == 1
    assert found.verdict.old.digest is None


def test_what_a_reader_passed_over_is_told_with_its_place(planned):
    odd = "nlu:\n- intent: greet\n  examples: |\n    - howdy\n    -\n"
    put(planned.path / "data/nlu/odd.yml", odd)
    (found,) = about(told(planned), About.DATA)
    assert found == Warned(
        About.DATA, "empty example in intent 'greet'", Place("data/nlu/odd.yml", 5)
    )


# --- counts and history -----------------------------------------------------------


def test_a_touched_intent_is_counted_as_it_is_then(planned):
    planned.say(LINES + THREE + NEW_INTENT)
    assert told(planned).now == {"greet": 7, "bye": 7, "travel": 5, "book": 2}


def test_a_retrieval_intent_is_counted_with_all_its_keys(planned):
    planned.say(LINES + "\nfaq/ask_wifi: any wlan\n")
    assert told(planned).now == {"faq": 9}


def test_the_fine_tunes_of_a_base_are_counted(planned):
    assert told(planned).finetunes == 0
    for more in ("\ngreet: hiya\n", "\ngreet: hiya | yo\n", "\ngreet: hiya\n"):
        planned.say(LINES + more)
        planned.repro()
        planned.commit()
    # The third one is the first one again.
    assert told(planned).finetunes == 2
    planned.say(LINES + NEW_INTENT)
    planned.repro()
    planned.commit()
    assert told(planned).finetunes == 0


def test_without_a_plan_there_is_no_base_to_count_from(bot):
    bot.say(LINES + THREE)
    found = told(bot)
    assert (found.finetunes, found.base_age_days, found.models) == (None, None, ())


def test_a_base_of_a_commit_that_is_gone_has_no_count(planned):
    path = planned.path / "plan/plan.json"
    said = json.loads(path.read_bytes())
    said["base"]["commit"] = "0" * 40
    put(path, json.dumps(said))
    planned.commit()
    found = told(planned)
    assert (found.finetunes, found.base_age_days) == (None, None)


def record(digest, data, **changes):
    """A model's record."""
    return replace(
        Record(
            digest=digest,
            dvc="",
            mode=Mode.FINETUNE,
            ran="finetuned",
            parent="sha256:base",
            data=DataRecord(digest=data, examples=9, intents=2, entities=0, added=3),
            reasons=(),
            preset="strict",
            commit=None,
            seconds=2.0,
            steps=1,
        ),
        **changes,
    )


def trained(bot, name, data=""):
    """Commits the record of a model."""
    base = record("sha256:base", "", parent=None, ran="trained", seconds=9.0)
    lineage = Lineage(base=base, model=record(name, data))
    put(bot.path / PATH, lineage.to_bytes())


def test_the_last_models_are_told_newest_first_with_their_commits(planned):
    commits = []
    for number in range(7):
        trained(planned, f"model {number}")
        commits.append(planned.commit())
        planned.commit()
    found = told(planned).models
    assert [(m.digest, m.commit) for m in found] == [
        (f"model {number}", commits[number]) for number in (6, 5, 4, 3, 2)
    ]
    assert (found[0].base, found[0].ran, found[0].seconds) == (
        "sha256:base",
        "finetuned",
        2.0,
    )


def test_the_cost_of_a_mode_is_that_of_the_last_model_that_it_made(planned):
    trained(planned, "one")
    planned.commit()
    lineage = read_lineage((planned.path / PATH).read_bytes())
    restored = replace(lineage.base, ran="restored")
    packaged = replace(lineage.model, ran="packaged", digest="two")
    put(planned.path / PATH, Lineage(base=restored, model=packaged).to_bytes())
    planned.commit()
    found = told(planned)
    assert found.verdict.cost == Cost()
    assert found.cost == Cost(scratch_s=9.0, finetune_s=2.0)


@pytest.mark.parametrize(
    ("report_", "seconds"),
    [
        ('{"ran": "finetuned", "seconds": 2.5}', 2.5),
        ('{"ran": "restored", "seconds": 0.0}', None),
        ('{"ran": "finetuned", "seconds": NaN}', None),
        ('{"ran": "finetuned", "seconds": "2"}', None),
        ("[", None),
    ],
)
def test_after_a_refresh_the_cost_of_a_fine_tune_is_still_known(
    planned, report_, seconds
):
    trained(planned, "one")
    lineage = read_lineage((planned.path / PATH).read_bytes())
    packaged = replace(lineage.model, ran="packaged", seconds=0.0)
    put(planned.path / PATH, replace(lineage, model=packaged).to_bytes())
    put(planned.path / "reports/finetune.json", report_)
    planned.commit()
    assert told(planned).verdict.cost == Cost(scratch_s=9.0, finetune_s=seconds)


def test_a_model_that_is_not_committed_yet_comes_first(planned):
    trained(planned, "one")
    planned.commit()
    trained(planned, "two")
    found = told(planned).models
    assert [(m.digest, m.commit is None) for m in found[:2]] == [
        ("two", True),
        ("one", False),
    ]


def test_a_lineage_that_cannot_be_read_is_passed_over(planned):
    trained(planned, "one")
    planned.commit()
    put(planned.path / PATH, "{")
    planned.commit()
    assert told(planned).models[0].digest == "one"


# --- metrics ----------------------------------------------------------------------

CSV = "intent,f1,precision,recall,support\n"


def answers(lost: int, other: str = "greet") -> str:
    """Answers to tests of `bye`, of which some are lost, and to others."""
    said = ["bye"] * (20 - lost) + ["greet"] * lost
    rows = [*(f"bye,{name}" for name in said), *[f"{other},greet"] * 10]
    return "\n".join(["actual,predicted", *rows]) + "\n"


def measure(bot, accuracy, rows, confusion):
    """Writes what an evaluation writes."""
    put(bot.path / METRICS, json.dumps({"intent": {"accuracy": accuracy}, "n": 9}))
    put(bot.path / INTENTS, CSV + rows)
    put(bot.path / CONFUSION, confusion)


KNOWN, LOST = answers(0), answers(8)


def before_and_after(bot, before=KNOWN, after=LOST):
    """A trained commit, and a trained change to `greet` on top of it."""
    trained(bot, "one")
    rows = "greet,0.8,1,1,10\nbye,1.0,1,1,20\ntravel,0.9,1,1,200\n"
    measure(bot, 0.9, rows, before)
    bot.commit()
    bot.say(LINES + "\ngreet: hiya\n")
    trained(bot, "two", told(bot).verdict.new.digest)
    rows = "greet,0.7,1,1,10\nbye,0.85,1,1,20\ntravel,0.89,1,1,200\n"
    measure(bot, 0.95, rows, after)


def test_metrics_are_compared_once_the_new_side_is_trained(planned):
    before_and_after(planned)
    found = told(planned).measured
    assert found is not None
    assert found.overall == (Pair("intent.accuracy", 0.9, 0.95), Pair("n", 9, 9))
    assert [(i.name, i.touched, i.worse) for i in found.intents] == [
        ("greet", True, False),
        ("bye", False, True),
        ("travel", False, False),
    ]


def test_metrics_of_other_data_are_not_compared(planned):
    before_and_after(planned)
    planned.say(LINES + "\ngreet: hiya | yo\n")
    assert told(planned).measured is None


def test_metrics_of_the_same_model_are_not_compared(planned):
    before_and_after(planned)
    planned.commit()
    assert told(planned).measured is None


@pytest.mark.parametrize("path", [METRICS, PATH])
def test_without_metrics_or_lineage_nothing_is_compared(planned, path):
    before_and_after(planned)
    put(planned.path / path, None)
    assert told(planned).measured is None


def test_intents_are_left_out_where_their_table_cannot_be_had(planned):
    before_and_after(planned)
    put(planned.path / INTENTS, None)
    found = told(planned).measured
    assert found is not None
    assert (len(found.overall), found.intents) == (2, ())


@pytest.mark.parametrize(
    ("before", "after", "worse"),
    [
        (KNOWN, LOST, ["bye"]),
        (KNOWN, answers(4), []),
        (LOST, KNOWN, []),
        (KNOWN, KNOWN, []),
    ],
)
def test_an_untouched_intent_is_worse_only_beyond_chance(planned, before, after, worse):
    before_and_after(planned, before, after)
    found = told(planned).measured
    assert found is not None
    assert found.paired
    assert [i.name for i in found.intents if i.worse] == worse


def test_a_touched_intent_is_never_worse(planned):
    lost = KNOWN.replace("greet,greet", "greet,bye")
    before_and_after(planned, KNOWN, lost)
    found = told(planned).measured
    assert found is not None
    assert [i.name for i in found.intents if i.worse and i.name == "greet"] == []


def test_answers_by_the_hundred_thousand_are_not_compared():
    """Somebody may have written them to keep a machine busy."""
    many = "actual,predicted\n" + "a,b\n" * 200_000
    was, now = (
        Source({METRICS: b'{"a": 1}', CONFUSION: text.encode()})
        for text in (many.replace("a,b", "a,a"), many)
    )
    found = measured(was, now, frozenset())
    assert found is not None
    assert not found.paired


@pytest.mark.parametrize(
    "other",
    [
        "",
        "actual,predicted\n",
        answers(8, "travel"),
        LOST.removesuffix("greet,greet\n"),
        '"a\n',
        "a,b\n1,2\n",
    ],
)
def test_without_answers_to_the_same_tests_nothing_is_called_worse(planned, other):
    before_and_after(planned, KNOWN, other)
    found = told(planned).measured
    assert found is not None
    assert not found.paired
    assert not any(intent.worse for intent in found.intents)


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (None, {}),
        (b"", {}),
        (b"[", {}),
        (b"[" * 10_000, {}),
        (b"[1]", {}),
        (b'{"a": {"b": 1, "c": "x"}, "d": true, "e": 2.5}', {"a.b": 1, "e": 2.5}),
        (b'{"a": NaN, "b": 1e999, "c": -1}', {"c": -1}),
        (b'{"a": ' + b"9" * 400 + b"}", {}),
    ],
)
def test_numbers_of_a_document(data, found):
    assert numbers(data) == found


class Source:
    """A side of two files."""

    name, commit = "side", None

    def __init__(self, files):
        self.files = files

    def read(self, path):
        return self.files.get(path)


@pytest.mark.parametrize(
    ("rows", "names"),
    [
        ("a,0.5,1,1,3\n", ["a"]),
        ("a,x,1,1,3\nb,0.5,1,1,3\n", ["b"]),
        ("a,0.5\n", []),
        ("a,0.5,1,1,3,4,5\n", ["a"]),
        ('"a\n', []),
        ("\x00,0.5,1,1,3\n", ["\x00"]),
    ],
)
def test_odd_tables_are_read_as_far_as_they_go(rows, names):
    files = {METRICS: b'{"a": 1}', INTENTS: (CSV + rows).encode()}
    found = measured(Source(files), Source(files), frozenset())
    assert found is not None
    assert [intent.name for intent in found.intents] == names


def test_an_intent_that_only_tests_have_is_no_metric_but_a_warning(planned):
    before_and_after(planned)
    with (planned.path / INTENTS).open("a") as file:
        file.write("hello,0.0,0,0,8\nnlu_fallback,0.0,0,0,0\n")
    found = told(planned)
    assert found.measured is not None
    assert "hello" not in [pair.name for pair in found.measured.intents]
    assert "nlu_fallback" in [pair.name for pair in found.measured.intents]
    (warning,) = about(found, About.TEST_LABEL)
    assert warning.text == "tests name intent hello, which has no examples"
