"""What hooks say: a line for what passes, a way out for what is stopped."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dvcinc.config import Mode, Policy, Target
from dvcinc.decision.decide import Decision
from dvcinc.errors import InputError
from dvcinc.lineage.gate import Finding, Ground
from dvcinc.lineage.standing import Standing
from dvcinc.lineage.values import Cost, SideInfo, Verdict
from dvcinc.render.gate import Scene, granted, needless, passed, stopped, untold

COMMIT = Scene(what="commit", project="", compared="--staged")
BELOW = replace(COMMIT, project="bots/my bot")
PUSH = Scene(what="push", project="", compared="0123456789..abcdefabcd")


def verdict(
    mode: Mode,
    dialogue: Mode = Mode.NONE,
    origin: str | None = None,
    standing: Standing | None = None,
    own: Mode | None = None,
) -> Verdict:
    decision = Decision(
        mode=mode,
        targets={Target.NLU: mode, Target.DIALOGUE: dialogue},
        reasons=(),
    )
    return Verdict(
        decision=decision,
        change=decision if own is None else replace(decision, mode=own),
        standing=standing or (Standing.NEW if mode else Standing.NONE),
        old=SideInfo(source="HEAD", commit="1" * 40, digest="sha256:1"),
        new=SideInfo(source="index", commit=None, digest="sha256:2"),
        policy=Policy(),
        base=None,
        cost=Cost(),
        intents=(),
        warnings=(),
        origin=origin,
    )


def found(ground: Ground, mode: Mode = Mode.SCRATCH, **more) -> Finding:
    return Finding(ground=ground, verdict=verdict(mode, **more))


@pytest.mark.parametrize(
    ("finding", "said"),
    [
        (found(Ground.NOTHING, Mode.NONE), ""),
        (
            found(Ground.NOTHING, Mode.NONE, dialogue=Mode.SCRATCH),
            "dvcinc: dialogue model: scratch (not trained here)",
        ),
        (found(Ground.NOTHING, Mode.NONE, dialogue=Mode.FINETUNE), ""),
        (
            found(Ground.CHEAP, Mode.FINETUNE),
            "dvcinc: finetune: the base learns what is new",
        ),
        (
            found(Ground.CHEAP, Mode.REFRESH, dialogue=Mode.SCRATCH),
            (
                "dvcinc: refresh: the model is packaged again around the same weights; "
                "dialogue model: scratch (not trained here)"
            ),
        ),
        (
            found(Ground.TRAINED, standing=Standing.TRAINED),
            "dvcinc: scratch: already trained, as dvc.lock says",
        ),
        (
            found(Ground.CHEAP, Mode.REFRESH, standing=Standing.TRAINED),
            "dvcinc: refresh: already packaged, as dvc.lock says",
        ),
        (
            found(Ground.TAKEN_UP, origin="the plan at 1"),
            "dvcinc: scratch: the base of the plan at 1 fits, which has been trained",
        ),
        (
            found(Ground.MERGED, Mode.FINETUNE),
            "dvcinc: finetune: all that it takes against the other side of the merge",
        ),
        (
            found(Ground.WAITING, standing=Standing.DUE, own=Mode.FINETUNE),
            (
                "dvcinc: finetune: all that this change needs; scratch is due already, "
                "since before"
            ),
        ),
        (
            replace(
                found(Ground.WAITING, standing=Standing.DUE, own=Mode.NONE),
                since="0123456789abcdef",
            ),
            (
                "dvcinc: none: this change trains nothing; scratch is due already, "
                "since 0123456789"
            ),
        ),
        (found(Ground.CHEAP, Mode.REFRESH, standing=Standing.DUE, own=Mode.NONE), ""),
        (
            Finding(ground=Ground.FIRST),
            "dvcinc: nothing was committed before, so there is nothing to compare with",
        ),
        (
            Finding(ground=Ground.MENDED, error=InputError("x")),
            "dvcinc: what was there cannot be read, and this mends it",
        ),
    ],
    ids=lambda value: value.ground.name if isinstance(value, Finding) else "",
)
def test_what_passes_is_a_line_or_nothing(finding, said):
    assert passed(finding, COMMIT) == said
    below = said.replace("dvcinc: ", "dvcinc: bots/my bot: ", 1)
    assert passed(finding, BELOW) == below


STOPPED = [
    (
        replace(COMMIT, managed=True),
        "this commit needs",
        """\
To train it first:     dvc repro, and git add what it writes
                       (plan/plan.json, dvc.lock, lineage.json, …)
To go on without:      DVCINC_TRAINING_MODE=scratch git commit …
                       or git commit --trailer "Training-Mode: scratch" …
                       with dvcinc-commit-msg in place of dvcinc-check
What fine-tunes alone: dvcinc classify --staged --split""",
    ),
    (
        BELOW,
        "this commit of bots/my bot needs",
        """\
To train it first:     cd 'bots/my bot' && dvc repro, and git add what it writes
                       (plan/plan.json, dvc.lock, lineage.json, …)
To go on without:      DVCINC_TRAINING_MODE=scratch git commit …
                       or git commit --trailer "Training-Mode: scratch" …
                       with dvcinc hook commit-msg in the file commit-msg
What fine-tunes alone: dvcinc --project 'bots/my bot' classify --staged --split""",
    ),
    (
        PUSH,
        "this push needs",
        """\
To train it first:     dvc repro, and commit what it writes
                       (plan/plan.json, dvc.lock, lineage.json, …)
To go on without:      DVCINC_TRAINING_MODE=scratch git push …
                       or the trailer Training-Mode: scratch in a commit
What fine-tunes alone: dvcinc classify 0123456789..abcdefabcd --split""",
    ),
]


@pytest.mark.parametrize(("scene", "what", "ways"), STOPPED)
def test_what_is_stopped_is_told_how_to_go_on(scene, what, ways):
    said = stopped(found(Ground.UNTRAINED), scene)
    lead = f"dvcinc: {what} training from scratch, not done yet\nscratch: a new base"
    assert said.startswith(lead)
    assert said.endswith(f"\n\n{ways}")


def test_a_plan_that_does_not_count_is_told():
    finding = replace(found(Ground.UNTRAINED), note="plan.json is of others")
    assert "\nnote: plan.json is of others\n" in stopped(finding, COMMIT)


@pytest.mark.parametrize(
    ("scene", "lead"),
    [
        (COMMIT, "dvcinc: what is staged cannot be read"),
        (BELOW, "dvcinc: bots/my bot: what is staged cannot be read"),
        (PUSH, "dvcinc: what is pushed cannot be read"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_places(scene, lead):
    error = InputError("a.yml:1:2: no\nb.yml:3:4: \x1b[31mno", "mend it")
    finding = Finding(ground=Ground.BROKEN, error=error)
    assert stopped(finding, scene).split("\n") == [
        lead,
        "  a.yml:1:2: no",
        "  b.yml:3:4:  [31mno",
        "  → mend it",
    ]


def test_answers_and_warnings_are_lines():
    scratch, cheap = found(Ground.UNTRAINED), found(Ground.CHEAP, Mode.FINETUNE)
    assert granted(scratch, COMMIT, "X") == "dvcinc: scratch, as X says"
    assert needless(cheap, BELOW) == (
        "dvcinc: bots/my bot: finetune; Training-Mode: scratch is not needed"
    )
    assert untold(InputError("gone", "run dvc pull"), PUSH).split("\n") == [
        "warning: dvcinc: cannot tell what training this push needs: gone",
        "hint: run dvc pull",
    ]


def test_only_what_is_wrong_stops():
    assert {g for g in Ground if g.stops} == {Ground.UNTRAINED, Ground.BROKEN}
