"""What AuthorityState remembers, and what follows from it for a request."""

from attrs import evolve, frozen
from pyrsistent import PMap, PSet, pmap, pset

from spec.formalism.environment import Environment
from spec.formalism.identity import EngineId
from spec.formalism.message import Message
from spec.soma.authority.messages import Finish, TryExecute
from spec.soma.certificate import Certificate, TransactionDigest
from spec.soma.epoch import EpochId
from spec.soma.execution import Effects, ExecutionError, effects_of
from spec.soma.object import Objects, with_versions


@frozen
class Execution:
    """An execution that has begun: it holds its digest's lock, and the epoch's read lock."""

    certificate: Certificate
    """What is executed."""
    requester: EngineId
    """Who has asked for it."""
    inputs: Objects
    """The inputs as they were read."""


@frozen
class AuthorityState:
    """The local state of AuthorityState."""

    epoch: EpochId
    """The current epoch."""
    objects: Objects
    """All versions of all objects."""
    executed: PMap[TransactionDigest, Effects] = pmap()
    """What each transaction that was executed has done, in whichever epoch."""
    executing: PMap[TransactionDigest, Execution] = pmap()
    """The executions that have begun and not finished."""
    reconfiguring: EpochId | None = None
    """The epoch that is to begin once they have finished, if one is."""
    abandoned: PSet[EngineId] = pset()
    """The tasks that have crashed."""


AuthorityEnv = Environment[AuthorityState]
"""The environment of AuthorityState."""


def is_free(state: AuthorityState, request: TryExecute) -> bool:
    """Whether a request is for what is not executed, and need not wait for a lock.

    Its digest's lock can be had while nobody executes it, the epoch's read lock while no
    reconfiguration waits.
    """
    digest = request.certificate.digest
    locked = digest in state.executing or state.reconfiguring is not None
    return digest not in state.executed and not locked


def objection(state: AuthorityState, request: TryExecute) -> ExecutionError | None:
    """Why a certificate that is not executed cannot be; nothing if it can."""
    certificate = request.certificate
    if not request.epoch == certificate.epoch == state.epoch:
        return ExecutionError.WRONG_EPOCH
    if any(key not in state.objects for key in certificate.inputs):
        return ExecutionError.MISSING_INPUT
    return None


def begun(state: AuthorityState, request: Message[TryExecute]) -> AuthorityState:
    """The state in which the execution asked for has begun."""
    certificate = request.body.certificate
    inputs = pmap({key: state.objects[key] for key in certificate.inputs})
    execution = Execution(certificate, request.sender, inputs)
    return evolve(state, executing=state.executing.set(certificate.digest, execution))


def due(state: AuthorityState, finish: Finish) -> Effects | None:
    """The effects of the execution that is to finish; nothing if it is under way no longer."""
    execution = state.executing.get(finish.digest)
    if execution is None or execution.requester != finish.requester:
        return None
    return effects_of(execution.certificate, execution.inputs)


def conflicts(state: AuthorityState, effects: Effects) -> bool:
    """Whether a version that an execution is to make is there already."""
    return any(key in state.objects for key in effects.written)


def finished(state: AuthorityState, effects: Effects) -> AuthorityState:
    """The state in which an execution has finished with these effects."""
    return evolve(
        unlocked(state, effects.digest),
        objects=with_versions(state.objects, effects.written),
        executed=state.executed.set(effects.digest, effects),
    )


def unlocked(state: AuthorityState, digest: TransactionDigest) -> AuthorityState:
    """The state in which an execution has released its locks."""
    return evolve(state, executing=state.executing.remove(digest))


def abandoned(state: AuthorityState, task: EngineId, digest: TransactionDigest) -> AuthorityState:
    """The state in which nobody waits for what a task has asked for."""
    execution = state.executing.get(digest)
    mine = execution is not None and execution.requester == task
    left = unlocked(state, digest) if mine else state
    return evolve(left, abandoned=state.abandoned.add(task))
