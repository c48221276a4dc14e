"""Garbage collection: invisible as it is, visible with each plausible slip."""

from collections.abc import Callable

import pytest
from attrs import evolve
from pyrsistent import PMap, pmap

from properties.anoma.collection import COLLECTION_IS_INVISIBLE, prospect
from properties.property import Evidence, Step
from spec.anoma.keyvalue import GENESIS, KVSDatum, KVSKey, TxFingerprint
from spec.anoma.shard.behaviour import COLLECTING_SHARD, CollectGarbage, UpdateMark
from spec.anoma.shard.configuration import ShardConfiguration
from spec.anoma.shard.environment import ShardEnv, ShardState
from spec.anoma.shard.messages import UpdateSeenAll
from spec.anoma.shard.timeline import (
    Entry,
    ReadKind,
    ReadMarker,
    ReadStatus,
    Timeline,
    WriteKind,
    WriteMarker,
    WriteStatus,
    new_timeline,
)
from spec.formalism.engine import Engine
from spec.formalism.environment import Effect, Environment
from spec.formalism.event import Deliver, Duplicate, Record
from spec.formalism.family import EngineFamily, one_at_a_time
from spec.formalism.identity import identity_of, on_local_node
from spec.formalism.message import DEFAULT_MAILBOX, Message, Trigger
from spec.formalism.state import initial_state
from spec.formalism.system import System

SHARD, WORKER, EXECUTOR = (on_local_node(name) for name in ("shard", "worker", "executor"))
X = KVSKey("x")
T1, T2, T3, T4 = (TxFingerprint(at) for at in (1, 2, 3, 4))
MARK_3 = Message(WORKER, SHARD, DEFAULT_MAILBOX, UpdateSeenAll(T3))

Forget = Callable[[PMap[KVSKey, Timeline]], PMap[KVSKey, Timeline]]
"""What a broken shard does to its timelines at the end of a step."""


def write(status: WriteStatus, datum: int | None = None) -> Entry:
    value = None if datum is None else KVSDatum(datum)
    return Entry(write=WriteMarker(WriteKind.MAY, status, value))


def read(status: ReadStatus) -> Entry:
    return Entry(read=ReadMarker(ReadKind.LAZY, status, EXECUTOR))


WRITTEN = write(WriteStatus.WRITTEN, 5)
PENDING = write(WriteStatus.PENDING)
RELEASED = write(WriteStatus.RELEASED)
UNASKED = read(ReadStatus.UNASKED)
SERVED = read(ReadStatus.SERVED)


def holding(**entries: Entry) -> Timeline:
    """The timeline with these entries, t1, t2 and so on, after the genesis value 9."""
    timeline = new_timeline(KVSDatum(9))
    for name, entry in entries.items():
        timeline = timeline.set(TxFingerprint(int(name[1:])), entry)
    return timeline


def step(timeline: Timeline, family: EngineFamily = COLLECTING_SHARD) -> Step:
    """What a shard that holds this does when it hears of the mark 3."""
    system = System(pmap({str(family.name): family}))
    engine = Engine(
        identity_of(SHARD),
        family.name,
        ShardConfiguration((WORKER,)),
        Environment(ShardState(pmap({X: timeline}))),
    )
    before = initial_state(system.discipline, (engine,), (MARK_3,))
    after, record = system.step(before, Deliver(MARK_3))
    return Step(system, before, record, after)


def left(done: Step) -> Timeline:
    state: ShardState = done.after.engines[SHARD].environment.local
    return state.timelines[X]


def forgetting(forget: Forget) -> EngineFamily:
    """Shards that collect so."""

    class Careless(CollectGarbage):
        """Something is forgotten, needed or not."""

        @staticmethod
        def action(
            output: Message[object],
            trigger: Trigger,
            configuration: ShardConfiguration,
            environment: ShardEnv,
        ) -> Effect[ShardState]:
            """Forgets."""
            state = environment.local
            kept = evolve(state, timelines=forget(state.timelines))
            return Effect(environment.with_local(kept))

    return COLLECTING_SHARD.replacing(Careless)


def without_below(at: TxFingerprint) -> Forget:
    def forget(timelines: PMap[KVSKey, Timeline]) -> PMap[KVSKey, Timeline]:
        kept = {each: entry for each, entry in timelines[X].items() if each >= at}
        return timelines.set(X, pmap(kept))

    return forget


def nothing_left(timelines: PMap[KVSKey, Timeline]) -> PMap[KVSKey, Timeline]:
    return timelines.remove(X)


def only(*kept: TxFingerprint) -> Forget:
    return lambda timelines: timelines.set(X, pmap({at: timelines[X][at] for at in kept}))


@pytest.mark.parametrize(
    ("timeline", "remaining"),
    [
        (holding(t1=WRITTEN, t2=SERVED), {T1, T2}),
        (holding(t1=PENDING, t2=WRITTEN), {GENESIS, T1, T2}),
        (holding(t1=UNASKED, t2=WRITTEN), {GENESIS, T1, T2}),
        (holding(t1=RELEASED), {GENESIS, T1}),
        (holding(t4=WRITTEN), {GENESIS, T4}),
    ],
)
def test_collection_as_it_is_does_not_show(
    timeline: Timeline, remaining: set[TxFingerprint]
) -> None:
    done = step(timeline)
    assert set(left(done)) == remaining
    assert COLLECTION_IS_INVISIBLE.judge(done) is None


@pytest.mark.parametrize(
    ("timeline", "forget", "said"),
    [
        (
            holding(t1=WRITTEN, t2=RELEASED),
            without_below(T2),
            "a read at 4 may see nothing, should be 5 (version 1)",
        ),
        (holding(t1=UNASKED, t2=WRITTEN), without_below(T2), "the read at 1 is forgotten"),
        (
            holding(t1=PENDING, t2=UNASKED, t3=WRITTEN),
            only(GENESIS, T2, T3),
            "a read at 2 may see 9 (version 0), should be ? (version 1) or 9 (version 0)",
        ),
        (
            holding(t1=WRITTEN, t4=WRITTEN),
            without_below(T4),
            "a read at 4 may see nothing, should be 5 (version 1)",
        ),
        (
            holding(t1=WRITTEN, t4=WRITTEN),
            only(GENESIS, T1),
            "a read at 5 may see 5 (version 1), should be 5 (version 4)",
        ),
        (holding(t1=WRITTEN), nothing_left, "its timeline is gone"),
    ],
)
def test_collection_of_what_may_still_be_read_is_found(
    timeline: Timeline, forget: Forget, said: str
) -> None:
    assert COLLECTION_IS_INVISIBLE.judge(step(timeline, forgetting(forget))) == Evidence(
        f"collection shows in x: {said}"
    )


def test_what_no_read_can_see_any_more_may_go() -> None:
    done = step(holding(t1=PENDING, t2=WRITTEN, t3=SERVED), forgetting(only(T2)))
    assert COLLECTION_IS_INVISIBLE.judge(done) is None


def test_steps_without_collection_are_not_judged() -> None:
    done = step(holding(t1=WRITTEN))
    fault = evolve(done, record=Record(Duplicate(MARK_3), done.record.fired))
    other = evolve(done, record=Record(Deliver(MARK_3), (UpdateMark.id,)))
    assert [COLLECTION_IS_INVISIBLE.judge(each) for each in (fault, other)] == [None, None]


def test_a_step_that_is_refused_without_collection_is_left_to_other_laws() -> None:
    refusing = evolve(COLLECTING_SHARD, solve=one_at_a_time)
    done = evolve(step(holding(t1=WRITTEN)), system=System(pmap({str(refusing.name): refusing})))
    assert COLLECTION_IS_INVISIBLE.judge(done) is None


def test_a_read_may_come_to_see_pending_writes_and_the_first_value_below() -> None:
    timeline = holding(t1=WRITTEN, t2=PENDING, t3=RELEASED)
    assert prospect(timeline, T4) == ((T2, None), (T1, KVSDatum(5)))
    assert prospect(timeline, T1) == ((GENESIS, KVSDatum(9)),)
    assert prospect(pmap({T1: SERVED}), T4) == ()
