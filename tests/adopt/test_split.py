"""A test split: fixed, by intent, and nothing is lost or said twice."""

from __future__ import annotations

from collections import Counter

import pytest
from adopt.projects import CONFIG, MARKDOWN, NLU, SMALL, STARTER, adopt, make, prepared
from corpora import nlu_yaml
from hypothesis import given
from hypothesis import strategies as st
from shapes import dvcinc

from dvcinc.adopt.split import PATH, cut_test
from dvcinc.corpus.readers import read_part
from dvcinc.errors import InputError
from dvcinc.params import read_params

DATA = "data/nlu.yml"


def examples(data: bytes, path: str = DATA) -> set:
    return set(read_part(data, path).corpus.examples)


def cut(text: str, share: float = 0.5, path: str = DATA):
    """The split of one file: training and test examples, by intent."""
    data = text.encode()
    split = cut_test({path: data}, share)
    train, test = examples(split.files[path], path), examples(split.test)
    assert train | test == examples(data, path)
    assert not train & test
    counted = Counter(example.intent for example in test)
    assert counted.total() == split.moved
    return split, train, test


def test_each_intent_gives_its_share():
    lines = "\n".join(
        f"i{n}: " + " | ".join(f"text {n} {k}" for k in range(n)) for n in (1, 2, 5, 20)
    )
    _, _, test = cut(nlu_yaml(lines), 0.2)
    assert Counter(e.intent for e in test) == {"i5": 1, "i20": 4}


def test_an_intent_keeps_an_example_whatever_the_share():
    _, train, _ = cut(nlu_yaml("a: x | y | z\nb: only one"), 0.99)
    assert {example.intent for example in train} == {"a", "b"}


def test_intents_that_are_too_small_are_named():
    split, _, _ = cut(nlu_yaml("a: x | y | z\nb: only one"))
    assert split.left == ("b",)


@pytest.mark.parametrize(
    ("count", "note"),
    [
        (10, ""),
        (
            8,
            (
                "4 tests of 1 intent tell little: one mistake is 25% of the accuracy; "
                "write more into tests/nlu.yml"
            ),
        ),
    ],
)
def test_a_split_that_is_too_small_to_tell_much_says_so(count, note):
    split, _, _ = cut(nlu_yaml("a: " + " | ".join(f"text {n}" for n in range(count))))
    assert split.note == note


def test_response_keys_are_no_intents(tmp_path):
    lines = [
        f"faq/{key}: " + " | ".join(f"{key} {n}" for n in range(9)) for key in "ab"
    ]
    data = nlu_yaml("\n".join(lines))
    split, _, _ = cut(data, 0.2)
    assert split.intents == 1
    project = make(tmp_path, {"data/nlu.yml": data, "config.yml": CONFIG})
    assert "(18 examples of 1 intent)" in dvcinc(project, "init", "--dry-run").out
    assert "18 examples of 1 intents" in dvcinc(project, "doctor").out


def test_an_entity_keeps_an_example():
    text = "a: " + " | ".join(f"go to [X{n}](e{n})" for n in range(6)) + " | hi | ho"
    _, train, test = cut(nlu_yaml(text), 0.9)
    kept = {span.entity for example in train for span in example.spans}
    assert kept == {f"e{n}" for n in range(6)}
    assert {example.text for example in test} <= {"hi", "ho"}


def test_the_order_of_files_and_lines_means_nothing():
    one, other = nlu_yaml("a: p | q | r | s"), nlu_yaml("b: t | u | v | w")
    forward = cut_test({"1.yml": one.encode(), "2.yml": other.encode()}, 0.5)
    turned = nlu_yaml("b: w | v | u | t"), nlu_yaml("a: s | r | q | p")
    files = {"1.yml": turned[0].encode(), "2.yml": turned[1].encode()}
    backward = cut_test(files, 0.5)
    assert examples(forward.test) == examples(backward.test)


def test_nothing_but_whole_lines_goes():
    text = "# mine\n" + NLU.replace("\n", "\r\n") + "# the end"
    split, _, _ = cut(text)
    rows = iter(text.encode().split(b"\n"))
    assert all(row in rows for row in split.files[DATA].split(b"\n"))


def test_markdown_is_cut_as_well():
    split, _, test = cut(MARKDOWN, 0.5, "data/nlu.md")
    assert {example.intent for example in test} == {"greet", "bye"}
    assert split.test.startswith(b"# Test examples")


def block(*rows: str) -> str:
    listed = "".join(f"    {row}\n" for row in rows)
    synonym = "- synonym: Y\n  examples: |\n    - y\n"
    return f"nlu:\n- intent: a\n  examples: |\n{listed}{synonym}"


STAYS = {
    "said twice": block("- twice", "- twice", "- x", "- z"),
    "said twice, without a blank": block("- twice", "-twice", "- x", "- z"),
    "under two intents": block("- twice", "- x", "- z")
    + "- intent: b\n  examples: |\n    - twice\n    - other\n    - third\n",
    "a synonym": block('- [twice]{"entity": "e", "value": "v"}', "- [x](e)", "- z"),
    "a list with a text each": (
        "nlu:\n- intent: a\n  examples:\n  - text: twice\n- intent: b\n"
        "  examples: |\n    - x\n    - z\n"
    ),
}


@pytest.mark.parametrize("text", STAYS.values(), ids=STAYS)
def test_what_is_more_than_one_line_stays(text):
    _, train, test = cut(text, 0.9)
    assert "twice" in {example.text for example in train}
    assert "twice" not in {example.text for example in test}


def test_an_example_that_another_format_says_too_stays():
    csv = b"text,intent\nx,a\ny,a\n"
    files = {DATA: block("- x", "- y", "- z", "- w").encode(), "data/b.csv": csv}
    split = cut_test(files, 0.9)
    assert {example.text for example in examples(split.test)} == {"z", "w"}
    assert list(split.files) == [DATA]


@pytest.mark.parametrize(
    "text", [nlu_yaml("a: x"), "text,intent\nx,a\ny,a\nz,a\n"], ids=["one", "a table"]
)
def test_where_nothing_can_go_it_says_so(text):
    path = "data/x.csv" if text.startswith("text") else DATA
    with pytest.raises(InputError, match="no example can go"):
        cut_test({path: text.encode()}, 0.5)


WORDS = st.text("ab []():-#\"'{}", min_size=1, max_size=8)


@given(
    st.dictionaries(
        st.sampled_from(["a", "b/c", "yes", "1"]), st.lists(WORDS, min_size=1)
    ),
    st.floats(0.1, 0.9),
)
def test_any_texts_are_split_without_loss_or_not_at_all(intents, share):
    rows = ["nlu:"]
    for intent, texts in intents.items():
        rows += [
            f'- intent: "{intent}"',
            "  examples: |",
            *(f"    - {t}" for t in texts),
        ]
    data = ("\n".join(rows) + "\n").encode()
    try:
        before = examples(data)
        split = cut_test({DATA: data}, share)
    except InputError:
        return
    train, test = examples(split.files[DATA]), examples(split.test)
    assert train | test == before
    assert not {e.text for e in train} & {e.text for e in test}
    assert {e.intent for e in train} == {e.intent for e in before}


# --- as init does it --------------------------------------------------------------


def test_init_moves_the_examples_and_names_the_file(tmp_path):
    found = adopt(make(tmp_path, STARTER), share=0.2)
    assert found.split.moved == 2
    assert examples((tmp_path / PATH).read_bytes()) <= examples(NLU.encode())
    params = read_params((tmp_path / "params.yaml").read_bytes())
    assert params.data.test == (PATH,)
    assert "evaluate" in [stage.name for stage in found.stages]
    assert (tmp_path / "tests/test_stories.yml").read_bytes() == (
        STARTER["tests/test_stories.yml"].encode()
    )


def test_a_second_split_moves_nothing(tmp_path):
    adopt(make(tmp_path, STARTER), share=0.2)
    assert prepared(tmp_path, share=0.2).changes == ()
    assert prepared(tmp_path, share=0.5).changes == ()


def test_a_split_may_come_later(tmp_path):
    adopt(make(tmp_path, STARTER))
    assert "evaluate" not in [stage.name for stage in prepared(tmp_path).stages]
    found = adopt(tmp_path, share=0.2)
    paths = {change.path for change in found.changes}
    assert paths == {"dvc.yaml", ".gitignore", "tests/nlu.yml", "data/nlu.yml"}
    assert prepared(tmp_path).changes == ()


def test_the_file_is_where_params_yaml_says(tmp_path):
    said = "data: {nlu: data, config: config.yml, test: checks/mine.yaml}\n"
    found = adopt(make(tmp_path, {**SMALL, "params.yaml": said}), share=0.2)
    assert found.split.path == "checks/mine.yaml"


def test_a_file_in_the_place_of_the_tests_is_left_alone(tmp_path):
    make(tmp_path, {**SMALL, PATH: "# mine\n"})
    with pytest.raises(InputError, match="is there already"):
        prepared(tmp_path, share=0.2)


def test_a_linked_file_stays_as_it_is(repo):
    made = repo({"shared.yml": NLU, "bot/config.yml": CONFIG, "bot/data/a.yml": NLU})
    (made.path / "bot/data/b.yml").symlink_to("../../shared.yml")
    with pytest.raises(InputError, match="no example can go"):
        prepared(made.path / "bot", share=0.5)
    (made.path / "bot/data/a.yml").write_text(nlu_yaml("order: tea | coffee | water"))
    found = prepared(made.path / "bot", share=0.4)
    assert list(found.split.files) == ["data/a.yml"]
