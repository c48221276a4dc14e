"""What AuthorityState says: errors that have their causes, and news for all who should hear."""

from properties.monitor import consumed, sent
from properties.property import Evidence, Kind, Reacted, ReactionProperty
from properties.soma.authority import finished_in
from spec.formalism.event import Record
from spec.soma.authority.behaviour import AbandonExecution, FinishExecution, RefuseExecution
from spec.soma.authority.environment import AuthorityState
from spec.soma.authority.messages import (
    Abandon,
    Committed,
    Executed,
    ExecutionFailed,
    Failed,
    TryExecute,
)
from spec.soma.certificate import TransactionDigest, versions_written
from spec.soma.execution import ExecutionError


def groundless_error(reacted: Reacted) -> Evidence | None:
    """An error without a cause, if there is one."""
    local = reacted.states(AuthorityState)
    if local is None:
        return None
    before, _ = local
    for message in sent(reacted.record, ExecutionFailed):
        digest, error = message.body.digest, message.body.error
        if digest in before.executed:
            return Evidence(f"{digest} is executed, and the answer is {error.value}")
        if error not in causes(before, digest, reacted.record):
            return Evidence(f"the answer about {digest} is {error.value}, which is not so")
    return None


def causes(
    before: AuthorityState, digest: TransactionDigest, record: Record
) -> frozenset[ExecutionError]:
    """The errors that there may be about a transaction in a step."""
    asked = consumed(record, TryExecute)
    if asked is None:
        execution = before.executing.get(digest)
        made = versions_written(execution.certificate, failed=False) if execution else ()
        conflict = any(key in before.objects for key in made)
        return frozenset({ExecutionError.VERSION_CONFLICT} if conflict else ())
    certificate = asked.body.certificate
    if not asked.body.epoch == certificate.epoch == before.epoch:
        return frozenset({ExecutionError.WRONG_EPOCH})
    missing = any(key not in before.objects for key in certificate.inputs)
    return frozenset({ExecutionError.MISSING_INPUT} if missing else ())


def unreported(reacted: Reacted) -> Evidence | None:
    """An execution or failure of which not everybody hears who should, if there is one."""
    local = reacted.states(AuthorityState)
    if local is None:
        return None
    before, after = local
    manager, record = reacted.before.configuration.manager, reacted.record
    commits = {message.body for message in sent(record, Committed) if message.target == manager}
    answers = [(message.target, message.body.effects) for message in sent(record, Executed)]
    for effects in finished_in(reacted):
        if Committed(effects.digest, frozenset(effects.written)) not in commits:
            return Evidence(f"{effects.digest} is executed, and the manager does not hear of it")
        begun = before.executing.get(effects.digest)
        if begun is None:
            return Evidence(f"{effects.digest} is executed, and had not begun")
        if (begun.requester, effects) not in answers:
            return Evidence(
                f"{effects.digest} is executed, and {begun.requester} does not hear of it"
            )
    for _, effects in answers:
        if after.executed.get(effects.digest) != effects:
            return Evidence(f"{effects.digest} is answered with effects that it does not have")
    told = {message.body for message in sent(record, Failed) if message.target == manager}
    for failure in failures(after, record):
        if failure not in told:
            return Evidence(
                f"{failure.digest} comes to nothing, and the manager does not hear of it"
            )
    return None


def failures(after: AuthorityState, record: Record) -> tuple[Failed, ...]:
    """What the manager should hear of attempts that came to nothing in a step."""
    found = [Failed(each.body.digest, each.target) for each in sent(record, ExecutionFailed)]
    abandon = consumed(record, Abandon)
    if abandon is not None and AbandonExecution.id in record.fired:
        digest = abandon.body.digest
        if digest not in after.executed and digest not in after.executing:
            found.append(Failed(digest, abandon.sender))
    return tuple(found)


ERRORS_HAVE_CAUSES = ReactionProperty(
    "an error has its cause, and what is executed is none",
    RefuseExecution.id,
    Kind.ALWAYS,
    groundless_error,
)
"""The epoch comes before the inputs."""

EVERYBODY_HEARS = ReactionProperty(
    "manager and requester hear of every execution, and the manager of every failure",
    FinishExecution.id,
    Kind.ALWAYS,
    unreported,
)
"""Unless the transaction is executed or executing all the same."""
