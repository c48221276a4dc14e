"""The run that a search is on, and the cycle that it closes."""

from typing import Any, cast

import pytest
from attrs import frozen

from models.search.actors import Deed
from models.search.way import Cycle, Way
from spec.formalism.event import Event


@frozen
class Named:
    """A deed of which only the event matters."""

    event: Any


def deed(name: str) -> Deed:
    return cast("Deed", Named(name))


def events(*names: str) -> tuple[Event, ...]:
    return cast("tuple[Event, ...]", names)


@pytest.fixture
def way() -> Way:
    """A run of three steps, in which the second one changes nothing."""
    way = Way()
    for fingerprint, name in ((10, None), (20, "a"), (20, "b"), (30, "c")):
        way.push(fingerprint, deed(name) if name else None)
    return way


def test_a_run_is_what_has_happened_on_it(way: Way) -> None:
    assert (len(way), way.events()) == (4, events("a", "b", "c"))
    way.pop()
    assert way.events(*events("z")) == events("a", "b", "z")


def test_a_state_stands_where_it_first_stood_until_the_run_has_left_it(way: Way) -> None:
    assert way.places == {10: 0, 20: 1, 30: 3}
    way.pop()
    way.pop()
    assert way.places == {10: 0, 20: 1}
    way.pop()
    assert way.places == {10: 0}


def test_the_first_cycle_is_kept(way: Way) -> None:
    way.close(20, deed("d"))
    way.close(10, deed("e"))
    assert way.cycle == Cycle(events("a"), events("b", "c", "d"))
