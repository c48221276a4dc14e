"""The timeline of one key: who reads it and who writes it, in timestamp order."""

from enum import Enum

from attrs import evolve, frozen
from pyrsistent import PMap, pmap

from spec.anoma.keyvalue import GENESIS, KVSDatum, KVSKey, Observation, TxFingerprint
from spec.anoma.label import TransactionLabel
from spec.formalism.identity import EngineId


class ReadKind(Enum):
    """How a transaction announced that it reads."""

    EAGER = "eager"
    """It will read."""
    LAZY = "lazy"
    """It may read, and says so when it does."""


class ReadStatus(Enum):
    """How far a read has got."""

    UNASKED = "unasked"
    """Nobody knows yet whether it will happen."""
    PENDING = "pending"
    """The executor waits for the value."""
    SERVED = "served"
    """The value was sent."""
    RELEASED = "released"
    """It will not happen."""


class WriteKind(Enum):
    """How a transaction announced that it writes."""

    WILL = "will"
    """It will write, unless it fails."""
    MAY = "may"
    """It may write."""


class WriteStatus(Enum):
    """How far a write has got."""

    PENDING = "pending"
    """The value, or that there is none, is still to come."""
    WRITTEN = "written"
    """The value is there."""
    RELEASED = "released"
    """There is none."""


@frozen
class ReadMarker:
    """A transaction's read of the key."""

    kind: ReadKind
    """How it was announced."""
    status: ReadStatus
    """How far it has got."""
    executor: EngineId
    """Who is to have the value."""


@frozen
class WriteMarker:
    """A transaction's write of the key."""

    kind: WriteKind
    """How it was announced."""
    status: WriteStatus
    """How far it has got."""
    datum: KVSDatum | None = None
    """The value, once it is written."""


@frozen
class Entry:
    """What one transaction does to the key."""

    read: ReadMarker | None = None
    """Its read, if it reads."""
    write: WriteMarker | None = None
    """Its write, if it writes."""


Timeline = PMap[TxFingerprint, Entry]
"""The entries of one key, by the timestamps of their transactions."""


def new_timeline(genesis: KVSDatum) -> Timeline:
    """The timeline of a key that nobody has touched: it holds its value at GENESIS."""
    return pmap({GENESIS: Entry(write=WriteMarker(WriteKind.WILL, WriteStatus.WRITTEN, genesis))})


def observation(timeline: Timeline, at: TxFingerprint) -> Observation | None:
    """What a read at a timestamp sees; nothing while the write that it sees is pending."""
    version = version_seen(writes(timeline), at)
    if version is None:
        return None
    write = timeline[version].write
    return None if write is None or write.datum is None else Observation(write.datum, version)


def version_seen(
    written: tuple[tuple[TxFingerprint, WriteStatus], ...], at: TxFingerprint
) -> TxFingerprint | None:
    """The timestamp of the write that a read at `at` sees; nothing while that one is pending.

    It is the newest write before `at` that is not released.
    """
    before = [entry for entry in written if entry[0] < at and entry[1] is not WriteStatus.RELEASED]
    if not before:
        return None
    version, status = max(before, key=lambda entry: entry[0])
    return version if status is WriteStatus.WRITTEN else None


def collectable_below(
    reads: tuple[tuple[TxFingerprint, ReadStatus], ...],
    written: tuple[tuple[TxFingerprint, WriteStatus], ...],
    seen_all: TxFingerprint,
) -> TxFingerprint:
    """The timestamp below which no entry is needed any more; GENESIS if all are.

    It is that of the newest written entry at or below the mark, provided that no write below it is
    pending and no read at or below it is pending or unasked.
    """
    newest = max(
        (at for at, status in written if at <= seen_all and status is WriteStatus.WRITTEN),
        default=GENESIS,
    )
    unresolved = any(at < newest and status is WriteStatus.PENDING for at, status in written)
    open_read = {ReadStatus.PENDING, ReadStatus.UNASKED}
    unread = any(at <= newest and status in open_read for at, status in reads)
    return GENESIS if unresolved or unread else newest


def writes(timeline: Timeline) -> tuple[tuple[TxFingerprint, WriteStatus], ...]:
    """The statuses of the writes of a key, in timestamp order."""
    return tuple(
        (at, write.status) for at in sorted(timeline) if (write := timeline[at].write) is not None
    )


def reads(timeline: Timeline) -> tuple[tuple[TxFingerprint, ReadStatus], ...]:
    """The statuses of the reads of a key, in timestamp order."""
    return tuple(
        (at, read.status) for at in sorted(timeline) if (read := timeline[at].read) is not None
    )


def entries_of(label: TransactionLabel, executor: EngineId) -> PMap[KVSKey, Entry]:
    """The markers that a lock with this label puts into the timelines of its keys."""
    entries: PMap[KVSKey, Entry] = pmap()
    reads_announced = (
        (label.eager_reads, ReadMarker(ReadKind.EAGER, ReadStatus.PENDING, executor)),
        (label.lazy_reads, ReadMarker(ReadKind.LAZY, ReadStatus.UNASKED, executor)),
    )
    writes_announced = (
        (label.will_writes, WriteMarker(WriteKind.WILL, WriteStatus.PENDING)),
        (label.may_writes, WriteMarker(WriteKind.MAY, WriteStatus.PENDING)),
    )
    for keys, read in reads_announced:
        for key in keys:
            entries = entries.set(key, Entry(read=read))
    for keys, write in writes_announced:
        for key in keys:
            entries = entries.set(key, evolve(entries.get(key, Entry()), write=write))
    return entries


def pending_reads(timeline: Timeline) -> tuple[tuple[TxFingerprint, EngineId], ...]:
    """The reads of a key whose executors wait for the value, in timestamp order."""
    return tuple(
        (at, read.executor)
        for at in sorted(timeline)
        if (read := timeline[at].read) is not None and read.status is ReadStatus.PENDING
    )


def collected(timeline: Timeline, seen_all: TxFingerprint) -> Timeline:
    """The timeline without the entries that nobody can need any more."""
    oldest = collectable_below(reads(timeline), writes(timeline), seen_all)
    return pmap({at: entry for at, entry in timeline.items() if at >= oldest})
