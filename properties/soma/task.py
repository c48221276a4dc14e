"""Tasks: one epoch store, one request, and the end that AuthorityState has told them."""

from properties.monitor import consumed, sent
from properties.property import Evidence, Kind, Reacted, ReactionProperty
from spec.formalism.engine import Engine
from spec.formalism.environment import Finished
from spec.soma.authority.messages import (
    Abandon,
    EpochStore,
    Executed,
    ExecutionFailed,
    LoadEpochStore,
    TryExecute,
)
from spec.soma.task.behaviour import TASK, CrashTask, LoadEpoch, ReportResult, RequestExecution
from spec.soma.task.environment import Stage, TaskState
from spec.soma.task.messages import Crash, TaskCrashed, TaskEnded


def loads_again(reacted: Reacted) -> Evidence | None:
    """A task that loads the epoch store, and has started before, if there is one."""
    if reacted.before.family != TASK.name:
        return None
    loads = len(tuple(sent(reacted.record, LoadEpochStore)))
    before, after = stage_of(reacted.before), stage_of(reacted.after)
    started = before is Stage.SPAWNED and after is Stage.LOADING
    name = reacted.before.identity.external
    if loads != int(started):
        return Evidence(f"{name} was {named(before)}, and loads the epoch store {loads} times")
    if after is Stage.SPAWNED or (after is Stage.LOADING and not started):
        return None if before is after else Evidence(f"{name} was {named(before)}, and starts anew")
    return None


def stage_of(task: Engine) -> Stage | None:
    """How far a task is; nothing if it has finished."""
    local = task.environment.local
    return local.stage if isinstance(local, TaskState) else None


def named(stage: Stage | None) -> str:
    """How far a task is, in a word."""
    return "finished" if stage is None else stage.value


def other_request(reacted: Reacted) -> Evidence | None:
    """A task that asks for something else than it should, or again, if there is one."""
    if reacted.before.family != TASK.name:
        return None
    certificate, store = (
        reacted.before.configuration.certificate,
        consumed(reacted.record, EpochStore),
    )
    waits = stage_of(reacted.before) is Stage.LOADING
    due = [TryExecute(certificate, certificate.commit, store.body.epoch)] if store and waits else []
    found = [message.body for message in sent(reacted.record, TryExecute)]
    if found == due:
        return None
    name = reacted.before.identity.external
    epochs = ", ".join(f"with epoch {each.epoch}" for each in found) or "for nothing"
    return Evidence(f"{name} has loaded {store.body.epoch if store else 'nothing'}, asks {epochs}")


def untrue_report(reacted: Reacted) -> Evidence | None:
    """A task that tells the driver something else than it was told, if there is one."""
    ends = [message.body for message in sent(reacted.record, TaskEnded)]
    if reacted.before.family != TASK.name or isinstance(reacted.before.environment.local, Finished):
        return Evidence(f"{reacted.before.identity.external} tells of an end") if ends else None
    executed, failed = (
        consumed(reacted.record, Executed),
        consumed(reacted.record, ExecutionFailed),
    )
    answered = executed is not None or failed is not None
    place = reacted.before.configuration.place
    due = [TaskEnded(place, failed.body.error if failed else None)] if answered else []
    if ends == due:
        return None
    told = failed.body.error.value if failed else "executed" if executed else "nothing"
    says = ", ".join(each.error.value if each.error else "executed" for each in ends) or "nothing"
    return Evidence(f"{reacted.before.identity.external} was told {told}, and says {says}")


def unnoticed_crash(reacted: Reacted) -> Evidence | None:
    """A task that crashes and of which the driver and AuthorityState do not both hear, if any."""
    if reacted.before.family != TASK.name:
        return None
    runs = not isinstance(reacted.before.environment.local, Finished)
    crash = consumed(reacted.record, Crash) if runs else None
    configuration = reacted.before.configuration
    due = {
        (configuration.driver, TaskCrashed(configuration.place)),
        (configuration.authority, Abandon(configuration.certificate.digest)),
    }
    found = {
        (message.target, message.body)
        for message in reacted.record.sent
        if isinstance(message.body, TaskCrashed | Abandon)
    }
    if found == (due if crash else set[tuple[object, object]]()):
        return None
    heard = ", ".join(sorted(str(target) for target, _ in found)) or "nobody"
    what = "crashes" if crash else "does not crash"
    return Evidence(f"{reacted.before.identity.external} {what}, and {heard} hears of a crash")


LOADED_ONCE = ReactionProperty(
    "a task loads the epoch store once", LoadEpoch.id, Kind.ALWAYS, loads_again
)
"""When it starts, which it does once."""

ASKED_ONCE = ReactionProperty(
    "a task asks once, with the epoch that it has loaded",
    RequestExecution.id,
    Kind.ALWAYS,
    other_request,
)
"""For its certificate, with the commit that this came with."""

REPORTED_TRULY = ReactionProperty(
    "a task reports what AuthorityState has answered", ReportResult.id, Kind.ALWAYS, untrue_report
)
"""Once, and nothing else."""

CRASH_IS_NOTICED = ReactionProperty(
    "driver and AuthorityState hear of every crash, and of no other",
    CrashTask.id,
    Kind.ALWAYS,
    unnoticed_crash,
)
"""Wherever the task was."""
