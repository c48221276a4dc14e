"""Waves: who becomes ready together when only reading what another writes makes one wait.

By the labels, a read waits for the newest earlier transaction that will write its key, and for those
after it that may write it. A transaction is in the first wave when it waits for nobody, and otherwise in
the one after the latest of those that it waits for.

In a run, it waits for the one whose write it sees and for those after it that could have written: one
that may write and does relieves it of all earlier ones, and one that fails leaves them to be waited for.
"""

from collections.abc import Iterable, Iterator
from functools import partial

from attrs import evolve, frozen
from pyrsistent import PMap, PVector, pmap, pvector

from properties.monitor import consumed, monitor, sent
from properties.property import Evidence, MonitorProperty
from spec.anoma.executor.messages import ExecuteTransaction, ExecutorFinished
from spec.anoma.keyvalue import KVSKey, TxFingerprint
from spec.anoma.label import TransactionLabel, readable, writable
from spec.anoma.shard.behaviour import AnswerReads
from spec.formalism.event import Record

Labels = PVector[TransactionLabel]
"""The labels of the transactions 1, 2, 3…"""

NO_LABELS: Labels = pvector()
"""Before the first transaction."""


def awaited(
    labels: Iterable[TransactionLabel], at: TxFingerprint, key: KVSKey
) -> frozenset[TxFingerprint]:
    """The earlier transactions that a read of a key at a timestamp waits for."""
    waits: set[TxFingerprint] = set()
    earlier = tuple(labels)[: at - 1]
    for number in range(len(earlier), 0, -1):
        if key in writable(earlier[number - 1]):
            waits.add(TxFingerprint(number))
        if key in earlier[number - 1].will_writes:
            break
    return frozenset(waits)


def waves(labels: tuple[TransactionLabel, ...]) -> tuple[frozenset[TxFingerprint], ...]:
    """The waves in which the transactions with these labels, in timestamp order, become ready.

    It is supposed that they read all that they may, and write all that they will.
    """
    place: dict[TxFingerprint, int] = {}
    for number, label in enumerate(labels, start=1):
        at = TxFingerprint(number)
        waits = {each for key in readable(label) for each in awaited(labels, at, key)}
        place[at] = 1 + max((place[each] for each in waits), default=-1)
    return tuple(
        frozenset(at for at in place if place[at] == wave)
        for wave in range(max(place.values(), default=-1) + 1)
    )


@frozen(cache_hash=True)
class Progress:
    """Which transactions have been ordered, and in which wave those that finished became ready."""

    labels: Labels = NO_LABELS
    """The labels of all that have been ordered."""
    ready: PMap[TxFingerprint, int] = pmap()
    """The waves of those that have finished, the first one 0."""


def with_progress(progress: Progress, record: Record) -> Progress:
    """Who has been ordered and has finished after a step."""
    labels, ready = progress.labels, progress.ready
    for order in sent(record, ExecuteTransaction):
        if order.body.fingerprint == len(labels) + 1:
            labels = labels.append(order.body.label)
    for end in finished_in(record):
        read_from = (seen.version for seen in end.summary.values_read.values())
        wave = 1 + max((ready.get(version, -1) for version in read_from), default=-1)
        ready = ready.set(end.fingerprint, wave)
    if labels is progress.labels and ready is progress.ready:
        return progress
    return evolve(progress, labels=labels, ready=ready)


def finished_in(record: Record) -> Iterator[ExecutorFinished]:
    """The ends of transactions of a step; not what a pool passes on."""
    ends = () if consumed(record, ExecutorFinished) else sent(record, ExecutorFinished)
    return (message.body for message in ends)


def early_end(progress: Progress, record: Record) -> Evidence | None:
    """A transaction that finishes in the step before one that a read of it has to wait for, if any."""
    for end in finished_in(record):
        read = end.summary.values_read
        for key in sorted(read):
            for writer in writers(progress.labels, key, read[key].version, end.fingerprint):
                if writer not in progress.ready:
                    line = f"T{end.fingerprint} has read {key} and finished before T{writer}"
                    return Evidence(f"{line}, which may write it")
    return None


def writers(
    labels: Labels, key: KVSKey, seen: TxFingerprint, at: TxFingerprint
) -> Iterator[TxFingerprint]:
    """Those that could write a key from the write that a read at a timestamp saw up to the read."""
    for number, label in enumerate(labels[: at - 1], start=1):
        if number >= seen and key in writable(label):
            yield TxFingerprint(number)


DEPENDENTS_FINISH_LATER = monitor(
    "no transaction finishes before those whose writes it waits for",
    AnswerReads.id,
    Progress(),
    with_progress,
    early_end,
)
"""Only reads that the program consumed count."""


def ready_in(expected: tuple[frozenset[TxFingerprint], ...]) -> MonitorProperty:
    """Every transaction becomes ready in its wave: the one after those whose writes it read."""
    return monitor(
        "transactions become ready in the expected waves",
        AnswerReads.id,
        Progress(),
        with_progress,
        partial(other_wave, expected),
    )


def other_wave(
    expected: tuple[frozenset[TxFingerprint], ...], progress: Progress, record: Record
) -> Evidence | None:
    """A transaction that finishes in the step and became ready in another wave, if there is one."""
    after = with_progress(progress, record)
    for end in finished_in(record):
        wave = after.ready[end.fingerprint]
        if wave >= len(expected) or end.fingerprint not in expected[wave]:
            return Evidence(f"T{end.fingerprint} became ready in wave {wave + 1}, not its own")
    return None
