"""The scenario language: what compiles, what it does then, and what is refused where."""

import textwrap
from collections.abc import Mapping

import pytest

from models.scenario.errors import Position, ScenarioError
from models.scenario.language import compile_program
from spec.anoma.arithmetic import ComparisonOperator
from spec.anoma.instructions import (
    Comparison,
    Drop,
    Jump,
    JumpIfZero,
    Number,
    Read,
    Store,
    Text,
    Tuck,
)
from spec.anoma.keyvalue import KVSDatum, KVSKey
from spec.anoma.program import Program
from spec.anoma.runnable import (
    Aborted,
    Input,
    Output,
    ReadRequest,
    ReadValue,
    Start,
    WriteRequest,
)

Values = Mapping[str, int]
Run = tuple[tuple[Output, ...], str]
"""All outputs in order, and why it failed; empty when it halted."""


def run(program: Program, store: Values) -> Run:
    """Run a program against a store until it halts or fails."""
    outputs: tuple[Output, ...] = ()
    state = program.starting_state()
    feed: Input = Start(())
    while True:
        result = program.execute_step(state, feed)
        outputs += result.outputs
        if isinstance(result, Aborted):
            return outputs, str(result.failure)
        state = result.state
        key = program.awaits(state)
        if key is None:
            assert program.halted(state)
            return outputs, ""
        assert result.outputs[-1] == ReadRequest(key)
        feed = ReadValue(key, KVSDatum(store.get(key, 0)))


def ran(source: str, **store: int) -> Run:
    return run(compile_program(source, "f.toml"), store)


def value(expression: str, **store: int) -> int:
    """The value of an integer expression."""
    outputs, failure = ran(f'write("out", {expression})', **store)
    assert failure == ""
    last = outputs[-1]
    assert isinstance(last, WriteRequest)
    return last.datum


def read(key: str) -> ReadRequest:
    return ReadRequest(KVSKey(key))


def write(key: str, datum: int) -> WriteRequest:
    return WriteRequest(KVSKey(key), KVSDatum(datum))


def refused(source: str) -> ScenarioError:
    with pytest.raises(ScenarioError) as caught:
        compile_program(source, "f.toml")
    return caught.value


# What it compiles to, and what that does


def test_a_program_compiles_to_instructions_in_evaluation_order() -> None:
    program = compile_program('a = read("k" + str(1)) - 3\nif a:\n  write("b", a)', "f.toml")
    assert [str(instruction) for instruction in program.instructions] == [
        "text 'k'", "number 1", "to text", "join", "read", "number 3", "-", "store a",
        "load a", "if zero, jump over 4", "text 'b'", "load a", "write", "jump over 0",
    ]  # fmt: skip


def test_a_chained_comparison_keeps_its_middle_operand_on_the_stack() -> None:
    less, read_k = Comparison(ComparisonOperator.LESS), (Text("k"), Read())
    assert compile_program('x = 1 < read("k") < 3', "f.toml").instructions == (
        Number(1), *read_k, Tuck(), less, JumpIfZero(3), Number(3), less, Jump(2), Drop(),
        Number(0), Store("x"),
    )  # fmt: skip


@pytest.mark.parametrize("source", ["", "\n  \n", "# nothing\n", "pass", "pass; pass"])
def test_a_program_without_effects_just_halts(source: str) -> None:
    assert compile_program(source, "f.toml") == Program(())


def test_the_transfer_of_the_issue_runs() -> None:
    source = """
a = read("alice")
if a < 3:
    fail("insufficient funds")
write("alice", a - 3)
write("bob", read("bob") + 3)
"""
    transfer = ((read("alice"), write("alice", 7), read("bob"), write("bob", 5)), "")
    assert ran(source, alice=10, bob=2) == transfer
    assert ran(source, alice=2) == ((read("alice"),), "fail: insufficient funds")


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("2 + 3 * 4 - 1", 13),
        ("-7 // 2", -4),
        ("-7 % 3", 2),
        ("7 % -3", -2),
        ("--3", 3),
        ("1_000 + 0x10", 1016),
        ("not 0", 1),
        ("not 5", 0),
        ("2 and 3", 1),
        ("2 and 0", 0),
        ("0 or 7", 1),
        ("0 or 0 or 0", 0),
        ("1 == 1", 1),
        ("1 != 1", 0),
        ("1 < 2 < 3", 1),
        ("1 < 2 < 2", 0),
        ("3 > 2 >= 2 != 1", 1),
        ("3 <= 2 <= 5", 0),
        ("10 if 3 else 20", 10),
        ("10 if 0 else 20", 20),
        ("(1 if 0 else 2) + (3 if 1 else 4)", 5),
    ],
)
def test_an_expression_has_the_value_that_the_language_gives_it(
    expression: str, expected: int
) -> None:
    assert value(expression) == expected


@pytest.mark.parametrize(
    ("expression", "keys"),
    [
        ('read("z") and read("a")', ["z"]),
        ('read("o") and read("a")', ["o", "a"]),
        ('read("o") or read("a")', ["o"]),
        ('read("z") or read("a")', ["z", "a"]),
        ('2 < read("z") < read("a")', ["z"]),
        ('0 < read("o") < read("a")', ["o", "a"]),
        ('read("a") if read("o") else read("b")', ["o", "a"]),
        ('read("a") if read("z") else read("b")', ["z", "b"]),
        ('read("a" if read("z") else "k" + str(read("o")))', ["z", "o", "k1"]),
        ('read("b") - read("a") * read("c")', ["b", "a", "c"]),
    ],
)
def test_operands_are_read_from_left_to_right_and_only_when_needed(
    expression: str, keys: list[str]
) -> None:
    outputs, failure = ran(f"x = {expression}", o=1, z=0)
    assert (outputs, failure) == (tuple(read(key) for key in keys), "")


def test_a_write_takes_its_key_first() -> None:
    outputs = (read("a"), read("b"), write("k4", 5))
    assert ran('write("k" + str(read("a")), read("b"))', a=4, b=5) == (outputs, "")


def test_a_read_may_stand_alone() -> None:
    assert ran('read("a")\nread("a")') == ((read("a"), read("a")), "")


@pytest.mark.parametrize(("a", "taken"), [(1, 10), (2, 20), (3, 30)])
def test_if_elif_else_runs_one_branch(a: int, taken: int) -> None:
    source = """
if read("a") == 1:
    write("x", 10)
elif read("a") == 2:
    write("x", 20)
else:
    write("x", 30)
"""
    outputs, failure = ran(source, a=a)
    assert (outputs[-1], failure) == (write("x", taken), "")


def test_a_name_of_one_branch_only_is_unset_after_the_other() -> None:
    source = 'if read("a"):\n  x = 1\nwrite("b", x)'
    assert ran(source, a=1) == ((read("a"), write("b", 1)), "")
    assert ran(source, a=0) == ((read("a"),), "unset-name x")


def test_failures_come_with_the_outputs_before_them() -> None:
    assert ran('write("a", 1)\nx = 1 // 0') == ((write("a", 1),), "division-by-zero")
    assert ran('write("a", 1)\nx = 1 % 0') == ((write("a", 1),), "division-by-zero")
    message = 'fail("only " + str(-3) + (" left" if 1 else ""))'
    assert ran('write("a", 1)\n' + message) == ((write("a", 1),), "fail: only -3 left")


def test_squaring_again_and_again_runs_out_of_gas() -> None:
    assert ran("x = 3\n" + "x = x * x\n" * 60) == ((), "out-of-gas")


def test_an_indented_block_compiles_to_the_same_program() -> None:
    source = 'a = 1\nif a:\n    write("x", a)\n'
    assert compile_program(textwrap.indent(source, "    "), "f.toml") == compile_program(
        source, "f.toml"
    )


def test_warnings_of_pythons_parser_stay_inside() -> None:
    assert compile_program(r'read("\d")', "f.toml").instructions == (Text(r"\d"), Read(), Drop())


def test_a_long_program_of_ordinary_statements_has_gas_enough() -> None:
    assert ran("x = 0\n" + "x = x + 1\n" * 2000 + 'write("a", x)') == ((write("a", 2000),), "")


def test_wide_expressions_are_not_deep_ones() -> None:
    assert value(" or ".join(["0"] * 3000)) == 0
    assert value(" < ".join(str(n) for n in range(2000))) == 1


# What is refused

STATEMENTS = {
    "for x in y: pass": "a loop",
    "while 1: pass": "a loop",
    "a += 1": "an assignment with an operator",
    "a: int = 1": "an annotation",
    "a = b = 1": "a chained assignment",
    "def f(): pass": "a function definition",
    "class C: pass": "a class definition",
    "import os": "an import",
    "from os import path": "an import",
    "return 1": "return",
    "del a": "del",
    "with a: pass": "with",
    "match 1:\n  case _: pass": "match",
    "raise a": "raise",
    "try: pass\nfinally: pass": "try",
    "assert 1": "assert",
    "global a": "global",
    "1": "an expression alone",
    "a": "an expression alone",
    "'text'": "an expression alone",
    "1 + read('a')": "an expression alone",
    "a.b = 1": "an attribute",
    "a[0] = 1": "a subscript",
    "a, b = 1, 2": "a tuple",
    "[a] = 1": "a list",
    "*a, b = 1": "a tuple",
    "read = 1": "read is a function, not a value",
    "print('a')": "a call of print",
    "str(1)": "str gives a string",
    "a.read('a')": "a call of something that is not a function's name",
    "(lambda: 1)()": "a call of something that is not a function's name",
}


@pytest.mark.parametrize("source", STATEMENTS)
def test_a_statement_that_is_not_in_the_language_is_refused_at_its_place(source: str) -> None:
    error = refused("pass\nif 1:\n" + textwrap.indent(source, "    "))
    assert (error.what, error.place) == (STATEMENTS[source], Position(3, 5))


@pytest.mark.parametrize("call", ["write('a')", "write('a', 1, 2)", "fail()", "fail('a', 'b')"])
def test_a_call_has_as_many_arguments_as_its_function_takes(call: str) -> None:
    assert "arguments" in refused(call).what
