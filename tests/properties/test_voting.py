"""What must hold of elections holds, and falls with broken ones."""

from collections.abc import Callable

from attrs import evolve
from pyrsistent import pmap, pset

from properties.property import Evidence, Property, Reacted
from properties.voting import (
    VOTING_PROPERTIES,
    late_vote,
    miscounted_turnout,
    open_election,
    told_again,
    with_told,
    wrong_leaders,
)
from spec.formalism.delivery import Unordered
from spec.formalism.engine import Engine
from spec.formalism.event import Deliver, Record
from spec.formalism.identity import on_local_node
from spec.formalism.message import DEFAULT_MAILBOX, Message
from spec.formalism.state import GlobalState, initial_state
from spec.formalism.system import System
from spec.voting.environment import Election
from spec.voting.messages import Choice, Result, ResultAnnounced
from spec.voting.system import Elector, Poll, election, observer, voting_state, voting_system

P, Q = Choice("p"), Choice("q")
POLL = Poll((Elector("one", (P,)), Elector("two", (Q, P))))
ONE, TWO = on_local_node("one"), on_local_node("two")
ANN, BOB = on_local_node("ann"), on_local_node("bob")
RESULT = Result(1, (P,), 2)


def holding(local: Election, turnout: int) -> Engine:
    opened = election(POLL)
    told = opened.environment.with_local(local).with_mailbox_state(DEFAULT_MAILBOX, turnout)
    return evolve(opened, environment=told)


def announcement(*targets: str) -> Record:
    body = ResultAnnounced(RESULT)
    sent = tuple(Message(ANN, on_local_node(target), DEFAULT_MAILBOX, body) for target in targets)
    return Record(Deliver(Message(BOB, ANN, DEFAULT_MAILBOX, "any")), sent=sent)


def test_all_of_it_holds_of_an_election_with_a_run_off(
    explore: Callable[[System, GlobalState, tuple[Property, ...]], dict[str, Evidence]],
) -> None:
    system = voting_system()
    assert explore(system, voting_state(system, POLL), VOTING_PROPERTIES) == {}


def test_a_turnout_that_is_not_the_number_of_votes_is_found() -> None:
    one_vote = Election(pmap({ONE: P}))
    assert miscounted_turnout(holding(one_vote, 1)) is None
    assert miscounted_turnout(holding(one_vote, 2)) == Evidence(
        "election-1 counts 2 votes and holds 1"
    )


def test_a_result_that_names_others_than_most_voted_for_is_found() -> None:
    votes = pmap({ONE: P, TWO: Q})
    assert wrong_leaders(holding(Election(votes), 2)) is None
    assert wrong_leaders(holding(Election(votes, Result(1, (P, Q), 2)), 2)) is None
    assert wrong_leaders(holding(Election(pmap(), Result(1, (), 0)), 0)) is None
    assert wrong_leaders(holding(Election(votes, RESULT), 2)) == Evidence(
        "the result names ('p',), most votes have ('p', 'q')"
    )


def test_an_election_that_changes_after_its_result_is_found() -> None:
    closed, record = Election(pmap({ONE: P}), RESULT), announcement()
    later = evolve(closed, votes=closed.votes.set(TWO, Q))
    open_ = Election(pmap({ONE: P}))

    def found(before: Election, after: Election) -> Evidence | None:
        return late_vote(Reacted(holding(before, 1), record, holding(after, 1)))

    assert found(closed, later) == Evidence("election-1 has its result, but goes on")
    assert found(closed, closed) is None
    assert found(open_, closed) is None
    assert late_vote(Reacted(observer("ann"), record, observer("ann"))) is None


def test_an_observer_that_is_told_twice_is_found() -> None:
    again = Evidence("ann tells bob of its result again")
    told = with_told(pset(), announcement("bob"))
    assert told == pset([(ANN, BOB)])
    assert told_again(pset(), announcement("bob", "one")) is None
    assert told_again(told, announcement("one")) is None
    assert told_again(told, announcement("bob")) == again
    assert told_again(pset(), announcement("bob", "bob")) == again


def test_an_election_at_rest_without_a_result_is_found() -> None:
    def state(local: Election) -> GlobalState:
        return initial_state(Unordered, (holding(local, 0), observer("ann")))

    assert open_election(state(Election())) == Evidence("election-1 has no result")
    assert open_election(state(Election(pmap(), RESULT))) is None
