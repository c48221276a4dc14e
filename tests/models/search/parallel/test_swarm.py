"""Walks shared among helpers are those that one process takes, and are judged as there."""

import logging
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from attrs import evolve

from models.catalogue import model_named
from models.model import World
from models.schedulers.pct import Priorities
from models.search.bounds import Bounds, Stop
from models.search.judge import JudgeError
from models.search.outcomes import INDEPENDENT
from models.search.parallel.crew import Gone
from models.search.parallel.strolls import Recipe, Walked
from models.search.parallel.swarm import swarm
from models.search.progress import Progress
from models.search.result import SearchResult, Status
from models.search.walks import Plan, walk
from properties.outcome import outcome_of
from properties.property import Evidence, Kind, StateProperty
from spec.formalism.rule import RuleId
from spec.formalism.state import GlobalState

RULE = RuleId("test.rule")


def recipe(name: str, **parameters: Any) -> Recipe:
    model = model_named(name)
    assert model is not None
    options = {each.name: each.default for each in model.parameters} | parameters
    return partial(model.build, options)


def told(result: SearchResult) -> SearchResult:
    """All that walks say but how long they took, and what only one process can count."""
    return evolve(result, seconds=0.0, nodes=0, properties=(), resting=tuple(result.resting))


def judged(result: SearchResult) -> list[tuple[Any, ...]]:
    """What walks say of each property; two worlds that are equal have judges that are not."""
    return [
        (each.property.name, each.status, each.evidence, each.events) for each in result.properties
    ]


def agree(how: Recipe, plan: Plan, helpers: Any, until: frozenset[str] | None = None) -> None:
    alone = walk(how(), plan, until=until)
    shared = swarm(how, helpers.opening, plan, until=until)
    assert told(shared) == told(alone)
    assert judged(shared) == judged(alone)
    assert any(isinstance(each, Walked) for each in helpers.said)


@pytest.mark.parametrize("name", ["smallbank", "voting", "two-phase-commit", "transfer"])
def test_a_swarm_takes_the_walks_that_one_process_takes(
    name: str, moody: Callable[..., Any]
) -> None:
    agree(recipe(name), Plan(40, seed=3), moody(3))


def test_walks_by_priorities_have_the_guarantee_of_one_process(moody: Callable[..., Any]) -> None:
    plan = Plan(40, seed=3, scheduling=Priorities(2))
    agree(recipe("ordering"), plan, moody(3))
    assert walk(recipe("ordering")(), plan).guarantee is not None


@pytest.mark.parametrize("seed", range(3))
def test_walks_of_a_helper_that_dies_are_taken_again(seed: int, moody: Callable[..., Any]) -> None:
    helpers = moody(4, seed, death=0.2)
    agree(recipe("counter"), Plan(40, seed=3), helpers)
    assert any(isinstance(each, Gone) for each in helpers.said)


def test_a_swarm_whose_helpers_all_die_walks_alone(moody: Callable[..., Any]) -> None:
    how = recipe("counter")
    shared = swarm(how, moody(2, death=1.0).opening, Plan(5))
    assert told(shared) == told(walk(how(), Plan(5)))


def test_walks_go_on_from_their_first_number(moody: Callable[..., Any]) -> None:
    agree(recipe("counter"), Plan(20, seed=3, first=7), moody(2))


def broken(how: Recipe, wanted: int) -> World:
    """A world in which a rare state at rest is broken: the one that many walks meet last."""
    world = how()
    rare = walk(world, Plan(60)).resting[wanted]

    def judge(state: GlobalState) -> Evidence | None:
        return Evidence("it is met") if state == rare else None

    about = StateProperty("it is never met", RULE, Kind.AT_REST, judge)
    return evolve(world, properties=(*world.properties, about))


def test_the_first_violation_by_number_ends_the_walks(moody: Callable[..., Any]) -> None:
    how = partial(broken, recipe("ordering"), -1)
    alone = walk(how(), Plan(60))
    helpers = moody(3)
    agree(how, Plan(60), helpers)
    assert alone.stop is Stop.VIOLATION
    assert alone.transitions > 100


def test_outcomes_that_helpers_meet_apart_are_compared(
    moody: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def one_order(state: GlobalState) -> Any:
        return evolve(outcome_of(state), order=())

    monkeypatch.setattr("models.search.outcomes.outcome_of", one_order)
    for until in (None, frozenset[str]()):
        alone = walk(recipe("ordering")(), Plan(60, seed=4), until=until)
        agree(recipe("ordering"), Plan(60, seed=4), moody(3), until)
        about = next(each for each in alone.properties if each.property == INDEPENDENT)
        assert about.status is Status.VIOLATED
        assert about.events


def test_a_bound_on_states_ends_the_swarm_after_a_part(moody: Callable[..., Any]) -> None:
    how = recipe("ordering")
    result = swarm(how, moody(2).opening, Plan(160), Bounds(max_states=100))
    assert result.stop is Stop.STATES
    assert result.states >= 100
    assert result.transitions < walk(how(), Plan(160)).transitions


def test_progress_tells_how_many_walks_are_done(moody: Callable[..., Any]) -> None:
    heard: list[Progress] = []
    swarm(recipe("counter"), moody(2).opening, Plan(20), listener=heard.append)
    assert [each.walks for each in heard] == list(range(2, 21, 2))


def failing() -> World:
    def judge(state: GlobalState) -> Evidence | None:
        raise ValueError(len(state.engines))

    world = recipe("counter")()
    about = StateProperty("it fails", RULE, Kind.ALWAYS, judge)
    return evolve(world, properties=(about, *world.properties))


def test_a_judge_that_raises_is_seen(moody: Callable[..., Any]) -> None:
    with pytest.raises(JudgeError, match="the judge of 'it fails' raised"):
        swarm(failing, moody(2).opening, Plan(20))


def test_nobody_is_told_of_helpers_that_do_not_die(
    moody: Callable[..., Any], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        swarm(recipe("counter"), moody(2).opening, Plan(20))
    assert caplog.text == ""
