"""Runs are replayed, and where they part from what was recorded is told."""

from collections.abc import Callable
from pathlib import Path

import pytest
from attrs import evolve

from models.approach import AtRandom, BreadthFirst
from models.checking import Request, check
from models.model import Model, World
from models.search.bounds import Bounds
from models.search.exhaustive import explore
from models.search.outcomes import INDEPENDENT
from models.search.result import Status
from models.search.walks import Plan
from models.traces.codec import save, trace_in, written
from models.traces.document import Delivery, Network, OfModel, RecordedVerdict, Trace
from models.traces.errors import TraceError
from models.traces.pin import pinned
from models.traces.record import recorded
from models.traces.replay import Parting, going_on, opened, replay, world_for
from models.traces.subject import Named, named
from models.twins.catalogue import TWINS, twin_named
from models.twins.twin import neighbourhood
from properties.property import MonitorProperty
from spec.formalism.canonical import Digest
from spec.formalism.event import Event
from spec.formalism.state import state_digest

RandomRun = Callable[[World, int, int], list[Event]]

OTHER = Digest("0" * 64)

NAMES = [each.name for each in TWINS]

IMPURE = "action-counts-its-calls"
"""The twin whose steps are never the same again."""


@pytest.fixture
def sound(twin: str) -> World:
    """The twin's world with the reference's rules."""
    found = twin_named(twin)
    assert found is not None
    return neighbourhood(found, found.discipline)


def test_a_violation_shows_again(violation: Trace) -> None:
    again = replay(violation, world_for(violation, "f"))
    assert again.as_recorded
    assert "each read is answered once" in {each.property.name for each in again.broken}
    assert state_digest(again.state) == violation.steps[-1].state
    assert [step.number for step in again.steps] == [1, 2, 3, 4, 5, 6, 7]


def test_where_the_rules_have_changed_the_step_the_rules_and_the_lines_are_told(
    violation: Trace, sound: World
) -> None:
    again = replay(violation, sound)
    parted = again.parted
    assert parted is not None
    assert (parted.step, parted.rules) == (1, ("worker.order-transaction",))
    assert parted.what == "the state after it has another digest"
    whole = "TransactionLabel(eager_reads={x, y}, will_writes={z})"
    assert f"-to east/shard: KVSAcquireLock(1, {whole}, executor.1)" in parted.lines
    assert [line for line in parted.lines if line.startswith("+to ")] != []
    assert " spawns executor.1" in parted.lines
    assert (again.broken, again.shows_again) == ((), False)


def test_an_event_that_cannot_happen_any_more_ends_the_run(small: Trace, voting: Named) -> None:
    first = small.steps[0]
    twice = evolve(small, steps=(first, first))
    again = replay(twice, voting.world)
    assert again.parted == Parting(2, "what happened then cannot happen now", first.rules)
    assert len(again.steps) == len(again.events) == 1


def test_an_event_that_reads_the_same_is_followed_and_told(small: Trace, voting: Named) -> None:
    first = small.steps[0]
    assert isinstance(first.event, Delivery)
    other = evolve(first, event=evolve(first.event, digest=OTHER))
    again = replay(evolve(small, steps=(other, *small.steps[1:])), voting.world)
    assert again.parted == Parting(1, "what happened then has another digest", first.rules)
    assert len(again.steps) == len(small.steps)


def test_other_rules_than_recorded_are_told(small: Trace, voting: Named) -> None:
    step = small.steps[1]
    other = evolve(small, steps=(small.steps[0], evolve(step, rules=("gone",)), small.steps[2]))
    parted = replay(other, voting.world).parted
    assert parted is not None
    assert (parted.step, parted.rules) == (2, ("gone", *step.rules))
    assert parted.what == f"then by gone, now by {', '.join(step.rules) or 'no rule'}"


def test_another_start_is_told(small: Trace, voting: Named) -> None:
    again = replay(evolve(small, start=OTHER), voting.world)
    assert again.parted == Parting(0, "the state at the start has another digest")
    assert len(again.steps) == len(small.steps)


def test_after_another_start_the_step_that_has_no_place_is_told(small: Trace) -> None:
    first = small.steps[0]
    assert replay(small, named("counter").world).parted == Parting(
        0,
        "the state at the start has another digest",
        lines=(f"step 1 by {', '.join(first.rules)} cannot happen now",),
    )


def test_a_trace_that_is_not_of_this_model_is_refused(small: Trace) -> None:
    fifo = evolve(small, network=Network("fifo", 0, 0))
    with pytest.raises(TraceError) as caught:
        world_for(fifo, "f.json")
    assert str(caught.value) == (
        "f.json: network: it is fifo, 0 duplicates, 0 losses; "
        "expected unordered, 0 duplicates, 0 losses"
    )
    with pytest.raises(TraceError, match="there is no built-in model 'x'; expected what the trace"):
        world_for(evolve(small, subject=OfModel("x")), "f.json")


def test_a_trace_is_opened_with_its_world_or_another(small: Trace, tmp_path: Path) -> None:
    file = tmp_path / "run.json"
    save(small, file)
    trace, world = opened(str(file))
    assert (trace, state_digest(world.state)) == (small, small.start)
    _, other = opened(str(file), "counter")
    assert state_digest(other.state) == state_digest(named("counter").world.state)


def test_from_where_a_run_has_come_to_a_search_goes_on(voting: Named, run: RandomRun) -> None:
    whole = explore(voting.world)
    rest = replay(recorded(voting.subject, voting.world, run(voting.world, 4, 3)), voting.world)
    world = going_on(rest)
    found = explore(world)
    assert found.complete
    assert found.states < whole.states
    assert world.state == rest.state
    assert not found.broken()


@pytest.mark.parametrize("approach", [BreadthFirst(), AtRandom(Plan(50))])
def test_monitors_remember_the_run_from_which_a_search_goes_on(
    violation: Trace, approach: BreadthFirst | AtRandom
) -> None:
    """One answer stands in the run, the other comes after it: only both together break the property."""
    assert violation.verdict is not None
    world = world_for(violation, "f")
    before = replay(evolve(violation, steps=violation.steps[:6], verdict=None), world)
    on = going_on(before)
    about = next(each for each in on.properties if each.name == violation.verdict.property)
    assert isinstance(about, MonitorProperty)
    model = Model("rest", "other", "", (), lambda _: evolve(on, properties=(about,)))
    checked = check(model, Request(approach=approach))
    assert checked.result.properties[0].property == about
    assert checked.result.properties[0].status is Status.VIOLATED
    forgetful = next(each for each in world.properties if each.name == about.name)
    assert isinstance(forgetful, MonitorProperty)
    alone = explore(evolve(on, properties=(forgetful,)), None, frozenset())
    assert alone.properties[0].status is not Status.VIOLATED


@pytest.mark.parametrize("name", [name for name in NAMES[::4] if name != IMPURE])
def test_what_twins_break_is_written_read_and_shows_again(name: str) -> None:
    subject = named(name).subject
    world = world_for(recorded(subject, named(name).world, ()), "f")
    result = explore(world, Bounds(max_states=2_000), frozenset())
    broken = [each for each in result.broken() if each.property != INDEPENDENT]
    for each in broken:
        assert each.evidence is not None
        trace = recorded(subject, world, each.events, (each.property, each.evidence))
        again = replay(trace_in(written(trace).encode(), "f"), world)
        assert again.as_recorded, each.property.name
        compile(pinned(trace), "test_pinned.py", "exec")


def test_what_only_two_runs_show_is_not_said_to_be_mended(small: Trace, voting: Named) -> None:
    finding = RecordedVerdict(INDEPENDENT.name, INDEPENDENT.rule, INDEPENDENT.kind, "two", ())
    again = replay(evolve(small, verdict=finding), voting.world)
    assert (again.needs_others, again.shows_again, again.parted) == (True, False, None)
