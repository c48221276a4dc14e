"""Runs are repeated by the places of their events, or by the events themselves."""

from typing import Any

import pytest

from models.catalogue import model_named
from models.model import Model, World
from models.schedulers.replay import Replay, ReplayError, replayed
from spec.formalism.event import Event


@pytest.fixture
def world() -> World:
    model = model_named("counter")
    assert isinstance(model, Model)
    return model.build({each.name: each.default for each in model.parameters})


def test_choices_are_repeated_and_the_first_event_taken_after_them(forests: Any) -> None:
    scheduler = Replay([2, 0, 1])
    assert [scheduler.choose(forests.some(3), step) for step in range(5)] == [2, 0, 1, 0, 0]


def test_a_choice_that_is_not_there_any_more_is_refused(forests: Any) -> None:
    with pytest.raises(ReplayError, match=r"^step 1: no event 2, 2 are enabled$"):
        Replay([2]).choose(forests.some(2), 0)


def test_events_are_repeated_with_what_they_did(world: World) -> None:
    state, events = world.state, list[Event]()
    for _ in range(6):
        event = world.system.enabled(state)[-1]
        events.append(event)
        state, _record = world.system.step(state, event)
    steps = replayed(world.system, world.state, events)
    assert [step.event for step in steps] == events == [step.record.event for step in steps]
    assert steps[-1].state == state


def test_an_event_that_may_not_happen_is_refused(world: World) -> None:
    first = world.system.enabled(world.state)[0]
    with pytest.raises(ReplayError, match=r"^step 2: the event may not happen here$"):
        replayed(world.system, world.state, [first, first])
