"""A source to a snapshot: which files count, and what is told of the others."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from repositories import Repository, put

from dvcinc.config import Data
from dvcinc.errors import InputError
from dvcinc.snapshot.files import covers, uncovered
from dvcinc.snapshot.git import open_git
from dvcinc.snapshot.read import Reader, Snapshot
from dvcinc.snapshot.sources import CommitSource, FolderSource, IndexSource

Make = Callable[..., Repository]


def nlu(intent: str, *texts: str) -> str:
    lines = "".join(f"    - {text}\n" for text in texts)
    return f"nlu:\n- intent: {intent}\n  examples: |\n{lines}"


def snapshot(folder: Path, **files: str) -> Snapshot:
    for path, text in files.items():
        put(folder / path, text)
    return Reader().snapshot(FolderSource(folder))


def intents(found: Snapshot) -> set[str]:
    return {example.intent for example in found.corpus.examples}


def test_without_params_rasas_own_places_hold(tmp_path: Path) -> None:
    files = {
        "data/nlu.yml": nlu("a", "x"),
        "data/deep/more.yaml": nlu("b", "x"),
        "data/.cache/old.yml": nlu("no", "x"),
        "data/tests/nlu.yml": nlu("no", "x"),
        "data/test/nlu.yml": nlu("no", "x"),
        "tests/nlu.yml": nlu("no", "x"),
        "other/nlu.yml": nlu("no", "x"),
        "nlu.yml": nlu("no", "x"),
        "domain/part.yml": "intents: [a]\n",
        "domain.yml": "intents: [b]\n",
        "data/domain.yml": "intents: [c]\n",
        "config.yml": "language: en\n",
    }
    found = snapshot(tmp_path, **files)
    assert intents(found) == {"a", "b"}
    # A domain counts only where a domain is looked for.
    assert {*found.corpus.domain.intents} == {"a", "b"}
    assert found.corpus.config.language == "en"
    assert not found.corpus.warnings


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("testimonials.yml", True),
        ("testing.yml", True),
        ("latest.yml", True),
        ("test_nlu.yml", False),
        ("test-nlu.yml", False),
        ("test.yml", False),
        ("tests.yml", False),
    ],
)
def test_test_data_is_told_by_its_name_and_never_passed_over_in_silence(
    tmp_path: Path,
    name: str,
    counts: bool,  # noqa: FBT001
) -> None:
    found = snapshot(tmp_path, **{f"data/{name}": nlu("a", "x")})
    assert intents(found) == ({"a"} if counts else set())
    assert found.corpus.warnings == (
        ()
        if counts
        else (
            (
                f"data/{name}: passed over as test data; "
                "name it in params.yaml (data.nlu: [data, …]) if not"
            ),
        )
    )


EXAMPLES = {
    "json": '{"rasa_nlu_data": {"common_examples": []}}',
    "md": "## intent:greet\n- hi\n",
    "csv": "text,intent\nhi,greet\n",
    "tsv": "intent\ttext\ngreet\thi\n",
    "jsonl": '{"text": "hi", "intent": "greet"}\n',
}
NO_EXAMPLES = {
    "json": '{"conversations": []}',
    "md": "## a story\n* greet: [hi](x)\n  - utter_greet\n",
    "csv": "turn,said\n1,hi\n",
    "jsonl": '{"turn": 1}\n',
    "yml": "stories:\n- story: nlu\n  steps: []\n",
}


@pytest.mark.parametrize("suffix", EXAMPLES)
def test_examples_with_a_tests_name_are_told_of_in_every_format(
    tmp_path: Path, suffix: str
) -> None:
    found = snapshot(tmp_path, **{f"data/test_a.{suffix}": EXAMPLES[suffix]})
    assert not found.corpus.examples
    (warning,) = found.corpus.warnings
    assert warning.startswith(f"data/test_a.{suffix}: passed over as test data; ")


@pytest.mark.parametrize("suffix", NO_EXAMPLES)
def test_other_files_with_a_tests_name_are_passed_over_in_silence(
    tmp_path: Path, suffix: str
) -> None:
    found = snapshot(tmp_path, **{f"data/test_a.{suffix}": NO_EXAMPLES[suffix]})
    assert not found.corpus.warnings


def test_test_stories_among_the_data_are_passed_over_in_silence(tmp_path: Path) -> None:
    found = snapshot(tmp_path, **{"data/test_stories.yml": "stories: [{steps: []}]\n"})
    assert not found.corpus.stories
    assert not found.corpus.warnings


def test_what_params_name_counts_whatever_its_name(tmp_path: Path) -> None:
    found = snapshot(
        tmp_path,
        **{
            "params.yaml": "data: {nlu: [test_a.yml, x], domain: d, config: c/c.yml}\n",
            "test_a.yml": nlu("a", "x"),
            "x/test_b.yml": nlu("b", "x"),
            "data/nlu.yml": nlu("no", "x"),
            "d/any.yml": "intents: [a]\n",
            "c/c.yml": "language: de\n",
        },
    )
    assert intents(found) == {"a", "b"}
    assert [*found.corpus.domain.intents] == ["a"]
    assert found.corpus.config.language == "de"


def test_what_dvcinc_writes_is_never_read_as_training_data(tmp_path: Path) -> None:
    found = snapshot(
        tmp_path,
        **{
            "params.yaml": "data: {nlu: .}\n",
            "dvc.yaml": "stages: {}\nrules: [x]\n",
            "nlu.yml": nlu("a", "x"),
            "plan/base/nlu.yml": nlu("no", "x"),
            "plan/delta/added/nlu.yml": nlu("no", "x"),
            "tests/nlu.yml": nlu("no", "x"),
        },
    )
    assert intents(found) == {"a"}
    assert not found.corpus.stories


def test_files_of_all_formats_count_and_what_is_none_is_silent(tmp_path: Path) -> None:
    found = snapshot(
        tmp_path,
        **{
            "data/a.yml": nlu("a", "x"),
            "data/b.md": "## intent:b\n- x\n## lookup:city\ndata/cities.txt\n",
            "data/c.json": '{"rasa_nlu_data": {"common_examples": [\n'
            '{"text": "x", "intent": "c"}]}}',
            "data/d.jsonl": '{"text": "x", "intent": "d"}\n',
            "data/e.csv": "text,intent\nx,e\n",
            "data/f.tsv": "text\tintent\nx\tf\n",
            "data/cities.txt": "Rome\n",
            "data/README.md": "# How to\n",
            "data/package.json": '{"name": "x"}',
            "data/prices.csv": "name,price\nx,1\n",
            "data/g.txt": "text,intent\nx,g\n",
        },
    )
    assert intents(found) == {"a", "b", "c", "d", "e", "f"}
    assert [*found.corpus.lookups.values()] == [("data/cities.txt", 1)]
    assert not found.corpus.warnings


def test_a_broken_file_is_an_error_that_names_its_place(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"^data/nlu\.yml:2:11: not YAML: "):
        snapshot(tmp_path, **{"data/nlu.yml": "nlu:\n- intent: @x\n"})
    with pytest.raises(
        InputError, match=r"^params\.yaml:1:9: policy must be a mapping"
    ):
        snapshot(tmp_path, **{"params.yaml": "policy: 1\n"})


def test_all_sources_of_one_state_have_one_digest(repo: Make) -> None:
    made = repo(
        {
            "bot é/data/nlu.yml": nlu("a", "x", "[y](e)"),
            "bot é/data/more.yml": nlu("b", "z"),
            "bot é/domain.yml": "intents: [a, b]\n",
            "bot é/config.yml": "language: en\n",
        }
    )
    project = made.path / "bot é"
    git = open_git(project)
    commit = CommitSource(git, "HEAD", git.commit("HEAD"))
    sources = [commit, IndexSource(git), FolderSource(project)]
    found = [Reader().snapshot(source) for source in sources]
    assert len({one.digest() for one in found}) == 1
    assert [one.source for one in found] == ["HEAD", "index", "worktree"]
    assert [one.commit for one in found] == [made.commits[0], None, None]


def test_moving_and_splitting_files_does_not_change_the_digest(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    before = snapshot(
        one, **{"data/nlu.yml": nlu("a", "x", "y"), "domain.yml": "intents: [a, b]\n"}
    )
    after = snapshot(
        two,
        **{
            "data/a/1.yml": nlu("a", "y"),
            "data/b/2.yaml": nlu("a", "x"),
            "domain/a.yml": "intents: [b]\n",
            "domain/b.yml": "intents: [a]\n",
        },
    )
    assert before.digest() == after.digest()


LOOKUP = "nlu:\n- lookup: city\n  examples: lists/city.txt\n"


def test_a_lookup_file_is_read_from_the_same_source(repo: Make) -> None:
    made = repo(
        {"data/nlu.yml": LOOKUP, "lists/city.txt": "Rome\n"},
        {"lists/city.txt": "Oslo\n"},
    )
    git, reader = open_git(made.path), Reader()
    found = [
        {
            entry.element
            for entry in reader.snapshot(
                CommitSource(git, revision, git.commit(revision))
            ).corpus.lookups
        }
        for revision in ("HEAD~1", "HEAD")
    ]
    assert found == [{"Rome"}, {"Oslo"}]


def test_a_file_that_no_dep_covers_is_found(tmp_path: Path) -> None:
    found = snapshot(tmp_path, **{"data/nlu.yml": LOOKUP, "lists/city.txt": "Rome\n"})
    assert uncovered(found.corpus, ["data", "domain.yml"]) == ["lists/city.txt"]
    assert uncovered(found.corpus, ["data", "lists"]) == []


@pytest.mark.parametrize(
    ("paths", "path", "covered"),
    [
        (["data"], "data/a.yml", True),
        (["data"], "data", True),
        (["data"], "database/a.yml", False),
        (["data/a.yml"], "data/a.yml", True),
        (["."], "any/where.yml", True),
        ([], "a.yml", False),
    ],
)
def test_a_path_covers_itself_and_what_lies_below(
    paths: list[str],
    path: str,
    covered: bool,  # noqa: FBT001
) -> None:
    assert covers(paths, path) is covered


def test_a_snapshot_of_nothing_is_empty(tmp_path: Path) -> None:
    found = snapshot(tmp_path)
    assert found.corpus.examples == {}
    assert found.params.data == Data()
