"""The group that is declared, and what cannot be declared."""

from typing import Any

import pytest

from models.model import Interchangeable
from models.search.symmetry.group import Group, SymmetryError
from models.search.symmetry.orbits import orbit
from spec.formalism.identity import on_local_node

ANN, BOB, CAT, DAN = (on_local_node(name) for name in ("ann", "bob", "cat", "dan"))


def each(*names: Any) -> Interchangeable:
    return Interchangeable(tuple((name,) for name in names))


def test_every_way_to_change_places_is_reached_and_renames_as_it_says() -> None:
    group = Group((each(ANN, BOB, CAT), each("x", "y"), each("alone")))
    start = (ANN, BOB, CAT, "x", "y", "alone")
    found = orbit(group, start, lambda exchange, thing: exchange.renaming(thing))
    assert len(found) == group.order == 12
    assert {group.renaming(way)(start) for way in found.values()} == set(found)
    assert all(group.renaming(way)(start) == thing for thing, way in found.items())


def test_ids_of_one_thing_go_together() -> None:
    group = Group((Interchangeable(((ANN, "a"), (BOB, "b"), (CAT, "c"))),))
    first = group.exchanges[0].renaming
    assert first((ANN, "a", BOB, "b", CAT, "c")) == (BOB, "b", ANN, "a", CAT, "c")


def test_exchanges_name_who_changes_places() -> None:
    assert [every.names for every in Group((each(ANN, BOB, CAT),)).exchanges] == [
        "ann and bob",
        "bob and cat",
    ]


@pytest.mark.parametrize(
    ("declared", "message"),
    [
        ((each(ANN, BOB), each(BOB, CAT)), "bob stands twice among what is interchangeable"),
        ((each(1, 2),), "1 is no id: engines and words may be interchangeable"),
        (
            (Interchangeable(((ANN, "a"), (BOB,))),),
            "what is interchangeable has as many ids each, of the same kinds",
        ),
        (
            (each(ANN, "b"),),
            "what is interchangeable has as many ids each, of the same kinds",
        ),
    ],
)
def test_a_declaration_that_makes_no_sense_is_refused(
    declared: tuple[Interchangeable, ...], message: str
) -> None:
    with pytest.raises(SymmetryError) as error:
        Group(declared)
    assert str(error.value) == message
