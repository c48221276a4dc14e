"""What should happen in some run, so that nothing holds only because nothing happens."""

from functools import partial

from properties.mailboxes import mail_in
from properties.monitor import consumed, sent
from properties.property import (
    EngineProperty,
    Evidence,
    Kind,
    Reacted,
    ReactionProperty,
    StateProperty,
)
from properties.soma.authority import AUTHORITIES, finished_in
from properties.soma.driver import DRIVERS, unfinished
from properties.soma.manager import MANAGERS
from properties.soma.task import stage_of
from spec.formalism.engine import Engine
from spec.formalism.rule import RuleId
from spec.formalism.state import GlobalState
from spec.soma.authority.behaviour import (
    AbandonExecution,
    AnswerExecuted,
    BeginExecution,
    FinishExecution,
    IgnoreAbandoned,
    RefuseExecution,
)
from spec.soma.authority.environment import AuthorityState, is_free
from spec.soma.authority.epochs import AwaitReconfiguration, ChangeEpoch
from spec.soma.authority.messages import Abandon, ExecutionFailed, TryExecute
from spec.soma.channel import Ready
from spec.soma.driver.behaviour import JoinCrashedTask, ReceiveCertificate, Stop, TakeClose
from spec.soma.driver.environment import Driving, Stopped
from spec.soma.epoch import FIRST_EPOCH
from spec.soma.execution import ExecutionError
from spec.soma.manager.behaviour import (
    EnqueueCertificate,
    ParkCertificate,
    RefuseCertificate,
    SendReady,
)
from spec.soma.manager.messages import CertificateRefused, Reason
from spec.soma.task.behaviour import TASK, CrashTask
from spec.soma.task.environment import Stage


def fired(rule: RuleId, reacted: Reacted) -> Evidence | None:
    """A step in which the rule fires, if it does."""
    return Evidence(f"{rule} fires") if rule in reacted.record.fired else None


def two_at_once(state: GlobalState) -> Evidence | None:
    """Two tasks that run at once, if there are."""
    running = unfinished(state)
    if len(running) <= 1:
        return None
    first, second, *_ = sorted(running)
    return Evidence(f"{first} and {second} run at once")


def waiting_for_task(state: GlobalState) -> Evidence | None:
    """A certificate in the channel for which the driver has no task left, if there is one."""
    for place in sorted(state.mailboxes):
        engine = state.engines.get(place.engine)
        local = engine.environment.local if engine is not None else None
        if engine is not None and isinstance(local, Driving) and local.running:
            bodies = [message.body for message, _ in mail_in(state.mailboxes[place])]
            places = [body.place for body in bodies if isinstance(body, Ready)]
            full = len(local.running) == engine.configuration.max_concurrent_executions
            if full and local.taken + 1 in places:
                return Evidence(f"place {local.taken + 1} waits for a task to end")
    return None


def waiting_for_input(manager: Engine) -> Evidence | None:
    """A certificate that waits for its inputs, if there is one."""
    waiting = sorted(manager.environment.local.waiting)
    return Evidence(f"{waiting[0]} waits for its inputs") if waiting else None


def several_ready(reacted: Reacted) -> Evidence | None:
    """Certificates that one step readies, if there are several."""
    digests = [message.body.certificate.digest for message in sent(reacted.record, Ready)]
    return Evidence(f"{', '.join(digests)} become ready") if len(digests) > 1 else None


def refused_as(reason: Reason, reacted: Reacted) -> Evidence | None:
    """A certificate that is refused for this reason, if there is one."""
    for message in sent(reacted.record, CertificateRefused):
        if message.body.reason is reason:
            return Evidence(f"{message.body.digest} is refused: {reason.value}")
    return None


def failed_as(error: ExecutionError, reacted: Reacted) -> Evidence | None:
    """A certificate that is not executed for this reason, if there is one."""
    for message in sent(reacted.record, ExecutionFailed):
        if message.body.error is error:
            return Evidence(f"{message.body.digest} is not executed: {error.value}")
    return None


def crashed_in(stage: Stage, reacted: Reacted) -> Evidence | None:
    """A task that crashes when it has got so far, if there is one."""
    if CrashTask.id in reacted.record.fired and stage_of(reacted.before) is stage:
        return Evidence(f"{reacted.before.identity.external} crashes, {stage.value}")
    return None


def abandoned(reacted: Reacted) -> Evidence | None:
    """An execution that has begun and is abandoned, if there is one."""
    abandon, local = consumed(reacted.record, Abandon), reacted.before.environment.local
    dropped = abandon is not None and len(local.executing) > len(
        reacted.after.environment.local.executing
    )
    return Evidence(f"{abandon.body.digest} is abandoned") if abandon and dropped else None


def abandoned_late(reacted: Reacted) -> Evidence | None:
    """An execution that has finished and whose task has crashed all the same, if there is one."""
    abandon, local = consumed(reacted.record, Abandon), reacted.before.environment.local
    late = abandon is not None and abandon.body.digest in local.executed
    return Evidence(f"{abandon.body.digest} was executed before") if abandon and late else None


def draining(driver: Engine) -> Evidence | None:
    """A driver that has taken the end of the channel and has tasks running, if there is one."""
    local = driver.environment.local
    if isinstance(local, Driving) and local.closed:
        return Evidence(f"{len(local.running)} tasks run, and the channel has ended")
    return None


def stopped(driver: Engine) -> Evidence | None:
    """A driver that has stopped, if it has."""
    done = isinstance(driver.environment.local, Stopped)
    return Evidence("the driver has stopped") if done else None


def reconfiguring(authority: Engine) -> Evidence | None:
    """An epoch that waits to begin, if there is one."""
    epoch = authority.environment.local.reconfiguring
    return None if epoch is None else Evidence(f"epoch {epoch} waits to begin")


def waiting_for_lock(state: GlobalState) -> Evidence | None:
    """A request that waits for a lock, if there is one."""
    for place in sorted(state.mailboxes):
        engine = state.engines.get(place.engine)
        local = engine.environment.local if engine is not None else None
        if isinstance(local, AuthorityState):
            bodies = [message.body for message, _ in mail_in(state.mailboxes[place])]
            waiting = sorted(
                body.certificate.digest
                for body in bodies
                if isinstance(body, TryExecute)
                and body.certificate.digest not in local.executed
                and not is_free(local, body)
            )
            if waiting:
                return Evidence(f"the request for {waiting[0]} waits for a lock")
    return None


def failing(reacted: Reacted) -> Evidence | None:
    """An execution whose program fails, if there is one."""
    for effects in finished_in(reacted):
        if effects.failure is not None:
            return Evidence(f"{effects.digest} fails: {effects.failure}")
    return None


def later_epoch(reacted: Reacted) -> Evidence | None:
    """An execution in a later epoch than the first, if there is one."""
    for effects in finished_in(reacted):
        if effects.epoch > FIRST_EPOCH:
            return Evidence(f"{effects.digest} is executed in epoch {effects.epoch}")
    return None


def beside_driver(reacted: Reacted) -> Evidence | None:
    """An execution that no task has asked for, if there is one."""
    if BeginExecution.id not in reacted.record.fired:
        return None
    asked = consumed(reacted.record, TryExecute)
    beside = asked is not None and not asked.sender.name.startswith(f"{TASK.name}.")
    return Evidence(f"{asked.sender} has it executed") if asked and beside else None


TWO_AT_ONCE = StateProperty(
    "two tasks run at once",
    ReceiveCertificate.id,
    Kind.SOMETIMES,
    two_at_once,
    frozenset({TASK.name}),
)
"""Neither has finished."""

A_CERTIFICATE_WAITS_FOR_A_TASK = StateProperty(
    "a certificate waits in the channel because of the limit",
    ReceiveCertificate.id,
    Kind.SOMETIMES,
    waiting_for_task,
    DRIVERS,
)
"""It is next, and as many tasks run as may."""

A_CERTIFICATE_WAITS = EngineProperty(
    "a certificate waits for an input",
    EnqueueCertificate.id,
    Kind.SOMETIMES,
    MANAGERS,
    waiting_for_input,
)
"""At the manager."""

SEVERAL_BECOME_READY = ReactionProperty(
    "one step readies several certificates", SendReady.id, Kind.SOMETIMES, several_ready
)
"""By a commit, say."""

A_CERTIFICATE_IS_PARKED = ReactionProperty(
    "a certificate comes before its epoch",
    ParkCertificate.id,
    Kind.SOMETIMES,
    partial(fired, ParkCertificate.id),
)
"""And is parked."""

REFUSED = {
    reason: ReactionProperty(
        f"a certificate is refused: {reason.value}",
        RefuseCertificate.id,
        Kind.SOMETIMES,
        partial(refused_as, reason),
    )
    for reason in Reason
}
"""A refusal for each reason."""

FAILED = {
    error: ReactionProperty(
        f"a certificate is not executed: {error.value}",
        RefuseExecution.id,
        Kind.SOMETIMES,
        partial(failed_as, error),
    )
    for error in ExecutionError
}
"""A failure for each error."""

A_REPEAT_IS_ANSWERED = ReactionProperty(
    "what is executed is asked for again",
    AnswerExecuted.id,
    Kind.SOMETIMES,
    partial(fired, AnswerExecuted.id),
)
"""And answered with the same effects."""

CRASHED = {
    stage: ReactionProperty(
        f"a task crashes: {stage.value}", CrashTask.id, Kind.SOMETIMES, partial(crashed_in, stage)
    )
    for stage in Stage
}
"""A crash at each point of a task."""

A_CRASH_IS_JOINED = ReactionProperty(
    "a crashed task is joined",
    JoinCrashedTask.id,
    Kind.SOMETIMES,
    partial(fired, JoinCrashedTask.id),
)
"""And counted."""

AN_EXECUTION_IS_ABANDONED = ReactionProperty(
    "an execution that has begun is abandoned", AbandonExecution.id, Kind.SOMETIMES, abandoned
)
"""Its task has crashed."""

AN_EXECUTION_OUTLIVES_ITS_TASK = ReactionProperty(
    "an execution has finished when its task crashes",
    AbandonExecution.id,
    Kind.SOMETIMES,
    abandoned_late,
)
"""It stays."""

A_CRASH_OVERTAKES_ITS_REQUEST = ReactionProperty(
    "the word of a crash overtakes a request",
    IgnoreAbandoned.id,
    Kind.SOMETIMES,
    partial(fired, IgnoreAbandoned.id),
)
"""Which is ignored."""

THE_DRIVER_DRAINS = EngineProperty(
    "the driver drains", TakeClose.id, Kind.SOMETIMES, DRIVERS, draining
)
"""The channel has ended, and tasks run."""

THE_DRIVER_STOPS = EngineProperty("the driver stops", Stop.id, Kind.SOMETIMES, DRIVERS, stopped)
"""All tasks are joined."""

A_RECONFIGURATION_WAITS = EngineProperty(
    "a reconfiguration waits for an execution",
    AwaitReconfiguration.id,
    Kind.SOMETIMES,
    AUTHORITIES,
    reconfiguring,
)
"""It has begun before."""

A_REQUEST_WAITS = StateProperty(
    "a request waits for a lock", BeginExecution.id, Kind.SOMETIMES, waiting_for_lock, AUTHORITIES
)
"""Of its digest, or of the epoch."""

A_PROGRAM_FAILS = ReactionProperty("a program fails", FinishExecution.id, Kind.SOMETIMES, failing)
"""And its certificate is executed."""

A_LATER_EPOCH_EXECUTES = ReactionProperty(
    "something is executed in a later epoch", ChangeEpoch.id, Kind.SOMETIMES, later_epoch
)
"""Than the first one."""

SOMETHING_IS_EXECUTED_BESIDE_THE_DRIVER = ReactionProperty(
    "something is executed beside the driver", BeginExecution.id, Kind.SOMETIMES, beside_driver
)
"""By state sync."""
