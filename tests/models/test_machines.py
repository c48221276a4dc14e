"""Random walks through small random worlds do what the transactions do one at a time.

What is compared is computed here, from the engines of the state at rest, and not by the properties.
"""

import pytest
from attrs import evolve, frozen
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyrsistent import PMap, pmap

from models.machines.networks import Bounds, networks
from models.machines.run import Run, scene_of
from models.machines.stepper import walk
from models.machines.strategies import malformed_labels
from models.worlds import Arrival, NamedCandidate, Setting, anoma_world
from spec.anoma.executor.messages import ExecutionSummary, ExecutorFinished
from spec.anoma.keyvalue import KVSDatum, KVSKey, TxFingerprint
from spec.anoma.label import TransactionCandidate, TransactionLabel
from spec.anoma.program import Program
from spec.anoma.sequential import sequential
from spec.anoma.shard.behaviour import SHARD
from spec.anoma.shard.environment import ShardState
from spec.anoma.shard.messages import KVSRead, KVSWrite
from spec.anoma.shard.timeline import WriteStatus, writes
from spec.anoma.system import WORKER_ID
from spec.anoma.worker.environment import WorkerState
from spec.formalism.state import Faults, GlobalState

pytestmark = pytest.mark.random

SMALL = settings(
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.large_base_example,
    ]
)
"""A world and a walk through it are no small example."""

LONGEST = 400
"""More steps than any run of these worlds can have."""

Summaries = tuple[ExecutionSummary, ...]
"""What the transactions did, in the order of their fingerprints."""


@frozen
class Seen:
    """What a state at rest shows of a run."""

    order: tuple[str, ...]
    """The names of the transactions, in the order of their fingerprints."""
    of_worker: Summaries
    """What the worker was told."""
    of_issuers: Summaries
    """What the issuers were told."""
    store: PMap[KVSKey, KVSDatum]
    """The newest value of every key of the genesis."""


def seen_in(setting: Setting, run: Run) -> Seen:
    """What the state of a run shows."""
    worker: WorkerState = run.state.engines[WORKER_ID].environment.local
    taken = {at: request for request, at in worker.requests.items() if at is not None}
    order = tuple(run.scene.world.transactions[taken[at]] for at in sorted(taken))
    told: dict[TxFingerprint, ExecutionSummary] = {}
    for request in taken.values():
        told |= dict(run.state.engines[request.issuer].environment.local.summaries)
    return Seen(
        order,
        tuple(worker.summaries[at] for at in sorted(worker.summaries)),
        tuple(told[at] for at in sorted(told)),
        pmap({key: newest(run.state, key) for key in setting.genesis}),
    )


def newest(state: GlobalState, key: KVSKey) -> KVSDatum:
    """The newest value that any shard keeps under a key."""
    locals_ = (engine.environment.local for engine in state.engines.values())
    timelines = (each.timelines for each in locals_ if isinstance(each, ShardState))
    (timeline,) = (each[key] for each in timelines if key in each)
    last = max(at for at, status in writes(timeline) if status is WriteStatus.WRITTEN)
    marker = timeline[last].write
    assert marker is not None
    assert marker.datum is not None
    return marker.datum


def due_in(setting: Setting, order: tuple[str, ...]) -> Seen:
    """What is due when the transactions run one at a time in this order."""
    by_name = {each.name: each.candidate for each in setting.transactions}
    run = sequential((by_name[name] for name in order), setting.genesis)
    store = pmap({key: run.store[key].datum for key in setting.genesis})
    return Seen(order, run.summaries, run.summaries, store)


def walked(data: st.DataObject, setting: Setting) -> Run:
    """A walk to rest that nothing judges."""
    run = walk(data, scene_of(anoma_world(setting, ())), LONGEST)
    assert run.rests
    return run


def with_malformed(setting: Setting, label: TransactionLabel) -> Setting:
    """The setting with one more transaction, whose label is malformed, in front."""
    bad = NamedCandidate("bad", TransactionCandidate(label, Program(())))
    return evolve(setting, transactions=(bad, *setting.transactions))


def pooled(setting: Setting) -> Setting:
    """The setting with a pool that has an executor for every transaction: too many to deadlock."""
    return evolve(setting, shard_family=SHARD, pool_size=len(setting.transactions))


def names(setting: Setting) -> list[str]:
    return [each.name for each in setting.transactions]


DUPLICATING = networks(Bounds(faults=Faults(duplicates=2)))
"""Networks that may duplicate up to two messages."""


@SMALL
@given(st.data(), DUPLICATING)
def test_a_run_comes_to_what_its_transactions_do_one_at_a_time(
    data: st.DataObject, setting: Setting
) -> None:
    seen = seen_in(setting, walked(data, setting))
    assert seen == due_in(setting, seen.order)
    assert sorted(seen.order) == names(setting)
    if setting.arrival is Arrival.GIVEN:
        assert list(seen.order) == names(setting)


@SMALL
@given(st.data(), networks(Bounds(shards=2)).map(pooled))
def test_so_does_a_run_whose_executors_come_out_of_a_pool(
    data: st.DataObject, setting: Setting
) -> None:
    seen = seen_in(setting, walked(data, setting))
    assert seen == due_in(setting, seen.order)
    assert sorted(seen.order) == names(setting)


@SMALL
@given(st.data(), networks(Bounds(transactions=2, shards=2)), malformed_labels())
def test_a_malformed_label_is_refused_and_the_others_do_as_if_it_were_not_there(
    data: st.DataObject, setting: Setting, label: TransactionLabel
) -> None:
    run = walked(data, with_malformed(setting, label))
    seen = seen_in(setting, run)
    assert seen == due_in(setting, seen.order)
    assert sorted(seen.order) == names(setting)


@SMALL
@given(st.data(), DUPLICATING)
def test_a_summary_lists_what_the_executor_was_sent_and_what_it_sent(
    data: st.DataObject, setting: Setting
) -> None:
    run = walked(data, setting)
    sent = [message.body for record in run.records for message in record.sent]
    ends = [body for body in sent if isinstance(body, ExecutorFinished)]
    assert len(ends) == 2 * len(set(ends)) == 2 * len(setting.transactions)
    for end in set(ends):
        at = end.fingerprint
        read = {
            b.key: b.observation for b in sent if isinstance(b, KVSRead) and b.fingerprint == at
        }
        written = [b for b in sent if isinstance(b, KVSWrite) and b.fingerprint == at]
        assert dict(end.summary.values_read) == {key: read[key] for key in end.summary.values_read}
        assert len({body.key for body in written}) == len(written)
        assert end.summary.values_written == pmap(
            {body.key: body.datum for body in written if body.datum is not None}
        )
