"""The canonical encoding: one per value, the same in every process."""

import os
import subprocess
import sys
from collections.abc import Callable
from enum import Enum, IntEnum
from itertools import pairwise
from typing import Any

import pytest
from attrs import field, frozen, make_class
from hypothesis import given
from hypothesis import strategies as st
from pyrsistent import pmap, pset, pvector

from spec.formalism.canonical import digest, encode
from spec.formalism.identity import on_local_node
from spec.formalism.message import DEFAULT_MAILBOX, Message


@frozen
class Pair:
    """A frozen value."""

    left: Any
    right: Any


@frozen
class Other:
    """Another one with the same fields."""

    left: Any
    right: Any


@frozen
class Forgetful:
    """A value with a field that does not count."""

    seen: int
    unseen: int = field(eq=False)


class Colour(Enum):
    """Some names."""

    RED = 1
    BLUE = 2


class Number(IntEnum):
    """A name for a number."""

    ONE = 1


SCALARS = (
    st.none()
    | st.integers(-3, 3)
    | st.integers()
    | st.text(max_size=3)
    | st.sampled_from(Colour)
    | st.sampled_from([int, str, Pair])
)


def nested(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    few = st.lists(inner, max_size=3)
    return (
        few.map(tuple)
        | few.map(pvector)
        | few.map(pset)
        | st.dictionaries(inner, inner, max_size=3).map(pmap)
        | st.builds(Pair, inner, inner)
        | st.builds(Other, inner, inner)
    )


VALUES = st.recursive(SCALARS, nested, max_leaves=6)


@given(VALUES, VALUES)
def test_values_are_equal_exactly_if_their_encodings_are(one: object, other: object) -> None:
    assert (encode(one) == encode(other)) == (one == other)


@given(st.lists(st.tuples(VALUES, VALUES), max_size=5), st.randoms(use_true_random=False))
def test_the_order_of_building_leaves_no_trace(pairs: list[Any], random: Any) -> None:
    members = list(dict.fromkeys(pairs))
    shuffled = random.sample(members, len(members))
    assert encode(pset(members)) == encode(pset(shuffled)) == encode(frozenset(members))
    entries = list(dict(pairs).items())
    assert encode(pmap(dict(entries))) == encode(pmap(dict(reversed(entries))))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ((1,), pvector([1])),
        ((), None),
        (1, "1"),
        (("ab", "c"), ("a", "bc")),
        ((1, (2,)), (1, 2)),
        (Pair(1, 2), Other(1, 2)),
        (Pair(1, 2), Pair(2, 1)),
        (pset([1]), (1,)),
        (pmap({1: 2}), pset([(1, 2)])),
        (Colour.RED, Colour.BLUE),
        (Colour.RED, "Colour.RED"),
        (Pair, "Pair"),
        (127, -129),
        (0, 256),
    ],
)
def test_different_values_have_different_encodings(one: object, other: object) -> None:
    assert encode(one) != encode(other)


def test_a_truth_value_is_encoded_as_the_number_that_it_equals() -> None:
    assert [encode(value) for value in (True, False)] == [encode(1), encode(0)]
    mail = [
        Message(on_local_node("a"), on_local_node("b"), DEFAULT_MAILBOX, body) for body in (True, 1)
    ]
    assert mail[0] == mail[1]
    assert digest(mail[0]) == digest(mail[1])


def test_an_enumerated_number_is_encoded_by_its_name() -> None:
    assert encode(Number.ONE) != encode(Colour.RED)


def test_what_does_not_count_in_equality_does_not_count_here() -> None:
    assert encode(Forgetful(1, 2)) == encode(Forgetful(1, 3))
    assert encode(Forgetful(1, 2)) != encode(Forgetful(2, 2))


@given(st.lists(st.integers(1 - 2**15, 2**15 - 1).filter(lambda n: abs(n) > 127)))
def test_numbers_of_one_length_are_ordered_by_their_encodings(numbers: list[int]) -> None:
    assert sorted(numbers, key=encode) == sorted(numbers)


@pytest.mark.parametrize("number", [-129, -128, -1, 0, 1, 127, 128, 255, 256, 2**64, -(2**64)])
def test_numbers_at_the_edges_of_a_length_are_encoded_apart(number: int) -> None:
    encodings = [encode(number + step) for step in range(-2, 3)]
    assert all(before != after for before, after in pairwise(encodings))
    assert len(set(encodings)) == 5


@pytest.mark.parametrize("value", [[1], {1: 2}, {1}, 1.5, b"x", print, Pair(1, [2])])
def test_what_may_not_be_frozen_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="not a frozen value: a "):
        encode(value)


def test_text_that_is_not_utf_8_is_encoded_all_the_same() -> None:
    assert encode("\ud800") != encode("\ud801")


def marked(mark: bytes, *parts: bytes) -> bytes:
    """A mark, a length, and what is so long."""
    content = b"".join(parts)
    return mark + len(content).to_bytes(4, "big") + content


@pytest.mark.parametrize("name", ["Message", "Massage"])  # the former are remembered
def test_a_value_is_encoded_as_its_class_and_its_fields(name: str) -> None:
    kind = make_class(name, ["left", "right"], frozen=True)
    expected = marked(b"a", encode(name), encode(1), encode("b"))
    assert [encode(kind(1, "b")), encode(kind(1, "b"))] == [expected, expected]


def test_numbers_and_texts_are_encoded_byte_by_byte_for_good() -> None:
    assert encode(5) == b"i\x00\x00\x00\x01\x85"
    assert encode(-300) == b"i\x00\x00\x00\x02\x7e\xd4"
    assert encode("\xe9") == b"s\x00\x00\x00\x02\xc3\xa9"


def test_collections_are_encoded_part_by_part() -> None:
    parts = [encode(1), encode("b")]
    assert encode((1, "b")) == marked(b"q", *parts)
    assert encode(pvector([1, "b"])) == marked(b"v", *parts)
    assert encode(pset([1, "b"])) == encode(frozenset({1, "b"})) == marked(b"u", *sorted(parts))
    entries = [encode(1) + encode("b"), encode(2) + encode("a")]
    assert encode(pmap({2: "a", 1: "b"})) == marked(b"m", *entries)


def test_a_digest_is_sha_256_in_hexadecimal() -> None:
    assert digest(None) == "1b16b1df538ba12dc3f97edbb85caa7050d46c148134290feba80f8236c83db9"


PROGRAM = """
from spec.formalism.canonical import digest
from spec.formalism.state import state_digest
from spec.voting.messages import Choice
from spec.voting.system import Elector, Poll, voting_state, voting_system
poll = Poll(tuple(Elector(f"v{n}", (Choice(f"c{n}"),)) for n in range(5)), observers=("o", "p"))
system = voting_system()
state = voting_state(system, poll)
for number in range(20):
    events = system.enabled(state)
    print(state_digest(state), len(events))
    if not events:
        break
    state, record = system.step(state, events[number % len(events)])
    print(digest(tuple(system.enabled(state))), digest(record))
"""


def output_under(seed: str) -> str:
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)}
    run: Callable[..., subprocess.CompletedProcess[str]] = subprocess.run
    done = run(
        [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_runs_and_digests_are_the_same_under_every_hash_seed() -> None:
    first = output_under("0")
    assert len(first.splitlines()) > 20
    assert {output_under(seed) for seed in ("1", "77")} == {first}
