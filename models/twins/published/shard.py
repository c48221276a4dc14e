"""The shard as the published text has it.

What is done otherwise: an action that the text lets come to nothing leaves everything as it is, as its
simulator does. Markers are those of the reference: what has been read is served, what has no value is
pending; nothing is ever released. An answer names the write that it saw, which the text's does not.
"""

from typing import Any

from attrs import evolve, frozen

from models.twins.amend import with_action
from models.twins.published import repairs
from models.twins.published.messages import UpdateSeen
from models.twins.published.repairs import NOTHING
from spec.anoma.keyvalue import GENESIS, KVSKey, Observation, TxFingerprint
from spec.anoma.shard.behaviour import AcquireLock, ResolveLazyRead, ResolveWrite, UpdateMark
from spec.anoma.shard.configuration import ShardConfiguration
from spec.anoma.shard.environment import ShardState, entry_at, timeline_of, with_entry, with_read
from spec.anoma.shard.messages import (
    KVSAcquireLock,
    KVSLockAcquired,
    KVSRead,
    KVSReadRequest,
    KVSWrite,
)
from spec.anoma.shard.timeline import (
    Entry,
    ReadKind,
    ReadStatus,
    Timeline,
    WriteKind,
    WriteStatus,
    entries_of,
)
from spec.formalism.environment import Effect, Environment
from spec.formalism.family import EngineFamily, FamilyName, one_at_a_time
from spec.formalism.message import Message, Send, Trigger, arrived
from spec.formalism.rule import Rule, Source, Text


@frozen
class PublishedShardState(ShardState):
    """What the shard remembers."""

    heard_writes: TxFingerprint = GENESIS
    """The mark of writes that was heard last."""
    heard_reads: TxFingerprint = GENESIS
    """The mark of reads that was heard last."""


ShardEnv = Environment[PublishedShardState]
"""The environment of a shard."""


class Acquire(Rule[ShardConfiguration, PublishedShardState, Message[KVSAcquireLock]]):
    """Every lock leaves its markers, over those that are there, and is acknowledged."""

    id = AcquireLock.id
    version = 1
    sources = (Source(Text.NSPEC, "shard_behaviour: acquireLockAction"),)

    @staticmethod
    def guard(
        trigger: Trigger, _configuration: ShardConfiguration, _environment: ShardEnv
    ) -> Message[KVSAcquireLock] | None:
        """Any lock."""
        return arrived(trigger, KVSAcquireLock)

    @staticmethod
    def action(
        output: Message[KVSAcquireLock],
        _trigger: Trigger,
        _configuration: ShardConfiguration,
        environment: ShardEnv,
    ) -> Effect[PublishedShardState]:
        """The acknowledgement, and what has become answerable."""
        return acquired(output, environment, NOTHING)


class Write(Rule[ShardConfiguration, PublishedShardState, KVSWrite]):
    """A write with a lock sets the value; without a lock, or a sure one without a value, it is nothing."""

    id = ResolveWrite.id
    version = 1
    sources = (Source(Text.NSPEC, "shard_behaviour: processWriteAction"),)

    @staticmethod
    def guard(
        trigger: Trigger, _configuration: ShardConfiguration, _environment: ShardEnv
    ) -> KVSWrite | None:
        """Any write."""
        write = arrived(trigger, KVSWrite)
        return write.body if write else None

    @staticmethod
    def action(
        output: KVSWrite,
        _trigger: Trigger,
        _configuration: ShardConfiguration,
        environment: ShardEnv,
    ) -> Effect[PublishedShardState]:
        """The value, and what has become answerable."""
        return written(output, environment, NOTHING)


class Request(Rule[ShardConfiguration, PublishedShardState, Message[KVSReadRequest]]):
    """A request with a lock, not below the mark of reads, is answered at once, or is nothing."""

    id = ResolveLazyRead.id
    version = 1
    sources = (Source(Text.NSPEC, "shard_behaviour: processReadRequestAction"),)

    @staticmethod
    def guard(
        trigger: Trigger, _configuration: ShardConfiguration, _environment: ShardEnv
    ) -> Message[KVSReadRequest] | None:
        """Any request."""
        return arrived(trigger, KVSReadRequest)

    @staticmethod
    def action(
        output: Message[KVSReadRequest],
        _trigger: Trigger,
        _configuration: ShardConfiguration,
        environment: ShardEnv,
    ) -> Effect[PublishedShardState]:
        """The answer to whoever asks, also if the value was sent before."""
        return requested(output, environment, NOTHING)


class Seen(Rule[ShardConfiguration, PublishedShardState, UpdateSeen]):
    """A mark is the one that was heard last; that of writes lets reads be answered."""

    id = UpdateMark.id
    version = 1
    sources = (Source(Text.NSPEC, "shard_behaviour: updateSeenAllAction"),)

    @staticmethod
    def guard(
        trigger: Trigger, _configuration: ShardConfiguration, _environment: ShardEnv
    ) -> UpdateSeen | None:
        """Any mark."""
        update = arrived(trigger, UpdateSeen)
        return update.body if update else None

    @staticmethod
    def action(
        output: UpdateSeen,
        _trigger: Trigger,
        _configuration: ShardConfiguration,
        environment: ShardEnv,
    ) -> Effect[PublishedShardState]:
        """The mark, and what has become answerable."""
        return marked(output, environment, NOTHING)


def shard_family(repaired: frozenset[str]) -> EngineFamily:
    """Shards as the text has them, but for what is repaired."""

    def acquire(
        output: Message[KVSAcquireLock],
        _trigger: Trigger,
        _configuration: Any,
        environment: ShardEnv,
    ) -> Effect[PublishedShardState]:
        return acquired(output, environment, repaired)

    def write(
        output: KVSWrite, _trigger: Trigger, _configuration: Any, environment: ShardEnv
    ) -> Effect[PublishedShardState]:
        return written(output, environment, repaired)

    def request(
        output: Message[KVSReadRequest],
        _trigger: Trigger,
        _configuration: Any,
        environment: ShardEnv,
    ) -> Effect[PublishedShardState]:
        return requested(output, environment, repaired)

    def update(
        output: UpdateSeen, _trigger: Trigger, _configuration: Any, environment: ShardEnv
    ) -> Effect[PublishedShardState]:
        return marked(output, environment, repaired)

    rules = (
        with_action(Acquire, acquire),
        with_action(Write, write),
        with_action(Request, request),
        with_action(Seen, update),
    )
    return EngineFamily(FamilyName("shard"), rules, one_at_a_time)


def acquired(
    lock: Message[KVSAcquireLock], environment: ShardEnv, repaired: frozenset[str]
) -> Effect[PublishedShardState]:
    """What becomes of a lock."""
    state, at = environment.local, lock.body.fingerprint
    entries = entries_of(lock.body.label, lock.body.executor)
    for key in sorted(entries):
        state = with_entries(state, key, at, entries[key])
    told = Send(lock.sender, KVSLockAcquired(at))
    return answered(environment.with_local(state), (told,), repaired)


def written(
    write: KVSWrite, environment: ShardEnv, repaired: frozenset[str]
) -> Effect[PublishedShardState]:
    """What becomes of a write."""
    state = environment.local
    entry = entry_at(state, write.key, write.fingerprint)
    sure = entry.write is not None and entry.write.kind is WriteKind.WILL
    if entry.write is None or (write.datum is None and sure):
        return Effect(environment)
    if write.datum is not None:
        marker = evolve(entry.write, status=WriteStatus.WRITTEN, datum=write.datum)
        state = with_entries(state, write.key, write.fingerprint, evolve(entry, write=marker))
    return answered(environment.with_local(state), (), repaired)


def requested(
    message: Message[KVSReadRequest], environment: ShardEnv, repaired: frozenset[str]
) -> Effect[PublishedShardState]:
    """What becomes of a request."""
    state, request = environment.local, message.body
    entry = entry_at(state, request.key, request.fingerprint)
    if request.fingerprint < state.heard_reads or entry.read is None:
        return Effect(environment)
    read = environment.with_local(with_reading(state, request.key, request.fingerprint))
    if not request.actual:
        return Effect(read)
    found = recent(timeline_of(state, request.key), request.fingerprint, repaired)
    if found is None:
        return Effect(environment)
    answer = KVSRead(request.fingerprint, request.key, found)
    return Effect(read, (Send(message.sender, answer),))


def marked(
    update: UpdateSeen, environment: ShardEnv, repaired: frozenset[str]
) -> Effect[PublishedShardState]:
    """What becomes of a mark."""
    state, told = environment.local, update.fingerprint
    before = state.heard_writes if update.write else state.heard_reads
    now = max(before, told) if repairs.OVERWRITTEN in repaired else told
    if not update.write:
        return Effect(environment.with_local(evolve(state, heard_reads=now)))
    return answered(environment.with_local(evolve(state, heard_writes=now)), (), repaired)


def answered(
    environment: ShardEnv, sends: tuple[Send, ...], repaired: frozenset[str]
) -> Effect[PublishedShardState]:
    """What a shard does at the end of most steps: it answers eager reads within the window of the marks."""
    state = environment.local
    for key in sorted(state.timelines):
        for at in sorted(state.timelines[key], reverse=True):
            reader = state.timelines[key][at].read
            waits = reader is not None and reader.kind is ReadKind.EAGER
            if reader is None or not waits or reader.status is not ReadStatus.PENDING:
                continue
            found = recent(state.timelines[key], at, repaired)
            if in_window(at, state, repaired) and found is not None:
                state = with_reading(state, key, at)
                sends = (*sends, Send(reader.executor, KVSRead(at, key, found)))
    return Effect(environment.with_local(state), sends)


def in_window(at: TxFingerprint, state: PublishedShardState, repaired: frozenset[str]) -> bool:
    """Whether a read lies below the mark of writes, and not below that of reads."""
    above = at <= state.heard_writes if repairs.ABOVE in repaired else at < state.heard_writes
    return above and (repairs.BELOW in repaired or at >= state.heard_reads)


def recent(timeline: Timeline, at: TxFingerprint, repaired: frozenset[str]) -> Observation | None:
    """The value of the newest write before a read; may writes without a value are passed over."""
    writes = {
        when: entry.write
        for when, entry in timeline.items()
        if when < at
        and entry.write is not None
        and (entry.write.kind is WriteKind.WILL or entry.write.datum is not None)
        and (when > GENESIS or repairs.GENESIS in repaired)
    }
    newest = max(writes, default=None)
    datum = None if newest is None else writes[newest].datum
    return None if newest is None or datum is None else Observation(datum, newest)


def with_entries(
    state: PublishedShardState, key: KVSKey, at: TxFingerprint, entry: Entry
) -> PublishedShardState:
    """The state in which a transaction does this to a key."""
    return evolve(state, timelines=with_entry(state, key, at, entry).timelines)


def with_reading(state: PublishedShardState, key: KVSKey, at: TxFingerprint) -> PublishedShardState:
    """The state in which a transaction has read a key."""
    return evolve(state, timelines=with_read(state, key, at, ReadStatus.SERVED).timelines)
