"""Slips of shards about locks, writes, marks and repeats."""

from collections.abc import Callable
from typing import Any

from attrs import evolve
from pyrsistent import pmap

from models.twins import laws, stages
from models.twins.amend import (
    forgetful,
    idle,
    never,
    silent,
    with_action,
    with_guard,
)
from models.twins.slips.common import slip
from models.twins.twin import Defect, Needs, Twin, wrong
from spec.anoma.keyvalue import GENESIS, KVSDatum, TxFingerprint
from spec.anoma.label import NO_KEYS, TransactionLabel, readable
from spec.anoma.shard.behaviour import (
    AcquireLock,
    CollectGarbage,
    IgnoreRepeat,
    ResolveLazyRead,
    ResolveWrite,
    UpdateMark,
)
from spec.anoma.shard.configuration import ShardConfiguration
from spec.anoma.shard.environment import (
    ShardEnv,
    ShardState,
    heard_all,
    read_status,
    write_status,
)
from spec.anoma.shard.messages import (
    KVSAcquireLock,
    KVSLockAcquired,
    KVSReadRequest,
    KVSWrite,
    UpdateSeenAll,
)
from spec.anoma.shard.timeline import (
    Timeline,
)
from spec.formalism.environment import Effect
from spec.formalism.message import Message, Send, Trigger, arrived
from spec.formalism.rule import AnyRule

SHARD, COLLECTING = "shard", "collecting-shard"


def locking(label: Callable[[TransactionLabel], TransactionLabel]) -> AnyRule:
    """The rule that takes a lock for one with another label."""

    def action(
        output: Message[KVSAcquireLock],
        trigger: Trigger,
        configuration: ShardConfiguration,
        environment: ShardEnv,
    ) -> Effect[ShardState]:
        body = evolve(output.body, label=label(output.body.label))
        changed = evolve(output, body=body)
        return AcquireLock.action(changed, trigger, configuration, environment)

    return with_action(AcquireLock, action)


def _reads_of(label: TransactionLabel) -> TransactionLabel:
    return TransactionLabel(label.eager_reads, label.lazy_reads)


def _all_eager(label: TransactionLabel) -> TransactionLabel:
    return evolve(label, eager_reads=readable(label), lazy_reads=NO_KEYS)


def resolving(change: Callable[[KVSWrite], KVSWrite]) -> AnyRule:
    """The rule that takes a write for another one."""

    def action(
        output: KVSWrite, trigger: Trigger, configuration: Any, environment: ShardEnv
    ) -> Effect[ShardState]:
        return ResolveWrite.action(change(output), trigger, configuration, environment)

    return with_action(ResolveWrite, action)


def asking(change: Callable[[KVSReadRequest], KVSReadRequest]) -> AnyRule:
    """The rule that takes a request for another one."""

    def action(
        output: KVSReadRequest, trigger: Trigger, configuration: Any, environment: ShardEnv
    ) -> Effect[ShardState]:
        return ResolveLazyRead.action(change(output), trigger, configuration, environment)

    return with_action(ResolveLazyRead, action)


def _releases_only(
    trigger: Trigger, configuration: ShardConfiguration, environment: ShardEnv
) -> KVSReadRequest | None:
    """Requests whose values are wanted are left in the mailbox."""
    request = ResolveLazyRead.guard(trigger, configuration, environment)
    return request if request and not request.actual else None


def _above_the_mark(
    trigger: Trigger, configuration: ShardConfiguration, environment: ShardEnv
) -> KVSWrite | None:
    """A write at or below the mark is refused, though it holds its lock."""
    write = ResolveWrite.guard(trigger, configuration, environment)
    late = write and write.fingerprint <= heard_all(configuration, environment.local)
    return None if late else write


def heard(mark: Callable[[TxFingerprint, TxFingerprint], TxFingerprint]) -> AnyRule:
    """The rule by which the mark heard becomes this of the one before and the one told."""

    def action(
        output: Message[UpdateSeenAll],
        _trigger: Trigger,
        _configuration: Any,
        environment: ShardEnv,
    ) -> Effect[ShardState]:
        state, told = environment.local, output.body.fingerprint
        now = mark(state.heard.get(output.sender, GENESIS), told)
        marks = state.heard.set(output.sender, now)
        return Effect(environment.with_local(evolve(state, heard=marks)))

    return with_action(UpdateMark, action)


def _early_ones_too(
    trigger: Trigger, configuration: ShardConfiguration, environment: ShardEnv
) -> Message[object] | None:
    """What has no marker counts as late, also where its lock is still to come."""
    state = environment.local
    write, request = arrived(trigger, KVSWrite), arrived(trigger, KVSReadRequest)
    if write and write_status(state, write.body) is None:
        return write
    if request and read_status(state, request.body) is None:
        return request
    return IgnoreRepeat.guard(trigger, configuration, environment)


def _acknowledged_again(
    output: Message[object], _trigger: Trigger, _configuration: Any, environment: ShardEnv
) -> Effect[ShardState]:
    """A repeated lock is acknowledged once more."""
    lock = output.body
    if not isinstance(lock, KVSAcquireLock):
        return Effect(environment)
    return Effect(environment, (Send(output.sender, KVSLockAcquired(lock.fingerprint)),))


def collecting(newest: Callable[[Timeline, TxFingerprint], TxFingerprint]) -> AnyRule:
    """The rule that forgets all entries below this one."""

    def action(
        _output: Message[object],
        _trigger: Trigger,
        configuration: ShardConfiguration,
        environment: ShardEnv,
    ) -> Effect[ShardState]:
        state = environment.local
        mark = heard_all(configuration, state)
        kept = {
            key: pmap({at: each for at, each in timeline.items() if at >= newest(timeline, mark)})
            for key, timeline in state.timelines.items()
        }
        return Effect(environment.with_local(evolve(state, timelines=pmap(kept))))

    return with_action(CollectGarbage, action)


LOCK_SLIPS: tuple[Twin, ...] = (
    slip(
        "lock-acknowledged-and-forgotten",
        Defect.LOCKS,
        "A lock is acknowledged, and leaves no markers.",
        wrong(SHARD, forgetful(AcquireLock)),
        stages.ONE_INCREMENT,
        laws.READ_WAITS,
        0,
    ),
    slip(
        "lock-not-acknowledged",
        Defect.LOCKS,
        "A lock leaves its markers, and the worker does not hear of it.",
        wrong(SHARD, silent(AcquireLock)),
        stages.ONE_INCREMENT,
        laws.FINISHED,
        4,
    ),
    slip(
        "lock-without-write-markers",
        Defect.LOCKS,
        "A lock leaves markers for reads alone.",
        wrong(
            SHARD,
            locking(_reads_of),
        ),
        stages.SET_THEN_COPY,
        laws.LATEST_WRITE,
        8,
    ),
    slip(
        "lazy-read-pending-at-once",
        Defect.LAZY,
        "A lazy read is pending from the lock on, like an eager one.",
        wrong(
            SHARD,
            locking(_all_eager),
        ),
        stages.CHOOSING,
        laws.ASKED_FOR,
        6,
    ),
    slip(
        "released-lazy-read-stays",
        Defect.LAZY,
        "A lazy read that will not happen stays unasked.",
        wrong(SHARD, idle(ResolveLazyRead)),
        stages.LOOKS_AWAY,
        laws.PENDING,
        10,
    ),
    slip(
        "request-taken-for-release",
        Defect.LAZY,
        "A lazy read that is asked for is released.",
        wrong(SHARD, asking(lambda request: evolve(request, actual=False))),
        stages.LAZY_LOOK,
        laws.FINISHED,
        7,
    ),
    slip(
        "request-left-waiting",
        Defect.LAZY,
        "Requests whose values are wanted are left in the mailbox.",
        wrong(SHARD, with_guard(ResolveLazyRead, _releases_only)),
        stages.LAZY_LOOK,
        laws.PENDING,
        6,
    ),
    slip(
        "release-writes-nothing-as-zero",
        Defect.FAILURE,
        "A write that is released becomes the empty value.",
        wrong(
            SHARD,
            resolving(lambda write: evolve(write, datum=write.datum or KVSDatum(0))),
        ),
        stages.GIVES_UP_THEN_COPY,
        laws.LATEST_WRITE,
        10,
    ),
    slip(
        "write-taken-for-release",
        Defect.OUTPUTS,
        "A write is taken, and its value lost.",
        wrong(SHARD, resolving(lambda write: evolve(write, datum=None))),
        stages.BLIND_WRITE,
        laws.STORE,
        9,
    ),
    slip(
        "write-below-the-mark-refused",
        Defect.MARKS,
        "The mark refuses writes that hold their lock.",
        wrong(SHARD, with_guard(ResolveWrite, _above_the_mark)),
        stages.ONE_INCREMENT,
        laws.PENDING,
        9,
    ),
    slip(
        "mark-heard-once",
        Defect.MARKS,
        "The first mark that was heard stays.",
        wrong(SHARD, heard(lambda before, told: before or told)),
        stages.TWO_INCREMENTS,
        laws.FINISHED,
        16,
    ),
    slip(
        "mark-heard-one-too-high",
        Defect.MARKS,
        "The mark is one above the one that was told.",
        wrong(SHARD, heard(lambda before, told: TxFingerprint(max(before, told + 1)))),
        stages.SET_THEN_COPY,
        laws.FINISHED,
        13,
    ),
    slip(
        "lower-mark-stays",
        Defect.MARKS,
        "Of two marks the lower one stays, once there are two.",
        wrong(SHARD, heard(lambda before, told: min(before, told) if before else told)),
        stages.THREE_INCREMENTS,
        laws.MARKS_FALL,
        9,
        needs=Needs.REORDERING,
    ),
    slip(
        "shard-leaves-repeats",
        Defect.DUPLICATES,
        "What it has had before is left in the mailbox.",
        wrong(SHARD, never(IgnoreRepeat)),
        stages.REPEATED_INCREMENT,
        laws.PENDING,
        11,
    ),
    slip(
        "early-message-taken-for-repeat",
        Defect.LOCKS,
        "What overtakes its own lock counts as a repeat.",
        wrong(SHARD, with_guard(IgnoreRepeat, _early_ones_too)),
        stages.LAZY_LOOK,
        laws.FINISHED,
        7,
    ),
    slip(
        "repeated-lock-acknowledged-too",
        Defect.DUPLICATES,
        "A lock that arrives again is acknowledged again.",
        wrong(SHARD, with_action(IgnoreRepeat, _acknowledged_again)),
        stages.REPEATED_INCREMENT,
        laws.LOCK_ONCE,
        4,
    ),
)
"""The slips about locks, writes, marks and repeats."""
