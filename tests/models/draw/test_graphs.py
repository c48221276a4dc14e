"""State graphs: the states and steps of the relation, met breadth first, with what the shortest runs break."""

from collections import deque

import pytest

from models.draw.graphs import MOST_STATES, Arrow, StateGraph, graph_of
from models.errors import InputError
from models.model import World
from models.render import render_event
from models.traces.subject import named
from spec.formalism.state import GlobalState


def by_steps(world: World) -> tuple[list[GlobalState], dict[tuple[int, int], list[str]]]:
    """The states of a world as they are met, and what leads from one to another, by the system alone."""
    states = [world.state]
    numbers = {world.state: 0}
    found: dict[tuple[int, int], list[str]] = {}
    waiting = deque(states)
    while waiting:
        state = waiting.popleft()
        for event in world.system.enabled(state):
            after, record = world.system.step(state, event)
            if after not in numbers:
                numbers[after] = len(states)
                states.append(after)
                waiting.append(after)
            text = f"{render_event(event)}, by {', '.join(record.fired) or 'no rule'}"
            found.setdefault((numbers[state], numbers[after]), []).append(text)
    return states, found


def drawn(graph: StateGraph) -> dict[tuple[int, int], list[str]]:
    """What leads from one state to another in a graph."""
    arrows = {(arrow.source, arrow.target): arrow.labels for arrow in graph.arrows}
    loops = {(node.number, node.number): node.loops for node in graph.nodes if node.loops}
    return {
        ends: [str(graph.labels[number - 1]) for number in numbers]
        for ends, numbers in (arrows | loops).items()
    }


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("two-phase-commit", {"resource_managers": 2}),
        ("soma-never", {}),
        ("soma-failing", {"limit": 1}),
    ],
)
def test_a_graph_has_the_states_and_steps_of_the_system(
    name: str, parameters: dict[str, int]
) -> None:
    world = named(name, parameters).world
    states, steps = by_steps(world)
    graph = graph_of(name, world, len(states))
    assert len(graph.nodes) == len(states) > 40
    assert {ends: sorted(texts) for ends, texts in drawn(graph).items()} == {
        ends: sorted(set(texts)) for ends, texts in steps.items()
    }
    left = {source for source, target in steps if source != target}
    assert {node.number for node in graph.nodes if node.rests} == {*range(len(states))} - left


def test_a_state_stands_behind_the_one_from_which_it_was_first_met() -> None:
    graph = graph_of("c", named("two-phase-commit", {"resource_managers": 2}).world)
    first = graph.nodes[0]
    assert (first.number, first.depth, first.parent, first.lines) == (0, 0, None, ("the start",))
    for node in graph.nodes[1:]:
        sources = [arrow.source for arrow in graph.arrows if arrow.target == node.number]
        assert node.parent == min(sources)
        assert node.depth == graph.nodes[min(sources)].depth + 1
    depths = [node.depth for node in graph.nodes]
    assert depths == sorted(depths)
    assert graph.nodes[1].lines == (
        "rm.1 state: working -> aborted",
        "rm.1 timers[giving-up]: - 0",
        "rm.1 timers[preparing]: - 0",
    )


def test_a_graph_with_more_states_is_refused_in_one_line() -> None:
    world = named("two-phase-commit", {"resource_managers": 2}).world
    assert len(graph_of("it", world, 56).nodes) == 56
    with pytest.raises(InputError) as caught:
        graph_of("it", world, 55)
    assert str(caught.value) == (
        "it: it has more than 55 states; expected no more, or --max-states with a greater number"
    )
    assert MOST_STATES == 100


def test_what_the_shortest_runs_break_is_marked() -> None:
    graph = graph_of("t", named("executors-share-a-name").world)
    broken = {node.number: node.broken for node in graph.nodes if node.broken}
    assert broken == {34: ("no lock, read or message is pending",)}
    assert graph.nodes[34].rests
    assert [arrow.target for arrow in graph.arrows if arrow.broken] == [34, 34, 34, 34]
    sound = graph_of("s", named("soma-never").world)
    assert not any(node.broken for node in sound.nodes)
    assert not any(arrow.broken for arrow in sound.arrows)


def test_what_is_broken_in_a_step_is_marked_on_the_step() -> None:
    graph = graph_of("t", named("second-write-overwrites").world)
    marked = [arrow for arrow in graph.arrows if arrow.broken]
    # States behind those that break something are reached by many more arrows.
    assert (len(marked), sum(bool(node.broken) for node in graph.nodes)) == (19, 5)
    for arrow in marked:
        first = graph.nodes[arrow.target].parent == arrow.source
        assert not first or graph.nodes[arrow.target].broken == arrow.broken


def test_the_heading_counts() -> None:
    graph = graph_of("two", named("soma-never").world)
    assert graph.heading == f"two: 52 states, 1 at rest, {len(graph.arrows)} arrows"
    one = StateGraph("one", graph.nodes[:1], (Arrow(0, 1, (1,), ()),), ())
    assert one.heading == "one: 1 state, 0 at rest, 1 arrow"


def test_steps_that_send_and_change_nothing_else_are_named_so() -> None:
    lines = [node.lines for node in graph_of("n", named("soma-never").world).nodes]
    assert ("only what is in flight",) in lines
    assert ("driver taken: 0 -> 1", "driver running[1]: + 1", "+ task.1") in lines
