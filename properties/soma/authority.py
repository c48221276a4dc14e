"""AuthorityState: at most once, in one epoch, with all inputs, and nothing left of what failed."""

from attrs import evolve
from pyrsistent import PMap, pmap

from properties.monitor import consumed, monitor, sent
from properties.property import EngineProperty, Evidence, Kind, Reacted, ReactionProperty
from spec.formalism.engine import Engine
from spec.formalism.event import Record
from spec.soma.authority.behaviour import (
    AUTHORITY,
    AbandonExecution,
    AnswerExecuted,
    BeginExecution,
    FinishExecution,
    IgnoreAbandoned,
    RefuseExecution,
)
from spec.soma.authority.environment import AuthorityState, Execution
from spec.soma.authority.epochs import AwaitReconfiguration, ChangeEpoch
from spec.soma.authority.messages import (
    Abandon,
    Committed,
    Executed,
    ExecutionFailed,
    Failed,
    TryExecute,
)
from spec.soma.certificate import TransactionDigest, Versions, versions_written
from spec.soma.execution import Effects, ExecutionError
from spec.soma.object import FIRST, ObjectKey, Objects, Version

AUTHORITIES = frozenset({AUTHORITY.name})
"""The family of AuthorityState."""

Known = PMap[TransactionDigest, Effects]
"""The effects of transactions that were executed."""

NOTHING_EXECUTED: Known = pmap()
"""Before the first execution."""


def states(reacted: Reacted) -> tuple[AuthorityState, AuthorityState] | None:
    """AuthorityState before and after a step; nothing where it is another engine's step."""
    before, after = reacted.before.environment.local, reacted.after.environment.local
    if isinstance(before, AuthorityState) and isinstance(after, AuthorityState):
        return before, after
    return None


def newly(reacted: Reacted) -> tuple[Execution, ...]:
    """The executions that begin in a step."""
    local = states(reacted)
    if local is None:
        return ()
    before, after = local
    return tuple(
        after.executing[digest]
        for digest in sorted(after.executing)
        if before.executing.get(digest) != after.executing[digest]
    )


def finished_in(reacted: Reacted) -> tuple[Effects, ...]:
    """The executions that finish in a step."""
    local = states(reacted)
    if local is None:
        return ()
    before, after = local
    return tuple(
        after.executed[digest]
        for digest in sorted(after.executed)
        if before.executed.get(digest) != after.executed[digest]
    )


def not_alone(reacted: Reacted) -> Evidence | None:
    """An execution that begins while its transaction is executing, if there is one."""
    for execution in newly(reacted):
        digest = execution.certificate.digest
        if digest in reacted.before.environment.local.executing:
            return Evidence(f"{digest} is executing, and begins again")
    return None


def begun_for_nobody(reacted: Reacted) -> Evidence | None:
    """An execution that begins for a task that has crashed, if there is one."""
    for execution in newly(reacted):
        if execution.requester in reacted.before.environment.local.abandoned:
            crashed = f"{execution.requester}, which has crashed"
            return Evidence(f"{execution.certificate.digest} begins for {crashed}")
    return None


def with_effects(known: Known, record: Record) -> Known:
    """The effects that were told after a step."""
    for message in sent(record, Executed):
        if message.body.effects.digest not in known:
            known = known.set(message.body.effects.digest, message.body.effects)
    return known


def executed_again(known: Known, record: Record) -> Evidence | None:
    """A transaction that is executed twice, or told of with other effects, if there is one."""
    for commit in sent(record, Committed):
        if commit.body.digest in known:
            return Evidence(f"{commit.body.digest} is executed, and executes again")
    for message in sent(record, Executed):
        effects = message.body.effects
        if known.get(effects.digest, effects) != effects:
            return Evidence(f"{effects.digest} is executed, and has other effects now")
    return None


def changed_past(reacted: Reacted) -> Evidence | None:
    """A version or effects that change or vanish, if there are any."""
    local = states(reacted)
    if local is None:
        return None
    before, after = local
    for key in sorted(before.objects) if before.objects is not after.objects else ():
        if after.objects.get(key) != before.objects[key]:
            now = after.objects.get(key, "nothing")
            return Evidence(f"{key} held {before.objects[key]}, and holds {now}")
    for digest in sorted(before.executed) if before.executed is not after.executed else ():
        if after.executed.get(digest) != before.executed[digest]:
            return Evidence(f"{digest} was executed, and its effects are no longer what they were")
    return None


def missing_input(reacted: Reacted) -> Evidence | None:
    """An execution that begins and does not read its inputs as they are, if there is one."""
    for execution in newly(reacted):
        objects: Objects = reacted.before.environment.local.objects
        digest, inputs = execution.certificate.digest, execution.certificate.inputs
        for key in sorted(inputs):
            if key not in objects or execution.inputs.get(key) != objects[key]:
                return Evidence(f"{digest} begins, and does not read {key} as it is")
        for key in sorted(set(execution.inputs) - inputs):
            return Evidence(f"{digest} begins, and reads {key}, which is no input")
    return None


def mixed_epochs(reacted: Reacted) -> Evidence | None:
    """An execution that begins or goes on in another epoch than its own, if there is one."""
    local, asked = states(reacted), consumed(reacted.record, TryExecute)
    if local is None:
        return None
    before, after = local
    for execution in newly(reacted):
        epoch = execution.certificate.epoch
        loaded = asked.body.epoch if asked is not None else None
        if not before.epoch == epoch == loaded:
            what = f"epoch {before.epoch}, and the epoch loaded is {loaded}"
            return Evidence(f"{execution.certificate.digest} of epoch {epoch} begins in {what}")
    if after.epoch != before.epoch and after.executing:
        going_on = min(after.executing)
        return Evidence(f"epoch {after.epoch} begins, and {going_on} is executing")
    if after.epoch not in {before.epoch, before.epoch + 1}:
        return Evidence(f"epoch {after.epoch} begins after epoch {before.epoch}")
    for effects in finished_in(reacted):
        if effects.epoch != before.epoch:
            of = f"{effects.digest} of epoch {effects.epoch}"
            return Evidence(f"{of} finishes in epoch {before.epoch}")
    return None


def overtaken_reconfiguration(reacted: Reacted) -> Evidence | None:
    """An execution that begins while a reconfiguration waits, if there is one."""
    for execution in newly(reacted):
        waiting = reacted.before.environment.local.reconfiguring
        if waiting is not None:
            digest = execution.certificate.digest
            return Evidence(f"{digest} begins while epoch {waiting} waits to begin")
    return None


def groundless_error(reacted: Reacted) -> Evidence | None:
    """An error without a cause, if there is one."""
    local = states(reacted)
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


def trace_of_failure(reacted: Reacted) -> Evidence | None:
    """What an attempt that came to nothing has changed beyond its own locks, if anything."""
    local, abandon = states(reacted), consumed(reacted.record, Abandon)
    failed = [message.body.digest for message in sent(reacted.record, ExecutionFailed)]
    if local is None or (abandon is None and not failed):
        return None
    before, after = local
    if (before.objects, before.executed) != (after.objects, after.executed):
        return Evidence("an attempt comes to nothing, and leaves something")
    for digest in sorted(before.executing):
        execution = before.executing[digest]
        abandoned = abandon is not None and execution.requester == abandon.sender
        goes_on = not abandoned and digest not in failed
        if goes_on and digest not in after.executing:
            return Evidence(f"somebody else's attempt comes to nothing, and {digest} is dropped")
        if not goes_on and digest in after.executing:
            return Evidence(f"an attempt comes to nothing, and keeps the lock of {digest}")
    return None


def unreported(reacted: Reacted) -> Evidence | None:
    """An execution or failure of which not everybody hears who should, if there is one."""
    local = states(reacted)
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
        if begun is None or (begun.requester, effects) not in answers:
            return Evidence(f"{effects.digest} is executed, and nobody who has asked hears of it")
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


def broken_chain(authority: Engine) -> Evidence | None:
    """A version that does not follow from the one before it, if there is one."""
    local: AuthorityState = authority.environment.local
    writers: dict[ObjectKey, TransactionDigest] = {}
    for digest in sorted(local.executed):
        effects = local.executed[digest]
        read = {key.object: key.version for key in effects.read}
        for key in sorted(effects.written):
            due = Version(read[key.object] + 1) if key.object in read else FIRST
            if key.version != due:
                return Evidence(f"{digest} makes {key}, and version {due} is next")
            if writers.setdefault(key, digest) != digest:
                return Evidence(f"{writers[key]} and {digest} both make {key}")
            if local.objects.get(key) != effects.written[key]:
                return Evidence(f"{digest} makes {key}, which holds something else")
    return unwritten_version(local, writers)


def unwritten_version(
    local: AuthorityState, writers: dict[ObjectKey, TransactionDigest]
) -> Evidence | None:
    """A version that is neither the first one of its object that there was nor written, if any."""
    oldest: dict[str, ObjectKey] = {}
    for key in sorted(local.objects):
        first = oldest.setdefault(key.object, key)
        before = ObjectKey(key.object, Version(key.version - 1))
        if key != first and (key not in writers or before not in local.objects):
            return Evidence(f"{key} does not follow from {before}")
    return None


AT_MOST_ONCE = evolve(
    monitor(
        "a digest executes at most once, over all epochs, and a repeat has the same effects",
        AnswerExecuted.id,
        NOTHING_EXECUTED,
        with_effects,
        executed_again,
    ),
    concerns=(Executed, Committed),
)
"""Judged by what AuthorityState says."""

PAST_STAYS = ReactionProperty(
    "what is executed stays so, and versions never change",
    Versions.id,
    Kind.ALWAYS,
    changed_past,
)
"""Judged by what AuthorityState remembers."""

BEGINS_WITH_INPUTS = ReactionProperty(
    "an execution begins only with all its inputs there",
    BeginExecution.id,
    Kind.ALWAYS,
    missing_input,
)
"""And reads exactly these."""

ONE_EPOCH = ReactionProperty(
    "an execution has one epoch throughout", ChangeEpoch.id, Kind.ALWAYS, mixed_epochs
)
"""That of its certificate, the one that was loaded, and the current one from begin to finish."""

ONE_AT_A_TIME = ReactionProperty(
    "a transaction is executing once at a time", BeginExecution.id, Kind.ALWAYS, not_alone
)
"""Its digest is locked."""

BEGINS_FOR_SOMEBODY = ReactionProperty(
    "no execution begins for a task that has crashed",
    IgnoreAbandoned.id,
    Kind.ALWAYS,
    begun_for_nobody,
)
"""As far as AuthorityState has heard of the crash."""

RECONFIGURATION_IS_NEXT = ReactionProperty(
    "no execution begins while a reconfiguration waits",
    AwaitReconfiguration.id,
    Kind.ALWAYS,
    overtaken_reconfiguration,
)
"""So that its turn comes."""

ERRORS_HAVE_CAUSES = ReactionProperty(
    "an error has its cause, and what is executed is none",
    RefuseExecution.id,
    Kind.ALWAYS,
    groundless_error,
)
"""The epoch comes before the inputs."""

FAILURE_LEAVES_NOTHING = ReactionProperty(
    "a failed or crashed attempt leaves nothing, and affects no other one",
    AbandonExecution.id,
    Kind.ALWAYS,
    trace_of_failure,
)
"""No version, no effects, no lock; what others have begun goes on."""

EVERYBODY_HEARS = ReactionProperty(
    "manager and requester hear of every execution, and the manager of every failure",
    FinishExecution.id,
    Kind.ALWAYS,
    unreported,
)
"""Unless the transaction is executed or executing all the same."""

VERSIONS_FORM_CHAINS = EngineProperty(
    "versions of an object form a chain", Versions.id, Kind.ALWAYS, AUTHORITIES, broken_chain
)
"""Each but the oldest was made once, by an execution that had the one before as an input."""
