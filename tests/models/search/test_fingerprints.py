"""Sets and maps of fingerprints do what Python's do."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from models.search.fingerprints import (
    FingerprintMap,
    Fingerprints,
    FingerprintSet,
    first_occurrences,
    occurrences,
)

HALF = 1 << 63

CLOSE = st.integers(1, 40) | st.integers(HALF, HALF + 3) | st.integers(2**64 - 5, 2**64 - 1)
"""Fingerprints that fight for the same places, the last ones too."""

BATCHES = st.lists(st.lists(CLOSE | st.integers(1, 2**64 - 1), max_size=30), max_size=8)


def fingerprints(numbers: list[int]) -> Fingerprints:
    return np.array(numbers, dtype=np.uint64)


@given(BATCHES)
def test_a_set_takes_each_member_once_and_says_where_it_was_new(batches: list[list[int]]) -> None:
    members, seen = FingerprintSet(bits=2), set[int]()
    for batch in batches:
        new = [place for place, each in enumerate(batch) if each not in {*seen, *batch[:place]}]
        assert members.add(fingerprints(batch)).tolist() == new
        seen.update(batch)
        assert members.size == len(seen)


@given(BATCHES)
def test_a_map_keeps_the_first_number_of_each_key(batches: list[list[int]]) -> None:
    numbers, known = FingerprintMap(bits=2), dict[int, int]()
    for batch in batches:
        keys = sorted(set(batch))
        values = np.arange(len(known), len(known) + len(keys), dtype=np.int32)
        kept, new = numbers.put(fingerprints(keys), values)
        assert new.tolist() == [each not in known for each in keys]
        for key, value in zip(keys, values.tolist(), strict=True):
            known.setdefault(key, value)
        assert kept.tolist() == [known[each] for each in keys]
    asked = [*known, *range(1, 50)]
    assert numbers.get(fingerprints(asked), -1).tolist() == [known.get(each, -1) for each in asked]
    assert numbers.size == len(known)


def test_a_map_that_is_nearly_full_answers_for_keys_that_it_does_not_hold() -> None:
    numbers = FingerprintMap(bits=3)
    numbers.put(fingerprints([1, 2, 3, 4, 5, 6]), np.arange(6, dtype=np.int32))
    assert numbers.get(fingerprints([7, 3, 2**64 - 1]), -1).tolist() == [-1, 2, -1]


@given(st.lists(CLOSE))
def test_occurrences_are_the_first_of_each_member(batch: list[int]) -> None:
    distinct, firsts, which = occurrences(fingerprints(batch))
    assert distinct.tolist() == sorted(set(batch))
    assert [batch.index(each) for each in sorted(set(batch))] == firsts.tolist()
    assert distinct[which].tolist() == batch
    assert first_occurrences(fingerprints(batch))[1].tolist() == firsts.tolist()
