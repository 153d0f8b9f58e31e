"""What lies between two models is told by their records and their commits' data."""

from __future__ import annotations

import pytest
from lineages import digest
from recorded import GREET, NLU, ORDER, known, nlu, record_of, trained

from dvcinc.config import Mode
from dvcinc.lineage.between import between
from dvcinc.lineage.corpora import trained_on

FILE = "lineage.json"


def compared(made, old="a", new="b"):
    project, _, found = known(made)
    all_of = {**found.served, **found.bases}
    return between(project, all_of[digest(old)], all_of[digest(new)])


def test_examples_are_counted_by_intent(repo):
    made = repo()
    trained(made, "a", GREET)
    trained(made, "b", f"{ORDER}greet: good day\n".replace("so long", "see you"))
    found = compared(made)
    counts = [(one.name, one.added, one.removed) for one in found.data.intents]
    assert counts == [("bye", 1, 1), ("greet", 1, 0), ("order", 2, 0)]
    codes = [reason.code for reason in found.data.changes]
    assert codes == ["DI102", "DI201", "DI101", "DI101"]
    assert found.problems == ()


def test_equal_data_have_no_changes(repo):
    made = repo()
    trained(made, "a", GREET)
    trained(made, "b")
    found = compared(made)
    assert (found.data.intents, found.data.changes, found.tracked) == ((), (), ())


@pytest.mark.parametrize(
    ("files", "code"),
    [
        (
            {"config.yml": "language: de\npipeline: [{name: WhitespaceTokenizer}]"},
            "DI405",
        ),
        ({"params.yaml": "train: {epochs: 7}\n"}, "DI407"),
    ],
)
def test_settings_are_changes_too(repo, files, code):
    made = repo()
    trained(made, "a", GREET)
    made.write(files)
    trained(made, "b")
    assert [reason.code for reason in compared(made).data.changes] == [code]


def test_a_change_of_the_policy_is_told(repo):
    made = repo()
    trained(made, "a", GREET)
    made.write({"params.yaml": "policy: {preset: pragmatic}\n"})
    trained(made, "b", preset="pragmatic")
    found = compared(made)
    assert found.data.policy == (
        "params.yaml: policy.preset is now pragmatic, was strict",
    )
    assert [(o.name, o.before, o.after) for o in found.circumstances] == [
        ("preset", "strict", "pragmatic")
    ]


def test_metrics_and_circumstances_are_those_of_the_records(repo):
    made = repo()
    trained(made, "a", GREET, metrics={"x": 1.0, "y": 2.0}, environment={"numpy": "1"})
    trained(made, "b", metrics={"y": 3.0, "z": 4.0}, environment={"numpy": "2"})
    found = compared(made)
    assert [(o.name, o.before, o.after) for o in found.metrics] == [
        ("x", 1.0, None),
        ("y", 2.0, 3.0),
        ("z", None, 4.0),
    ]
    assert [(o.name, o.before, o.after) for o in found.circumstances] == [
        ("numpy", "1", "2")
    ]


def test_a_base_may_be_compared(repo):
    made = repo()
    trained(made, "a", GREET)
    trained(made, "b", ORDER, base="other", mode=Mode.SCRATCH)
    found = compared(made, "base", "other")
    assert [one.name for one in found.data.intents] == ["order"]
    assert found.problems == ()


# --- where the data are -----------------------------------------------------------


def test_data_that_were_committed_before_the_model_are_found_by_digest(repo):
    """CI trains a commit, and commits the model after somebody else's push."""
    made = repo(nlu(GREET))
    record = record_of(made, "a", commit=made.commits[0])
    made.commit(nlu(ORDER))
    made.commit({FILE: record})
    project, _, found = known(made)
    place = trained_on(project, found.served[digest("a")])
    assert (place.source.commit, place.problem) == (made.commits[0], "")


def test_data_that_no_commit_has_are_told_as_other_ones(repo):
    made = repo(nlu(GREET))
    record = record_of(made, "a", commit="0" * 40)
    made.commit({**nlu(ORDER), FILE: record})
    project, _, found = known(made)
    place = trained_on(project, found.served[digest("a")])
    assert place.side is not None
    assert "are not those that model" in place.problem


@pytest.mark.parametrize("commit", ["--all", "HEAD:x", "a\nb", "", "é"])
def test_a_record_may_name_any_nonsense_as_its_commit(repo, commit):
    made = repo()
    trained(made, "a", GREET, commit=commit)
    project, _, found = known(made)
    assert trained_on(project, found.served[digest("a")]).problem == ""


def pointer(md5, size, nfiles):
    return (
        f"outs:\n- md5: {md5}.dir\n  size: {size}\n  nfiles: {nfiles}\n"
        "  hash: md5\n  path: nlu\n"
    )


def test_data_that_dvc_tracks_are_told_by_their_pointers(repo):
    made = repo(nlu(GREET))
    record = [record_of(made, name) for name in "ab"]
    settings = {"params.yaml": "data: {nlu: data/nlu, domain: domain.yml}\n", NLU: None}
    first = pointer("a" * 32, 100, 2)
    made.commit({**settings, "data/nlu.dvc": first, FILE: record[0]})
    made.commit({"data/nlu.dvc": pointer("b" * 32, 120, 3), FILE: record[1]})
    found = compared(made)
    assert found.data is None
    (one,) = found.tracked
    told = [(out.md5[:4], out.size, out.nfiles) for out in (one.before, one.after)]
    assert (one.path, told) == ("data/nlu", [("aaaa", 100, 2), ("bbbb", 120, 3)])
    assert any("data/nlu" in problem for problem in found.problems)
