"""Colours: legible in light and dark surroundings."""

from collections.abc import Mapping

import pytest

from models.draw.palette import DARK, HUES, LIGHT, painted, style

READABLE = 4.5
"""The contrast that WCAG 2 asks of text (AA)."""


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_all_text_is_legible(colours: Mapping[str, str]) -> None:
    pairs = [
        ("ink", "paper"),
        ("ink", "shade"),
        ("muted", "paper"),
        ("muted", "shade"),
        ("bad", "paper"),
        ("bad", "blush"),
        ("ink", "blush"),
        *((f"t{number}", "paper") for number in range(HUES)),
    ]
    found = {pair: contrast(colours[pair[0]], colours[pair[1]]) for pair in pairs}
    assert {pair for pair, value in found.items() if value < READABLE} == set()


def test_both_surroundings_have_the_same_colours() -> None:
    assert set(LIGHT) == set(DARK)
    assert {f"t{number}" for number in range(HUES)} < set(LIGHT)


def test_names_of_colours_are_painted_over_and_others_stay() -> None:
    assert painted("a { fill: ink; x: inkling; }", {"ink": "#1"}) == "a { fill: #1; x: inkling; }"


def test_the_style_has_every_colour_of_both_and_no_name_of_one() -> None:
    sheet = style()
    light, dark = sheet.split("@media")
    assert {each for each in LIGHT.values() if each not in light} == set()
    assert {each for each in DARK.values() if each not in dark} == set()
    assert not any(f": {name};" in sheet for name in LIGHT)
    assert "font" not in dark
