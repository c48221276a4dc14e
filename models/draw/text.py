"""Text in drawings: in one line, nothing in it that could act on what stands around it, and about as wide as is said.

Names and values come from whoever wrote a model. What does not print is escaped here, the controls of writing
direction among it; what means something in a form of drawings is escaped there.
"""

import re
from unicodedata import combining, east_asian_width

from models.render import one_line

DIGITS = re.compile(r"(\d+)")
"""Numbers in names."""


def plain(text: str) -> str:
    """A text in one line, with all that does not print escaped."""
    return one_line(text)


def cells(text: str) -> int:
    """How many characters of ordinary width a text is wide, about."""
    return sum(_width(character) for character in text)


def shortened(text: str, width: int) -> str:
    """A text that is no wider than so many characters; where something is left out, it ends in `…`."""
    if cells(text) <= width:
        return text
    return f"{_fitting(text, width - 1).rstrip()}…"


def wrapped(text: str, width: int) -> list[str]:
    """A text in lines no wider than so many characters, broken between words where that can be."""
    lines, line = list[str](), ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if cells(longer) <= width:
            line = longer
            continue
        lines += [line] if line else []
        while cells(word) > width:
            piece = _fitting(word, width) or word[:1]
            lines.append(piece)
            word = word[len(piece) :]  # noqa: PLW2901  # what is left of it
        line = word
    return [*lines, line] if line or not lines else lines


def natural(name: str) -> tuple[tuple[int, str], ...]:
    """What names are sorted by, so that numbers in them count as numbers."""
    parts = DIGITS.split(name)
    return tuple((int(part), "") if part.isdecimal() else (-1, part) for part in parts)


def count(number: int, thing: str) -> str:
    """A number of things."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def _fitting(text: str, width: int) -> str:
    """What fits of the beginning of a text."""
    for place, character in enumerate(text):
        width -= _width(character)
        if width < 0:
            return text[:place]
    return text


def _width(character: str) -> int:
    if combining(character):
        return 0
    return 2 if east_asian_width(character) in "WF" else 1
