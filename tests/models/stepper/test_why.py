"""Where something comes from: steps that lead to the same, none of which can be left out."""

import pytest

from models.errors import InputError
from models.stepper.opening import open_session
from models.stepper.point import Point, run_to
from models.stepper.session import Session
from models.stepper.why import before, lines_said, why
from models.traces.stepping import steps_taken
from spec.formalism.event import Event

WORDS = ("timelines written -> served", "executor.2 takes KVSRead", "worker sends UpdateSeenAll(2)")


def events_of(points: tuple[Point, ...]) -> tuple[Event, ...]:
    return tuple(point.event for point in points if point.event is not None)


@pytest.mark.parametrize("words", ["served", "executor.2 takes KVSRead", "sends UpdateSeenAll(2)"])
def test_the_steps_lead_to_the_same_and_all_are_needed(resting: Session, words: str) -> None:
    found = why(resting.here, words)
    events = events_of(found.chain)
    assert (found.complete, found.line in lines_said(found.chain[-1])) == (True, True)
    assert 1 < len(events) < len(resting.events())
    again = Session(resting.world, events=events)
    assert found.line in lines_said(again.end)
    for place in range(len(events) - 1):
        rest = events[:place] + events[place + 1 :]
        session = Session(resting.world)
        for event in rest:
            session.follow((event,))
        assert session.here.event != events[-1] or found.line not in lines_said(session.here)


def test_the_newest_step_counts_that_says_all_the_words(resting: Session) -> None:
    said = [each for each in resting.run() if any("SERVED" in x.upper() for x in lines_said(each))]
    assert len(said) == 2
    assert why(resting.here, "SeRvEd").chain[-1] is said[-1]
    resting.to(said[-1].step - 1)
    assert why(resting.here, "served").chain[-1] is said[0]


def test_what_happened_before_a_step_is_a_run_by_itself(resting: Session) -> None:
    for point in resting.run()[1:]:
        events = events_of(before(point))
        system, state = resting.world.system, resting.world.state
        assert len(list(steps_taken(system, state, events))) == len(events)
        assert events[-1] == point.event
    assert any(len(before(each)) < each.step for each in run_to(resting.here)[1:])


def test_what_breaks_a_property_is_told_by_its_shortest_run() -> None:
    session = open_session("shards-compared-by-name", seed=1)
    session.random(1000)
    broken = "each read is answered once"
    assert broken in [each.property.name for each in session.here.broken]
    found = why(session.here, broken)
    again = Session(session.world, events=events_of(found.chain))
    assert broken in [each.property.name for each in again.end.new]
    assert found.complete


def test_what_shows_at_rest_is_told_by_the_last_step() -> None:
    session = open_session("executor-id-without-node", seed=1)
    session.random(1000)
    broken = "every transaction finished"
    found = why(session.here, broken)
    assert (found.chain, found.complete) == ((session.here,), False)


@pytest.mark.parametrize("words", ["no such words", "", "   "])
def test_words_that_nothing_says_are_refused(resting: Session, words: str) -> None:
    with pytest.raises(InputError, match="nothing in this run says"):
        why(resting.here, words)
