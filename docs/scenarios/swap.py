"""A model in Python: transactions that swap the values of two keys."""

from collections.abc import Mapping
from functools import partial

from pyrsistent import pmap

from models.model import Model, Parameter, Value, World
from models.scenario.language import compile_program
from models.worlds import NamedCandidate, Setting, anoma_world, keys_of, spread, standard_properties
from properties.outcome import outcome_of
from properties.property import Evidence, Kind, StateProperty
from spec.anoma.keyvalue import KVSDatum, KVSKey
from spec.anoma.label import TransactionCandidate, TransactionLabel
from spec.anoma.sequential import Serializable
from spec.formalism.state import GlobalState

LEFT, RIGHT = KVSKey("left"), KVSKey("right")
START = pmap({LEFT: KVSDatum(1), RIGHT: KVSDatum(2)})
PROGRAM = """
write("left", read("right"))
write("right", read("left"))
"""


def swap(name: str) -> NamedCandidate:
    """A transaction that swaps the two values."""
    both = frozenset({LEFT, RIGHT})
    label = TransactionLabel(eager_reads=both, will_writes=both)
    return NamedCandidate(name, TransactionCandidate(label, compile_program(PROGRAM, name)))


def misplaced(times: int, state: GlobalState) -> Evidence | None:
    """What the keys hold at rest, where it is not what that many swaps leave."""
    store = outcome_of(state).store
    found = (store[LEFT], store[RIGHT])
    due = (1, 2) if times % 2 == 0 else (2, 1)
    return None if found == due else Evidence(f"left and right are {found}, not {due}")


def build(options: Mapping[str, Value]) -> World:
    """The world for these parameters."""
    times, shards = int(options["swaps"]), int(options["shards"])
    swaps = tuple(swap(f"swap.{number}") for number in range(1, times + 1))
    setting = Setting(swaps, spread(keys_of(swaps, START), shards), START)
    own = StateProperty(
        "the values are swapped as often as asked",
        Serializable.id,
        Kind.AT_REST,
        partial(misplaced, times),
    )
    return anoma_world(setting, (*standard_properties(setting), own))


MODEL = Model(
    name="swap",
    system="anoma",
    sentence="Transactions that swap the values of two keys.",
    parameters=(
        Parameter("swaps", "how many transactions", 1, least=1, most=3),
        Parameter("shards", "how many shards", 2, least=1, most=2),
    ),
    build=build,
)
