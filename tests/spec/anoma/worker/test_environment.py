"""The mark of a worker."""

from hypothesis import given
from hypothesis import strategies as st
from pyrsistent import pmap, pset

from spec.anoma.keyvalue import GENESIS, TxFingerprint
from spec.anoma.shard.messages import KVSLockAcquired
from spec.anoma.worker.environment import WorkerState, mark, missing, seen_all
from spec.formalism.identity import on_local_node

FIRST, SECOND = on_local_node("shard.1"), on_local_node("shard.2")
FINGERPRINTS = st.integers(1, 8).map(TxFingerprint)


def test_before_the_first_transaction_the_mark_is_genesis() -> None:
    assert mark(WorkerState()) == GENESIS


def test_the_mark_is_the_last_fingerprint_when_all_shards_have_acknowledged() -> None:
    assert mark(WorkerState(last=TxFingerprint(3))) == 3


def test_the_mark_stops_before_the_first_transaction_that_misses_an_acknowledgement() -> None:
    outstanding = pmap({TxFingerprint(2): pset([FIRST]), TxFingerprint(4): pset([FIRST, SECOND])})
    assert mark(WorkerState(last=TxFingerprint(5), outstanding=outstanding)) == 1


def test_missing_are_the_shards_that_have_not_acknowledged_that_transaction() -> None:
    state = WorkerState(outstanding=pmap({TxFingerprint(2): pset([SECOND])}))
    assert missing(state, KVSLockAcquired(TxFingerprint(2))) == pset([SECOND])
    assert missing(state, KVSLockAcquired(TxFingerprint(1))) == pset()


@given(FINGERPRINTS, st.sets(FINGERPRINTS))
def test_the_mark_is_the_highest_number_of_leading_transactions_that_are_locked(
    last: TxFingerprint, candidates: set[TxFingerprint]
) -> None:
    outstanding = tuple(sorted(each for each in candidates if each <= last))
    leading = [
        count
        for count in range(last + 1)
        if all(each not in outstanding for each in range(1, count + 1))
    ]
    assert seen_all(last, outstanding) == max(leading)
