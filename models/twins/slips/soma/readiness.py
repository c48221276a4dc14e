"""Slips of the transaction manager: what it sends to the driver, and what a new epoch does to it."""

from typing import Any

from attrs import evolve
from pyrsistent import pmap, pset

from models.twins import soma_laws as laws
from models.twins import soma_stages as stages
from models.twins.amend import idle, silent, with_action
from models.twins.slips.common import slip
from models.twins.slips.soma.common import (
    AnyEffect,
    Env,
    keeping,
    remembering,
    revised,
    without,
)
from models.twins.twin import Defect, Needs, Twin, wrong
from spec.formalism.environment import Effect
from spec.formalism.message import Send, Trigger
from spec.soma.authority.messages import Reconfigured
from spec.soma.certificate import versions_written
from spec.soma.channel import Place, Ready
from spec.soma.manager.behaviour import ChangeEpoch, SendReady
from spec.soma.manager.configuration import ManagerConfiguration
from spec.soma.manager.environment import ManagerState
from spec.soma.manager.hand import is_ready, released
from spec.soma.manager.messages import CertificateRefused

MANAGER = "manager"


def _sent_in_order(
    digests: list[Any], configuration: ManagerConfiguration, environment: Env
) -> AnyEffect:
    """These certificates leave the manager, in this order."""
    state: ManagerState = environment.local
    sends = tuple[Send, ...]()
    for digest in digests:
        state, send = released(state, state.waiting[digest], configuration)
        sends = (*sends, send)
    return Effect(environment.with_local(state), sends)


def _ready_on_any(
    _output: Trigger, _trigger: Trigger, configuration: ManagerConfiguration, environment: Env
) -> AnyEffect:
    """One available input is enough."""
    state: ManagerState = environment.local
    chosen = [
        digest
        for digest in sorted(state.waiting)
        if any(key in state.available for key in state.waiting[digest].certificate.inputs)
    ]
    return _sent_in_order(chosen, configuration, environment)


def _last_first(
    _output: Trigger, _trigger: Trigger, configuration: ManagerConfiguration, environment: Env
) -> AnyEffect:
    """The highest digest goes first."""
    state: ManagerState = environment.local
    chosen = [
        digest
        for digest in sorted(state.waiting, reverse=True)
        if is_ready(state, state.waiting[digest].certificate)
    ]
    return _sent_in_order(chosen, configuration, environment)


def _as_if_open(
    output: Trigger, trigger: Trigger, configuration: ManagerConfiguration, environment: Env
) -> AnyEffect:
    """Whether the channel is closed is not looked at."""
    closed = environment.local.closed
    opened = environment.with_local(evolve(environment.local, closed=False))
    effect = SendReady.action(output, trigger, configuration, opened)
    return remembering(effect, closed=closed)


def _sent_twice(effect: AnyEffect, _output: Trigger, _environment: Env) -> AnyEffect:
    """What is ready goes through the channel twice."""
    again = tuple(
        Send(send.target, Ready(Place(send.body.place + 1), send.body.certificate))
        for send in effect.sends
        if isinstance(send.body, Ready)
    )
    return evolve(effect, sends=effect.sends + again)


def _expecting_outputs(effect: AnyEffect, _output: Trigger, _environment: Env) -> AnyEffect:
    """What a certificate is to make is taken to be available when it is sent."""
    bodies = [send.body for send in effect.sends if isinstance(send.body, Ready)]
    made = {key for body in bodies for key in versions_written(body.certificate, failed=False)}
    return remembering(effect, available=effect.environment.local.available.update(made))


def _still_waiting(effect: AnyEffect, _output: Reconfigured, environment: Env) -> AnyEffect:
    """What waits goes on waiting."""
    old, new = environment.local.waiting, effect.environment.local.waiting
    return remembering(effect, waiting=new.update(old))


def _parked_and_executed(effect: AnyEffect, output: Reconfigured, environment: Env) -> AnyEffect:
    """What is parked waits, also if the word of its execution has come before that of the epoch."""
    begun = {
        digest: held
        for (epoch, digest), held in environment.local.parked.items()
        if epoch == output.epoch and digest not in output.executed
    }
    return remembering(effect, waiting=pmap(begun))


READINESS_SLIPS: tuple[Twin, ...] = (
    slip(
        "wakes-on-any-input",
        Defect.READINESS,
        "A certificate is ready as soon as one of its inputs is available.",
        wrong(MANAGER, with_action(SendReady, _ready_on_any)),
        stages.INPUTS,
        laws.READY_WITH_INPUTS,
        1,
    ),
    slip(
        "last-digest-first",
        Defect.READINESS,
        "Of the certificates that one step readies, the highest digest goes first.",
        wrong(MANAGER, with_action(SendReady, _last_first)),
        stages.FORK,
        laws.DIGEST_ORDER,
        10,
    ),
    slip(
        "ready-sent-twice",
        Defect.READINESS,
        "A certificate that is ready goes through the channel twice.",
        wrong(MANAGER, revised(SendReady, _sent_twice)),
        stages.ONE,
        laws.SENT_ONCE,
        1,
    ),
    slip(
        "sent-certificate-forgotten",
        Defect.READINESS,
        "The manager does not remember which certificates it has sent.",
        wrong(MANAGER, keeping(SendReady, "enqueued")),
        stages.TWICE,
        laws.SENT_ONCE,
        2,
    ),
    slip(
        "outputs-expected",
        Defect.READINESS,
        "What a certificate is to make is taken to be available when it is sent.",
        wrong(MANAGER, revised(SendReady, _expecting_outputs)),
        stages.ONE,
        laws.AVAILABLE_EXISTS,
        1,
    ),
    slip(
        "sent-after-the-close",
        Defect.SHUTDOWN,
        "What becomes ready after the close goes through the channel all the same.",
        wrong(MANAGER, with_action(SendReady, _as_if_open)),
        stages.CLOSE_CHAIN,
        laws.AFTER_THE_END,
        10,
    ),
    slip(
        "dropped-after-the-close",
        Defect.SHUTDOWN,
        "What becomes ready after the close is dropped in silence.",
        wrong(MANAGER, without(SendReady, CertificateRefused)),
        stages.CLOSE_CHAIN,
        laws.NOTHING_LOST,
        10,
    ),
    slip(
        "new-epoch-drops-in-silence",
        Defect.EPOCHS,
        "When an epoch begins, what is in hand is dropped, and nobody hears it.",
        wrong(MANAGER, silent(ChangeEpoch)),
        stages.EPOCH,
        laws.NOTHING_LOST,
        3,
    ),
    slip(
        "new-epoch-keeps-what-waits",
        Defect.EPOCHS,
        "When an epoch begins, certificates of the one before go on waiting.",
        wrong(MANAGER, revised(ChangeEpoch, _still_waiting)),
        stages.EPOCH_CHAIN,
        laws.IN_ITS_EPOCH,
        3,
    ),
    slip(
        "parked-certificate-left-parked",
        Defect.EPOCHS,
        "When an epoch begins, what was parked for it does not wait.",
        wrong(MANAGER, revised(ChangeEpoch, lambda f, _o, _e: remembering(f, waiting=pmap()))),
        stages.EARLY,
        laws.NOTHING_LOST,
        3,
    ),
    slip(
        "parked-certificate-executed-again",
        Defect.EPOCHS,
        "When an epoch begins, what was parked for it waits, though it is executed already.",
        wrong(MANAGER, revised(ChangeEpoch, _parked_and_executed)),
        stages.EPOCH_SYNCED,
        laws.SENT_ONCE,
        6,
        needs=Needs.REORDERING,
    ),
    slip(
        "new-epoch-forgets-versions",
        Defect.EPOCHS,
        "When an epoch begins, the manager forgets which versions are available.",
        wrong(MANAGER, revised(ChangeEpoch, lambda f, _o, _e: remembering(f, available=pset()))),
        stages.EPOCH,
        laws.KNOWS_ALL,
        4,
    ),
    slip(
        "new-epoch-not-noted",
        Defect.EPOCHS,
        "The manager takes the word of a new epoch, and does nothing.",
        wrong(MANAGER, idle(ChangeEpoch)),
        stages.EARLY,
        laws.LATER_EPOCH,
        0,
    ),
)
"""The slips, in the order of the rules."""
