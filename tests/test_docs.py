"""The documentation says what the code does: rules, parameters, renames."""

from __future__ import annotations

import re
from dataclasses import fields
from enum import Enum
from pathlib import Path

import pytest
from corpora import corpus

from dvcinc.changes import Kind, diff
from dvcinc.config import Mode, Params
from dvcinc.decision.rules import RULES
from dvcinc.params import described, read_params
from dvcinc.render.exports.in_toto import ANY_BUILDER, BUILD_TYPE
from dvcinc.surfaces.comment_command import comment
from dvcinc.surfaces.export_command import export
from dvcinc.surfaces.exporting import Form
from dvcinc.surfaces.lineage_commands import lineage

DOCS = Path(__file__).parent.parent / "docs"
RULES_MD = (DOCS / "rules.md").read_text(encoding="utf-8")
PARAMS_MD = (DOCS / "params.md").read_text(encoding="utf-8")


def _sections() -> dict[str, str]:
    parts = re.split(r"^### (DI\d{3})\n", RULES_MD, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def _mode(mode: Mode | None) -> str:
    return "–" if mode is None else mode.word


def _words(text: str) -> str:
    return " ".join(text.split())


def test_each_rule_has_its_section_in_the_order_of_the_table():
    assert list(_sections()) == [rule.code for rule in RULES]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rules_section_says_what_the_rule_does(rule):
    section = _words(_sections()[rule.code])
    kinds = ", ".join(f"`{kind.value}`" for kind in rule.kinds)
    targets = ", ".join(target.value for target in rule.targets)
    modes = " | ".join(map(_mode, (rule.strict, rule.pragmatic, rule.floor)))
    assert section.startswith(f"**{rule.title}** ({kinds})")
    assert f"| {targets} | {modes} |" in section
    assert _words(rule.about) in section
    assert "What to do: " in section


@pytest.mark.parametrize("text", [RULES_MD, PARAMS_MD], ids=["rules", "params"])
def test_links_lead_somewhere(text):
    anchors = {code.lower() for code in _sections()}
    prose = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    targets = re.findall(r"\]\(([^)]+)\)", prose)
    assert targets
    for target in targets:
        file, _, anchor = target.partition("#")
        assert not file or (DOCS / file).is_file(), target
        assert not anchor or anchor in anchors, target


# --- options, as the pages tell them -----------------------------------------------


@pytest.mark.parametrize(
    ("command", "name"),
    [
        (comment, "pull-requests.md"),
        (export, "exports.md"),
        (lineage.commands["verify"], "proof.md"),
    ],
)
def test_each_option_of_a_command_stands_in_its_page(command, name):
    page = (DOCS / name).read_text(encoding="utf-8")
    options = {
        name
        for param in command.params
        if param.param_type_name == "option"
        for name in param.opts
    }
    assert options
    assert {option for option in options if option not in page} == set()


def test_the_page_on_exports_tells_of_each_form_and_of_our_own_uris():
    page = (DOCS / "exports.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z-]+)` \| .* \| .* \|$", page, re.MULTILINE)
    assert rows[: 1 + len(Form)] == ["--format", *(form.value for form in Form)]
    titles = re.findall(r"^#+ (.+)$", page, re.MULTILINE)
    anchors = {title.lower().replace(" ", "-") for title in titles}
    assert {uri.partition("#")[2] for uri in (BUILD_TYPE, ANY_BUILDER)} <= anchors


# --- renames, as the page tells them ----------------------------------------------

_WORDS = {
    "renamed": Kind.INTENT_RENAMED,
    "merged": Kind.INTENTS_MERGED,
    "split": Kind.INTENT_SPLIT,
    "added": Kind.INTENT_ADDED,
    "removed": Kind.INTENT_REMOVED,
}


def _rows() -> list[tuple[str, str, str]]:
    table = RULES_MD.partition("| what it is |\n|---|---|---|\n")[2].partition("\n\n")[
        0
    ]
    rows = [line.strip("| ").split(" | ") for line in table.splitlines()]
    return [(before, after, what) for before, after, what in rows]


def _corpus(side: str):
    intents = side.replace("`", "").split("; ")
    return corpus("\n".join(intent.replace(", ", " | ") for intent in intents))


def test_the_table_of_renames_has_rows():
    assert len(_rows()) >= 6


@pytest.mark.parametrize(("before", "after", "what"), _rows())
def test_a_row_of_the_table_of_renames_is_true(before, after, what):
    names = re.sub(r"\(.*?\)", "", what)
    told = {kind for word, kind in _WORDS.items() if word in names.split(", ")[0]}
    if "`bye` removed" in what:
        told = {Kind.INTENT_REMOVED, Kind.INTENT_ADDED}
    found = {
        change.kind
        for change in diff(_corpus(before), _corpus(after))
        if change.kind in _WORDS.values()
    }
    assert {kind.value for kind in found} == {kind.value for kind in told}


# --- params.yaml ------------------------------------------------------------------


def _documented() -> dict[str, str]:
    rows = re.findall(
        r"^\| `([a-z_.0-9]+)` \| (.+?) \| .+ \|$", PARAMS_MD, re.MULTILINE
    )
    return {key: default.replace("`", "") for key, default in rows}


def _default(key: str) -> str:
    section, _, name = key.partition(".")
    if section == "trainer":
        return Params().trainer
    values = getattr(Params(), section)
    if key == "policy.mode":
        return "scratch" if values.forced else "auto"
    value = getattr(values, name)
    if value is None:
        return "null" if key == "policy.max_f1_drop" else "auto"
    return _said(value)


def _said(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(_said, value))
    if isinstance(value, Enum):
        return str(value.value)
    return str(dict(value)) if hasattr(value, "items") else str(value)


def _pair(key: str) -> tuple[str, str]:
    return _documented()[key], _default(key)


def test_each_parameter_stands_in_the_documentation_and_no_other():
    assert sorted(_documented()) == sorted(described(Params()))


@pytest.mark.parametrize("key", described(Params()))
def test_the_documented_default_is_the_default(key):
    said, default = (text.removesuffix(".0") for text in _pair(key))
    assert said == default


def test_the_documented_defaults_written_down_change_nothing():
    sections: dict[str, dict[str, str]] = {}
    for key, default in _documented().items():
        section, _, name = key.partition(".")
        listed = ", " in default or key == "policy.targets"
        sections.setdefault(section, {})[name] = f"[{default}]" if listed else default
    text = "".join(
        f"{section}:\n" + "".join(f"  {k}: {v}\n" for k, v in values.items())
        for section, values in sections.items()
    )
    read = read_params(text.encode())
    for part in fields(Params):
        if part.name != "data":
            assert getattr(read, part.name) == getattr(Params(), part.name)
