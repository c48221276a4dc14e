"""AuthorityState: at most once, in one epoch, with all inputs, and nothing left of what failed."""

from attrs import evolve
from pyrsistent import PMap, pmap

from properties.monitor import consumed, monitor, sent
from properties.property import Evidence, Kind, Reacted, ReactionProperty
from spec.formalism.event import Record
from spec.soma.authority.behaviour import (
    AUTHORITY,
    AbandonExecution,
    AnswerExecuted,
    BeginExecution,
    IgnoreAbandoned,
)
from spec.soma.authority.environment import AuthorityState, Execution
from spec.soma.authority.epochs import AwaitReconfiguration, ChangeEpoch
from spec.soma.authority.messages import (
    Abandon,
    Committed,
    Executed,
    ExecutionFailed,
    TryExecute,
)
from spec.soma.certificate import TransactionDigest, Versions
from spec.soma.execution import Effects
from spec.soma.object import Objects

AUTHORITIES = frozenset({AUTHORITY.name})
"""The family of AuthorityState."""

Known = PMap[TransactionDigest, Effects]
"""The effects of transactions that were executed."""

NOTHING_EXECUTED: Known = pmap()
"""Before the first execution."""


def newly(reacted: Reacted) -> tuple[Execution, ...]:
    """The executions that begin in a step."""
    local = reacted.states(AuthorityState)
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
    local = reacted.states(AuthorityState)
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
    local = reacted.states(AuthorityState)
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
            if key not in objects:
                return Evidence(f"{digest} begins, and {key} is not there")
            if execution.inputs.get(key) != objects[key]:
                return Evidence(f"{digest} begins, and does not read {key} as it is")
        for key in sorted(set(execution.inputs) - inputs):
            return Evidence(f"{digest} begins, and reads {key}, which is no input")
    return None


def mixed_epochs(reacted: Reacted) -> Evidence | None:
    """An execution that begins or goes on in another epoch than its own, if there is one."""
    local, asked = reacted.states(AuthorityState), consumed(reacted.record, TryExecute)
    if local is None:
        return None
    before, after = local
    for execution in newly(reacted):
        epoch = execution.certificate.epoch
        loaded = asked.body.epoch if asked is not None else "none"
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


def trace_of_failure(reacted: Reacted) -> Evidence | None:
    """What an attempt that came to nothing has changed beyond its own locks, if anything."""
    local, abandon = reacted.states(AuthorityState), consumed(reacted.record, Abandon)
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

FAILURE_LEAVES_NOTHING = ReactionProperty(
    "a failed or crashed attempt leaves nothing, and affects no other one",
    AbandonExecution.id,
    Kind.ALWAYS,
    trace_of_failure,
)
"""No version, no effects, no lock; what others have begun goes on."""
