"""Slips of AuthorityState: what it executes, and what it answers."""

from typing import Any

from attrs import evolve
from pyrsistent import pmap

from models.twins import soma_laws as laws
from models.twins import soma_stages as stages
from models.twins.amend import never, silent, with_action, with_both, with_guard
from models.twins.slips.common import slip
from models.twins.slips.soma.common import AnyEffect, Env, keeping, remembering, revised, without
from models.twins.twin import Defect, Twin, wrong
from spec.anoma.keyvalue import KVSDatum
from spec.formalism.environment import Effect
from spec.formalism.message import Send, Trigger
from spec.soma.authority.behaviour import (
    AnswerExecuted,
    BeginExecution,
    FinishExecution,
    RefuseConflict,
    RefuseExecution,
    Request,
    request,
)
from spec.soma.authority.configuration import AuthorityConfiguration
from spec.soma.authority.environment import AuthorityState, due
from spec.soma.authority.messages import (
    Committed,
    Executed,
    ExecutionFailed,
    Failed,
    Finish,
)
from spec.soma.execution import Effects, ExecutionError
from spec.soma.object import with_versions

AUTHORITY = "authority"

Answered = tuple[Request, Effects]
"""A request, and what the execution has done that there was before."""


def _epoch_first(
    output: Answered,
    _trigger: Trigger,
    configuration: AuthorityConfiguration,
    environment: Env,
) -> AnyEffect:
    """The epoch is looked at before what is executed."""
    asked, effects = output
    if asked.body.epoch == asked.body.certificate.epoch == environment.local.epoch:
        return Effect(environment, (Send(asked.sender, Executed(effects)),))
    failed = ExecutionFailed(effects.digest, ExecutionError.WRONG_EPOCH)
    news = Failed(effects.digest, asked.sender)
    return Effect(environment, (Send(asked.sender, failed), Send(configuration.manager, news)))


def _executed_again(
    output: Answered,
    _trigger: Trigger,
    configuration: AuthorityConfiguration,
    environment: Env,
) -> AnyEffect:
    """What is executed is executed once more."""
    asked, effects = output
    news = Committed(effects.digest, frozenset(effects.written))
    sends = (Send(asked.sender, Executed(effects)), Send(configuration.manager, news))
    return Effect(environment, sends)


def _in_the_epoch_asked(
    output: Answered,
    _trigger: Trigger,
    _configuration: AuthorityConfiguration,
    environment: Env,
) -> AnyEffect:
    """The effects are told as if they were of the epoch of who asks."""
    asked, effects = output
    told = evolve(effects, epoch=asked.body.certificate.epoch)
    return Effect(environment, (Send(asked.sender, Executed(told)),))


def _inputs_first(
    effect: AnyEffect, output: tuple[Request, ExecutionError], environment: Env
) -> AnyEffect:
    """Missing inputs are looked at before the epoch."""
    asked, _error = output
    certificate = asked.body.certificate
    if all(key in environment.local.objects for key in certificate.inputs):
        return effect
    failed = ExecutionFailed(certificate.digest, ExecutionError.MISSING_INPUT)
    return evolve(effect, sends=(Send(asked.sender, failed), *effect.sends[1:]))


def begun_unless(*checks: str) -> Any:
    """The guard of a rule that begins an execution, and makes these checks only."""

    def guard(trigger: Trigger, _configuration: Any, environment: Env) -> Request | None:
        state: AuthorityState = environment.local
        asked = request(trigger, state)
        if asked is None or asked.body.certificate.digest in state.executed:
            return None
        against = objections(state, asked)
        return None if any(against[check] for check in checks) else asked

    return guard


def objections(state: AuthorityState, asked: Request) -> dict[str, bool]:
    """What may stand against an execution, each with whether it does."""
    certificate = asked.body.certificate
    return {
        "digest": certificate.digest in state.executing,
        "reconfiguration": state.reconfiguring is not None,
        "epoch": not asked.body.epoch == certificate.epoch == state.epoch,
        "inputs": any(key not in state.objects for key in certificate.inputs),
    }


def _imagining(
    output: Request,
    trigger: Trigger,
    configuration: AuthorityConfiguration,
    environment: Env,
) -> AnyEffect:
    """What is missing is taken to be 0."""
    there = environment.local.objects
    imagined = pmap({key: KVSDatum(0) for key in output.body.certificate.inputs})
    rich = environment.with_local(evolve(environment.local, objects=with_versions(imagined, there)))
    effect = BeginExecution.action(output, trigger, configuration, rich)
    return remembering(effect, objects=there)


def _as_a_success(
    output: tuple[Finish, Effects],
    trigger: Trigger,
    configuration: AuthorityConfiguration,
    environment: Env,
) -> AnyEffect:
    """Of a program that fails, the effects do not say so."""
    finish, effects = output
    other = evolve(effects, failure=None)
    return FinishExecution.action((finish, other), trigger, configuration, environment)


def _finished_all_the_same(
    output: Finish,
    trigger: Trigger,
    configuration: AuthorityConfiguration,
    environment: Env,
) -> AnyEffect:
    """What is there is written over."""
    effects = due(environment.local, output)
    if effects is None:
        return Effect(environment)
    return FinishExecution.action((output, effects), trigger, configuration, environment)


def _locked_for_ever(effect: AnyEffect, _output: Finish, environment: Env) -> AnyEffect:
    """The locks are kept."""
    return remembering(effect, executing=environment.local.executing)


AUTHORITY_SLIPS: tuple[Twin, ...] = (
    slip(
        "epoch-before-effects",
        Defect.EPOCHS,
        "What is executed is an error when it is asked for in another epoch.",
        wrong(AUTHORITY, with_action(AnswerExecuted, _epoch_first)),
        stages.EPOCH_SYNCED_OLD,
        laws.CAUSES,
        9,
    ),
    slip(
        "duplicate-executed-twice",
        Defect.DUPLICATES,
        "What is executed and asked for again is executed again.",
        wrong(AUTHORITY, with_action(AnswerExecuted, _executed_again)),
        stages.SYNCED,
        laws.AT_MOST_ONCE,
        8,
    ),
    slip(
        "repeat-answered-with-another-epoch",
        Defect.DUPLICATES,
        "Who asks in another epoch hears that it is executed in that one.",
        wrong(AUTHORITY, with_action(AnswerExecuted, _in_the_epoch_asked)),
        stages.RECERTIFIED,
        laws.AT_MOST_ONCE,
        15,
    ),
    slip(
        "repeat-not-answered",
        Defect.DUPLICATES,
        "Who asks for what is executed gets no answer.",
        wrong(AUTHORITY, never(AnswerExecuted)),
        stages.SYNCED,
        laws.TAKEN,
        9,
    ),
    slip(
        "execution-refused-in-silence",
        Defect.EXECUTION,
        "A certificate that cannot be executed is dropped, and nobody hears of it.",
        wrong(AUTHORITY, silent(RefuseExecution)),
        stages.EPOCH,
        laws.TASKS_FINISHED,
        9,
    ),
    slip(
        "refusal-unheard-by-the-manager",
        Defect.EXECUTION,
        "The manager does not hear of a certificate that is not executed.",
        wrong(AUTHORITY, without(RefuseExecution, Failed)),
        stages.SYNCED_BEFORE,
        laws.EVERYBODY_HEARS,
        1,
    ),
    slip(
        "inputs-before-the-epoch",
        Defect.EPOCHS,
        "Of a certificate of another epoch it is said that an input is missing.",
        wrong(AUTHORITY, revised(RefuseExecution, _inputs_first)),
        stages.EARLY_SYNCED,
        laws.CAUSES,
        1,
    ),
    slip(
        "digest-not-locked",
        Defect.EXECUTION,
        "What is executing begins again when it is asked for again.",
        wrong(
            AUTHORITY,
            with_guard(BeginExecution, begun_unless("reconfiguration", "epoch", "inputs")),
        ),
        stages.SYNCED,
        laws.ONE_AT_A_TIME,
        7,
    ),
    slip(
        "inputs-not-looked-at",
        Defect.EXECUTION,
        "An execution begins without an input, and reads 0 instead.",
        wrong(
            AUTHORITY,
            with_both(
                BeginExecution, begun_unless("digest", "reconfiguration", "epoch"), _imagining
            ),
        ),
        stages.SYNCED_BEFORE,
        laws.WITH_INPUTS,
        1,
    ),
    slip(
        "missing-inputs-imagined",
        Defect.EXECUTION,
        "An execution reads 0 for a version that is made later.",
        wrong(
            AUTHORITY,
            with_both(
                BeginExecution, begun_unless("digest", "reconfiguration", "epoch"), _imagining
            ),
        ),
        stages.SYNCED_CHAIN,
        laws.NO_CYCLE,
        4,
    ),
    slip(
        "commit-not-reported",
        Defect.EXECUTION,
        "The manager does not hear of an execution.",
        wrong(AUTHORITY, without(FinishExecution, Committed)),
        stages.ONE,
        laws.EVERYBODY_HEARS,
        7,
    ),
    slip(
        "result-not-answered",
        Defect.EXECUTION,
        "Who has asked for an execution does not hear of it.",
        wrong(AUTHORITY, without(FinishExecution, Executed)),
        stages.ONE,
        laws.TASKS_FINISHED,
        8,
    ),
    slip(
        "execution-forgotten",
        Defect.EXECUTION,
        "An execution that has finished is not remembered, and may be executed again.",
        wrong(AUTHORITY, keeping(FinishExecution, "executed")),
        stages.SYNCED,
        laws.CHAINS,
        2,
    ),
    slip(
        "failure-of-a-program-hidden",
        Defect.EXECUTION,
        "Of a program that fails, the effects do not say so.",
        wrong(AUTHORITY, with_action(FinishExecution, _as_a_success)),
        stages.FAILING,
        laws.PROGRAM_FAILS,
        0,
    ),
    slip(
        "conflicting-version-written",
        Defect.VERSIONS,
        "An execution writes a version that is there already.",
        wrong(AUTHORITY, with_action(RefuseConflict, _finished_all_the_same)),
        stages.CONFLICT,
        laws.PAST_STAYS,
        16,
    ),
    slip(
        "conflict-that-keeps-the-locks",
        Defect.EXECUTION,
        "An execution that comes to nothing keeps its locks.",
        wrong(AUTHORITY, revised(RefuseConflict, _locked_for_ever)),
        stages.CONFLICT,
        laws.LEAVES_NOTHING,
        16,
    ),
    slip(
        "conflict-never-found",
        Defect.VERSIONS,
        "An execution that would make a version that is there already waits.",
        wrong(AUTHORITY, never(RefuseConflict)),
        stages.CONFLICT,
        laws.CONFLICT,
        0,
    ),
)
"""The slips, in the order of the rules."""
