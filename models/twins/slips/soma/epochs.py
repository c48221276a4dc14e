"""Slips of AuthorityState about epochs, and about the versions that executions make."""

from collections.abc import Callable
from typing import Any

from attrs import evolve
from pyrsistent import pmap

from models.twins import soma_laws as laws
from models.twins import soma_stages as stages
from models.twins.amend import idle, never, silent, with_action, with_guard
from models.twins.slips.common import slip
from models.twins.slips.soma.authority import AUTHORITY, begun_unless
from models.twins.slips.soma.common import AnyEffect, Env, remembering, revised
from models.twins.twin import Defect, Needs, Twin, Wrong, wrong
from spec.anoma.keyvalue import KVSDatum
from spec.formalism.environment import Effect
from spec.formalism.message import Message, Send, Trigger, arrived
from spec.soma.authority.behaviour import BeginExecution, FinishExecution, IgnoreRepeat
from spec.soma.authority.configuration import AuthorityConfiguration
from spec.soma.authority.environment import AuthorityState
from spec.soma.authority.epochs import AnswerEpoch, AwaitReconfiguration, ChangeEpoch
from spec.soma.authority.messages import EpochStore, Finish, Reconfigure, Reconfigured
from spec.soma.certificate import Versions
from spec.soma.epoch import FIRST_EPOCH, EpochId
from spec.soma.execution import Effects
from spec.soma.object import ObjectKey, Objects, Version


def _first_epoch(effect: AnyEffect, _output: object, _environment: Env) -> AnyEffect:
    """It is the first epoch for ever."""
    (answer,) = effect.sends
    return evolve(effect, sends=(evolve(answer, body=EpochStore(FIRST_EPOCH)),))


def _at_once(
    _output: Trigger,
    _trigger: Trigger,
    configuration: AuthorityConfiguration,
    environment: Env,
) -> AnyEffect:
    """An epoch begins whatever is executing."""
    state: AuthorityState = environment.local
    if state.reconfiguring is None:
        return Effect(environment)
    after = evolve(state, epoch=state.reconfiguring, reconfiguring=None)
    news = Reconfigured(after.epoch, frozenset(state.executed), frozenset(state.objects))
    return Effect(environment.with_local(after), (Send(configuration.manager, news),))


def _any_later(trigger: Trigger, _configuration: Any, environment: Env) -> EpochId | None:
    """Any later epoch is the next one."""
    asked, state = arrived(trigger, Reconfigure), environment.local
    later = asked and asked.body.epoch > state.epoch and state.reconfiguring is None
    return asked.body.epoch if asked and later else None


def _in_a_pause(trigger: Trigger, configuration: Any, environment: Env) -> EpochId | None:
    """A reconfiguration is taken when nothing is executing."""
    epoch = AwaitReconfiguration.guard(trigger, configuration, environment)
    return None if environment.local.executing else epoch


def _epoch_again(effect: AnyEffect, output: Message[object], _environment: Env) -> AnyEffect:
    """An epoch that has begun begins again."""
    if not isinstance(output.body, Reconfigure):
        return effect
    return remembering(effect, epoch=EpochId(output.body.epoch - 1), reconfiguring=None)


Written = Callable[[Effects], Objects]
"""The versions that an execution makes instead of those that it should."""


def _writing(made: Written) -> Wrong:
    """An execution makes other versions."""

    def action(
        output: tuple[Finish, Effects],
        trigger: Trigger,
        configuration: AuthorityConfiguration,
        environment: Env,
    ) -> AnyEffect:
        finish, effects = output
        other = evolve(effects, written=made(effects))
        return FinishExecution.action((finish, other), trigger, configuration, environment)

    finishing = wrong(AUTHORITY, with_action(FinishExecution, action))
    return Wrong(Versions.id, finishing.change)


def _skipping(effects: Effects) -> Objects:
    """The version after the next."""
    return pmap(
        {
            ObjectKey(key.object, Version(key.version + 1)): value
            for key, value in effects.written.items()
        }
    )


def _above_all_inputs(effects: Effects) -> Objects:
    """One version for all, above those of all inputs."""
    above = Version(1 + max((key.version for key in effects.read), default=0))
    return pmap({ObjectKey(key.object, above): value for key, value in effects.written.items()})


def _none_if_failed(effects: Effects) -> Objects:
    """A program that fails makes no versions."""
    return effects.written if effects.failure is None else pmap()


def _as_written(effects: Effects) -> Objects:
    """What a failing program wrote is kept."""
    if effects.failure is None:
        return effects.written
    return pmap({key: KVSDatum(99) for key in effects.written})


EPOCH_SLIPS: tuple[Twin, ...] = (
    slip(
        "version-skipped",
        Defect.VERSIONS,
        "An execution makes the version after the next.",
        _writing(_skipping),
        stages.ONE,
        laws.CHAINS,
        7,
    ),
    slip(
        "one-version-for-all-outputs",
        Defect.VERSIONS,
        "All that an execution writes gets one version, above all its inputs, as in the public code.",
        _writing(_above_all_inputs),
        stages.FORK,
        laws.CHAINS,
        7,
    ),
    slip(
        "failing-program-makes-no-version",
        Defect.VERSIONS,
        "A program that fails makes no versions: who needs them waits for ever.",
        _writing(_none_if_failed),
        stages.FAILING_CHAIN,
        laws.VERSION_ORDER,
        7,
    ),
    slip(
        "failing-program-keeps-what-it-wrote",
        Defect.VERSIONS,
        "A program that fails leaves what it has written.",
        _writing(_as_written),
        stages.FAILING,
        laws.VERSION_ORDER,
        7,
    ),
    slip(
        "epoch-not-told",
        Defect.EPOCHS,
        "Who loads the epoch store gets no answer.",
        wrong(AUTHORITY, silent(AnswerEpoch)),
        stages.ONE,
        laws.TASKS_FINISHED,
        4,
    ),
    slip(
        "first-epoch-for-ever",
        Defect.EPOCHS,
        "Who loads the epoch store gets the first epoch, whichever it is.",
        wrong(AUTHORITY, revised(AnswerEpoch, _first_epoch)),
        stages.EARLY,
        laws.LATER_EPOCH,
        0,
    ),
    slip(
        "reconfiguration-starved",
        Defect.EPOCHS,
        "Executions begin while a reconfiguration waits.",
        wrong(AUTHORITY, with_guard(BeginExecution, begun_unless("digest", "epoch", "inputs"))),
        stages.EPOCH_PAIR,
        laws.RECONFIGURATION_NEXT,
        13,
    ),
    slip(
        "epoch-not-looked-at",
        Defect.EPOCHS,
        "A certificate is executed in whichever epoch it is.",
        wrong(
            AUTHORITY,
            with_guard(BeginExecution, begun_unless("digest", "reconfiguration", "inputs")),
        ),
        stages.EPOCH,
        laws.ONE_EPOCH,
        7,
    ),
    slip(
        "epoch-skipped",
        Defect.EPOCHS,
        "Any later epoch may begin, not only the next one.",
        wrong(AUTHORITY, with_guard(AwaitReconfiguration, _any_later)),
        stages.EPOCHS,
        laws.ONE_EPOCH,
        1,
        needs=Needs.REORDERING,
    ),
    slip(
        "reconfiguration-that-waits-for-a-pause",
        Defect.EPOCHS,
        "A reconfiguration is taken only when nothing is executing: nothing keeps executions from it.",
        wrong(AUTHORITY, with_guard(AwaitReconfiguration, _in_a_pause)),
        stages.EPOCH,
        laws.RECONFIGURATION_WAITS,
        0,
    ),
    slip(
        "reconfiguration-that-does-not-wait",
        Defect.EPOCHS,
        "An epoch begins while something is executing.",
        wrong(AUTHORITY, with_action(ChangeEpoch, _at_once)),
        stages.EPOCH,
        laws.ONE_EPOCH,
        7,
    ),
    slip(
        "reconfiguration-unheard-by-the-manager",
        Defect.EPOCHS,
        "The manager does not hear that an epoch has begun.",
        wrong(AUTHORITY, silent(ChangeEpoch)),
        stages.EPOCH_ALONE,
        laws.KNOWS_ALL,
        1,
    ),
    slip(
        "reconfiguration-that-waits-for-ever",
        Defect.EPOCHS,
        "An epoch that is to begin never begins.",
        wrong(AUTHORITY, idle(ChangeEpoch)),
        stages.EPOCH_ALONE,
        laws.NO_LOCK,
        1,
    ),
    slip(
        "repeated-reconfiguration-left",
        Defect.EPOCHS,
        "A reconfiguration to an epoch that has begun is left in the mailbox.",
        wrong(AUTHORITY, never(IgnoreRepeat)),
        stages.REPEATED_EPOCH,
        laws.TAKEN,
        3,
    ),
    slip(
        "epoch-begun-again",
        Defect.EPOCHS,
        "A reconfiguration to an epoch that has begun brings back the one before.",
        wrong(AUTHORITY, revised(IgnoreRepeat, _epoch_again)),
        stages.REPEATED_EPOCH,
        laws.ONE_EPOCH,
        3,
    ),
)
"""The slips, in the order of the rules."""
