"""What executors say at the end: that it is true, and that it reaches whom it should."""

from attrs import evolve, frozen
from pyrsistent import PMap, PSet, pmap, pset

from properties.anoma.text import summary_text
from properties.monitor import consumed, monitor, sent
from properties.property import Evidence
from spec.anoma.executor.behaviour import FinishTransaction
from spec.anoma.executor.messages import (
    ExecuteTransaction,
    ExecutionSummary,
    ExecutorFinished,
)
from spec.anoma.keyvalue import KVSDatum, KVSKey, Observation, TxFingerprint
from spec.anoma.label import TransactionCandidate
from spec.anoma.sequential import executed
from spec.anoma.shard.messages import KVSRead, KVSWrite
from spec.formalism.clauses import Absorb
from spec.formalism.event import Record
from spec.formalism.identity import EngineId


@frozen(cache_hash=True)
class Inputs:
    """What an executor that has not finished has taken and done."""

    transaction: ExecuteTransaction | None = None
    """What it executes, once it knows."""
    reads: PMap[KVSKey, Observation] = pmap()
    """The values that it has taken, the first of each key."""
    writes: PMap[KVSKey, KVSDatum] = pmap()
    """The effective writes that it has sent, the last of each key."""


Underway = PMap[TxFingerprint, Inputs]
"""What the transactions have taken and done that have not finished."""

NOBODY_UNDERWAY: Underway = pmap()
"""Before the first transaction."""


def with_inputs(underway: Underway, record: Record) -> Underway:
    """What is known after a step; of transactions that finished in it, nothing."""
    underway = gathered(underway, record)
    for message in sent(record, ExecutorFinished):
        underway = underway.discard(message.body.fingerprint)
    return underway


def gathered(underway: Underway, record: Record) -> Underway:
    """What is known within a step, after everything that was taken and sent in it."""
    start, read = consumed(record, ExecuteTransaction), consumed(record, KVSRead)
    if Absorb.id in record.fired:
        return underway
    if start is not None:
        known = underway.get(start.body.fingerprint, Inputs())
        underway = underway.set(start.body.fingerprint, evolve(known, transaction=start.body))
    if read is not None:
        known = underway.get(read.body.fingerprint, Inputs())
        if read.body.key not in known.reads:
            reads = known.reads.set(read.body.key, read.body.observation)
            underway = underway.set(read.body.fingerprint, evolve(known, reads=reads))
    for message in sent(record, KVSWrite):
        if message.body.datum is not None:
            known = underway.get(message.body.fingerprint, Inputs())
            writes = known.writes.set(message.body.key, message.body.datum)
            underway = underway.set(message.body.fingerprint, evolve(known, writes=writes))
    return underway


def untrue_summary(underway: Underway, record: Record) -> Evidence | None:
    """A summary that lists other inputs or writes than there were, if one was sent in the step.

    The inputs are those that the program consumes when it is run again on what its executor took.
    """
    for at, summary in finished_in(record):
        known = gathered(underway, record).get(at, Inputs())
        if known.transaction is None:
            return Evidence(f"T{at} has finished, but was never started")
        candidate = TransactionCandidate(known.transaction.label, known.transaction.executable)
        inputs = executed(candidate, known.reads).values_read
        if inputs != summary.values_read or known.writes != summary.values_written:
            due = ExecutionSummary(summary.failure, inputs, known.writes)
            details = (f"it did: {summary_text(due)}", f"it says: {summary_text(summary)}")
            return Evidence(f"the summary of T{at} is not what it did", details)
    return None


SUMMARY_IS_TRUE = monitor(
    "a summary lists every input consumed and every effective write, nothing else",
    FinishTransaction.id,
    NOBODY_UNDERWAY,
    with_inputs,
    untrue_summary,
)
"""The program is run again on what arrived; the writes are those that were sent to shards."""


Writers = PSet[TxFingerprint]
"""The transactions that have sent effective writes and have not finished."""

NO_WRITERS: Writers = pset()
"""Before the first write."""


def with_writers(writers: Writers, record: Record) -> Writers:
    """Who has sent effective writes and has not finished after a step."""
    finished = {message.body.fingerprint for message in sent(record, ExecutorFinished)}
    for writer in effective_writers(record) - finished:
        writers = writers.add(writer)
    for writer in finished:
        writers = writers.discard(writer)
    return writers


def effective_writers(record: Record) -> frozenset[TxFingerprint]:
    """The transactions that sent values to shards in a step."""
    writes = (message.body for message in sent(record, KVSWrite))
    return frozenset(write.fingerprint for write in writes if write.datum is not None)


def write_of_failed(writers: Writers, record: Record) -> Evidence | None:
    """A transaction that failed in the step and has written, or says so, if there is one."""
    for at, summary in finished_in(record):
        if summary.failure is not None and summary.values_written:
            return Evidence(f"T{at} failed, and says that it wrote", (summary_text(summary),))
        if summary.failure is not None and at in writers.update(effective_writers(record)):
            return Evidence(f"T{at} failed, and has written", (summary_text(summary),))
    return None


FAILED_WRITES_NOTHING = monitor(
    "a failed transaction writes nothing",
    FinishTransaction.id,
    NO_WRITERS,
    with_writers,
    write_of_failed,
)
"""Neither before it failed nor with its end, and its summary says so."""


@frozen(cache_hash=True)
class Debts:
    """Who is still to be told of which transaction, and by whom."""

    owed: PMap[tuple[TxFingerprint, EngineId], frozenset[EngineId]] = pmap()
    """By transaction and teller, whom that one has to tell."""
    said: PMap[TxFingerprint, ExecutionSummary] = pmap()
    """What was said of transactions of which somebody is still to be told."""


def with_debts(debts: Debts, record: Record) -> Debts:
    """Who is to be told after a step.

    Whoever gets a transaction to execute has to tell those whom it names. When a pool hands it on,
    its executor tells the issuer and the pool, and the pool no more than the worker. Who tells
    somebody tells all of them in that step, or else `misaddressed` finds it.
    """
    owed, said = debts.owed, debts.said
    for message in sent(record, ExecuteTransaction):
        at, issuer = message.body.fingerprint, message.body.issuer
        if (at, message.sender) in owed:
            owed = owed.set((at, message.sender), owed[at, message.sender] - {issuer})
        owed = owed.set((at, message.target), frozenset({message.body.worker, issuer}))
    for told in sent(record, ExecutorFinished):
        at = told.body.fingerprint
        owed = owed.discard((at, told.sender))
        said = said.set(at, told.body.summary)
    for at in said:
        if not any(fingerprint == at for fingerprint, _ in owed):
            said = said.discard(at)
    return debts if (owed, said) == (debts.owed, debts.said) else Debts(owed, said)


def misaddressed(debts: Debts, record: Record) -> Evidence | None:
    """A summary in the step that went to too few, too many, or is another one, if any."""
    owed, said = dict(debts.owed), dict(debts.said)
    for message in sent(record, ExecutorFinished):
        at, teller = message.body.fingerprint, message.sender
        due = owed.get((at, teller), frozenset[EngineId]())
        if message.target not in due:
            return Evidence(f"{teller} told {message.target} of T{at} again, or unasked")
        if said.setdefault(at, message.body.summary) != message.body.summary:
            details = (summary_text(said[at]), summary_text(message.body.summary))
            return Evidence(f"not everybody is told the same of T{at}", details)
        owed[at, teller] = due - {message.target}
    for message in sent(record, ExecutorFinished):
        left = sorted(owed[message.body.fingerprint, message.sender])
        if left:
            return Evidence(
                f"{message.sender} did not tell {left[0]} of T{message.body.fingerprint}"
            )
    return None


SUMMARY_REACHES_BOTH = monitor(
    "the summary reaches worker and issuer once each and is the same",
    FinishTransaction.id,
    Debts(),
    with_debts,
    misaddressed,
)
"""Sends count, not receipts; that it is sent at all is judged at rest."""


def finished_in(record: Record) -> tuple[tuple[TxFingerprint, ExecutionSummary], ...]:
    """The transactions that finished in a step, with their summaries; not what a pool passes on."""
    if consumed(record, ExecutorFinished):
        return ()
    return tuple(
        (message.body.fingerprint, message.body.summary)
        for message in sent(record, ExecutorFinished)
    )
