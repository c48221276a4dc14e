"""What a shard remembers."""

from attrs import evolve, frozen
from pyrsistent import PMap, pmap

from spec.anoma.keyvalue import GENESIS, KVSDatum, KVSKey, TxFingerprint
from spec.anoma.shard.configuration import ShardConfiguration
from spec.anoma.shard.messages import KVSAcquireLock, KVSReadRequest, KVSWrite
from spec.anoma.shard.timeline import (
    Entry,
    ReadStatus,
    Timeline,
    WriteStatus,
    new_timeline,
    pending_reads,
)
from spec.formalism.environment import Environment
from spec.formalism.identity import EngineId

GENESIS_DATUM = KVSDatum(0)
"""The value at GENESIS of keys for which no other is given: the store is total."""


@frozen
class ShardState:
    """The local state of a shard."""

    timelines: PMap[KVSKey, Timeline] = pmap()
    """The timelines of its keys; a key without one holds GENESIS_DATUM and has no entries."""
    heard: PMap[EngineId, TxFingerprint] = pmap()
    """The highest mark heard from each worker; GENESIS from those that do not stand here."""


ShardEnv = Environment[ShardState]
"""The environment of a shard."""


def timeline_of(state: ShardState, key: KVSKey) -> Timeline:
    """The timeline of a key."""
    return state.timelines.get(key) or new_timeline(GENESIS_DATUM)


def entry_at(state: ShardState, key: KVSKey, fingerprint: TxFingerprint) -> Entry:
    """What a transaction does to a key; an empty entry if the shard knows of nothing."""
    return timeline_of(state, key).get(fingerprint, Entry())


def with_entry(
    state: ShardState, key: KVSKey, fingerprint: TxFingerprint, entry: Entry
) -> ShardState:
    """The state in which a transaction does this to a key."""
    timeline = timeline_of(state, key).set(fingerprint, entry)
    return evolve(state, timelines=state.timelines.set(key, timeline))


def heard_all(configuration: ShardConfiguration, state: ShardState) -> TxFingerprint:
    """The mark up to which every worker's locks have arrived: the lowest one heard."""
    return min(
        (state.heard.get(worker, GENESIS) for worker in configuration.workers), default=GENESIS
    )


def has_lock(state: ShardState, fingerprint: TxFingerprint) -> bool:
    """Whether the transaction has a lock on any key of the shard."""
    return any(fingerprint in timeline for timeline in state.timelines.values())


def is_repeated_lock(
    configuration: ShardConfiguration, state: ShardState, lock: KVSAcquireLock
) -> bool:
    """Whether a lock is a repeat: its markers stand, or stood once."""
    return has_lock(state, lock.fingerprint) or lock.fingerprint <= heard_all(configuration, state)


def read_status(state: ShardState, request: KVSReadRequest) -> ReadStatus | None:
    """How far the read of a request has got; nothing if the shard has no marker of it."""
    read = entry_at(state, request.key, request.fingerprint).read
    return read.status if read else None


def write_status(state: ShardState, write: KVSWrite) -> WriteStatus | None:
    """How far the write of a message has got; nothing if the shard has no marker of it."""
    marker = entry_at(state, write.key, write.fingerprint).write
    return marker.status if marker else None


def with_read(
    state: ShardState, key: KVSKey, fingerprint: TxFingerprint, status: ReadStatus
) -> ShardState:
    """The state in which a transaction's read of a key, if it has one, has got this far."""
    entry = entry_at(state, key, fingerprint)
    read = evolve(entry.read, status=status) if entry.read else None
    return with_entry(state, key, fingerprint, evolve(entry, read=read))


def with_write(state: ShardState, write: KVSWrite) -> ShardState:
    """The state in which a transaction's write of a key, if it has one, is resolved."""
    entry = entry_at(state, write.key, write.fingerprint)
    status = WriteStatus.RELEASED if write.datum is None else WriteStatus.WRITTEN
    marker = evolve(entry.write, status=status, datum=write.datum) if entry.write else None
    return with_entry(state, write.key, write.fingerprint, evolve(entry, write=marker))


def pending(
    state: ShardState, seen_all: TxFingerprint
) -> tuple[tuple[KVSKey, TxFingerprint, EngineId], ...]:
    """The reads at or below the mark whose executors wait, in the order of keys and timestamps."""
    return tuple(
        (key, at, executor)
        for key in sorted(state.timelines)
        for at, executor in pending_reads(state.timelines[key])
        if at <= seen_all
    )
