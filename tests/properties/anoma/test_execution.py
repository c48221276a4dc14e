"""Serializability by messages made by hand: what holds, and what each of the three finds."""

from typing import Any

from pyrsistent import pmap

from models.scenario.language import compile_program
from properties.anoma.execution import (
    HISTORY_IS_SERIALIZABLE,
    equals_timestamp_order,
    reads_see_latest_write,
)
from properties.anoma.system import anoma_properties
from properties.history import History, render
from properties.property import Evidence, Kind, MonitorProperty, StateProperty
from spec.anoma.executor.messages import ExecuteTransaction, ExecutionSummary, ExecutorFinished
from spec.anoma.keyvalue import KVSDatum, KVSKey, Observation, TxFingerprint
from spec.anoma.label import TransactionLabel
from spec.anoma.runnable import Failure, FailureKind
from spec.anoma.sequential import Serializable
from spec.anoma.shard.behaviour import AnswerReads
from spec.anoma.shard.messages import KVSRead, KVSWrite, UpdateSeenAll
from spec.formalism.delivery import Unordered
from spec.formalism.event import Deliver, Record
from spec.formalism.identity import on_local_node
from spec.formalism.message import DEFAULT_MAILBOX, Message
from spec.formalism.state import initial_state

A, B = on_local_node("a"), on_local_node("b")
X = KVSKey("x")
GENESIS = pmap({X: KVSDatum(10)})
INCREMENT = compile_program('write("x", read("x") + 1)', "test")
LABEL = TransactionLabel(eager_reads=frozenset({X}), will_writes=frozenset({X}))
LATEST = "reads see the latest earlier write"
FAILED = Failure(FailureKind.FAIL, "no")


def record(*bodies: Any) -> Record:
    """A step in which these are sent."""
    sent = tuple(Message(A, B, DEFAULT_MAILBOX, body) for body in bodies)
    return Record(Deliver(Message(B, A, DEFAULT_MAILBOX, "any")), sent=sent)


def after(property_: MonitorProperty, *bodies: Any) -> Evidence | None:
    """What is found after steps in which these are sent, one in each."""
    memory = property_.start
    for body in bodies:
        memory = property_.observe(memory, record(body))
    finding: Evidence | None = property_.judge(memory)
    return finding


def order(at: int) -> ExecuteTransaction:
    return ExecuteTransaction(TxFingerprint(at), INCREMENT, LABEL, A, B)


def seen(datum: int, version: int) -> Observation:
    return Observation(KVSDatum(datum), TxFingerprint(version))


def read(at: int, datum: int, version: int) -> KVSRead:
    return KVSRead(TxFingerprint(at), X, seen(datum, version))


def write(at: int, datum: int | None) -> KVSWrite:
    return KVSWrite(TxFingerprint(at), X, None if datum is None else KVSDatum(datum))


def end(at: int, observed: Observation, datum: int) -> ExecutorFinished:
    summary = ExecutionSummary(None, pmap({X: observed}), pmap({X: KVSDatum(datum)}))
    return ExecutorFinished(TxFingerprint(at), summary)


def failure(at: int) -> ExecutorFinished:
    return ExecutorFinished(TxFingerprint(at), ExecutionSummary(FAILED, pmap()))


def test_summaries_in_timestamp_order_are_as_one_at_a_time_whoever_finishes_first() -> None:
    ends = (end(2, seen(11, 1), 12), end(1, seen(10, 0), 11))
    assert after(equals_timestamp_order(GENESIS), order(1), order(2), *ends) is None


def test_an_order_that_a_pool_passes_on_counts_once() -> None:
    orders = (order(1), order(1), order(2))
    ends = (end(1, seen(10, 0), 11), end(2, seen(11, 1), 12))
    assert after(equals_timestamp_order(GENESIS), *orders, *ends) is None


def test_a_summary_that_read_another_version_is_found() -> None:
    found = after(equals_timestamp_order(GENESIS), order(1), order(2), end(2, seen(10, 0), 11))
    assert found == Evidence(
        "T2 did not do what it does in timestamp order",
        (
            "one at a time: read x = 11 (version 1), wrote x = 12",
            "here: read x = 10 (version 0), wrote x = 11",
        ),
    )


def test_a_summary_with_the_right_value_of_the_wrong_version_is_found() -> None:
    found = after(equals_timestamp_order(GENESIS), order(1), end(1, seen(10, 1), 11))
    assert found is not None


def test_a_summary_of_a_transaction_that_was_never_ordered_is_found() -> None:
    said = "has finished, but was never ordered"
    found = after(equals_timestamp_order(GENESIS), order(1), end(2, seen(10, 0), 11))
    assert found == Evidence(f"T2 {said}")
    found = after(equals_timestamp_order(GENESIS), order(1), end(0, seen(10, 0), 11))
    assert found == Evidence(f"T0 {said}")


def test_the_history_of_a_run_is_written_down_from_its_messages() -> None:
    history: History = HISTORY_IS_SERIALIZABLE.start
    bodies = (read(1, 10, 0), write(1, 11), end(1, seen(10, 0), 11), read(2, 11, 1))
    for body in (
        *bodies,
        write(2, None),
        failure(2),
        read(3, 11, 1),
        UpdateSeenAll(TxFingerprint(3)),
    ):
        history = HISTORY_IS_SERIALIZABLE.observe(history, record(body))
    assert render(history) == "1: r(x0=10) w(x1=11)  2!: r(x1=11)  3?: r(x1=11)"
    assert HISTORY_IS_SERIALIZABLE.judge(history) is None


def test_a_step_without_reads_writes_and_ends_leaves_the_same_history() -> None:
    history = History()
    assert HISTORY_IS_SERIALIZABLE.observe(history, record("any")) is history


def test_a_lost_update_is_a_cycle() -> None:
    reads = (read(1, 10, 0), read(2, 10, 0))
    writes = (write(1, 11), end(1, seen(10, 0), 11), write(2, 11), end(2, seen(10, 0), 11))
    assert after(HISTORY_IS_SERIALIZABLE, *reads, *writes) == Evidence(
        "dependencies form a cycle: T1 -> T2 -> T1",
        (
            "T1 -ww(x)-> T2: T1 wrote version 1 of x, T2 wrote the next one",
            "T2 -rw(x)-> T1: T2 read version 0 of x, T1 wrote the next one",
        ),
    )


def test_a_read_of_what_a_failed_transaction_wrote_is_found_when_it_fails() -> None:
    bodies = (write(1, 11), read(2, 11, 1), end(2, seen(11, 1), 12))
    assert after(HISTORY_IS_SERIALIZABLE, *bodies) is None
    assert after(HISTORY_IS_SERIALIZABLE, *bodies, failure(1)) == Evidence(
        "T2 read version 1 of x, but T1 has failed (G1a)"
    )


def test_a_read_of_a_value_that_is_written_over_is_found() -> None:
    bodies = (write(1, 11), read(2, 11, 1), end(2, seen(11, 1), 12), write(1, 13))
    assert after(HISTORY_IS_SERIALIZABLE, *bodies, end(1, seen(10, 0), 13)) == Evidence(
        "T2 read version 1 of x, the value 11, but T1 left 13 in it (G1b)"
    )


def test_reads_that_see_the_latest_earlier_write_are_in_order() -> None:
    latest = reads_see_latest_write(GENESIS)
    orders = (order(1), order(2), order(3))
    assert after(latest, *orders, read(1, 10, 0), write(1, 11), read(2, 11, 1)) is None
    assert after(latest, *orders, write(1, 11), write(2, None), read(3, 11, 1)) is None
    assert after(latest, *orders, write(1, None), write(2, None), read(3, 10, 0)) is None
    assert after(reads_see_latest_write(pmap()), order(1), read(1, 0, 0)) is None


def test_the_latest_of_several_earlier_writes_counts_even_if_an_older_one_is_outstanding() -> None:
    latest = reads_see_latest_write(GENESIS)
    orders = (order(1), order(2), order(3))
    assert after(latest, *orders, write(1, 11), write(2, 12), read(3, 12, 2)) is None
    assert after(latest, *orders, write(2, 12), read(3, 12, 2)) is None
    assert after(latest, *orders, write(1, 11), write(2, 12), read(3, 11, 1)) == Evidence(
        "T3 read x = 11 (version 1), the latest earlier write is 12 (version 2)"
    )


def test_a_key_that_nobody_writes_is_read_as_it_was_at_first() -> None:
    latest = reads_see_latest_write(GENESIS)
    assert after(latest, read(1, 10, 0)) is None
    assert after(latest, read(1, 11, 0)) == Evidence(
        "T1 read x = 11 (version 0), the latest earlier write is 10 (version 0)"
    )


def test_a_read_that_sees_another_write_than_the_latest_earlier_one_is_found() -> None:
    latest = reads_see_latest_write(GENESIS)
    assert after(latest, order(1), order(2), write(1, 11), read(2, 10, 0)) == Evidence(
        "T2 read x = 10 (version 0), the latest earlier write is 11 (version 1)"
    )
    assert after(latest, order(1), write(1, 11), read(1, 11, 1)) == Evidence(
        "T1 read x = 11 (version 1), the latest earlier write is 10 (version 0)"
    )


def test_a_read_answered_while_an_earlier_write_is_outstanding_is_found() -> None:
    found = after(reads_see_latest_write(GENESIS), order(1), order(2), read(2, 10, 0))
    assert found == Evidence("T2 was answered x before all earlier writes of it were known")


def test_what_depends_on_genesis_is_named_cited_and_judged_by_it() -> None:
    found = {each.name: each for each in anoma_properties(GENESIS)}
    order_, reads = found["execution equals timestamp order"], found[LATEST]
    store = found["the store is that of the sequential run"]
    assert isinstance(order_, MonitorProperty)
    assert isinstance(reads, MonitorProperty)
    assert isinstance(store, StateProperty)
    assert [each.rule for each in (order_, reads)] == [Serializable.id, AnswerReads.id]
    assert (store.rule, store.kind) == (Serializable.id, Kind.AT_REST)
    assert after(order_, order(1), end(1, seen(10, 0), 11)) is None
    assert after(reads, order(1), read(1, 10, 0)) is None
    assert store.judge(initial_state(Unordered, ())) == Evidence(
        "the store is another one than after the sequential run",
        ("one at a time: x = 10", "here: empty"),
    )
