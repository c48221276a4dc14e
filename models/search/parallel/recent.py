"""What a helper has told lately: a filter that forgets, so that it stays small and fast."""

import numpy as np

from models.search.fingerprints import Fingerprints, Places, Values

BITS = 20
"""How many places there are, as a power of 2: 16 MB in all."""


class Recent:
    """States that were told, each with what is remembered there; of two that share a place, the later."""

    def __init__(self, bits: int = BITS) -> None:
        """Make 2 to the power of `bits` places."""
        self._bits = np.uint64(64 - bits)
        self._sums = np.zeros(1 << bits, dtype=np.uint64)
        self._memories = np.zeros(1 << bits, dtype=np.int32)
        self._first = np.zeros(1 << bits, dtype=np.int32)

    def add(self, sums: Fingerprints, memories: Values) -> Places:
        """Tell of states; where those are, in order, of which it is not known that they were told.

        Of those that are told several times at once, the first is one of them.
        """
        slots = (sums >> self._bits).astype(np.int64)
        known = (self._sums[slots] == sums) & (self._memories[slots] == memories)
        unknown = np.flatnonzero(~known)
        sums, memories, slots = sums[unknown], memories[unknown], slots[unknown]
        numbers = np.arange(unknown.size, dtype=np.int32)
        self._first[slots[::-1]] = numbers[::-1]
        firsts = self._first[slots]
        again = (firsts != numbers) & (sums[firsts] == sums) & (memories[firsts] == memories)
        self._sums[slots] = sums
        self._memories[slots] = memories
        new: Places = unknown[~again]
        return new
