"""Checks that what a world declares to be interchangeable is, on all that a search meets.

The start has to be what it was after every exchange. What an engine does on a trigger has to become what the engine
that it becomes does on what the trigger becomes; and so with what monitors remember. Whatever a search meets is
checked together with all that it may become, so that nothing is left that only another representative would show.
Mailboxes are not checked: the disciplines of the specification look at no name.
"""

from collections.abc import Callable
from typing import Any

from models.model import World
from models.render import part, render, render_event
from models.search.actors import Actors, Column, Deed
from models.search.symmetry.group import Arrangement, Exchange, Group, SymmetryError
from models.search.symmetry.images import Images
from models.search.symmetry.orbits import orbit
from models.search.values import NOTHING
from spec.formalism.delivery import DISCIPLINES
from spec.formalism.event import Elapse, Record
from spec.formalism.state import GlobalState

Pair = tuple[int, int]
"""The numbers of an engine and of a message."""

Remembered = tuple[int, int, int, int]
"""A monitor, what it remembers, a record, and the deed that it is of; NOTHING, where it is the network's."""


class Laws:
    """What is checked, once for all of an orbit."""

    def __init__(self, world: World, group: Group, images: Images) -> None:
        self._world = world
        self._group = group
        self._images = images
        self._actors: Actors = images.actors
        self._engines: set[int] = set()
        self._pairs: set[Pair] = set()
        self._remembered: set[Remembered] = set()
        self._deeds: dict[tuple[int, int], int] = {}
        self._records: dict[int, int] = {}
        self._observations: dict[tuple[int, int, int], int] = {}

    def start(self) -> None:
        """Check the start, the network, and what monitors remember at first.

        Raises:
            SymmetryError: something differs.
        """
        discipline = self._world.system.discipline
        if discipline not in DISCIPLINES:
            raise SymmetryError(f"nobody knows whether {discipline.name!r} treats all names alike")
        for exchange in self._group.generators:
            different = difference(exchange.renaming(self._world.state), self._world.state)
            if different is not None:
                raise self._error(exchange, f"at the start, {different} differs")
            for monitor in self._actors.monitors:
                if exchange.renaming(monitor.start) != monitor.start:
                    raise self._error(exchange, f"{monitor.name!r} names them at the start")

    def engine(self, engine: int) -> dict[int, Arrangement]:
        """Check an engine's timers; what it may become, if that was not met before."""
        if engine in self._engines or engine == NOTHING:
            return {}
        found = orbit(self._group, engine, self._images.engine)
        self._engines.update(found)
        for each in found:
            for exchange in self._group.generators:
                deeds = self._actors.timers(each)
                images = {
                    deed.event: deed
                    for deed in self._actors.timers(self._images.engine(exchange, each))
                }
                if {exchange.renaming(deed.event) for deed in deeds} != set(images):
                    name = self._actors.engines[each].identity.external
                    raise self._error(exchange, f"{name} has timers that its image has not")
                for deed in deeds:
                    self._compare(exchange, deed, images[exchange.renaming(deed.event)])
        return found

    def delivery(self, engine: int, message: int) -> dict[Pair, Arrangement]:
        """Check what an engine does on a message; what both may become, if not met before."""
        if (engine, message) in self._pairs:
            return {}
        found = orbit(self._group, (engine, message), self._image_of_pair)
        self._pairs.update(found)
        for pair in found:
            for exchange in self._group.generators:
                deed = self._actors.delivery(*pair)
                image = self._actors.delivery(*self._image_of_pair(exchange, pair))
                if deed is not None and image is not None:
                    self._compare(exchange, deed, image)
                elif deed is not image:
                    mails = [self._actors.inboxes.messages[pair[1]]]
                    mails.append(exchange.renaming(mails[0]))
                    taken, left = map(render, mails if deed is not None else reversed(mails))
                    raise self._error(exchange, f"{taken!r} is taken, and {left!r} is not")
        return found

    def observation(self, memory: int, deed: Deed, operation: int) -> None:
        """Check what monitors make of what is done."""
        serial = deed.serial + 1 if deed.before is not None else NOTHING
        self._records[deed.serial] = operation
        for monitor, known in enumerate(self._actors.memories(memory)):
            start = (monitor, known, operation, serial)
            if start not in self._remembered:
                found = orbit(self._group, start, self._image_of_memory)
                self._remembered.update(found)
                for each in found:
                    for exchange in self._group.generators:
                        self._compare_memories(exchange, each)

    def _image_of_pair(self, exchange: Exchange, pair: Pair) -> Pair:
        engine, message = pair
        return self._images.engine(exchange, engine), self._images.message(exchange, message)

    def _image_of_memory(self, exchange: Exchange, thing: Remembered) -> Remembered:
        monitor, memory, record, serial = thing
        image = self._images.memory(exchange, monitor, memory)
        records = self._actors.operations[self._actors.memory_column]
        if serial == NOTHING:
            return monitor, image, records.number(exchange.renaming(records[record])), NOTHING
        key = (exchange.number, serial)
        if key not in self._deeds:
            self._deeds[key] = self._image_of_deed(exchange, self._actors.deeds[serial - 1]).serial
        deed = self._actors.deeds[self._deeds[key]]
        if deed.serial not in self._records:
            self._records[deed.serial] = records.number(deed.record)
        return monitor, image, self._records[deed.serial], deed.serial + 1

    def _image_of_deed(self, exchange: Exchange, deed: Deed) -> Deed:
        """What is done by whom the one becomes that did a deed."""
        engine = self._images.engine(exchange, self._actors.engines.number(deed.before))
        event = exchange.renaming(deed.event)
        if isinstance(event, Elapse):
            return next(each for each in self._actors.timers(engine) if each.event == event)
        image = self._actors.delivery(engine, self._actors.inboxes.messages.number(event.message))
        if image is None:
            raise LookupError("a deed was checked, and its image is none")
        return image

    def _compare_memories(self, exchange: Exchange, thing: Remembered) -> None:
        """Refuse where a monitor does not remember of the image what its memory becomes."""
        monitor, memory, record, _ = thing
        image = self._image_of_memory(exchange, thing)
        after = self._observed(monitor, memory, record)
        if self._images.memory(exchange, monitor, after) != self._observed(*image[:3]):
            name = self._actors.monitors[monitor].name
            records = self._actors.operations[self._actors.memory_column]
            event = render_event(records[record].event)
            raise self._error(exchange, f"on {event!r} {name!r} remembers otherwise")

    def _observed(self, monitor: int, memory: int, record: int) -> int:
        key = (monitor, memory, record)
        if key not in self._observations:
            about: Any = self._actors.monitors[monitor]
            known: Record = self._actors.operations[self._actors.memory_column][record]
            after = about.observe(self._actors.memory(monitor, memory), known)
            self._observations[key] = self._actors.remembered(monitor, after)
        return self._observations[key]

    def _compare(self, exchange: Exchange, deed: Deed, image: Deed) -> None:
        """Refuse where the image of what is done is not what is done by the image."""
        different = self._difference(exchange, deed, image)
        if different is not None:
            events = dict.fromkeys(repr(render_event(each.event)) for each in (deed, image))
            raise self._error(exchange, f"after {' and '.join(events)} {different}")

    def _difference(self, exchange: Exchange, deed: Deed, image: Deed) -> str | None:
        """What differs between the image of what is done and what is done by the image."""
        if deed.record.fired != image.record.fired:
            fired = (", ".join(each.record.fired) or "no rule" for each in (deed, image))
            return f"other rules have fired: {' and '.join(fired)}"
        expected = self._images.engine(exchange, deed.number)
        if expected != image.number:
            states = [self._actors.engines[each].environment for each in (expected, image.number)]
            wanted, found = (part(each.local) for each in states)
            return f"the second leads to {found} instead of {wanted}"
        if self._posted(deed, lambda column, what: self._renamed(exchange, column, what)) != (
            self._posted(image, lambda column, what: (column, what))
        ):
            return "other messages are sent, or other engines spawned"
        return None

    def _posted(
        self, deed: Deed, image: Callable[[Column, Any], tuple[Column, Any]]
    ) -> dict[Column, tuple[int, int]]:
        """Whom a deed spawns and what it leaves in empty mailboxes, or what that becomes."""
        memory = self._actors.memory_column
        done = {
            column: self._actors.operations[column][operation]
            for column, operation in deed.posts
            if column not in {memory, self._actors.faults_column}
        }
        name = None if deed.before is None else deed.before.identity.external
        own = () if name is None or not deed.own else ((self._actors.column(name), (0, deed.own)),)
        result: dict[Column, tuple[int, int]] = {}
        for column, what in (*done.items(), *own):
            target, (spawned, messages) = image(column, what)
            inbox = NOTHING
            for message in messages:
                inbox = self._actors.inboxes.put(inbox, message)
            result[target] = (spawned, inbox)
        return result

    def _renamed(
        self, exchange: Exchange, column: Column, what: tuple[int, tuple[int, ...]]
    ) -> tuple[Column, tuple[int, tuple[int, ...]]]:
        spawned, messages = what
        images = tuple(self._images.message(exchange, each) for each in messages)
        return (
            self._images.column(exchange, column),
            (self._images.engine(exchange, spawned), images),
        )

    @staticmethod
    def _error(exchange: Exchange, why: str) -> SymmetryError:
        return SymmetryError(f"{exchange.names} are not interchangeable: {why}")


def difference(state: GlobalState, other: GlobalState) -> str | None:
    """Who differs between two global states; the first one by name, and what of it."""
    for name in sorted({*state.engines, *other.engines}):
        if state.engines.get(name) != other.engines.get(name):
            return f"the engine {name}"
    for address in sorted({*state.mailboxes, *other.mailboxes}):
        if state.mailboxes.get(address) != other.mailboxes.get(address):
            return f"a mailbox of {address.engine}"
    return None if state == other else "what is left of faults"
