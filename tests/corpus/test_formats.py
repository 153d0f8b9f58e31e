"""Every format of training data: the same facts, and the same care with mistakes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dvcinc.corpus.canonical import corpus_digest, read_corpus, write_corpus
from dvcinc.corpus.readers import Part, Wanted, read_part
from dvcinc.corpus.values import (
    Corpus,
    Example,
    LookupEntry,
    Place,
    Regex,
    Span,
    Synonym,
)
from dvcinc.errors import InputError

ENTITIES = [
    {"start": 3, "end": 6, "entity": "city", "role": "to", "value": "New York"},
    {"start": 12, "end": 16, "entity": "city"},
]
EXAMPLES = [
    {"text": "hi there", "intent": "greet"},
    {"text": "to NYC from Rome", "intent": "faq/fly", "entities": ENTITIES},
]

YAML = """\
nlu:
- intent: greet
  examples: |
    - hi there
- intent: faq/fly
  examples: |
    - to [NYC]{"entity": "city", "role": "to", "value": "New York"} from [Rome](city)
"""
MARKDOWN = """\
<!-- greetings
## intent:none
-->
## intent:greet
- hi there

## intent: faq/fly
* to [NYC]{"entity": "city", "role": "to", "value": "New York"} from [Rome](city)
"""
RASA_JSON = json.dumps({"rasa_nlu_data": {"common_examples": EXAMPLES}}, indent=2)
JSONL = "".join(json.dumps(row) + "\n" for row in EXAMPLES)
_CELL = json.dumps(ENTITIES).replace('"', '""')
CSV = f'text,intent,entities\nhi there,greet,\nto NYC from Rome,faq/fly,"{_CELL}"\n'
_MARKED = '"to [NYC]{""entity"": ""city"", ""role"": ""to"", '
_MARKED += '""value"": ""New York""} from [Rome](city)"'

SAME = {
    "a.yml": YAML,
    "a.md": MARKDOWN,
    "a.json": RASA_JSON,
    "minified.json": json.dumps(json.loads(RASA_JSON), separators=(",", ":")),
    "a.jsonl": JSONL,
    "bare.jsonl": "\n" + JSONL.replace(" ", "").replace("hithere", "hi there")
    .replace("toNYCfromRome", "to NYC from Rome").replace("NewYork", "New York"),
    "a.csv": CSV,
    "german.csv": CSV.replace("text,intent,entities", "text;intent;entities")
    .replace("there,greet,", "there;greet;").replace("Rome,faq/fly,", "Rome;faq/fly;"),
    "marked.csv": f"Intent, Text\nfaq/fly,{_MARKED}\ngreet,hi there\n",
    "a.tsv": f"text\tintent\n  hi there \tgreet\n\n{_MARKED}\tfaq/fly\n"
    "hi there\tgreet\n",
}  # fmt: skip
WANTED = {
    Example("greet", "hi there"),
    Example(
        "faq/fly",
        "to NYC from Rome",
        (Span(3, 6, "city", "to"), Span(12, 16, "city")),
    ),
}


def read(text: str | bytes, path: str = "a.json") -> Corpus:
    return part(text, path).corpus


def part(text: str | bytes, path: str = "a.json") -> Part:
    return read_part(text.encode() if isinstance(text, str) else text, path)


def failure(text: str | bytes, path: str) -> str:
    with pytest.raises(InputError) as caught:
        part(text, path)
    return caught.value.message


@pytest.mark.parametrize("path", SAME)
@pytest.mark.parametrize("ends", ["\n", "\r\n"], ids=["unix", "windows"])
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["", "bom"])
def test_a_change_of_format_with_equal_content_is_no_change(
    path: str, ends: str, mark: str
) -> None:
    found = read(mark + SAME[path].replace("\n", ends), path)
    assert {*found.examples} == WANTED
    assert {*found.synonyms} == {Synonym("NYC", "New York")}
    assert not found.warnings
    assert corpus_digest(found) == corpus_digest(read(YAML, "a.yml"))


def test_synonyms_regexes_and_lookups_are_the_same_in_all_formats_that_have_them():
    in_yaml = read(
        "nlu:\n"
        "- synonym: New York\n  examples: |\n    - NYC\n    - New York\n"
        "- regex: zip\n  examples: |\n    - \\d{5}\n"
        "- lookup: city\n  examples: |\n    - Rome\n    - Oslo\n",
        "a.yml",
    )
    in_markdown = read(
        "## synonym:New York\n- NYC\n+ New York\n\n## regex:zip\n* \\d{5}\n"
        "## lookup:city\n  - Rome\n  - Oslo\n",
        "a.md",
    )
    in_json = read(
        json.dumps(
            {
                "rasa_nlu_data": {
                    "entity_synonyms": [
                        {"value": "New York", "synonyms": ["NYC", "New York"]}
                    ],
                    "regex_features": [{"name": "zip", "pattern": "\\d{5}"}],
                    "lookup_tables": [{"name": "city", "elements": ["Rome", "Oslo"]}],
                }
            }
        )
    )
    assert {*in_yaml.synonyms} == {Synonym("NYC", "New York")}
    assert {*in_yaml.regexes} == {Regex("zip", "\\d{5}")}
    assert {*in_yaml.lookups} == {
        LookupEntry("city", "Rome"),
        LookupEntry("city", "Oslo"),
    }
    digests = {corpus_digest(found) for found in (in_yaml, in_markdown, in_json)}
    assert len(digests) == 1


def test_a_lookup_in_a_file_is_named_with_its_place_in_all_formats_that_have_it():
    markdown = "## lookup:city\n  ./data/cities.txt\n"
    in_json = '{"rasa_nlu_data": {"lookup_tables": [\n'
    in_json += '  {"name": "city", "elements": "data/cities.txt"}]}}'
    for text, path in ((markdown, "a.md"), (in_json, "a.json")):
        (lookup,) = part(text, path).lookups
        assert (lookup.name, lookup.path) == ("city", "data/cities.txt")
        assert (lookup.place, lookup.column) == (Place(path, 2), 3)
    outside = failure(markdown.replace("./data", ".."), "a.md")
    assert outside.startswith("a.md:2:3: lookup 'city' names the file '../cities.txt'")


@pytest.mark.parametrize(
    ("path", "lines"),
    [
        ("a.yml", [4, 7]),
        ("a.md", [5, 8]),
        ("a.json", [4, 8]),
        ("minified.json", [1, 1]),
        ("a.jsonl", [1, 2]),
        ("a.csv", [2, 3]),
        ("a.tsv", [2, 4]),
    ],
)
def test_each_example_has_its_line(path: str, lines: list[int]) -> None:
    found = read(SAME[path], path).examples
    assert [place.line for place in found.values()] == lines


def test_a_row_has_its_first_line_whatever_is_quoted_in_it() -> None:
    found = read('intent,text\na,"one\ntwo"\r\na,"three\r\nfour"\nb,five\n', "a.csv")
    assert [(e.text, p.line) for e, p in found.examples.items()] == [
        ("one\ntwo", 2),
        ("three\r\nfour", 4),
        ("five", 6),
    ]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("package.json", '{"name": "x", "version": "1"}'),
        ("a.json", "[1, 2]"),
        ("a.json", '{"a": '),
        ("a.json", ""),
        ("a.json", '{"nested": {"rasa_nlu_data": {"common_examples": 1}}}'),
        ("a.json", '{"nlu": [{"intent": "a", "examples": "- b"}]}'),
        ("README.md", "# Training data\n\ntext, intent\n\n- hi\n"),
        ("README.md", "See:\n\n```\n## intent:greet\n- hi\n```\n"),
        ("README.md", "    - ## intent:greet\n"),
        ("notes.md", "<!--\n## intent:greet\n- hi\n-->\n"),
        ("stories.md", "## happy path\n* greet\n  - utter_greet\n"),
        ("responses.md", "## ask name\n* chitchat/ask_name\n  - I am Sara\n"),
        ("a.csv", "id,name\n1,x\n"),
        ("a.csv", "intent,confidence\na,1\n"),
        ("a.csv", "the text,the intent\na,b\n"),
        ("a.csv", '"text\n'),
        ("a.csv", ""),
        ("a.jsonl", '{"text": "hi"}\n{"text": "yo"}\n'),
        ("log.jsonl", '{"text": "hi", "intent": {"name": "a", "confidence": 1}}\n'),
        ("wit.json", '{"utterances": [{"text": "a", "intent": "b"},\n{"text": "c"}]}'),
        ("a.jsonl", "\n"),
        ("a.jsonl", "{broken\n"),
        ("a.csv", b"\xff\xfe\x00\x01".decode("latin-1")),
    ],
)
def test_what_is_no_training_data_is_passed_over_silently(path: str, text: str) -> None:
    assert part(text, path) == Part(corpus=Corpus())


@pytest.mark.parametrize("path", [path for path in SAME if path != "a.yml"])
def test_a_file_of_the_domain_alone_says_nothing_in_formats_for_examples(
    path: str,
) -> None:
    data = SAME[path].encode()
    assert read_part(data, path, Wanted(nlu=False)) == Part(corpus=Corpus())


def test_content_tells_the_format_and_no_name() -> None:
    for path in ("x.json", "x.md", "x.csv", "x.tsv", "x.jsonl"):
        for text in (MARKDOWN, RASA_JSON, JSONL, CSV, SAME["a.tsv"]):
            assert {*read(text, path).examples} == WANTED
    assert {*read(RASA_JSON, "x.yml").examples} == WANTED


def test_a_heading_of_markdown_is_a_comment_in_yaml() -> None:
    assert read("## intent:greet\nnlu: []\n", "a.yml") == Corpus()


WRAP = '{{"rasa_nlu_data": {{"common_examples": [\n{}\n]}}}}'


def entity(**said: object) -> str:
    row = {"text": "to Rome", "intent": "a"}
    return json.dumps({**row, "entities": [{"entity": "city", **said}]})


@pytest.mark.parametrize(
    ("row", "error"),
    [
        ('{"text": "a", "intent": "b",}', "2:29: not JSON: "),
        ('{"text": "a" "intent": "b"}', "2:14: not JSON: "),
        ('{"text": "a", "intent": "b"}}', ""),
        ('{"text": "a", "intent": "b", "text": "c"}',
         "2:1: not JSON: an object says 'text' twice"),
        ('{"text": "a", "intent": "b", "x": NaN}', "2:1: not JSON: NaN is no JSON"),
        ('{"text": "\\ud800", "intent": "b"}', "2:1: not JSON: half of a character"),
        ('{"text": "a", "intent": "b", "x": ' + "[" * 100_000 + "}",
         "2:1: not JSON: too deep"),
        ('{"text": "a", "intent": "b", "x": ' + "9" * 5000 + "}",
         "2:1: not JSON: too deep, or too long a number"),
        ('{"text": 5, "intent": "b"}', ""),
        ('{"text": "a", "intent": 5}', ""),
        ('{"intent": "a"}', ""),
        (entity(start=3, end=8), "2:1: entity 'city' goes from 3 to 8 of 7 characters"),
        (entity(start=3, end=3), "2:1: entity 'city' goes from 3 to 3 of 7 characters"),
        (entity(start=4, end=3), "2:1: entity 'city' goes from 4 to 3 of 7 characters"),
        (entity(start=-4, end=7), "2:1: entity 'city' goes from -4 to 7 of 7"),
        (entity(start=True, end=7), '2:1: "start" of entity \'city\' must be a whole'),
        (entity(start=3.0, end=7), '2:1: "start" of entity \'city\' must be a whole'),
        (entity(start="3", end=7), '2:1: "start" of entity \'city\' must be a whole'),
        (entity(start=3), '2:1: "end" of entity \'city\' must be a whole number'),
        (entity(start=3, end=7, entity=""), '2:1: an entity needs the name "entity"'),
        (entity(start=3, end=7, entity=1), '2:1: an entity needs the name "entity"'),
        ('{"text": "a", "intent": "b", "entities": {}}',
         "2:1: entities must be a list"),
        ('{"text": "a", "intent": "b", "entities": [1]}',
         "2:1: an entity must be an object"),
        (('{"text": "abc", "intent": "b", "entities": ['
         '{"start": 0, "end": 2, "entity": "x"}, {"start": 1, "end": 3, "entity": "y"}'
         "]}"), "2:1: entities 'x' and 'y' overlap"),
        (('{"text": "a]b", "intent": "b", "entities": ['
         '{"start": 0, "end": 3, "entity": "x"}]}'),
         "2:1: brackets in 'a]b' read as entity markup"),
        ('{"text": "[a](b)", "intent": "b", "entities": []}',
         "2:1: brackets in '[a](b)' read as entity markup"),
        ("[]", ""),
        ("5", ""),
    ],
)  # fmt: skip
def test_a_broken_example_in_json_is_an_error_at_its_line(row: str, error: str) -> None:
    said = failure(WRAP.format(row), "a.json")
    assert said.startswith(f"a.json:{error or '2:'}")
    first = '{"text": "a", "intent": "b"}\n'
    assert failure(first + row, "a.jsonl").startswith("a.jsonl:2:")


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ('{"rasa_nlu_data": []}', "1:19: rasa_nlu_data must be an object"),
        ('{"rasa_nlu_data": {"common_examples": {}}}',
         "1:39: common_examples must be a list"),
        ('{"rasa_nlu_data": {"common_examples": 5}}',
         "1:39: common_examples must be a list"),
        ('{"rasa_nlu_data": {"regex_features": [{"name": "a"}]}}',
         '1:39: an entry needs "pattern", as text'),
        ('{"rasa_nlu_data": {"entity_synonyms": [{"value": "a", "synonyms": "b"}]}}',
         '1:40: an entry needs "synonyms", as a list'),
        ('{"rasa_nlu_data": {"entity_synonyms": [{"value": " ", "synonyms": []}]}}',
         '1:40: "value" is empty'),
        ('{"rasa_nlu_data": {"lookup_tables": [\n{"name": "a", "elements": [1]}]}}',
         '2:1: "elements" must hold nothing but text'),
        ('{"rasa_nlu_data": {}, "rasa_nlu_data": {}}',
         "1:23: not JSON: an object says 'rasa_nlu_data' twice"),
        ('{"rasa_nlu_data": {"a": 1 "b": 2}}', "1:27: not JSON: expecting ',' or '}'"),
        ('{"rasa_nlu_data": {"a" 1}}', "1:24: not JSON: expecting ':'"),
        ('{"rasa_nlu_data": {1: 1}}', "1:20: not JSON: expecting a key"),
        ('{"rasa_nlu_data": {"common_examples": [', "1:40: not JSON: Expecting value"),
        ('{"rasa_nlu_data": {}} {}', "1:23: not JSON: more stands behind"),
        ('{"rasa_nlu_data": {\n<<<<<<< HEAD\n', "2:1: a merge conflict stands"),
    ],
)  # fmt: skip
def test_broken_rasa_json_is_an_error_with_its_place(text: str, error: str) -> None:
    assert failure(text, "a.json").startswith(f"a.json:{error}")


@pytest.mark.parametrize(
    ("path", "text", "error"),
    [
        ("a.md", "## intent:a\n- b\n## entity: c\n- d\n",
         "3:1: unknown section 'entity'"),
        ("a.md", "## intent:\n- b\n", "1:1: intent has no name"),
        ("a.md", "## intent:a\n- to [b]{c}\n", "2:9: entity is not valid JSON: {c}"),
        ("a.md", "## intent:a\n<<<<<<< HEAD\n- b\n", "2:1: a merge conflict stands"),
        ("a.md", b"## intent:a\n- caf\xe9\n", "2:6: not UTF-8: byte 0xe9"),
        ("a.md", "## intent:a\n".encode("utf-16"), "1:1: not UTF-8: byte 0xff"),
        ("a.csv", "text,intent\n".encode("utf-16"), "1:1: not UTF-8: byte 0xff"),
        ("a.csv", "text,intent\na,b,c\n", "2:1: a row of 3 cells below 2 columns"),
        ("a.csv", "text,intent\na\n", "2:1: the row has no intent"),
        ("a.csv", "text,intent,text\na,b,c\n", "1:1: two columns are named 'text'"),
        ("a.csv", 'text,intent\n"a"b,c\n', "2:1: not a table: "),
        ("a.csv", 'text,intent\na,b\n"a,c\n', "3:1: not a table: "),
        ("a.csv", "text,intent\n" + "a" * 200_000 + ",b\n", "2:1: not a table: "),
        ("a.csv", "text,intent,entities\na,b,[\n", "2:2: not JSON: "),
        ("a.csv", "text,intent,entities\na,b,5\n", "2:1: entities must be a list"),
        ("a.csv", "text,intent\nto [x]{y},b\n", "2:7: entity is not valid JSON: {y}"),
        ("a.jsonl", '{"text": "a", "intent": "b"', "1:28: not JSON: "),
        ("a.jsonl", '{"text": "a", "intent": "b"}\n5\n', "2:1: a line must be"),
        ("a.jsonl", '{"text": "a", "intent": "b"} 5\n', "1:30: not JSON: more stands"),
        ("a.jsonl", '{"text": "[a]{b}", "intent": "c"}\n', "1:14: entity is not valid"),
    ],
)  # fmt: skip
def test_what_claims_to_be_training_data_and_is_broken_is_an_error_with_its_place(
    path: str, text: str | bytes, error: str
) -> None:
    assert failure(text, path).startswith(f"{path}:{error}")


@pytest.mark.parametrize(
    ("path", "text", "warning"),
    [
        ("a.json", WRAP.format('{"text": "hi"}'), "2: no intent, passed over: 'hi'"),
        ("a.json", WRAP.format('{"text": " ", "intent": "a"}'),
         "2: empty example in intent 'a'"),
        ("a.json", '{"rasa_nlu_data": {"entity_examples": []}}',
         "1: unknown key 'entity_examples' in rasa_nlu_data, passed over"),
        ("a.jsonl", '{"text": "", "intent": "a"}', "1: empty example in intent 'a'"),
        ("a.csv", "text,intent\n,a\n", "2: empty example in intent 'a'"),
        ("a.csv", "text,intent\na,\n", "2: no intent, passed over: 'a'"),
        ("a.csv", "text,intent,entites\na,b,[]\n",
         "1: unknown column 'entites', passed over"),
        ("a.jsonl", '{"text": "a", "intent": "b", "lang": "c"}\n' * 2,
         "1: unknown key 'lang', passed over"),
        ("a.md", "## intent:a\nhi\n",
         "2: passed over, since it starts with no '-': 'hi'"),
        ("a.md", "## intent:a\n- [b(c)\n",
         "2: '[b(c)' looks like an entity and is none"),
    ],
)  # fmt: skip
def test_what_is_passed_over_is_told(path: str, text: str, warning: str) -> None:
    assert read(text, path).warnings == (f"{path}:{warning}",)


def test_entities_that_no_example_teaches_are_passed_over_as_in_rasa() -> None:
    row = entity(start=3, end=7, extractor="DucklingEntityExtractor")
    assert {*read(WRAP.format(row)).examples} == {Example("a", "to Rome")}


def test_an_extractor_of_ones_own_and_its_confidence_change_nothing() -> None:
    row = entity(start=3, end=7, extractor="DIETClassifier", confidence=0.9)
    assert {*read(WRAP.format(row)).examples} == {
        Example("a", "to Rome", (Span(3, 7, "city"),))
    }


def test_markup_counts_where_no_entities_stand_beside_the_text() -> None:
    marked = '{"text": "to [Rome](city)", "intent": "a"}\n'
    assert {*read(marked, "a.jsonl").examples} == {
        Example("a", "to Rome", (Span(3, 7, "city"),))
    }


def test_outer_blanks_move_the_spans_with_the_text() -> None:
    row = {"text": "  to Rome \n", "intent": " a "}
    row["entities"] = [{"start": 5, "end": 9, "entity": "city"}]
    assert {*read(json.dumps(row), "a.jsonl").examples} == {
        Example("a", "to Rome", (Span(3, 7, "city"),))
    }


def test_a_git_lfs_pointer_that_may_be_anything_is_told() -> None:
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\n"
    (warning,) = read(pointer, "a.csv").warnings
    assert warning.startswith("a.csv: passed over, a Git LFS pointer")
    assert failure(pointer, "a.yml").startswith("a.yml:1:1: a Git LFS pointer")


SAMPLES = re.findall(
    r"^```(\w+)\n(.*?)^```",
    (Path(__file__).parents[2] / "docs" / "formats.md").read_text(encoding="utf-8"),
    re.MULTILINE | re.DOTALL,
)


def test_the_page_on_formats_shows_each() -> None:
    assert [language for language, _ in SAMPLES] == [
        "yaml",
        "json",
        "md",
        "json",
        "csv",
    ]


@pytest.mark.parametrize(("language", "sample"), SAMPLES)
def test_a_sample_of_the_page_on_formats_is_read(language: str, sample: str) -> None:
    found = read(sample, f"a.{language}")
    assert found.examples
    assert any(example.spans for example in found.examples)
    assert not found.warnings


words = st.text("ab é🏔.,;\"'-{}\t", min_size=1, max_size=5)


@st.composite
def rows(draw: st.DrawFn) -> dict[str, object]:
    pieces = draw(st.lists(st.tuples(words, st.booleans()), min_size=1, max_size=4))
    text = "-"
    entities = []
    for piece, named in pieces:
        start = len(text)
        text += piece
        if named:
            name = draw(st.sampled_from(["city", "x y", "é"]))
            entities.append({"start": start, "end": len(text), "entity": name})
    return {"text": text + ".", "intent": "a", "entities": entities}


def cell(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


@given(st.lists(rows(), min_size=1, max_size=4))
def test_all_formats_with_entities_beside_the_text_say_the_same(
    said: list[dict[str, object]],
) -> None:
    in_json = json.dumps({"rasa_nlu_data": {"common_examples": said}})
    in_lines = "\n".join(json.dumps(row) for row in said)
    table = "\n".join(
        f"{cell(str(row['text']))};a;{cell(json.dumps(row['entities']))}"
        for row in said
    )
    found = [
        read(in_json).examples.keys(),
        read(in_lines, "a.jsonl").examples.keys(),
        read("text;intent;entities\n" + table, "a.csv").examples.keys(),
    ]
    assert found[0] == found[1] == found[2]
    assert len(found[0]) == len({json.dumps(row) for row in said})


anything = st.text(max_size=8) | st.text('[](){}:"ab \n\r\t\x85', max_size=8)


@given(anything, anything, anything, anything, st.tuples(st.integers(0, 8), anything))
def test_what_is_read_can_be_written_as_rasa_yaml_whatever_it_is(
    text: str, intent: str, role: str, value: str, place: tuple[int, str]
) -> None:
    start, name = place
    said = {"start": start, "end": len(text), "entity": name}
    said |= {"role": role, "value": value}
    row = {"text": text, "intent": intent, "entities": [said] if name else []}
    data = {
        "common_examples": [row],
        "entity_synonyms": [{"value": name, "synonyms": [value, role]}],
        "regex_features": [{"name": intent, "pattern": value}],
        "lookup_tables": [{"name": role, "elements": [name, value]}],
    }
    for key, section in data.items():
        try:
            found = read(json.dumps({"rasa_nlu_data": {key: section}}))
        except InputError:
            continue
        again = read_corpus(write_corpus(found))
        assert again.examples.keys() == found.examples.keys()
        assert again.synonyms.keys() == found.synonyms.keys()
        assert again.regexes.keys() == found.regexes.keys()
        assert again.lookups.keys() == found.lookups.keys()


@given(
    st.sampled_from(
        [b'{"rasa_nlu_data":', b"## intent:a\n", b'{"text": "a", "intent": "b"}',
         b"text,intent\n", b'{"rasa_nlu_data": {"common_examples": [{"text": "a",']
    ),
    st.binary(max_size=40) | st.text('{}[]",:\n-#<!>a0', max_size=40),
    st.sampled_from(["a.json", "a.md", "a.jsonl", "a.csv", "a.tsv", "a.yml"]),
)  # fmt: skip
@example(b"## intent:a\n", "<!--" * 100_000, "a.md")
@example(b"## intent:a\n", "```\n" * 100_001, "a.md")
def test_no_bytes_whatever_end_in_a_traceback(
    head: bytes, tail: bytes | str, path: str
) -> None:
    data = head + (tail.encode() if isinstance(tail, str) else tail)
    try:
        said = read_part(data, path).corpus.warnings
    except InputError as error:
        said = (error.message,)
    assert all(line.startswith(f"{path}:") for line in said)
