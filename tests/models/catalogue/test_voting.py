"""What the model says of elections is not empty."""

from attrs import evolve
from pyrsistent import pmap, pset

from models.catalogue.voting import (
    CHOICES,
    RUN_OFF,
    VOTING,
    too_late,
    unentitled,
    unheard,
)
from models.model import World
from models.search.exhaustive import explore
from properties.property import Reacted
from spec.formalism.engine import Engine
from spec.formalism.event import Deliver, Record
from spec.formalism.identity import on_local_node
from spec.formalism.message import DEFAULT_MAILBOX, Message
from spec.formalism.state import GlobalState
from spec.voting.messages import Reason, Result, Vote, VoteRefused

ELECTION = on_local_node("election-1")
OBSERVER = on_local_node("observer")


def world(**changed: int) -> World:
    return VOTING.build({**{each.name: each.default for each in VOTING.parameters}, **changed})


def with_local(state: GlobalState, engine: Engine) -> GlobalState:
    return evolve(state, engines=state.engines.set(engine.identity.external, engine))


def changed(engine: Engine, **local: object) -> Engine:
    environment = engine.environment
    return evolve(engine, environment=environment.with_local(evolve(environment.local, **local)))


def test_a_strangers_vote_is_found() -> None:
    election = world().state.engines[ELECTION]
    stuffed = changed(election, votes=pmap({on_local_node("stranger.1"): CHOICES[0]}))
    assert unentitled(election) is None
    assert unentitled(stuffed) is not None


def test_a_result_that_is_missing_or_that_an_observer_has_not_heard_is_found() -> None:
    state = world().state
    result = Result(1, (), 0)
    computed = with_local(state, changed(state.engines[ELECTION], result=result))
    heard = with_local(computed, changed(state.engines[OBSERVER], results=pset([result])))
    assert unheard(state) is not None
    assert unheard(computed) is not None
    assert unheard(heard) is None


def test_a_vote_is_late_when_it_is_refused_because_the_election_is_closed() -> None:
    election = world().state.engines[ELECTION]
    voter = on_local_node("voter.1")
    vote = Message(voter, ELECTION, DEFAULT_MAILBOX, Vote(CHOICES[0]))

    def refused(reason: Reason) -> Reacted:
        answer = Message(ELECTION, voter, DEFAULT_MAILBOX, VoteRefused(vote.body, reason))
        return Reacted(election, Record(Deliver(vote), sent=(answer,)), election)

    assert too_late(refused(Reason.CLOSED)) is not None
    assert too_late(refused(Reason.SECOND)) is None


def test_a_run_off_is_expected_where_there_can_be_one() -> None:
    assert RUN_OFF in world().properties
    assert RUN_OFF not in world(rounds=1).properties
    assert RUN_OFF not in world(voters=1).properties


def test_one_voter_and_one_round_hold_too() -> None:
    for each in (world(voters=1), world(voters=2, rounds=1)):
        assert explore(each).broken() == ()
