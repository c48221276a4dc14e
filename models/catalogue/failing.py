"""Transactions that come to nothing: programs that fail, undeclared accesses, and odd labels."""

from models.catalogue.common import (
    Options,
    genesis_of,
    known,
    label,
    network_parameters,
    setting,
    transaction,
    world,
)
from models.catalogue.counter import ADD_ONE, COUNTER
from models.model import Model, Parameter, World
from models.worlds import NamedCandidate

START = genesis_of({COUNTER: 0})
"""What the failing transactions leave alone, and the last one adds one to."""

CHANGES = label(eager=(COUNTER,), will=(COUNTER,))
"""The label of those that read and write the counter."""

MALFORMED = transaction("malformed", label(eager=(COUNTER,), lazy=(COUNTER,)), ADD_ONE)
"""Its label is refused: the counter stands in two sets that must be disjoint."""

FAULTS: dict[str, NamedCandidate] = {
    "fail": transaction("fail", CHANGES, f'{ADD_ONE}\nfail("never mind")'),
    "divide": transaction("divide", label(may=(COUNTER,)), f'write("{COUNTER}", 1 // 0)'),
    "unset": transaction("unset", label(may=(COUNTER,)), f'write("{COUNTER}", nobody)'),
    "stray-read": transaction("stray-read", CHANGES, f'{ADD_ONE}\nread("elsewhere")'),
    "stray-write": transaction("stray-write", label(lazy=(COUNTER,)), ADD_ONE),
    "empty": transaction("empty", label(), "pass"),
}
"""The transactions that leave no trace; all of them fail, but for the one with an empty label."""


def failures(options: Options) -> World:
    """A malformed transaction, one of the others, and one that adds."""
    chosen = (MALFORMED, FAULTS[options["fault"]], transaction("add", CHANGES, ADD_ONE))
    return world(setting(chosen, START, options))


FAILING = Model(
    name="failing",
    system="anoma",
    sentence="A malformed label, a transaction that comes to nothing, and a sound one beside them.",
    parameters=(
        Parameter("fault", "which of them", "fail", tuple(FAULTS)),
        *network_parameters(1),
    ),
    build=failures,
    expected=(
        known(5535, 24966, 21),
        known(3855, 16382, 22, delivery="fifo"),
        known(4665, 21659, 18, fault="empty"),
        known(703, 2581, 20, fault="divide", arrival="given"),
        known(703, 2581, 20, fault="unset", arrival="given"),
        known(5535, 24966, 21, fault="stray-read"),
        known(6075, 27246, 21, fault="stray-write"),
    ),
)
"""What comes to nothing."""
