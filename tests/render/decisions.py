"""Decision documents: one that is whole, and any that the schema allows."""

from __future__ import annotations

import copy
import json

from hypothesis import strategies as st

from dvcinc.lineage.standing import Standing
from dvcinc.lineage.warning import About
from dvcinc.render.decision import read_decision
from dvcinc.render.marker import stays_inside

HEAD, BASE = "a" * 40, "b" * 40
SHA = f"sha256:{'c' * 64}"
MODES = ("none", "refresh", "finetune", "scratch")


def reason(**changes):
    """A reason of a document."""
    return {
        "code": "DI201",
        "kind": "intent-added",
        "targets": ["nlu", "dialogue"],
        "mode": "scratch",
        "subject": "order",
        "names": [],
        "count": 2,
        "places": [{"side": "new", "path": "data/more.yml", "line": 5}],
        "text": "intent order is new (2 examples)",
        "advice": "move the 2 examples of order to a separate pull request",
        "since": "change",
        **changes,
    }


def part(**changes):
    """A part of a change that was taken apart."""
    return {
        "files": ["data/more.yml"],
        "count": 1,
        "mode": "scratch",
        "reasons": [reason()],
        "first": False,
        "together": [],
        "problem": "",
        **changes,
    }


WHOLE = {
    "schema": "dvcinc/decision/1",
    "project": "bots/one",
    "mode": "scratch",
    "targets": {"nlu": "scratch", "dialogue": "scratch"},
    "standing": "new",
    "due_since": None,
    "old": {"source": "main", "commit": BASE, "digest": SHA},
    "new": {"source": "HEAD", "commit": HEAD, "digest": SHA},
    "policy": {"preset": "strict", "mode": "auto"},
    "base": {
        "digest": SHA,
        "commit": BASE,
        "examples": 1773,
        "age_days": 12.4,
        "finetunes": 3,
    },
    "cost": {"scratch_s": 61.0, "finetune_s": 7.2},
    "reasons": [
        reason(),
        reason(
            code="DI102",
            kind="example-removed",
            subject="bye",
            places=[{"side": "old", "path": "data/nlu.yml", "line": 9}],
            text="1 example removed from intent bye",
            advice="",
        ),
    ],
    "intents": [
        {"name": "bye", "added": 0, "removed": 1, "now": 11},
        {"name": "order", "added": 2, "removed": 0, "now": 2},
    ],
    "warnings": [
        {
            "kind": "same-text",
            "text": "one text is an example of bye and order",
            "path": "data/more.yml",
            "line": 6,
        },
        {
            "kind": "policy",
            "text": "params.yaml: policy.preset is now strict",
            "path": None,
            "line": None,
        },
    ],
    "metrics": {
        "overall": [
            {"name": "intent.accuracy", "before": 0.95, "after": 0.955},
            {"name": "responses_accuracy", "before": None, "after": 0.9},
        ],
        "intents": [
            {
                "name": "order",
                "before": None,
                "after": 0.9,
                "support": 10,
                "touched": True,
                "worse": False,
            },
            {
                "name": "greet",
                "before": 1.0,
                "after": 0.7,
                "support": 20,
                "touched": False,
                "worse": True,
            },
        ],
        "paired": True,
    },
    "lineage": {
        "models": [
            {
                "digest": SHA,
                "base": f"sha256:{'d' * 64}",
                "base_examples": 1773,
                "mode": "finetune",
                "ran": "finetuned",
                "examples": 1780,
                "added": 7,
                "removed": 0,
                "seconds": 7.2,
                "commit": HEAD,
            }
        ]
    },
    "split": [
        part(files=["data/nlu.yml"], mode="finetune", reasons=[], first=True),
        part(),
    ],
    "left_off": {"reasons": 0, "change": 0, "intents": 0, "warnings": 0},
}


WHOLE["change"] = {key: WHOLE[key] for key in ("mode", "targets", "reasons")}


def whole(*, standing="new", change=None, **changes):
    """The document, with other values at its top.

    Unless `change` is given, the change brings all that has to run.
    """
    found = {**copy.deepcopy(WHOLE), **changes}
    own = {key: found[key] for key in ("mode", "targets", "reasons")}
    return {**found, "standing": standing, "change": change or own}


def said(**changes):
    """The same as values."""
    return read_decision(json.dumps(whole(**changes)).encode())


# --- any document -----------------------------------------------------------------

counts = st.integers(0, 10**12)
amounts = st.none() | st.floats(0, 10**12)
shares = st.none() | st.floats(0, 1)
modes = st.sampled_from(MODES)
commits = st.none() | st.sampled_from([HEAD, BASE])
record = st.fixed_dictionaries


def few(of):
    """A short list."""
    return st.lists(of, max_size=3)


def _reasons(name, path):
    side = st.sampled_from(["old", "new"])
    place = record({"side": side, "path": path, "line": st.integers(1, 10**6)})
    return record(
        {
            "code": st.sampled_from(["DI201", "DI101", "DI999"]),
            "kind": st.just("intent-added"),
            "targets": st.sampled_from([[], ["nlu"], ["nlu", "dialogue"]]),
            "mode": modes,
            "subject": name,
            "names": few(name),
            "count": counts,
            "places": few(place),
            "text": name,
            "advice": name,
            "since": st.sampled_from(["change", "base"]),
        }
    )


def _models(name):
    return record(
        {
            "digest": name,
            "base": name,
            "base_examples": counts,
            "mode": modes,
            "ran": name,
            "examples": counts,
            "added": counts,
            "removed": counts,
            "seconds": amounts,
            "commit": commits,
        }
    )


def _metrics(name):
    overall = {"name": name, "before": amounts, "after": amounts}
    intent = {
        "name": name,
        "before": shares,
        "after": shares,
        "support": counts,
        "touched": st.booleans(),
        "worse": st.booleans(),
    }
    return record(
        {
            "overall": few(record(overall)),
            "intents": few(record(intent)),
            "paired": st.booleans(),
        }
    )


def _warnings(name, path):
    return record(
        {
            "kind": st.sampled_from([about.value for about in About]),
            "text": name,
            "path": st.none() | path,
            "line": st.none() | st.integers(1, 10**6),
        }
    )


def _bases(name):
    return record(
        {
            "digest": name,
            "commit": commits,
            "examples": counts,
            "age_days": amounts,
            "finetunes": st.none() | counts,
        }
    )


def documents(names):
    """Documents in which people's words are drawn from a strategy."""
    name = names.map(lambda text: text[:200])
    path = name.filter(bool)
    why = _reasons(name, path)
    project = path.filter(stays_inside)
    digest = st.sampled_from([None, SHA])
    side = record({"source": name, "commit": commits, "digest": digest})
    intent = {"name": name, "added": counts, "removed": counts, "now": counts}
    alone = {
        "files": few(path),
        "count": counts,
        "mode": st.none() | modes,
        "reasons": few(why),
        "first": st.booleans(),
        "together": few(name),
        "problem": name,
    }
    return record(
        {
            "schema": st.just("dvcinc/decision/1"),
            "project": project,
            "mode": modes,
            "targets": record({"nlu": modes, "dialogue": modes}),
            "standing": st.sampled_from([one.value for one in Standing]),
            "due_since": commits,
            "change": record(
                {
                    "mode": modes,
                    "targets": record({"nlu": modes, "dialogue": modes}),
                    "reasons": few(why),
                }
            ),
            "old": side,
            "new": side,
            "policy": st.just({"preset": "strict", "mode": "scratch"}),
            "base": st.none() | _bases(name),
            "cost": record({"scratch_s": amounts, "finetune_s": amounts}),
            "reasons": few(why),
            "intents": few(record(intent)),
            "warnings": few(_warnings(name, path)),
            "metrics": st.none() | _metrics(name),
            "lineage": st.none() | record({"models": few(_models(name))}),
            "split": st.none() | few(record(alone)),
            "left_off": record(
                {
                    "reasons": counts,
                    "change": counts,
                    "intents": counts,
                    "warnings": counts,
                }
            ),
        }
    )
