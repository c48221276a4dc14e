"""What begins in AuthorityState, what stays of it, and what does not."""

from attrs import evolve
from pyrsistent import pmap, pset

from properties.property import Evidence, Reacted
from properties.soma.authority import (
    BEGINS_FOR_SOMEBODY,
    BEGINS_WITH_INPUTS,
    FAILURE_LEAVES_NOTHING,
    ONE_AT_A_TIME,
    ONE_EPOCH,
    PAST_STAYS,
    RECONFIGURATION_IS_NEXT,
    Known,
    executed_again,
    finished_in,
    newly,
    with_effects,
)
from spec.anoma.keyvalue import KVSDatum
from spec.anoma.program import Program
from spec.formalism.engine import Engine
from spec.formalism.environment import FINISHED, Environment
from spec.formalism.event import Deliver, Record
from spec.formalism.identity import identity_of, on_local_node
from spec.formalism.message import DEFAULT_MAILBOX, Message
from spec.soma.authority.behaviour import AUTHORITY
from spec.soma.authority.configuration import AuthorityConfiguration
from spec.soma.authority.environment import AuthorityState, Execution
from spec.soma.authority.messages import (
    Abandon,
    Committed,
    Executed,
    ExecutionFailed,
    Finish,
    TryExecute,
)
from spec.soma.certificate import Certificate, TransactionDigest
from spec.soma.epoch import FIRST_EPOCH, EpochId
from spec.soma.execution import Effects, ExecutionError
from spec.soma.object import ObjectId, ObjectKey, Version

X1, Y1, Z1 = (ObjectKey(ObjectId(each), Version(1)) for each in "xyz")
X2, Y2 = (ObjectKey(each.object, Version(2)) for each in (X1, Y1))
A, B = TransactionDigest("a"), TransactionDigest("b")
TASK, OTHER, KEEPER = (on_local_node(each) for each in ("task.1", "task.2", "authority"))
MANAGER = on_local_node("manager")
LATER, LAST = EpochId(FIRST_EPOCH + 1), EpochId(FIRST_EPOCH + 2)

CERTIFICATE = Certificate(A, FIRST_EPOCH, frozenset({X1, Y1}), frozenset({X1.object}), Program(()))
INPUTS = pmap({X1: KVSDatum(5), Y1: KVSDatum(6)})
BEGUN = Execution(CERTIFICATE, TASK, INPUTS)
BEGUN_TOO = Execution(evolve(CERTIFICATE, digest=B), OTHER, INPUTS)
MADE = Effects(A, FIRST_EPOCH, None, INPUTS, pmap({X2: KVSDatum(8)}))
MADE_TOO = Effects(B, FIRST_EPOCH, None, INPUTS, pmap({Y2: KVSDatum(9)}))


def holding(local: object) -> Engine:
    environment = Environment(local)
    return Engine(identity_of(KEEPER), AUTHORITY.name, AuthorityConfiguration(MANAGER), environment)


def taking(body: object, *told: object) -> Record:
    """A step on a message of a task, with what it is told."""
    message = Message(TASK, KEEPER, DEFAULT_MAILBOX, body)
    sent = tuple(Message(KEEPER, TASK, DEFAULT_MAILBOX, each) for each in told)
    return Record(Deliver(message), consumed=message, sent=sent)


def executing(before: AuthorityState, *executions: Execution) -> AuthorityState:
    """The state with these executions as well."""
    more = {each.certificate.digest: each for each in executions}
    return evolve(before, executing=pmap(dict(before.executing) | more))


IDLE = AuthorityState(FIRST_EPOCH, INPUTS.set(Z1, KVSDatum(7)))
ONE, BOTH = executing(IDLE, BEGUN), executing(IDLE, BEGUN, BEGUN_TOO)
DONE = evolve(IDLE, objects=IDLE.objects.set(X2, KVSDatum(8)), executed=pmap({A: MADE}))
LATE = evolve(DONE, executed=pmap({A: evolve(MADE, epoch=LATER)}))


def asked(before: object, after: object, epoch: EpochId = FIRST_EPOCH) -> Reacted:
    """A step on a request of a task that has loaded this epoch."""
    record = taking(TryExecute(CERTIFICATE, None, epoch))
    return Reacted(holding(before), record, holding(after))


def begins(execution: Execution, before: AuthorityState = IDLE) -> Reacted:
    """A step on a request in which this execution begins."""
    return asked(before, executing(before, execution))


def finishing(before: object, after: object, *told: object) -> Reacted:
    """A step in which an execution should finish."""
    return Reacted(holding(before), taking(Finish(A, TASK), *told), holding(after))


def failing(before: object, after: object) -> Reacted:
    """A step in which it comes to nothing."""
    return finishing(before, after, ExecutionFailed(A, ExecutionError.VERSION_CONFLICT))


def crash(before: object, after: object) -> Reacted:
    """A step on the word that its task has crashed."""
    return Reacted(holding(before), taking(Abandon(A)), holding(after))


def test_only_who_is_authority_state_before_and_after_a_step_has_states_in_it() -> None:
    assert asked(IDLE, IDLE).states(AuthorityState) == (IDLE, IDLE)
    assert asked(IDLE, FINISHED).states(AuthorityState) is None
    assert asked(FINISHED, IDLE).states(AuthorityState) is None
    assert newly(asked(FINISHED, FINISHED)) == ()


def test_what_begins_is_what_is_executing_and_was_not_in_the_order_of_digests() -> None:
    assert newly(asked(IDLE, BOTH)) == (BEGUN, BEGUN_TOO)
    assert newly(asked(ONE, BOTH)) == (BEGUN_TOO,)
    assert newly(asked(BOTH, ONE)) == ()
    again = evolve(BEGUN, requester=OTHER)
    assert newly(asked(ONE, executing(ONE, again))) == (again,)


def test_what_is_executing_does_not_begin_again() -> None:
    again = evolve(BEGUN, requester=OTHER)
    assert ONE_AT_A_TIME.judge(begins(BEGUN)) is None
    assert ONE_AT_A_TIME.judge(begins(BEGUN_TOO, ONE)) is None
    assert ONE_AT_A_TIME.judge(begins(again, ONE)) == Evidence("a is executing, and begins again")


def test_nothing_begins_for_a_task_that_is_known_to_have_crashed() -> None:
    crashed = evolve(IDLE, abandoned=pset([TASK]))
    assert BEGINS_FOR_SOMEBODY.judge(begins(BEGUN)) is None
    assert BEGINS_FOR_SOMEBODY.judge(begins(BEGUN_TOO, crashed)) is None
    assert BEGINS_FOR_SOMEBODY.judge(begins(BEGUN, crashed)) == Evidence(
        "a begins for task.1, which has crashed"
    )


def test_an_execution_begins_with_exactly_its_inputs_as_they_are() -> None:
    def reading(**values: int) -> Execution:
        keys = {"x": X1, "y": Y1, "z": Z1}
        return evolve(BEGUN, inputs=pmap({keys[k]: KVSDatum(v) for k, v in values.items()}))

    judge = BEGINS_WITH_INPUTS.judge
    assert judge(begins(BEGUN)) is None
    assert judge(begins(reading(x=5))) == Evidence("a begins, and does not read y v1 as it is")
    assert judge(begins(reading(x=0, y=6))) == Evidence("a begins, and does not read x v1 as it is")
    assert judge(begins(reading(x=5, y=6, z=7))) == Evidence(
        "a begins, and reads z v1, which is no input"
    )


def test_an_execution_does_not_begin_without_an_input_whatever_it_reads_instead() -> None:
    bare = evolve(IDLE, objects=INPUTS.remove(Y1))
    missing = Evidence("a begins, and y v1 is not there")
    assert BEGINS_WITH_INPUTS.judge(begins(BEGUN, bare)) == missing
    unread = evolve(BEGUN, inputs=INPUTS.remove(Y1))
    assert BEGINS_WITH_INPUTS.judge(begins(unread, bare)) == missing


def test_an_execution_begins_in_the_epoch_that_is_its_own_current_and_loaded() -> None:
    judge, late = ONE_EPOCH.judge, evolve(BEGUN, certificate=evolve(CERTIFICATE, epoch=LATER))
    assert judge(asked(IDLE, ONE)) is None
    assert judge(asked(IDLE, IDLE, epoch=LATER)) is None
    assert judge(asked(IDLE, ONE, epoch=LATER)) == Evidence(
        "a of epoch 0 begins in epoch 0, and the epoch loaded is 1"
    )
    assert judge(asked(IDLE, executing(IDLE, late), epoch=LATER)) == Evidence(
        "a of epoch 1 begins in epoch 0, and the epoch loaded is 1"
    )
    moved = evolve(IDLE, epoch=LATER)
    assert judge(asked(moved, executing(moved, BEGUN))) == Evidence(
        "a of epoch 0 begins in epoch 1, and the epoch loaded is 0"
    )


def test_an_execution_that_nobody_has_asked_for_has_no_epoch_that_was_loaded() -> None:
    record = taking(Finish(B, TASK))
    unasked = Reacted(holding(IDLE), record, holding(ONE))
    assert ONE_EPOCH.judge(unasked) == Evidence(
        "a of epoch 0 begins in epoch 0, and the epoch loaded is none"
    )
    assert ONE_EPOCH.judge(Reacted(holding(IDLE), record, holding(IDLE))) is None


def test_no_execution_begins_while_a_reconfiguration_waits() -> None:
    judge, waiting = RECONFIGURATION_IS_NEXT.judge, evolve(IDLE, reconfiguring=LATER)
    assert judge(begins(BEGUN)) is None
    assert judge(asked(waiting, waiting)) is None
    assert judge(begins(BEGUN, waiting)) == Evidence("a begins while epoch 1 waits to begin")


def test_what_finishes_is_what_is_executed_and_was_not_in_the_order_of_digests() -> None:
    all_done = evolve(DONE, executed=pmap({B: MADE_TOO, A: MADE}))
    assert finished_in(finishing(BOTH, all_done)) == (MADE, MADE_TOO)
    assert finished_in(finishing(DONE, all_done)) == (MADE_TOO,)
    assert finished_in(finishing(all_done, DONE)) == ()
    assert finished_in(finishing(FINISHED, FINISHED)) == ()
    assert finished_in(finishing(DONE, LATE)) == tuple(LATE.executed.values())


def test_versions_neither_change_nor_vanish() -> None:
    judge, more = PAST_STAYS.judge, evolve(DONE, objects=DONE.objects.set(Y2, KVSDatum(9)))
    assert judge(finishing(DONE, more)) is None
    assert judge(finishing(more, DONE)) == Evidence("y v2 held 9, and holds nothing")
    assert judge(finishing(more, IDLE)) == Evidence("x v2 held 8, and holds nothing")
    changed = evolve(DONE, objects=DONE.objects.set(X1, KVSDatum(0)))
    assert judge(finishing(DONE, changed)) == Evidence("x v1 held 5, and holds 0")


def test_effects_neither_change_nor_vanish() -> None:
    judge, more = PAST_STAYS.judge, evolve(DONE, executed=DONE.executed.set(B, MADE_TOO))
    assert judge(finishing(DONE, more)) is None
    assert judge(finishing(more, DONE)) == Evidence(
        "b was executed, and its effects are no longer what they were"
    )
    assert judge(finishing(DONE, LATE)) == Evidence(
        "a was executed, and its effects are no longer what they were"
    )
    assert judge(finishing(FINISHED, FINISHED)) is None


def test_an_epoch_begins_after_the_one_before_it_once_nothing_is_executing() -> None:
    judge, next_one = ONE_EPOCH.judge, evolve(IDLE, epoch=LATER)
    assert judge(finishing(IDLE, next_one)) is None
    assert judge(finishing(ONE, next_one)) is None
    assert judge(finishing(BOTH, BOTH)) is None
    assert judge(finishing(BOTH, evolve(BOTH, epoch=LATER))) == Evidence(
        "epoch 1 begins, and a is executing"
    )
    last = evolve(IDLE, epoch=LAST)
    assert judge(finishing(IDLE, last)) == Evidence("epoch 2 begins after epoch 0")
    assert judge(finishing(next_one, IDLE)) == Evidence("epoch 0 begins after epoch 1")
    assert judge(finishing(FINISHED, FINISHED)) is None


def test_an_execution_finishes_in_its_own_epoch_also_where_that_one_ends_with_it() -> None:
    judge = ONE_EPOCH.judge
    assert judge(finishing(ONE, DONE)) is None
    assert judge(finishing(ONE, evolve(DONE, epoch=LATER))) is None
    assert judge(finishing(ONE, LATE)) == Evidence("a of epoch 1 finishes in epoch 0")


def test_an_attempt_that_comes_to_nothing_leaves_neither_versions_nor_effects() -> None:
    judge = FAILURE_LEAVES_NOTHING.judge
    left = Evidence("an attempt comes to nothing, and leaves something")
    leaving = evolve(IDLE, objects=DONE.objects), evolve(IDLE, executed=DONE.executed)
    assert judge(failing(ONE, IDLE)) is None
    assert [judge(failing(ONE, after)) for after in leaving] == [left, left]
    assert judge(crash(ONE, evolve(IDLE, abandoned=pset([TASK])))) is None
    assert [judge(crash(ONE, after)) for after in leaving] == [left, left]
    assert judge(finishing(ONE, DONE, Executed(MADE))) is None
    assert judge(failing(FINISHED, FINISHED)) is None


def test_an_attempt_that_comes_to_nothing_keeps_no_lock() -> None:
    judge = FAILURE_LEAVES_NOTHING.judge
    kept = Evidence("an attempt comes to nothing, and keeps the lock of a")
    assert [judge(failing(ONE, ONE)), judge(crash(ONE, ONE))] == [kept, kept]
    assert judge(finishing(ONE, ONE)) is None


def test_an_attempt_that_comes_to_nothing_affects_no_other_one() -> None:
    judge, other = FAILURE_LEAVES_NOTHING.judge, executing(IDLE, BEGUN_TOO)
    dropped = Evidence("somebody else's attempt comes to nothing, and b is dropped")
    assert [judge(failing(BOTH, other)), judge(crash(BOTH, other))] == [None, None]
    assert [judge(failing(BOTH, IDLE)), judge(crash(BOTH, IDLE))] == [dropped, dropped]
    foreign = executing(IDLE, evolve(BEGUN, requester=OTHER))
    assert judge(crash(foreign, foreign)) is None


def test_the_effects_that_were_told_first_are_remembered() -> None:
    known = with_effects(pmap(), taking(Finish(A, TASK), Executed(MADE)))
    assert known == pmap({A: MADE})
    other = taking(Finish(A, TASK), Executed(LATE.executed[A]))
    assert with_effects(known, other) == known


def test_what_is_executed_neither_executes_again_nor_has_other_effects() -> None:
    def found(known: Known, body: object) -> Evidence | None:
        return executed_again(known, taking(Finish(A, TASK), body))

    commit, executed = Committed(A, frozenset()), pmap({A: MADE})
    assert found(pmap(), commit) is None
    assert found(executed, commit) == Evidence("a is executed, and executes again")
    assert found(pmap(), Executed(MADE)) is None
    assert found(executed, Executed(MADE)) is None
    assert found(executed, Executed(LATE.executed[A])) == Evidence(
        "a is executed, and has other effects now"
    )
