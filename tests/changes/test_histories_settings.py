"""Histories of what stands beside the examples: tables, domain, pipeline.

The notation is that of `histories.judged`: `DI102*2 SF` are two removed examples.
"""

from __future__ import annotations

from changes.histories import BOT, Side, bot, judged
from changes.sides import CITIES, IT, cities, diet, domain, lines, more, piped, table
from corpora import PIPELINE, SELECTING

BESIDE = [
    ("an alias", IT, lines(**{"synonym Rome": "roma | rom"}), "DI111 RR"),
    ("a synonym by a value", IT,
     Side(nlu=BOT.replace("[Oslo](city)", "[Oslo](city:Christiania)")), "DI111 RR"),
    ("a pattern more", IT, lines(**{"regex zip": "[0-9]+ | [A-Z]+ | x"}), "DI113 SF"),
    ("a regex", IT, more("regex nr: [0-9]{6}"), "DI112 FF"),
    ("a regex renamed", IT, Side(nlu=BOT.replace("regex zip", "regex code")),
     "DI112*2 FF, DI114*2 SF"),
    ("a regex out", IT, lines(**{"regex zip": ""}), "DI114*2 SF"),
    ("a line of a lookup of 10,000", cities(CITIES),
     cities(CITIES.replace("city 77\n", "city 77b\n")), "DI113*2 SF"),
    ("a lookup that no featurizer reads",
     piped("- name: RegexFeaturizer\n", ""),
     Side(nlu=bot(**{"lookup city": "Rome"}),
          config=PIPELINE.replace("- name: RegexFeaturizer\n", "")), "DI113 NN"),
]  # fmt: skip

DOMAINS = [
    ("a slot", IT, domain("slots:\n", "slots:\n  seat: {type: text}\n"), "DI301 SS"),
    ("a slot's mapping", IT, domain("entity: city}]", "entity: town}]"), "DI303 NN"),
    ("an action", IT, domain("[action_book]", "[action_book, action_pay]"), "DI302 SS"),
    ("a form's slots", IT, domain("required_slots: [city]", "required_slots: []"),
     "DI303 NN"),
    ("the session", IT, domain("time: 60", "time: 30"), "DI303 NN"),
    ("a response", IT, domain("text: Hi", "text: Hello"), "DI303 NN"),
    ("an intent listed alone", IT, domain("faq]", "faq, other]"), "DI304 SS"),
    ("an entity listed alone", IT, domain("[city]\nslots", "[city, x]\nslots"),
     "DI304 SS"),
    ("stories", IT,
     Side(files={"data/s.yml": "stories:\n- story: a\n  steps:\n  - intent: greet\n"}),
     "DI305 FF"),
]  # fmt: skip

CONFIGS = [
    ("epochs", IT, piped("epochs: 100", "epochs: 5"), "DI401 NN"),
    ("a threshold", Side(config=f"{PIPELINE}- name: FallbackClassifier\n"),
     Side(config=f"{PIPELINE}- name: FallbackClassifier\n  threshold: 0.5\n"),
     "DI402 RR"),
    ("the ranking's length", IT, diet("ranking_length: 3"), "DI402 RR"),
    ("logging", IT, diet("tensorboard_log_directory: logs"), "DI402 RR"),
    ("drop rate", IT, diet("drop_rate: 0.5"), "DI403 SS"),
    ("layers", IT, diet("number_of_transformer_layers: 1"), "DI403 SS"),
    ("a size without layers", IT, diet("transformer_size: 128"), "DI403 NN"),
    ("a size with layers", diet("number_of_transformer_layers: 1"),
     diet("number_of_transformer_layers: 1\n  transformer_size: 128"), "DI403 SS"),
    ("layers and a size at once", IT,
     diet("number_of_transformer_layers: 1\n  transformer_size: 128"),
     "DI403 SS, DI403 SS"),
    ("what is not honoured", IT, diet("constrain_similarities: true"), "DI403 NN"),
    ("what is not honoured, beside another's component",
     Side(config=f"{PIPELINE}- name: our.Component\n"),
     Side(config=PIPELINE.replace("epochs: 100",
                                  "epochs: 100\n  constrain_similarities: true")
          + "- name: our.Component\n"), "DI403 SS"),
    ("n-grams", IT, piped("max_ngram: 4", "max_ngram: 5"), "DI403 SS"),
    ("a featurizer out", IT, piped("- name: LexicalSyntacticFeaturizer\n", ""),
     "DI404 SS"),
    ("featurizers in another order", IT,
     piped("- name: RegexFeaturizer\n- name: LexicalSyntacticFeaturizer\n",
           "- name: LexicalSyntacticFeaturizer\n- name: RegexFeaturizer\n"),
     "DI404 SS"),
    ("a fallback", IT, Side(config=f"{PIPELINE}- name: FallbackClassifier\n"),
     "DI404 RR"),
    ("a selector", IT, Side(config=SELECTING), "DI404 SS"),
    ("the language", IT, piped("language: en", "language: de"), "DI405 SS"),
    ("dialogue policies", IT, Side(config=f"{PIPELINE}policies:\n- name: RulePolicy\n"),
     "DI406 SS"),
]  # fmt: skip


@table(*BESIDE)
def test_a_history_of_tables_is_judged(old: Side, new: Side, said: str) -> None:
    assert judged(old, new) == said


@table(*DOMAINS)
def test_a_history_of_the_domain_is_judged(old: Side, new: Side, said: str) -> None:
    assert judged(old, new) == said


@table(*CONFIGS)
def test_a_history_of_the_pipeline_is_judged(old: Side, new: Side, said: str) -> None:
    assert judged(old, new) == said
