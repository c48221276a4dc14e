"""For which errors there is cause in a step, and what may be said of what is executed."""

from attrs import evolve
from pyrsistent import pmap

from properties.property import Evidence, Reacted
from properties.soma.authority import (
    ERRORS_HAVE_CAUSES,
    causes,
    executed_again,
    failures,
    with_effects,
)
from spec.anoma.keyvalue import KVSDatum
from spec.anoma.program import Program
from spec.formalism.engine import Engine
from spec.formalism.environment import FINISHED, Environment
from spec.formalism.event import Deliver, Record
from spec.formalism.identity import identity_of, on_local_node
from spec.formalism.message import DEFAULT_MAILBOX, Message
from spec.soma.authority.behaviour import AUTHORITY as FAMILY
from spec.soma.authority.behaviour import AbandonExecution
from spec.soma.authority.configuration import AuthorityConfiguration
from spec.soma.authority.environment import AuthorityState, Execution
from spec.soma.authority.messages import (
    Abandon,
    Committed,
    Executed,
    ExecutionFailed,
    Failed,
    Finish,
    TryExecute,
)
from spec.soma.certificate import Certificate, TransactionDigest
from spec.soma.epoch import FIRST_EPOCH, EpochId
from spec.soma.execution import Effects, ExecutionError
from spec.soma.object import ObjectId, ObjectKey, Version

X, Z = ObjectId("x"), ObjectId("z")
X1, X2, Z1 = ObjectKey(X, Version(1)), ObjectKey(X, Version(2)), ObjectKey(Z, Version(1))
A, TASK, AUTHORITY = TransactionDigest("a"), on_local_node("task.1"), on_local_node("authority")
WRITES = Certificate(A, FIRST_EPOCH, frozenset({X1}), frozenset({X, Z}), Program(()))
LATER = EpochId(FIRST_EPOCH + 1)


EFFECTS = Effects(A, FIRST_EPOCH, None, pmap(), pmap())
OTHERS = evolve(EFFECTS, epoch=LATER)


def telling(*bodies: object) -> Record:
    sent = tuple(Message(AUTHORITY, TASK, DEFAULT_MAILBOX, body) for body in bodies)
    return evolve(taking(Finish(A, TASK)), sent=sent)


def objects(*keys: ObjectKey) -> AuthorityState:
    return AuthorityState(FIRST_EPOCH, pmap(dict.fromkeys(keys, KVSDatum(0))))


def taking(body: object) -> Record:
    message = Message(TASK, AUTHORITY, DEFAULT_MAILBOX, body)
    return Record(Deliver(message), consumed=message)


def test_a_finish_may_fail_on_a_version_that_is_there_already_and_on_nothing_else() -> None:
    finish, begun = taking(Finish(A, TASK)), pmap({A: Execution(WRITES, TASK, pmap())})
    conflict = frozenset({ExecutionError.VERSION_CONFLICT})
    assert causes(evolve(objects(X1, X2), executing=begun), A, finish) == conflict
    assert causes(evolve(objects(X1, Z1), executing=begun), A, finish) == conflict
    assert causes(evolve(objects(X1), executing=begun), A, finish) == frozenset()
    assert causes(objects(X1, X2), A, finish) == frozenset()


def test_a_request_may_fail_on_its_epoch_and_then_on_its_inputs() -> None:
    asked = TryExecute(WRITES, None, FIRST_EPOCH)
    wrong = frozenset({ExecutionError.WRONG_EPOCH})
    missing = frozenset({ExecutionError.MISSING_INPUT})
    assert causes(objects(X1), A, taking(asked)) == frozenset()
    assert causes(objects(X2), A, taking(asked)) == missing
    assert causes(objects(X1), A, taking(evolve(asked, epoch=LATER))) == wrong
    assert causes(evolve(objects(), epoch=LATER), A, taking(asked)) == wrong
    late = evolve(asked, certificate=evolve(WRITES, epoch=LATER))
    assert causes(objects(X1), A, taking(late)) == wrong


def test_the_effects_that_were_told_first_are_remembered() -> None:
    known = with_effects(pmap(), telling(Executed(EFFECTS)))
    assert known == pmap({A: EFFECTS})
    assert with_effects(known, telling(Executed(OTHERS))) == known


def test_what_is_executed_neither_executes_again_nor_has_other_effects() -> None:
    known = pmap({A: EFFECTS})
    commit = telling(Committed(A, frozenset()))
    assert executed_again(pmap(), commit) is None
    assert executed_again(known, commit) == Evidence(f"{A} is executed, and executes again")
    assert executed_again(pmap(), telling(Executed(EFFECTS))) is None
    assert executed_again(known, telling(Executed(EFFECTS))) is None
    assert executed_again(known, telling(Executed(OTHERS))) == Evidence(
        f"{A} is executed, and has other effects now"
    )


def test_the_manager_hears_of_what_failed_and_of_what_was_abandoned() -> None:
    failed = telling(ExecutionFailed(A, ExecutionError.MISSING_INPUT))
    assert failures(objects(), failed) == (Failed(A, TASK),)
    ignored = taking(Abandon(A))
    abandoned = evolve(ignored, fired=(AbandonExecution.id,))
    assert failures(objects(), abandoned) == (Failed(A, TASK),)
    assert failures(objects(), ignored) == ()
    assert failures(objects(), evolve(telling(), fired=(AbandonExecution.id,))) == ()
    begun = evolve(objects(), executing=pmap({A: Execution(WRITES, TASK, pmap())}))
    executed = evolve(objects(), executed=pmap({A: EFFECTS}))
    assert [failures(begun, abandoned), failures(executed, abandoned)] == [(), ()]


def answering(before: object, after: object, error: ExecutionError) -> Reacted:
    """A step in which a request is answered with an error."""
    asked, failure = TryExecute(WRITES, None, FIRST_EPOCH), telling(ExecutionFailed(A, error))
    record = evolve(failure, consumed=taking(asked).consumed)
    return Reacted(holding(before), record, holding(after))


def holding(local: object) -> Engine:
    configuration = AuthorityConfiguration(on_local_node("manager"))
    return Engine(identity_of(AUTHORITY), FAMILY.name, configuration, Environment(local))


def test_an_answer_is_an_error_only_with_its_cause() -> None:
    judge, missing = ERRORS_HAVE_CAUSES.judge, ExecutionError.MISSING_INPUT
    assert judge(answering(objects(), objects(), missing)) is None
    assert judge(answering(objects(X1), objects(), missing)) == Evidence(
        "the answer about a is missing-input, which is not so"
    )
    assert judge(answering(objects(), objects(), ExecutionError.WRONG_EPOCH)) == Evidence(
        "the answer about a is wrong-epoch, which is not so"
    )
    assert judge(answering(FINISHED, FINISHED, missing)) is None


def test_a_conflict_is_a_cause_for_the_transaction_that_is_to_finish() -> None:
    failure = telling(ExecutionFailed(A, ExecutionError.VERSION_CONFLICT))
    begun = evolve(objects(X1), executing=pmap({A: Execution(WRITES, TASK, pmap())}))
    conflicting = evolve(begun, objects=objects(X1, X2).objects)
    judge = ERRORS_HAVE_CAUSES.judge
    assert judge(Reacted(holding(conflicting), failure, holding(conflicting))) is None
    assert judge(Reacted(holding(begun), failure, holding(begun))) == Evidence(
        "the answer about a is version-conflict, which is not so"
    )


def test_what_was_executed_before_is_never_answered_with_an_error() -> None:
    judge, missing = ERRORS_HAVE_CAUSES.judge, ExecutionError.MISSING_INPUT
    executed = evolve(objects(), executed=pmap({A: EFFECTS}))
    assert judge(answering(executed, objects(), missing)) == Evidence(
        "a is executed, and the answer is missing-input"
    )
    assert judge(answering(objects(), executed, missing)) is None
