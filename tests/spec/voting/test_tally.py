"""What counts, and who leads."""

import pytest
from pyrsistent import pmap

from spec.formalism.identity import EngineId, on_local_node
from spec.formalism.message import Delay
from spec.voting.configuration import ElectionConfiguration, engine_name
from spec.voting.environment import Election
from spec.voting.messages import Choice, Reason, Result, Vote
from spec.voting.tally import leaders, objection

TEA, COFFEE, MILK = Choice("tea"), Choice("coffee"), Choice("milk")
ANN, BOB, EVE = (on_local_node(name) for name in ("ann", "bob", "eve"))
CONFIGURATION = ElectionConfiguration(
    "drink", frozenset({TEA, COFFEE}), frozenset({ANN, BOB}), (), Delay(1), 2
)
OPEN = Election(pmap({BOB: TEA}))
CLOSED = Election(pmap({BOB: TEA}), Result(1, (TEA,), 1))


@pytest.mark.parametrize(
    ("sender", "choice", "election", "reason"),
    [
        (ANN, TEA, OPEN, None),
        (EVE, TEA, OPEN, Reason.STRANGER),
        (ANN, TEA, CLOSED, Reason.CLOSED),
        (BOB, COFFEE, OPEN, Reason.SECOND),
        (ANN, MILK, OPEN, Reason.UNKNOWN_CHOICE),
        (EVE, MILK, CLOSED, Reason.STRANGER),
        (BOB, MILK, CLOSED, Reason.CLOSED),
        (BOB, MILK, OPEN, Reason.SECOND),
    ],
)
def test_the_first_reason_that_applies_counts(
    sender: EngineId, choice: Choice, election: Election, reason: Reason | None
) -> None:
    assert objection(sender, Vote(choice), CONFIGURATION, election) is reason


@pytest.mark.parametrize(
    ("votes", "ahead"),
    [
        ({}, ()),
        ({ANN: TEA}, (TEA,)),
        ({ANN: TEA, BOB: COFFEE}, (COFFEE, TEA)),
        ({ANN: TEA, BOB: COFFEE, EVE: TEA}, (TEA,)),
        ({EVE: MILK, BOB: COFFEE, ANN: TEA}, (COFFEE, MILK, TEA)),
    ],
)
def test_those_with_most_votes_lead(
    votes: dict[EngineId, Choice], ahead: tuple[Choice, ...]
) -> None:
    assert leaders(Election(pmap(votes))) == ahead


def test_each_round_is_an_engine_of_its_own_name() -> None:
    assert [engine_name("drink", number) for number in (1, 2)] == ["drink-1", "drink-2"]
