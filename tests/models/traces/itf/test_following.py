"""From the states of a run to its events, and what is said where no event leads on."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from attrs import evolve

from models.catalogue import CATALOGUE
from models.model import Model, World
from models.traces.codec import trace_in, written
from models.traces.document import Trace
from models.traces.errors import TraceError
from models.traces.itf.document import Told, told_in
from models.traces.itf.following import Saying, differences, followed
from models.traces.itf.values import normal, told
from models.traces.itf.variables import variables_of
from models.traces.record import recorded
from models.traces.subject import Named, named
from spec.formalism.event import Duplicate, Event
from spec.formalism.state import GlobalState

RandomRun = Callable[[World, int, int], list[Event]]
Itf = Callable[[Trace | None, World, list[Event]], str]


@pytest.mark.parametrize("model", CATALOGUE, ids=[model.name for model in CATALOGUE])
def test_the_run_that_a_file_tells_is_found_again(model: Model, run: RandomRun, itf: Itf) -> None:
    subject = named(model.name)
    events = run(subject.world, 4, 12)
    trace = recorded(subject.subject, subject.world, events, seed=4)
    content = itf(trace, subject.world, events).encode()
    found = followed(told_in(content, "f"), subject.world, subject.subject, "f")
    assert written(found) == written(trace)
    assert trace_in(written(found).encode(), "f") == trace


def test_a_run_with_faults_is_found_again(itf: Itf) -> None:
    never = named("soma-never", {"duplicates": 1})
    state, events = never.world.state, list[Event]()
    while len(events) < 8:
        enabled = never.world.system.enabled(state)
        events.append(enabled[0 if len(events) == 1 else -1])
        state, _ = never.world.system.step(state, events[-1])
    assert isinstance(events[0], Duplicate)
    trace = recorded(never.subject, never.world, events)
    told = told_in(itf(trace, never.world, events).encode(), "f")
    assert followed(told, never.world, never.subject, "f") == trace


def test_a_violation_stays_one(violation: Trace, fallen: Any, itf: Itf) -> None:
    world = named("shards-compared-by-name").world
    content = itf(violation, world, list(fallen.events)).encode()
    assert followed(told_in(content, "f"), world, violation.subject, "f") == violation


def test_where_several_events_lead_to_a_state_the_file_may_say_which(
    run: RandomRun, itf: Itf
) -> None:
    two = named("two-phase-commit", {"resource_managers": 2})
    events, world = run(two.world, 3, 25), two.world
    trace = recorded(two.subject, world, events)
    content = itf(trace, world, events).encode()
    told = told_in(content, "f")
    assert followed(told, world, two.subject, "f") == trace
    silent = evolve(told, events=tuple(None for _ in told.events))
    found = followed(silent, world, two.subject, "f")
    assert [step.state for step in found.steps] == [step.state for step in trace.steps]
    assert found != trace
    assert found == followed(silent, world, two.subject, "f")
    kinds = [step.event for step in found.steps]
    assert kinds == [_first(world, events[:place], events[place]) for place in range(len(events))]


def _first(world: World, before: list[Event], event: Event) -> Any:
    """The first event that does what this one does, as a trace tells it."""
    state = world.state
    for each in before:
        state, _ = world.system.step(state, each)
    wanted, _ = world.system.step(state, event)
    first = next(each for each in world.system.successors(state) if each.state == wanted)
    start = evolve(world, state=state)
    return recorded(named("two-phase-commit").subject, start, [first.event]).steps[0].event


def told_small(in_itf: str) -> Told:
    """What the file of three steps tells."""
    return told_in(in_itf.encode(), "f")


def refusal(told: Told, voting: Named) -> str:
    """Why the states of a file are refused."""
    with pytest.raises(TraceError) as caught:
        followed(told, voting.world, voting.subject, "f")
    assert "\n" not in str(caught.value)
    return str(caught.value)


def with_state(told: Told, place: int, **values: Any) -> Told:
    """The same file, with other values in one state."""
    states = list(told.states)
    states[place] = states[place] | values
    return evolve(told, states=tuple(states))


def test_a_model_that_starts_elsewhere_is_named_with_the_difference(
    in_itf: str, voting: Named
) -> None:
    told = told_small(in_itf)
    time = told.states[0]["voter_1"]["value"] | {"time": {"#bigint": "7"}}
    other = with_state(told, 0, voter_1={"tag": "Engine", "value": time})
    assert refusal(other, voting) == (
        "f: states[0]: the model does not start there; expected voter_1.time to be 0, not 7"
    )


def test_a_state_that_no_event_reaches_is_named_with_the_nearest_difference(
    in_itf: str, voting: Named
) -> None:
    told = told_small(in_itf)
    time = told.states[2]["voter_1"]["value"] | {"time": {"#bigint": "-3"}}
    complaint = refusal(with_state(told, 2, voter_1={"tag": "Engine", "value": time}), voting)
    event = told.events[2]
    assert complaint == (
        "f: states[2]: no event leads to it; "
        f"expected voter_1.time to be 0, not -3, as when {event}"
    )


def test_states_in_another_order_are_refused_at_the_first_that_is_not_reached(
    in_itf: str, voting: Named
) -> None:
    told = told_small(in_itf)
    skipped = evolve(told, states=(told.states[0], *told.states[2:]), events=told.events[1:])
    assert refusal(skipped, voting).startswith("f: states[1]: no event leads to it; expected ")


def test_after_rest_nothing_can_come(run: RandomRun, itf: Itf) -> None:
    never = named("soma-never")
    events = run(never.world, 1, 99)
    told = told_in(itf(None, never.world, events).encode(), "f")
    longer = evolve(told, states=(*told.states, told.states[-1]), events=(*told.events, None))
    assert refusal(longer, never) == (
        f"f: states[{len(events) + 1}]: nothing can happen before it; "
        "expected no state after the one before"
    )


def test_an_engine_that_has_no_variable_is_a_difference(in_itf: str, voting: Named) -> None:
    told = told_small(in_itf)
    names = told.variables.names
    gone = next(each for each in names if names[each] == "voter_1")
    fewer = evolve(
        told,
        variables=variables_of(each for each in names if each != gone),
        states=tuple(
            {name: each[name] for name in each if name != "voter_1"} for each in told.states
        ),
    )
    assert refusal(fewer, voting).startswith(
        "f: states[0]: the model does not start there; expected voter.1 to be "
    )
    assert not Saying(fewer.variables).match(voting.world.state, fewer.states[0])


def test_what_variables_say_is_remembered_and_the_same_as_told_anew(run: RandomRun) -> None:
    world = named("counter").world
    states: list[GlobalState] = [world.state]
    for event in run(world, 1, 9):
        states.append(world.system.step(states[-1], event)[0])
    variables = variables_of(states[-1].engines)
    saying = Saying(variables)
    for state in states:
        anew = {name: normal(said) for name, said in variables.told(state).items()}
        assert saying.of(state) == anew
        assert saying.match(state, anew)
        for name in anew:
            assert not saying.match(state, anew | {name: "something else"})


@pytest.mark.parametrize(
    ("here", "there", "expected"),
    [
        ({"#bigint": "1"}, {"#bigint": "2"}, [("", "1", "2")]),
        ("a", {"#bigint": "1"}, [("", "a", "1")]),
        (["a", "b"], ["a", "c"], [("[1]", "b", "c")]),
        (["a"], ["a", "c"], [("", '["a"]', '["a", "c"]')]),
        ({"#tup": ["a"]}, {"#tup": ["b"]}, [("[0]", "a", "b")]),
        ({"#tup": ["a"]}, ["b"], [("", '{"#tup": ["a"]}', '["b"]')]),
        (
            {"#set": ["a", "b"]},
            {"#set": ["b", "c"]},
            [("{a}", "a", "nothing"), ("{c}", "nothing", "c")],
        ),
        (
            {"#map": [["a", "b"], ["c", "d"]]},
            {"#map": [["a", "e"], ["f", "d"]]},
            [("[a]", "b", "e"), ("[c]", "d", "nothing"), ("[f]", "nothing", "d")],
        ),
        (
            {"tag": "A", "value": {"x": {"y": "a"}}},
            {"tag": "A", "value": {"x": {"y": "b"}}},
            [(".x.y", "a", "b")],
        ),
        ({"tag": "A", "value": {}}, {"tag": "B", "value": {}}, [("", "A", "B")]),
        ({"#unserializable": "a"}, {"#unserializable": "b"}, None),
        ({"tag": "A", "value": {"x": "y"}}, {"tag": "B", "value": {}}, [("", "A(…)", "B")]),
        (
            {"#map": [["1", "a"], [{"#bigint": "1"}, "b"]]},
            {"#map": [["1", "c"], [{"#bigint": "1"}, "b"]]},
            None,
        ),
    ],
)
def test_differences_are_told_where_they_are(
    here: Any, there: Any, expected: list[tuple[str, str, str]] | None
) -> None:
    found = [(each.path, each.here, each.there) for each in differences(here, there)]
    assert found == (expected or [("", json.dumps(here), json.dumps(there))])
    assert list(differences(here, here)) == []


def test_a_told_value_has_a_short_form_in_complaints() -> None:
    (one,) = differences(normal(told(None)), normal(told("x" * 200)))
    assert (one.here, one.there) == ("Nothing", "x" * 80 + "…")
