"""The task: one epoch store, one request, one end."""

import pytest
from pyrsistent import pmap

from spec.anoma.program import Program
from spec.formalism.engine import Engine, Reaction, Refusal, react
from spec.formalism.environment import FINISHED, Environment
from spec.formalism.identity import identity_of, on_local_node
from spec.formalism.message import (
    DEFAULT_MAILBOX,
    Message,
    MessageArrived,
    Time,
    Timer,
    TimersElapsed,
    Trigger,
)
from spec.formalism.rule import RuleId
from spec.soma.authority.messages import (
    Abandon,
    EpochStore,
    Executed,
    ExecutionFailed,
    LoadEpochStore,
    TryExecute,
)
from spec.soma.certificate import (
    Certificate,
    Commit,
    CommitDigest,
    CommitIndex,
    TransactionDigest,
)
from spec.soma.channel import Place
from spec.soma.epoch import EpochId
from spec.soma.execution import Effects, ExecutionError
from spec.soma.task.behaviour import TASK
from spec.soma.task.configuration import TaskConfiguration
from spec.soma.task.environment import SCHEDULED, Stage, TaskEnv, TaskState, spawned
from spec.soma.task.messages import Crash, TaskCrashed, TaskEnded

OWN, DRIVER, AUTHORITY = (on_local_node(name) for name in ("task.7", "driver", "authority"))
A, PLACE = TransactionDigest("a"), Place(7)
LOADED = EpochId(5)
COMMIT = Commit(CommitDigest("c"), CommitIndex(9))
CERTIFICATE = Certificate(A, EpochId(4), frozenset(), frozenset(), Program(()), COMMIT)
EXECUTED = Executed(Effects(A, EpochId(4), None, pmap(), pmap()))
STARTS = Trigger(TimersElapsed((Timer(Time(0), SCHEDULED),)), Time(0))


def doing(environment: TaskEnv, trigger: Trigger) -> Reaction | Refusal | None:
    configuration = TaskConfiguration(PLACE, CERTIFICATE, DRIVER, AUTHORITY)
    return react(TASK, Engine(identity_of(OWN), TASK.name, configuration, environment), trigger)


def told(stage: Stage, body: object) -> Reaction | Refusal | None:
    message = Message(AUTHORITY, OWN, DEFAULT_MAILBOX, body)
    return doing(Environment(TaskState(stage)), Trigger(MessageArrived(message), Time(0)))


def sends(*bodies: object) -> tuple[Message[object], ...]:
    """Messages of these bodies, each to whom such a body is for."""
    to_driver = (TaskEnded, TaskCrashed)
    return tuple(
        Message(OWN, DRIVER if isinstance(body, to_driver) else AUTHORITY, DEFAULT_MAILBOX, body)
        for body in bodies
    )


def test_a_task_that_starts_loads_the_epoch_store() -> None:
    after = Environment(TaskState(Stage.LOADING))
    fired = (RuleId("task.load-epoch"),)
    assert doing(spawned(), STARTS) == Reaction(after, fired, sends(LoadEpochStore()))


def test_it_asks_for_the_execution_with_the_commit_and_the_epoch_that_it_has_loaded() -> None:
    assert told(Stage.LOADING, EpochStore(LOADED)) == Reaction(
        Environment(TaskState(Stage.EXECUTING)),
        (RuleId("task.request-execution"),),
        sends(TryExecute(CERTIFICATE, COMMIT, LOADED)),
    )


@pytest.mark.parametrize("stage", [Stage.SPAWNED, Stage.EXECUTING])
def test_an_epoch_store_that_it_does_not_wait_for_causes_nothing(stage: Stage) -> None:
    ignored = Reaction(Environment(TaskState(stage)), (RuleId("task.ignore-repeat"),))
    assert told(stage, EpochStore(LOADED)) == ignored


@pytest.mark.parametrize(
    ("result", "error"),
    [
        (EXECUTED, None),
        (ExecutionFailed(A, ExecutionError.WRONG_EPOCH), ExecutionError.WRONG_EPOCH),
        (ExecutionFailed(A, ExecutionError.MISSING_INPUT), ExecutionError.MISSING_INPUT),
    ],
)
def test_the_driver_hears_how_it_ended(result: object, error: ExecutionError | None) -> None:
    assert told(Stage.EXECUTING, result) == Reaction(
        Environment(FINISHED), (RuleId("task.report-result"),), sends(TaskEnded(PLACE, error))
    )


@pytest.mark.parametrize("stage", list(Stage))
def test_it_may_crash_wherever_it_is(stage: Stage) -> None:
    assert told(stage, Crash()) == Reaction(
        Environment(FINISHED), (RuleId("task.crash"),), sends(TaskCrashed(PLACE), Abandon(A))
    )


def test_a_task_that_crashes_before_it_starts_never_starts() -> None:
    message = Message(AUTHORITY, OWN, DEFAULT_MAILBOX, Crash())
    crashed = doing(spawned(), Trigger(MessageArrived(message), Time(0)))
    assert isinstance(crashed, Reaction)
    assert crashed.environment == Environment(FINISHED)
