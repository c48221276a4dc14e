"""Contracts on Soma: epochs, what is ready, what the driver takes, and which versions are made."""

from attrs import evolve
from pyrsistent import pmap, pset

from spec.anoma.keyvalue import KVSDatum
from spec.anoma.program import Program
from spec.formalism.environment import Effect, Environment
from spec.formalism.identity import on_local_node
from spec.formalism.message import DEFAULT_MAILBOX, Message, MessageArrived, Trigger
from spec.formalism.message import Time as Instant
from spec.soma import certificate as certificates
from spec.soma.authority import environment as authority
from spec.soma.authority import epochs
from spec.soma.authority.configuration import AuthorityConfiguration
from spec.soma.authority.environment import AuthorityState, Execution, is_free, objection
from spec.soma.authority.epochs import AwaitReconfiguration, ChangeEpoch
from spec.soma.authority.messages import Reconfigure, TryExecute
from spec.soma.certificate import Certificate, TransactionDigest, versions_written
from spec.soma.driver import environment as driver
from spec.soma.driver.environment import Driving, ExecutionDriverMetrics, joined, may_take
from spec.soma.epoch import FIRST_EPOCH
from spec.soma.execution import Effects, ExecutionError
from spec.soma.manager import hand as hands
from spec.soma.manager.environment import Enqueued, Held, ManagerState
from spec.soma.manager.hand import is_ready, refusal
from spec.soma.manager.messages import Reason
from spec.soma.object import ObjectId, ObjectKey, Objects
from tests.contracts.contract import Contract
from tests.contracts.nominal import EpochId, Place, Version

DIGEST = TransactionDigest("digest")
"""The transaction that is certified."""

SEAT, PURSE = ObjectId("seat"), ObjectId("purse")
"""Two objects."""

DONE = Effects(DIGEST, FIRST_EPOCH, None, pmap(), pmap())
"""What its execution has done."""

SOMEBODY = on_local_node("somebody")
"""Whoever asks."""

MANAGER = AuthorityConfiguration(on_local_node("manager"))
"""Whom AuthorityState tells of epochs."""


def certificate(
    epoch: EpochId,
    inputs: frozenset[ObjectKey] = frozenset(),
    outputs: frozenset[ObjectId] = frozenset(),
) -> Certificate:
    """A certificate for an epoch."""
    return Certificate(DIGEST, epoch, inputs, outputs, Program(()))


def stored(version: Version) -> Objects:
    """A store with one version of an object."""
    return pmap({ObjectKey(SEAT, version): KVSDatum(0)})


def a_certificate_executes_in_its_own_epoch_alone(
    certified: EpochId, loaded: EpochId, current: EpochId
) -> None:
    """All three are the same, or the epoch is wrong."""
    assert min(certified, loaded, current) >= 0
    request = TryExecute(certificate(certified), None, loaded)
    wrong = objection(AuthorityState(current, pmap()), request)
    assert wrong == (None if certified == loaded == current else ExecutionError.WRONG_EPOCH)


def objection_unless_current(state: AuthorityState, request: TryExecute) -> ExecutionError | None:
    """A wrong version: nobody looks at what the task has loaded."""
    return authority.objection(state, evolve(request, epoch=state.epoch))


def a_request_waits_for_its_lock_and_for_a_reconfiguration(
    executed: bool, executing: bool, reconfiguring: EpochId | None
) -> None:
    """It is free if nobody executes it, it is not executed, and no epoch waits to begin."""
    assert reconfiguring is None or reconfiguring >= 0
    asked = certificate(EpochId(0))
    state = AuthorityState(EpochId(0), pmap(), reconfiguring=reconfiguring)
    if executed:
        state = evolve(state, executed=pmap({DIGEST: DONE}))
    if executing:
        state = evolve(state, executing=pmap({DIGEST: Execution(asked, SOMEBODY, pmap())}))
    free = not executed and not executing and reconfiguring is None
    assert is_free(state, TryExecute(asked, None, EpochId(0))) == free


def free_while_an_epoch_waits(state: AuthorityState, request: TryExecute) -> bool:
    """A wrong version: an epoch that waits lets executions begin."""
    return authority.is_free(evolve(state, reconfiguring=None), request)


def only_the_next_epoch_is_awaited(
    current: EpochId, asked: EpochId, waiting: EpochId | None
) -> None:
    """And only while no other one waits."""
    assert min(current, asked) >= 0
    state = AuthorityState(current, pmap(), reconfiguring=waiting)
    awaited = AwaitReconfiguration.guard(told(Reconfigure(asked)), MANAGER, Environment(state))
    assert awaited == (asked if asked == current + 1 and waiting is None else None)


def told(body: object) -> Trigger:
    """The arrival of a message."""
    message = Message(SOMEBODY, SOMEBODY, DEFAULT_MAILBOX, body)
    return Trigger(MessageArrived(message), Instant(0))


class AwaitAnyLater(AwaitReconfiguration):
    """A wrong version: epochs can be left out."""

    @staticmethod
    def guard(
        trigger: Trigger,
        configuration: AuthorityConfiguration,
        environment: Environment[AuthorityState],
    ) -> EpochId | None:
        """It is a later epoch."""
        state = environment.local
        message = trigger.event.message if isinstance(trigger.event, MessageArrived) else None
        asked = message.body.epoch if message else state.epoch
        later = asked > state.epoch and state.reconfiguring is None
        return asked if later else None


def an_epoch_begins_once_nothing_is_executing(
    current: EpochId, waiting: EpochId | None, executing: bool
) -> None:
    """It is the one that waits; the manager hears of it, and of nothing else."""
    assert current >= 0
    assert waiting is None or waiting == current + 1
    under_way = {DIGEST: Execution(certificate(current), SOMEBODY, pmap())} if executing else {}
    state = AuthorityState(current, pmap(), executing=pmap(under_way), reconfiguring=waiting)
    trigger = told(None)
    effect = ChangeEpoch.action(trigger, trigger, MANAGER, Environment(state))
    begins = waiting is not None and not executing
    after = effect.environment.local
    assert after.epoch == (current + 1 if begins else current)
    assert after.reconfiguring == (None if begins else waiting)
    assert len(effect.sends) == (1 if begins else 0)


class ChangeAtOnce(ChangeEpoch):
    """A wrong version: an epoch ends under those who execute in it."""

    @staticmethod
    def action(
        output: Trigger,
        trigger: Trigger,
        configuration: AuthorityConfiguration,
        environment: Environment[AuthorityState],
    ) -> Effect[AuthorityState]:
        """It begins."""
        idle = evolve(environment.local, executing=pmap())
        return epochs.ChangeEpoch.action(
            output, trigger, configuration, environment.with_local(idle)
        )


def a_certificate_is_ready_when_its_exact_versions_are_there(
    needed: Version, there: Version, also: bool
) -> None:
    """Neither an older nor a newer version will do."""
    assert 1 <= needed <= 3
    assert 1 <= there <= 3
    available = pset(ObjectKey(each, there) for each in ((SEAT, PURSE) if also else (SEAT,)))
    inputs = frozenset({ObjectKey(SEAT, needed), ObjectKey(PURSE, needed)})
    state = ManagerState(EpochId(0), available)
    assert is_ready(state, certificate(EpochId(0), inputs)) == (needed == there and also)


def ready_with_any_version(state: ManagerState, asked: Certificate) -> bool:
    """A wrong version: it is enough that the objects exist."""
    known = {key.object for key in state.available}
    return {key.object for key in asked.inputs} <= known


def a_certificate_is_refused_for_one_reason(
    current: EpochId, certified: EpochId, closed: bool, executed: bool, in_hand: int
) -> None:
    """Closed, executed, past, in hand: in this order; and what is in hand is so in its own epoch."""
    assert 0 <= current <= 2
    assert 0 <= certified <= 2
    assert 0 <= in_hand <= 3
    held = Held(certificate(current), SOMEBODY)
    parked = Held(certificate(certified), SOMEBODY)
    state = ManagerState(
        current,
        pset(),
        executed=pset([DIGEST] if executed else []),
        waiting=pmap({DIGEST: held} if in_hand == 1 else {}),
        enqueued=pmap({DIGEST: Enqueued(Place(1), held)} if in_hand == 2 else {}),
        parked=pmap({(certified, DIGEST): parked} if in_hand == 3 else {}),
        closed=closed,
    )
    known = in_hand == 3 or (in_hand > 0 and certified == current)
    reasons = (
        (Reason.CLOSED, closed),
        (Reason.EXECUTED, executed),
        (Reason.PAST_EPOCH, certified < current),
        (Reason.ENQUEUED, known),
    )
    expected = next((reason for reason, applies in reasons if applies), None)
    assert refusal(state, certificate(certified)) is expected


def refusal_of_what_is_not_current(state: ManagerState, asked: Certificate) -> Reason | None:
    """A wrong version: certificates of later epochs are taken for past ones."""
    reason = hands.refusal(state, asked)
    return Reason.PAST_EPOCH if reason is None and asked.epoch != state.epoch else reason


def the_driver_takes_the_next_place_while_it_has_room(
    limit: int, taken: Place, place: Place, running: int, closed: bool
) -> None:
    """Never more than its limit, nothing twice, nothing out of order, nothing after the end."""
    assert 1 <= limit <= 3
    assert 0 <= running <= 3
    assert taken >= running
    tasks = pmap({Place(each + 1): 0 for each in range(running)})
    state = Driving(taken, tasks, closed=closed)
    room = running < limit and not closed
    assert may_take(limit, state, place) == (room and place == taken + 1)


def taken_at_the_limit(limit: int, state: Driving, place: Place) -> bool:
    """A wrong version: one task more than the limit."""
    return driver.may_take(limit + 1, state, place)


def joining_a_task_counts_it_once(
    executions: int, errors: int, crashes: int, since: int, error: bool, crash: bool
) -> None:
    """As an execution or as an error, perhaps as a crash; and no time runs backwards."""
    assert 0 <= crashes <= errors <= 2
    assert 0 <= executions <= 2
    assert 1 <= since <= 1 + 2 * (executions + errors)
    assert error or not crash
    metrics = ExecutionDriverMetrics(executions, errors, crashes)
    after = joined(
        Driving(running=pmap({Place(1): since}), metrics=metrics),
        Place(1),
        error=error,
        crash=crash,
    )
    now = after.metrics
    assert now.executions + now.errors == executions + errors + 1
    assert now.executions - executions == (0 if error else 1)
    assert now.crashes - crashes == (1 if crash else 0)
    assert now.crashes <= now.errors
    assert all(latency >= 0 for latency in now.latencies)


def joined_as_crash_alone(
    state: Driving, place: Place, *, error: bool, crash: bool = False
) -> Driving:
    """A wrong version: a crash is not an error."""
    return driver.joined(state, place, error=error and not crash, crash=crash)


def an_execution_makes_next_and_first_versions(
    seat: Version, failed: bool, writes_seat: bool, writes_purse: bool
) -> None:
    """One that fails creates nothing, and makes the next versions all the same."""
    assert 1 <= seat <= 3
    outputs = frozenset(
        name for name, is_one in ((SEAT, writes_seat), (PURSE, writes_purse)) if is_one
    )
    asked = certificate(EpochId(0), frozenset({ObjectKey(SEAT, seat)}), outputs)
    made = versions_written(asked, failed=failed)
    purse = (ObjectKey(PURSE, Version(1)),) if writes_purse and not failed else ()
    following = (ObjectKey(SEAT, Version(seat + 1)),) if writes_seat else ()
    assert made == (*purse, *following)


def versions_of_success(asked: Certificate, *, failed: bool) -> tuple[ObjectKey, ...]:
    """A wrong version: a program that fails makes no versions."""
    return () if failed else certificates.versions_written(asked, failed=failed)


CONTRACTS = (
    Contract(
        a_certificate_executes_in_its_own_epoch_alone,
        "objection",
        objection_unless_current,
        "any epochs",
        short=True,
    ),
    Contract(
        a_request_waits_for_its_lock_and_for_a_reconfiguration,
        "is_free",
        free_while_an_epoch_waits,
        "one digest, any epoch that waits",
        short=True,
    ),
    Contract(
        only_the_next_epoch_is_awaited,
        "AwaitReconfiguration",
        AwaitAnyLater,
        "any epochs",
        short=True,
    ),
    Contract(
        an_epoch_begins_once_nothing_is_executing,
        "ChangeEpoch",
        ChangeAtOnce,
        "one execution, any epoch",
        short=True,
    ),
    Contract(
        a_certificate_is_ready_when_its_exact_versions_are_there,
        "is_ready",
        ready_with_any_version,
        "2 objects, versions from 1 to 3",
    ),
    Contract(
        a_certificate_is_refused_for_one_reason,
        "refusal",
        refusal_of_what_is_not_current,
        "one digest, epochs from 0 to 2",
    ),
    Contract(
        the_driver_takes_the_next_place_while_it_has_room,
        "may_take",
        taken_at_the_limit,
        "up to 3 tasks, limits from 1 to 3, any places",
    ),
    Contract(
        joining_a_task_counts_it_once,
        "joined",
        joined_as_crash_alone,
        "one task, up to 2 executions and 2 errors before",
    ),
    Contract(
        an_execution_makes_next_and_first_versions,
        "versions_written",
        versions_of_success,
        "2 objects, versions from 1 to 3",
    ),
)
"""The contracts of this module."""
