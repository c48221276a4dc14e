"""Epochs that begin at any time, with certificates that come too late and too early."""

from models.catalogue.common import Options, known
from models.catalogue.soma import Plan, certificate, increment, objects, soma_parameters, world
from models.model import Model, World
from properties.property import Property
from properties.soma.witnesses import (
    A_CERTIFICATE_IS_PARKED,
    A_CERTIFICATE_WAITS,
    A_LATER_EPOCH_EXECUTES,
    A_RECONFIGURATION_WAITS,
    A_REPEAT_IS_ANSWERED,
    A_REQUEST_WAITS,
    FAILED,
    REFUSED,
    SOMETHING_IS_EXECUTED_BESIDE_THE_DRIVER,
)
from spec.soma.execution import ExecutionError
from spec.soma.manager.messages import Reason

ALWAYS_SHOWN: tuple[Property, ...] = (
    A_CERTIFICATE_IS_PARKED,
    A_LATER_EPOCH_EXECUTES,
    A_RECONFIGURATION_WAITS,
    FAILED[ExecutionError.WRONG_EPOCH],
    REFUSED[Reason.EPOCH_ENDED],
    REFUSED[Reason.PAST_EPOCH],
)
"""What happens wherever something of the old epoch is under way when the new one begins."""


def epoch(options: Options) -> World:
    """Independent certificates of two epochs, and the second one begins at any time."""
    old = certificate("a", "x1", "x", increment("x")), certificate("b", "y1", "y", increment("y"))
    new = certificate("c", "x1 y1", "", epoch=1)
    plan = Plan(objects("x y"), (old, (new,)), epochs=(1,))
    side_by_side = (A_REQUEST_WAITS,) if options["limit"] > 1 else ()
    return world(plan, options, (*ALWAYS_SHOWN, *side_by_side))


def dependency(options: Options) -> World:
    """Certificates that need a version of the epoch before, with state sync beside them."""
    first = certificate("a", "x1", "x", increment("x"))
    second = certificate("b", "x2", "x", increment("x"), epoch=1)
    third = certificate("c", "x3", "x", increment("x"), epoch=2)
    plan = Plan(objects("x"), ((first,), (second,), (third,)), synced=(second,), epochs=(1, 2))
    claims = (A_CERTIFICATE_WAITS, SOMETHING_IS_EXECUTED_BESIDE_THE_DRIVER)
    return world(plan, options, (*ALWAYS_SHOWN, *claims))


def recertified(options: Options) -> World:
    """A transaction that is certified in both epochs."""
    old = certificate("a", "x1", "x", increment("x"))
    new = certificate("a", "x1", "x", increment("x"), epoch=1)
    plan = Plan(objects("x"), ((old,), (new,)), epochs=(1,))
    side_by_side = (A_REPEAT_IS_ANSWERED, A_REQUEST_WAITS) if options["limit"] > 1 else ()
    return world(plan, options, (*ALWAYS_SHOWN, REFUSED[Reason.EXECUTED], *side_by_side))


SOMA_EPOCH = Model(
    name="soma-epoch",
    system="soma",
    sentence="An epoch that begins in mid-flight, with late and early certificates.",
    parameters=soma_parameters(2),
    build=epoch,
    expected=(
        known(28541, 91250, 32),
        known(7719, 22372, 32, delivery="fifo"),
        known(3441, 9284, 32, limit=1),
    ),
)
"""An epoch change."""

SOMA_EPOCH_DEPENDENCY = Model(
    name="soma-epoch-dependency",
    system="soma",
    sentence="Certificates of three epochs that need each other's versions, and state sync.",
    parameters=soma_parameters(1),
    build=dependency,
    expected=(
        known(13488, 55224, 37),
        known(7785, 27971, 37, delivery="fifo"),
    ),
)
"""A dependency across epochs."""

SOMA_RECERTIFIED = Model(
    name="soma-recertified",
    system="soma",
    sentence="A transaction that is certified in two epochs and executes in at most one.",
    parameters=soma_parameters(2),
    build=recertified,
    expected=(
        known(603, 1415, 22),
        known(510, 1195, 22, delivery="fifo"),
        known(256, 532, 22, limit=1),
        known(15587, 47896, 32, duplicates=1),
    ),
)
"""One digest, two epochs."""
