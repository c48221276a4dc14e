"""What has become of everything at rest: what is in order, and what is found."""

import pytest
from pyrsistent import pmap, pset

from properties.anoma.rest import EVERYTHING_FINISHED, NOTHING_PENDING, sequential_store
from properties.property import Evidence
from spec.anoma.client.environment import ClientState
from spec.anoma.executor.environment import Idle
from spec.anoma.executor.messages import ExecutionSummary
from spec.anoma.keyvalue import KVSDatum, KVSKey, TxFingerprint
from spec.anoma.label import LabelFault, TransactionCandidate, TransactionLabel
from spec.anoma.pool.environment import PoolState
from spec.anoma.program import Program
from spec.anoma.shard.environment import ShardState
from spec.anoma.shard.timeline import (
    Entry,
    ReadKind,
    ReadMarker,
    ReadStatus,
    Timeline,
    WriteKind,
    WriteMarker,
    WriteStatus,
    new_timeline,
)
from spec.anoma.worker.environment import WorkerState
from spec.anoma.worker.messages import RequestNumber, TransactionRequest
from spec.formalism.delivery import SetDelivery, Unordered
from spec.formalism.engine import Engine
from spec.formalism.environment import FINISHED, Environment
from spec.formalism.identity import identity_of, on_local_node
from spec.formalism.message import DEFAULT_MAILBOX, Message
from spec.formalism.state import GlobalState, initial_state

X, Y = KVSKey("x"), KVSKey("y")
T1, T2 = TxFingerprint(1), TxFingerprint(2)
ONE = RequestNumber(1)
EXECUTOR = on_local_node("executor.1")
REQUEST = TransactionRequest(
    RequestNumber(2), TransactionCandidate(TransactionLabel(), Program(()))
)
DONE = ExecutionSummary(None, pmap(), pmap({X: KVSDatum(5)}))
MESSAGE = Message(EXECUTOR, on_local_node("client"), DEFAULT_MAILBOX, "any")


def engine(name: str, local: object, family: str = "any") -> Engine:
    return Engine(identity_of(on_local_node(name)), family, None, Environment(local))


def state(*engines: Engine) -> GlobalState:
    return initial_state(Unordered, engines)


def shard(**timelines: Timeline) -> Engine:
    return engine("shard", ShardState(pmap({KVSKey(key): timelines[key] for key in timelines})))


def worker(last: int, *finished: TxFingerprint) -> Engine:
    summaries = pmap(dict.fromkeys(finished, DONE))
    return engine("worker", WorkerState(TxFingerprint(last), summaries=summaries))


def test_everything_has_finished_when_all_summaries_are_there() -> None:
    client = ClientState((), pmap({ONE: T1}), pmap({T1: DONE}))
    refused = ClientState((), pmap({ONE: LabelFault.READS_OVERLAP}))
    assert (
        EVERYTHING_FINISHED.judge(
            state(
                engine("client", client),
                engine("refused", refused),
                worker(1, T1),
                engine("executor.1", FINISHED, "executor"),
                engine("pool", PoolState(pmap({T1: EXECUTOR}))),
                shard(x=new_timeline(KVSDatum(0))),
            )
        )
        is None
    )


@pytest.mark.parametrize(
    ("unfinished", "said"),
    [
        (worker(2, T1), "worker has no summary of T2"),
        (worker(2), "worker has no summary of T1"),
        (engine("executor.1", Idle(), "executor"), "executor.1 has not finished"),
        (engine("client", ClientState((REQUEST,))), "client has not sent its request 2"),
        (engine("client", ClientState()), "client has no answer to its request"),
        (engine("client", ClientState((), pmap({ONE: T1}))), "client has no summary of T1"),
        (engine("pool", PoolState(busy=pset([T2, T1]))), "pool waits for the end of T1"),
    ],
)
def test_an_engine_that_does_not_know_the_end_is_found(unfinished: Engine, said: str) -> None:
    assert EVERYTHING_FINISHED.judge(state(unfinished)) == Evidence(said)


def write(status: WriteStatus, datum: int | None = None) -> Entry:
    value = None if datum is None else KVSDatum(datum)
    return Entry(write=WriteMarker(WriteKind.WILL, status, value))


def read(status: ReadStatus) -> Entry:
    return Entry(read=ReadMarker(ReadKind.LAZY, status, EXECUTOR))


def test_nothing_is_pending_when_all_is_resolved() -> None:
    resolved: Timeline = pmap({T1: write(WriteStatus.RELEASED), T2: read(ReadStatus.SERVED)})
    assert NOTHING_PENDING.judge(state(shard(x=resolved), worker(1))) is None


@pytest.mark.parametrize(
    ("entry", "what"),
    [
        (write(WriteStatus.PENDING), "write"),
        (read(ReadStatus.PENDING), "read"),
        (read(ReadStatus.UNASKED), "read"),
    ],
)
def test_a_marker_that_is_not_resolved_is_found(entry: Entry, what: str) -> None:
    assert NOTHING_PENDING.judge(state(shard(x=pmap({T1: entry})))) == Evidence(
        f"shard: the {what} by T1 of x is pending or unasked"
    )


def test_a_message_that_waits_is_found_except_in_a_set() -> None:
    assert NOTHING_PENDING.judge(initial_state(Unordered, (), (MESSAGE,))) == Evidence(
        "a message waits for client"
    )
    assert NOTHING_PENDING.judge(initial_state(SetDelivery, (), (MESSAGE,))) is None


def test_the_store_is_what_summaries_leave_in_timestamp_order() -> None:
    property_ = sequential_store(pmap({X: KVSDatum(1), Y: KVSDatum(2)}))
    later = ExecutionSummary(None, pmap(), pmap({X: KVSDatum(6)}))
    known = engine("worker", WorkerState(T2, summaries=pmap({T2: later, T1: DONE})))
    written = new_timeline(KVSDatum(1)).set(T2, write(WriteStatus.WRITTEN, 6))
    kept = new_timeline(KVSDatum(2)).set(T1, write(WriteStatus.RELEASED))
    assert property_.judge(state(known, shard(x=written, y=kept))) is None
    assert property_.judge(state(known, shard(x=kept, y=kept))) == Evidence(
        "the store is another one than after the sequential run",
        ("one at a time: x = 6, y = 2", "here: x = 2, y = 2"),
    )


def test_a_key_without_a_timeline_holds_nought() -> None:
    property_ = sequential_store(pmap())
    assert property_.judge(state(shard(x=new_timeline(KVSDatum(0))))) is None
    assert sequential_store(pmap({X: KVSDatum(0)})).judge(state()) is None
    found = property_.judge(state(shard(x=new_timeline(KVSDatum(3)))))
    assert found is not None
    assert found.details == ("one at a time: empty", "here: x = 3")
