"""What has become of everything when nothing moves any more."""

from collections.abc import Iterator
from itertools import product
from typing import TypeVar

from properties.mailboxes import mail_in
from properties.property import EngineProperty, Evidence, Kind, StateProperty
from properties.soma.authority import AUTHORITIES
from spec.formalism.engine import Engine
from spec.formalism.environment import Finished
from spec.formalism.state import GlobalState
from spec.soma.authority.behaviour import AbandonExecution
from spec.soma.authority.environment import AuthorityState
from spec.soma.authority.messages import Reconfigure
from spec.soma.driver.behaviour import JoinTask, Stop
from spec.soma.driver.environment import Driving, Stopped
from spec.soma.manager.behaviour import EnqueueCertificate, RecordCommit
from spec.soma.manager.environment import ManagerState
from spec.soma.task.behaviour import TASK, ReportResult

S = TypeVar("S")


def locals_of(state: GlobalState, kind: type[S]) -> Iterator[S]:
    """The local states of this type."""
    for name in sorted(state.engines):
        local = state.engines[name].environment.local
        if isinstance(local, kind):
            yield local


def managers_beside_authority(state: GlobalState) -> Iterator[tuple[ManagerState, AuthorityState]]:
    """What the manager believes, with what is so."""
    return product(locals_of(state, ManagerState), locals_of(state, AuthorityState))


def uncounted(state: GlobalState) -> Evidence | None:
    """What was received and is neither executed nor an error, or not counted, if anything."""
    executed = {digest for each in locals_of(state, AuthorityState) for digest in each.executed}
    tasks = [each for each in state.engines.values() if each.family == TASK.name]
    digests = [each.configuration.certificate.digest for each in tasks]
    missing = sorted(each for each in digests if each not in executed)
    drivers: tuple[Driving | Stopped, ...] = (
        *locals_of(state, Driving),
        *locals_of(state, Stopped),
    )
    for metrics in (each.metrics for each in drivers):
        errors, counted = metrics.errors, metrics.executions + metrics.errors
        if len(missing) > errors:
            return Evidence(f"not executed: {', '.join(missing)}; errors counted: {errors}")
        if len(tasks) != counted:
            return Evidence(f"certificates received: {len(tasks)}; counted: {counted}")
    return None


def unfinished(task: Engine) -> Evidence | None:
    """A task that has not finished, if it has not."""
    if isinstance(task.environment.local, Finished):
        return None
    return Evidence(f"{task.identity.external} has not finished, and never will")


def needlessly_waiting(state: GlobalState) -> Evidence | None:
    """A certificate that waits, and whose inputs and epoch are there, if there is one."""
    for manager, authority in managers_beside_authority(state):
        for digest in sorted(manager.waiting):
            inputs = manager.waiting[digest].certificate.inputs
            if all(key in authority.objects for key in inputs):
                return Evidence(f"{digest} waits, and all its inputs are there")
        for epoch, digest in sorted(manager.parked):
            if epoch <= authority.epoch:
                return Evidence(f"{digest} is parked for epoch {epoch}, which has begun")
    return None


def uninformed(state: GlobalState) -> Evidence | None:
    """What the manager does not know of AuthorityState, if there is anything."""
    for manager, authority in managers_beside_authority(state):
        if manager.epoch != authority.epoch:
            return Evidence(f"it is epoch {authority.epoch}, and for the manager {manager.epoch}")
        digests = sorted(set(manager.executed) ^ set(authority.executed))
        if digests:
            return Evidence(f"the manager is mistaken about the execution of {digests[0]}")
        versions = sorted(set(manager.available) ^ set(authority.objects))
        if versions:
            return Evidence(f"the manager is mistaken about the existence of {versions[0]}")
        if manager.enqueued:
            return Evidence(f"the manager does not know what has become of {min(manager.enqueued)}")
    return None


def locked(authority: Engine) -> Evidence | None:
    """A lock that is held, or waited for, if there is one."""
    local: AuthorityState = authority.environment.local
    if local.executing:
        return Evidence(f"the lock of {min(local.executing)} is held for ever")
    if local.reconfiguring is not None:
        return Evidence(f"epoch {local.reconfiguring} never begins")
    return None


def wrongly_stopped(state: GlobalState) -> Evidence | None:
    """A driver that has stopped and whose channel is open, or the other way round, if any."""
    closed = any(manager.closed for manager in locals_of(state, ManagerState))
    stopped = any(True for _ in locals_of(state, Stopped))
    if closed and not stopped:
        return Evidence("the channel is closed, and the driver has not stopped")
    if stopped and not closed:
        return Evidence("the channel is open, and the driver has stopped")
    return None


def is_for_later(state: GlobalState, body: object) -> bool:
    """Whether a message is for an epoch after the next, and so is not to be taken yet."""
    epochs = (authority.epoch for authority in locals_of(state, AuthorityState))
    return isinstance(body, Reconfigure) and all(body.epoch > epoch + 1 for epoch in epochs)


def untaken(state: GlobalState) -> Evidence | None:
    """A message that nobody takes, unless it is one that must not be taken, if there is one."""
    for place in sorted(state.mailboxes):
        bodies = [message.body for message, _ in mail_in(state.mailboxes[place])]
        stuck = sorted(type(each).__name__ for each in bodies if not is_for_later(state, each))
        if stuck and place.engine in state.engines:
            return Evidence(f"{stuck[0]} waits for {place.engine}, for ever")
    return None


EVERYTHING_IS_COUNTED = StateProperty(
    "everything received is executed or counted as an error", JoinTask.id, Kind.AT_REST, uncounted
)
"""Both can be: a task may crash after its execution has finished."""

TASKS_HAVE_FINISHED = EngineProperty(
    "every task has finished", ReportResult.id, Kind.AT_REST, frozenset({TASK.name}), unfinished
)
"""One way or the other."""

NOTHING_WAITS_NEEDLESSLY = StateProperty(
    "what still waits misses an input, or is of a later epoch",
    EnqueueCertificate.id,
    Kind.AT_REST,
    needlessly_waiting,
)
"""What became ready after the channel was closed does not wait: it was refused."""

MANAGER_KNOWS_ALL = StateProperty(
    "the manager knows what is executed, what exists, and which epoch it is",
    RecordCommit.id,
    Kind.AT_REST,
    uninformed,
)
"""And of all that it has sent to the driver, how it ended."""

NO_LOCK_IS_HELD = EngineProperty(
    "no lock is held, and no epoch waits to begin",
    AbandonExecution.id,
    Kind.AT_REST,
    AUTHORITIES,
    locked,
)
"""Whatever has crashed."""

STOPPED_IF_CLOSED = StateProperty(
    "the driver has stopped if and only if the channel was closed",
    Stop.id,
    Kind.AT_REST,
    wrongly_stopped,
)
"""All tasks joined."""

EVERYTHING_IS_TAKEN = StateProperty(
    "no message waits but for an epoch after the next",
    JoinTask.id,
    Kind.AT_REST,
    untaken,
)
"""Messages to tasks that were never spawned aside."""
