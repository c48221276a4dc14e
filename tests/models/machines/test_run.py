"""Judged runs: what breaks one, when, and what is said then."""

from collections.abc import Callable

import pytest
from attrs import evolve
from hypothesis.vendor.pretty import pretty

from models.machines.networks import scene_in
from models.machines.run import PropertyBroken, Run, begun, followed, scene_of, trace_of
from models.model import Model, Parameter, World
from properties.property import (
    Evidence,
    Kind,
    MonitorProperty,
    Property,
    Reacted,
    ReactionProperty,
    StateProperty,
    Step,
    StepProperty,
)
from spec.anoma.system import WORKER_ID
from spec.formalism.event import Duplicate, Event, Record
from spec.formalism.rule import RuleId
from spec.formalism.state import Faults, GlobalState

RULE = RuleId("test.rule")

NOTHING_TO_DO = 'system = "anoma"\n[[transaction]]\nname = "t1"\n'
"""One transaction that touches nothing: its run has 6 steps."""

REQUEST = "TransactionRequest(1, TransactionCandidate(TransactionLabel(), Program(…)))"
FIRST = f"worker takes {REQUEST} from client.t1"


def everywhere(_subject: object) -> Evidence:
    return Evidence("found", ("a detail",))


def after_the_request(state: GlobalState) -> Evidence | None:
    taken = state.engines[WORKER_ID].environment.local.last
    return Evidence("the worker has taken a request") if taken else None


def steps_so_far(steps: int, _record: Record) -> int:
    return steps + 1


def third(steps: int) -> Evidence | None:
    return Evidence("the third step") if steps == 3 else None


def world(*properties: Property, faults: Faults | None = None) -> World:
    made = scene_in(NOTHING_TO_DO, lambda _: properties).world
    if faults is None:
        return made
    return evolve(
        made, system=evolve(made.system, faults=faults), state=evolve(made.state, faults=faults)
    )


def on_state(kind: Kind, judge: Callable[[GlobalState], Evidence | None]) -> StateProperty:
    return StateProperty("it is as it should be", RULE, kind, judge)


def to_rest(run: Run) -> Run:
    """The run in which the first thing that can happen always does."""
    while not run.rests:
        run = followed(run, run.choices[0])
    return run


def events(run: Run) -> tuple[Event, ...]:
    """What may happen next in a run, in its order."""
    return tuple(each.event for each in run.choices)


def test_a_run_offers_what_the_system_enables() -> None:
    run = begun(scene_of(world()))
    while run.choices:
        enabled = run.scene.world.system.enabled(run.state)
        assert len(run.choices) == len(enabled)
        assert set(events(run)) == set(enabled)
        run = followed(run, run.choices[-1])
    assert run.scene.world.system.enabled(run.state) == ()
    assert len(run.records) == 6


def test_a_run_offers_what_has_just_become_possible_before_what_was_possible_already() -> None:
    run = begun(scene_of(world()))
    while run.choices:
        before = events(run)
        run = followed(run, run.choices[0])
        new = tuple(each for each in events(run) if each not in before)
        kept = tuple(each for each in before if each in events(run))
        assert events(run) == (*new, *kept)


def test_a_run_goes_where_the_system_steps() -> None:
    run = begun(scene_of(world()))
    state = run.scene.world.state
    while run.choices:
        state, record = run.scene.world.system.step(state, run.choices[0].event)
        run = followed(run, run.choices[0])
        assert (run.state, run.records[-1]) == (state, record)


def test_what_is_broken_at_the_start_breaks_the_run_before_its_first_step() -> None:
    with pytest.raises(PropertyBroken) as broken:
        begun(scene_of(world(on_state(Kind.ALWAYS, everywhere)), "the scenario"))
    assert broken.value.trace == ()
    assert str(broken.value).splitlines() == [
        "broken: it is as it should be (test.rule, always)",
        "found",
        "  a detail",
        "the scenario",
        "0 steps:",
    ]


def test_a_broken_state_is_found_in_the_step_that_leads_to_it() -> None:
    run = begun(scene_of(world(on_state(Kind.ALWAYS, after_the_request))))
    with pytest.raises(PropertyBroken) as broken:
        followed(run, run.choices[0])
    line = f"  1 {FIRST}  [worker.order-transaction, worker.raise-mark]"
    assert broken.value.trace == (line,)
    assert str(broken.value).splitlines() == [
        "broken: it is as it should be (test.rule, always)",
        "the worker has taken a request",
        "1 steps:",
        line,
    ]


@pytest.mark.parametrize(
    "broken_property",
    [
        ReactionProperty("r", RULE, Kind.ALWAYS, everywhere),
        StepProperty("s", RULE, Kind.ALWAYS, everywhere),
    ],
)
def test_a_broken_step_or_reaction_is_found_in_the_first_step(broken_property: Property) -> None:
    run = begun(scene_of(world(broken_property)))
    with pytest.raises(PropertyBroken) as broken:
        followed(run, run.choices[0])
    assert broken.value.property == broken_property
    assert broken.value.evidence == Evidence("found", ("a detail",))
    assert len(broken.value.run.records) == 1


def test_the_trace_says_why_a_step_is_refused() -> None:
    made = world(ReactionProperty("r", RULE, Kind.ALWAYS, everywhere))
    unsolvable = evolve(made.system.families["worker"], solve=lambda _: ())
    system = evolve(made.system, families=made.system.families.set("worker", unsolvable))
    run = begun(scene_of(evolve(made, system=system)))
    with pytest.raises(PropertyBroken) as broken:
        followed(run, run.choices[0])
    assert broken.value.trace == (f"  1 {FIRST}  refused: conflict resolution failed",)


def test_the_trace_names_faults() -> None:
    run = begun(scene_of(world(faults=Faults(duplicates=1))))
    (duplicate,) = (each for each in run.choices if isinstance(each.event, Duplicate))
    assert trace_of(followed(run, duplicate)) == (
        f"  1 the network duplicates client.t1 -> worker: {REQUEST}",
    )


def test_hypothesis_prints_a_choice_as_its_event_and_a_scene_as_its_text() -> None:
    run = begun(scene_of(world(), "the scenario"))
    assert pretty(run.choices[0]) == FIRST
    assert pretty(run.scene) == "\nthe scenario\n"


def test_monitors_are_carried_along() -> None:
    counting = MonitorProperty("counts", RULE, Kind.ALWAYS, 0, steps_so_far, third)
    with pytest.raises(PropertyBroken, match="the third step") as broken:
        to_rest(begun(scene_of(world(counting))))
    assert len(broken.value.trace) == 3


def test_what_holds_at_rest_is_judged_at_rest_only() -> None:
    with pytest.raises(PropertyBroken) as broken:
        to_rest(begun(scene_of(world(on_state(Kind.AT_REST, everywhere)))))
    assert broken.value.run.rests
    assert len(broken.value.trace) == 6


def test_what_holds_at_rest_is_not_judged_where_messages_may_be_lost() -> None:
    run = to_rest(begun(scene_of(world(on_state(Kind.AT_REST, everywhere), faults=Faults(0, 1)))))
    assert run.rests


def test_what_happens_sometimes_breaks_nothing_and_is_noted_once() -> None:
    sometimes = on_state(Kind.SOMETIMES, after_the_request)
    start = begun(scene_of(world(sometimes)))
    assert start.happened == ()
    assert to_rest(start).happened == (sometimes.name,)


def test_two_runs_of_one_scene_are_judged_apart() -> None:
    scene = scene_of(world(on_state(Kind.ALWAYS, after_the_request)))
    for _ in range(2):
        run = begun(scene)
        with pytest.raises(PropertyBroken):
            followed(run, run.choices[0])


def test_a_reaction_is_judged_in_every_run_of_a_scene() -> None:
    def of_the_worker(reacted: Reacted) -> Evidence | None:
        mine = reacted.before.identity.external == WORKER_ID
        return Evidence("the worker moves") if mine else None

    scene = scene_of(world(ReactionProperty("w", RULE, Kind.ALWAYS, of_the_worker)))
    for _ in range(2):
        run = begun(scene)
        with pytest.raises(PropertyBroken):
            followed(run, run.choices[0])


def test_a_step_is_shown_with_the_states_around_it() -> None:
    seen: list[Step] = []

    def look(step: Step) -> None:
        seen.append(step)

    run = begun(scene_of(world(StepProperty("s", RULE, Kind.ALWAYS, look))))
    after = followed(run, run.choices[0])
    assert seen == [Step(run.scene.world.system, run.state, after.records[0], after.state)]


def test_a_model_runs_with_its_default_parameters() -> None:
    model = Model(
        "counting",
        "anoma",
        "It loses messages, if told so.",
        (Parameter("losses", "how many", 2),),
        lambda parameters: world(faults=Faults(0, parameters["losses"])),
    )
    scene = scene_of(model)
    assert scene.text == "# model: counting"
    assert scene.world.system.faults == Faults(losses=2)
