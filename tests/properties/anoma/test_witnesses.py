"""What should happen in some run: when it is seen, and when not."""

from typing import Any

import pytest
from attrs import evolve
from pyrsistent import pmap

from properties.anoma.witnesses import (
    A_LAZY_READ_IS_SERVED,
    A_MAY_WRITE_IS_RELEASED,
    A_READ_WAITS,
    A_READ_WAITS_FOR_A_WRITE,
    A_TRANSACTION_FAILS,
    SOMETHING_OVERTAKES_ITS_LOCK,
    TWO_AT_ONCE,
)
from properties.property import Evidence, Reacted
from spec.anoma.executor.environment import Idle, Running
from spec.anoma.executor.messages import ExecuteTransaction, ExecutionSummary, ExecutorFinished
from spec.anoma.keyvalue import KVSDatum, KVSKey, Observation, TxFingerprint
from spec.anoma.label import TransactionLabel
from spec.anoma.program import Program, Unstarted
from spec.anoma.runnable import Failure, FailureKind
from spec.anoma.shard.configuration import ShardConfiguration
from spec.anoma.shard.environment import ShardState
from spec.anoma.shard.messages import KVSRead, KVSReadRequest, KVSWrite, UpdateSeenAll
from spec.anoma.shard.timeline import (
    Entry,
    ReadKind,
    ReadMarker,
    ReadStatus,
    WriteKind,
    WriteMarker,
    WriteStatus,
)
from spec.formalism.delivery import DISCIPLINES, AnyDiscipline, Unordered
from spec.formalism.engine import Engine
from spec.formalism.environment import Environment
from spec.formalism.event import Deliver, Record
from spec.formalism.identity import identity_of, on_local_node
from spec.formalism.message import DEFAULT_MAILBOX, Message
from spec.formalism.state import initial_state

SHARD, WORKER, EXECUTOR = (on_local_node(name) for name in ("shard", "worker", "executor.1"))
X = KVSKey("x")
T1, T2 = TxFingerprint(1), TxFingerprint(2)
SEEN = Observation(KVSDatum(0), TxFingerprint(0))


def shard(at: TxFingerprint = T1, entry: Entry | None = None, mark: int = 0) -> Engine:
    """A shard that knows of one entry, and has heard of a mark."""
    local = ShardState(
        pmap({X: pmap({at: entry})}) if entry else pmap(), pmap({WORKER: TxFingerprint(mark)})
    )
    configuration = ShardConfiguration((WORKER,))
    return Engine(identity_of(SHARD), "shard", configuration, Environment(local))


def executor(at: TxFingerprint, started: bool = True) -> Engine:  # noqa: FBT001, FBT002  # a test
    """The executor of a transaction."""
    transaction = ExecuteTransaction(at, Program(()), TransactionLabel(), WORKER, WORKER)
    local = Running(transaction, Unstarted(), pmap()) if started else Idle()
    identity = identity_of(on_local_node(f"executor.{at}"))
    return Engine(identity, "executor", None, Environment(local))


def read(status: ReadStatus, kind: ReadKind = ReadKind.LAZY) -> Entry:
    return Entry(read=ReadMarker(kind, status, EXECUTOR))


def write(kind: WriteKind, status: WriteStatus = WriteStatus.PENDING) -> Entry:
    return Entry(write=WriteMarker(kind, status))


def reaction(engine: Engine, took: Any, *bodies: Any) -> Reacted:
    message = Message(EXECUTOR, engine.identity.external, DEFAULT_MAILBOX, took)
    sent = tuple(Message(SHARD, EXECUTOR, DEFAULT_MAILBOX, body) for body in bodies)
    return Reacted(engine, Record(Deliver(message), consumed=message, sent=sent), engine)


def test_two_transactions_run_at_once_when_two_programs_have_started() -> None:
    one, two, idle = executor(T1), executor(T2), executor(T2, started=False)
    assert TWO_AT_ONCE.judge(initial_state(Unordered, (two, one, shard()))) == Evidence(
        "T1 and T2 run at once"
    )
    assert TWO_AT_ONCE.judge(initial_state(Unordered, (one, idle))) is None


def test_a_read_waits_when_it_is_pending_after_a_step() -> None:
    waits = Evidence("shard: the read of x by T2 waits")
    assert A_READ_WAITS.judge(shard(T2, read(ReadStatus.PENDING))) == waits
    assert A_READ_WAITS.judge(shard(T2, read(ReadStatus.PENDING), mark=2)) == waits
    assert A_READ_WAITS.judge(shard(T2, read(ReadStatus.SERVED))) is None


def test_a_read_waits_for_a_write_when_it_is_pending_at_or_below_the_mark() -> None:
    waits = Evidence("shard: the read of x by T2 waits for an earlier write")
    pending = read(ReadStatus.PENDING)
    assert A_READ_WAITS_FOR_A_WRITE.judge(shard(T2, pending, mark=2)) == waits
    assert A_READ_WAITS_FOR_A_WRITE.judge(shard(T2, pending, mark=1)) is None


def test_a_lazy_read_is_served_when_it_is_answered() -> None:
    answer = KVSRead(T1, X, SEEN)
    lazy, eager = (read(ReadStatus.PENDING, kind) for kind in (ReadKind.LAZY, ReadKind.EAGER))
    judge = A_LAZY_READ_IS_SERVED.judge
    assert judge(reaction(shard(T1, lazy), "any", answer)) == Evidence("T1 reads x, which is lazy")
    assert judge(reaction(shard(T1, eager), "any", answer)) is None
    assert judge(reaction(shard(), "any", answer)) is None
    assert judge(reaction(shard(T1, lazy), "any")) is None


def test_a_may_write_is_released_when_the_shard_takes_that_there_is_none() -> None:
    release = KVSWrite(T1, X, None)
    may, will = (shard(T1, write(kind)) for kind in (WriteKind.MAY, WriteKind.WILL))
    over = shard(T1, write(WriteKind.MAY, WriteStatus.RELEASED))
    judge = A_MAY_WRITE_IS_RELEASED.judge
    assert judge(reaction(may, release)) == Evidence("T1 may have written x, and does not")
    assert judge(reaction(may, evolve(release, datum=KVSDatum(1)))) is None
    others = (reaction(will, release), reaction(over, release), reaction(may, "any"))
    assert [judge(each) for each in others] == [None, None, None]
    assert judge(reaction(executor(T1), release)) is None


def test_a_transaction_fails_when_its_summary_says_so() -> None:
    failure = Failure(FailureKind.DIVISION_BY_ZERO)
    failed, fine = (
        ExecutorFinished(T1, ExecutionSummary(each, pmap())) for each in (failure, None)
    )
    judge = A_TRANSACTION_FAILS.judge
    assert judge(reaction(executor(T1), "any", failed)) == Evidence("T1 fails: division-by-zero")
    assert judge(reaction(executor(T1), "any", fine)) is None


@pytest.mark.parametrize("discipline", DISCIPLINES)
def test_a_request_or_write_overtakes_its_lock_when_the_shard_has_no_marker_yet(
    discipline: AnyDiscipline,
) -> None:
    def found(engine: Engine, body: Any) -> Evidence | None:
        message = Message(EXECUTOR, engine.identity.external, DEFAULT_MAILBOX, body)
        state = initial_state(discipline, (engine,), (message,))
        return SOMETHING_OVERTAKES_ITS_LOCK.judge(state)

    request, resolution = KVSReadRequest(T1, X, actual=True), KVSWrite(T1, X, None)
    assert found(shard(), request) == Evidence(
        "a KVSReadRequest of T1 for x is at shard before its lock"
    )
    assert found(shard(), resolution) == Evidence(
        "a KVSWrite of T1 for x is at shard before its lock"
    )
    assert found(shard(T1, read(ReadStatus.UNASKED)), request) is None
    assert found(shard(mark=1), resolution) is None
    assert found(shard(), UpdateSeenAll(T1)) is None
    assert found(executor(T1), request) is None


def test_a_message_for_nobody_overtakes_nothing() -> None:
    message = Message(EXECUTOR, SHARD, DEFAULT_MAILBOX, KVSWrite(T1, X, None))
    assert SOMETHING_OVERTAKES_ITS_LOCK.judge(initial_state(Unordered, (), (message,))) is None
