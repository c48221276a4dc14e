"""The driver: channel order, at most so many tasks, metrics that add up, and the end."""

import pytest
from attrs import evolve
from pyrsistent import pmap

from spec.anoma.program import Program
from spec.formalism.engine import Engine, Reaction, Refusal, react
from spec.formalism.environment import Environment
from spec.formalism.identity import EngineId, EngineName, NodeId, identity_of, on_local_node
from spec.formalism.message import DEFAULT_MAILBOX, Message, MessageArrived, Time, Trigger
from spec.formalism.rule import RuleId
from spec.soma.certificate import Certificate, TransactionDigest
from spec.soma.channel import ChannelClosed, Place, Ready
from spec.soma.driver.behaviour import DRIVER
from spec.soma.driver.configuration import DriverConfiguration
from spec.soma.driver.environment import (
    DriverState,
    Driving,
    ExecutionDriverMetrics,
    Stopped,
)
from spec.soma.epoch import FIRST_EPOCH
from spec.soma.execution import ExecutionError
from spec.soma.task.behaviour import TASK
from spec.soma.task.configuration import TaskConfiguration
from spec.soma.task.environment import spawned
from spec.soma.task.messages import TaskCrashed, TaskEnded

NODE = NodeId("elsewhere")
OWN = EngineId(NODE, EngineName("driver"))
OTHER, AUTHORITY = on_local_node("other"), on_local_node("authority")
CERTIFICATE = Certificate(
    TransactionDigest("a"), FIRST_EPOCH, frozenset(), frozenset(), Program(())
)
ONE, TWO, THREE = (Place(number) for number in (1, 2, 3))
LIMIT = 2


def taking(state: DriverState, body: object) -> Reaction | Refusal | None:
    """What a driver of two tasks does in this state with a message that says this."""
    configuration = DriverConfiguration(LIMIT, AUTHORITY)
    engine = Engine(identity_of(OWN), DRIVER.name, configuration, Environment(state))
    message = Message(OTHER, OWN, DEFAULT_MAILBOX, body)
    return react(DRIVER, engine, Trigger(MessageArrived(message), Time(0)))


def does(state: DriverState, *rules: str) -> Reaction:
    """The reaction that fires these rules and leads to this state, and nothing else."""
    return Reaction(Environment(state), tuple(RuleId(f"driver.{rule}") for rule in rules))


def test_the_next_certificate_gets_a_task_of_its_own() -> None:
    task = Engine(
        identity_of(EngineId(NODE, EngineName("task.1"))),
        TASK.name,
        TaskConfiguration(ONE, CERTIFICATE, OWN, AUTHORITY),
        spawned(),
    )
    assert taking(Driving(), Ready(ONE, CERTIFICATE)) == evolve(
        does(Driving(ONE, pmap({ONE: 1})), "receive-certificate"), spawned=(task,)
    )


@pytest.mark.parametrize("body", [Ready(TWO, CERTIFICATE), ChannelClosed(TWO)])
def test_what_is_not_next_waits(body: object) -> None:
    assert taking(Driving(), body) is None


@pytest.mark.parametrize(
    "state", [Driving(ONE, pmap({ONE: 1}), closed=True), Stopped(ONE, ExecutionDriverMetrics())]
)
def test_after_the_end_of_the_channel_nothing_is_taken(state: DriverState) -> None:
    assert taking(state, Ready(TWO, CERTIFICATE)) is None


@pytest.mark.parametrize("body", [Ready(THREE, CERTIFICATE), ChannelClosed(THREE)])
def test_at_the_limit_nothing_is_taken(body: object) -> None:
    assert taking(Driving(TWO, pmap({ONE: 1, TWO: 2})), body) is None
    assert taking(Driving(TWO, pmap({TWO: 2})), body) is not None


def test_a_task_that_ends_is_counted_with_the_receives_and_joins_that_it_took() -> None:
    before = Driving(TWO, pmap({ONE: 1, TWO: 2}))
    first = Driving(TWO, pmap({TWO: 2}), ExecutionDriverMetrics(1, 0, 0, pmap({1: 1})))
    assert taking(before, TaskEnded(ONE, None)) == does(first, "join-task")
    both = Driving(TWO, pmap(), ExecutionDriverMetrics(1, 1, 0, pmap({1: 2})))
    failed = TaskEnded(TWO, ExecutionError.WRONG_EPOCH)
    assert taking(first, failed) == does(both, "join-task")


def test_joining_a_task_that_has_failed_takes_time_as_any_other() -> None:
    metrics = ExecutionDriverMetrics(0, 1, 0, pmap({1: 1}))
    both = Driving(TWO, pmap(), ExecutionDriverMetrics(1, 1, 0, pmap({1: 2})))
    before = Driving(TWO, pmap({TWO: 2}), metrics)
    assert taking(before, TaskEnded(TWO, None)) == does(both, "join-task")


def test_a_task_that_is_joined_at_once_took_no_time() -> None:
    after = Driving(ONE, pmap(), ExecutionDriverMetrics(1, 0, 0, pmap({0: 1})))
    assert taking(Driving(ONE, pmap({ONE: 1})), TaskEnded(ONE, None)) == does(after, "join-task")


def test_a_task_that_crashes_is_an_error_and_a_crash() -> None:
    after = Driving(ONE, pmap(), ExecutionDriverMetrics(0, 1, 1, pmap({0: 1})))
    crashed = taking(Driving(ONE, pmap({ONE: 1})), TaskCrashed(ONE))
    assert crashed == does(after, "join-crashed-task")


def test_without_tasks_the_end_of_the_channel_stops_the_driver() -> None:
    metrics = ExecutionDriverMetrics(1, 0, 0, pmap({0: 1}))
    stopped = does(Stopped(TWO, metrics), "take-close", "stop")
    assert taking(Driving(ONE, pmap(), metrics), ChannelClosed(TWO)) == stopped


def test_otherwise_the_driver_drains_first() -> None:
    draining = Driving(TWO, pmap({ONE: 1}), closed=True)
    assert taking(Driving(ONE, pmap({ONE: 1})), ChannelClosed(TWO)) == does(draining, "take-close")
    drained = Stopped(TWO, ExecutionDriverMetrics(1, 0, 0, pmap({0: 1})))
    assert taking(draining, TaskEnded(ONE, None)) == does(drained, "join-task", "stop")


@pytest.mark.parametrize("state", [Driving(ONE), Stopped(ONE, ExecutionDriverMetrics())])
@pytest.mark.parametrize(
    "body",
    [Ready(ONE, CERTIFICATE), ChannelClosed(ONE), TaskEnded(ONE, None), TaskCrashed(ONE)],
)
def test_what_was_taken_or_joined_before_causes_nothing(state: DriverState, body: object) -> None:
    assert taking(state, body) == does(state, "ignore-repeat")
