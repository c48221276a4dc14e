"""Tasks: one epoch store, one request, and the end that AuthorityState has told them."""

from properties.monitor import consumed, sent
from properties.property import Evidence, Kind, Reacted, ReactionProperty
from spec.formalism.engine import Engine
from spec.formalism.environment import Finished
from spec.formalism.identity import EngineId
from spec.soma.authority.messages import (
    Abandon,
    EpochStore,
    Executed,
    ExecutionFailed,
    LoadEpochStore,
    TryExecute,
)
from spec.soma.task.behaviour import TASK, CrashTask, LoadEpoch, ReportResult, RequestExecution
from spec.soma.task.configuration import TaskConfiguration
from spec.soma.task.environment import Stage, TaskState
from spec.soma.task.messages import Crash, TaskCrashed, TaskEnded

Heard = tuple[EngineId, TaskCrashed | Abandon]
"""Who hears of a crash, and what."""


def loads_again(reacted: Reacted) -> Evidence | None:
    """A task that loads the epoch store, and has started before, if there is one."""
    if reacted.before.family != TASK.name:
        return None
    loads = len(tuple(sent(reacted.record, LoadEpochStore)))
    before, after = stage_of(reacted.before), stage_of(reacted.after)
    started = before is Stage.SPAWNED and after is Stage.LOADING
    name = reacted.before.identity.external
    if loads != int(started):
        moved = f"{name} was {named(before)}, is {named(after)}"
        return Evidence(f"{moved}; loads of the epoch store: {loads}")
    if after in (Stage.SPAWNED, Stage.LOADING) and after is not before and not started:
        return Evidence(f"{name} was {named(before)}, and is {named(after)} again")
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
    certificate = reacted.before.configuration.certificate
    store, stage = consumed(reacted.record, EpochStore), stage_of(reacted.before)
    waits = stage is Stage.LOADING
    due = [TryExecute(certificate, certificate.commit, store.body.epoch)] if store and waits else []
    found = [message.body for message in sent(reacted.record, TryExecute)]
    if found == due:
        return None
    name = reacted.before.identity.external
    told = f"epoch {store.body.epoch}" if store else "nothing"
    asks = ", ".join(map(request_in_words, found)) or "nothing"
    return Evidence(f"{name} was {named(stage)}, was told {told}, and asks for {asks}")


def request_in_words(request: TryExecute) -> str:
    """What is asked for, and with what."""
    commit = f"commit {request.commit.digest}" if request.commit else "no commit"
    return f"{request.certificate.digest} with epoch {request.epoch} and {commit}"


def untrue_report(reacted: Reacted) -> Evidence | None:
    """A task that tells the driver something else than it was told, if there is one."""
    ends = [(message.target, message.body) for message in sent(reacted.record, TaskEnded)]
    name = reacted.before.identity.external
    if reacted.before.family != TASK.name or isinstance(reacted.before.environment.local, Finished):
        return Evidence(f"{name} is no task that runs, and reports an end") if ends else None
    executed, failed = (
        consumed(reacted.record, Executed),
        consumed(reacted.record, ExecutionFailed),
    )
    answered = executed is not None or failed is not None
    configuration = reacted.before.configuration
    end = TaskEnded(configuration.place, failed.body.error if failed else None)
    due = [(configuration.driver, end)] if answered else []
    if ends == due:
        return None
    should, reports = (", ".join(map(end_in_words, each)) or "nothing" for each in (due, ends))
    return Evidence(f"{name} should report {should}, and reports {reports}")


def end_in_words(told: tuple[EngineId, TaskEnded]) -> str:
    """How a task has ended, which, and who is told."""
    target, end = told
    return f"{end.error.value if end.error else 'executed'} for place {end.place} to {target}"


def unnoticed_crash(reacted: Reacted) -> Evidence | None:
    """A crash of which not both hear who should, or word of one that is none, if there is one."""
    if reacted.before.family != TASK.name:
        return None
    runs = not isinstance(reacted.before.environment.local, Finished)
    crash = consumed(reacted.record, Crash) if runs else None
    due = who_should_hear(reacted.before.configuration) if crash else frozenset[Heard]()
    found = frozenset(
        (message.target, message.body)
        for message in reacted.record.sent
        if isinstance(message.body, TaskCrashed | Abandon)
    )
    if found == due:
        return None
    should, tells = (
        ", ".join(sorted(map(hearer_in_words, each))) or "nobody" for each in (due, found)
    )
    name = reacted.before.identity.external
    return Evidence(f"{name} should tell {should} of a crash, and tells {tells}")


def who_should_hear(task: TaskConfiguration) -> frozenset[Heard]:
    """Who should hear of the crash of a task, and what."""
    crashed: Heard = (task.driver, TaskCrashed(task.place))
    abandoned: Heard = (task.authority, Abandon(task.certificate.digest))
    return frozenset({crashed, abandoned})


def hearer_in_words(heard: Heard) -> str:
    """Who hears of a crash, and of which."""
    target, body = heard
    which = f"place {body.place}" if isinstance(body, TaskCrashed) else body.digest
    return f"{target} ({which})"


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
"""Once, to the driver, and nothing else."""

CRASH_IS_NOTICED = ReactionProperty(
    "driver and AuthorityState hear of every crash, and of no other",
    CrashTask.id,
    Kind.ALWAYS,
    unnoticed_crash,
)
"""Wherever the task was."""
