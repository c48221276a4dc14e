"""What is measured of which model, and how it is compared."""

from collections.abc import Callable

import pytest
from attrs import evolve
from pyrsistent import PMap, pmap

from models.bench import measure as module
from models.bench.chosen import DEFAULT, everything
from models.bench.measure import PEERS, measure
from models.bench.measured import Subject
from models.bench.task import Run, Task, Tool
from models.catalogue import CATALOGUE, model_named
from models.model import Value

COMMIT = Subject("two-phase-commit", pmap({"resource_managers": 5}))
RUN = Run(1000, 4000, 0, complete=True, seconds=2.0, bytes=1)
SECONDS = {Tool.VERDICT: 1.0, Tool.NAIVE: 40.0, Tool.MUSIL: 4.0}


@pytest.fixture
def musil(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let musil be there."""
    monkeypatch.setattr(module, "why_not", lambda: None)


def performing(done: list[Task], states: dict[Tool, int] | None = None) -> Callable[[Task], Run]:
    def perform(task: Task) -> Run:
        done.append(task)
        seconds = SECONDS.get(task.tool, 2.0)
        return evolve(RUN, seconds=seconds, states=(states or {}).get(task.tool, 1000))

    return perform


@pytest.mark.usefixtures("musil")
def test_each_tool_is_measured_as_often_as_it_says_and_told() -> None:
    done: list[Task] = []
    told: list[str] = []
    bench = measure((COMMIT,), 2, (Tool.NAIVE, Tool.MUSIL), told.append, performing(done))
    tools = (Tool.SEARCH, Tool.VERDICT, Tool.WALKS, Tool.NAIVE, Tool.MUSIL)
    assert done == [Task(tool, *both(COMMIT)) for tool in tools for _ in range(2)]
    assert told[:2] == [f"{COMMIT}: search, 1 of 2", f"{COMMIT}: search, 2 of 2"]
    assert (len(told), bench.repeat) == (10, 2)


def both(subject: Subject) -> tuple[str, PMap[str, Value]]:
    return subject.model, subject.parameters


@pytest.mark.usefixtures("musil")
def test_a_factor_is_how_many_times_as_many_states_are_visited_with_all_properties() -> None:
    (measured,) = measure((COMMIT,), 1, PEERS, perform=performing([])).models
    assert {each.tool: each.factor for each in measured.against} == {
        Tool.NAIVE: 40,
        Tool.DEPTH_FIRST: 2,
        Tool.MUSIL: 4,
    }
    assert measured.search is not None
    assert measured.verdict is not None
    assert (measured.search.seconds, measured.verdict.seconds) == (2, 1)


@pytest.mark.usefixtures("musil")
def test_who_visits_other_states_is_not_compared() -> None:
    perform = performing([], {Tool.MUSIL: 999})
    (measured,) = measure((COMMIT,), 1, (Tool.MUSIL,), perform=perform).models
    (compared,) = measured.against
    assert (compared.factor, compared.why) == (None, "musil visits 999 states, not 1,000")


def test_what_cannot_be_compared_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "why_not", lambda: "it is not there")
    done: list[Task] = []
    subjects = (COMMIT, evolve(COMMIT, parameters=pmap({"delivery": "fifo"})))
    perform = performing(done, dict.fromkeys(Tool, 20_001))
    bench = measure(subjects, 1, (Tool.NAIVE, Tool.MUSIL), perform=perform)
    assert [[each.why for each in measured.against] for measured in bench.models] == [
        ["more than 20,000 states: too many for the plain search", "it is not there"],
        [
            "more than 20,000 states: too many for the plain search",
            "there is no such model for it",
        ],
    ]
    assert {task.tool for task in done} == {Tool.SEARCH, Tool.VERDICT, Tool.WALKS}


def test_a_model_that_is_walked_is_only_walked() -> None:
    done: list[Task] = []
    (measured,) = measure((Subject("ycsb", pmap()),), 1, perform=performing(done)).models
    assert [task.tool for task in done] == [Tool.WALKS]
    assert (measured.search, measured.verdict, measured.against) == (None, None, ())


def test_what_is_measured_if_nothing_is_named_is_there_and_everything_is_more() -> None:
    for subject in DEFAULT:
        model = model_named(subject.model)
        assert model is not None
        pinned = {each.parameters for each in model.expected}
        assert subject.parameters in pinned, subject
    assert everything()[: len(DEFAULT)] == DEFAULT
    assert {each.model for each in everything()} == {model.name for model in CATALOGUE}
    assert len(set(everything())) == len(everything())
