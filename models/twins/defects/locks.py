"""What the published text gets wrong about locks, writes and marks in shards, and about what they forget."""

from typing import Any

from attrs import evolve
from pyrsistent import pmap

from models.twins import laws, stages
from models.twins.amend import with_action, with_both, with_guard
from models.twins.defects.common import nspec, published
from models.twins.defects.writing import WRITING_AS_IT_GOES
from models.twins.twin import Defect, Needs, Twin, wrong
from spec.anoma.keyvalue import GENESIS, TxFingerprint
from spec.anoma.shard.behaviour import (
    AcquireLock,
    CollectGarbage,
    ResolveWrite,
    UpdateMark,
)
from spec.anoma.shard.configuration import ShardConfiguration
from spec.anoma.shard.environment import (
    ShardEnv,
    ShardState,
    entry_at,
    has_lock,
    heard_all,
    with_entry,
    write_status,
)
from spec.anoma.shard.messages import (
    KVSAcquireLock,
    KVSLockAcquired,
    KVSWrite,
    UpdateSeenAll,
)
from spec.anoma.shard.timeline import (
    ReadStatus,
    Timeline,
    WriteKind,
    WriteStatus,
    entries_of,
)
from spec.formalism.environment import Effect
from spec.formalism.message import Message, Send, Trigger, arrived
from spec.formalism.rule import AnyRule

SHARD = "shard"
"""The family."""

LOCK = "shard_behaviour: acquireLockAction"


WRITE = "shard_behaviour: processWriteAction"


MARK = "shard_behaviour: updateSeenAllAction"


def _any_lock(
    trigger: Trigger, _configuration: Any, _environment: ShardEnv
) -> Message[KVSAcquireLock] | None:
    """Every lock is a new one."""
    return arrived(trigger, KVSAcquireLock)


def _only_acknowledged(
    output: Message[KVSAcquireLock], trigger: Trigger, configuration: Any, environment: ShardEnv
) -> Effect[ShardState]:
    """A lock that is there is left alone, and acknowledged once more."""
    if not has_lock(environment.local, output.body.fingerprint):
        return AcquireLock.action(output, trigger, configuration, environment)
    return Effect(environment, (Send(output.sender, KVSLockAcquired(output.body.fingerprint)),))


def _only_written(
    output: Message[KVSAcquireLock], trigger: Trigger, configuration: Any, environment: ShardEnv
) -> Effect[ShardState]:
    """A lock that is there is written over, and not acknowledged once more."""
    again = has_lock(environment.local, output.body.fingerprint)
    effect = AcquireLock.action(output, trigger, configuration, environment)
    return evolve(effect, sends=()) if again else effect


def _only_reads_again(
    output: Message[KVSAcquireLock], trigger: Trigger, configuration: Any, environment: ShardEnv
) -> Effect[ShardState]:
    """The reads of a lock that is there are pending once more, its writes are left alone."""
    state, lock = environment.local, output.body
    if not has_lock(state, lock.fingerprint):
        return AcquireLock.action(output, trigger, configuration, environment)
    entries = entries_of(lock.label, lock.executor)
    for key in sorted(entries):
        entry = entry_at(state, key, lock.fingerprint)
        state = with_entry(state, key, lock.fingerprint, evolve(entry, read=entries[key].read))
    return Effect(environment.with_local(state))


def _overwritten(
    output: Message[UpdateSeenAll], _trigger: Trigger, _configuration: Any, environment: ShardEnv
) -> Effect[ShardState]:
    """The mark is whatever arrived last."""
    state = environment.local
    heard = state.heard.set(output.sender, output.body.fingerprint)
    return Effect(environment.with_local(evolve(state, heard=heard)))


def _not_for_sure_writes(
    trigger: Trigger, configuration: ShardConfiguration, environment: ShardEnv
) -> KVSWrite | None:
    """Only a may write can be released."""
    write = ResolveWrite.guard(trigger, configuration, environment)
    marker = entry_at(environment.local, write.key, write.fingerprint).write if write else None
    unlawful = write and write.datum is None and marker and marker.kind is WriteKind.WILL
    return None if unlawful else write


def _released_in_vain(
    output: KVSWrite, trigger: Trigger, configuration: Any, environment: ShardEnv
) -> Effect[ShardState]:
    """A write that is released stays as it was."""
    if output.datum is None:
        return Effect(environment)
    return ResolveWrite.action(output, trigger, configuration, environment)


def _any_write(trigger: Trigger, _configuration: Any, environment: ShardEnv) -> KVSWrite | None:
    """A write that is written may be written again."""
    write = arrived(trigger, KVSWrite)
    status = write_status(environment.local, write.body) if write else None
    open_ = status is WriteStatus.PENDING or (
        status is not None and write is not None and write.body.datum is not None
    )
    return write.body if write and open_ else None


def _early_write_too(
    trigger: Trigger, configuration: ShardConfiguration, environment: ShardEnv
) -> KVSWrite | None:
    """A write is taken also before its lock."""
    write = arrived(trigger, KVSWrite)
    early = write and write_status(environment.local, write.body) is None
    taken = ResolveWrite.guard(trigger, configuration, environment)
    return write.body if write and early else taken


def _written_if_locked(
    output: KVSWrite, trigger: Trigger, configuration: Any, environment: ShardEnv
) -> Effect[ShardState]:
    """A write without a lock comes to nothing."""
    if write_status(environment.local, output) is None:
        return Effect(environment)
    return ResolveWrite.action(output, trigger, configuration, environment)


def collecting(open_reads: frozenset[ReadStatus], own: bool) -> AnyRule:  # noqa: FBT001 - a clause
    """The rule that keeps what such reads below a written value see, or also such a read by its writer."""

    def collected(timeline: Timeline, mark: TxFingerprint) -> Timeline:
        written = [
            at
            for at, entry in timeline.items()
            if at <= mark and entry.write and entry.write.status is WriteStatus.WRITTEN
        ]
        newest = max(written, default=GENESIS)
        for at, entry in timeline.items():
            unresolved = entry.write and entry.write.status is WriteStatus.PENDING and at < newest
            earlier = at <= newest if own else at < newest
            if unresolved or (entry.read and entry.read.status in open_reads and earlier):
                return timeline
        return pmap({at: entry for at, entry in timeline.items() if at >= newest})

    def action(
        _output: Message[object],
        _trigger: Trigger,
        configuration: ShardConfiguration,
        environment: ShardEnv,
    ) -> Effect[ShardState]:
        state = environment.local
        mark = heard_all(configuration, state)
        kept = {key: collected(each, mark) for key, each in state.timelines.items()}
        return Effect(environment.with_local(evolve(state, timelines=pmap(kept))))

    return with_action(CollectGarbage, action)


AS_IT_GOES = published(
    "written-as-the-program-goes",
    Defect.OUTPUTS,
    "Writes go to shards as the program makes them, so that a key may be written twice.",
    wrong("executor", WRITING_AS_IT_GOES),
    stages.LATE_FAILURE,
    laws.FAILED_WRITES,
    6,
    passage=nspec("executor_behaviour: processReadAction, msgList"),
)
"""The defect that lets a shard see two writes of one key: shown again by what comes of it."""


SECOND_WRITE = published(
    "second-write-overwrites",
    Defect.OUTPUTS,
    "A write to a key that the transaction has written replaces the value, though others may have read it.",
    wrong(SHARD, with_guard(ResolveWrite, _any_write)),
    stages.WRITING_TWICE,
    laws.VALUES_STAY,
    8,
    passage=nspec("shard_behaviour: replaceWriteAccess, where there is data"),
    beside=(AS_IT_GOES,),
)
"""Of use to other twins too."""


LOCK_DEFECTS: tuple[Twin, ...] = (
    SECOND_WRITE,
    published(
        "mark-overwritten",
        Defect.MARKS,
        "The mark is whatever arrived last, and falls when messages overtake each other.",
        wrong(SHARD, with_action(UpdateMark, _overwritten)),
        stages.TWO_INCREMENTS,
        laws.MARKS_FALL,
        9,
        passage=nspec(f"{MARK}, heardAllWrites"),
        needs=Needs.REORDERING,
    ),
    published(
        "sure-write-never-released",
        Defect.FAILURE,
        "A will write cannot be released: what waits for it waits for ever.",
        wrong(SHARD, with_guard(ResolveWrite, _not_for_sure_writes)),
        stages.GIVES_UP_THEN_COPY,
        laws.FINISHED,
        13,
        passage=nspec("shard_behaviour: replaceWriteAccess, null writes"),
    ),
    published(
        "released-may-write-stays-open",
        Defect.LAZY,
        "A may write that is released stays as it was, without a value.",
        wrong(SHARD, with_action(ResolveWrite, _released_in_vain)),
        stages.MAY_NOT_SET_THEN_COPY,
        laws.FINISHED,
        14,
        passage=nspec("shard_behaviour: replaceWriteAccess, data"),
        hidden_by=("open-may-write-passed-over",),
    ),
    published(
        "write-before-its-lock-lost",
        Defect.LOCKS,
        "A write that overtakes its own lock comes to nothing.",
        wrong(SHARD, with_both(ResolveWrite, _early_write_too, _written_if_locked)),
        stages.BLIND_WRITE,
        laws.PENDING,
        9,
        passage=nspec(f"{WRITE}, where there is no write lock"),
        hidden_by=("no-start-without-reads",),
    ),
    published(
        "repeated-lock-acknowledged-again",
        Defect.DUPLICATES,
        "A lock that arrives twice is acknowledged twice.",
        wrong(SHARD, with_both(AcquireLock, _any_lock, _only_acknowledged)),
        stages.REPEATED_INCREMENT,
        laws.LOCK_ONCE,
        4,
        passage=nspec(LOCK),
    ),
    published(
        "repeated-lock-erases-the-value",
        Defect.DUPLICATES,
        "A lock that arrives again after the write takes the value back.",
        wrong(SHARD, with_both(AcquireLock, _any_lock, _only_written)),
        stages.REPEATED_INCREMENT,
        laws.VALUES_STAY,
        9,
        passage=nspec("shard_behaviour: addWriteAccess"),
        needs=Needs.REORDERING,
    ),
    published(
        "repeated-lock-reads-again",
        Defect.DUPLICATES,
        "A lock that arrives again after the read was answered has it answered once more.",
        wrong(SHARD, with_both(AcquireLock, _any_lock, _only_reads_again)),
        stages.REPEATED_INCREMENT,
        laws.READ_ONCE,
        6,
        passage=nspec("shard_behaviour: addReadAccess"),
        needs=Needs.REORDERING,
    ),
    published(
        "collection-forgets-unasked-reads",
        Defect.COLLECTION,
        "Only pending reads keep old values: a lazy read that is asked for later finds none.",
        wrong("collecting-shard", collecting(frozenset({ReadStatus.PENDING}), own=True)),
        stages.LOOK_UP_THEN_SET_COLLECTING,
        laws.INVISIBLE,
        10,
        passage=nspec("shard: then we can remove all earlier values written, pending reads"),
        hidden_by=("lazy-reads-become-eager",),
    ),
    published(
        "collection-forgets-the-writers-own-read",
        Defect.COLLECTION,
        "Only reads before a write keep what was before it: the pending read of its own writer does not.",
        wrong(
            "collecting-shard",
            collecting(frozenset({ReadStatus.PENDING, ReadStatus.UNASKED}), own=False),
        ),
        stages.BLIND_UPDATE_COLLECTING,
        laws.INVISIBLE,
        6,
        passage=nspec("shard: then we can remove all earlier values written, reads before it"),
    ),
)
"""The defects, those of one action after the other."""
