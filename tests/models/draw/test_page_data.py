"""What a page knows: the states of all engines after every step, and nothing that could end its script."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from models.draw.lanes import Diagram, diagram_of
from models.draw.layout import layout_of
from models.draw.page_data import page_data
from models.draw.run import Run
from models.model import World
from models.render import render
from models.traces.parts import leaves
from models.traces.subject import named
from spec.formalism.environment import Finished
from spec.formalism.state import messages

LastRun = Callable[[str, World, int], Run]


def data_of(run: Run, diagram: Diagram) -> Any:
    text = page_data(run, diagram, layout_of(diagram, 10, fold=False), iter([2, 3]))
    return json.loads(text)


@pytest.fixture(scope="module", params=["soma-chain", "pool"])
def run(last_run: LastRun, request: pytest.FixtureRequest) -> Run:
    """A run in which engines are created and end, and one in which one that never is is written to."""
    return last_run(request.param, named(request.param).world, 60)


def test_the_state_after_every_step_can_be_told(run: Run) -> None:
    diagram = diagram_of(run)
    data = data_of(run, diagram)
    for step, state in enumerate(run.states):
        there = {str(name): engine for name, engine in state.engines.items()}
        for lane, history in zip(diagram.lanes, data["states"], strict=True):
            past = [lines for at, lines in history if at <= step]
            assert bool(past) == (lane.name in there)
            if not past:
                continue
            told = [data["lines"][number] for number in past[-1]]
            local = there[lane.name].environment.local
            expected = ["Finished"] if isinstance(local, Finished) else list(leaves("", local))
            assert told[: len(expected)] == expected


@pytest.mark.parametrize("model", ["soma-chain", "two-phase-commit"])
def test_the_messages_in_mailboxes_after_every_step_can_be_told(
    last_run: LastRun, model: str
) -> None:
    run = last_run(model, named(model).world, 40)
    data = data_of(run, diagram_of(run))
    there = list[int]()
    for state, (gone, come) in zip(run.states, data["mail"], strict=True):
        for line in gone:
            there.remove(line)
        there += come
        mail = messages(run.world.system.discipline, state)
        assert sorted(data["lines"][line] for line in there) == sorted(map(render, mail))


def test_steps_and_messages_are_those_of_the_diagram(run: Run) -> None:
    diagram = diagram_of(run)
    data = data_of(run, diagram)
    assert [each["text"] for each in data["steps"]] == [step.event for step in run.steps]
    assert [each["changes"] for each in data["steps"]] == [
        [[change.path, change.text] for change in step.changes] for step in run.steps
    ]
    assert [
        (each["from"], each["to"], each["sent"], each["taken"]) for each in data["messages"]
    ] == [(arrow.source, arrow.target, arrow.sent, arrow.taken) for arrow in diagram.arrows]
    assert data["folded"] == [2, 3]
    assert len(data["rows"]) == len(run.steps) + 1


def test_nothing_in_it_can_end_a_script(hostile: Run) -> None:
    diagram = diagram_of(hostile)
    text = page_data(hostile, diagram, layout_of(diagram, 10, fold=False), iter(()))
    assert not set("<>&'\u2028\u2029") & set(text)
    assert json.loads(text)["lanes"][0]["name"] == diagram.lanes[0].name
