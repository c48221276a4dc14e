"""The laws of engines: they hold of elections, and each falls by a hand-made step."""

from collections.abc import Callable

import pytest
from attrs import evolve
from pyrsistent import pmap

from properties.engine_laws import (
    ENGINE_LAWS,
    forged,
    misplaced_clock,
    other_identity,
    refused,
    stale_spawn,
    unconserved,
    unsilent,
)
from properties.property import Evidence, Property, Reacted, Step
from spec.formalism.clauses import Absorb
from spec.formalism.delivery import AnyDiscipline, Fifo, SetDelivery, Unordered
from spec.formalism.engine import Engine, Refusal
from spec.formalism.environment import FINISHED, DiscardTimer, Environment
from spec.formalism.event import Deliver, Duplicate, Elapse, Lose, Record
from spec.formalism.identity import EngineId, identity_of, on_local_node
from spec.formalism.message import DEFAULT_MAILBOX, Message, Time, Timer, TimerHandle
from spec.formalism.rule import RuleId
from spec.formalism.state import Faults, GlobalState, initial_state
from spec.formalism.system import System
from spec.voting.messages import Choice
from spec.voting.system import Elector, Poll, voting_state, voting_system

A, B, C = (on_local_node(name) for name in "abc")
WORD = Message(A, B, DEFAULT_MAILBOX, "word")
REPLY = Message(B, A, DEFAULT_MAILBOX, "reply")
BELL = Timer(Time(3), TimerHandle("bell"))


def engine(name: EngineId, local: object = None, time: int = 0) -> Engine:
    return Engine(identity_of(name), "any", None, Environment(local, time=Time(time)))


def state(*in_flight: Message[str], discipline: AnyDiscipline = Unordered) -> GlobalState:
    return initial_state(discipline, (engine(A), engine(B)), in_flight)


def step(
    before: GlobalState,
    record: Record,
    after: GlobalState,
    discipline: AnyDiscipline = Unordered,
) -> Step:
    return Step(System(pmap(), discipline), before, record, after)


def delivery(*sent: Message[str], spawned: tuple[EngineId, ...] = ()) -> Record:
    return Record(Deliver(WORD), consumed=WORD, sent=sent, spawned=spawned)


def reaction(record: Record, before: Engine | None = None, after: Engine | None = None) -> Reacted:
    before = before or engine(B)
    return Reacted(before, record, after or before)


@pytest.mark.parametrize(
    ("discipline", "faults", "voters"),
    [
        (Unordered, Faults(), "pq"),
        (Unordered, Faults(duplicates=1, losses=1), "p"),
        (Fifo, Faults(duplicates=1, losses=1), "p"),
        (SetDelivery, Faults(losses=1), "p"),
    ],
)
def test_all_laws_hold_of_elections_whatever_the_network_does(
    explore: Callable[[System, GlobalState, tuple[Property, ...]], dict[str, Evidence]],
    discipline: AnyDiscipline,
    faults: Faults,
    voters: str,
) -> None:
    system = voting_system(discipline, faults)
    poll = Poll(tuple(Elector(name, (Choice(name),)) for name in voters), rounds=1)
    assert explore(system, voting_state(system, poll), ENGINE_LAWS) == {}


def test_an_engine_that_is_gone_or_another_one_is_found() -> None:
    before = state()
    gone = evolve(before, engines=before.engines.remove(A))
    changed = evolve(before.engines[B], configuration="other")
    other = evolve(before, engines=before.engines.set(B, changed))
    moved = evolve(before, engines=before.engines.set(B, engine(B, "moved")))
    assert other_identity(step(before, delivery(), gone)) == Evidence(
        "a is not the engine any more that it was"
    )
    assert other_identity(step(before, delivery(), other)) == Evidence(
        "b is not the engine any more that it was"
    )
    assert other_identity(step(before, delivery(), moved)) is None


def test_an_engine_under_a_used_id_or_out_of_nothing_is_found() -> None:
    before = state()
    after = evolve(before, engines=before.engines.set(C, engine(C)))
    used = "was created where there was an engine of that id"
    assert stale_spawn(step(before, delivery(spawned=(C,)), after)) is None
    assert stale_spawn(step(before, delivery(spawned=(A,)), before)) == Evidence(f"a {used}")
    assert stale_spawn(step(before, delivery(spawned=(C, C)), after)) == Evidence(f"c {used}")
    assert stale_spawn(step(before, delivery(), after)) == Evidence(
        "c is there without having been created"
    )
    replaced = evolve(after, engines=after.engines.remove(A))
    assert stale_spawn(step(before, delivery(), replaced)) == Evidence(
        "c is there without having been created"
    )
    assert stale_spawn(step(before, delivery(spawned=(C,)), replaced)) is None


@pytest.mark.parametrize("discipline", [Unordered, Fifo])
def test_a_message_that_is_lost_kept_or_added_in_silence_is_found(
    discipline: AnyDiscipline,
) -> None:
    before = state(WORD, discipline=discipline)
    none, reply = state(discipline=discipline), state(REPLY, discipline=discipline)

    def found(record: Record, after: GlobalState) -> Evidence | None:
        return unconserved(step(before, record, after, discipline))

    assert found(delivery(REPLY), reply) is None
    assert found(delivery(REPLY), none) == Evidence(
        "str from b to a is in flight 0 times, should be 1 times"
    )
    assert found(delivery(), before) == Evidence(
        "str from a to b is in flight 1 times, should be 0 times"
    )
    assert found(delivery(), reply) == Evidence(
        "str from b to a is in flight 1 times, should be 0 times"
    )


def test_a_fault_adds_or_takes_one_copy() -> None:
    before, two, none = state(WORD), state(WORD, WORD), state()
    assert unconserved(step(before, Record(Duplicate(WORD)), two)) is None
    assert unconserved(step(before, Record(Lose(WORD)), none)) is None
    assert unconserved(step(before, Record(Duplicate(WORD)), before)) == Evidence(
        "str from a to b is in flight 1 times, should be 2 times"
    )
    assert unconserved(step(two, Record(Lose(WORD)), none)) == Evidence(
        "str from a to b is in flight 0 times, should be 1 times"
    )


def test_nothing_leaves_a_set_of_messages_but_by_a_loss() -> None:
    before, none = (state(*mail, discipline=SetDelivery) for mail in ((WORD,), ()))
    assert unconserved(step(before, delivery(WORD), before, SetDelivery)) is None
    assert unconserved(step(before, Record(Lose(WORD)), none, SetDelivery)) is None
    assert unconserved(step(before, delivery(), none, SetDelivery)) == Evidence(
        "str from a to b is in flight 0 times, should be 1 times"
    )


def test_a_refused_step_is_found_with_its_reason() -> None:
    rules = (RuleId("x.one"), RuleId("x.two"))
    record = Record(Deliver(WORD), refusal=Refusal(rules, "conflict resolution failed"))
    assert refused(reaction(record)) == Evidence("b (x.one, x.two): conflict resolution failed")
    assert refused(reaction(Record(Deliver(WORD), refusal=Refusal((), "why")))) == Evidence(
        "b (no rule): why"
    )
    assert refused(reaction(delivery())) is None


def test_a_finished_engine_that_does_anything_is_found() -> None:
    finished = engine(B, FINISHED)
    quiet = Record(Deliver(WORD), (Absorb.id,), WORD)
    assert unsilent(reaction(quiet, finished)) is None
    assert unsilent(reaction(delivery(REPLY), engine(B))) is None
    assert unsilent(reaction(delivery(REPLY), finished)) == Evidence(
        "b has finished, but sent str to a"
    )
    busy = Evidence("b has finished, but created engines or set timers")
    assert unsilent(reaction(delivery(spawned=(C,)), finished)) == busy
    timers = evolve(quiet, timers=(DiscardTimer(BELL.handle),))
    assert unsilent(reaction(timers, finished)) == busy
    assert unsilent(reaction(quiet, finished, engine(B))) == Evidence("b has finished, but changed")


def test_a_message_in_the_name_of_another_is_found() -> None:
    assert forged(reaction(delivery(REPLY))) is None
    assert forged(reaction(delivery(REPLY, WORD))) == Evidence("b sent str in the name of a")


def test_a_clock_that_moves_otherwise_than_to_the_due_time_is_found() -> None:
    elapse = Record(Elapse(B, BELL))

    def found(record: Record, before: int, after: int) -> Evidence | None:
        return misplaced_clock(reaction(record, engine(B, None, before), engine(B, None, after)))

    assert found(elapse, 1, 3) is None
    assert found(delivery(), 3, 3) is None
    assert found(evolve(elapse, refusal=Refusal((), "why")), 1, 1) is None
    assert found(elapse, 1, 4) == Evidence("the clock of b went from 1 to 4, due was 3")
    assert found(delivery(), 3, 2) == Evidence("the clock of b went from 3 to 2, due was 3")
    assert found(elapse, 4, 3) == Evidence("the clock of b went from 4 to 3, due was 3")
