"""Certificates that wait for each other's versions, or for nothing, or for ever."""

from models.catalogue.common import Options, known
from models.catalogue.soma import (
    Plan,
    certificate,
    certificates,
    increment,
    key,
    objects,
    soma_parameters,
    world,
)
from models.model import Model, World
from properties.property import Property
from properties.soma.witnesses import (
    A_CERTIFICATE_WAITS,
    A_CERTIFICATE_WAITS_FOR_A_TASK,
    A_PROGRAM_FAILS,
    A_REPEAT_IS_ANSWERED,
    A_REQUEST_WAITS,
    FAILED,
    REFUSED,
    SEVERAL_BECOME_READY,
    SOMETHING_IS_EXECUTED_BESIDE_THE_DRIVER,
    TWO_AT_ONCE,
)
from spec.soma.execution import ExecutionError
from spec.soma.manager.messages import Reason

NAMES = "abcdef"
"""The digests of certificates, and the names of objects."""

ADD_BOTH = 'write("l", read("l") + read("r"))'
"""The program at the end of the diamond."""


def at_the_limit(options: Options, side_by_side: int) -> tuple[Property, ...]:
    """What happens where so many certificates may be ready at a time."""
    many = (TWO_AT_ONCE,) if min(options["limit"], side_by_side) > 1 else ()
    full = (A_CERTIFICATE_WAITS_FOR_A_TASK,) if options["limit"] < side_by_side else ()
    return (*many, *full)


def chain(options: Options) -> World:
    """Certificates each of which names the version that the one before it makes."""
    count = options["certificates"]
    links = tuple(certificate(NAMES[at], f"x{at + 1}", "x", increment("x")) for at in range(count))
    return world(Plan(objects("x"), (links,)), options, (A_CERTIFICATE_WAITS,) if count > 1 else ())


def diamond(options: Options) -> World:
    """One certificate, two that depend on it, and one that depends on both."""
    corners = (
        certificate("a", "x1", "l r", 'write("l", read("x"))\nwrite("r", read("x"))'),
        certificate("b", "l1", "l", increment("l")),
        certificate("c", "r1", "r", increment("r")),
        certificate("d", "l2 r2", "l", ADD_BOTH),
    )
    claims = (A_CERTIFICATE_WAITS, SEVERAL_BECOME_READY, *at_the_limit(options, 2))
    return world(Plan(objects("x"), (corners,)), options, claims)


def fan(options: Options) -> World:
    """Certificates that have nothing to do with each other."""
    names = NAMES[: options["certificates"]]
    each_its_own = tuple(certificate(name, f"{name}1", name, increment(name)) for name in names)
    claims = at_the_limit(options, len(names))
    return world(Plan(objects(" ".join(names)), (each_its_own,)), options, claims)


def duplicates(options: Options) -> World:
    """Certificates that two sources bring, and that state sync has executed besides."""
    first = certificate("a", "x1", "x", increment("x"))
    second = certificate("b", "x2", "x", increment("x"))
    plan = Plan(objects("x"), ((first, second), (second,)), synced=(first, second))
    claims = (
        A_CERTIFICATE_WAITS,
        A_REPEAT_IS_ANSWERED,
        A_REQUEST_WAITS,
        SOMETHING_IS_EXECUTED_BESIDE_THE_DRIVER,
        REFUSED[Reason.ENQUEUED],
        REFUSED[Reason.EXECUTED],
        FAILED[ExecutionError.MISSING_INPUT],
    )
    return world(plan, options, claims)


def never(options: Options) -> World:
    """A certificate whose input never comes, one that depends on it, and one that does not."""
    plan = Plan(
        objects("x y"),
        (
            (
                certificate("a", "x1 z7", "x"),
                certificate("b", "x2", "x"),
                certificate("c", "y1", "y", increment("y")),
            ),
        ),
        missing=frozenset({key("z7")}),
    )
    return world(plan, options, (A_CERTIFICATE_WAITS,))


def failing(options: Options) -> World:
    """A program that fails: who depends on its old objects goes on, who on its new ones waits."""
    plan = Plan(
        objects("x"),
        (
            (
                certificate("a", "x1", "x z", 'write("x", 99)\nfail("no")'),
                certificate("b", "x2", "x", increment("x")),
                certificate("c", "z1", "z"),
            ),
        ),
    )
    return world(plan, options, (A_CERTIFICATE_WAITS, A_PROGRAM_FAILS))


SOMA_CHAIN = Model(
    name="soma-chain",
    system="soma",
    sentence="Certificates each of which needs the version that the one before it makes.",
    parameters=(certificates(3, 5), *soma_parameters(2)),
    build=chain,
    expected=(
        known(276, 521, 30),
        known(261, 477, 30, delivery="fifo"),
        known(85, 158, 30, limit=1),
        known(7996, 20664, 33, duplicates=1),
    ),
)
"""A dependency chain."""

SOMA_DIAMOND = Model(
    name="soma-diamond",
    system="soma",
    sentence="One certificate, two that need versions of it, and one that needs both of theirs.",
    parameters=soma_parameters(2),
    build=diamond,
    expected=(
        known(2678, 6435, 40),
        known(1299, 2957, 40, delivery="fifo"),
        known(308, 685, 40, limit=1),
        known(7234, 18347, 40, limit=8),
    ),
)
"""A diamond."""

SOMA_FAN = Model(
    name="soma-fan",
    system="soma",
    sentence="Independent certificates, more of them than may run at a time.",
    parameters=(certificates(3, 5), *soma_parameters(2)),
    build=fan,
    expected=(
        known(7093, 18726, 30),
        known(1182, 2787, 30, delivery="fifo"),
        known(709, 1494, 30, limit=1),
        known(165877, 526844, 40, certificates=4),
        known(6247, 16115, 40, certificates=4, delivery="fifo"),
    ),
)
"""A wide fan at the limit."""

SOMA_DUPLICATES = Model(
    name="soma-duplicates",
    system="soma",
    sentence="Certificates that two sources bring, with state sync beside them.",
    parameters=soma_parameters(2),
    build=duplicates,
    expected=(
        known(22019, 83879, 27),
        known(11272, 37504, 27, delivery="fifo"),
        known(10837, 39227, 27, limit=1),
    ),
)
"""Duplicates."""

SOMA_NEVER = Model(
    name="soma-never",
    system="soma",
    sentence="A certificate whose input never comes, one that needs it, and one that does not.",
    parameters=soma_parameters(1),
    build=never,
    expected=(
        known(52, 108, 12),
        known(15, 16, 12, delivery="fifo"),
        known(724, 1964, 15, duplicates=1),
    ),
)
"""What waits for ever."""

SOMA_FAILING = Model(
    name="soma-failing",
    system="soma",
    sentence="A program that fails: its objects get their next versions, new ones do not come.",
    parameters=soma_parameters(2),
    build=failing,
    expected=(
        known(144, 302, 21),
        known(129, 258, 21, delivery="fifo"),
        known(3120, 8754, 24, duplicates=1),
    ),
)
"""A failing program."""
