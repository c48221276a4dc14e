"""Whole elections: every interleaving ends as an election should."""

from collections.abc import Iterator

import pytest
from attrs import evolve
from pyrsistent import pmap

from spec.formalism.delivery import Fifo, SetDelivery, Unordered
from spec.formalism.engine import Engine
from spec.formalism.environment import Environment
from spec.formalism.event import Deliver, Elapse
from spec.formalism.identity import identity_of, on_local_node
from spec.formalism.message import DEFAULT_MAILBOX, Delay, Message, Time, Timer
from spec.formalism.rule import RuleId, statement
from spec.formalism.state import Faults, GlobalState, messages
from spec.formalism.system import Successor, System
from spec.voting.configuration import ObserverConfiguration
from spec.voting.environment import CLOSING, Observer, Voter
from spec.voting.messages import Choice, Reason, Result, Vote, VoteRefused
from spec.voting.participants import OBSERVER
from spec.voting.system import Elector, Poll, election_id, first_vote, voting_state, voting_system

TEA, COFFEE = Choice("tea"), Choice("coffee")
ANN, BOB, EVE = Elector("ann", (TEA,)), Elector("bob", (COFFEE, TEA)), Elector("eve", (TEA,))
POLL = Poll((ANN, BOB), (EVE,), title="drink")
PRESS = on_local_node("observer")


def walk(system: System, start: GlobalState) -> Iterator[tuple[GlobalState, list[Successor]]]:
    """Every state that can be reached, with the steps that lead on from it."""
    seen, waiting = {start}, [start]
    while waiting:
        state = waiting.pop()
        steps = list(system.successors(state))
        yield state, [step for step in steps if step.state != state]
        for step in steps:
            assert step.record.refusal is None
            if step.state not in seen:
                seen.add(step.state)
                waiting.append(step.state)


def resting(system: System, poll: Poll) -> list[GlobalState]:
    return [state for state, steps in walk(system, voting_state(system, poll)) if not steps]


def heard(state: GlobalState) -> frozenset[Result]:
    environment: Environment[Observer] = state.engines[PRESS].environment
    return frozenset(environment.local.results)


def refusals(state: GlobalState, name: str) -> frozenset[Reason]:
    environment: Environment[Voter] = state.engines[on_local_node(name)].environment
    return frozenset(refused.reason for refused in environment.local.refusals)


def outcome(*results: tuple[int, tuple[Choice, ...], int]) -> frozenset[Result]:
    return frozenset(Result(*result) for result in results)


ONE_ROUND = {
    outcome((1, (), 0)),
    outcome((1, (TEA,), 1)),
    outcome((1, (COFFEE,), 1)),
}
TIE = (1, (COFFEE, TEA), 2)
"""Both votes come in time: both voters are invited to a second round, and may be late again."""
TWO_ROUNDS = {
    outcome(TIE, (2, (), 0)),
    outcome(TIE, (2, (TEA,), 1)),
    outcome(TIE, (2, (COFFEE,), 1)),
    outcome(TIE, (2, (COFFEE, TEA), 2)),
}


def test_at_the_start_the_votes_are_on_their_way_and_observers_have_heard_nothing() -> None:
    state = voting_state(voting_system(), evolve(POLL, strangers=()))
    votes = (("ann", Vote(TEA)), ("bob", Vote(COFFEE)))
    assert {*messages(Unordered, state)} == {
        Message(on_local_node(name), election_id(POLL), DEFAULT_MAILBOX, vote)
        for name, vote in votes
    }
    told = Engine(identity_of(PRESS), OBSERVER, ObserverConfiguration(), Environment(Observer()))
    assert state.engines[PRESS] == told


@pytest.mark.parametrize("discipline", [Unordered, Fifo])
def test_every_schedule_ends_in_a_result_that_some_votes_in_time_explain(
    discipline: type[Unordered | Fifo],
) -> None:
    ends = resting(voting_system(discipline), POLL)
    assert {heard(state) for state in ends} == ONE_ROUND | TWO_ROUNDS
    assert all(not messages(discipline, state) for state in ends)
    assert {refusals(state, "eve") for state in ends} == {frozenset({Reason.STRANGER})}


def test_whoever_votes_in_time_is_counted_and_whoever_does_not_is_told() -> None:
    for state in resting(voting_system(), POLL):
        for name in ("ann", "bob"):
            counted = [
                on_local_node(name)
                in state.engines[election_id(POLL, number)].environment.local.votes
                for number in (1, 2)
                if election_id(POLL, number) in state.engines
            ]
            late = Reason.CLOSED in refusals(state, name)
            assert late == (not all(counted))


def test_a_vote_that_comes_twice_is_refused_the_second_time() -> None:
    ends = resting(voting_system(faults=Faults(duplicates=1)), Poll((ANN,), rounds=1))
    assert {(heard(state), refusals(state, "ann")) for state in ends} == {
        (outcome((1, (TEA,), 1)), frozenset[Reason]()),
        (outcome((1, (TEA,), 1)), frozenset({Reason.SECOND})),
        (outcome((1, (TEA,), 1)), frozenset({Reason.CLOSED})),
        (outcome((1, (), 0)), frozenset({Reason.CLOSED})),
    }


def test_in_set_delivery_an_election_is_finite_too() -> None:
    ends = resting(voting_system(SetDelivery), Poll((ANN,), observers=("observer",)))
    assert {heard(state) for state in ends} == {outcome((1, (), 0)), outcome((1, (TEA,), 1))}


def test_without_rounds_left_a_tie_stands() -> None:
    ends = resting(voting_system(), evolve(POLL, rounds=1, strangers=()))
    assert {heard(state) for state in ends} == ONE_ROUND | {outcome(TIE)}


def test_the_clock_of_a_run_off_goes_on_from_that_of_the_election() -> None:
    poll = evolve(POLL, duration=Delay(7), strangers=())
    state = voting_state(voting_system(), poll)
    for elector in poll.voters:
        state, _ = voting_system().step(state, Deliver(first_vote(poll, elector)))
    state, _ = voting_system().step(state, Elapse(election_id(poll), Timer(Time(7), CLOSING)))
    run_off = state.engines[election_id(poll, 2)]
    assert (run_off.environment.time, run_off.environment.timers) == (7, pmap({CLOSING: Time(14)}))


def test_at_the_start_every_vote_is_on_its_way() -> None:
    system = voting_system(faults=Faults(losses=1))
    state = voting_state(system, POLL)
    votes = tuple(first_vote(POLL, elector) for elector in (ANN, BOB, EVE))
    assert sorted(map(str, messages(Unordered, state))) == sorted(map(str, votes))
    assert votes[1].body == Vote(COFFEE)
    assert sorted(state.engines) == [
        on_local_node(name) for name in ("ann", "bob", "drink-1", "eve", "observer")
    ]
    assert state.faults == Faults(losses=1)


def test_every_rule_takes_effect_in_some_schedule_and_is_citable() -> None:
    system = voting_system()
    fired: set[RuleId] = set()
    for _, steps in walk(system, voting_state(system, POLL)):
        fired.update(label for step in steps for label in step.record.fired)
    rules = {rule.id: rule for family in system.families.values() for rule in family.rules}
    assert fired == set(rules)
    assert all(identity.startswith("voting.") for identity in rules)
    assert all(statement(rule) and rule.sources for rule in rules.values())


def test_a_refusal_names_the_vote_that_does_not_count() -> None:
    ends = resting(voting_system(), POLL)
    told = {
        refused
        for state in ends
        for refused in state.engines[on_local_node("eve")].environment.local.refusals
    }
    assert told == {VoteRefused(Vote(TEA), Reason.STRANGER)}
