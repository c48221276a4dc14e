"""Messages on their way: when each is sent, and when it is taken."""

from collections import Counter
from collections.abc import Callable

import pytest
from attrs import evolve

from models.draw.flights import Flight, flights_of
from models.draw.run import Run
from models.model import World
from models.traces.subject import named
from spec.formalism.engine import Refusal
from spec.formalism.event import Deliver, Duplicate, Elapse, Lose
from spec.formalism.rule import RuleId
from spec.formalism.state import messages

LastRun = Callable[[str, World, int], Run]

REFUSAL = Refusal((RuleId("a.rule"),), "it may not be")


@pytest.mark.parametrize("most", [12, 40])
def test_every_message_is_taken_in_the_step_that_is_about_it_or_is_there_at_the_end(
    last_run: LastRun, most: int
) -> None:
    run = last_run("counter", named("counter").world, most)
    flights = flights_of(run)
    taken = {each.taken: each for each in flights if each.taken is not None}
    for step, event in enumerate(run.events, start=1):
        if isinstance(event, Deliver):
            assert (taken[step].message, taken[step].target) == (
                event.message,
                event.message.target,
            )
    left = [each.message for each in flights if each.taken is None]
    in_flight = messages(run.world.system.discipline, run.states[-1])
    assert sorted(map(repr, left)) == sorted(map(repr, in_flight))


def test_every_message_is_sent_in_the_step_that_sends_it_and_only_then(last_run: LastRun) -> None:
    run = last_run("soma-chain", named("soma-chain").world, 40)
    flights = flights_of(run)
    for step, record in enumerate(run.records, start=1):
        sent = [each.message for each in flights if each.sent == step]
        assert sorted(map(repr, sent)) == sorted(map(repr, record.sent))
    assert all(each.taken is None or each.sent < each.taken for each in flights)


def test_a_duplicated_message_goes_to_the_network_and_its_copies_from_there(hostile: Run) -> None:
    first, second, third, *_ = hostile.events
    assert (type(first), type(second), type(third)) == (Duplicate, Lose, Deliver)
    assert isinstance(first, Duplicate)
    message = first.message
    assert flights_of(hostile)[:3] == (
        Flight(message, message.sender, None, 0, 1),
        Flight(message, None, None, 1, 2),
        Flight(message, None, message.target, 1, 3),
    )


def test_what_stays_in_its_mailbox_may_be_taken_again_and_waits_no_more(last_run: LastRun) -> None:
    world = named("two-phase-commit", {"resource_managers": 2}).world
    run = last_run("two-phase-commit", world, 12)
    taken = Counter(each.message for each in run.events if isinstance(each, Deliver))
    [again, *_] = [message for message, times in taken.items() if times > 1]
    flights = [each for each in flights_of(run) if each.message == again]
    steps = [at for at, each in enumerate(run.events, start=1) if each == Deliver(again)]
    assert [each.taken for each in flights] == steps
    assert len({each.sent for each in flights}) == 1
    assert [each.again for each in flights] == [False, *([True] * (len(flights) - 1))]


def test_a_timer_that_elapses_takes_no_message(last_run: LastRun) -> None:
    world = named("two-phase-commit", {"resource_managers": 2}).world
    run = last_run("two-phase-commit", world, 1)
    assert isinstance(run.events[0], Elapse)
    assert [each.taken for each in flights_of(run)] == [None] * len(run.records[0].sent)


def test_a_refused_step_takes_nothing(last_run: LastRun) -> None:
    run = last_run("counter", named("counter").world, 1)
    [record] = run.records
    refused = evolve(record, refusal=REFUSAL, sent=(), spawned=(), fired=())
    start = evolve(run, records=(refused,), states=(run.states[0], run.states[0]))
    assert [each.taken for each in flights_of(start)] == [None] * len(flights_of(start))
