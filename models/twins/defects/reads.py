"""What the published text gets wrong about how shards answer reads."""

from collections.abc import Callable
from typing import Any

from pyrsistent import pmap

from models.twins import laws, stages
from models.twins.amend import with_action, with_both, with_guard
from models.twins.defects.common import nspec, published
from models.twins.twin import Defect, Needs, Twin, wrong
from spec.anoma.keyvalue import GENESIS, Observation, TxFingerprint
from spec.anoma.shard.behaviour import (
    AnswerReads,
    ResolveLazyRead,
)
from spec.anoma.shard.configuration import ShardConfiguration
from spec.anoma.shard.environment import (
    ShardEnv,
    ShardState,
    entry_at,
    heard_all,
    pending,
    read_status,
    timeline_of,
    with_read,
)
from spec.anoma.shard.messages import (
    KVSRead,
    KVSReadRequest,
)
from spec.anoma.shard.timeline import (
    ReadStatus,
    Timeline,
    WriteKind,
    WriteStatus,
    observation,
)
from spec.formalism.environment import Effect
from spec.formalism.message import Message, Send, Trigger, arrived
from spec.formalism.rule import AnyRule

SHARD = "shard"
"""The family."""


REQUEST = "shard_behaviour: processReadRequestAction"


EAGER = "shard_behaviour: execEagerReadsAtTime"


RECENT = "shard_behaviour: findMostRecentWrite"


Window = Callable[[TxFingerprint, TxFingerprint], bool]
"""Whether a read at a timestamp may be answered where this is the mark."""


Seen = Callable[[Timeline, TxFingerprint], Observation | None]
"""What a read at a timestamp sees of a key."""


def answering(above: Window, seen: Seen) -> AnyRule:
    """The rule that answers what is pending and in the window, with what such a read is said to see."""

    def action(
        _output: Message[object],
        _trigger: Trigger,
        configuration: ShardConfiguration,
        environment: ShardEnv,
    ) -> Effect[ShardState]:
        state, sends = environment.local, tuple[Send, ...]()
        mark = heard_all(configuration, state)
        for key, at, executor in pending(state, mark):
            found = seen(timeline_of(state, key), at) if above(at, mark) else None
            if found is not None:
                state = with_read(state, key, at, ReadStatus.SERVED)
                sends += (Send(executor, KVSRead(at, key, found)),)
        return Effect(environment.with_local(state), sends)

    return with_action(AnswerReads, action)


def _without_genesis(timeline: Timeline, at: TxFingerprint) -> Observation | None:
    """What a read sees where keys hold nothing before they are first written."""
    return observation(timeline.discard(GENESIS), at)


def _without_open_may_writes(timeline: Timeline, at: TxFingerprint) -> Observation | None:
    """What a read sees where a may write without a value is passed over, resolved or not."""
    visible = {
        when: entry
        for when, entry in timeline.items()
        if entry.write is None
        or entry.write.kind is WriteKind.WILL
        or entry.write.status is not WriteStatus.PENDING
    }
    return observation(pmap(visible), at)


def _early_request_too(
    trigger: Trigger, configuration: ShardConfiguration, environment: ShardEnv
) -> KVSReadRequest | None:
    """A request is taken also before its lock."""
    request = arrived(trigger, KVSReadRequest)
    early = request and read_status(environment.local, request.body) is None
    taken = ResolveLazyRead.guard(trigger, configuration, environment)
    return request.body if request and early else taken


def _asked_if_locked(
    output: KVSReadRequest, trigger: Trigger, configuration: Any, environment: ShardEnv
) -> Effect[ShardState]:
    """A request without a lock comes to nothing."""
    if read_status(environment.local, output) is None:
        return Effect(environment)
    return ResolveLazyRead.action(output, trigger, configuration, environment)


def _served_or_lost(
    output: KVSReadRequest,
    trigger: Trigger,
    configuration: ShardConfiguration,
    environment: ShardEnv,
) -> Effect[ShardState]:
    """A request that cannot be answered at once is lost."""
    state = environment.local
    heard = output.fingerprint <= heard_all(configuration, state)
    known = observation(timeline_of(state, output.key), output.fingerprint) is not None
    if output.actual and not (heard and known):
        return Effect(environment)
    return ResolveLazyRead.action(output, trigger, configuration, environment)


def _whatever_the_mark(
    output: KVSReadRequest, trigger: Trigger, configuration: Any, environment: ShardEnv
) -> Effect[ShardState]:
    """A request is answered as soon as the write that it sees is written, as far as is known."""
    state, at = environment.local, output.fingerprint
    seen = observation(timeline_of(state, output.key), at)
    reader = entry_at(state, output.key, at).read
    if not output.actual or seen is None or reader is None:
        return ResolveLazyRead.action(output, trigger, configuration, environment)
    served = with_read(state, output.key, at, ReadStatus.SERVED)
    answer = Send(reader.executor, KVSRead(at, output.key, seen))
    return Effect(environment.with_local(served), (answer,))


def _above_the_mark_only(
    output: KVSReadRequest,
    trigger: Trigger,
    configuration: ShardConfiguration,
    environment: ShardEnv,
) -> Effect[ShardState]:
    """A request below the mark comes to nothing."""
    if output.fingerprint < heard_all(configuration, environment.local):
        return Effect(environment)
    return ResolveLazyRead.action(output, trigger, configuration, environment)


def _served_again(
    trigger: Trigger, _configuration: Any, environment: ShardEnv
) -> KVSReadRequest | None:
    """A request for a value that was sent is a request all the same."""
    request = arrived(trigger, KVSReadRequest)
    status = read_status(environment.local, request.body) if request else None
    return request.body if request and status in {ReadStatus.UNASKED, ReadStatus.SERVED} else None


READ_DEFECTS: tuple[Twin, ...] = (
    published(
        "read-strictly-below-mark",
        Defect.MARKS,
        "A read at the mark is not answered, though all locks up to it are there.",
        wrong(SHARD, answering(lambda at, mark: at < mark, observation)),
        stages.ONE_INCREMENT,
        laws.FINISHED,
        6,
        passage=nspec(f"{EAGER}, timestamp < heardAllWrites"),
    ),
    published(
        "read-below-read-mark-refused",
        Defect.MARKS,
        "A read below the read mark is not answered any more, though it is pending.",
        wrong(SHARD, answering(lambda at, mark: at >= mark, observation)),
        stages.THREE_INCREMENTS,
        laws.FINISHED,
        16,
        passage=nspec(f"{EAGER}, timestamp >= heardAllReads"),
    ),
    published(
        "no-value-before-the-first-write",
        Defect.START,
        "A key that nobody has written has no value, and reads of it are never answered.",
        wrong(SHARD, answering(lambda at, mark: at <= mark, _without_genesis)),
        stages.ONE_INCREMENT,
        laws.FINISHED,
        6,
        passage=nspec(f"{RECENT}, where validEntries are none"),
    ),
    published(
        "open-may-write-passed-over",
        Defect.LAZY,
        "A read does not wait for a may write that is open still, and sees what was before.",
        wrong(SHARD, answering(lambda at, mark: at <= mark, _without_open_may_writes)),
        stages.MAY_SET_THEN_COPY,
        laws.LATEST_WRITE,
        8,
        passage=nspec(f"{RECENT}, empty maywrites are ignored"),
    ),
    published(
        "request-before-its-lock-lost",
        Defect.LOCKS,
        "A request for a lazy read that overtakes its own lock comes to nothing.",
        wrong(SHARD, with_both(ResolveLazyRead, _early_request_too, _asked_if_locked)),
        stages.LAZY_LOOK,
        laws.FINISHED,
        7,
        passage=nspec(f"{REQUEST}, where there is no read lock"),
        hidden_by=("lazy-reads-become-eager", "no-start-without-reads"),
    ),
    published(
        "lazy-request-served-or-lost",
        Defect.LAZY,
        "A request for a lazy read that cannot be answered at once comes to nothing.",
        wrong(SHARD, with_action(ResolveLazyRead, _served_or_lost)),
        stages.LAZY_LOOK,
        laws.FINISHED,
        7,
        passage=nspec(f"{REQUEST}, where no value is found"),
        hidden_by=("lazy-reads-become-eager",),
    ),
    published(
        "lazy-read-whatever-the-mark",
        Defect.LAZY,
        "A lazy read is answered before it is known that no earlier write can be announced.",
        wrong(SHARD, with_action(ResolveLazyRead, _whatever_the_mark)),
        stages.SET_THEN_LOOK_UP,
        laws.LATEST_WRITE,
        6,
        passage=nspec(f"{REQUEST}, heardAllWrites is not looked at"),
        hidden_by=("lazy-reads-become-eager",),
        needs=Needs.REORDERING,
    ),
    published(
        "lazy-request-below-read-mark-lost",
        Defect.LAZY,
        "A request for a lazy read below the mark comes to nothing, though its lock is there.",
        wrong(SHARD, with_action(ResolveLazyRead, _above_the_mark_only)),
        stages.LOOK_UP_THEN_SET,
        laws.FINISHED,
        15,
        passage=nspec(f"{REQUEST}, timestamp >= heardAllReads"),
        hidden_by=("lazy-reads-become-eager",),
    ),
    published(
        "repeated-request-served-again",
        Defect.DUPLICATES,
        "A request for a lazy read that arrives twice is answered twice.",
        wrong(SHARD, with_guard(ResolveLazyRead, _served_again)),
        stages.REPEATED_LOOK_UP,
        laws.READ_ONCE,
        8,
        passage=nspec("shard_behaviour: replaceReadAccess, hasBeenRead is not looked at"),
        hidden_by=("lazy-reads-become-eager",),
    ),
)
"""The defects, those of eager reads first."""
