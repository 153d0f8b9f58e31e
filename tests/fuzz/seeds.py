"""Small files that each reader takes: where fuzzing begins, and a test of their own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from dvcinc.corpus.patterns import ExtractorSettings
from dvcinc.corpus.settings import FallbackSettings, Serving
from dvcinc.corpus.tables import Tables
from dvcinc.corpus.values import Response, Synonym
from dvcinc.lineage.verified import Fate, Untouched, Verified
from dvcinc.plan.base import SCHEMA as BASE_SCHEMA
from dvcinc.plan.json import dump
from dvcinc.plan.tables import tables_files
from dvcinc.text.patterns import Pattern, PatternKind

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
POINTER = """wdir: ..
outs:
- md5: 0123456789abcdef0123456789abcdef.dir
  path: data/nlu
  hash: md5
  nfiles: 2
- path: models/base
  files:
  - {relpath: a.yml, md5: 0123456789abcdef0123456789abcdef}
"""
LISTING = """[{"md5": "0123456789abcdef0123456789abcdef", "relpath": "a/b.yml"},
{"md5": "0123456789abcdef0123456789abcdef", "relpath": "c.yml"}]"""
DVC_CONFIG = """[core]
    remote = store
['remote "store"']
    url = ../store
['remote "here"']
    url = ~/here
[cache]
    dir = elsewhere
    local = here
"""
OTHERS = "  other:\n    cmd: echo\n    outs:\n    - {path: x, md5: y}\n"


_LOST = Untouched(
    name="faq",
    support=40,
    before=1.0,
    after=0.75,
    lost=10,
    won=0,
    p=0.001,
    fate=Fate.BREACH,
)
VERIFIED = Verified(
    base="sha256:b",
    model="sha256:m",
    limit=0.05,
    examples=40,
    touched=("greet",),
    intents=(_LOST,),
).to_bytes()


def _read(path: str) -> bytes:
    return (ROOT / path).read_bytes()


def _base() -> bytes:
    """As `plan.json` says it."""
    base = json.loads(_read("plan/plan.json"))["base"]
    return dump({"schema": BASE_SCHEMA, **base})


def _tables() -> bytes:
    extractor = ExtractorSettings(synonyms=True)
    tables = Tables(
        synonyms=(Synonym("nyc", "New York"),),
        responses=(Response("faq/ask", '{"text": "yes"}'),),
        intent_renames=(("a", "b"),),
        patterns=(Pattern(PatternKind.REGEX, "code", ("[0-9]+",)),),
        serving=Serving(fallback=FallbackSettings(), extractor=extractor),
    )
    (file,) = tables_files(tables)
    return file.content


SEEDS: Mapping[str, tuple[bytes, ...]] = {
    "yml": (NLU.encode(), DOMAIN.encode(), b"\xef\xbb\xbf" + NLU.encode(), b""),
    "json": (json.dumps(JSON).encode(), json.dumps(JSON, indent=1).encode(), b"{}"),
    "md": (MARKDOWN.encode(), b"# Read me\n\n- a list\n", b"## story\n* greet\n"),
    "jsonl": (LINES.encode(), b'{"a": 1}\n'),
    "csv": (CSV.encode(), b"text;intent\nhi;greet\n", b"a,b\n1,2\n"),
    "tsv": (b"intent\ttext\ngreet\thi [Bob](name)\n",),
    "lookup": ("Rome\nNew York\r\n\nZürich\n".encode(),),
    "config": (CONFIG.encode(), _read("data/config.yml")),
    "params": (PARAMS.encode(), b"", _read("params.yaml")),
    "markup": (
        b"hi [Bob](name)",
        b'[nyc](city:New York) to [Leeds]{"entity": "city", "role": "to"}',
        b'[a][{"entity": "x"}, {"entity": "y", "group": "2"}]',
    ),
    "plan": (_read("plan/plan.json"),),
    "lineage": (_read("lineage.json"),),
    "verified": (VERIFIED,),
    "lock": (LOCK.encode(), _read("dvc.lock")),
    "run": (RUN.encode(),),
    "pointer": (POINTER.encode(),),
    "outs": (LOCK.encode() + b"\0" + _read("dvc.yaml"), _read("dvc.lock")),
    "listing": (LISTING.encode(),),
    "dvc config": (DVC_CONFIG.encode(),),
    "merge": (
        f"{LOCK}{OTHERS}\0{LOCK}\0{LOCK}{OTHERS.replace('echo', 'ls')}".encode(),
        b"\0\0".join((_read("dvc.lock"), LOCK.encode())),
    ),
    "pipeline": (_read("dvc.yaml"), _read("params.yaml")),
    "base": (_base(),),
    "tables": (_tables(),),
    "report": (_read("reports/train.json"), _read("reports/finetune.json")),
    "metrics": (_read("metrics.json"),),
}
"""Files by the reader that takes them."""
_TOKENS = b"pipeline: [{name: WhitespaceTokenizer, token_pattern: %s}]"
FOUND: Mapping[str, tuple[bytes, ...]] = {
    "config": (
        CONFIG.replace("EOS", "E: OS").encode(),
        *(_TOKENS % said for said in (b"'a{99999999999}'", b"(a)(b)", b"(a+)+b")),
        *(_TOKENS % said for said in (b"'(?=(aa))'", b"(" * 5000, b"'a*a*a*a*b'")),
    ),
    "dvc config": (b"[cache]\n    dir = ~nobody/x\n", b"[cache]\n    dir = a\0b\n"),
    "merge": (b"\0a: b\xc2\x85\nc: d\n", b"\0a: b\rc: d\n"),
    "lineage": (_read("lineage.json").replace(b"scratch", b"\\ud800", 1),),
    "verified": (VERIFIED.replace(b"0.05,", b"null,", 1),),
    "plan": (_read("plan/plan.json").replace(b"null", b"1e400"),),
    "base": (_base().replace(b"null", b"1" + 400 * b"0"),),
    "metrics": (b'{"a": 1' + 400 * b"0" + b"}", b'{"a":' * 900 + b"1" + b"}" * 900),
}
"""What a reader once tripped over."""
