"""What becomes of certificates in the hands of the transaction manager."""

from collections.abc import Iterator

from attrs import evolve
from pyrsistent import PMap, pmap

from spec.formalism.message import Send
from spec.soma.authority.messages import Failed, Reconfigured
from spec.soma.certificate import Certificate, TransactionDigest
from spec.soma.channel import Place, Ready, task_id
from spec.soma.manager.configuration import ManagerConfiguration
from spec.soma.manager.environment import Enqueued, Held, ManagerState
from spec.soma.manager.messages import CertificateRefused, Reason


def refusal(state: ManagerState, certificate: Certificate) -> Reason | None:
    """Why a certificate cannot be enqueued now; nothing if it can, or can be parked."""
    digest, epoch = certificate.digest, certificate.epoch
    if state.closed:
        return Reason.CLOSED
    if digest in state.executed:
        return Reason.EXECUTED
    if epoch < state.epoch:
        return Reason.PAST_EPOCH
    in_hand = digest in state.waiting or digest in state.enqueued
    if (epoch, digest) in state.parked or (epoch == state.epoch and in_hand):
        return Reason.ENQUEUED
    return None


def is_ready(state: ManagerState, certificate: Certificate) -> bool:
    """Whether all inputs of a certificate are available."""
    return all(key in state.available for key in certificate.inputs)


def refused(held: Held, reason: Reason) -> Send:
    """What its source is told of a certificate that is refused."""
    certificate = held.certificate
    return Send(held.source, CertificateRefused(certificate.digest, certificate.epoch, reason))


def released(
    state: ManagerState, held: Held, configuration: ManagerConfiguration
) -> tuple[ManagerState, Send]:
    """What becomes of a certificate that is ready: it leaves the manager, one way or the other."""
    digest = held.certificate.digest
    left = evolve(state, waiting=state.waiting.remove(digest))
    if state.closed:
        return left, refused(held, Reason.READY_AFTER_CLOSE)
    place = Place(state.last + 1)
    enqueued = state.enqueued.set(digest, Enqueued(place, held))
    ready = Send(configuration.driver, Ready(place, held.certificate))
    return evolve(left, last=place, enqueued=enqueued), ready


def concerns(failed: Failed, configuration: ManagerConfiguration, state: ManagerState) -> bool:
    """Whether the attempt that has failed is the one that the manager has sent to the driver."""
    enqueued = state.enqueued.get(failed.digest)
    if enqueued is None:
        return False
    return task_id(configuration.driver, enqueued.place) == failed.requester


def begun(state: ManagerState, new: Reconfigured) -> PMap[TransactionDigest, Held]:
    """The certificates that wait when an epoch begins: those that were parked for it.

    Some may be executed already: the word of that may overtake the word of the epoch.
    """
    executed = state.executed.update(new.executed)
    return pmap(
        {
            digest: held
            for (epoch, digest), held in state.parked.items()
            if epoch == new.epoch and digest not in executed
        }
    )


def dropped(state: ManagerState, new: Reconfigured) -> Iterator[tuple[Held, Reason]]:
    """The certificates that are dropped when an epoch begins, each with the reason.

    One that was sent to the driver and is executed is not dropped: it has got what it came for.
    """
    executed = state.executed.update(new.executed)
    for digest in sorted(state.waiting):
        reason = Reason.EXECUTED if digest in executed else Reason.EPOCH_ENDED
        yield state.waiting[digest], reason
    for digest in sorted(state.enqueued):
        if digest not in executed:
            yield state.enqueued[digest].held, Reason.EPOCH_ENDED
    for epoch, digest in sorted(state.parked):
        if digest in executed and epoch <= new.epoch:
            yield state.parked[epoch, digest], Reason.EXECUTED
        elif epoch < new.epoch:
            yield state.parked[epoch, digest], Reason.PAST_EPOCH
