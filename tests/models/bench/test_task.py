"""Tasks do what they say, and count what is known."""

import pytest
from attrs import evolve
from pyrsistent import PMap, pmap

from models.bench import task as module
from models.bench.task import Run, Task, Tool, model_of, perform
from models.model import Value, World
from models.search.bounds import Bounds
from models.search.exhaustive import explore
from models.search.result import SearchResult

COMMIT: PMap[str, Value] = pmap({"resource_managers": 3})


@pytest.mark.parametrize("tool", [Tool.SEARCH, Tool.VERDICT, Tool.NAIVE, Tool.DEPTH_FIRST])
def test_every_search_visits_the_known_states(tool: Tool) -> None:
    run = perform(Task(tool, "two-phase-commit", COMMIT))
    assert evolve(run, seconds=0, bytes=0) == Run(288, 761, 384, complete=True, seconds=0, bytes=0)
    assert run.seconds > 0
    assert run.bytes >= 0


def test_walks_take_as_many_steps_as_they_take() -> None:
    run = perform(Task(Tool.WALKS, "counter"))
    assert not run.complete
    assert run.transitions is not None
    assert 200 * 19 <= run.transitions <= 200 * 20


def test_parameters_are_those_of_the_task() -> None:
    few, many = (
        perform(Task(Tool.SEARCH, "counter", pmap({"transactions": number}))) for number in (1, 2)
    )
    assert (few.states, many.states) == (35, 1845)


def test_properties_are_judged_only_where_they_are_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    judged: list[int] = []

    def look(world: World, bounds: Bounds, until: frozenset[str]) -> SearchResult:
        judged.append(len(world.properties))
        return explore(world, bounds, until)

    monkeypatch.setattr(module, "explore", look)
    for tool in (Tool.SEARCH, Tool.VERDICT):
        perform(Task(tool, "counter"))
    assert judged[0] == 0
    assert judged[1] > 20


def test_a_model_that_does_not_exist_is_named() -> None:
    with pytest.raises(LookupError, match="no such model: nothing"):
        model_of(Task(Tool.SEARCH, "nothing"))
