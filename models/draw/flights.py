"""The messages of a run on their way: in which step each is sent, and in which it is taken."""

from collections.abc import Sequence

from attrs import evolve, frozen

from models.draw.run import Run
from models.traces.causes import Tie, links
from spec.formalism.delivery import AnyDiscipline, Mail
from spec.formalism.event import Deliver, Duplicate, Elapse, Lose, Record
from spec.formalism.identity import EngineId
from spec.formalism.state import messages


@frozen
class Flight:
    """A message on its way."""

    message: Mail
    """The message."""
    source: EngineId | None
    """Who sent it, or nobody where the network made it: one more copy, or what is left of the original."""
    target: EngineId | None
    """Who took it, or is to take it; nobody where the network duplicated or lost it."""
    sent: int
    """The step in which it was sent; 0 where it was on its way at the start."""
    taken: int | None
    """The step in which it was taken; nothing where it never is."""
    again: bool = False
    """Whether it stays in its mailbox, and was taken before."""


def flights_of(run: Run) -> tuple[Flight, ...]:
    """The messages of a run, in the order in which they were sent."""
    sky = _Sky(run.world.system.discipline)
    for message in messages(run.world.system.discipline, run.states[0]):
        sky.send(message, message.sender, 0)
    found = links(run.world.system.discipline, run.states[0], run.records)
    origins = {each.target: each.source for each in found if each.tie is Tie.MESSAGE}
    for step, record in enumerate(run.records, start=1):
        sky.follow(step, record, origins.get(step, 0))
    return sky.flights()


class _Sky:
    """The messages that are on their way while a run is followed."""

    def __init__(self, discipline: AnyDiscipline) -> None:
        self._discipline = discipline
        self._waiting: dict[Mail, list[Flight]] = {}
        self._landed: list[Flight] = []

    def send(self, message: Mail, source: EngineId | None, step: int) -> None:
        """A message is sent; what stays in its mailbox is there once, however often it is sent."""
        flights = self._waiting.setdefault(message, [])
        if not (flights and self._stays(message)):
            flights.append(Flight(message, source, message.target, step, None))

    def follow(self, step: int, record: Record, origin: int) -> None:
        """A step is taken; the message that it is about was sent in another one, if it is about one."""
        if record.refusal is None and not isinstance(record.event, Elapse):
            self._land(step, record.event, origin)
        for message in record.sent:
            self.send(message, message.sender, step)

    def flights(self) -> tuple[Flight, ...]:
        """All messages, those included that are on their way still."""
        taken = {each.message for each in self._landed}
        left = (
            flight
            for message, flights in self._waiting.items()
            for flight in flights
            if not (message in taken and self._stays(message))
        )
        return _in_order((*self._landed, *left))

    def _land(self, step: int, event: Deliver | Duplicate | Lose, origin: int) -> None:
        message = event.message
        flights = self._waiting[message]
        flight = next(each for each in flights if each.sent == origin)
        target = message.target if isinstance(event, Deliver) else None
        self._landed.append(evolve(flight, target=target, taken=step))
        if self._stays(message):
            flights[flights.index(flight)] = flight = evolve(flight, again=True)
        if not isinstance(event, Deliver) or not self._stays(message):
            flights.remove(flight)
        for _ in range(2 if isinstance(event, Duplicate) else 0):
            self.send(message, None, step)

    def _stays(self, message: Mail) -> bool:
        """Whether a message is there still when it has been taken."""
        box = self._discipline.put(self._discipline.empty, message)
        return self._discipline.consume(box, message) == box


def _in_order(flights: Sequence[Flight]) -> tuple[Flight, ...]:
    """Messages by the step in which they were sent, then by that in which they were taken."""
    never = 1 + max((each.taken or 0 for each in flights), default=0)
    return tuple(
        sorted(
            flights,
            key=lambda each: (each.sent, each.taken or never, each.message.target),
        )
    )
