"""What should happen in some run of Soma: when it is seen, and when not."""

from typing import Any

import pytest
from attrs import evolve
from pyrsistent import pmap, pset

from properties.property import Evidence, Reacted
from properties.soma.witnesses import (
    A_CERTIFICATE_IS_PARKED,
    A_CERTIFICATE_WAITS,
    A_CERTIFICATE_WAITS_FOR_A_TASK,
    A_LATER_EPOCH_EXECUTES,
    A_PROGRAM_FAILS,
    A_RECONFIGURATION_WAITS,
    A_REQUEST_WAITS,
    AN_EXECUTION_IS_ABANDONED,
    AN_EXECUTION_OUTLIVES_ITS_TASK,
    CRASHED,
    FAILED,
    REFUSED,
    SEVERAL_BECOME_READY,
    SOMETHING_IS_EXECUTED_BESIDE_THE_DRIVER,
    THE_DRIVER_DRAINS,
    THE_DRIVER_STOPS,
    TWO_AT_ONCE,
)
from spec.anoma.program import Program
from spec.anoma.runnable import Failure, FailureKind
from spec.formalism.delivery import DISCIPLINES, AnyDiscipline, Unordered
from spec.formalism.engine import Engine
from spec.formalism.environment import FINISHED, Environment
from spec.formalism.event import Deliver, Record
from spec.formalism.identity import EngineId, identity_of, on_local_node
from spec.formalism.message import DEFAULT_MAILBOX, Message
from spec.formalism.rule import RuleId
from spec.formalism.state import GlobalState, initial_state
from spec.soma.authority.behaviour import AUTHORITY, BeginExecution
from spec.soma.authority.environment import AuthorityState, Execution
from spec.soma.authority.messages import Abandon, Executed, ExecutionFailed, TryExecute
from spec.soma.certificate import Certificate, TransactionDigest
from spec.soma.channel import Place, Ready
from spec.soma.driver.behaviour import DRIVER
from spec.soma.driver.configuration import DriverConfiguration
from spec.soma.driver.environment import DriverState, Driving, ExecutionDriverMetrics, Stopped
from spec.soma.epoch import FIRST_EPOCH, EpochId
from spec.soma.execution import Effects, ExecutionError
from spec.soma.manager.behaviour import MANAGER, ParkCertificate
from spec.soma.manager.environment import Held, ManagerState
from spec.soma.manager.messages import CertificateRefused, Reason
from spec.soma.task.behaviour import TASK, CrashTask
from spec.soma.task.environment import Stage, TaskState

MANAGER_ID, DRIVER_ID, AUTHORITY_ID, SOURCE, TASK1, TASK2 = (
    on_local_node(name) for name in ("manager", "driver", "authority", "source", "task.1", "task.2")
)
A, B = TransactionDigest("a"), TransactionDigest("b")
ONE, TWO, THREE = (Place(number) for number in (1, 2, 3))
LATER = EpochId(FIRST_EPOCH + 1)
NOBODY = AuthorityState(FIRST_EPOCH, pmap())


def certificate(digest: TransactionDigest) -> Certificate:
    return Certificate(digest, FIRST_EPOCH, frozenset(), frozenset(), Program(()))


def effects(digest: TransactionDigest, **parts: Any) -> Effects:
    return evolve(Effects(digest, FIRST_EPOCH, None, pmap(), pmap()), **parts)


def request(digest: TransactionDigest) -> TryExecute:
    return TryExecute(certificate(digest), None, FIRST_EPOCH)


def executing(*digests: TransactionDigest) -> AuthorityState:
    begun = {each: Execution(certificate(each), TASK1, pmap()) for each in digests}
    return evolve(NOBODY, executing=pmap(begun))


def executed(*done: Effects) -> AuthorityState:
    return evolve(NOBODY, executed=pmap({each.digest: each for each in done}))


def engine(name: EngineId, family: str, local: Any, configuration: Any = None) -> Engine:
    return Engine(identity_of(name), family, configuration, Environment(local))


def authority(local: AuthorityState) -> Engine:
    return engine(AUTHORITY_ID, AUTHORITY.name, local)


def driver(local: DriverState) -> Engine:
    return engine(DRIVER_ID, DRIVER.name, local, DriverConfiguration(2, AUTHORITY_ID))


def task(name: EngineId, local: Any) -> Engine:
    return engine(name, TASK.name, local)


def manager(*waiting: TransactionDigest) -> Engine:
    held = {each: Held(certificate(each), SOURCE) for each in waiting}
    state = ManagerState(FIRST_EPOCH, pset(), waiting=pmap(held))
    return engine(MANAGER_ID, MANAGER.name, state)


def step(
    before: Engine,
    took: Any,
    *bodies: Any,
    fired: tuple[RuleId, ...] = (),
    after: Engine | None = None,
    sender: EngineId = TASK1,
) -> Reacted:
    """A step in which an engine takes one message, and sends others."""
    own = before.identity.external
    message = Message(sender, own, DEFAULT_MAILBOX, took)
    sent = tuple(Message(own, SOURCE, DEFAULT_MAILBOX, body) for body in bodies)
    record = Record(Deliver(message), fired, message, sent)
    return Reacted(before, record, before if after is None else after)


def holding(discipline: AnyDiscipline, receiver: Engine, *bodies: Any) -> GlobalState:
    """A state in which messages for one engine, and one for nobody, are in flight."""
    own, nobody = receiver.identity.external, on_local_node("aaa")
    targets = [(nobody, body) for body in bodies[:1]] + [(own, body) for body in bodies]
    mail = tuple(Message(MANAGER_ID, target, DEFAULT_MAILBOX, body) for target, body in targets)
    return initial_state(discipline, (receiver,), mail)


def test_two_tasks_run_at_once_when_neither_has_finished() -> None:
    one, two, over = (
        task(TASK1, TaskState()),
        task(TASK2, TaskState(Stage.LOADING)),
        task(TASK2, FINISHED),
    )
    both = Evidence("task.1 and task.2 run at once")
    assert TWO_AT_ONCE.judge(initial_state(Unordered, (two, one))) == both
    assert TWO_AT_ONCE.judge(initial_state(Unordered, (one, over))) is None


@pytest.mark.parametrize("discipline", DISCIPLINES)
def test_a_certificate_waits_for_a_task_when_it_is_next_and_all_places_are_taken(
    discipline: AnyDiscipline,
) -> None:
    full, half = Driving(TWO, pmap({ONE: 1, TWO: 2})), Driving(TWO, pmap({TWO: 2}))
    none = Driving(TWO, pmap())
    following, others = Ready(THREE, certificate(A)), (Ready(Place(1), certificate(A)), "else")

    def found(local: DriverState, *bodies: Any) -> Evidence | None:
        return A_CERTIFICATE_WAITS_FOR_A_TASK.judge(holding(discipline, driver(local), *bodies))

    assert found(full, *others, following) == Evidence("place 3 waits for a task to end")
    assert [found(half, following), found(none, following), found(full, *others)] == [None] * 3
    assert found(Stopped(TWO, ExecutionDriverMetrics()), following) is None


def test_a_certificate_waits_while_the_manager_has_it() -> None:
    assert A_CERTIFICATE_WAITS.judge(manager(B, A)) == Evidence("a waits for its inputs")
    assert A_CERTIFICATE_WAITS.judge(manager()) is None


def test_several_are_readied_when_one_step_sends_two_or_more_to_the_driver() -> None:
    first, second = Ready(ONE, certificate(A)), Ready(TWO, certificate(B))
    judge = SEVERAL_BECOME_READY.judge
    assert judge(step(manager(), "any", first, second)) == Evidence("a, b become ready")
    assert judge(step(manager(), "any", first, "else")) is None


def test_what_is_shown_by_a_rule_is_shown_when_the_rule_takes_effect() -> None:
    parks = step(manager(), "any", fired=(ParkCertificate.id,))
    assert A_CERTIFICATE_IS_PARKED.judge(parks) == Evidence("manager.park-certificate fires")
    other = step(manager(), "any", fired=(BeginExecution.id,))
    assert A_CERTIFICATE_IS_PARKED.judge(other) is None


def test_a_refusal_is_seen_by_its_reason() -> None:
    late, past = (
        CertificateRefused(A, FIRST_EPOCH, each) for each in (Reason.CLOSED, Reason.PAST_EPOCH)
    )
    refuses = step(manager(), "any", past, late)
    assert REFUSED[Reason.CLOSED].judge(refuses) == Evidence("a is refused: closed")
    assert REFUSED[Reason.EXECUTED].judge(refuses) is None


def test_a_failure_is_seen_by_its_error() -> None:
    fails = step(authority(NOBODY), "any", ExecutionFailed(A, ExecutionError.MISSING_INPUT))
    missing = Evidence("a is not executed: missing-input")
    assert FAILED[ExecutionError.MISSING_INPUT].judge(fails) == missing
    assert FAILED[ExecutionError.WRONG_EPOCH].judge(fails) is None
    answers = step(authority(NOBODY), "any", Executed(effects(A)))
    assert FAILED[ExecutionError.MISSING_INPUT].judge(answers) is None


def test_a_crash_is_seen_by_how_far_the_task_was() -> None:
    loading = task(TASK1, TaskState(Stage.LOADING))
    crashes = step(loading, "any", fired=(CrashTask.id,))
    judge = CRASHED[Stage.LOADING].judge
    assert judge(crashes) == Evidence("task.1 crashes, loading")
    assert judge(step(loading, "any")) is None
    assert CRASHED[Stage.EXECUTING].judge(crashes) is None


def test_an_execution_is_abandoned_when_it_is_dropped() -> None:
    before, after = authority(executing(A, B)), authority(executing(B))
    judge = AN_EXECUTION_IS_ABANDONED.judge
    assert judge(step(before, Abandon(A), after=after)) == Evidence("a is abandoned")
    assert judge(step(before, Abandon(A))) is None
    assert judge(step(before, "else", after=after)) is None


def test_an_execution_outlives_its_task_when_it_has_finished_before() -> None:
    done, judge = authority(executed(effects(A))), AN_EXECUTION_OUTLIVES_ITS_TASK.judge
    assert judge(step(done, Abandon(A))) == Evidence("a was executed before")
    assert judge(step(done, Abandon(B))) is None
    assert judge(step(done, "else")) is None


def test_the_driver_drains_from_the_end_of_the_channel_until_it_stops() -> None:
    running, over = pmap({ONE: 1}), Stopped(TWO, ExecutionDriverMetrics())
    drains = Evidence("1 tasks run, and the channel has ended")
    assert THE_DRIVER_DRAINS.judge(driver(Driving(TWO, running, closed=True))) == drains
    assert THE_DRIVER_DRAINS.judge(driver(Driving(ONE, running))) is None
    assert THE_DRIVER_DRAINS.judge(driver(over)) is None
    assert THE_DRIVER_STOPS.judge(driver(over)) == Evidence("the driver has stopped")
    assert THE_DRIVER_STOPS.judge(driver(Driving(TWO, running, closed=True))) is None


def test_a_reconfiguration_waits_while_an_epoch_is_to_begin() -> None:
    waits = authority(evolve(NOBODY, reconfiguring=LATER))
    assert A_RECONFIGURATION_WAITS.judge(waits) == Evidence(f"epoch {LATER} waits to begin")
    assert A_RECONFIGURATION_WAITS.judge(authority(NOBODY)) is None


@pytest.mark.parametrize("discipline", DISCIPLINES)
def test_a_request_waits_when_its_digest_is_executing_or_an_epoch_is_to_begin(
    discipline: AnyDiscipline,
) -> None:
    def found(local: AuthorityState, *bodies: Any) -> Evidence | None:
        return A_REQUEST_WAITS.judge(holding(discipline, authority(local), *bodies))

    waits = Evidence("the request for a waits for a lock")
    assert found(executing(A, B), request(B), request(A)) == waits
    assert found(evolve(NOBODY, reconfiguring=LATER), request(A)) == waits
    assert [found(executing(A), request(B)), found(executing(A), Abandon(A))] == [None, None]
    assert found(evolve(executed(effects(A)), reconfiguring=LATER), request(A)) is None
    assert A_REQUEST_WAITS.judge(holding(discipline, driver(Driving()), request(A))) is None


def test_a_program_fails_when_effects_that_are_new_say_so() -> None:
    failed = effects(A, failure=Failure(FailureKind.DIVISION_BY_ZERO))
    before, after = authority(NOBODY), authority(executed(failed))
    fails = Evidence("a fails: division-by-zero")
    assert A_PROGRAM_FAILS.judge(step(before, "any", after=after)) == fails
    assert A_PROGRAM_FAILS.judge(step(after, "any")) is None
    fine = authority(executed(effects(A)))
    assert A_PROGRAM_FAILS.judge(step(before, "any", after=fine)) is None


def test_a_later_epoch_executes_when_effects_that_are_new_are_of_it() -> None:
    before, first = authority(NOBODY), authority(executed(effects(A)))
    later = authority(executed(effects(A), effects(B, epoch=LATER)))
    executes = Evidence(f"b is executed in epoch {LATER}")
    assert A_LATER_EPOCH_EXECUTES.judge(step(first, "any", after=later)) == executes
    assert A_LATER_EPOCH_EXECUTES.judge(step(before, "any", after=first)) is None


def test_something_is_executed_beside_the_driver_when_no_task_has_asked_for_it() -> None:
    judge, begins = SOMETHING_IS_EXECUTED_BESIDE_THE_DRIVER.judge, (BeginExecution.id,)
    beside = step(authority(NOBODY), request(A), fired=begins, sender=SOURCE)
    assert judge(beside) == Evidence("source has it executed")
    assert judge(step(authority(NOBODY), request(A), fired=begins)) is None
    assert judge(step(authority(NOBODY), request(A), sender=SOURCE)) is None
    assert judge(step(authority(NOBODY), "else", fired=begins, sender=SOURCE)) is None
