"""Small files that each reader takes: where fuzzing begins, and a test of their own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]

NLU = r"""version: "3.1"
nlu:
- intent: greet
  examples: |
    - hi [Bob](name)
    - from [Leeds]{"entity": "city", "role": "from", "value": "leeds"}
    - [a b][{"entity": "x", "group": "1"}, {"entity": "y"}]
    - plain, with a `tick` and 50 %
- intent: faq/ask_wifi
  examples:
  - text: |
      is there wifi
    metadata: {sentiment: neutral}
  - text: "quoted \u00e9 \U0001F600"
- synonym: New York
  examples: |
    - nyc
- regex: code
  examples: |
    - [A-Z]{3}[0-9]+
- lookup: city
  examples: |
    - Rome
- lookup: town
  examples: data/towns.txt
"""
DOMAIN = """version: "3.1"
intents:
- greet
- faq: {is_retrieval_intent: true, use_entities: []}
entities:
- city:
    roles: [from, to]
    groups: ["1"]
slots:
  city: &slot
    type: text
    mappings: [{type: from_entity, entity: city}]
  town: {<<: *slot, type: any}
actions: [action_a]
forms:
  book: {required_slots: [city]}
responses:
  utter_greet:
  - text: hello
  utter_faq/ask_wifi:
  - text: it is free
    condition: [{type: slot, name: city, value: 1.5e3}]
session_config: {session_expiration_time: 60, carry_over_slots_to_new_session: true}
stories:
- story: one
  steps: [{intent: greet}, {action: utter_greet}]
rules:
- rule: two
  steps: [{intent: greet}]
"""
CONFIG = """recipe: default.v1
language: en
pipeline:
- name: WhitespaceTokenizer
  token_pattern: "[a-z]+"
- name: RegexFeaturizer
  case_sensitive: false
- name: LexicalSyntacticFeaturizer
  features: [[low], [BOS, EOS], [title]]
- name: CountVectorsFeaturizer
  analyzer: char_wb
  min_ngram: 1
  max_ngram: 4
- name: DIETClassifier
  epochs: 100
  hidden_layers_sizes: {text: [256, 128]}
- name: EntitySynonymMapper
- name: ResponseSelector
  retrieval_intent: faq
- name: FallbackClassifier
  threshold: 0.3
policies:
- RulePolicy
"""
PARAMS = """data: {nlu: [data/nlu, more], domain: data/domain.yml, config: config.yml}
policy: {preset: pragmatic, rules: {DI201: finetune}, targets: [nlu, dialogue]}
train: {epochs: 3, learning_rate: 0.001}
finetune: {steps: auto, replay: 10}
trainer: {kind: builtin}
"""
JSON = {
    "rasa_nlu_data": {
        "common_examples": [
            {
                "text": "hi Bob",
                "intent": "greet",
                "entities": [
                    {"start": 3, "end": 6, "value": "Robert", "entity": "name"}
                ],
            },
            {"text": "bye", "intent": "bye", "entities": []},
        ],
        "regex_features": [{"name": "code", "pattern": "[0-9]+"}],
        "lookup_tables": [
            {"name": "city", "elements": ["Rome"]},
            {"name": "town", "elements": "data/towns.txt"},
        ],
        "entity_synonyms": [{"value": "New York", "synonyms": ["nyc"]}],
    }
}
MARKDOWN = """## intent:greet
- hi [Bob](name)
* from [nyc](city:New York)
+ [Leeds]{"entity": "city", "role": "to"}
<!-- a comment -->
## synonym:New York
- ny
## regex:code
- [0-9]+
## lookup:city
- Rome
## lookup:town
data/towns.txt
"""
LINES = r"""{"text": "hi Bob", "intent": "greet", "entities": [
{"start": 3, "end": 6, "entity": "name"}]}
{"text": "to [Rome](city)", "intent": "go"}
""".replace("[\n", "[")
CSV = """text,intent,entities
hi there,greet,
"hi, Bob",greet,"[{""start"": 4, ""end"": 7, ""entity"": ""name""}]"
"two
lines",greet,[]
"""
LOCK = """schema: '2.0'
stages:
  train:
    cmd: dvcinc stage train
    deps:
    - path: plan/base
      hash: md5
      md5: 0123456789abcdef0123456789abcdef.dir
      size: 10
      nfiles: 2
    params:
      params.yaml:
        train: {epochs: auto, seed: 42}
    outs:
    - path: models/base
      hash: md5
      md5: 0123456789abcdef0123456789abcdef.dir
"""
RUN = LOCK[LOCK.index("    cmd:") :]

SEEDS: Mapping[str, tuple[bytes, ...]] = {
    "yml": (NLU.encode(), DOMAIN.encode(), b"\xef\xbb\xbf" + NLU.encode(), b""),
    "json": (json.dumps(JSON).encode(), json.dumps(JSON, indent=1).encode(), b"{}"),
    "md": (MARKDOWN.encode(), b"# Read me\n\n- a list\n", b"## story\n* greet\n"),
    "jsonl": (LINES.encode(), b'{"a": 1}\n'),
    "csv": (CSV.encode(), b"text;intent\nhi;greet\n", b"a,b\n1,2\n"),
    "tsv": (b"intent\ttext\ngreet\thi [Bob](name)\n",),
    "lookup": ("Rome\nNew York\r\n\nZürich\n".encode(),),
    "config": (CONFIG.encode(), (ROOT / "data/config.yml").read_bytes()),
    "params": (PARAMS.encode(), b"", (ROOT / "params.yaml").read_bytes()),
    "markup": (
        b"hi [Bob](name)",
        b'[nyc](city:New York) to [Leeds]{"entity": "city", "role": "to"}',
        b'[a][{"entity": "x"}, {"entity": "y", "group": "2"}]',
    ),
    "plan": ((ROOT / "plan/plan.json").read_bytes(),),
    "lineage": ((ROOT / "lineage.json").read_bytes(),),
    "lock": (LOCK.encode(), (ROOT / "dvc.lock").read_bytes()),
    "run": (RUN.encode(),),
}
"""Files by the reader that takes them."""
