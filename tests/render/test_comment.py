"""A comment says what the decision says, within its budget, whoever wrote the names."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from render.decisions import BASE, HEAD, WHOLE, documents, part, reason, said
from render.rendering import OURS, both
from render.test_escape import HOSTILE

from dvcinc.config import Mode
from dvcinc.errors import InputError
from dvcinc.render.comment import SIGNS, comment, markdown, marker
from dvcinc.render.decision import read_decision
from dvcinc.render.links import Forge, Links, repository_path
from dvcinc.render.mermaid import label
from dvcinc.render.outputs import status_text
from dvcinc.render.sarif import sarif
from dvcinc.render.sections import Budget, Section, fit
from dvcinc.render.words import MEANING

PAGE = "https://github.com/acme/bot"
GITHUB = Links(repository=PAGE, head=HEAD, base=BASE)
GITLAB = Links(forge=Forge.GITLAB, repository="https://gitlab.com/a/b", head=HEAD)
BLOB = f"{PAGE}/blob"


def test_the_mode_comes_first_in_words_after_the_hidden_marker():
    first, second, *_ = comment(said(), GITHUB).split("\n")
    assert first == "<!-- dvcinc:comment project=bots/one -->"
    assert second == "### 🔴 Training mode: scratch"


@pytest.mark.parametrize("mode", Mode)
def test_each_mode_has_a_sign_and_words(mode):
    body = comment(said(mode=mode.word), GITHUB)
    assert f"### {SIGNS[mode]} Training mode: {mode.word}\n" in body
    assert f"**{MEANING[mode].capitalize()}.**" in body


@pytest.mark.parametrize(
    "expected",
    [
        "intent `order` is new (2 examples)",
        "→ move the 2 examples of `order` to a separate pull request",
        f"[`data/more.yml:5`]({BLOB}/{HEAD}/bots/one/data/more.yml#L5)",
        f"[`data/nlu.yml:9`]({BLOB}/{BASE}/bots/one/data/nlu.yml#L9) (old side)",
        f"**Base:** 1,773 examples, cut at [`{BASE[:10]}`]({PAGE}/commit/{BASE}), ",
        ", 12 days old, 3 fine-tunes since.",
        "**from scratch 1 min 01 s**; instead of fine-tune 7.2 s",
        "| `data/more.yml` | 🔴 scratch | DI201 intent `order` is new (2 examples) ([",
        "| `data/nlu.yml` | 🟢 finetune, may go first |  |",
        "1 file may go first; only the rest needs scratch.",
        "| `order` | +2 |  | 2 |",
        "| `bye` |  | −1 | 11 |",
        "⚠️ one text is an example of bye and order ",
        "| `intent.accuracy` | 0.950 | 0.955 | +0.005 |",
        "⚠️ 1 untouched intent got worse (F1 down by more than 0.02, and by more than ",
        "| `order` | – | 0.900 |  | 10 | touched |",
        "| `greet` | 1.000 | 0.700 | −0.300 | 20 | ⚠️ worse |",
        "```mermaid\ngraph LR\n",
        '  base0["base dddddddd, 1,773 examples"]\n  model0("model cccccccc, ',
        "finetune, finetuned, +7 −0, 7.2 s, at aaaaaaaaaa",
    ],
)
def test_what_a_comment_says(expected):
    assert expected in comment(said(), GITHUB)


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("scratch", 'base0 -.- change{{"this change: scratch, a new base"}}'),
        ("finetune", 'base0 -.-> change{{"this change: finetune"}}'),
        ("refresh", 'base0 -.-> change{{"this change: refresh"}}'),
        ("none", 'model0 -.- change{{"this change: none"}}'),
    ],
)
def test_a_change_that_is_not_trained_yet_stands_in_the_graph(mode, expected):
    assert expected in comment(said(mode=mode, metrics=None), GITHUB)
    assert "change{{" not in comment(said(mode=mode), GITHUB)


def test_gitlab_has_other_links():
    body = comment(said(), GITLAB)
    page = "https://gitlab.com/a/b/-"
    assert f"({page}/blob/{HEAD}/bots/one/data/more.yml#L5)" in body
    # Nobody gave the base: the document's own commit stands for it.
    assert f"({page}/blob/{BASE}/bots/one/data/nlu.yml#L9)" in body
    assert f"({page}/commit/{BASE})" in body


def test_without_a_page_there_are_no_links():
    assert "](" not in comment(said(), Links())


@pytest.mark.parametrize(
    ("project", "path", "found"),
    [
        (".", "a.yml", "a.yml"),
        ("bots/one", "a.yml", "bots/one/a.yml"),
        ("bots/one", "../two/a.yml", "bots/two/a.yml"),
        ("bots", "../../a.yml", None),
        (".", "/etc/passwd", None),
        ("/etc", "passwd", None),
        (".", ".", None),
        (".", "a/../..", None),
    ],
)
def test_no_path_leads_out_of_the_repository(project, path, found):
    assert repository_path(project, path) == found


def test_paths_in_links_are_encoded():
    place = {"side": "new", "path": "a (b)/ü#?%|].yml", "line": 1}
    body = comment(said(project=".", reasons=[reason(places=[place])]), GITHUB)
    assert f"({BLOB}/{HEAD}/a%20%28b%29/%C3%BC%23%3F%25%7C%5D.yml#L1)" in body
    for seen in both(body):
        assert any("%C3%BC%23" in link for link in seen.links)


@pytest.mark.parametrize(
    "wrong",
    [
        {"repository": "javascript:alert(1)"},
        {"repository": "https://evil.example/a b"},
        {"repository": "https://user:secret@github.com/a/b"},
        {"repository": "https://github.com/a/b)\n# x"},
        {"head": "main"},
        {"head": HEAD + "\n"},
        {"base": "../x"},
    ],
)
def test_links_are_made_of_pages_and_commits_alone(wrong):
    with pytest.raises(InputError):
        Links(**wrong)


@pytest.mark.parametrize(
    ("changes", "matters"),
    [
        ({}, True),
        ({"targets": {"nlu": "none", "dialogue": "none"}}, True),
        ({"targets": {"nlu": "none", "dialogue": "none"}, "warnings": []}, False),
        ({"targets": {"nlu": "none", "dialogue": "scratch"}, "warnings": []}, True),
        ({"targets": {"nlu": "refresh", "dialogue": "none"}, "warnings": []}, True),
    ],
)
def test_what_trains_nothing_does_not_matter_but_for_the_policy(changes, matters):
    assert said(**changes).matters is matters


@pytest.mark.parametrize(
    ("mode", "cost", "expected"),
    [
        ("scratch", (61.0, 7.2), "**from scratch 1 min 01 s**; instead of fine-tune"),
        ("finetune", (61.0, 7.2), "**fine-tune 7.2 s**; instead of from scratch 1 min"),
        ("scratch", (61.0, None), "as recorded: **from scratch 1 min 01 s**."),
        (
            "finetune",
            (61.0, None),
            "as recorded: not known yet; instead of from scratch",
        ),
        ("none", (61.0, 7.2), "**no training**; instead of from scratch 1 min 01 s"),
        ("none", (None, None), None),
    ],
)
def test_the_cost_of_the_mode_and_of_the_other(mode, cost, expected):
    seconds = {"scratch_s": cost[0], "finetune_s": cost[1]}
    body = comment(said(mode=mode, cost=seconds), GITHUB)
    assert expected is None or expected in body
    assert (expected is None) == ("Expected cost" not in body)


@pytest.mark.parametrize(
    ("mode", "words"),
    [("refresh", "already packaged"), ("finetune", "already trained")],
)
def test_what_has_run_is_called_by_what_ran(mode, words):
    found = said(mode=mode, standing="trained")
    assert f"Training mode: {mode}, {words} in this pull request" in comment(
        found, GITHUB
    )
    assert status_text(found, Forge.GITHUB).startswith(f"{mode}, {words}, 2 ")
    assert f", {words}: " in json.dumps(sarif(found))


def test_what_is_due_anyway_has_no_cost_of_this_change():
    body = comment(said(standing="due", mode="scratch"), GITHUB)
    assert "Expected cost" not in body


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        (0.95, 0.955, "0.950 | 0.955 | +0.005"),
        (0.95, 0.95, "0.950 | 0.950 | ="),
        (0.3061, 0.306, "0.306 | 0.306 | ="),
        (250, 237, "250 | 237 | −13"),
        (0.0, 1.0, "0.000 | 1.000 | +1.000"),
        (1000, 2500, "1,000 | 2,500 | +1,500"),
    ],
)
def test_a_change_has_as_many_digits_as_what_changed(before, after, change):
    metric = {"name": "x", "before": before, "after": after}
    body = comment(
        said(metrics={"overall": [metric], "intents": [], "paired": True}), GITHUB
    )
    assert f"| `x` | {change} |\n" in body


def test_a_split_tells_what_each_file_needs_alone():
    tied = part(count=7, mode=None, problem="cannot be read", reasons=[])
    first = part(files=["data/a.yml"], mode="finetune", first=True)
    parts = [first, tied, part(together=["one names the other"])]
    body = comment(said(split=parts), GITHUB)
    assert "| `data/more.yml` and 6 more | ? | cannot be read |" in body
    assert "| `data/more.yml`<br>(one names the other) | 🔴 scratch |" in body
    assert "1 file may go first; only the rest needs scratch." in body


@pytest.mark.parametrize("split", [None, [], [part()], [part(), part(mode="none")]])
def test_where_no_file_may_go_first_nothing_is_said_of_files(split):
    """The advice to move examples may hold all the same, and nothing contradicts it."""
    body = comment(said(split=split), GITHUB)
    assert "separate pull request" in body
    assert "cheaper" not in body
    assert "gains nothing" not in body


def test_names_in_a_table_are_code_whether_they_look_like_words_or_not():
    told = [
        reason(subject=name, text=f"intent {name} is new (2 examples)", advice=advice)
        for name in ("recommend", "opening_hours")
        for advice in [f"move the 2 examples of {name} to a separate pull request"]
    ]
    body = comment(said(reasons=told), GITHUB)
    assert "intent `recommend` is new" in body
    assert "intent `opening_hours` is new" in body
    assert "of `recommend, opening_hours` to" in body


# --- markers ----------------------------------------------------------------------


@given(st.text(min_size=1).filter(lambda text: text.isprintable()))
def test_no_project_can_close_the_marker(project):
    line = marker(project)
    inner = line.removeprefix("<!-- dvcinc:comment project=").removesuffix(" -->")
    assert len(line) < 300
    assert not set(inner) & set("<>- \n")


def test_projects_have_markers_of_their_own():
    names = [".", "a", "a/b", "a b", "a%20b", "a-b", "a%2Db", "x" * 300, "x" * 301]
    assert len({marker(name) for name in names}) == len(names)


@settings(max_examples=30)
@given(documents(st.sampled_from(HOSTILE)))
def test_a_marker_stands_in_the_first_line_alone(value):
    document = read_decision(json.dumps(value).encode())
    first, _, rest = comment(document, GITHUB).partition("\n")
    assert first == marker(document.project)
    assert "<!--" not in rest


# --- hostile words ----------------------------------------------------------------

names = st.text() | st.lists(st.sampled_from(HOSTILE), max_size=3).map(" ".join)


def _shape(value):
    """How many tables, rows and folds a document makes: they must not change."""
    tame = json.loads(json.dumps(value), object_hook=_tamed)
    document = read_decision(json.dumps(tame).encode())
    return [_counts(seen) for seen in both(comment(document, GITHUB))]


def _tamed(found):
    plain = {"schema", "mode", "code", "kind", "side", "commit", "preset", "nlu"}
    plain |= {"standing", "since", "due_since"}
    return (
        {
            key: "x"
            if isinstance(one, str)
            and key not in {*plain, "dialogue"}
            and one
            and not str(one).startswith("sha256:c")
            else one
            for key, one in found.items()
        }
        | ({"names": []} if "names" in found else {})
        | ({"files": ["x"] * len(found["files"])} if "files" in found else {})
    )


def _counts(seen):
    kept = ("h3", "table", "tr", "td", "th", "ul", "li", "details", "pre", "p")
    return {element: seen.elements.count(element) for element in kept}


@settings(max_examples=60)
@given(documents(names))
def test_hostile_words_appear_as_text_alone(value):
    document = read_decision(json.dumps(value).encode())
    body = comment(document, GITHUB)
    for seen, shape in zip(both(body), _shape(value), strict=True):
        markup = {"h3", "p", "strong", "code", "a", "pre", "ul", "li"}
        tables = {"table", "thead", "tbody", "tr", "th", "td"}
        assert set(seen.elements) <= {*markup, *tables, *OURS}
        assert all(link.startswith(f"{PAGE}/") for link in seen.links)
        assert seen.meant() == []
        assert _counts(seen) == shape


@given(names)
def test_a_label_of_a_graph_means_nothing_to_mermaid(text):
    said_so = label(text)
    assert not set(said_so) & set('"`()[]{}<>#;|&\\\n@/')


# --- budgets ----------------------------------------------------------------------


def many(count):
    """A decision with long lists everywhere."""
    measured = WHOLE["metrics"]["intents"][1]
    intents = [
        {"name": f"i{number}", "added": 1, "removed": 0, "now": 2}
        for number in range(count)
    ]
    return said(
        reasons=[reason(text=f"intent i{n} is new (1 example)") for n in range(count)],
        intents=intents,
        warnings=[
            {"kind": "other", "text": f"warning {n}", "path": None, "line": None}
            for n in range(min(count, 500))
        ],
        metrics={**WHOLE["metrics"], "intents": [measured] * min(count, 400)},
        left_off={"reasons": 1234, "change": 1234, "intents": 0, "warnings": 0},
    )


@pytest.mark.parametrize("count", [1, 130, 300])
@pytest.mark.parametrize("budget", Budget)
def test_a_comment_stays_within_its_budget(count, budget):
    text = markdown(many(count), GITHUB, budget)
    assert budget.size(text) <= budget.limit - 250
    for seen in both(text):
        assert seen.elements.count("details") == text.count("</details>")
        assert text.count("```") % 2 == 0
        assert all(link.startswith(f"{PAGE}/") for link in seen.links)
        # The last row of reasons counts the others, and is a row.
        assert text.count("\n| DI201 ") + text.count(" more |") > 0


def test_the_verdict_and_the_reasons_are_cut_last():
    text = markdown(many(130), GITHUB, Budget.GITHUB)
    assert text.count("\n| DI201 ") == 130
    assert "| … and 1,234 more |" in text
    assert "**Base:**" in text
    fewer = markdown(many(700), GITHUB, Budget.GITHUB)
    shown = fewer.count("\n| DI201 ")
    assert 100 < shown < 700
    assert f"… and {700 - shown + 1234:,} more" in fewer
    assert "Left out, since there is no room: " in fewer


def test_a_longer_list_is_cut_to_whole_lines():
    items = tuple(f"- item {number}" for number in range(30))
    section = Section(title="list", rank=0, lead="Items\n", items=items)
    for room in range(0, 400, 7):
        text = section.fitted(room, len)
        assert len(text) <= room
        lines = text.split("\n")[2:]
        assert all(line in items or line.startswith("… and ") for line in lines)


def test_sections_are_shown_in_order_and_cut_by_rank():
    sections = [
        Section(title=name, rank=rank, lead=name * 30_000)
        for name, rank in (("a", 2), ("b", 0), ("c", 1))
    ]
    text = fit("head", sections, Budget.GITHUB)
    said_so = text.split("\n\n")
    assert [part[0] for part in said_so] == ["h", "b", "c", "L"]
    assert text.endswith("Left out, since there is no room: a.\n")


def test_characters_beyond_the_first_plane_count_twice_on_github():
    assert Budget.GITHUB.size("🔴") == 2
    assert Budget.SUMMARY.size("🔴") == 4
