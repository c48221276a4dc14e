"""Worlds of Soma's engines."""

import pytest

from models.catalogue.soma import certificate, key, objects
from models.soma_worlds import (
    NoOrderError,
    SomaSetting,
    certified_once,
    soma_standard_properties,
    soma_world,
)
from properties.engine_laws import ENGINE_LAWS
from properties.soma.system import SOMA_PROPERTIES
from spec.formalism.delivery import Fifo
from spec.formalism.identity import on_local_node
from spec.formalism.state import Faults
from spec.soma.certificate import Certificate
from spec.soma.system import Circumstances, Enqueues

ONE, OTHER = on_local_node("one"), on_local_node("other")


def setting(*certificates: Certificate, missing: str = "") -> SomaSetting:
    given = Circumstances(objects("x"), (Enqueues(ONE, certificates),), 1)
    return SomaSetting(given, frozenset(key(each) for each in missing.split()))


def test_a_world_is_judged_on_the_laws_and_on_all_of_soma() -> None:
    world = soma_world(setting(certificate("a", "x1", "x")))
    assert {*ENGINE_LAWS, *SOMA_PROPERTIES} < {*world.properties}


def test_a_world_has_its_discipline_and_its_faults() -> None:
    given = SomaSetting(Circumstances(objects("x"), (), 1), frozenset(), Fifo, Faults(1, 1))
    world = soma_world(given)
    assert (world.system.discipline, world.system.faults) == (Fifo, Faults(1, 1))
    assert world.state.faults == Faults(1, 1)


def test_certificates_that_contradict_each_other_have_no_world() -> None:
    with pytest.raises(NoOrderError, match="no order in which every version"):
        soma_standard_properties(setting(certificate("a", "x1", "x"), certificate("b", "x1", "x")))
    with pytest.raises(NoOrderError):
        soma_world(setting(certificate("a", "z7", "z")))
    assert soma_world(setting(certificate("a", "z7", "z"), missing="z7")).state.engines


def test_a_transaction_counts_once_however_often_it_is_certified() -> None:
    first, again = certificate("a", "x1", "x"), certificate("a", "x1", "x", epoch=1)
    beside = certificate("b", "x2", "x")
    given = Circumstances(
        objects("x"), (Enqueues(ONE, (first,)), Enqueues(OTHER, (again,))), 1, (beside, first)
    )
    assert certified_once(given) == (first, beside)
