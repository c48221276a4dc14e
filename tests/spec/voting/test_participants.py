"""What voters and observers do on one message."""

import pytest
from pyrsistent import pset

from spec.formalism.engine import Engine, Reaction, react
from spec.formalism.environment import Environment
from spec.formalism.identity import on_local_node
from spec.formalism.message import DEFAULT_MAILBOX, Message, MessageArrived, Time, Trigger
from spec.voting.environment import Observer, Voter
from spec.voting.messages import (
    Choice,
    Reason,
    Result,
    ResultAnnounced,
    RunOffHeld,
    Vote,
    VoteRefused,
)
from spec.voting.participants import OBSERVERS, VOTERS, NoteRefusal, NoteResult, VoteAgain
from spec.voting.system import Elector, observer, voter

TEA, COFFEE, MILK = Choice("tea"), Choice("coffee"), Choice("milk")
ANN, FIRST, SECOND, PRESS = (on_local_node(n) for n in ("ann", "drink-1", "drink-2", "press"))
VOTER = voter(Elector("ann", (TEA, MILK, COFFEE)))
OBSERVER = observer("press")
STRANGER = VoteRefused(Vote(TEA), Reason.STRANGER)
SECOND_VOTE = VoteRefused(Vote(TEA), Reason.SECOND)


def told(engine: Engine, body: object) -> Trigger:
    message = Message(FIRST, engine.identity.external, DEFAULT_MAILBOX, body)
    return Trigger(MessageArrived(message), Time(0))


@pytest.mark.parametrize(
    ("candidates", "choices"),
    [((COFFEE, MILK), [MILK]), ((COFFEE, TEA), [TEA]), ((Choice("gin"), Choice("rum")), [])],
)
def test_a_voter_votes_again_for_what_it_likes_best_of_what_is_left(
    candidates: tuple[Choice, ...], choices: list[Choice]
) -> None:
    votes = tuple(Message(ANN, SECOND, DEFAULT_MAILBOX, Vote(choice)) for choice in choices)
    assert react(VOTERS, VOTER, told(VOTER, RunOffHeld(SECOND, candidates))) == Reaction(
        VOTER.environment, (VoteAgain.id,), votes
    )


def test_a_voter_remembers_refusals() -> None:
    once = Environment(Voter(pset([STRANGER])))
    engine = Engine(VOTER.identity, VOTER.family, VOTER.configuration, once)
    assert react(VOTERS, engine, told(engine, SECOND_VOTE)) == Reaction(
        Environment(Voter(pset([STRANGER, SECOND_VOTE]))), (NoteRefusal.id,)
    )


def test_an_observer_remembers_results() -> None:
    result = Result(1, (TEA,), 1)
    assert react(OBSERVERS, OBSERVER, told(OBSERVER, ResultAnnounced(result))) == Reaction(
        Environment(Observer(pset([result]))), (NoteResult.id,)
    )


def test_neither_heeds_what_is_meant_for_others() -> None:
    assert react(VOTERS, VOTER, told(VOTER, Vote(TEA))) is None
    assert react(OBSERVERS, OBSERVER, told(OBSERVER, STRANGER)) is None
