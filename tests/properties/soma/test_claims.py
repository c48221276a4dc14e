"""What is claimed of given certificates happens, and nothing is claimed that might not."""

import pytest
from attrs import evolve

from models.catalogue.soma import certificate, increment, objects
from models.search.exhaustive import explore
from models.search.result import Status
from models.soma_worlds import SomaSetting, soma_reference, soma_world
from properties.property import Property
from properties.soma.claims import running, soma_witnesses
from properties.soma.witnesses import (
    A_CERTIFICATE_IS_PARKED,
    A_CERTIFICATE_WAITS,
    A_PROGRAM_FAILS,
    A_RECONFIGURATION_WAITS,
    AN_EXECUTION_IS_ABANDONED,
    CRASHED,
    REFUSED,
    THE_DRIVER_STOPS,
    TWO_AT_ONCE,
)
from spec.formalism.identity import on_local_node
from spec.soma.epoch import EpochId
from spec.soma.manager.messages import Reason
from spec.soma.system import Circumstances, Enqueues

ONE, OTHER = on_local_node("one"), on_local_node("other")
A = certificate("a", "x1", "x", increment("x"))
B = certificate("b", "x2", "x", 'fail("no")')
C = certificate("c", "y1", "")
LATER = certificate("d", "x2", "x", epoch=1)
ALONE = Circumstances(objects("x y"), (Enqueues(ONE, (A,)),), 1)

CASES = [
    (ALONE, ()),
    (evolve(ALONE, enqueues=(Enqueues(ONE, (A, B)),)), (A_CERTIFICATE_WAITS, A_PROGRAM_FAILS)),
    (evolve(ALONE, enqueues=(Enqueues(ONE, (B,)),)), (A_CERTIFICATE_WAITS,)),
    (evolve(ALONE, enqueues=(Enqueues(ONE, (A, C)),)), ()),
    (
        evolve(ALONE, enqueues=(Enqueues(ONE, (A, C)),), max_concurrent_executions=2),
        (TWO_AT_ONCE,),
    ),
    (
        evolve(ALONE, enqueues=(Enqueues(ONE, (A,)), Enqueues(OTHER, (A,)))),
        (REFUSED[Reason.ENQUEUED],),
    ),
    (evolve(ALONE, enqueues=(Enqueues(ONE, (A, LATER)),)), (A_CERTIFICATE_IS_PARKED,)),
    (evolve(ALONE, epochs=(EpochId(1),)), (A_RECONFIGURATION_WAITS,)),
    (evolve(ALONE, epochs=(EpochId(2),)), ()),
    (evolve(ALONE, closes=True), (THE_DRIVER_STOPS,)),
    (evolve(ALONE, crashes=1), (*CRASHED.values(), AN_EXECUTION_IS_ABANDONED)),
    (evolve(ALONE, enqueues=(), crashes=1, epochs=(EpochId(1),)), ()),
]


@pytest.mark.parametrize(("given", "claimed"), CASES)
def test_what_is_claimed_happens(given: Circumstances, claimed: tuple[Property, ...]) -> None:
    setting = SomaSetting(evolve(given, synced=() if given.enqueues else (A,)), frozenset())
    if any(B in each.certificates and A not in each.certificates for each in given.enqueues):
        setting = evolve(setting, missing=B.inputs)
    claims = soma_witnesses(setting.circumstances, soma_reference(setting))
    assert claims == claimed
    result = explore(soma_world(setting, claims), until=frozenset())
    assert {each.status for each in result.properties} == {Status.HOLDS}


def test_what_runs_needs_nothing_of_what_does_not() -> None:
    setting = SomaSetting(evolve(ALONE, enqueues=(Enqueues(ONE, (A, B, C)),)))
    reference = soma_reference(setting)
    there = setting.circumstances.objects
    assert running((B, C, A), there, reference) == (C, A, B)
    assert running((B, C), there, reference) == (C,)
    assert running((A, B), there, reference.remove(A.digest)) == ()


def test_what_runs_keeps_all_that_is_there_and_all_that_is_made() -> None:
    late = certificate("e", "x2 y1", "")
    setting = SomaSetting(evolve(ALONE, enqueues=(Enqueues(ONE, (A, late)),)))
    there = setting.circumstances.objects
    assert running((late, A), there, soma_reference(setting)) == (A, late)


def test_who_names_all_that_there_is_does_not_wait_and_one_alone_is_not_two() -> None:
    both = certificate("f", "x1 y1", "")
    given = evolve(ALONE, enqueues=(Enqueues(ONE, (both,)),), max_concurrent_executions=2)
    assert soma_witnesses(given, soma_reference(SomaSetting(given))) == ()
    two = evolve(given, enqueues=(Enqueues(ONE, (both, C)),))
    assert soma_witnesses(two, soma_reference(SomaSetting(two))) == (TWO_AT_ONCE,)
