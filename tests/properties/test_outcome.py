"""Outcomes: what a run comes to, and when two of them disagree."""

from attrs import evolve
from pyrsistent import pmap

from properties.outcome import Outcome, disagreement, latest, outcome_of, store_of
from properties.property import Evidence
from spec.anoma.executor.messages import ExecutionSummary
from spec.anoma.keyvalue import KVSDatum, KVSKey, TxFingerprint
from spec.anoma.shard.environment import ShardState
from spec.anoma.shard.timeline import Entry, WriteKind, WriteMarker, WriteStatus, new_timeline
from spec.anoma.worker.environment import RequestId, WorkerState
from spec.anoma.worker.messages import RequestNumber
from spec.formalism.delivery import Unordered
from spec.formalism.engine import Engine
from spec.formalism.environment import Environment
from spec.formalism.identity import identity_of, on_local_node
from spec.formalism.state import initial_state

X, Y = KVSKey("x"), KVSKey("y")
T1, T2, T3 = (TxFingerprint(at) for at in (1, 2, 3))
ANN, BOB, EVE = (RequestId(on_local_node(name), RequestNumber(1)) for name in ("ann", "bob", "eve"))
WROTE_5 = ExecutionSummary(None, pmap(), pmap({X: KVSDatum(5)}))
NOTHING = ExecutionSummary(None, pmap())


def engine(name: str, local: object) -> Engine:
    return Engine(identity_of(on_local_node(name)), name, None, Environment(local))


def write(status: WriteStatus, datum: int | None = None) -> Entry:
    value = None if datum is None else KVSDatum(datum)
    return Entry(write=WriteMarker(WriteKind.WILL, status, value))


def test_an_outcome_is_the_order_the_store_and_the_summaries() -> None:
    requests = pmap({ANN: T2, BOB: T1, EVE: None})
    worker = WorkerState(T2, requests, summaries=pmap({T2: WROTE_5, T3: NOTHING}))
    one = ShardState(pmap({X: new_timeline(KVSDatum(1)).set(T2, write(WriteStatus.WRITTEN, 5))}))
    two = ShardState(pmap({Y: new_timeline(KVSDatum(2))}))
    engines = (engine("worker", worker), engine("one", one), engine("two", two))
    assert outcome_of(initial_state(Unordered, (*engines, engine("other", "any")))) == Outcome(
        (BOB, ANN), pmap({X: KVSDatum(5), Y: KVSDatum(2)}), pmap({ANN: WROTE_5})
    )


def test_the_latest_value_is_the_newest_that_is_written() -> None:
    timeline = new_timeline(KVSDatum(1)).set(T1, write(WriteStatus.WRITTEN, 4))
    later = timeline.set(T2, write(WriteStatus.PENDING)).set(T3, write(WriteStatus.RELEASED))
    assert latest(later) == 4
    assert latest(pmap({T1: Entry()})) == 0
    assert store_of(initial_state(Unordered, ())) == pmap()


OUTCOME = Outcome((ANN, BOB), pmap({X: KVSDatum(5)}), pmap({ANN: WROTE_5, BOB: NOTHING}))


def test_outcomes_of_different_orders_and_equal_ones_agree() -> None:
    other = Outcome((BOB, ANN), pmap({X: KVSDatum(6)}), pmap({ANN: NOTHING, BOB: WROTE_5}))
    assert disagreement(()) is None
    assert disagreement((OUTCOME, other, OUTCOME, other)) is None


def test_outcomes_of_one_order_that_differ_are_found() -> None:
    other = evolve(OUTCOME, store=pmap({X: KVSDatum(6)}), summaries=pmap({ANN: NOTHING}))
    assert disagreement((OUTCOME, other)) == Evidence(
        "two outcomes of the order ann 1, bob 1",
        (
            "store: x = 5 / x = 6",
            "ann 1: wrote x = 5 / did nothing",
            "bob 1: did nothing / no summary",
        ),
    )


def test_only_what_differs_is_told() -> None:
    other = evolve(OUTCOME, summaries=pmap({ANN: WROTE_5}))
    found = disagreement((OUTCOME, other))
    assert found is not None
    assert found.details == ("bob 1: did nothing / no summary",)
