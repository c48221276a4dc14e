"""The exhaustive search finds what the plain search finds, and counts what it counts."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from attrs import evolve

from models.catalogue import CATALOGUE, model_named
from models.catalogue.common import genesis_of, label, setting, transaction
from models.model import Model, World
from models.search import naive
from models.search.actors import Actors
from models.search.bounds import Bounds, Stop
from models.search.exhaustive import explore
from models.search.judge import JudgeError
from models.search.progress import Progress
from models.search.result import SearchResult, Status
from models.worlds import anoma_world, standard_properties
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
from spec.anoma.shard.behaviour import UpdateMark
from spec.anoma.shard.configuration import ShardConfiguration
from spec.anoma.shard.environment import ShardEnv, ShardState
from spec.anoma.shard.messages import KVSAcquireLock, UpdateSeenAll
from spec.anoma.worker.behaviour import OrderTransaction, Request
from spec.anoma.worker.configuration import WorkerConfiguration
from spec.anoma.worker.environment import WorkerEnv, WorkerState
from spec.formalism.delivery import SetDelivery
from spec.formalism.environment import Effect
from spec.formalism.event import Record
from spec.formalism.identity import EngineName
from spec.formalism.message import Message, Trigger
from spec.formalism.rule import RuleId
from spec.formalism.state import Faults, GlobalState
from spec.voting.messages import Choice
from spec.voting.system import Elector, Poll, voting_state, voting_system

RULE = RuleId("test.add-up")


def increments(
    transactions: int, keys: int, delivery: str = "unordered", duplicates: int = 0
) -> World:
    """So many transactions, each of which reads and writes so many keys, on a shard each."""
    names = [f"k{number}" for number in range(keys)]
    program = "\n".join(f'write("{key}", read("{key}") + 1)' for key in names)
    chosen = tuple(
        transaction(f"t{number}", label(eager=names, will=names), program)
        for number in range(transactions)
    )
    options: Mapping[str, Any] = {
        "shards": keys,
        "arrival": "any",
        "delivery": delivery,
        "duplicates": duplicates,
    }
    chosen_setting = setting(chosen, genesis_of(dict.fromkeys(names, 0)), options)
    return anoma_world(chosen_setting, standard_properties(chosen_setting))


def default_world(model: Model) -> World:
    return model.build({each.name: each.default for each in model.parameters})


def comparable(result: SearchResult) -> tuple[Any, ...]:
    """What two searches of one world must agree on."""
    return (
        (result.states, result.transitions, result.stutters, result.depth, result.nodes),
        (result.complete, result.stop, result.coverage),
        {each.property.name: (each.status, len(each.events)) for each in result.properties},
        set(result.resting),
    )


def replayed(world: World, result: SearchResult) -> None:
    """Every run that shows something is one of the system's."""
    for each in result.properties:
        state = world.state
        for event in each.events:
            state, _ = world.system.step(state, event)


def agree(world: World, until: frozenset[str] | None = frozenset()) -> SearchResult:
    fast = explore(world, until=until)
    assert comparable(fast) == comparable(naive.explore(world, until=until))
    replayed(world, fast)
    return fast


def every_discipline() -> Iterator[Any]:
    """Every built-in model whose states are all visited, in every discipline that it has."""
    for model in CATALOGUE:
        for parameter in model.parameters:
            if model.walks is None and parameter.name == "delivery":
                for delivery in parameter.choices:
                    yield pytest.param(model, delivery, id=f"{model.name} {delivery}")


@pytest.mark.slow
@pytest.mark.parametrize(("model", "delivery"), [*every_discipline()])
def test_it_agrees_with_the_plain_search_on_every_built_in_model(
    model: Model, delivery: str
) -> None:
    options = {each.name: each.default for each in model.parameters} | {"delivery": delivery}
    agree(model.build(options))


@pytest.mark.parametrize("delivery", ["unordered", "fifo"])
@pytest.mark.parametrize("duplicates", [0, 1])
def test_it_agrees_with_the_plain_search_in_every_order_and_with_duplicates(
    delivery: str, duplicates: int
) -> None:
    agree(increments(1, 2, delivery, duplicates))


def test_it_agrees_with_the_plain_search_where_messages_are_lost() -> None:
    world = increments(1, 1)
    faults = Faults(duplicates=1, losses=2)
    agree(
        evolve(
            world,
            system=evolve(world.system, faults=faults),
            state=evolve(world.state, faults=faults),
        )
    )


def test_it_agrees_with_the_plain_search_where_messages_stay_and_timers_elapse() -> None:
    model = model_named("voting")
    assert model is not None
    system = voting_system(SetDelivery)
    properties = default_world(model).properties
    poll = Poll((Elector("ann", (Choice("red"),)),), rounds=1)
    result = agree(World(system, voting_state(system, poll), properties))
    assert result.stutters > 0


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


def test_a_broken_rule_falls_by_a_shortest_run_as_in_the_plain_search() -> None:
    world = increments(2, 1)
    twin = evolve(world, system=world.system.replacing("shard", OverwritesTheMark))
    fast, plain = explore(twin), naive.explore(twin)
    assert [each.property.name for each in fast.broken()] == ["marks never fall"]
    assert [len(each.events) for each in fast.broken()] == [
        len(each.events) for each in plain.broken()
    ]
    replayed(twin, fast)


def test_a_step_that_only_the_whole_state_refuses_is_found() -> None:
    world = increments(2, 1)
    twin = evolve(world, system=world.system.replacing("worker", NamesAllExecutorsAlike))
    fast = agree(twin)
    refused = next(each for each in fast.properties if each.property.name == "no step is refused")
    assert (refused.status, len(refused.events)) == (Status.VIOLATED, 2)


def test_a_bound_on_states_ends_the_search_with_that_many() -> None:
    result = explore(increments(2, 1), Bounds(max_states=100))
    assert (result.stop, result.states, result.complete) == (Stop.STATES, 100, False)
    assert explore(increments(2, 1), Bounds(max_states=1845)).complete


def test_a_bound_on_time_ends_the_search() -> None:
    assert explore(increments(2, 1), Bounds(max_seconds=0)).stop is Stop.SECONDS


def test_an_interrupted_search_says_what_it_has_seen() -> None:
    def interrupt(progress: Progress) -> None:
        if progress.states > 10:
            raise KeyboardInterrupt

    result = explore(increments(2, 1), listener=interrupt)
    assert (result.stop, result.complete) == (Stop.INTERRUPTED, False)
    assert result.states > 10


def test_what_waits_is_what_was_reached_and_not_left() -> None:
    seen: list[tuple[int, int]] = []

    def note(progress: Progress) -> None:
        assert progress.waiting is not None
        seen.append((progress.waiting, progress.states))

    explore(increments(1, 1), listener=note)
    assert seen[0][0] == seen[0][1] - 1
    assert all(0 <= waiting < states for waiting, states in seen)
    assert seen[-1][0] == 0


def test_a_judge_that_raises_is_named() -> None:
    def judge(_: object) -> Evidence | None:
        raise ValueError("no")

    about = EngineProperty("raises", RULE, Kind.ALWAYS, frozenset({EXECUTOR.name}), judge)
    with pytest.raises(JudgeError, match="the judge of 'raises' raised"):
        explore(evolve(increments(1, 1), properties=(about,)))


def test_statements_about_everything_are_judged_on_every_state_and_step() -> None:
    def many(state: GlobalState) -> Evidence | None:
        return Evidence("five engines") if len(state.engines) == 4 else None

    def sends(step: Step) -> Evidence | None:
        return Evidence("sent", (str(len(step.before.engines)),)) if step.record.spawned else None

    world = evolve(
        increments(1, 1),
        properties=(
            StateProperty("four engines", RULE, Kind.SOMETIMES, many),
            StepProperty("spawns", RULE, Kind.SOMETIMES, sends),
        ),
    )
    result = agree(world)
    assert [each.status for each in result.properties[:2]] == [Status.HOLDS, Status.HOLDS]
    assert result.properties[1].evidence == Evidence("sent", ("3",))


def test_what_is_remembered_beyond_the_state_multiplies_nodes_and_no_count() -> None:
    def observe(memory: tuple[str, ...], record: Record) -> tuple[str, ...]:
        body = type(record.consumed.body).__name__ if record.consumed else ""
        return (*memory, body) if body == KVSAcquireLock.__name__ else memory

    def order(memory: tuple[str, ...], record: Record) -> tuple[str, ...]:
        return (*memory, str(record.consumed.target)) if record.consumed else memory

    def nothing(_: object) -> Evidence | None:
        return None

    world = evolve(
        increments(1, 2),
        properties=(
            MonitorProperty("a", RULE, Kind.ALWAYS, (), observe, nothing, (KVSAcquireLock,)),
            MonitorProperty("b", RULE, Kind.ALWAYS, (), order, nothing),
        ),
    )
    result = agree(world)
    assert result.nodes > result.states


def test_rows_and_states_say_the_same() -> None:
    world = increments(2, 2)
    actors = Actors(world)
    assert actors.decode(actors.start(world.state)) == world.state


def test_the_odds_of_a_collision_are_part_of_the_result() -> None:
    assert explore(increments(2, 1)).odds == 1845 * 1845 / 2**65
