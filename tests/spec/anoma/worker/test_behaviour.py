"""The worker: fingerprints in the order of requests, one mark, no repeat has an effect."""

import pytest
from attrs import evolve
from pyrsistent import pmap, pset

from spec.anoma.executor.configuration import ExecutorConfiguration
from spec.anoma.executor.environment import Idle
from spec.anoma.executor.messages import ExecuteTransaction, ExecutionSummary, ExecutorFinished
from spec.anoma.keyvalue import KVSDatum, KVSKey, TxFingerprint
from spec.anoma.label import LabelFault, TransactionCandidate, TransactionLabel
from spec.anoma.placement import Placement
from spec.anoma.program import Program
from spec.anoma.runnable import Failure, FailureKind
from spec.anoma.shard.messages import KVSAcquireLock, KVSLockAcquired, UpdateSeenAll
from spec.anoma.worker.behaviour import POOLED_WORKER, WORKER
from spec.anoma.worker.configuration import PooledWorkerConfiguration, WorkerConfiguration
from spec.anoma.worker.environment import RequestId, WorkerState
from spec.anoma.worker.messages import (
    RequestNumber,
    TransactionAck,
    TransactionRefused,
    TransactionRequest,
)
from spec.formalism.engine import Engine, Reaction, Refusal, react
from spec.formalism.environment import Environment
from spec.formalism.identity import EngineId, EngineName, NodeId, identity_of, on_local_node
from spec.formalism.message import DEFAULT_MAILBOX, Message, MessageArrived, Time, Trigger
from spec.formalism.rule import RuleId

OWN = on_local_node("worker")
CLIENT = on_local_node("client")
OTHER = on_local_node("client.2")
POOL = EngineId(NodeId("elsewhere"), EngineName("pool"))
SHARD1, SHARD2, SHARD3 = (on_local_node(f"shard.{number}") for number in (1, 2, 3))
A, B, C = (KVSKey(name) for name in "abc")
PLACEMENT = Placement((SHARD1, SHARD2, SHARD3), pmap({A: SHARD1, B: SHARD2, C: SHARD1}))
ONE, TWO = RequestNumber(1), RequestNumber(2)
T1, T2, T3 = (TxFingerprint(number) for number in (1, 2, 3))
PROGRAM = Program(())
WIDE = TransactionLabel(frozenset({A}), frozenset({B}), frozenset({B, C}), frozenset({A}))
EMPTY = TransactionLabel()
MALFORMED = TransactionLabel(frozenset({A}), frozenset({A}))
SUMMARY = ExecutionSummary(None, pmap(), pmap({A: KVSDatum(1)}))
FAILED = ExecutionSummary(Failure(FailureKind.FAIL), pmap())
ORDER, FOR_POOL, REFUSE, RECORD, KEEP, IGNORE, RAISE = (
    RuleId(f"worker.{name}")
    for name in (
        "order-transaction",
        "order-for-pool",
        "refuse-transaction",
        "record-lock",
        "keep-summary",
        "ignore-repeat",
        "raise-mark",
    )
)


def request(label: TransactionLabel, number: RequestNumber = ONE) -> TransactionRequest:
    return TransactionRequest(number, TransactionCandidate(label, PROGRAM))


def executor(fingerprint: TxFingerprint) -> EngineId:
    return on_local_node(f"executor.{fingerprint}")


def taking(
    state: WorkerState, body: object, sender: EngineId = CLIENT
) -> Reaction | Refusal | None:
    """What a worker in this state does with a message that says this."""
    configuration = WorkerConfiguration(PLACEMENT)
    engine = Engine(identity_of(OWN), WORKER.name, configuration, Environment(state))
    message = Message(sender, OWN, DEFAULT_MAILBOX, body)
    return react(WORKER, engine, Trigger(MessageArrived(message), Time(0)))


def sent(target: EngineId, body: object) -> Message[object]:
    return Message(OWN, target, DEFAULT_MAILBOX, body)


def told_mark(fingerprint: TxFingerprint) -> tuple[Message[object], ...]:
    """One message to every shard, whether or not it keeps a key."""
    return tuple(sent(shard, UpdateSeenAll(fingerprint)) for shard in (SHARD1, SHARD2, SHARD3))


def born(fingerprint: TxFingerprint) -> Engine:
    return Engine(
        identity_of(executor(fingerprint)),
        "executor",
        ExecutorConfiguration(PLACEMENT),
        Environment(Idle()),
    )


def test_a_request_gets_the_next_fingerprint_an_executor_and_one_lock_per_touched_shard() -> None:
    before = WorkerState(last=T2)
    at_first = TransactionLabel(
        frozenset({A}), will_writes=frozenset({C}), may_writes=frozenset({A})
    )
    at_second = TransactionLabel(lazy_reads=frozenset({B}), will_writes=frozenset({B}))
    assert taking(before, request(WIDE, TWO)) == Reaction(
        Environment(
            WorkerState(
                last=T3,
                requests=pmap({RequestId(CLIENT, TWO): T3}),
                outstanding=pmap({T3: pset([SHARD1, SHARD2])}),
            )
        ),
        (ORDER,),
        (
            sent(CLIENT, TransactionAck(TWO, T3)),
            sent(SHARD1, KVSAcquireLock(T3, at_first, executor(T3))),
            sent(SHARD2, KVSAcquireLock(T3, at_second, executor(T3))),
            sent(executor(T3), ExecuteTransaction(T3, PROGRAM, WIDE, OWN, CLIENT)),
        ),
        (born(T3),),
    )


def test_a_transaction_with_an_empty_label_is_executed_and_raises_the_mark_at_once() -> None:
    assert taking(WorkerState(), request(EMPTY)) == Reaction(
        Environment(WorkerState(last=T1, requests=pmap({RequestId(CLIENT, ONE): T1}))),
        (ORDER, RAISE),
        (
            sent(CLIENT, TransactionAck(ONE, T1)),
            sent(executor(T1), ExecuteTransaction(T1, PROGRAM, EMPTY, OWN, CLIENT)),
            *told_mark(T1),
        ),
        (born(T1),),
    )


def test_an_empty_label_behind_a_missing_acknowledgement_does_not_raise_the_mark() -> None:
    before = WorkerState(last=T1, outstanding=pmap({T1: pset([SHARD1])}))
    reaction = taking(before, request(EMPTY))
    assert isinstance(reaction, Reaction)
    assert reaction.sent == (
        sent(CLIENT, TransactionAck(ONE, T2)),
        sent(executor(T2), ExecuteTransaction(T2, PROGRAM, EMPTY, OWN, CLIENT)),
    )


def test_a_worker_with_a_pool_leaves_the_executor_to_it_and_names_it_on_its_node() -> None:
    label = TransactionLabel(frozenset({A}))
    configuration = PooledWorkerConfiguration(PLACEMENT, POOL)
    environment = Environment(WorkerState())
    engine = Engine(identity_of(OWN), POOLED_WORKER.name, configuration, environment)
    message = Message(CLIENT, OWN, DEFAULT_MAILBOX, request(label))
    there = EngineId(POOL.node, EngineName("executor.1"))
    assert react(POOLED_WORKER, engine, Trigger(MessageArrived(message), Time(0))) == Reaction(
        Environment(
            WorkerState(
                last=T1,
                requests=pmap({RequestId(CLIENT, ONE): T1}),
                outstanding=pmap({T1: pset([SHARD1])}),
            )
        ),
        (FOR_POOL,),
        (
            sent(CLIENT, TransactionAck(ONE, T1)),
            sent(SHARD1, KVSAcquireLock(T1, label, there)),
            sent(POOL, ExecuteTransaction(T1, PROGRAM, label, OWN, CLIENT)),
        ),
    )


def test_a_malformed_label_is_refused_with_the_reason_and_takes_no_fingerprint() -> None:
    assert taking(WorkerState(last=T2), request(MALFORMED)) == Reaction(
        Environment(WorkerState(last=T2, requests=pmap({RequestId(CLIENT, ONE): None}))),
        (REFUSE,),
        (sent(CLIENT, TransactionRefused(ONE, LabelFault.READS_OVERLAP)),),
    )


@pytest.mark.parametrize("fingerprint", [T1, None])
@pytest.mark.parametrize("label", [WIDE, MALFORMED])
def test_a_repeated_request_causes_nothing_whether_it_was_taken_or_refused(
    fingerprint: TxFingerprint | None, label: TransactionLabel
) -> None:
    before = WorkerState(last=T1, requests=pmap({RequestId(CLIENT, ONE): fingerprint}))
    assert taking(before, request(label)) == Reaction(Environment(before), (IGNORE,))


def test_requests_are_told_apart_by_issuer_and_number_together() -> None:
    before = WorkerState(last=T1, requests=pmap({RequestId(CLIENT, ONE): T1}))
    for issuer, number in ((CLIENT, TWO), (OTHER, ONE)):
        reaction = taking(before, request(EMPTY, number), issuer)
        assert isinstance(reaction, Reaction)
        assert reaction.environment.local.requests == pmap(
            {RequestId(CLIENT, ONE): T1, RequestId(issuer, number): T2}
        )


def test_an_acknowledgement_is_recorded_and_while_another_is_missing_no_mark_is_sent() -> None:
    before = WorkerState(last=T1, outstanding=pmap({T1: pset([SHARD1, SHARD2])}))
    assert taking(before, KVSLockAcquired(T1), SHARD1) == Reaction(
        Environment(evolve(before, outstanding=pmap({T1: pset([SHARD2])}))), (RECORD,)
    )


def test_the_last_acknowledgement_sends_the_mark_to_every_shard_once() -> None:
    before = WorkerState(last=T1, outstanding=pmap({T1: pset([SHARD2])}))
    assert taking(before, KVSLockAcquired(T1), SHARD2) == Reaction(
        Environment(WorkerState(last=T1)), (RECORD, RAISE), told_mark(T1)
    )


def test_a_transaction_locked_before_an_earlier_one_does_not_raise_the_mark() -> None:
    before = WorkerState(last=T2, outstanding=pmap({T1: pset([SHARD1]), T2: pset([SHARD1])}))
    assert taking(before, KVSLockAcquired(T2), SHARD1) == Reaction(
        Environment(evolve(before, outstanding=pmap({T1: pset([SHARD1])}))), (RECORD,)
    )


def test_the_mark_skips_to_the_last_transaction_whose_predecessors_are_all_locked() -> None:
    before = WorkerState(last=T3, outstanding=pmap({T1: pset([SHARD1]), T3: pset([SHARD1])}))
    assert taking(before, KVSLockAcquired(T1), SHARD1) == Reaction(
        Environment(evolve(before, outstanding=pmap({T3: pset([SHARD1])}))),
        (RECORD, RAISE),
        told_mark(T2),
    )


@pytest.mark.parametrize(("shard", "fingerprint"), [(SHARD1, T1), (SHARD3, T1), (SHARD2, T2)])
def test_an_acknowledgement_that_is_not_missing_causes_nothing(
    shard: EngineId, fingerprint: TxFingerprint
) -> None:
    before = WorkerState(last=T1, outstanding=pmap({T1: pset([SHARD2])}))
    assert taking(before, KVSLockAcquired(fingerprint), shard) == Reaction(
        Environment(before), (IGNORE,)
    )


def test_the_first_summary_of_a_transaction_is_kept_and_no_mark_is_looked_at() -> None:
    before = WorkerState(last=T2, summaries=pmap({T1: FAILED}))
    assert taking(before, ExecutorFinished(T2, SUMMARY), executor(T2)) == Reaction(
        Environment(evolve(before, summaries=pmap({T1: FAILED, T2: SUMMARY}))), (KEEP,)
    )


def test_a_later_summary_of_a_transaction_is_ignored() -> None:
    before = WorkerState(last=T1, summaries=pmap({T1: SUMMARY}))
    assert taking(before, ExecutorFinished(T1, FAILED), executor(T1)) == Reaction(
        Environment(before), (IGNORE,)
    )


def test_what_is_not_for_workers_stays_in_the_mailbox() -> None:
    assert taking(WorkerState(), UpdateSeenAll(T1)) is None
