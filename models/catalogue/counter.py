"""Everybody adds one to the same key: the smallest model in which an update can be lost."""

from functools import partial

from models.catalogue.common import (
    Options,
    genesis_of,
    known,
    label,
    network_parameters,
    setting,
    transaction,
    transactions,
    world,
)
from models.catalogue.outcome import at_rest, value
from models.model import Model, World
from models.worlds import NamedCandidate
from properties.outcome import Outcome
from properties.property import Evidence
from spec.anoma.runnable import AnyRunnable
from spec.anoma.shard.behaviour import SHARD
from spec.formalism.family import EngineFamily

COUNTER = "counter"
"""The key that is counted in."""

START = genesis_of({COUNTER: 0})
"""Nobody has counted yet."""

ADD_ONE = f'write("{COUNTER}", read("{COUNTER}") + 1)'
"""The program of every transaction."""


def increments(number: int, program: str | AnyRunnable = ADD_ONE) -> tuple[NamedCandidate, ...]:
    """So many transactions that add one."""
    declared = label(eager=(COUNTER,), will=(COUNTER,))
    return tuple(transaction(f"add-{each}", declared, program) for each in range(1, number + 1))


def counted(number: int, outcome: Outcome) -> Evidence | None:
    """Whether the counter stands at the number of increments."""
    reached = value(outcome, COUNTER)
    return None if reached == number else Evidence(f"{number} increments have led to {reached}")


def counters(
    options: Options, shard_family: EngineFamily = SHARD, program: str | AnyRunnable = ADD_ONE
) -> World:
    """Increments by this program over shards of this family."""
    counts = partial(counted, options["transactions"])
    chosen = setting(increments(options["transactions"], program), START, options, shard_family)
    return world(chosen, (at_rest("no increment is lost", counts),))


COUNTERS = Model(
    name="counter",
    system="anoma",
    sentence="Transactions that each add one to the same key: at rest none is lost.",
    parameters=(transactions(2, 4), *network_parameters(1)),
    build=counters,
    expected=(
        known(1845, 7092, 19),
        known(1285, 4604, 20, delivery="fifo"),
        known(479, 1585, 19, arrival="given"),
        known(7985, 33920, 21, arrival="given", duplicates=1),
        known(2411, 9661, 30, arrival="given", delivery="fifo", transactions=3),
    ),
)
"""Increments of one key."""
