"""AuthorityState answers with errors that have their causes, and everybody hears who should."""

from attrs import evolve
from pyrsistent import pmap

from properties.property import Evidence, Reacted
from properties.soma.answers import ERRORS_HAVE_CAUSES, EVERYBODY_HEARS, causes, failures
from spec.anoma.keyvalue import KVSDatum
from spec.anoma.program import Program
from spec.formalism.engine import Engine
from spec.formalism.environment import FINISHED, Environment
from spec.formalism.event import Deliver, Record
from spec.formalism.identity import EngineId, identity_of, on_local_node
from spec.formalism.message import DEFAULT_MAILBOX, Message
from spec.formalism.rule import RuleId
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
    TryExecute,
)
from spec.soma.certificate import Certificate, TransactionDigest
from spec.soma.epoch import FIRST_EPOCH, EpochId
from spec.soma.execution import Effects, ExecutionError
from spec.soma.object import ObjectId, ObjectKey, Version

X, Z = ObjectId("x"), ObjectId("z")
X1, X2, Z1 = ObjectKey(X, Version(1)), ObjectKey(X, Version(2)), ObjectKey(Z, Version(1))
A, B = TransactionDigest("a"), TransactionDigest("b")
TASK, OTHER, KEEPER = (on_local_node(each) for each in ("task.1", "task.2", "authority"))
MANAGER = on_local_node("manager")
WRITES = Certificate(A, FIRST_EPOCH, frozenset({X1}), frozenset({X, Z}), Program(()))
LATER = EpochId(FIRST_EPOCH + 1)

EFFECTS = Effects(A, FIRST_EPOCH, None, pmap(), pmap({X2: KVSDatum(5)}))
OTHERS = evolve(EFFECTS, digest=B)

News = tuple[EngineId, object]
"""A body of a message, and whom it is for."""

COMMITTED: News = (MANAGER, Committed(A, frozenset({X2})))
ANSWERED: News = (TASK, Executed(EFFECTS))
REFUSED: News = (TASK, ExecutionFailed(A, ExecutionError.MISSING_INPUT))
FAILED: News = (MANAGER, Failed(A, TASK))


def objects(*keys: ObjectKey) -> AuthorityState:
    return AuthorityState(FIRST_EPOCH, pmap(dict.fromkeys(keys, KVSDatum(0))))


def taking(body: object, *news: News, fired: tuple[RuleId, ...] = ()) -> Record:
    """A step on a message of a task, with what is sent in it."""
    message = Message(TASK, KEEPER, DEFAULT_MAILBOX, body)
    sent = tuple(Message(KEEPER, target, DEFAULT_MAILBOX, told) for target, told in news)
    return Record(Deliver(message), fired=fired, consumed=message, sent=sent)


def step(before: object, after: object, record: Record) -> Reacted:
    return Reacted(holding(before), record, holding(after))


def holding(local: object) -> Engine:
    environment = Environment(local)
    return Engine(identity_of(KEEPER), AUTHORITY.name, AuthorityConfiguration(MANAGER), environment)


ASKED, FINISH = TryExecute(WRITES, None, FIRST_EPOCH), Finish(A, TASK)
IDLE = objects()
BEGUN = evolve(IDLE, executing=pmap({A: Execution(WRITES, TASK, pmap())}))
DONE = evolve(IDLE, objects=EFFECTS.written, executed=pmap({A: EFFECTS}))


def test_a_finish_may_fail_on_a_version_that_is_there_already_and_on_nothing_else() -> None:
    finish, begun = taking(FINISH), BEGUN.executing
    conflict = frozenset({ExecutionError.VERSION_CONFLICT})
    assert causes(evolve(objects(X1, X2), executing=begun), A, finish) == conflict
    assert causes(evolve(objects(X1, Z1), executing=begun), A, finish) == conflict
    assert causes(evolve(objects(X1), executing=begun), A, finish) == frozenset()
    assert causes(objects(X1, X2), A, finish) == frozenset()


def test_a_request_may_fail_on_its_epoch_and_then_on_its_inputs() -> None:
    wrong = frozenset({ExecutionError.WRONG_EPOCH})
    missing = frozenset({ExecutionError.MISSING_INPUT})
    assert causes(objects(X1), A, taking(ASKED)) == frozenset()
    assert causes(objects(X2), A, taking(ASKED)) == missing
    assert causes(objects(X1), A, taking(evolve(ASKED, epoch=LATER))) == wrong
    assert causes(evolve(IDLE, epoch=LATER), A, taking(ASKED)) == wrong
    late = evolve(ASKED, certificate=evolve(WRITES, epoch=LATER))
    assert causes(objects(X1), A, taking(late)) == wrong


def test_the_manager_should_hear_of_what_failed_and_of_what_was_abandoned() -> None:
    crash = taking(Abandon(A), fired=(AbandonExecution.id,))
    assert failures(IDLE, taking(ASKED, REFUSED)) == (Failed(A, TASK),)
    assert failures(IDLE, crash) == (Failed(A, TASK),)
    assert failures(IDLE, taking(Abandon(A))) == ()
    assert failures(IDLE, taking(FINISH, fired=(AbandonExecution.id,))) == ()
    assert [failures(BEGUN, crash), failures(DONE, crash)] == [(), ()]


def test_an_answer_is_an_error_only_with_its_cause() -> None:
    judge, refused = ERRORS_HAVE_CAUSES.judge, taking(ASKED, REFUSED)
    assert judge(step(IDLE, IDLE, refused)) is None
    assert judge(step(objects(X1), IDLE, refused)) == Evidence(
        "the answer about a is missing-input, which is not so"
    )
    wrong_epoch = taking(ASKED, (TASK, ExecutionFailed(A, ExecutionError.WRONG_EPOCH)))
    assert judge(step(IDLE, IDLE, wrong_epoch)) == Evidence(
        "the answer about a is wrong-epoch, which is not so"
    )
    assert judge(step(FINISHED, FINISHED, refused)) is None


def test_a_conflict_is_a_cause_for_the_transaction_that_is_to_finish() -> None:
    conflict = taking(FINISH, (TASK, ExecutionFailed(A, ExecutionError.VERSION_CONFLICT)))
    conflicting = evolve(BEGUN, objects=objects(X2).objects)
    judge = ERRORS_HAVE_CAUSES.judge
    assert judge(step(conflicting, conflicting, conflict)) is None
    assert judge(step(BEGUN, BEGUN, conflict)) == Evidence(
        "the answer about a is version-conflict, which is not so"
    )


def test_what_was_executed_before_is_never_answered_with_an_error() -> None:
    judge, refused = ERRORS_HAVE_CAUSES.judge, taking(ASKED, REFUSED)
    assert judge(step(DONE, DONE, refused)) == Evidence(
        "a is executed, and the answer is missing-input"
    )
    assert judge(step(IDLE, DONE, refused)) is None


def test_manager_and_requester_hear_of_an_execution() -> None:
    def found(*news: News) -> Evidence | None:
        return EVERYBODY_HEARS.judge(step(BEGUN, DONE, taking(FINISH, *news)))

    no_manager = Evidence("a is executed, and the manager does not hear of it")
    no_requester = Evidence("a is executed, and task.1 does not hear of it")
    assert found(ANSWERED, COMMITTED) is None
    assert found(ANSWERED) == no_manager
    assert found(ANSWERED, (TASK, COMMITTED[1])) == no_manager
    assert found(ANSWERED, (MANAGER, Committed(A, frozenset()))) == no_manager
    assert found(COMMITTED) == no_requester
    assert found(COMMITTED, (OTHER, ANSWERED[1])) == no_requester


def test_what_is_executed_without_having_begun_is_found() -> None:
    record = taking(FINISH, ANSWERED, COMMITTED)
    assert EVERYBODY_HEARS.judge(step(IDLE, DONE, record)) == Evidence(
        "a is executed, and had not begun"
    )
    assert EVERYBODY_HEARS.judge(step(FINISHED, FINISHED, record)) is None


def test_who_asks_hears_of_the_effects_that_there_are() -> None:
    def found(*news: News) -> Evidence | None:
        return EVERYBODY_HEARS.judge(step(DONE, DONE, taking(ASKED, *news)))

    assert found(ANSWERED) is None
    assert found((TASK, Executed(OTHERS))) == Evidence(
        "b is answered with effects that it does not have"
    )
    assert found(ANSWERED, (TASK, Executed(evolve(EFFECTS, epoch=LATER)))) == Evidence(
        "a is answered with effects that it does not have"
    )


def test_the_manager_hears_of_an_attempt_that_comes_to_nothing() -> None:
    def crashed(after: object, *news: News) -> Evidence | None:
        record = taking(Abandon(A), *news, fired=(AbandonExecution.id,))
        return EVERYBODY_HEARS.judge(step(BEGUN, after, record))

    def refused(*news: News) -> Evidence | None:
        return EVERYBODY_HEARS.judge(step(IDLE, IDLE, taking(ASKED, REFUSED, *news)))

    unheard = Evidence("a comes to nothing, and the manager does not hear of it")
    assert [refused(FAILED), refused(), refused((TASK, FAILED[1]))] == [None, unheard, unheard]
    assert [crashed(IDLE, FAILED), crashed(IDLE), crashed(BEGUN)] == [None, unheard, None]
