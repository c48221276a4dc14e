"""Contracts on labels: what is malformed, what may be touched, and what an undeclared access is."""

from pyrsistent import pmap

from spec.anoma import label as labels
from spec.anoma import sequential
from spec.anoma.executor import environment as executor
from spec.anoma.executor.environment import Running
from spec.anoma.executor.environment import undeclared_access as undeclared_in_executor
from spec.anoma.executor.messages import ExecuteTransaction
from spec.anoma.label import (
    LabelFault,
    TransactionCandidate,
    TransactionLabel,
    fault_of,
    readable,
    restricted,
    touched,
    writable,
)
from spec.anoma.program import Program
from spec.anoma.runnable import Failure, FailureKind, Output, ReadRequest, WriteRequest
from spec.anoma.sequential import undeclared_access
from spec.formalism.identity import on_local_node
from tests.contracts.contract import Contract
from tests.contracts.nominal import KVSDatum, KVSKey, TxFingerprint

Keys = frozenset[KVSKey]
"""Keys."""

NOTHING = Program(())
"""A program that does nothing."""

SOMEBODY = on_local_node("somebody")
"""Whoever asks."""


def a_label_is_malformed_where_sets_of_one_kind_overlap(
    eager: Keys, lazy: Keys, will: Keys, may: Keys
) -> None:
    """Reads come before writes, and reads may overlap writes."""
    assert len(eager) <= 1
    assert len(lazy) <= 1
    assert len(will) <= 1
    assert len(may) <= 1
    fault = fault_of(TransactionLabel(eager, lazy, will, may))
    assert (fault is LabelFault.READS_OVERLAP) == (not eager.isdisjoint(lazy))
    assert (fault is None) == (eager.isdisjoint(lazy) and will.isdisjoint(may))


def faultless_where_something_is_written(label: TransactionLabel) -> LabelFault | None:
    """A wrong version: reads may overlap in a transaction that writes."""
    fault = labels.fault_of(label)
    return None if fault is LabelFault.READS_OVERLAP and label.will_writes else fault


def a_label_declares_what_stands_in_its_sets(
    eager: Keys, lazy: Keys, will: Keys, may: Keys, key: KVSKey
) -> None:
    """It may read, write or touch just that."""
    assert len(eager) <= 1
    assert len(lazy) <= 1
    assert len(will) <= 1
    assert len(may) <= 1
    label = TransactionLabel(eager, lazy, will, may)
    assert (key in readable(label)) == (key in eager or key in lazy)
    assert (key in writable(label)) == (key in will or key in may)
    assert (key in touched(label)) == (key in readable(label) or key in writable(label))


def only_sure_writes(label: TransactionLabel) -> frozenset[KVSKey]:
    """A wrong version: what may be written is forgotten."""
    return label.will_writes


def the_part_of_a_label_has_the_keys_asked_for(
    eager: Keys, lazy: Keys, will: Keys, may: Keys, keys: Keys
) -> None:
    """Each set keeps these keys and no others, and the part of a sound label is sound."""
    assert len(eager) <= 1
    assert len(lazy) <= 1
    assert len(will) <= 1
    assert len(may) <= 1
    assert len(keys) <= 1
    label = TransactionLabel(eager, lazy, will, may)
    part = restricted(label, keys)
    assert readable(part) == readable(label) & keys
    assert writable(part) == writable(label) & keys
    assert part.eager_reads <= eager
    assert part.will_writes <= will
    assert fault_of(label) is not None or fault_of(part) is None


def restricted_to_reads_of_any_kind(label: TransactionLabel, keys: Keys) -> TransactionLabel:
    """A wrong version: lazy reads become eager ones."""
    part = labels.restricted(label, keys)
    return TransactionLabel(readable(part), part.lazy_reads, part.will_writes, part.may_writes)


def an_access_fails_exactly_where_the_label_does_not_declare_it(
    eager: Keys, lazy: Keys, will: Keys, may: Keys, key: KVSKey
) -> None:
    """Reads are judged by the sets of reads, writes by those of writes; the failure names the key."""
    assert len(eager) <= 1
    assert len(lazy) <= 1
    assert len(will) <= 1
    assert len(may) <= 1
    candidate = TransactionCandidate(TransactionLabel(eager, lazy, will, may), NOTHING)
    unread = None if key in eager or key in lazy else Failure(FailureKind.UNDECLARED_READ, key)
    unwritten = None if key in will or key in may else Failure(FailureKind.UNDECLARED_WRITE, key)
    assert undeclared_access(candidate, ReadRequest(key)) == unread
    assert undeclared_access(candidate, WriteRequest(key, KVSDatum(0))) == unwritten


def undeclared_unless_touched(candidate: TransactionCandidate, output: Output) -> Failure | None:
    """A wrong version: what may be written may be read."""
    known = output.key in touched(candidate.label)
    return None if known else sequential.undeclared_access(candidate, output)


def executor_and_reference_agree_on_accesses(
    eager: Keys, lazy: Keys, will: Keys, may: Keys, key: KVSKey
) -> None:
    """The executor fails an access exactly where the sequential reference does."""
    assert len(eager) <= 1
    assert len(lazy) <= 1
    assert len(will) <= 1
    assert len(may) <= 1
    label = TransactionLabel(eager, lazy, will, may)
    told = ExecuteTransaction(TxFingerprint(1), NOTHING, label, SOMEBODY, SOMEBODY)
    run = Running(told, NOTHING.starting_state(), pmap())
    for output in (ReadRequest(key), WriteRequest(key, KVSDatum(0))):
        expected = sequential.undeclared_access(TransactionCandidate(label, NOTHING), output)
        assert undeclared_in_executor(run, output) == expected


def undeclared_unless_eager(run: Running, output: Output) -> Failure | None:
    """A wrong version: only what comes unasked may be read."""
    eager = output.key in run.transaction.label.eager_reads
    undeclared = Failure(FailureKind.UNDECLARED_READ, output.key)
    if isinstance(output, ReadRequest):
        return None if eager else undeclared
    return executor.undeclared_access(run, output)


CONTRACTS = (
    Contract(
        a_label_is_malformed_where_sets_of_one_kind_overlap,
        "fault_of",
        faultless_where_something_is_written,
        "4 sets of up to 1 key, any keys",
    ),
    Contract(
        a_label_declares_what_stands_in_its_sets,
        "writable",
        only_sure_writes,
        "4 sets of up to 1 key, any keys",
    ),
    Contract(
        the_part_of_a_label_has_the_keys_asked_for,
        "restricted",
        restricted_to_reads_of_any_kind,
        "5 sets of up to 1 key, any keys",
    ),
    Contract(
        an_access_fails_exactly_where_the_label_does_not_declare_it,
        "undeclared_access",
        undeclared_unless_touched,
        "4 sets of up to 1 key, any keys",
    ),
    Contract(
        executor_and_reference_agree_on_accesses,
        "undeclared_in_executor",
        undeclared_unless_eager,
        "4 sets of up to 1 key, any keys",
    ),
)
"""The contracts of this module."""
