"""Slips of the transaction manager: what becomes of certificates before they are ready, and what it hears."""

from typing import Any

from attrs import evolve

from models.twins import soma_laws as laws
from models.twins import soma_stages as stages
from models.twins.amend import (
    doubled,
    forgetful,
    idle,
    never,
    silent,
    with_guard,
)
from models.twins.slips.common import slip
from models.twins.slips.soma.common import AnyEffect, Env, keeping, revised
from models.twins.twin import Defect, Needs, Twin, wrong
from spec.formalism.environment import Effect
from spec.formalism.message import Trigger, arrived
from spec.soma.authority.messages import Committed, Failed
from spec.soma.manager.behaviour import (
    Certified,
    CloseChannel,
    EnqueueCertificate,
    IgnoreRepeat,
    ParkCertificate,
    RecordCommit,
    RecordFailure,
    RefuseCertificate,
)
from spec.soma.manager.environment import Held
from spec.soma.manager.hand import is_ready, refused
from spec.soma.manager.messages import Close, Reason

MANAGER = "manager"


def _when_ready(trigger: Trigger, configuration: Any, environment: Env) -> Certified | None:
    """A certificate is left in the mailbox until its inputs are available."""
    new = EnqueueCertificate.guard(trigger, configuration, environment)
    return new if new and is_ready(environment.local, new.body.certificate) else None


def _of_nobody(effect: AnyEffect, output: Certified, environment: Env) -> AnyEffect:
    """The manager takes itself to be the source."""
    digest = output.body.certificate.digest
    held = Held(output.body.certificate, output.target)
    state = environment.local
    after = evolve(state, waiting=state.waiting.set(digest, held))
    return evolve(effect, environment=environment.with_local(after))


def _refused_early(_effect: AnyEffect, output: Certified, environment: Env) -> AnyEffect:
    """A certificate that comes before its epoch is refused."""
    held = Held(output.body.certificate, output.sender)
    return Effect(environment, (refused(held, Reason.PAST_EPOCH),))


def _for_another_reason(
    _effect: AnyEffect, output: tuple[Certified, Reason], environment: Env
) -> AnyEffect:
    """Whatever the reason, the source hears that the epoch is past."""
    new, _reason = output
    held = Held(new.body.certificate, new.sender)
    return Effect(environment, (refused(held, Reason.PAST_EPOCH),))


def _unless_in_hand(
    trigger: Trigger, configuration: Any, environment: Env
) -> tuple[Certified, Reason] | None:
    """A certificate that is in hand already is left in the mailbox."""
    found = RefuseCertificate.guard(trigger, configuration, environment)
    return None if found and found[1] is Reason.ENQUEUED else found


def _another_attempt(_effect: AnyEffect, digest: Any, environment: Env) -> AnyEffect:
    """What has failed waits again."""
    state = environment.local
    held = state.enqueued[digest].held
    again = evolve(
        state, enqueued=state.enqueued.remove(digest), waiting=state.waiting.set(digest, held)
    )
    return Effect(environment.with_local(again))


def _any_failure(trigger: Trigger, _configuration: Any, environment: Env) -> Any:
    """Whoever's attempt has failed, it is the one in the channel."""
    failed = arrived(trigger, Failed)
    in_hand = failed and failed.body.digest in environment.local.enqueued
    return failed.body.digest if failed and in_hand else None


def _nothing_is_known(trigger: Trigger, _configuration: Any, environment: Env) -> Any:
    """The end of an epoch that has ended is taken, and nothing else."""
    commit, close = arrived(trigger, Committed), arrived(trigger, Close)
    if commit or close:
        return None
    return IgnoreRepeat.guard(trigger, _configuration, environment)


def _closed_no_more(effect: AnyEffect, _output: Any, environment: Env) -> AnyEffect:
    """Who is asked to close the channel once more opens it."""
    opened = evolve(environment.local, closed=False)
    return evolve(effect, environment=environment.with_local(opened))


MANAGER_SLIPS: tuple[Twin, ...] = (
    slip(
        "certificate-forgotten",
        Defect.READINESS,
        "A certificate is taken, and neither kept nor sent.",
        wrong(MANAGER, forgetful(EnqueueCertificate)),
        stages.ONE,
        laws.FATE,
        1,
    ),
    slip(
        "certificate-left-until-ready",
        Defect.READINESS,
        "A certificate is left in the mailbox until its inputs are available.",
        wrong(MANAGER, with_guard(EnqueueCertificate, _when_ready)),
        stages.CHAIN,
        laws.WAITS,
        0,
    ),
    slip(
        "source-mistaken",
        Defect.READINESS,
        "The manager keeps a certificate as if it had come from itself: its source hears no refusal.",
        wrong(MANAGER, revised(EnqueueCertificate, _of_nobody)),
        stages.CLOSE_CHAIN,
        laws.TAKEN,
        13,
    ),
    slip(
        "early-certificate-dropped",
        Defect.EPOCHS,
        "A certificate that comes before its epoch is dropped.",
        wrong(MANAGER, idle(ParkCertificate)),
        stages.EARLY,
        laws.FATE,
        1,
    ),
    slip(
        "early-certificate-refused",
        Defect.EPOCHS,
        "A certificate that comes before its epoch is refused, as in the public code.",
        wrong(MANAGER, revised(ParkCertificate, _refused_early)),
        stages.EARLY,
        laws.TRUE_REASON,
        1,
    ),
    slip(
        "early-certificate-left",
        Defect.EPOCHS,
        "A certificate that comes before its epoch is left in the mailbox.",
        wrong(MANAGER, never(ParkCertificate)),
        stages.EARLY,
        laws.PARKED,
        0,
    ),
    slip(
        "certificate-refused-in-silence",
        Defect.READINESS,
        "A certificate that cannot be enqueued is dropped in silence, as in the public code.",
        wrong(MANAGER, idle(RefuseCertificate)),
        stages.TWICE,
        laws.FATE,
        2,
    ),
    slip(
        "certificate-refused-for-another-reason",
        Defect.READINESS,
        "Whatever the reason, the source hears that the epoch is past.",
        wrong(MANAGER, revised(RefuseCertificate, _for_another_reason)),
        stages.TWICE,
        laws.TRUE_REASON,
        2,
    ),
    slip(
        "certificate-refused-twice",
        Defect.READINESS,
        "The source hears of a refusal twice.",
        wrong(MANAGER, doubled(RefuseCertificate)),
        stages.CLOSE,
        laws.FATE,
        2,
    ),
    slip(
        "certificate-in-hand-left",
        Defect.DUPLICATES,
        "A certificate that is in hand already is left in the mailbox.",
        wrong(MANAGER, with_guard(RefuseCertificate, _unless_in_hand)),
        stages.TWICE,
        laws.REFUSED_ENQUEUED,
        0,
    ),
    slip(
        "versions-of-a-commit-not-noted",
        Defect.READINESS,
        "The versions that an execution has made are not taken to be available.",
        wrong(MANAGER, keeping(RecordCommit, "available")),
        stages.CHAIN,
        laws.NEEDLESS,
        11,
    ),
    slip(
        "executed-certificate-kept-waiting",
        Defect.DUPLICATES,
        "A certificate that waits is kept when somebody else has had it executed.",
        wrong(MANAGER, keeping(RecordCommit, "waiting")),
        stages.SYNCED_CHAIN,
        laws.SENT_ONCE,
        7,
        needs=Needs.REORDERING,
    ),
    slip(
        "commit-not-remembered",
        Defect.DUPLICATES,
        "The manager does not remember which transactions are executed.",
        wrong(MANAGER, keeping(RecordCommit, "executed")),
        stages.TWICE,
        laws.SENT_ONCE,
        9,
    ),
    slip(
        "failed-attempt-not-noted",
        Defect.CRASHES,
        "The manager takes the word of a failed attempt, and does nothing.",
        wrong(MANAGER, idle(RecordFailure)),
        stages.CRASH,
        laws.KNOWS_ALL,
        7,
    ),
    slip(
        "failed-attempt-repeated-unasked",
        Defect.CRASHES,
        "A certificate whose attempt has failed is sent to the driver once more.",
        wrong(MANAGER, revised(RecordFailure, _another_attempt)),
        stages.CRASH,
        laws.SENT_ONCE,
        6,
    ),
    slip(
        "failed-attempt-of-somebody-else-noted",
        Defect.DUPLICATES,
        "The manager takes a failure beside the driver to be that of the certificate in the channel.",
        wrong(MANAGER, with_guard(RecordFailure, _any_failure)),
        stages.SYNCED_TWICE,
        laws.SENT_ONCE,
        12,
        needs=Needs.REORDERING,
    ),
    slip(
        "close-without-an-end",
        Defect.SHUTDOWN,
        "The channel is closed, and the driver does not hear of it.",
        wrong(MANAGER, silent(CloseChannel)),
        stages.CLOSE,
        laws.DRIVER_STOPS,
        0,
    ),
    slip(
        "close-not-remembered",
        Defect.SHUTDOWN,
        "The end goes through the channel, and the manager takes it to be open.",
        wrong(MANAGER, keeping(CloseChannel, "closed")),
        stages.CLOSE,
        laws.STOPPED,
        3,
    ),
    slip(
        "repeated-commit-left",
        Defect.DUPLICATES,
        "What the manager knows is left in its mailbox.",
        wrong(MANAGER, with_guard(IgnoreRepeat, _nothing_is_known)),
        stages.REPEATED,
        laws.TAKEN,
        11,
    ),
    slip(
        "repeated-close-opens",
        Defect.SHUTDOWN,
        "Who is asked to close the channel once more opens it.",
        wrong(MANAGER, revised(IgnoreRepeat, _closed_no_more)),
        stages.REPEATED_CLOSE,
        laws.STOPPED,
        4,
    ),
)
"""The slips, in the order of the rules."""
