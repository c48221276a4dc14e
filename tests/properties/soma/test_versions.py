"""Versions of an object form a chain."""

from attrs import evolve
from pyrsistent import pmap

from properties.property import Evidence
from properties.soma.versions import VERSIONS_FORM_CHAINS
from spec.anoma.keyvalue import KVSDatum
from spec.formalism.engine import Engine
from spec.formalism.environment import Environment
from spec.formalism.identity import identity_of, on_local_node
from spec.soma.authority.behaviour import AUTHORITY
from spec.soma.authority.configuration import AuthorityConfiguration
from spec.soma.authority.environment import AuthorityState
from spec.soma.certificate import TransactionDigest
from spec.soma.epoch import FIRST_EPOCH
from spec.soma.execution import Effects
from spec.soma.object import ObjectId, ObjectKey, Objects, Version

X1, X2, X3, X4 = (ObjectKey(ObjectId("x"), Version(each)) for each in (1, 2, 3, 4))
Y1, Y3 = (ObjectKey(ObjectId("y"), Version(each)) for each in (1, 3))


def values(*keys: ObjectKey) -> Objects:
    return pmap({key: KVSDatum(10 + key.version) for key in keys})


def effects(digest: str, read: Objects, written: Objects) -> Effects:
    return Effects(TransactionDigest(digest), FIRST_EPOCH, None, read, written)


def authority(objects: Objects, *executed: Effects) -> Engine:
    """AuthorityState with these versions, after these executions."""
    state = AuthorityState(FIRST_EPOCH, objects, pmap({each.digest: each for each in executed}))
    configuration = AuthorityConfiguration(on_local_node("manager"))
    identity = identity_of(on_local_node("authority"))
    return Engine(identity, AUTHORITY.name, configuration, Environment(state))


ADDS = effects("a", values(X1), values(X2))
ADDS_MORE = effects("b", values(X2), values(X3))
CREATES = effects("c", values(X1), values(Y1))
judge = VERSIONS_FORM_CHAINS.judge


def test_each_version_follows_from_the_one_before_whichever_is_the_oldest() -> None:
    assert judge(authority(values())) is None
    assert judge(authority(values(X3, Y1))) is None
    assert judge(authority(values(X1, X2, X3), ADDS, ADDS_MORE)) is None
    assert judge(authority(values(X1, Y1), CREATES)) is None


def test_an_execution_makes_the_version_after_the_one_it_read() -> None:
    skips = effects("a", values(X1), values(X3))
    assert judge(authority(values(X1, X3), skips)) == Evidence(
        "a makes x v3, and version 2 is next"
    )
    stays = effects("a", values(X2), values(X2))
    assert judge(authority(values(X2), stays)) == Evidence("a makes x v2, and version 3 is next")


def test_an_execution_makes_the_first_version_of_what_it_creates() -> None:
    late = effects("a", values(X1), values(Y3))
    assert judge(authority(values(X1, Y3), late)) == Evidence("a makes y v3, and version 1 is next")


def test_a_version_is_made_once() -> None:
    too = evolve(ADDS, digest=TransactionDigest("b"))
    assert judge(authority(values(X1, X2), too, ADDS)) == Evidence("a and b both make x v2")


def test_a_version_holds_what_its_execution_has_written() -> None:
    other = Evidence("a makes x v2, which holds something else")
    assert judge(authority(values(X1).set(X2, KVSDatum(0)), ADDS)) == other
    assert judge(authority(values(X1), ADDS)) == other


def test_a_version_after_the_oldest_was_made() -> None:
    assert judge(authority(values(X1, X2))) == Evidence("x v2 does not follow from x v1")
    assert judge(authority(values(X1, X2, X3), ADDS)) == Evidence("x v3 does not follow from x v2")
    assert judge(authority(values(X1, X2, Y1), ADDS)) is None


def test_a_version_after_the_oldest_has_the_one_before_it() -> None:
    jumps = effects("a", values(X3), values(X4))
    assert judge(authority(values(X1, X4), jumps)) == Evidence("x v4 does not follow from x v3")
