"""What has become of everything at rest: what is in order, and what is found."""

import pytest
from pyrsistent import pmap, pset

from properties.property import Evidence
from properties.soma.rest import (
    EVERYTHING_IS_COUNTED,
    EVERYTHING_IS_TAKEN,
    MANAGER_KNOWS_ALL,
    NO_LOCK_IS_HELD,
    NOTHING_WAITS_NEEDLESSLY,
    STOPPED_IF_CLOSED,
    TASKS_HAVE_FINISHED,
)
from spec.anoma.keyvalue import KVSDatum
from spec.anoma.program import Program
from spec.formalism.delivery import Unordered
from spec.formalism.engine import Engine
from spec.formalism.environment import FINISHED, Environment
from spec.formalism.identity import EngineId, identity_of
from spec.formalism.message import DEFAULT_MAILBOX, Message
from spec.formalism.state import GlobalState, initial_state
from spec.soma.authority.behaviour import AUTHORITY
from spec.soma.authority.environment import AuthorityState, Execution
from spec.soma.authority.messages import Executed, LoadEpochStore, Reconfigure
from spec.soma.certificate import Certificate, TransactionDigest
from spec.soma.channel import Place, task_id
from spec.soma.driver.behaviour import DRIVER
from spec.soma.driver.environment import DriverState, Driving, ExecutionDriverMetrics, Stopped
from spec.soma.epoch import EpochId
from spec.soma.execution import Effects
from spec.soma.manager.behaviour import MANAGER
from spec.soma.manager.environment import Enqueued, Held, ManagerState
from spec.soma.manager.messages import Enqueue
from spec.soma.object import ObjectId, ObjectKey, Objects, Version
from spec.soma.system import AUTHORITY_ID, CONSENSUS_ID, DRIVER_ID, MANAGER_ID
from spec.soma.task.behaviour import TASK
from spec.soma.task.configuration import TaskConfiguration
from spec.soma.task.environment import spawned

NOW, NEXT, LATER = EpochId(1), EpochId(2), EpochId(3)
A, B, C = (TransactionDigest(each) for each in "abc")
X, Y, Z = (ObjectKey(ObjectId(each), Version(1)) for each in "xyz")
TASK_1, TASK_2 = (task_id(DRIVER_ID, Place(each)) for each in (1, 2))


def holding(*keys: ObjectKey) -> Objects:
    return pmap(dict.fromkeys(keys, KVSDatum(0)))


def certificate(digest: TransactionDigest, *inputs: ObjectKey) -> Certificate:
    return Certificate(digest, NOW, frozenset(inputs), frozenset(), Program(()))


def held(digest: TransactionDigest, *inputs: ObjectKey) -> Held:
    return Held(certificate(digest, *inputs), CONSENSUS_ID)


def executions(*digests: TransactionDigest) -> AuthorityState:
    """AuthorityState in which these transactions are executed."""
    done = {each: Effects(each, NOW, None, pmap(), pmap()) for each in digests}
    return AuthorityState(NOW, pmap(), pmap(done))


def authority(local: AuthorityState) -> Engine:
    return Engine(identity_of(AUTHORITY_ID), AUTHORITY.name, None, Environment(local))


def manager(local: ManagerState) -> Engine:
    return Engine(identity_of(MANAGER_ID), MANAGER.name, None, Environment(local))


def driver(local: DriverState) -> Engine:
    return Engine(identity_of(DRIVER_ID), DRIVER.name, None, Environment(local))


def task(place: int, digest: TransactionDigest, *, finished: bool = True) -> Engine:
    configuration = TaskConfiguration(Place(place), certificate(digest), DRIVER_ID, AUTHORITY_ID)
    name = identity_of(task_id(DRIVER_ID, configuration.place))
    environment = Environment(FINISHED) if finished else spawned()
    return Engine(name, TASK.name, configuration, environment)


def state(*engines: Engine) -> GlobalState:
    return initial_state(Unordered, engines)


def ways_to_end(executed: int, errors: int) -> tuple[Engine, Engine]:
    """A driver that has counted so much, at work and stopped."""
    metrics = ExecutionDriverMetrics(executed, errors)
    return driver(Driving(metrics=metrics)), driver(Stopped(Place(9), metrics))


def test_everything_is_counted_when_each_task_ends_in_an_execution_or_an_error() -> None:
    tasks = (task(1, A), task(2, B), task(3, C))
    for counting in ways_to_end(1, 2):
        found = state(authority(executions(B)), counting, *tasks)
        assert EVERYTHING_IS_COUNTED.judge(found) is None


def test_what_is_executed_may_be_counted_as_an_error_since_its_task_crashed_afterwards() -> None:
    for counting in ways_to_end(0, 1):
        found = state(authority(executions(A)), counting, task(1, A))
        assert EVERYTHING_IS_COUNTED.judge(found) is None


def test_what_is_neither_executed_nor_an_error_is_found() -> None:
    tasks = (task(1, C), task(2, B), task(3, A))
    for counting in ways_to_end(2, 1):
        found = state(authority(executions(B)), counting, *tasks)
        assert EVERYTHING_IS_COUNTED.judge(found) == Evidence(
            "not executed: a, c; errors counted: 1"
        )


@pytest.mark.parametrize(("executed", "errors", "counted"), [(0, 1, 1), (2, 1, 3)])
def test_a_count_of_other_than_all_that_was_received_is_found(
    executed: int, errors: int, counted: int
) -> None:
    for counting in ways_to_end(executed, errors):
        found = state(authority(executions(A)), counting, task(1, A), task(2, B))
        assert EVERYTHING_IS_COUNTED.judge(found) == Evidence(
            f"certificates received: 2; counted: {counted}"
        )


def test_a_task_that_has_not_finished_is_found() -> None:
    assert TASKS_HAVE_FINISHED.judge(task(1, A)) is None
    assert TASKS_HAVE_FINISHED.judge(task(1, A, finished=False)) == Evidence(
        "task.1 has not finished, and never will"
    )


def test_what_misses_an_input_or_is_of_a_later_epoch_may_wait() -> None:
    waiting = ManagerState(
        NOW,
        pset(),
        waiting=pmap({B: held(B, X, Y)}),
        parked=pmap({(NEXT, A): held(A, X)}),
    )
    given = authority(AuthorityState(NOW, holding(X)))
    assert NOTHING_WAITS_NEEDLESSLY.judge(state(given, manager(waiting))) is None


def test_what_waits_though_all_its_inputs_are_there_is_found() -> None:
    waits = pmap({A: held(A, Z), B: held(B, X, Y), C: held(C)})
    given = authority(AuthorityState(NOW, holding(X, Y)))
    for epoch in (NOW, NEXT):
        waiting = manager(ManagerState(epoch, pset(), waiting=waits))
        assert NOTHING_WAITS_NEEDLESSLY.judge(state(given, waiting)) == Evidence(
            "b waits, and all its inputs are there"
        )


@pytest.mark.parametrize("epoch", [NEXT, LATER])
def test_what_is_parked_for_an_epoch_that_has_begun_is_found(epoch: EpochId) -> None:
    parked = manager(ManagerState(NOW, pset(), parked=pmap({(NEXT, A): held(A)})))
    assert NOTHING_WAITS_NEEDLESSLY.judge(
        state(authority(AuthorityState(epoch, pmap())), parked)
    ) == Evidence("a is parked for epoch 2, which has begun")


def knowing(local: ManagerState) -> Evidence | None:
    """What a manager is found not to know: it is epoch 1, a is executed, and x and y exist."""
    done = pmap({A: Effects(A, NOW, None, pmap(), pmap())})
    so = authority(AuthorityState(NOW, holding(X, Y), done))
    return MANAGER_KNOWS_ALL.judge(state(so, manager(local)))


def test_a_manager_knows_all_when_it_knows_the_epoch_what_is_executed_and_what_exists() -> None:
    assert knowing(ManagerState(NOW, pset([X, Y]), pset([A]))) is None


@pytest.mark.parametrize(
    ("believed", "said"),
    [
        (ManagerState(NEXT, pset([X, Y]), pset([A])), "it is epoch 1, and for the manager 2"),
        (
            ManagerState(NOW, pset([X, Y])),
            "the manager is mistaken about the execution of a",
        ),
        (
            ManagerState(NOW, pset([X, Y]), pset([A, C, B])),
            "the manager is mistaken about the execution of b",
        ),
        (
            ManagerState(NOW, pset([Y]), pset([A])),
            "the manager is mistaken about the existence of x v1",
        ),
        (
            ManagerState(NOW, pset([X, Y, Z]), pset([A])),
            "the manager is mistaken about the existence of z v1",
        ),
    ],
)
def test_what_a_manager_is_mistaken_about_is_found(believed: ManagerState, said: str) -> None:
    assert knowing(believed) == Evidence(said)


def test_a_certificate_that_the_manager_still_believes_with_the_driver_is_found() -> None:
    enqueued = pmap({C: Enqueued(Place(1), held(C)), B: Enqueued(Place(2), held(B))})
    assert knowing(ManagerState(NOW, pset([X, Y]), pset([A]), enqueued=enqueued)) == Evidence(
        "the manager does not know what has become of b"
    )


def test_a_lock_that_is_held_or_waited_for_is_found() -> None:
    executing = pmap({each: Execution(certificate(each), TASK_1, pmap()) for each in (B, A)})
    free = AuthorityState(NOW, pmap())
    reading = AuthorityState(NOW, pmap(), executing=executing)
    writing = AuthorityState(NOW, pmap(), reconfiguring=NEXT)
    assert NO_LOCK_IS_HELD.judge(authority(free)) is None
    assert NO_LOCK_IS_HELD.judge(authority(reading)) == Evidence("the lock of a is held for ever")
    assert NO_LOCK_IS_HELD.judge(authority(writing)) == Evidence("epoch 2 never begins")


def test_a_driver_stops_if_and_only_if_its_channel_is_closed() -> None:
    opened = manager(ManagerState(NOW, pset()))
    closed = manager(ManagerState(NOW, pset(), closed=True))
    driving, stopped = ways_to_end(0, 0)
    assert STOPPED_IF_CLOSED.judge(state(opened, driving)) is None
    assert STOPPED_IF_CLOSED.judge(state(closed, stopped)) is None
    assert STOPPED_IF_CLOSED.judge(state(closed, driving)) == Evidence(
        "the channel is closed, and the driver has not stopped"
    )
    assert STOPPED_IF_CLOSED.judge(state(opened, stopped)) == Evidence(
        "the channel is open, and the driver has stopped"
    )


def left_over(*sent: tuple[EngineId, object]) -> Evidence | None:
    """What is found in epoch 1 when these messages are left over; the one task there is, is 1."""
    mail = tuple(Message(CONSENSUS_ID, target, DEFAULT_MAILBOX, body) for target, body in sent)
    engines = (authority(AuthorityState(NOW, pmap())), manager(ManagerState(NOW, pset())))
    return EVERYTHING_IS_TAKEN.judge(initial_state(Unordered, (*engines, task(1, A)), mail))


def test_a_reconfiguration_waits_while_it_is_not_for_the_next_epoch() -> None:
    assert left_over((AUTHORITY_ID, Reconfigure(LATER))) is None
    for epoch in (NOW, NEXT):
        assert left_over((AUTHORITY_ID, Reconfigure(epoch))) == Evidence(
            "Reconfigure waits for authority, for ever"
        )


def test_a_message_that_an_engine_does_not_take_is_found() -> None:
    effects = Effects(A, NOW, None, pmap(), pmap())
    first = (AUTHORITY_ID, Reconfigure(LATER)), (AUTHORITY_ID, Reconfigure(NEXT))
    assert left_over(*first, (AUTHORITY_ID, LoadEpochStore())) == Evidence(
        "LoadEpochStore waits for authority, for ever"
    )
    assert left_over((TASK_1, Executed(effects)), (MANAGER_ID, Enqueue(certificate(A)))) == (
        Evidence("Enqueue waits for manager, for ever")
    )


def test_a_message_to_a_task_that_was_never_spawned_is_none_that_waits() -> None:
    effects = Executed(Effects(A, NOW, None, pmap(), pmap()))
    assert left_over((TASK_2, effects)) is None
    assert left_over((TASK_1, effects)) == Evidence("Executed waits for task.1, for ever")
