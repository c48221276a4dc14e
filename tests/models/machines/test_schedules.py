"""Byte schedules mean the same as on the system, find what is broken, and shrink to few readable steps."""

from random import Random

import pytest
from attrs import evolve
from hypothesis import Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.database import InMemoryExampleDatabase

from models.catalogue import model_named
from models.machines.run import PropertyBroken, Scene, begun, followed, scene_of
from models.machines.schedules import BYTES, run_schedule, schedules
from models.machines.stepper import SIZE_CHECKS
from models.model import Model, World
from models.search.judge import is_judged
from models.twins.catalogue import twin_named
from models.twins.twin import Twin, world_of
from properties.property import Evidence, Kind, StateProperty, Step, StepProperty
from spec.formalism.event import Record
from spec.formalism.rule import RuleId
from spec.formalism.state import Faults, GlobalState

RULE = RuleId("test.schedules")


def built(name: str) -> World:
    model = model_named(name)
    assert isinstance(model, Model)
    return model.build({each.name: each.default for each in model.parameters})


def faulty(name: str) -> World:
    world, faults = built(name), Faults(duplicates=1, losses=1)
    return evolve(
        world,
        system=evolve(world.system, faults=faults),
        state=evolve(world.state, faults=faults),
    )


def plainly(
    world: World, schedule: bytes, max_steps: int
) -> tuple[GlobalState, tuple[Record, ...], bool]:
    """What the same choices lead to where the system takes every step."""
    state, records = world.state, list[Record]()
    choices = schedule + bytes(max_steps)
    for byte in choices[:max_steps]:
        successors = list(world.system.successors(state))
        if all(each.state == state for each in successors):
            return state, tuple(records), True
        chosen = successors[byte % len(successors)]
        state = chosen.state
        records.append(chosen.record)
    rests = all(each.state == state for each in world.system.successors(state))
    return state, tuple(records), rests


@pytest.mark.parametrize(
    "world",
    [built("counter"), built("two-phase-commit"), faulty("failing"), built("soma-crash")],
    ids=["counter", "set", "faults", "crash"],
)
def test_a_schedule_leads_where_the_same_choices_lead_on_the_system(world: World) -> None:
    unjudged = evolve(world, properties=())
    scene, random = scene_of(unjudged), Random(1)  # noqa: S311  # no secret
    for length in (0, 3, 9, 60):
        schedule = random.randbytes(length)
        run = run_schedule(scene, schedule, 50)
        assert (run.state, run.records, run.rests) == plainly(unjudged, schedule, 50)


def test_a_schedule_has_as_many_bytes_as_it_is_told() -> None:
    @settings(max_examples=5, database=None)
    @given(schedules(), schedules(7))
    def test(one: bytes, other: bytes) -> None:
        assert (len(one), len(other)) == (BYTES, 7)

    test()


def test_a_run_by_a_schedule_goes_no_further_than_it_is_told() -> None:
    run = run_schedule(built("counter"), b"", max_steps=5)
    assert (len(run.records), run.rests) == (5, False)


def twin(name: str) -> tuple[Twin, Scene]:
    """A twin, on the property that is named for it."""
    found = twin_named(name)
    assert found is not None
    world = world_of(found)
    about = tuple(each for each in world.properties if each.name == found.breaks)
    return found, scene_of(evolve(world, properties=about), name)


def shrunk(scene: Scene, number: int = 1) -> PropertyBroken:
    """What is found, shrunk."""

    @settings(
        max_examples=1000,
        deadline=None,
        database=None,
        suppress_health_check=SIZE_CHECKS,
        phases=[Phase.generate, Phase.shrink],
        report_multiple_bugs=False,
    )
    @given(schedules())
    def test(schedule: bytes) -> None:
        run_schedule(scene, schedule)

    with pytest.raises(PropertyBroken) as broken:
        seed(number)(test)()
    return broken.value


@pytest.mark.parametrize(
    ("name", "steps"),
    [
        ("read-answered-above-the-mark", 8),
        ("mark-overwritten", 15),
        ("earlier-write-of-a-key-read", 18),
        ("gives-up-after-preparing", 9),
        ("repeated-lock-erases-the-value", 12),
        ("executor-goes-on-after-its-end", 10),
        ("newest-message-first", 13),
    ],
)
def test_a_broken_rule_is_found_in_few_steps(name: str, steps: int) -> None:
    found, scene = twin(name)
    broken = shrunk(scene)
    assert broken.property.name == found.breaks
    assert found.length <= len(broken.trace) <= steps


def again(scene: Scene, records: tuple[Record, ...]) -> None:
    """Take the steps of these records one by one."""
    run = begun(scene)
    for record in records:
        (choice,) = (each for each in run.choices if each.event == record.event)
        run = followed(run, choice)


def test_a_failure_says_what_a_run_step_by_step_says() -> None:
    _, scene = twin("mark-overwritten")
    said = shrunk(scene)
    with pytest.raises(PropertyBroken) as broken:
        again(scene, said.run.records)
    assert str(broken.value) == str(said)
    assert broken.value.trace == said.trace
    assert said.trace[0].startswith("  1 ")


def test_a_failure_is_kept_and_found_again_at_once() -> None:
    _, scene = twin("mark-overwritten")
    database, runs = InMemoryExampleDatabase(), list[bytes]()

    def test(schedule: bytes) -> None:
        runs.append(schedule)
        run_schedule(scene, schedule)

    def found(*phases: Phase) -> str:
        how = settings(
            max_examples=1000,
            deadline=None,
            derandomize=False,
            database=database,
            phases=phases,
            suppress_health_check=SIZE_CHECKS,
        )
        with pytest.raises(PropertyBroken) as broken:
            how(seed(1)(given(schedules())(test)))()
        return str(broken.value)

    first = found(Phase.generate, Phase.shrink)
    runs.clear()
    assert found(Phase.reuse) == first
    assert len(runs) <= 3


def test_scenes_and_schedules_may_be_drawn_together() -> None:
    _, scene = twin("mark-overwritten")

    @settings(max_examples=300, deadline=None, database=None, phases=[Phase.generate])
    @given(st.just(scene), schedules())
    def test(drawn: Scene, schedule: bytes) -> None:
        run_schedule(drawn, schedule)

    with pytest.raises(PropertyBroken):
        test()


def everywhere(_: Step) -> Evidence | None:
    return Evidence("a step")


def later(step: Step) -> Evidence | None:
    grown = len(step.after.engines) > len(step.before.engines)
    return Evidence("an engine is created") if grown else None


def test_statements_about_whole_steps_are_judged_in_every_run() -> None:
    world = evolve(
        built("counter"), properties=(StepProperty("created", RULE, Kind.ALWAYS, later),)
    )
    scene = scene_of(world)
    for _ in range(2):
        with pytest.raises(PropertyBroken) as broken:
            run_schedule(scene, b"\x01")
        assert broken.value.run.records[-1].spawned
        assert not any(each.spawned for each in broken.value.run.records[:-1])


def test_what_happens_sometimes_is_noted_in_every_run() -> None:
    def full(state: GlobalState) -> Evidence | None:
        return Evidence("full") if len(state.mailboxes) > 2 else None

    about = (
        StateProperty("full", RULE, Kind.SOMETIMES, full),
        StepProperty("a step", RULE, Kind.SOMETIMES, everywhere),
    )
    scene = scene_of(evolve(built("counter"), properties=about))
    for _ in range(2):
        assert sorted(run_schedule(scene, bytes(9)).happened) == ["a step", "full"]


def test_what_holds_at_rest_is_judged_at_rest_only() -> None:
    def never(_: GlobalState) -> Evidence | None:
        return Evidence("rests")

    about = (StateProperty("never", RULE, Kind.AT_REST, never),)
    world = evolve(built("counter"), properties=about)
    assert not run_schedule(scene_of(world), b"", 5).rests
    with pytest.raises(PropertyBroken) as broken:
        run_schedule(scene_of(world), b"")
    assert broken.value.run.rests
    lossy = evolve(faulty("counter"), properties=about)
    assert not is_judged(lossy, about[0])
    assert run_schedule(scene_of(lossy), b"").rests
