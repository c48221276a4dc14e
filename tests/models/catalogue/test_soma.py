"""Certificates, objects and worlds out of text."""

from pyrsistent import pmap

from models.catalogue.soma import Plan, certificate, increment, key, objects, world
from properties.soma.witnesses import A_CERTIFICATE_WAITS
from spec.anoma.keyvalue import KVSDatum
from spec.formalism.delivery import Fifo
from spec.formalism.state import Faults
from spec.soma.certificate import TransactionDigest
from spec.soma.epoch import EpochId
from spec.soma.execution import effects_of
from spec.soma.object import ObjectId, ObjectKey, Version
from spec.soma.system import AUTHORITY_ID, CALLER_ID, DRIVER_ID, NEMESIS_ID

X12 = ObjectKey(ObjectId("x"), Version(12))
OPTIONS = {"limit": 3, "delivery": "fifo", "duplicates": 1}


def test_a_version_is_named_by_its_object_and_its_number() -> None:
    assert key("x12") == X12


def test_a_certificate_names_versions_outputs_and_a_program() -> None:
    made = certificate("a", "x12 y1", "x z", increment("x"), epoch=2)
    assert (made.digest, made.epoch) == (TransactionDigest("a"), EpochId(2))
    assert made.inputs == {X12, key("y1")}
    assert made.outputs == {ObjectId("x"), ObjectId("z")}
    inputs = pmap({X12: KVSDatum(5), key("y1"): KVSDatum(0)})
    assert effects_of(made, inputs).written == pmap(
        {key("x13"): KVSDatum(6), key("z1"): KVSDatum(0)}
    )


def test_objects_start_in_their_first_version_each_with_a_value_of_its_own() -> None:
    assert objects("x y") == pmap({key("x1"): KVSDatum(10), key("y1"): KVSDatum(20)})


def test_a_world_has_what_the_plan_and_the_parameters_say() -> None:
    first = certificate("a", "x1", "x")
    plan = Plan(objects("x"), ((first,), (first,)), synced=(first,), crashes=1)
    built = world(plan, OPTIONS, (A_CERTIFICATE_WAITS,))
    assert (built.system.discipline, built.system.faults) == (Fifo, Faults(duplicates=1))
    assert built.state.engines[DRIVER_ID].configuration.max_concurrent_executions == 3
    assert built.state.engines[AUTHORITY_ID].environment.local.objects == objects("x")
    assert {CALLER_ID, NEMESIS_ID} <= {*built.state.engines}
    assert built.properties[-1] == A_CERTIFICATE_WAITS
