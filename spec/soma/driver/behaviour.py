"""The rules of the execution driver."""

from attrs import evolve

from spec.formalism.environment import Effect, Spawn
from spec.formalism.family import EngineFamily, FamilyName, phases
from spec.formalism.message import Message, Trigger, arrived
from spec.formalism.rule import FollowUp, Rule, RuleId, Source, Text
from spec.soma.channel import ChannelClosed, Ready, task_name
from spec.soma.driver.configuration import DriverConfiguration
from spec.soma.driver.environment import (
    DriverEnv,
    DriverState,
    Driving,
    Stopped,
    has_taken,
    is_running,
    joined,
    may_take,
    received,
)
from spec.soma.task.behaviour import TASK
from spec.soma.task.configuration import TaskConfiguration
from spec.soma.task.environment import spawned
from spec.soma.task.messages import TaskCrashed, TaskEnded


class ReceiveCertificate(Rule[DriverConfiguration, DriverState, tuple[Driving, Message[Ready]]]):
    """The next certificate of the channel gets a task, if fewer than the limit are running."""

    id = RuleId("driver.receive-certificate")
    version = 1
    sources = (
        Source(Text.S2, "Receive ready certificates from channel"),
        Source(Text.S2, "If we've reached max concurrency, wait for a task to complete"),
    )
    decides = (
        "At the limit the driver takes nothing. S2 takes one certificate more, and holds it until "
        "a task has ended: then one has left the channel that nobody executes, and a driver that "
        "waits for the channel does not hear of tasks that end."
    )

    @staticmethod
    def guard(
        trigger: Trigger, configuration: DriverConfiguration, environment: DriverEnv
    ) -> tuple[Driving, Message[Ready]] | None:
        ready, driver = arrived(trigger, Ready), environment.local
        limit = configuration.max_concurrent_executions
        if ready and isinstance(driver, Driving) and may_take(limit, driver, ready.body.place):
            return driver, ready
        return None

    @staticmethod
    def action(
        output: tuple[Driving, Message[Ready]],
        trigger: Trigger,
        configuration: DriverConfiguration,
        environment: DriverEnv,
    ) -> Effect[DriverState]:
        driver, ready = output
        place, certificate = ready.body.place, ready.body.certificate
        task = TaskConfiguration(place, certificate, ready.target, configuration.authority)
        return Effect(
            environment.with_local(received(driver, place)),
            spawns=(Spawn(task_name(place), TASK.name, task, spawned()),),
        )


class TakeClose(Rule[DriverConfiguration, DriverState, tuple[Driving, ChannelClosed]]):
    """When the end of the channel is next, the driver takes it as it would take a certificate."""

    id = RuleId("driver.take-close")
    version = 1
    sources = (Source(Text.S2, "Channel closed, no more certificates will be received"),)

    @staticmethod
    def guard(
        trigger: Trigger, configuration: DriverConfiguration, environment: DriverEnv
    ) -> tuple[Driving, ChannelClosed] | None:
        closed, driver = arrived(trigger, ChannelClosed), environment.local
        limit = configuration.max_concurrent_executions
        if closed and isinstance(driver, Driving) and may_take(limit, driver, closed.body.place):
            return driver, closed.body
        return None

    @staticmethod
    def action(
        output: tuple[Driving, ChannelClosed],
        trigger: Trigger,
        configuration: DriverConfiguration,
        environment: DriverEnv,
    ) -> Effect[DriverState]:
        driver, closed = output
        return Effect(environment.with_local(evolve(driver, taken=closed.place, closed=True)))


class JoinTask(Rule[DriverConfiguration, DriverState, tuple[Driving, TaskEnded]]):
    """A task that has ended is joined: it is counted by how it ended, and by how long it took.

    How long is logical: the receives and joins between spawning and joining it.
    """

    id = RuleId("driver.join-task")
    version = 1
    sources = (
        Source(Text.S2, "Record metrics based on execution outcome"),
        Source(Text.S2, "Wait for all remaining tasks to complete"),
    )
    decides = (
        "The driver joins whenever a task ends, and metrics change in that step and nowhere else. "
        "S2 joins at its limit and at the end only, and tasks count for themselves: then what was "
        "counted and what was joined need not agree."
    )

    @staticmethod
    def guard(
        trigger: Trigger, configuration: DriverConfiguration, environment: DriverEnv
    ) -> tuple[Driving, TaskEnded] | None:
        end, driver = arrived(trigger, TaskEnded), environment.local
        if end and isinstance(driver, Driving) and is_running(driver, end.body.place):
            return driver, end.body
        return None

    @staticmethod
    def action(
        output: tuple[Driving, TaskEnded],
        trigger: Trigger,
        configuration: DriverConfiguration,
        environment: DriverEnv,
    ) -> Effect[DriverState]:
        driver, end = output
        error = end.error is not None
        return Effect(environment.with_local(joined(driver, end.place, error=error)))


class JoinCrashedTask(Rule[DriverConfiguration, DriverState, tuple[Driving, TaskCrashed]]):
    """A task that has crashed is joined, and counted as an error and as a crash."""

    id = RuleId("driver.join-crashed-task")
    version = 1
    sources = (
        Source(Text.S2, "Certificate execution task failed with error"),
        Source(Text.S2, "Log error but continue processing"),
    )
    decides = "S2 logs a crash and counts it nowhere: then the metrics do not add up."

    @staticmethod
    def guard(
        trigger: Trigger, configuration: DriverConfiguration, environment: DriverEnv
    ) -> tuple[Driving, TaskCrashed] | None:
        crash, driver = arrived(trigger, TaskCrashed), environment.local
        if crash and isinstance(driver, Driving) and is_running(driver, crash.body.place):
            return driver, crash.body
        return None

    @staticmethod
    def action(
        output: tuple[Driving, TaskCrashed],
        trigger: Trigger,
        configuration: DriverConfiguration,
        environment: DriverEnv,
    ) -> Effect[DriverState]:
        driver, crash = output
        return Effect(environment.with_local(joined(driver, crash.place, error=True, crash=True)))


class Stop(FollowUp[DriverConfiguration, DriverState, Trigger]):
    """Once the driver has taken the end of the channel and joined every task, it stops."""

    id = RuleId("driver.stop")
    version = 1
    sources = (Source(Text.S2, "Clean up when channel is closed"),)

    @staticmethod
    def guard(
        trigger: Trigger, configuration: DriverConfiguration, environment: DriverEnv
    ) -> Trigger | None:
        """Always: what counts is what the step has led to."""
        return trigger

    @staticmethod
    def action(
        output: Trigger,
        trigger: Trigger,
        configuration: DriverConfiguration,
        environment: DriverEnv,
    ) -> Effect[DriverState]:
        driver = environment.local
        if isinstance(driver, Stopped) or not driver.closed or driver.running:
            return Effect(environment)
        return Effect(environment.with_local(Stopped(driver.taken, driver.metrics)))


class IgnoreRepeat(Rule[DriverConfiguration, DriverState, Message[object]]):
    """What the driver has taken from the channel or joined before is consumed without effect."""

    id = RuleId("driver.ignore-repeat")
    version = 1
    sources = (Source(Text.TREADLE, "SEMANTICS: the engine formalism, faults"),)

    @staticmethod
    def guard(
        trigger: Trigger, configuration: DriverConfiguration, environment: DriverEnv
    ) -> Message[object] | None:
        driver = environment.local
        ready, closed = arrived(trigger, Ready), arrived(trigger, ChannelClosed)
        end, crash = arrived(trigger, TaskEnded), arrived(trigger, TaskCrashed)
        places = [each.body.place for each in (ready, closed) if each]
        ends = [each.body.place for each in (end, crash) if each]
        taken = any(has_taken(driver, place) for place in places)
        joined_already = any(not is_running(driver, place) for place in ends)
        return arrived(trigger, object) if taken or joined_already else None

    @staticmethod
    def action(
        output: Message[object],
        trigger: Trigger,
        configuration: DriverConfiguration,
        environment: DriverEnv,
    ) -> Effect[DriverState]:
        return Effect(environment)


DRIVER = EngineFamily(
    FamilyName("driver"),
    (ReceiveCertificate, TakeClose, JoinTask, JoinCrashedTask, IgnoreRepeat, Stop),
    phases(
        frozenset(
            {
                ReceiveCertificate.id,
                TakeClose.id,
                JoinTask.id,
                JoinCrashedTask.id,
                IgnoreRepeat.id,
            }
        ),
        frozenset({Stop.id}),
    ),
)
"""Execution drivers."""
