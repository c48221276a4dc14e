"""The driver: how many tasks run, channel order, metrics that add up, and a clean end."""

from typing import Any

import pytest
from attrs import evolve
from pyrsistent import pmap, pvector

from properties.property import Evidence, Reacted
from properties.soma.driver import (
    AT_MOST_SO_MANY_RUN,
    EACH_HAS_A_TASK,
    METRICS_ADD_UP,
    METRICS_ARE_TIMELY,
    NO_TASK_OUTLIVES_ITS_DRIVER,
    STOPS_LAST,
    in_channel,
    out_of_order,
)
from spec.anoma.program import Program
from spec.formalism.delivery import Unordered
from spec.formalism.engine import Engine
from spec.formalism.environment import FINISHED, Environment
from spec.formalism.event import Deliver, Record
from spec.formalism.identity import EngineId, identity_of, on_local_node
from spec.formalism.message import DEFAULT_MAILBOX, Message
from spec.formalism.rule import RuleId
from spec.formalism.state import GlobalState, initial_state
from spec.soma.certificate import Certificate, TransactionDigest
from spec.soma.channel import ChannelClosed, Place, Ready
from spec.soma.driver.behaviour import DRIVER, IgnoreRepeat
from spec.soma.driver.configuration import DriverConfiguration
from spec.soma.driver.environment import DriverState, Driving, ExecutionDriverMetrics, Stopped
from spec.soma.epoch import FIRST_EPOCH
from spec.soma.execution import ExecutionError
from spec.soma.task.behaviour import TASK
from spec.soma.task.environment import TaskState
from spec.soma.task.messages import TaskCrashed, TaskEnded

MANAGER_ID, DRIVER_ID, TASK1, TASK2 = (
    on_local_node(name) for name in ("manager", "driver", "task.1", "task.2")
)
ONE, TWO, THREE = (Place(number) for number in (1, 2, 3))
A = Certificate(TransactionDigest("a"), FIRST_EPOCH, frozenset(), frozenset(), Program(()))
READY, END = Ready(ONE, A), ChannelClosed(TWO)


def driver(local: object, limit: int = 1) -> Engine:
    configuration = DriverConfiguration(limit, on_local_node("authority"))
    return Engine(identity_of(DRIVER_ID), DRIVER.name, configuration, Environment(local))


def task(name: EngineId, local: object) -> Engine:
    return Engine(identity_of(name), TASK.name, None, Environment(local))


RUNNING1, RUNNING2 = task(TASK1, TaskState()), task(TASK2, TaskState())
FINISHED1 = task(TASK1, FINISHED)


def together(*engines: Engine) -> GlobalState:
    return initial_state(Unordered, engines)


def taking(body: object, *fired: RuleId, spawned: tuple[EngineId, ...] = ()) -> Record:
    message = Message(MANAGER_ID, DRIVER_ID, DEFAULT_MAILBOX, body)
    return Record(Deliver(message), fired, consumed=message, spawned=spawned)


def sending(body: object) -> Record:
    message = Message(MANAGER_ID, DRIVER_ID, DEFAULT_MAILBOX, body)
    return Record(Deliver(Message(DRIVER_ID, MANAGER_ID, DEFAULT_MAILBOX, None)), sent=(message,))


def becoming(before: object, body: object, after: object) -> Reacted:
    return Reacted(driver(before), taking(body), driver(after))


def test_no_more_tasks_run_than_the_driver_may_run() -> None:
    driving = Driving()
    assert AT_MOST_SO_MANY_RUN.judge(together(driver(driving, 2), RUNNING2, RUNNING1)) is None
    assert AT_MOST_SO_MANY_RUN.judge(together(driver(driving, 1), RUNNING2, FINISHED1)) is None
    assert AT_MOST_SO_MANY_RUN.judge(together(driver(driving, 1), RUNNING2, RUNNING1)) == Evidence(
        "task.1, task.2 run, the limit is 1"
    )


def test_without_a_driver_there_is_no_limit() -> None:
    assert AT_MOST_SO_MANY_RUN.judge(together(RUNNING1)) is None


def test_no_task_runs_when_the_driver_has_stopped() -> None:
    stopped = driver(Stopped(ONE, ExecutionDriverMetrics()))
    judge = NO_TASK_OUTLIVES_ITS_DRIVER.judge
    assert judge(together(stopped, FINISHED1)) is None
    assert judge(together(driver(Driving()), RUNNING1)) is None
    assert judge(together(stopped, RUNNING2, RUNNING1)) == Evidence(
        "the driver has stopped, and task.1 runs"
    )


COUNTED = ExecutionDriverMetrics(1, 1, 1, pmap({1: 1, 3: 1}))
"""Two tasks have ended, one of them by a crash."""


@pytest.mark.parametrize(
    "local",
    [
        Driving(),
        Driving(THREE, pmap({THREE: 5}), COUNTED),
        Driving(THREE, pmap(), COUNTED, closed=True),
        Driving(TWO, pmap({ONE: 1}), closed=True),
        Stopped(THREE, COUNTED),
    ],
)
def test_metrics_add_up_if_what_was_received_has_ended_or_runs(local: DriverState) -> None:
    assert METRICS_ADD_UP.judge(driver(local)) is None


@pytest.mark.parametrize(
    ("local", "finding"),
    [
        (
            Stopped(THREE, evolve(COUNTED, latencies=pmap({1: 1}))),
            "2 tasks have ended, and 1 have a latency",
        ),
        (Stopped(THREE, evolve(COUNTED, crashes=2)), "errors: 1, crashes among them: 2"),
        (
            Driving(THREE, pmap(), COUNTED),
            "by its place the driver has received 3; joined: 2; waited for: 0",
        ),
        (
            Driving(TWO, pmap({TWO: 5}), COUNTED),
            "by its place the driver has received 2; joined: 2; waited for: 1",
        ),
        (
            Driving(TWO, pmap(), COUNTED, closed=True),
            "by its place the driver has received 1; joined: 2; waited for: 0",
        ),
        (Stopped(TWO, COUNTED), "by its place the driver has received 1; joined: 2; waited for: 0"),
    ],
)
def test_metrics_that_do_not_add_up_are_found(local: DriverState, finding: str) -> None:
    assert METRICS_ADD_UP.judge(driver(local)) == Evidence(finding)


RUNS = Driving(ONE, pmap({ONE: 1}))
"""One task runs, and nothing is counted."""
EXECUTED = ExecutionDriverMetrics(1, 0, 0, pmap({0: 1}))
FAILED = ExecutionDriverMetrics(0, 1, 0, pmap({0: 1}))
CRASHED = ExecutionDriverMetrics(0, 1, 1, pmap({0: 1}))
WRONG_EPOCH = ExecutionError.WRONG_EPOCH


def counting(before: Any, body: object, metrics: ExecutionDriverMetrics) -> Reacted:
    return becoming(before, body, evolve(before, metrics=metrics))


@pytest.mark.parametrize(
    ("body", "metrics"),
    [
        (TaskEnded(ONE, None), EXECUTED),
        (TaskEnded(ONE, WRONG_EPOCH), FAILED),
        (TaskCrashed(ONE), CRASHED),
    ],
)
def test_metrics_change_when_a_task_is_joined_by_how_it_has_ended(
    body: object, metrics: ExecutionDriverMetrics
) -> None:
    due = metrics
    for here in (EXECUTED, FAILED, CRASHED, RUNS.metrics):
        evidence = METRICS_ARE_TIMELY.judge(counting(RUNS, body, here))
        assert evidence == (None if here == due else untimely(due, here))


@pytest.mark.parametrize("body", [READY, END, TaskEnded(TWO, None), TaskCrashed(TWO)])
def test_metrics_do_not_change_when_no_task_is_joined(body: object) -> None:
    stopped = Stopped(TWO, RUNS.metrics)
    assert METRICS_ARE_TIMELY.judge(counting(RUNS, body, RUNS.metrics)) is None
    for before in (RUNS, stopped):
        evidence = METRICS_ARE_TIMELY.judge(counting(before, body, EXECUTED))
        assert evidence == untimely(RUNS.metrics, EXECUTED)


@pytest.mark.parametrize("body", [TaskEnded(ONE, None), TaskCrashed(ONE)])
def test_a_driver_that_has_stopped_joins_nothing(body: object) -> None:
    assert METRICS_ARE_TIMELY.judge(counting(Stopped(TWO, EXECUTED), body, EXECUTED)) is None


def test_only_a_driver_has_metrics() -> None:
    reacted = Reacted(RUNNING1, taking(TaskEnded(ONE, None)), FINISHED1)
    assert METRICS_ARE_TIMELY.judge(reacted) is None


def untimely(due: ExecutionDriverMetrics, here: ExecutionDriverMetrics) -> Evidence:
    return Evidence(
        "the metrics are not those of what has happened", (f"due: {due}", f"here: {here}")
    )


STOPPED = Stopped(THREE, ExecutionDriverMetrics())
TWO_RUN = Driving(TWO, pmap({TWO: 2, ONE: 1}), closed=True)
ONE_RUNS = Driving(TWO, pmap({TWO: 2}), closed=True)


@pytest.mark.parametrize(
    ("before", "body"),
    [
        (Driving(TWO), ChannelClosed(THREE)),
        (Driving(THREE, closed=True), TaskEnded(ONE, None)),
        (ONE_RUNS, TaskEnded(TWO, None)),
        (ONE_RUNS, TaskCrashed(TWO)),
    ],
)
def test_the_driver_stops_when_the_channel_has_ended_and_the_last_task_is_joined(
    before: Driving, body: object
) -> None:
    assert STOPS_LAST.judge(becoming(before, body, STOPPED)) is None


@pytest.mark.parametrize(
    ("before", "body", "finding"),
    [
        (TWO_RUN, END, "the driver stops, and has not joined the task of place 1"),
        (TWO_RUN, TaskEnded(ONE, None), "the driver stops, and has not joined the task of place 2"),
        (ONE_RUNS, TaskCrashed(ONE), "the driver stops, and has not joined the task of place 2"),
        (
            evolve(ONE_RUNS, closed=False),
            TaskCrashed(TWO),
            "the driver stops, and the channel is open",
        ),
    ],
)
def test_a_driver_that_stops_too_early_is_found(
    before: Driving, body: object, finding: str
) -> None:
    assert STOPS_LAST.judge(becoming(before, body, STOPPED)) == Evidence(finding)
    assert STOPS_LAST.judge(becoming(before, body, before)) is None
    assert STOPS_LAST.judge(becoming(STOPPED, body, STOPPED)) is None


def test_the_channel_holds_what_was_sent_and_not_taken_in_the_order_in_which_it_was_sent() -> None:
    assert in_channel(pvector([READY]), sending(END)) == pvector([READY, END])
    assert in_channel(pvector([READY]), sending(TaskCrashed(ONE))) == pvector([READY])
    assert in_channel(pvector([READY, END]), taking(READY)) == pvector([END])
    assert in_channel(pvector([END]), taking(READY)) == pvector([END])
    assert in_channel(pvector([READY]), taking(READY, IgnoreRepeat.id)) == pvector([READY])


def test_what_is_taken_before_its_turn_is_named_and_so_is_what_was_next() -> None:
    assert out_of_order(pvector([READY, END]), taking(READY)) is None
    assert out_of_order(pvector([END]), taking(READY, IgnoreRepeat.id)) is None
    assert out_of_order(pvector([READY, END]), taking(END)) == Evidence(
        "the driver takes the end from the channel, a was next"
    )
    assert out_of_order(pvector([END]), taking(READY)) == Evidence(
        "the driver takes a from the channel, the end was next"
    )
    assert out_of_order(pvector(), taking(READY)) == Evidence(
        "the driver takes a from the channel, nothing was next"
    )


def spawning(record: Record) -> Reacted:
    return Reacted(driver(Driving()), record, driver(Driving()))


def test_a_certificate_that_is_received_gets_one_task_and_nothing_else_gets_any() -> None:
    judge = EACH_HAS_A_TASK.judge
    assert judge(spawning(taking(READY, spawned=(TASK1,)))) is None
    assert judge(spawning(taking(END))) is None
    assert judge(spawning(taking(TaskCrashed(ONE)))) is None
    assert judge(spawning(taking(READY, IgnoreRepeat.id))) is None


@pytest.mark.parametrize(
    ("record", "finding"),
    [
        (taking(READY), "the driver has received a; tasks spawned: 0"),
        (
            taking(READY, spawned=(TASK1, TASK2)),
            "the driver has received a; tasks spawned: 2",
        ),
        (taking(END, spawned=(TASK1,)), "the driver has received the end; tasks spawned: 1"),
        (
            taking(READY, IgnoreRepeat.id, spawned=(TASK1,)),
            "the driver has received nothing; tasks spawned: 1",
        ),
    ],
)
def test_a_certificate_without_a_task_and_a_task_without_one_are_found(
    record: Record, finding: str
) -> None:
    assert EACH_HAS_A_TASK.judge(spawning(record)) == Evidence(finding)
