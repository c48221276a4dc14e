"""The steps of a system on codes: each kind of step is taken once by the system, then remembered.

What an engine does on a message depends on the engine and the message alone, and which message of a
mailbox may be next depends on the engine and the mailbox alone. So the system is asked about one engine with
one mailbox at a time, as a global state of its own: its `offers` say what may happen there, and its
`apply` what becomes of the engine, what is sent, and what is spawned. That these steps are the system's steps
on whole states is tested state by state and edge by edge.
"""

from collections.abc import Iterator

from attrs import evolve, frozen
from pyrsistent import PMap, pmap

from models.search.codes import FAULTS, Code, Codes, Place, has, trimmed
from spec.formalism.delivery import Box, Mail
from spec.formalism.engine import Engine
from spec.formalism.event import Deliver, Duplicate, Elapse, Event, Lose, Record
from spec.formalism.identity import EngineId
from spec.formalism.state import NO_FAULTS, Address, GlobalState
from spec.formalism.system import Offer, System, address_of

NO_ENGINES: PMap[EngineId, Engine] = pmap()
"""Nobody."""
NO_MAILBOXES: PMap[Address, Box] = pmap()
"""No message in flight."""


@frozen(eq=False)
class Move:
    """One kind of step: all that is known of it without the rest of the state."""

    serial: int
    """Its number among the moves of a search."""
    offer: Offer
    """What may happen."""
    record: Record
    """What happens then."""
    before: Engine | None
    """The engine that it happens to; nothing where it is a fault of the network."""
    after: Engine | None
    """The same engine after it."""
    spawned: tuple[Engine, ...]
    """The engines that it creates."""
    sets: tuple[tuple[Place, int], ...]
    """The places whose numbers it sets, apart from mailboxes that it sends to."""
    births: tuple[Place, ...]
    """The places of the engines that it creates, which must be empty."""
    sends: tuple[tuple[Place, Mail], ...]
    """The messages that it adds to mailboxes, in order."""

    @property
    def event(self) -> Event:
        """What may happen."""
        return self.offer.event


class Moves:
    """All moves of a system, as far as a search has met them.

    Attributes:
        codes: the numbers that codes are made of.
    """

    def __init__(self, system: System) -> None:
        self.codes = Codes()
        self._system = system
        self._count = 0
        self._local: dict[tuple[Place, int, Place | None, int], tuple[Move, ...]] = {}
        self._faulty: dict[tuple[Place, int, int], tuple[Move, ...]] = {}
        self._refused: dict[int, Move] = {}
        self._messages: dict[Mail, Mail] = {}
        self._posted: dict[tuple[Place, int, Mail], int] = {}

    def after(self, code: Code) -> Iterator[tuple[Move, Code]]:
        """All that may happen in a state, in the order of `enabled`, each with the state after it."""
        moves = [*self._deliveries(code), *self._elapses(code), *self._faults(code)]
        for move in moves:
            if any(has(code, place) for place in move.births):
                yield self._refusal(code, move), code
            else:
                yield move, self._moved(code, move)

    def _moved(self, code: Code, move: Move) -> Code:
        numbers = [*code, *(0,) * (len(self.codes) - len(code))]
        for place, number in move.sets:
            numbers[place] = number
        for place, message in move.sends:
            numbers[place] = self._post(place, numbers[place], message)
        return trimmed(numbers)

    def _post(self, place: Place, number: int, message: Mail) -> int:
        """The number of the mailbox with one more message."""
        key = (place, number, message)
        if key not in self._posted:
            discipline = self._system.discipline
            box = self.codes.value(place, number) if number else discipline.empty
            self._posted[key] = self.codes.number(place, discipline.put(box, message))
        return self._posted[key]

    def _deliveries(self, code: Code) -> Iterator[Move]:
        for _, place, owner in tuple(self.codes.mailboxes):
            if has(code, place) and has(code, owner):
                yield from self._of_engine(code, owner, place)

    def _elapses(self, code: Code) -> Iterator[Move]:
        for _, owner in tuple(self.codes.engines):
            if has(code, owner):
                yield from self._of_engine(code, owner, None)

    def _faults(self, code: Code) -> Iterator[Move]:
        """The duplications, then the losses."""
        if self.codes.faults(code) != NO_FAULTS:
            filled = [place for _, place, _ in self.codes.mailboxes if has(code, place)]
            moves = [move for place in filled for move in self._of_network(code, place)]
            yield from (move for move in moves if isinstance(move.event, Duplicate))
            yield from (move for move in moves if isinstance(move.event, Lose))

    def _of_engine(self, code: Code, owner: Place, place: Place | None) -> tuple[Move, ...]:
        """What an engine may do: on the messages of one of its mailboxes, or on its timers."""
        number = 0 if place is None else code[place]
        key = (owner, code[owner], place, number)
        if key not in self._local:
            engine = self.codes.value(owner, code[owner])
            engines = NO_ENGINES.set(engine.identity.external, engine)
            state = GlobalState(engines, self._mailbox(place, number), NO_FAULTS)
            self._local[key] = tuple(
                self._move(state, offer, owner, place)
                for offer in self._system.offers(state)
                if isinstance(offer.event, Elapse if place is None else Deliver)
            )
        return self._local[key]

    def _of_network(self, code: Code, place: Place) -> tuple[Move, ...]:
        """What the network may do to one mailbox."""
        key = (place, code[place], code[FAULTS])
        if key not in self._faulty:
            mailboxes = self._mailbox(place, code[place])
            state = GlobalState(NO_ENGINES, mailboxes, self.codes.faults(code))
            self._faulty[key] = tuple(
                self._fault(state, offer, place) for offer in self._system.offers(state)
            )
        return self._faulty[key]

    def _mailbox(self, place: Place | None, number: int) -> PMap[Address, Box]:
        if place is None:
            return NO_MAILBOXES
        address = next(each for each, its_place, _ in self.codes.mailboxes if its_place == place)
        return NO_MAILBOXES.set(address, self.codes.value(place, number))

    def _move(self, state: GlobalState, offer: Offer, owner: Place, place: Place | None) -> Move:
        """The move that an engine makes in the global state that holds nothing else."""
        after, record = self._system.apply(state, offer)
        (name,) = state.engines
        spawned = tuple(after.engines[each] for each in record.spawned)
        births = tuple(self.codes.place(each) for each in record.spawned)
        sets = [(owner, self.codes.number(owner, after.engines[name]))]
        sets += [
            (birth, self.codes.number(birth, engine))
            for birth, engine in zip(births, spawned, strict=True)
        ]
        if place is not None and record.consumed is not None:
            box = state.mailboxes[address_of(record.consumed)]
            left = self._system.discipline.consume(box, record.consumed)
            sets.append((place, self.codes.number(place, left) if left else 0))
        return Move(
            self._next_serial(),
            offer,
            record,
            state.engines[name],
            self.codes.value(*sets[0]),
            tuple(self.codes.value(*each) for each in sets[1 : 1 + len(births)]),
            tuple(sets),
            births,
            tuple((self.codes.place(address_of(each)), self._one(each)) for each in record.sent),
        )

    def _fault(self, state: GlobalState, offer: Offer, place: Place) -> Move:
        """The move that the network makes in the global state that holds one mailbox."""
        after, record = self._system.apply(state, offer)
        faults = (FAULTS, self.codes.number(FAULTS, after.faults))
        (address,) = state.mailboxes
        box = after.mailboxes.get(address)
        left = (place, self.codes.number(place, box) if box else 0)
        return Move(self._next_serial(), offer, record, None, None, (), (faults, left), (), ())

    def _refusal(self, code: Code, move: Move) -> Move:
        """What the move is where an engine that it creates is there already: a refused step."""
        if move.serial not in self._refused:
            _, record = self._system.apply(self.codes.decode(code), move.offer)
            serial = self._next_serial()
            refused = evolve(move, serial=serial, record=record, after=move.before)
            self._refused[move.serial] = evolve(refused, spawned=(), sets=(), births=(), sends=())
        return self._refused[move.serial]

    def _one(self, message: Mail) -> Mail:
        """The first one met of equal messages, so that later comparisons end at once."""
        return self._messages.setdefault(message, message)

    def _next_serial(self) -> int:
        self._count += 1
        return self._count
