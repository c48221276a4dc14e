"""What must hold of Soma holds, and every rule that is broken by hand falls on a named property."""

from collections.abc import Callable
from typing import Any, cast

import pytest
from attrs import evolve
from pyrsistent import pmap, pset

from models.catalogue.soma import certificate, increment, objects
from models.catalogue.soma_epochs import SOMA_EPOCH, SOMA_EPOCH_DEPENDENCY, SOMA_RECERTIFIED
from models.catalogue.soma_faults import SOMA_CRASH, SOMA_CRASH_EPOCH, SOMA_SHUTDOWN
from models.catalogue.soma_versions import (
    SOMA_CHAIN,
    SOMA_DIAMOND,
    SOMA_DUPLICATES,
    SOMA_FAILING,
    SOMA_FAN,
)
from models.model import Model, World
from models.search.bounds import Bounds
from models.search.exhaustive import explore
from models.search.result import Status
from properties.property import Kind, Property
from properties.soma import authority, driver, execution, manager, rest, task
from properties.soma.system import SOMA_PROPERTIES, soma_properties
from properties.soma.witnesses import FAILED
from spec.anoma.keyvalue import KVSDatum
from spec.formalism.environment import Effect, Environment, finish
from spec.formalism.identity import on_local_node
from spec.formalism.message import Send, Trigger, arrived
from spec.formalism.rule import AnyRule
from spec.soma.authority import behaviour as authority_rules
from spec.soma.authority import epochs
from spec.soma.authority.environment import begun, due, objection
from spec.soma.authority.messages import (
    Abandon,
    Committed,
    Executed,
    ExecutionFailed,
    Failed,
    Finish,
    LoadEpochStore,
    Reconfigure,
    Reconfigured,
)
from spec.soma.certificate import versions_written
from spec.soma.channel import ChannelClosed, Place, Ready
from spec.soma.driver import behaviour as driver_rules
from spec.soma.driver.environment import Driving, Stopped, joined
from spec.soma.execution import Effects, ExecutionError
from spec.soma.manager import behaviour as manager_rules
from spec.soma.manager.environment import Held
from spec.soma.manager.hand import is_ready, refused, released
from spec.soma.manager.messages import CertificateRefused, Reason
from spec.soma.object import ObjectKey, Version, with_versions
from spec.soma.system import AUTHORITY_ID, Circumstances, Enqueues, soma_state, soma_system
from spec.soma.task import behaviour as task_rules
from spec.soma.task.messages import TaskCrashed, TaskEnded

AnyEffect = Effect[Any]
Env = Environment[Any]
Twin = tuple[str, AnyRule, Model, Property | str]


def version(rule: AnyRule, **parts: Any) -> AnyRule:
    """The rule with another guard or another action."""
    halves = {name: staticmethod(part) for name, part in parts.items()}
    return cast("AnyRule", type(rule.__name__, (rule,), halves))


def amended(rule: AnyRule, amendment: Callable[[AnyEffect, Any, Env], AnyEffect]) -> AnyRule:
    """The rule whose effect becomes another one, in view of the guard's output."""

    def action(output: Any, trigger: Trigger, configuration: Any, environment: Env) -> AnyEffect:
        effect = rule.action(output, trigger, configuration, environment)
        assert effect is not None
        return amendment(effect, output, environment)

    return version(rule, action=action)


def remembering(effect: AnyEffect, **changes: Any) -> AnyEffect:
    """The effect after which some fields of the local state are others."""
    local = evolve(effect.environment.local, **changes)
    return evolve(effect, environment=effect.environment.with_local(local))


def without(effect: AnyEffect, *bodies: type[Any]) -> AnyEffect:
    """The effect without the messages of these bodies."""
    return evolve(effect, sends=tuple(s for s in effect.sends if not isinstance(s.body, bodies)))


def silent(rule: AnyRule, *bodies: type[Any]) -> AnyRule:
    """The rule that sends no message of these bodies."""
    return amended(rule, lambda effect, _o, _e: without(effect, *bodies))


def idle(rule: AnyRule) -> AnyRule:
    """The rule that takes its message, and does nothing."""
    return amended(rule, lambda _f, _o, environment: Effect(environment))


def never(_t: Trigger, _c: Any, _e: Env) -> None:
    """The guard of a rule that never applies."""


# The driver and its tasks


def beyond_limit(trigger: Trigger, configuration: Any, environment: Env) -> Any:
    more = evolve(
        configuration, max_concurrent_executions=configuration.max_concurrent_executions + 1
    )
    return driver_rules.ReceiveCertificate.guard(trigger, more, environment)


def next_at_any_limit(trigger: Trigger, _c: Any, environment: Env) -> Any:
    ready, local = arrived(trigger, Ready), environment.local
    if ready and isinstance(local, Driving) and ready.body.place == local.taken + 1:
        return local, ready
    return None


def releasing_oldest(output: Any, trigger: Trigger, configuration: Any, environment: Env) -> Any:
    local, ready = output
    if len(local.running) >= configuration.max_concurrent_executions:
        local = evolve(local, running=local.running.remove(min(local.running)))
    action = driver_rules.ReceiveCertificate.action
    return action((local, ready), trigger, configuration, environment)


def holding(output: Any, trigger: Trigger, configuration: Any, environment: Env) -> Any:
    local, ready = output
    if len(local.running) >= configuration.max_concurrent_executions:
        return Effect(environment.with_local(evolve(local, taken=ready.body.place)))
    return driver_rules.ReceiveCertificate.action(output, trigger, configuration, environment)


def any_place(trigger: Trigger, configuration: Any, environment: Env) -> Any:
    ready, local = arrived(trigger, Ready), environment.local
    limit = configuration.max_concurrent_executions
    if ready and isinstance(local, Driving) and len(local.running) < limit:
        return (local, ready) if ready.body.place > local.taken else None
    return None


def end_first(trigger: Trigger, _c: Any, environment: Env) -> Any:
    end, local = arrived(trigger, ChannelClosed), environment.local
    return (local, end.body) if end and isinstance(local, Driving) and not local.closed else None


def without_draining(_o: Any, _t: Trigger, _c: Any, environment: Env) -> AnyEffect:
    local = environment.local
    if isinstance(local, Driving) and local.closed:
        return Effect(environment.with_local(Stopped(local.taken, local.metrics)))
    return Effect(environment)


def counted_at_once(effect: AnyEffect, _o: Any, _e: Env) -> AnyEffect:
    metrics = effect.environment.local.metrics
    return remembering(effect, metrics=evolve(metrics, executions=metrics.executions + 1))


def asked_with(effect: AnyEffect, _o: Any, _e: Env) -> AnyEffect:
    """The request claims that the certificate's own epoch was loaded."""
    (send,) = effect.sends
    return evolve(
        effect, sends=(evolve(send, body=evolve(send.body, epoch=send.body.certificate.epoch)),)
    )


DRIVER_TWINS: list[Twin] = [
    (
        "limit off by one",
        version(driver_rules.ReceiveCertificate, guard=beyond_limit),
        SOMA_FAN,
        driver.AT_MOST_SO_MANY_RUN,
    ),
    (
        "slot released before the task ends",
        version(driver_rules.ReceiveCertificate, guard=next_at_any_limit, action=releasing_oldest),
        SOMA_FAN,
        driver.AT_MOST_SO_MANY_RUN,
    ),
    (
        "one held at the limit, as in S2",
        version(driver_rules.ReceiveCertificate, guard=next_at_any_limit, action=holding),
        SOMA_FAN,
        driver.EACH_HAS_A_TASK,
    ),
    (
        "channel order ignored",
        version(driver_rules.ReceiveCertificate, guard=any_place),
        SOMA_FAN,
        driver.RECEIVED_IN_ORDER,
    ),
    (
        "end of the channel overtakes certificates",
        version(driver_rules.TakeClose, guard=end_first),
        SOMA_SHUTDOWN,
        driver.RECEIVED_IN_ORDER,
    ),
    (
        "metrics updated before the result",
        amended(driver_rules.ReceiveCertificate, counted_at_once),
        SOMA_CHAIN,
        driver.METRICS_ADD_UP,
    ),
    (
        "error counted as a success",
        amended(
            driver_rules.JoinTask,
            lambda _f, o, e: Effect(e.with_local(joined(o[0], o[1].place, error=False))),
        ),
        SOMA_EPOCH,
        driver.METRICS_ARE_TIMELY,
    ),
    (
        "crash counted nowhere, as in S2",
        amended(
            driver_rules.JoinCrashedTask,
            lambda _f, o, e: Effect(
                e.with_local(evolve(o[0], running=o[0].running.remove(o[1].place)))
            ),
        ),
        SOMA_CRASH,
        driver.METRICS_ADD_UP,
    ),
    (
        "crashed task not joined",
        version(driver_rules.JoinCrashedTask, guard=never),
        SOMA_CRASH,
        rest.EVERYTHING_IS_COUNTED,
    ),
    (
        "drain that stops early",
        version(driver_rules.Stop, action=without_draining),
        SOMA_SHUTDOWN,
        driver.STOPS_LAST,
    ),
    (
        "tasks outlive the driver",
        version(driver_rules.Stop, action=without_draining),
        SOMA_SHUTDOWN,
        driver.NO_TASK_OUTLIVES_ITS_DRIVER,
    ),
    ("driver never stops", idle(driver_rules.Stop), SOMA_SHUTDOWN, rest.STOPPED_IF_CLOSED),
]

TASK_TWINS: list[Twin] = [
    (
        "epoch loaded twice",
        amended(
            task_rules.RequestExecution,
            lambda f, _o, _e: evolve(
                f, sends=(*f.sends, Send(f.sends[0].target, LoadEpochStore()))
            ),
        ),
        SOMA_EPOCH,
        task.LOADED_ONCE,
    ),
    (
        "epoch of the certificate instead of the one loaded",
        amended(task_rules.RequestExecution, asked_with),
        SOMA_EPOCH,
        task.ASKED_ONCE,
    ),
    (
        "error swallowed into success",
        amended(
            task_rules.ReportResult,
            lambda f, o, e: finish(e, (Send(f.sends[0].target, TaskEnded(o.place, None)),)),
        ),
        SOMA_EPOCH,
        task.REPORTED_TRULY,
    ),
    (
        "crash of which AuthorityState does not hear",
        silent(task_rules.CrashTask, Abandon),
        SOMA_CRASH,
        task.CRASH_IS_NOTICED,
    ),
    (
        "crash of which the driver does not hear",
        silent(task_rules.CrashTask, TaskCrashed),
        SOMA_CRASH,
        task.CRASH_IS_NOTICED,
    ),
    (
        "result kept for itself",
        version(task_rules.ReportResult, guard=never),
        SOMA_CHAIN,
        rest.TASKS_HAVE_FINISHED,
    ),
]


# The manager


def ready_on_any(_o: Any, _t: Trigger, configuration: Any, environment: Env) -> AnyEffect:
    state, sends = environment.local, tuple[Send, ...]()
    for digest in sorted(state.waiting):
        held = state.waiting[digest]
        if any(key in state.available for key in held.certificate.inputs):
            state, send = released(state, held, configuration)
            sends = (*sends, send)
    return Effect(environment.with_local(state), sends)


def last_first(_o: Any, _t: Trigger, configuration: Any, environment: Env) -> AnyEffect:
    state, sends = environment.local, tuple[Send, ...]()
    for digest in sorted(state.waiting, reverse=True):
        held = state.waiting[digest]
        if is_ready(state, held.certificate):
            state, send = released(state, held, configuration)
            sends = (*sends, send)
    return Effect(environment.with_local(state), sends)


def as_if_open(output: Any, trigger: Trigger, configuration: Any, environment: Env) -> AnyEffect:
    closed = environment.local.closed
    opened = environment.with_local(evolve(environment.local, closed=False))
    effect = manager_rules.SendReady.action(output, trigger, configuration, opened)
    return remembering(effect, closed=closed)


def sent_twice(effect: AnyEffect, _o: Any, _e: Env) -> AnyEffect:
    again = tuple(
        Send(send.target, Ready(Place(send.body.place + 1), send.body.certificate))
        for send in effect.sends
        if isinstance(send.body, Ready)
    )
    return evolve(effect, sends=effect.sends + again)


def expecting_outputs(effect: AnyEffect, _o: Any, _e: Env) -> AnyEffect:
    bodies = [send.body for send in effect.sends if isinstance(send.body, Ready)]
    made = {key for body in bodies for key in versions_written(body.certificate, failed=False)}
    return remembering(effect, available=effect.environment.local.available.update(made))


def waiting_again(_f: AnyEffect, digest: Any, environment: Env) -> AnyEffect:
    state = environment.local
    held = state.enqueued[digest].held
    again = evolve(
        state, enqueued=state.enqueued.remove(digest), waiting=state.waiting.set(digest, held)
    )
    return Effect(environment.with_local(again))


def any_failure(trigger: Trigger, _c: Any, environment: Env) -> Any:
    failed = arrived(trigger, Failed)
    return (
        failed.body.digest if failed and failed.body.digest in environment.local.enqueued else None
    )


MANAGER_TWINS: list[Twin] = [
    (
        "wakes on any input",
        version(manager_rules.SendReady, action=ready_on_any),
        SOMA_DIAMOND,
        manager.READY_WITH_ALL_INPUTS,
    ),
    (
        "last digest first",
        version(manager_rules.SendReady, action=last_first),
        SOMA_DIAMOND,
        manager.READY_IN_DIGEST_ORDER,
    ),
    (
        "ready sent twice",
        amended(manager_rules.SendReady, sent_twice),
        SOMA_CHAIN,
        manager.SENT_ONCE,
    ),
    (
        "what was sent is not remembered",
        amended(manager_rules.SendReady, lambda f, _o, _e: remembering(f, enqueued=pmap())),
        SOMA_DUPLICATES,
        manager.SENT_ONCE,
    ),
    (
        "outputs taken to be available when sent",
        amended(manager_rules.SendReady, expecting_outputs),
        SOMA_CHAIN,
        manager.AVAILABLE_EXISTS,
    ),
    (
        "ready after the close, and sent",
        version(manager_rules.SendReady, action=as_if_open),
        SOMA_SHUTDOWN,
        manager.NOTHING_AFTER_THE_END,
    ),
    (
        "ready after the close, and dropped in silence",
        silent(manager_rules.SendReady, CertificateRefused),
        SOMA_SHUTDOWN,
        manager.NOTHING_IN_HAND_IS_LOST,
    ),
    (
        "early certificate dropped",
        idle(manager_rules.ParkCertificate),
        SOMA_EPOCH,
        manager.EVERY_ENQUEUE_HAS_A_FATE,
    ),
    (
        "early certificate refused, as in the public code",
        amended(
            manager_rules.ParkCertificate,
            lambda _f, o, e: Effect(
                e, (refused(Held(o.body.certificate, o.sender), Reason.PAST_EPOCH),)
            ),
        ),
        SOMA_EPOCH,
        manager.REFUSALS_ARE_TRUE,
    ),
    (
        "refused in silence, as in the public code",
        idle(manager_rules.RefuseCertificate),
        SOMA_EPOCH,
        manager.EVERY_ENQUEUE_HAS_A_FATE,
    ),
    (
        "versions of a commit not noted",
        amended(
            manager_rules.RecordCommit,
            lambda f, _o, e: remembering(f, available=e.local.available),
        ),
        SOMA_CHAIN,
        rest.NOTHING_WAITS_NEEDLESSLY,
    ),
    (
        "what waits is kept though executed",
        amended(
            manager_rules.RecordCommit, lambda f, _o, e: remembering(f, waiting=e.local.waiting)
        ),
        SOMA_DUPLICATES,
        manager.SENT_ONCE,
    ),
    (
        "failure not noted",
        idle(manager_rules.RecordFailure),
        SOMA_CRASH,
        rest.MANAGER_KNOWS_ALL,
    ),
    (
        "failure followed by another attempt",
        amended(manager_rules.RecordFailure, waiting_again),
        SOMA_CRASH,
        manager.SENT_ONCE,
    ),
    (
        "failure of somebody else's attempt noted",
        version(manager_rules.RecordFailure, guard=any_failure),
        SOMA_DUPLICATES,
        manager.SENT_ONCE,
    ),
    (
        "new epoch drops in silence",
        silent(manager_rules.ChangeEpoch, CertificateRefused),
        SOMA_EPOCH,
        manager.NOTHING_IN_HAND_IS_LOST,
    ),
    (
        "new epoch keeps what waits",
        amended(
            manager_rules.ChangeEpoch,
            lambda f, _o, e: remembering(
                f, waiting=f.environment.local.waiting.update(e.local.waiting)
            ),
        ),
        SOMA_EPOCH_DEPENDENCY,
        manager.EACH_IN_ITS_EPOCH,
    ),
    (
        "new epoch leaves parked what it is for",
        amended(manager_rules.ChangeEpoch, lambda f, _o, _e: remembering(f, waiting=pmap())),
        SOMA_EPOCH,
        manager.NOTHING_IN_HAND_IS_LOST,
    ),
    (
        "new epoch readies what is executed already",
        amended(
            manager_rules.ChangeEpoch,
            lambda f, o, e: remembering(
                f,
                waiting=pmap(
                    {
                        digest: held
                        for (epoch, digest), held in e.local.parked.items()
                        if epoch == o.epoch and digest not in o.executed
                    }
                ),
            ),
        ),
        SOMA_EPOCH_DEPENDENCY,
        manager.SENT_ONCE,
    ),
    (
        "new epoch forgets what is available",
        amended(manager_rules.ChangeEpoch, lambda f, _o, _e: remembering(f, available=pset())),
        SOMA_EPOCH_DEPENDENCY,
        rest.MANAGER_KNOWS_ALL,
    ),
    (
        "close without an end",
        silent(manager_rules.CloseChannel, ChannelClosed),
        SOMA_SHUTDOWN,
        rest.STOPPED_IF_CLOSED,
    ),
]


# AuthorityState


def at_once(_o: Any, _t: Trigger, configuration: Any, environment: Env) -> AnyEffect:
    state = environment.local
    if state.reconfiguring is None:
        return Effect(environment)
    after = evolve(state, epoch=state.reconfiguring, reconfiguring=None)
    news = Reconfigured(after.epoch, frozenset(state.executed), frozenset(state.objects))
    return Effect(environment.with_local(after), (Send(configuration.manager, news),))


def any_later(trigger: Trigger, _c: Any, environment: Env) -> Any:
    asked, state = arrived(trigger, Reconfigure), environment.local
    later = asked and asked.body.epoch > state.epoch and state.reconfiguring is None
    return asked.body.epoch if asked and later else None


def overtaking(trigger: Trigger, _c: Any, environment: Env) -> Any:
    state, asked = environment.local, authority_rules.request(trigger, environment.local)
    if asked is None or objection(state, asked.body):
        return None
    digest = asked.body.certificate.digest
    return None if digest in state.executed or digest in state.executing else asked


def unlocked_digest(trigger: Trigger, _c: Any, environment: Env) -> Any:
    state, asked = environment.local, authority_rules.request(trigger, environment.local)
    if asked is None or objection(state, asked.body) or state.reconfiguring is not None:
        return None
    return None if asked.body.certificate.digest in state.executed else asked


def any_epoch(trigger: Trigger, _c: Any, environment: Env) -> Any:
    state, asked = environment.local, authority_rules.request(trigger, environment.local)
    if asked is None or state.reconfiguring is not None:
        return None
    digest, inputs = asked.body.certificate.digest, asked.body.certificate.inputs
    known = digest in state.executed or digest in state.executing
    return None if known or not all(key in state.objects for key in inputs) else asked


def any_inputs(trigger: Trigger, _c: Any, environment: Env) -> Any:
    state, asked = environment.local, authority_rules.request(trigger, environment.local)
    if asked is None or state.reconfiguring is not None:
        return None
    digest = asked.body.certificate.digest
    known = digest in state.executed or digest in state.executing
    wrong = objection(state, asked.body) is ExecutionError.WRONG_EPOCH
    return None if known or wrong else asked


def imagining(output: Any, trigger: Trigger, configuration: Any, environment: Env) -> AnyEffect:
    """What is missing is taken to be 0."""
    there = environment.local.objects
    inputs = output.body.certificate.inputs
    more = with_versions(pmap({key: KVSDatum(0) for key in inputs}), there)
    rich = environment.with_local(evolve(environment.local, objects=more))
    effect = authority_rules.BeginExecution.action(output, trigger, configuration, rich)
    return remembering(effect, objects=there)


def epoch_first(output: Any, _t: Trigger, configuration: Any, environment: Env) -> AnyEffect:
    asked, effects = output
    if asked.body.epoch == asked.body.certificate.epoch == environment.local.epoch:
        return Effect(environment, (Send(asked.sender, Executed(effects)),))
    failed = ExecutionFailed(effects.digest, ExecutionError.WRONG_EPOCH)
    news = Failed(effects.digest, asked.sender)
    return Effect(environment, (Send(asked.sender, failed), Send(configuration.manager, news)))


def executed_again(output: Any, _t: Trigger, configuration: Any, environment: Env) -> AnyEffect:
    asked, effects = output
    news = Committed(effects.digest, frozenset(effects.written))
    sends = (Send(asked.sender, Executed(effects)), Send(configuration.manager, news))
    return Effect(environment, sends)


def keeping_locks(effect: AnyEffect, output: Any, environment: Env) -> AnyEffect:
    """The execution is dropped, so that nobody finishes it, and its locks are held."""
    executing = environment.local.executing
    execution = executing.get(output.body.digest)
    if execution is None or execution.requester != output.sender:
        return effect
    dead = evolve(execution, requester=output.target)
    return remembering(effect, executing=executing.set(output.body.digest, dead))


def begun_all_the_same(output: Any, _t: Trigger, _c: Any, environment: Env) -> AnyEffect:
    state = environment.local
    digest = output.body.certificate.digest
    busy = digest in state.executed or digest in state.executing or state.reconfiguring is not None
    if busy or objection(state, output.body):
        return Effect(environment)
    finish_it = Send(output.target, Finish(digest, output.sender))
    return Effect(environment.with_local(begun(state, output)), (finish_it,))


def with_written(effect: AnyEffect, effects: Effects, written: Any) -> AnyEffect:
    """The execution has made these versions instead."""
    local = effect.environment.local
    objects = pmap({k: v for k, v in local.objects.items() if k not in effects.written})
    executed = local.executed.set(effects.digest, evolve(effects, written=written))
    return remembering(effect, objects=with_versions(objects, written), executed=executed)


AUTHORITY_TWINS: list[Twin] = [
    (
        "reconfiguration that does not wait",
        version(epochs.ChangeEpoch, action=at_once),
        SOMA_EPOCH,
        authority.ONE_EPOCH,
    ),
    (
        "epoch skipped",
        version(epochs.AwaitReconfiguration, guard=any_later),
        SOMA_EPOCH_DEPENDENCY,
        authority.ONE_EPOCH,
    ),
    (
        "reconfiguration starved",
        version(authority_rules.BeginExecution, guard=overtaking),
        SOMA_EPOCH,
        authority.RECONFIGURATION_IS_NEXT,
    ),
    (
        "reconfiguration of which the manager does not hear",
        silent(epochs.ChangeEpoch, Reconfigured),
        SOMA_EPOCH,
        rest.MANAGER_KNOWS_ALL,
    ),
    (
        "reconfiguration that waits for ever",
        idle(epochs.ChangeEpoch),
        SOMA_EPOCH,
        rest.NO_LOCK_IS_HELD,
    ),
    (
        "epoch not looked at",
        version(authority_rules.BeginExecution, guard=any_epoch),
        SOMA_EPOCH,
        authority.ONE_EPOCH,
    ),
    (
        "epoch looked at before effects",
        version(authority_rules.AnswerExecuted, action=epoch_first),
        SOMA_RECERTIFIED,
        authority.ERRORS_HAVE_CAUSES,
    ),
    (
        "duplicate executed twice",
        version(authority_rules.AnswerExecuted, action=executed_again),
        SOMA_DUPLICATES,
        authority.AT_MOST_ONCE,
    ),
    (
        "repeat not answered",
        version(authority_rules.AnswerExecuted, guard=never),
        SOMA_DUPLICATES,
        rest.EVERYTHING_IS_TAKEN,
    ),
    (
        "digest not locked",
        version(authority_rules.BeginExecution, guard=unlocked_digest),
        SOMA_DUPLICATES,
        authority.ONE_AT_A_TIME,
    ),
    (
        "inputs not looked at",
        version(authority_rules.BeginExecution, guard=any_inputs, action=imagining),
        SOMA_DUPLICATES,
        authority.BEGINS_WITH_INPUTS,
    ),
    (
        "missing inputs imagined",
        version(authority_rules.BeginExecution, guard=any_inputs, action=imagining),
        SOMA_DUPLICATES,
        execution.NO_CYCLE,
    ),
    (
        "commit not reported",
        silent(authority_rules.FinishExecution, Committed),
        SOMA_CHAIN,
        authority.EVERYBODY_HEARS,
    ),
    (
        "failure not reported",
        silent(authority_rules.AbandonExecution, Failed),
        SOMA_CRASH,
        authority.EVERYBODY_HEARS,
    ),
    (
        "crash that keeps the locks",
        amended(authority_rules.AbandonExecution, keeping_locks),
        SOMA_CRASH_EPOCH,
        rest.NO_LOCK_IS_HELD,
    ),
    (
        "crash that drops nothing",
        amended(
            authority_rules.AbandonExecution,
            lambda f, _o, e: remembering(f, executing=e.local.executing),
        ),
        SOMA_CRASH,
        authority.FAILURE_LEAVES_NOTHING,
    ),
    (
        "crash that drops what others have begun",
        amended(
            authority_rules.AbandonExecution, lambda f, _o, _e: remembering(f, executing=pmap())
        ),
        SOMA_CRASH_EPOCH,
        authority.FAILURE_LEAVES_NOTHING,
    ),
    (
        "crash that undoes what has finished",
        amended(
            authority_rules.AbandonExecution,
            lambda f, o, _e: remembering(
                f, executed=f.environment.local.executed.discard(o.body.digest)
            ),
        ),
        SOMA_CRASH,
        authority.PAST_STAYS,
    ),
    (
        "request of a crashed task begins",
        version(authority_rules.IgnoreAbandoned, action=begun_all_the_same),
        SOMA_CRASH,
        authority.BEGINS_FOR_SOMEBODY,
    ),
    (
        "failing program keeps what it wrote",
        amended(
            authority_rules.FinishExecution,
            lambda f, o, _e: with_written(
                f, o[1], pmap({key: KVSDatum(99) for key in o[1].written})
            ),
        ),
        SOMA_FAILING,
        "execution equals a one-at-a-time order that respects versions",
    ),
    (
        "version number off by one",
        amended(
            authority_rules.FinishExecution,
            lambda f, o, _e: with_written(
                f,
                o[1],
                pmap(
                    {
                        ObjectKey(key.object, Version(key.version + 1)): o[1].written[key]
                        for key in o[1].written
                    }
                ),
            ),
        ),
        SOMA_CHAIN,
        authority.VERSIONS_FORM_CHAINS,
    ),
]

TWINS = [
    pytest.param(family, rule, model, named if isinstance(named, str) else named.name, id=name)
    for family, twins in (
        ("driver", DRIVER_TWINS),
        ("task", TASK_TWINS),
        ("manager", MANAGER_TWINS),
        ("authority", AUTHORITY_TWINS),
    )
    for name, rule, model, named in twins
]
"""Every rule broken by hand: its family, the model, and the property that it must break."""


@pytest.mark.parametrize(("family", "rule", "model", "named"), TWINS)
def test_a_broken_rule_falls_on_the_property_that_is_named(
    family: str, rule: AnyRule, model: Model, named: str
) -> None:
    world = model.build({each.name: each.default for each in model.parameters})
    wrong = evolve(world, system=world.system.replacing(family, rule))
    result = explore(wrong, Bounds(), frozenset({named}))
    assert named in {each.property.name for each in result.broken()}


def test_every_property_falls_on_some_broken_rule() -> None:
    named = {str(values[3]) for values in (twin.values for twin in TWINS)}
    judged = {each.name for each in soma_properties(pmap()) if each.kind is not Kind.SOMETIMES}
    assert judged - named == set()


def contradicting() -> World:
    """Two certificates that make the same version: no loader would let them pass."""
    both = (certificate("a", "x1", "x", increment("x")), certificate("b", "x1", "x"))
    system = soma_system()
    given = Circumstances(objects("x"), (Enqueues(on_local_node("source"), both),), 2)
    properties = (*SOMA_PROPERTIES, FAILED[ExecutionError.VERSION_CONFLICT])
    return World(system, soma_state(system, given), properties)


def test_of_two_that_make_the_same_version_the_first_to_finish_does() -> None:
    result = explore(contradicting())
    assert {each.status for each in result.properties} == {Status.HOLDS}
    executed = [
        "".join(state.engines[AUTHORITY_ID].environment.local.executed) for state in result.resting
    ]
    assert set(executed) == {"a", "b"}


def finishing_all_the_same(
    output: Any, trigger: Trigger, configuration: Any, environment: Env
) -> AnyEffect:
    effects = due(environment.local, output)
    assert effects is not None
    finish_it = authority_rules.FinishExecution.action
    return finish_it((output, effects), trigger, configuration, environment)


def test_a_version_that_is_made_twice_is_noticed() -> None:
    world = contradicting()
    rule = version(authority_rules.RefuseConflict, action=finishing_all_the_same)
    wrong = evolve(world, system=world.system.replacing("authority", rule))
    broken = {each.property.name for each in explore(wrong, Bounds(), frozenset()).broken()}
    assert authority.PAST_STAYS.name in broken
    assert authority.VERSIONS_FORM_CHAINS.name in broken
    assert execution.NO_CYCLE.name in broken
