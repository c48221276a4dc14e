"""Delivery disciplines: which message of a mailbox may be next."""

from abc import abstractmethod
from collections.abc import Iterable
from typing import Any, ClassVar

from pyrsistent import PMap, PSet, PVector, pmap, pset, pvector

from spec.formalism.canonical import encode
from spec.formalism.identity import EngineId
from spec.formalism.message import Message
from spec.formalism.rule import Clause, RuleId, Source, Text

Mail = Message[Any]
"""Any message."""

Box = PMap[Any, Any] | PSet[Mail]
"""The contents of one mailbox, in the shape that its discipline gives it."""


class Discipline(Clause):
    """How a mailbox keeps its messages, and in which order they may be taken."""

    name: ClassVar[str]
    """The word for it in scenarios and traces."""
    empty: ClassVar[Box]
    """A mailbox without messages."""

    @staticmethod
    @abstractmethod
    def put(box: Any, message: Mail) -> Box:
        """The mailbox after the message has been sent."""

    @staticmethod
    @abstractmethod
    def consume(box: Any, message: Mail) -> Box:
        """The mailbox after the message has been processed."""

    @staticmethod
    @abstractmethod
    def lose(box: Any, message: Mail) -> Box:
        """The mailbox after one copy of the message has been lost."""

    @staticmethod
    @abstractmethod
    def lines(box: Any) -> tuple[tuple[Mail, ...], ...]:
        """The queues of the mailbox: of each, the first message a guard accepts may be next."""

    @staticmethod
    @abstractmethod
    def duplicate(box: Any, message: Mail) -> Box:
        """The mailbox with one more copy of the message."""


class Unordered(Discipline):
    """Any message in a mailbox may be the next one, whatever was sent before it."""

    id = RuleId("delivery.unordered")
    version = 1
    sources = (Source(Text.S4, "a list of messages that were sent to the MID but not processed"),)
    decides = "The weakest order: what holds under it holds wherever nothing is lost or duplicated."
    name = "unordered"
    empty: ClassVar[Box] = pmap()

    @staticmethod
    def put(box: PMap[Mail, int], message: Mail) -> Box:
        """One copy more."""
        return box.set(message, box.get(message, 0) + 1)

    @staticmethod
    def consume(box: PMap[Mail, int], message: Mail) -> Box:
        """One copy fewer."""
        copies = box[message]
        return box.remove(message) if copies == 1 else box.set(message, copies - 1)

    lose = consume
    duplicate = put

    @staticmethod
    def lines(box: PMap[Mail, int]) -> tuple[tuple[Mail, ...], ...]:
        """Every message is a line of its own."""
        return tuple((message,) for message in in_order(box))


class Fifo(Discipline):
    """From each sender, the next message is its oldest one in the mailbox that a guard accepts."""

    id = RuleId("delivery.fifo")
    version = 1
    sources = (Source(Text.S4, "a list of messages that were sent to the MID but not processed"),)
    decides = (
        "Strict order would deadlock: a message that must wait for another sender's would block "
        "those behind it for ever."
    )
    name = "fifo"
    empty: ClassVar[Box] = pmap()

    @staticmethod
    def put(box: PMap[EngineId, PVector[Mail]], message: Mail) -> Box:
        """Behind what the sender sent before."""
        return box.set(message.sender, box.get(message.sender, pvector()).append(message))

    @staticmethod
    def consume(box: PMap[EngineId, PVector[Mail]], message: Mail) -> Box:
        """The sender's oldest copy leaves."""
        line = box[message.sender].remove(message)
        return box.set(message.sender, line) if line else box.remove(message.sender)

    lose = consume

    @staticmethod
    def duplicate(box: PMap[EngineId, PVector[Mail]], message: Mail) -> Box:
        """The copy stands right behind the original."""
        line = box[message.sender]
        place = line.index(message) + 1
        return box.set(message.sender, line[:place].append(message).extend(line[place:]))

    @staticmethod
    def lines(box: PMap[EngineId, PVector[Mail]]) -> tuple[tuple[Mail, ...], ...]:
        """One line per sender."""
        return tuple(tuple(box[sender]) for sender in sorted(box))


class SetDelivery(Discipline):
    """Messages stay when they are processed: each may be the next one again and again."""

    id = RuleId("delivery.set")
    version = 1
    sources = (Source(Text.PAPER, "two-phase commit as Gray and Lamport specify it (2006)"),)
    decides = "The network of the literature's specifications: a set of messages that only grows."
    name = "set"
    empty: ClassVar[Box] = pset()

    @staticmethod
    def put(box: PSet[Mail], message: Mail) -> Box:
        """The message is there."""
        return box.add(message)

    @staticmethod
    def consume(box: PSet[Mail], message: Mail) -> Box:  # the shape of the others
        """The message is there still."""
        return box

    @staticmethod
    def lose(box: PSet[Mail], message: Mail) -> Box:
        """The message is there no longer."""
        return box.remove(message)

    duplicate = put

    @staticmethod
    def lines(box: PSet[Mail]) -> tuple[tuple[Mail, ...], ...]:
        """Every message is a line of its own."""
        return tuple((message,) for message in in_order(box))


def in_order(messages: Iterable[Mail]) -> list[Mail]:
    """The messages in the one order that every process agrees on."""
    return sorted(messages, key=encode)


AnyDiscipline = type[Discipline]
"""A discipline: it has no instances, for it has nothing to remember."""

DISCIPLINES: tuple[AnyDiscipline, ...] = (Unordered, Fifo, SetDelivery)
"""The disciplines there are."""
