"""Contracts on the timeline of a key: which write a read sees, and what may be collected."""

from spec.anoma.keyvalue import GENESIS
from spec.anoma.shard import timeline
from spec.anoma.shard.timeline import ReadStatus, WriteStatus, collectable_below, version_seen
from tests.contracts.contract import Contract
from tests.contracts.nominal import TxFingerprint

Writes = tuple[tuple[TxFingerprint, WriteStatus], ...]
"""The writes of a key."""

Reads = tuple[tuple[TxFingerprint, ReadStatus], ...]
"""The reads of a key."""

OPEN = (ReadStatus.PENDING, ReadStatus.UNASKED)
"""Statuses of reads whose value may still be wanted."""


def a_read_sees_a_value_written_before_it(written: Writes, at: TxFingerprint) -> None:
    """What is seen is there, and older than the read."""
    assert len(written) <= 3
    seen = version_seen(written, at)
    assert seen is None or (seen < at and (seen, WriteStatus.WRITTEN) in written)


def seen_at_its_own_timestamp(written: Writes, at: TxFingerprint) -> TxFingerprint | None:
    """A wrong version: a transaction sees what it writes itself."""
    return timeline.version_seen(written, TxFingerprint(at + 1))


def nothing_unreleased_lies_between_a_read_and_what_it_sees(
    written: Writes, at: TxFingerprint
) -> None:
    """What is seen is the newest, but for what was released."""
    assert len(written) <= 3
    assert len({when for when, _ in written}) == len(written)
    seen = version_seen(written, at)
    assert seen is None or not any(
        seen < when < at and status is not WriteStatus.RELEASED for when, status in written
    )


def seen_past_pending_writes(written: Writes, at: TxFingerprint) -> TxFingerprint | None:
    """A wrong version: a read does not wait for writes that are still to come."""
    return max(
        (when for when, how in written if when < at and how is WriteStatus.WRITTEN), default=None
    )


def a_read_waits_only_for_a_pending_write_before_it(written: Writes, at: TxFingerprint) -> None:
    """Where something is written before a read, nothing but a pending write keeps it from an answer."""
    assert len(written) <= 3
    assert any(when < at and status is WriteStatus.WRITTEN for when, status in written)
    pending = any(when < at and status is WriteStatus.PENDING for when, status in written)
    assert version_seen(written, at) is not None or pending


def seen_unless_released(written: Writes, at: TxFingerprint) -> TxFingerprint | None:
    """A wrong version: a released write hides those below it."""
    before = [entry for entry in written if entry[0] < at]
    version, status = max(before, key=lambda entry: entry[0], default=(at, WriteStatus.RELEASED))
    return version if status is WriteStatus.WRITTEN else None


def a_read_sees_what_a_walk_down_the_timeline_finds(written: Writes, at: TxFingerprint) -> None:
    """It is the first unreleased write on the way down, if that one is written."""
    assert len(written) <= 3
    assert 0 <= at <= 4
    assert all(0 <= when <= 4 for when, _ in written)
    assert len({when for when, _ in written}) == len(written)
    assert version_seen(written, at) == walked_down(written, at)


def walked_down(written: Writes, at: TxFingerprint) -> int | None:
    """What a walk down from a timestamp finds."""
    for version in range(at - 1, -1, -1):
        for when, status in written:
            if when == version and status is not WriteStatus.RELEASED:
                return version if status is WriteStatus.WRITTEN else None
    return None


def collection_stops_at_a_written_value_within_the_mark(
    reads: Reads, written: Writes, mark: TxFingerprint
) -> None:
    """What everything below goes for is a written value at or below the mark, or GENESIS."""
    assert len(written) <= 2
    assert len(reads) <= 1
    assert mark >= GENESIS
    assert all(when >= GENESIS for when, _ in written)
    oldest = collectable_below(reads, written, mark)
    assert GENESIS <= oldest <= mark
    assert oldest == GENESIS or (oldest, WriteStatus.WRITTEN) in written


def collected_up_to_the_newest(reads: Reads, written: Writes, mark: TxFingerprint) -> TxFingerprint:
    """A wrong version: the mark does not count."""
    top = max((when for when, _ in written), default=mark)
    return timeline.collectable_below(reads, written, max(top, mark))


def nothing_open_is_collected(reads: Reads, written: Writes, mark: TxFingerprint) -> None:
    """Below what is kept, no write is pending and no read is open."""
    assert len(written) <= 2
    assert len(reads) <= 1
    assert mark >= GENESIS
    assert all(when >= GENESIS for when, _ in written)
    assert all(when > GENESIS for when, _ in reads)
    oldest = collectable_below(reads, written, mark)
    assert not any(when < oldest and status is WriteStatus.PENDING for when, status in written)
    assert not any(when < oldest and status in OPEN for when, status in reads)


def collected_under_unasked_reads(
    reads: Reads, written: Writes, mark: TxFingerprint
) -> TxFingerprint:
    """A wrong version: a lazy read that nobody has asked for yet keeps nothing."""
    asked = tuple(each for each in reads if each[1] is not ReadStatus.UNASKED)
    return timeline.collectable_below(asked, written, mark)


def collection_changes_nothing_for_reads_above_the_mark(
    written: Writes, mark: TxFingerprint, at: TxFingerprint
) -> None:
    """Whoever reads above the mark sees the same, before and after."""
    assert len(written) <= 3
    assert GENESIS <= mark < at
    assert all(when >= GENESIS for when, _ in written)
    assert len({when for when, _ in written}) == len(written)
    oldest = collectable_below((), written, mark)
    left = tuple(each for each in written if each[0] >= oldest)
    assert version_seen(left, at) == version_seen(written, at)


def collected_below_the_mark(reads: Reads, written: Writes, mark: TxFingerprint) -> TxFingerprint:
    """A wrong version: whatever lies below the mark is collected."""
    return TxFingerprint(timeline.collectable_below(reads, written, mark) and mark)


def collection_changes_nothing_for_an_open_read(
    written: Writes, mark: TxFingerprint, at: TxFingerprint, status: ReadStatus
) -> None:
    """A read that is open sees the same before and after, wherever the mark is."""
    assert len(written) <= 2
    assert mark >= GENESIS
    assert at > GENESIS
    assert status in OPEN
    assert all(when >= GENESIS for when, _ in written)
    assert len({when for when, _ in written}) == len(written)
    oldest = collectable_below(((at, status),), written, mark)
    left = tuple(each for each in written if each[0] >= oldest)
    assert version_seen(left, at) == version_seen(written, at)


CONTRACTS = (
    Contract(
        a_read_sees_a_value_written_before_it,
        "version_seen",
        seen_at_its_own_timestamp,
        "up to 3 writes, at any timestamps",
        short=True,
    ),
    Contract(
        nothing_unreleased_lies_between_a_read_and_what_it_sees,
        "version_seen",
        seen_past_pending_writes,
        "up to 3 writes, at any timestamps",
    ),
    Contract(
        a_read_waits_only_for_a_pending_write_before_it,
        "version_seen",
        seen_unless_released,
        "up to 3 writes, at any timestamps",
    ),
    Contract(
        a_read_sees_what_a_walk_down_the_timeline_finds,
        "version_seen",
        seen_unless_released,
        "up to 3 writes, timestamps from 0 to 4",
    ),
    Contract(
        collection_stops_at_a_written_value_within_the_mark,
        "collectable_below",
        collected_up_to_the_newest,
        "up to 2 writes and 1 read, at any timestamps",
    ),
    Contract(
        nothing_open_is_collected,
        "collectable_below",
        collected_under_unasked_reads,
        "up to 2 writes and 1 read, at any timestamps",
    ),
    Contract(
        collection_changes_nothing_for_reads_above_the_mark,
        "collectable_below",
        collected_below_the_mark,
        "up to 3 writes, at any timestamps",
    ),
    Contract(
        collection_changes_nothing_for_an_open_read,
        "collectable_below",
        collected_under_unasked_reads,
        "up to 2 writes and 1 read, at any timestamps",
    ),
)
"""The contracts of this module."""
