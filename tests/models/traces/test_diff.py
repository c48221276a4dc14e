"""What changed between two values."""

from attrs import frozen
from pyrsistent import PMap, pmap, pset

from models.traces.diff import changes, environment_changes
from spec.formalism.environment import FINISHED, Environment
from spec.formalism.message import Time, TimerHandle


@frozen
class Leaf:
    """A value inside another."""

    number: int
    """A number."""
    text: str = ""
    """A text."""


@frozen
class Tree:
    """A value of values."""

    leaf: Leaf
    """One."""
    leaves: PMap[str, Leaf] = pmap()
    """Many."""


def lines(before: object, after: object) -> list[str]:
    return [str(change) for change in changes(before, after)]


def test_what_is_equal_has_no_changes() -> None:
    assert lines(Tree(Leaf(1)), Tree(Leaf(1))) == []


def test_fields_and_keys_lead_to_what_changed() -> None:
    before = Tree(Leaf(1, "a"), pmap({"x": Leaf(1), "y": Leaf(2), "z": Leaf(3)}))
    after = Tree(Leaf(2, "a"), pmap({"w": Leaf(9), "y": Leaf(2, "b"), "z": Leaf(3)}))
    assert lines(before, after) == [
        "leaf.number: 1 -> 2",
        "leaves[w]: + Leaf(9)",
        "leaves[x]: - Leaf(1)",
        "leaves[y].text:  -> b",
    ]


def test_a_map_that_is_new_is_shown_entry_by_entry() -> None:
    inner = pmap({"x": Leaf(1), "y": Leaf(2)})
    assert lines(pmap(), pmap({"a": inner})) == ["[a][x]: + Leaf(1)", "[a][y]: + Leaf(2)"]
    assert lines(pmap(), pmap({"a": pmap()})) == ["[a]: + {}"]


def test_members_of_sets_come_and_go() -> None:
    assert lines(pset([1, 2, 10]), pset([2, 3, 20])) == [": + 3", ": + 20", ": - 1", ": - 10"]


def test_another_type_is_another_value() -> None:
    assert lines(Leaf(1), Tree(Leaf(1))) == [": Leaf(1) -> Tree(Leaf(1))"]
    assert lines((1, 2), (1, 3)) == [": [1, 2] -> [1, 3]"]


def test_an_environment_shows_its_local_state_first() -> None:
    handle = TimerHandle("bell")
    before = Environment(Leaf(1), timers=pmap({handle: Time(3)}))
    after = Environment(Leaf(2), time=Time(3))
    assert [str(each) for each in environment_changes(before, after)] == [
        "number: 1 -> 2",
        "timers[bell]: - 3",
        "time: 0 -> 3",
    ]


def test_a_local_state_of_another_type_is_shown_as_a_whole() -> None:
    found = environment_changes(Environment(Leaf(1)), Environment(FINISHED))
    assert [str(each) for each in found] == ["local: Leaf(1) -> Finished()"]
