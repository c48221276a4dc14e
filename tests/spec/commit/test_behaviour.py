"""What the transaction manager does on one trigger."""

import pytest
from attrs import evolve
from pyrsistent import pmap

from spec.commit.behaviour import (
    TRANSACTION_MANAGERS,
    DecideAbort,
    DecideCommit,
    RecordPrepared,
)
from spec.commit.environment import (
    ABORTING,
    CLOSED,
    COMMITTING,
    TMState,
    TransactionManager,
    undecided,
)
from spec.commit.messages import Abort, Commit, Prepared
from spec.commit.system import MANAGER, transaction_manager
from spec.formalism.engine import Reaction, react
from spec.formalism.environment import Environment, SetTimer
from spec.formalism.identity import EngineId, on_local_node
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

ONE, TWO = on_local_node("rm.1"), on_local_node("rm.2")
ENGINE = transaction_manager((TWO, ONE))


def heard(*names: EngineId, state: TMState = TMState.INIT) -> Environment[TransactionManager]:
    return undecided().with_local(TransactionManager(state, frozenset(names)))


def reaction(environment: Environment[TransactionManager], trigger: Trigger) -> object:
    return react(TRANSACTION_MANAGERS, evolve(ENGINE, environment=environment), trigger)


def told(sender: EngineId, body: object) -> Trigger:
    return Trigger(MessageArrived(Message(sender, MANAGER, DEFAULT_MAILBOX, body)), Time(0))


def elapses(handle: TimerHandle) -> Trigger:
    return Trigger(TimersElapsed((Timer(Time(0), handle),)), Time(0))


def test_it_notes_who_has_prepared() -> None:
    assert reaction(undecided(), told(ONE, Prepared())) == Reaction(
        heard(ONE), (RecordPrepared.id,)
    )


def test_when_all_have_prepared_it_may_commit() -> None:
    both = evolve(heard(ONE, TWO), timers=pmap({ABORTING: Time(0), COMMITTING: Time(0)}))
    assert reaction(heard(ONE), told(TWO, Prepared())) == Reaction(
        both, (RecordPrepared.id,), timers=(SetTimer(COMMITTING, Delay(0)),)
    )


def test_hearing_the_same_again_changes_nothing() -> None:
    assert reaction(heard(ONE), told(ONE, Prepared())) == Reaction(heard(ONE), (RecordPrepared.id,))


@pytest.mark.parametrize("state", [TMState.COMMITTED, TMState.ABORTED])
def test_once_it_has_decided_it_listens_no_more(state: TMState) -> None:
    assert reaction(heard(ONE, state=state), told(TWO, Prepared())) is None


@pytest.mark.parametrize(
    ("timer", "state", "verdict", "rule"),
    [
        (COMMITTING, TMState.COMMITTED, Commit(), DecideCommit.id),
        (ABORTING, TMState.ABORTED, Abort(), DecideAbort.id),
    ],
)
def test_it_decides_tells_everybody_at_once_and_has_no_choice_left(
    timer: TimerHandle, state: TMState, verdict: Commit | Abort, rule: RuleId
) -> None:
    both = evolve(heard(ONE, TWO), timers=pmap({ABORTING: Time(0), COMMITTING: Time(0)}))
    assert reaction(both, elapses(timer)) == Reaction(
        evolve(heard(ONE, TWO, state=state), timers=pmap()),
        (rule,),
        tuple(Message(MANAGER, each, DEFAULT_MAILBOX, verdict) for each in (ONE, TWO)),
        timers=CLOSED,
    )


def test_it_heeds_nothing_else() -> None:
    assert reaction(undecided(), told(ONE, Commit())) is None
    assert reaction(undecided(), elapses(TimerHandle("tea"))) is None
