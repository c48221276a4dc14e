"""How far a task is, and the timer by which it starts."""

from enum import Enum

from attrs import frozen
from pyrsistent import pmap

from spec.formalism.environment import Environment
from spec.formalism.message import Time, TimerHandle

SCHEDULED = TimerHandle("scheduled")
"""The timer by which a task starts: due at once, so at any time after it was spawned."""


class Stage(Enum):
    """How far a task is."""

    SPAWNED = "spawned"
    """It has not started."""
    LOADING = "loading"
    """It waits for the epoch store."""
    EXECUTING = "executing"
    """It waits for AuthorityState to execute its certificate."""


@frozen
class TaskState:
    """The local state of a task that has not finished."""

    stage: Stage = Stage.SPAWNED
    """How far it is."""


TaskEnv = Environment[TaskState]
"""The environment of a task that has not finished."""


def spawned() -> TaskEnv:
    """The environment of a task that has just been spawned."""
    return Environment(TaskState(), timers=pmap({SCHEDULED: Time(0)}))
