"""The shard: locks, marks, reads that wait for the write they see, and what it may forget."""

import pytest
from attrs import evolve
from pyrsistent import pmap

from spec.anoma.executor.messages import ExecutionSummary, ExecutorFinished
from spec.anoma.keyvalue import GENESIS, KVSDatum, KVSKey, Observation, TxFingerprint
from spec.anoma.label import TransactionLabel
from spec.anoma.shard.behaviour import COLLECTING_SHARD, SHARD
from spec.anoma.shard.configuration import ShardConfiguration
from spec.anoma.shard.environment import ShardState
from spec.anoma.shard.messages import (
    KVSAcquireLock,
    KVSLockAcquired,
    KVSRead,
    KVSReadRequest,
    KVSWrite,
    UpdateSeenAll,
)
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
from spec.formalism.engine import Engine, Reaction, Refusal, react
from spec.formalism.environment import Environment
from spec.formalism.family import EngineFamily
from spec.formalism.identity import EngineId, identity_of, on_local_node
from spec.formalism.message import DEFAULT_MAILBOX, Message, MessageArrived, Time, Trigger
from spec.formalism.rule import RuleId

OWN = on_local_node("shard")
WORKER, SECOND_WORKER = on_local_node("worker"), on_local_node("worker.2")
A, B = KVSKey("a"), KVSKey("b")
T1, T2, T3, T4 = (TxFingerprint(number) for number in (1, 2, 3, 4))
GENESIS_DATUM, FIVE, SIX = KVSDatum(7), KVSDatum(5), KVSDatum(6)
LOCK, LAZY, WRITE, MARK, IGNORE, ANSWER, COLLECT = (
    RuleId(f"shard.{name}")
    for name in (
        "acquire-lock",
        "resolve-lazy-read",
        "resolve-write",
        "update-mark",
        "ignore-repeat",
        "answer-read",
        "collect",
    )
)
READS_A = TransactionLabel(eager_reads=frozenset({A}))
MAY_READ_A = TransactionLabel(lazy_reads=frozenset({A}))
WRITES_A = TransactionLabel(will_writes=frozenset({A}))
UPDATES_A = TransactionLabel(eager_reads=frozenset({A}), may_writes=frozenset({A}))
WILL = WriteMarker(WriteKind.WILL, WriteStatus.PENDING)
FAMILIES: dict[str, EngineFamily] = {each.name: each for each in (SHARD, COLLECTING_SHARD)}
MAY = WriteMarker(WriteKind.MAY, WriteStatus.PENDING)


def executor(fingerprint: TxFingerprint) -> EngineId:
    return on_local_node(f"executor.{fingerprint}")


def shard(*workers: EngineId, family: EngineFamily = SHARD) -> Engine:
    """A shard that hears these workers, or one, and keeps `a` since genesis."""
    configuration = ShardConfiguration(workers or (WORKER,))
    state = ShardState(pmap({A: new_timeline(GENESIS_DATUM)}))
    return Engine(identity_of(OWN), family.name, configuration, Environment(state))


def taking(engine: Engine, body: object, sender: EngineId = WORKER) -> Reaction | Refusal | None:
    """What the shard does with a message that says this."""
    message = Message(sender, OWN, DEFAULT_MAILBOX, body)
    return react(FAMILIES[engine.family], engine, Trigger(MessageArrived(message), Time(0)))


def after(engine: Engine, *bodies: object) -> Engine:
    """The shard after it has taken messages that say these, all from the one worker."""
    for body in bodies:
        reaction = taking(engine, body)
        assert isinstance(reaction, Reaction)
        engine = evolve(engine, environment=reaction.environment)
    return engine


def sent_by(reaction: Reaction | Refusal | None) -> tuple[Message[object], ...]:
    assert isinstance(reaction, Reaction)
    return reaction.sent


def state_of(engine: Engine) -> ShardState:
    state = engine.environment.local
    assert isinstance(state, ShardState)
    return state


def lock(fingerprint: TxFingerprint, label: TransactionLabel) -> KVSAcquireLock:
    return KVSAcquireLock(fingerprint, label, executor(fingerprint))


def wanted(fingerprint: TxFingerprint) -> KVSReadRequest:
    return KVSReadRequest(fingerprint, A, actual=True)


def unwanted(fingerprint: TxFingerprint) -> KVSReadRequest:
    return KVSReadRequest(fingerprint, A, actual=False)


def answer(fingerprint: TxFingerprint, datum: KVSDatum, version: TxFingerprint) -> Message[object]:
    read = KVSRead(fingerprint, A, Observation(datum, version))
    return Message(OWN, executor(fingerprint), DEFAULT_MAILBOX, read)


def eager(fingerprint: TxFingerprint, status: ReadStatus) -> ReadMarker:
    return ReadMarker(ReadKind.EAGER, status, executor(fingerprint))


def lazy(fingerprint: TxFingerprint, status: ReadStatus) -> ReadMarker:
    return ReadMarker(ReadKind.LAZY, status, executor(fingerprint))


def timeline(entries: dict[TxFingerprint, Entry]) -> Timeline:
    return pmap({**new_timeline(GENESIS_DATUM), **entries})


def holding(
    entries: dict[TxFingerprint, Entry], heard: TxFingerprint | None = None
) -> Environment[ShardState]:
    """The environment of a shard with these entries of `a` that heard this mark."""
    marks = pmap({} if heard is None else {WORKER: heard})
    return Environment(ShardState(pmap({A: timeline(entries)}), marks))


def unchanged(engine: Engine, *fired: RuleId) -> Reaction:
    return Reaction(engine.environment, fired)


def test_a_lock_marks_all_its_keys_and_is_acknowledged_to_its_worker() -> None:
    label = TransactionLabel(frozenset({A}), frozenset({B}), frozenset({B}), frozenset({A}))
    entry_a = Entry(eager(T1, ReadStatus.PENDING), MAY)
    entry_b = Entry(lazy(T1, ReadStatus.UNASKED), WILL)
    state = ShardState(
        pmap({A: timeline({T1: entry_a}), B: new_timeline(KVSDatum(0)).set(T1, entry_b)})
    )
    assert taking(shard(), lock(T1, label)) == Reaction(
        Environment(state),
        (LOCK,),
        (Message(OWN, WORKER, DEFAULT_MAILBOX, KVSLockAcquired(T1)),),
    )


def test_locks_may_come_out_of_order() -> None:
    engine = after(shard(), lock(T2, WRITES_A), lock(T1, WRITES_A))
    assert engine.environment == holding({T1: Entry(write=WILL), T2: Entry(write=WILL)})


def test_a_repeated_lock_is_not_acknowledged_again() -> None:
    engine = after(shard(), lock(T1, WRITES_A))
    assert taking(engine, lock(T1, WRITES_A)) == unchanged(engine, IGNORE)


def test_a_repeated_lock_does_not_put_back_what_is_resolved() -> None:
    engine = after(shard(), lock(T1, WRITES_A), KVSWrite(T1, A, FIVE))
    assert taking(engine, lock(T1, WRITES_A)) == unchanged(engine, IGNORE)


def test_a_released_lazy_read_keeps_its_marker_so_that_its_lock_is_known_as_a_repeat() -> None:
    engine = after(shard(), lock(T1, MAY_READ_A), unwanted(T1))
    assert engine.environment == holding({T1: Entry(read=lazy(T1, ReadStatus.RELEASED))})
    assert taking(engine, lock(T1, MAY_READ_A)) == unchanged(engine, IGNORE)


def test_a_lock_at_or_below_the_mark_is_a_repeat_and_one_above_is_not() -> None:
    engine = after(shard(), UpdateSeenAll(T2))
    assert taking(engine, lock(T2, WRITES_A)) == unchanged(engine, IGNORE)
    acquired = (Message(OWN, WORKER, DEFAULT_MAILBOX, KVSLockAcquired(T3)),)
    assert sent_by(taking(engine, lock(T3, WRITES_A))) == acquired


def test_an_eager_read_waits_for_the_mark_and_is_served_unasked() -> None:
    engine = after(shard(), lock(T1, READS_A))
    assert taking(engine, UpdateSeenAll(T1)) == Reaction(
        holding({T1: Entry(read=eager(T1, ReadStatus.SERVED))}, T1),
        (MARK, ANSWER),
        (answer(T1, GENESIS_DATUM, GENESIS),),
    )


def test_reads_at_the_mark_are_answerable_and_reads_above_it_are_not() -> None:
    engine = after(shard(), lock(T1, READS_A), lock(T2, READS_A), lock(T3, READS_A))
    served = eager(T1, ReadStatus.SERVED), eager(T2, ReadStatus.SERVED)
    assert taking(engine, UpdateSeenAll(T2)) == Reaction(
        holding(
            {
                T1: Entry(read=served[0]),
                T2: Entry(read=served[1]),
                T3: Entry(read=eager(T3, ReadStatus.PENDING)),
            },
            T2,
        ),
        (MARK, ANSWER),
        (answer(T1, GENESIS_DATUM, GENESIS), answer(T2, GENESIS_DATUM, GENESIS)),
    )


def test_a_read_waits_for_the_pending_write_that_it_sees_and_is_answered_with_it() -> None:
    engine = after(shard(), lock(T1, WRITES_A), lock(T2, READS_A))
    held = taking(engine, UpdateSeenAll(T2))
    entries = {T1: Entry(write=WILL), T2: Entry(read=eager(T2, ReadStatus.PENDING))}
    assert held == Reaction(holding(entries, T2), (MARK,))
    written = WriteMarker(WriteKind.WILL, WriteStatus.WRITTEN, FIVE)
    served = {T1: Entry(write=written), T2: Entry(read=eager(T2, ReadStatus.SERVED))}
    assert taking(after(engine, UpdateSeenAll(T2)), KVSWrite(T1, A, FIVE)) == Reaction(
        holding(served, T2), (WRITE, ANSWER), (answer(T2, FIVE, T1),)
    )


def test_a_read_above_the_mark_is_not_answered_though_the_write_before_it_is_there() -> None:
    engine = after(shard(), lock(T1, WRITES_A), lock(T3, READS_A), UpdateSeenAll(T1))
    written = WriteMarker(WriteKind.WILL, WriteStatus.WRITTEN, FIVE)
    waiting = Entry(read=eager(T3, ReadStatus.PENDING))
    assert taking(engine, KVSWrite(T1, A, FIVE)) == Reaction(
        holding({T1: Entry(write=written), T3: waiting}, T1), (WRITE,)
    )


def test_a_released_write_is_skipped_by_the_reads_that_waited_for_it() -> None:
    engine = after(shard(), lock(T1, WRITES_A), lock(T2, READS_A), UpdateSeenAll(T2))
    released = Entry(write=WriteMarker(WriteKind.WILL, WriteStatus.RELEASED))
    assert taking(engine, KVSWrite(T1, A, None)) == Reaction(
        holding({T1: released, T2: Entry(read=eager(T2, ReadStatus.SERVED))}, T2),
        (WRITE, ANSWER),
        (answer(T2, GENESIS_DATUM, GENESIS),),
    )


def test_one_write_answers_the_reads_up_to_the_next_writer_and_the_writer_itself() -> None:
    engine = after(
        shard(),
        lock(T1, WRITES_A),
        lock(T2, READS_A),
        lock(T3, UPDATES_A),
        lock(T4, READS_A),
        UpdateSeenAll(T4),
    )
    assert sent_by(taking(engine, KVSWrite(T1, A, FIVE))) == (
        answer(T2, FIVE, T1),
        answer(T3, FIVE, T1),
    )


def test_a_read_sees_the_value_before_its_own_transactions_write() -> None:
    engine = after(shard(), lock(T1, UPDATES_A), KVSWrite(T1, A, FIVE))
    assert sent_by(taking(engine, UpdateSeenAll(T1))) == (answer(T1, GENESIS_DATUM, GENESIS),)


def test_one_mark_answers_reads_of_several_keys_in_the_order_of_keys() -> None:
    both = TransactionLabel(eager_reads=frozenset({A, B}))
    at_b = Observation(KVSDatum(0), GENESIS)
    assert sent_by(taking(after(shard(), lock(T1, both)), UpdateSeenAll(T1))) == (
        answer(T1, GENESIS_DATUM, GENESIS),
        Message(OWN, executor(T1), DEFAULT_MAILBOX, KVSRead(T1, B, at_b)),
    )


def test_a_lazy_read_is_not_answered_before_it_is_asked_for() -> None:
    engine = after(shard(), lock(T1, MAY_READ_A))
    assert taking(engine, UpdateSeenAll(T1)) == Reaction(
        holding({T1: Entry(read=lazy(T1, ReadStatus.UNASKED))}, T1), (MARK,)
    )


def test_a_lazy_read_that_is_asked_for_is_answered_in_the_same_step_if_it_can_be() -> None:
    engine = after(shard(), lock(T1, MAY_READ_A), UpdateSeenAll(T1))
    assert taking(engine, wanted(T1)) == Reaction(
        holding({T1: Entry(read=lazy(T1, ReadStatus.SERVED))}, T1),
        (LAZY, ANSWER),
        (answer(T1, GENESIS_DATUM, GENESIS),),
    )


def test_a_lazy_read_that_is_asked_for_too_early_stays_pending_and_is_answered_later() -> None:
    engine = after(shard(), lock(T1, MAY_READ_A))
    waiting = holding({T1: Entry(read=lazy(T1, ReadStatus.PENDING))})
    assert taking(engine, wanted(T1)) == Reaction(waiting, (LAZY,))
    later = taking(after(engine, wanted(T1)), UpdateSeenAll(T1))
    assert sent_by(later) == (answer(T1, GENESIS_DATUM, GENESIS),)


def test_a_released_lazy_read_is_never_answered() -> None:
    engine = after(shard(), lock(T1, MAY_READ_A), unwanted(T1))
    assert taking(engine, UpdateSeenAll(T1)) == Reaction(
        holding({T1: Entry(read=lazy(T1, ReadStatus.RELEASED))}, T1), (MARK,)
    )


@pytest.mark.parametrize(
    "resolution", [(wanted(T1),), (unwanted(T1),), (wanted(T1), UpdateSeenAll(T1))]
)
@pytest.mark.parametrize("again", [wanted(T1), unwanted(T1)])
def test_the_first_word_on_a_lazy_read_is_final(
    resolution: tuple[object, ...], again: KVSReadRequest
) -> None:
    engine = after(shard(), lock(T1, MAY_READ_A), *resolution)
    assert taking(engine, again) == unchanged(engine, IGNORE)


def test_a_request_for_an_eager_read_is_consumed_without_effect() -> None:
    engine = after(shard(), lock(T1, READS_A))
    assert taking(engine, wanted(T1)) == unchanged(engine, IGNORE)


@pytest.mark.parametrize("first", [FIVE, None])
@pytest.mark.parametrize("second", [FIVE, SIX, None])
def test_the_first_resolution_of_a_write_is_final(
    first: KVSDatum | None, second: KVSDatum | None
) -> None:
    engine = after(shard(), lock(T1, WRITES_A), KVSWrite(T1, A, first))
    assert taking(engine, KVSWrite(T1, A, second)) == unchanged(engine, IGNORE)


@pytest.mark.parametrize("body", [wanted(T1), unwanted(T1), KVSWrite(T1, A, FIVE)])
def test_a_request_or_write_that_overtakes_its_lock_waits_and_is_taken_after_it(
    body: KVSReadRequest | KVSWrite,
) -> None:
    label = TransactionLabel(lazy_reads=frozenset({A}), may_writes=frozenset({A}))
    assert taking(shard(), body) is None
    taken = taking(after(shard(), lock(T1, label)), body)
    assert isinstance(taken, Reaction)
    assert taken.fired == (WRITE if isinstance(body, KVSWrite) else LAZY,)


@pytest.mark.parametrize("body", [wanted(T1), KVSWrite(T1, A, FIVE)])
def test_at_or_below_the_mark_a_request_or_write_without_a_marker_is_late_and_is_consumed(
    body: KVSReadRequest | KVSWrite,
) -> None:
    engine = after(shard(), UpdateSeenAll(T1))
    assert taking(engine, body) == unchanged(engine, IGNORE)


def test_the_mark_refuses_nothing_that_holds_a_lock() -> None:
    label = TransactionLabel(lazy_reads=frozenset({A}), may_writes=frozenset({A}))
    engine = after(shard(), lock(T1, label), UpdateSeenAll(T2), wanted(T1), KVSWrite(T1, A, FIVE))
    written = WriteMarker(WriteKind.MAY, WriteStatus.WRITTEN, FIVE)
    entry = Entry(lazy(T1, ReadStatus.SERVED), written)
    assert engine.environment == holding({T1: entry}, T2)


def test_a_mark_that_arrives_late_does_not_lower_the_mark() -> None:
    engine = after(shard(), UpdateSeenAll(T3))
    assert taking(engine, UpdateSeenAll(T1)) == unchanged(engine, MARK)


def test_with_several_workers_a_read_waits_for_the_lowest_of_their_marks() -> None:
    engine = after(shard(WORKER, SECOND_WORKER), lock(T1, READS_A), UpdateSeenAll(T3))
    assert state_of(engine).heard == pmap({WORKER: T3})
    reaction = taking(engine, UpdateSeenAll(T1), SECOND_WORKER)
    served = timeline({T1: Entry(read=eager(T1, ReadStatus.SERVED))})
    assert reaction == Reaction(
        Environment(ShardState(pmap({A: served}), pmap({WORKER: T3, SECOND_WORKER: T1}))),
        (MARK, ANSWER),
        (answer(T1, GENESIS_DATUM, GENESIS),),
    )


def test_what_is_not_for_shards_stays_in_the_mailbox() -> None:
    assert taking(shard(), ExecutorFinished(T1, ExecutionSummary(None, pmap()))) is None


def test_a_shard_that_does_not_collect_keeps_every_version() -> None:
    engine = after(shard(), lock(T1, WRITES_A), UpdateSeenAll(T1), KVSWrite(T1, A, FIVE))
    written = WriteMarker(WriteKind.WILL, WriteStatus.WRITTEN, FIVE)
    assert engine.environment == holding({T1: Entry(write=written)}, T1)


def collecting(*bodies: object) -> Engine:
    return after(shard(family=COLLECTING_SHARD), *bodies)


def left_of(engine: Engine) -> list[TxFingerprint]:
    """The timestamps of the entries of `a` that are left."""
    return sorted(state_of(engine).timelines[A])


def test_older_entries_are_forgotten_at_the_end_of_the_step_that_allows_it() -> None:
    engine = collecting(lock(T1, WRITES_A), UpdateSeenAll(T1))
    written = WriteMarker(WriteKind.WILL, WriteStatus.WRITTEN, FIVE)
    assert taking(engine, KVSWrite(T1, A, FIVE)) == Reaction(
        Environment(ShardState(pmap({A: pmap({T1: Entry(write=written)})}), pmap({WORKER: T1}))),
        (WRITE, COLLECT),
    )


def test_a_read_that_becomes_answerable_is_answered_before_its_version_is_forgotten() -> None:
    engine = collecting(lock(T1, UPDATES_A), KVSWrite(T1, A, FIVE))
    reaction = taking(engine, UpdateSeenAll(T1))
    assert sent_by(reaction) == (answer(T1, GENESIS_DATUM, GENESIS),)
    assert left_of(after(engine, UpdateSeenAll(T1))) == [T1]


def test_nothing_is_forgotten_below_a_version_above_the_mark() -> None:
    engine = collecting(lock(T1, WRITES_A), KVSWrite(T1, A, FIVE))
    assert left_of(engine) == [GENESIS, T1]


def test_a_released_write_forgets_nothing_and_a_later_read_sees_the_value_below_it() -> None:
    engine = collecting(lock(T1, WRITES_A), UpdateSeenAll(T1), KVSWrite(T1, A, None))
    assert left_of(engine) == [GENESIS, T1]
    engine = after(engine, lock(T2, READS_A))
    assert sent_by(taking(engine, UpdateSeenAll(T2))) == (answer(T2, GENESIS_DATUM, GENESIS),)


def test_an_unasked_lazy_read_keeps_the_version_that_it_may_see() -> None:
    engine = collecting(
        lock(T1, MAY_READ_A), lock(T2, WRITES_A), UpdateSeenAll(T2), KVSWrite(T2, A, FIVE)
    )
    assert left_of(engine) == [GENESIS, T1, T2]
    assert sent_by(taking(engine, wanted(T1))) == (answer(T1, GENESIS_DATUM, GENESIS),)
    assert left_of(after(engine, wanted(T1))) == [T2]
    assert left_of(after(engine, unwanted(T1))) == [T2]


def test_the_writers_own_unasked_read_keeps_the_version_before_its_write() -> None:
    label = TransactionLabel(lazy_reads=frozenset({A}), will_writes=frozenset({A}))
    engine = collecting(lock(T1, label), UpdateSeenAll(T1), KVSWrite(T1, A, FIVE))
    assert left_of(engine) == [GENESIS, T1]
    assert sent_by(taking(engine, wanted(T1))) == (answer(T1, GENESIS_DATUM, GENESIS),)


def test_a_pending_write_below_keeps_its_lock() -> None:
    engine = collecting(
        lock(T1, WRITES_A), lock(T2, WRITES_A), UpdateSeenAll(T2), KVSWrite(T2, A, FIVE)
    )
    assert left_of(engine) == [GENESIS, T1, T2]
    assert left_of(after(engine, KVSWrite(T1, A, SIX))) == [T2]


def test_locks_requests_and_writes_whose_markers_are_forgotten_are_repeats() -> None:
    both = TransactionLabel(lazy_reads=frozenset({A}), will_writes=frozenset({A}))
    engine = collecting(lock(T1, both), lock(T2, WRITES_A), UpdateSeenAll(T2), wanted(T1))
    engine = after(engine, KVSWrite(T1, A, SIX), KVSWrite(T2, A, FIVE))
    assert left_of(engine) == [T2]
    for body in (lock(T1, both), wanted(T1), unwanted(T1), KVSWrite(T1, A, SIX)):
        assert taking(engine, body) == unchanged(engine, IGNORE)


def test_what_has_to_wait_collects_nothing() -> None:
    assert taking(shard(family=COLLECTING_SHARD), KVSWrite(T1, A, FIVE)) is None
