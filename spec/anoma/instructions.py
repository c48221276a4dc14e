"""The instructions of scenario programs: a machine with a stack of numbers and a stack of texts.

A program is a list of them, plain values that can be stored and compared. Numbers are integers of
any size; texts only ever become keys and messages, so they have a stack of their own and no names.
Each class says in its docstring what it takes off the tops of the stacks and what it leaves there.
"""

from abc import ABC, abstractmethod
from typing import ClassVar

from attrs import evolve, frozen
from pyrsistent import PMap, pmap

from spec.anoma.arithmetic import (
    ArithmeticOperator,
    ComparisonOperator,
    calculate,
    compare,
    decimal,
    full_words,
)
from spec.anoma.keyvalue import KVSDatum, KVSKey
from spec.anoma.runnable import Failure, FailureKind, Output, ReadRequest, WriteRequest


@frozen
class Frame:
    """All that a running program has in hand."""

    gas: int
    """What it may still spend."""
    position: int = 0
    """The place of the next instruction in the list."""
    numbers: tuple[int, ...] = ()
    """The stack of numbers, its top last."""
    texts: tuple[str, ...] = ()
    """The stack of texts, its top last."""
    names: PMap[str, int] = pmap()
    """The names that have been assigned, with their values."""


@frozen
class Emitted:
    """An instruction that put something out."""

    output: Output
    """What it put out."""
    frame: Frame
    """What the program has in hand after it; after a read, the value read is still to come."""


Outcome = Frame | Emitted | Failure
"""What an instruction comes to."""


class Operation(ABC):
    """An instruction: what it takes, what it costs, what it does."""

    __slots__ = ()

    takes_numbers: ClassVar[int] = 0
    """How many numbers it takes."""
    takes_texts: ClassVar[int] = 0
    """How many texts it takes."""

    def cost(self, frame: Frame) -> int:  # noqa: ARG002 computations look at the frame
        """The gas it costs, known before it is done: 1."""
        return 1

    @abstractmethod
    def run(self, frame: Frame) -> Outcome:
        """What it comes to on a frame holding what it takes; it is paid and the position moved."""


class Computation(Operation):
    """An instruction that computes: wide operands cost more."""

    __slots__ = ()

    def cost(self, frame: Frame) -> int:
        """1, and the square of the operands' full words together.

        No operation takes longer than that square, and none leaves a number more than two words
        wider than its operands together: gas bounds time and size alike.
        """
        operands = frame.numbers[-self.takes_numbers :]
        return 1 + sum(full_words(operand) for operand in operands) ** 2


@frozen
class Number(Operation):
    """Leaves a number."""

    value: int
    """The number."""

    def run(self, frame: Frame) -> Frame:
        """The number is on top."""
        return evolve(frame, numbers=(*frame.numbers, self.value))

    def __str__(self) -> str:
        return f"number {decimal(self.value)}"


@frozen
class Text(Operation):
    """Leaves a text."""

    value: str
    """The text."""

    def run(self, frame: Frame) -> Frame:
        """The text is on top."""
        return evolve(frame, texts=(*frame.texts, self.value))

    def __str__(self) -> str:
        return f"text {self.value!r}"


@frozen
class Load(Operation):
    """Leaves the value of a name; fails when nothing has been assigned to it."""

    name: str
    """The name."""

    def run(self, frame: Frame) -> Frame | Failure:
        """The name's value is on top."""
        if self.name not in frame.names:
            return Failure(FailureKind.UNSET_NAME, self.name)
        return evolve(frame, numbers=(*frame.numbers, frame.names[self.name]))

    def __str__(self) -> str:
        return f"load {self.name}"


@frozen
class Store(Operation):
    """Takes a number; it is the value of a name from now on."""

    takes_numbers = 1
    name: str
    """The name."""

    def run(self, frame: Frame) -> Frame:
        """The name has the value."""
        *rest, value = frame.numbers
        return evolve(frame, numbers=tuple(rest), names=frame.names.set(self.name, value))

    def __str__(self) -> str:
        return f"store {self.name}"


@frozen
class Drop(Operation):
    """Takes a number and forgets it."""

    takes_numbers = 1

    def run(self, frame: Frame) -> Frame:
        """The top number is gone."""
        return evolve(frame, numbers=frame.numbers[:-1])

    def __str__(self) -> str:
        return "drop"


@frozen
class Tuck(Operation):
    """Takes two numbers; leaves the upper, the lower, and the upper again."""

    takes_numbers = 2

    def run(self, frame: Frame) -> Frame:
        """The top number stands once more below the one that it was above."""
        *rest, lower, upper = frame.numbers
        return evolve(frame, numbers=(*rest, upper, lower, upper))

    def __str__(self) -> str:
        return "tuck"


@frozen
class Negate(Computation):
    """Takes a number; leaves it with the other sign."""

    takes_numbers = 1

    def run(self, frame: Frame) -> Frame:
        """The top number has the other sign."""
        *rest, value = frame.numbers
        return evolve(frame, numbers=(*rest, -value))

    def __str__(self) -> str:
        return "negate"


@frozen
class Not(Operation):
    """Takes a number; leaves 1 when it is 0, otherwise 0."""

    takes_numbers = 1

    def run(self, frame: Frame) -> Frame:
        """The top number is the truth value opposite to what it was."""
        *rest, value = frame.numbers
        return evolve(frame, numbers=(*rest, int(value == 0)))

    def __str__(self) -> str:
        return "not"


@frozen
class Arithmetic(Computation):
    """Takes two numbers, the left operand below the right; leaves the result."""

    takes_numbers = 2
    operator: ArithmeticOperator
    """What is computed."""

    def run(self, frame: Frame) -> Frame | Failure:
        """The result is on top; dividing by zero fails."""
        *rest, left, right = frame.numbers
        result = calculate(self.operator, left, right)
        if result is None:
            return Failure(FailureKind.DIVISION_BY_ZERO)
        return evolve(frame, numbers=(*rest, result))

    def __str__(self) -> str:
        return self.operator.value


@frozen
class Comparison(Computation):
    """Takes two numbers, the left operand below the right; leaves 1 when it is so, otherwise 0."""

    takes_numbers = 2
    operator: ComparisonOperator
    """What is asked."""

    def run(self, frame: Frame) -> Frame:
        """The truth value is on top."""
        *rest, left, right = frame.numbers
        return evolve(frame, numbers=(*rest, int(compare(self.operator, left, right))))

    def __str__(self) -> str:
        return self.operator.value


@frozen
class ToText(Computation):
    """Takes a number; leaves its decimal digits as a text, a minus sign before them if negative."""

    takes_numbers = 1

    def run(self, frame: Frame) -> Frame:
        """The digits are the top text."""
        *rest, value = frame.numbers
        return evolve(frame, numbers=tuple(rest), texts=(*frame.texts, decimal(value)))

    def __str__(self) -> str:
        return "to text"


@frozen
class Join(Operation):
    """Takes two texts; leaves the lower followed by the upper."""

    takes_texts = 2

    def run(self, frame: Frame) -> Frame:
        """The two are one text."""
        *rest, lower, upper = frame.texts
        return evolve(frame, texts=(*rest, lower + upper))

    def __str__(self) -> str:
        return "join"


@frozen
class Jump(Operation):
    """Leaves out the instructions that follow."""

    over: int
    """How many."""

    def run(self, frame: Frame) -> Frame:
        """The position is behind them."""
        return evolve(frame, position=frame.position + self.over)

    def __str__(self) -> str:
        return f"jump over {self.over}"


@frozen
class JumpIfZero(Operation):
    """Takes a number; leaves out the instructions that follow when it is 0."""

    takes_numbers = 1
    over: int
    """How many."""

    def run(self, frame: Frame) -> Frame:
        """The position is behind them if the number was 0."""
        *rest, value = frame.numbers
        over = self.over if value == 0 else 0
        return evolve(frame, numbers=tuple(rest), position=frame.position + over)

    def __str__(self) -> str:
        return f"if zero, jump over {self.over}"


@frozen
class Read(Operation):
    """Takes a text, asks for the value of that key; the value is a number on top once it comes."""

    takes_texts = 1

    def run(self, frame: Frame) -> Emitted:
        """The request is out."""
        *rest, key = frame.texts
        return Emitted(ReadRequest(KVSKey(key)), evolve(frame, texts=tuple(rest)))

    def __str__(self) -> str:
        return "read"


@frozen
class Write(Operation):
    """Takes a text and a number; writes the number to the key that the text is."""

    takes_numbers = 1
    takes_texts = 1

    def run(self, frame: Frame) -> Emitted:
        """The write is out."""
        *texts, key = frame.texts
        *numbers, value = frame.numbers
        left = evolve(frame, texts=tuple(texts), numbers=tuple(numbers))
        return Emitted(WriteRequest(KVSKey(key), KVSDatum(value)), left)

    def __str__(self) -> str:
        return "write"


@frozen
class Fail(Operation):
    """Takes a text; the program fails with it as the reason."""

    takes_texts = 1

    def run(self, frame: Frame) -> Failure:
        """The program has failed."""
        return Failure(FailureKind.FAIL, frame.texts[-1])

    def __str__(self) -> str:
        return "fail"


Instruction = (
    Number
    | Text
    | Load
    | Store
    | Drop
    | Tuck
    | Negate
    | Not
    | Arithmetic
    | Comparison
    | ToText
    | Join
    | Jump
    | JumpIfZero
    | Read
    | Write
    | Fail
)
"""The instructions there are."""
