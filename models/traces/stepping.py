"""Single steps of a system: each is taken by the system, which is asked about nothing else."""

from collections.abc import Iterator

from pyrsistent import PMap, pmap

from spec.formalism.delivery import Box
from spec.formalism.engine import Engine
from spec.formalism.event import Deliver, Elapse, Event
from spec.formalism.identity import EngineId
from spec.formalism.state import Address, GlobalState
from spec.formalism.system import Successor, System, address_of

NO_ENGINES: PMap[EngineId, Engine] = pmap()
"""Nobody."""
NO_MAILBOXES: PMap[Address, Box] = pmap()
"""No message in flight."""


def taken(system: System, state: GlobalState, event: Event) -> Successor | None:
    """The step of a system that an event is; nothing where it is not enabled.

    What is offered to an engine, or to the network, depends on nothing but the one mailbox or the timers that
    the event is about. So the system is asked about these alone, and takes the step in the whole state.
    """
    for offer in system.offers(concerned(state, event)):
        if offer.event == event:
            return Successor(event, *system.apply(state, offer))
    return None


def steps_taken(
    system: System, state: GlobalState, events: tuple[Event, ...]
) -> Iterator[Successor]:
    """The steps of a run with these events, up to the first that is not enabled."""
    for event in events:
        step = taken(system, state, event)
        if step is None:
            return
        yield step
        state = step.state


def concerned(state: GlobalState, event: Event) -> GlobalState:
    """The part of a state on which it depends whether an event is enabled."""
    if isinstance(event, Elapse):
        return GlobalState(_engine(state, event.engine), NO_MAILBOXES)
    address = address_of(event.message)
    box = state.mailboxes.get(address)
    mailboxes = NO_MAILBOXES if box is None else NO_MAILBOXES.set(address, box)
    if isinstance(event, Deliver):
        return GlobalState(_engine(state, address.engine), mailboxes)
    return GlobalState(NO_ENGINES, mailboxes, state.faults)


def _engine(state: GlobalState, name: EngineId) -> PMap[EngineId, Engine]:
    engine = state.engines.get(name)
    return NO_ENGINES if engine is None else NO_ENGINES.set(name, engine)
