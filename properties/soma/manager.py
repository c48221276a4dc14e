"""The manager: what is enqueued has a fate, and goes to the driver when it is ready, once."""

from collections.abc import Iterator
from itertools import pairwise

from attrs import evolve, frozen
from pyrsistent import PMap, PSet, pmap, pset

from properties.monitor import consumed, monitor, sent
from properties.property import (
    EngineProperty,
    Evidence,
    Kind,
    Reacted,
    ReactionProperty,
    StateProperty,
)
from spec.formalism.engine import Engine
from spec.formalism.event import Record
from spec.formalism.identity import EngineId
from spec.formalism.state import GlobalState
from spec.soma.authority.behaviour import AUTHORITY
from spec.soma.authority.environment import AuthorityState
from spec.soma.authority.messages import Committed, Failed, Reconfigured
from spec.soma.certificate import TransactionDigest
from spec.soma.channel import ChannelClosed, Ready, task_id
from spec.soma.epoch import EpochId
from spec.soma.manager.behaviour import (
    MANAGER,
    ChangeEpoch,
    CloseChannel,
    EnqueueCertificate,
    ParkCertificate,
    RecordCommit,
    RefuseCertificate,
    SendReady,
)
from spec.soma.manager.environment import Held, ManagerState
from spec.soma.manager.messages import CertificateRefused, Enqueue, Reason

MANAGERS = frozenset({MANAGER.name})
"""The family of managers."""

Certified = tuple[EpochId, TransactionDigest]
"""What tells a certificate apart."""


def in_hand(state: ManagerState) -> dict[Certified, Held]:
    """The certificates that a manager keeps or has sent to the driver."""
    enqueued = (each.held for each in state.enqueued.values())
    held = (*state.waiting.values(), *state.parked.values(), *enqueued)
    return {(each.certificate.epoch, each.certificate.digest): each for each in held}


def kept(state: ManagerState) -> dict[Certified, Held]:
    """The certificates that a manager keeps."""
    held = (*state.waiting.values(), *state.parked.values())
    return {(each.certificate.epoch, each.certificate.digest): each for each in held}


def fateless(reacted: Reacted) -> Evidence | None:
    """A certificate that is enqueued and has no fate, or more than one, if there is one."""
    local, enqueue = reacted.states(ManagerState), consumed(reacted.record, Enqueue)
    if local is None or enqueue is None:
        return None
    certificate = enqueue.body.certificate
    place = certificate.epoch, certificate.digest
    ready = sum(each.body.certificate == certificate for each in sent(reacted.record, Ready))
    refused = sum(
        (each.target, each.body.epoch, each.body.digest) == (enqueue.sender, *place)
        for each in sent(reacted.record, CertificateRefused)
    )
    newly_kept = place in kept(local[1]) and place not in kept(local[0])
    if ready + refused + newly_kept == 1:
        return None
    fates = f"sent to the driver {ready} times, refused {refused} times"
    kept_now = "newly kept" if newly_kept else "not newly kept"
    return Evidence(f"{certificate.digest} was enqueued: {fates}, {kept_now}")


def lost(reacted: Reacted) -> Evidence | None:
    """A certificate that leaves the manager's hands and is not accounted for, if there is one."""
    local = reacted.states(ManagerState)
    if local is None:
        return None
    before, after = local
    held, failed = in_hand(before), consumed(reacted.record, Failed)
    told = {
        (each.target, each.body.epoch, each.body.digest)
        for each in sent(reacted.record, CertificateRefused)
    }
    for epoch, digest in sorted(held.keys() - in_hand(after).keys()):
        was_kept = (epoch, digest) in kept(before)
        settled = digest in after.executed or (failed is not None and failed.body.digest == digest)
        untold = (held[epoch, digest].source, epoch, digest) not in told
        if untold and (was_kept or not settled):
            which = f"{digest} of epoch {epoch}"
            return Evidence(f"{which} is in hand no longer, and its source does not hear of it")
    return None


def untrue_refusal(reacted: Reacted) -> Evidence | None:
    """A refusal whose reason is not true, if there is one."""
    local = reacted.states(ManagerState)
    if local is None:
        return None
    for message in sent(reacted.record, CertificateRefused):
        body = message.body
        if body.reason not in true_reasons(*local, body):
            about = f"{body.digest} of epoch {body.epoch}"
            return Evidence(f"{about} is refused as {body.reason.value}, which is not so")
    return None


def true_reasons(
    before: ManagerState, after: ManagerState, body: CertificateRefused
) -> Iterator[Reason]:
    """The reasons for which a certificate may be refused in a step."""
    place = body.epoch, body.digest
    if body.digest in after.executed:
        yield Reason.EXECUTED
    if place in in_hand(before):
        yield Reason.ENQUEUED
        yield from (Reason.EPOCH_ENDED,) if body.epoch < after.epoch else ()
    if body.epoch < after.epoch:
        yield Reason.PAST_EPOCH
    if before.closed:
        yield Reason.CLOSED
        yield Reason.READY_AFTER_CLOSE


def premature(reacted: Reacted) -> Evidence | None:
    """A certificate that is sent to the driver and is not ready, if there is one."""
    local = reacted.states(ManagerState)
    if local is None:
        return None
    after = local[1]
    for message in sent(reacted.record, Ready):
        certificate = message.body.certificate
        missing = sorted(key for key in certificate.inputs if key not in after.available)
        if missing:
            return Evidence(f"{certificate.digest} is sent to the driver without {missing[0]}")
        if certificate.epoch != after.epoch:
            which = f"{certificate.digest} of epoch {certificate.epoch}"
            return Evidence(f"{which} is sent to the driver in epoch {after.epoch}")
    return None


def disordered(reacted: Reacted) -> Evidence | None:
    """Certificates that go to the driver in one step, and not in digest order, if there are any."""
    digests = [message.body.certificate.digest for message in sent(reacted.record, Ready)]
    for one, other in pairwise(digests):
        if one > other:
            return Evidence(f"{one} goes to the driver before {other}")
    return None


def imagined(state: GlobalState) -> Evidence | None:
    """A version that a manager takes to be available and that does not exist, if there is one."""
    locals_ = [state.engines[name].environment.local for name in sorted(state.engines)]
    existing = {key for each in locals_ if isinstance(each, AuthorityState) for key in each.objects}
    for local in locals_:
        unreal = sorted(set(local.available) - existing) if isinstance(local, ManagerState) else []
        if unreal:
            return Evidence(f"the manager takes {unreal[0]} to be available, and it does not exist")
    return None


def out_of_time(manager: Engine) -> Evidence | None:
    """A certificate that waits or is parked in the wrong epoch, if there is one."""
    local: ManagerState = manager.environment.local
    for digest in sorted(local.waiting):
        epoch = local.waiting[digest].certificate.epoch
        if epoch != local.epoch:
            return Evidence(f"{digest} of epoch {epoch} waits in epoch {local.epoch}")
    for epoch, digest in sorted(local.parked):
        if epoch <= local.epoch:
            return Evidence(f"{digest} is parked for epoch {epoch} in epoch {local.epoch}")
    return None


def after_the_end(reacted: Reacted) -> Evidence | None:
    """What is sent through the channel after its end, if anything is."""
    local = reacted.states(ManagerState)
    if local is None or not local[0].closed:
        return None
    if any(isinstance(each.body, Ready | ChannelClosed) for each in reacted.record.sent):
        return Evidence("something goes through the channel, which is closed")
    return None


@frozen(cache_hash=True)
class SentOff:
    """What the manager has sent to the driver, and what it was told of it."""

    accepted: PSet[Certified] = pset()
    """The certificates that were enqueued, not refused, and not sent since."""
    tasks: PMap[Certified, EngineId] = pmap()
    """The task of each certificate, unless it has failed."""
    executed: PSet[TransactionDigest] = pset()
    """The transactions of which the manager was told that they are executed."""


def with_sends(known: SentOff, record: Record) -> SentOff:
    """What was sent and told after a step."""
    accepted, tasks, executed = with_enqueue(known.accepted, record), known.tasks, known.executed
    failed, commit = consumed(record, Failed), consumed(record, Committed)
    epoch = consumed(record, Reconfigured)
    if failed is not None:
        for place, task in known.tasks.items():
            if (place[1], task) == (failed.body.digest, failed.body.requester):
                tasks = tasks.remove(place)
    if commit is not None:
        executed = executed.add(commit.body.digest)
    if epoch is not None:
        executed = executed.update(epoch.body.executed)
    for ready in sent(record, Ready):
        certificate = ready.body.certificate
        place = certificate.epoch, certificate.digest
        tasks = tasks.set(place, task_id(ready.target, ready.body.place))
        accepted = accepted.discard(place)
    after = SentOff(accepted, tasks, executed)
    return known if after == known else after


def with_enqueue(accepted: PSet[Certified], record: Record) -> PSet[Certified]:
    """What was enqueued and not refused after a step."""
    enqueue, refusals = consumed(record, Enqueue), tuple(sent(record, CertificateRefused))
    for refusal in refusals:
        if refusal.body.reason is not Reason.ENQUEUED:
            accepted = accepted.discard((refusal.body.epoch, refusal.body.digest))
    if enqueue is None or refusals:
        return accepted
    certificate = enqueue.body.certificate
    return accepted.add((certificate.epoch, certificate.digest))


def sent_again(known: SentOff, record: Record) -> Evidence | None:
    """A certificate that goes to the driver again, unasked, or executed, if there is one."""
    taken = tuple(each for each in record.sent if isinstance(each.body, CertificateRefused))
    before = with_sends(known, evolve(record, sent=taken))
    seen: set[Certified] = set()
    for ready in sent(record, Ready):
        certificate = ready.body.certificate
        place = certificate.epoch, certificate.digest
        if certificate.digest in before.executed:
            return Evidence(f"{certificate.digest} goes to the driver, and is executed already")
        if place in before.tasks or place in seen:
            return Evidence(f"{certificate.digest} goes to the driver, and had gone there before")
        if place not in before.accepted:
            return Evidence(f"{certificate.digest} goes to the driver unasked")
        seen.add(place)
    return None


EVERY_ENQUEUE_HAS_A_FATE = ReactionProperty(
    "every enqueue has one visible fate", RefuseCertificate.id, Kind.ALWAYS, fateless
)
"""It goes to the driver, or is kept until it is ready or its epoch begins, or is refused."""

NOTHING_IN_HAND_IS_LOST = ReactionProperty(
    "no certificate that is in hand is lost", ChangeEpoch.id, Kind.ALWAYS, lost
)
"""It goes to the driver, is executed or fails, or its source hears that it is dropped."""

REFUSALS_ARE_TRUE = ReactionProperty(
    "refused for a true reason, and for its epoch only once that is past",
    RefuseCertificate.id,
    Kind.ALWAYS,
    untrue_refusal,
)
"""In hand, executed, of an earlier epoch, or after the channel was closed."""

READY_WITH_ALL_INPUTS = ReactionProperty(
    "a certificate goes to the driver only in its epoch, with all its inputs available",
    SendReady.id,
    Kind.ALWAYS,
    premature,
)
"""As far as the manager has heard; that it has heard right is another property."""

AVAILABLE_EXISTS = StateProperty(
    "what the manager takes to be available exists",
    RecordCommit.id,
    Kind.ALWAYS,
    imagined,
    MANAGERS | {AUTHORITY.name},
)
"""AuthorityState has it."""

READY_IN_DIGEST_ORDER = ReactionProperty(
    "what one step readies goes to the driver in the order of digests",
    SendReady.id,
    Kind.ALWAYS,
    disordered,
)
"""The same order everywhere."""

SENT_ONCE = evolve(
    monitor(
        "a certificate goes to the driver once, unless it has failed there",
        EnqueueCertificate.id,
        SentOff(),
        with_sends,
        sent_again,
    ),
    concerns=(Enqueue, CertificateRefused, Ready, Failed, Committed, Reconfigured),
)
"""Then it has to be enqueued again; and never once the manager has heard that it is executed."""

EACH_IN_ITS_EPOCH = EngineProperty(
    "what waits is of the current epoch, what is parked of a later one",
    ParkCertificate.id,
    Kind.ALWAYS,
    MANAGERS,
    out_of_time,
)
"""As far as the manager has heard."""

NOTHING_AFTER_THE_END = ReactionProperty(
    "nothing goes through the channel after its end", CloseChannel.id, Kind.ALWAYS, after_the_end
)
"""What becomes ready then is refused."""
