"""Runs are recorded alike, whoever has found them, and read back as they were."""

from collections.abc import Callable
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import run_state_machine_as_test

from models.catalogue import CATALOGUE
from models.machines.run import PropertyBroken
from models.machines.stepper import machine_for
from models.model import Model, World
from models.schedulers.replay import ReplayError
from models.search.result import PropertyResult
from models.traces.codec import trace_in, written
from models.traces.document import OfTwin, RecordedVerdict, Trace
from models.traces.minimise import minimised
from models.traces.record import recorded
from models.traces.replay import replay, world_for
from models.traces.subject import Named, named
from properties.property import Kind
from spec.formalism.event import Event
from spec.formalism.state import state_digest

RandomRun = Callable[[World, int, int], list[Event]]


def test_every_step_is_recorded_with_its_rules_and_the_digest_after_it(
    voting: Named, small: Trace, run: RandomRun
) -> None:
    state = voting.world.state
    assert small.start == state_digest(state)
    for event, step in zip(run(voting.world, 1, 3), small.steps, strict=True):
        state, record = voting.world.system.step(state, event)
        assert (step.state, step.rules) == (state_digest(state), tuple(record.fired))
        assert (
            step.sent == tuple(f"{each.target}: {each.body}" for each in record.sent) or step.sent
        )


def test_a_finding_is_recorded(violation: Trace) -> None:
    finding = "the read of x by T1 is answered again"
    assert violation.verdict == RecordedVerdict(
        "each read is answered once", "shard.answer-read", Kind.ALWAYS, finding, ()
    )


def test_what_may_not_happen_is_refused(voting: Named, run: RandomRun) -> None:
    first, *_ = run(voting.world, 1, 1)
    with pytest.raises(ReplayError, match=r"^step 2: the event may not happen here$"):
        recorded(voting.subject, voting.world, [first, first])


@pytest.mark.parametrize("model", CATALOGUE, ids=[model.name for model in CATALOGUE])
@settings(max_examples=4)
@given(data=st.data())
def test_runs_of_every_model_are_read_back_and_replayed(
    model: Model, run: RandomRun, data: st.DataObject
) -> None:
    there = {each.name: each.choices for each in model.parameters}
    drawn: dict[str, int | str] = {}
    if "delivery" in there:
        drawn["delivery"] = data.draw(st.sampled_from([str(each) for each in there["delivery"]]))
    if "duplicates" in there:
        drawn["duplicates"] = data.draw(st.integers(0, 2))
    found = named(model.name, drawn)
    events = run(found.world, data.draw(st.integers(0, 99)), data.draw(st.integers(0, 12)))
    trace = recorded(found.subject, found.world, events)
    assert trace_in(written(trace).encode(), "f") == trace
    again = replay(trace, world_for(trace, "f"))
    assert (again.events, again.parted) == (tuple(events), None)


@pytest.mark.parametrize("seed", range(5))
def test_runs_in_which_messages_are_lost_are_read_back_and_replayed(
    tmp_path: Path, scenario: str, run: RandomRun, seed: int
) -> None:
    file = tmp_path / "odd.toml"
    file.write_text(scenario, encoding="utf-8")
    found = named(str(file))
    trace = recorded(found.subject, found.world, run(found.world, seed, 20), seed=seed)
    assert trace_in(written(trace).encode(), "f") == trace
    assert replay(trace, world_for(trace, "f")).as_recorded


def test_a_state_machine_and_a_hand_write_the_same_file(
    fallen: PropertyResult, violation: Trace
) -> None:
    subject = violation.subject
    assert isinstance(subject, OfTwin)
    world = evolve(named(subject.name).world, properties=(fallen.property,))
    with pytest.raises(PropertyBroken) as caught:
        run_state_machine_as_test(
            machine_for(world), settings=settings(max_examples=500, derandomize=True, database=None)
        )
    broken = caught.value
    events = [record.event for record in broken.run.records]
    found = (broken.property, broken.evidence)
    by_machine = written(recorded(subject, world, events, found))
    by_hand = written(recorded(subject, world, chosen(named(subject.name).world, events), found))
    assert by_machine == by_hand
    shorter = minimised(world, events, fallen.property).events
    assert len(shorter) == len(fallen.events)


def chosen(world: World, events: list[Event]) -> list[Event]:
    """The same events, chosen from what can happen, step by step."""
    state, found = world.state, list[Event]()
    for event in events:
        place = world.system.enabled(state).index(event)
        found.append(world.system.enabled(state)[place])
        state, _ = world.system.step(state, found[-1])
    return found
