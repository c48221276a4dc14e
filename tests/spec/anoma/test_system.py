"""Networks: who is there at the start, and that a run ends as the sequential reference does."""

import pytest
from pyrsistent import PMap, pmap

from spec.anoma.arithmetic import ArithmeticOperator
from spec.anoma.client.configuration import ClientConfiguration
from spec.anoma.client.environment import ClientState
from spec.anoma.instructions import (
    Arithmetic,
    Instruction,
    Load,
    Number,
    Read,
    Store,
    Text,
    Write,
)
from spec.anoma.keyvalue import KVSDatum, KVSKey, Observation, TxFingerprint
from spec.anoma.label import TransactionCandidate, TransactionLabel
from spec.anoma.placement import Placement
from spec.anoma.pool.configuration import PoolConfiguration
from spec.anoma.pool.environment import PoolState
from spec.anoma.program import Program
from spec.anoma.sequential import sequential
from spec.anoma.shard.behaviour import COLLECTING_SHARD
from spec.anoma.shard.configuration import ShardConfiguration
from spec.anoma.shard.environment import ShardState
from spec.anoma.shard.timeline import new_timeline, observation
from spec.anoma.system import (
    FAMILIES,
    POOL_ID,
    WORKER_ID,
    Network,
    Requests,
    network,
    pooled_network,
)
from spec.anoma.worker.configuration import PooledWorkerConfiguration, WorkerConfiguration
from spec.anoma.worker.environment import WorkerState
from spec.anoma.worker.messages import RequestNumber, TransactionRequest
from spec.formalism.delivery import AnyDiscipline, Fifo, Unordered
from spec.formalism.engine import Engine
from spec.formalism.environment import FINISHED, Environment
from spec.formalism.identity import identity_of, on_local_node
from spec.formalism.message import DEFAULT_MAILBOX, Message
from spec.formalism.state import GlobalState, initial_state
from spec.formalism.system import System

CLIENT, OTHER = on_local_node("client.1"), on_local_node("client.2")
SHARD1, SHARD2 = on_local_node("shard.1"), on_local_node("shard.2")
A, B, C = (KVSKey(name) for name in "abc")
LATEST = TxFingerprint(100)
GENESIS_VALUES = pmap({A: KVSDatum(10), B: KVSDatum(20)})
PLACEMENT = Placement((SHARD1, SHARD2), pmap({A: SHARD1, B: SHARD2, C: SHARD2}))


def reading(key: KVSKey) -> tuple[Instruction, ...]:
    return (Text(key), Read(), Store(key))


MOVE: tuple[Instruction, ...] = (
    *reading(A),
    *reading(B),
    *(Text("a"), Load("a"), Number(1), Arithmetic(ArithmeticOperator.SUBTRACT), Write()),
    *(Text("b"), Load("b"), Number(1), Arithmetic(ArithmeticOperator.ADD), Write()),
)
MOVING = TransactionCandidate(
    TransactionLabel(frozenset({A}), frozenset({B}), frozenset({A}), frozenset({B, C})),
    Program(MOVE),
)
COPYING = TransactionCandidate(
    TransactionLabel(frozenset({B}), will_writes=frozenset({C})),
    Program((*reading(B), Text("c"), Load("b"), Write())),
)
FIRST, SECOND = (
    TransactionRequest(RequestNumber(number), candidate)
    for number, candidate in ((1, MOVING), (2, COPYING))
)


def clients(unsent: tuple[TransactionRequest, ...]) -> tuple[Engine, ...]:
    """One client that will send these, and one that has nothing to ask."""
    return tuple(
        Engine(
            identity_of(client),
            "client",
            ClientConfiguration(WORKER_ID),
            Environment(ClientState(mine)),
        )
        for client, mine in ((CLIENT, unsent), (OTHER, ()))
    )


def shards(family: str) -> tuple[Engine, ...]:
    return tuple(
        Engine(
            identity_of(shard),
            family,
            ShardConfiguration((WORKER_ID,)),
            Environment(ShardState(pmap({key: new_timeline(GENESIS_VALUES[key])}))),
        )
        for shard, key in ((SHARD1, A), (SHARD2, B))
    )


REQUESTS = (Requests(CLIENT, (MOVING, COPYING)), Requests(OTHER, ()))
IN_FLIGHT = (Message(CLIENT, WORKER_ID, DEFAULT_MAILBOX, FIRST),)


def test_every_family_is_filed_under_its_own_name() -> None:
    assert {name: family.name for name, family in FAMILIES.items()} == {
        name: name
        for name in (
            *("client", "worker", "pooled-worker"),
            *("shard", "collecting-shard", "executor", "pool"),
        )
    }


def test_at_the_start_there_is_a_worker_its_shards_and_clients_that_sent_one_request() -> None:
    configuration = WorkerConfiguration(PLACEMENT)
    worker = Engine(identity_of(WORKER_ID), "worker", configuration, Environment(WorkerState()))
    assert network(REQUESTS, PLACEMENT, GENESIS_VALUES) == Network(
        (worker, *shards("shard"), *clients((SECOND,))), IN_FLIGHT
    )


def test_a_network_may_have_shards_that_collect() -> None:
    collecting = network(REQUESTS, PLACEMENT, GENESIS_VALUES, COLLECTING_SHARD)
    assert collecting.engines[1:3] == shards("collecting-shard")


def test_a_network_with_a_pool_has_a_worker_that_knows_it() -> None:
    worker = Engine(
        identity_of(WORKER_ID),
        "pooled-worker",
        PooledWorkerConfiguration(PLACEMENT, POOL_ID),
        Environment(WorkerState()),
    )
    pool = Engine(
        identity_of(POOL_ID), "pool", PoolConfiguration(2, PLACEMENT), Environment(PoolState())
    )
    assert pooled_network(REQUESTS, PLACEMENT, GENESIS_VALUES, 2) == Network(
        (worker, pool, *shards("shard"), *clients((SECOND,))), IN_FLIGHT
    )


def run(start: Network, discipline: AnyDiscipline) -> GlobalState:
    """The state at rest after always taking the last event that may happen."""
    system = System(FAMILIES, discipline)
    state = initial_state(discipline, start.engines, start.in_flight)
    while events := system.enabled(state):
        state, record = system.step(state, events[-1])
        assert record.refusal is None
    return state


def store_of(state: GlobalState) -> PMap[KVSKey, Observation]:
    """What a reader after all transactions would see."""
    return pmap(
        {
            key: seen
            for shard in (SHARD1, SHARD2)
            for key, timeline in state.engines[shard].environment.local.timelines.items()
            if (seen := observation(timeline, LATEST)) is not None
        }
    )


@pytest.mark.parametrize("discipline", [Unordered, Fifo])
@pytest.mark.parametrize(
    "start",
    [
        network(REQUESTS, PLACEMENT, GENESIS_VALUES),
        network(REQUESTS, PLACEMENT, GENESIS_VALUES, COLLECTING_SHARD),
        pooled_network(REQUESTS, PLACEMENT, GENESIS_VALUES, 2),
    ],
)
def test_at_rest_summaries_and_store_are_those_of_the_sequential_run_and_executors_are_gone(
    start: Network, discipline: AnyDiscipline
) -> None:
    state = run(start, discipline)
    reference = sequential((MOVING, COPYING), GENESIS_VALUES)
    expected = pmap({TxFingerprint(n): each for n, each in enumerate(reference.summaries, 1)})
    assert state.mailboxes == pmap()
    assert store_of(state) == reference.store
    assert state.engines[WORKER_ID].environment.local.summaries == expected
    assert state.engines[CLIENT].environment.local.summaries == expected
    executors = [on_local_node("executor.1"), on_local_node("executor.2")]
    assert [state.engines[each].environment for each in executors] == [Environment(FINISHED)] * 2
