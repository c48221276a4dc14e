"""The text of a TOML file: reading it, and finding where in it a string stands."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from attrs import evolve, frozen

from models.scenario.errors import Position, ScenarioError, TomlPlace
from models.scenario.expressions import MAX_DIGITS
from models.scenario.positions import KeyPath, offsets_of
from models.scenario.source import LINE_END

MAX_BYTES = 1_000_000
"""The size of the largest file that is read."""

LONG_DOTTED_KEY = re.compile(
    r"""(?<![A-Za-z0-9_-])(?:(?:[A-Za-z0-9_-]++|"[^"\n]*"|'[^'\n]*')[ \t]*+\.[ \t]*+){100}"""
)
"""A key of more than a hundred parts: the parser's time grows with the square of their number."""

TOML = "a TOML file"
"""What a file is expected to be that is none."""

TOML_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
"""How the parser ends its message: with the place."""


@frozen
class Document:
    """A TOML file."""

    file: str
    """The file, as its user named it."""
    text: str
    """Its text, with line ends as TOML's parser sees them."""
    values: Mapping[str, Any]
    """What it says."""

    def relocated(self, error: ScenarioError, path: KeyPath, embedded: str) -> ScenarioError:
        """An error at a place in a string of the file, as one at a place in the file."""
        try:
            offsets = offsets_of(self.text, path)
        except RecursionError:
            offsets = ()
        if not isinstance(error.place, Position) or len(offsets) != len(embedded) + 1:
            return evolve(error, place=TomlPlace(dotted(path)))
        inside = offset_in(embedded, error.place)
        return evolve(error, place=position_in(self.text, offsets[inside]))


def read_document(file: str) -> Document:
    """The TOML file of this name; a ScenarioError if it cannot be read."""
    return parse_document(read_bytes(file), file)


def read_bytes(file: str) -> bytes:
    """What is in a file, if it is not too large."""
    try:
        with Path(file).open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise ScenarioError(file, None, "there is no such file", TOML) from None
    except IsADirectoryError:
        raise ScenarioError(file, None, "it is a directory", TOML) from None
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise ScenarioError(file, None, f"it cannot be read: {reason}", TOML) from None
    if len(content) > MAX_BYTES:
        what = "the file is too large"
        raise ScenarioError(file, None, what, f"at most {MAX_BYTES} bytes")
    return content


def parse_document(content: bytes, file: str) -> Document:
    """The TOML file with this content; a ScenarioError if it is none."""
    text = decoded(content, file).replace("\r\n", "\n")
    long = LONG_DOTTED_KEY.search(text)
    if long:
        place = position_in(text, long.start())
        raise ScenarioError(file, place, "a very long dotted key", "at most 100 parts")
    try:
        return Document(file, text, tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise syntax_error(str(error), text, file) from None
    except RecursionError:
        what = "its lists and tables nest too deep"
        raise ScenarioError(file, None, what, "a few levels") from None
    except ValueError:  # from Python's own limit for reading integers
        what, limit = "a very long integer", f"at most {MAX_DIGITS} decimal digits"
        raise ScenarioError(file, None, what, limit) from None


def decoded(content: bytes, file: str) -> str:
    """The text that the bytes stand for in UTF-8."""
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        place = position_in(content[: error.start].decode(), error.start)
        what = f"the byte 0x{content[error.start]:02x} is not UTF-8 here"
        raise ScenarioError(file, place, what, f"{TOML} in UTF-8") from None


def syntax_error(message: str, text: str, file: str) -> ScenarioError:
    """The error that the parser's message stands for."""
    what = f"TOML syntax error: {TOML_PLACE.sub('', message)}"
    place = TOML_PLACE.search(message)
    if place is None or place[1] is None:
        return ScenarioError(file, position_in(text, len(text)), what, TOML)
    return ScenarioError(file, Position(int(place[1]), int(place[2])), what, TOML)


def dotted(path: KeyPath) -> str:
    """The keys of a path with dots between them, indexes in brackets."""
    parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return "".join(parts).removeprefix(".")


def position_in(text: str, offset: int) -> Position:
    """The line and column of an offset; of the end if it lies behind."""
    before = text[:offset]
    return Position(before.count("\n") + 1, len(before) - before.rfind("\n"))


def offset_in(text: str, position: Position) -> int:
    """The offset of a line and column, inside the text or at its end."""
    starts = [0, *(end.end() for end in LINE_END.finditer(text))]
    line = min(position.line, len(starts)) - 1
    return min(starts[line] + position.column - 1, len(text))
