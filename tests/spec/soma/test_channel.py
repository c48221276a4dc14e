"""The names of tasks."""

from spec.formalism.identity import EngineId, EngineName, NodeId
from spec.soma.channel import Place, task_id, task_name


def test_a_task_is_named_by_the_place_of_its_certificate_and_lives_beside_its_driver() -> None:
    driver = EngineId(NodeId("elsewhere"), EngineName("driver"))
    assert task_name(Place(3)) == EngineName("task.3")
    assert task_id(driver, Place(3)) == EngineId(NodeId("elsewhere"), EngineName("task.3"))
