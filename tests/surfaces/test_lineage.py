"""`dvcinc lineage …` on the command line: what it prints, and how it ends."""

from __future__ import annotations

import json
import os
import re
from dataclasses import replace
from importlib.resources import files

import pytest
from jsonschema import Draft202012Validator
from lineages import digest, written
from recorded import GREET, ORDER, lineage_of, trained
from surfaces.run import dvcinc

from dvcinc.lineage.record import ReasonRecord

FILE = "lineage.json"
HOSTILE = '\x1b[31mred\x07 <b>@all</b> | `x` \u202e --> " ]\\'
SCHEMA = json.loads((files("dvcinc.render") / "schemas/lineage.json").read_bytes())


def short(name):
    return digest(name)[7:15]


@pytest.fixture
def made(repo):
    """Two models of a line, with an intent between them; commits of a hostile hand."""
    made = repo()
    trained(made, "a", GREET, HOSTILE)
    trained(made, "b", ORDER)
    return made


def with_model(found, **said):
    """A lineage whose model says these things."""
    return replace(found, model=replace(found.model, **said))


def run(made, *arguments, code=0):
    done = dvcinc(made.path, "lineage", *arguments)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return done


def test_a_log_has_a_model_after_the_other_newest_first(made):
    lines = run(made, "log").stdout.splitlines()
    told = [line.split()[:4] for line in lines if line[0] in "* " and line[2] != " "]
    commits = [commit[:10] for commit in made.commits]
    assert told[1:] == [
        ["*", short("b"), "finetune", commits[1]],
        [short("a"), "finetune", commits[0], "2024-01-01"],
    ]
    assert lines[2:4] == [
        "    DI101 3 examples added",
        "    intent.macro_f1 0.875, intent.accuracy 0.900",
    ]


def test_no_line_of_a_log_is_wider_than_a_terminal(made):
    reason = ReasonRecord(code="DI101", text="x" * 200, place="")
    found = lineage_of(
        made,
        "c",
        reasons=(reason, reason),
        metrics={"m" * 60: 0.5, "n" * 60: 0.25},
        seconds=40_000.0,
    )
    data = replace(found.model.data, added=12_345, removed=1_234)
    made.commit({FILE: with_model(found, data=data).to_bytes()})
    lines = run(made, "log").stdout.splitlines()
    assert max(map(len, lines)) == 80
    assert lines[1].endswith("  +12,345 −1,234   666 min")


def test_a_model_that_is_not_committed_stands_first(made):
    made.write({FILE: written("c")})
    _, first, *_ = run(made, "log").stdout.splitlines()
    assert first.startswith(f"* {short('c')}  finetune  work tree ")
    assert short("c") not in run(made, "log", "HEAD").stdout


@pytest.mark.parametrize("command", ["log", "graph"])
def test_a_project_without_models_says_what_to_do(repo, command):
    for made in (repo(name="one"), repo({"x": "1"}, name="two")):
        said = run(made, command).stdout
        assert said.startswith("no model is recorded yet: dvc repro writes")


@pytest.mark.parametrize("command", [["log"], ["graph"], ["show"], ["diff", "HEAD~1"]])
def test_an_unknown_revision_is_an_error(made, command):
    done = run(made, *command[:1], "nowhere", code=2)
    assert "nowhere" in done.stderr


@pytest.mark.parametrize(
    "arguments", [("log", "--json", "--md"), ("graph", "--dot", "--mermaid")]
)
def test_forms_exclude_each_other(made, arguments):
    assert "exclude each other" in run(made, *arguments, code=2).stderr


def test_broken_records_and_cut_off_histories_are_warnings(made):
    made.commit({FILE: "{}"})
    made.git("clone", "--quiet", "--depth=2", made.path.as_uri(), "../shallow")
    there = type(made)(made.path.parent / "shallow")
    done = run(there, "log")
    assert "warning: " in done.stderr
    assert f"{made.commits[-1][:10]}:{FILE}: has schema None" in done.stderr
    assert "fetch-depth: 0" in done.stderr
    assert short("b") in done.stdout


def test_all_projects_are_listed_under_their_names(repo):
    made = repo({"one/lineage.json": written("a"), "two/lineage.json": written("b")})
    lines = run(made, "log", "--all-projects").stdout.splitlines()
    assert [line for line in lines if line.endswith(":")] == ["one:", "two:"]


@pytest.mark.parametrize(
    "arguments", [("log",), ("graph",), ("show",), ("blame", "hi")]
)
def test_a_bare_repository_has_no_work_tree_to_look_at(made, arguments):
    made.git("clone", "--quiet", "--bare", ".", "../bare")
    there = type(made)(made.path.parent / "bare")
    assert (
        short("a" if arguments[0] == "blame" else "b") in run(there, *arguments).stdout
    )


@pytest.mark.skipif(os.name != "posix", reason="names of files are bytes there")
def test_a_project_may_lie_in_a_folder_whose_name_is_no_text(repo):
    made = repo({"x": "1"})
    folder = made.path / os.fsdecode(b"b\xff\x1b[31m")
    folder.mkdir()
    (folder / FILE).write_bytes(written("a"))
    (folder / "params.yaml").write_text("")
    made.commit()
    (folder / FILE).write_bytes(b"{}")
    made.commit()
    there = type(made)(folder)
    for arguments in (("log",), ("log", "--json"), ("graph", "--json")):
        done = run(there, *arguments)
        assert "\x1b" not in done.stdout + done.stderr
        assert short("a") in done.stdout
    assert run(made, "log", "--all-projects").stdout.startswith("b\ufffd [31m:")


# --- nothing that people wrote talks to a terminal, or to Markdown ------------------

FORMS = [
    ("log",),
    ("log", "--md"),
    ("graph",),
    ("graph", "--mermaid"),
    ("graph", "--dot"),
    ("show",),
    ("show", "HEAD~1"),
    ("diff", "HEAD~1"),
    ("diff", "HEAD~1", "--md"),
    ("blame", "greet"),
]


def hostile(made):
    """Commits records all of whose texts are hostile."""
    spoilt = {
        "reasons": (ReasonRecord(code=HOSTILE, text=HOSTILE, place=HOSTILE),),
        "metrics": {HOSTILE: 0.5},
        "environment": {HOSTILE: HOSTILE},
        **dict.fromkeys(("ran", "preset", "dvc", "commit"), HOSTILE),
    }
    found = lineage_of(made, "c")
    found = replace(found, base=replace(found.base, **spoilt))
    digest = f'sha256:"\\]<b>{HOSTILE}'
    made.commit({FILE: with_model(found, **spoilt, digest=digest).to_bytes()}, HOSTILE)


@pytest.mark.parametrize("arguments", FORMS)
def test_what_people_wrote_is_shown_as_text(made, arguments):
    hostile(made)
    said = run(made, *arguments).stdout
    assert not {c for c in said if c != "\n" and (ord(c) < 32 or c in "\x7f\u202e")}
    if "--md" in arguments:
        assert "@all" not in said.replace("`", "\0").split("\0")[0::2]
    if "--mermaid" in arguments:
        assert "<b>" not in said


# --- documents ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        ("log",),
        ("log", "-n", "1"),
        ("graph",),
        ("show",),
        ("show", digest("base")),
        ("diff", "HEAD~1"),
        ("diff", digest("base"), "HEAD"),
        ("blame", "order"),
        ("blame", "nothing"),
    ],
)
@pytest.mark.parametrize("spoil", [False, True])
def test_each_document_is_what_the_schema_says(made, arguments, spoil):
    if spoil:
        hostile(made)
    said = json.loads(run(made, *arguments, "--json").stdout)
    name = f"dvcinc/lineage-{arguments[0]}/1"
    assert said["schema"] == name
    one = {**SCHEMA, "oneOf": [{"$ref": f"#/$defs/{arguments[0]}"}]}
    assert [e.message for e in Draft202012Validator(one).iter_errors(said)] == []
    assert Draft202012Validator(SCHEMA).is_valid(said)


def test_the_schema_is_one():
    Draft202012Validator.check_schema(SCHEMA)


def test_a_document_of_a_shortened_log_says_so(made):
    said = json.loads(run(made, "log", "-n", "1", "--json").stdout)
    assert [one["digest"] for one in said["models"]] == [digest("b")]
    assert (said["more"], said["current"]) == (True, digest("b"))
    assert said["models"][0]["commit"]["id"] == made.commits[1]


def test_a_graph_is_drawn_with_the_base_below_its_first_model(made):
    assert run(made, "graph").stdout.splitlines() == [
        f"*  {made.commits[1][:10]}  {short('b')}  finetune  +0 −0, 5.0 s",
        f"*  {made.commits[0][:10]}  {short('a')}  finetune  +0 −0, 5.0 s",
        f"   # base {short('base')}, 4 examples, 1 min 00 s",
    ]


def test_drawings_lead_from_the_base_and_from_the_model_before(made):
    base = f"base {short('base')}, 4 examples, 1 min 00 s"
    a, b = (
        f"model {short(name)}, finetune, +0 −0, 5.0 s, {commit[:10]}"
        for name, commit in zip("ab", made.commits, strict=True)
    )
    assert run(made, "graph", "--mermaid").stdout.splitlines() == [
        "graph LR",
        f'  b0["{base}"]',
        f'  m0("{a}")',
        "  b0 --> m0",
        f'  m1("{b}")',
        "  b0 --> m1",
        "  m0 -.-> m1",
    ]
    label = b.replace(", ", r"\n")
    lines = run(made, "graph", "--dot").stdout.splitlines()
    assert lines[0] == "digraph lineage {"
    assert f'  m1 [label="{label}", style=rounded];' in lines
    assert lines[-2:] == ["  m0 -> m1 [style=dashed];", "}"]


def test_a_quote_does_not_end_a_label_of_a_drawing(made):
    hostile(made)
    rows = run(made, "graph", "--dot").stdout.splitlines()
    labels = [row.partition("label=")[2] for row in rows if "label=" in row]
    for label in labels:
        assert re.fullmatch(r'"(?:[^"\\]|\\.)*", style=\w+\];', label), label
    assert any(r"\"" in label for label in labels)


def test_blame_of_a_name_that_nothing_has_is_an_error(made):
    done = run(made, "blame", "nothing", code=2)
    assert "no intent, entity type or example is or was named 'nothing'" in done.stderr


def test_blame_names_training_commit_and_author(made):
    lines = run(made, "blame", "order").stdout.splitlines()
    at = made.commits[1][:10]
    assert lines == [
        "intent order",
        f"  known since model {short('b')} (finetune, {at} 2024-01-01)",
        f"    brought by {at} Ada, 2024-01-01: model b",
    ]


def test_diff_tells_intents_changes_and_metrics(made):
    said = run(made, "diff", "HEAD~1").stdout
    assert "  order: +2 −0\n" in said
    assert "  DI201 " in said
    assert "2 of 2 are equal" in said
