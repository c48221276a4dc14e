"""The text of a program: places in the file, and what is no program at all."""

import inspect
import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from models.scenario.errors import Position, ScenarioError
from models.scenario.language import compile_program
from models.scenario.source import MAX_NESTING


def refused(source: str, first_line: int = 1) -> ScenarioError:
    with pytest.raises(ScenarioError) as caught:
        compile_program(source, "f.toml", first_line)
    return caught.value


def test_lines_and_columns_are_those_of_the_file() -> None:
    assert refused("a = 1\nb = 2.5", first_line=7).place == Position(8, 5)
    assert refused("\n    a = 1\n    b = 2.5\n", first_line=7).place == Position(9, 9)
    assert refused('write("äöü", 2.5)').place == Position(1, 14)
    assert refused("if 1:\r\n  a = 2.5").place == Position(2, 7)


def test_a_syntax_error_is_refused_at_its_place() -> None:
    error = refused("    a = 1\n    b = )\n", first_line=3)
    assert error.place == Position(4, 9)
    assert error.what.startswith("syntax error: ")
    misplaced = refused("a = 1\n  b = 2").place
    assert isinstance(misplaced, Position)
    assert misplaced.line == 2


@pytest.mark.parametrize("character", ["\0", "\ud800"])
def test_a_character_that_cannot_be_read_is_refused_at_its_place(character: str) -> None:
    error = refused(f"  a = 1\n  b = 1{character}\n")
    assert error.place == Position(2, 8)
    assert error.what == f"the character {character!r} cannot be part of a program"


@pytest.mark.parametrize(
    "source",
    [
        "a = " + "-" * 100_000 + "1",
        "a = " + "not " * 500 + "1",
        "a = " + "(" * 100_000 + ")" * 100_000,
        "a = " + "+".join(["1"] * MAX_NESTING),
        "a = " + "+".join(["1"] * 100_000),
        "if 1:\n  pass\n" + "elif 1:\n  pass\n" * MAX_NESTING,
        "if 1:\n  pass\n" + "elif 1:\n  pass\n" * 5000,
    ],
)
def test_a_program_that_nests_too_deep_is_refused(source: str) -> None:
    assert "nest" in refused(source).what


def test_too_little_stack_left_is_refused_like_too_deep_nesting() -> None:
    source = "a = " + "+".join(["1"] * (MAX_NESTING - 5))

    def deeper(frames: int) -> ScenarioError:
        return deeper(frames - 1) if frames else refused(source)

    error = deeper(sys.getrecursionlimit() - len(inspect.stack()) - MAX_NESTING)
    assert error.what == "the program nests too deep"


def test_nesting_up_to_the_limit_compiles() -> None:
    terms = ["1"] * (MAX_NESTING - 1)
    assert len(compile_program("a = " + "+".join(terms), "f.toml").instructions) == 2 * len(terms)
    links = MAX_NESTING - 2
    chain = "if 0:\n  pass\n" + "elif 0:\n  pass\n" * links
    assert len(compile_program(chain, "f.toml").instructions) == 3 * (links + 1)


@given(st.text(alphabet="ab=+-*/%<>()'\"\\:,.if el\n\r\t\x0c#1é\0\ud800", max_size=40))
@example("\x0c a = 2.5")
@example("'")
@example("a = '''\n  x")
@example("\\")
@example("a\r= 2.5\n\rb")
def test_any_text_compiles_or_is_refused_in_one_line(source: str) -> None:
    try:
        said = str(compile_program(source, "f.toml"))
    except ScenarioError as error:
        said = str(error)
    assert said.isprintable()
