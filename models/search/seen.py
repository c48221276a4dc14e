"""Which states a search has visited, one at a time, in as few bytes as it takes.

Choices:
- Of a state only its 64-bit fingerprint is kept, in open addressing: 11 to 21 bytes for a state, 16 to 32
  with what is remembered there, where a Python set of the fingerprints takes 75 to 100.
- What monitors remember nearly always follows from the state, so the first memory stands beside the
  fingerprint, and a dictionary holds the pairs of a state and a further memory.
- Depths are kept only where a search is bounded by them: a state that is met nearer to the start than before
  has to be left once more, or what lies behind it would be missed.
"""

from enum import Enum
from typing import Any

import numpy as np
import numpy.typing as npt

from models.search.fingerprints import Slots

Numbers = memoryview
"""Numbers in an array, seen one at a time."""

_BITS = 14
"""How many places there are at first, as a power of 2."""


_NEVER = 1 << 32
"""A depth beyond all others."""


class Meeting(Enum):
    """How a search meets a state."""

    FIRST = "first"
    """For the first time."""
    FURTHER = "further"
    """Not for the first time, but with a memory that is new there."""
    NEARER = "nearer"
    """As before, but in fewer steps."""
    KNOWN = "known"
    """As before."""


class Seen:
    """The states that were visited, each with what was remembered there, and how far away it was."""

    def __init__(self, *, memories: bool, depths: bool) -> None:
        """Make an empty set; what need not be kept is not."""
        self._slots = Slots(_BITS)
        self._keeps_memories = memories
        self._keeps_depths = depths
        self._plain = not memories and not depths
        self._further: dict[tuple[int, int], int] = {}
        self._memories, self._depths = self._room(1 << _BITS)
        self._look()

    @property
    def states(self) -> int:
        """How many distinct states there are."""
        return self._slots.size

    @property
    def nodes(self) -> int:
        """How many distinct pairs of a state and what is remembered there are."""
        return self._slots.size + len(self._further)

    def bytes(self) -> int:
        """How much memory the arrays take."""
        return self._table.nbytes + self._memories.nbytes + self._depths.nbytes

    def knows(self, fingerprint: int, memory: int, depth: int) -> bool:
        """Whether the state would be met as before."""
        table = self._table
        place = fingerprint >> self._shift
        while (there := table[place]) != fingerprint:
            if not there:
                return False
            place = (place + 1) & self._last
        if self._plain:
            return True
        known = self._depths[place] if self._keeps_depths else 0
        if self._keeps_memories and self._memories[place] != memory:
            known = self._further.get((fingerprint, memory), _NEVER)
        return known <= (depth if self._keeps_depths else 0)

    def has(self, fingerprint: int) -> bool:
        """Whether the state was visited, whatever was remembered there."""
        return self._table[self._place(fingerprint)] == fingerprint

    def has_pair(self, fingerprint: int, memory: int) -> bool:
        """Whether the state was visited, and that was remembered there."""
        return self.knows(fingerprint, memory, _NEVER - 1)

    def meet(self, fingerprint: int, memory: int, depth: int) -> Meeting:
        """Meet the state, and note it."""
        if self._slots.full(1):
            self._double()
        table = self._table
        place = fingerprint >> self._shift
        while (there := table[place]) != fingerprint:
            if not there:
                table[place] = fingerprint
                self._slots.size += 1
                self._keep(place, memory, depth)
                return Meeting.FIRST
            place = (place + 1) & self._last
        if self._keeps_memories and self._memories[place] != memory:
            return self._meet_further((fingerprint, memory), depth)
        if self._keeps_depths and depth < self._depths[place]:
            self._depths[place] = depth
            return Meeting.NEARER
        return Meeting.KNOWN

    def _meet_further(self, pair: tuple[int, int], depth: int) -> Meeting:
        known = self._further.get(pair)
        if known is not None and (not self._keeps_depths or known <= depth):
            return Meeting.KNOWN
        self._further[pair] = depth if self._keeps_depths else 0
        return Meeting.FURTHER if known is None else Meeting.NEARER

    def _keep(self, place: int, memory: int, depth: int) -> None:
        if self._keeps_memories:
            self._memories[place] = memory
        if self._keeps_depths:
            self._depths[place] = depth

    def _place(self, fingerprint: int) -> int:
        """Where a fingerprint stands, or where it is to stand."""
        place = fingerprint >> self._shift
        while self._table[place] not in (0, fingerprint):
            place = (place + 1) & self._last
        return place

    def _double(self) -> None:
        slots, memories, depths = self._slots.doubled(), self._memories, self._depths
        self._memories, self._depths = self._room(slots.table.size)
        for old, now in self._slots.move(slots):
            for before, after in ((memories, self._memories), (depths, self._depths)):
                if after:
                    np.asarray(after)[now] = np.asarray(before)[old]
        self._slots = slots
        self._look()

    def _room(self, size: int) -> tuple[Numbers, Numbers]:
        """Room for memories and depths, as far as they are kept."""
        kept = (self._keeps_memories, self._keeps_depths)
        memories, depths = (view(np.zeros(size * keeps, dtype=np.uint32)) for keeps in kept)
        return memories, depths

    def _look(self) -> None:
        """See the slots one at a time."""
        self._table = view(self._slots.table)
        self._last = len(self._table) - 1
        self._shift = 64 - self._last.bit_length()


def view(array: npt.NDArray[Any]) -> Numbers:
    """The same numbers, one at a time: quicker than out of the array."""
    numbers: Numbers = memoryview(array)  # type: ignore[arg-type]  # it has a buffer
    return numbers
