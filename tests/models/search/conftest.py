"""A small world for searches: an engine that adds up the numbers it is sent."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from pyrsistent import pmap

from models.model import World
from properties.property import Evidence, Kind, Property, StateProperty
from spec.formalism.delivery import AnyDiscipline, Unordered
from spec.formalism.engine import Engine
from spec.formalism.environment import Effect, Environment
from spec.formalism.family import EngineFamily, FamilyName, one_at_a_time
from spec.formalism.identity import identity_of, on_local_node
from spec.formalism.message import DEFAULT_MAILBOX, Message, Trigger, arrived
from spec.formalism.rule import Rule, RuleId
from spec.formalism.state import NO_FAULTS, Faults, GlobalState, initial_state
from spec.formalism.system import System

ADDER, SENDER = on_local_node("adder"), on_local_node("sender")


class AddUp(Rule[None, int, int]):
    """A number is added to the sum."""

    id = RuleId("test.add-up")
    version = 1
    sources = ()

    @staticmethod
    def guard(trigger: Trigger, configuration: None, environment: Environment[int]) -> int | None:
        """Any number."""
        number = arrived(trigger, int)
        return number.body if number else None

    @staticmethod
    def action(
        output: int, trigger: Trigger, configuration: None, environment: Environment[int]
    ) -> Effect[Any]:
        """The sum grows."""
        return Effect(environment.with_local(environment.local + output))


class Forget(Rule[None, int, str]):
    """A text sets the sum to nothing."""

    id = RuleId("test.forget")
    version = 1
    sources = ()

    @staticmethod
    def guard(trigger: Trigger, configuration: None, environment: Environment[int]) -> str | None:
        """Any text."""
        text = arrived(trigger, str)
        return text.body if text else None

    @staticmethod
    def action(
        output: str, trigger: Trigger, configuration: None, environment: Environment[int]
    ) -> Effect[Any]:
        """The sum is nothing."""
        return Effect(environment.with_local(0))


FAMILY = EngineFamily(FamilyName("adder"), (AddUp, Forget), one_at_a_time)


def sum_in(state: GlobalState) -> int:
    total: int = state.engines[ADDER].environment.local
    return total


class Adding:
    """Makes worlds and properties."""

    family = FAMILY.name
    adder = ADDER

    @staticmethod
    def world(
        bodies: Iterable[object],
        properties: tuple[Property, ...] = (),
        discipline: AnyDiscipline = Unordered,
        faults: Faults = NO_FAULTS,
    ) -> World:
        """The world in which these messages wait for the adder."""
        families: dict[str, EngineFamily] = {FAMILY.name: FAMILY}
        system = System(pmap(families), discipline, faults)
        adder = Engine(identity_of(ADDER), FAMILY.name, None, Environment(0))
        waiting = tuple(Message(SENDER, ADDER, DEFAULT_MAILBOX, body) for body in bodies)
        return World(system, initial_state(discipline, (adder,), waiting, faults), properties)

    @staticmethod
    def found(kind: Kind, about: Callable[[int], bool], name: str = "the sum") -> StateProperty:
        """The property that finds something in states whose sum is so."""

        def judge(state: GlobalState) -> Evidence | None:
            return Evidence(f"the sum is {sum_in(state)}") if about(sum_in(state)) else None

        return StateProperty(name, AddUp.id, kind, judge)

    @staticmethod
    def message(body: object) -> Message[object]:
        """A message to the adder."""
        return Message(SENDER, ADDER, DEFAULT_MAILBOX, body)


@pytest.fixture
def adding() -> type[Adding]:
    """The small world."""
    return Adding
