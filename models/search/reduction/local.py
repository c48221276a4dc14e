"""What single engines do, as small numbers: who is where, what comes of which trigger, who hears of it."""

from collections.abc import Iterator, Mapping

from attrs import frozen

from models.search.actors import Actors, Column, Deed
from models.search.values import NOTHING, Values
from spec.formalism.delivery import Fifo, Mail

Place = int
"""The number of an engine in one of its states."""

Trigger = int
"""What an engine may act on: the number of a message, or, below 0, that of a timer that elapses."""

Letters = Mapping[Column, tuple[int, ...]]
"""Messages, by the column of whom they are for."""


@frozen(eq=False)
class Act:
    """What an engine does on a trigger."""

    deed: Deed
    """The same as the search of all states knows it."""
    after: Place
    """The engine afterwards."""
    sends: Letters
    """What it sends, in order."""
    spawns: tuple[tuple[Column, Place], ...]
    """The engines that it creates."""
    refused: bool
    """Whether the specification refuses the step, so that nothing changes."""


class Locals:
    """What engines do, worked out by the rules of the specification once for each place and trigger.

    Attributes:
        ordered: whether messages from one sender stand in a line.
    """

    def __init__(self, actors: Actors) -> None:
        self._actors = actors
        self.ordered = issubclass(actors.system.discipline, Fifo)
        self._elapses = Values()
        self.spent: dict[Column, int] = {}
        self._acts: dict[tuple[Place, Trigger], Act | None] = {}
        self._timers: dict[Place, tuple[Trigger, ...]] = {}

    def act(self, place: Place, trigger: Trigger) -> Act | None:
        """What an engine does on a trigger; nothing where it does not act on it."""
        key = (place, trigger)
        if key not in self._acts:
            self._acts[key] = self._worked_out(place, trigger)
            column = self._actors.column(self._actors.engines[place].identity.external)
            self.spent[column] = self.spent.get(column, 0) + 1
        return self._acts[key]

    def timers(self, place: Place) -> tuple[Trigger, ...]:
        """The timers of an engine that may elapse."""
        if place not in self._timers:
            deeds = self._actors.timers(place)
            self._timers[place] = tuple(-self._elapses.number(deed.event) for deed in deeds)
        return self._timers[place]

    def total(self, first: Act, second: Act) -> tuple[object, object]:
        """What comes of two acts of one engine, one after the other, for everybody else."""
        sends: dict[Column, tuple[int, ...]] = dict(first.sends)
        for column, messages in second.sends.items():
            sends[column] = (*sends.get(column, ()), *messages)
        if not self.ordered:
            sends = {column: tuple(sorted(messages)) for column, messages in sends.items()}
        return sends, sorted((*first.spawns, *second.spawns))

    def line(self, message: int) -> object:
        """The line in which a message waits; of those in one, only the first that is accepted is taken."""
        mail: Mail = self._actors.inboxes.messages[message]
        return mail.sender, mail.mailbox

    def _worked_out(self, place: Place, trigger: Trigger) -> Act | None:
        if trigger > 0:
            deed = self._actors.delivery(place, trigger)
            return None if deed is None else self._act(deed)
        event = self._elapses[-trigger]
        deeds = (each for each in self._actors.timers(place) if each.event == event)
        return next((self._act(each) for each in deeds), None)

    def _act(self, deed: Deed) -> Act:
        sends = {column: messages for column, _, messages in self._posts(deed) if messages}
        spawns = tuple((column, spawn) for column, spawn, _ in self._posts(deed) if spawn)
        return Act(deed, deed.number, sends, spawns, deed.record.refusal is not None)

    def _posts(self, deed: Deed) -> Iterator[tuple[Column, Place, tuple[int, ...]]]:
        """To whom a deed does what: the engine that is created, and the messages."""
        for column, operation in deed.posts:
            if column != self._actors.memory_column:
                spawn, messages = self._actors.operations[column][operation]
                yield column, spawn, messages
        if deed.own and deed.before is not None:
            yield self._actors.column(deed.before.identity.external), NOTHING, deed.own
