"""Trials made by hand."""

from __future__ import annotations

from dvcinc.comparison.result import About, Comparison, Trials, concluded
from dvcinc.comparison.trial import (
    Answer,
    IntentScore,
    Scores,
    Spent,
    Trial,
    Way,
    wanted,
)
from dvcinc.corpus.values import Example, Place

SPENT = Spent(seconds=2.5, cpu_seconds=2.0, peak_bytes=3 << 20, steps=40)
WRONG = Answer("other")


def asked(*intents, text="text"):
    """A test example for each intent given, with its place."""
    return {
        Example(intent, f"{text} {number}"): Place("test.yml", number)
        for number, intent in enumerate(intents, 1)
    }


def trial(
    tests=(),
    wrong=(),
    *,
    way=Way.SCRATCH,
    seed=1,
    spent=SPENT,
    overall=None,
    answer=WRONG,
    f1=None,
):
    """A trial that answers the tests right but those with the numbers given."""
    answers = [
        answer if number in wrong else wanted(example)
        for number, example in enumerate(tests)
    ]
    right = 1 - len(wrong) / max(len(tests), 1)
    intents = sorted({example.intent.partition("/")[0] for example in tests})
    return Trial(
        way=way,
        seed=seed,
        spent=spent,
        unlearned=0,
        scores=Scores(
            overall=tuple((overall or {"accuracy": right}).items()),
            intents=tuple(
                IntentScore(
                    name,
                    (f1 or {}).get(name, 1.0),
                    sum(e.intent.startswith(name) for e in tests),
                )
                for name in intents
            ),
        ),
        answers=tuple(answers),
    )


def about(seeds=(1, 2, 3), **given):
    """What was compared."""
    said = {
        "project": ".",
        "source": "worktree",
        "commit": None,
        "base": f"sha256:{1:064}",
        "base_name": "the plan at 0123456789",
        "base_examples": 1200,
        "added": 30,
        "removed": 2,
        "examples": 1228,
        "made_with": {"dvcinc": "0.1.0", "python": "3.11.7"},
    }
    return About(seeds=seeds, **(said | given))


def compared(tests, tuned, scratch, *, base=None, touched=(), **given) -> Comparison:
    """A comparison of models that answer the tests of these numbers wrong."""

    def side(way, wrongs):
        return tuple(
            trial(tests, wrong, way=way, seed=seed)
            for seed, wrong in enumerate(wrongs, 1)
        )

    return concluded(
        about(seeds=tuple(range(1, len(tuned) + 1)), **given),
        tests,
        touched,
        Trials(
            base=side(Way.BASE, base or scratch),
            tuned=side(Way.FINETUNED, tuned),
            scratch=side(Way.SCRATCH, scratch),
        ),
    )
