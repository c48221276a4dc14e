"""Slips of the execution driver and of the channel."""

from attrs import evolve

from models.twins import soma_laws as laws
from models.twins import soma_stages as stages
from models.twins.amend import idle, never, with_action, with_both, with_guard
from models.twins.slips.common import slip
from models.twins.slips.soma.common import AnyEffect, Env, remembering, revised
from models.twins.twin import Defect, Needs, Twin, Wrong, wrong
from spec.formalism.environment import Effect
from spec.formalism.message import Message, Trigger, arrived
from spec.soma.channel import Channel, ChannelClosed, Place, Ready
from spec.soma.driver.behaviour import (
    IgnoreRepeat,
    JoinCrashedTask,
    JoinTask,
    ReceiveCertificate,
    Stop,
    TakeClose,
)
from spec.soma.driver.configuration import DriverConfiguration
from spec.soma.driver.environment import Driving, Stopped, joined, with_end
from spec.soma.manager.behaviour import SendReady
from spec.soma.task.messages import TaskCrashed, TaskEnded

DRIVER = "driver"

Received = tuple[Driving, Message[Ready]]
"""A driver, and what it takes from the channel."""


def _one_more(
    trigger: Trigger, configuration: DriverConfiguration, environment: Env
) -> Received | None:
    """The limit is one higher."""
    limit = configuration.max_concurrent_executions + 1
    more = evolve(configuration, max_concurrent_executions=limit)
    return ReceiveCertificate.guard(trigger, more, environment)


def _one_alone(
    trigger: Trigger, configuration: DriverConfiguration, environment: Env
) -> Received | None:
    """The limit is 1, whatever it is said to be."""
    one = evolve(configuration, max_concurrent_executions=1)
    return ReceiveCertificate.guard(trigger, one, environment)


def _at_any_limit(
    trigger: Trigger, _configuration: DriverConfiguration, environment: Env
) -> Received | None:
    """The limit is not looked at."""
    ready, local = arrived(trigger, Ready), environment.local
    if ready and isinstance(local, Driving) and ready.body.place == local.taken + 1:
        return local, ready
    return None


def _oldest_let_go(
    output: Received, trigger: Trigger, configuration: DriverConfiguration, environment: Env
) -> AnyEffect:
    """At the limit, the oldest task is not waited for any more."""
    local, ready = output
    if len(local.running) >= configuration.max_concurrent_executions:
        local = evolve(local, running=local.running.remove(min(local.running)))
    return ReceiveCertificate.action((local, ready), trigger, configuration, environment)


def _held(
    output: Received, trigger: Trigger, configuration: DriverConfiguration, environment: Env
) -> AnyEffect:
    """At the limit, one certificate is taken and held."""
    local, ready = output
    if len(local.running) >= configuration.max_concurrent_executions:
        return Effect(environment.with_local(evolve(local, taken=ready.body.place)))
    return ReceiveCertificate.action(output, trigger, configuration, environment)


def _any_place(
    trigger: Trigger, configuration: DriverConfiguration, environment: Env
) -> Received | None:
    """Whatever arrives is next."""
    ready, local = arrived(trigger, Ready), environment.local
    limit = configuration.max_concurrent_executions
    if ready and isinstance(local, Driving) and len(local.running) < limit:
        return (local, ready) if ready.body.place > local.taken else None
    return None


def _same_place(effect: AnyEffect, _output: Trigger, environment: Env) -> AnyEffect:
    """What is sent in one step has the same place in the channel."""
    place = Place(environment.local.last + 1)
    sends = tuple(
        evolve(send, body=evolve(send.body, place=place)) if isinstance(send.body, Ready) else send
        for send in effect.sends
    )
    return evolve(effect, sends=sends)


def _counted_at_once(effect: AnyEffect, _output: Received, _environment: Env) -> AnyEffect:
    """An execution is counted when it starts."""
    metrics = effect.environment.local.metrics
    return remembering(effect, metrics=evolve(metrics, executions=metrics.executions + 1))


def _end_at_once(
    trigger: Trigger, _configuration: DriverConfiguration, environment: Env
) -> tuple[Driving, ChannelClosed] | None:
    """The end of the channel is taken whatever is in it."""
    end, local = arrived(trigger, ChannelClosed), environment.local
    return (local, end.body) if end and isinstance(local, Driving) and not local.closed else None


def _as_a_success(
    _effect: AnyEffect, output: tuple[Driving, TaskEnded], environment: Env
) -> AnyEffect:
    """However a task has ended, it counts as an execution."""
    driver, end = output
    return Effect(environment.with_local(joined(driver, end.place, error=False)))


def _without_latency(
    effect: AnyEffect, output: tuple[Driving, TaskEnded], _environment: Env
) -> AnyEffect:
    """How long a task took is not counted."""
    metrics = effect.environment.local.metrics
    return remembering(effect, metrics=evolve(metrics, latencies=output[0].metrics.latencies))


def _uncounted(
    _effect: AnyEffect, output: tuple[Driving, TaskCrashed], environment: Env
) -> AnyEffect:
    """A crash is counted nowhere."""
    driver, crash = output
    left = evolve(driver, running=driver.running.remove(crash.place))
    return Effect(environment.with_local(left))


def _as_an_error_only(
    _effect: AnyEffect, output: tuple[Driving, TaskCrashed], environment: Env
) -> AnyEffect:
    """A crash counts as an error like any other."""
    driver, crash = output
    return Effect(environment.with_local(joined(driver, crash.place, error=True)))


def _without_draining(
    _output: Trigger, _trigger: Trigger, _configuration: DriverConfiguration, environment: Env
) -> AnyEffect:
    """The driver stops at the end of the channel, whatever runs."""
    local = environment.local
    if isinstance(local, Driving) and local.closed:
        return Effect(environment.with_local(Stopped(local.taken, local.metrics)))
    return Effect(environment)


def _counted_again(effect: AnyEffect, _output: Message[object], environment: Env) -> AnyEffect:
    """What is repeated counts as an error."""
    metrics = with_end(environment.local.metrics, 0, error=True, crash=False)
    return remembering(effect, metrics=metrics)


DRIVER_SLIPS: tuple[Twin, ...] = (
    slip(
        "channel-order-ignored",
        Defect.READINESS,
        "The driver takes whatever arrives from the channel.",
        Wrong(Channel.id, wrong(DRIVER, with_guard(ReceiveCertificate, _any_place)).change),
        stages.PAIR,
        laws.CHANNEL_ORDER,
        3,
        needs=Needs.REORDERING,
    ),
    slip(
        "place-in-the-channel-used-twice",
        Defect.READINESS,
        "Certificates that one step readies get the same place in the channel.",
        Wrong(Channel.id, wrong("manager", revised(SendReady, _same_place)).change),
        stages.FORK,
        laws.KNOWS_ALL,
        22,
    ),
    slip(
        "limit-off-by-one",
        Defect.TASKS,
        "One more task may run than the limit says.",
        wrong(DRIVER, with_guard(ReceiveCertificate, _one_more)),
        stages.PAIR,
        laws.SO_MANY_RUN,
        4,
    ),
    slip(
        "limit-of-one",
        Defect.TASKS,
        "Only one task runs at a time, whatever the limit says.",
        wrong(DRIVER, with_guard(ReceiveCertificate, _one_alone)),
        stages.SIDE_BY_SIDE,
        laws.TWO_AT_ONCE,
        0,
    ),
    slip(
        "slot-released-early",
        Defect.TASKS,
        "At the limit, the driver does not wait for its oldest task any more.",
        wrong(DRIVER, with_both(ReceiveCertificate, _at_any_limit, _oldest_let_go)),
        stages.PAIR,
        laws.SO_MANY_RUN,
        4,
    ),
    slip(
        "one-held-at-the-limit",
        Defect.TASKS,
        "At the limit, the driver takes one certificate more and holds it, as S2 has it.",
        wrong(DRIVER, with_both(ReceiveCertificate, _at_any_limit, _held)),
        stages.PAIR,
        laws.HAS_A_TASK,
        4,
    ),
    slip(
        "execution-counted-at-its-start",
        Defect.METRICS,
        "An execution is counted when its task starts.",
        wrong(DRIVER, revised(ReceiveCertificate, _counted_at_once)),
        stages.ONE,
        laws.ADD_UP,
        2,
    ),
    slip(
        "end-overtakes-certificates",
        Defect.SHUTDOWN,
        "The driver takes the end of the channel before the certificates that are in it.",
        wrong(DRIVER, with_guard(TakeClose, _end_at_once)),
        stages.CLOSE,
        laws.CHANNEL_ORDER,
        3,
        needs=Needs.REORDERING,
    ),
    slip(
        "end-forgotten",
        Defect.SHUTDOWN,
        "The driver takes the end of the channel, and forgets it.",
        wrong(DRIVER, idle(TakeClose)),
        stages.CLOSE,
        laws.DRIVER_STOPS,
        0,
    ),
    slip(
        "error-counted-as-a-success",
        Defect.METRICS,
        "However a task has ended, it counts as an execution.",
        wrong(DRIVER, revised(JoinTask, _as_a_success)),
        stages.EPOCH,
        laws.TIMELY,
        9,
    ),
    slip(
        "latency-not-counted",
        Defect.METRICS,
        "How long a task took is not counted.",
        wrong(DRIVER, revised(JoinTask, _without_latency)),
        stages.ONE,
        laws.ADD_UP,
        9,
    ),
    slip(
        "ended-task-not-joined",
        Defect.TASKS,
        "The driver does not hear of tasks that end.",
        wrong(DRIVER, never(JoinTask)),
        stages.ONE,
        laws.COUNTED,
        9,
    ),
    slip(
        "crash-counted-nowhere",
        Defect.METRICS,
        "A crashed task is joined and counted nowhere, as S2 has it.",
        wrong(DRIVER, revised(JoinCrashedTask, _uncounted)),
        stages.CRASH,
        laws.ADD_UP,
        5,
    ),
    slip(
        "crash-counted-as-an-error-only",
        Defect.METRICS,
        "A crash counts as an error like any other.",
        wrong(DRIVER, revised(JoinCrashedTask, _as_an_error_only)),
        stages.CRASH,
        laws.TIMELY,
        5,
    ),
    slip(
        "crashed-task-not-joined",
        Defect.CRASHES,
        "The driver does not hear of tasks that crash.",
        wrong(DRIVER, never(JoinCrashedTask)),
        stages.CRASH,
        laws.COUNTED,
        6,
    ),
    slip(
        "drain-that-stops-early",
        Defect.SHUTDOWN,
        "The driver stops at the end of the channel, and has not joined its tasks.",
        wrong(DRIVER, with_action(Stop, _without_draining)),
        stages.CLOSE_PAIR,
        laws.STOPS_LAST,
        4,
    ),
    slip(
        "tasks-outlive-the-driver",
        Defect.SHUTDOWN,
        "The driver stops at the end of the channel, and its tasks go on.",
        wrong(DRIVER, with_action(Stop, _without_draining)),
        stages.CLOSE_PAIR,
        laws.NONE_OUTLIVES,
        4,
    ),
    slip(
        "driver-never-stops",
        Defect.SHUTDOWN,
        "The driver has taken the end and joined all, and goes on.",
        wrong(DRIVER, idle(Stop)),
        stages.CLOSE,
        laws.STOPPED,
        4,
    ),
    slip(
        "repeated-certificate-left-with-the-driver",
        Defect.DUPLICATES,
        "What the driver has taken before is left in its mailbox.",
        wrong(DRIVER, never(IgnoreRepeat)),
        stages.REPEATED,
        laws.TAKEN,
        11,
    ),
    slip(
        "repeated-certificate-counted",
        Defect.METRICS,
        "What the driver has taken before counts as an error.",
        wrong(DRIVER, revised(IgnoreRepeat, _counted_again)),
        stages.REPEATED,
        laws.TIMELY,
        4,
    ),
)
"""The slips, in the order of the rules."""
