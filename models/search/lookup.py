"""What operations make of the configurations of one column, looked up for many places at a time."""

from typing import Any

import numpy as np
import numpy.typing as npt

from models.search.fingerprints import FingerprintMap, Fingerprints

UNKNOWN = -1
"""What stands in a table where nobody has looked yet."""

Ints = npt.NDArray[np.integer[Any]]
"""Numbers of configurations, operations and the like."""

LARGEST = 1 << 22
"""How many places a square table may have; what is larger is kept as a map of what is known."""

_SCATTER = np.uint64(0x9E3779B97F4A7C15)
"""An odd number: multiplied by it, keys that stand close together get upper bits that differ."""

_HALF = np.uint64(32)
_LOWER = np.uint64((1 << 32) - 1)


class Lookup:
    """The results that are known: a square table while that is small, then a map."""

    def __init__(self) -> None:
        self._square: Ints | None = np.full((16, 16), UNKNOWN, dtype=np.int32)
        self._map = FingerprintMap()

    def bytes(self) -> int:
        """How much memory this takes."""
        return self._map.bytes() + (0 if self._square is None else self._square.nbytes)

    def get(self, numbers: Ints, operations: Ints) -> Ints:
        """What is known, place by place; UNKNOWN where nothing is."""
        if self._square is None:
            return self._map.get(_keys(numbers, operations), UNKNOWN)
        found: Ints = self._square[numbers, operations]
        return found

    def put(self, numbers: Ints, operations: Ints, results: Ints) -> None:
        """Note the results of distinct pairs."""
        if self._square is not None:
            self._square[numbers, operations] = results
        else:
            self._map.put(_keys(numbers, operations), results)

    def reserve(self, rows: int, width: int) -> None:
        """Let there be room for so many configurations and operations."""
        square = self._square
        if square is None or (rows <= square.shape[0] and width <= square.shape[1]):
            return
        shape = tuple(
            old if old >= new else max(new, 2 * old)
            for new, old in zip((rows, width), square.shape, strict=True)
        )
        if shape[0] * shape[1] > LARGEST:
            numbers, operations = (each.astype(np.int32) for each in np.nonzero(square != UNKNOWN))
            self._square = None
            self.put(numbers, operations, square[numbers, operations])
            return
        self._square = np.full(shape, UNKNOWN, dtype=np.int32)
        self._square[: square.shape[0], : square.shape[1]] = square


def distinct_pairs(numbers: Ints, operations: Ints) -> tuple[Ints, Ints]:
    """Each pair that occurs, once, in order."""
    pairs = np.unique(_pairs(numbers, operations))
    return (pairs >> _HALF).astype(np.int32), (pairs & _LOWER).astype(np.int32)


def _keys(numbers: Ints, operations: Ints) -> Fingerprints:
    """A fingerprint for each pair; no two have the same."""
    return _pairs(numbers, operations) * _SCATTER


def _pairs(numbers: Ints, operations: Ints) -> Fingerprints:
    """Each pair as one number; operations are numbered from 1, so none is 0."""
    return (numbers.astype(np.uint64) << _HALF) | operations.astype(np.uint64)
