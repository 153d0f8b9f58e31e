"""A small corpus, and what a change of it is judged to need."""

from __future__ import annotations

from corpora import PIPELINE, SELECTING, corpus

from dvcinc.changes import diff
from dvcinc.config import Mode, Policy, Preset
from dvcinc.decision.decide import decide

N, R, F, S = Mode.NONE, Mode.REFRESH, Mode.FINETUNE, Mode.SCRATCH

BASE = """
greet: hi | hello | good day
bye: ciao | so long | see you
travel: to [Rome](city) | to [Oslo](city) | from [Bonn](city) to [Rome](city)
faq/ask_wifi: is there wifi | wifi please
faq/ask_food: is there food | can i eat
synonym Rome: roma | rome
utter faq/ask_wifi: Yes.
"""
NO_REGEX = PIPELINE.replace("- name: RegexFeaturizer\n", "")
NO_SPANS = PIPELINE.replace("  epochs: 100\n", "  entity_recognition: false\n")
TEXT_LABELS = SELECTING + "  use_text_as_label: true\n"
EXTRACTING = PIPELINE + "- name: RegexEntityExtractor\n"
EXTRACTING_ONLY = NO_REGEX + "- name: RegexEntityExtractor\n"
OOV = PIPELINE.replace(
    "- name: CountVectorsFeaturizer\n- ",
    "- name: CountVectorsFeaturizer\n  OOV_token: oov\n- ",
)


def judged(
    old: str,
    new: str,
    preset: Preset = Preset.STRICT,
    config: tuple[str, str] = (PIPELINE, PIPELINE),
    domain: tuple[str, str] = ("", ""),
):
    before = corpus(old, config=config[0], domain=domain[0])
    after = corpus(new, config=config[1], domain=domain[1])
    return decide(diff(before, after), Policy(preset=preset), after.config)


def lines(**changed: str) -> str:
    """The base with some of its lines said otherwise; an empty one is left out."""
    rows = dict(line.split(": ", 1) for line in BASE.strip().splitlines())
    rows |= {name.replace("__", "/"): text for name, text in changed.items()}
    return "\n".join(f"{name}: {text}" for name, text in rows.items() if text)
