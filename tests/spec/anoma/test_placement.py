"""Placement: every key has exactly one shard."""

from pyrsistent import pmap

from spec.anoma.keyvalue import KVSKey
from spec.anoma.placement import Placement, by_shard, shard_of
from spec.formalism.identity import on_local_node

A, B, C = (KVSKey(name) for name in "abc")
FIRST, SECOND, THIRD = (on_local_node(f"shard.{number}") for number in (1, 2, 3))
PLACEMENT = Placement((FIRST, SECOND, THIRD), pmap({A: SECOND, B: FIRST}))


def test_a_key_is_kept_by_the_shard_that_it_is_assigned_to() -> None:
    assert shard_of(PLACEMENT, A) == SECOND


def test_a_key_that_nothing_is_said_about_is_kept_by_the_first_shard() -> None:
    assert shard_of(PLACEMENT, C) == FIRST


def test_keys_are_grouped_in_the_order_of_shards_without_those_that_keep_none() -> None:
    assert by_shard(PLACEMENT, frozenset({A, B, C})) == (
        (FIRST, frozenset({B, C})),
        (SECOND, frozenset({A})),
    )
    assert by_shard(PLACEMENT, frozenset()) == ()
