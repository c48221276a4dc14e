"""Moves on codes are the system's steps on states: state by state, and edge by edge."""

from typing import Any

import pytest
from attrs import evolve

from models.catalogue import model_named
from models.model import Model, World
from models.search.codes import Code
from models.search.moves import Moves
from spec.formalism.delivery import DISCIPLINES, AnyDiscipline, Fifo, Unordered
from spec.formalism.engine import Engine
from spec.formalism.environment import Environment
from spec.formalism.identity import identity_of, on_local_node
from spec.formalism.state import Faults, GlobalState, initial_state, messages


def built(name: str, **changed: object) -> World:
    model = model_named(name)
    assert isinstance(model, Model)
    defaults: dict[str, Any] = {each.name: each.default for each in model.parameters}
    return model.build(defaults | changed)


def over(world: World, discipline: AnyDiscipline, faults: Faults) -> World:
    """The same world over another network."""
    in_flight = messages(world.system.discipline, world.state)
    engines = tuple(world.state.engines[name] for name in sorted(world.state.engines))
    return evolve(
        world,
        system=evolve(world.system, discipline=discipline, faults=faults),
        state=initial_state(discipline, engines, in_flight, faults),
    )


def compare(world: World, most: int) -> int:
    """Compare the edges of up to so many states; how many states were compared."""
    moves = Moves(world.system)
    start = moves.codes.encode(world.state)
    known: dict[Code, GlobalState] = {start: world.state}
    waiting = [start]
    compared = 0
    while waiting and compared < most:
        code = waiting.pop(0)
        compared += 1
        state = moves.codes.decode(code)
        assert state == known[code]
        expected = list(world.system.successors(state))
        found = list(moves.after(code))
        assert [(move.event, move.record) for move, _ in found] == [
            (each.event, each.record) for each in expected
        ]
        assert [moves.codes.decode(after) for _, after in found] == [
            each.state for each in expected
        ]
        for (_, after), each in zip(found, expected, strict=True):
            assert moves.codes.encode(each.state) == after
            if after not in known:
                known[after] = each.state
                waiting.append(after)
    return compared


@pytest.mark.parametrize("faults", [Faults(), Faults(duplicates=1), Faults(1, 1)])
@pytest.mark.parametrize("discipline", DISCIPLINES)
def test_the_edges_of_a_counter_are_those_of_the_system(
    discipline: AnyDiscipline, faults: Faults
) -> None:
    world = over(built("counter", transactions=1), discipline, faults)
    assert compare(world, 150) >= 26


def test_the_edges_of_two_transactions_are_those_of_the_system() -> None:
    for discipline in (Unordered, Fifo):
        assert compare(over(built("transfer"), discipline, Faults()), 300) == 300


def test_timers_and_spawns_are_moves_too() -> None:
    assert compare(built("voting", voters=2), 400) > 40


def test_an_engine_that_would_be_born_twice_refuses_the_step() -> None:
    world = built("counter", transactions=1)
    worker = world.state.engines[on_local_node("worker")]
    taken = on_local_node("executor.1")
    squatter = Engine(identity_of(taken), "shard", worker.configuration, Environment(None))
    state = evolve(world.state, engines=world.state.engines.set(taken, squatter))
    assert compare(evolve(world, state=state), 10) == 1
    moves = Moves(world.system)
    ((move, after),) = moves.after(moves.codes.encode(state))
    assert after == moves.codes.encode(state)
    assert move.record.refusal is not None
    assert (move.after, move.spawned) == (move.before, ())
