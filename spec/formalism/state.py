"""The global state: all engines, all mailboxes, and the faults that may still happen."""

from typing import Any

from attrs import frozen
from pyrsistent import PMap, pmap

from spec.formalism.canonical import Digest, digest
from spec.formalism.delivery import AnyDiscipline, Box, Mail
from spec.formalism.engine import Engine
from spec.formalism.identity import EngineId
from spec.formalism.message import MailboxId


@frozen(order=True, cache_hash=True)
class Address:
    """One mailbox of one engine."""

    engine: EngineId
    """Whose it is."""
    mailbox: MailboxId
    """Which of its mailboxes."""


@frozen
class Faults:
    """How many faults of each kind may happen in a run, or may still happen."""

    duplicates: int = 0
    """How many messages may be delivered once more than they were sent."""
    losses: int = 0
    """How many messages may be lost."""


NO_FAULTS = Faults()
"""A network that duplicates nothing and loses nothing."""


@frozen(cache_hash=True)
class GlobalState:
    """Everything there is at one moment."""

    engines: PMap[EngineId, Engine]
    """All engines, finished ones too."""
    mailboxes: PMap[Address, Box]
    """The messages in flight, in the shape of the discipline; empty mailboxes are left out."""
    faults: Faults = NO_FAULTS
    """The faults that may still happen."""


@frozen
class Mailbox:
    """A mailbox as S3 has it: the messages in it, and a state of its own."""

    box: Box | None
    """The messages that wait in it, in the shape of the discipline; nothing where none waits."""
    state: Any
    """The state that the engine keeps for it; nothing where it keeps none."""


def mailbox_cluster(state: GlobalState, engine: EngineId) -> PMap[MailboxId, Mailbox]:
    """S3's mailbox cluster of an engine: its mailboxes that hold a message or have a state."""
    boxes = {
        address.mailbox: box for address, box in state.mailboxes.items() if address.engine == engine
    }
    states = state.engines[engine].environment.mailbox_states
    return pmap({each: Mailbox(boxes.get(each), states.get(each)) for each in {*boxes, *states}})


def messages(discipline: AnyDiscipline, state: GlobalState) -> tuple[Mail, ...]:
    """All messages in flight, one per copy, by mailbox and place."""
    return tuple(
        message
        for address in sorted(state.mailboxes)
        for line in discipline.lines(state.mailboxes[address])
        for message in line
        for _ in range(copies(state.mailboxes[address], message))
    )


def copies(box: Box, message: Mail) -> int:
    """How many copies an entry of a mailbox stands for: above 1 in unordered mailboxes only."""
    count = box.get(message) if isinstance(box, PMap) else None
    return count if isinstance(count, int) else 1


def post(
    discipline: AnyDiscipline, mailboxes: PMap[Address, Box], message: Mail
) -> PMap[Address, Box]:
    """The mailboxes after one message has been sent."""
    address = Address(message.target, message.mailbox)
    return mailboxes.set(address, discipline.put(mailboxes.get(address, discipline.empty), message))


def initial_state(
    discipline: AnyDiscipline,
    engines: tuple[Engine, ...],
    in_flight: tuple[Mail, ...] = (),
    faults: Faults = NO_FAULTS,
) -> GlobalState:
    """The state with these engines and these messages sent, in this order."""
    mailboxes: PMap[Address, Box] = pmap()
    for message in in_flight:
        mailboxes = post(discipline, mailboxes, message)
    return GlobalState(
        pmap({engine.identity.external: engine for engine in engines}), mailboxes, faults
    )


def state_digest(state: GlobalState) -> Digest:
    """The fingerprint of a global state, the same in every process."""
    return digest(state)
