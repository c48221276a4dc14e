"""Small worlds of engines that are alike, whose rules are drawn: they tell each other whom they have heard of."""

from collections.abc import Callable, Iterable
from enum import Enum
from typing import Any

import pytest
from attrs import frozen
from pyrsistent import pmap

from models.model import Interchangeable, World
from properties.property import Property
from spec.formalism.delivery import AnyDiscipline, Unordered
from spec.formalism.engine import Engine
from spec.formalism.environment import Effect, Environment
from spec.formalism.family import EngineFamily, FamilyName, one_at_a_time
from spec.formalism.identity import EngineId, identity_of, on_local_node
from spec.formalism.message import DEFAULT_MAILBOX, Message, Send, Trigger, arrived
from spec.formalism.rule import Rule, RuleId
from spec.formalism.state import NO_FAULTS, Faults, initial_state
from spec.formalism.system import System

GOSSIP = FamilyName("gossip")

HERALD = on_local_node("herald")


class Whom(Enum):
    """Whom somebody tells something."""

    NOBODY = "nobody"
    SENDER = "sender"
    SUBJECT = "subject"
    FIRST = "first"
    ALL_KNOWN = "all known"


@frozen
class Habit:
    """What somebody does on some news."""

    mood: int
    """The mood afterwards."""
    whom: Whom
    """Whom it tells about whoever told it, or about whom it was told."""
    about_sender: bool
    """Whether it tells about whoever told it."""
    learns: bool
    """Whether it knows the subject afterwards."""


@frozen
class News:
    """There is somebody."""

    subject: EngineId
    """Whom it is about."""
    mood: int
    """The mood of whoever tells it."""


@frozen
class Gossip:
    """The local state of somebody."""

    mood: int = 0
    """The mood."""
    knows: frozenset[EngineId] = frozenset()
    """Whom it has heard of."""
    first: EngineId | None = None
    """Whom it has heard of first."""
    breath: int = 1
    """How often it still speaks."""


@frozen
class Habits:
    """What everybody does: by mood, by what is heard, and by whether that is about somebody known."""

    of: tuple[Habit, ...]
    """Eight habits."""

    def on(self, state: Gossip, news: News) -> Habit:
        """What somebody does on some news."""
        known = news.subject in state.knows
        return self.of[state.mood + 2 * news.mood + 4 * known]


class Hear(Rule[Habits, Gossip, Message[News]]):
    """Somebody hears some news."""

    id = RuleId("test.hear")
    version = 1
    sources = ()

    @staticmethod
    def guard(
        trigger: Trigger, configuration: Habits, environment: Environment[Gossip]
    ) -> Message[News] | None:
        """All news."""
        return arrived(trigger, News)

    @staticmethod
    def action(
        output: Message[News],
        trigger: Trigger,
        configuration: Habits,
        environment: Environment[Gossip],
    ) -> Effect[Gossip]:
        """It does what it does on such news."""
        state, news = environment.local, output.body
        habit = configuration.on(state, news)
        known = state.knows | {news.subject} if habit.learns else state.knows
        targets = {
            Whom.NOBODY: (),
            Whom.SENDER: (output.sender,),
            Whom.SUBJECT: (news.subject,),
            Whom.FIRST: () if state.first is None else (state.first,),
            Whom.ALL_KNOWN: tuple(sorted(known)),
        }[habit.whom if state.breath else Whom.NOBODY]
        told = News(output.sender if habit.about_sender else news.subject, habit.mood)
        after = Gossip(habit.mood, known, state.first or news.subject, state.breath - bool(targets))
        return Effect(environment.with_local(after), tuple(Send(each, told) for each in targets))


def somebody(number: int) -> EngineId:
    """The id of somebody, from 1."""
    return on_local_node(f"somebody.{number}")


def gossips(
    habits: tuple[Habit, ...],
    people: int = 3,
    discipline: AnyDiscipline = Unordered,
    faults: Faults = NO_FAULTS,
    properties: tuple[Property, ...] = (),
) -> World:
    """So many people with these habits, who know each other, and hear of a herald from it at first."""
    names = tuple(somebody(number) for number in range(1, people + 1))
    family = EngineFamily(GOSSIP, (Hear,), one_at_a_time)
    start = Environment(Gossip(knows=frozenset(names)))
    engines = tuple(Engine(identity_of(each), GOSSIP, Habits(habits), start) for each in names)
    system = System(pmap({str(GOSSIP): family}), discipline, faults)
    mail = tuple(Message(HERALD, each, DEFAULT_MAILBOX, News(HERALD, 0)) for each in names)
    return World(
        system,
        initial_state(discipline, engines, mail, faults),
        properties,
        symmetry=(Interchangeable(tuple((each,) for each in names)),),
    )


@pytest.fixture(name="gossips")
def _gossips() -> Callable[..., World]:
    """People whose habits are given as moods, whom to tell, whether about the sender, and whether to learn."""

    def made(plain: Iterable[tuple[int, str, bool, bool]], *rest: Any) -> World:
        habits = (Habit(mood, Whom(whom), about, learns) for mood, whom, about, learns in plain)
        return gossips(tuple(habits), *rest)

    return made
