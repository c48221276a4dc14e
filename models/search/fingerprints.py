"""Sets and maps of 64-bit fingerprints, kept in arrays: what vectorised searches have visited or worked out."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

Fingerprints = npt.NDArray[np.uint64]
"""Fingerprints of states."""

Places = npt.NDArray[np.int64]
"""Places in an array."""

Values = npt.NDArray[np.integer[Any]]
"""What a map holds."""

Flags = npt.NDArray[np.bool_]
"""Whether something is so, place by place."""

EMPTY = np.uint64(0)
"""What stands in free places of a table; no fingerprint is 0."""

_FULLEST = 0.75
"""How full a table may get before it doubles."""

_BLOCK = 1 << 16
"""How many places of a table are moved at a time."""


class Slots:
    """Open addressing: a place for each fingerprint, found a whole array at a time.

    The first place that is tried is given by the upper bits: fingerprints that are looked for in
    order are also found nearly in order, which memory likes.
    """

    def __init__(self, bits: int) -> None:
        """Make 2 to the power of `bits` free places."""
        self._bits = bits
        self.table = np.zeros(1 << bits, dtype=np.uint64)
        self.size = 0

    def full(self, more: int) -> bool:
        """Whether so many more would be too many."""
        return self.size + more > _FULLEST * self.table.size

    def find(self, wanted: Fingerprints) -> Places:
        """Where each fingerprint stands, or where the first free place for it is."""
        return self._search(wanted, insert=False)[0]

    def insert(self, distinct: Fingerprints) -> tuple[Places, Flags]:
        """Let distinct fingerprints have places; where they are, and which are new."""
        places, new = self._search(distinct, insert=True)
        self.size += int(np.count_nonzero(new))
        return places, new

    def doubled(self) -> "Slots":
        """Twice the room, with nothing in it yet."""
        return Slots(self._bits + 1)

    def move(self, roomier: "Slots") -> Iterator[tuple[Places, Places]]:
        """Let all fingerprints have places elsewhere; where they were, and where they are.

        They move block by block: the room that this takes meanwhile does not grow with the table.
        """
        for start in range(0, self.table.size, _BLOCK):
            old = np.flatnonzero(self.table[start : start + _BLOCK] != EMPTY) + start
            yield old, roomier.insert(self.table[old])[0]

    def _search(self, wanted: Fingerprints, *, insert: bool) -> tuple[Places, Flags]:
        table, last = self.table, np.int64(self.table.size - 1)
        places = (wanted >> np.uint64(64 - self._bits)).astype(np.int64)
        new = np.zeros(wanted.size, dtype=np.bool_)
        waiting = np.arange(wanted.size)
        while waiting.size:
            values, tried = wanted[waiting], places[waiting]
            free = table[tried] == EMPTY
            if insert:
                table[tried[free]] = values[free]
            there = table[tried] == values
            new[waiting[free & there]] = insert
            waiting = waiting[~there & ~free] if not insert else waiting[~there]
            places[waiting] = (places[waiting] + 1) & last
        return places, new


class FingerprintSet:
    """A set whose members are added a whole array at a time."""

    def __init__(self, bits: int = 14) -> None:
        """Make an empty set with 2 to the power of `bits` places."""
        self._slots = Slots(bits)

    @property
    def size(self) -> int:
        """How many members there are."""
        return self._slots.size

    def bytes(self) -> int:
        """How much memory the set takes."""
        return self._slots.table.nbytes

    def add(self, members: Fingerprints) -> Places:
        """Add fingerprints; the places of the first occurrences of those that are new, in order."""
        distinct, firsts = first_occurrences(members)
        while self._slots.full(distinct.size):
            self._double()
        return np.sort(firsts[self._slots.insert(distinct)[1]])

    def _double(self) -> None:
        roomier = self._slots.doubled()
        for _ in self._slots.move(roomier):
            pass
        self._slots = roomier


class FingerprintMap:
    """A number from 0 on for each of its keys; the first one stays."""

    def __init__(self, bits: int = 14) -> None:
        """Make an empty map with 2 to the power of `bits` places."""
        self._slots = Slots(bits)
        self._values: Values = np.zeros(1 << bits, dtype=np.int32)

    @property
    def size(self) -> int:
        """How many keys there are."""
        return self._slots.size

    def bytes(self) -> int:
        """How much memory the map takes."""
        return self._slots.table.nbytes + self._values.nbytes

    def put(self, distinct: Fingerprints, values: Values) -> tuple[Values, Flags]:
        """Give numbers to the keys that have none; what each has now, and which are new."""
        while self._slots.full(distinct.size):
            self._double()
        places, new = self._slots.insert(distinct)
        self._values[places[new]] = values[new]
        return self._values[places], new

    def get(self, keys: Fingerprints, otherwise: int) -> Values:
        """The number of each key."""
        places = self._slots.find(keys)
        known = self._slots.table[places] == keys
        return np.where(known, self._values[places], np.int32(otherwise))

    def _double(self) -> None:
        roomier = self._slots.doubled()
        values = np.zeros(roomier.table.size, dtype=np.int32)
        for old, now in self._slots.move(roomier):
            values[now] = self._values[old]
        self._slots, self._values = roomier, values


def first_occurrences(members: Fingerprints) -> tuple[Fingerprints, Places]:
    """The distinct members in order, and the place where each occurs first."""
    distinct, firsts, _ = occurrences(members)
    return distinct, firsts


def occurrences(members: Fingerprints) -> tuple[Fingerprints, Places, Places]:
    """The distinct members in order, where each occurs first, and of each member which it is."""
    if not members.size:
        return members, np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    order = np.argsort(members)
    ordered = members[order]
    starts = np.concatenate(([True], ordered[1:] != ordered[:-1]))
    begins = np.flatnonzero(starts)
    which = np.empty(members.size, dtype=np.int64)
    which[order] = np.cumsum(starts) - 1
    return ordered[begins], np.minimum.reduceat(order, begins), which
