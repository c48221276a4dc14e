"""What a worker announces: fingerprints one after the other, and marks that are true."""

from attrs import frozen
from pyrsistent import PMap, PSet, pmap, pset

from properties.monitor import consumed, monitor, sent
from properties.property import Evidence, Kind, Reacted, ReactionProperty
from spec.anoma.keyvalue import GENESIS, TxFingerprint
from spec.anoma.shard.behaviour import UpdateMark
from spec.anoma.shard.environment import ShardState
from spec.anoma.shard.messages import KVSAcquireLock, UpdateSeenAll
from spec.anoma.worker.behaviour import OrderTransaction, RaiseMark
from spec.anoma.worker.environment import WorkerState, mark
from spec.anoma.worker.messages import TransactionAck
from spec.formalism.event import Record
from spec.formalism.identity import EngineId

Marks = PMap[EngineId, TxFingerprint]
"""A fingerprint of each worker."""

NO_MARKS: Marks = pmap()
"""Before the first transaction."""


def with_acks(last: Marks, record: Record) -> Marks:
    """The last fingerprint that each worker has given away after a step."""
    for ack in sent(record, TransactionAck):
        last = last.set(ack.sender, ack.body.fingerprint)
    return last


def skipped_fingerprint(last: Marks, record: Record) -> Evidence | None:
    """A fingerprint given away in the step that is not the next one, if there is one."""
    for ack in sent(record, TransactionAck):
        due = last.get(ack.sender, GENESIS) + 1
        if ack.body.fingerprint != due:
            return Evidence(
                f"the fingerprint {ack.body.fingerprint} was given away, {due} was next"
            )
        last = last.set(ack.sender, ack.body.fingerprint)
    return None


FINGERPRINTS_ARE_DENSE = monitor(
    "fingerprints are unique and dense",
    OrderTransaction.id,
    NO_MARKS,
    with_acks,
    skipped_fingerprint,
)
"""They are 1, 2, 3 and so on, in the order in which requests are taken."""


@frozen(order=True, cache_hash=True)
class Lock:
    """A lock that a worker has asked a shard for."""

    fingerprint: TxFingerprint
    """The transaction's timestamp."""
    worker: EngineId
    """Who asked."""
    shard: EngineId
    """Who was asked."""


@frozen(cache_hash=True)
class Announced:
    """What workers have announced."""

    under_way: PSet[Lock] = pset()
    """The locks that have not reached their shards."""
    marks: Marks = NO_MARKS
    """The highest mark that each worker has announced."""


def with_announcements(known: Announced, record: Record) -> Announced:
    """What workers have announced after a step."""
    under_way, marks = known.under_way, known.marks
    for new in sent(record, KVSAcquireLock):
        under_way = under_way.add(Lock(new.body.fingerprint, new.sender, new.target))
    arrived = consumed(record, KVSAcquireLock)
    if arrived is not None:
        there = Lock(arrived.body.fingerprint, arrived.sender, arrived.target)
        under_way = under_way.discard(there)
    for update in sent(record, UpdateSeenAll):
        highest = max(update.body.fingerprint, marks.get(update.sender, GENESIS))
        marks = marks.set(update.sender, highest)
    if under_way is known.under_way and marks is known.marks:
        return known
    return Announced(under_way, marks)


def early_mark(known: Announced, record: Record) -> Evidence | None:
    """A lock at or below its worker's mark that has not reached its shard, if there is one."""
    after = with_announcements(known, record)
    for lock in sorted(after.under_way):
        mark_of_worker = after.marks.get(lock.worker, GENESIS)
        if lock.fingerprint <= mark_of_worker:
            missing = f"the lock of T{lock.fingerprint} has not reached {lock.shard}"
            return Evidence(f"{lock.worker} has announced the mark {mark_of_worker}, but {missing}")
    return None


MARKS_ARE_SOUND = monitor(
    "marks are sound", RaiseMark.id, Announced(), with_announcements, early_mark
)
"""No new lock at or below a mark arrives after the mark was announced."""


def fallen_mark(reacted: Reacted) -> Evidence | None:
    """A mark that is lower after the step than before, in a worker or a shard, if there is one."""
    name = reacted.before.identity.external
    worker, shard = reacted.states(WorkerState), reacted.states(ShardState)
    if worker is not None:
        was, now = map(mark, worker)
        if now < was:
            return Evidence(f"the mark of {name} fell from {was} to {now}")
    if shard is not None:
        before, after = (each.heard for each in shard)
        for teller in sorted(before):
            now = after.get(teller, GENESIS)
            if now < before[teller]:
                heard = f"the mark that {name} heard from {teller}"
                return Evidence(f"{heard} fell from {before[teller]} to {now}")
    return None


MARKS_NEVER_FALL = ReactionProperty("marks never fall", UpdateMark.id, Kind.ALWAYS, fallen_mark)
"""Neither in the worker nor in a shard."""
