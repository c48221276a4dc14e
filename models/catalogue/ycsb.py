"""YCSB-like mixes of reads, updates and read-modify-writes.

The workloads A, B, C and F are those of Cooper et al., "Benchmarking Cloud Serving Systems with
YCSB" (2010) and its successors. YCSB has no transactions: several operations make one here, as in
the studies of concurrency control that took it up.
"""

from functools import partial

from attrs import frozen

from models.catalogue.common import (
    Options,
    genesis_of,
    label,
    network_parameters,
    seed,
    setting,
    transaction,
    transactions,
    world,
)
from models.catalogue.draw import Draw
from models.catalogue.outcome import at_rest, value
from models.model import Model, Parameter, World
from models.worlds import NamedCandidate
from properties.outcome import Outcome
from properties.property import Evidence

MIXES: dict[str, tuple[int, int, int]] = {
    "A": (50, 50, 0),
    "B": (95, 5, 0),
    "C": (100, 0, 0),
    "F": (50, 0, 50),
}
"""Of a hundred operations, how many read, update, and read, modify and write."""

MODIFIED = 1
"""By how much a read-modify-write raises a record."""


@frozen
class Operations:
    """What one transaction does to its records, each of which it touches once."""

    name: str
    """The name of the transaction."""
    reads: tuple[str, ...]
    """The records that it reads."""
    updates: tuple[str, ...]
    """The records that it overwrites with a value of its own."""
    modifies: tuple[str, ...]
    """The records that it reads and raises."""


def record(place: int) -> str:
    """The key of a record."""
    return f"record.{place}"


def popularity(options: Options) -> list[int]:
    """How often each record is chosen: the first most often by Zipf's law, or all alike."""
    zipfian = options["distribution"] == "zipfian"
    return [1000 // (place + 1) if zipfian else 1 for place in range(options["keys"])]


def drawn(options: Options) -> tuple[Operations, ...]:
    """The transactions of a seed."""
    draw = Draw(options["seed"])
    return tuple(
        _operations(f"t{number}", draw, options) for number in range(1, options["transactions"] + 1)
    )


def _operations(name: str, draw: Draw, options: Options) -> Operations:
    records = tuple(record(place) for place in range(options["keys"]))
    chosen = draw.distinct(records, options["operations"], popularity(options))
    kinds = [draw.weighted((0, 1, 2), MIXES[options["workload"]]) for _ in chosen]
    reads, updates, modifies = (
        tuple(key for key, its in zip(chosen, kinds, strict=True) if its == kind)
        for kind in range(3)
    )
    return Operations(name, reads, updates, modifies)


def candidate(number: int, operations: Operations) -> NamedCandidate:
    """The transaction that does this; what it overwrites gets a value that nobody else writes."""
    lines = (
        *(f'read("{key}")' for key in operations.reads),
        *(f'write("{key}", {1000 * number})' for key in operations.updates),
        *(f'write("{key}", read("{key}") + {MODIFIED})' for key in operations.modifies),
    )
    declared = label(
        eager=(*operations.reads, *operations.modifies),
        will=(*operations.updates, *operations.modifies),
    )
    return transaction(operations.name, declared, "\n".join(lines))


def raised(mix: tuple[Operations, ...], outcome: Outcome) -> Evidence | None:
    """Whether each record that nobody overwrites stands at the number of its modifications."""
    overwritten = {key for each in mix for key in each.updates}
    modified = {key for each in mix for key in each.modifies} - overwritten
    for key in sorted(modified):
        expected = MODIFIED * sum(key in each.modifies for each in mix)
        if value(outcome, key) != expected:
            return Evidence(f"{key} holds {value(outcome, key)}, and should hold {expected}")
    return None


def mixed(options: Options) -> World:
    """The drawn transactions."""
    mix = drawn(options)
    genesis = genesis_of({record(place): 0 for place in range(options["keys"])})
    candidates = tuple(candidate(number, each) for number, each in enumerate(mix, start=1))
    chosen = setting(candidates, genesis, options)
    return world(chosen, (at_rest("no modification is lost", partial(raised, mix)),))


YCSB = Model(
    name="ycsb",
    system="anoma",
    sentence="YCSB-like mixes of reads, updates and read-modify-writes. Walked at random.",
    parameters=(
        Parameter(
            "workload",
            "the mix: A half updates, B few, C none, F half read-modify-writes",
            "F",
            tuple(MIXES),
        ),
        transactions(6, 100),
        Parameter("operations", "how many records each touches", 2, least=1, most=8),
        Parameter("keys", "how many records there are", 4, least=1, most=64),
        Parameter("distribution", "how records are chosen", "zipfian", ("zipfian", "uniform")),
        seed(),
        *network_parameters(4),
    ),
    build=mixed,
    walks=20,
)
"""YCSB-like mixes."""
