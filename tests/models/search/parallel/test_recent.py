"""A filter that forgets never drops what was not told, and always drops what was told just now."""

import numpy as np
import pytest

from models.search.parallel.recent import Recent


def test_the_first_of_those_that_are_told_at_once_stays() -> None:
    sums = np.array([1 << 60, 2 << 60, 1 << 60, 3 << 60, 2 << 60], dtype=np.uint64)
    memories = np.array([7, 7, 7, 7, 7], dtype=np.int32)
    recent = Recent(4)
    assert recent.add(sums, memories).tolist() == [0, 1, 3]
    assert recent.add(sums, memories).tolist() == []


def test_a_state_is_told_again_with_another_memory() -> None:
    sums = np.array([1 << 60, 1 << 60], dtype=np.uint64)
    recent = Recent(4)
    assert recent.add(sums, np.array([7, 8], dtype=np.int32)).tolist() == [0, 1]
    assert recent.add(sums[:1], np.array([9], dtype=np.int32)).tolist() == [0]


def test_of_two_states_in_one_place_the_earlier_is_forgotten() -> None:
    one, two = (np.array([(1 << 60) + each], dtype=np.uint64) for each in (1, 2))
    seven = np.array([7], dtype=np.int32)
    recent = Recent(4)
    told = [recent.add(each, seven).tolist() for each in (one, one, two, two, one)]
    assert told == [[0], [], [0], [], [0]]


@pytest.mark.parametrize("seed", range(5))
def test_whatever_is_dropped_was_told(seed: int) -> None:
    random = np.random.default_rng(seed)
    recent = Recent(6)
    told: set[tuple[int, int]] = set()
    for _ in range(50):
        sums = random.integers(1, 300, 100, dtype=np.uint64) << np.uint64(55)
        memories = random.integers(1, 3, 100, dtype=np.int32)
        pairs = list(zip(sums.tolist(), memories.tolist(), strict=True))
        places = recent.add(sums, memories).tolist()
        assert places == sorted(places)
        told |= {pairs[place] for place in places}
        assert told >= set(pairs)
