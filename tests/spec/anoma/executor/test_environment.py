"""How far a program gets on what has arrived, and what is told of it at the end."""

from attrs import frozen
from hypothesis import given as given_any
from hypothesis import strategies as st
from pyrsistent import pmap, pset

from spec.anoma.executor.environment import (
    STUCK,
    Ended,
    Idle,
    Running,
    advanced,
    requested,
    started,
    summary_of,
)
from spec.anoma.executor.messages import ExecuteTransaction, ExecutionSummary
from spec.anoma.keyvalue import GENESIS, KVSDatum, KVSKey, Observation, TxFingerprint
from spec.anoma.label import TransactionCandidate, TransactionLabel, readable
from spec.anoma.runnable import (
    Aborted,
    Advanced,
    Failure,
    FailureKind,
    Input,
    Output,
    ReadRequest,
    ReadValue,
    Runnable,
    WriteRequest,
)
from spec.anoma.sequential import Store, executed
from spec.formalism.identity import on_local_node

A, B, C, D = (KVSKey(name) for name in "abcd")
ONE, TWO, THREE = (KVSDatum(number) for number in (1, 2, 3))
T1, T2 = TxFingerprint(1), TxFingerprint(2)
FAILED = Failure(FailureKind.FAIL, "no")


@frozen
class Turn:
    """What a scripted program does on one input."""

    outputs: tuple[Output, ...] = ()
    """What it puts out."""
    awaits: KVSKey | None = None
    """The key that it waits for next."""
    failure: Failure | None = None
    """Why it fails; nothing if it goes on."""
    copies_to: KVSKey | None = None
    """Where it writes the value that it was given."""


@frozen
class Script(Runnable[int]):
    """A program that halts after its last turn; its state is how many turns it has taken."""

    turns: tuple[Turn, ...]
    """What it does, input by input."""

    def starting_state(self) -> int:
        """No turn taken."""
        return 0

    def execute_step(self, state: int, given: Input) -> Advanced[int] | Aborted:
        """The next turn."""
        turn = self.turns[state]
        outputs = turn.outputs
        if turn.copies_to is not None and isinstance(given, ReadValue):
            outputs = (*outputs, WriteRequest(turn.copies_to, given.datum))
        if turn.failure:
            return Aborted(turn.failure, outputs)
        return Advanced(state + 1, outputs)

    def halted(self, state: int) -> bool:
        """Whether all turns are taken."""
        return state == len(self.turns)

    def awaits(self, state: int) -> KVSKey | None:
        """What the last turn says."""
        return self.turns[state - 1].awaits


LABEL = TransactionLabel(frozenset({A}), frozenset({B}), frozenset({C}), frozenset({A, D}))


def transaction(*turns: Turn, label: TransactionLabel = LABEL) -> ExecuteTransaction:
    worker, issuer = on_local_node("worker"), on_local_node("client")
    return ExecuteTransaction(T2, Script(turns), label, worker, issuer)


def idle(**values: KVSDatum) -> Idle:
    """An executor to which these values have come, all written by the first transaction."""
    return Idle(pmap({KVSKey(key): Observation(datum, T1) for key, datum in values.items()}))


def read(key: KVSKey) -> ReadRequest:
    return ReadRequest(key)


def write(key: KVSKey, datum: KVSDatum) -> WriteRequest:
    return WriteRequest(key, datum)


def test_a_program_without_reads_runs_to_its_end_on_the_start_alone() -> None:
    execute = transaction(Turn((write(C, ONE),)))
    run = Running(execute, 1, pmap(), written=pmap({C: ONE}))
    assert started(Idle(), execute) == Ended(run, None)


def test_a_program_waits_for_an_eager_key_without_asking_any_shard() -> None:
    execute = transaction(Turn((read(A),), A), Turn())
    assert started(Idle(), execute) == Running(execute, 1, pmap())


def test_a_program_that_awaits_an_eager_key_need_not_have_asked_for_it() -> None:
    execute = transaction(Turn((), A), Turn())
    assert started(Idle(), execute) == Running(execute, 1, pmap())


def test_a_lazy_key_is_requested_when_the_program_asks_for_it() -> None:
    execute = transaction(Turn((read(B),), B), Turn())
    assert started(Idle(), execute) == Running(execute, 1, pmap(), requested=pset([B]))


def test_values_that_came_before_the_start_are_fed_once_the_program_asks() -> None:
    execute = transaction(Turn((read(A),), A), Turn((), None, None, C))
    before = idle(a=THREE)
    run = Running(execute, 2, before.arrived, pset([A]), written=pmap({C: THREE}))
    assert started(before, execute) == Ended(run, None)


def test_a_value_that_the_program_has_not_asked_for_is_kept_and_not_consumed() -> None:
    execute = transaction(Turn((read(B),), B), Turn())
    before = idle(a=THREE)
    assert started(before, execute) == Running(execute, 1, before.arrived, requested=pset([B]))


def test_a_repeated_read_gets_the_value_that_came_first_also_after_an_own_write() -> None:
    execute = transaction(
        Turn((read(A),), A),
        Turn((write(A, ONE), read(A)), A),
        Turn((), None, None, C),
    )
    ended = started(idle(a=THREE), execute)
    assert isinstance(ended, Ended)
    values = Observation(THREE, T1)
    assert summary_of(ended) == ExecutionSummary(None, pmap({A: values}), pmap({A: ONE, C: THREE}))


def test_of_several_writes_of_a_key_the_last_one_counts() -> None:
    ended = started(Idle(), transaction(Turn((write(C, ONE), write(D, TWO), write(C, THREE)))))
    assert isinstance(ended, Ended)
    assert summary_of(ended) == ExecutionSummary(None, pmap(), pmap({C: THREE, D: TWO}))


def test_a_failed_transaction_has_written_nothing_and_lists_what_it_consumed() -> None:
    execute = transaction(Turn((write(C, ONE), read(A)), A), Turn((), None, FAILED))
    ended = started(idle(a=THREE, b=TWO), execute)
    assert isinstance(ended, Ended)
    assert summary_of(ended) == ExecutionSummary(FAILED, pmap({A: Observation(THREE, T1)}))


def test_an_undeclared_read_fails_the_transaction() -> None:
    execute = transaction(Turn((read(C),), C), Turn())
    failure = Failure(FailureKind.UNDECLARED_READ, "c")
    assert started(Idle(), execute) == Ended(Running(execute, 0, pmap()), failure)


def test_an_undeclared_write_fails_the_transaction() -> None:
    execute = transaction(Turn((write(B, ONE),)))
    failure = Failure(FailureKind.UNDECLARED_WRITE, "b")
    assert started(Idle(), execute) == Ended(Running(execute, 0, pmap()), failure)


def test_an_undeclared_access_counts_before_a_failure_that_came_after_it() -> None:
    execute = transaction(Turn((read(A), write(B, ONE), read(C)), None, FAILED))
    failure = Failure(FailureKind.UNDECLARED_WRITE, "b")
    assert started(Idle(), execute) == Ended(Running(execute, 0, pmap()), failure)


def test_a_failure_after_declared_accesses_is_the_programs_own() -> None:
    execute = transaction(Turn((read(B), write(C, ONE)), None, FAILED))
    run = Running(execute, 0, pmap(), requested=pset([B]), written=pmap({C: ONE}))
    assert started(Idle(), execute) == Ended(run, FAILED)


def test_a_program_that_waits_for_nothing_and_has_not_halted_is_stuck() -> None:
    execute = transaction(Turn(), Turn())
    assert started(Idle(), execute) == Ended(Running(execute, 1, pmap()), STUCK)


def test_a_program_that_waits_for_a_lazy_key_without_asking_is_stuck_even_if_it_came() -> None:
    execute = transaction(Turn((), B), Turn())
    assert started(Idle(), execute) == Ended(Running(execute, 1, pmap()), STUCK)
    came = idle(b=ONE)
    assert started(came, execute) == Ended(Running(execute, 1, came.arrived), STUCK)


def test_what_has_ended_gets_no_further() -> None:
    ended = Ended(Running(transaction(Turn()), 0, pmap()), FAILED)
    assert advanced(ended) == ended


def test_before_the_start_and_after_the_end_no_lazy_read_is_requested() -> None:
    run = Running(transaction(Turn()), 0, pmap(), requested=pset([B]))
    assert requested(Idle()) == pset()
    assert requested(run) == pset([B])
    assert requested(Ended(run, None)) == pset()


def disjoint(
    eager: frozenset[KVSKey],
    lazy: frozenset[KVSKey],
    will: frozenset[KVSKey],
    may: frozenset[KVSKey],
) -> TransactionLabel:
    """The label with these sets, without what would make it malformed."""
    return TransactionLabel(eager, lazy - eager, will, may - will)


def turn(
    outputs: list[Output], awaits: KVSKey | None, failure: Failure | None, copies_to: KVSKey | None
) -> Turn:
    return Turn(tuple(outputs), awaits, failure, copies_to)


KEYS = st.sampled_from((A, B, C, D))
OUTPUTS = st.builds(ReadRequest, KEYS) | st.builds(WriteRequest, KEYS, st.sampled_from((ONE, TWO)))
TURNS = st.builds(
    turn,
    st.lists(OUTPUTS, max_size=3),
    st.none() | KEYS,
    st.none() | st.just(FAILED),
    st.none() | KEYS,
)
KEY_SETS = st.frozensets(KEYS)
LABELS = st.builds(disjoint, KEY_SETS, KEY_SETS, KEY_SETS, KEY_SETS)
STORE: Store = pmap(
    {
        A: Observation(ONE, GENESIS),
        B: Observation(TWO, T1),
        C: Observation(THREE, T1),
        D: Observation(ONE, T1),
    }
)


@given_any(st.lists(TURNS, min_size=1, max_size=4), LABELS, st.permutations((A, B, C, D)))
def test_in_whatever_order_values_come_a_transaction_does_what_it_does_alone(
    turns: list[Turn], label: TransactionLabel, arrivals: list[KVSKey]
) -> None:
    execute = transaction(*turns, label=label)
    run = started(Idle(), execute)
    for key in arrivals:
        if isinstance(run, Running) and key in readable(label):
            kept = Running(
                execute,
                run.program,
                run.arrived.set(key, STORE[key]),
                run.consumed,
                run.requested,
                run.written,
            )
            run = advanced(kept)
    assert isinstance(run, Ended)
    assert summary_of(run) == executed(TransactionCandidate(label, Script(tuple(turns))), STORE)
