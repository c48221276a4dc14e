"""What executions leave: effects that stay, news for who should hear, and no trace of a failure."""

from attrs import evolve
from pyrsistent import pmap, pset

from properties.property import Evidence, Reacted
from properties.soma.authority import (
    EVERYBODY_HEARS,
    FAILURE_LEAVES_NOTHING,
    ONE_EPOCH,
    PAST_STAYS,
    finished_in,
)
from spec.anoma.keyvalue import KVSDatum
from spec.anoma.program import Program
from spec.formalism.engine import Engine
from spec.formalism.environment import FINISHED, Environment
from spec.formalism.event import Deliver, Record
from spec.formalism.identity import EngineId, identity_of, on_local_node
from spec.formalism.message import DEFAULT_MAILBOX, Message
from spec.soma.authority.behaviour import AUTHORITY, AbandonExecution
from spec.soma.authority.configuration import AuthorityConfiguration
from spec.soma.authority.environment import AuthorityState, Execution
from spec.soma.authority.messages import (
    Abandon,
    Committed,
    Executed,
    ExecutionFailed,
    Failed,
    Finish,
)
from spec.soma.certificate import Certificate, TransactionDigest
from spec.soma.epoch import FIRST_EPOCH, EpochId
from spec.soma.execution import Effects, ExecutionError
from spec.soma.object import ObjectId, ObjectKey, Version

X1, Y1 = (ObjectKey(ObjectId(each), Version(1)) for each in "xy")
A, B = TransactionDigest("a"), TransactionDigest("b")
TASK, OTHER, KEEPER = (on_local_node(each) for each in ("task.1", "task.2", "authority"))
MANAGER = on_local_node("manager")
LATER, LAST = EpochId(FIRST_EPOCH + 1), EpochId(FIRST_EPOCH + 2)

CERTIFICATE = Certificate(A, FIRST_EPOCH, frozenset(), frozenset({X1.object}), Program(()))
BEGUN = Execution(CERTIFICATE, TASK, pmap())
BEGUN_TOO = Execution(evolve(CERTIFICATE, digest=B), OTHER, pmap())
MADE = Effects(A, FIRST_EPOCH, None, pmap(), pmap({X1: KVSDatum(5)}))
MADE_TOO = Effects(B, FIRST_EPOCH, None, pmap(), pmap({Y1: KVSDatum(6)}))

IDLE = AuthorityState(FIRST_EPOCH, pmap())
ONE = evolve(IDLE, executing=pmap({A: BEGUN}))
BOTH = evolve(IDLE, executing=pmap({A: BEGUN, B: BEGUN_TOO}))
DONE = evolve(IDLE, objects=MADE.written, executed=pmap({A: MADE}))

COMMITTED = (MANAGER, Committed(A, frozenset({X1})))
ANSWERED = (TASK, Executed(MADE))
REFUSED = (TASK, ExecutionFailed(A, ExecutionError.MISSING_INPUT))
FAILED = (MANAGER, Failed(A, TASK))


def holding(local: object) -> Engine:
    environment = Environment(local)
    return Engine(identity_of(KEEPER), AUTHORITY.name, AuthorityConfiguration(MANAGER), environment)


def step(
    before: object, after: object, *news: tuple[EngineId, object], body: object = Finish(A, TASK)
) -> Reacted:
    """A step on a message of a task, with what is sent in it, and to whom."""
    message = Message(TASK, KEEPER, DEFAULT_MAILBOX, body)
    sent = tuple(Message(KEEPER, target, DEFAULT_MAILBOX, told) for target, told in news)
    fired = (AbandonExecution.id,) if isinstance(body, Abandon) else ()
    record = Record(Deliver(message), fired=fired, consumed=message, sent=sent)
    return Reacted(holding(before), record, holding(after))


def crash(before: object, after: object, *news: tuple[EngineId, object]) -> Reacted:
    """A step on the word that the task has crashed."""
    return step(before, after, *news, body=Abandon(A))


def test_what_finishes_is_what_is_executed_and_was_not_in_the_order_of_digests() -> None:
    all_done = evolve(DONE, executed=pmap({B: MADE_TOO, A: MADE}))
    assert finished_in(step(BOTH, all_done)) == (MADE, MADE_TOO)
    assert finished_in(step(DONE, all_done)) == (MADE_TOO,)
    assert finished_in(step(all_done, DONE)) == ()
    assert finished_in(step(FINISHED, FINISHED)) == ()
    other = evolve(MADE, epoch=LATER)
    assert finished_in(step(DONE, evolve(DONE, executed=pmap({A: other})))) == (other,)


def test_versions_neither_change_nor_vanish() -> None:
    judge, more = PAST_STAYS.judge, evolve(DONE, objects=DONE.objects.set(Y1, KVSDatum(6)))
    assert judge(step(DONE, more)) is None
    assert judge(step(more, DONE)) == Evidence("y v1 held 6, and holds nothing")
    changed = evolve(DONE, objects=pmap({X1: KVSDatum(0)}))
    assert judge(step(DONE, changed)) == Evidence("x v1 held 5, and holds 0")
    assert judge(step(more, IDLE)) == Evidence("x v1 held 5, and holds nothing")


def test_effects_neither_change_nor_vanish() -> None:
    judge, more = PAST_STAYS.judge, evolve(DONE, executed=DONE.executed.set(B, MADE_TOO))
    assert judge(step(DONE, more)) is None
    assert judge(step(more, DONE)) == Evidence(
        "b was executed, and its effects are no longer what they were"
    )
    changed = evolve(DONE, executed=pmap({A: evolve(MADE, epoch=LATER)}))
    assert judge(step(DONE, changed)) == Evidence(
        "a was executed, and its effects are no longer what they were"
    )


def test_the_past_of_another_engine_is_not_judged() -> None:
    assert PAST_STAYS.judge(step(FINISHED, FINISHED)) is None


def test_an_epoch_begins_after_the_one_before_it_once_nothing_is_executing() -> None:
    judge = ONE_EPOCH.judge
    assert judge(step(IDLE, evolve(IDLE, epoch=LATER))) is None
    assert judge(step(ONE, evolve(IDLE, epoch=LATER))) is None
    assert judge(step(BOTH, BOTH)) is None
    assert judge(step(BOTH, evolve(BOTH, epoch=LATER))) == Evidence(
        "epoch 1 begins, and a is executing"
    )
    assert judge(step(IDLE, evolve(IDLE, epoch=LAST))) == Evidence("epoch 2 begins after epoch 0")
    moved = evolve(IDLE, epoch=LATER)
    assert judge(step(moved, IDLE)) == Evidence("epoch 0 begins after epoch 1")
    assert judge(step(FINISHED, FINISHED)) is None


def test_an_execution_finishes_in_its_own_epoch_also_where_that_one_ends_with_it() -> None:
    judge = ONE_EPOCH.judge
    assert judge(step(ONE, DONE)) is None
    assert judge(step(ONE, evolve(DONE, epoch=LATER))) is None
    late = evolve(DONE, executed=pmap({A: evolve(MADE, epoch=LATER)}))
    assert judge(step(ONE, late)) == Evidence("a of epoch 1 finishes in epoch 0")


def test_an_attempt_that_comes_to_nothing_leaves_neither_versions_nor_effects() -> None:
    judge, left = (
        FAILURE_LEAVES_NOTHING.judge,
        Evidence("an attempt comes to nothing, and leaves something"),
    )
    written, remembered = evolve(IDLE, objects=MADE.written), evolve(IDLE, executed=DONE.executed)
    assert judge(step(ONE, IDLE, REFUSED)) is None
    assert [judge(step(ONE, after, REFUSED)) for after in (written, remembered)] == [left, left]
    assert judge(crash(ONE, evolve(IDLE, abandoned=pset([TASK])))) is None
    assert [judge(crash(ONE, after)) for after in (written, remembered)] == [left, left]
    assert judge(step(ONE, DONE, ANSWERED)) is None
    assert judge(step(FINISHED, FINISHED, REFUSED)) is None


def test_an_attempt_that_comes_to_nothing_keeps_no_lock() -> None:
    judge = FAILURE_LEAVES_NOTHING.judge
    kept = Evidence("an attempt comes to nothing, and keeps the lock of a")
    assert judge(step(ONE, ONE, REFUSED)) == kept
    assert judge(crash(ONE, ONE)) == kept
    assert judge(step(ONE, ONE)) is None


def test_an_attempt_that_comes_to_nothing_affects_no_other_one() -> None:
    judge, others = FAILURE_LEAVES_NOTHING.judge, evolve(IDLE, executing=pmap({B: BEGUN_TOO}))
    dropped = Evidence("somebody else's attempt comes to nothing, and b is dropped")
    assert judge(step(BOTH, others, REFUSED)) is None
    assert judge(crash(BOTH, others)) is None
    assert judge(step(BOTH, IDLE, REFUSED)) == dropped
    assert judge(crash(BOTH, IDLE)) == dropped
    foreign = evolve(IDLE, executing=pmap({A: evolve(BEGUN, requester=OTHER)}))
    assert judge(crash(foreign, foreign)) is None


def test_manager_and_requester_hear_of_an_execution() -> None:
    judge = EVERYBODY_HEARS.judge
    no_manager = Evidence("a is executed, and the manager does not hear of it")
    no_requester = Evidence("a is executed, and nobody who has asked hears of it")
    assert judge(step(ONE, DONE, ANSWERED, COMMITTED)) is None
    assert judge(step(ONE, DONE, ANSWERED)) == no_manager
    assert judge(step(ONE, DONE, ANSWERED, (TASK, COMMITTED[1]))) == no_manager
    assert judge(step(ONE, DONE, ANSWERED, (MANAGER, Committed(A, frozenset())))) == no_manager
    assert judge(step(ONE, DONE, COMMITTED)) == no_requester
    assert judge(step(ONE, DONE, COMMITTED, (OTHER, ANSWERED[1]))) == no_requester
    assert judge(step(IDLE, DONE, COMMITTED, ANSWERED)) == no_requester
    assert judge(step(FINISHED, FINISHED, ANSWERED)) is None


def test_who_asks_hears_of_the_effects_that_there_are() -> None:
    judge = EVERYBODY_HEARS.judge
    assert judge(step(DONE, DONE, ANSWERED)) is None
    assert judge(step(DONE, DONE, (TASK, Executed(MADE_TOO)))) == Evidence(
        "b is answered with effects that it does not have"
    )
    wrong = (TASK, Executed(evolve(MADE, epoch=LATER)))
    assert judge(step(DONE, DONE, ANSWERED, wrong)) == Evidence(
        "a is answered with effects that it does not have"
    )


def test_the_manager_hears_of_an_attempt_that_comes_to_nothing() -> None:
    judge = EVERYBODY_HEARS.judge
    unheard = Evidence("a comes to nothing, and the manager does not hear of it")
    assert judge(step(ONE, IDLE, REFUSED, FAILED)) is None
    assert judge(step(ONE, IDLE, REFUSED)) == unheard
    assert judge(step(ONE, IDLE, REFUSED, (TASK, FAILED[1]))) == unheard
    assert judge(crash(ONE, IDLE, FAILED)) is None
    assert judge(crash(ONE, IDLE)) == unheard
    assert judge(crash(ONE, ONE)) is None
