"""Pairs of a state and what is remembered are told apart as a plain set of pairs tells them."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from models.search.visited import Visited

PAIRS = st.lists(st.tuples(st.integers(1, 6), st.integers(1, 3)), max_size=12)

HASHES = np.array([0, 1 << 40, 1 << 41, 1 << 42], dtype=np.uint64)


@given(st.lists(PAIRS, max_size=6))
def test_each_pair_is_new_once_and_each_state_is_first_once(
    batches: list[list[tuple[int, int]]],
) -> None:
    visited, pairs, states = Visited(), set[tuple[int, int]](), set[int]()
    for batch in batches:
        sums = np.array([state for state, _ in batch], dtype=np.uint64)
        memories = np.array([memory for _, memory in batch], dtype=np.int32)
        places, firsts = visited.add(sums, memories, HASHES)
        new = [place for place, each in enumerate(batch) if each not in {*pairs, *batch[:place]}]
        assert places.tolist() == new
        earlier = [{state for state, _ in batch[:place]} | states for place in new]
        first = [batch[place][0] not in met for place, met in zip(new, earlier, strict=True)]
        assert firsts.tolist() == first
        pairs.update(batch)
        states.update(state for state, _ in batch)
        assert (visited.states, visited.nodes) == (len(states), len(pairs))
