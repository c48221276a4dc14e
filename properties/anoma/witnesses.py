"""What should happen in some run, so that nothing holds only because nothing happens."""

from collections.abc import Iterator

from properties.mailboxes import mail_in
from properties.monitor import consumed, sent
from properties.property import (
    EngineProperty,
    Evidence,
    Kind,
    Reacted,
    ReactionProperty,
    StateProperty,
)
from spec.anoma.executor.behaviour import EXECUTOR, FinishTransaction
from spec.anoma.executor.environment import Running
from spec.anoma.executor.messages import ExecutorFinished
from spec.anoma.keyvalue import KVSKey, TxFingerprint
from spec.anoma.shard.behaviour import (
    COLLECTING_SHARD,
    SHARD,
    AnswerReads,
    ResolveLazyRead,
    ResolveWrite,
)
from spec.anoma.shard.environment import ShardState, entry_at, heard_all
from spec.anoma.shard.messages import KVSRead, KVSReadRequest, KVSWrite
from spec.anoma.shard.timeline import Entry, ReadKind, WriteKind, WriteStatus, pending_reads
from spec.anoma.worker.behaviour import OrderTransaction
from spec.formalism.clauses import Unhandled
from spec.formalism.delivery import Box
from spec.formalism.engine import Engine
from spec.formalism.state import GlobalState

SHARDS = frozenset({SHARD.name, COLLECTING_SHARD.name})
EXECUTORS = frozenset({EXECUTOR.name})
"""The families of shards."""


def two_at_once(state: GlobalState) -> Evidence | None:
    """Two transactions whose programs have started and not ended, if there are."""
    locals_ = (engine.environment.local for engine in state.engines.values())
    running = [each.transaction.fingerprint for each in locals_ if isinstance(each, Running)]
    if len(running) <= 1:
        return None
    first, second, *_ = sorted(running)
    return Evidence(f"T{first} and T{second} run at once")


def waiting_read(shard: Engine) -> Evidence | None:
    """A read that cannot be answered yet, if there is one."""
    for key, at in waiting(shard):
        return Evidence(f"{shard.identity.external}: the read of {key} by T{at} waits")
    return None


def read_waiting_for_write(shard: Engine) -> Evidence | None:
    """A read at or below the mark that waits for the value of an earlier write, if there is one."""
    mark = heard_all(shard.configuration, shard.environment.local)
    for key, at in waiting(shard):
        if at <= mark:
            line = f"the read of {key} by T{at} waits for an earlier write"
            return Evidence(f"{shard.identity.external}: {line}")
    return None


def waiting(shard: Engine) -> Iterator[tuple[KVSKey, TxFingerprint]]:
    """The pending reads of a shard: after each of its steps, those that cannot be answered yet."""
    timelines = shard.environment.local.timelines
    return ((key, at) for key in sorted(timelines) for at, _ in pending_reads(timelines[key]))


def served_lazy_read(reacted: Reacted) -> Evidence | None:
    """A lazy read that a shard answers, if there is one."""
    for read in sent(reacted.record, KVSRead):
        marker = _entry(reacted.before, read.body.key, read.body.fingerprint).read
        if marker is not None and marker.kind is ReadKind.LAZY:
            return Evidence(f"T{read.body.fingerprint} reads {read.body.key}, which is lazy")
    return None


def released_may_write(reacted: Reacted) -> Evidence | None:
    """A may write that is released, if there is one."""
    write = consumed(reacted.record, KVSWrite)
    if write is None or write.body.datum is not None:
        return None
    marker = _entry(reacted.before, write.body.key, write.body.fingerprint).write
    released = marker and marker.kind is WriteKind.MAY and marker.status is WriteStatus.PENDING
    line = f"T{write.body.fingerprint} may have written {write.body.key}, and does not"
    return Evidence(line) if released else None


def failing(reacted: Reacted) -> Evidence | None:
    """A transaction that fails, if there is one."""
    for end in sent(reacted.record, ExecutorFinished):
        if end.body.summary.failure is not None:
            return Evidence(f"T{end.body.fingerprint} fails: {end.body.summary.failure}")
    return None


def overtaking(state: GlobalState) -> Evidence | None:
    """A request or write that is at its shard before its lock, if there is one."""
    for place in sorted(state.mailboxes):
        engine = state.engines.get(place.engine)
        if engine is not None and engine.family in SHARDS:
            early = sorted(
                f"a {type(each).__name__} of T{each.fingerprint} for {each.key}"
                for each in resolutions_in(state.mailboxes[place])
                if is_early(engine, each)
            )
            if early:
                return Evidence(f"{early[0]} is at {place.engine} before its lock")
    return None


def resolutions_in(box: Box) -> Iterator[KVSReadRequest | KVSWrite]:
    """The requests and writes in a mailbox, whatever its discipline."""
    for message, _ in mail_in(box):
        if isinstance(message.body, KVSReadRequest | KVSWrite):
            yield message.body


def is_early(shard: Engine, resolution: KVSReadRequest | KVSWrite) -> bool:
    """Whether a shard that gets this has not had the lock that it is about."""
    at, local = resolution.fingerprint, shard.environment.local
    unknown = _entry(shard, resolution.key, at) == Entry()
    return unknown and at > heard_all(shard.configuration, local)


def _entry(shard: Engine, key: KVSKey, at: TxFingerprint) -> Entry:
    """What a shard knows of a transaction's access to a key; nothing of other engines."""
    local = shard.environment.local
    return entry_at(local, key, at) if isinstance(local, ShardState) else Entry()


TWO_AT_ONCE = StateProperty(
    "two transactions run at once", OrderTransaction.id, Kind.SOMETIMES, two_at_once, EXECUTORS
)
"""Both have started, and wait for values."""

A_READ_WAITS = EngineProperty("a read waits", AnswerReads.id, Kind.SOMETIMES, SHARDS, waiting_read)
"""For the mark, or for an earlier write."""

A_READ_WAITS_FOR_A_WRITE = EngineProperty(
    "a read waits for an earlier write",
    AnswerReads.id,
    Kind.SOMETIMES,
    SHARDS,
    read_waiting_for_write,
)
"""All locks are there; the value is missing."""

A_LAZY_READ_IS_SERVED = ReactionProperty(
    "a lazy read is served", ResolveLazyRead.id, Kind.SOMETIMES, served_lazy_read
)
"""It was asked for, and answered."""

A_MAY_WRITE_IS_RELEASED = ReactionProperty(
    "a may write is released", ResolveWrite.id, Kind.SOMETIMES, released_may_write
)
"""The transaction is over and has not written."""

A_TRANSACTION_FAILS = ReactionProperty(
    "a transaction fails", FinishTransaction.id, Kind.SOMETIMES, failing
)
"""For whatever reason."""

SOMETHING_OVERTAKES_ITS_LOCK = StateProperty(
    "a request or write overtakes its lock", Unhandled.id, Kind.SOMETIMES, overtaking, SHARDS
)
"""It waits in the mailbox until the lock is there."""
