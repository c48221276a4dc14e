"""What operations make of configurations is found again, in a table and in a map."""

import numpy as np
import pytest

from models.search import lookup
from models.search.actors import IMPOSSIBLE, REFUSED
from models.search.lookup import UNKNOWN, Ints, Lookup, distinct_pairs


def ints(*numbers: int) -> Ints:
    return np.array(numbers, dtype=np.int32)


@pytest.mark.parametrize("largest", [lookup.LARGEST, 0], ids=["table", "map"])
def test_results_stay_when_the_room_grows(largest: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookup, "LARGEST", largest)
    known = Lookup()
    known.put(ints(1, 15), ints(2, 15), ints(7, REFUSED))
    known.reserve(100, 3)
    known.put(ints(99), ints(1), ints(IMPOSSIBLE))
    known.reserve(100, 400)
    known.put(ints(0), ints(399), ints(5))
    asked = ints(1, 15, 99, 0, 1, 2), ints(2, 15, 1, 399, 3, 1)
    assert known.get(*asked).tolist() == [7, REFUSED, IMPOSSIBLE, 5, UNKNOWN, UNKNOWN]


def test_a_table_that_would_be_too_large_becomes_a_map(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookup, "LARGEST", 1 << 10)
    known = Lookup()
    known.reserve(32, 32)
    small = known.bytes()
    known.reserve(1 << 20, 1 << 20)
    assert known.bytes() < small + (1 << 20)


def test_pairs_are_distinct_and_in_order() -> None:
    numbers, operations = distinct_pairs(ints(3, 1, 3, 1, 0), ints(1, 9, 1, 2, 5))
    assert list(zip(numbers.tolist(), operations.tolist(), strict=True)) == [
        (0, 5),
        (1, 2),
        (1, 9),
        (3, 1),
    ]
