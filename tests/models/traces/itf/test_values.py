"""Values in ITF: each told in one way, different ones differently, and as another program reads them."""

from enum import Enum
from typing import Any

import itf_py
import pytest
from attrs import field, frozen
from hypothesis import given
from hypothesis import strategies as st
from pyrsistent import pmap, pset, pvector

from models.scenario.language import compile_program
from models.traces.itf.values import ItfError, is_variant, normal, text, told
from spec.formalism.canonical import digest
from spec.formalism.identity import EngineId, EngineName, Identity, InternalId, NodeId, identity_of


class Colour(Enum):
    """An enumeration."""

    DARK_RED = 1


@frozen
class Point:
    """A class with a field that is not compared, and one that is private."""

    x: object
    noted: int = field(default=0, eq=False)
    _hidden: int = 7


@frozen
class Other:
    """Another class with the same fields."""

    x: object
    _hidden: int = 7


HERE = EngineId(NodeId("local"), EngineName("worker-1"))
THERE = EngineId(NodeId("n2"), EngineName("worker-1"))

VALUES: list[tuple[object, Any]] = [
    (None, {"tag": "Nothing", "value": {}}),
    (True, True),
    (3, {"#bigint": "3"}),
    (-(10**30), {"#bigint": "-1" + 30 * "0"}),
    ("3", "3"),
    (Colour.DARK_RED, {"tag": "Colour_DARK_RED", "value": {}}),
    (HERE, "worker-1"),
    (THERE, "n2/worker-1"),
    (identity_of(HERE), "worker-1"),
    (
        Identity(HERE, InternalId("secret")),
        {"tag": "Identity", "value": {"external": "worker-1", "internal": "secret"}},
    ),
    (
        Point("a", 5),
        {"tag": "Point", "value": {"x": "a", "hidden": {"#bigint": "7"}}},
    ),
    (int, {"tag": "Type", "value": {"name": "int"}}),
    ((1, "b"), {"#tup": [{"#bigint": "1"}, "b"]}),
    (pvector(["b"]), ["b"]),
    (frozenset({10, 9}), {"#set": [{"#bigint": "9"}, {"#bigint": "10"}]}),
    (pset(["b", "a"]), {"#set": ["a", "b"]}),
    (pmap({10: "b", 9: "a"}), {"#map": [[{"#bigint": "9"}, "a"], [{"#bigint": "10"}, "b"]]}),
]


@pytest.mark.parametrize(("value", "expected"), VALUES, ids=range(len(VALUES)))
def test_a_value_is_told_so_and_read_by_another_program(value: object, expected: Any) -> None:
    assert told(value) == expected
    assert normal(itf_py.value_to_json(itf_py.value_from_json(expected))) == normal(expected)


def test_a_program_is_told_by_its_digest() -> None:
    program = compile_program('write("x", 1)', "test", 1)
    assert told((program,)) == {"#tup": [{"tag": "Program", "value": {"digest": digest(program)}}]}


ATOMS = st.none() | st.booleans() | st.integers(-9, 99) | st.text("ab3", max_size=2)


def composites(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Values of values."""
    return (
        st.builds(Point, inner)
        | st.builds(Other, inner)
        | st.lists(inner, max_size=3).map(tuple)
        | st.lists(inner, max_size=3).map(pvector)
        | st.frozensets(inner, max_size=3)
        | st.dictionaries(inner, inner, max_size=3).map(pmap)
    )


FROZEN = st.recursive(ATOMS, composites, max_leaves=8)


@given(FROZEN, FROZEN)
def test_different_values_are_told_differently(one: object, other: object) -> None:
    if digest(one) != digest(other):
        assert normal(told(one)) != normal(told(other))
    assert normal(told(one)) == normal(normal(told(one)))


@given(FROZEN)
def test_other_orders_and_digits_make_no_difference(value: object) -> None:
    def turned(said: Any) -> Any:
        match said:
            case {"#bigint": digits}:
                return {"#bigint": digits.replace("-", "-00")}
            case {"#set": members}:
                return {"#set": [turned(each) for each in (*members, *members[:1])][::-1]}
            case {"#map": entries}:
                return {"#map": [[turned(key), turned(item)] for key, item in entries[::-1]]}
            case dict():
                bare = is_variant(said) and not said["value"]
                return said | {"value": None} if bare else _each(said)
            case list():
                return [turned(each) for each in said]
            case _:
                return said

    def _each(said: dict[str, Any]) -> dict[str, Any]:
        return {name: turned(said[name]) for name in list(said)[::-1]}

    assert text(normal(turned(told(value)))) == text(normal(told(value)))


@pytest.mark.parametrize(
    ("value", "complaint"),
    [
        (3, 'it is 3; a value of ITF; a number is {"#bigint": "n"}'),
        ({"a": 1.5}, 'it is 1.5; a value of ITF; a number is {"#bigint": "n"}'),
        ([None], 'it is null; a value of ITF; a number is {"#bigint": "n"}'),
        ({"#bigint": 3}, "the integer 3; at most 4000 digits, as a text"),
        ({"#bigint": "1" * 5000}, f'the integer "{"1" * 79}…; at most 4000 digits, as a text'),
        ({"#bigint": "٣"}, 'the integer "\\u0663"; at most 4000 digits, as a text'),
        ({"#set": "ab"}, 'it is "ab"; a list'),
        ({"#map": ["ab"]}, 'the entry "ab" of a map; a list of a key and a value'),
        ({"#map": [["a", "b"], ["a", "c"]]}, 'a map has the key "a" twice; each key once'),
        ({"#unserializable": []}, "it is []; a text"),
        (
            {"#bag": []},
            'the key "#bag"; #bigint or #tup or #set or #map or #unserializable',
        ),
        (
            {"#tup": [], "a": "b"},
            'the key "#tup"; #bigint or #tup or #set or #map or #unserializable',
        ),
    ],
)
def test_what_is_no_value_is_refused(value: Any, complaint: str) -> None:
    with pytest.raises(ItfError) as caught:
        normal(value)
    assert f"{caught.value.what}; {caught.value.expected}" == complaint


def test_a_text_that_stands_for_a_value_stays() -> None:
    assert normal({"#unserializable": "…"}) == {"#unserializable": "…"}
