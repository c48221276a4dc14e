"""What leads to what in a run: the earlier steps that a step needs, and clocks that tell all of them.

Choices:
- A lane is an engine, or the network, which duplicates and loses messages. What happens in one lane is in order.
- Of equal messages, the one that was sent first is taken first. To duplicate a message is to take it and to send two.
- Where messages wait in line, what stood in the line of a lost one may have waited for that. Where messages stay, or
  equal ones stand in one line, a fault comes after all that was done with an equal message before.
- Steps of different lanes that no chain of links orders could change places: neighbours among them commute.
"""

from collections.abc import Iterator, Sequence
from enum import Enum

from attrs import frozen
from pyrsistent import PMap, pmap

from models.traces.trace import actor
from spec.formalism.delivery import AnyDiscipline, Mail
from spec.formalism.event import Deliver, Duplicate, Elapse, Lose, Record
from spec.formalism.identity import EngineId
from spec.formalism.state import GlobalState, messages
from spec.formalism.system import address_of

Lane = EngineId | None
"""Who does something: an engine, or, where it is nobody, the network."""

Clock = PMap[Lane, int]
"""Of each lane, how many of its steps a step needs, itself among them; lanes without any are left out."""


class Tie(Enum):
    """Why a step needs an earlier one."""

    LANE = "lane"
    """The same lane took it before."""
    MESSAGE = "message"
    """It sent the message that the step is about."""
    SPAWN = "spawn"
    """It created the engine that takes the step."""
    MAILBOX = "mailbox"
    """It changed what the step finds in a mailbox, beside the message that it is about."""


@frozen
class Link:
    """One reason why a step needs an earlier one."""

    source: int
    """The earlier step, from 1."""
    target: int
    """The step that needs it."""
    tie: Tie
    """Why it does."""
    message: Mail | None = None
    """The message that leads from one to the other, if one does."""


def links(
    discipline: AnyDiscipline, state: GlobalState, records: Sequence[Record]
) -> tuple[Link, ...]:
    """The links of a run, by the step that needs another one.

    Args:
        discipline: how mailboxes deliver.
        state: where the run starts.
        records: what happened, step by step.
    """
    tracing = _Tracing(discipline, state)
    return tuple(
        link
        for step, record in enumerate(records, start=1)
        for link in tracing.followed(step, record)
    )


def clocks(records: Sequence[Record], found: Sequence[Link]) -> tuple[Clock, ...]:
    """The vector clock of each step, by the links of the run."""
    clocks: list[Clock] = []
    needed: dict[int, list[int]] = {}
    for link in found:
        needed.setdefault(link.target, []).append(link.source)
    for step, record in enumerate(records, start=1):
        clock: dict[Lane, int] = {}
        for source in needed.get(step, ()):
            for lane, count in clocks[source - 1].items():
                clock[lane] = max(clock.get(lane, 0), count)
        own = actor(record.event)
        clock[own] = clock.get(own, 0) + 1
        clocks.append(pmap(clock))
    return tuple(clocks)


def in_order(one: Clock, other: Clock) -> bool:
    """Whether the step of one clock comes before that of the other in every order that the links allow."""
    return one != other and all(count <= other.get(lane, 0) for lane, count in one.items())


class _Tracing:
    """A run that is followed: where everything in it came from."""

    def __init__(self, discipline: AnyDiscipline, state: GlobalState) -> None:
        self._discipline = discipline
        self._lasts: dict[Lane, int] = {}
        self._births: dict[EngineId, int] = {}
        self._origins: dict[Mail, list[int]] = {}
        self._losses: dict[object, int] = {}
        self._touched: dict[Mail, list[int]] = {}
        for message in messages(discipline, state):
            self._origins.setdefault(message, []).append(0)

    def followed(self, step: int, record: Record) -> Iterator[Link]:
        """The links of the next step."""
        lane = actor(record.event)
        if lane in self._lasts:
            yield Link(self._lasts[lane], step, Tie.LANE)
        elif lane in self._births:
            yield Link(self._births[lane], step, Tie.SPAWN)
        self._lasts[lane] = step
        if record.refusal is not None:
            return
        if not isinstance(record.event, Elapse):
            yield from self._about(step, record.event)
        self._births |= dict.fromkeys(record.spawned, step)
        for message in record.sent:
            yield from self._sent(step, message)

    def _about(self, step: int, event: Deliver | Duplicate | Lose) -> Iterator[Link]:
        """Where the message of a step came from, and what is left of it."""
        message, origins = event.message, self._origins[event.message]
        if origins[0]:
            yield Link(origins[0], step, Tie.MESSAGE, message)
        if isinstance(event, Deliver):
            yield from self._taken(step, message)
        else:
            yield from self._faulty(step, event)

    def _taken(self, step: int, message: Mail) -> Iterator[Link]:
        """An engine takes a message."""
        origins, loss = self._origins[message], self._losses.get(_line(message), 0)
        if self._has_lines(message) and loss > origins[0]:
            yield Link(loss, step, Tie.MAILBOX)
        if self._has_lines(message) or self._stays(message):
            self._touched.setdefault(message, []).append(step)
        if not self._stays(message):
            del origins[0]

    def _faulty(self, step: int, event: Duplicate | Lose) -> Iterator[Link]:
        """The network duplicates a message, or loses it."""
        message, origins = event.message, self._origins[event.message]
        for touched in self._touched.pop(message, ()):
            yield Link(touched, step, Tie.MAILBOX)
        if isinstance(event, Duplicate):
            origins[:1] = [step, step]
            return
        del origins[0]
        self._losses[_line(message)] = self._losses[message] = step

    def _sent(self, step: int, message: Mail) -> Iterator[Link]:
        """A message is sent; what stays is there once, however often it is sent."""
        origins = self._origins.setdefault(message, [])
        if not self._stays(message):
            origins.append(step)
            return
        if message in self._losses:
            yield Link(self._losses[message], step, Tie.MAILBOX)
        if origins:
            self._touched.setdefault(message, []).append(step)
        else:
            origins.append(step)

    def _stays(self, message: Mail) -> bool:
        """Whether a message is there still when it has been taken."""
        box = self._discipline.put(self._discipline.empty, message)
        return self._discipline.consume(box, message) == box

    def _has_lines(self, message: Mail) -> bool:
        """Whether messages of one sender wait in line, so that the next one is behind this one."""
        box = self._discipline.put(self._discipline.empty, message)
        (line,) = self._discipline.lines(self._discipline.put(box, message))
        return len(line) > 1


def _line(message: Mail) -> object:
    """What tells the line in which a message waits, where there are lines."""
    return address_of(message), message.sender
