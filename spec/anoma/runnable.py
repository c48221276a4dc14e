"""What an executor needs of a program: the Runnable interface, and why a transaction fails."""

from abc import ABC, abstractmethod
from enum import Enum
from typing import Any, Generic, TypeVar

from attrs import frozen

from spec.anoma.keyvalue import KVSDatum, KVSKey

P = TypeVar("P")
"""The type of a program's state: a frozen value."""


class FailureKind(Enum):
    """Why a transaction failed."""

    FAIL = "fail:"
    """The program said so; the detail is its text."""
    UNDECLARED_READ = "undeclared-read"
    """It asked for a key that its label does not list for reading; the detail is the key."""
    UNDECLARED_WRITE = "undeclared-write"
    """It wrote a key that its label does not list for writing; the detail is the key."""
    DIVISION_BY_ZERO = "division-by-zero"
    """It divided by zero."""
    UNSET_NAME = "unset-name"
    """It used a name before giving it a value; the detail is the name."""
    OUT_OF_GAS = "out-of-gas"
    """It used up its gas."""
    STUCK = "stuck"
    """It has not halted, and waits for nothing that could come."""


BARE = frozenset({FailureKind.DIVISION_BY_ZERO, FailureKind.OUT_OF_GAS, FailureKind.STUCK})
"""The reasons that no text, key or name goes with."""


@frozen
class Failure:
    """The reason why a transaction failed, as its summary gives it."""

    kind: FailureKind
    """Which of the reasons."""
    detail: str = ""
    """The text, key or name that goes with the reason, exactly; empty where none does."""

    def __str__(self) -> str:
        bare = self.kind in BARE
        return self.kind.value if bare else f"{self.kind.value} {self.detail}"


@frozen
class Start:
    """The first input of every program."""

    eager_reads: tuple[KVSKey, ...]
    """The label's eager reads in key order: values that will come unasked."""


@frozen
class ReadValue:
    """The value of the key that the program waits for."""

    key: KVSKey
    """The key that was read."""
    datum: KVSDatum
    """The value that it has just before the transaction's timestamp."""


Input = Start | ReadValue
"""What a program is fed, one at a time: the start first, then always the key it waits for."""


@frozen
class ReadRequest:
    """The program wants the value of a key."""

    key: KVSKey
    """The key to read."""


@frozen
class WriteRequest:
    """The program writes a value; the last one per key counts, once it has halted."""

    key: KVSKey
    """The key to write."""
    datum: KVSDatum
    """The value to write."""


Output = ReadRequest | WriteRequest
"""What a program puts out while it takes one input, in the order in which it does so."""


@frozen
class Advanced(Generic[P]):
    """The program took the input."""

    state: P
    """The program's state after it."""
    outputs: tuple[Output, ...]
    """What it put out on the way."""


@frozen
class Aborted:
    """The program failed on the input."""

    failure: Failure
    """Why."""
    outputs: tuple[Output, ...] = ()
    """What it put out before it failed: an undeclared access among them came first."""


class Runnable(ABC, Generic[P]):
    """A program as a value: frozen, equal by content, with pure and total methods.

    Sources: the public page on the Runnable trait (executeStep, halted, startingState). Two
    departures: the first input is an explicit `Start`, so that a program without reads runs too;
    and a program says which key it waits for (`awaits`), so that the order of arrivals is not its
    concern.
    """

    __slots__ = ()

    @abstractmethod
    def starting_state(self) -> P:
        """The state before the first input."""

    @abstractmethod
    def execute_step(self, state: P, given: Input) -> Advanced[P] | Aborted:
        """The state and outputs after one input, or why the program failed on it."""

    @abstractmethod
    def halted(self, state: P) -> bool:
        """Whether the program has ended by itself, successfully."""

    @abstractmethod
    def awaits(self, state: P) -> KVSKey | None:
        """The one key whose value the program takes next; None when it waits for none."""


AnyRunnable = Runnable[Any]
"""A program, whatever the type of its state."""
