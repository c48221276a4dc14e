"""What shards do with locks, reads and values."""

from pyrsistent import PSet, pset

from properties.monitor import monitor, sent
from properties.property import Evidence, Kind, Reacted, ReactionProperty
from spec.anoma.keyvalue import KVSKey, TxFingerprint
from spec.anoma.shard.behaviour import AcquireLock, AnswerReads, ResolveWrite
from spec.anoma.shard.environment import ShardState
from spec.anoma.shard.messages import KVSLockAcquired, KVSRead
from spec.anoma.shard.timeline import Timeline, WriteMarker, WriteStatus
from spec.formalism.event import Record
from spec.formalism.identity import EngineId


def changed_value(reacted: Reacted) -> Evidence | None:
    """A write that was resolved and is resolved otherwise after the step, if there is one."""
    local = reacted.states(ShardState)
    if local is None:
        return None
    before, after = local
    for key in sorted(before.timelines):
        old, new = before.timelines[key], after.timelines.get(key)
        changed = None if new is None or new is old else _changed_write(old, new)
        if changed is not None:
            return Evidence(f"{reacted.before.identity.external}: {key} at {changed}")
    return None


def _changed_write(old: Timeline, new: Timeline) -> str | None:
    """The first resolved write that is there still and has changed, in words."""
    for at in sorted(old):
        was, now = old[at].write, new[at].write if at in new else None
        resolved = was is not None and was.status is not WriteStatus.PENDING
        if resolved and at in new and now != was:
            return f"version {at} was {_in_words(was)} and is {_in_words(now)}"
    return None


def _in_words(marker: WriteMarker | None) -> str:
    if marker is None:
        return "not there"
    return marker.status.value if marker.datum is None else f"{marker.datum}"


VALUES_NEVER_CHANGE = ReactionProperty(
    "a value once written never changes", ResolveWrite.id, Kind.ALWAYS, changed_value
)
"""Nor does a released write become another one: the first resolution is final."""

Answered = PSet[tuple[TxFingerprint, KVSKey]]
"""The reads that have been answered."""

NO_ANSWERS: Answered = pset()
"""Before the first read."""


def with_answers(answered: Answered, record: Record) -> Answered:
    """The reads that have been answered after a step."""
    for read in sent(record, KVSRead):
        answered = answered.add((read.body.fingerprint, read.body.key))
    return answered


def repeated_answer(answered: Answered, record: Record) -> Evidence | None:
    """A read answered in the step that had been answered before, if there is one."""
    for read in sent(record, KVSRead):
        if (read.body.fingerprint, read.body.key) in answered:
            return Evidence(
                f"the read of {read.body.key} by T{read.body.fingerprint} is answered again"
            )
        answered = answered.add((read.body.fingerprint, read.body.key))
    return None


READS_ARE_ANSWERED_ONCE = monitor(
    "each read is answered once", AnswerReads.id, NO_ANSWERS, with_answers, repeated_answer
)
"""Sends count, not receipts."""

Acknowledged = PSet[tuple[TxFingerprint, EngineId]]
"""The transactions whose locks have been acknowledged, with the shard that did so."""

NO_LOCKS: Acknowledged = pset()
"""Before the first lock."""


def with_locks(acknowledged: Acknowledged, record: Record) -> Acknowledged:
    """The locks that have been acknowledged after a step."""
    for lock in sent(record, KVSLockAcquired):
        acknowledged = acknowledged.add((lock.body.fingerprint, lock.sender))
    return acknowledged


def repeated_lock(acknowledged: Acknowledged, record: Record) -> Evidence | None:
    """A lock acknowledged in the step that had been acknowledged before, if there is one."""
    for lock in sent(record, KVSLockAcquired):
        if (lock.body.fingerprint, lock.sender) in acknowledged:
            return Evidence(
                f"{lock.sender} acknowledges the lock of T{lock.body.fingerprint} again"
            )
        acknowledged = acknowledged.add((lock.body.fingerprint, lock.sender))
    return None


LOCKS_ARE_ACKNOWLEDGED_ONCE = monitor(
    "each lock is acknowledged once", AcquireLock.id, NO_LOCKS, with_locks, repeated_lock
)
"""Sends count, not receipts."""
