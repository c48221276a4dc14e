"""The system: the one relation by which global states follow each other."""

from collections.abc import Iterator

from attrs import evolve, frozen
from pyrsistent import PMap

from spec.formalism.delivery import AnyDiscipline, Mail, Unordered
from spec.formalism.engine import Engine, Reaction, Refusal, at_trigger, react
from spec.formalism.errors import NotEnabledError, UnknownFamilyError
from spec.formalism.event import Deliver, Duplicate, Elapse, Event, Lose, Record
from spec.formalism.family import EngineFamily
from spec.formalism.message import MessageArrived, Timer, TimersElapsed, Trigger
from spec.formalism.rule import AnyRule
from spec.formalism.state import NO_FAULTS, Address, Faults, GlobalState, post


@frozen
class Offer:
    """An event that may happen, with what it makes of the engine that it concerns."""

    event: Event
    """What may happen."""
    outcome: Reaction | Refusal | None
    """What the engine does; nothing where the event is a fault of the network."""


@frozen
class Successor:
    """One way in which a state may go on."""

    event: Event
    """What happens."""
    state: GlobalState
    """The state after it."""
    record: Record
    """What happened in the step."""


@frozen
class System:
    """What is fixed in a run: the engine families, and what the network may do.

    A step is `offers`, then `apply`; `offers` asks `react` what each engine would do.
    """

    families: PMap[str, EngineFamily]
    """The engine families, by name."""
    discipline: AnyDiscipline = Unordered
    """How mailboxes deliver."""
    faults: Faults = NO_FAULTS
    """How many faults may happen in a run."""

    def enabled(self, state: GlobalState) -> tuple[Event, ...]:
        """What may happen next, in one fixed order: messages, timers, duplications, losses."""
        return tuple(offer.event for offer in self.offers(state))

    def step(self, state: GlobalState, event: Event) -> tuple[GlobalState, Record]:
        """The state after an event, and what happened.

        Raises:
            NotEnabledError: the event is not enabled in the state.
        """
        for offer in self.offers(state):
            if offer.event == event:
                return self.apply(state, offer)
        raise NotEnabledError(f"not enabled: {event}")

    def successors(self, state: GlobalState) -> Iterator[Successor]:
        """All that may happen next, each with the state after it, in the order of `enabled`."""
        for offer in self.offers(state):
            after, record = self.apply(state, offer)
            yield Successor(offer.event, after, record)

    def replacing(self, family: str, rule: AnyRule) -> "System":
        """The same system with another version of one rule in one family."""
        return evolve(
            self, families=self.families.set(family, self.families[family].replacing(rule))
        )

    def family_of(self, engine: Engine) -> EngineFamily:
        """The family whose rules the engine follows.

        Raises:
            UnknownFamilyError: the system has no family of that name.
        """
        if engine.family not in self.families:
            raise UnknownFamilyError(f"{engine.identity.external}: no family {engine.family!r}")
        return self.families[engine.family]

    def offers(self, state: GlobalState) -> Iterator[Offer]:
        """All that may happen next, in the order of `enabled`."""
        yield from self._deliveries(state)
        yield from self._elapses(state)
        yield from self._duplications(state)
        yield from self._losses(state)

    def apply(self, state: GlobalState, offer: Offer) -> tuple[GlobalState, Record]:
        """The state after what was offered, all effects at once, and what happened."""
        match offer.event, offer.outcome:
            case Deliver() | Elapse() as event, Reaction() as reaction:
                return self._react(state, event, reaction)
            case Duplicate(message), _:
                return self._duplicate(state, message)
            case Lose(message), _:
                return self._lose(state, message)
            case _:
                refusal = offer.outcome if isinstance(offer.outcome, Refusal) else None
                return state, Record(offer.event, refusal=refusal)

    def _deliveries(self, state: GlobalState) -> Iterator[Offer]:
        for address in sorted(state.mailboxes):
            engine = state.engines.get(address.engine)
            if engine is not None:
                for line in self.discipline.lines(state.mailboxes[address]):
                    yield from self._first_accepted(engine, line)

    def _first_accepted(self, engine: Engine, line: tuple[Mail, ...]) -> Iterator[Offer]:
        for message in line:
            trigger = Trigger(MessageArrived(message), engine.environment.time)
            outcome = react(self.family_of(engine), engine, trigger)
            if outcome is not None:
                yield Offer(Deliver(message), outcome)
                return

    def _elapses(self, state: GlobalState) -> Iterator[Offer]:
        for name in sorted(state.engines):
            engine = state.engines[name]
            for timer in next_timers(engine):
                trigger = Trigger(TimersElapsed((timer,)), timer.due)
                outcome = react(self.family_of(engine), engine, trigger)
                unheard = Reaction(at_trigger(engine.environment, trigger), ())
                yield Offer(Elapse(name, timer), outcome or unheard)

    def _duplications(self, state: GlobalState) -> Iterator[Offer]:
        if state.faults.duplicates > 0:
            for address, message in self._in_flight(state):
                box = state.mailboxes[address]
                if self.discipline.duplicate(box, message) != box:
                    yield Offer(Duplicate(message), None)

    def _losses(self, state: GlobalState) -> Iterator[Offer]:
        if state.faults.losses > 0:
            for _, message in self._in_flight(state):
                yield Offer(Lose(message), None)

    def _in_flight(self, state: GlobalState) -> Iterator[tuple[Address, Mail]]:
        """The distinct messages in flight, by mailbox and place."""
        for address in sorted(state.mailboxes):
            lines = self.discipline.lines(state.mailboxes[address])
            for message in dict.fromkeys(message for line in lines for message in line):
                yield address, message

    def _react(
        self, state: GlobalState, event: Deliver | Elapse, reaction: Reaction
    ) -> tuple[GlobalState, Record]:
        spawned = tuple(engine.identity.external for engine in reaction.spawned)
        if len(set(spawned)) < len(spawned) or any(name in state.engines for name in spawned):
            reason = "a spawned engine has the identity of another one"
            return state, Record(event, refusal=Refusal(reaction.fired, reason))
        consumed = event.message if isinstance(event, Deliver) else None
        name = event.message.target if isinstance(event, Deliver) else event.engine
        engines = state.engines.set(
            name, evolve(state.engines[name], environment=reaction.environment)
        )
        for engine in reaction.spawned:
            engines = engines.set(engine.identity.external, engine)
        mailboxes = state.mailboxes
        if consumed is not None:
            address = address_of(consumed)
            box = self.discipline.consume(mailboxes[address], consumed)
            mailboxes = mailboxes.set(address, box) if box else mailboxes.remove(address)
        for message in reaction.sent:
            mailboxes = post(self.discipline, mailboxes, message)
        record = Record(event, reaction.fired, consumed, reaction.sent, spawned, reaction.timers)
        return GlobalState(engines, mailboxes, state.faults), record

    def _duplicate(self, state: GlobalState, message: Mail) -> tuple[GlobalState, Record]:
        address = address_of(message)
        box = self.discipline.duplicate(state.mailboxes[address], message)
        left = evolve(state.faults, duplicates=state.faults.duplicates - 1)
        mailboxes = state.mailboxes.set(address, box)
        return GlobalState(state.engines, mailboxes, left), Record(Duplicate(message))

    def _lose(self, state: GlobalState, message: Mail) -> tuple[GlobalState, Record]:
        address = address_of(message)
        box = self.discipline.lose(state.mailboxes[address], message)
        left = evolve(state.faults, losses=state.faults.losses - 1)
        mailboxes = state.mailboxes.set(address, box) if box else state.mailboxes.remove(address)
        return GlobalState(state.engines, mailboxes, left), Record(Lose(message))


def address_of(message: Mail) -> Address:
    """The mailbox that a message is for."""
    return Address(message.target, message.mailbox)


def next_timers(engine: Engine) -> tuple[Timer, ...]:
    """The timers that may elapse next: those due first, in the order of their names."""
    timers = sorted(Timer(due, handle) for handle, due in engine.environment.timers.items())
    return tuple(timer for timer in timers if timer.due == timers[0].due)
