"""A search that is bounded says which bound ended it, and what it has seen until then."""

from typing import Any

import pytest
from pyrsistent import pmap

from models.catalogue import model_named
from models.model import World
from models.search import exhaustive, memory, naive
from models.search.bounds import Bounds, Stop
from models.search.exhaustive import explore
from models.search.result import Status
from spec.formalism.delivery import Unordered
from spec.formalism.engine import Engine
from spec.formalism.environment import Effect, Environment
from spec.formalism.family import EngineFamily, FamilyName, one_at_a_time
from spec.formalism.identity import EngineId, identity_of, on_local_node
from spec.formalism.message import DEFAULT_MAILBOX, Message, Send, Trigger, arrived
from spec.formalism.rule import Rule, RuleId
from spec.formalism.state import initial_state
from spec.formalism.system import System

MEGABYTE = 1 << 20


class CountOn(Rule[EngineId, int, int]):
    """A number is added to the sum, and comes again."""

    id = RuleId("test.count-on")
    version = 1
    sources = ()

    @staticmethod
    def guard(
        trigger: Trigger, configuration: EngineId, environment: Environment[int]
    ) -> int | None:
        """Any number."""
        number = arrived(trigger, int)
        return number.body if number else None

    @staticmethod
    def action(
        output: int, trigger: Trigger, configuration: EngineId, environment: Environment[int]
    ) -> Effect[Any]:
        """The sum grows, and the number is sent again."""
        again = Send(configuration, output)
        return Effect(environment.with_local(environment.local + output), (again,))


def endless(engines: int) -> World:
    """A world without an end: so many engines, each of which counts on."""
    family = EngineFamily(FamilyName("counter"), (CountOn,), one_at_a_time)
    names = [on_local_node(f"counter.{number}") for number in range(engines)]
    counters = tuple(Engine(identity_of(name), family.name, name, Environment(0)) for name in names)
    first = tuple(Message(name, name, DEFAULT_MAILBOX, 1) for name in names)
    system = System(pmap({str(family.name): family}), Unordered)
    return World(system, initial_state(Unordered, counters, first), ())


def default_world(name: str) -> World:
    model = model_named(name)
    assert model is not None
    return model.build({each.name: each.default for each in model.parameters})


def test_a_world_without_an_end_is_inconclusive_within_its_memory() -> None:
    allowed = memory.taken() + 48 * MEGABYTE
    result = explore(endless(3), Bounds(max_states=1 << 40, max_memory=allowed))
    assert (result.stop, result.complete) == (Stop.MEMORY, False)
    assert memory.taken() < allowed + 32 * MEGABYTE


def test_memory_is_bounded_where_nobody_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exhaustive, "allowance", lambda: 1)
    assert explore(endless(1)).stop is Stop.MEMORY


@pytest.mark.parametrize("name", ["counter", "voting", "two-phase-commit"])
@pytest.mark.parametrize("depth", [0, 1, 7, 18])
def test_a_search_that_may_go_only_so_far_sees_what_the_plain_one_sees(
    name: str, depth: int
) -> None:
    world = default_world(name)
    bounds = Bounds(max_depth=depth)
    result, plain = explore(world, bounds), naive.explore(world, bounds)
    assert (result.stop, result.states, result.depth) == (plain.stop, plain.states, plain.depth)
    assert (result.transitions, result.coverage) == (plain.transitions, plain.coverage)
    assert set(result.resting) == set(plain.resting)


def test_a_depth_that_nothing_exceeds_is_no_bound() -> None:
    world = default_world("counter")
    deepest = explore(world).depth
    assert explore(world, Bounds(max_depth=deepest)).complete
    cut = explore(world, Bounds(max_depth=deepest - 1))
    assert (cut.stop, cut.depth) == (Stop.DEPTH, deepest - 1)
    assert Status.INCONCLUSIVE in {each.status for each in cut.properties}
