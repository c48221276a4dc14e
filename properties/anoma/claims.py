"""What a scenario is sure to show in some run of it.

A witness that a complete search has not met speaks against the model. So only such witnesses are
claimed that some schedule shows, with arrival "given" or "any", unordered or fifo, where each
transaction has an executor of its own.
"""

from collections.abc import Iterator

from pyrsistent import PMap, pmap

from properties.anoma.witnesses import (
    A_LAZY_READ_IS_SERVED,
    A_MAY_WRITE_IS_RELEASED,
    A_READ_WAITS,
    A_READ_WAITS_FOR_A_WRITE,
    A_TRANSACTION_FAILS,
    SOMETHING_OVERTAKES_ITS_LOCK,
    TWO_AT_ONCE,
)
from properties.property import Property
from spec.anoma.executor.environment import Ended, Idle, Running, started
from spec.anoma.executor.messages import ExecuteTransaction, ExecutionSummary
from spec.anoma.keyvalue import KVSDatum, KVSKey, TxFingerprint
from spec.anoma.label import TransactionCandidate, fault_of, writable
from spec.anoma.sequential import sequential
from spec.formalism.identity import on_local_node

NO_GENESIS: PMap[KVSKey, KVSDatum] = pmap()
"""Every key holds 0."""

NOBODY = on_local_node("nobody")
"""Stands for the worker and issuer of a transaction that is only tried out."""


def witnesses(
    candidates: tuple[TransactionCandidate, ...],
    genesis: PMap[KVSKey, KVSDatum] = NO_GENESIS,
) -> tuple[Property, ...]:
    """What some run of these transactions, requested in this order, shows."""
    taken = tuple(each for each in candidates if fault_of(each.label) is None)
    summaries = sequential(taken, genesis).summaries
    alone = tuple(begun(each) for each in taken)
    return (
        *((TWO_AT_ONCE,) if sum(isinstance(each, Running) for each in alone) > 1 else ()),
        *((A_READ_WAITS,) if any(each.label.eager_reads for each in taken) else ()),
        *((A_READ_WAITS_FOR_A_WRITE,) if any(_reads_after_write(taken)) else ()),
        *_shown_by_runs(taken, summaries),
        *((SOMETHING_OVERTAKES_ITS_LOCK,) if any(map(resolves_at_once, alone)) else ()),
    )


def _shown_by_runs(
    taken: tuple[TransactionCandidate, ...], summaries: tuple[ExecutionSummary, ...]
) -> Iterator[Property]:
    """What the runs of the programs show, one at a time in this order."""
    runs = tuple(zip((each.label for each in taken), summaries, strict=True))
    if any(label.lazy_reads & {*summary.values_read} for label, summary in runs):
        yield A_LAZY_READ_IS_SERVED
    if any(label.may_writes - {*summary.values_written} for label, summary in runs):
        yield A_MAY_WRITE_IS_RELEASED
    if any(summary.failure for summary in summaries):
        yield A_TRANSACTION_FAILS


def _reads_after_write(taken: tuple[TransactionCandidate, ...]) -> Iterator[bool]:
    """For every transaction, whether it is sure to read what an earlier one may write."""
    written: frozenset[KVSKey] = frozenset()
    for each in taken:
        yield bool(written & each.label.eager_reads)
        written |= writable(each.label)


def begun(candidate: TransactionCandidate) -> Running | Ended:
    """How far a transaction gets before any read has arrived."""
    transaction = ExecuteTransaction(
        TxFingerprint(1), candidate.executable, candidate.label, NOBODY, NOBODY
    )
    return started(Idle(), transaction)


def resolves_at_once(alone: Running | Ended) -> bool:
    """Whether a transaction tells shards something before any of them has answered it."""
    if isinstance(alone, Running):
        return bool(alone.requested)
    label = alone.run.transaction.label
    return bool(writable(label) | label.lazy_reads)
