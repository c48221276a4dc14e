"""Tasks that crash at any point, and a channel that is closed at any point."""

from models.catalogue.common import Options, known
from models.catalogue.soma import (
    Plan,
    certificate,
    crashes,
    increment,
    objects,
    soma_parameters,
    world,
)
from models.model import Model, World
from properties.property import Property
from properties.soma.witnesses import (
    A_CRASH_IS_JOINED,
    A_CRASH_OVERTAKES_ITS_REQUEST,
    A_RECONFIGURATION_WAITS,
    AN_EXECUTION_IS_ABANDONED,
    AN_EXECUTION_OUTLIVES_ITS_TASK,
    CRASHED,
    FAILED,
    REFUSED,
    THE_DRIVER_DRAINS,
    THE_DRIVER_STOPS,
)
from spec.soma.execution import ExecutionError
from spec.soma.manager.messages import Reason


def crash_claims(options: Options) -> tuple[Property, ...]:
    """What happens where a task may crash."""
    overtaking = (A_CRASH_OVERTAKES_ITS_REQUEST,) if options["delivery"] == "unordered" else ()
    return (
        *CRASHED.values(),
        A_CRASH_IS_JOINED,
        AN_EXECUTION_IS_ABANDONED,
        AN_EXECUTION_OUTLIVES_ITS_TASK,
        *overtaking,
    )


def crash(options: Options) -> World:
    """A certificate that is brought twice, and one that depends on it."""
    first = certificate("a", "x1", "x", increment("x"))
    second = certificate("b", "x2", "x", increment("x"))
    plan = Plan(objects("x"), ((first, second), (first,)), crashes=options["crashes"])
    return world(plan, options, crash_claims(options))


def crash_epoch(options: Options) -> World:
    """A certificate, an epoch that begins at any time, and one that comes early."""
    old = certificate("a", "x1", "x", increment("x"))
    new = certificate("b", "y1", "y", increment("y"), epoch=1)
    plan = Plan(objects("x y"), ((old,), (new,)), epochs=(1,), crashes=options["crashes"])
    claims = (A_RECONFIGURATION_WAITS, FAILED[ExecutionError.WRONG_EPOCH])
    return world(plan, options, (*crash_claims(options), *claims))


def shutdown(options: Options) -> World:
    """Two certificates in a chain and one beside them, and a channel that is closed at any time."""
    plan = Plan(
        objects("x y"),
        (
            (
                certificate("a", "x1", "x", increment("x")),
                certificate("b", "x2", "x", increment("x")),
            ),
            (certificate("c", "y1", "y", increment("y")),),
        ),
        closes=True,
    )
    # At a limit of 1 the driver takes the end only when nothing runs.
    drains = (THE_DRIVER_DRAINS,) if options["limit"] > 1 else ()
    claims = (REFUSED[Reason.CLOSED], REFUSED[Reason.READY_AFTER_CLOSE], THE_DRIVER_STOPS)
    return world(plan, options, (*claims, *drains))


SOMA_CRASH = Model(
    name="soma-crash",
    system="soma",
    sentence="Tasks that crash at any point, with a certificate that is brought once more.",
    parameters=(crashes(2), *soma_parameters(2)),
    build=crash,
    expected=(
        known(8305, 24947, 31),
        known(6542, 19226, 29, delivery="fifo"),
        known(3095, 8774, 31, limit=1),
        known(38640, 142740, 34, crashes=2),
    ),
)
"""Crashes."""

SOMA_CRASH_EPOCH = Model(
    name="soma-crash-epoch",
    system="soma",
    sentence="Tasks that crash while an epoch begins.",
    parameters=(crashes(2), *soma_parameters(2)),
    build=crash_epoch,
    expected=(
        known(7547, 24599, 25),
        known(5530, 17572, 25, delivery="fifo"),
        known(2717, 8080, 25, limit=1),
        known(28203, 112375, 28, crashes=2),
    ),
)
"""Crashes and an epoch change."""

SOMA_SHUTDOWN = Model(
    name="soma-shutdown",
    system="soma",
    sentence="A channel that is closed at any point, and a driver that drains and stops.",
    parameters=soma_parameters(2),
    build=shutdown,
    expected=(
        known(6386, 17565, 32),
        known(6213, 16536, 32, delivery="fifo"),
        known(1185, 2723, 32, limit=1),
        known(11480, 35212, 32, limit=8),
    ),
)
"""A shutdown."""
