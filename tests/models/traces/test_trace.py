"""Runs as people read them."""

import pytest
from attrs import evolve

from models.catalogue import model_named
from models.model import Model, World
from models.schedulers.replay import ReplayError
from models.traces.diff import Change
from models.traces.trace import TraceStep, actor, trace
from spec.formalism.engine import Engine
from spec.formalism.environment import Environment
from spec.formalism.event import Deliver, Duplicate, Elapse
from spec.formalism.identity import identity_of, on_local_node
from spec.formalism.state import Faults


def built(name: str) -> World:
    model = model_named(name)
    assert isinstance(model, Model)
    return model.build({each.name: each.default for each in model.parameters})


def test_a_step_says_what_happened_what_changed_and_what_was_sent() -> None:
    world = built("counter")
    first = world.system.enabled(world.state)[0]
    record = next(world.system.successors(world.state)).record
    label = "TransactionLabel(eager_reads={counter}, will_writes={counter})"
    request = f"TransactionRequest(1, TransactionCandidate({label}, Program(…)))"
    assert trace(world.system, world.state, [first]) == (
        TraceStep(
            1,
            f"worker takes {request} from client.add-1",
            "worker",
            record.fired,
            None,
            (
                Change("last", "0 -> 1"),
                Change("requests[RequestId(client.add-1, 1)]", "+ 1"),
                Change("outstanding[1]", "+ {shard.1}"),
            ),
            (
                "client.add-1: TransactionAck(1, 1)",
                f"shard.1: KVSAcquireLock(1, {label}, executor.1)",
                f"executor.1: ExecuteTransaction(1, Program(…), {label}, worker, client.add-1)",
            ),
            ("executor.1",),
        ),
    )


def test_a_fault_is_nobodys_step() -> None:
    world = built("counter")
    faults = Faults(duplicates=1)
    system, state = evolve(world.system, faults=faults), evolve(world.state, faults=faults)
    event = next(each for each in system.enabled(state) if isinstance(each, Duplicate))
    (step,) = trace(system, state, [event])
    assert step.event.startswith(
        "the network duplicates client.add-1 -> worker: TransactionRequest(1, "
    )
    assert (step.engine, step.rules, step.changes, step.sent) == (None, (), (), ())


def test_a_refused_step_says_why() -> None:
    world = built("counter")
    squatter = on_local_node("executor.1")
    engine = Engine(identity_of(squatter), "client", None, Environment(None))
    state = evolve(world.state, engines=world.state.engines.set(squatter, engine))
    (step,) = trace(world.system, state, [world.system.enabled(state)[0]])
    assert step.refusal == "a spawned engine has the identity of another one"
    assert (step.rules, step.changes, step.sent, step.spawned) == ((), (), (), ())


def test_the_actor_of_a_timer_is_its_engine() -> None:
    world = built("voting")
    events = world.system.enabled(world.state)
    assert {str(actor(each)) for each in events if isinstance(each, Elapse)} == {"election-1"}
    assert {actor(each) for each in events if isinstance(each, Deliver)} == {
        actor(each) for each in events if isinstance(each, Elapse)
    }


def test_an_event_that_may_not_happen_is_refused() -> None:
    world = built("counter")
    first = world.system.enabled(world.state)[0]
    with pytest.raises(ReplayError, match=r"^step 2: the event may not happen here$"):
        trace(world.system, world.state, [first, first])
