"""Strict reading of what a TOML file says: a value of the right type, or one line that says why not."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, time
from typing import Union

from attrs import frozen

from models.scenario.errors import ScenarioError, TomlPlace
from models.scenario.expressions import MAX_DIGITS
from spec.anoma.keyvalue import KVSKey

TomlValue = Union[  # noqa: UP007  # an alias that names itself
    str, int, float, bool, date, time, list["TomlValue"], dict[str, "TomlValue"]
]
"""What the standard parser makes of a value."""

BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
"""The keys that TOML writes without quotation marks."""

LONGEST_QUOTATION = 60
"""How many characters of a file's own text a message repeats."""

KEY_NAME = "a key's name: not empty, and nothing in it that does not print"
"""What names a key of the store, or a transaction."""


@frozen
class Table:
    """One table of a TOML file."""

    file: str
    """The file, as its user named it."""
    place: str
    """The table's place in the file, lists counted from 0; empty for the file's top."""
    values: Mapping[str, TomlValue]
    """What it says."""

    def error(self, key: str, what: str, expected: str) -> ScenarioError:
        """The error about one key of the table."""
        return ScenarioError(self.file, TomlPlace(self.below(key)), what, expected)

    def own_error(self, what: str, expected: str) -> ScenarioError:
        """The error about the table as a whole."""
        return ScenarioError(
            self.file, TomlPlace(self.place) if self.place else None, what, expected
        )

    def below(self, key: str) -> str:
        """The place of one of its keys."""
        last = key if BARE_KEY.fullmatch(key) else quoted(key)
        return f"{self.place}.{shortened(last)}" if self.place else shortened(last)

    def refuse_others(self, allowed: tuple[str, ...]) -> None:
        """Refuse a key that is not among these."""
        for key in self.values:
            if key not in allowed:
                raise self.error(key, "unknown key", f"one of {', '.join(allowed)}")

    def string(self, key: str) -> str | None:
        """The string of a key, if it is there."""
        value = self.values.get(key)
        if value is None or isinstance(value, str):
            return value
        raise self.error(key, described(value), "a string")

    def choice(self, key: str, choices: tuple[str, ...]) -> str | None:
        """The string of a key, if it is there; one of these."""
        value, expected = self.string(key), " or ".join(quoted(choice) for choice in choices)
        if value is None or value in choices:
            return value
        raise self.error(key, f"it is {quoted(value)}", expected)

    def boolean(self, key: str) -> bool | None:
        """The boolean of a key, if it is there."""
        value = self.values.get(key)
        if value is None or isinstance(value, bool):
            return value
        raise self.error(key, described(value), "true or false")

    def integer(self, key: str) -> int | None:
        """The integer of a key, if it is there; booleans are none."""
        value, expected = self.values.get(key), "an integer"
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.error(key, described(value), expected)
        if abs(value) >= 10**MAX_DIGITS:
            what = "a very long integer"
            raise self.error(key, what, f"at most {MAX_DIGITS} decimal digits")
        return value

    def number_in(self, key: str, least: int, most: int, default: int) -> int:
        """The integer of a key between two bounds, or the default if it is not there."""
        expected = f"an integer from {least} to {most}"
        value = self.values.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.error(key, described(value), expected)
        if not least <= value <= most:
            shown = f"it is {value}" if abs(value) < 10**MAX_DIGITS else "it is very long"
            raise self.error(key, shortened(shown), expected)
        return value

    def keys_of_the_store(self, key: str) -> frozenset[KVSKey]:
        """The list of keys that a key has; none if it is not there."""
        values = self.values.get(key)
        if values is None:
            return frozenset()
        if not isinstance(values, list):
            raise self.error(key, described(values), "a list of strings")
        return frozenset(
            self._key_of_the_store(f"{self.below(key)}[{index}]", value)
            for index, value in enumerate(values)
        )

    def table(self, key: str) -> "Table":
        """The table of a key; an empty one if it is not there."""
        value = self.values.get(key)
        if value is None:
            return Table(self.file, self.below(key), {})
        if not isinstance(value, dict):
            raise self.error(key, described(value), f"a table [{key}]")
        return Table(self.file, self.below(key), value)

    def tables(self, key: str) -> Iterator["Table"]:
        """The tables in the list of a key, in order; none if it is not there."""
        values, expected = self.values.get(key), f"tables [[{key}]]"
        if values is None:
            return
        if not isinstance(values, list):
            raise self.error(key, described(values), expected)
        for index, value in enumerate(values):
            place = f"{self.below(key)}[{index}]"
            if not isinstance(value, dict):
                raise ScenarioError(self.file, TomlPlace(place), described(value), expected)
            yield Table(self.file, place, value)

    def keys_named_here(self) -> tuple[KVSKey, ...]:
        """The keys of the table itself, which are keys of the store, in order."""
        return tuple(self._key_of_the_store(self.below(key), key) for key in sorted(self.values))

    def _key_of_the_store(self, place: str, value: TomlValue) -> KVSKey:
        """A string that can name a key."""
        if not isinstance(value, str):
            raise ScenarioError(self.file, TomlPlace(place), described(value), "a string")
        if not is_name(value):
            raise ScenarioError(self.file, TomlPlace(place), f"it is {quoted(value)}", KEY_NAME)
        return KVSKey(value)


def is_name(text: str) -> bool:
    """Whether a text can name a key or a transaction: it can be shown."""
    return bool(text) and text.isprintable()


def quoted(text: str) -> str:
    """A file's own text as a message repeats it."""
    return f'"{shortened(text)}"'


def shortened(text: str) -> str:
    """The text, cut where it is too long to be repeated."""
    return text if len(text) <= LONGEST_QUOTATION else f"{text[:LONGEST_QUOTATION]}…"


def described(value: TomlValue) -> str:
    """What a value is that has the wrong type, in TOML's words."""
    match value:
        case bool():
            return "it is a boolean"
        case int():
            return "it is an integer"
        case float():
            return "it is a float"
        case str():
            return "it is a string"
        case list():
            return "it is a list"
        case dict():
            return "it is a table"
        case _:
            return "it is a date or a time"
