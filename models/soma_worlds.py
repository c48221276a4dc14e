"""Worlds of Soma's engines: everything that a run starts from, out of certificates."""

from attrs import frozen
from pyrsistent import PMap

from models.model import World
from properties.engine_laws import ENGINE_LAWS
from properties.property import Property
from properties.soma.system import soma_properties
from spec.formalism.delivery import AnyDiscipline, Unordered
from spec.formalism.state import NO_FAULTS, Faults
from spec.soma.certificate import Certificate, TransactionDigest
from spec.soma.execution import Effects
from spec.soma.object import ObjectKey
from spec.soma.sequential import in_order, one_at_a_time
from spec.soma.system import Circumstances, soma_state, soma_system


@frozen
class SomaSetting:
    """All that a closed world of Soma's engines is made of."""

    circumstances: Circumstances
    """What may happen in a run."""
    missing: frozenset[ObjectKey] = frozenset()
    """The versions that certificates name and that there never will be."""
    discipline: AnyDiscipline = Unordered
    """How mailboxes deliver."""
    faults: Faults = NO_FAULTS
    """How many faults of the network may happen in a run."""


class NoOrderError(ValueError):
    """Certificates that have no order in which every version that they name is the newest."""


def soma_world(setting: SomaSetting, claims: tuple[Property, ...] = ()) -> World:
    """The world of these certificates, judged on all that holds of Soma, and on these claims.

    Raises:
        NoOrderError: the certificates contradict each other.
    """
    system = soma_system(setting.discipline, setting.faults)
    state = soma_state(system, setting.circumstances)
    return World(system, state, (*soma_standard_properties(setting), *claims))


def soma_standard_properties(setting: SomaSetting) -> tuple[Property, ...]:
    """What is judged of every world of Soma's engines.

    Raises:
        NoOrderError: the certificates contradict each other.
    """
    return (*ENGINE_LAWS, *soma_properties(soma_reference(setting)))


def soma_reference(setting: SomaSetting) -> PMap[TransactionDigest, Effects]:
    """What the transactions of a setting do, one at a time.

    Raises:
        NoOrderError: the certificates contradict each other.
    """
    objects = setting.circumstances.objects
    ordered = in_order(certified_once(setting.circumstances), objects, setting.missing)
    if ordered is None:
        raise NoOrderError("no order in which every version that is named is the newest")
    return one_at_a_time(ordered, objects)


def certified_once(given: Circumstances) -> tuple[Certificate, ...]:
    """The certificates of a run, the first one of each transaction."""
    enqueued = (each for source in given.enqueues for each in source.certificates)
    first: dict[TransactionDigest, Certificate] = {}
    for certificate in (*enqueued, *given.synced):
        first.setdefault(certificate.digest, certificate)
    return tuple(first.values())
