"""Which steps are folded: none of a short run, those far from anything of a long one."""

from hypothesis import given
from hypothesis import strategies as st

from models.draw.folding import HEAD, LONG, TAIL, Fold, folds


def test_a_run_that_is_not_long_has_no_folds() -> None:
    assert folds(LONG) == ()


def test_a_long_run_is_folded_between_its_beginning_and_its_end() -> None:
    assert folds(1000) == (Fold(HEAD + 1, 1000 - TAIL),)
    assert str(folds(1000)[0]) == "928 steps folded: 25 to 952"


def test_the_steps_around_what_shows_are_not_folded() -> None:
    assert folds(1000, [500]) == (Fold(25, 488), Fold(507, 952))


@given(st.integers(LONG + 1, 2000), st.lists(st.integers(0, 2000), max_size=4))
def test_folds_are_apart_and_hide_more_than_a_step_each_and_nothing_that_shows(
    length: int, marked: list[int]
) -> None:
    found = folds(length, [each for each in marked if each <= length])
    assert all(len(fold) > 1 for fold in found)
    ends = [0, *(end for fold in found for end in (fold.first, fold.last)), length + 1]
    assert ends == sorted(set(ends))
    hidden = {step for fold in found for step in range(fold.first, fold.last + 1)}
    assert hidden.isdisjoint({*marked, *range(1, HEAD + 1), *range(length - TAIL + 1, length + 1)})
