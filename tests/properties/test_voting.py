"""What must hold of elections holds, and falls with broken ones."""

from collections.abc import Callable
from typing import Any

from attrs import evolve
from pyrsistent import pmap, pset

from properties.property import Evidence, Property, Reacted
from properties.voting import (
    VOTING_PROPERTIES,
    late_vote,
    misanswered,
    miscounted_turnout,
    misleading_invitation,
    missing_run_off,
    missing_vote,
    open_election,
    told_again,
    uninvited,
    unknown_run_off,
    waiting_message,
    with_told,
    wrong_leaders,
)
from spec.formalism.delivery import Unordered
from spec.formalism.engine import Engine
from spec.formalism.event import Deliver, Elapse, Record
from spec.formalism.identity import AcquaintanceName, EngineId, identity_of, on_local_node
from spec.formalism.message import DEFAULT_MAILBOX, Message, Time, Timer, TimerHandle
from spec.formalism.state import GlobalState, initial_state
from spec.formalism.system import System
from spec.voting.environment import CLOSING, INVITING, Election
from spec.voting.messages import (
    Choice,
    Reason,
    Result,
    ResultAnnounced,
    RunOffHeld,
    Vote,
    VoteRefused,
)
from spec.voting.system import (
    Elector,
    Poll,
    election,
    election_id,
    observer,
    voter,
    voting_state,
    voting_system,
)

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


def test_a_tie_without_the_run_off_that_it_leads_to_is_found() -> None:
    tied = holding(Election(pmap({ONE: P, TWO: Q}), Result(1, (P, Q), 2)), 2)
    decided = holding(Election(pmap({ONE: P}), RESULT), 1)
    last = evolve(tied, configuration=evolve(tied.configuration, rounds=1))
    following = evolve(decided, identity=identity_of(election_id(POLL, 2)))

    def found(*engines: Engine) -> Evidence | None:
        return missing_run_off(initial_state(Unordered, engines))

    assert found(tied) == Evidence("election-1 ended in a tie, and there is no election-2")
    assert found(tied, following) is None
    assert found(decided, observer("ann")) is None
    assert found(holding(Election(), 0)) is None
    assert found(last) is None


def test_a_voter_that_is_not_invited_once_to_the_run_off_is_found() -> None:
    tied = holding(Election(pmap({ONE: P, TWO: Q}), Result(1, (P, Q), 2)), 2)
    body = RunOffHeld(election_id(POLL, 2), (P, Q))
    own = election_id(POLL)

    def found(handle: TimerHandle, *targets: EngineId) -> Evidence | None:
        sent = tuple(Message(own, target, DEFAULT_MAILBOX, body) for target in targets)
        record = Record(Elapse(own, Timer(Time(1), handle)), sent=sent)
        return uninvited(Reacted(tied, record, tied))

    assert found(INVITING, ONE, TWO) is None
    assert found(INVITING, ONE) == Evidence("election-1 invites one to its run-off")
    assert found(INVITING) == Evidence("election-1 invites nobody to its run-off")
    assert found(INVITING, ONE, ONE, TWO) == Evidence(
        "election-1 invites one, one, two to its run-off"
    )
    assert found(CLOSING) is None
    assert uninvited(Reacted(tied, announcement("ann"), tied)) is None


def reacted(before: Engine, after: Engine, consumed: Message[Any], *sent: Message[Any]) -> Reacted:
    return Reacted(before, Record(Deliver(consumed), consumed=consumed, sent=sent), after)


VOTED = Message(ONE, election_id(POLL), DEFAULT_MAILBOX, Vote(P))


def refusal(to: EngineId) -> Message[VoteRefused]:
    body = VoteRefused(Vote(P), Reason.SECOND)
    return Message(election_id(POLL), to, DEFAULT_MAILBOX, body)


def test_a_vote_counts_or_is_refused_once_to_its_sender() -> None:
    empty, one = holding(Election(), 0), holding(Election(votes=pmap({ONE: P})), 1)
    assert misanswered(reacted(empty, one, VOTED)) is None
    assert misanswered(reacted(one, one, VOTED, refusal(ONE))) is None
    twice = Evidence("the vote of one does not count, and is refused 2 times")
    assert misanswered(reacted(one, one, VOTED, refusal(ONE), refusal(ONE))) == twice
    never = Evidence("the vote of one does not count, and is refused 0 times")
    assert misanswered(reacted(one, one, VOTED)) == never
    stray = Evidence("the vote of one does not count, and is refused 1 times")
    assert misanswered(reacted(one, one, VOTED, refusal(TWO))) == stray
    both = Evidence("the vote of one counts, and is refused 1 times")
    assert misanswered(reacted(empty, one, VOTED, refusal(ONE))) == both


def test_an_election_is_to_know_its_run_off() -> None:
    tied = holding(Election(result=Result(1, (P, Q), 2)), 2)
    assert unknown_run_off(tied) == Evidence("election-1 does not know election-2")
    following = AcquaintanceName("election-2")
    known = tied.environment.acquaintances.set(following, identity_of(election_id(POLL, 2)))
    assert (
        unknown_run_off(evolve(tied, environment=evolve(tied.environment, acquaintances=known)))
        is None
    )
    assert unknown_run_off(holding(Election(result=RESULT), 2)) is None


def test_an_invited_voter_votes_for_its_dearest_choice_or_abstains() -> None:
    two, run_off = voter(POLL.voters[1]), election_id(POLL, 2)
    invitation = Message(election_id(POLL), TWO, DEFAULT_MAILBOX, RunOffHeld(run_off, (P, Q)))
    vote = Message(TWO, run_off, DEFAULT_MAILBOX, Vote(Q))
    assert missing_vote(reacted(two, two, invitation, vote)) is None
    found = Evidence("two is invited to election-2, and votes otherwise")
    assert missing_vote(reacted(two, two, invitation)) == found
    assert missing_vote(reacted(two, two, invitation, evolve(vote, body=Vote(P)))) == found
    assert missing_vote(reacted(two, two, invitation, vote, vote)) == found
    neither = evolve(invitation, body=RunOffHeld(run_off, (Choice("r"),)))
    assert missing_vote(reacted(two, two, neither)) is None


def test_a_message_that_waits_at_rest_is_found() -> None:
    waiting = initial_state(Unordered, (election(POLL),), (VOTED,))
    assert waiting_message(waiting) == Evidence("a message waits for election-1")
    assert waiting_message(initial_state(Unordered, (election(POLL),))) is None


def test_an_invitation_that_names_another_round_or_others_is_found() -> None:
    tied = holding(Election(pmap({ONE: P, TWO: Q}), Result(1, (P, Q), 2)), 2)

    def found(round_: int, *names: Choice) -> Evidence | None:
        body = RunOffHeld(election_id(POLL, round_), names)
        sent = (Message(election_id(POLL), ONE, DEFAULT_MAILBOX, body),)
        record = Record(Elapse(election_id(POLL), Timer(Time(1), INVITING)), sent=sent)
        return misleading_invitation(Reacted(tied, record, tied))

    assert found(2, P, Q) is None
    assert found(1, P, Q) == Evidence("election-1 invites to election-1 between p, q")
    assert found(2, P) == Evidence("election-1 invites to election-2 between p")
