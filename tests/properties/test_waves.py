"""Waves: the ten transactions of the public page, and runs that leave their wave."""

from typing import Any

import pytest
from pyrsistent import pmap

from properties.property import Evidence, MonitorProperty
from properties.waves import DEPENDENTS_FINISH_LATER, awaited, ready_in, waves
from spec.anoma.executor.messages import ExecuteTransaction, ExecutionSummary, ExecutorFinished
from spec.anoma.keyvalue import KVSDatum, KVSKey, Observation, TxFingerprint
from spec.anoma.label import TransactionLabel
from spec.anoma.program import Program
from spec.anoma.shard.behaviour import AnswerReads
from spec.formalism.event import Deliver, Record
from spec.formalism.identity import on_local_node
from spec.formalism.message import DEFAULT_MAILBOX, Message

WORKER, EXECUTOR = on_local_node("worker"), on_local_node("executor")
X = KVSKey("x")


def label(eager: str = "", lazy: str = "", will: str = "", may: str = "") -> TransactionLabel:
    """The label with these keys, one letter each."""
    return TransactionLabel(*(frozenset(map(KVSKey, keys)) for keys in (eager, lazy, will, may)))


PICTURE = {
    "a": label("B", will="O"),
    "b": label("B", will="Y"),
    "c": label("P", will="Y"),
    "d": label("O", will="B"),
    "e": label("Y", will="P"),
    "f": label("BO"),
    "g": label("B", will="Y"),
    "h": label("Y", will="P"),
    "i": label("O", will="B"),
    "j": label(will="PY"),
}


def at(*numbers: int) -> frozenset[TxFingerprint]:
    return frozenset(map(TxFingerprint, numbers))


def test_the_ten_transactions_of_the_picture_become_ready_in_four_waves() -> None:
    names = tuple(PICTURE)
    found = waves(tuple(PICTURE.values()))
    assert ["".join(sorted(names[each - 1] for each in wave)) for wave in found] == [
        "abcj",
        "dei",
        "fg",
        "h",
    ]


def test_without_transactions_there_are_no_waves() -> None:
    assert waves(()) == ()


def test_a_read_waits_for_the_newest_sure_writer_and_the_possible_ones_after_it() -> None:
    labels = (label(will="x"), label(will="x"), label(may="x"), label(will="y"), label(lazy="x"))
    assert awaited(labels, TxFingerprint(5), X) == at(2, 3)
    assert awaited(labels, TxFingerprint(2), X) == at(1)
    assert awaited(labels, TxFingerprint(1), X) == at()
    assert waves(labels) == (at(1, 2, 3, 4), at(5))


def record(*bodies: Any, took: Any = "any") -> Record:
    """A step in which something is taken and these are sent."""
    message = Message(WORKER, EXECUTOR, DEFAULT_MAILBOX, took)
    sent = tuple(Message(EXECUTOR, WORKER, DEFAULT_MAILBOX, body) for body in bodies)
    return Record(Deliver(message), consumed=message, sent=sent)


def order(number: int, declared: TransactionLabel) -> Record:
    fingerprint = TxFingerprint(number)
    return record(ExecuteTransaction(fingerprint, Program(()), declared, WORKER, WORKER))


def end(number: int, version: int | None = None) -> ExecutorFinished:
    """The end of a transaction that has read this version of x, if any."""
    seen = {} if version is None else {X: Observation(KVSDatum(0), TxFingerprint(version))}
    return ExecutorFinished(TxFingerprint(number), ExecutionSummary(None, pmap(seen)))


def after(property_: MonitorProperty, *records: Record) -> Evidence | None:
    """What is found after these steps."""
    memory = property_.start
    for each in records:
        memory = property_.observe(memory, each)
    finding: Evidence | None = property_.judge(memory)
    return finding


ORDERS = (order(1, label(will="x")), order(2, label("x", will="x")), order(3, label("x")))


def test_dependents_that_finish_later_are_in_order() -> None:
    ends = (record(end(1)), record(end(2, 1)), record(end(3, 2)))
    assert after(DEPENDENTS_FINISH_LATER, *ORDERS, *ends) is None


def test_a_dependent_that_finishes_first_is_found() -> None:
    early = (record(end(1)), record(end(3, 1)))
    assert after(DEPENDENTS_FINISH_LATER, *ORDERS, *early) == Evidence(
        "T3 has read x and finished before T2, which may write it"
    )


def test_a_possible_writer_that_wrote_relieves_of_those_before_it() -> None:
    orders = (order(1, label(will="x")), order(2, label(may="x")), order(3, label("x")))
    assert after(DEPENDENTS_FINISH_LATER, *orders, record(end(2)), record(end(3, 2))) is None
    unwritten = (record(end(2)), record(end(3, 1)))
    assert after(DEPENDENTS_FINISH_LATER, *orders, *unwritten) == Evidence(
        "T3 has read x and finished before T1, which may write it"
    )


def test_a_sure_writer_that_failed_leaves_those_before_it_to_be_waited_for() -> None:
    early = (record(end(2)), record(end(3, 0)))
    assert after(DEPENDENTS_FINISH_LATER, *ORDERS, *early) == Evidence(
        "T3 has read x and finished before T1, which may write it"
    )


def test_what_was_declared_and_not_read_does_not_count() -> None:
    assert after(DEPENDENTS_FINISH_LATER, *ORDERS, record(end(3))) is None


def test_what_a_pool_passes_on_counts_once() -> None:
    passed_order = (ORDERS[0], *ORDERS)
    passed_end = record(end(1), took=end(1))
    assert after(DEPENDENTS_FINISH_LATER, *passed_order, record(end(1)), passed_end) is None
    memory = DEPENDENTS_FINISH_LATER.start
    assert DEPENDENTS_FINISH_LATER.observe(memory, passed_end) is memory


EXPECTED = (at(1), at(2), at(3))


def test_transactions_in_their_waves_are_in_order() -> None:
    ends = (record(end(1)), record(end(2, 1)), record(end(3, 2)))
    assert after(ready_in(EXPECTED), *ORDERS, *ends) is None


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        ((record(end(1)), record(end(2, 0))), "T2 became ready in wave 1, not its own"),
        ((record(end(1)), record(end(3, 1))), "T3 became ready in wave 2, not its own"),
    ],
)
def test_a_transaction_in_another_wave_is_found(ends: tuple[Record, ...], said: str) -> None:
    assert after(ready_in(EXPECTED), *ORDERS, *ends) == Evidence(said)


def test_a_wave_after_the_last_one_is_found() -> None:
    assert after(ready_in((at(1),)), *ORDERS, record(end(1)), record(end(2, 1))) == Evidence(
        "T2 became ready in wave 2, not its own"
    )


def test_waves_are_what_a_rule_on_answers_demands() -> None:
    name = "transactions become ready in the expected waves"
    assert (ready_in(()).name, ready_in(()).rule) == (name, AnswerReads.id)
