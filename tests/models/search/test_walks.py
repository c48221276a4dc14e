"""Random walks: what they find, where they end, and that a seed takes the same ones again."""

from typing import Any

from attrs import evolve

from models.catalogue import model_named
from models.model import Model, World
from models.search.bounds import Bounds, Stop
from models.search.progress import Progress
from models.search.result import SearchResult, Status
from models.search.walks import Plan, walk
from models.traces.trace import trace
from properties.property import Evidence, Kind, MonitorProperty
from spec.formalism.delivery import SetDelivery
from spec.formalism.event import Deliver
from spec.formalism.rule import RuleId


def built(name: str) -> World:
    model = model_named(name)
    assert isinstance(model, Model)
    return model.build({each.name: each.default for each in model.parameters})


def timeless(result: SearchResult) -> SearchResult:
    return evolve(result, seconds=0)


def bodies(result: SearchResult) -> list[object]:
    events = [each for each in result.properties[0].events if isinstance(each, Deliver)]
    return [event.message.body for event in events]


def test_the_same_seed_takes_the_same_walks() -> None:
    world = built("counter")
    first, again, other = (timeless(walk(world, Plan(5, seed))) for seed in (7, 7, 8))
    assert first == again
    assert first.coverage != other.coverage or first.states != other.states


def test_a_walk_does_not_depend_on_those_before_it() -> None:
    world = built("counter")
    one, two = walk(world, Plan(1, 3)), walk(world, Plan(2, 3))
    assert two.resting[0] == one.resting[0]
    assert two.transitions > one.transitions


def test_walks_that_are_all_taken_hold_and_are_not_complete(adding: Any) -> None:
    about = adding.found(Kind.ALWAYS, lambda total: total > 6)
    result = walk(adding.world((1, 2, 3), (about,)), Plan(4))
    assert (result.stop, result.complete) == (None, False)
    assert result.properties[0].status is Status.HOLDS
    assert (result.transitions, result.stutters, result.depth) == (12, 0, 3)
    assert [state.engines[adding.adder].environment.local for state in result.resting] == [6]


def test_enough_walks_see_everything_there_is(adding: Any) -> None:
    result = walk(adding.world((1, 2)), Plan(30))
    assert (result.states, result.nodes, result.depth) == (4, 4, 2)


def test_a_walk_ends_with_what_breaks_a_property() -> None:
    world = built("pool")
    result = walk(world, Plan(100), until=frozenset({"every transaction finished"}))
    assert result.stop is Stop.VIOLATION
    found = {each.property.name: each for each in result.properties}["every transaction finished"]
    assert found.status is Status.VIOLATED
    steps = trace(world.system, world.state, found.events)
    assert len(steps) == len(found.events) > 0


def test_an_early_finding_ends_the_walk_there(adding: Any) -> None:
    about = adding.found(Kind.ALWAYS, lambda total: total >= 3)
    result = walk(adding.world((3, 3, 3), (about,)), Plan(9))
    assert (bodies(result), result.transitions) == ([3], 1)


def test_a_walk_that_was_cut_short_is_not_judged_as_if_it_rested(adding: Any) -> None:
    about = adding.found(Kind.AT_REST, lambda total: total == 1)
    cut = walk(adding.world((1, 1), (about,)), Plan(3, longest=1))
    assert (cut.properties[0].status, cut.depth, cut.resting) == (Status.HOLDS, 1, ())
    rested = walk(adding.world((1,), (about,)), Plan(3))
    assert rested.properties[0].status is Status.VIOLATED


def test_steps_that_change_nothing_end_no_walk_that_can_go_on(adding: Any) -> None:
    result = walk(adding.world((0, 5), discipline=SetDelivery), Plan(3, longest=20))
    assert (result.depth, result.resting) == (20, ())
    assert result.transitions + result.stutters == 60
    assert result.stutters > 0
    still = walk(adding.world((0,), discipline=SetDelivery), Plan(3))
    assert (still.transitions, still.stutters, len(still.resting)) == (0, 0, 1)


def test_monitors_walk_along(adding: Any) -> None:
    about = MonitorProperty(
        "two steps",
        RuleId("test.add-up"),
        Kind.ALWAYS,
        0,
        lambda steps, _: steps + 1,
        lambda steps: Evidence("two") if steps == 2 else None,
    )
    result = walk(adding.world((1, 1, 1), (about,)), Plan(1))
    assert (result.properties[0].status, len(bodies(result))) == (Status.VIOLATED, 2)


def test_bounds_hold_for_walks_too() -> None:
    world = built("counter")
    few = walk(world, Plan(50), Bounds(max_states=20))
    assert (few.stop, few.states) == (Stop.STATES, 20)
    assert walk(world, Plan(50), Bounds(max_seconds=1e-9)).stop is Stop.SECONDS


def test_walks_can_be_interrupted() -> None:
    def interrupt(_: Progress) -> None:
        raise KeyboardInterrupt

    assert walk(built("counter"), Plan(50), listener=interrupt).stop is Stop.INTERRUPTED
