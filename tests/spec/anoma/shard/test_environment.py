"""What a shard knows: its marks, its locks, and how far each has got."""

from pyrsistent import pmap

from spec.anoma.keyvalue import GENESIS, KVSDatum, KVSKey, TxFingerprint
from spec.anoma.label import TransactionLabel
from spec.anoma.shard.configuration import ShardConfiguration
from spec.anoma.shard.environment import (
    ShardState,
    entry_at,
    has_lock,
    heard_all,
    is_repeated_lock,
    pending,
    read_status,
    timeline_of,
    with_entry,
    with_read,
    with_write,
    write_status,
)
from spec.anoma.shard.messages import KVSAcquireLock, KVSReadRequest, KVSWrite
from spec.anoma.shard.timeline import (
    Entry,
    ReadKind,
    ReadMarker,
    ReadStatus,
    WriteKind,
    WriteMarker,
    WriteStatus,
    new_timeline,
)
from spec.formalism.identity import on_local_node

WORKER, SECOND = on_local_node("worker"), on_local_node("worker.2")
EXECUTOR = on_local_node("executor.2")
A, B = KVSKey("a"), KVSKey("b")
T1, T2, T3 = (TxFingerprint(number) for number in (1, 2, 3))
FIVE = KVSDatum(5)
ASKED = ReadMarker(ReadKind.EAGER, ReadStatus.PENDING, EXECUTOR)
WILL = WriteMarker(WriteKind.WILL, WriteStatus.PENDING)
NOTHING = ShardState()
LOCKED = with_entry(NOTHING, A, T2, Entry(ASKED, WILL))


def test_a_key_without_a_timeline_holds_zero_since_genesis() -> None:
    assert timeline_of(NOTHING, A) == new_timeline(KVSDatum(0))


def test_an_entry_is_added_to_the_genesis_value_of_its_key() -> None:
    timeline = new_timeline(KVSDatum(0)).set(T2, Entry(ASKED, WILL))
    assert ShardState(pmap({A: timeline})) == LOCKED


def test_a_transaction_without_a_lock_on_a_key_has_an_empty_entry_there() -> None:
    assert entry_at(LOCKED, A, T2) == Entry(ASKED, WILL)
    assert entry_at(LOCKED, A, T1) == Entry()
    assert entry_at(LOCKED, B, T2) == Entry()


def test_a_shard_knows_a_transaction_by_a_lock_on_any_key() -> None:
    assert has_lock(with_entry(LOCKED, B, T3, Entry(write=WILL)), T2)
    assert not has_lock(LOCKED, T1)


def test_the_mark_is_genesis_until_every_worker_has_sent_one() -> None:
    both = ShardConfiguration((WORKER, SECOND))
    assert heard_all(both, ShardState(heard=pmap({WORKER: T3}))) == GENESIS
    assert heard_all(ShardConfiguration(()), NOTHING) == GENESIS


def test_the_mark_is_the_lowest_of_all_workers_and_of_no_stranger() -> None:
    both = ShardConfiguration((WORKER, SECOND))
    heard = pmap({WORKER: T3, SECOND: T2, EXECUTOR: T1})
    assert heard_all(both, ShardState(heard=heard)) == T2


def test_a_lock_is_a_repeat_if_its_markers_stand_or_its_timestamp_is_at_or_below_the_mark() -> None:
    alone = ShardConfiguration((WORKER,))
    lock = KVSAcquireLock(T2, TransactionLabel(frozenset({A})), EXECUTOR)
    assert is_repeated_lock(alone, LOCKED, lock)
    assert is_repeated_lock(alone, ShardState(heard=pmap({WORKER: T2})), lock)
    assert not is_repeated_lock(alone, ShardState(heard=pmap({WORKER: T1})), lock)


def test_the_status_of_a_read_or_write_is_that_of_its_marker() -> None:
    assert read_status(LOCKED, KVSReadRequest(T2, A, actual=True)) is ReadStatus.PENDING
    assert read_status(LOCKED, KVSReadRequest(T1, A, actual=True)) is None
    assert write_status(LOCKED, KVSWrite(T2, A, FIVE)) is WriteStatus.PENDING
    assert write_status(LOCKED, KVSWrite(T1, A, FIVE)) is None


def test_a_read_gets_on_and_the_write_of_the_same_entry_stays() -> None:
    served = ReadMarker(ReadKind.EAGER, ReadStatus.SERVED, EXECUTOR)
    after = with_entry(NOTHING, A, T2, Entry(served, WILL))
    assert with_read(LOCKED, A, T2, ReadStatus.SERVED) == after


def test_a_write_gets_its_value_and_the_read_of_the_same_entry_stays() -> None:
    written = WriteMarker(WriteKind.WILL, WriteStatus.WRITTEN, FIVE)
    after = with_entry(NOTHING, A, T2, Entry(ASKED, written))
    assert with_write(LOCKED, KVSWrite(T2, A, FIVE)) == after


def test_a_write_without_a_value_is_released() -> None:
    released = WriteMarker(WriteKind.WILL, WriteStatus.RELEASED)
    after = with_entry(NOTHING, A, T2, Entry(ASKED, released))
    assert with_write(LOCKED, KVSWrite(T2, A, None)) == after


def test_a_transaction_without_a_marker_gets_none() -> None:
    only_read = with_entry(NOTHING, A, T2, Entry(read=ASKED))
    only_write = with_entry(NOTHING, A, T2, Entry(write=WILL))
    assert with_write(only_read, KVSWrite(T2, A, FIVE)) == only_read
    assert with_read(only_write, A, T2, ReadStatus.SERVED) == only_write


def test_pending_reads_are_those_at_or_below_the_mark_by_key_and_timestamp() -> None:
    state = with_entry(with_entry(NOTHING, B, T1, Entry(read=ASKED)), B, T3, Entry(read=ASKED))
    state = with_entry(state, A, T2, Entry(read=ASKED))
    assert pending(state, T2) == ((A, T2, EXECUTOR), (B, T1, EXECUTOR))
