"""Events as trace files tell them, and the events of a state that they tell of."""

from collections.abc import Iterator

from attrs import frozen

from models.render import render
from models.traces.document import Delivery, Duplication, Elapsing, Happening, Loss
from models.traces.stepping import taken
from spec.formalism.canonical import digest
from spec.formalism.delivery import Mail
from spec.formalism.event import Deliver, Duplicate, Elapse, Event, Lose
from spec.formalism.state import GlobalState
from spec.formalism.system import Successor, System, next_timers

KINDS: dict[type[Delivery | Duplication | Loss], type[Deliver | Duplicate | Lose]] = {
    Delivery: Deliver,
    Duplication: Duplicate,
    Loss: Lose,
}
"""The events that may happen to a message, by what a file calls them."""


@frozen
class Match:
    """The step that a told event is in a state."""

    step: Successor
    """The step."""
    same: bool
    """Whether the event is the very same; otherwise it is the only one that reads the same."""


def told(event: Event) -> Happening:
    """An event as a file tells it."""
    match event:
        case Elapse(engine, timer):
            return Elapsing(str(engine), timer.handle, timer.due, digest(event))
        case Deliver(message):
            kind: type[Delivery | Duplication | Loss] = Delivery
        case Duplicate(message):
            kind = Duplication
        case Lose(message):
            kind = Loss
    sender, target = str(message.sender), str(message.target)
    return kind(sender, target, message.mailbox, render(message.body), digest(event))


def matched(system: System, state: GlobalState, wanted: Happening) -> Match | None:
    """The step of a state that a told event is; nothing where it cannot happen there.

    Where no event has its digest, it is the one that reads the same, if only one does and it is enabled.
    """
    alike: list[Event] = []
    for event in dict.fromkeys(_like(system, state, wanted)):
        if digest(event) == wanted.digest:
            step = taken(system, state, event)
            return None if step is None else Match(step, same=True)
        alike.append(event)
    reading = [event for event in alike if _reads(event, wanted)]
    steps = [taken(system, state, event) for event in reading]
    if len(steps) != 1 or steps[0] is None:
        return None
    return Match(steps[0], same=False)


def _like(system: System, state: GlobalState, wanted: Happening) -> Iterator[Event]:
    """The events of the same kind that concern the same engines, enabled or not."""
    if isinstance(wanted, Elapsing):
        yield from _timers(state, wanted)
        return
    kind = KINDS[type(wanted)]
    for message in _waiting(system, state, wanted):
        if str(message.sender) == wanted.sender:
            yield kind(message)


def _timers(state: GlobalState, wanted: Elapsing) -> Iterator[Event]:
    for name in sorted(state.engines):
        if str(name) == wanted.engine:
            yield from (Elapse(name, timer) for timer in next_timers(state.engines[name]))


def _waiting(
    system: System, state: GlobalState, wanted: Delivery | Duplication | Loss
) -> Iterator[Mail]:
    for address in sorted(state.mailboxes):
        if address.mailbox == wanted.mailbox and str(address.engine) == wanted.target:
            for line in system.discipline.lines(state.mailboxes[address]):
                yield from line


def _reads(event: Event, wanted: Happening) -> bool:
    """Whether an event reads as a told one, whatever its digest."""
    match event, wanted:
        case Elapse(_, timer), Elapsing(_, handle, due, _):
            return (timer.handle, timer.due) == (handle, due)
        case ((Deliver() | Duplicate() | Lose()), (Delivery() | Duplication() | Loss())):
            return render(event.message.body) == wanted.body
        case _:
            return False
