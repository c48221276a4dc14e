"""Small systems whose engines act by tables: any local state, any message, any answer."""

from itertools import product
from random import Random
from typing import Any

import pytest
from attrs import evolve, frozen
from hypothesis import strategies as st
from pyrsistent import PMap, pmap

from models.model import World
from properties.property import Property
from spec.formalism.delivery import DISCIPLINES, AnyDiscipline
from spec.formalism.engine import Engine
from spec.formalism.environment import Effect, Environment, SetTimer, Spawn
from spec.formalism.family import EngineFamily, FamilyName, one_at_a_time
from spec.formalism.identity import EngineId, EngineName, identity_of, on_local_node
from spec.formalism.message import (
    DEFAULT_MAILBOX,
    Delay,
    Message,
    Send,
    TimerHandle,
    Trigger,
    arrived,
    elapsed,
)
from spec.formalism.rule import Rule, RuleId
from spec.formalism.state import initial_state
from spec.formalism.system import System

FAMILY = FamilyName("table")

ALARM = TimerHandle("alarm")

TICK = -1
"""What stands in a table for the timer."""

STATES, BODIES, ENGINES = 3, 3, 4


@frozen
class Answer:
    """What an engine does."""

    after: int
    """Its local state afterwards."""
    sends: tuple[tuple[int, int], ...] = ()
    """Whom it sends what."""
    alarm: bool = False
    """Whether it sets its timer."""
    child: bool = False
    """Whether it creates an engine, which has its own table."""
    fails: bool = False
    """Whether it raises, so that the step is refused."""


Table = PMap[tuple[int, int], Answer]
"""What an engine does in a local state on a body; nothing where it does not accept it."""


@frozen
class Role:
    """Who an engine is."""

    number: int
    """Which of the engines."""
    table: Table
    """What it does."""


def name(number: int) -> EngineId:
    """The id of an engine."""
    return on_local_node(f"engine.{number}")


class Follow(Rule[Role, int, Answer]):
    """An engine does what its table says."""

    id = RuleId("test.follow")
    version = 1
    sources = ()

    @staticmethod
    def guard(
        trigger: Trigger, configuration: Role, environment: Environment[int]
    ) -> Answer | None:
        """What the table has."""
        body = arrived(trigger, int)
        alarm = elapsed(trigger, ALARM)
        heard = TICK if alarm is not None else None if body is None else body.body
        return None if heard is None else configuration.table.get((environment.local, heard))

    @staticmethod
    def action(
        output: Answer, trigger: Trigger, configuration: Role, environment: Environment[int]
    ) -> Effect[Any]:
        """What it says."""
        if output.fails:
            raise ValueError("the table says so")
        child = Role(ENGINES + configuration.number, configuration.table)
        born = Spawn(EngineName(f"engine.{child.number}"), FAMILY, child, Environment(0))
        return Effect(
            environment.with_local(output.after),
            tuple(Send(name(target), body) for target, body in output.sends),
            (SetTimer(ALARM, Delay(1)),) if output.alarm else (),
            (born,) if output.child else (),
        )


def tables_world(
    tables: tuple[Table, ...],
    first: tuple[tuple[int, int, int], ...],
    discipline: AnyDiscipline,
    properties: tuple[Property, ...] = (),
) -> World:
    """The world of engines with these tables, with messages (sender, target, body) on their way."""
    family = EngineFamily(FAMILY, (Follow,), one_at_a_time)
    engines = tuple(
        Engine(identity_of(name(number)), FAMILY, Role(number, table), Environment(0))
        for number, table in enumerate(tables)
    )
    waiting = tuple(
        Message(name(sender), name(target), DEFAULT_MAILBOX, body) for sender, target, body in first
    )
    system = System(pmap({str(FAMILY): family}), discipline)
    return World(system, initial_state(discipline, engines, waiting), properties)


def answer(random: Random, number: int, size: int) -> Answer:
    """An answer; mostly the engine stays where it is and tells one other, so that much commutes."""
    stays = random.random() < 0.5
    sends = tuple(
        (random.randrange(size), random.randrange(BODIES))
        for _ in range(random.choice((0, 0, 1, 1, 2)))
    )
    return Answer(
        number if stays else random.randrange(STATES),
        sends,
        alarm=random.random() < 0.15,
        child=random.random() < 0.03,
        fails=random.random() < 0.08,
    )


def table(random: Random, size: int) -> Table:
    """A table in which most pairs of a local state and a body have an answer.

    Messages that are sent lead mostly to bodies that are higher, so that most systems come to rest.
    """
    filled: dict[tuple[int, int], Answer] = {}
    for state, body in product(range(STATES), range(TICK, BODIES)):
        if random.random() < 0.75:
            found = answer(random, state, size)
            if random.random() < 0.9:
                found = evolve(found, sends=tuple(each for each in found.sends if each[1] > body))
            filled[state, body] = found
    return pmap(filled)


def world_of(seed: int) -> World:
    """A world of up to four engines, with or without cycles, in one of the disciplines."""
    random = Random(seed)  # noqa: S311  # no secret
    size = random.randint(2, ENGINES)
    tables = tuple(table(random, size) for _ in range(size))
    first = tuple(
        (random.randrange(size), random.randrange(size), random.randrange(BODIES))
        for _ in range(random.randint(2, 5))
    )
    return tables_world(tables, first, random.choice(DISCIPLINES))


def worlds() -> st.SearchStrategy[World]:
    """Random worlds."""
    return st.integers(0, 1 << 32).map(world_of)


class Tables:
    """What tests need of the tables."""

    worlds = staticmethod(worlds)
    world = staticmethod(tables_world)
    answer = Answer
    tick = TICK
    rule = Follow.id
    family = FAMILY


@pytest.fixture(scope="session")
def tables() -> type[Tables]:
    """Systems whose engines act by tables."""
    return Tables
