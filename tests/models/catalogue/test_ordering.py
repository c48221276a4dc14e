"""Transactions that append their numbers to the same keys: one order for all, and every order."""

from itertools import permutations

from attrs import evolve
from pyrsistent import pmap

from models.catalogue.counter import COUNTERS
from models.catalogue.ordering import ORDERING, appending, key, one_order
from models.model import Model, Value, World
from models.search.exhaustive import explore
from properties.outcome import Outcome, outcome_of
from spec.anoma.keyvalue import KVSDatum, KVSKey, TxFingerprint
from spec.anoma.sequential import executed, genesis_store
from spec.anoma.shard.behaviour import SHARD, AnswerReads
from spec.anoma.shard.configuration import ShardConfiguration
from spec.anoma.shard.environment import (
    ShardEnv,
    ShardState,
    pending,
    timeline_of,
    with_read,
)
from spec.anoma.shard.messages import KVSRead
from spec.anoma.shard.timeline import ReadStatus, observation
from spec.formalism.environment import Effect
from spec.formalism.message import Message, Send, Trigger

KEYS = (key(1), key(2))
NEVER = TxFingerprint(1000)
"""A timestamp after all others."""


def build(model: Model, **changed: Value) -> World:
    return model.build(
        {each.name: changed.get(each.name, each.default) for each in model.parameters}
    )


def outcome(**values: int) -> Outcome:
    return Outcome((), pmap({KVSKey(name): KVSDatum(values[name]) for name in values}), pmap())


def stores(world: World) -> set[tuple[int, ...]]:
    """What the keys hold at rest, in any order of their names."""
    found = (outcome_of(state).store for state in explore(world).resting)
    return {tuple(int(store[each]) for each in sorted(store)) for store in found}


class AnswersBeforeItHasHeard(AnswerReads):
    """A read is answered though earlier writes may still be announced."""

    @staticmethod
    def action(
        output: Message[object],
        trigger: Trigger,
        configuration: ShardConfiguration,
        environment: ShardEnv,
    ) -> Effect[ShardState]:
        state = environment.local
        sends: tuple[Send, ...] = ()
        for wanted, at, executor in pending(environment.local, NEVER):
            seen = observation(timeline_of(state, wanted), at)
            if seen is not None:
                state = with_read(state, wanted, at, ReadStatus.SERVED)
                sends += (Send(executor, KVSRead(at, wanted, seen)),)
        return Effect(environment.with_local(state), sends)


def test_a_transaction_puts_its_number_behind_what_each_key_holds() -> None:
    start = genesis_store(pmap({KVSKey("k1"): KVSDatum(12), KVSKey("k2"): KVSDatum(0)}))
    summary = executed(appending(3, KEYS).candidate, start)
    assert summary.values_written == pmap({KVSKey("k1"): KVSDatum(123), KVSKey("k2"): KVSDatum(3)})


def test_every_order_of_arrival_comes_to_its_own_store_and_to_no_other() -> None:
    orders = {int("".join(order)) for order in permutations("123")}
    assert stores(build(ORDERING, transactions=3, keys=1)) == {(each,) for each in orders}
    assert stores(build(ORDERING)) == {(12, 12), (21, 21)}
    assert stores(build(ORDERING, arrival="given")) == {(12, 12)}


def test_a_lost_transaction_and_two_orders_are_found() -> None:
    assert one_order(2, KEYS, outcome(k1=21, k2=21)) is None
    for wrong in (outcome(k1=21, k2=2), outcome(k1=21, k2=12), outcome(k1=211, k2=211)):
        assert one_order(2, KEYS, wrong) is not None


def test_a_shard_that_answers_too_early_loses_a_transaction() -> None:
    world = build(ORDERING, keys=1)
    own = tuple(each for each in world.properties if each.name == "all keys have seen one order")
    assert explore(evolve(world, properties=own)).broken() == ()
    early = world.system.replacing(SHARD.name, AnswersBeforeItHasHeard)
    broken = explore(evolve(world, system=early, properties=own)).broken()
    assert broken[0].property == own[0]


def test_with_one_key_its_states_are_those_of_the_counter() -> None:
    ours, other = (explore(each) for each in (build(ORDERING, keys=1), build(COUNTERS)))
    assert (ours.states, ours.transitions, ours.depth) == (
        other.states,
        other.transitions,
        other.depth,
    )
