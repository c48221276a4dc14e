"""Tasks: what they load, ask for, report and do in a crash, and how it is told in words."""

import pytest
from attrs import evolve
from pyrsistent import pmap

from properties.property import Evidence, Reacted
from properties.soma.task import (
    ASKED_ONCE,
    CRASH_IS_NOTICED,
    LOADED_ONCE,
    REPORTED_TRULY,
    named,
    stage_of,
)
from spec.anoma.program import Program
from spec.formalism.engine import Engine
from spec.formalism.environment import FINISHED, Environment
from spec.formalism.event import Deliver, Record
from spec.formalism.identity import identity_of, on_local_node
from spec.formalism.message import DEFAULT_MAILBOX, Message
from spec.soma.authority.messages import (
    Abandon,
    EpochStore,
    Executed,
    ExecutionFailed,
    LoadEpochStore,
    TryExecute,
)
from spec.soma.certificate import Certificate, Commit, CommitDigest, CommitIndex, TransactionDigest
from spec.soma.channel import Place
from spec.soma.driver.behaviour import DRIVER
from spec.soma.epoch import EpochId
from spec.soma.execution import Effects, ExecutionError
from spec.soma.task.behaviour import TASK
from spec.soma.task.configuration import TaskConfiguration
from spec.soma.task.environment import Stage, TaskState
from spec.soma.task.messages import Crash, TaskCrashed, TaskEnded

TASK7, DRIVER_ID, AUTHORITY_ID = (on_local_node(each) for each in ("task.7", "driver", "authority"))
PLACE, OTHER_PLACE = Place(7), Place(8)
DIGEST, OTHER_DIGEST = TransactionDigest("a"), TransactionDigest("b")
EPOCH, LOADED = EpochId(4), EpochId(5)
COMMIT = Commit(CommitDigest("c"), CommitIndex(9))
A = Certificate(DIGEST, EPOCH, frozenset(), frozenset(), Program(()), COMMIT)
CONFIGURATION = TaskConfiguration(PLACE, A, DRIVER_ID, AUTHORITY_ID)

SPAWNED, LOADING, EXECUTING = Stage.SPAWNED, Stage.LOADING, Stage.EXECUTING
NONE = Crash()
"""What a task may take that has nothing to do with what it loads, asks for or reports."""
LOAD, STORE = LoadEpochStore(), EpochStore(LOADED)
REQUEST = TryExecute(A, COMMIT, LOADED)
EXECUTED = Executed(Effects(DIGEST, EPOCH, None, pmap(), pmap()))
FAILED = ExecutionFailed(DIGEST, ExecutionError.WRONG_EPOCH)
ENDED, ENDED_WRONG = TaskEnded(PLACE, None), TaskEnded(PLACE, ExecutionError.WRONG_EPOCH)


def task(stage: Stage | None) -> Engine:
    local = FINISHED if stage is None else TaskState(stage)
    return Engine(identity_of(TASK7), TASK.name, CONFIGURATION, Environment(local))


def told(body: object, *sent: Message[object]) -> Record:
    message = Message(AUTHORITY_ID, TASK7, DEFAULT_MAILBOX, body)
    return Record(Deliver(message), consumed=message, sent=sent)


def to_authority(body: object) -> Message[object]:
    return Message(TASK7, AUTHORITY_ID, DEFAULT_MAILBOX, body)


def to_driver(body: object) -> Message[object]:
    return Message(TASK7, DRIVER_ID, DEFAULT_MAILBOX, body)


def of_another_family(reacted: Reacted) -> Reacted:
    """The same as the driver does it, which knows nothing of places and certificates."""
    before, after = (
        evolve(each, family=DRIVER.name, configuration=None)
        for each in (reacted.before, reacted.after)
    )
    return Reacted(before, reacted.record, after)


def test_a_task_that_has_no_stage_has_finished() -> None:
    assert [stage_of(task(each)) for each in (EXECUTING, None)] == [EXECUTING, None]
    assert [named(each) for each in (SPAWNED, None)] == ["spawned", "finished"]


def moving(before: Stage | None, after: Stage | None, loads: int) -> Reacted:
    return Reacted(task(before), told(NONE, *[to_authority(LOAD)] * loads), task(after))


@pytest.mark.parametrize(
    ("before", "after", "loads"),
    [
        (SPAWNED, LOADING, 1),
        (SPAWNED, SPAWNED, 0),
        (LOADING, LOADING, 0),
        (LOADING, EXECUTING, 0),
        (EXECUTING, None, 0),
        (SPAWNED, None, 0),
        (None, None, 0),
    ],
)
def test_a_task_loads_the_epoch_store_when_it_starts_and_then_never(
    before: Stage | None, after: Stage | None, loads: int
) -> None:
    assert LOADED_ONCE.judge(moving(before, after, loads)) is None


@pytest.mark.parametrize(
    ("before", "after", "loads", "finding"),
    [
        (SPAWNED, LOADING, 0, "task.7 was spawned, is loading; loads of the epoch store: 0"),
        (SPAWNED, LOADING, 2, "task.7 was spawned, is loading; loads of the epoch store: 2"),
        (SPAWNED, SPAWNED, 1, "task.7 was spawned, is spawned; loads of the epoch store: 1"),
        (LOADING, LOADING, 1, "task.7 was loading, is loading; loads of the epoch store: 1"),
        (LOADING, EXECUTING, 1, "task.7 was loading, is executing; loads of the epoch store: 1"),
        (EXECUTING, LOADING, 0, "task.7 was executing, and is loading again"),
        (LOADING, SPAWNED, 0, "task.7 was loading, and is spawned again"),
        (None, LOADING, 0, "task.7 was finished, and is loading again"),
    ],
)
def test_a_task_that_loads_otherwise_or_starts_anew_is_found(
    before: Stage | None, after: Stage | None, loads: int, finding: str
) -> None:
    reacted = moving(before, after, loads)
    assert LOADED_ONCE.judge(reacted) == Evidence(finding)
    assert LOADED_ONCE.judge(of_another_family(reacted)) is None


def asking(stage: Stage | None, body: object, *requests: TryExecute) -> Reacted:
    return Reacted(task(stage), told(body, *map(to_authority, requests)), task(EXECUTING))


def test_a_task_asks_once_when_it_is_told_the_epoch_and_has_waited_for_it() -> None:
    assert ASKED_ONCE.judge(asking(LOADING, STORE, REQUEST)) is None
    assert ASKED_ONCE.judge(asking(LOADING, NONE)) is None
    assert ASKED_ONCE.judge(asking(EXECUTING, STORE)) is None


@pytest.mark.parametrize(
    ("stage", "body", "requests", "finding"),
    [
        (LOADING, STORE, (), "was loading, was told epoch 5, and asks for nothing"),
        (
            LOADING,
            STORE,
            (REQUEST, evolve(REQUEST, epoch=EPOCH)),
            (
                "was loading, was told epoch 5, and asks for a with epoch 5 and commit c, "
                "a with epoch 4 and commit c"
            ),
        ),
        (
            LOADING,
            STORE,
            (evolve(REQUEST, commit=None),),
            "was loading, was told epoch 5, and asks for a with epoch 5 and no commit",
        ),
        (
            LOADING,
            STORE,
            (evolve(REQUEST, certificate=evolve(A, digest=OTHER_DIGEST)),),
            "was loading, was told epoch 5, and asks for b with epoch 5 and commit c",
        ),
        (
            LOADING,
            NONE,
            (REQUEST,),
            "was loading, was told nothing, and asks for a with epoch 5 and commit c",
        ),
        (
            EXECUTING,
            STORE,
            (REQUEST,),
            "was executing, was told epoch 5, and asks for a with epoch 5 and commit c",
        ),
        (
            None,
            STORE,
            (REQUEST,),
            "was finished, was told epoch 5, and asks for a with epoch 5 and commit c",
        ),
    ],
)
def test_a_task_that_asks_for_something_else_or_again_is_found(
    stage: Stage | None, body: object, requests: tuple[TryExecute, ...], finding: str
) -> None:
    reacted = asking(stage, body, *requests)
    assert ASKED_ONCE.judge(reacted) == Evidence(f"task.7 {finding}")
    assert ASKED_ONCE.judge(of_another_family(reacted)) is None


def reporting(stage: Stage | None, body: object, *ends: TaskEnded) -> Reacted:
    return Reacted(task(stage), told(body, *map(to_driver, ends)), task(None))


def test_a_task_reports_the_end_that_it_was_told_and_no_other() -> None:
    assert REPORTED_TRULY.judge(reporting(EXECUTING, EXECUTED, ENDED)) is None
    assert REPORTED_TRULY.judge(reporting(EXECUTING, FAILED, ENDED_WRONG)) is None
    assert REPORTED_TRULY.judge(reporting(LOADING, STORE)) is None
    assert REPORTED_TRULY.judge(reporting(None, EXECUTED)) is None


@pytest.mark.parametrize(
    ("stage", "body", "ends", "finding"),
    [
        (
            EXECUTING,
            FAILED,
            (ENDED,),
            "should report wrong-epoch for place 7 to driver, and reports executed for place 7 to driver",
        ),
        (
            EXECUTING,
            EXECUTED,
            (evolve(ENDED, place=OTHER_PLACE),),
            "should report executed for place 7 to driver, and reports executed for place 8 to driver",
        ),
        (
            EXECUTING,
            EXECUTED,
            (ENDED, ENDED_WRONG),
            (
                "should report executed for place 7 to driver, "
                "and reports executed for place 7 to driver, wrong-epoch for place 7 to driver"
            ),
        ),
        (
            EXECUTING,
            EXECUTED,
            (),
            "should report executed for place 7 to driver, and reports nothing",
        ),
        (
            LOADING,
            STORE,
            (ENDED,),
            "should report nothing, and reports executed for place 7 to driver",
        ),
        (None, EXECUTED, (ENDED,), "is no task that runs, and reports an end"),
    ],
)
def test_a_task_that_reports_something_else_is_found(
    stage: Stage | None, body: object, ends: tuple[TaskEnded, ...], finding: str
) -> None:
    evidence = REPORTED_TRULY.judge(reporting(stage, body, *ends))
    assert evidence == Evidence(f"task.7 {finding}")


def test_an_end_that_somebody_else_is_told_is_found() -> None:
    misdirected = Reacted(task(EXECUTING), told(EXECUTED, to_authority(ENDED)), task(None))
    assert REPORTED_TRULY.judge(misdirected) == Evidence(
        "task.7 should report executed for place 7 to driver, "
        "and reports executed for place 7 to authority"
    )


def test_nobody_but_a_task_reports_its_end() -> None:
    assert REPORTED_TRULY.judge(of_another_family(reporting(EXECUTING, EXECUTED))) is None
    assert REPORTED_TRULY.judge(
        of_another_family(reporting(EXECUTING, EXECUTED, ENDED))
    ) == Evidence("task.7 is no task that runs, and reports an end")


UNHEARD = "should tell authority (a), driver (place 7) of a crash, and tells"
CRASHED, ABANDON = to_driver(TaskCrashed(PLACE)), to_authority(Abandon(DIGEST))


def taking(stage: Stage | None, body: object, *sent: Message[object]) -> Reacted:
    return Reacted(task(stage), told(body, *sent), task(None))


@pytest.mark.parametrize("stage", [SPAWNED, LOADING, EXECUTING])
def test_driver_and_authority_hear_of_a_crash_wherever_the_task_was(stage: Stage) -> None:
    assert CRASH_IS_NOTICED.judge(taking(stage, Crash(), CRASHED, ABANDON)) is None
    assert CRASH_IS_NOTICED.judge(taking(stage, STORE)) is None


def test_nobody_hears_when_what_is_to_crash_has_finished() -> None:
    assert CRASH_IS_NOTICED.judge(taking(None, Crash())) is None


@pytest.mark.parametrize(
    ("stage", "body", "sent", "finding"),
    [
        (LOADING, Crash(), (), f"{UNHEARD} nobody"),
        (LOADING, Crash(), (CRASHED,), f"{UNHEARD} driver (place 7)"),
        (LOADING, Crash(), (ABANDON,), f"{UNHEARD} authority (a)"),
        (
            LOADING,
            Crash(),
            (CRASHED, to_authority(Abandon(OTHER_DIGEST))),
            f"{UNHEARD} authority (b), driver (place 7)",
        ),
        (
            LOADING,
            Crash(),
            (to_driver(TaskCrashed(OTHER_PLACE)), ABANDON),
            f"{UNHEARD} authority (a), driver (place 8)",
        ),
        (LOADING, STORE, (ABANDON,), "should tell nobody of a crash, and tells authority (a)"),
        (None, Crash(), (CRASHED,), "should tell nobody of a crash, and tells driver (place 7)"),
    ],
)
def test_a_crash_that_is_not_noticed_or_is_none_is_found(
    stage: Stage | None, body: object, sent: tuple[Message[object], ...], finding: str
) -> None:
    reacted = taking(stage, body, *sent)
    assert CRASH_IS_NOTICED.judge(reacted) == Evidence(f"task.7 {finding}")
    assert CRASH_IS_NOTICED.judge(of_another_family(reacted)) is None
