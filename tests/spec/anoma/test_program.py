"""Programs: what each instruction does, and how a program takes its inputs."""

import sys
from math import isqrt

import pytest
from pyrsistent import pmap

from spec.anoma.arithmetic import ArithmeticOperator, ComparisonOperator, decimal, full_words
from spec.anoma.instructions import (
    Arithmetic,
    Comparison,
    Drop,
    Fail,
    Frame,
    Instruction,
    Join,
    Jump,
    JumpIfZero,
    Load,
    Negate,
    Not,
    Number,
    Read,
    Store,
    Text,
    ToText,
    Tuck,
    Write,
)
from spec.anoma.keyvalue import KVSDatum, KVSKey
from spec.anoma.program import DEFAULT_GAS, Halted, Program, ProgramState, Unstarted, Waiting
from spec.anoma.runnable import (
    Aborted,
    Advanced,
    Failure,
    FailureKind,
    Input,
    ReadRequest,
    ReadValue,
    Start,
    WriteRequest,
)

START = Start(())
A = KVSKey("a")
B = KVSKey("b")
STUCK = Aborted(Failure(FailureKind.STUCK))
OUT_OF_GAS = Aborted(Failure(FailureKind.OUT_OF_GAS))


def started(*instructions: Instruction, gas: int = DEFAULT_GAS) -> Advanced[ProgramState] | Aborted:
    program = Program(instructions, gas)
    return program.execute_step(program.starting_state(), START)


def written(*instructions: Instruction) -> int:
    """The value that the instructions leave, seen by writing it."""
    result = started(Text("a"), *instructions, Write())
    assert isinstance(result, Advanced)
    (output,) = result.outputs
    assert isinstance(output, WriteRequest)
    return output.datum


def message(*instructions: Instruction) -> str:
    """The text that the instructions leave, seen by failing with it."""
    result = started(*instructions, Fail())
    assert isinstance(result, Aborted)
    assert result.failure.kind is FailureKind.FAIL
    return result.failure.detail


def test_the_empty_program_halts_at_its_start() -> None:
    program = Program(())
    assert program.starting_state() == Unstarted()
    assert not program.halted(Unstarted())
    assert program.awaits(Unstarted()) is None
    assert program.execute_step(Unstarted(), START) == Advanced(Halted(), ())
    assert program.halted(Halted())
    assert program.awaits(Halted()) is None


def test_a_read_asks_for_its_key_and_waits_for_it_alone() -> None:
    program = Program((Number(7), Text("a"), Read(), Arithmetic(ArithmeticOperator.SUBTRACT),
                       Store("x"), Text("b"), Load("x"), Write()))  # fmt: skip
    asked = program.execute_step(program.starting_state(), Start((A, B)))
    waiting = Waiting(A, Frame(gas=DEFAULT_GAS - 3, position=3, numbers=(7,)))
    assert asked == Advanced(waiting, (ReadRequest(A),))
    assert program.awaits(waiting) == A
    assert not program.halted(waiting)
    ended = program.execute_step(waiting, ReadValue(A, KVSDatum(5)))
    assert ended == Advanced(Halted(), (WriteRequest(B, KVSDatum(2)),))


def test_a_key_read_twice_is_asked_for_twice() -> None:
    program = Program((Text("a"), Read(), Drop(), Text("a"), Read(), Store("x")))
    first = program.execute_step(program.starting_state(), START)
    assert isinstance(first, Advanced)
    second = program.execute_step(first.state, ReadValue(A, KVSDatum(1)))
    assert second == Advanced(Waiting(A, Frame(DEFAULT_GAS - 5, 5)), (ReadRequest(A),))


def test_names_and_texts_outlast_a_read() -> None:
    result = started(Number(1), Store("x"), Text("k"), Text("a"), Read(), ToText(), Join(), Fail())
    frame = Frame(DEFAULT_GAS - 5, 5, texts=("k",), names=pmap({"x": 1}))
    assert result == Advanced(Waiting(A, frame), (ReadRequest(A),))


WAITING = Waiting(A, Frame(gas=9, position=2))


@pytest.mark.parametrize(
    ("state", "given"),
    [
        (Unstarted(), ReadValue(A, KVSDatum(1))),
        (WAITING, START),
        (WAITING, ReadValue(B, KVSDatum(1))),
        (Halted(), START),
        (Halted(), ReadValue(A, KVSDatum(1))),
    ],
)
def test_an_input_that_cannot_come_leaves_the_program_stuck(
    state: Unstarted | Waiting | Halted, given: Input
) -> None:
    assert Program((Text("a"), Read())).execute_step(state, given) == STUCK


def test_outputs_stand_in_order_and_those_before_a_failure_are_kept() -> None:
    write_a, write_b = WriteRequest(A, KVSDatum(1)), WriteRequest(B, KVSDatum(2))
    writes = (Text("a"), Number(1), Write(), Text("b"), Number(2), Write())
    assert started(*writes) == Advanced(Halted(), (write_a, write_b))
    failed = started(*writes, Text("enough"), Fail(), *writes)
    assert failed == Aborted(Failure(FailureKind.FAIL, "enough"), (write_a, write_b))


@pytest.mark.parametrize(
    ("operator", "left", "right", "result"),
    [
        ("+", 7, -2, 5),
        ("-", 7, -2, 9),
        ("*", 7, -2, -14),
        ("//", 7, -2, -4),
        ("//", -7, 2, -4),
        ("%", 7, -2, -1),
        ("%", -7, 2, 1),
    ],
)
def test_arithmetic_is_pythons(operator: str, left: int, right: int, result: int) -> None:
    instruction = Arithmetic(ArithmeticOperator(operator))
    assert written(Number(left), Number(right), instruction) == result


@pytest.mark.parametrize("operator", [ArithmeticOperator.FLOOR_DIVIDE, ArithmeticOperator.MODULO])
def test_dividing_by_zero_fails(operator: ArithmeticOperator) -> None:
    failure = Failure(FailureKind.DIVISION_BY_ZERO)
    assert started(Number(1), Number(0), Arithmetic(operator)) == Aborted(failure)


@pytest.mark.parametrize(
    ("operator", "below", "same", "above"),
    [
        ("==", 0, 1, 0),
        ("!=", 1, 0, 1),
        ("<", 1, 0, 0),
        ("<=", 1, 1, 0),
        (">", 0, 0, 1),
        (">=", 0, 1, 1),
    ],
)
def test_comparisons_leave_one_or_zero(operator: str, below: int, same: int, above: int) -> None:
    instruction = Comparison(ComparisonOperator(operator))
    assert written(Number(2), Number(3), instruction) == below
    assert written(Number(3), Number(3), instruction) == same
    assert written(Number(4), Number(3), instruction) == above


def test_negate_and_not() -> None:
    assert written(Number(3), Negate()) == -3
    assert [written(Number(n), Not()) for n in (-1, 0, 2)] == [0, 1, 0]


def test_drop_and_tuck_move_only_the_top() -> None:
    assert written(Number(1), Number(2), Drop()) == 1
    dug = (Number(1), Number(5), Tuck(), Arithmetic(ArithmeticOperator.SUBTRACT))
    assert written(*dug) == 1 - 5
    assert written(*dug, Drop()) == 5


def test_a_name_has_its_last_value_and_an_unset_one_fails() -> None:
    assert written(Number(1), Store("x"), Number(2), Store("x"), Load("x")) == 2
    assert started(Load("y")) == Aborted(Failure(FailureKind.UNSET_NAME, "y"))


def test_jumps_leave_out_what_follows() -> None:
    assert written(Number(1), Jump(1), Negate()) == 1
    assert written(Number(1), Number(0), JumpIfZero(1), Negate()) == 1
    assert written(Number(1), Number(-1), JumpIfZero(1), Negate()) == -1


def test_a_place_outside_the_list_is_the_halt() -> None:
    assert started(Jump(5), Text("x"), Fail()) == Advanced(Halted(), ())
    assert started(Jump(-2), Text("x"), Fail()) == Advanced(Halted(), ())


def test_texts_are_joined_in_order_and_numbers_become_digits() -> None:
    assert message(Text("a"), Text("b"), Join()) == "ab"
    assert message(Number(-120), ToText()) == "-120"
    left = Advanced(Halted(), (WriteRequest(KVSKey("2"), KVSDatum(1)),))
    assert started(Number(1), Number(2), ToText(), Write()) == left
    assert message(Text("x"), Text("a"), Number(1), Write()) == "x"


@pytest.mark.parametrize(
    "instructions",
    [
        (Drop(),),
        (Number(1), Tuck()),
        (Number(1), Arithmetic(ArithmeticOperator.ADD)),
        (Read(),),
        (Text("a"), Write()),
        (Number(1), Write()),
        (Text("a"), Join()),
        (Fail(),),
    ],
)
def test_an_instruction_without_its_operands_is_stuck(
    instructions: tuple[Instruction, ...],
) -> None:
    assert started(*instructions) == STUCK


def test_every_instruction_costs_one_and_must_be_paid_before_it_is_done() -> None:
    write = (Text("a"), Number(1), Write())
    assert started(*write, gas=3) == Advanced(Halted(), (WriteRequest(A, KVSDatum(1)),))
    assert started(*write, gas=2) == OUT_OF_GAS


def test_a_loop_ends_out_of_gas() -> None:
    assert started(Jump(-1)) == OUT_OF_GAS


WIDE = Number(2**128)
ONE_WORD = Number(-(2**64))


@pytest.mark.parametrize(
    ("operands", "computation", "cost"),
    [
        ((Number(2**64 - 1),), Not(), 1),
        ((Number(2**63 - 1),), Negate(), 1),
        ((ONE_WORD,), Negate(), 2),
        ((WIDE,), ToText(), 5),
        ((WIDE, Number(3)), Arithmetic(ArithmeticOperator.MULTIPLY), 5),
        ((WIDE, ONE_WORD), Arithmetic(ArithmeticOperator.ADD), 10),
        ((ONE_WORD, WIDE), Comparison(ComparisonOperator.LESS), 10),
        ((WIDE, WIDE, Number(3)), Arithmetic(ArithmeticOperator.ADD), 5),
    ],
)
def test_a_computation_costs_the_square_of_its_operands_words_too(
    operands: tuple[Number, ...], computation: Instruction, cost: int
) -> None:
    program = (*operands, computation)
    assert started(*program, gas=len(operands) + cost) == Advanced(Halted(), ())
    assert started(*program, gas=len(operands) + cost - 1) == OUT_OF_GAS


def test_repeated_squaring_runs_out_of_gas() -> None:
    square = (Load("x"), Load("x"), Arithmetic(ArithmeticOperator.MULTIPLY), Store("x"))
    assert started(Number(3), Store("x"), *square * 64) == OUT_OF_GAS


def test_the_widest_number_of_a_program_with_the_default_gas_can_be_printed() -> None:
    widest_operands = isqrt(DEFAULT_GAS - 1)
    widest_result = 2 ** (64 * (widest_operands + 2))
    assert len(decimal(widest_result)) <= sys.int_info.default_max_str_digits


def test_digits_are_written_however_long_the_number() -> None:
    assert [decimal(n) for n in (0, 7, -7, 10**18, -(10**18) - 5, 10**36 - 1)] == [
        "0", "7", "-7", "1" + "0" * 18, "-1" + "0" * 17 + "5", "9" * 36,
    ]  # fmt: skip
    long = started(Number(10**5000), ToText(), Fail(), gas=10**6)
    assert long == Aborted(Failure(FailureKind.FAIL, "1" + "0" * 5000))


def test_size_is_counted_in_full_words_of_the_magnitude() -> None:
    numbers = (0, -1, 2**63 - 1, 2**63, -(2**63), 2**127 - 1, 2**127)
    assert [full_words(n) for n in numbers] == [0, 0, 0, 1, 1, 1, 2]


def test_instructions_read_as_words() -> None:
    instructions: tuple[Instruction, ...] = (
        Number(-3), Text("a"), Load("x"), Store("x"), Drop(), Tuck(), Negate(), Not(),
        Arithmetic(ArithmeticOperator.FLOOR_DIVIDE), Comparison(ComparisonOperator.LESS),
        ToText(), Join(), Jump(2), JumpIfZero(3), Read(), Write(), Fail(),
    )  # fmt: skip
    assert [str(instruction) for instruction in instructions] == [
        "number -3", "text 'a'", "load x", "store x", "drop", "tuck", "negate", "not",
        "//", "<", "to text", "join", "jump over 2", "if zero, jump over 3", "read", "write", "fail",
    ]  # fmt: skip


def test_programs_and_their_states_are_equal_by_content() -> None:
    assert Program((Number(1),)) == Program((Number(1),))
    assert hash(Program((Number(1),))) == hash(Program((Number(1),)))
    assert Program((Number(1),)) != Program((Number(1),), gas=5)
    one = Waiting(A, Frame(1, names=pmap({"x": 1, "y": 2})))
    assert one == Waiting(A, Frame(1, names=pmap({"y": 2}).set("x", 1)))
