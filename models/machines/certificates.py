"""Strategies for scenario files about Soma: certificates, sources, epochs, and what may go wrong."""

from attrs import frozen
from hypothesis import strategies as st

from models.model import World
from models.scenario.build import soma_world_of
from models.scenario.document import parse_document
from models.scenario.soma import soma_scenario_in

OBJECTS: tuple[str, ...] = ("x", "y")
"""The objects that there are at the start, in version 1."""

CREATED = "z"
"""The object that a certificate may create."""


@frozen
class SomaBounds:
    """How much there is at most in a drawn file."""

    transactions: int = 3
    """How many transactions there are, 1 or more."""
    sources: int = 2
    """How many sources there are, 1 or more."""
    limit: int = 3
    """How many tasks may run at a time, 1 or more."""
    epochs: int = 2
    """How many epochs begin after the first."""
    duplicates: int = 1
    """How many messages the network may duplicate."""
    crashes: int = 1
    """How many tasks may crash."""


SOMA_BOUNDS = SomaBounds()
"""What is drawn where nothing else is said."""


@st.composite
def certificate_texts(draw: st.DrawFn, bounds: SomaBounds = SOMA_BOUNDS) -> str:
    """Scenario files about Soma within these bounds, simple ones first."""
    entries: list[str] = []
    newest: dict[str, int] = dict.fromkeys(OBJECTS, 1)
    for number in range(draw(st.integers(1, bounds.transactions))):
        inputs = {name: at for name, at in newest.items() if draw(st.booleans())}
        outputs = [name for name in inputs if draw(st.booleans())]
        if CREATED not in newest and draw(st.booleans()):
            outputs.append(CREATED)
        newest |= {name: newest.get(name, 0) + 1 for name in outputs}
        what = _transaction(
            f"t{number}", inputs, outputs, draw(st.sampled_from(("", "fail", "write")))
        )
        epochs = draw(st.lists(st.integers(0, bounds.epochs), min_size=1, max_size=2, unique=True))
        entries += [f"{what}\n{draw(_bringing(epoch, bounds))}" for epoch in epochs]
    return "\n".join((draw(_head(bounds)), *draw(st.permutations(entries))))


def world_in(text: str) -> World:
    """The world that a drawn file describes."""
    return soma_world_of(soma_scenario_in(parse_document(text.encode(), "drawn.toml")))


def _head(bounds: SomaBounds) -> st.SearchStrategy[str]:
    """What a file says before its certificates."""
    drawn = st.tuples(
        st.sampled_from(("fifo", "unordered")),
        st.integers(1, bounds.limit),
        st.integers(0, bounds.epochs),
        st.sampled_from(("false", "true")),
        st.integers(0, bounds.duplicates),
        st.integers(0, bounds.crashes),
    )
    return drawn.map(
        lambda d: "\n".join(
            (
                'system = "soma"',
                f'delivery = "{d[0]}"',
                f"limit = {d[1]}",
                f"epochs = {d[2]}",
                f"closes = {d[3]}",
                *(f"objects.{name} = 1" for name in OBJECTS),
                f"faults = {{ duplicates = {d[4]}, crashes = {d[5]} }}",
            )
        )
    )


def _transaction(name: str, inputs: dict[str, int], outputs: list[str], does: str) -> str:
    """What a file says of a transaction, whichever epoch it is certified for."""
    versions = ", ".join(f"{each} = {inputs[each]}" for each in inputs)
    program = {
        "": "",
        "fail": 'fail("no")',
        "write": "".join(f'write("{each}", {len(inputs)})\\n' for each in outputs[:1]),
    }[does]
    return "\n".join(
        (
            "[[certificate]]",
            f'name = "{name}"',
            f"inputs = {{ {versions} }}",
            f"outputs = [{', '.join(quoted(each) for each in outputs)}]",
            f"program = {quoted(program)}",
        )
    )


def quoted(text: str) -> str:
    """A text as a string of a file."""
    escaped = text.replace('"', '\\"')
    return f'"{escaped}"'


@st.composite
def _bringing(draw: st.DrawFn, epoch: int, bounds: SomaBounds) -> str:
    """What a file says of a certificate: its epoch, and who brings it."""
    brought = [str(number) for number in range(1, bounds.sources + 1) if draw(st.booleans())]
    synced = draw(st.booleans()) or not brought
    listed = ", ".join(quoted(each) for each in brought)
    return f"epoch = {epoch}\nsources = [{listed}]\nsynced = {str(synced).lower()}"
