"""The rules of the transaction manager."""

from attrs import evolve
from pyrsistent import pmap

from spec.formalism.environment import Effect
from spec.formalism.family import EngineFamily, FamilyName, phases
from spec.formalism.message import Message, Send, Trigger, arrived
from spec.formalism.rule import FollowUp, Rule, RuleId, Source, Text
from spec.soma.authority.messages import Committed, Failed, Reconfigured
from spec.soma.certificate import TransactionDigest
from spec.soma.channel import ChannelClosed, Place
from spec.soma.manager.configuration import ManagerConfiguration
from spec.soma.manager.environment import Held, ManagerEnv, ManagerState
from spec.soma.manager.hand import (
    begun,
    concerns,
    dropped,
    is_ready,
    refusal,
    refused,
    released,
)
from spec.soma.manager.messages import Close, Enqueue, Reason

Certified = Message[Enqueue]
"""A certificate that a source has sent."""


class EnqueueCertificate(Rule[ManagerConfiguration, ManagerState, Certified]):
    """A new certificate of the current epoch is kept until its inputs are available.

    What waits, was sent to the driver or is executed is not new, whoever brings it.
    """

    id = RuleId("manager.enqueue-certificate")
    version = 1
    sources = (
        Source(Text.S2, "Consumes ready certificates from TransactionManager's queue"),
        Source(Text.S2, "Execution is decoupled from dependency management"),
    )

    @staticmethod
    def guard(
        trigger: Trigger, configuration: ManagerConfiguration, environment: ManagerEnv
    ) -> Certified | None:
        new = acceptable(trigger, environment.local)
        return new if new and new.body.certificate.epoch == environment.local.epoch else None

    @staticmethod
    def action(
        output: Certified,
        trigger: Trigger,
        configuration: ManagerConfiguration,
        environment: ManagerEnv,
    ) -> Effect[ManagerState]:
        state, certificate = environment.local, output.body.certificate
        waiting = state.waiting.set(certificate.digest, Held(certificate, output.sender))
        return Effect(environment.with_local(evolve(state, waiting=waiting)))


class ParkCertificate(Rule[ManagerConfiguration, ManagerState, Certified]):
    """A certificate of a later epoch is parked until that epoch begins."""

    id = RuleId("manager.park-certificate")
    version = 1
    sources = (Source(Text.TREADLE, "SEMANTICS: Soma, TransactionManager"),)
    decides = (
        "The public code ignores certificates of other epochs, with a warning. A manager that "
        "hears of the new epoch late would lose those that come early, and nobody retries: the "
        "model `soma-epoch` shows it."
    )

    @staticmethod
    def guard(
        trigger: Trigger, configuration: ManagerConfiguration, environment: ManagerEnv
    ) -> Certified | None:
        new = acceptable(trigger, environment.local)
        return new if new and new.body.certificate.epoch > environment.local.epoch else None

    @staticmethod
    def action(
        output: Certified,
        trigger: Trigger,
        configuration: ManagerConfiguration,
        environment: ManagerEnv,
    ) -> Effect[ManagerState]:
        state, certificate = environment.local, output.body.certificate
        place = certificate.epoch, certificate.digest
        parked = state.parked.set(place, Held(certificate, output.sender))
        return Effect(environment.with_local(evolve(state, parked=parked)))


class RefuseCertificate(Rule[ManagerConfiguration, ManagerState, tuple[Certified, Reason]]):
    """A certificate that cannot be enqueued is refused, and its source hears why.

    It is refused after the channel was closed, and if it is executed, in hand already, or of an
    earlier epoch.
    """

    id = RuleId("manager.refuse-certificate")
    version = 1
    sources = (Source(Text.TREADLE, "SEMANTICS: Soma, every enqueue has a visible fate"),)
    decides = "The public code drops such certificates, and tells nobody."

    @staticmethod
    def guard(
        trigger: Trigger, configuration: ManagerConfiguration, environment: ManagerEnv
    ) -> tuple[Certified, Reason] | None:
        new = arrived(trigger, Enqueue)
        reason = refusal(environment.local, new.body.certificate) if new else None
        return (new, reason) if new and reason else None

    @staticmethod
    def action(
        output: tuple[Certified, Reason],
        trigger: Trigger,
        configuration: ManagerConfiguration,
        environment: ManagerEnv,
    ) -> Effect[ManagerState]:
        new, reason = output
        return Effect(environment, (refused(Held(new.body.certificate, new.sender), reason),))


class RecordCommit(Rule[ManagerConfiguration, ManagerState, Committed]):
    """The versions that an execution has made are available, and its transaction is executed.

    So it is in whichever epoch that was. If its certificate still waits, because somebody else had
    it executed, it is refused.
    """

    id = RuleId("manager.record-commit")
    version = 1
    sources = (
        Source(Text.S2, "Certificates are processed as soon as their dependencies are available"),
    )
    decides = (
        "The public code ignores the commits of other epochs, with a warning: what depends on them "
        "in the new epoch must learn of their versions in another way."
    )

    @staticmethod
    def guard(
        trigger: Trigger, configuration: ManagerConfiguration, environment: ManagerEnv
    ) -> Committed | None:
        commit = arrived(trigger, Committed)
        return (
            commit.body if commit and commit.body.digest not in environment.local.executed else None
        )

    @staticmethod
    def action(
        output: Committed,
        trigger: Trigger,
        configuration: ManagerConfiguration,
        environment: ManagerEnv,
    ) -> Effect[ManagerState]:
        state, digest = environment.local, output.digest
        held = state.waiting.get(digest)
        after = evolve(
            state,
            available=state.available.update(output.versions),
            executed=state.executed.add(digest),
            waiting=state.waiting.discard(digest),
            enqueued=state.enqueued.discard(digest),
        )
        sends = (refused(held, Reason.EXECUTED),) if held else ()
        return Effect(environment.with_local(after), sends)


class RecordFailure(Rule[ManagerConfiguration, ManagerState, TransactionDigest]):
    """When the attempt that it has sent to the driver fails, a certificate may be enqueued again.

    Nobody tries again by himself.
    """

    id = RuleId("manager.record-failure")
    version = 1
    sources = (Source(Text.TREADLE, "SEMANTICS: Soma, AuthorityState"),)
    decides = (
        "The failure names whose attempt it was. That somebody beside the driver has failed says "
        "nothing of the certificate in the channel: it would be sent there twice."
    )

    @staticmethod
    def guard(
        trigger: Trigger, configuration: ManagerConfiguration, environment: ManagerEnv
    ) -> TransactionDigest | None:
        failed = arrived(trigger, Failed)
        if failed and concerns(failed.body, configuration, environment.local):
            return failed.body.digest
        return None

    @staticmethod
    def action(
        output: TransactionDigest,
        trigger: Trigger,
        configuration: ManagerConfiguration,
        environment: ManagerEnv,
    ) -> Effect[ManagerState]:
        state = environment.local
        forgotten = evolve(state, enqueued=state.enqueued.remove(output))
        return Effect(environment.with_local(forgotten))


class ChangeEpoch(Rule[ManagerConfiguration, ManagerState, Reconfigured]):
    """In a new epoch, what is in hand of the old one is dropped, and its sources hear it.

    What is executed and what is available stays so, and is brought up to date. Certificates that
    were parked for this epoch wait now.
    """

    id = RuleId("manager.change-epoch")
    version = 1
    sources = (
        Source(Text.S2, "Reconfiguration events are handled gracefully"),
        Source(Text.TREADLE, "SEMANTICS: Soma, reconfiguration"),
    )
    decides = (
        "The message carries what is executed and what exists: commits of the old epoch may "
        "arrive after it, and what depends on them in the new one need not wait for them. Those of "
        "the new epoch may arrive before it: what is executed then must not be readied, which the "
        "model `soma-epoch-dependency` shows."
    )

    @staticmethod
    def guard(
        trigger: Trigger, configuration: ManagerConfiguration, environment: ManagerEnv
    ) -> Reconfigured | None:
        epoch = arrived(trigger, Reconfigured)
        return epoch.body if epoch and epoch.body.epoch > environment.local.epoch else None

    @staticmethod
    def action(
        output: Reconfigured,
        trigger: Trigger,
        configuration: ManagerConfiguration,
        environment: ManagerEnv,
    ) -> Effect[ManagerState]:
        state = environment.local
        after = evolve(
            state,
            epoch=output.epoch,
            available=state.available.update(output.versions),
            executed=state.executed.update(output.executed),
            waiting=begun(state, output),
            enqueued=pmap(),
            parked=pmap({at: held for at, held in state.parked.items() if at[0] > output.epoch}),
        )
        sends = tuple(refused(held, reason) for held, reason in dropped(state, output))
        return Effect(environment.with_local(after), sends)


class CloseChannel(Rule[ManagerConfiguration, ManagerState, Message[Close]]):
    """To close the channel, the manager sends its last message."""

    id = RuleId("manager.close-channel")
    version = 1
    sources = (Source(Text.S2, "Channel closed, no more certificates will be received"),)

    @staticmethod
    def guard(
        trigger: Trigger, configuration: ManagerConfiguration, environment: ManagerEnv
    ) -> Message[Close] | None:
        return None if environment.local.closed else arrived(trigger, Close)

    @staticmethod
    def action(
        output: Message[Close],
        trigger: Trigger,
        configuration: ManagerConfiguration,
        environment: ManagerEnv,
    ) -> Effect[ManagerState]:
        last = Place(environment.local.last + 1)
        after = evolve(environment.local, last=last, closed=True)
        return Effect(
            environment.with_local(after), (Send(configuration.driver, ChannelClosed(last)),)
        )


class SendReady(FollowUp[ManagerConfiguration, ManagerState, Trigger]):
    """Certificates that have become ready go to the driver, in the order of their digests.

    If the channel is closed, they are refused instead.
    """

    id = RuleId("manager.send-ready")
    version = 1
    sources = (
        Source(Text.S2, "Prioritizes transaction execution based on dependencies"),
        Source(Text.S2, "Certificates are processed as soon as their dependencies are available"),
    )
    decides = (
        "The priority that S2 speaks of is readiness, and nothing else. Enqueues are taken one by "
        "one, so that their order is kept; where one step readies several, some order is needed "
        "that is the same everywhere."
    )

    @staticmethod
    def guard(
        trigger: Trigger, configuration: ManagerConfiguration, environment: ManagerEnv
    ) -> Trigger | None:
        """Always: what counts is what the step has led to."""
        return trigger

    @staticmethod
    def action(
        output: Trigger,
        trigger: Trigger,
        configuration: ManagerConfiguration,
        environment: ManagerEnv,
    ) -> Effect[ManagerState]:
        state, sends = environment.local, tuple[Send, ...]()
        for digest in sorted(environment.local.waiting):
            held = state.waiting[digest]
            if is_ready(state, held.certificate):
                state, send = released(state, held, configuration)
                sends = (*sends, send)
        return Effect(environment.with_local(state), sends)


class IgnoreRepeat(Rule[ManagerConfiguration, ManagerState, Message[object]]):
    """What the manager has heard before, or what concerns nothing in hand, has no effect."""

    id = RuleId("manager.ignore-repeat")
    version = 1
    sources = (Source(Text.TREADLE, "SEMANTICS: the engine formalism, faults"),)

    @staticmethod
    def guard(
        trigger: Trigger, configuration: ManagerConfiguration, environment: ManagerEnv
    ) -> Message[object] | None:
        state = environment.local
        commit, failed = arrived(trigger, Committed), arrived(trigger, Failed)
        epoch, close = arrived(trigger, Reconfigured), arrived(trigger, Close)
        known = commit and commit.body.digest in state.executed
        foreign = failed and not concerns(failed.body, configuration, state)
        past = epoch and epoch.body.epoch <= state.epoch
        again = close and state.closed
        return arrived(trigger, object) if known or foreign or past or again else None

    @staticmethod
    def action(
        output: Message[object],
        trigger: Trigger,
        configuration: ManagerConfiguration,
        environment: ManagerEnv,
    ) -> Effect[ManagerState]:
        return Effect(environment)


def acceptable(trigger: Trigger, state: ManagerState) -> Certified | None:
    """The certificate that arrived, if it is not refused."""
    new = arrived(trigger, Enqueue)
    return new if new and refusal(state, new.body.certificate) is None else None


MANAGER = EngineFamily(
    FamilyName("manager"),
    (
        EnqueueCertificate,
        ParkCertificate,
        RefuseCertificate,
        RecordCommit,
        RecordFailure,
        ChangeEpoch,
        CloseChannel,
        IgnoreRepeat,
        SendReady,
    ),
    phases(
        frozenset(
            {
                EnqueueCertificate.id,
                ParkCertificate.id,
                RefuseCertificate.id,
                RecordCommit.id,
                RecordFailure.id,
                ChangeEpoch.id,
                CloseChannel.id,
                IgnoreRepeat.id,
            }
        ),
        frozenset({SendReady.id}),
    ),
)
"""Transaction managers."""
