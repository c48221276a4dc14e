"""The direct serialization graph on small histories."""

import pytest

from properties.dependency_graph import cycle, dependencies, installed
from properties.history import Item, parse


def edges(text: str) -> list[str]:
    return [str(edge).partition(":")[0] for edge in dependencies(parse(text))]


def found(text: str) -> list[str] | None:
    edges_of_cycle = cycle(parse(text))
    return None if edges_of_cycle is None else [str(edge) for edge in edges_of_cycle]


def test_a_read_of_a_version_comes_after_its_writer_and_before_the_next_one() -> None:
    assert edges("1: w(x1=5)  2: r(x1)  3: w(x3=6)") == [
        "T1 -wr(x)-> T2",
        "T1 -ww(x)-> T3",
        "T2 -rw(x)-> T3",
    ]


def test_a_read_of_what_was_there_at_first_comes_before_the_first_writer_alone() -> None:
    assert edges("1: w(x1=5)  2: w(x2=5)  3: r(x0)") == ["T1 -ww(x)-> T2", "T3 -rw(x)-> T1"]


def test_versions_with_places_of_their_own_are_in_that_order() -> None:
    assert edges("1: w(x1=5#3)  2: w(x2=6#2)  3: r(x2)  4: r(x0)") == [
        "T2 -ww(x)-> T1",
        "T2 -wr(x)-> T3",
        "T3 -rw(x)-> T1",
        "T4 -rw(x)-> T2",
    ]


def test_a_version_is_read_in_its_own_place_not_in_that_of_its_writer() -> None:
    assert edges("1: w(x1=5#9)  2: w(x2=6#8)  3: r(x2)") == [
        "T2 -ww(x)-> T1",
        "T2 -wr(x)-> T3",
        "T3 -rw(x)-> T1",
    ]


def test_two_versions_in_the_same_place_are_a_lost_update() -> None:
    assert [
        line.partition(":")[0] for line in found("7: r(x0) w(x7=1#2)  8: r(x0) w(x8=1#2)") or ()
    ] == [
        "T7 -ww(x)-> T8",
        "T8 -rw(x)-> T7",
    ]


def test_no_edge_leads_from_a_transaction_to_itself() -> None:
    assert edges("1: r(x0) r(x1) w(x1=5)") == []


@pytest.mark.parametrize("mark", ["!", "?"])
def test_only_committed_transactions_are_in_the_graph(mark: str) -> None:
    assert edges(f"1{mark}: w(x1=5)  2: r(x1)") == []
    assert edges(f"1: w(x1=5)  2{mark}: r(x1)") == []
    assert installed(parse(f"1: w(x1=5)  2{mark}: w(x2=6)  3: w(y3=1)"), Item("x")) == (1,)


def test_a_serial_history_has_no_cycle() -> None:
    assert found("1: r(x0) w(x1=1)  2: r(x1) w(x2=2)  3: r(x2)") is None


def test_a_lost_update_is_a_cycle_of_an_anti_dependency_and_a_write_dependency() -> None:
    assert found("1: r(x0) w(x1=1)  2: r(x0) w(x2=1)") == [
        "T1 -ww(x)-> T2: T1 wrote version 1 of x, T2 wrote the next one",
        "T2 -rw(x)-> T1: T2 read version 0 of x, T1 wrote the next one",
    ]


def test_write_skew_is_a_cycle_of_two_anti_dependencies() -> None:
    assert found("1: r(x0) w(y1=1)  2: r(y0) w(x2=1)") == [
        "T1 -rw(x)-> T2: T1 read version 0 of x, T2 wrote the next one",
        "T2 -rw(y)-> T1: T2 read version 0 of y, T1 wrote the next one",
    ]


def test_a_cycle_names_read_dependencies_too() -> None:
    assert found("1: w(x1=1) r(y2)  2: r(x1) w(y2=1)") == [
        "T1 -wr(x)-> T2: T1 wrote version 1 of x, T2 read it",
        "T2 -wr(y)-> T1: T2 wrote version 2 of y, T1 read it",
    ]


def test_a_shortest_cycle_is_told_and_among_those_the_one_with_the_least_transactions() -> None:
    long = "1: r(a0) w(c1=1)  2: r(b0) w(a2=1)  3: r(c0) w(b3=1)"
    short = "4: r(x0) w(y4=1)  5: r(y0) w(x5=1)"
    shorter = "6: r(s0) w(t6=1)  7: r(t0) w(s7=1)"
    assert found(f"{long}  {shorter}  {short}") == [
        "T4 -rw(x)-> T5: T4 read version 0 of x, T5 wrote the next one",
        "T5 -rw(y)-> T4: T5 read version 0 of y, T4 wrote the next one",
    ]
    assert [line.partition(":")[0] for line in found(long) or ()] == [
        "T1 -rw(a)-> T2",
        "T2 -rw(b)-> T3",
        "T3 -rw(c)-> T1",
    ]


def test_a_cycle_starts_at_its_least_transaction_though_a_longer_way_is_listed_first() -> None:
    long = "2: r(b0) w(a2=1)  3: r(c0) w(b3=1)"
    text = f"1: r(a0) r(d0) w(c1=1) w(e1=1)  {long}  4: r(e0) w(d4=1)"
    assert [line.partition(":")[0] for line in found(text) or ()] == [
        "T1 -rw(d)-> T4",
        "T4 -rw(e)-> T1",
    ]


def test_transactions_after_a_cycle_are_no_part_of_it() -> None:
    skew = "2: r(x0) w(y2=1) w(a2=1)  3: r(y0) w(x3=1) w(b3=1)"
    assert [
        line.partition(":")[0] for line in found(f"1: r(a2) r(b3)  {skew}  4: r(a2) r(b3)") or ()
    ] == [
        "T2 -rw(x)-> T3",
        "T3 -rw(y)-> T2",
    ]


def test_a_stale_read_that_another_order_explains_is_no_cycle() -> None:
    assert found("1: w(x1=1)  2: r(x0)") is None
