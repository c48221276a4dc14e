"""Drawn transactions: what they always are, and what is among them."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from pyrsistent import pmap

from models.machines.strategies import (
    KEYS,
    candidate_of,
    candidates,
    labels,
    malformed_labels,
    transactions,
)
from spec.anoma.executor.messages import ExecutionSummary
from spec.anoma.keyvalue import KVSKey
from spec.anoma.label import TransactionCandidate, TransactionLabel, fault_of, touched
from spec.anoma.runnable import FailureKind
from spec.anoma.sequential import executed

SEARCH = settings(
    max_examples=1500,
    phases=[Phase.generate],
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
"""How to look for an example: shrinking it is of no use here."""


def alone(candidate: TransactionCandidate) -> ExecutionSummary:
    """What a transaction does on an empty store."""
    return executed(candidate, pmap())


def fails(kind: FailureKind) -> Callable[[TransactionCandidate], bool]:
    """Whether a transaction fails for this reason."""

    def does(candidate: TransactionCandidate) -> bool:
        failure = alone(candidate).failure
        return failure is not None and failure.kind is kind

    return does


def reads_lazily_and_writes(candidate: TransactionCandidate) -> bool:
    summary = alone(candidate)
    read = candidate.label.lazy_reads.intersection(summary.values_read)
    return bool(read) and bool(summary.values_written)


def leaves_a_lazy_read_unasked(candidate: TransactionCandidate) -> bool:
    summary = alone(candidate)
    unasked = candidate.label.lazy_reads.difference(summary.values_read)
    return summary.failure is None and bool(unasked)


def writes_one_may_write_and_not_another(candidate: TransactionCandidate) -> bool:
    may = candidate.label.may_writes
    written = may.intersection(alone(candidate).values_written)
    return bool(written) and written != may


def touches_nothing(candidate: TransactionCandidate) -> bool:
    return not touched(candidate.label) and alone(candidate).failure is None


@given(labels())
def test_labels_are_well_formed_and_keep_to_their_keys(label: TransactionLabel) -> None:
    assert fault_of(label) is None
    assert touched(label) <= set(KEYS)


@given(labels((KVSKey("k"),)))
def test_labels_are_about_the_keys_that_are_asked_for(label: TransactionLabel) -> None:
    assert touched(label) <= {KVSKey("k")}


@given(malformed_labels())
def test_malformed_labels_are_malformed(label: TransactionLabel) -> None:
    assert fault_of(label) is not None


@pytest.mark.parametrize(
    "feature",
    [
        reads_lazily_and_writes,
        leaves_a_lazy_read_unasked,
        writes_one_may_write_and_not_another,
        touches_nothing,
        fails(FailureKind.FAIL),
        fails(FailureKind.UNDECLARED_READ),
        fails(FailureKind.UNDECLARED_WRITE),
        fails(FailureKind.DIVISION_BY_ZERO),
        fails(FailureKind.UNSET_NAME),
    ],
)
def test_transactions_of_every_sort_are_drawn(
    feature: Callable[[TransactionCandidate], bool],
) -> None:
    assert feature(find(candidates(), feature, settings=SEARCH))


def test_the_simplest_transaction_does_nothing() -> None:
    simplest = find(transactions(), lambda _: True, settings=SEARCH)
    assert simplest.label == TransactionLabel()
    assert simplest.text == "pass\n"
    assert alone(candidate_of(simplest)) == ExecutionSummary(None, pmap())
