"""Serializability, three times: as a run in timestamp order, as a graph, and read by read.

They are independent of each other: the first compares summaries with the sequential reference; the
second builds Adya's graph from the messages of shards and executors and knows no programs; the
third looks at each answer of a shard when it is given.
"""

from functools import lru_cache, partial

from attrs import evolve, frozen
from pyrsistent import PMap, pmap

from properties.anoma.text import summary_text
from properties.history import History, Item, Read, Status, TransactionId, Value
from properties.monitor import monitor, sent
from properties.property import Evidence, Kind, MonitorProperty
from properties.serializability import serializability
from properties.verdict import Violated
from spec.anoma.executor.messages import ExecuteTransaction, ExecutorFinished
from spec.anoma.keyvalue import GENESIS, KVSDatum, KVSKey, Observation, TxFingerprint
from spec.anoma.label import TransactionCandidate, writable
from spec.anoma.sequential import (
    UNTOUCHED,
    SequentialRun,
    Serializable,
    followed_by,
    genesis_store,
)
from spec.anoma.shard.behaviour import AnswerReads
from spec.anoma.shard.messages import KVSRead, KVSWrite
from spec.formalism.event import Record

_REMEMBERED = 1 << 14
"""How many verdicts on histories are kept."""


def equals_timestamp_order(genesis: PMap[KVSKey, KVSDatum]) -> MonitorProperty:
    """Every summary is that of running the transactions one at a time, in timestamp order."""
    start = SequentialRun(genesis_store(genesis))
    return monitor("execution equals timestamp order", Serializable.id, start, extended, deviation)


def extended(run: SequentialRun, record: Record) -> SequentialRun:
    """The sequential run with the transactions that were ordered in the step."""
    for message in sent(record, ExecuteTransaction):
        ordered = message.body
        if ordered.fingerprint == len(run.summaries) + 1:
            run = followed_by(run, TransactionCandidate(ordered.label, ordered.executable))
    return run


def deviation(run: SequentialRun, record: Record) -> Evidence | None:
    """A summary sent in the step that is not the one of the sequential run, if there is one."""
    for message in sent(record, ExecutorFinished):
        at, found = message.body.fingerprint, message.body.summary
        due = run.summaries[at - 1] if 0 < at <= len(run.summaries) else None
        if due is None:
            return Evidence(f"T{at} has finished, but was never ordered")
        if due != found:
            details = (f"one at a time: {summary_text(due)}", f"here: {summary_text(found)}")
            return Evidence(f"T{at} did not do what it does in timestamp order", details)
    return None


def with_record(history: History, record: Record) -> History:
    """The history with the answers of shards, the writes and the ends of transactions of a step."""
    for message in record.sent:
        history = _with_answer_write_or_end(history, message.body)
    return history


def _with_answer_write_or_end(history: History, body: object) -> History:
    match body:
        case KVSRead(fingerprint, key, seen):
            read = Read(Item(key), TransactionId(seen.version), Value(seen.datum))
            return history.with_read(TransactionId(fingerprint), read)
        case KVSWrite(fingerprint, key, int() as datum):
            return history.with_write(TransactionId(fingerprint), Item(key), Value(datum))
        case ExecutorFinished(fingerprint, summary):
            status = Status.ABORTED if summary.failure else Status.COMMITTED
            return history.with_status(TransactionId(fingerprint), status)
        case _:
            return history


@lru_cache(maxsize=_REMEMBERED)
def unserializable(history: History) -> Evidence | None:
    """Why the committed transactions of a history could not have run one at a time, if so."""
    verdict = serializability(history)
    return verdict.evidence if isinstance(verdict, Violated) else None


HISTORY_IS_SERIALIZABLE = MonitorProperty(
    "history is serializable",
    Serializable.id,
    Kind.ALWAYS,
    History(),
    with_record,
    unserializable,
)
"""The direct serialization graph of the committed transactions has no cycle."""


@frozen(cache_hash=True)
class Writes:
    """What is known of the writes of a run."""

    announced: PMap[KVSKey, frozenset[TxFingerprint]] = pmap()
    """The transactions that have been ordered and may write a key."""
    resolved: PMap[tuple[TxFingerprint, KVSKey], KVSDatum | None] = pmap()
    """What they have written to a key; nothing where they will not write it."""


def reads_see_latest_write(genesis: PMap[KVSKey, KVSDatum]) -> MonitorProperty:
    """What a shard answers is the last earlier write, and none of those is outstanding."""
    find = partial(stale_read, genesis)
    return monitor(
        "reads see the latest earlier write", AnswerReads.id, Writes(), with_writes, find
    )


def with_writes(writes: Writes, record: Record) -> Writes:
    """What is known of the writes after a step."""
    for message in record.sent:
        writes = _with_order_or_write(writes, message.body)
    return writes


def _with_order_or_write(writes: Writes, body: object) -> Writes:
    match body:
        case ExecuteTransaction(fingerprint, _, label):
            announced = writes.announced
            for key in writable(label):
                known = announced.get(key, frozenset[TxFingerprint]())
                announced = announced.set(key, known | {fingerprint})
            return evolve(writes, announced=announced)
        case KVSWrite(fingerprint, key, datum):
            return evolve(writes, resolved=writes.resolved.set((fingerprint, key), datum))
        case _:
            return writes


def stale_read(genesis: PMap[KVSKey, KVSDatum], writes: Writes, record: Record) -> Evidence | None:
    """An answer in the step that is not the latest earlier write, if there is one."""
    for message in sent(record, KVSRead):
        at, key, seen = message.body.fingerprint, message.body.key, message.body.observation
        due = latest_before(genesis, writes, key, at)
        if due is None:
            return Evidence(f"T{at} was answered {key} before all earlier writes of it were known")
        if due != seen:
            latest = f"the latest earlier write is {due.datum} (version {due.version})"
            return Evidence(f"T{at} read {key} = {seen.datum} (version {seen.version}), {latest}")
    return None


def latest_before(
    genesis: PMap[KVSKey, KVSDatum], writes: Writes, key: KVSKey, at: TxFingerprint
) -> Observation | None:
    """The latest write of a key before a timestamp; nothing while it may be outstanding."""
    announced = writes.announced.get(key, frozenset[TxFingerprint]())
    for writer in sorted(announced, reverse=True):
        if writer < at:
            if (writer, key) not in writes.resolved:
                return None
            datum = writes.resolved[writer, key]
            if datum is not None:
                return Observation(datum, writer)
    return Observation(genesis.get(key, UNTOUCHED.datum), GENESIS)
