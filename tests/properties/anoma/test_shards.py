"""What shards do with locks, reads and values."""

from typing import Any

from pyrsistent import pmap

from properties.anoma.shards import (
    LOCKS_ARE_ACKNOWLEDGED_ONCE,
    READS_ARE_ANSWERED_ONCE,
    VALUES_NEVER_CHANGE,
)
from properties.property import Evidence, MonitorProperty, Reacted
from spec.anoma.keyvalue import KVSDatum, KVSKey, Observation, TxFingerprint
from spec.anoma.shard.environment import ShardState
from spec.anoma.shard.messages import KVSLockAcquired, KVSRead
from spec.anoma.shard.timeline import (
    Entry,
    ReadKind,
    ReadMarker,
    ReadStatus,
    Timeline,
    WriteKind,
    WriteMarker,
    WriteStatus,
)
from spec.formalism.engine import Engine
from spec.formalism.environment import Environment
from spec.formalism.event import Deliver, Record
from spec.formalism.identity import identity_of, on_local_node
from spec.formalism.message import DEFAULT_MAILBOX, Message

SHARD, FAR, EXECUTOR = (on_local_node(name) for name in ("shard", "far", "executor.1"))
X, Y = KVSKey("x"), KVSKey("y")
T1, T2 = TxFingerprint(1), TxFingerprint(2)
NOTICE = Deliver(Message(EXECUTOR, SHARD, DEFAULT_MAILBOX, "any"))


def record(*bodies: Any, sender: Any = SHARD) -> Record:
    """A step in which a shard sends these."""
    sent = tuple(Message(sender, EXECUTOR, DEFAULT_MAILBOX, body) for body in bodies)
    return Record(NOTICE, sent=sent)


def after(property_: MonitorProperty, *records: Record) -> Evidence | None:
    """What is found after these steps."""
    memory = property_.start
    for each in records:
        memory = property_.observe(memory, each)
    finding: Evidence | None = property_.judge(memory)
    return finding


def between(before: object, later: object) -> Evidence | None:
    """What is found when a shard goes from one state to another."""
    one, two = (
        Engine(identity_of(SHARD), "shard", None, Environment(local)) for local in (before, later)
    )
    return VALUES_NEVER_CHANGE.judge(Reacted(one, record(), two))


def holding(timeline: Timeline, key: KVSKey = X) -> ShardState:
    return ShardState(pmap({key: timeline}))


def written(datum: int) -> Entry:
    return Entry(write=WriteMarker(WriteKind.WILL, WriteStatus.WRITTEN, KVSDatum(datum)))


PENDING = Entry(write=WriteMarker(WriteKind.MAY, WriteStatus.PENDING))
RELEASED = Entry(write=WriteMarker(WriteKind.MAY, WriteStatus.RELEASED))
READ = Entry(read=ReadMarker(ReadKind.EAGER, ReadStatus.PENDING, EXECUTOR))


def test_writes_may_be_resolved_and_forgotten() -> None:
    before = pmap({T1: PENDING, T2: written(5)})
    assert between(holding(before), holding(before.set(T1, written(4)))) is None
    assert between(holding(before), holding(before.set(T1, RELEASED))) is None
    assert between(holding(before), holding(before.remove(T2))) is None
    assert between(holding(before), ShardState()) is None
    assert between(holding(pmap({T1: READ})), holding(pmap({T1: written(1)}))) is None


def test_a_written_value_that_changes_is_found() -> None:
    before = holding(pmap({T1: PENDING, T2: written(5)}))

    def into(entry: Entry) -> Evidence | None:
        return between(before, holding(pmap({T1: PENDING, T2: entry})))

    assert into(written(6)) == Evidence("shard: x at version 2 was 5 and is 6")
    assert into(RELEASED) == Evidence("shard: x at version 2 was 5 and is released")
    assert into(PENDING) == Evidence("shard: x at version 2 was 5 and is pending")
    assert into(Entry()) == Evidence("shard: x at version 2 was 5 and is not there")


def test_a_released_write_that_is_written_after_all_is_found() -> None:
    before, later = holding(pmap({T1: RELEASED})), holding(pmap({T1: written(5)}))
    assert between(before, later) == Evidence("shard: x at version 1 was released and is 5")


def test_other_engines_hold_no_values() -> None:
    assert between("any", "other") is None
    assert between(holding(pmap()), "other") is None


def read(at: TxFingerprint, key: KVSKey) -> KVSRead:
    return KVSRead(at, key, Observation(KVSDatum(0), TxFingerprint(0)))


def test_one_answer_to_each_read_is_in_order() -> None:
    answers = (record(read(T1, X), read(T1, Y)), record(read(T2, X)), record("any"))
    assert after(READS_ARE_ANSWERED_ONCE, *answers) is None


def test_a_second_answer_to_a_read_is_found() -> None:
    said = Evidence("the read of x by T1 is answered again")
    assert after(READS_ARE_ANSWERED_ONCE, record(read(T1, X)), record(read(T1, X))) == said
    assert after(READS_ARE_ANSWERED_ONCE, record(read(T1, X), read(T1, X))) == said


def test_one_acknowledgement_from_each_shard_is_in_order() -> None:
    locks = (
        record(KVSLockAcquired(T1)),
        record(KVSLockAcquired(T1), sender=FAR),
        record(KVSLockAcquired(T2)),
    )
    assert after(LOCKS_ARE_ACKNOWLEDGED_ONCE, *locks) is None


def test_a_second_acknowledgement_of_a_lock_is_found() -> None:
    said = Evidence("shard acknowledges the lock of T1 again")
    lock = KVSLockAcquired(T1)
    assert after(LOCKS_ARE_ACKNOWLEDGED_ONCE, record(lock), record(lock)) == said
    assert after(LOCKS_ARE_ACKNOWLEDGED_ONCE, record(lock, lock)) == said
