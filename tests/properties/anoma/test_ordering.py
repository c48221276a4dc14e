"""What workers announce: what is in order, and what is found."""

from typing import Any

from attrs import evolve
from pyrsistent import pmap, pset

from properties.anoma.ordering import (
    FINGERPRINTS_ARE_DENSE,
    MARKS_ARE_SOUND,
    Announced,
    Lock,
    fallen_mark,
)
from properties.monitor import Watched
from properties.property import Evidence, MonitorProperty, Reacted
from spec.anoma.keyvalue import TxFingerprint
from spec.anoma.label import TransactionLabel
from spec.anoma.shard.environment import ShardState
from spec.anoma.shard.messages import KVSAcquireLock, UpdateSeenAll
from spec.anoma.worker.environment import WorkerState
from spec.anoma.worker.messages import RequestNumber, TransactionAck
from spec.formalism.engine import Engine
from spec.formalism.environment import FINISHED, Environment
from spec.formalism.event import Deliver, Record
from spec.formalism.identity import EngineId, identity_of, on_local_node
from spec.formalism.message import DEFAULT_MAILBOX, Message

WORKER, OTHER, SHARD, FAR, EXECUTOR, CLIENT = (
    on_local_node(name) for name in ("worker", "other", "shard", "far", "executor.1", "client")
)
NOTICE = Deliver(Message(CLIENT, WORKER, DEFAULT_MAILBOX, "any"))


def sending(*sent: tuple[EngineId, EngineId, Any]) -> Record:
    """A step in which these are sent."""
    messages = (Message(sender, to, DEFAULT_MAILBOX, body) for sender, to, body in sent)
    return Record(NOTICE, sent=tuple(messages))


def taking(sender: EngineId, to: EngineId, body: Any) -> Record:
    """A step in which this is taken."""
    message = Message(sender, to, DEFAULT_MAILBOX, body)
    return Record(Deliver(message), consumed=message)


def after(property_: MonitorProperty, *records: Record) -> Evidence | None:
    """What is found after these steps."""
    memory = property_.start
    for record in records:
        memory = property_.observe(memory, record)
    finding: Evidence | None = property_.judge(memory)
    return finding


def ack(at: int, worker: EngineId = WORKER) -> tuple[EngineId, EngineId, Any]:
    return (worker, CLIENT, TransactionAck(RequestNumber(1), TxFingerprint(at)))


def lock(at: int) -> KVSAcquireLock:
    return KVSAcquireLock(TxFingerprint(at), TransactionLabel(), EXECUTOR)


def mark(at: int, worker: EngineId = WORKER) -> tuple[EngineId, EngineId, Any]:
    return (worker, SHARD, UpdateSeenAll(TxFingerprint(at)))


def test_fingerprints_one_after_the_other_are_in_order_for_each_worker() -> None:
    acks = (sending(ack(1)), sending(ack(2), ack(3)), sending(ack(1, OTHER)), sending(ack(4)))
    assert after(FINGERPRINTS_ARE_DENSE, *acks) is None


def test_a_fingerprint_given_twice_or_left_out_is_found() -> None:
    twice, skipped = (sending(ack(1)), sending(ack(1))), (sending(ack(1), ack(3)),)
    assert after(FINGERPRINTS_ARE_DENSE, *twice) == Evidence(
        "the fingerprint 1 was given away, 2 was next"
    )
    assert after(FINGERPRINTS_ARE_DENSE, *skipped) == Evidence(
        "the fingerprint 3 was given away, 2 was next"
    )


def test_a_mark_above_locks_that_have_arrived_is_sound() -> None:
    locks = sending((WORKER, SHARD, lock(1)), (WORKER, FAR, lock(1)), (WORKER, SHARD, lock(2)))
    arrived = (taking(WORKER, SHARD, lock(1)), taking(WORKER, FAR, lock(1)))
    assert after(MARKS_ARE_SOUND, locks, *arrived, sending(mark(1))) is None


def test_a_mark_above_a_lock_that_has_not_arrived_is_found() -> None:
    locks = sending((WORKER, SHARD, lock(1)), (WORKER, FAR, lock(1)))
    said = "worker has announced the mark 1, but the lock of T1 has not reached far"
    assert after(
        MARKS_ARE_SOUND, locks, taking(WORKER, SHARD, lock(1)), sending(mark(1))
    ) == Evidence(said)


def test_a_lock_at_or_below_the_announced_mark_is_found() -> None:
    assert after(MARKS_ARE_SOUND, sending(mark(2)), sending((WORKER, SHARD, lock(2)))) == Evidence(
        "worker has announced the mark 2, but the lock of T2 has not reached shard"
    )
    assert after(MARKS_ARE_SOUND, sending(mark(2)), sending((WORKER, SHARD, lock(3)))) is None
    assert after(MARKS_ARE_SOUND, sending(mark(2)), sending((OTHER, SHARD, lock(2)))) is None


def test_locks_under_way_and_the_highest_marks_are_remembered() -> None:
    memory = MARKS_ARE_SOUND.start
    for record in (sending((WORKER, SHARD, lock(3))), sending(mark(2)), sending(mark(1))):
        memory = MARKS_ARE_SOUND.observe(memory, record)
    known = Announced(
        pset([Lock(TxFingerprint(3), WORKER, SHARD)]), pmap({WORKER: TxFingerprint(2)})
    )
    assert memory == Watched(known)
    assert MARKS_ARE_SOUND.observe(memory, sending(ack(1))) is memory


def engine(local: object) -> Engine:
    return Engine(identity_of(SHARD), "any", None, Environment(local))


def between(before: object, later: object) -> Evidence | None:
    return fallen_mark(Reacted(engine(before), sending(), engine(later)))


def test_the_mark_of_a_worker_that_falls_is_found() -> None:
    one, two = WorkerState(TxFingerprint(1)), WorkerState(TxFingerprint(2))
    assert [between(one, two), between(two, two)] == [None, None]
    assert between(two, one) == Evidence("the mark of shard fell from 2 to 1")


def test_a_mark_heard_by_a_shard_that_falls_is_found() -> None:
    one = ShardState(heard=pmap({WORKER: TxFingerprint(1)}))
    two = evolve(one, heard=one.heard.set(WORKER, TxFingerprint(2)))
    fell = "the mark that shard heard from worker fell from 2 to"
    assert between(one, two) is None
    assert between(two, evolve(two, timelines=pmap())) is None
    assert between(two, evolve(two, heard=two.heard.set(OTHER, TxFingerprint(1)))) is None
    assert between(two, one) == Evidence(f"{fell} 1")
    assert between(two, ShardState()) == Evidence(f"{fell} 0")


def test_engines_without_marks_are_not_judged() -> None:
    assert between("any", "other") is None


def test_an_engine_that_finishes_lets_no_mark_fall() -> None:
    heard = ShardState(heard=pmap({WORKER: TxFingerprint(1)}))
    assert between(WorkerState(TxFingerprint(1)), FINISHED) is None
    assert between(heard, FINISHED) is None
