"""Executions as a history, and compared with one at a time."""

from attrs import evolve
from pyrsistent import pmap

from properties.history import render
from properties.property import EngineProperty, Evidence, Kind
from properties.soma.authority import AUTHORITIES
from properties.soma.execution import (
    NO_CYCLE,
    deviation,
    effects_text,
    equals_version_order,
    history_of,
    newest_versions,
)
from spec.anoma.keyvalue import KVSDatum, KVSKey
from spec.anoma.runnable import Failure, FailureKind
from spec.formalism.delivery import Unordered
from spec.formalism.engine import Engine
from spec.formalism.environment import Environment
from spec.formalism.identity import identity_of, on_local_node
from spec.formalism.state import initial_state
from spec.soma.authority.behaviour import AUTHORITY
from spec.soma.authority.environment import AuthorityState
from spec.soma.certificate import TransactionDigest
from spec.soma.epoch import FIRST_EPOCH, EpochId
from spec.soma.execution import Effects
from spec.soma.object import ObjectId, ObjectKey, Objects, Version
from spec.soma.sequential import Serializable


def objects(text: str) -> Objects:
    """Versions of objects, written as "x1=5 y2=6"."""
    pairs = (each.split("=") for each in text.split())
    return pmap(
        {
            ObjectKey(ObjectId(key[0]), Version(int(key[1:]))): KVSDatum(int(value))
            for key, value in pairs
        }
    )


def effects(digest: str, read: str, written: str) -> Effects:
    name = TransactionDigest(digest)
    return Effects(name, FIRST_EPOCH, None, objects(read), objects(written))


def known(*executions: Effects) -> Engine:
    """AuthorityState in which these executions have finished."""
    local = AuthorityState(FIRST_EPOCH, pmap(), pmap({each.digest: each for each in executions}))
    return Engine(identity_of(on_local_node("authority")), AUTHORITY.name, None, Environment(local))


A, B = effects("a", "x4=5", "x5=6"), effects("b", "x5=6 y1=0", "y2=7 z1=8")


def test_versions_are_named_by_their_writers_and_ordered_by_their_numbers() -> None:
    history = history_of(pmap({each.digest: each for each in (B, A)}))
    assert render(history) == "1: r(x0=5) w(x1=6#5)  2: r(x1=6) r(y0=0) w(y2=7#2) w(z2=8#1)"


def test_executions_in_the_order_of_their_versions_have_no_cycle() -> None:
    assert NO_CYCLE.judge(known(A, B)) is None


def test_a_lost_update_is_a_cycle_and_the_numbers_are_explained() -> None:
    other = effects("b", "x4=5", "x5=7")
    assert NO_CYCLE.judge(known(A, other)) == Evidence(
        "dependencies form a cycle: T1 -> T2 -> T1",
        (
            "T1 -ww(x)-> T2: T1 wrote version 1 of x, T2 wrote the next one",
            "T2 -rw(x)-> T1: T2 read version 0 of x, T1 wrote the next one",
            "T1 is a, T2 is b",
        ),
    )


def test_what_authority_state_has_executed_equals_the_order_of_versions_always() -> None:
    property_ = equals_version_order(pmap({A.digest: A}))
    assert property_ == EngineProperty(
        "execution equals a one-at-a-time order that respects versions",
        Serializable.id,
        Kind.ALWAYS,
        AUTHORITIES,
        property_.judge,
    )
    assert property_.judge(known(A)) is None
    assert property_.judge(known(A, B)) == Evidence("b is executed, which it is not one at a time")


def test_an_execution_in_another_epoch_is_the_same_one() -> None:
    assert deviation(pmap({A.digest: A}), known(evolve(A, epoch=EpochId(3)))) is None


def test_another_value_is_a_deviation_and_so_is_an_execution_too_many() -> None:
    other = evolve(A, written=objects("x5=9"))
    assert deviation(pmap({A.digest: A}), known(other)) == Evidence(
        "a did not do what it does one at a time",
        ("one at a time: read x v4 = 5, wrote x v5 = 6", "here: read x v4 = 5, wrote x v5 = 9"),
    )
    assert deviation(pmap(), known(A)) == Evidence("a is executed, which it is not one at a time")


def test_a_failure_is_told_with_what_was_read_and_written() -> None:
    failed = evolve(A, failure=Failure(FailureKind.FAIL, "no"))
    assert effects_text(failed) == "read x v4 = 5, wrote x v5 = 6, failed: fail: no"
    assert effects_text(effects("c", "", "")) == "did nothing"


def test_of_each_object_the_newest_version_counts() -> None:
    local = AuthorityState(FIRST_EPOCH, objects("x1=5 x10=7 x9=6 y2=3"))
    names = on_local_node("authority"), on_local_node("driver")
    engines = (
        Engine(identity_of(names[0]), AUTHORITY.name, None, Environment(local)),
        Engine(identity_of(names[1]), "driver", None, Environment(None)),
    )
    newest = pmap({KVSKey("x"): KVSDatum(7), KVSKey("y"): KVSDatum(3)})
    assert newest_versions(initial_state(Unordered, engines)) == newest
