"""Slips of shards about what reads see, and what of it is kept."""

from collections.abc import Callable

from attrs import evolve
from pyrsistent import pmap

from models.twins import laws, stages
from models.twins.amend import (
    forgetful,
    idle,
    with_action,
)
from models.twins.slips.common import slip
from models.twins.twin import Defect, Needs, Twin, wrong
from spec.anoma.keyvalue import GENESIS, Observation, TxFingerprint
from spec.anoma.shard.behaviour import (
    AnswerReads,
    CollectGarbage,
)
from spec.anoma.shard.configuration import ShardConfiguration
from spec.anoma.shard.environment import (
    ShardEnv,
    ShardState,
    heard_all,
    pending,
    timeline_of,
    with_read,
)
from spec.anoma.shard.messages import (
    KVSRead,
)
from spec.anoma.shard.timeline import (
    ReadStatus,
    Timeline,
    WriteStatus,
    observation,
)
from spec.formalism.environment import Effect
from spec.formalism.message import Message, Send, Trigger
from spec.formalism.rule import AnyRule

SHARD, COLLECTING = "shard", "collecting-shard"


NO_MARK = TxFingerprint(1 << 30)
"""Above all marks."""


Seen = Callable[[Timeline, TxFingerprint], Observation | None]
"""What a read at a timestamp sees of a key."""


def answering(seen: Seen, *, above: bool = False, one: bool = False) -> AnyRule:
    """The rule that answers what such a read sees; also above the mark, or one read at a time."""

    def action(
        _output: Message[object],
        _trigger: Trigger,
        configuration: ShardConfiguration,
        environment: ShardEnv,
    ) -> Effect[ShardState]:
        state, sends = environment.local, tuple[Send, ...]()
        mark = NO_MARK if above else heard_all(configuration, state)
        for key, at, executor in pending(state, mark):
            found = seen(timeline_of(state, key), at)
            if found is not None and not (one and sends):
                state = with_read(state, key, at, ReadStatus.SERVED)
                sends += (Send(executor, KVSRead(at, key, found)),)
        return Effect(environment.with_local(state), sends)

    return with_action(AnswerReads, action)


def _written_up_to(timeline: Timeline, at: TxFingerprint) -> Observation | None:
    """What is seen where a transaction's own write counts as earlier."""
    return observation(timeline, TxFingerprint(at + 1))


def _written_already(timeline: Timeline, at: TxFingerprint) -> Observation | None:
    """What is seen where a pending write is passed over."""
    return observation(
        pmap(
            {
                when: entry
                for when, entry in timeline.items()
                if entry.write is None or entry.write.status is not WriteStatus.PENDING
            }
        ),
        at,
    )


def _oldest(timeline: Timeline, _at: TxFingerprint) -> Observation | None:
    """What is seen where the oldest value counts."""
    return observation(timeline, TxFingerprint(GENESIS + 1))


def _blocked_by_released(timeline: Timeline, at: TxFingerprint) -> Observation | None:
    """What is seen where a released write blocks like a pending one."""
    earlier = [when for when, entry in timeline.items() if when < at and entry.write]
    newest = timeline[max(earlier)].write if earlier else None
    released = newest is not None and newest.status is WriteStatus.RELEASED
    return None if released else observation(timeline, at)


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


def _newest(timeline: Timeline, mark: TxFingerprint, statuses: set[WriteStatus]) -> TxFingerprint:
    """The newest write up to the mark of one of these statuses, where no read up to it is open."""
    written = [
        at
        for at, entry in timeline.items()
        if at <= mark and entry.write and entry.write.status in statuses
    ]
    newest = max(written, default=GENESIS)
    open_reads = {ReadStatus.PENDING, ReadStatus.UNASKED}
    unread = any(
        entry.read and entry.read.status in open_reads and at <= newest
        for at, entry in timeline.items()
    )
    return GENESIS if unread else newest


def _newest_resolved(timeline: Timeline, mark: TxFingerprint) -> TxFingerprint:
    return _newest(timeline, mark, {WriteStatus.WRITTEN, WriteStatus.RELEASED})


def _newest_written_anywhere(timeline: Timeline, _mark: TxFingerprint) -> TxFingerprint:
    return _newest(timeline, NO_MARK, {WriteStatus.WRITTEN})


def _above_the_newest(timeline: Timeline, mark: TxFingerprint) -> TxFingerprint:
    newest = _newest(timeline, mark, {WriteStatus.WRITTEN})
    return newest if newest == GENESIS else TxFingerprint(newest + 1)


READ_SLIPS: tuple[Twin, ...] = (
    slip(
        "reads-never-answered",
        Defect.INPUTS,
        "No pending read is ever answered.",
        wrong(SHARD, idle(AnswerReads)),
        stages.ONE_INCREMENT,
        laws.FINISHED,
        6,
    ),
    slip(
        "answer-not-remembered",
        Defect.DUPLICATES,
        "A read that was answered is pending still.",
        wrong(SHARD, forgetful(AnswerReads)),
        stages.ONE_INCREMENT,
        laws.READ_ONCE,
        7,
    ),
    slip(
        "one-answer-per-step",
        Defect.INPUTS,
        "Of several reads that have become answerable, one is answered.",
        wrong(SHARD, answering(observation, one=True)),
        stages.SUM_ON_ONE_SHARD,
        laws.FINISHED,
        7,
    ),
    slip(
        "own-write-seen",
        Defect.INPUTS,
        "A read waits for the write of its own transaction.",
        wrong(SHARD, answering(_written_up_to)),
        stages.ONE_INCREMENT,
        laws.FINISHED,
        6,
    ),
    slip(
        "pending-write-passed-over",
        Defect.INPUTS,
        "A read does not wait for an earlier write, and sees what was before.",
        wrong(SHARD, answering(_written_already)),
        stages.SET_THEN_COPY,
        laws.LATER,
        10,
    ),
    slip(
        "oldest-value-seen",
        Defect.INPUTS,
        "Reads see the value that the key had at the start.",
        wrong(SHARD, answering(_oldest)),
        stages.TWO_INCREMENTS,
        laws.READ_WAITS_FOR_WRITE,
        0,
    ),
    slip(
        "released-write-blocks",
        Defect.FAILURE,
        "A released write blocks later reads like a pending one.",
        wrong(SHARD, answering(_blocked_by_released)),
        stages.GIVES_UP_THEN_COPY,
        laws.FINISHED,
        14,
    ),
    slip(
        "read-answered-above-the-mark",
        Defect.MARKS,
        "A read is answered before it is known that no earlier write can be announced.",
        wrong(SHARD, answering(observation, above=True)),
        stages.SET_THEN_COPY,
        laws.LATEST_WRITE,
        4,
        needs=Needs.REORDERING,
    ),
    slip(
        "collection-below-released-writes",
        Defect.COLLECTION,
        "A released write counts as a value, and what was before it is forgotten.",
        wrong(COLLECTING, collecting(_newest_resolved)),
        stages.RELEASED_COLLECTING,
        laws.INVISIBLE,
        6,
    ),
    slip(
        "collection-above-the-mark",
        Defect.COLLECTION,
        "What is older than a value is forgotten also above the mark, where reads may still come.",
        wrong(COLLECTING, collecting(_newest_written_anywhere)),
        stages.COPIES_COLLECTING,
        laws.INVISIBLE,
        4,
    ),
    slip(
        "collection-of-the-newest-value",
        Defect.COLLECTION,
        "The newest value is forgotten too.",
        wrong(COLLECTING, collecting(_above_the_newest)),
        stages.COPIES_COLLECTING,
        laws.INVISIBLE,
        6,
    ),
)
"""The slips about what reads see, and what of it is kept."""
