"""Where things stand: nothing on anything else, time downwards, lanes that share a column one after the other."""

from itertools import pairwise

from attrs import evolve

from models.draw.folding import folds
from models.draw.lanes import Act, Arrow, Diagram, Lane, What
from models.draw.layout import BORN, FEW, MARK, ROW, Layout, layout_of
from models.draw.run import Shown
from properties.property import Kind

TOP = 50.0


def act(step: int, lane: int) -> Act:
    return Act(step, lane, What.TAKES, "m", "m", (), (), refused=False)


def diagram(length: int, lanes: int = 3, shown: tuple[Shown, ...] = ()) -> Diagram:
    """A run in which a message goes round."""
    acts = tuple(act(step, step % lanes) for step in range(1, length + 1))
    arrows = tuple(
        Arrow((step - 1) % lanes, step % lanes, "m", "m", step - 1, step)
        for step in range(1, length + 1)
    )
    all_lanes = tuple(Lane(f"l{place}", "f", 0, None, None) for place in range(lanes))
    return Diagram("d", all_lanes, acts, arrows, shown, ())


def finding(step: int) -> Shown:
    return Shown(step, "p", "r", Kind.ALWAYS, "f", ())


def spawning(births: list[tuple[int, int]], length: int) -> Diagram:
    """Many lanes that are born and end, each with messages between its birth and its end."""
    lanes = [Lane(f"l{place}", "f", 0, None, None) for place in range(FEW)]
    lanes += [Lane(f"s{place}", "s", birth, 0, end) for place, (birth, end) in enumerate(births)]
    steps = {end: FEW + place for place, (_, end) in enumerate(births)}
    acts = tuple(act(step, steps.get(step, step % FEW)) for step in range(1, length + 1))
    arrows = tuple(
        Arrow(0, FEW + place, "m", "m", birth, end) for place, (birth, end) in enumerate(births)
    )
    return Diagram("d", tuple(lanes), acts, arrows, (), ())


def assert_rows_follow_each_other(layout: Layout) -> None:
    assert layout.rows[0].top == TOP
    for row, following in pairwise(layout.rows):
        assert following.top == row.top + row.height
        assert following.first == row.last + 1


def test_every_step_of_a_short_run_has_a_row_of_its_own() -> None:
    layout = layout_of(diagram(9), TOP)
    assert_rows_follow_each_other(layout)
    assert [row.first for row in layout.rows] == list(range(10))
    assert {row.height for row in layout.rows[1:]} == {ROW}


def test_a_message_is_taken_below_where_it_is_sent() -> None:
    layout = layout_of(diagram(9), TOP)
    for arrow in layout.arrows:
        assert layout.row_of[arrow.sent].middle < layout.row_of[arrow.taken or 0].middle


def test_there_is_room_for_what_shows_and_for_what_is_born() -> None:
    layout = layout_of(diagram(3, shown=(finding(2), finding(2))), TOP)
    assert [row.height for row in layout.rows] == [ROW / 2, ROW, ROW + 2 * MARK, ROW]
    born = layout_of(spawning([(2, 3)], 3), TOP)
    assert [row.height for row in born.rows] == [ROW / 2, ROW, ROW + BORN, ROW]


def test_what_is_folded_has_one_row() -> None:
    layout = layout_of(diagram(500), TOP)
    assert_rows_follow_each_other(layout)
    assert tuple(row.fold for row in layout.rows if row.fold) == folds(500)
    [fold] = folds(500)
    assert layout.row_of[fold.first] is layout.row_of[fold.last]
    assert len(layout_of(diagram(500), TOP, fold=False).rows) == 501


def test_messages_that_are_sent_and_taken_in_a_fold_are_not_drawn() -> None:
    layout = layout_of(diagram(500), TOP)
    [fold] = folds(500)
    drawn = {each.taken for each in layout.arrows}
    assert drawn == {*range(1, fold.first + 1), *range(fold.last + 1, 501)}


def test_of_messages_that_lead_into_a_fold_from_one_step_the_first_is_drawn() -> None:
    run = diagram(500)
    [fold] = folds(500)
    many = [Arrow(1, 2, "m", "m", 5, step) for step in (fold.first, fold.first + 3, fold.last)]
    visible = [Arrow(1, 2, "m", "m", 5, step) for step in (7, 9)]
    layout = layout_of(evolve(run, arrows=(*many, *visible)), TOP)
    assert layout.arrows == (many[0], *visible)


def test_lanes_in_which_nothing_is_drawn_are_left_out() -> None:
    run = diagram(9)
    idle = Lane("idle", "f", 0, None, None)
    found = layout_of(Diagram("d", (*run.lanes, idle), run.acts, run.arrows, (), ()), TOP)
    assert (sorted(found.xs), found.left_out) == ([0, 1, 2], (idle,))


def test_a_run_without_steps_shows_all_lanes() -> None:
    assert sorted(layout_of(diagram(0), TOP).xs) == [0, 1, 2]


def test_few_lanes_have_a_column_each() -> None:
    layout = layout_of(diagram(20, lanes=FEW), TOP)
    assert len(set(layout.xs.values())) == FEW


def test_lanes_share_a_column_only_one_after_the_other() -> None:
    layout = layout_of(spawning([(10, 12), (11, 14), (20, 22), (15, 17)], 30), TOP)
    first, second, third, fourth = (layout.xs[FEW + place] for place in range(4))
    assert third == first
    assert len({first, second, fourth}) == 3
    assert {first, second}.isdisjoint({layout.xs[place] for place in range(FEW)})


def test_everything_lies_within_the_width_and_above_the_bottom() -> None:
    layout = layout_of(spawning([(10, 12), (11, 14)], 30), TOP)
    assert max(layout.xs.values()) < layout.width
    assert layout.rows[-1].top + layout.rows[-1].height < layout.bottom
