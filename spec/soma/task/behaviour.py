"""The rules of a task."""

from spec.formalism.environment import Effect, Finished, finish
from spec.formalism.family import EngineFamily, FamilyName, one_at_a_time
from spec.formalism.message import Message, Send, Timer, Trigger, arrived, elapsed
from spec.formalism.rule import Rule, RuleId, Source, Text
from spec.soma.authority.messages import (
    Abandon,
    EpochStore,
    Executed,
    ExecutionFailed,
    LoadEpochStore,
    TryExecute,
)
from spec.soma.execution import ExecutionError
from spec.soma.task.configuration import TaskConfiguration
from spec.soma.task.environment import SCHEDULED, Stage, TaskEnv, TaskState
from spec.soma.task.messages import Crash, TaskCrashed, TaskEnded


class LoadEpoch(Rule[TaskConfiguration, TaskState, Timer]):
    """A task that starts loads the epoch store, once."""

    id = RuleId("task.load-epoch")
    version = 1
    sources = (
        Source(Text.S2, "Get current epoch store"),
        Source(Text.S2, "load_epoch_store_one_call_per_task"),
    )
    decides = (
        "A timer that is due at once stands for the scheduler of the runtime: a task may start at "
        "any time after it was spawned. In the public code the driver loads the store, before it "
        "waits for a free place: so the certificate may wait while that epoch ends."
    )

    @staticmethod
    def guard(
        trigger: Trigger, configuration: TaskConfiguration, environment: TaskEnv
    ) -> Timer | None:
        return elapsed(trigger, SCHEDULED)

    @staticmethod
    def action(
        output: Timer, trigger: Trigger, configuration: TaskConfiguration, environment: TaskEnv
    ) -> Effect[TaskState]:
        load = Send(configuration.authority, LoadEpochStore())
        return Effect(environment.with_local(TaskState(Stage.LOADING)), (load,))


class RequestExecution(Rule[TaskConfiguration, TaskState, EpochStore]):
    """With the epoch store that it has loaded, the task asks for the execution, once."""

    id = RuleId("task.request-execution")
    version = 1
    sources = (Source(Text.S2, "Execute certificate with try_execute_immediately"),)
    decides = "The public code tries up to ten times; S2 tries once, and so does a task here."

    @staticmethod
    def guard(
        trigger: Trigger, configuration: TaskConfiguration, environment: TaskEnv
    ) -> EpochStore | None:
        store = arrived(trigger, EpochStore)
        return store.body if store and environment.local.stage is Stage.LOADING else None

    @staticmethod
    def action(
        output: EpochStore,
        trigger: Trigger,
        configuration: TaskConfiguration,
        environment: TaskEnv,
    ) -> Effect[TaskState]:
        certificate = configuration.certificate
        request = TryExecute(certificate, certificate.commit, output.epoch)
        return Effect(
            environment.with_local(TaskState(Stage.EXECUTING)),
            (Send(configuration.authority, request),),
        )


class ReportResult(Rule[TaskConfiguration, TaskState, TaskEnded]):
    """The task tells the driver how it ended, and finishes."""

    id = RuleId("task.report-result")
    version = 1
    sources = (Source(Text.S2, "Handle execution result"),)
    decides = (
        "A certificate whose program fails is executed, with effects that say so; only where "
        "there are no effects at all is it an error."
    )

    @staticmethod
    def guard(
        trigger: Trigger, configuration: TaskConfiguration, environment: TaskEnv
    ) -> TaskEnded | None:
        if environment.local.stage is not Stage.EXECUTING:
            return None
        executed, failed = arrived(trigger, Executed), arrived(trigger, ExecutionFailed)
        error: ExecutionError | None = failed.body.error if failed else None
        return TaskEnded(configuration.place, error) if executed or failed else None

    @staticmethod
    def action(
        output: TaskEnded,
        trigger: Trigger,
        configuration: TaskConfiguration,
        environment: TaskEnv,
    ) -> Effect[Finished]:
        return finish(environment, (Send(configuration.driver, output),))


class CrashTask(Rule[TaskConfiguration, TaskState, Crash]):
    """A task that crashes is over, wherever it was: the driver and AuthorityState notice.

    What it has asked for is abandoned: an execution that has not finished is dropped, one that has
    finished stays.
    """

    id = RuleId("task.crash")
    version = 1
    sources = (
        Source(Text.S2, "Each certificate executes in an isolated task"),
        Source(Text.TREADLE, "SEMANTICS: Soma, task"),
    )
    decides = (
        "S2 joins tasks that have panicked, and does not say what becomes of their executions. "
        "Dropping a task drops what it awaits, and what that holds: the locks too."
    )

    @staticmethod
    def guard(
        trigger: Trigger, configuration: TaskConfiguration, environment: TaskEnv
    ) -> Crash | None:
        crash = arrived(trigger, Crash)
        return crash.body if crash else None

    @staticmethod
    def action(
        output: Crash, trigger: Trigger, configuration: TaskConfiguration, environment: TaskEnv
    ) -> Effect[Finished]:
        crashed = Send(configuration.driver, TaskCrashed(configuration.place))
        abandon = Send(configuration.authority, Abandon(configuration.certificate.digest))
        return finish(environment, (crashed, abandon))


class IgnoreRepeat(Rule[TaskConfiguration, TaskState, Message[EpochStore]]):
    """An epoch store that arrives again is consumed without effect."""

    id = RuleId("task.ignore-repeat")
    version = 1
    sources = (Source(Text.TREADLE, "SEMANTICS: the engine formalism, faults"),)

    @staticmethod
    def guard(
        trigger: Trigger, configuration: TaskConfiguration, environment: TaskEnv
    ) -> Message[EpochStore] | None:
        store = arrived(trigger, EpochStore)
        return store if store and environment.local.stage is not Stage.LOADING else None

    @staticmethod
    def action(
        output: Message[EpochStore],
        trigger: Trigger,
        configuration: TaskConfiguration,
        environment: TaskEnv,
    ) -> Effect[TaskState]:
        return Effect(environment)


TASK = EngineFamily(
    FamilyName("task"),
    (LoadEpoch, RequestExecution, ReportResult, CrashTask, IgnoreRepeat),
    one_at_a_time,
)
"""Tasks: each lives for one attempt to execute one certificate."""
