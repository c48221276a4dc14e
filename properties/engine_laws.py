"""The laws of engines: they hold for every family, in every system."""

from collections import Counter
from collections.abc import Iterable

from properties.mailboxes import mail_in
from properties.property import (
    Evidence,
    Kind,
    Property,
    Reacted,
    ReactionProperty,
    Step,
    StepProperty,
)
from properties.reaction_laws import REACTION_LAWS
from spec.formalism.clauses import Absorb, Clocks, Conserved, Identities, Pure
from spec.formalism.delivery import Mail, SetDelivery
from spec.formalism.engine import Engine
from spec.formalism.environment import Finished
from spec.formalism.event import Duplicate, Elapse, Lose, Record
from spec.formalism.state import Address, GlobalState
from spec.formalism.system import address_of


def other_identity(step: Step) -> Evidence | None:
    """An engine that has gone, or has become another one, if there is one."""
    after = step.after.engines
    for name, engine in step.before.engines.items():
        now = after.get(name)
        if now is not engine and (now is None or _birth(now) != _birth(engine)):
            return Evidence(f"{name} is not the engine any more that it was")
    return None


def stale_spawn(step: Step) -> Evidence | None:
    """An engine that was created under a used id, or is there without having been, if any."""
    before, after, spawned = step.before.engines, step.after.engines, step.record.spawned
    used = [name for name, times in Counter(spawned).items() if times > 1 or name in before]
    if used:
        return Evidence(f"{used[0]} was created where there was an engine of that id")
    unknown = [name for name in sorted(after) if name not in before and name not in spawned]
    if unknown:
        return Evidence(f"{unknown[0]} is there without having been created")
    return None


def unconserved(step: Step) -> Evidence | None:
    """A message that is in flight more or less often than it should be, if there is one.

    In flight after a step is what was before, without what was consumed, with what was sent; a
    fault adds or takes one copy. Where messages form a set, none leaves it but by a loss.
    """
    came, left = _moved(step.record)
    places = {address_of(message) for message in (*came, *left)}
    places |= _changed(step.before, step.after) | _changed(step.after, step.before)
    due = _in_flight(step.before, places)
    due.update(came)
    if step.system.discipline is SetDelivery:
        left = left if isinstance(step.record.event, Lose) else ()
        due = Counter(dict.fromkeys(due, 1))
    due.subtract(left)
    found = _in_flight(step.after, places)
    wrong = [message for message in {**due, **found} if due[message] != found[message]]
    if not wrong:
        return None
    return Evidence(min(_miscounted(each, due[each], found[each]) for each in wrong))


def refused(reacted: Reacted) -> Evidence | None:
    """Why the step was refused, if it was."""
    refusal = reacted.record.refusal
    if refusal is None:
        return None
    rules = ", ".join(refusal.rules) or "no rule"
    return Evidence(f"{reacted.before.identity.external} ({rules}): {refusal.reason}")


def unsilent(reacted: Reacted) -> Evidence | None:
    """What a finished engine did, if it did anything but consume."""
    before, after, record = reacted.before.environment, reacted.after.environment, reacted.record
    if not isinstance(before.local, Finished):
        return None
    name = reacted.before.identity.external
    if record.sent:
        body = type(record.sent[0].body).__name__
        return Evidence(f"{name} has finished, but sent {body} to {record.sent[0].target}")
    if record.spawned or record.timers:
        return Evidence(f"{name} has finished, but created engines or set timers")
    return None if before == after else Evidence(f"{name} has finished, but changed")


def forged(reacted: Reacted) -> Evidence | None:
    """A message sent in another engine's name, if there is one."""
    own = reacted.before.identity.external
    for message in reacted.record.sent:
        if message.sender != own:
            body = type(message.body).__name__
            return Evidence(f"{own} sent {body} in the name of {message.sender}")
    return None


def misplaced_clock(reacted: Reacted) -> Evidence | None:
    """A clock that fell, or moved though no timer elapsed, or not to that one's time, if any."""
    before, after = reacted.before.environment.time, reacted.after.environment.time
    event = reacted.record.event
    moves = isinstance(event, Elapse) and reacted.record.refusal is None
    due = event.timer.due if isinstance(event, Elapse) and moves else before
    if before <= after == due:
        return None
    name = reacted.before.identity.external
    return Evidence(f"the clock of {name} went from {before} to {after}, due was {due}")


def _birth(engine: Engine) -> tuple[object, ...]:
    """What an engine keeps for life."""
    return (engine.identity, engine.family, engine.configuration)


def _moved(record: Record) -> tuple[tuple[Mail, ...], tuple[Mail, ...]]:
    """The messages that a step adds, and those that it takes away."""
    match record.event:
        case Duplicate(message):
            return (message,), ()
        case Lose(message):
            return (), (message,)
        case _:
            return record.sent, () if record.consumed is None else (record.consumed,)


def _changed(one: GlobalState, other: GlobalState) -> set[Address]:
    """The mailboxes of one state that are not the same object in the other."""
    boxes = other.mailboxes
    return {place for place, box in one.mailboxes.items() if boxes.get(place) is not box}


def _in_flight(state: GlobalState, places: Iterable[Address]) -> Counter[Mail]:
    """How many copies of each message are in these mailboxes."""
    found: Counter[Mail] = Counter()
    for place in places:
        box = state.mailboxes.get(place)
        for message, copies in mail_in(box) if box is not None else ():
            found[message] += copies
    return found


def _miscounted(message: Mail, due: int, found: int) -> str:
    body = type(message.body).__name__
    line = f"{body} from {message.sender} to {message.target}"
    return f"{line} is in flight {found} times, should be {due} times"


ENGINE_LAWS: tuple[Property, ...] = (
    StepProperty("identities never change", Identities.id, Kind.ALWAYS, other_identity, alone=True),
    StepProperty("spawned ids are new", Identities.id, Kind.ALWAYS, stale_spawn, alone=True),
    StepProperty("messages are conserved", Conserved.id, Kind.ALWAYS, unconserved, alone=True),
    ReactionProperty("no step is refused", Pure.id, Kind.ALWAYS, refused),
    ReactionProperty("a finished engine is silent", Absorb.id, Kind.ALWAYS, unsilent),
    ReactionProperty(
        "sent messages carry the id of their sender", Identities.id, Kind.ALWAYS, forged
    ),
    ReactionProperty(
        "clocks never fall, and move only to the time of a timer that elapses",
        Clocks.id,
        Kind.ALWAYS,
        misplaced_clock,
    ),
    *REACTION_LAWS,
)
"""All laws of engines."""
