"""Epochs change between executions, and none begins while one waits."""

import pytest
from attrs import evolve
from pyrsistent import pmap

from spec.anoma.keyvalue import KVSDatum
from spec.anoma.program import Program
from spec.formalism.engine import Engine, Reaction, Refusal, react
from spec.formalism.environment import Environment
from spec.formalism.identity import identity_of, on_local_node
from spec.formalism.message import DEFAULT_MAILBOX, Message, MessageArrived, Time, Trigger
from spec.formalism.rule import RuleId
from spec.soma.authority.behaviour import AUTHORITY
from spec.soma.authority.configuration import AuthorityConfiguration
from spec.soma.authority.environment import AuthorityState, Execution
from spec.soma.authority.messages import (
    Abandon,
    EpochStore,
    Finish,
    LoadEpochStore,
    Reconfigure,
    Reconfigured,
)
from spec.soma.certificate import Certificate, TransactionDigest
from spec.soma.epoch import EpochId
from spec.soma.object import ObjectId, ObjectKey, Version

OWN, MANAGER, OTHER = (on_local_node(name) for name in ("authority", "manager", "other"))
NOW, LATER, LAST = EpochId(3), EpochId(4), EpochId(5)
X1 = ObjectKey(ObjectId("x"), Version(1))
A = Certificate(TransactionDigest("a"), NOW, frozenset(), frozenset(), Program(()))
IDLE = AuthorityState(NOW, pmap({X1: KVSDatum(5)}))
BUSY = evolve(IDLE, executing=pmap({A.digest: Execution(A, OTHER, pmap())}))
WAITING = evolve(BUSY, reconfiguring=LATER)


def taking(state: AuthorityState, body: object) -> Reaction | Refusal | None:
    configuration = AuthorityConfiguration(MANAGER)
    engine = Engine(identity_of(OWN), AUTHORITY.name, configuration, Environment(state))
    message = Message(OTHER, OWN, DEFAULT_MAILBOX, body)
    return react(AUTHORITY, engine, Trigger(MessageArrived(message), Time(0)))


def does(state: AuthorityState, *rules: str, sends: tuple[Message[object], ...] = ()) -> Reaction:
    fired = tuple(RuleId(f"authority.{rule}") for rule in rules)
    return Reaction(Environment(state), fired, sends)


def news(*executed: TransactionDigest) -> Message[object]:
    """What the manager hears when the later epoch begins."""
    body = Reconfigured(LATER, frozenset(executed), frozenset({X1}))
    return Message(OWN, MANAGER, DEFAULT_MAILBOX, body)


@pytest.mark.parametrize("state", [IDLE, WAITING])
def test_the_epoch_that_is_loaded_is_the_current_one(state: AuthorityState) -> None:
    store = Message(OWN, OTHER, DEFAULT_MAILBOX, EpochStore(NOW))
    assert taking(state, LoadEpochStore()) == does(state, "answer-epoch", sends=(store,))


def test_where_nothing_executes_the_next_epoch_begins_at_once() -> None:
    after = evolve(IDLE, epoch=LATER)
    begun = does(after, "await-reconfiguration", "change-epoch", sends=(news(),))
    assert taking(IDLE, Reconfigure(LATER)) == begun


def test_otherwise_it_waits_for_the_last_execution() -> None:
    assert taking(BUSY, Reconfigure(LATER)) == does(WAITING, "await-reconfiguration")
    reaction = taking(WAITING, Finish(A.digest, OTHER))
    assert isinstance(reaction, Reaction)
    assert reaction.environment.local.epoch == LATER
    assert reaction.environment.local.reconfiguring is None
    assert reaction.sent[-1] == news(A.digest)


def test_a_crash_may_have_been_the_last_thing_that_it_waited_for() -> None:
    reaction = taking(WAITING, Abandon(A.digest))
    assert isinstance(reaction, Reaction)
    assert reaction.environment.local.epoch == LATER
    assert reaction.sent[-1] == news()


def test_an_epoch_after_the_next_waits_its_turn() -> None:
    assert taking(IDLE, Reconfigure(LAST)) is None
    assert taking(WAITING, Reconfigure(LAST)) is None


@pytest.mark.parametrize("epoch", [EpochId(2), NOW])
def test_an_epoch_that_has_begun_does_not_begin_again(epoch: EpochId) -> None:
    assert taking(IDLE, Reconfigure(epoch)) == does(IDLE, "ignore-repeat")
    assert taking(WAITING, Reconfigure(LATER)) == does(WAITING, "ignore-repeat")
