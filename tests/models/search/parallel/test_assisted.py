"""A search with helpers finds and counts what it does alone, whoever helps when."""

from collections.abc import Callable
from typing import Any

import pytest
from attrs import evolve

from models.catalogue import CATALOGUE, model_named
from models.model import Model, World
from models.search.bounds import Bounds, Stop
from models.search.exhaustive import explore
from models.search.parallel import assisted as module
from models.search.parallel.assisted import assisted
from models.search.parallel.crew import Gone
from models.search.parallel.helper import Answer, Lacking
from models.search.result import SearchResult
from properties.property import (
    Evidence,
    Kind,
    MonitorProperty,
    Property,
    Reacted,
    ReactionProperty,
    StateProperty,
    Step,
    StepProperty,
)
from spec.formalism.delivery import SetDelivery
from spec.formalism.event import Record
from spec.formalism.rule import RuleId
from spec.formalism.state import Faults, GlobalState
from spec.voting.messages import Choice
from spec.voting.system import Elector, Poll, voting_state, voting_system

NOBODY_STOPS: frozenset[str] = frozenset()


def world_of(name: str, **parameters: Any) -> World:
    model = model_named(name)
    assert model is not None
    return model.build({each.name: each.default for each in model.parameters} | parameters)


def told(result: SearchResult) -> SearchResult:
    """All that a search says but how long it took: the runs that show something among it."""
    return evolve(result, seconds=0.0, resting=tuple(result.resting))


SEARCHED = [model for model in CATALOGUE if model.walks is None]


@pytest.mark.slow
@pytest.mark.parametrize("model", SEARCHED, ids=[model.name for model in SEARCHED])
def test_helpers_change_nothing_on_any_built_in_model(
    model: Model, moody: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.search.exhaustive.CHUNK", 256)
    monkeypatch.setattr(module, "CHUNK", 256)
    world = world_of(model.name)
    helpers = moody(3)
    helped = assisted(world, helpers.opening, until=NOBODY_STOPS)
    assert told(helped) == told(explore(world, until=NOBODY_STOPS))


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize("seed", range(5))
def test_helpers_change_nothing_whoever_answers_first(seed: int, moody: Callable[..., Any]) -> None:
    world = world_of("ordering", keys=1)
    helpers = moody(3, seed)
    assert told(assisted(world, helpers.opening)) == told(explore(world))
    assert len([each for each in helpers.said if isinstance(each, Answer)]) > 20


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize("seed", range(5))
def test_what_a_dead_helper_had_to_do_is_done_again(seed: int, moody: Callable[..., Any]) -> None:
    world = world_of("ordering", keys=1)
    helpers = moody(6, seed, death=0.1)
    assert told(assisted(world, helpers.opening)) == told(explore(world))
    assert any(isinstance(each, Gone) for each in helpers.said)


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize("seed", range(5))
def test_a_helper_that_has_forgotten_everything_is_told_again(
    seed: int, moody: Callable[..., Any]
) -> None:
    world = world_of("ordering", keys=1)
    helpers = moody(2, seed, loss=0.3)
    assert told(assisted(world, helpers.opening)) == told(explore(world))
    assert any(isinstance(each, Lacking) for each in helpers.said)


@pytest.mark.usefixtures("small_parts")
def test_a_search_whose_helpers_all_die_goes_on_alone(moody: Callable[..., Any]) -> None:
    world = world_of("ordering", keys=1)
    helpers = moody(3, death=1.0)
    assert told(assisted(world, helpers.opening)) == told(explore(world))
    assert len(helpers.said) == 3


@pytest.mark.usefixtures("small_parts")
def test_faults_and_refusals_are_counted_as_without_helpers(moody: Callable[..., Any]) -> None:
    world = world_of("ordering", keys=1, transactions=1)
    faults = Faults(duplicates=1, losses=2)
    faulty = evolve(
        world,
        system=evolve(world.system, faults=faults),
        state=evolve(world.state, faults=faults),
    )
    helpers = moody(2)
    assert told(assisted(faulty, helpers.opening)) == told(explore(faulty))
    assert helpers.said


@pytest.mark.usefixtures("small_parts")
def test_messages_that_stay_and_timers_are_as_without_helpers(moody: Callable[..., Any]) -> None:
    system = voting_system(SetDelivery)
    poll = Poll((Elector("ann", (Choice("red"),)), Elector("bob", (Choice("red"),))), rounds=1)
    world = World(system, voting_state(system, poll), world_of("voting").properties)
    helpers = moody(2)
    alone = explore(world)
    assert told(assisted(world, helpers.opening)) == told(alone)
    assert alone.stutters > 0
    assert helpers.said


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize(
    "bounds", [Bounds(max_states=700), Bounds(max_depth=12), Bounds(max_memory=1)]
)
def test_a_bound_stops_the_search_where_it_would_stop_alone(
    bounds: Bounds, moody: Callable[..., Any]
) -> None:
    world = world_of("ordering", keys=1)
    alone = explore(world, bounds)
    assert told(assisted(world, moody(2).opening, bounds)) == told(alone)
    assert alone.stop in {Stop.STATES, Stop.DEPTH, Stop.MEMORY}


RULE = RuleId("test.rule")


def crowd(state: GlobalState) -> Evidence | None:
    crowded_late = len(state.engines) > 5 and len(state.mailboxes) < 3
    return Evidence("many engines are there") if crowded_late else None


def answered(reacted: Reacted) -> Evidence | None:
    fired = RuleId("worker.keep-summary") in reacted.record.fired
    return Evidence("a worker keeps a summary") if fired else None


def counted(remembered: int, record: Record) -> int:
    return min(remembered + len(record.fired), 12)


def enough(remembered: int) -> Evidence | None:
    return Evidence("many rules have fired") if remembered > 11 else None


def crowded(step: Step) -> Evidence | None:
    return crowd(step.after)


BREAKABLE: tuple[Property, ...] = (
    StateProperty("few are there", RULE, Kind.ALWAYS, crowd),
    StateProperty("few rest", RULE, Kind.AT_REST, crowd),
    ReactionProperty("no worker keeps a summary", RULE, Kind.ALWAYS, answered),
    MonitorProperty("few rules fire", RULE, Kind.ALWAYS, 0, counted, enough),
    StepProperty("no step leads to a crowd", RULE, Kind.ALWAYS, crowded),
)


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize("about", BREAKABLE, ids=[each.name for each in BREAKABLE])
def test_a_violation_is_found_at_the_same_place_and_ends_the_search_there(
    about: Property, moody: Callable[..., Any]
) -> None:
    world = evolve(world_of("ordering", keys=1), properties=(about,))
    alone = explore(world)
    helpers = moody(2)
    assert told(assisted(world, helpers.opening)) == told(alone)
    assert alone.stop is Stop.VIOLATION
    assert bool(helpers.said) is not isinstance(about, StepProperty)


@pytest.mark.usefixtures("small_parts")
def test_what_looks_at_whole_steps_is_judged_without_helpers(moody: Callable[..., Any]) -> None:
    about = StepProperty("a step leads to a crowd", RULE, Kind.SOMETIMES, crowded)
    world = evolve(world_of("ordering", keys=1), properties=(about,))
    helpers = moody(2)
    assert told(assisted(world, helpers.opening)) == told(explore(world))
