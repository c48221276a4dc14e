"""What has become of everything when nothing moves any more."""

from functools import partial

from pyrsistent import PMap, PSet, pmap

from properties.anoma.text import store_text
from properties.outcome import store_of, workers_of
from properties.property import Evidence, Kind, StateProperty
from spec.anoma.client.environment import ClientState
from spec.anoma.executor.behaviour import EXECUTOR, FinishTransaction
from spec.anoma.keyvalue import KVSDatum, KVSKey
from spec.anoma.pool.environment import PoolState
from spec.anoma.sequential import Serializable
from spec.anoma.shard.environment import GENESIS_DATUM, ShardState
from spec.anoma.shard.timeline import ReadStatus, Timeline, WriteStatus
from spec.anoma.worker.environment import WorkerState
from spec.formalism.engine import Engine
from spec.formalism.environment import Finished
from spec.formalism.state import GlobalState


def unfinished(state: GlobalState) -> Evidence | None:
    """A transaction of which an executor, worker, pool or client does not know the end, if any."""
    for name in sorted(state.engines):
        missing = missing_end(state.engines[name])
        if missing is not None:
            return Evidence(f"{name} {missing}")
    return None


def missing_end(engine: Engine) -> str | None:
    """What an engine still waits for, if anything."""
    match engine.environment.local:
        case WorkerState() as worker:
            ordered = range(1, worker.last + 1)
            missing = [f"T{at}" for at in ordered if at not in worker.summaries]
            return f"has no summary of {missing[0]}" if missing else None
        case ClientState() as client:
            return _missing_at_client(client)
        case PoolState() as pool if pool.busy:
            return f"waits for the end of T{min(pool.busy)}"
        case Finished():
            return None
        case _:
            return "has not finished" if engine.family == EXECUTOR.name else None


def _missing_at_client(client: ClientState) -> str | None:
    if client.unsent:
        return f"has not sent its request {client.unsent[0].number}"
    if not client.answers:
        return "has no answer to its request"
    places = (answer for answer in client.answers.values() if isinstance(answer, int))
    missing = sorted(at for at in places if at not in client.summaries)
    return f"has no summary of T{missing[0]}" if missing else None


def pending(state: GlobalState) -> Evidence | None:
    """A lock, read or message that nobody will see to, if there is one.

    Where messages form a set, they stay in it, and do not count.
    """
    for place in sorted(state.mailboxes):
        if not isinstance(state.mailboxes[place], PSet):
            return Evidence(f"a message waits for {place.engine}")
    for name in sorted(state.engines):
        local = state.engines[name].environment.local
        for key in sorted(local.timelines) if isinstance(local, ShardState) else ():
            marker = pending_marker(local.timelines[key])
            if marker is not None:
                return Evidence(f"{name}: {marker} of {key} is pending or unasked")
    return None


def pending_marker(timeline: Timeline) -> str | None:
    """The first write that is not resolved, or read that is neither served nor released, if any."""
    for at in sorted(timeline):
        read, write = timeline[at].read, timeline[at].write
        if write is not None and write.status is WriteStatus.PENDING:
            return f"the write by T{at}"
        if read is not None and read.status in {ReadStatus.PENDING, ReadStatus.UNASKED}:
            return f"the read by T{at}"
    return None


def other_store(genesis: PMap[KVSKey, KVSDatum], state: GlobalState) -> Evidence | None:
    """The store, where it is not what the summaries leave of the genesis in timestamp order.

    That the summaries are those of the sequential run is another property.
    """
    due = dict(genesis)
    for worker in workers_of(state):
        for at in sorted(worker.summaries):
            due.update(worker.summaries[at].values_written)
    found = store_of(state)
    if all(found.get(key, GENESIS_DATUM) == due.get(key, GENESIS_DATUM) for key in {*due, *found}):
        return None
    details = (f"one at a time: {store_text(pmap(due))}", f"here: {store_text(found)}")
    return Evidence("the store is another one than after the sequential run", details)


EVERYTHING_FINISHED = StateProperty(
    "every transaction finished", FinishTransaction.id, Kind.AT_REST, unfinished
)
"""Executors, workers, pools and clients all know."""

NOTHING_PENDING = StateProperty(
    "no lock, read or message is pending", FinishTransaction.id, Kind.AT_REST, pending
)
"""Every lock is resolved, every read served or released, every message consumed."""


def sequential_store(genesis: PMap[KVSKey, KVSDatum]) -> StateProperty:
    """The shards hold what the transactions leave when they run one at a time."""
    judge = partial(other_store, genesis)
    return StateProperty(
        "the store is that of the sequential run", Serializable.id, Kind.AT_REST, judge
    )
