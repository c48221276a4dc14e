"""A renaming reaches every id in a value, and keeps different values different."""

from enum import Enum

import pytest
from attrs import frozen
from pyrsistent import pmap, pset, pvector

from models.search.symmetry.renaming import Renaming
from spec.formalism.engine import Engine
from spec.formalism.environment import Environment
from spec.formalism.event import Deliver, Elapse
from spec.formalism.identity import AcquaintanceName, identity_of, on_local_node
from spec.formalism.message import DEFAULT_MAILBOX, Message, Time, Timer, TimerHandle
from spec.formalism.state import Address

ANN, BOB, CAT = (on_local_node(name) for name in ("ann", "bob", "cat"))
SWAP = Renaming({ANN: BOB, BOB: ANN, "red": "blue", "blue": "red"})


FROM_ANN = Message(ANN, CAT, DEFAULT_MAILBOX, BOB)
FROM_BOB = Message(BOB, CAT, DEFAULT_MAILBOX, ANN)
TIMER = Timer(Time(0), TimerHandle("t"))


class Colour(Enum):
    RED = "red"


@frozen
class Holder:
    held: object
    _hidden: object = None


@pytest.mark.parametrize(
    ("value", "renamed"),
    [
        (ANN, BOB),
        (CAT, CAT),
        ("red", "blue"),
        ("redder", "redder"),
        (Colour.RED, Colour.RED),
        (identity_of(ANN), identity_of(BOB)),
        ((CAT, BOB, ANN), (CAT, ANN, BOB)),
        (pvector([ANN, 1]), pvector([BOB, 1])),
        (pmap({ANN: BOB, CAT: 1}), pmap({BOB: ANN, CAT: 1})),
        (pset([ANN]), pset([BOB])),
        (frozenset({ANN, BOB}), frozenset({ANN, BOB})),
        (Holder((ANN,), "red"), Holder((BOB,), "blue")),
        (Address(ANN, DEFAULT_MAILBOX), Address(BOB, DEFAULT_MAILBOX)),
        (Deliver(FROM_ANN), Deliver(FROM_BOB)),
        (Elapse(ANN, TIMER), Elapse(BOB, TIMER)),
        (None, None),
        (3, 3),
        (EnvironmentError, EnvironmentError),
    ],
)
def test_ids_are_renamed_wherever_they_stand(value: object, renamed: object) -> None:
    assert SWAP(value) == renamed
    assert SWAP(renamed) == value
    assert type(SWAP(value)) is type(value)


def test_an_engine_is_renamed_whole() -> None:
    def engine(me: object, other: object) -> Engine:
        known = pmap({AcquaintanceName("friend"): identity_of(other)})  # type: ignore[arg-type]
        local = Environment(pmap({other: 1}), acquaintances=known)
        return Engine(identity_of(me), "family", frozenset({other}), local)  # type: ignore[arg-type]

    assert SWAP(engine(ANN, BOB)) == engine(BOB, ANN)
    assert SWAP(engine(CAT, BOB)) == engine(CAT, ANN)


def test_a_sorted_tuple_is_not_sorted_anew() -> None:
    assert SWAP((ANN, BOB)) == (BOB, ANN)
