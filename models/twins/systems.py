"""Systems whose engines or messages work by other laws than those of the formalism."""

from abc import abstractmethod
from collections.abc import Iterator
from typing import Any

from attrs import evolve, frozen
from pyrsistent import PMap, PSet, PVector, pmap, pset, pvector

from models.twins.twin import Change
from spec.formalism.delivery import AnyDiscipline, Fifo, Mail, SetDelivery, Unordered
from spec.formalism.engine import Engine, Reaction, react
from spec.formalism.environment import Finished
from spec.formalism.event import Deliver, Record
from spec.formalism.family import ConflictSolver
from spec.formalism.identity import EngineId, InternalId, on_local_node
from spec.formalism.message import MessageArrived, Time, Trigger
from spec.formalism.rule import AnyRule
from spec.formalism.state import GlobalState
from spec.formalism.system import Offer, System, address_of


def of_kind(kind: type[System]) -> Change:
    """The change that lets the same families work by the laws of another kind of system."""
    return lambda system: kind(system.families, system.discipline, system.faults)


def solving(family: str, solve: ConflictSolver) -> Change:
    """The change that gives a family another conflict solver."""

    def change(system: System) -> System:
        other = evolve(system.families[family], solve=solve)
        return evolve(system, families=system.families.set(family, other))

    return change


def delivering(discipline: AnyDiscipline) -> Change:
    """The change that lets mailboxes deliver by another discipline."""
    return lambda system: evolve(system, discipline=discipline)


@frozen
class Dropping(System):
    """A message that no guard accepts is dropped."""

    def _first_accepted(self, engine: Engine, line: tuple[Mail, ...]) -> Iterator[Offer]:
        for message in line[:1]:
            trigger = Trigger(MessageArrived(message), engine.environment.time)
            outcome = react(self.family_of(engine), engine, trigger)
            yield Offer(Deliver(message), outcome or Reaction(engine.environment, ()))


@frozen
class FirstGuard(System):
    """Of the rules that apply, only the first takes effect."""

    def _first_accepted(self, engine: Engine, line: tuple[Mail, ...]) -> Iterator[Offer]:
        for message in line:
            trigger = Trigger(MessageArrived(message), engine.environment.time)
            family = self.family_of(engine)
            first = evolve(family, rules=tuple(_first_of(family.rules, engine, trigger)))
            outcome = react(first, engine, trigger)
            if outcome is not None:
                yield Offer(Deliver(message), outcome)
                return


@frozen
class Timeless(System):
    """Timers never elapse."""

    def _elapses(self, state: GlobalState) -> Iterator[Offer]:  # noqa: ARG002 - of no use here
        yield from ()


def _first_of(rules: tuple[AnyRule, ...], engine: Engine, trigger: Trigger) -> Iterator[AnyRule]:
    """The first rule whose guard says that it applies."""
    for rule in rules:
        output: Any = rule.guard(trigger, engine.configuration, engine.environment)
        if output is not None:
            yield rule
            return


@frozen
class Clinging(System):
    """Finished engines take no messages."""

    def _first_accepted(self, engine: Engine, line: tuple[Mail, ...]) -> Iterator[Offer]:
        if not isinstance(engine.environment.local, Finished):
            yield from super()._first_accepted(engine, line)


@frozen
class Amending(System):
    """What an engine does on a message is not what its rules say."""

    def _first_accepted(self, engine: Engine, line: tuple[Mail, ...]) -> Iterator[Offer]:
        for offer in super()._first_accepted(engine, line):
            event, outcome = offer.event, offer.outcome
            if isinstance(event, Deliver) and isinstance(outcome, Reaction):
                yield evolve(offer, outcome=self.amended(engine, event, outcome))
            else:
                yield offer

    @abstractmethod
    def amended(self, engine: Engine, event: Deliver, reaction: Reaction, /) -> Reaction:
        """What the engine does instead."""


@frozen
class Echoing(Amending):
    """Finished engines answer what they take."""

    def amended(self, engine: Engine, event: Deliver, reaction: Reaction, /) -> Reaction:
        """The message goes back to its sender."""
        if not isinstance(engine.environment.local, Finished):
            return reaction
        taken = event.message
        return evolve(reaction, sent=(evolve(taken, sender=taken.target, target=taken.sender),))


@frozen
class Forging(Amending):
    """Messages carry the name of whom they are for."""

    def amended(self, _engine: Engine, _event: Deliver, reaction: Reaction, /) -> Reaction:
        """The target stands for the sender."""
        sent = (evolve(message, sender=message.target) for message in reaction.sent)
        return evolve(reaction, sent=tuple(sent))


@frozen
class Ageing(Amending):
    """Clocks run on with every message."""

    def amended(self, _engine: Engine, _event: Deliver, reaction: Reaction, /) -> Reaction:
        """One tick for one message."""
        environment = reaction.environment
        later = evolve(environment, time=Time(environment.time + 1))
        return evolve(reaction, environment=later)


@frozen
class Stale(System):
    """Later actions run on the environment at the trigger, and what earlier ones did is overwritten."""

    def _first_accepted(self, engine: Engine, line: tuple[Mail, ...]) -> Iterator[Offer]:
        for message in line:
            trigger = Trigger(MessageArrived(message), engine.environment.time)
            whole = react(self.family_of(engine), engine, trigger)
            if isinstance(whole, Reaction):
                yield Offer(Deliver(message), self._last_alone(engine, trigger, whole))
            elif whole is not None:
                yield Offer(Deliver(message), whole)
            if whole is not None:
                return

    def _last_alone(self, engine: Engine, trigger: Trigger, whole: Reaction) -> Reaction:
        """The reaction whose environment is that of the last rule, as if it were the only one."""
        family = self.family_of(engine)
        last = tuple(rule for rule in family.rules if rule.id in whole.fired[-1:])
        for rule in last:
            output: Any = rule.guard(trigger, engine.configuration, engine.environment)
            effect = rule.action(output, trigger, engine.configuration, engine.environment)
            if effect is not None:
                return evolve(whole, environment=effect.environment)
        return whole


@frozen
class Renaming(System):
    """Engines get another identity with every step."""

    def apply(self, state: GlobalState, offer: Offer) -> tuple[GlobalState, Record]:
        """What only the engine holds is another thing after each step."""
        after, record = super().apply(state, offer)
        if record.consumed is None:
            return after, record
        name = record.consumed.target
        engine = after.engines[name]
        identity = evolve(engine.identity, internal=InternalId("new"))
        engines = after.engines.set(name, evolve(engine, identity=identity))
        return evolve(after, engines=engines), record


@frozen
class Haunted(System):
    """An engine appears that nobody has created."""

    def apply(self, state: GlobalState, offer: Offer) -> tuple[GlobalState, Record]:
        """It is the twin of the one that takes a message, under another name."""
        after, record = super().apply(state, offer)
        if record.consumed is None:
            return after, record
        ghost = on_local_node("ghost")
        engines = after.engines.set(ghost, after.engines[record.consumed.target])
        return evolve(after, engines=engines), record


@frozen
class Losing(System):
    """Of what is sent, the last message gets lost without a fault."""

    def apply(self, state: GlobalState, offer: Offer) -> tuple[GlobalState, Record]:
        """One message is missing after each step that sends any."""
        after, record = super().apply(state, offer)
        if not record.sent:
            return after, record
        lost = record.sent[-1]
        address = address_of(lost)
        box = self.discipline.consume(after.mailboxes[address], lost)
        boxes = after.mailboxes.set(address, box) if box else after.mailboxes.remove(address)
        return evolve(after, mailboxes=boxes), record


class Replacing(Unordered):
    """A message that arrives takes the place of all that wait."""

    @staticmethod
    def put(box: PMap[Mail, int], message: Mail) -> PMap[Mail, int]:  # the shape of the others
        """It is alone in the mailbox."""
        return pmap({message: 1})


class Sticking(Unordered):
    """A message stays in its mailbox when it is taken."""

    @staticmethod
    def consume(box: PMap[Mail, int], message: Mail) -> PMap[Mail, int]:
        """The message is there still."""
        return box


class Newest(Fifo):
    """From each sender, the newest message is next."""

    @staticmethod
    def lines(box: Any) -> tuple[tuple[Mail, ...], ...]:
        """The lines, from their ends."""
        return tuple(tuple(reversed(line)) for line in Fifo.lines(box))


class Overwriting(Fifo):
    """From each sender, only the newest message is kept."""

    @staticmethod
    def put(box: PMap[EngineId, PVector[Mail]], message: Mail) -> PMap[EngineId, PVector[Mail]]:
        """What the sender sent before is gone."""
        return box.set(message.sender, pvector([message]))


class Forgetting(SetDelivery):
    """Only the newest message stays."""

    @staticmethod
    def put(box: PSet[Mail], message: Mail) -> PSet[Mail]:
        """What was there before is gone."""
        return pset([message])
