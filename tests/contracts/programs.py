"""Contracts on scenario programs: what an instruction does, and what it costs."""

from spec.anoma import program
from spec.anoma.arithmetic import ArithmeticOperator, ComparisonOperator, calculate, compare
from spec.anoma.instructions import (
    Arithmetic,
    Comparison,
    Drop,
    Frame,
    Instruction,
    Jump,
    JumpIfZero,
    Not,
    Number,
    Outcome,
    Tuck,
)
from spec.anoma.program import perform
from spec.anoma.runnable import Failure, FailureKind
from tests.contracts.contract import Contract

INSTRUCTIONS: tuple[tuple[Instruction, int], ...] = (
    (Number(7), 1),
    (Drop(), -1),
    (Tuck(), 1),
    (Not(), 0),
    (Jump(3), 0),
    (JumpIfZero(3), -1),
)
"""Instructions on numbers, with what they add to the stack.

Those that compute cost the square of something, which CrossHair cannot express.
"""


def an_instruction_is_paid_and_leaves_what_it_says(
    which: int, numbers: tuple[int, ...], gas: int
) -> None:
    """It takes what it needs from the stack or is stuck; it costs one, and leaves the rest alone."""
    assert 0 <= which < len(INSTRUCTIONS)
    assert len(numbers) <= 3
    assert gas >= 0
    instruction, added = INSTRUCTIONS[which]
    outcome = perform(instruction, Frame(gas, numbers=numbers))
    below = len(numbers) - instruction.takes_numbers
    if below < 0:
        assert outcome == Failure(FailureKind.STUCK)
    elif gas == 0:
        assert outcome == Failure(FailureKind.OUT_OF_GAS)
    else:
        assert isinstance(outcome, Frame)
        assert outcome.gas == gas - 1
        assert outcome.position > 0
        assert len(outcome.numbers) == len(numbers) + added
        assert outcome.numbers[:below] == numbers[:below]


def performed_on_credit(instruction: Instruction, frame: Frame) -> Outcome:
    """A wrong version: the last instruction is free."""
    if frame.gas == 0:
        return program.perform(instruction, Frame(1, frame.position, frame.numbers))
    return program.perform(instruction, frame)


def a_jump_is_taken_exactly_at_zero(number: int, position: int, over: int) -> None:
    """Otherwise the next instruction follows."""
    assert over >= 0
    outcome = perform(JumpIfZero(over), Frame(1, position, (number,)))
    assert outcome == Frame(0, position + 1 + (over if number == 0 else 0))


def jumped_unless_positive(instruction: Instruction, frame: Frame) -> Outcome:
    """A wrong version: negative numbers are taken for zero."""
    numbers = tuple(max(each, 0) for each in frame.numbers)
    return program.perform(instruction, Frame(frame.gas, frame.position, numbers))


def a_computation_replaces_its_operands_by_its_result(
    operator: ArithmeticOperator, below: int, left: int, right: int
) -> None:
    """Without a result, the program fails for having divided by zero."""
    assert operator is not ArithmeticOperator.MULTIPLY
    assert -3 <= right <= 3
    outcome = Arithmetic(operator).run(Frame(1, numbers=(below, left, right)))
    result = calculate(operator, left, right)
    if result is None:
        assert outcome == Failure(FailureKind.DIVISION_BY_ZERO)
    else:
        assert outcome == Frame(1, numbers=(below, result))


class ArithmeticBackwards(Arithmetic):
    """A wrong version: the upper number is the left operand."""

    def run(self, frame: Frame) -> Frame | Failure:
        """The result is on top."""
        *rest, left, right = frame.numbers
        return super().run(Frame(frame.gas, numbers=(*rest, right, left)))


def a_comparison_leaves_one_or_zero(operator: ComparisonOperator, left: int, right: int) -> None:
    """One where it is so."""
    assert isinstance(left, int)
    outcome = Comparison(operator).run(Frame(1, numbers=(left, right)))
    assert outcome == Frame(1, numbers=(1 if compare(operator, left, right) else 0,))


class ComparisonBackwards(Comparison):
    """A wrong version: the upper number is the left operand."""

    def run(self, frame: Frame) -> Frame:
        """The truth value is on top."""
        *rest, left, right = frame.numbers
        return super().run(Frame(frame.gas, numbers=(*rest, right, left)))


CONTRACTS = (
    Contract(
        an_instruction_is_paid_and_leaves_what_it_says,
        "perform",
        performed_on_credit,
        "6 instructions, up to 3 numbers, any of them, any gas",
    ),
    Contract(
        a_jump_is_taken_exactly_at_zero,
        "perform",
        jumped_unless_positive,
        "any number, place and distance",
        short=True,
    ),
    Contract(
        a_computation_replaces_its_operands_by_its_result,
        "Arithmetic",
        ArithmeticBackwards,
        "all but the product, any numbers, divisors from -3 to 3",
    ),
    Contract(
        a_comparison_leaves_one_or_zero,
        "Comparison",
        ComparisonBackwards,
        "any numbers",
    ),
)
"""The contracts of this module."""
