"""Which write a read sees, and what can be forgotten without any read noticing."""

from itertools import chain

from hypothesis import given
from hypothesis import strategies as st
from pyrsistent import pmap

from spec.anoma.keyvalue import GENESIS, KVSDatum, KVSKey, Observation, TxFingerprint
from spec.anoma.label import TransactionLabel
from spec.anoma.shard.timeline import (
    Entry,
    ReadKind,
    ReadMarker,
    ReadStatus,
    Timeline,
    WriteKind,
    WriteMarker,
    WriteStatus,
    collectable_below,
    collected,
    entries_of,
    new_timeline,
    observation,
    pending_reads,
    reads,
    version_seen,
    writes,
)
from spec.formalism.identity import on_local_node

T1, T2, T3, T4, T5, T6 = (TxFingerprint(number) for number in range(1, 7))
FIRST, SECOND = on_local_node("executor.1"), on_local_node("executor.2")
WAITING, WRITTEN, RELEASED = WriteStatus.PENDING, WriteStatus.WRITTEN, WriteStatus.RELEASED
UNASKED, PENDING, SERVED = ReadStatus.UNASKED, ReadStatus.PENDING, ReadStatus.SERVED
NEVER = ReadStatus.RELEASED
GENESIS_WRITE = (GENESIS, WRITTEN)


def writing(status: WriteStatus, datum: int | None = None) -> WriteMarker:
    return WriteMarker(WriteKind.MAY, status, None if datum is None else KVSDatum(datum))


def reading(status: ReadStatus) -> ReadMarker:
    return ReadMarker(ReadKind.LAZY, status, FIRST)


def with_genesis(entries: dict[TxFingerprint, Entry]) -> Timeline:
    return pmap({**new_timeline(KVSDatum(7)), **entries})


def test_a_key_that_nobody_has_touched_holds_its_genesis_value() -> None:
    assert observation(new_timeline(KVSDatum(7)), T1) == Observation(KVSDatum(7), GENESIS)


def test_a_read_sees_the_newest_earlier_write() -> None:
    assert version_seen((GENESIS_WRITE, (T1, WRITTEN), (T2, WRITTEN), (T4, WRITTEN)), T4) == T2


def test_the_order_in_which_writes_are_listed_does_not_matter() -> None:
    assert version_seen(((T2, WRITTEN), (T1, WAITING), GENESIS_WRITE), T3) == T2


def test_a_read_does_not_see_the_write_of_its_own_transaction() -> None:
    assert version_seen((GENESIS_WRITE, (T1, WRITTEN), (T2, WRITTEN)), T2) == T1
    assert version_seen((GENESIS_WRITE, (T1, WRITTEN), (T2, WAITING)), T2) == T1


def test_a_pending_write_blocks_the_reads_after_it() -> None:
    assert version_seen((GENESIS_WRITE, (T1, WAITING)), T2) is None


def test_a_pending_write_does_not_block_reads_that_see_a_newer_one() -> None:
    assert version_seen((GENESIS_WRITE, (T1, WAITING), (T2, WRITTEN)), T3) == T2


def test_released_writes_are_skipped() -> None:
    assert version_seen((GENESIS_WRITE, (T1, WRITTEN), (T2, RELEASED), (T3, RELEASED)), T4) == T1


def test_behind_a_released_write_a_pending_one_still_blocks() -> None:
    assert version_seen((GENESIS_WRITE, (T1, WAITING), (T2, RELEASED)), T3) is None


def test_where_no_write_is_left_nothing_is_seen() -> None:
    assert version_seen(((T2, WRITTEN),), T2) is None
    assert observation(pmap(), T2) is None


def test_an_observation_names_the_value_and_its_writer() -> None:
    timeline = with_genesis({T1: Entry(write=writing(WRITTEN, 5))})
    assert observation(timeline, T2) == Observation(KVSDatum(5), T1)


def test_a_write_without_a_value_shows_nothing() -> None:
    assert observation(with_genesis({T1: Entry(write=writing(WRITTEN))}), T2) is None


def test_nothing_is_observed_while_the_write_is_pending() -> None:
    assert observation(with_genesis({T1: Entry(write=writing(WAITING))}), T2) is None


def test_reads_and_writes_are_listed_by_timestamp_each_without_the_other() -> None:
    timeline = with_genesis(
        {
            T3: Entry(reading(PENDING), writing(RELEASED)),
            T1: Entry(read=reading(SERVED)),
            T2: Entry(write=writing(WAITING)),
        }
    )
    assert reads(timeline) == ((T1, SERVED), (T3, PENDING))
    assert writes(timeline) == (GENESIS_WRITE, (T2, WAITING), (T3, RELEASED))


def test_only_reads_whose_executors_wait_are_pending_in_timestamp_order() -> None:
    timeline = with_genesis(
        {
            T5: Entry(read=reading(PENDING)),
            T1: Entry(ReadMarker(ReadKind.EAGER, PENDING, SECOND), writing(WAITING)),
            T2: Entry(read=reading(UNASKED)),
            T3: Entry(read=reading(SERVED)),
            T4: Entry(read=reading(NEVER)),
            T6: Entry(write=writing(WAITING)),
        }
    )
    assert pending_reads(timeline) == ((T1, SECOND), (T5, FIRST))


def test_a_lock_marks_every_key_of_its_label_in_all_the_ways_that_the_label_names() -> None:
    a, b, c, d = (KVSKey(name) for name in "abcd")
    label = TransactionLabel(frozenset({a}), frozenset({b}), frozenset({b, c}), frozenset({a, d}))
    eager = ReadMarker(ReadKind.EAGER, PENDING, FIRST)
    lazy = ReadMarker(ReadKind.LAZY, UNASKED, FIRST)
    will = WriteMarker(WriteKind.WILL, WAITING)
    may = WriteMarker(WriteKind.MAY, WAITING)
    assert entries_of(label, FIRST) == pmap(
        {a: Entry(eager, may), b: Entry(lazy, will), c: Entry(None, will), d: Entry(None, may)}
    )


def test_entries_older_than_the_newest_written_one_at_the_mark_can_be_collected() -> None:
    assert collectable_below((), (GENESIS_WRITE, (T1, WRITTEN), (T2, WRITTEN)), T2) == T2


def test_a_written_entry_above_the_mark_collects_nothing() -> None:
    assert collectable_below((), (GENESIS_WRITE, (T1, WRITTEN), (T2, WRITTEN)), T1) == T1


def test_a_released_write_collects_nothing_for_reads_skip_it() -> None:
    assert collectable_below((), (GENESIS_WRITE, (T1, WRITTEN), (T2, RELEASED)), T2) == T1


def test_a_pending_write_below_keeps_all_and_one_above_does_not() -> None:
    assert collectable_below((), (GENESIS_WRITE, (T1, WAITING), (T2, WRITTEN)), T2) == GENESIS
    assert collectable_below((), (GENESIS_WRITE, (T1, WRITTEN), (T2, WAITING)), T2) == T1


def test_where_nothing_is_written_all_is_kept() -> None:
    assert collectable_below((), (), T1) == GENESIS


def test_a_pending_or_unasked_read_below_keeps_all() -> None:
    written = (GENESIS_WRITE, (T2, WRITTEN))
    assert collectable_below(((T1, PENDING),), written, T2) == GENESIS
    assert collectable_below(((T1, UNASKED),), written, T2) == GENESIS


def test_a_served_or_released_read_below_keeps_nothing() -> None:
    written = (GENESIS_WRITE, (T2, WRITTEN))
    assert collectable_below(((T1, SERVED), (T2, NEVER)), written, T2) == T2


def test_an_open_read_of_the_writer_itself_keeps_all_for_it_sees_what_was_before() -> None:
    written = (GENESIS_WRITE, (T2, WRITTEN))
    assert collectable_below(((T2, PENDING),), written, T2) == GENESIS
    assert collectable_below(((T2, UNASKED),), written, T2) == GENESIS


def test_an_open_read_above_the_written_entry_keeps_nothing() -> None:
    written = (GENESIS_WRITE, (T2, WRITTEN))
    assert collectable_below(((T3, PENDING),), written, T3) == T2


def test_collecting_keeps_the_written_entry_itself_and_all_newer_ones() -> None:
    newest = Entry(write=writing(WRITTEN, 5))
    later = Entry(reading(PENDING), writing(WAITING))
    timeline = with_genesis({T1: Entry(reading(SERVED), writing(RELEASED)), T2: newest, T3: later})
    assert collected(timeline, T3) == pmap({T2: newest, T3: later})


def test_collecting_nothing_keeps_the_timeline_as_it_is() -> None:
    timeline = with_genesis({T1: Entry(read=reading(UNASKED)), T2: Entry(write=writing(WRITTEN))})
    assert collected(timeline, T3) == timeline


FINGERPRINTS = st.integers(1, 7).map(TxFingerprint)
WRITE_MARKERS = st.sampled_from(
    [None, writing(WAITING), writing(RELEASED), writing(WRITTEN, 1), writing(WRITTEN, 2)]
)
READ_MARKERS = st.sampled_from([None, *(reading(status) for status in ReadStatus)])
TIMELINES = st.dictionaries(FINGERPRINTS, st.builds(Entry, READ_MARKERS, WRITE_MARKERS)).map(
    with_genesis
)


def seen_by_walking_back(timeline: Timeline, at: TxFingerprint) -> Observation | None:
    """The naive model: from just before `at` go back one timestamp at a time."""
    for number in range(at - 1, -1, -1):
        version = TxFingerprint(number)
        write = timeline.get(version, Entry()).write
        if write is not None and write.status is not RELEASED:
            return None if write.datum is None else Observation(write.datum, version)
    return None


@given(TIMELINES, FINGERPRINTS)
def test_a_read_sees_what_walking_back_through_the_timeline_finds(
    timeline: Timeline, at: TxFingerprint
) -> None:
    assert observation(timeline, at) == seen_by_walking_back(timeline, at)


@given(TIMELINES, FINGERPRINTS)
def test_collecting_changes_no_observation_that_can_still_be_made(
    timeline: Timeline, seen_all: TxFingerprint
) -> None:
    left = collected(timeline, seen_all)
    unserved = (at for at, status in reads(timeline) if status in {PENDING, UNASKED})
    announced_later = (TxFingerprint(at) for at in range(seen_all + 1, 10))
    for at in chain(unserved, announced_later):
        assert observation(left, at) == observation(timeline, at)


@given(TIMELINES, FINGERPRINTS)
def test_collecting_forgets_nothing_that_is_still_open_and_collects_all_in_one_go(
    timeline: Timeline, seen_all: TxFingerprint
) -> None:
    left = collected(timeline, seen_all)
    gone = [timeline[at] for at in timeline if at not in left]
    assert [entry for entry in gone if entry.write and entry.write.status is WAITING] == []
    assert [entry for entry in gone if entry.read and entry.read.status in {PENDING, UNASKED}] == []
    assert collected(left, seen_all) == left
    assert pmap({at: timeline[at] for at in left}) == left
