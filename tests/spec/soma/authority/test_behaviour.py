"""AuthorityState: the order of its checks, two steps for an execution, crashes."""

import pytest
from attrs import evolve
from pyrsistent import pmap, pset

from spec.anoma.instructions import Fail, Number, Text, Write
from spec.anoma.keyvalue import KVSDatum
from spec.anoma.program import Program
from spec.anoma.runnable import Failure, FailureKind
from spec.formalism.engine import Engine, Reaction, Refusal, react
from spec.formalism.environment import Environment
from spec.formalism.identity import EngineId, identity_of, on_local_node
from spec.formalism.message import DEFAULT_MAILBOX, Message, MessageArrived, Time, Trigger
from spec.formalism.rule import RuleId
from spec.soma.authority.behaviour import AUTHORITY
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
from spec.soma.epoch import EpochId
from spec.soma.execution import Effects, ExecutionError
from spec.soma.object import ObjectId, ObjectKey, Objects, Version

OWN, MANAGER, TASK, CALLER = (
    on_local_node(name) for name in ("authority", "manager", "task.1", "caller")
)
X1, X2, Y1 = (
    ObjectKey(ObjectId(name), Version(number)) for name, number in (("x", 1), ("x", 2), ("y", 1))
)
NOW, LATER = EpochId(3), EpochId(4)
A = Certificate(
    TransactionDigest("a"),
    NOW,
    frozenset({X1}),
    frozenset({X1.object}),
    Program((Text("x"), Number(7), Write())),
)
THERE: Objects = pmap({X1: KVSDatum(5)})
EFFECTS = Effects(A.digest, NOW, None, THERE, pmap({X2: KVSDatum(7)}))
IDLE = AuthorityState(NOW, THERE)
BEGUN = evolve(IDLE, executing=pmap({A.digest: Execution(A, TASK, THERE)}))
DONE = AuthorityState(NOW, pmap({X1: KVSDatum(5), X2: KVSDatum(7)}), pmap({A.digest: EFFECTS}))


def taking(
    state: AuthorityState, body: object, sender: EngineId = TASK
) -> Reaction | Refusal | None:
    """What AuthorityState does with a message that says this."""
    configuration = AuthorityConfiguration(MANAGER)
    engine = Engine(identity_of(OWN), AUTHORITY.name, configuration, Environment(state))
    message = Message(sender, OWN, DEFAULT_MAILBOX, body)
    return react(AUTHORITY, engine, Trigger(MessageArrived(message), Time(0)))


def does(state: AuthorityState, *rules: str, sends: tuple[Message[object], ...] = ()) -> Reaction:
    fired = tuple(RuleId(f"authority.{rule}") for rule in rules)
    return Reaction(Environment(state), fired, sends)


def to(target: EngineId, body: object) -> Message[object]:
    return Message(OWN, target, DEFAULT_MAILBOX, body)


def asks(certificate: Certificate = A, epoch: EpochId = NOW) -> TryExecute:
    return TryExecute(certificate, None, epoch)


def test_an_execution_begins_with_its_inputs_read_and_its_locks_taken() -> None:
    finish = (to(OWN, Finish(A.digest, TASK)),)
    assert taking(IDLE, asks()) == does(BEGUN, "begin-execution", sends=finish)


def test_it_finishes_with_its_versions_written_and_everybody_told() -> None:
    told = (to(TASK, Executed(EFFECTS)), to(MANAGER, Committed(A.digest, frozenset({X2}))))
    finished = does(DONE, "finish-execution", sends=told)
    assert taking(BEGUN, Finish(A.digest, TASK), OWN) == finished


def test_a_program_that_fails_counts_as_an_execution() -> None:
    failing = evolve(A, executable=Program((Text("no"), Fail())))
    begun = evolve(IDLE, executing=pmap({A.digest: Execution(failing, TASK, THERE)}))
    failure = Failure(FailureKind.FAIL, "no")
    effects = Effects(A.digest, NOW, failure, THERE, pmap({X2: KVSDatum(5)}))
    reaction = taking(begun, Finish(A.digest, TASK), OWN)
    assert isinstance(reaction, Reaction)
    assert reaction.environment.local.executed == pmap({A.digest: effects})


@pytest.mark.parametrize("epoch", [NOW, LATER])
def test_what_is_executed_has_the_same_effects_in_every_epoch(epoch: EpochId) -> None:
    answer = (to(TASK, Executed(EFFECTS)),)
    other = pmap({TransactionDigest("b"): Execution(A, CALLER, THERE)})
    waiting = evolve(DONE, executing=other, reconfiguring=LATER)
    for state in (DONE, evolve(DONE, epoch=LATER), waiting):
        answered = does(state, "answer-executed", sends=answer)
        assert taking(state, asks(evolve(A, epoch=epoch), epoch)) == answered


@pytest.mark.parametrize(
    ("request_", "state", "error"),
    [
        (asks(epoch=LATER), IDLE, ExecutionError.WRONG_EPOCH),
        (asks(evolve(A, epoch=LATER), LATER), IDLE, ExecutionError.WRONG_EPOCH),
        (asks(), evolve(IDLE, epoch=LATER), ExecutionError.WRONG_EPOCH),
        (asks(evolve(A, epoch=LATER)), evolve(IDLE, epoch=LATER), ExecutionError.WRONG_EPOCH),
        (asks(), AuthorityState(NOW, pmap()), ExecutionError.MISSING_INPUT),
        (asks(epoch=LATER), AuthorityState(NOW, pmap()), ExecutionError.WRONG_EPOCH),
    ],
)
def test_another_epoch_is_an_error_and_then_a_missing_input_is(
    request_: TryExecute, state: AuthorityState, error: ExecutionError
) -> None:
    told = (to(TASK, ExecutionFailed(A.digest, error)), to(MANAGER, Failed(A.digest, TASK)))
    assert taking(state, request_) == does(state, "refuse-execution", sends=told)


@pytest.mark.parametrize("epoch", [NOW, LATER])
def test_a_request_waits_for_its_digest_and_for_a_reconfiguration(epoch: EpochId) -> None:
    assert taking(BEGUN, asks(epoch=epoch), CALLER) is None
    assert taking(evolve(IDLE, reconfiguring=LATER), asks(epoch=epoch)) is None


def test_a_version_that_is_there_already_is_a_conflict() -> None:
    conflict = evolve(BEGUN, objects=DONE.objects)
    error = ExecutionFailed(A.digest, ExecutionError.VERSION_CONFLICT)
    told = (to(TASK, error), to(MANAGER, Failed(A.digest, TASK)))
    after = evolve(conflict, executing=pmap())
    assert taking(conflict, Finish(A.digest, TASK), OWN) == does(
        after, "refuse-conflict", sends=told
    )


def test_what_a_crashed_task_has_begun_is_dropped() -> None:
    failed = (to(MANAGER, Failed(A.digest, TASK)),)
    after = evolve(IDLE, abandoned=pset([TASK]))
    assert taking(BEGUN, Abandon(A.digest)) == does(after, "abandon-execution", sends=failed)
    gone = does(after, "ignore-repeat")
    assert taking(after, Finish(A.digest, TASK), OWN) == gone


def test_what_a_crashed_task_has_not_begun_never_begins() -> None:
    after = evolve(IDLE, abandoned=pset([TASK]))
    assert taking(after, asks()) == does(after, "ignore-abandoned")


def test_what_a_crashed_task_has_finished_stays() -> None:
    after = evolve(DONE, abandoned=pset([TASK]))
    assert taking(DONE, Abandon(A.digest)) == does(after, "abandon-execution")


def test_what_somebody_else_has_begun_goes_on() -> None:
    other = evolve(IDLE, executing=pmap({A.digest: Execution(A, CALLER, THERE)}))
    after = evolve(other, abandoned=pset([TASK]))
    assert taking(other, Abandon(A.digest)) == does(after, "abandon-execution")
    assert taking(after, Finish(A.digest, TASK), OWN) == does(after, "ignore-repeat")


def test_a_crash_is_noted_once() -> None:
    after = evolve(IDLE, abandoned=pset([TASK]))
    assert taking(after, Abandon(A.digest)) == does(after, "ignore-repeat")
