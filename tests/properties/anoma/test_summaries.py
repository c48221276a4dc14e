"""Summaries by messages made by hand: what is in order, and what is found."""

from typing import Any

from pyrsistent import pmap, pset

from models.scenario.language import compile_program
from properties.anoma.summaries import (
    FAILED_WRITES_NOTHING,
    SUMMARY_IS_TRUE,
    SUMMARY_REACHES_BOTH,
    Debts,
)
from properties.monitor import Watched
from properties.property import Evidence, MonitorProperty
from spec.anoma.executor.messages import ExecuteTransaction, ExecutionSummary, ExecutorFinished
from spec.anoma.keyvalue import KVSDatum, KVSKey, Observation, TxFingerprint
from spec.anoma.label import TransactionLabel
from spec.anoma.runnable import Failure, FailureKind
from spec.anoma.shard.messages import KVSRead, KVSWrite
from spec.formalism.clauses import Absorb
from spec.formalism.event import Deliver, Record
from spec.formalism.identity import EngineId, on_local_node
from spec.formalism.message import DEFAULT_MAILBOX, Message
from spec.formalism.rule import RuleId

WORKER, EXECUTOR, SHARD, CLIENT, POOL = (
    on_local_node(name) for name in ("worker", "executor.1", "shard", "client", "pool")
)
T1 = TxFingerprint(1)
X, Y = KVSKey("x"), KVSKey("y")
ZERO = Observation(KVSDatum(0), TxFingerprint(0))
INCREMENT = compile_program('write("x", read("x") + 1)', "test")
LABEL = TransactionLabel(eager_reads=frozenset({X, Y}), will_writes=frozenset({X}))
FAILURE = Failure(FailureKind.FAIL, "no")

START = ExecuteTransaction(T1, INCREMENT, LABEL, WORKER, CLIENT)
READ_X, READ_Y = KVSRead(T1, X, ZERO), KVSRead(T1, Y, ZERO)
WRITE = KVSWrite(T1, X, KVSDatum(1))
TRUE = ExecutionSummary(None, pmap({X: ZERO}), pmap({X: KVSDatum(1)}))
END = ExecutorFinished(T1, TRUE)


def step(
    took: Any, *sent: tuple[EngineId, EngineId, Any], fired: tuple[RuleId, ...] = ()
) -> Record:
    """A step in which one body is taken and others are sent."""
    message = Message(WORKER, EXECUTOR, DEFAULT_MAILBOX, took)
    out = tuple(Message(sender, to, DEFAULT_MAILBOX, body) for sender, to, body in sent)
    return Record(Deliver(message), fired, message, out)


def after(property_: MonitorProperty, *records: Record) -> Evidence | None:
    """What is found after these steps."""
    memory = property_.start
    for record in records:
        memory = property_.observe(memory, record)
    finding: Evidence | None = property_.judge(memory)
    return finding


def to_shard(body: Any) -> tuple[EngineId, EngineId, Any]:
    return (EXECUTOR, SHARD, body)


def ends(summary: ExecutionSummary) -> tuple[tuple[EngineId, EngineId, Any], ...]:
    said = ExecutorFinished(T1, summary)
    return ((EXECUTOR, WORKER, said), (EXECUTOR, CLIENT, said))


def test_a_summary_of_what_was_consumed_and_written_is_true() -> None:
    last = step(READ_X, to_shard(WRITE), *ends(TRUE))
    assert after(SUMMARY_IS_TRUE, step(START), step(READ_Y), last) is None


def test_reads_that_overtake_the_start_count_and_repeats_do_not() -> None:
    five, nine = (Observation(KVSDatum(seen), TxFingerprint(0)) for seen in (5, 9))
    summary = ExecutionSummary(None, pmap({X: five}), pmap({X: KVSDatum(6)}))
    last = step(START, to_shard(KVSWrite(T1, X, KVSDatum(6))), *ends(summary))
    reads = (step(KVSRead(T1, X, five)), step(KVSRead(T1, X, nine)))
    assert after(SUMMARY_IS_TRUE, *reads, last) is None


def test_a_summary_that_lists_an_input_not_consumed_or_leaves_one_out_is_found() -> None:
    both = ExecutionSummary(None, pmap({X: ZERO, Y: ZERO}), TRUE.values_written)
    none = ExecutionSummary(None, pmap(), TRUE.values_written)
    did = "it did: read x = 0 (version 0), wrote x = 1"
    for summary, says in (
        (both, "it says: read x = 0 (version 0), read y = 0 (version 0), wrote x = 1"),
        (none, "it says: wrote x = 1"),
    ):
        last = step(READ_X, to_shard(WRITE), *ends(summary))
        assert after(SUMMARY_IS_TRUE, step(START), step(READ_Y), last) == Evidence(
            "the summary of T1 is not what it did", (did, says)
        )


def test_a_summary_that_is_silent_about_a_write_or_invents_one_is_found() -> None:
    silent = ExecutionSummary(None, pmap({X: ZERO}))
    early = step(READ_X, to_shard(WRITE))
    assert after(SUMMARY_IS_TRUE, step(START), early, step(READ_Y, *ends(silent))) == Evidence(
        "the summary of T1 is not what it did",
        (
            "it did: read x = 0 (version 0), wrote x = 1",
            "it says: read x = 0 (version 0)",
        ),
    )
    released = to_shard(KVSWrite(T1, X, None))
    assert after(SUMMARY_IS_TRUE, step(START), step(READ_X, released, *ends(TRUE))) == Evidence(
        "the summary of T1 is not what it did",
        (
            "it did: read x = 0 (version 0)",
            "it says: read x = 0 (version 0), wrote x = 1",
        ),
    )


def test_a_summary_of_a_transaction_that_was_never_started_is_found() -> None:
    said = Evidence("T1 has finished, but was never started")
    assert after(SUMMARY_IS_TRUE, step(READ_X, *ends(TRUE))) == said
    assert after(SUMMARY_IS_TRUE, step("any", *ends(TRUE))) == said
    assert after(SUMMARY_IS_TRUE, step("any", to_shard(WRITE)), step("any", *ends(TRUE))) == said


def test_a_summary_of_a_failed_transaction_is_compared_with_what_it_read() -> None:
    lie = ExecutionSummary(FAILURE, pmap({X: ZERO, Y: ZERO}))
    assert after(SUMMARY_IS_TRUE, step(START), step(READ_X), step(READ_Y, *ends(lie))) == Evidence(
        "the summary of T1 is not what it did",
        (
            "it did: read x = 0 (version 0), failed: fail: no",
            "it says: read x = 0 (version 0), read y = 0 (version 0), failed: fail: no",
        ),
    )


def test_nothing_is_remembered_of_a_transaction_that_has_finished() -> None:
    last = step(READ_X, to_shard(WRITE), *ends(TRUE))
    memory = SUMMARY_IS_TRUE.start
    for record in (step(START), last, step(READ_Y, fired=(Absorb.id,))):
        memory = SUMMARY_IS_TRUE.observe(memory, record)
    assert memory == Watched(pmap())


def test_a_failed_transaction_that_writes_nothing_is_in_order() -> None:
    failed = ends(ExecutionSummary(FAILURE, pmap()))
    release = to_shard(KVSWrite(T1, X, None))
    assert after(FAILED_WRITES_NOTHING, step(START, release, *failed)) is None
    assert after(FAILED_WRITES_NOTHING, step(START, to_shard(WRITE), *ends(TRUE))) is None


def test_a_failed_transaction_that_has_written_is_found() -> None:
    failed = ends(ExecutionSummary(FAILURE, pmap()))
    said = Evidence("T1 failed, and has written", ("failed: fail: no",))
    together = step(START, to_shard(WRITE), *failed)
    before = (step(START, to_shard(WRITE)), step(READ_X, *failed))
    assert after(FAILED_WRITES_NOTHING, together) == said
    assert after(FAILED_WRITES_NOTHING, *before) == said


def test_a_failed_transaction_that_says_that_it_has_written_is_found() -> None:
    lie = ExecutionSummary(FAILURE, pmap(), pmap({X: KVSDatum(1)}))
    assert after(FAILED_WRITES_NOTHING, step(START, *ends(lie))) == Evidence(
        "T1 failed, and says that it wrote", ("wrote x = 1, failed: fail: no",)
    )


def test_who_has_written_is_remembered_until_it_has_finished() -> None:
    written = FAILED_WRITES_NOTHING.observe(
        FAILED_WRITES_NOTHING.start, step(START, to_shard(WRITE))
    )
    assert written == Watched(pset([T1]))
    assert FAILED_WRITES_NOTHING.observe(written, step(READ_X, *ends(TRUE))) == Watched(pset())


ORDERED = step("request", (WORKER, EXECUTOR, START))


def test_a_summary_that_goes_to_worker_and_issuer_is_in_order_and_forgotten() -> None:
    memory = SUMMARY_REACHES_BOTH.observe(SUMMARY_REACHES_BOTH.start, ORDERED)
    assert memory == Watched(Debts(pmap({(T1, EXECUTOR): frozenset({WORKER, CLIENT})})))
    assert SUMMARY_REACHES_BOTH.observe(memory, step(START, *ends(TRUE))) == Watched(Debts())


def test_a_summary_that_a_pool_passes_on_is_in_order() -> None:
    asked = step("request", (WORKER, POOL, START))
    told = ExecuteTransaction(T1, INCREMENT, LABEL, POOL, CLIENT)
    assigned = step(START, (POOL, EXECUTOR, told))
    ended = step(told, (EXECUTOR, POOL, END), (EXECUTOR, CLIENT, END))
    passed = step(END, (POOL, WORKER, END))
    assert after(SUMMARY_REACHES_BOTH, asked, assigned, ended, passed) is None
    other = ExecutorFinished(T1, ExecutionSummary(None, pmap()))
    lying = step(END, (POOL, WORKER, other))
    assert after(SUMMARY_REACHES_BOTH, asked, assigned, ended, lying) == Evidence(
        "not everybody is told the same of T1",
        ("read x = 0 (version 0), wrote x = 1", "did nothing"),
    )


def test_a_summary_that_misses_somebody_is_found() -> None:
    alone = step(START, (EXECUTOR, CLIENT, END))
    assert after(SUMMARY_REACHES_BOTH, ORDERED, alone) == Evidence(
        "executor.1 did not tell worker of T1"
    )


def test_a_summary_that_goes_to_somebody_twice_or_unasked_is_found() -> None:
    again = "of T1 again, or unasked"
    ended = step(START, *ends(TRUE))
    twice = step(START, *ends(TRUE), (EXECUTOR, CLIENT, END))
    stranger = step(START, *ends(TRUE), (EXECUTOR, SHARD, END))
    said = Evidence(f"executor.1 told client {again}")
    assert after(SUMMARY_REACHES_BOTH, ORDERED, twice) == said
    assert after(SUMMARY_REACHES_BOTH, ORDERED, ended, step(START, (EXECUTOR, CLIENT, END))) == said
    assert after(SUMMARY_REACHES_BOTH, ORDERED, stranger) == Evidence(
        f"executor.1 told shard {again}"
    )


def test_different_summaries_for_worker_and_issuer_are_found() -> None:
    other = ExecutorFinished(T1, ExecutionSummary(None, pmap()))
    differing = step(START, (EXECUTOR, WORKER, END), (EXECUTOR, CLIENT, other))
    assert after(SUMMARY_REACHES_BOTH, ORDERED, differing) == Evidence(
        "not everybody is told the same of T1",
        ("read x = 0 (version 0), wrote x = 1", "did nothing"),
    )


def test_a_step_that_does_not_matter_leaves_the_same_memory() -> None:
    for property_ in (SUMMARY_IS_TRUE, FAILED_WRITES_NOTHING, SUMMARY_REACHES_BOTH):
        assert property_.observe(property_.start, step("any")) is property_.start
