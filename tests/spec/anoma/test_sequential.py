"""The sequential reference: one transaction at a time, each on what the earlier ones left."""

import pytest
from attrs import frozen
from pyrsistent import pmap

from spec.anoma.arithmetic import ArithmeticOperator as Operator
from spec.anoma.executor.messages import ExecutionSummary
from spec.anoma.instructions import (
    Arithmetic,
    Fail,
    Instruction,
    Load,
    Number,
    Read,
    Store,
    Text,
    Write,
)
from spec.anoma.keyvalue import GENESIS, KVSDatum, KVSKey, Observation, TxFingerprint
from spec.anoma.label import TransactionCandidate, TransactionLabel
from spec.anoma.program import Program
from spec.anoma.runnable import Aborted, Advanced, Failure, FailureKind, Input, Runnable, Start
from spec.anoma.sequential import (
    SequentialRun,
    executed,
    followed_by,
    genesis_store,
    sequential,
)

A, B, C = (KVSKey(name) for name in "abc")
T1, T2, T3 = (TxFingerprint(number) for number in (1, 2, 3))
ZERO, ONE, TEN = (KVSDatum(number) for number in (0, 1, 10))
GENESIS_VALUES = pmap({A: TEN})
LABEL = TransactionLabel(frozenset({A}), frozenset({B}), frozenset({A}), frozenset({B}))
STORE = genesis_store(GENESIS_VALUES)
FROM_GENESIS = Observation(TEN, GENESIS)

READ_A: tuple[Instruction, ...] = (Text("a"), Read(), Store("a"))
READ_B: tuple[Instruction, ...] = (Text("b"), Read(), Store("b"))
ADD_ONE: tuple[Instruction, ...] = (Load("a"), Number(1), Arithmetic(Operator.ADD))
INCREMENT = (*READ_A, Text("a"), *ADD_ONE, Write())
FAIL: tuple[Instruction, ...] = (Text("no"), Fail())


def candidate(*instructions: Instruction) -> TransactionCandidate:
    return TransactionCandidate(LABEL, Program(instructions))


@frozen
class Mute(Runnable[int]):
    """A program that never asks, never halts, and says that it waits for this."""

    key: KVSKey | None
    """What it says that it waits for."""

    def starting_state(self) -> int:
        """Always the same."""
        return 0

    def execute_step(self, state: int, given: Input) -> Advanced[int] | Aborted:  # noqa: ARG002 the interface
        """Nothing."""
        return Advanced(state, ())

    def halted(self, state: int) -> bool:  # noqa: ARG002 the interface
        """Never."""
        return False

    def awaits(self, state: int) -> KVSKey | None:  # noqa: ARG002 the interface
        """Always the same key."""
        return self.key


@frozen
class Tell(Mute):
    """A program that fails with the eager keys that it is told."""

    def execute_step(self, state: int, given: Input) -> Advanced[int] | Aborted:  # noqa: ARG002 the interface
        """The failure."""
        told = given.eager_reads if isinstance(given, Start) else ()
        return Aborted(Failure(FailureKind.FAIL, " ".join(told)))


def test_a_program_is_told_its_eager_keys_in_key_order() -> None:
    label = TransactionLabel(frozenset({C, A, B}))
    failure = Failure(FailureKind.FAIL, "a b c")
    told = executed(TransactionCandidate(label, Tell(None)), STORE)
    assert told == ExecutionSummary(failure, pmap())


def test_before_the_first_transaction_every_named_key_holds_its_genesis_value() -> None:
    assert sequential((), GENESIS_VALUES) == SequentialRun(pmap({A: FROM_GENESIS}))


def test_each_transaction_sees_what_the_earlier_ones_left_and_is_named_as_the_writer() -> None:
    run = sequential((candidate(*INCREMENT), candidate(*INCREMENT)), GENESIS_VALUES)
    eleven, twelve = KVSDatum(11), KVSDatum(12)
    assert run == SequentialRun(
        pmap({A: Observation(twelve, T2)}),
        (
            ExecutionSummary(None, pmap({A: FROM_GENESIS}), pmap({A: eleven})),
            ExecutionSummary(None, pmap({A: Observation(eleven, T1)}), pmap({A: twelve})),
        ),
    )


def test_a_failed_transaction_takes_its_place_in_the_order_and_writes_nothing() -> None:
    run = sequential((candidate(*INCREMENT, *FAIL), candidate(*INCREMENT)), GENESIS_VALUES)
    failure = Failure(FailureKind.FAIL, "no")
    assert run == SequentialRun(
        pmap({A: Observation(KVSDatum(11), T2)}),
        (
            ExecutionSummary(failure, pmap({A: FROM_GENESIS})),
            ExecutionSummary(None, pmap({A: FROM_GENESIS}), pmap({A: KVSDatum(11)})),
        ),
    )


def test_one_more_transaction_gets_the_next_fingerprint() -> None:
    first = followed_by(SequentialRun(STORE), candidate(*INCREMENT))
    second = followed_by(first, candidate())
    assert followed_by(second, candidate(*INCREMENT)).store == pmap(
        {A: Observation(KVSDatum(12), T3)}
    )


def test_a_key_that_nobody_has_written_holds_zero_since_genesis() -> None:
    summary = ExecutionSummary(None, pmap({B: Observation(ZERO, GENESIS)}))
    assert executed(candidate(*READ_B), STORE) == summary


def test_own_writes_are_invisible_to_own_reads() -> None:
    write_then_read = (Text("a"), Number(1), Write(), *READ_A, Text("b"), Load("a"), Write())
    assert executed(candidate(*write_then_read), STORE) == ExecutionSummary(
        None, pmap({A: FROM_GENESIS}), pmap({A: ONE, B: TEN})
    )


def test_the_last_write_of_a_key_counts() -> None:
    twice = (Text("a"), Number(10), Write(), Text("a"), Number(1), Write())
    assert executed(candidate(*twice), STORE) == ExecutionSummary(None, pmap(), pmap({A: ONE}))


def test_an_eager_key_that_the_program_does_not_ask_for_is_not_read() -> None:
    assert executed(candidate(), STORE) == ExecutionSummary(None, pmap())


@pytest.mark.parametrize(
    ("access", "kind"),
    [
        ((Text("c"), Read()), FailureKind.UNDECLARED_READ),
        ((Text("c"), Number(1), Write()), FailureKind.UNDECLARED_WRITE),
    ],
)
def test_an_undeclared_access_fails_the_transaction_and_what_it_read_before_is_listed(
    access: tuple[Instruction, ...], kind: FailureKind
) -> None:
    summary = ExecutionSummary(Failure(kind, C), pmap({A: FROM_GENESIS}))
    assert executed(candidate(*INCREMENT, *access), STORE) == summary


@pytest.mark.parametrize("key", [None, B, C])
def test_a_program_that_waits_for_nothing_that_could_come_is_stuck(key: KVSKey | None) -> None:
    stuck = ExecutionSummary(Failure(FailureKind.STUCK), pmap())
    assert executed(TransactionCandidate(LABEL, Mute(key)), STORE) == stuck
