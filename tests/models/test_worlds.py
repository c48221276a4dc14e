"""Worlds: where keys lie, who asks for what, and how it is all put together."""

from pyrsistent import pmap

from models.scenario.language import compile_program
from models.worlds import (
    Arrival,
    NamedCandidate,
    Setting,
    anoma_world,
    reported,
    shard_ids,
    spread,
    standard_properties,
)
from properties.property import Evidence, Kind, StateProperty
from spec.anoma.keyvalue import KVSDatum, KVSKey
from spec.anoma.label import TransactionCandidate, TransactionLabel
from spec.anoma.placement import Placement
from spec.anoma.shard.behaviour import COLLECTING_SHARD
from spec.anoma.system import POOL_ID, WORKER_ID
from spec.anoma.worker.environment import RequestId
from spec.anoma.worker.messages import RequestNumber
from spec.formalism.delivery import Fifo
from spec.formalism.identity import on_local_node
from spec.formalism.rule import RuleId
from spec.formalism.state import Faults, GlobalState, messages

A, B, C = KVSKey("a"), KVSKey("b"), KVSKey("c")


def reading(name: str, key: KVSKey) -> NamedCandidate:
    label = TransactionLabel(eager_reads=frozenset({key}))
    program = compile_program(f'read("{key}")', "test", 1)
    return NamedCandidate(name, TransactionCandidate(label, program))


def setting() -> Setting:
    transactions = (reading("x", B), reading("y", A))
    return Setting(transactions, spread((B, C, A), 2), pmap({C: KVSDatum(7)}))


def unbroken(_: GlobalState) -> Evidence | None:
    return None


def names(state: GlobalState) -> list[str]:
    return sorted(engine.name for engine in state.engines)


def test_keys_are_spread_in_sorted_order_round_robin() -> None:
    first, second = shard_ids(2)
    assert spread((B, C, A, A), 2) == Placement(
        (first, second), pmap({A: first, B: second, C: first})
    )


def test_in_any_arrival_each_transaction_has_a_client_and_all_requests_are_on_their_way() -> None:
    world = anoma_world(setting(), ())
    x, y = on_local_node("client.x"), on_local_node("client.y")
    assert names(world.state) == ["client.x", "client.y", "shard.1", "shard.2", "worker"]
    sent = messages(world.system.discipline, world.state)
    assert {(message.sender, message.target) for message in sent} == {
        (x, WORKER_ID),
        (y, WORKER_ID),
    }
    assert world.transactions == pmap(
        {RequestId(x, RequestNumber(1)): "x", RequestId(y, RequestNumber(1)): "y"}
    )


def test_in_given_arrival_one_client_sends_the_first_request_only() -> None:
    world = anoma_world(
        Setting(setting().transactions, setting().placement, arrival=Arrival.GIVEN), ()
    )
    client = on_local_node("client")
    (sent,) = messages(world.system.discipline, world.state)
    assert (sent.sender, sent.body.candidate) == (client, setting().transactions[0].candidate)
    assert world.transactions == pmap(
        {RequestId(client, RequestNumber(1)): "x", RequestId(client, RequestNumber(2)): "y"}
    )


def test_without_transactions_given_arrival_has_nobody_who_asks() -> None:
    world = anoma_world(Setting((), spread((), 1), arrival=Arrival.GIVEN), ())
    assert names(world.state) == ["shard.1", "worker"]


def test_an_outcome_reports_the_keys_of_genesis_and_labels() -> None:
    assert reported(setting()) == pmap({"a": 0, "b": 0, "c": 7})
    assert anoma_world(setting(), ()).genesis == reported(setting())


def test_discipline_faults_shards_and_properties_are_as_set() -> None:
    idle = StateProperty("nothing is wrong", RuleId("test"), Kind.ALWAYS, unbroken)
    transactions, placement = setting().transactions, setting().placement
    faults = Faults(duplicates=1)
    world = anoma_world(
        Setting(
            transactions,
            placement,
            discipline=Fifo,
            faults=faults,
            shard_family=COLLECTING_SHARD,
        ),
        (idle,),
    )
    assert (world.system.discipline, world.system.faults, world.state.faults) == (
        Fifo,
        faults,
        faults,
    )
    assert world.properties == (idle,)
    assert world.state.engines[shard_ids(1)[0]].family == COLLECTING_SHARD.name


def test_a_pool_stands_where_its_size_is_given() -> None:
    world = anoma_world(Setting(setting().transactions, setting().placement, pool_size=3), ())
    assert world.state.engines[POOL_ID].configuration.size == 3


def test_every_world_is_judged_on_the_laws_of_engines_and_on_anomas() -> None:
    names = [each.name for each in standard_properties(setting())]
    assert len(set(names)) == len(names)
    assert {"messages are conserved", "every transaction finished"} <= set(names)
