"""What a scenario is sure to show: it is claimed, and shown by a complete search."""

from collections.abc import Callable

import pytest
from pyrsistent import pmap

from models.scenario.language import compile_program
from models.worlds import Arrival, NamedCandidate, Setting, anoma_world, keys_of, spread
from properties.anoma.claims import NOBODY, begun, witnesses
from properties.property import Evidence, Property
from spec.anoma.executor.environment import Ended, Running
from spec.anoma.executor.messages import ExecuteTransaction
from spec.anoma.keyvalue import KVSDatum, KVSKey, TxFingerprint
from spec.anoma.label import TransactionCandidate, TransactionLabel
from spec.formalism.delivery import AnyDiscipline, Fifo, Unordered
from spec.formalism.state import GlobalState
from spec.formalism.system import System

Explore = Callable[[System, GlobalState, tuple[Property, ...]], dict[str, Evidence]]


def candidate(program: str, **keys: str) -> TransactionCandidate:
    """A transaction that declares these keys: eager_reads="x y", for instance."""
    sets = {name: frozenset(KVSKey(key) for key in keys[name].split()) for name in keys}
    return TransactionCandidate(TransactionLabel(**sets), compile_program(program, "test"))


INCREMENT = candidate('write("x", read("x") + 1)', eager_reads="x", will_writes="x")
BLIND = candidate('write("x", 1)', will_writes="x")
ELSEWHERE = candidate('write("y", 1)', will_writes="y")
LAZY = candidate('if read("x"):\n    write("x", 2)', lazy_reads="x", may_writes="x")
IDLE = candidate("pass")
UNUSED = candidate("pass", eager_reads="x", lazy_reads="y", may_writes="z")
FAILING = candidate('fail("no")')
MALFORMED = candidate("pass", eager_reads="x", lazy_reads="x")

NO_NAMES: set[str] = set()

CASES: list[tuple[tuple[TransactionCandidate, ...], set[str]]] = [
    ((INCREMENT,), {"a read waits"}),
    (
        (INCREMENT, INCREMENT),
        {"a read waits", "a read waits for an earlier write", "two transactions run at once"},
    ),
    (
        (BLIND, ELSEWHERE, INCREMENT),
        {
            "a read waits",
            "a read waits for an earlier write",
            "a request or write overtakes its lock",
        },
    ),
    ((BLIND,), {"a request or write overtakes its lock"}),
    (
        (LAZY,),
        {
            "a lazy read is served",
            "a may write is released",
            "a request or write overtakes its lock",
        },
    ),
    (
        (BLIND, LAZY),
        {"a lazy read is served", "a request or write overtakes its lock"},
    ),
    ((IDLE, IDLE), NO_NAMES),
    (
        (UNUSED,),
        {"a read waits", "a may write is released", "a request or write overtakes its lock"},
    ),
    ((FAILING,), {"a transaction fails"}),
    ((MALFORMED,), NO_NAMES),
]


@pytest.mark.parametrize(("candidates", "claimed"), CASES)
def test_what_the_programs_do_in_their_order_is_claimed(
    candidates: tuple[TransactionCandidate, ...], claimed: set[str]
) -> None:
    assert {each.name for each in witnesses(candidates)} == claimed


def test_the_genesis_counts() -> None:
    assert "a may write is released" not in {
        each.name for each in witnesses((LAZY,), pmap({KVSKey("x"): KVSDatum(1)}))
    }


def test_a_transaction_is_tried_out_alone_for_nobody_until_it_needs_a_read() -> None:
    waits, ends = begun(INCREMENT), begun(BLIND)
    assert isinstance(waits, Running)
    assert waits.transaction == ExecuteTransaction(
        TxFingerprint(1), INCREMENT.executable, INCREMENT.label, NOBODY, NOBODY
    )
    assert isinstance(ends, Ended)
    assert (ends.failure, ends.run.written) == (None, pmap({KVSKey("x"): KVSDatum(1)}))


@pytest.mark.parametrize("discipline", [Unordered, Fifo])
@pytest.mark.parametrize(
    "candidates", [(INCREMENT,), (BLIND,), (LAZY,), (UNUSED,), (FAILING,), (INCREMENT, INCREMENT)]
)
def test_what_is_claimed_happens_in_some_run(
    explore: Explore,
    candidates: tuple[TransactionCandidate, ...],
    discipline: AnyDiscipline,
) -> None:
    named = tuple(NamedCandidate(f"t{place}", each) for place, each in enumerate(candidates))
    setting = Setting(
        named, spread(keys_of(named, pmap()), 1), arrival=Arrival.GIVEN, discipline=discipline
    )
    claimed = witnesses(candidates)
    world = anoma_world(setting, claimed)
    found = explore(world.system, world.state, world.properties)
    assert set(found) == {each.name for each in claimed}
