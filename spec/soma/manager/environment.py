"""What the transaction manager remembers."""

from attrs import frozen
from pyrsistent import PMap, PSet, pmap, pset

from spec.formalism.environment import Environment
from spec.formalism.identity import EngineId
from spec.soma.certificate import Certificate, TransactionDigest
from spec.soma.channel import BEFORE_FIRST, Place
from spec.soma.epoch import EpochId
from spec.soma.object import ObjectKey


@frozen
class Held:
    """A certificate that the manager keeps, with who has brought it."""

    certificate: Certificate
    """The certificate."""
    source: EngineId
    """Who is to hear if it is refused after all."""


@frozen
class Enqueued:
    """A certificate of which nothing is known since it was sent to the driver."""

    place: Place
    """Its place in the channel."""
    held: Held
    """The certificate, with who has brought it."""


@frozen
class ManagerState:
    """The local state of the transaction manager."""

    epoch: EpochId
    """The current epoch, as far as it has heard."""
    available: PSet[ObjectKey]
    """The versions that it has heard of."""
    executed: PSet[TransactionDigest] = pset()
    """The transactions of which it has heard that they are executed."""
    waiting: PMap[TransactionDigest, Held] = pmap()
    """The certificates of the current epoch whose inputs are not all available."""
    enqueued: PMap[TransactionDigest, Enqueued] = pmap()
    """The certificates of the current epoch that it has sent to the driver."""
    parked: PMap[tuple[EpochId, TransactionDigest], Held] = pmap()
    """The certificates of later epochs."""
    last: Place = BEFORE_FIRST
    """The last place in the channel that was used."""
    closed: bool = False
    """Whether it has closed the channel."""


ManagerEnv = Environment[ManagerState]
"""The environment of the transaction manager."""
