"""What was visited is known, with what was remembered there and how far away it was."""

import random

import pytest

from models.search.seen import Meeting, Seen

MANY = 40_000
"""More than the places that there are at first."""


def fingerprints(count: int) -> list[int]:
    draw = random.Random(7)  # noqa: S311  # a test
    return [draw.randrange(1, 1 << 64) for _ in range(count)]


def test_every_state_is_met_for_the_first_time_once_however_many_there_are() -> None:
    seen, all_of_them = Seen(memories=False, depths=False), fingerprints(MANY)
    assert {seen.meet(each, 0, 0) for each in all_of_them} == {Meeting.FIRST}
    assert {seen.meet(each, 0, 0) for each in all_of_them} == {Meeting.KNOWN}
    assert (seen.states, seen.nodes) == (MANY, MANY)
    assert all(seen.has(each) and seen.knows(each, 0, 0) for each in all_of_them)
    others = [each ^ 1 for each in all_of_them]
    assert not any(seen.has(each) or seen.knows(each, 0, 0) for each in others)


@pytest.mark.parametrize("depths", [False, True])
def test_a_memory_that_is_new_in_a_state_is_met_further(*, depths: bool) -> None:
    seen = Seen(memories=True, depths=depths)
    state, other = fingerprints(2)
    assert [seen.meet(state, memory, 5) for memory in (1, 2, 1, 2)] == [
        Meeting.FIRST,
        Meeting.FURTHER,
        Meeting.KNOWN,
        Meeting.KNOWN,
    ]
    assert (seen.states, seen.nodes) == (1, 2)
    assert [seen.has_pair(*each) for each in ((state, 2), (state, 3), (other, 1))] == [
        True,
        False,
        False,
    ]


def test_a_state_that_is_met_nearer_counts_where_depths_do() -> None:
    (state,) = fingerprints(1)
    for memory in (1, 2):
        seen = Seen(memories=True, depths=True)
        seen.meet(state, 1, 9)
        seen.meet(state, 2, 9)
        assert [seen.knows(state, memory, depth) for depth in (8, 9, 10)] == [False, True, True]
        assert [seen.meet(state, memory, depth) for depth in (9, 4, 6, 4)] == [
            Meeting.KNOWN,
            Meeting.NEARER,
            Meeting.KNOWN,
            Meeting.KNOWN,
        ]
    without = Seen(memories=True, depths=False)
    assert [without.meet(state, 1, depth) for depth in (9, 4)] == [Meeting.FIRST, Meeting.KNOWN]


def test_memories_and_depths_stay_with_their_states_as_they_become_many() -> None:
    seen, all_of_them = Seen(memories=True, depths=True), fingerprints(MANY)
    for place, each in enumerate(all_of_them):
        seen.meet(each, place % 7, place % 11)
    for place, each in enumerate(all_of_them):
        assert seen.knows(each, place % 7, place % 11)
        assert not seen.knows(each, place % 7, place % 11 - 1)
        assert not seen.knows(each, place % 7 + 1, place % 11)


def test_what_is_not_kept_takes_no_memory() -> None:
    sizes = [
        Seen(memories=memories, depths=depths).bytes()
        for memories, depths in ((False, False), (True, False), (True, True))
    ]
    assert [size // 2**14 for size in sizes] == [8, 12, 16]
