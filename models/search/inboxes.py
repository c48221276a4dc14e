"""Numbers for inboxes: what an engine finds in all of its mailboxes, under the system's discipline."""

from pyrsistent import PMap, pmap

from models.search.values import NOTHING, Values
from spec.formalism.delivery import AnyDiscipline, Box, Mail
from spec.formalism.identity import EngineId
from spec.formalism.message import MailboxId
from spec.formalism.state import Address

Inbox = PMap[MailboxId, Box]
"""The mailboxes of one engine that hold messages."""


class Inboxes:
    """The inboxes that a search has met, and what becomes of them; each is worked out once.

    Attributes:
        messages: the messages that have numbers.
    """

    def __init__(self, discipline: AnyDiscipline) -> None:
        self._discipline = discipline
        self.messages = Values()
        self._boxes = Values()
        self._posted: dict[tuple[int, int], int] = {}
        self._consumed: dict[tuple[int, int], int] = {}
        self._lines: dict[int, tuple[tuple[int, ...], ...]] = {}
        self._addresses: dict[tuple[EngineId, int], dict[Address, Box]] = {}

    def number(self, boxes: Inbox) -> int:
        """The number of an inbox."""
        return self._boxes.number(boxes) if boxes else NOTHING

    def boxes(self, inbox: int) -> Inbox:
        """The mailboxes of an inbox that hold messages."""
        if inbox == NOTHING:
            return pmap()
        boxes: Inbox = self._boxes[inbox]
        return boxes

    def addressed(self, name: EngineId, inbox: int) -> dict[Address, Box]:
        """The mailboxes of an engine by their addresses."""
        key = (name, inbox)
        if key not in self._addresses:
            boxes = self.boxes(inbox).items()
            self._addresses[key] = {Address(name, mailbox): box for mailbox, box in boxes}
        return self._addresses[key]

    def lines(self, inbox: int) -> tuple[tuple[int, ...], ...]:
        """The lines in which messages wait, mailbox by mailbox; the first that is accepted may be taken."""
        if inbox not in self._lines:
            boxes = self.boxes(inbox)
            self._lines[inbox] = tuple(
                tuple(self.messages.number(message) for message in line)
                for mailbox in sorted(boxes)
                for line in self._discipline.lines(boxes[mailbox])
            )
        return self._lines[inbox]

    def put(self, inbox: int, message: int) -> int:
        """The inbox with one more message."""
        key = (inbox, message)
        if key not in self._posted:
            mail: Mail = self.messages[message]
            boxes = self.boxes(inbox)
            box = self._discipline.put(boxes.get(mail.mailbox, self._discipline.empty), mail)
            self._posted[key] = self.number(boxes.set(mail.mailbox, box))
        return self._posted[key]

    def take(self, inbox: int, message: int) -> int:
        """The inbox after a message was taken from it."""
        key = (inbox, message)
        if key not in self._consumed:
            mail: Mail = self.messages[message]
            boxes = self.boxes(inbox)
            box = self._discipline.consume(boxes[mail.mailbox], mail)
            left = boxes.set(mail.mailbox, box) if box else boxes.remove(mail.mailbox)
            self._consumed[key] = self.number(left)
        return self._consumed[key]
