"""What a resource manager does on one trigger."""

import pytest
from attrs import evolve
from pyrsistent import pmap

from spec.commit.environment import (
    GIVING_UP,
    PREPARING,
    SETTLED,
    ResourceManager,
    RMState,
    at_work,
)
from spec.commit.messages import Abort, Commit, Prepared
from spec.commit.participants import (
    RESOURCE_MANAGERS,
    ChooseToAbort,
    ObeyAbort,
    ObeyCommit,
    Prepare,
)
from spec.commit.system import MANAGER, resource_manager
from spec.formalism.engine import Reaction, react
from spec.formalism.environment import Environment
from spec.formalism.identity import on_local_node
from spec.formalism.message import (
    DEFAULT_MAILBOX,
    Message,
    MessageArrived,
    Time,
    Timer,
    TimerHandle,
    TimersElapsed,
    Trigger,
)
from spec.formalism.rule import RuleId

OWN = on_local_node("rm.1")
ENGINE = resource_manager(OWN)


def settled(state: RMState) -> Environment[ResourceManager]:
    return Environment(ResourceManager(state), timers=pmap())


def told(body: object) -> Trigger:
    return Trigger(MessageArrived(Message(MANAGER, OWN, DEFAULT_MAILBOX, body)), Time(0))


def elapses(handle: TimerHandle) -> Trigger:
    return Trigger(TimersElapsed((Timer(Time(0), handle),)), Time(0))


def test_it_may_prepare_and_tells_so() -> None:
    sent = (Message(OWN, MANAGER, DEFAULT_MAILBOX, Prepared()),)
    assert react(RESOURCE_MANAGERS, ENGINE, elapses(PREPARING)) == Reaction(
        settled(RMState.PREPARED), (Prepare.id,), sent, timers=SETTLED
    )


def test_it_may_give_up_and_tells_nobody() -> None:
    assert react(RESOURCE_MANAGERS, ENGINE, elapses(GIVING_UP)) == Reaction(
        settled(RMState.ABORTED), (ChooseToAbort.id,), timers=SETTLED
    )


@pytest.mark.parametrize(
    "before", [at_work(), settled(RMState.PREPARED), settled(RMState.COMMITTED)]
)
@pytest.mark.parametrize(
    ("verdict", "after", "rule"),
    [
        (Commit(), RMState.COMMITTED, ObeyCommit.id),
        (Abort(), RMState.ABORTED, ObeyAbort.id),
    ],
)
def test_it_obeys_whatever_it_has_done(
    before: Environment[ResourceManager], verdict: object, after: RMState, rule: RuleId
) -> None:
    engine = evolve(ENGINE, environment=before)
    assert react(RESOURCE_MANAGERS, engine, told(verdict)) == Reaction(
        settled(after), (rule,), timers=SETTLED
    )


def test_it_heeds_nothing_else() -> None:
    assert react(RESOURCE_MANAGERS, ENGINE, told(Prepared())) is None
    assert react(RESOURCE_MANAGERS, ENGINE, elapses(TimerHandle("tea"))) is None
