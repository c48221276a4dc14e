"""Slips of workers."""

from collections.abc import Callable
from typing import Any

from attrs import evolve

from models.twins import laws, stages
from models.twins.amend import (
    amended,
    doubled,
    forgetful,
    idle,
    never,
    sending,
    silent,
    with_action,
    with_guard,
)
from models.twins.slips.common import slip
from models.twins.twin import Defect, Needs, Twin, wrong
from spec.anoma.executor.messages import ExecuteTransaction, ExecutorFinished
from spec.anoma.keyvalue import TxFingerprint
from spec.anoma.label import TransactionLabel, restricted, touched
from spec.anoma.shard.messages import KVSAcquireLock, KVSLockAcquired, UpdateSeenAll
from spec.anoma.worker import behaviour as worker
from spec.anoma.worker.configuration import WorkerConfiguration
from spec.anoma.worker.environment import WorkerEnv, WorkerState
from spec.anoma.worker.messages import TransactionAck, TransactionRequest
from spec.formalism.environment import Effect, Environment
from spec.formalism.message import Message, Send, Trigger, arrived

CLIENT, WORKER, POOL, POOLED = "client", "worker", "pool", "pooled-worker"


Sends = tuple[Send, ...]


def _successes_only(
    trigger: Trigger, configuration: Any, environment: Environment[Any]
) -> ExecutorFinished | None:
    """Summaries of transactions that failed are not kept."""
    finished = worker.KeepSummary.guard(trigger, configuration, environment)
    return finished if finished and finished.summary.failure is None else None


def _without(body: type[Any]) -> Callable[[Sends], Sends]:
    """What is left of sends without those of a kind."""

    def rest(sends: Sends) -> Sends:
        return tuple(send for send in sends if not isinstance(send.body, body))

    return rest


def _skipping(
    output: Message[TransactionRequest],
    trigger: Trigger,
    configuration: WorkerConfiguration,
    environment: WorkerEnv,
) -> Effect[WorkerState]:
    """The number is raised before the fingerprint is taken, and after."""
    local = evolve(environment.local, last=TxFingerprint(environment.local.last + 1))
    ahead = environment.with_local(local)
    return worker.OrderTransaction.action(output, trigger, configuration, ahead)


def _locks_without_writes(sends: Sends) -> Sends:
    """Locks are asked for reads alone."""
    return tuple(
        evolve(send, body=evolve(send.body, label=_reads_of(send.body.label)))
        if isinstance(send.body, KVSAcquireLock)
        else send
        for send in sends
    )


def _reads_of(label: TransactionLabel) -> TransactionLabel:
    return TransactionLabel(label.eager_reads, label.lazy_reads)


def _lock_by_lock(sends: Sends) -> Sends:
    """A shard is asked for each of its keys in a message of its own."""
    single: list[Send] = []
    for send in sends:
        if isinstance(send.body, KVSAcquireLock):
            label = send.body.label
            single += [
                evolve(send, body=evolve(send.body, label=restricted(label, frozenset({key}))))
                for key in sorted(touched(label))
            ]
        else:
            single.append(send)
    return tuple(single)


def _first_lock_only(sends: Sends) -> Sends:
    """Only the first shard is asked."""
    locks = [send for send in sends if isinstance(send.body, KVSAcquireLock)]
    return tuple(send for send in sends if send not in locks[1:])


def _refused_under_a_fingerprint(
    effect: Effect[WorkerState], _environment: WorkerEnv
) -> Effect[WorkerState]:
    """A refused request takes the next fingerprint all the same."""
    local = effect.environment.local
    counted = evolve(local, last=TxFingerprint(local.last + 1))
    return evolve(effect, environment=effect.environment.with_local(counted))


def _first_shard_counts_for_all(
    output: Message[KVSLockAcquired],
    _trigger: Trigger,
    _configuration: WorkerConfiguration,
    environment: WorkerEnv,
) -> Effect[WorkerState]:
    """A transaction is locked as soon as one shard says so."""
    state = environment.local
    outstanding = state.outstanding.discard(output.body.fingerprint)
    return Effect(environment.with_local(evolve(state, outstanding=outstanding)))


def _highest_acknowledged(
    _before: TxFingerprint,
    trigger: Trigger,
    configuration: WorkerConfiguration,
    environment: WorkerEnv,
) -> Effect[WorkerState]:
    """The mark is the last transaction acknowledged by all, whatever is missing below it."""
    lock, state = arrived(trigger, KVSLockAcquired), environment.local
    if lock is None or lock.body.fingerprint in state.outstanding:
        return Effect(environment)
    told = UpdateSeenAll(lock.body.fingerprint)
    return Effect(environment, tuple(Send(shard, told) for shard in configuration.placement.shards))


def _shifted(by: int) -> Callable[[Sends], Sends]:
    """Marks that are told by so much higher."""

    def told(sends: Sends) -> Sends:
        marks = (UpdateSeenAll(TxFingerprint(send.body.fingerprint + by)) for send in sends)
        return tuple(evolve(send, body=mark) for send, mark in zip(sends, marks, strict=True))

    return told


def _told_when_ordered(
    _before: TxFingerprint,
    trigger: Trigger,
    configuration: WorkerConfiguration,
    environment: WorkerEnv,
) -> Effect[WorkerState]:
    """The mark is told when a transaction is ordered, for that one."""
    ordered = arrived(trigger, TransactionRequest)
    shards = configuration.placement.shards if ordered else ()
    told = UpdateSeenAll(environment.local.last)
    return Effect(environment, tuple(Send(shard, told) for shard in shards))


def _acknowledged_again(
    _output: Message[object], trigger: Trigger, _configuration: Any, environment: WorkerEnv
) -> Effect[WorkerState]:
    """A repeated request is acknowledged once more."""
    request = arrived(trigger, TransactionRequest)
    known = environment.local.requests.get(worker.request_id(request)) if request else None
    if request is None or known is None:
        return Effect(environment)
    return Effect(environment, (Send(request.sender, TransactionAck(request.body.number, known)),))


def _when_idle(
    trigger: Trigger, configuration: WorkerConfiguration, environment: WorkerEnv
) -> Message[TransactionRequest] | None:
    """A request waits until all transactions are over."""
    state = environment.local
    request = worker.OrderTransaction.guard(trigger, configuration, environment)
    return request if len(state.summaries) == state.last else None


WORKER_SLIPS: tuple[Twin, ...] = (
    slip(
        "fingerprint-skipped",
        Defect.NAMING,
        "Every second fingerprint is left out.",
        wrong(WORKER, with_action(worker.OrderTransaction, _skipping)),
        stages.ONE_INCREMENT,
        laws.DENSE,
        1,
    ),
    slip(
        "fingerprint-not-remembered",
        Defect.NAMING,
        "The worker forgets which fingerprint it gave away.",
        wrong(WORKER, forgetful(worker.OrderTransaction)),
        stages.TWO_INCREMENTS,
        laws.NOT_REFUSED,
        3,
    ),
    slip(
        "one-transaction-at-a-time",
        Defect.START,
        "A request waits until the transaction before it is over.",
        wrong(WORKER, with_guard(worker.OrderTransaction, _when_idle)),
        stages.TWO_INCREMENTS,
        laws.TWO_AT_ONCE,
        0,
    ),
    slip(
        "locks-without-writes",
        Defect.LOCKS,
        "Shards are asked for the reads of a transaction alone.",
        wrong(WORKER, sending(worker.OrderTransaction, _locks_without_writes)),
        stages.ONE_INCREMENT,
        laws.STORE,
        10,
    ),
    slip(
        "locks-key-by-key",
        Defect.LOCKS,
        "A shard is asked for each key in a message of its own.",
        wrong(WORKER, sending(worker.OrderTransaction, _lock_by_lock)),
        stages.SET_THEN_COPY,
        laws.FINISHED,
        15,
        needs=Needs.REORDERING,
    ),
    slip(
        "locks-on-the-first-shard-only",
        Defect.LOCKS,
        "Only the first of the shards is asked.",
        wrong(WORKER, sending(worker.OrderTransaction, _first_lock_only)),
        stages.SUM_OF_TWO_SHARDS,
        laws.FINISHED,
        5,
    ),
    slip(
        "request-not-acknowledged",
        Defect.START,
        "The issuer does not hear of its place in the order.",
        wrong(WORKER, sending(worker.OrderTransaction, _without(TransactionAck))),
        stages.ONE_INCREMENT,
        laws.FINISHED,
        9,
    ),
    slip(
        "executor-not-started",
        Defect.START,
        "The executor is spawned and told nothing.",
        wrong(WORKER, sending(worker.OrderTransaction, _without(ExecuteTransaction))),
        stages.ONE_INCREMENT,
        laws.FINISHED,
        6,
    ),
    slip(
        "order-announced-twice",
        Defect.DUPLICATES,
        "Everybody is told twice of a new transaction.",
        wrong(WORKER, doubled(worker.OrderTransaction)),
        stages.ONE_INCREMENT,
        laws.TWICE,
        1,
    ),
    slip(
        "refusal-takes-a-fingerprint",
        Defect.LABELS,
        "A request that is refused takes a fingerprint, and nobody executes it.",
        wrong(WORKER, amended(worker.RefuseTransaction, _refused_under_a_fingerprint)),
        stages.MALFORMED_REQUEST,
        laws.FINISHED,
        3,
    ),
    slip(
        "refusal-not-told",
        Defect.LABELS,
        "The issuer does not hear that its request is refused.",
        wrong(WORKER, silent(worker.RefuseTransaction)),
        stages.MALFORMED_REQUEST,
        laws.FINISHED,
        1,
    ),
    slip(
        "refusal-not-remembered",
        Defect.DUPLICATES,
        "A refused request that arrives again is refused again.",
        wrong(WORKER, forgetful(worker.RefuseTransaction)),
        stages.REPEATED_REFUSAL,
        laws.ANSWERED,
        3,
    ),
    slip(
        "one-shard-locks-for-all",
        Defect.LOCKS,
        "A transaction counts as locked when one of its shards has acknowledged.",
        wrong(WORKER, with_action(worker.RecordLock, _first_shard_counts_for_all)),
        stages.SUM_OF_TWO_SHARDS,
        laws.MARKS_SOUND,
        3,
    ),
    slip(
        "acknowledgement-not-recorded",
        Defect.LOCKS,
        "Acknowledgements are taken and forgotten.",
        wrong(WORKER, idle(worker.RecordLock)),
        stages.ONE_INCREMENT,
        laws.FINISHED,
        5,
    ),
    slip(
        "mark-over-gaps",
        Defect.MARKS,
        "The mark is the last transaction that was locked, whatever is missing below it.",
        wrong(WORKER, with_action(worker.RaiseMark, _highest_acknowledged)),
        stages.SET_THEN_COPY,
        laws.LATEST_WRITE,
        6,
        needs=Needs.REORDERING,
    ),
    slip(
        "mark-one-too-high",
        Defect.MARKS,
        "The mark that is told is one above the one that is true.",
        wrong(WORKER, sending(worker.RaiseMark, _shifted(1))),
        stages.SET_THEN_COPY,
        laws.MARKS_SOUND,
        5,
    ),
    slip(
        "mark-one-too-low",
        Defect.MARKS,
        "The mark that is told is one below the one that is true.",
        wrong(WORKER, sending(worker.RaiseMark, _shifted(-1))),
        stages.TWO_INCREMENTS,
        laws.FINISHED,
        15,
    ),
    slip(
        "mark-told-when-ordered",
        Defect.MARKS,
        "The mark is told with the locks, before anybody has acknowledged them.",
        wrong(WORKER, with_action(worker.RaiseMark, _told_when_ordered)),
        stages.ONE_INCREMENT,
        laws.MARKS_SOUND,
        1,
    ),
    slip(
        "mark-told-to-the-first-shard-only",
        Defect.MARKS,
        "Only the first shard is told the mark.",
        wrong(WORKER, sending(worker.RaiseMark, lambda sends: sends[:1])),
        stages.SUM_OF_TWO_SHARDS,
        laws.FINISHED,
        9,
    ),
    slip(
        "worker-keeps-no-summary",
        Defect.END,
        "Summaries are taken and forgotten.",
        wrong(WORKER, idle(worker.KeepSummary)),
        stages.ONE_INCREMENT,
        laws.FINISHED,
        10,
    ),
    slip(
        "worker-takes-no-bad-news",
        Defect.FAILURE,
        "Summaries of transactions that failed are left in the mailbox.",
        wrong(WORKER, with_guard(worker.KeepSummary, _successes_only)),
        stages.STRAY_READ,
        laws.FINISHED,
        8,
    ),
    slip(
        "worker-leaves-repeats",
        Defect.DUPLICATES,
        "What it has had before is left in the mailbox.",
        wrong(WORKER, never(worker.IgnoreRepeat)),
        stages.REPEATED_INCREMENT,
        laws.PENDING,
        11,
    ),
    slip(
        "repeated-request-acknowledged-again",
        Defect.DUPLICATES,
        "A request that arrives again is acknowledged again.",
        wrong(WORKER, with_action(worker.IgnoreRepeat, _acknowledged_again)),
        stages.REPEATED_INCREMENT,
        laws.ANSWERED,
        3,
    ),
)
"""The slips of workers."""
