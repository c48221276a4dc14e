"""The reduced search visits all that rests, and covers all that single engines do."""

from typing import Any

import pytest
from attrs import evolve
from hypothesis import HealthCheck, assume, given, reject, settings
from hypothesis import strategies as st
from pyrsistent import pmap

from models.catalogue import CATALOGUE, model_named
from models.model import World
from models.search.bounds import Bounds, Stop
from models.search.exhaustive import explore
from models.search.moves import Move, Moves
from models.search.progress import nobody
from models.search.reduction import closure, local, persistent
from models.search.reduction.search import Irreducible, Reduced
from spec.formalism.delivery import DISCIPLINES, Fifo, Unordered
from spec.formalism.engine import Engine
from spec.formalism.event import Deliver, Elapse, Event
from spec.formalism.state import GlobalState

CHECKS = (HealthCheck.filter_too_much, HealthCheck.too_slow)
"""What Hypothesis would say of worlds that are not compared; it is no fault of theirs."""

LARGEST = 1_000
"""How many states a random world has at most that is searched in full."""


def reduced(world: World) -> Reduced:
    search = Reduced(world, Bounds(max_states=100_000), None, nobody)
    assert search.run() is None
    return search


def resting(search: Reduced) -> set[GlobalState]:
    return {search.actors.decode(row) for row in search.last.resting}


def doings(search: Reduced) -> set[tuple[Engine | None, Event]]:
    """What the search has met, or seen while triggers waited."""
    deeds = {**search.last.met, **search.last.seen}
    return {(deed.before, deed.event) for deed in deeds.values()}


def everything(
    world: World,
) -> tuple[int, set[GlobalState], set[tuple[Engine | None, Event]]] | None:
    """The number of all states, those at rest, and all that engines do; nothing where there is too much."""
    seen, todo, rest = {world.state}, [world.state], set[GlobalState]()
    local = set[tuple[Engine | None, Event]]()
    while todo:
        state = todo.pop()
        following = list(world.system.successors(state))
        for each in following:
            event = each.event
            assert isinstance(event, Deliver | Elapse)
            name = event.engine if isinstance(event, Elapse) else event.message.target
            local.add((state.engines[name], event))
            if each.state not in seen:
                seen.add(each.state)
                todo.append(each.state)
        if all(each.state == state for each in following):
            rest.add(state)
        if len(seen) > LARGEST:
            return None
    return len(seen), rest, local


def agrees(world: World) -> bool:
    """Whether a reduced search of the world shows what that of all states shows."""
    full = everything(world)
    assert full is not None
    search = reduced(world)
    return resting(search) == full[1] and full[2] <= doings(search)


def assert_covered(world: World) -> None:
    """Let a reduced search of a random world show what that of all states shows, if both can be made."""
    full = everything(world)
    assume(full is not None)
    try:
        search = reduced(world)
    except Irreducible:
        reject()
    assert full is not None
    assert resting(search) == full[1]
    assert full[2] <= doings(search)


@settings(suppress_health_check=CHECKS, deadline=None)
@given(st.data())
def test_random_systems_are_covered(tables: Any, data: st.DataObject) -> None:
    assert_covered(data.draw(tables.worlds()))


BUILT_IN = tuple(
    (model.name, delivery)
    for model in CATALOGUE
    if model.walks is None
    for delivery in ("unordered", "fifo", "set")
    if any(each.name == "delivery" and delivery in each.choices for each in model.parameters)
)


def everything_coded(world: World) -> tuple[int, set[GlobalState], set[tuple[Engine, Event]]]:
    """The same as `everything`, by the moves of the plain search."""
    moves = Moves(world.system)
    start = moves.codes.encode(world.state)
    seen, todo, rest, local = {start}, [start], set[GlobalState](), dict[int, Move]()
    while todo:
        code = todo.pop()
        following = [*moves.after(code)]
        local.update((move.serial, move) for move, _ in following)
        new = {after for _, after in following} - seen
        seen |= new
        todo.extend(new)
        if all(after == code for _, after in following):
            rest.add(moves.codes.decode(code))
    does = {(each.before, each.event) for each in local.values() if each.before}
    return len(seen), rest, does


@pytest.mark.parametrize(("name", "delivery"), BUILT_IN)
def test_built_in_models_are_covered(name: str, delivery: str) -> None:
    model = model_named(name)
    assert model is not None
    options = {each.name: each.default for each in model.parameters} | {"delivery": delivery}
    world = evolve(model.build(options), properties=(), transactions=pmap())
    states, rest, does = everything_coded(world)
    search = reduced(world)
    assert resting(search) == rest
    assert does <= doings(search)
    assert len(search.last.visited) <= states


def test_much_is_left_out_where_much_commutes() -> None:
    model = model_named("ordering")
    assert model is not None
    world = model.build({each.name: each.default for each in model.parameters})
    search = reduced(world)
    plain = explore(world)
    assert len(search.last.visited) * 50 < plain.states
    assert resting(search) == set(plain.resting)


def two_that_race(tables: Any) -> World:
    """Two messages race for one engine, the second one only after another engine has passed it on."""
    answer = tables.answer
    racer = {(0, 0): answer(1), (0, 1): answer(2), (1, 1): answer(1), (2, 0): answer(2)}
    passer = {(0, 2): answer(0, ((0, 1),))}
    first = ((1, 0, 0), (0, 1, 2))
    world: World = tables.world(_maps(racer, passer), first, Unordered)
    return world


def _maps(*each: dict[tuple[int, int], Any]) -> tuple[Any, ...]:
    return tuple(pmap(table) for table in each)


def test_a_message_that_is_still_to_come_is_waited_for(tables: Any) -> None:
    world = two_that_race(tables)
    assert len(resting(reduced(world))) == 2
    assert agrees(world)


def test_a_reduction_that_forgets_what_is_still_to_come_is_caught(
    tables: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nothing_comes(start: Any, *_: Any) -> closure.Prospect:
        found = closure.Prospect()
        for column, place, letters in start:
            if place:
                found.places[column] = {place}
            found.letters[column] = set(letters)
        return found

    monkeypatch.setattr(persistent, "prospect", nothing_comes)
    assert not agrees(two_that_race(tables))


def test_a_reduction_that_takes_everything_to_commute_is_caught(
    tables: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(persistent.Persistent, "_compared", always)
    assert not agrees(two_that_race(tables))


@pytest.mark.parametrize("discipline", DISCIPLINES)
def test_a_trigger_that_may_not_be_accepted_later_does_not_go_first(
    tables: Any, discipline: Any
) -> None:
    answer = tables.answer
    moody = {(0, 0): answer(1), (1, 1): answer(2), (1, 2): answer(0)}
    other = {(0, 0): answer(1, ((0, 2),))}
    first = ((0, 0, 0), (0, 0, 1), (1, 1, 0))
    assert agrees(tables.world(_maps(moody, other), first, discipline))


def in_line(tables: Any, name: str) -> World:
    """Worlds in which the order of messages in a line matters."""
    answer = tables.answer
    teller = {(0, 0): answer(0, ((1, 1),)), (0, 1): answer(0, ((1, 2),))}
    hearer = {(0, 1): answer(1), (0, 2): answer(2), (1, 2): answer(1), (2, 1): answer(2)}
    picky = {(0, 1): answer(0), (1, 1): answer(1), (0, 2): answer(1), (1, 0): answer(1, fails=True)}
    worlds: dict[str, World] = {
        "order": tables.world(_maps(teller, hearer), ((0, 0, 0), (1, 0, 1)), Fifo),
        "overtaken": tables.world(_maps(picky, {}), ((0, 0, 0), (0, 0, 1), (1, 0, 2)), Fifo),
        "wakes": tables.world(_maps(picky, {}), ((1, 0, 2), (0, 0, 0), (0, 0, 1)), Fifo),
    }
    return worlds[name]


def unordered_total(_: Any, first: Any, second: Any) -> Any:
    """What comes of two acts, if nobody looked at the order."""
    columns = {*first.sends, *second.sends}
    sends = {
        each: sorted((*first.sends.get(each, ()), *second.sends.get(each, ()))) for each in columns
    }
    return sends, sorted((*first.spawns, *second.spawns))


def always(*_: Any) -> bool:
    """Find that everything commutes."""
    return True


def never(*_: Any) -> bool:
    """Find that nothing stands in the way."""
    return False


@pytest.mark.parametrize(
    ("name", "blinded"),
    [
        ("order", (local.Locals, "total", unordered_total)),
        ("overtaken", (persistent.Persistent, "_overtaken", never)),
        ("overtaken", (persistent.Persistent, "_wakes", never)),
        ("wakes", (persistent.Persistent, "_wakes", never)),
    ],
)
def test_a_reduction_that_does_not_look_at_lines_is_caught(
    name: str, blinded: tuple[Any, str, Any], tables: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = in_line(tables, name)
    assert agrees(world)
    monkeypatch.setattr(*blinded)
    assert not agrees(world)


@pytest.mark.parametrize("discipline", DISCIPLINES)
def test_nothing_is_put_off_for_ever_in_a_cycle(tables: Any, discipline: Any) -> None:
    answer = tables.answer
    turning = {(0, 0): answer(1, ((0, 1),)), (1, 1): answer(0, ((0, 0),))}
    other = {(0, 2): answer(1)}
    world = tables.world(_maps(turning, other), ((0, 0, 0), (0, 1, 2)), discipline)
    assert agrees(world)
    met = {deed.record.event for deed in reduced(world).last.met.values()}
    full = everything(world)
    assert full is not None
    assert {event for _, event in full[2]} <= met


def test_an_engine_that_is_created_twice_is_not_covered(tables: Any) -> None:
    answer = tables.answer
    parent = {(0, 0): answer(0, child=True)}
    world = tables.world(_maps(parent), ((0, 0, 0), (1, 0, 0)), Unordered)
    with pytest.raises(Irreducible, match="is created twice"):
        reduced(world)


def test_bounds_end_the_search() -> None:
    model = model_named("ordering")
    assert model is not None
    world = model.build({each.name: each.default for each in model.parameters})
    few = Reduced(world, Bounds(max_states=5), None, nobody)
    assert few.run() is Stop.STATES
    brief = Reduced(world, Bounds(max_seconds=1e-9), None, nobody)
    assert brief.run() is Stop.SECONDS
    small = Reduced(world, Bounds(max_memory=1), None, nobody)
    assert small.run() is Stop.MEMORY
