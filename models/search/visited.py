"""Which states a vectorised search has visited, and with what monitors remembering what."""

import numpy as np

from models.search.fingerprints import (
    FingerprintMap,
    Fingerprints,
    FingerprintSet,
    Flags,
    Places,
    Values,
    occurrences,
)
from models.search.tables import Hashes


class Visited:
    """The states that were visited, each with what was remembered when it first was.

    What monitors remember nearly always follows from the state. So a map from states to memories
    holds almost everything, and a set holds the pairs of a state and a further memory.
    """

    def __init__(self) -> None:
        self._states = FingerprintMap()
        self._further = FingerprintSet()

    @property
    def states(self) -> int:
        """How many distinct states there are."""
        return self._states.size

    @property
    def nodes(self) -> int:
        """How many distinct pairs of a state and what is remembered there are."""
        return self._states.size + self._further.size

    def bytes(self) -> int:
        """How much memory this takes."""
        return self._states.bytes() + self._further.bytes()

    def add(self, sums: Fingerprints, memories: Values, hashes: Hashes) -> tuple[Places, Flags]:
        """Visit states; where the first occurrences of new pairs are, in order, and which states are new.

        Args:
            sums: what stands for the states.
            memories: the numbers of what is remembered in each.
            hashes: of each such number, the random number that stands for it.
        """
        distinct, firsts, which = occurrences(sums)
        remembered, new = self._states.put(distinct, memories[firsts])
        further = self._more(sums, memories, remembered[which], hashes)
        places = np.concatenate((firsts[new], further))
        order = np.argsort(places)
        return places[order], order < np.count_nonzero(new)

    def _more(
        self, sums: Fingerprints, memories: Values, remembered: Values, hashes: Hashes
    ) -> Places:
        """Where states are met with a memory that is new for them."""
        differing = np.flatnonzero(memories != remembered)
        return differing[self._further.add(sums[differing] + hashes[memories[differing]])]
