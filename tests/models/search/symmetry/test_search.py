"""The search of one state of each orbit finds what the search of all states finds, and its counts add up to theirs."""

from collections.abc import Callable, Iterator, Mapping
from itertools import permutations
from typing import Any

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.catalogue import CATALOGUE
from models.catalogue.commit import TWO_PHASE_COMMIT
from models.catalogue.common import genesis_of, label, setting, transaction
from models.catalogue.common import world as anoma_of
from models.catalogue.counter import COUNTERS
from models.catalogue.voting import VOTING
from models.model import Interchangeable, Model, Value, World
from models.search.bounds import Bounds, Stop
from models.search.exhaustive import explore
from models.search.progress import Progress
from models.search.result import SearchResult, Status
from models.search.symmetry.group import Group, SymmetryError
from models.search.symmetry.search import SymmetricResult, explore_symmetric
from properties.property import Evidence, Kind, MonitorProperty, Property
from spec.anoma.keyvalue import KVSKey
from spec.anoma.shard.behaviour import UpdateMark
from spec.anoma.shard.configuration import ShardConfiguration
from spec.anoma.shard.environment import ShardEnv, ShardState
from spec.anoma.shard.messages import UpdateSeenAll
from spec.anoma.worker.behaviour import OrderTransaction, Request
from spec.anoma.worker.configuration import WorkerConfiguration
from spec.anoma.worker.environment import WorkerEnv, WorkerState
from spec.commit.behaviour import RecordPrepared
from spec.commit.configuration import TransactionManagerConfiguration
from spec.commit.environment import COMMITTING, TransactionManager
from spec.commit.messages import Prepared
from spec.formalism.delivery import DISCIPLINES, AnyDiscipline
from spec.formalism.environment import Effect, Environment, SetTimer
from spec.formalism.event import Elapse, Record
from spec.formalism.identity import EngineId, EngineName, on_local_node
from spec.formalism.message import Delay, Message, Trigger
from spec.formalism.rule import RuleId
from spec.formalism.state import Faults, GlobalState

RULE = RuleId("test.symmetry")

Made = Callable[..., Any]
"""A fixture that makes something."""


def build(model: Model, **changed: Value) -> World:
    return model.build(
        {each.name: changed.get(each.name, each.default) for each in model.parameters}
    )


def replayed(world: World, result: SearchResult) -> None:
    """Every run that shows something is one of the system's."""
    for each in result.properties:
        state = world.state
        for event in each.events:
            state, _ = world.system.step(state, event)


def of_one_orbit(group: Group, states: Iterator[GlobalState]) -> set[frozenset[GlobalState]]:
    """The orbits of states, by brute force."""
    ways = [
        way
        for way in permutations(group.identity)
        if all(group.kinds[one] == group.kinds[other] for one, other in enumerate(way))
    ]
    return {frozenset(group.renaming(way)(state) for way in ways) for state in states}


def agree(world: World, until: frozenset[str] | None = frozenset()) -> SymmetricResult:
    """Both searches say the same of every property, and the counts of one follow from the other's."""
    few, all_ = explore_symmetric(world, until=until), explore(world, until=until)
    assert (few.all_states, few.all_transitions, few.all_nodes, few.depth) == (
        all_.states,
        all_.transitions,
        all_.nodes,
        all_.depth,
    )
    assert (few.complete, few.stop, few.coverage.never) == (
        all_.complete,
        all_.stop,
        all_.coverage.never,
    )
    assert [(each.status, len(each.events)) for each in few.properties] == [
        (each.status, len(each.events)) for each in all_.properties
    ]
    replayed(world, few)
    return few


@pytest.mark.parametrize("resource_managers", [2, 3, 4])
@pytest.mark.parametrize("delivery", ["set", "unordered", "fifo"])
def test_resting_states_are_one_of_each_orbit(resource_managers: int, delivery: str) -> None:
    world = build(TWO_PHASE_COMMIT, resource_managers=resource_managers, delivery=delivery)
    found = agree(world)
    group = Group(world.symmetry)
    orbits = of_one_orbit(group, iter(explore(world, until=frozenset()).resting))
    assert of_one_orbit(group, iter(found.resting)) == orbits
    assert len(found.resting) == len(orbits)


@pytest.mark.parametrize("resource_managers", [2, 3])
def test_states_are_counted_once_per_orbit(resource_managers: int) -> None:
    world = build(TWO_PHASE_COMMIT, resource_managers=resource_managers)
    reached, waiting = {world.state}, [world.state]
    for state in waiting:
        for following in world.system.successors(state):
            if following.state not in reached:
                reached.add(following.state)
                waiting.append(following.state)
    orbits = of_one_orbit(Group(world.symmetry), iter(reached))
    assert explore_symmetric(world).states == len(orbits)


@pytest.mark.parametrize(
    ("resource_managers", "states", "transitions", "depth"),
    [(3, 80, 212, 10), (5, 314, 1332, 16), (7, 920, 5399, 22)],
)
def test_two_phase_commit_has_as_many_orbits_as_is_known(
    resource_managers: int, states: int, transitions: int, depth: int
) -> None:
    world = build(TWO_PHASE_COMMIT, resource_managers=resource_managers)
    found = explore_symmetric(world)
    assert (found.states, found.transitions, found.depth) == (states, transitions, depth)


def test_what_representatives_stand_for_adds_up_to_the_known_state_graph() -> None:
    found = explore_symmetric(build(TWO_PHASE_COMMIT, resource_managers=7))
    assert (found.all_states, found.all_transitions) == (296_448, 1_735_809)


SYMMETRIC = [model for model in CATALOGUE if model.walks is None and build(model).symmetry]


@pytest.mark.parametrize("model", SYMMETRIC, ids=[model.name for model in SYMMETRIC])
def test_it_agrees_with_the_search_of_all_states_on_every_built_in_model(model: Model) -> None:
    found = agree(build(model))
    assert found.states < found.all_states


@pytest.mark.parametrize(
    ("model", "changed"),
    [
        (COUNTERS, {"duplicates": 1}),
        (COUNTERS, {"delivery": "fifo"}),
        (VOTING, {"voters": 4, "rounds": 1}),
        (VOTING, {"voters": 2, "strangers": 2, "rounds": 1}),
        (VOTING, {"voters": 3, "rounds": 1, "duplicates": 1, "delivery": "fifo"}),
    ],
)
def test_it_agrees_with_other_parameters(model: Model, changed: Mapping[str, Value]) -> None:
    agree(build(model, **changed))


def test_it_agrees_where_messages_are_lost() -> None:
    world = build(TWO_PHASE_COMMIT, resource_managers=2, delivery="unordered")
    faults = Faults(duplicates=1, losses=1)
    agree(
        evolve(
            world,
            system=evolve(world.system, faults=faults),
            state=evolve(world.state, faults=faults),
        )
    )


def test_a_world_without_symmetry_is_searched_as_it_is() -> None:
    found = agree(build(TWO_PHASE_COMMIT, resource_managers=1))
    assert found.states == found.all_states


def nothing(_: object) -> Evidence | None:
    return None


def first(memory: EngineId | None, record: Record) -> EngineId | None:
    """Who has prepared first."""
    heard = record.consumed is not None and isinstance(record.consumed.body, Prepared)
    return record.consumed.sender if memory is None and heard and record.consumed else memory


def in_turn(memory: tuple[EngineId, ...], record: Record) -> tuple[EngineId, ...]:
    """Who has acted of their own accord, in which order."""
    event = record.event
    return (*memory, event.engine) if isinstance(event, Elapse) else memory


@pytest.mark.parametrize("start_and_observe", [(None, first), ((), in_turn)])
@pytest.mark.parametrize("delivery", ["set", "fifo"])
def test_what_monitors_remember_beyond_the_state_changes_places_too(
    start_and_observe: tuple[Any, Any], delivery: str
) -> None:
    monitor = MonitorProperty("remembers", RULE, Kind.ALWAYS, *start_and_observe, nothing)
    world = build(TWO_PHASE_COMMIT, delivery=delivery)
    found = agree(evolve(world, properties=(*world.properties, monitor)))
    assert found.nodes > found.states


PLAIN = st.tuples(
    st.sampled_from([0, 1]),
    st.sampled_from(["nobody", "sender", "subject", "first", "all known"]),
    st.booleans(),
    st.booleans(),
)


def gathered(memory: frozenset[Any], record: Record) -> frozenset[Any]:
    """Who has heard something from whom other than the herald."""
    mail = record.consumed
    if mail is None or mail.sender != mail.body.subject:
        return memory
    return memory | {(mail.sender, mail.target)}


GATHERS = MonitorProperty("gathers", RULE, Kind.ALWAYS, frozenset(), gathered, nothing)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    plain=st.tuples(*[PLAIN] * 8),
    discipline=st.sampled_from(DISCIPLINES),
    faults=st.sampled_from([Faults(), Faults(duplicates=1), Faults(losses=1)]),
    monitors=st.sampled_from([(), (GATHERS,)]),
)
def test_it_agrees_on_random_systems_of_actors(
    gossips: Made,
    plain: tuple[Any, ...],
    discipline: AnyDiscipline,
    faults: Faults,
    monitors: tuple[Property, ...],
) -> None:
    world = gossips(plain, 3, discipline, faults, monitors)
    bounds = Bounds(max_states=3_000)
    all_ = explore(world, bounds)
    if all_.stop is None:
        few = explore_symmetric(world)
        assert (few.all_states, few.all_transitions, few.all_nodes, few.depth) == (
            all_.states,
            all_.transitions,
            all_.nodes,
            all_.depth,
        )


class HearsOnce(RecordPrepared):
    """The transaction manager may commit as soon as anybody has prepared."""

    @staticmethod
    def action(
        output: Message[Prepared],
        trigger: Trigger,
        configuration: TransactionManagerConfiguration,
        environment: Environment[TransactionManager],
    ) -> Effect[TransactionManager]:
        effect = RecordPrepared.action(output, trigger, configuration, environment)
        return evolve(effect, timers=(SetTimer(COMMITTING, Delay(0)),))


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


@pytest.mark.parametrize(
    ("world", "family", "rule", "broken"),
    [
        (
            build(TWO_PHASE_COMMIT, resource_managers=4),
            "transaction-manager",
            HearsOnce,
            {
                "no resource manager aborts where another one commits",
                "only what all have prepared is committed",
            },
        ),
        (build(COUNTERS), "shard", OverwritesTheMark, {"marks never fall"}),
        (build(COUNTERS), "worker", NamesAllExecutorsAlike, {"no step is refused"}),
    ],
)
def test_a_broken_rule_falls_by_a_run_as_short_as_without_symmetry(
    world: World, family: str, rule: Any, broken: set[str]
) -> None:
    twin = evolve(world, system=world.system.replacing(family, rule))
    found = agree(twin)
    violated = {
        each.property.name: each for each in found.properties if each.status is Status.VIOLATED
    }
    assert broken <= set(violated)
    assert all(violated[each].events for each in broken)


def test_bounds_end_the_search() -> None:
    world = build(TWO_PHASE_COMMIT, resource_managers=5)
    states = explore_symmetric(world, Bounds(max_states=100))
    assert (states.stop, states.states, states.complete) == (Stop.STATES, 100, False)
    depth = explore_symmetric(world, Bounds(max_depth=3))
    assert (depth.stop, depth.depth) == (Stop.DEPTH, 3)
    assert depth.all_states == explore(world, Bounds(max_depth=3)).states
    assert explore_symmetric(world, Bounds(max_seconds=0)).stop is Stop.SECONDS


def test_an_interrupted_search_says_what_it_has_seen() -> None:
    def interrupt(progress: Progress) -> None:
        if progress.states > 10:
            raise KeyboardInterrupt

    found = explore_symmetric(build(TWO_PHASE_COMMIT), listener=interrupt)
    assert (found.stop, found.complete) == (Stop.INTERRUPTED, False)
    assert found.states > 10


def apart(keys: tuple[str, ...]) -> World:
    """Transactions that each read and write a key of their own, all on one shard."""
    chosen = tuple(
        transaction(f"t{key}", label(eager=[key], will=[key]), f'write("{key}", read("{key}") + 1)')
        for key in keys
    )
    options = {"shards": 1, "arrival": "any", "delivery": "unordered", "duplicates": 0}
    alike = tuple((on_local_node(f"client.t{key}"), KVSKey(key)) for key in keys)
    world = anoma_of(setting(chosen, genesis_of(dict.fromkeys(keys, 0)), options))
    return evolve(world, symmetry=(Interchangeable(alike),))


def test_keys_change_places_together_with_the_clients_that_name_them() -> None:
    found = agree(apart(("x", "y")))
    assert (found.states, found.all_states) == (1427, 2853)


def test_clients_that_name_different_keys_do_not_change_places_alone() -> None:
    world = apart(("x", "y"))
    alone = tuple((client,) for client, _ in world.symmetry[0].members)
    with pytest.raises(SymmetryError, match="at the start, a mailbox of worker differs"):
        explore_symmetric(evolve(world, symmetry=(Interchangeable(alone),)))
