"""How evidence speaks of summaries and stores."""

from pyrsistent import pmap

from properties.anoma.text import store_text, summary_text
from spec.anoma.executor.messages import ExecutionSummary
from spec.anoma.keyvalue import KVSDatum, KVSKey, Observation, TxFingerprint
from spec.anoma.runnable import Failure, FailureKind

X, Y = KVSKey("x"), KVSKey("y")


def test_a_summary_names_what_was_read_and_written_in_the_order_of_keys() -> None:
    read = {
        Y: Observation(KVSDatum(2), TxFingerprint(1)),
        X: Observation(KVSDatum(0), TxFingerprint(0)),
    }
    summary = ExecutionSummary(None, pmap(read), pmap({X: KVSDatum(7)}))
    assert summary_text(summary) == ("read x = 0 (version 0), read y = 2 (version 1), wrote x = 7")


def test_a_summary_names_the_failure_or_that_there_was_nothing() -> None:
    failed = ExecutionSummary(Failure(FailureKind.FAIL, "no funds"), pmap())
    assert summary_text(failed) == "failed: fail: no funds"
    assert summary_text(ExecutionSummary(None, pmap())) == "did nothing"


def test_a_store_is_told_in_the_order_of_keys() -> None:
    assert store_text(pmap({Y: KVSDatum(1), X: KVSDatum(0)})) == "x = 0, y = 1"
    assert store_text(pmap()) == "empty"
