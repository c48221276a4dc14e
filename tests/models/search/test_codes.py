"""Codes stand for global states: equal ones for equal states."""

from typing import Any

from attrs import evolve

from models.search.codes import FAULTS, Codes, has, trimmed
from spec.formalism.state import Faults, GlobalState


def test_a_code_stands_for_its_state(adding: Any) -> None:
    codes = Codes()
    state = adding.world((1, 1, 2)).state
    assert codes.decode(codes.encode(state)) == state


def test_what_is_gone_leaves_no_trace(adding: Any) -> None:
    codes = Codes()
    full, empty = adding.world((1,)).state, adding.world(()).state
    before = codes.encode(empty)
    assert codes.encode(full) != before
    assert codes.encode(empty) == before
    assert len(codes.encode(full)) == len(before) + 1 == len(codes)


def test_equal_states_have_equal_codes_however_they_came_about(adding: Any) -> None:
    codes = Codes()
    one, other = adding.world((1, 2)).state, adding.world((2, 1)).state
    assert one == other
    assert codes.encode(one) == codes.encode(other)
    assert codes.encode(adding.world((1, 1)).state) != codes.encode(one)


def test_the_faults_that_are_left_are_part_of_the_code(adding: Any) -> None:
    codes = Codes()
    state: GlobalState = adding.world((1,)).state
    faulty = evolve(state, faults=Faults(duplicates=1))
    assert codes.encode(state)[1:] == codes.encode(faulty)[1:]
    assert codes.encode(state)[FAULTS] != codes.encode(faulty)[FAULTS]
    assert codes.faults(codes.encode(faulty)) == Faults(duplicates=1)


def test_places_beyond_the_end_are_empty() -> None:
    assert trimmed([1, 0, 2, 0, 0]) == (1, 0, 2)
    assert [has((1, 0, 2), place) for place in range(4)] == [True, False, True, False]
