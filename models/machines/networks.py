"""Strategies for whole networks: transactions, shards, delivery, and what may go wrong."""

from collections.abc import Callable, Iterator

from attrs import frozen
from hypothesis import strategies as st

from models.machines.run import Scene, scene_of
from models.machines.strategies import KEYS, DrawnTransaction, transactions
from models.scenario.document import parse_document
from models.scenario.file import scenario_in
from models.worlds import Arrival, Setting, anoma_world, standard_properties
from properties.property import Property
from spec.anoma.keyvalue import KVSKey
from spec.formalism.delivery import AnyDiscipline, Fifo, Unordered
from spec.formalism.state import NO_FAULTS, Faults

JudgedBy = Callable[[Setting], tuple[Property, ...]]
"""Which properties a setting is judged by."""


@frozen
class Bounds:
    """How large drawn networks may be, and what they may do."""

    transactions: int = 3
    """How many transactions there are at most, 1 or more."""
    keys: int = 3
    """How many keys there are at most, 1 to 3."""
    shards: int = 3
    """How many shards there are at most, 1 or more."""
    disciplines: tuple[AnyDiscipline, ...] = (Unordered, Fifo)
    """How mailboxes may deliver."""
    faults: Faults = NO_FAULTS
    """How many faults of each kind there are at most."""
    collecting: bool = True
    """Whether shards may collect garbage."""


BOUNDS = Bounds()
"""What is drawn where nothing else is said."""


@st.composite
def scenario_texts(draw: st.DrawFn, bounds: Bounds = BOUNDS) -> str:
    """Scenario files within these bounds, simple ones first."""
    keys = KEYS[: draw(st.integers(1, bounds.keys))]
    shards = draw(st.integers(1, bounds.shards))
    arrival = draw(st.sampled_from(Arrival))
    discipline = draw(st.sampled_from(bounds.disciplines))
    collecting = draw(st.booleans()) and bounds.collecting
    count = draw(st.integers(1, bounds.transactions))
    drawn = [draw(transactions(keys)) for _ in range(count)]
    lines = (
        'system = "anoma"',
        f"shards = {shards}",
        f'arrival = "{arrival.value}"',
        f'delivery = "{discipline.name}"',
        *(("garbage_collection = true",) if collecting else ()),
        *draw(_fault_lines(bounds.faults)),
        "[genesis]",
        *(f"{key} = {draw(st.integers(0, 3))}" for key in keys),
        *(
            line
            for number, each in enumerate(drawn, start=1)
            for line in _transaction_lines(number, each)
        ),
    )
    return "\n".join(lines)


def networks(bounds: Bounds = BOUNDS) -> st.SearchStrategy[Setting]:
    """The settings of such files."""
    return scenario_texts(bounds).map(setting_in)


def scenes(
    bounds: Bounds = BOUNDS, judged_by: JudgedBy = standard_properties
) -> st.SearchStrategy[Scene]:
    """The worlds of such files, each with the file as the text that a failure prints."""
    return scenario_texts(bounds).map(lambda text: scene_in(text, judged_by))


def setting_in(text: str) -> Setting:
    """The setting that a scenario file describes."""
    return scenario_in(parse_document(text.encode(), "drawn.toml")).setting


def scene_in(text: str, judged_by: JudgedBy = standard_properties) -> Scene:
    """The world that a scenario file describes, without the expectations of its author."""
    setting = setting_in(text)
    return scene_of(anoma_world(setting, judged_by(setting)), text)


def _fault_lines(most: Faults) -> st.SearchStrategy[tuple[str, ...]]:
    """The part of a file about faults; nothing where there are none."""
    drawn = st.tuples(st.integers(0, most.duplicates), st.integers(0, most.losses))
    return drawn.map(
        lambda d: ("[faults]", f"duplicates = {d[0]}", f"losses = {d[1]}") if any(d) else ()
    )


def _transaction_lines(number: int, drawn: DrawnTransaction) -> Iterator[str]:
    yield "[[transaction]]"
    yield f'name = "t{number}"'
    for word, keys in (
        ("reads", drawn.label.eager_reads),
        ("lazy_reads", drawn.label.lazy_reads),
        ("writes", drawn.label.will_writes),
        ("may_writes", drawn.label.may_writes),
    ):
        if keys:
            yield f"{word} = {_listed(keys)}"
    yield f"program = '''\n{drawn.text}'''"


def _listed(keys: frozenset[KVSKey]) -> str:
    return "[" + ", ".join(f'"{key}"' for key in sorted(keys)) + "]"
