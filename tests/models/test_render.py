"""Values as people read them."""

from enum import Enum

import pytest
from attrs import frozen
from pyrsistent import pmap, pset, pvector

from models.render import render, render_event, sorted_keys
from models.scenario.language import compile_program
from spec.anoma.keyvalue import KVSDatum, KVSKey, TxFingerprint
from spec.anoma.shard.messages import KVSWrite
from spec.formalism.event import Deliver, Duplicate, Elapse, Lose
from spec.formalism.identity import EngineId, EngineName, NodeId, identity_of, on_local_node
from spec.formalism.message import DEFAULT_MAILBOX, Message, Time, Timer, TimerHandle

ANN, BOB = on_local_node("ann"), on_local_node("bob")
WRITE = KVSWrite(TxFingerprint(1), KVSKey("alice"), KVSDatum(7))


class Colour(Enum):
    """A colour."""

    DARK_RED = 1


@frozen
class Options:
    """A value with defaults."""

    needed: int
    """Needed."""
    first: int = 1
    """One."""
    second: str = ""
    """Two."""


@frozen
class Box:
    """A value that may hold long ones."""

    content: object
    """What is in it."""


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (WRITE, "KVSWrite(1, alice, 7)"),
        (KVSWrite(TxFingerprint(1), KVSKey("alice"), None), "KVSWrite(1, alice, none)"),
        (Colour.DARK_RED, "dark-red"),
        (True, "True"),
        (int, "int"),
        (ANN, "ann"),
        (EngineId(NodeId("far"), EngineName("ann")), "far/ann"),
        (identity_of(ANN), "ann"),
        (Message(ANN, BOB, DEFAULT_MAILBOX, WRITE), "ann -> bob: KVSWrite(1, alice, 7)"),
        (pmap({10: "b", 9: "a"}), "{9: a, 10: b}"),
        (pset([10, 9]), "{9, 10}"),
        (frozenset({"b", "a"}), "{a, b}"),
        (pvector([2, 1]), "[2, 1]"),
        ((), "[]"),
        (Options(1), "Options(1)"),
        (Options(1, second="x"), "Options(1, second=x)"),
        (Box(Box("x" * 130)), "Box(Box(…))"),
        (Box("x" * 130), "Box(…)"),
        (Box(tuple(range(99))), "Box([…])"),
        (Box(frozenset(range(99))), "Box({…})"),
        (compile_program("pass", "f"), "Program(…)"),
        (object(), "object"),
    ],
)
def test_a_value_is_one_short_line(value: object, text: str) -> None:
    assert render(value) == text


def test_keys_without_an_order_have_one_all_the_same() -> None:
    assert sorted_keys({1, "a", 2}) == sorted_keys({2, "a", 1})
    sets = {frozenset({3}), frozenset({1, 2}), frozenset({2})}
    assert sorted_keys(sets) == sorted_keys(sorted(sets, key=len))


def test_events_say_who_does_what() -> None:
    message = Message(ANN, BOB, DEFAULT_MAILBOX, WRITE)
    said = "ann -> bob: KVSWrite(1, alice, 7)"
    assert render_event(Deliver(message)) == "bob takes KVSWrite(1, alice, 7) from ann"
    assert render_event(Duplicate(message)) == f"the network duplicates {said}"
    assert render_event(Lose(message)) == f"the network loses {said}"
    timer = Timer(Time(3), TimerHandle("bell"))
    assert render_event(Elapse(ANN, timer)) == "ann: its timer bell elapses at 3"
