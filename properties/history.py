"""Histories: which versions of items each transaction read and wrote, with a small notation.

The words are Adya's (Weak Consistency, 1999). A history is written as one entry per transaction:

    1: r(x0) w(x1=5)  2!: r(x1=5)  3?: w(y3=7)

- `1:` has committed, `2!:` has aborted, `3?:` is still running.
- `r(x0)` reads version 0 of x, `r(x1=5)` sees the value 5 in version 1 of it. Version 0 is the one
  that no transaction of the history wrote.
- `w(x1=5)` leaves the value 5 in x as version 1: versions are named by their writers.
- `w(x1=5#2)` says, too, that it is the version in place 2 of the order of x's versions.
- An item that ends in a digit is followed by @: `r(account7@0)`.

Choices:

- The versions of an item have an order that was fixed beforehand, whenever they are written. Where
  nothing else is said it is that of the numbers of their writers: timestamps, in a multi-version
  store that orders transactions. Otherwise each version has a place of its own: the version number,
  where a transaction names the versions of objects that it replaces.
- A transaction has at most one final write per item; a value that it wrote and replaced is known
  by this, that it differs from the final one.
"""

import re
from enum import Enum
from typing import NewType

from attrs import evolve, frozen
from pyrsistent import PMap, PSet, pmap, pset

TransactionId = NewType("TransactionId", int)
"""The number of a transaction, 1 or more; it names the versions that the transaction writes."""

Item = NewType("Item", str)
"""What is read and written: a key, an object."""

Value = NewType("Value", int)
"""What an item holds."""

INITIAL = TransactionId(0)
"""Who wrote what was there before the first transaction."""


class Status(Enum):
    """How far a transaction has got; the mark that the notation has for it."""

    COMMITTED = ""
    """It has succeeded: what it wrote counts."""
    ABORTED = "!"
    """It has failed: nobody may see what it wrote."""
    RUNNING = "?"
    """Neither is known yet."""


@frozen(cache_hash=True)
class Read:
    """A read of one version of one item."""

    item: Item
    """The item."""
    version: TransactionId
    """Who wrote what it saw."""
    value: Value | None = None
    """What it saw, where that is known."""


@frozen(cache_hash=True)
class Transaction:
    """What one transaction did."""

    reads: PSet[Read] = pset()
    """What it read."""
    writes: PMap[Item, Value] = pmap()
    """The final value of each item that it wrote."""
    status: Status = Status.RUNNING
    """How far it has got."""


@frozen(cache_hash=True)
class History:
    """What all transactions did."""

    transactions: PMap[TransactionId, Transaction] = pmap()
    """Each of them."""
    places: PMap[tuple[Item, TransactionId], int] = pmap()
    """The places of versions in the order of their items, where these are not their writers'
    numbers."""

    def of(self, transaction: TransactionId) -> Transaction:
        """What a transaction did; nothing so far, if the history does not know it."""
        return self.transactions.get(transaction, Transaction())

    def with_read(self, transaction: TransactionId, read: Read) -> "History":
        """The history in which the transaction has read this too."""
        known = self.of(transaction)
        return self._with(transaction, evolve(known, reads=known.reads.add(read)))

    def with_write(
        self, transaction: TransactionId, item: Item, value: Value, place: int | None = None
    ) -> "History":
        """The history in which the transaction leaves this value in the item, in this place."""
        known = self.of(transaction)
        written = self._with(transaction, evolve(known, writes=known.writes.set(item, value)))
        if place is None:
            return written
        return evolve(written, places=self.places.set((item, transaction), place))

    def with_status(self, transaction: TransactionId, status: Status) -> "History":
        """The history in which the transaction has got this far."""
        return self._with(transaction, evolve(self.of(transaction), status=status))

    def place(self, item: Item, version: TransactionId) -> int:
        """The place of a version in the order of its item; INITIAL comes before all others."""
        return self.places.get((item, version), version)

    def _with(self, transaction: TransactionId, known: Transaction) -> "History":
        return evolve(self, transactions=self.transactions.set(transaction, known))


class NotationError(ValueError):
    """A text that is no history in the notation."""


_HEAD = re.compile(r"(?P<id>[1-9][0-9]*)(?P<mark>[!?]?):")
_OPERATION = re.compile(
    r"(?P<kind>[rw])\((?P<item>[^\s()=@]+?)@?(?P<version>[0-9]+)"
    r"(=(?P<value>-?[0-9]+)(#(?P<place>[0-9]+))?)?\)"
)


def parse(text: str) -> History:
    """The history that a text in the notation says.

    Raises:
        NotationError: the text is none; the message names the word and what was expected.
    """
    history = History()
    current: TransactionId | None = None
    for word in text.split():
        head = _HEAD.fullmatch(word)
        if head is not None:
            current = _new_transaction(history, TransactionId(int(head["id"])))
            history = history.with_status(current, Status(head["mark"]))
        elif current is None:
            raise NotationError(f"{word!r}: expected a transaction first, such as `1:`")
        else:
            history = _with_operation(history, current, word)
    return history


def _new_transaction(history: History, transaction: TransactionId) -> TransactionId:
    if transaction in history.transactions:
        raise NotationError(f"'{transaction}:' stands twice: expected each transaction once")
    return transaction


def _with_operation(history: History, transaction: TransactionId, word: str) -> History:
    match = _OPERATION.fullmatch(word)
    if match is None:
        raise NotationError(f"{word!r}: expected `r(x0)`, `r(x0=5)` or `w(x{transaction}=5)`")
    item, version = Item(match["item"]), TransactionId(int(match["version"]))
    value = Value(int(match["value"])) if match["value"] else None
    place = int(match["place"]) if match["place"] else None
    if match["kind"] == "r" and place is None:
        return history.with_read(transaction, Read(item, version, value))
    if match["kind"] == "r":
        raise NotationError(f"{word!r}: expected no place, `r({item}{version})`")
    if version != transaction or value is None:
        raise NotationError(f"{word!r}: expected a version and a value, `w({item}{transaction}=5)`")
    return history.with_write(transaction, item, value, place)


def render(history: History) -> str:
    """The history in the notation, in the order of numbers and items."""
    return "  ".join(
        _rendered(transaction, history) for transaction in sorted(history.transactions)
    )


def _rendered(number: TransactionId, history: History) -> str:
    transaction = history.transactions[number]
    seen = sorted(transaction.reads, key=lambda read: (read.item, read.version, str(read.value)))
    reads = (f"r({_version(read.item, read.version, read.value)})" for read in seen)
    writes = (
        f"w({_version(item, number, transaction.writes[item])}{_place(history, item, number)})"
        for item in sorted(transaction.writes)
    )
    return " ".join((f"{number}{transaction.status.value}:", *reads, *writes))


def _place(history: History, item: Item, version: TransactionId) -> str:
    place = history.places.get((item, version))
    return "" if place is None else f"#{place}"


def _version(item: Item, version: TransactionId, value: Value | None) -> str:
    joint = "@" if item[-1:].isdigit() else ""
    seen = "" if value is None else f"={value}"
    return f"{item}{joint}{version}{seen}"
