"""How far a task is, in words."""

from properties.soma.task import named
from spec.soma.task.environment import Stage


def test_a_task_that_has_no_stage_has_finished() -> None:
    assert [named(each) for each in (Stage.SPAWNED, None)] == ["spawned", "finished"]
