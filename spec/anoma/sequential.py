"""The sequential reference: transactions executed one by one, in timestamp order, on one store."""

from collections.abc import Iterable

from attrs import frozen
from pyrsistent import PMap, pmap

from spec.anoma.executor.messages import ExecutionSummary
from spec.anoma.keyvalue import GENESIS, KVSDatum, KVSKey, Observation, TxFingerprint
from spec.anoma.label import TransactionCandidate, readable, writable
from spec.anoma.runnable import (
    Aborted,
    Failure,
    FailureKind,
    Input,
    Output,
    ReadRequest,
    ReadValue,
    Start,
)
from spec.formalism.rule import Clause, RuleId, Source, Text

Store = PMap[KVSKey, Observation]
"""The value of each key, with who wrote it; other keys hold 0 since GENESIS."""

UNTOUCHED = Observation(KVSDatum(0), GENESIS)
"""What a key holds for which nothing else is given."""


class Serializable(Clause):
    """An execution is equivalent to the serial one in timestamp order.

    Every value read, every summary and the final store are as if the transactions ran one at a
    time, in the order of their timestamps: that in which the worker took the requests.
    """

    id = RuleId("anoma.serializable")
    version = 1
    sources = (
        Source(Text.NSPEC, "shard: as if they were executed in the total order"),
        Source(Text.PAPER, "Adya: Weak Consistency (1999), PL-3"),
    )


@frozen
class SequentialRun:
    """What the transactions do when they run one at a time."""

    store: Store
    """The store after all of them."""
    summaries: tuple[ExecutionSummary, ...] = ()
    """What each of them did, in timestamp order."""


def genesis_store(genesis: PMap[KVSKey, KVSDatum]) -> Store:
    """The store before the first transaction."""
    return pmap({key: Observation(datum, GENESIS) for key, datum in genesis.items()})


def sequential(
    candidates: Iterable[TransactionCandidate], genesis: PMap[KVSKey, KVSDatum]
) -> SequentialRun:
    """What the transactions with the fingerprints 1, 2, 3… do when they run one at a time."""
    run = SequentialRun(genesis_store(genesis))
    for candidate in candidates:
        run = followed_by(run, candidate)
    return run


def followed_by(run: SequentialRun, candidate: TransactionCandidate) -> SequentialRun:
    """The run with one more transaction at its end."""
    summary = executed(candidate, run.store)
    fingerprint = TxFingerprint(len(run.summaries) + 1)
    store = run.store
    for key, datum in summary.values_written.items():
        store = store.set(key, Observation(datum, fingerprint))
    return SequentialRun(store, (*run.summaries, summary))


def executed(candidate: TransactionCandidate, store: Store) -> ExecutionSummary:
    """What one transaction does on a store that nobody else touches."""
    program = candidate.executable
    state = program.starting_state()
    given: Input = Start(tuple(sorted(candidate.label.eager_reads)))
    asked: frozenset[KVSKey] = candidate.label.eager_reads
    seen: Store = pmap()
    written: PMap[KVSKey, KVSDatum] = pmap()
    while True:
        step = program.execute_step(state, given)
        for output in step.outputs:
            undeclared = undeclared_access(candidate, output)
            if undeclared is not None:
                return ExecutionSummary(undeclared, seen)
            if isinstance(output, ReadRequest):
                asked |= {output.key}
            else:
                written = written.set(output.key, output.datum)
        if isinstance(step, Aborted):
            return ExecutionSummary(step.failure, seen)
        state = step.state
        if program.halted(state):
            return ExecutionSummary(None, seen, written)
        key = program.awaits(state)
        if key is None or key not in asked:
            return ExecutionSummary(Failure(FailureKind.STUCK), seen)
        seen = seen.set(key, store.get(key, UNTOUCHED))
        given = ReadValue(key, seen[key].datum)


def undeclared_access(candidate: TransactionCandidate, output: Output) -> Failure | None:
    """The failure that an access is which the label does not declare."""
    if isinstance(output, ReadRequest):
        allowed, kind = readable(candidate.label), FailureKind.UNDECLARED_READ
    else:
        allowed, kind = writable(candidate.label), FailureKind.UNDECLARED_WRITE
    return None if output.key in allowed else Failure(kind, output.key)
