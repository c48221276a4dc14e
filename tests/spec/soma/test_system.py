"""Soma's engines put together: runs to their end, and what there is at the start."""

from collections.abc import Iterator

import pytest
from attrs import evolve
from pyrsistent import pmap

from spec.anoma.arithmetic import ArithmeticOperator
from spec.anoma.instructions import Arithmetic, Number, Read, Text, Write
from spec.anoma.keyvalue import KVSDatum
from spec.anoma.program import Program
from spec.formalism.delivery import AnyDiscipline, Fifo, Unordered
from spec.formalism.engine import Engine
from spec.formalism.environment import Environment
from spec.formalism.identity import identity_of, on_local_node
from spec.formalism.state import Faults, GlobalState, messages
from spec.formalism.system import System
from spec.soma.authority.messages import Reconfigure, TryExecute
from spec.soma.certificate import (
    Certificate,
    Commit,
    CommitDigest,
    CommitIndex,
    TransactionDigest,
)
from spec.soma.channel import Place, task_id
from spec.soma.driver.environment import ExecutionDriverMetrics, Stopped
from spec.soma.epoch import FIRST_EPOCH, EpochId
from spec.soma.manager.messages import Close, Enqueue
from spec.soma.object import ObjectId, ObjectKey, Objects, Version
from spec.soma.participants import (
    CALLER,
    NEMESIS,
    CallerState,
    NemesisConfiguration,
    threatening,
)
from spec.soma.system import (
    AUTHORITY_ID,
    CALLER_ID,
    CONSENSUS_ID,
    DRIVER_ID,
    MANAGER_ID,
    NEMESIS_ID,
    OPERATOR_ID,
    Circumstances,
    Enqueues,
    soma_state,
    soma_system,
)

SOURCE = on_local_node("source")
X = ObjectId("x")
INCREMENT = Program(
    (Text("x"), Text("x"), Read(), Number(1), Arithmetic(ArithmeticOperator.ADD), Write())
)


def increment(digest: str, version: int) -> Certificate:
    """A certificate that adds 1 to x as of this version."""
    inputs = frozenset({ObjectKey(X, Version(version))})
    return Certificate(TransactionDigest(digest), FIRST_EPOCH, inputs, frozenset({X}), INCREMENT)


A, B = increment("a", 1), increment("b", 2)
START: Objects = pmap({ObjectKey(X, Version(1)): KVSDatum(10)})
CLOSED = Circumstances(START, (Enqueues(SOURCE, (A, B)),), 1, closes=True)


def ends(system: System, state: GlobalState) -> Iterator[GlobalState]:
    """The states at rest, whatever happens first."""
    to_do, seen = [state], {state}
    for each in to_do:
        following = {after.state for after in system.successors(each)} - {each}
        to_do.extend(following - seen)
        seen |= following
        if not following:
            yield each


@pytest.mark.parametrize("discipline", [Unordered, Fifo])
def test_a_chain_is_executed_in_its_order_or_closed_before(discipline: AnyDiscipline) -> None:
    system = soma_system(discipline)
    found: set[tuple[int, int]] = set()
    for state in ends(system, soma_state(system, CLOSED)):
        driver = state.engines[DRIVER_ID].environment.local
        objects = state.engines[AUTHORITY_ID].environment.local.objects
        executed = len(objects) - 1
        latencies = pmap({0: executed} if executed else {})
        metrics = ExecutionDriverMetrics(executed, 0, 0, latencies)
        assert isinstance(driver, Stopped)
        assert driver.metrics == metrics
        assert objects[max(objects)] == 10 + executed
        found.add((executed, len(state.engines[SOURCE].environment.local.refusals)))
        assert not messages(discipline, state)
    waits_for_ever = {(0, 1)} if discipline is Unordered else set[tuple[int, int]]()
    assert found == {(0, 2), (1, 1), (2, 0)} | waits_for_ever


def test_everything_that_comes_from_outside_is_on_its_way_at_the_start() -> None:
    commit = Commit(CommitDigest("c"), CommitIndex(7))
    synced = evolve(B, commit=commit)
    given = Circumstances(
        START, CLOSED.enqueues, 2, (synced,), (EpochId(1),), closes=True, crashes=1
    )
    system = soma_system(faults=Faults(duplicates=1))
    state = soma_state(system, given)
    assert {
        (each.sender, each.target, each.body) for each in messages(system.discipline, state)
    } == {
        (SOURCE, MANAGER_ID, Enqueue(A)),
        (SOURCE, MANAGER_ID, Enqueue(B)),
        (CALLER_ID, AUTHORITY_ID, TryExecute(synced, commit, FIRST_EPOCH)),
        (CONSENSUS_ID, AUTHORITY_ID, Reconfigure(EpochId(1))),
        (OPERATOR_ID, MANAGER_ID, Close()),
    }
    engines = {SOURCE, MANAGER_ID, DRIVER_ID, AUTHORITY_ID, CALLER_ID, NEMESIS_ID}
    assert {*state.engines} == engines
    assert state.faults == Faults(duplicates=1)


def test_who_is_not_needed_is_not_there() -> None:
    state = soma_state(soma_system(), Circumstances(START, (), 1))
    assert {*state.engines} == {MANAGER_ID, DRIVER_ID, AUTHORITY_ID}
    assert not state.mailboxes


def test_who_stands_around_the_engines_has_heard_nothing_and_threatens_every_task() -> None:
    given = Circumstances(START, CLOSED.enqueues, 2, (B,), crashes=2)
    engines = soma_state(soma_system(), given).engines
    tasks = (task_id(DRIVER_ID, Place(1)), task_id(DRIVER_ID, Place(2)))
    nemesis, name = NemesisConfiguration(tasks), identity_of(NEMESIS_ID)
    assert engines[NEMESIS_ID] == Engine(name, NEMESIS.name, nemesis, threatening(tasks, 2))
    caller = Engine(identity_of(CALLER_ID), CALLER.name, None, Environment(CallerState()))
    assert engines[CALLER_ID] == caller
