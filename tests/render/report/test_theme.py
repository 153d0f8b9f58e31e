"""Both themes can be read: contrasts as WCAG 2.2 asks for them (1.4.3, 1.4.11)."""

from __future__ import annotations

import pytest

from dvcinc.config import Mode
from dvcinc.render.report.by_intent import DARKEST
from dvcinc.render.report.theme import DARK, LIGHT, of_mode, variables

TEXT = ("text", "muted", "link", "scratch", "finetune", "refresh")
SHAPES = ("saved", "scratch", "finetune", "refresh", "text")


def channels(colour):
    return [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]


def luminance(found):
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in found
    ]
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def over(front, back, opacity):
    pairs = zip(channels(front), channels(back), strict=True)
    return [f * opacity + b * (1 - opacity) for f, b in pairs]


@pytest.mark.parametrize("theme", [LIGHT, DARK])
@pytest.mark.parametrize("behind", ["page", "panel"])
def test_text_can_be_read(theme, behind):
    for name in TEXT:
        found = contrast(channels(theme[name]), channels(theme[behind]))
        assert found >= 4.5, name


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_shapes_can_be_seen(theme):
    for name in SHAPES:
        assert contrast(channels(theme[name]), channels(theme["page"])) >= 3, name


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_numbers_in_the_confusion_matrix_can_be_read(theme):
    cell = over(theme["scratch"], theme["page"], DARKEST)
    assert contrast(channels(theme["text"]), cell) >= 4.5


def test_both_themes_have_the_same_colours():
    assert LIGHT.keys() == DARK.keys()
    assert {of_mode(mode) for mode in Mode} <= LIGHT.keys()


def test_the_system_chooses_unless_the_button_says_another():
    said = variables()
    dark = said.index("prefers-color-scheme: dark")
    assert said.index(LIGHT["page"]) < dark < said.index("data-theme=light")
