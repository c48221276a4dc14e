"""A set of 64-bit fingerprints, kept in one array: the visited states of a vectorised search."""

import numpy as np
import numpy.typing as npt

Fingerprints = npt.NDArray[np.uint64]
"""Fingerprints of states."""

Places = npt.NDArray[np.int64]
"""Places in an array."""

EMPTY = np.uint64(0)
"""What stands in free places of the table; no member is 0."""

_FULLEST = 0.6
"""How full the table may get before it doubles."""


class FingerprintSet:
    """A set with open addressing, whose members are added a whole array at a time.

    A member's first place is given by its upper bits: members that are added in order
    are also written nearly in order, which memory likes.
    """

    def __init__(self, bits: int = 14) -> None:
        """Make an empty set with 2 to the power of `bits` places."""
        self._bits = bits
        self._table = np.zeros(1 << bits, dtype=np.uint64)
        self.size = 0

    def bytes(self) -> int:
        """How much memory the set takes."""
        return self._table.nbytes

    def add(self, members: Fingerprints) -> Places:
        """Add fingerprints; the places of the first occurrences of those that are new, in order."""
        distinct, firsts = first_occurrences(members)
        while self.size + distinct.size > _FULLEST * self._table.size:
            self._double()
        new = self._insert(distinct)
        self.size += int(np.count_nonzero(new))
        return np.sort(firsts[new])

    def _double(self) -> None:
        members = np.sort(self._table[self._table != EMPTY])
        self._bits += 1
        self._table = np.zeros(1 << self._bits, dtype=np.uint64)
        self._insert(members)

    def _insert(self, distinct: Fingerprints) -> npt.NDArray[np.bool_]:
        """Write distinct members into the table; which of them were not there."""
        table, last = self._table, np.int64(self._table.size - 1)
        new = np.zeros(distinct.size, dtype=np.bool_)
        waiting = np.arange(distinct.size)
        places = (distinct >> np.uint64(64 - self._bits)).astype(np.int64)
        while waiting.size:
            values = distinct[waiting]
            free = table[places] == EMPTY
            table[places[free]] = values[free]
            there = table[places] == values
            new[waiting[free & there]] = True
            waiting, places = waiting[~there], (places[~there] + 1) & last
        return new


def first_occurrences(members: Fingerprints) -> tuple[Fingerprints, Places]:
    """The distinct members in order, and the place where each occurs first."""
    if not members.size:
        return members, np.zeros(0, dtype=np.int64)
    order = np.argsort(members)
    ordered = members[order]
    starts = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    return ordered[starts], np.minimum.reduceat(order, starts)
