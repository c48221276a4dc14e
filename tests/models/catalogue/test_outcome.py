"""Statements about outcomes."""

from pyrsistent import pmap

from models.catalogue.counter import COUNTERS
from models.catalogue.outcome import at_rest, succeeded, value
from properties.outcome import Outcome
from properties.property import Evidence, Kind
from spec.anoma.executor.messages import ExecutionSummary
from spec.anoma.keyvalue import KVSDatum, KVSKey
from spec.anoma.runnable import Failure, FailureKind
from spec.anoma.worker.environment import RequestId
from spec.anoma.worker.messages import RequestNumber
from spec.formalism.identity import on_local_node

FIRST, SECOND, THIRD = (
    RequestId(on_local_node("client"), RequestNumber(number)) for number in (1, 2, 3)
)
OUTCOME = Outcome(
    (FIRST, SECOND),
    pmap({KVSKey("a"): KVSDatum(5)}),
    pmap(
        {
            FIRST: ExecutionSummary(None, pmap()),
            SECOND: ExecutionSummary(Failure(FailureKind.STUCK), pmap()),
        }
    ),
)


def test_a_key_that_nobody_has_touched_holds_0() -> None:
    assert (value(OUTCOME, "a"), value(OUTCOME, "b")) == (5, 0)


def test_what_failed_or_is_not_over_has_not_succeeded() -> None:
    found = [succeeded(OUTCOME, request) for request in (FIRST, SECOND, THIRD)]
    assert found == [True, False, False]


def test_a_statement_is_judged_on_the_outcome_of_a_state() -> None:
    def told(outcome: Outcome) -> Evidence:
        return Evidence(str(dict(outcome.store)))

    statement = at_rest("it is so", told)
    state = COUNTERS.build({each.name: each.default for each in COUNTERS.parameters}).state
    assert (statement.name, statement.kind) == ("it is so", Kind.AT_REST)
    assert statement.judge(state) == Evidence("{'counter': 0}")
