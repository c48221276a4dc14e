"""Cycles of dependencies, read out of evidence and nothing else."""

from hypothesis import given
from hypothesis import strategies as st

from models.draw.cycle import cycle_in, edge_in
from models.draw.run import Shown
from properties.dependency_graph import Dependency, DependencyKind
from properties.history import Item, TransactionId
from properties.property import Kind

NUMBERS = st.integers(0, 10**6).map(TransactionId)
ITEMS = st.text() | st.sampled_from(["x)-> T9: T1 wrote version 1 of y", "a -rw(b)-> T2"])
EDGES = st.builds(
    Dependency, NUMBERS, st.sampled_from(DependencyKind), ITEMS.map(Item), NUMBERS, NUMBERS
)


def finding(*details: str) -> Shown:
    return Shown(1, "no cycle", "rule", Kind.ALWAYS, "a cycle", details)


@given(EDGES)
def test_an_edge_is_read_as_it_was_written_whatever_its_item_is_called(edge: Dependency) -> None:
    assert list(edge_in(str(edge))) == [edge]


@given(st.text())
def test_what_is_no_edge_is_none(line: str) -> None:
    assert list(edge_in(line)) == []


def test_what_only_looks_like_an_edge_is_none() -> None:
    edge = Dependency(
        TransactionId(1), DependencyKind.RW, Item("x"), TransactionId(2), TransactionId(0)
    )
    assert list(edge_in(str(edge).replace("wrote the next", "wrote another"))) == []


def test_a_cycle_is_read_between_lines_that_say_more() -> None:
    there = Dependency(
        TransactionId(1), DependencyKind.RW, Item("x"), TransactionId(2), TransactionId(0)
    )
    back = Dependency(
        TransactionId(2), DependencyKind.WW, Item("x"), TransactionId(1), TransactionId(2)
    )
    assert cycle_in(finding(str(there), str(back), "T1 is a")) == (there, back)
    assert cycle_in(finding(str(there))) == ()
    assert cycle_in(finding("T1 is a")) == ()
