"""Slips of tasks, and of who stands around Soma's engines."""

from typing import Any

from attrs import evolve

from models.twins import soma_laws as laws
from models.twins import soma_stages as stages
from models.twins.amend import (
    doubled,
    forgetful,
    idle,
    never,
    sending,
    silent,
    with_action,
    with_guard,
)
from models.twins.slips.common import slip
from models.twins.slips.soma.common import AnyEffect, Env, revised, without
from models.twins.twin import Defect, Twin, wrong
from spec.formalism.environment import Effect, finish
from spec.formalism.message import Message, Send, Trigger
from spec.formalism.rule import AnyRule
from spec.soma.authority.messages import Abandon, EpochStore, LoadEpochStore, TryExecute
from spec.soma.participants import BreakTask, NoteRefusal, NoteResult
from spec.soma.system import DRIVER_ID
from spec.soma.task.behaviour import (
    CrashTask,
    IgnoreRepeat,
    LoadEpoch,
    ReportResult,
    RequestExecution,
)
from spec.soma.task.configuration import TaskConfiguration
from spec.soma.task.environment import Stage
from spec.soma.task.messages import Crash, TaskCrashed, TaskEnded

TASK = "task"


def _loading_again(effect: AnyEffect, _output: EpochStore, _environment: Env) -> AnyEffect:
    """The epoch store is loaded once more."""
    (request,) = effect.sends
    return evolve(effect, sends=(request, Send(request.target, LoadEpochStore())))


def _of_the_certificate(effect: AnyEffect, _output: EpochStore, _environment: Env) -> AnyEffect:
    """The request claims that the certificate's own epoch was loaded."""
    (request,) = effect.sends
    epoch = request.body.certificate.epoch
    return evolve(effect, sends=(evolve(request, body=evolve(request.body, epoch=epoch)),))


def _always_executed(effect: AnyEffect, output: TaskEnded, environment: Env) -> AnyEffect:
    """However it went, the task says that the certificate is executed."""
    (report,) = effect.sends
    return finish(environment, (Send(report.target, TaskEnded(output.place, None)),))


def _crashing(*moments: Stage) -> AnyRule:
    """The rule by which a task crashes only when it has got so far."""

    def guard(trigger: Trigger, configuration: Any, environment: Env) -> Crash | None:
        crash = CrashTask.guard(trigger, configuration, environment)
        return crash if crash and environment.local.stage in moments else None

    return with_guard(CrashTask, guard)


def _asking_again(
    output: Message[EpochStore],
    _trigger: Trigger,
    configuration: TaskConfiguration,
    environment: Env,
) -> AnyEffect:
    """An epoch store that arrives again leads to another request."""
    certificate = configuration.certificate
    request = TryExecute(certificate, certificate.commit, output.body.epoch)
    return Effect(environment, (Send(configuration.authority, request),))


def _to_the_driver(sends: tuple[Send, ...]) -> tuple[Send, ...]:
    """The driver is told to crash."""
    return tuple(evolve(each, target=DRIVER_ID) for each in sends)


TASK_SLIPS: tuple[Twin, ...] = (
    slip(
        "epoch-not-loaded",
        Defect.TASKS,
        "A task starts, and does not load the epoch store.",
        wrong(TASK, silent(LoadEpoch)),
        stages.ONE,
        laws.LOADED_ONCE,
        3,
    ),
    slip(
        "start-forgotten",
        Defect.TASKS,
        "A task starts, and forgets that it has started: it does not know the epoch store that comes.",
        wrong(TASK, forgetful(LoadEpoch)),
        stages.ONE,
        laws.TASKS_FINISHED,
        5,
    ),
    slip(
        "epoch-loaded-twice",
        Defect.TASKS,
        "A task that asks for its execution loads the epoch store once more.",
        wrong(TASK, revised(RequestExecution, _loading_again)),
        stages.ONE,
        laws.LOADED_ONCE,
        5,
    ),
    slip(
        "epoch-of-the-certificate",
        Defect.EPOCHS,
        "A task asks with the epoch of its certificate instead of the one that it has loaded.",
        wrong(TASK, revised(RequestExecution, _of_the_certificate)),
        stages.EPOCH,
        laws.ASKED_ONCE,
        6,
    ),
    slip(
        "execution-asked-for-twice",
        Defect.TASKS,
        "A task asks twice for its execution.",
        wrong(TASK, doubled(RequestExecution)),
        stages.ONE,
        laws.ASKED_ONCE,
        5,
    ),
    slip(
        "error-swallowed",
        Defect.TASKS,
        "A task whose certificate was refused reports that it is executed.",
        wrong(TASK, revised(ReportResult, _always_executed)),
        stages.EPOCH,
        laws.REPORTED,
        8,
    ),
    slip(
        "result-kept-for-itself",
        Defect.TASKS,
        "A task does not take the answer of AuthorityState.",
        wrong(TASK, never(ReportResult)),
        stages.ONE,
        laws.TASKS_FINISHED,
        8,
    ),
    slip(
        "crash-unheard-by-authority",
        Defect.CRASHES,
        "AuthorityState does not hear of a crash.",
        wrong(TASK, without(CrashTask, Abandon)),
        stages.CRASH,
        laws.NOTICED,
        4,
    ),
    slip(
        "crash-unheard-by-the-driver",
        Defect.CRASHES,
        "The driver does not hear of a crash.",
        wrong(TASK, without(CrashTask, TaskCrashed)),
        stages.CRASH,
        laws.NOTICED,
        4,
    ),
    slip(
        "no-crash-before-the-start",
        Defect.CRASHES,
        "A task that has not started cannot crash.",
        wrong(TASK, _crashing(Stage.LOADING, Stage.EXECUTING)),
        stages.CRASH,
        laws.CRASHED_EARLY,
        0,
    ),
    slip(
        "no-crash-while-loading",
        Defect.CRASHES,
        "A task that waits for the epoch store cannot crash.",
        wrong(TASK, _crashing(Stage.SPAWNED, Stage.EXECUTING)),
        stages.CRASH,
        laws.CRASHED_LOADING,
        0,
    ),
    slip(
        "no-crash-while-executing",
        Defect.CRASHES,
        "A task that has asked for its execution cannot crash.",
        wrong(TASK, _crashing(Stage.SPAWNED, Stage.LOADING)),
        stages.CRASH,
        laws.CRASHED_LATE,
        0,
    ),
    slip(
        "execution-asked-for-again",
        Defect.DUPLICATES,
        "A task to which the epoch store comes again asks for its execution again.",
        wrong(TASK, with_action(IgnoreRepeat, _asking_again)),
        stages.REPEATED,
        laws.ASKED_ONCE,
        7,
    ),
    slip(
        "refusal-left-with-the-source",
        Defect.READINESS,
        "A source leaves a refusal in its mailbox.",
        wrong("source", never(NoteRefusal)),
        stages.TWICE,
        laws.TAKEN,
        11,
    ),
    slip(
        "result-left-with-state-sync",
        Defect.EXECUTION,
        "State sync leaves a result in its mailbox.",
        wrong("caller", never(NoteResult)),
        stages.SYNCED,
        laws.TAKEN,
        5,
    ),
    slip(
        "nobody-breaks",
        Defect.CRASHES,
        "No task ever crashes.",
        wrong("nemesis", idle(BreakTask)),
        stages.CRASH,
        laws.ABANDONED,
        0,
    ),
    slip(
        "driver-told-to-crash",
        Defect.CRASHES,
        "What should break a task is sent to its driver.",
        wrong("nemesis", sending(BreakTask, _to_the_driver)),
        stages.CRASH,
        laws.TAKEN,
        11,
    ),
)
"""The slips, in the order of the rules."""
