"""Transactions that come to nothing: programs that fail, undeclared accesses, and odd labels."""

from models.catalogue.common import (
    Options,
    genesis_of,
    label,
    network_parameters,
    setting,
    transaction,
    world,
)
from models.catalogue.counter import ADD_ONE, COUNTER
from models.model import Model, Parameter, World
from models.worlds import NamedCandidate
from properties.anoma.witnesses import A_TRANSACTION_FAILS, SOMETHING_OVERTAKES_ITS_LOCK

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


EARLY = frozenset({"divide", "unset", "stray-write"})
"""Those that do not wait for an eager read: they may be at a shard before their lock."""


def failures(options: Options) -> World:
    """A malformed transaction, one of the others, and one that adds."""
    fault = options["fault"]
    chosen = (MALFORMED, FAULTS[fault], transaction("add", CHANGES, ADD_ONE))
    fails = () if fault == "empty" else (A_TRANSACTION_FAILS,)
    overtakes = (SOMETHING_OVERTAKES_ITS_LOCK,) if fault in EARLY else ()
    return world(setting(chosen, START, options), (*fails, *overtakes))


FAILING = Model(
    name="failing",
    system="anoma",
    sentence="A malformed label, a transaction that comes to nothing, and a sound one beside them.",
    parameters=(
        Parameter("fault", "which of them", "fail", tuple(FAULTS)),
        *network_parameters(1),
    ),
    build=failures,
)
"""What comes to nothing."""
