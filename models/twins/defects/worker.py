"""What the published text gets wrong about the mempool worker."""

from typing import Any

from attrs import evolve, frozen
from pyrsistent import PMap, pmap

from models.twins import laws, stages
from models.twins.amend import amended, sending, with_action, with_guard
from models.twins.defects.common import nspec, published
from models.twins.twin import Defect, Needs, Twin, wrong
from spec.anoma.executor.messages import ExecuteTransaction, ExecutorFinished
from spec.anoma.keyvalue import GENESIS, KVSKey, TxFingerprint
from spec.anoma.label import TransactionLabel, readable, touched, writable
from spec.anoma.placement import Placement, by_shard, shard_of
from spec.anoma.shard.messages import KVSAcquireLock, KVSLockAcquired, UpdateSeenAll
from spec.anoma.worker.behaviour import (
    KeepSummary,
    OrderTransaction,
    RaiseMark,
)
from spec.anoma.worker.environment import WorkerEnv, WorkerState, mark
from spec.anoma.worker.messages import TransactionRequest
from spec.formalism.environment import Effect, Environment
from spec.formalism.identity import EngineId, EngineName, NodeId
from spec.formalism.message import DEFAULT_MAILBOX, Message, Send, Trigger, arrived
from spec.formalism.rule import AnyRule

WORKER = "worker"
"""The family."""

NOWHERE = NodeId("")
"""Stands for the node that the text's ids of executors do not have."""

REQUEST = "mempool_worker_behaviour: transactionRequestAction"
LOCKED = "mempool_worker_behaviour: lockAcquiredAction"
FINISHED = "mempool_worker_behaviour: executorFinishedAction"


def _one_name(effect: Effect[Any], _environment: Environment[Any]) -> Effect[Any]:
    """All executors of a worker have the name that is made of its own."""
    name = EngineName("worker_executor_worker")
    born = {EngineId(NodeId("local"), each.name) for each in effect.spawns}
    renamed = {old: EngineId(old.node, name) for old in born}
    return evolve(
        effect,
        sends=tuple(_readdressed(send, renamed) for send in effect.sends),
        spawns=tuple(evolve(each, name=name) for each in effect.spawns),
    )


def _no_node(sends: tuple[Send, ...]) -> tuple[Send, ...]:
    """Shards are told an id of the executor that has no node."""
    return tuple(
        evolve(send, body=evolve(send.body, executor=EngineId(NOWHERE, send.body.executor.name)))
        if isinstance(send.body, KVSAcquireLock)
        else send
        for send in sends
    )


def _readdressed(send: Send, ids: dict[EngineId, EngineId]) -> Send:
    body = send.body
    if isinstance(body, KVSAcquireLock):
        body = evolve(body, executor=ids.get(body.executor, body.executor))
    return Send(ids.get(send.target, send.target), body, send.mailbox)


def relabelled(rule: AnyRule, label: Any) -> AnyRule:
    """The rule that gives every label another form before it is told to anybody."""

    def body(content: Any) -> Any:
        told = isinstance(content, KVSAcquireLock | ExecuteTransaction)
        return evolve(content, label=label(content.label)) if told else content

    return sending(rule, lambda sends: tuple(evolve(send, body=body(send.body)) for send in sends))


def _eager(label: TransactionLabel) -> TransactionLabel:
    """Everything that may be read is read eagerly: the text's label has one list of reads."""
    return evolve(label, eager_reads=readable(label), lazy_reads=frozenset[KVSKey]())


def _will(label: TransactionLabel) -> TransactionLabel:
    """Everything that may be written will be: the text's label has one list of writes."""
    return evolve(label, will_writes=writable(label), may_writes=frozenset[KVSKey]())


def _by_name(
    output: Message[TransactionRequest],
    trigger: Trigger,
    configuration: Any,
    environment: WorkerEnv,
) -> Effect[Any]:
    """A shard is asked for the keys of all shards that have its name."""
    effect = OrderTransaction.action(output, trigger, configuration, environment)
    label = output.body.candidate.label
    sends = (_widened(send, label, configuration.placement) for send in effect.sends)
    return evolve(effect, sends=tuple(sends))


def _widened(send: Send, label: TransactionLabel, placement: Placement) -> Send:
    if not isinstance(send.body, KVSAcquireLock):
        return send
    keys = frozenset(
        key for key in touched(label) if shard_of(placement, key).name == send.target.name
    )
    part = TransactionLabel(
        label.eager_reads & keys,
        label.lazy_reads & keys,
        label.will_writes & keys,
        label.may_writes & keys,
    )
    return evolve(send, body=evolve(send.body, label=part))


def _any_request(
    trigger: Trigger, _configuration: Any, _environment: WorkerEnv
) -> Message[TransactionRequest] | None:
    """Every request is a new one."""
    return arrived(trigger, TransactionRequest)


def _by_sender(
    trigger: Trigger, _configuration: Any, _environment: WorkerEnv
) -> ExecutorFinished | None:
    """The executor is looked up under the id without a node that the worker has made for it."""
    finished = arrived(trigger, ExecutorFinished)
    known = finished is not None and finished.sender.node == NOWHERE
    return finished.body if finished and known else None


def _always_told(
    _before: TxFingerprint, trigger: Trigger, configuration: Any, environment: WorkerEnv
) -> Effect[WorkerState]:
    """After every acknowledgement, every shard is told the mark, whether or not it has grown."""
    acquired = arrived(trigger, KVSLockAcquired)
    shards = configuration.placement.shards if acquired else ()
    now = mark(environment.local)
    return Effect(environment, tuple(Send(shard, UpdateSeenAll(now)) for shard in shards))


@frozen
class Seen:
    """What the text's worker knows of locks: who has to acknowledge which writes or reads, and who has."""

    needed: PMap[TxFingerprint, frozenset[EngineId]] = pmap()
    """The shards that have to acknowledge, by transaction."""
    locked: frozenset[tuple[TxFingerprint, EngineId]] = frozenset()
    """Who has acknowledged which."""

    def highest(self) -> TxFingerprint:
        """The highest transaction up to which all that have to have acknowledged."""
        at = GENESIS
        while at + 1 in self.needed and all(
            (at + 1, shard) in self.locked for shard in self.needed[TxFingerprint(at + 1)]
        ):
            at = TxFingerprint(at + 1)
        return at


def _mark_of(writes: bool) -> AnyRule:  # noqa: FBT001 - one of two
    """The rule by which the mark counts the locks of one kind of access only."""

    def action(
        _before: TxFingerprint, trigger: Trigger, configuration: Any, environment: WorkerEnv
    ) -> Effect[WorkerState]:
        seen: Seen = environment.mailbox_states.get(DEFAULT_MAILBOX, Seen())
        before = seen.highest()
        request, lock = arrived(trigger, TransactionRequest), arrived(trigger, KVSLockAcquired)
        if request:
            label = request.body.candidate.label
            keys = writable(label) if writes else readable(label)
            shards = frozenset(shard for shard, _ in by_shard(configuration.placement, keys))
            seen = evolve(seen, needed=seen.needed.set(environment.local.last, shards))
        if lock:
            seen = evolve(seen, locked=seen.locked | {(lock.body.fingerprint, lock.sender)})
        told = configuration.placement.shards if seen.highest() > before else ()
        return Effect(
            environment.with_mailbox_state(DEFAULT_MAILBOX, seen),
            tuple(Send(shard, UpdateSeenAll(seen.highest())) for shard in told),
        )

    return with_action(RaiseMark, action)


WORKER_DEFECTS: tuple[Twin, ...] = (
    published(
        "executors-share-a-name",
        Defect.NAMING,
        "The name of an executor is made of the worker's name alone, the same for all transactions.",
        wrong(WORKER, amended(OrderTransaction, _one_name)),
        stages.TWO_INCREMENTS,
        laws.NOT_REFUSED,
        3,
        passage=nspec(f"{REQUEST}, executor_name by nameGen"),
    ),
    published(
        "executor-id-without-node",
        Defect.NAMING,
        "Shards are told an id of the executor that has no node, and their answers reach nobody.",
        wrong(WORKER, sending(OrderTransaction, _no_node)),
        stages.ONE_INCREMENT,
        laws.FINISHED,
        6,
        passage=nspec(f"{REQUEST}, executor_id"),
    ),
    published(
        "shards-compared-by-name",
        Defect.NAMING,
        "Which keys a shard is asked for is decided by its name without its node.",
        wrong(WORKER, with_action(OrderTransaction, _by_name)),
        stages.NAMESAKES,
        laws.READ_ONCE,
        7,
        passage=nspec(f"{REQUEST}, shard_read_keys and shard_write_keys"),
    ),
    published(
        "lazy-reads-become-eager",
        Defect.LABELS,
        "A label has one list of reads, and all of them are locked eagerly.",
        wrong(WORKER, relabelled(OrderTransaction, _eager)),
        stages.LAZY_LOOK,
        laws.LAZY_SERVED,
        0,
        passage=nspec(f"{REQUEST}, lazy_read_keys"),
    ),
    published(
        "may-writes-become-will-writes",
        Defect.LABELS,
        "A label has one list of writes, and all of them are locked as sure.",
        wrong(WORKER, relabelled(OrderTransaction, _will)),
        stages.MAY_NOT_SET_THEN_COPY,
        laws.MAY_RELEASED,
        0,
        passage=nspec(f"{REQUEST}, may_write_keys"),
    ),
    published(
        "repeated-request-ordered-again",
        Defect.DUPLICATES,
        "A request that arrives twice gets two fingerprints, and is executed twice.",
        wrong(WORKER, with_guard(OrderTransaction, _any_request)),
        stages.REPEATED_INCREMENT,
        laws.ANSWERED,
        3,
        passage=nspec("mempool_worker_behaviour: transactionRequestGuard"),
    ),
    published(
        "summary-looked-up-without-node",
        Defect.NAMING,
        "The worker looks an executor up under an id without node, and never finds its transaction.",
        wrong(WORKER, with_guard(KeepSummary, _by_sender)),
        stages.ONE_INCREMENT,
        laws.FINISHED,
        9,
        passage=nspec(f"{FINISHED}, lookup in transactionEngines"),
    ),
    published(
        "mark-told-on-every-acknowledgement",
        Defect.MARKS,
        "Every acknowledgement sends the mark to every shard, though it has not grown.",
        wrong(WORKER, with_action(RaiseMark, _always_told)),
        stages.SUM_OF_TWO_SHARDS,
        laws.MARKS_GROW,
        3,
        passage=nspec(f"{LOCKED}, writeMessages and readMessages"),
    ),
    published(
        "mark-of-write-locks-alone",
        Defect.MARKS,
        "The write mark passes transactions whose read locks have not been acknowledged.",
        wrong(WORKER, _mark_of(writes=True)),
        stages.SUM_OF_TWO_SHARDS,
        laws.MARKS_SOUND,
        3,
        passage=nspec("mempool_worker_behaviour: findMaxConsecutiveLocked for writes"),
    ),
    published(
        "mark-of-read-locks-alone",
        Defect.MARKS,
        "The read mark passes transactions whose write locks have not been acknowledged.",
        wrong(WORKER, _mark_of(writes=False)),
        stages.SET_THEN_COPY,
        laws.LATEST_WRITE,
        6,
        passage=nspec("mempool_worker_behaviour: findMaxConsecutiveLocked for reads"),
        needs=Needs.REORDERING,
    ),
)
"""The defects, those of one action after the other."""
