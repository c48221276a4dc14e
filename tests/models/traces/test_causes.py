"""What leads to what in a run: steps that no link orders change places, and clocks say what links say."""

from collections.abc import Callable

import networkx as nx
import pytest
from attrs import evolve
from pyrsistent import pmap

from models.model import World
from models.traces.causes import Clock, Lane, Link, Tie, clocks, in_order, links
from models.traces.stepping import steps_taken, taken
from models.traces.subject import named
from models.traces.trace import actor
from spec.formalism.delivery import DISCIPLINES, AnyDiscipline, Fifo, SetDelivery, Unordered
from spec.formalism.event import Deliver, Event, Lose, Record
from spec.formalism.identity import EngineId, on_local_node
from spec.formalism.message import DEFAULT_MAILBOX, Message
from spec.formalism.state import Faults, initial_state, messages

A, B, C = (on_local_node(name) for name in "abc")

RandomRun = Callable[[World, int, int], list[Event]]


def clock(counts: dict[Lane, int]) -> Clock:
    """A clock."""
    return pmap(counts)


def faulty(name: str, discipline: AnyDiscipline) -> World:
    """A world whose network delivers so, and may duplicate and lose messages."""
    world = named(name).world
    state, faults = world.state, Faults(duplicates=2, losses=2)
    engines = tuple(state.engines[each] for each in sorted(state.engines))
    sent = messages(world.system.discipline, state)
    system = evolve(world.system, discipline=discipline, faults=faults)
    return evolve(world, system=system, state=initial_state(discipline, engines, sent, faults))


def followed(world: World, events: list[Event]) -> tuple[tuple[Record, ...], tuple[Link, ...]]:
    """The records of a run, and its links."""
    records = tuple(step.record for step in steps_taken(world.system, world.state, tuple(events)))
    return records, links(world.system.discipline, world.state, records)


def swap(world: World, events: list[Event], place: int) -> bool:
    """Whether two neighbours of a run can change places, and lead to the same state."""
    before = world.state
    for event in events[:place]:
        before, _ = world.system.step(before, event)
    ends = []
    for pair in ((0, 1), (1, 0)):
        state = before
        for each in pair:
            step = taken(world.system, state, events[place + each])
            if step is None:
                return False
            state = step.state
        ends.append(state)
    return ends[0] == ends[1]


@pytest.mark.parametrize("discipline", DISCIPLINES, ids=[each.name for each in DISCIPLINES])
@pytest.mark.parametrize("name", ["voting", "two-phase-commit", "counter", "soma-chain"])
def test_neighbours_that_no_link_orders_change_places(
    name: str, discipline: AnyDiscipline, run: RandomRun
) -> None:
    world = faulty(name, discipline)
    found = 0
    for seed in range(6):
        events = run(world, seed, 25)
        records, direct = followed(world, events)
        times = clocks(records, direct)
        for place in range(len(events) - 1):
            if not in_order(times[place], times[place + 1]):
                found += 1
                assert swap(world, events, place), (seed, place, events[place : place + 2])
    assert found > 10


@pytest.mark.parametrize("discipline", DISCIPLINES, ids=[each.name for each in DISCIPLINES])
def test_clocks_count_the_ancestors_of_a_step_lane_by_lane(
    discipline: AnyDiscipline, run: RandomRun
) -> None:
    world = faulty("counter", discipline)
    records, direct = followed(world, run(world, 5, 40))
    graph = nx.DiGraph()
    graph.add_nodes_from(range(1, len(records) + 1))
    graph.add_edges_from((link.source, link.target) for link in direct)
    for step, clock in enumerate(clocks(records, direct), start=1):
        lanes = [actor(records[each - 1].event) for each in nx.ancestors(graph, step) | {step}]
        assert dict(clock) == {lane: lanes.count(lane) for lane in lanes}


def test_every_message_and_every_spawn_is_a_link(run: RandomRun) -> None:
    world = named("soma-chain").world
    records, direct = followed(world, run(world, 1, 40))
    for step, record in enumerate(records, start=1):
        ties = {(link.source, link.tie) for link in direct if link.target == step}
        sent = [
            earlier
            for earlier, other in enumerate(records[: step - 1], start=1)
            if record.consumed in other.sent
        ]
        born = [
            earlier
            for earlier, other in enumerate(records[: step - 1], start=1)
            if actor(record.event) in other.spawned
        ]
        first = all(actor(other.event) != actor(record.event) for other in records[: step - 1])
        assert {each for each, tie in ties if tie is Tie.MESSAGE} <= set(sent)
        assert bool(sent) == any(tie is Tie.MESSAGE for _, tie in ties)
        assert [each for each, tie in ties if tie is Tie.SPAWN] == (born if first else [])
    assert any(record.spawned for record in records)


def test_a_clock_comes_before_those_that_count_more() -> None:
    one, two, other = clock({A: 1}), clock({A: 1, None: 2}), clock({None: 1})
    found = [in_order(*pair) for pair in ((one, two), (two, one), (one, one), (other, one))]
    assert found == [True, False, False, False]


def mail(sender: EngineId, body: str) -> Message[str]:
    """A message to C."""
    return Message(sender, C, DEFAULT_MAILBOX, body)


def test_a_loss_comes_after_all_that_sent_or_took_a_message_that_stays() -> None:
    go, again, lost = mail(B, "go"), mail(B, "again"), mail(C, "m")
    records = (
        Record(Deliver(go), consumed=go, sent=(lost,)),
        Record(Deliver(again), consumed=again, sent=(lost,)),
        Record(Deliver(lost), consumed=lost),
        Record(Lose(lost)),
        Record(Deliver(go), consumed=go, sent=(lost,)),
    )
    start = initial_state(SetDelivery, (), (go, again))
    assert links(SetDelivery, start, records) == (
        Link(1, 2, Tie.LANE),
        Link(2, 3, Tie.LANE),
        Link(1, 3, Tie.MESSAGE, lost),
        Link(1, 4, Tie.MESSAGE, lost),
        Link(2, 4, Tie.MAILBOX),
        Link(3, 4, Tie.MAILBOX),
        Link(3, 5, Tie.LANE),
        Link(4, 5, Tie.MAILBOX),
    )


def test_of_equal_messages_in_line_one_is_lost_after_another_was_taken() -> None:
    twice, between = mail(B, "twice"), mail(B, "between")
    records = (
        Record(Deliver(twice), consumed=twice),
        Record(Lose(twice)),
        Record(Deliver(between), consumed=between),
    )
    sent = (twice, between, twice)
    assert links(Fifo, initial_state(Fifo, (), sent), records) == (
        Link(1, 2, Tie.MAILBOX),
        Link(1, 3, Tie.LANE),
        Link(2, 3, Tie.MAILBOX),
    )
    assert links(Unordered, initial_state(Unordered, (), sent), records) == (Link(1, 3, Tie.LANE),)
