"""The depth-first search visits, counts and judges what the plain search does, with little memory."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from attrs import evolve

from models.catalogue import CATALOGUE
from models.catalogue.commit import TWO_PHASE_COMMIT
from models.catalogue.ordering import ORDERING
from models.catalogue.voting import VOTING
from models.model import Model, Value, World
from models.search import naive
from models.search.bounds import Bounds, Stop
from models.search.depth_first import DepthFirst, DepthFirstResult, explore_depth_first
from models.search.exhaustive import explore
from models.search.judge import JudgeError
from models.search.progress import Progress, nobody
from models.search.result import SearchResult, Status
from models.search.way import Cycle
from properties.property import (
    EngineProperty,
    Evidence,
    Kind,
    MonitorProperty,
    StateProperty,
    Step,
    StepProperty,
)
from spec.anoma.executor.behaviour import EXECUTOR
from spec.anoma.shard.behaviour import SHARD, UpdateMark
from spec.anoma.shard.configuration import ShardConfiguration
from spec.anoma.shard.environment import ShardEnv, ShardState
from spec.anoma.shard.messages import UpdateSeenAll
from spec.anoma.worker.behaviour import WORKER, OrderTransaction, Request
from spec.anoma.worker.configuration import WorkerConfiguration
from spec.anoma.worker.environment import WorkerEnv, WorkerState
from spec.formalism.delivery import DISCIPLINES, AnyDiscipline, SetDelivery
from spec.formalism.environment import Effect, Environment
from spec.formalism.event import Lose, Record
from spec.formalism.family import EngineFamily, one_at_a_time
from spec.formalism.identity import EngineName
from spec.formalism.message import Message, Trigger, arrived
from spec.formalism.rule import Rule, RuleId
from spec.formalism.state import Faults, GlobalState
from spec.voting.messages import Choice
from spec.voting.system import Elector, Poll, voting_state, voting_system

RULE = RuleId("test.depth-first")

Search = Callable[..., SearchResult]
"""A search that it must agree with: the plain one, or one that agrees with that."""


def build(model: Model, **changed: Value) -> World:
    return model.build(
        {each.name: changed.get(each.name, each.default) for each in model.parameters}
    )


def small(**changed: Value) -> World:
    """Two transactions over one key."""
    return build(ORDERING, **{"keys": 1, **changed})


def with_faults(world: World, faults: Faults) -> World:
    return evolve(
        world,
        system=evolve(world.system, faults=faults),
        state=evolve(world.state, faults=faults),
    )


def comparable(result: SearchResult) -> tuple[Any, ...]:
    """What two searches of one world must agree on, in whichever order they visit it."""
    return (
        (result.states, result.transitions, result.stutters, result.nodes),
        (result.complete, result.stop, result.coverage),
        {each.property.name: each.status for each in result.properties},
        (len(result.resting), set(result.resting)),
    )


def reached(world: World, events: tuple[Any, ...]) -> GlobalState:
    """The state that a run ends in; each of its events must be possible there."""
    state = world.state
    for event in events:
        assert event in {offer.event for offer in world.system.offers(state)}
        state, _ = world.system.step(state, event)
    return state


def counted(result: SearchResult) -> tuple[Any, ...]:
    """What they must agree on where a bound on depth ends them: one may judge a step that leads beyond."""
    counts, how, _, resting = comparable(result)
    return counts, how, resting


def agree(world: World, search: Search = naive.explore) -> DepthFirstResult:
    deep = explore_depth_first(world, until=frozenset())
    assert comparable(deep) == comparable(search(world, until=frozenset()))
    for each in deep.properties:
        reached(world, each.events)
    return deep


def every_discipline() -> Iterator[Any]:
    """Every built-in model whose states are all visited, in every discipline that it has."""
    for model in CATALOGUE:
        for parameter in model.parameters:
            if model.walks is None and parameter.name == "delivery":
                for delivery in parameter.choices:
                    yield pytest.param(model, delivery, id=f"{model.name} {delivery}")


@pytest.mark.slow
@pytest.mark.parametrize(("model", "delivery"), [*every_discipline()])
def test_it_agrees_with_the_breadth_first_search_on_every_built_in_model(
    model: Model, delivery: str
) -> None:
    agree(build(model, delivery=delivery), explore)


@pytest.mark.parametrize("delivery", ["unordered", "fifo"])
@pytest.mark.parametrize("duplicates", [0, 1])
def test_it_agrees_with_the_plain_search_in_every_order_and_with_duplicates(
    delivery: str, duplicates: int
) -> None:
    agree(build(ORDERING, transactions=1, delivery=delivery, duplicates=duplicates))


@pytest.mark.parametrize("discipline", DISCIPLINES, ids=lambda each: each.name)
def test_it_agrees_with_the_plain_search_where_messages_are_lost(
    discipline: AnyDiscipline,
) -> None:
    agree(with_faults(build(TWO_PHASE_COMMIT, delivery=discipline.name), Faults(1, 1)))


def test_it_agrees_with_the_plain_search_where_messages_stay_and_timers_elapse() -> None:
    system = voting_system(SetDelivery)
    poll = Poll((Elector("ann", (Choice("red"),)),), rounds=1)
    result = agree(World(system, voting_state(system, poll), build(VOTING).properties))
    assert result.stutters > 0


def test_a_run_is_as_long_as_its_depth_says_and_not_the_shortest() -> None:
    deep, plain = explore_depth_first(small()), naive.explore(small())
    assert (plain.depth, deep.depth) == (19, 20)


class OverwritesTheMark(UpdateMark):
    """A worker's mark is the last that was heard from it."""

    @staticmethod
    def action(
        output: Message[UpdateSeenAll],
        trigger: Trigger,
        configuration: ShardConfiguration,
        environment: ShardEnv,
    ) -> Effect[ShardState]:
        state = environment.local
        heard = state.heard.set(output.sender, output.body.fingerprint)
        return Effect(environment.with_local(evolve(state, heard=heard)))


class NamesAllExecutorsAlike(OrderTransaction):
    """Every executor has the same name, as in the public text."""

    @staticmethod
    def action(
        output: Request,
        trigger: Trigger,
        configuration: WorkerConfiguration,
        environment: WorkerEnv,
    ) -> Effect[WorkerState]:
        effect = OrderTransaction.action(output, trigger, configuration, environment)
        alike = tuple(evolve(spawn, name=EngineName("executor")) for spawn in effect.spawns)
        return evolve(effect, spawns=alike)


def test_a_broken_rule_falls_by_a_run_of_the_system() -> None:
    world = small()
    twin = evolve(world, system=world.system.replacing(SHARD.name, OverwritesTheMark))
    result = explore_depth_first(twin, until=frozenset({"marks never fall"}))
    fallen = next(each for each in result.properties if each.property.name == "marks never fall")
    assert (result.stop, fallen.status) == (Stop.VIOLATION, Status.VIOLATED)
    shortest = next(
        each
        for each in naive.explore(twin, until=frozenset({"marks never fall"})).properties
        if each.property == fallen.property
    )
    reached(twin, fallen.events)
    assert len(fallen.events) >= len(shortest.events)
    agree(twin)


def test_a_step_that_only_the_whole_state_refuses_is_found() -> None:
    world = small()
    twin = evolve(world, system=world.system.replacing(WORKER.name, NamesAllExecutorsAlike))
    result = agree(twin)
    refused = next(each for each in result.properties if each.property.name == "no step is refused")
    assert refused.status is Status.VIOLATED
    before = reached(twin, refused.events[:-1])
    assert twin.system.step(before, refused.events[-1])[1].refusal is not None


def test_a_bound_on_states_ends_the_search_with_that_many() -> None:
    result = explore_depth_first(small(), Bounds(max_states=100))
    assert (result.stop, result.states, result.complete) == (Stop.STATES, 100, False)
    for world, states in ((small(), 1845), (build(TWO_PHASE_COMMIT), 288), (build(VOTING), 3484)):
        assert explore_depth_first(world, Bounds(max_states=states), frozenset()).complete
        assert not explore_depth_first(world, Bounds(max_states=states - 1), frozenset()).complete


def test_a_bound_on_depth_leaves_out_what_is_farther_away_and_nothing_else() -> None:
    for depth in (0, 1, 9, 17, 18, 19, 20):
        bounds = Bounds(max_depth=depth)
        result = explore_depth_first(small(), bounds, frozenset())
        assert counted(result) == counted(naive.explore(small(), bounds, frozenset()))
        assert (result.stop, result.depth) == (Stop.DEPTH if depth < 19 else None, depth)


def test_a_bound_on_depth_holds_for_what_is_remembered_too() -> None:
    world = remembering(build(ORDERING, transactions=1))
    for depth in range(3, 12):
        bounds = Bounds(max_depth=depth)
        deep, plain = (search(world, bounds) for search in (explore_depth_first, naive.explore))
        assert counted(deep) == counted(plain)


@pytest.mark.parametrize(
    ("bounds", "stop"),
    [(Bounds(max_seconds=0), Stop.SECONDS), (Bounds(max_memory=1), Stop.MEMORY)],
    ids=["seconds", "memory"],
)
def test_bounds_on_time_and_memory_end_the_search(bounds: Bounds, stop: Stop) -> None:
    assert explore_depth_first(small(), bounds).stop is stop


def test_an_interrupted_search_says_what_it_has_seen() -> None:
    def interrupt(progress: Progress) -> None:
        if progress.states > 10:
            raise KeyboardInterrupt

    result = explore_depth_first(small(), listener=interrupt)
    assert (result.stop, result.complete, result.cyclic) == (Stop.INTERRUPTED, False, None)
    assert 10 < result.states < 1845


def test_a_judge_that_raises_is_named() -> None:
    def judge(_: object) -> Evidence | None:
        raise ValueError("no")

    about = EngineProperty("raises", RULE, Kind.ALWAYS, frozenset({EXECUTOR.name}), judge)
    with pytest.raises(JudgeError, match="the judge of 'raises' raised"):
        explore_depth_first(evolve(small(), properties=(about,)))


def test_statements_about_everything_are_judged_on_every_state_and_step() -> None:
    def many(state: GlobalState) -> Evidence | None:
        return Evidence("two executors") if len(state.engines) == 6 else None

    def few(state: GlobalState) -> Evidence | None:
        return Evidence("six") if len(state.engines) > 6 else None

    def sends(step: Step) -> Evidence | None:
        return Evidence("sent") if len(step.before.engines) == 5 and step.record.spawned else None

    world = evolve(
        small(),
        properties=(
            StateProperty("six engines", RULE, Kind.SOMETIMES, many),
            StateProperty("at most six", RULE, Kind.ALWAYS, few, frozenset({EXECUTOR.name})),
            StepProperty("spawns", RULE, Kind.SOMETIMES, sends),
        ),
    )
    result = agree(world)
    assert {each.status for each in result.properties} == {Status.HOLDS}


def remembering(world: World) -> World:
    """The same with a monitor that remembers which engines have taken the last two messages."""

    def order(memory: tuple[str, ...], record: Record) -> tuple[str, ...]:
        return (*memory, str(record.consumed.target))[-2:] if record.consumed else memory

    def nothing(_: object) -> Evidence | None:
        return None

    monitor = MonitorProperty("order", RULE, Kind.ALWAYS, (), order, nothing)
    return evolve(world, properties=(monitor,))


def test_what_is_remembered_beyond_the_state_multiplies_nodes_and_no_count() -> None:
    result = agree(remembering(build(ORDERING, transactions=1)))
    assert result.nodes > result.states


def test_faults_beyond_the_budget_are_no_steps_whatever_is_remembered() -> None:
    def lost(step: Step) -> Evidence | None:
        return Evidence("lost") if isinstance(step.record.event, Lose) else None

    world = remembering(with_faults(build(ORDERING, transactions=1, keys=1), Faults(0, 1)))
    loses = StepProperty("a message is lost", RULE, Kind.SOMETIMES, lost)
    never = StepProperty("nothing", RULE, Kind.ALWAYS, lambda _: None)
    agree(evolve(world, properties=(*world.properties, loses, never)))


class CountToThree(Rule[None, int, int]):
    """A number is added to the sum, which starts again from three on."""

    id = RuleId("test.count-to-three")
    version = 1
    sources = ()

    @staticmethod
    def guard(trigger: Trigger, configuration: None, environment: Environment[int]) -> int | None:
        number = arrived(trigger, int)
        return number.body if number else None

    @staticmethod
    def action(
        output: int, trigger: Trigger, configuration: None, environment: Environment[int]
    ) -> Effect[Any]:
        return Effect(environment.with_local((environment.local + output) % 3))


def rounds(adding: Any, *numbers: int) -> World:
    """A world where messages that stay are added again and again."""
    world: World = adding.world(numbers, discipline=SetDelivery)
    family = EngineFamily(adding.family, (CountToThree,), one_at_a_time)
    families = world.system.families.set(adding.family, family)
    return evolve(world, system=evolve(world.system, families=families))


@pytest.fixture
def round_and_round(adding: Any) -> World:
    """A world with one cycle."""
    return rounds(adding, 1)


def test_a_state_that_was_visited_meanwhile_does_not_count_against_the_bound(adding: Any) -> None:
    """From nothing, one step leads to 2, and so do two."""
    result = explore_depth_first(rounds(adding, 1, 2), Bounds(max_states=3))
    assert (result.complete, result.states, result.transitions) == (True, 3, 6)


def test_a_cycle_is_found_with_a_run_that_goes_round(round_and_round: World) -> None:
    result = agree(round_and_round)
    assert (result.states, result.transitions, result.resting[:]) == (3, 3, ())
    assert (result.cyclic, result.cycle) == (
        True,
        Cycle((), result.cycle.loop if result.cycle else ()),
    )
    assert result.cycle is not None
    assert len(result.cycle.loop) == 3
    there = reached(round_and_round, result.cycle.way)
    assert reached(round_and_round, (*result.cycle.way, *result.cycle.loop)) == there


def test_no_cycle_is_denied_before_everything_is_seen(round_and_round: World) -> None:
    assert explore_depth_first(small()).cyclic is False
    assert explore_depth_first(round_and_round, Bounds(max_depth=1)).cyclic is None


def test_only_stutters_make_no_cycle(adding: Any) -> None:
    result = agree(remembering(adding.world((0,), discipline=SetDelivery)))
    assert (result.states, result.nodes, result.stutters) == (1, 3, 1)
    assert result.cyclic is False


def test_the_odds_of_a_collision_are_part_of_the_result() -> None:
    assert explore_depth_first(small()).odds == 1845 * 1845 / 2**65


def test_a_visited_state_takes_few_bytes() -> None:
    search = DepthFirst(build(TWO_PHASE_COMMIT, resource_managers=5), Bounds(), None, nobody)
    search.run()
    assert search.bytes() <= 8832 * 22
