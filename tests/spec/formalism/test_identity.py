"""Identities: compared whole, shown short."""

from spec.formalism.identity import (
    EngineId,
    EngineName,
    Identity,
    InternalId,
    NodeId,
    identity_of,
    on_local_node,
)

THERE = EngineId(NodeId("there"), EngineName("worker"))
HERE = on_local_node("worker")


def test_ids_are_compared_whole() -> None:
    assert HERE != THERE
    assert len({HERE, THERE, on_local_node("worker")}) == 2


def test_ids_are_ordered_by_node_then_name() -> None:
    other = on_local_node("aardvark")
    assert sorted([THERE, HERE, other]) == [other, HERE, THERE]


def test_a_local_id_shows_its_name_alone_and_another_its_node_too() -> None:
    assert [str(HERE), str(THERE)] == ["worker", "there/worker"]


def test_an_identity_is_external_and_internal() -> None:
    assert identity_of(THERE) == Identity(THERE, InternalId("there/worker"))
    assert identity_of(THERE).internal != identity_of(HERE).internal
