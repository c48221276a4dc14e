"""The scanner of TOML files: where in the text the characters of a string stand."""

import tomllib
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.scenario.positions import KeyPath, offsets_of
from models.scenario.table import TomlValue


@pytest.mark.parametrize(
    ("text", "path", "offsets"),
    [
        ('a = "xy"', ("a",), (5, 6, 7)),
        ("a='xy'", ("a",), (3, 4, 5)),
        ('a = ""', ("a",), (5,)),
        ('a = """\nxy"""', ("a",), (8, 9, 10)),
        ('a = """xy"""""', ("a",), (7, 8, 9, 10, 11)),
        ("a = '''\n\nx'y'''", ("a",), (8, 9, 10, 11, 12)),
        (r'a = "x\ny\u0041z"', ("a",), (5, 6, 8, 9, 15, 16)),
        (r"a = 'x\n'", ("a",), (5, 6, 7, 8)),
        ('a = """x\\\n  \n  y"""', ("a",), (7, 15, 16)),
        ('[t]\n[t.u]\n"k l" . m = "x"', ("t", "u", "k l", "m"), (23, 24)),
        ("[[t]]\n[[t]]\n[t.u]\nk = 'x'", ("t", 1, "u", "k"), (23, 24)),
        ("[[t]]\n[[t.u]]\n[[t.u]]\nk = 'x'", ("t", 0, "u", 1, "k"), (27, 28)),
        ("a = [1, { b = 2020-01-01 01:01:01, c = ['x'] } , # ]\n]", ("a", 1, "c", 0), (41, 42)),
        ("a = 'x'", ("b",), ()),
        ("a = 1", ("a",), ()),
    ],
)
def test_every_character_of_a_string_is_found(
    text: str, path: KeyPath, offsets: tuple[int, ...]
) -> None:
    tomllib.loads(text)
    assert offsets_of(text, path) == offsets


# At random: the scanner finds what the standard parser finds

QUOTED = st.sampled_from(
    [
        '"x"',
        "'y\"'",
        '"""\n z"""',
        "'''q'''",
        '""',
        '"a\\tb\\""',
        '"""a\\\n   b""\\""""',
        '"""c"""""',
    ]
)


def listed(items: list[str]) -> str:
    """A list over several lines, with a comment after each item."""
    return "[ " + "".join(f"{item} , # ]\n" for item in items) + "]"


def tabled(items: list[str]) -> str:
    """A table inside a line, with dotted keys."""
    return "{" + ", ".join(f"k{index}.'a b' = {item}" for index, item in enumerate(items)) + "}"


VALUES = st.recursive(
    QUOTED | st.sampled_from(["1", "-2.5", "true", "1979-05-27 07:32:00"]),
    lambda inner: st.lists(inner, max_size=3).map(listed) | st.lists(inner, max_size=3).map(tabled),
    max_leaves=6,
)
HEADERS = st.sampled_from(["", "[[t]]", "[[t]]\n[ t . u ] # [v]", "[[t]]\n[['t'.w]]\n[[t.w]]"])


def strings_in(value: TomlValue, path: KeyPath) -> dict[KeyPath, str]:
    """The strings in what the standard parser has found."""
    if isinstance(value, str):
        return {path: value}
    items: Iterable[tuple[str | int, TomlValue]] = ()
    if isinstance(value, dict):
        items = value.items()
    if isinstance(value, list):
        items = enumerate(value)
    found: dict[KeyPath, str] = {}
    for key, item in items:
        found |= strings_in(item, (*path, key))
    return found


def character(text: str, offset: int) -> str:
    """The character that stands at an offset, as a string has it."""
    escaped = {"\\t": "\t", '\\"': '"'}
    return escaped.get(text[offset : offset + 2], text[offset])


@given(st.lists(st.tuples(HEADERS, st.lists(VALUES, max_size=3)), max_size=4))
def test_the_scanner_finds_the_strings_that_the_parser_finds(
    parts: list[tuple[str, list[str]]],
) -> None:
    lines: list[str] = []
    for number, (header, values) in enumerate(parts):
        lines.append(header or ("" if not lines else f"[table{number}]"))
        lines += [f'"key {index}"={value}# end' for index, value in enumerate(values)]
    text = "\n".join(lines)
    for path, string in strings_in(tomllib.loads(text), ()).items():
        offsets = offsets_of(text, path)
        assert "".join(character(text, offset) for offset in offsets[:-1]) == string
