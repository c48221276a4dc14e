"""A task that has just been spawned may start at once."""

from pyrsistent import pmap

from spec.formalism.environment import Environment
from spec.formalism.message import Time
from spec.soma.task.environment import SCHEDULED, Stage, TaskState, spawned


def test_a_task_that_was_spawned_is_due_at_once() -> None:
    due = pmap({SCHEDULED: Time(0)})
    assert spawned() == Environment(TaskState(Stage.SPAWNED), timers=due)
