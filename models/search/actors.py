"""A global state as a row of small numbers: one for each engine with all of its mailboxes.

What an engine does depends on itself and on what is in its mailboxes. So an actor is an engine together with its
mailboxes, and each of its configurations gets a number. A step replaces the configuration of one actor, and posts
messages to others: what that makes of them depends on their configurations alone. Both are worked
out once, by the rules, the discipline and the system of the specification, and then looked up. The faults that are
left, and what all monitors together remember, are further columns of the row, which steps change in the same way.
"""

from collections.abc import Iterator
from typing import Any

from attrs import frozen
from pyrsistent import PMap, pmap

from models.model import World
from models.search.inboxes import Inbox, Inboxes
from models.search.values import NOTHING, Values
from properties.property import MonitorProperty
from spec.formalism.delivery import Box, Mail
from spec.formalism.engine import Engine
from spec.formalism.event import Deliver, Duplicate, Elapse, Event, Lose, Record
from spec.formalism.identity import EngineId
from spec.formalism.state import NO_FAULTS, Address, Faults, GlobalState
from spec.formalism.system import Offer, System

IMPOSSIBLE = -2
"""What an operation leads to that cannot take place: a fault beyond its budget."""

REFUSED = -3
"""What an operation leads to that the specification forbids: a spawn under an identity in use."""

Column = int
"""The place of an actor, of the faults or of a monitor in a row."""

Number = int
"""The number of a configuration in its column."""

Operation = int
"""The number of something that a step does to another column; NOTHING if it does nothing."""


@frozen(eq=False)
class Deed:
    """What one engine does on one trigger, or the network on one message, whoever else is there."""

    serial: int
    """Its place among all deeds that were worked out."""
    event: Event
    """What happens."""
    record: Record
    """What the record says of it."""
    alone: tuple[GlobalState, GlobalState]
    """The step in a state that holds nothing but what takes part in it: that state, and the next."""
    before: Engine | None
    """The engine before it; nothing where it is a fault of the network."""
    after: Engine | None
    """The engine after it."""
    number: Number
    """The number of the engine after it."""
    posts: tuple[tuple[Column, Operation], ...]
    """What it does to other columns."""
    own: tuple[int, ...]
    """The numbers of the messages that it sends to itself, in order."""


@frozen(eq=False)
class Move:
    """A step of one actor in one configuration."""

    after: Number
    """The actor's configuration after it."""
    deed: Deed
    """What is done."""


class Actors:
    """The columns of a world, as far as a search has met them.

    Attributes:
        columns: how many columns there are.
        configurations: of each column, the values that have numbers.
        operations: of each column, what may be done to it.
        deeds: what was worked out, each at the place of its serial number.
        engines: the engines that have numbers.
        inboxes: the inboxes and the messages that have numbers.
    """

    def __init__(self, world: World) -> None:
        self.system: System = world.system
        self.monitors = tuple(
            each for each in world.properties if isinstance(each, MonitorProperty)
        )
        self._remembered = tuple(Values() for _ in self.monitors)
        self._observed: dict[Operation, tuple[tuple[int, dict[int, int]], ...]] = {}
        self.configurations: list[Values] = []
        self.operations: list[Values] = []
        self.engines = Values()
        self.inboxes = Inboxes(world.system.discipline)
        self.deeds: list[Deed] = []
        self._columns: dict[EngineId, Column] = {}
        self.names: list[EngineId | None] = []
        self._deeds: dict[tuple[int, int], Deed | None] = {}
        self._elapses: dict[int, tuple[Deed, ...]] = {}
        self.faults_column = self._new_column(None)
        self.memory_column = self._new_column(None)
        self._faulty = world.system.faults != NO_FAULTS or world.state.faults != NO_FAULTS

    def start(self, state: GlobalState) -> tuple[Number, ...]:
        """The row of a global state before the first step."""
        row = {self.faults_column: self.configurations[self.faults_column].number(state.faults)}
        starts = zip(self._remembered, self.monitors, strict=True)
        memory = tuple(values.number(monitor.start) for values, monitor in starts)
        row[self.memory_column] = self.configurations[self.memory_column].number(memory)
        inboxes: dict[EngineId, Inbox] = {}
        for address, box in state.mailboxes.items():
            inboxes[address.engine] = inboxes.get(address.engine, pmap()).set(address.mailbox, box)
        for name in sorted({*state.engines, *inboxes}):
            engine = state.engines.get(name)
            row[self.column(name)] = self.configuration(
                self.column(name),
                self.engines.number(engine) if engine is not None else NOTHING,
                self.inboxes.number(inboxes.get(name, pmap())),
            )
        return tuple(row.get(column, NOTHING) for column in range(len(self.configurations)))

    def column(self, name: EngineId) -> Column:
        """The column of an engine: a new one when it is first met."""
        known = self._columns.get(name)
        if known is None:
            known = self._columns[name] = self._new_column(name)
        return known

    def configuration(self, column: Column, engine: int, inbox: int) -> Number:
        """The number of an actor's configuration."""
        if engine == NOTHING and inbox == NOTHING:
            return NOTHING
        return self.configurations[column].number((engine, inbox))

    def parts(self, column: Column, number: Number) -> tuple[int, int]:
        """The numbers of the engine and of the inbox in an actor's configuration."""
        if number == NOTHING:
            return NOTHING, NOTHING
        parts: tuple[int, int] = self.configurations[column][number]
        return parts

    def decode(self, row: tuple[Number, ...]) -> GlobalState:
        """The global state of a row."""
        engines: dict[EngineId, Engine] = {}
        mailboxes: dict[Address, Box] = {}
        for column, number in enumerate(row):
            name = self.names[column]
            if name is None or number == NOTHING:
                continue
            engine, inbox = self.parts(column, number)
            if engine != NOTHING:
                engines[name] = self.engines[engine]
            if inbox != NOTHING:
                mailboxes |= self.inboxes.addressed(name, inbox)
        faults: Faults = self.configurations[self.faults_column][row[self.faults_column]]
        return GlobalState(pmap(engines), pmap(mailboxes), faults)

    def moves(self, column: Column, number: Number) -> Iterator[Move]:
        """What an actor may do in a configuration, in the order of `enabled` for it alone."""
        engine, inbox = self.parts(column, number)
        if engine != NOTHING:
            for line in self.inboxes.lines(inbox):
                yield from self._first_accepted(column, engine, inbox, line)
            for deed in self.timers(engine):
                yield Move(self._moved(column, inbox, deed), deed)
        if self._faulty and inbox != NOTHING:
            yield from self._network(column, engine, inbox)

    def operate(self, column: Column, number: Number, operation: Operation) -> Number:
        """What an operation makes of a configuration: its number, IMPOSSIBLE or REFUSED."""
        what = self.operations[column][operation]
        if column == self.faults_column:
            left: Faults = self.configurations[column][number]
            spent = Faults(left.duplicates - what.duplicates, left.losses - what.losses)
            possible = spent.duplicates >= 0 and spent.losses >= 0
            return self.configurations[column].number(spent) if possible else IMPOSSIBLE
        if column == self.memory_column:
            return self._remember(number, operation)
        spawned, messages = what
        engine, inbox = self.parts(column, number)
        if NOTHING not in {spawned, engine}:
            return REFUSED
        for message in messages:
            inbox = self.inboxes.put(inbox, message)
        return self.configuration(column, spawned or engine, inbox)

    def memories(self, number: Number) -> tuple[int, ...]:
        """The number of what each monitor remembers."""
        numbers: tuple[int, ...] = self.configurations[self.memory_column][number]
        return numbers

    def memory(self, monitor: int, number: int) -> Any:
        """What a monitor, given by its place among them, remembers."""
        return self._remembered[monitor][number]

    def remembered(self, monitor: int, memory: object) -> int:
        """The number of what a monitor, given by its place among them, remembers."""
        return self._remembered[monitor].number(memory)

    def _remember(self, number: Number, operation: Operation) -> Number:
        """What all monitors together remember after one more record."""
        after: list[int] = list(self.configurations[self.memory_column][number])
        for place, known in self._observers(operation):
            before = after[place]
            if before not in known:
                known[before] = self._observe(place, before, operation)
            after[place] = known[before]
        return self.configurations[self.memory_column].number(tuple(after))

    def _observers(self, operation: Operation) -> tuple[tuple[int, dict[int, int]], ...]:
        """The monitors that look at a record, by their places, with what they have made of it so far."""
        if operation not in self._observed:
            record: Record = self.operations[self.memory_column][operation]
            self._observed[operation] = tuple(
                (place, {}) for place, each in enumerate(self.monitors) if concerns(each, record)
            )
        return self._observed[operation]

    def _observe(self, place: int, memory: int, operation: Operation) -> int:
        """What one monitor remembers after one more record."""
        record: Record = self.operations[self.memory_column][operation]
        values = self._remembered[place]
        return values.number(self.monitors[place].observe(values[memory], record))

    def _new_column(self, name: EngineId | None) -> Column:
        self.configurations.append(Values())
        self.operations.append(Values())
        self.names.append(name)
        return len(self.configurations) - 1

    def _first_accepted(
        self, column: Column, engine: int, inbox: int, line: tuple[int, ...]
    ) -> Iterator[Move]:
        for message in line:
            deed = self.delivery(engine, message)
            if deed is not None:
                refused = deed.record.refusal is not None
                left = inbox if refused else self.inboxes.take(inbox, message)
                yield Move(self._moved(column, left, deed), deed)
                return

    def _moved(self, column: Column, inbox: int, deed: Deed) -> Number:
        for message in deed.own:
            inbox = self.inboxes.put(inbox, message)
        return self.configuration(column, deed.number, inbox)

    def delivery(self, engine: int, message: int) -> Deed | None:
        """What an engine does on a message; nothing where it does not accept it."""
        key = (engine, message)
        if key not in self._deeds:
            self._deeds[key] = self._delivery(engine, message)
        return self._deeds[key]

    def _delivery(self, engine: int, message: int) -> Deed | None:
        """What the engine does on the message, in a global state that holds nothing else."""
        mail: Mail = self.inboxes.messages[message]
        box = self.system.discipline.put(self.system.discipline.empty, mail)
        state = self._alone(engine, pmap({Address(mail.target, mail.mailbox): box}))
        offers = (each for each in self.system.offers(state) if isinstance(each.event, Deliver))
        return next((self._deed(engine, state, offer) for offer in offers), None)

    def timers(self, engine: int) -> tuple[Deed, ...]:
        """What an engine does when one of its timers elapses."""
        if engine not in self._elapses:
            state = self._alone(engine, pmap())
            self._elapses[engine] = tuple(
                self._deed(engine, state, offer)
                for offer in self.system.offers(state)
                if isinstance(offer.event, Elapse)
            )
        return self._elapses[engine]

    def _alone(self, engine: int, mailboxes: PMap[Address, Box]) -> GlobalState:
        only: Engine = self.engines[engine]
        return GlobalState(pmap({only.identity.external: only}), mailboxes)

    def _deed(self, engine: int, state: GlobalState, offer: Offer) -> Deed:
        before: Engine = self.engines[engine]
        after, record = self.system.apply(state, offer)
        name = before.identity.external
        spawned = {each: self.engines.number(after.engines[each]) for each in record.spawned}
        sent: dict[EngineId, tuple[int, ...]] = {}
        for message in record.sent:
            number = self.inboxes.messages.number(message)
            sent[message.target] = (*sent.get(message.target, ()), number)
        posts = [
            (
                self.column(target),
                self.operations[self.column(target)].number(
                    (spawned.get(target, NOTHING), sent.get(target, ()))
                ),
            )
            for target in sorted({*spawned, *sent} - {name})
        ]
        deed = Deed(
            len(self.deeds),
            offer.event,
            record,
            (state, after),
            before,
            after.engines[name],
            self.engines.number(after.engines[name]),
            (*posts, *self._recorded(record)),
            sent.get(name, ()),
        )
        self.deeds.append(deed)
        return deed

    def _recorded(self, record: Record) -> tuple[tuple[Column, Operation], ...]:
        """What monitors make of a step, if one of them looks at it at all."""
        if not any(concerns(monitor, record) for monitor in self.monitors):
            return ()
        return ((self.memory_column, self.operations[self.memory_column].number(record)),)

    def _network(self, column: Column, engine: int, inbox: int) -> Iterator[Move]:
        """The faults that the network may make of the messages of an actor, if any are left."""
        boxes = self.inboxes.boxes(inbox)
        name = self.names[column]
        addresses = [] if name is None else [Address(name, each) for each in sorted(boxes)]
        for address in addresses:
            mailbox = address.mailbox
            state = GlobalState(pmap(), pmap({address: boxes[mailbox]}), Faults(1, 1))
            for offer in self.system.offers(state):
                after, record = self.system.apply(state, offer)
                box = after.mailboxes.get(address)
                left = boxes.set(mailbox, box) if box else boxes.remove(mailbox)
                spent = Faults(
                    int(isinstance(offer.event, Duplicate)), int(isinstance(offer.event, Lose))
                )
                operation = self.operations[self.faults_column].number(spent)
                posts = ((self.faults_column, operation), *self._recorded(record))
                alone, serial = (state, after), len(self.deeds)
                deed = Deed(serial, offer.event, record, alone, None, None, engine, posts, ())
                self.deeds.append(deed)
                yield Move(self.configuration(column, engine, self.inboxes.number(left)), deed)


def concerns(monitor: MonitorProperty, record: Record) -> bool:
    """Whether a monitor looks at a record at all."""
    bodies = [message.body for message in record.sent]
    if record.consumed is not None:
        bodies.append(record.consumed.body)
    return not monitor.concerns or any(isinstance(body, monitor.concerns) for body in bodies)
