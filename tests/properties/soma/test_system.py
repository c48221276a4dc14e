"""What must hold of Soma: every property falls on some twin, and certificates that contradict each other do no harm."""

from pyrsistent import pmap

from models.search.exhaustive import explore
from models.search.result import Status
from models.twins.catalogue import SLIPS
from models.twins.soma_stages import CONFLICT
from properties.property import Kind
from properties.soma.system import soma_properties
from spec.formalism.delivery import Unordered
from spec.soma.system import AUTHORITY_ID


def test_every_property_falls_on_some_broken_rule() -> None:
    judged = {each.name for each in soma_properties(pmap()) if each.kind is not Kind.SOMETIMES}
    assert judged - {twin.breaks for twin in SLIPS} == set()


def test_of_two_that_make_the_same_version_the_first_to_finish_does() -> None:
    result = explore(CONFLICT.build(Unordered))
    assert {each.status for each in result.properties} == {Status.HOLDS}
    executed = [
        "".join(state.engines[AUTHORITY_ID].environment.local.executed) for state in result.resting
    ]
    assert set(executed) == {"a", "b"}
