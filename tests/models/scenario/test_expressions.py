"""The expressions that the scenario language refuses, and where."""

import pytest

from models.scenario.errors import Position, ScenarioError
from models.scenario.language import compile_program
from spec.anoma.instructions import Number


def refused(source: str) -> ScenarioError:
    with pytest.raises(ScenarioError) as caught:
        compile_program(source, "f.toml")
    return caught.value


EXPRESSIONS = {
    "a.b": "an attribute",
    "a[0]": "a subscript",
    "(b := 1)": "an assignment inside an expression",
    "lambda: 1": "a lambda",
    "f'{b}'": "an f-string",
    "(1, 2)": "a tuple",
    "[1]": "a list",
    "{1}": "a set",
    "{1: 2}": "a dictionary",
    "[b for b in c]": "a comprehension",
    "1.5": "a number with a fraction or exponent",
    "1e3": "a number with a fraction or exponent",
    "2j": "a complex number",
    "b'x'": "a bytes literal",
    "True": "True is not in the language",
    "False": "False is not in the language",
    "None": "None is not in the language",
    "...": "... is not in the language",
    "'text'": "a string where an integer is wanted",
    "'a' + 'b'": "a string where an integer is wanted",
    "'a' == 'b'": "a string where an integer is wanted",
    "'a' if 1 else 'b'": "a string where an integer is wanted",
    "2 ** 3": "** is not in the language",
    "1 / 2": "/ is not in the language",
    "1 & 2": "& is not in the language",
    "1 | 2": "| is not in the language",
    "1 ^ 2": "^ is not in the language",
    "1 << 2": "<< is not in the language",
    "1 >> 2": ">> is not in the language",
    "1 @ 2": "@ is not in the language",
    "~1": "~ is not in the language",
    "+1": "unary + is not in the language",
    "c is d": "is is not in the language",
    "c in d": "in is not in the language",
    "str(1)": "str gives a string",
    "write('a', 1)": "write inside an expression: it is a statement",
    "fail('a')": "fail inside an expression: it is a statement",
    "int('3')": "a call of int",
    "read": "read is a function, not a value",
    "read()": "read with 0 arguments",
    "read('a', 'b')": "read with 2 arguments",
    "0x" + "f" * 600: "a very long integer literal",
}


@pytest.mark.parametrize("source", EXPRESSIONS)
def test_an_expression_that_is_not_in_the_language_is_refused_at_its_place(source: str) -> None:
    error = refused(f"a = {source}")
    column = 6 if source == "(b := 1)" else 5
    assert (error.what, error.place) == (EXPRESSIONS[source], Position(1, column))


KEYS = {
    "1": "an integer where a string is wanted",
    "True": "True is not in the language",
    "b'x'": "a bytes literal",
    "a": "a is a name, and names hold integers",
    "-1": "an operator that gives no string",
    "'a' * 2": "an operator that gives no string",
    "'a' == 'b'": "an operator that gives no string",
    "'a' and 'b'": "an operator that gives no string",
    "read('a')": "read gives an integer",
    "f'{1}'": "an f-string",
    "'a'.b": "an attribute",
    "'a'.upper()": "a call of something that is not a function's name",
    "'\\ud800'": "a string with a lone surrogate",
    "*b": "an unpacking",
    "key='a'": "a keyword argument",
}


@pytest.mark.parametrize("source", KEYS)
def test_what_is_no_string_is_refused_as_a_key_at_its_place(source: str) -> None:
    error = refused(f"read({source})")
    assert (error.what, error.place) == (KEYS[source], Position(1, 6))


def test_strings_and_integers_do_not_mix() -> None:
    assert str(refused('write("a" + 1, 2)')) == (
        "f.toml:1:13: an integer where a string is wanted; "
        'expected a string: a literal ("alice"), +, str(INTEGER) or a conditional expression'
    )
    assert refused('write("a", "b")').place == Position(1, 12)
    assert refused('fail("a" if 1 else 2)').place == Position(1, 20)
    assert refused('read(str("a"))').place == Position(1, 10)


def test_a_huge_literal_is_refused() -> None:
    assert refused("a = " + "9" * 5000).what
    assert refused("a = 1" + "0" * 640).what == "a very long integer literal"
    longest = compile_program("read(str(" + "9" * 640 + "))", "f.toml")
    assert longest.instructions[0] == Number(10**640 - 1)
