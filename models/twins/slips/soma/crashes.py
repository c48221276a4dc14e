"""Slips of AuthorityState: what becomes of executions whose tasks crash."""

from attrs import evolve
from pyrsistent import pmap

from models.twins import soma_laws as laws
from models.twins import soma_stages as stages
from models.twins.amend import never, silent, with_action
from models.twins.slips.common import slip
from models.twins.slips.soma.authority import AUTHORITY
from models.twins.slips.soma.common import AnyEffect, Env, remembering, revised
from models.twins.twin import Defect, Needs, Twin, wrong
from spec.formalism.environment import Effect
from spec.formalism.message import Message, Send, Trigger
from spec.soma.authority.behaviour import (
    AbandonExecution,
    IgnoreAbandoned,
    IgnoreRepeat,
    Request,
)
from spec.soma.authority.configuration import AuthorityConfiguration
from spec.soma.authority.environment import AuthorityState, begun, objection
from spec.soma.authority.messages import Abandon, Finish


def _dead_lock(effect: AnyEffect, output: Message[Abandon], environment: Env) -> AnyEffect:
    """The execution is dropped, so that nobody finishes it, and its locks are held."""
    executing = environment.local.executing
    execution = executing.get(output.body.digest)
    if execution is None or execution.requester != output.sender:
        return effect
    dead = evolve(execution, requester=output.target)
    return remembering(effect, executing=executing.set(output.body.digest, dead))


def _undone(effect: AnyEffect, output: Message[Abandon], _environment: Env) -> AnyEffect:
    """What has finished is not executed any more."""
    executed = effect.environment.local.executed.discard(output.body.digest)
    return remembering(effect, executed=executed)


def _begun_all_the_same(
    output: Request,
    _trigger: Trigger,
    _configuration: AuthorityConfiguration,
    environment: Env,
) -> AnyEffect:
    """Whether the task has crashed is not looked at."""
    state: AuthorityState = environment.local
    digest = output.body.certificate.digest
    busy = digest in state.executed or digest in state.executing or state.reconfiguring is not None
    if busy or objection(state, output.body):
        return Effect(environment)
    finish_it = Send(output.target, Finish(digest, output.sender))
    return Effect(environment.with_local(begun(state, output)), (finish_it,))


CRASH_SLIPS: tuple[Twin, ...] = (
    slip(
        "failure-not-reported",
        Defect.CRASHES,
        "The manager does not hear of an attempt that was abandoned.",
        wrong(AUTHORITY, silent(AbandonExecution)),
        stages.CRASH,
        laws.EVERYBODY_HEARS,
        5,
    ),
    slip(
        "crash-that-keeps-the-locks",
        Defect.CRASHES,
        "An execution that is abandoned keeps its locks.",
        wrong(AUTHORITY, revised(AbandonExecution, _dead_lock)),
        stages.CRASH_EPOCH,
        laws.NO_LOCK,
        13,
    ),
    slip(
        "crash-that-drops-nothing",
        Defect.CRASHES,
        "An execution that is abandoned goes on.",
        wrong(
            AUTHORITY,
            revised(
                AbandonExecution,
                lambda f, _o, environment: remembering(f, executing=environment.local.executing),
            ),
        ),
        stages.CRASH,
        laws.LEAVES_NOTHING,
        9,
    ),
    slip(
        "crash-that-drops-all",
        Defect.CRASHES,
        "A crash drops what others have begun.",
        wrong(
            AUTHORITY,
            revised(AbandonExecution, lambda f, _o, _e: remembering(f, executing=pmap())),
        ),
        stages.CRASH_PAIR,
        laws.LEAVES_NOTHING,
        11,
    ),
    slip(
        "crash-that-undoes-what-has-finished",
        Defect.CRASHES,
        "What has finished is executed no more when its task crashes.",
        wrong(AUTHORITY, revised(AbandonExecution, _undone)),
        stages.CRASH,
        laws.PAST_STAYS,
        10,
    ),
    slip(
        "request-of-a-crashed-task-begins",
        Defect.CRASHES,
        "A request that comes after the word of the crash is executed.",
        wrong(AUTHORITY, with_action(IgnoreAbandoned, _begun_all_the_same)),
        stages.CRASH,
        laws.FOR_SOMEBODY,
        9,
        needs=Needs.REORDERING,
    ),
    slip(
        "request-of-a-crashed-task-left",
        Defect.CRASHES,
        "A request that comes after the word of the crash is left in the mailbox.",
        wrong(AUTHORITY, never(IgnoreAbandoned)),
        stages.CRASH,
        laws.TAKEN,
        10,
        needs=Needs.REORDERING,
    ),
    slip(
        "late-finish-left",
        Defect.CRASHES,
        "The finish of an execution that was abandoned is left in the mailbox.",
        wrong(AUTHORITY, never(IgnoreRepeat)),
        stages.CRASH,
        laws.TAKEN,
        11,
    ),
)
"""The slips, in the order of the rules."""
