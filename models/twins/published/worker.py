"""The mempool worker as the published text has it.

What cannot be expressed, or is done otherwise: the acknowledgement names the request here, as the client
needs it; a label has four sets here, of which the two lists of the text are made; an action that the text
lets come to nothing leaves everything as it is, as its simulator does, where the formalism would refuse.
"""

from typing import Any

from attrs import evolve, frozen
from pyrsistent import PMap, pmap

from models.twins.amend import with_action
from models.twins.published import repairs
from models.twins.published.executor import PublishedExecutor, PublishedExecutorConfiguration
from models.twins.published.messages import UpdateSeen
from models.twins.published.repairs import NOTHING
from spec.anoma.executor.configuration import executor_name
from spec.anoma.executor.messages import ExecutorFinished
from spec.anoma.keyvalue import GENESIS, KVSKey, TxFingerprint
from spec.anoma.label import TransactionCandidate, TransactionLabel, readable, touched, writable
from spec.anoma.placement import Placement, shard_of
from spec.anoma.shard.messages import KVSAcquireLock, KVSLockAcquired
from spec.anoma.worker.behaviour import KeepSummary as ReferenceKeepSummary
from spec.anoma.worker.behaviour import OrderTransaction, RecordLock, request_id
from spec.anoma.worker.configuration import WorkerConfiguration
from spec.anoma.worker.environment import WorkerState
from spec.anoma.worker.messages import TransactionAck, TransactionRequest
from spec.formalism.environment import Effect, Environment, Spawn
from spec.formalism.family import EngineFamily, FamilyName, one_at_a_time
from spec.formalism.identity import EngineId, EngineName, NodeId
from spec.formalism.message import Message, Send, Trigger, arrived
from spec.formalism.rule import Rule, Source, Text

NO_NODE = NodeId("")
"""Stands for the node that is missing in an id."""


@frozen
class PublishedWorkerState(WorkerState):
    """What the worker remembers; the summaries and the last number are kept as the reference keeps them."""

    transactions: PMap[TxFingerprint, TransactionCandidate] = pmap()
    """The transactions, by their numbers."""
    engines: PMap[EngineId, TxFingerprint] = pmap()
    """The executors, by the ids that the worker has made for them."""
    locked: frozenset[tuple[TxFingerprint, EngineId]] = frozenset()
    """Which shards have acknowledged which locks."""


WorkerEnv = Environment[PublishedWorkerState]
"""The environment of a worker."""


class Order(Rule[WorkerConfiguration, PublishedWorkerState, Message[TransactionRequest]]):
    """Every request gets the next number; issuer and shards hear of it, an executor is spawned."""

    id = OrderTransaction.id
    version = 1
    sources = (Source(Text.NSPEC, "mempool_worker_behaviour: transactionRequestAction"),)

    @staticmethod
    def guard(
        trigger: Trigger, _configuration: WorkerConfiguration, _environment: WorkerEnv
    ) -> Message[TransactionRequest] | None:
        """Any request."""
        return arrived(trigger, TransactionRequest)

    @staticmethod
    def action(
        output: Message[TransactionRequest],
        _trigger: Trigger,
        configuration: WorkerConfiguration,
        environment: WorkerEnv,
    ) -> Effect[PublishedWorkerState]:
        """One acknowledgement, one lock per shard, one executor."""
        return ordered(output, configuration.placement, environment, NOTHING)


class Lock(Rule[WorkerConfiguration, PublishedWorkerState, Message[KVSLockAcquired]]):
    """An acknowledgement is noted; all shards known so far are told both marks, grown or not."""

    id = RecordLock.id
    version = 1
    sources = (Source(Text.NSPEC, "mempool_worker_behaviour: lockAcquiredAction"),)

    @staticmethod
    def guard(
        trigger: Trigger, _configuration: WorkerConfiguration, _environment: WorkerEnv
    ) -> Message[KVSLockAcquired] | None:
        """Any acknowledgement."""
        return arrived(trigger, KVSLockAcquired)

    @staticmethod
    def action(
        output: Message[KVSLockAcquired],
        _trigger: Trigger,
        configuration: WorkerConfiguration,
        environment: WorkerEnv,
    ) -> Effect[PublishedWorkerState]:
        """Two marks to each shard."""
        state, placement = environment.local, configuration.placement
        locked = state.locked | {(output.body.fingerprint, output.sender)}
        noted = evolve(state, locked=locked)
        shards = sorted(
            {
                shard_of(placement, key)
                for each in state.transactions.values()
                for key in touched(each.label)
            }
        )
        marks = tuple(
            Send(shard, UpdateSeen(seen(noted, placement, write=write), write))
            for write in (True, False)
            for shard in shards
        )
        return Effect(environment.with_local(noted), marks)


class Keep(Rule[WorkerConfiguration, PublishedWorkerState, Message[ExecutorFinished]]):
    """A summary is kept for the transaction of its sender, if the worker knows that one."""

    id = ReferenceKeepSummary.id
    version = 1
    sources = (Source(Text.NSPEC, "mempool_worker_behaviour: executorFinishedAction"),)

    @staticmethod
    def guard(
        trigger: Trigger, _configuration: WorkerConfiguration, _environment: WorkerEnv
    ) -> Message[ExecutorFinished] | None:
        """Any summary."""
        return arrived(trigger, ExecutorFinished)

    @staticmethod
    def action(
        output: Message[ExecutorFinished],
        _trigger: Trigger,
        _configuration: WorkerConfiguration,
        environment: WorkerEnv,
    ) -> Effect[PublishedWorkerState]:
        """It replaces what was kept before."""
        state = environment.local
        at = state.engines.get(output.sender)
        if at is None:
            return Effect(environment)
        kept = state.summaries.set(at, output.body.summary)
        return Effect(environment.with_local(evolve(state, summaries=kept)))


def worker_family(repaired: frozenset[str]) -> EngineFamily:
    """Workers as the text has them, but for what is repaired."""

    def order(
        output: Message[TransactionRequest],
        _trigger: Trigger,
        configuration: WorkerConfiguration,
        environment: WorkerEnv,
    ) -> Effect[Any]:
        return ordered(output, configuration.placement, environment, repaired)

    return EngineFamily(
        FamilyName("worker"), (with_action(Order, order), Lock, Keep), one_at_a_time
    )


def ordered(
    request: Message[TransactionRequest],
    placement: Placement,
    environment: WorkerEnv,
    repaired: frozenset[str],
) -> Effect[Any]:
    """What becomes of a request."""
    state, candidate, worker = environment.local, request.body.candidate, request.target
    at = TxFingerprint(state.last + 1)
    own = executor_name(at)
    name = own if repairs.NAME in repaired else EngineName(f"{worker.name}_executor_{worker.name}")
    executor = EngineId(worker.node if repairs.ID in repaired else NO_NODE, name)
    known = EngineId(worker.node if repairs.LOOK_UP in repaired else NO_NODE, name)
    label = TransactionLabel(
        eager_reads=readable(candidate.label), will_writes=writable(candidate.label)
    )
    configuration = PublishedExecutorConfiguration(
        placement, at, candidate.executable, label, worker, request.sender
    )
    after = evolve(
        state,
        last=at,
        requests=state.requests.set(request_id(request), at),
        transactions=state.transactions.set(at, candidate),
        engines=state.engines.set(known, at),
    )
    shards = sorted({shard_of(placement, key) for key in touched(label)})
    locks = (
        Send(each, KVSAcquireLock(at, part_of(label, placement, each), executor)) for each in shards
    )
    ack = Send(request.sender, TransactionAck(request.body.number, at))
    return Effect(environment.with_local(after), (ack, *locks), spawns=(born(name, configuration),))


def born(name: EngineName, configuration: PublishedExecutorConfiguration) -> Spawn:
    """The executor of a transaction."""
    first = Environment(PublishedExecutor.at_first(configuration))
    return Spawn(name, "executor", configuration, first)


def part_of(label: TransactionLabel, placement: Placement, shard: EngineId) -> TransactionLabel:
    """The keys of all shards that have the name of this one, wherever they are."""

    def mine(keys: frozenset[KVSKey]) -> frozenset[KVSKey]:
        return frozenset(key for key in keys if shard_of(placement, key).name == shard.name)

    return TransactionLabel(
        eager_reads=mine(label.eager_reads), will_writes=mine(label.will_writes)
    )


def seen(state: PublishedWorkerState, placement: Placement, *, write: bool) -> TxFingerprint:
    """The last number up to which all shards have acknowledged that a key of theirs is written, or read."""
    at = GENESIS
    while (following := TxFingerprint(at + 1)) in state.transactions:
        label = state.transactions[following].label
        keys = writable(label) if write else readable(label)
        if any((following, shard_of(placement, key)) not in state.locked for key in keys):
            break
        at = following
    return at
