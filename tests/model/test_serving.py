"""Answers: ranking, fallback, synonyms, commas, renames; and their shape as JSON."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from corpora import PIPELINE, corpus

import dvcinc
from dvcinc.corpus.pipeline import FallbackSettings, Serving
from dvcinc.corpus.tables import Tables
from dvcinc.corpus.values import Corpus, Synonym
from dvcinc.errors import InputError
from dvcinc.model import runtime as runtime_module
from dvcinc.model import units
from dvcinc.model.chances import are_sure
from dvcinc.model.checkpoint import save
from dvcinc.model.document import Model
from dvcinc.model.result import FoundEntity, ParseResult, RankedIntent
from dvcinc.model.runtime import Runtime, falls_back
from dvcinc.model.tables import package
from dvcinc.release import getting

WITHOUT_TAGS = PIPELINE.replace("epochs: 100", "entity_recognition: false")
WITHOUT_INTENTS = PIPELINE.replace("epochs: 100", "intent_classification: false")


def served(model: Model, tables: Tables) -> Runtime:
    return Runtime(package(model, tables, tables_digest="sha256:tables"))


def tagged(model: Model, entity: int) -> Model:
    """The model, made to find each word to be an entity of its own, and surely so."""
    unit = 1 + 4 * entity + 3
    bias = np.zeros_like(model.tensors["tags/bias"])
    bias[unit] = 100
    return replace(model, tensors={**model.tensors, "tags/bias": bias})


@pytest.mark.parametrize(
    ("chances", "right", "expected"),
    [
        ((0.51, 0.49), 0, True),
        ((0.51, 0.49), 1, False),
        ((0.5, 0.5), 0, False),
        ((0.4, 0.35, 0.25), 0, False),
        ((float("nan"), float("nan")), 0, False),
    ],
)
def test_sure_is_more_than_half_on_what_is_right(
    chances: tuple[float, ...],
    right: int,
    expected: bool,  # noqa: FBT001 - a column of the table
) -> None:
    found = are_sure(np.array([chances], np.float32), np.array([right]))
    assert found.tolist() == [expected]


def test_confidences_are_shares_and_come_in_order(drawn: Model) -> None:
    result = Runtime(drawn).parse("hello there")
    sure = [ranked.confidence for ranked in result.intent_ranking]
    assert sure == sorted(sure, reverse=True)
    assert sum(sure) == pytest.approx(1, abs=1e-5)
    assert result.intent == result.intent_ranking[0]


def test_many_texts_are_answered_as_one_by_one(drawn: Model) -> None:
    texts = ["hi", "", "a train to Rome and then on to Oslo", "hi", "???", "bye Bob"]
    runtime = Runtime(drawn)
    for together, alone in zip(
        runtime.parse_many(texts, batch=2), map(runtime.parse, texts), strict=True
    ):
        assert together.text == alone.text
        assert together.intent.name == alone.intent.name
        assert together.intent.confidence == pytest.approx(
            alone.intent.confidence, abs=1e-5
        )
        assert [e.value for e in together.entities] == [e.value for e in alone.entities]


def test_more_texts_than_are_sorted_at_once(
    drawn: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = [f"hello number {n}" for n in range(7)]
    whole = Runtime(drawn).parse_many(texts)
    monkeypatch.setattr(runtime_module, "SORTED", 3)
    for one, other in zip(Runtime(drawn).parse_many(texts), whole, strict=True):
        assert (one.text, one.intent.name) == (other.text, other.intent.name)


def test_a_server_that_has_met_too_many_words_starts_over(
    drawn: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    runtime = Runtime(drawn)
    before = runtime.parse("a train to Rome")
    monkeypatch.setattr(units, "MOST_UNITS", 20)
    for number in range(30):
        runtime.parse(f"word{number}")
    assert runtime.parse("a train to Rome") == before


def test_threads_share_a_runtime(drawn: Model) -> None:
    runtime = Runtime(drawn)
    texts = [f"a train to {name}{n}" for n in range(40) for name in ("Rome", "Oslo")]
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(runtime.parse, texts))
    alone = Runtime(drawn)
    for text, result in zip(texts, results, strict=True):
        assert result.text == text
        assert result.intent.confidence == pytest.approx(
            alone.parse(text).intent.confidence, abs=1e-5
        )


@pytest.mark.parametrize("kind", [str, Path])
def test_a_model_is_loaded_from_its_folder(
    drawn: Model, tmp_path: Path, kind: type
) -> None:
    save(drawn, tmp_path / "nlu")
    assistant = dvcinc.load(kind(tmp_path / "nlu"))
    assert assistant.parse("hello there") == Runtime(drawn).parse("hello there")


def test_a_folder_without_a_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no model"):
        dvcinc.load(tmp_path / "nowhere")


def test_without_numpy_the_extra_is_told() -> None:
    code = (
        "import sys; sys.modules['numpy'] = None\n"
        "import dvcinc\n"
        "try:\n    dvcinc.load('x')\n"
        "except dvcinc.errors.InputError as error: print(error, error.hint)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("numpy is not installed")
    assert getting("predict") in done.stdout


@pytest.mark.parametrize("text", ["", "   "])
def test_an_empty_text_means_nothing(drawn: Model, text: str) -> None:
    result = Runtime(drawn).parse(text)
    assert result.intent == RankedIntent(None, 0.0)
    assert result.intent_ranking == ()


@pytest.mark.parametrize(("length", "expected"), [(0, 4), (1, 1), (3, 3), (10, 4)])
def test_the_ranking_is_as_long_as_asked(
    drawn: Model, length: int, expected: int
) -> None:
    runtime = served(drawn, Tables(serving=Serving(ranking_length=length)))
    assert len(runtime.parse("hi").intent_ranking) == expected


def test_a_cut_ranking_can_be_made_whole(drawn: Model) -> None:
    serving = Serving(ranking_length=2, renormalize_confidences=True)
    ranking = served(drawn, Tables(serving=serving)).parse("hi").intent_ranking
    assert sum(ranked.confidence for ranked in ranking) == pytest.approx(1)


@pytest.mark.parametrize(
    ("sure", "threshold", "ambiguity", "expected"),
    [
        ((0.9, 0.05), 0.3, 0.1, False),
        ((0.2, 0.05), 0.3, 0.1, True),
        ((0.5, 0.45), 0.3, 0.1, True),
        ((0.5, 0.25), 0.3, 0.25, False),
        ((0.5,), 0.3, 0.9, False),
    ],
)
def test_fallback(
    sure: tuple[float, ...],
    threshold: float,
    ambiguity: float,
    expected: bool,  # noqa: FBT001 - a column of the table
) -> None:
    settings = FallbackSettings(threshold=threshold, ambiguity_threshold=ambiguity)
    ranking = [RankedIntent("x", confidence) for confidence in sure]
    assert falls_back(ranking, Serving(fallback=settings)) is expected
    assert falls_back(ranking, Serving()) is False


def test_a_fallback_stands_before_the_ranking(drawn: Model) -> None:
    fallback = FallbackSettings(threshold=1.0)
    result = served(drawn, Tables(serving=Serving(fallback=fallback))).parse("hi")
    assert result.intent == RankedIntent("nlu_fallback", 1.0)
    assert len(result.intent_ranking) == 5


def test_a_fallback_is_as_sure_as_its_threshold(drawn: Model) -> None:
    fallback = FallbackSettings(threshold=0.9)
    result = served(drawn, Tables(serving=Serving(fallback=fallback))).parse("hi")
    assert result.intent == result.intent_ranking[0]
    assert result.intent == RankedIntent("nlu_fallback", 0.9)


@pytest.mark.parametrize(
    ("threshold", "expected"), [(0.3, "nlu_fallback"), (0.0, None)]
)
def test_of_a_blank_text_no_intent_is_sure(
    drawn: Model, threshold: float, expected: str | None
) -> None:
    fallback = FallbackSettings(threshold=threshold)
    result = served(drawn, Tables(serving=Serving(fallback=fallback))).parse("  ")
    assert result.intent.name == expected
    assert len(result.intent_ranking) == (expected is not None)


def test_the_temperature_changes_how_sure_and_never_what(drawn: Model) -> None:
    cold, hot = (
        Runtime(replace(drawn, temperature=degree)).parse("hello there")
        for degree in (0.5, 2.0)
    )
    assert [r.name for r in cold.intent_ranking] == [r.name for r in hot.intent_ranking]
    assert cold.intent.confidence > hot.intent.confidence


SYNONYMS = (Synonym("NYC", "New York"), Synonym("the big apple", "New York"))


@pytest.mark.parametrize(
    ("text", "mapped", "value"),
    [
        ("nyc", True, "New York"),
        ("NYC", True, "New York"),
        ("NEW", True, "NEW"),
        ("NYC", False, "NYC"),
    ],
)
def test_a_synonym_maps_whatever_the_case(
    drawn: Model,
    text: str,
    mapped: bool,  # noqa: FBT001 - a column of the table
    value: str,
) -> None:
    tables = Tables(synonyms=SYNONYMS, serving=Serving(synonyms=mapped))
    (entity,) = served(tagged(drawn, 0), tables).parse(text).entities
    assert entity.value == value
    assert entity.processors == (("EntitySynonymMapper",) if value != text else ())


def test_a_value_is_a_synonym_of_itself_in_another_case(drawn: Model) -> None:
    tables = Tables(synonyms=(Synonym("Roma", "Rome"),), serving=Serving(synonyms=True))
    (entity,) = served(tagged(drawn, 0), tables).parse("ROME").entities
    assert entity.value == "Rome"


@pytest.mark.parametrize(
    ("serving", "expected"),
    [
        (Serving(), ["Rome", "Oslo"]),
        (Serving(split_entities_by_comma=False), ["Rome, Oslo"]),
        (Serving(keep_commas_in=frozenset({"city"})), ["Rome, Oslo"]),
    ],
)
def test_a_comma_parts_entities_unless_it_may_not(
    drawn: Model, serving: Serving, expected: list[str]
) -> None:
    whole = tagged(drawn, 0)
    # Begin and last are as good as two units, and better together.
    whole.tensors["tags/bias"][[1, 3]] = 200
    found = served(whole, Tables(serving=serving)).parse("Rome, Oslo").entities
    assert [entity.value for entity in found] == expected


def test_labels_can_swap_names(drawn: Model) -> None:
    swap = Tables(intent_renames=(("greet", "bye"), ("bye", "greet")))
    packaged = package(drawn, swap, tables_digest="sha256:tables")
    assert packaged.labels.intents == ("book", "greet", "faq", "bye")
    before = {r.name: r.confidence for r in Runtime(drawn).parse("hi").intent_ranking}
    after = {r.name: r.confidence for r in Runtime(packaged).parse("hi").intent_ranking}
    assert after["greet"] == before["bye"]
    assert after["bye"] == before["greet"]
    assert all(packaged.tensors[n] is drawn.tensors[n] for n in drawn.tensors)
    assert packaged.tables is not None
    assert packaged.tables.intent_renames == ()


def test_an_entity_is_renamed_with_its_roles(
    draw: Callable[[Corpus], Model],
) -> None:
    roles = '[Rome]{"entity": "city", "role": "to"} from [Oslo](city)'
    model = draw(corpus(f"go: to {roles}\nstay: no", config=PIPELINE))
    tables = Tables(entity_renames=(("city", "place"),))
    packaged = package(model, tables, tables_digest="sha256:tables")
    assert [tuple(label) for label in packaged.labels.entities] == [
        ("place", None, None),
        ("place", "to", None),
    ]


@pytest.mark.parametrize(
    ("tables", "message"),
    [
        (
            Tables(intent_renames=(("nope", "x"),)),
            "intent 'nope' is renamed, but the model does not have it",
        ),
        (
            Tables(intent_renames=(("greet", "bye"),)),
            "after renaming, two of the model's labels are intent 'bye'",
        ),
        (
            Tables(entity_renames=(("person", "x"),)),
            "entity 'person' is renamed, but the model does not have it",
        ),
    ],
)
def test_a_rename_that_cannot_be(drawn: Model, tables: Tables, message: str) -> None:
    with pytest.raises(InputError) as error:
        package(drawn, tables, tables_digest="sha256:tables")
    assert error.value.message == message


def test_only_a_key_of_a_retrieval_intent_is_renamed(drawn: Model) -> None:
    tables = Tables(intent_renames=(("faq/ask_wifi", "faq/ask_internet"),))
    assert package(drawn, tables, tables_digest="x").labels == drawn.labels


def test_a_model_of_intents_alone_finds_no_entities(
    tiny: Corpus, draw: Callable[[Corpus], Model]
) -> None:
    config = corpus(config=WITHOUT_TAGS).config
    model = draw(replace(tiny, config=config))
    assert not any(name.startswith("tags/") for name in model.tensors)
    assert Runtime(model).parse("to Rome").entities == ()


def test_a_model_of_entities_alone_has_no_intent(
    tiny: Corpus, draw: Callable[[Corpus], Model]
) -> None:
    config = corpus(config=WITHOUT_INTENTS).config
    model = tagged(draw(replace(tiny, config=config)), 0)
    assert not any(name.startswith("intent/") for name in model.tensors)
    result = Runtime(model).parse("Rome")
    assert result.intent == RankedIntent(None, 0.0)
    assert [entity.entity for entity in result.entities] == ["city"]


def test_json_is_as_rasa_writes_it() -> None:
    entity = FoundEntity(
        start=3, end=6, entity="city", value="New York", confidence=0.5, role="to"
    )
    result = ParseResult(
        text="to NYC",
        intent=RankedIntent("go", 0.75),
        intent_ranking=(RankedIntent("go", 0.75),),
        entities=(entity, replace(entity, role=None, processors=("Mapper",))),
    )
    first = {
        "entity": "city",
        "start": 3,
        "end": 6,
        "confidence_entity": 0.5,
        "value": "New York",
        "extractor": "DIETClassifier",
    }
    assert result.to_json() == {
        "text": "to NYC",
        "intent": {"name": "go", "confidence": 0.75},
        "entities": [{**first, "role": "to"}, {**first, "processors": ["Mapper"]}],
        "intent_ranking": [{"name": "go", "confidence": 0.75}],
    }


def test_an_entity_has_rasas_names() -> None:
    entity = FoundEntity(start=0, end=2, entity="city", value="NY", confidence=0.5)
    assert (entity.confidence_entity, entity.extractor) == (0.5, "DIETClassifier")
