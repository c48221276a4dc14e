"""The same question, answered by the published engines and by the reference: pairs of functions.

Each pair has the same parameters, numbers and truths, and gives plain values, so that CrossHair can
look for arguments on which the two differ.
"""

from collections.abc import Callable
from typing import Any

from attrs import frozen
from pyrsistent import pmap, pset

from models.twins.published import repairs
from models.twins.published.messages import UpdateSeen
from models.twins.published.nock import Produced as PagesProduced
from models.twins.published.nock import evaluate
from models.twins.published.repairs import NOTHING
from models.twins.published.shard import PublishedShardState, in_window, marked, recent
from models.twins.published.worker import Order, PublishedWorkerState, ordered, part_of, seen
from spec.anoma import nock
from spec.anoma.executor.configuration import executor_name
from spec.anoma.keyvalue import KVSDatum, KVSKey, Observation, TxFingerprint
from spec.anoma.label import NO_KEYS, TransactionCandidate, TransactionLabel, restricted
from spec.anoma.noun import Noun
from spec.anoma.placement import Placement, by_shard
from spec.anoma.program import Program
from spec.anoma.shard.behaviour import UpdateMark
from spec.anoma.shard.configuration import ShardConfiguration
from spec.anoma.shard.environment import ShardState, pending
from spec.anoma.shard.messages import UpdateSeenAll
from spec.anoma.shard.timeline import (
    Entry,
    ReadKind,
    ReadMarker,
    ReadStatus,
    Timeline,
    WriteKind,
    WriteMarker,
    WriteStatus,
    new_timeline,
    observation,
)
from spec.anoma.worker.behaviour import OrderTransaction
from spec.anoma.worker.configuration import WorkerConfiguration
from spec.anoma.worker.environment import WorkerState, mark
from spec.anoma.worker.messages import RequestNumber, TransactionRequest
from spec.formalism.engine import spawn_id
from spec.formalism.environment import Environment
from spec.formalism.identity import EngineId, EngineName, NodeId
from spec.formalism.message import DEFAULT_MAILBOX, Message, MessageArrived, Time, Trigger

KEY, OTHER = KVSKey("seats"), KVSKey("money")
"""Two keys."""

HERE = NodeId("here")
"""A node."""

SHARD = EngineId(HERE, EngineName("shard"))
"""A shard."""

WORKER = EngineId(HERE, EngineName("worker"))
"""A worker."""

PLACEMENT = Placement((SHARD,), pmap())
"""Where the keys are."""

GAS = 1_000
"""Gas for a formula."""


@frozen
class Pair:
    """Two answers to the same question."""

    published: Callable[..., Any]
    """The answer of the published text."""
    reference: Callable[..., Any]
    """The answer of the reference."""

    @property
    def name(self) -> str:
        """What is asked."""
        return self.published.__name__.removeprefix("published_")


def published_is_answered(at: int, writes: int, reads: int) -> bool:
    """Whether a read is answered under these marks of writes and of reads."""
    state = PublishedShardState(
        heard_writes=TxFingerprint(writes), heard_reads=TxFingerprint(reads)
    )
    return in_window(TxFingerprint(at), state, NOTHING)


def reference_is_answered(at: int, writes: int, reads: int) -> bool:  # noqa: ARG001  # it has one mark
    """Whether a read is answered under this mark."""
    marker = ReadMarker(ReadKind.EAGER, ReadStatus.PENDING, WORKER)
    timeline = pmap({TxFingerprint(at): Entry(read=marker)})
    return bool(pending(ShardState(pmap({KEY: timeline})), TxFingerprint(writes)))


def published_version(at: int, when: int, sure: bool, written: bool) -> int | None:
    """The version that a read sees of a key with one write."""
    return version(recent(timeline_with(when, sure, written), TxFingerprint(at), NOTHING))


def published_version_since_genesis(at: int, when: int, sure: bool, written: bool) -> int | None:
    """The same, with the values at GENESIS put right."""
    timeline = timeline_with(when, sure, written)
    return version(recent(timeline, TxFingerprint(at), frozenset({repairs.GENESIS})))


def reference_version(at: int, when: int, sure: bool, written: bool) -> int | None:
    """The version that a read sees of a key with one write."""
    return version(observation(timeline_with(when, sure, written), TxFingerprint(at)))


def version(found: Observation | None) -> int | None:
    """The version of what was seen."""
    return None if found is None else found.version


def timeline_with(when: int, sure: bool, written: bool) -> Timeline:
    """A timeline with one write after GENESIS, whatever is asked for."""
    status = WriteStatus.WRITTEN if written else WriteStatus.PENDING
    kind = WriteKind.WILL if sure else WriteKind.MAY
    write = WriteMarker(kind, status, KVSDatum(7) if written else None)
    at = TxFingerprint(max(1, min(when, 3)))
    return new_timeline(KVSDatum(0)).set(at, Entry(write=write))


def published_mark_of_writes(writes: bool, locked: bool) -> int:
    """The mark of writes after one transaction, which reads, or writes, one key."""
    keys = frozenset({KEY})
    label = TransactionLabel(will_writes=keys) if writes else TransactionLabel(eager_reads=keys)
    state = PublishedWorkerState(
        last=TxFingerprint(1),
        transactions=pmap({TxFingerprint(1): TransactionCandidate(label, Program(()))}),
        locked=frozenset({(TxFingerprint(1), SHARD)} if locked else ()),
    )
    return seen(state, PLACEMENT, write=True)


def reference_mark_of_writes(writes: bool, locked: bool) -> int:  # noqa: ARG001  # all locks count
    """The mark after one transaction on one key."""
    outstanding = {} if locked else {TxFingerprint(1): pset([SHARD])}
    return mark(WorkerState(TxFingerprint(1), outstanding=pmap(outstanding)))


def published_mark_heard(before: int, told: int) -> int:
    """The mark that a shard goes by after it was told one more."""
    state = PublishedShardState(heard_writes=TxFingerprint(before))
    update = UpdateSeen(TxFingerprint(told), write=True)
    return marked(update, Environment(state), NOTHING).environment.local.heard_writes


def reference_mark_heard(before: int, told: int) -> int:
    """The mark that a shard goes by after it was told one more."""
    environment = Environment(ShardState(heard=pmap({WORKER: TxFingerprint(before)})))
    update = Message(WORKER, SHARD, DEFAULT_MAILBOX, UpdateSeenAll(TxFingerprint(told)))
    trigger = Trigger(MessageArrived(update), Time(0))
    configuration = ShardConfiguration((WORKER,))
    effect = UpdateMark.action(update, trigger, configuration, environment)
    return effect.environment.local.heard[WORKER]


def request(label: TransactionLabel) -> Message[TransactionRequest]:
    """A request for a transaction with this label."""
    asked = TransactionRequest(RequestNumber(1), TransactionCandidate(label, Program(())))
    return Message(EngineId(HERE, EngineName("client")), WORKER, DEFAULT_MAILBOX, asked)


def published_executors_differ(first: int, second: int) -> bool:
    """Whether the executors of two transactions have different names."""
    one, other = (
        ordered(request(TransactionLabel()), PLACEMENT, worker_after(at), NOTHING).spawns[0].name
        for at in (first, second)
    )
    return one != other


def reference_executors_differ(first: int, second: int) -> bool:
    """Whether the executors of two transactions have different names."""
    return executor_name(TxFingerprint(first + 1)) != executor_name(TxFingerprint(second + 1))


def worker_after(last: int) -> Environment[PublishedWorkerState]:
    """A worker that has ordered so many transactions."""
    return Environment(PublishedWorkerState(last=TxFingerprint(last)))


def published_executor_is_found(node: str) -> bool:
    """Whether the shards are told the id under which the executor is."""
    worker = EngineId(NodeId(node), EngineName("worker"))
    asked = request(TransactionLabel(eager_reads=frozenset({KEY})))
    message = Message(asked.sender, worker, DEFAULT_MAILBOX, asked.body)
    effect = ordered(message, PLACEMENT, worker_after(0), NOTHING)
    told = effect.sends[1].body.executor
    return bool(told == spawn_id(worker, effect.spawns[0].name))


def reference_executor_is_found(node: str) -> bool:
    """Whether the shards are told the id under which the executor is."""
    worker = EngineId(NodeId(node), EngineName("worker"))
    asked = request(TransactionLabel(eager_reads=frozenset({KEY})))
    message = Message(asked.sender, worker, DEFAULT_MAILBOX, asked.body)
    trigger = Trigger(MessageArrived(message), Time(0))
    environment = Environment(WorkerState())
    effect = OrderTransaction.action(message, trigger, WorkerConfiguration(PLACEMENT), environment)
    told = effect.sends[1].body.executor
    return bool(told == spawn_id(worker, effect.spawns[0].name))


def published_keys_of_a_shard(node: str) -> int:
    """How many of two keys a shard is to lock, if the other one's shard is on this node."""
    placement = two_shards(node)
    label = TransactionLabel(eager_reads=frozenset({KEY, OTHER}))
    return len(part_of(label, placement, SHARD).eager_reads)


def reference_keys_of_a_shard(node: str) -> int:
    """How many of two keys a shard is to lock, if the other one's shard is on this node."""
    placement = two_shards(node)
    label = TransactionLabel(eager_reads=frozenset({KEY, OTHER}))
    mine = dict(by_shard(placement, label.eager_reads))[SHARD]
    return len(restricted(label, mine).eager_reads)


def two_shards(node: str) -> Placement:
    """A key on each of two shards of the same name, on different nodes if that may be."""
    other = EngineId(NodeId(node), SHARD.name)
    return Placement((SHARD, other), pmap({KEY: SHARD, OTHER: other}))


def published_is_ordered(eager: bool, lazy: bool, will: bool, may: bool) -> bool:
    """Whether a transaction with a key in these sets of its label is ordered."""
    trigger = Trigger(MessageArrived(request(label_with(eager, lazy, will, may))), Time(0))
    environment = worker_after(0)
    return Order.guard(trigger, WorkerConfiguration(PLACEMENT), environment) is not None


def reference_is_ordered(eager: bool, lazy: bool, will: bool, may: bool) -> bool:
    """Whether a transaction with a key in these sets of its label is ordered."""
    trigger = Trigger(MessageArrived(request(label_with(eager, lazy, will, may))), Time(0))
    environment = Environment(WorkerState())
    return OrderTransaction.guard(trigger, WorkerConfiguration(PLACEMENT), environment) is not None


def label_with(*stands: bool) -> TransactionLabel:
    """The label with one key in some of its sets."""
    return TransactionLabel(*(frozenset({KEY}) if each else NO_KEYS for each in stands))


def by_page(subject: Noun, formula: Noun) -> tuple[Noun, int] | None:
    """The product by the page, and the gas it took; nothing where there is none."""
    outcome = evaluate(subject, formula, GAS)
    if isinstance(outcome, PagesProduced):
        return outcome.noun, GAS - outcome.gas
    return None


def by_reference(subject: Noun, formula: Noun) -> tuple[Noun, int] | None:
    """The product by the reference, and the gas it took; nothing where there is none."""
    outcome = nock.nock(subject, formula, GAS, nock.no_scry)
    if isinstance(outcome, nock.Produced):
        return outcome.noun, GAS - outcome.gas_left
    return None


TREE: Noun = (((1, 2), (3, 4)), ((5, 6), (7, 8)))
"""A tree with nouns at the axes from 1 to 15."""


AXES = range(16)
"""Axes in the tree, and just below and above it."""

LOOK_UPS: tuple[Noun, ...] = tuple((0, axis) for axis in AXES)
"""The formulas that look up what is at an axis."""

EDITS: tuple[Noun, ...] = tuple((10, ((axis, (0, 2)), (0, 1))) for axis in AXES)
"""The formulas that put the head of the tree at an axis."""


def picked(formulas: tuple[Noun, ...], place: int) -> Noun:
    """A formula, whichever number is asked for.

    It has to be picked whole: CrossHair's numbers are none to Python's pattern matching.
    """
    return formulas[max(0, min(place, len(formulas) - 1))]


def published_axis(axis: int) -> tuple[Noun, int] | None:
    """What is at an axis of the tree."""
    return by_page(TREE, picked(LOOK_UPS, axis))


def reference_axis(axis: int) -> tuple[Noun, int] | None:
    """What is at an axis of the tree."""
    return by_reference(TREE, picked(LOOK_UPS, axis))


def published_edit(axis: int) -> tuple[Noun, int] | None:
    """The tree with its head at an axis as well."""
    return by_page(TREE, picked(EDITS, axis))


def reference_edit(axis: int) -> tuple[Noun, int] | None:
    """The tree with its head at an axis as well."""
    return by_reference(TREE, picked(EDITS, axis))


def published_increment(bits: int) -> tuple[Noun, int] | None:
    """One more than a power of two, and the gas for it."""
    return by_page(power(bits), (4, (0, 1)))


def reference_increment(bits: int) -> tuple[Noun, int] | None:
    """One more than a power of two, and the gas for it."""
    return by_reference(power(bits), (4, (0, 1)))


def power(bits: int) -> int:
    """A power of two, at most the seventieth."""
    return 1 << max(0, min(bits, 70))


def published_opcode(opcode: int) -> tuple[Noun, int] | None:
    """What an opcode does with the same well-formed arguments."""
    return by_page(TREE, picked(ARGUMENTS, opcode))


def reference_opcode(opcode: int) -> tuple[Noun, int] | None:
    """What an opcode does with the same well-formed arguments."""
    return by_reference(TREE, picked(ARGUMENTS, opcode))


ARGUMENTS: tuple[Noun, ...] = (
    (0, 3),
    (1, 7),
    (2, ((0, 1), (1, (0, 2)))),
    (3, (0, 2)),
    (4, (0, 8)),
    (5, ((0, 8), (0, 9))),
    (6, ((1, 0), ((0, 2), (0, 3)))),
    (7, ((0, 2), (0, 2))),
    (8, ((0, 2), (0, 2))),
    (9, (2, (1, ((0, 1), 7)))),
    (10, ((2, (0, 3)), (0, 1))),
    (11, ((1, (0, 2)), (0, 3))),
)
"""A formula for each opcode."""

DIFFERENT = (
    Pair(published_is_answered, reference_is_answered),
    Pair(published_version, reference_version),
    Pair(published_version_since_genesis, reference_version),
    Pair(published_mark_of_writes, reference_mark_of_writes),
    Pair(published_mark_heard, reference_mark_heard),
    Pair(published_executors_differ, reference_executors_differ),
    Pair(published_executor_is_found, reference_executor_is_found),
    Pair(published_keys_of_a_shard, reference_keys_of_a_shard),
    Pair(published_is_ordered, reference_is_ordered),
    Pair(published_edit, reference_edit),
    Pair(published_increment, reference_increment),
    Pair(published_opcode, reference_opcode),
)
"""Questions that are answered differently."""

ALIKE = (Pair(published_axis, reference_axis),)
"""Questions to which CrossHair finds no two answers."""


def pair_of(name: str) -> Pair:
    """The pair of this name.

    Raises:
        KeyError: there is none.
    """
    return {each.name: each for each in (*DIFFERENT, *ALIKE)}[name]
