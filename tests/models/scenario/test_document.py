"""Reading TOML files: what cannot be read is refused in one line."""

import os
from pathlib import Path

import pytest

from models.scenario.document import (
    MAX_BYTES,
    Document,
    dotted,
    offset_in,
    parse_document,
    position_in,
    read_document,
)
from models.scenario.errors import Position, ScenarioError, TomlPlace


def refusal(content: bytes) -> str:
    """The line that a file with this content is refused with."""
    with pytest.raises(ScenarioError) as refused:
        parse_document(content, "f.toml")
    return str(refused.value)


def refused_file(file: str) -> str:
    """The line that a file is refused with, without its name."""
    with pytest.raises(ScenarioError) as refused:
        read_document(file)
    return str(refused.value).removeprefix(file)


def test_a_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "f.toml"
    file.write_bytes(b"a = '''\r\nx'''\r\n")
    assert read_document(str(file)) == Document(str(file), "a = '''\nx'''\n", {"a": "x"})


def test_what_is_no_readable_file_is_refused_in_one_line(tmp_path: Path) -> None:
    assert refused_file(str(tmp_path / "none")) == ": there is no such file; expected a TOML file"
    assert refused_file(str(tmp_path)) == ": it is a directory; expected a TOML file"
    large = tmp_path / "large"
    large.write_bytes(b"#" * (MAX_BYTES + 1))
    assert refused_file(str(large)) == ": the file is too large; expected at most 1000000 bytes"
    below_a_file = f"{large}/f.toml"
    assert refused_file(below_a_file) == (
        ": it cannot be read: Not a directory; expected a TOML file"
    )
    assert refused_file("a\0b") == "a\0b: it cannot be read: embedded null byte; ".replace(
        "\0", "\\x00"
    ) + ("expected a TOML file")


def test_the_largest_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "f.toml"
    file.write_bytes(b"#" * MAX_BYTES)
    assert read_document(str(file)).values == {}


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_may_not_be_read_is_refused_in_one_line(tmp_path: Path) -> None:
    file = tmp_path / "f.toml"
    file.touch(mode=0)
    assert refused_file(str(file)) == (
        ": it cannot be read: Permission denied; expected a TOML file"
    )


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"\xff", ":1:1: the byte 0xff is not UTF-8 here; expected a TOML file in UTF-8"),
        (
            "a = 1\r\n# é".encode() + b"\xc3(",
            ":2:4: the byte 0xc3 is not UTF-8 here; expected a TOML file in UTF-8",
        ),
        (
            "a = 'é' b".encode(),
            (
                ":1:9: TOML syntax error: Expected newline or end of document after a statement; "
                "expected a TOML file"
            ),
        ),
        (
            b"\na = 1\na = 2",
            ":3:6: TOML syntax error: Cannot overwrite a value; expected a TOML file",
        ),
        (b"a = 1\nb = '''", ":2:8: TOML syntax error: "),
        (b"a = " + b"[" * 5000, ": its lists and tables nest too deep; expected a few levels"),
        (
            b"a = 1" + b"0" * 5000,
            ": a very long integer; expected at most 640 decimal digits",
        ),
        (
            b"[a]\n" + b"a . 'b'." * 50 + b"a = 1",
            ":2:1: a very long dotted key; expected at most 100 parts",
        ),
    ],
)
def test_what_is_no_toml_is_refused_at_its_place(content: bytes, line: str) -> None:
    assert refusal(content).startswith(f"f.toml{line}")


def test_a_key_of_a_hundred_parts_is_read() -> None:
    assert list(parse_document(b"a." * 99 + b"a = 1", "f.toml").values) == ["a"]


def test_an_error_in_a_string_is_moved_to_its_place_in_the_file() -> None:
    document = parse_document(b"[t]\na = 1\nb = ['''\nxy\nz''']", "f.toml")
    error = ScenarioError("f.toml", Position(2, 1), "this", "that")
    moved = document.relocated(error, ("t", "b", 0), "xy\nz")
    assert str(moved) == "f.toml:5:1: this; expected that"


def test_an_error_in_a_string_that_is_not_found_names_its_key() -> None:
    document = parse_document(b"[t]\nb = ['x']", "f.toml")
    error = ScenarioError("f.toml", Position(2, 1), "this", "that")
    place = TomlPlace("t.b[0]")
    assert document.relocated(error, ("t", "b", 0), "other").place == place
    assert document.relocated(error, ("t", "b", 1), "x").place == TomlPlace("t.b[1]")
    nowhere = ScenarioError("f.toml", None, "this", "that")
    assert document.relocated(nowhere, ("t", "b", 0), "x").place == place


def test_places_and_offsets_belong_together() -> None:
    text = "ab\n\nc"
    places = [position_in(text, offset) for offset in range(6)]
    assert places == [
        Position(1, 1),
        Position(1, 2),
        Position(1, 3),
        Position(2, 1),
        Position(3, 1),
        Position(3, 2),
    ]
    assert [offset_in(text, place) for place in places] == [0, 1, 2, 3, 4, 5]
    assert position_in(text, 99) == Position(3, 2)
    assert offset_in(text, Position(3, 99)) == 5
    assert offset_in(text, Position(99, 1)) == 4


def test_a_path_is_shown_with_dots() -> None:
    assert dotted(("transaction", 0, "program")) == "transaction[0].program"
