"""The rules of the shard."""

from attrs import evolve

from spec.anoma.keyvalue import TxFingerprint
from spec.anoma.shard.configuration import ShardConfiguration
from spec.anoma.shard.environment import (
    ShardEnv,
    ShardState,
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
from spec.anoma.shard.messages import (
    KVSAcquireLock,
    KVSLockAcquired,
    KVSRead,
    KVSReadRequest,
    KVSWrite,
    UpdateSeenAll,
)
from spec.anoma.shard.timeline import (
    ReadStatus,
    WriteStatus,
    collected,
    entries_of,
    observation,
)
from spec.formalism.environment import Effect
from spec.formalism.family import EngineFamily, FamilyName, phases
from spec.formalism.message import Message, Send, Trigger, arrived
from spec.formalism.rule import FollowUp, Rule, RuleId, Source, Text


class AcquireLock(Rule[ShardConfiguration, ShardState, Message[KVSAcquireLock]]):
    """A new lock puts markers into the timelines of all its keys and is acknowledged to the worker.

    An eager read is pending from then on, a lazy one unasked; a write is pending.
    """

    id = RuleId("shard.acquire-lock")
    version = 1
    sources = (Source(Text.NSPEC, "shard_behaviour: acquireLockAction"),)

    @staticmethod
    def guard(
        trigger: Trigger, configuration: ShardConfiguration, environment: ShardEnv
    ) -> Message[KVSAcquireLock] | None:
        lock = arrived(trigger, KVSAcquireLock)
        return (
            lock
            if lock and not is_repeated_lock(configuration, environment.local, lock.body)
            else None
        )

    @staticmethod
    def action(
        output: Message[KVSAcquireLock],
        trigger: Trigger,
        configuration: ShardConfiguration,
        environment: ShardEnv,
    ) -> Effect[ShardState]:
        state = environment.local
        fingerprint = output.body.fingerprint
        entries = entries_of(output.body.label, output.body.executor)
        for key in sorted(entries):
            state = with_entry(state, key, fingerprint, entries[key])
        acquired = Send(output.sender, KVSLockAcquired(fingerprint))
        return Effect(environment.with_local(state), sends=(acquired,))


class ResolveLazyRead(Rule[ShardConfiguration, ShardState, KVSReadRequest]):
    """A lazy read that is asked for becomes pending; one that will not happen is released.

    A request that overtakes its own lock waits in the mailbox until the lock is there.
    """

    id = RuleId("shard.resolve-lazy-read")
    version = 1
    sources = (
        Source(Text.S1, 'we may want to allow "lazy" reads'),
        Source(Text.NSPEC, "shard: updates this marker to a will read marker"),
    )
    decides = (
        "The public text answers a request at once or drops it, when the write that it sees is "
        "pending; here it stays pending. Its action fails when the lock is not there yet; here the "
        "request waits."
    )

    @staticmethod
    def guard(
        trigger: Trigger, configuration: ShardConfiguration, environment: ShardEnv
    ) -> KVSReadRequest | None:
        request = arrived(trigger, KVSReadRequest)
        status = read_status(environment.local, request.body) if request else None
        return request.body if request and status is ReadStatus.UNASKED else None

    @staticmethod
    def action(
        output: KVSReadRequest,
        trigger: Trigger,
        configuration: ShardConfiguration,
        environment: ShardEnv,
    ) -> Effect[ShardState]:
        status = ReadStatus.PENDING if output.actual else ReadStatus.RELEASED
        state = with_read(environment.local, output.key, output.fingerprint, status)
        return Effect(environment.with_local(state))


class ResolveWrite(Rule[ShardConfiguration, ShardState, KVSWrite]):
    """A pending write gets its value, or is released if it has none; the first resolution is final.

    A write that overtakes its own lock waits in the mailbox until the lock is there.
    """

    id = RuleId("shard.resolve-write")
    version = 1
    sources = (
        Source(Text.S1, "For each key written, the shard waits to receive data written"),
        Source(Text.NSPEC, "shard_behaviour: processWriteAction"),
    )
    decides = (
        "The public text lets nothing but may writes be released; a transaction that fails must "
        "release what it said it will write too, or later reads wait for ever."
    )

    @staticmethod
    def guard(
        trigger: Trigger, configuration: ShardConfiguration, environment: ShardEnv
    ) -> KVSWrite | None:
        write = arrived(trigger, KVSWrite)
        status = write_status(environment.local, write.body) if write else None
        return write.body if write and status is WriteStatus.PENDING else None

    @staticmethod
    def action(
        output: KVSWrite, trigger: Trigger, configuration: ShardConfiguration, environment: ShardEnv
    ) -> Effect[ShardState]:
        return Effect(environment.with_local(with_write(environment.local, output)))


class UpdateMark(Rule[ShardConfiguration, ShardState, Message[UpdateSeenAll]]):
    """A worker's mark is the highest that was heard from it."""

    id = RuleId("shard.update-mark")
    version = 1
    sources = (Source(Text.NSPEC, "shard_behaviour: updateSeenAllAction"),)
    decides = (
        "The public text overwrites the mark with whatever arrives last, so that it can fall when "
        "messages overtake each other."
    )

    @staticmethod
    def guard(
        trigger: Trigger, configuration: ShardConfiguration, environment: ShardEnv
    ) -> Message[UpdateSeenAll] | None:
        return arrived(trigger, UpdateSeenAll)

    @staticmethod
    def action(
        output: Message[UpdateSeenAll],
        trigger: Trigger,
        configuration: ShardConfiguration,
        environment: ShardEnv,
    ) -> Effect[ShardState]:
        state, heard = environment.local, output.body.fingerprint
        highest = max(heard, state.heard.get(output.sender, heard))
        marks = state.heard.set(output.sender, highest)
        return Effect(environment.with_local(evolve(state, heard=marks)))


class IgnoreRepeat(Rule[ShardConfiguration, ShardState, Message[object]]):
    """A lock, request or write that the shard has taken before is consumed, and causes nothing.

    It is known by its marker, or, where that one is gone, by its timestamp, which lies at or below
    the mark.
    """

    id = RuleId("shard.ignore-repeat")
    version = 1
    sources = (Source(Text.TREADLE, "SEMANTICS: Anoma, duplicates"),)
    decides = (
        "A lock is acknowledged once. What lies at or below the mark has had its lock; so a "
        "message whose marker is missing there is late, not early."
    )

    @staticmethod
    def guard(
        trigger: Trigger, configuration: ShardConfiguration, environment: ShardEnv
    ) -> Message[object] | None:
        state = environment.local
        heard = heard_all(configuration, state)
        lock = arrived(trigger, KVSAcquireLock)
        if lock and is_repeated_lock(configuration, state, lock.body):
            return lock
        request = arrived(trigger, KVSReadRequest)
        if request and is_repeat(read_status(state, request.body), request.body, heard):
            return request
        write = arrived(trigger, KVSWrite)
        if write and is_repeat(write_status(state, write.body), write.body, heard):
            return write
        return None

    @staticmethod
    def action(
        output: Message[object],
        trigger: Trigger,
        configuration: ShardConfiguration,
        environment: ShardEnv,
    ) -> Effect[ShardState]:
        return Effect(environment)


class AnswerReads(FollowUp[ShardConfiguration, ShardState, Message[object]]):
    """After every message, each pending read that is answerable now is answered to its executor.

    A read at t is answerable when t is at or below the mark heard from all workers, so that no
    earlier write can still be announced, and when the write that it sees is written. It sees the
    newest write before t that is not released. The answer names the value and its writer.
    """

    id = RuleId("shard.answer-read")
    version = 1
    sources = (
        Source(Text.NSPEC, "shard: heardAllWrites"),
        Source(Text.S1, "When the relevant Shard learns the precise data to be read at that time"),
        Source(Text.NSPEC, "shard_behaviour: execEagerReads"),
    )
    decides = (
        "At or below the mark, not below it: the mark says that the transaction's own locks are "
        "there too. A pending write blocks, as its value decides; a released one is as if never "
        "announced."
    )

    @staticmethod
    def guard(
        trigger: Trigger, configuration: ShardConfiguration, environment: ShardEnv
    ) -> Message[object] | None:
        return arrived(trigger, object)

    @staticmethod
    def action(
        output: Message[object],
        trigger: Trigger,
        configuration: ShardConfiguration,
        environment: ShardEnv,
    ) -> Effect[ShardState]:
        state = environment.local
        sends: tuple[Send, ...] = ()
        for key, at, executor in pending(environment.local, heard_all(configuration, state)):
            seen = observation(timeline_of(state, key), at)
            if seen is not None:
                state = with_read(state, key, at, ReadStatus.SERVED)
                sends += (Send(executor, KVSRead(at, key, seen)),)
        return Effect(environment.with_local(state), sends)


class CollectGarbage(FollowUp[ShardConfiguration, ShardState, Message[object]]):
    """At the end of a shard's step, entries of a key that nobody can need any more are forgotten.

    They are those older than the newest written entry at or below the mark, provided that no write
    below that entry is pending and no read at or below it is pending or unasked. No observation
    changes by it.
    """

    id = RuleId("shard.collect")
    version = 1
    sources = (
        Source(Text.NSPEC, "shard: then we can remove all earlier values written"),
        Source(Text.NSPEC, "shard: heardAllReads"),
    )
    decides = (
        "The newest written entry, not the newest resolved one: a released marker would swallow "
        "the value below it. Unasked reads count, or a lazy read would wait for ever. So does a "
        "read by the writer of that entry, which sees what was before."
    )

    @staticmethod
    def guard(
        trigger: Trigger, configuration: ShardConfiguration, environment: ShardEnv
    ) -> Message[object] | None:
        return arrived(trigger, object)

    @staticmethod
    def action(
        output: Message[object],
        trigger: Trigger,
        configuration: ShardConfiguration,
        environment: ShardEnv,
    ) -> Effect[ShardState]:
        state = environment.local
        heard = heard_all(configuration, state)
        timelines = state.timelines
        for key in sorted(timelines):
            timelines = timelines.set(key, collected(timelines[key], heard))
        return Effect(environment.with_local(evolve(state, timelines=timelines)))


def is_repeat(
    status: ReadStatus | WriteStatus | None,
    message: KVSReadRequest | KVSWrite,
    heard: TxFingerprint,
) -> bool:
    """Whether a message about a marker of this status, or none, comes too late to matter."""
    if status is None:
        return message.fingerprint <= heard
    return status not in {ReadStatus.UNASKED, WriteStatus.PENDING}


TAKING = (AcquireLock, ResolveLazyRead, ResolveWrite, UpdateMark, IgnoreRepeat)
"""The rules that take a message; for no message do two of them apply."""

TAKE = frozenset(rule.id for rule in TAKING)
"""Their ids."""

SHARD = EngineFamily(
    FamilyName("shard"),
    (*TAKING, AnswerReads),
    phases(TAKE, frozenset({AnswerReads.id})),
)
"""Shards that keep every version."""

COLLECTING_SHARD = EngineFamily(
    FamilyName("collecting-shard"),
    (*TAKING, AnswerReads, CollectGarbage),
    phases(TAKE, frozenset({AnswerReads.id}), frozenset({CollectGarbage.id})),
)
"""Shards that forget versions which nobody can see any more."""
