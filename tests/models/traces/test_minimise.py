"""Runs are shortened to runs that break the same property, and no event of which can be left out."""

from collections.abc import Callable

import pytest
from attrs import evolve

from models.model import World
from models.search.bounds import Bounds
from models.search.result import PropertyResult, Status
from models.search.walks import Plan, walk
from models.traces.judging import Stage
from models.traces.minimise import Minimised, NotBrokenError, minimised
from models.traces.stepping import steps_taken
from models.traces.subject import named
from models.twins.catalogue import TWINS, twin_named
from models.twins.twin import Twin, world_of
from properties.property import Kind
from spec.formalism.event import Event

RandomRun = Callable[[World, int, int], list[Event]]


def by_chance(twin: Twin) -> PropertyResult | None:
    """What a walk finds of the property that a twin must break."""
    result = walk(world_of(twin), Plan(200, 7), Bounds(), frozenset({twin.breaks}))
    found = next((each for each in result.properties if each.property.name == twin.breaks), None)
    return found if found is not None and found.status is Status.VIOLATED else None


@pytest.mark.parametrize("twin", TWINS[::7], ids=[twin.name for twin in TWINS[::7]])
def test_a_run_found_by_chance_becomes_one_that_breaks_the_same(twin: Twin) -> None:
    found = by_chance(twin)
    if found is None or not found.events:
        pytest.skip("no walk shows it")
    world = world_of(twin)
    shorter = minimised(world, found.events, found.property)
    assert twin.length <= len(shorter.events) <= len(found.events)
    steps = list(steps_taken(world.system, world.state, shorter.events))
    assert len(steps) == len(shorter.events)
    sights = Stage(evolve(world, properties=(found.property,))).judged(shorter.events)
    assert [(each.property, each.evidence) for each in sights] == [
        (found.property, shorter.evidence)
    ]
    assert minimised(world, found.events, found.property) == shorter


def test_no_single_event_can_be_left_out(fallen: PropertyResult, twin: str) -> None:
    world = named(twin).world
    found = by_chance(twin_of(twin))
    assert found is not None
    shorter = minimised(world, found.events, fallen.property)
    assert shorter.complete
    assert len(shorter.events) == len(fallen.events) < len(found.events)
    for place in range(len(shorter.events)):
        fewer = shorter.events[:place] + shorter.events[place + 1 :]
        course = Stage(evolve(world, properties=(fallen.property,)))
        assert course.judged(fewer) == ()


def test_it_ends_after_so_many_tries(fallen: PropertyResult, twin: str) -> None:
    found = by_chance(twin_of(twin))
    assert found is not None
    few = minimised(named(twin).world, found.events, fallen.property, 3)
    assert (few.tries, few.complete) == (3, False)


def test_a_run_that_must_rest_is_led_to_rest() -> None:
    twin = next(each for each in TWINS if each.name == "executor-id-without-node")
    found = by_chance(twin)
    assert found is not None
    assert found.property.kind is Kind.AT_REST
    shorter = minimised(world_of(twin), found.events, found.property)
    assert isinstance(shorter, Minimised)
    assert len(shorter.events) == twin.length


def test_a_run_that_breaks_nothing_is_refused(fallen: PropertyResult, twin: str) -> None:
    with pytest.raises(NotBrokenError, match="the run does not show: each read is answered once"):
        minimised(named(twin).world, fallen.events[:3], fallen.property)


def twin_of(name: str) -> Twin:
    """The twin of this name."""
    found = twin_named(name)
    assert found is not None
    return found
