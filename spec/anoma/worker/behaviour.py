"""The rules of the mempool worker."""

from attrs import evolve, frozen
from pyrsistent import pset

from spec.anoma.executor.behaviour import EXECUTOR
from spec.anoma.executor.configuration import ExecutorConfiguration, executor_name
from spec.anoma.executor.environment import Idle
from spec.anoma.executor.messages import ExecuteTransaction, ExecutorFinished
from spec.anoma.keyvalue import TxFingerprint
from spec.anoma.label import LabelFault, fault_of, restricted, touched
from spec.anoma.placement import Placement, by_shard
from spec.anoma.shard.messages import KVSAcquireLock, KVSLockAcquired, UpdateSeenAll
from spec.anoma.worker.configuration import PooledWorkerConfiguration, WorkerConfiguration
from spec.anoma.worker.environment import (
    RequestId,
    WorkerEnv,
    WorkerState,
    mark,
    missing,
)
from spec.anoma.worker.messages import TransactionAck, TransactionRefused, TransactionRequest
from spec.formalism.engine import spawn_id
from spec.formalism.environment import Effect, Environment, Spawn
from spec.formalism.family import EngineFamily, FamilyName, phases
from spec.formalism.identity import EngineId
from spec.formalism.message import Message, Send, Trigger, arrived
from spec.formalism.rule import FollowUp, Rule, RuleId, Source, Text

Request = Message[TransactionRequest]
"""A request that arrived."""


class OrderTransaction(Rule[WorkerConfiguration, WorkerState, Request]):
    """A new, well-formed request gets the next fingerprint; executor, issuer and shards hear of it.

    The worker spawns the executor and tells it to execute the transaction, acknowledges the request
    to its issuer, and asks each touched shard for all locks on that shard's keys at once.
    """

    id = RuleId("worker.order-transaction")
    version = 1
    sources = (
        Source(Text.S0, "engines that take orders and spawn Executor engines"),
        Source(Text.S1, "ExecuteTransaction"),
        Source(Text.NSPEC, "mempool_worker_behaviour: transactionRequestAction"),
    )
    decides = (
        "The executor is started by a message of its own, as in S1: in the public text only a read "
        "starts it, so that a transaction without reads never runs. Its id carries the "
        "fingerprint: there, all executors have the same name. S1 lets executors stand beside "
        "shards or beside workers: here they are on the node of who spawns them, and nothing "
        "depends on it."
    )

    @staticmethod
    def guard(
        trigger: Trigger, configuration: WorkerConfiguration, environment: WorkerEnv
    ) -> Request | None:
        request = new_request(trigger, environment.local)
        return request if request and not fault_of(request.body.candidate.label) else None

    @staticmethod
    def action(
        output: Request,
        trigger: Trigger,
        configuration: WorkerConfiguration,
        environment: WorkerEnv,
    ) -> Effect[WorkerState]:
        placement = configuration.placement
        order = ordered(output, placement, environment.local)
        executor = executor_name(order.execute.fingerprint)
        own_id = spawn_id(output.target, executor)
        return Effect(
            environment.with_local(order.state),
            sends=(*announcements(order, own_id, placement), Send(own_id, order.execute)),
            spawns=(
                Spawn(
                    executor, EXECUTOR.name, ExecutorConfiguration(placement), Environment(Idle())
                ),
            ),
        )


class OrderForPool(Rule[PooledWorkerConfiguration, WorkerState, Request]):
    """A new, well-formed request gets the next fingerprint; issuer, shards and pool hear of it.

    The pool will spawn its executor, whose name is known beforehand, as it carries the fingerprint.
    """

    id = RuleId("worker.order-for-pool")
    version = 1
    sources = (Source(Text.S1, "might keep a pool of Executors"),)

    @staticmethod
    def guard(
        trigger: Trigger, configuration: PooledWorkerConfiguration, environment: WorkerEnv
    ) -> Request | None:
        return OrderTransaction.guard(trigger, configuration, environment)

    @staticmethod
    def action(
        output: Request,
        trigger: Trigger,
        configuration: PooledWorkerConfiguration,
        environment: WorkerEnv,
    ) -> Effect[WorkerState]:
        placement, pool = configuration.placement, configuration.pool
        order = ordered(output, placement, environment.local)
        executor = spawn_id(pool, executor_name(order.execute.fingerprint))
        return Effect(
            environment.with_local(order.state),
            sends=(*announcements(order, executor, placement), Send(pool, order.execute)),
        )


class RefuseTransaction(Rule[WorkerConfiguration, WorkerState, tuple[Request, LabelFault]]):
    """A new request with a malformed label is refused with the reason, and takes no fingerprint."""

    id = RuleId("worker.refuse-transaction")
    version = 1
    sources = (Source(Text.TREADLE, "SEMANTICS: Anoma, label and worker"),)
    decides = "The sources do not say what becomes of a label whose key sets overlap."

    @staticmethod
    def guard(
        trigger: Trigger, configuration: WorkerConfiguration, environment: WorkerEnv
    ) -> tuple[Request, LabelFault] | None:
        request = new_request(trigger, environment.local)
        fault = fault_of(request.body.candidate.label) if request else None
        return (request, fault) if request and fault else None

    @staticmethod
    def action(
        output: tuple[Request, LabelFault],
        trigger: Trigger,
        configuration: WorkerConfiguration,
        environment: WorkerEnv,
    ) -> Effect[WorkerState]:
        request, reason = output
        state = environment.local
        refused = evolve(state, requests=state.requests.set(request_id(request), None))
        return Effect(
            environment.with_local(refused),
            sends=(Send(request.sender, TransactionRefused(request.body.number, reason)),),
        )


class RecordLock(Rule[WorkerConfiguration, WorkerState, Message[KVSLockAcquired]]):
    """A shard's first acknowledgement of a transaction's locks is recorded."""

    id = RuleId("worker.record-lock")
    version = 1
    sources = (Source(Text.NSPEC, "mempool_worker_behaviour: lockAcquiredAction"),)

    @staticmethod
    def guard(
        trigger: Trigger, configuration: WorkerConfiguration, environment: WorkerEnv
    ) -> Message[KVSLockAcquired] | None:
        lock = arrived(trigger, KVSLockAcquired)
        return lock if lock and lock.sender in missing(environment.local, lock.body) else None

    @staticmethod
    def action(
        output: Message[KVSLockAcquired],
        trigger: Trigger,
        configuration: WorkerConfiguration,
        environment: WorkerEnv,
    ) -> Effect[WorkerState]:
        state = environment.local
        fingerprint = output.body.fingerprint
        left = missing(state, output.body).discard(output.sender)
        outstanding = (
            state.outstanding.set(fingerprint, left)
            if left
            else state.outstanding.remove(fingerprint)
        )
        return Effect(environment.with_local(evolve(state, outstanding=outstanding)))


class RaiseMark(FollowUp[WorkerConfiguration, WorkerState, TxFingerprint]):
    """When a request or an acknowledgement has raised the mark, every shard is told the new one.

    The mark is the highest N such that every shard touched by the transactions 1 to N has
    acknowledged. It is the write mark and the read mark.
    """

    id = RuleId("worker.raise-mark")
    version = 1
    sources = (
        Source(Text.NSPEC, "mempool_worker_behaviour: findMaxConsecutiveLocked"),
        Source(Text.NSPEC, "shard: heardAllWrites, heardAllReads"),
    )
    decides = (
        "One mark and one message per shard. The public text computes two marks and sends two "
        "messages, with a flag: then the read mark can get ahead of the write mark. The mark can "
        "grow with a request too, as a label may be empty."
    )

    @staticmethod
    def guard(
        trigger: Trigger, configuration: WorkerConfiguration, environment: WorkerEnv
    ) -> TxFingerprint | None:
        """The mark before this step."""
        return mark(environment.local)

    @staticmethod
    def action(
        output: TxFingerprint,
        trigger: Trigger,
        configuration: WorkerConfiguration,
        environment: WorkerEnv,
    ) -> Effect[WorkerState]:
        now = mark(environment.local)
        shards = configuration.placement.shards if now > output else ()
        return Effect(environment, tuple(Send(shard, UpdateSeenAll(now)) for shard in shards))


class KeepSummary(Rule[WorkerConfiguration, WorkerState, ExecutorFinished]):
    """The first summary of each transaction is kept."""

    id = RuleId("worker.keep-summary")
    version = 1
    sources = (
        Source(Text.S0, "a summary of all reads and writes performed during execution"),
        Source(Text.NSPEC, "mempool_worker_behaviour: executorFinishedAction"),
    )

    @staticmethod
    def guard(
        trigger: Trigger, configuration: WorkerConfiguration, environment: WorkerEnv
    ) -> ExecutorFinished | None:
        finished = arrived(trigger, ExecutorFinished)
        if finished and finished.body.fingerprint not in environment.local.summaries:
            return finished.body
        return None

    @staticmethod
    def action(
        output: ExecutorFinished,
        trigger: Trigger,
        configuration: WorkerConfiguration,
        environment: WorkerEnv,
    ) -> Effect[WorkerState]:
        state = environment.local
        summaries = state.summaries.set(output.fingerprint, output.summary)
        return Effect(environment.with_local(evolve(state, summaries=summaries)))


class IgnoreRepeat(Rule[WorkerConfiguration, WorkerState, Message[object]]):
    """A request, acknowledgement or summary taken before is consumed, and causes nothing."""

    id = RuleId("worker.ignore-repeat")
    version = 1
    sources = (Source(Text.TREADLE, "SEMANTICS: Anoma, duplicates"),)
    decides = (
        "The sources assume that nothing arrives twice. A request is told by its issuer and that "
        "one's number: a repeat that got a fingerprint of its own would be executed twice. Repeats "
        "come from the network alone: no engine sends a message twice."
    )

    @staticmethod
    def guard(
        trigger: Trigger, configuration: WorkerConfiguration, environment: WorkerEnv
    ) -> Message[object] | None:
        state = environment.local
        request = arrived(trigger, TransactionRequest)
        if request and request_id(request) in state.requests:
            return request
        lock = arrived(trigger, KVSLockAcquired)
        if lock and lock.sender not in missing(state, lock.body):
            return lock
        finished = arrived(trigger, ExecutorFinished)
        if finished and finished.body.fingerprint in state.summaries:
            return finished
        return None

    @staticmethod
    def action(
        output: Message[object],
        trigger: Trigger,
        configuration: WorkerConfiguration,
        environment: WorkerEnv,
    ) -> Effect[WorkerState]:
        return Effect(environment)


@frozen
class Order:
    """A transaction that has just got its place, and the worker's state with it."""

    request: Request
    """The request for it."""
    execute: ExecuteTransaction
    """What its executor is to be told."""
    state: WorkerState
    """The worker's state with it."""


def ordered(request: Request, placement: Placement, state: WorkerState) -> Order:
    """The transaction under the next fingerprint, with the shards whose locks it waits for."""
    fingerprint = TxFingerprint(state.last + 1)
    candidate = request.body.candidate
    shards = pset(shard for shard, _ in by_shard(placement, touched(candidate.label)))
    outstanding = state.outstanding.set(fingerprint, shards) if shards else state.outstanding
    return Order(
        request,
        ExecuteTransaction(
            fingerprint, candidate.executable, candidate.label, request.target, request.sender
        ),
        evolve(
            state,
            last=fingerprint,
            requests=state.requests.set(request_id(request), fingerprint),
            outstanding=outstanding,
        ),
    )


def announcements(order: Order, executor: EngineId, placement: Placement) -> tuple[Send, ...]:
    """The acknowledgement to the issuer, and one lock request to each touched shard."""
    label = order.execute.label
    ack = TransactionAck(order.request.body.number, order.execute.fingerprint)
    locks = (
        Send(shard, KVSAcquireLock(order.execute.fingerprint, restricted(label, keys), executor))
        for shard, keys in by_shard(placement, touched(label))
    )
    return (Send(order.request.sender, ack), *locks)


def new_request(trigger: Trigger, state: WorkerState) -> Request | None:
    """The request that arrived, if it is none that the worker has taken before."""
    request = arrived(trigger, TransactionRequest)
    return request if request and request_id(request) not in state.requests else None


def request_id(request: Request) -> RequestId:
    """What tells the request apart."""
    return RequestId(request.sender, request.body.number)


WORKER_PHASES = phases(
    frozenset(
        {
            OrderTransaction.id,
            OrderForPool.id,
            RefuseTransaction.id,
            RecordLock.id,
            KeepSummary.id,
            IgnoreRepeat.id,
        }
    ),
    frozenset({RaiseMark.id}),
)
"""A message is taken first; then the mark is looked at."""

WORKER = EngineFamily(
    FamilyName("worker"),
    (OrderTransaction, RefuseTransaction, RecordLock, KeepSummary, IgnoreRepeat, RaiseMark),
    WORKER_PHASES,
)
"""Workers that spawn an executor per transaction."""

POOLED_WORKER = EngineFamily(
    FamilyName("pooled-worker"),
    (OrderForPool, RefuseTransaction, RecordLock, KeepSummary, IgnoreRepeat, RaiseMark),
    WORKER_PHASES,
)
"""Workers that leave executors to a pool."""
