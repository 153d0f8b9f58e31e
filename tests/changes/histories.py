"""One side of a row in the table of histories, and what is said of two."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from corpora import PIPELINE, nlu_yaml

from dvcinc.changes import diff
from dvcinc.config import Policy, Preset
from dvcinc.corpus.rasa import merge, read_config_file
from dvcinc.corpus.readers import read_part
from dvcinc.corpus.readers.lookup import read_lookup
from dvcinc.corpus.values import Corpus
from dvcinc.decision.decide import decide

BOT = """\
greet: hi | hello there | good day
bye: ciao | so long | see you
travel: to [Rome](city) | to [Oslo](city) now | from [Bonn](city) to [Rome](city)
faq/wifi: is there wifi | wifi please
faq/food: is there food | can i eat
synonym Rome: roma
regex zip: [0-9]+ | [A-Z]+
lookup city: Rome | Oslo
utter faq/wifi: Yes.
utter faq/food: No.
"""
DOMAIN = """\
intents: [greet, bye, travel, faq]
entities: [city]
slots:
  city: {type: text, mappings: [{type: from_entity, entity: city}]}
actions: [action_book]
forms:
  book: {required_slots: [city]}
responses:
  utter_hi: [{text: Hi}]
session_config: {session_expiration_time: 60}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """The files of one side, by default those of one small assistant.

    Attributes:
        nlu: NLU data in the small language of the tests.
        domain: `domain.yml`.
        config: `config.yml`.
        files: More files, by path, as they are written.
    """

    nlu: str = BOT
    domain: str = DOMAIN
    config: str = PIPELINE
    files: dict[str, str | bytes] = field(default_factory=dict)

    def corpus(self) -> Corpus:
        """The corpus that the files say."""
        written = {
            "data/nlu.yml": nlu_yaml(self.nlu),
            "domain.yml": self.domain,
            **dict(sorted(self.files.items())),
        }
        config = read_config_file(self.config.encode(), "config.yml")
        return merge([config, *(p for name in written for p in _read(written, name))])


def _read(written: dict[str, str | bytes], name: str) -> Iterator[Corpus]:
    if PurePosixPath(name).suffix == ".yml":
        part = read_part(_bytes(written[name]), name)
        yield part.corpus
        for lookup in part.lookups:
            yield read_lookup(_bytes(written[lookup.path]), lookup.path, lookup.name)


def _bytes(said: str | bytes) -> bytes:
    return said.encode() if isinstance(said, str) else said


def bot(**lines: str) -> str:
    """The assistant's NLU data with some lines said otherwise; "" takes one out."""
    rows = dict(line.split(": ", 1) for line in BOT.strip().splitlines())
    rows |= {name.replace("__", "/"): text for name, text in lines.items()}
    return "\n".join(f"{name}: {text}" for name, text in rows.items() if text)


def judged(old: Side, new: Side) -> str:
    """Codes, each with its count where it is not 1, and its modes.

    `DI102*2 SF` are two removed examples: scratch under strict, a fine-tune under
    pragmatic.
    """
    before, after = old.corpus(), new.corpus()
    changes = diff(before, after)
    strict, pragmatic = (
        {
            (r.code, r.kind, r.subject): r
            for r in decide(changes, Policy(preset=preset), after.config).reasons
        }
        for preset in Preset
    )
    said = [
        f"{r.code}{'' if r.count == 1 else f'*{r.count}'} "
        f"{r.mode.word[0].upper()}{pragmatic[key].mode.word[0].upper()}"
        for key, r in strict.items()
    ]
    return ", ".join(sorted(said))
