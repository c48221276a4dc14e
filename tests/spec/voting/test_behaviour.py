"""What an election does on one trigger."""

from itertools import combinations

import pytest
from attrs import evolve
from pyrsistent import pmap

from spec.formalism.engine import Engine, Reaction, Refusal, react
from spec.formalism.environment import Environment, SetTimer
from spec.formalism.family import EngineFamily
from spec.formalism.identity import AcquaintanceName, EngineId, identity_of, on_local_node
from spec.formalism.message import (
    DEFAULT_MAILBOX,
    Delay,
    Message,
    MessageArrived,
    Time,
    Timer,
    TimerHandle,
    TimersElapsed,
    Trigger,
)
from spec.formalism.rule import RuleId
from spec.voting.behaviour import (
    ELECTION,
    ELECTIONS,
    AnnounceResult,
    ComputeResult,
    CountTurnout,
    HoldRunOff,
    InviteVoters,
    RefuseVote,
    StoreVote,
    solve,
)
from spec.voting.configuration import ElectionConfiguration
from spec.voting.environment import CLOSING, INVITING, Election, opening
from spec.voting.messages import (
    Choice,
    Reason,
    Result,
    ResultAnnounced,
    RunOffHeld,
    Vote,
    VoteRefused,
)

TEA, COFFEE, MILK = Choice("tea"), Choice("coffee"), Choice("milk")
ANN, BOB, EVE, PRESS = (on_local_node(name) for name in ("ann", "bob", "eve", "press"))
FIRST, SECOND = on_local_node("drink-1"), on_local_node("drink-2")
CONFIGURATION = ElectionConfiguration(
    title="drink",
    candidates=frozenset({TEA, COFFEE, MILK}),
    voters=frozenset({BOB, ANN}),
    observers=(AcquaintanceName("press"),),
    duration=Delay(10),
    rounds=2,
)
KNOWN = pmap({AcquaintanceName("press"): identity_of(PRESS)})
OPENED = opening(CONFIGURATION, KNOWN, Time(3))


def voted(**votes: Choice) -> Environment[Election]:
    """An open election in which these voters have voted."""
    local = Election(pmap({on_local_node(name): choice for name, choice in votes.items()}))
    return OPENED.with_local(local).with_mailbox_state(DEFAULT_MAILBOX, len(votes))


def reaction(
    environment: Environment[Election],
    trigger: Trigger,
    configuration: ElectionConfiguration = CONFIGURATION,
    family: EngineFamily = ELECTIONS,
) -> Reaction | Refusal | None:
    return react(family, Engine(identity_of(FIRST), ELECTION, configuration, environment), trigger)


def vote(sender: EngineId, choice: Choice) -> Trigger:
    message = Message(sender, FIRST, DEFAULT_MAILBOX, Vote(choice))
    return Trigger(MessageArrived(message), Time(3))


def elapse(handle: TimerHandle, at: int) -> Trigger:
    return Trigger(TimersElapsed((Timer(Time(at), handle),)), Time(at))


def sent(target: EngineId, body: object) -> Message[object]:
    return Message(FIRST, target, DEFAULT_MAILBOX, body)


def closed(environment: Environment[Election], result: Result) -> Environment[Election]:
    """The environment after the closing time, with this result."""
    local = evolve(environment.local, result=result)
    return evolve(environment.with_local(local), timers=pmap(), time=Time(13))


def test_an_election_opens_without_votes_and_closes_when_its_time_is_over() -> None:
    assert (
        Environment(
            Election(), pmap({DEFAULT_MAILBOX: 0}), KNOWN, pmap({CLOSING: Time(13)}), time=Time(3)
        )
        == OPENED
    )


def test_a_vote_that_counts_is_stored_and_the_turnout_counted() -> None:
    assert reaction(voted(ann=TEA), vote(BOB, MILK)) == Reaction(
        voted(ann=TEA, bob=MILK), (StoreVote.id, CountTurnout.id)
    )


def test_storing_and_counting_commute() -> None:
    one_way, other_way = (
        evolve(ELECTIONS, rules=rules)
        for rules in ((StoreVote, CountTurnout), (CountTurnout, StoreVote))
    )
    first = reaction(voted(ann=TEA), vote(BOB, MILK), family=one_way)
    second = reaction(voted(ann=TEA), vote(BOB, MILK), family=other_way)
    assert isinstance(first, Reaction)
    assert isinstance(second, Reaction)
    assert first.fired == second.fired[::-1]
    assert first == evolve(second, fired=first.fired)


@pytest.mark.parametrize(
    ("environment", "sender", "choice", "reason"),
    [
        (voted(ann=TEA), EVE, TEA, Reason.STRANGER),
        (voted(ann=TEA), ANN, COFFEE, Reason.SECOND),
        (voted(ann=TEA), BOB, Choice("gin"), Reason.UNKNOWN_CHOICE),
        (closed(voted(ann=TEA), Result(1, (TEA,), 1)), BOB, TEA, Reason.CLOSED),
    ],
)
def test_a_vote_that_does_not_count_is_refused_by_a_message(
    environment: Environment[Election], sender: EngineId, choice: Choice, reason: Reason
) -> None:
    assert reaction(environment, vote(sender, choice)) == Reaction(
        environment, (RefuseVote.id,), (sent(sender, VoteRefused(Vote(choice), reason)),)
    )


def test_when_the_time_is_over_the_result_is_computed_and_then_announced() -> None:
    result = Result(1, (TEA,), 2)
    assert reaction(voted(ann=TEA, bob=TEA), elapse(CLOSING, 13)) == Reaction(
        closed(voted(ann=TEA, bob=TEA), result),
        (ComputeResult.id, AnnounceResult.id),
        (sent(PRESS, ResultAnnounced(result)),),
    )


def test_an_election_in_which_nobody_votes_has_a_result_too() -> None:
    assert reaction(voted(), elapse(CLOSING, 13)) == Reaction(
        closed(voted(), Result(1, (), 0)),
        (ComputeResult.id, AnnounceResult.id),
        (sent(PRESS, ResultAnnounced(Result(1, (), 0))),),
    )


def test_a_tie_is_announced_and_a_run_off_between_the_leaders_opens() -> None:
    result = Result(1, (COFFEE, TEA), 2)
    before = voted(ann=TEA, bob=COFFEE)
    second = evolve(CONFIGURATION, candidates=frozenset({TEA, COFFEE}), round=2)
    known = KNOWN.set(AcquaintanceName("drink-2"), identity_of(SECOND))
    assert reaction(before, elapse(CLOSING, 13)) == Reaction(
        evolve(closed(before, result), acquaintances=known, timers=pmap({INVITING: Time(13)})),
        (ComputeResult.id, AnnounceResult.id, HoldRunOff.id),
        (sent(PRESS, ResultAnnounced(result)),),
        (Engine(identity_of(SECOND), ELECTION, second, opening(second, KNOWN, Time(13))),),
        (SetTimer(INVITING, Delay(0)),),
    )


def test_a_tie_in_the_last_round_stands() -> None:
    last = evolve(CONFIGURATION, round=2)
    after = reaction(voted(ann=TEA, bob=COFFEE), elapse(CLOSING, 13), last)
    assert isinstance(after, Reaction)
    assert after.fired == (ComputeResult.id, AnnounceResult.id)
    assert after.environment.local.result == Result(2, (COFFEE, TEA), 2)


def test_once_the_run_off_has_an_identity_every_voter_is_invited() -> None:
    tied = reaction(voted(ann=TEA, bob=COFFEE), elapse(CLOSING, 13))
    assert isinstance(tied, Reaction)
    invitation = RunOffHeld(SECOND, (COFFEE, TEA))
    assert reaction(tied.environment, elapse(INVITING, 13)) == Reaction(
        evolve(tied.environment, timers=pmap()),
        (InviteVoters.id,),
        (sent(ANN, invitation), sent(BOB, invitation)),
    )


def test_nobody_is_invited_to_what_has_no_identity() -> None:
    assert reaction(voted(ann=TEA, bob=COFFEE), elapse(INVITING, 3)) is None


def test_what_is_no_vote_and_no_timer_of_its_own_is_not_handled() -> None:
    strange = Message(ANN, FIRST, DEFAULT_MAILBOX, ResultAnnounced(Result(1, (), 0)))
    assert reaction(voted(), Trigger(MessageArrived(strange), Time(3))) is None
    assert reaction(voted(), elapse(TimerHandle("tea-time"), 5)) is None


def test_a_result_that_was_not_computed_cannot_be_announced() -> None:
    silent = evolve(ELECTIONS, rules=(AnnounceResult,))
    assert reaction(voted(), elapse(CLOSING, 13), family=silent) == Refusal(
        (AnnounceResult.id,), "the action of voting.announce-result has no effect to offer"
    )


def test_the_solver_keeps_its_laws_on_every_set_of_labels() -> None:
    labels = [rule.id for rule in ELECTIONS.rules]
    for size in range(len(labels) + 1):
        for fired in map(frozenset[RuleId], combinations(labels, size)):
            answer = solve(fired)
            fails = RefuseVote.id in fired and size > 1
            assert sorted(label for each in answer for label in each) == (
                [] if fails else sorted(fired)
            )
            assert [solve(each) for each in answer] == [(each,) for each in answer]


def test_the_solver_orders_concurrent_rules_and_fails_for_competing_ones() -> None:
    ids = frozenset[RuleId]
    assert solve(ids({HoldRunOff.id, AnnounceResult.id, ComputeResult.id})) == (
        ids({ComputeResult.id}),
        ids({AnnounceResult.id}),
        ids({HoldRunOff.id}),
    )
    assert solve(ids({CountTurnout.id, StoreVote.id})) == (ids({CountTurnout.id, StoreVote.id}),)
    assert solve(ids({StoreVote.id, RefuseVote.id})) == ()
