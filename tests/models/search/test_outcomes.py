"""The same order has the same outcome, whatever the schedule."""

from typing import Any

from attrs import evolve
from pyrsistent import pmap

from models.catalogue import model_named
from models.model import Model, World
from models.search.findings import Findings
from models.search.naive import explore
from models.search.outcomes import INDEPENDENT, Outcomes, nothing
from models.search.result import Status
from spec.anoma.worker.environment import WorkerState
from spec.formalism.identity import on_local_node
from spec.formalism.state import Faults, GlobalState

WORKER = on_local_node("worker")


def counter() -> World:
    model = model_named("counter")
    assert isinstance(model, Model)
    return model.build({each.name: each.default for each in model.parameters})


def forgetting(state: GlobalState) -> GlobalState:
    """The state whose worker has lost its summaries."""
    worker = state.engines[WORKER]
    local: WorkerState = worker.environment.local
    environment = worker.environment.with_local(evolve(local, summaries=pmap()))
    changed = evolve(worker, environment=environment)
    return evolve(state, engines=state.engines.set(WORKER, changed))


def test_different_orders_may_have_different_outcomes() -> None:
    first, second = explore(counter()).resting
    outcomes = Outcomes()
    assert outcomes.disagreement(first) is None
    assert outcomes.disagreement(second) is None
    assert outcomes.disagreement(first) is None


def test_one_order_with_two_outcomes_is_a_finding() -> None:
    state = explore(counter()).resting[0]
    outcomes = Outcomes()
    assert outcomes.disagreement(state) is None
    evidence = outcomes.disagreement(forgetting(state))
    assert evidence is not None
    assert len(evidence.details) == 2
    assert all(line.endswith("no summary") for line in evidence.details)


def test_a_disagreement_breaks_the_property_about_all_of_them() -> None:
    world = counter()
    state = explore(world).resting[0]
    for judged, status in ((world, Status.VIOLATED), (lossy(world), Status.NOT_JUDGED)):
        findings = Findings(judged, None)
        findings.add_resting(state, tuple)
        findings.add_resting(forgetting(state), tuple)
        assert findings.results(None)[-1].property is INDEPENDENT
        assert findings.results(None)[-1].status is status
        assert findings.ending is (status is Status.VIOLATED)


def lossy(world: World) -> World:
    return evolve(world, system=evolve(world.system, faults=Faults(losses=1)))


def test_where_there_are_no_transactions_there_are_no_outcomes(adding: Any) -> None:
    assert explore(adding.world((1,))).properties == ()
    assert explore(counter()).properties[-1].property is INDEPENDENT


def test_one_state_alone_shows_nothing() -> None:
    assert nothing(counter().state) is None
