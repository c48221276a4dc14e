"""From the states of a run to its events: each state is looked for among those that can follow the one before.

Choices:
- Only what the variables say counts. Where several events lead to a state that says the same, the one is taken that
  the file names, or else the first one in the order of `enabled`: the run may be another one through the same states.
- Of a state that nothing leads to, the nearest one that can be reached is told: the one that differs in fewest places.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from attrs import evolve, frozen

from models.model import World
from models.render import render_event
from models.traces.document import Subject, Trace
from models.traces.errors import TraceError, shortened
from models.traces.itf.document import STATES, Told
from models.traces.itf.values import SPECIAL, is_list, is_object, is_variant, normal, text, told
from models.traces.itf.variables import ABSENT, FAULTS, MAILBOXES, Variables, told_engine
from models.traces.record import recorded
from spec.formalism.event import Event
from spec.formalism.identity import EngineId
from spec.formalism.state import GlobalState
from spec.formalism.system import Successor

KEPT = 1 << 14
"""How many values are remembered in their one form."""

NOTHING = "nothing"
"""What stands for a part that is not there."""


@frozen
class Difference:
    """Where two values differ."""

    path: str
    """The variable, and the fields and keys on the way to it."""
    here: str
    """What the one says there."""
    there: str
    """What the other says there."""


def followed(file_told: Told, world: World, subject: Subject, file: str) -> Trace:
    """The trace of a run that goes through the states that a file tells.

    Args:
        file_told: what the file tells.
        world: what is run.
        subject: what a trace keeps of that.
        file: the file, as its user named it.

    Raises:
        TraceError: nothing that can happen leads through them.
    """
    saying = Saying(file_told.variables)
    state, events = world.state, list[Event]()
    start = next(differences(file_told.states[0], saying.of(state)), None)
    if start is not None:
        expected = f"{shortened(start.path[1:])} to be {start.there}, not {start.here}"
        raise TraceError(file, f"{STATES}[0]", "the model does not start there", expected)
    for place, wanted in enumerate(file_told.states[1:], start=1):
        steps = tuple(world.system.successors(state))
        leading = [each for each in steps if saying.match(each.state, wanted)]
        if not leading:
            raise TraceError(file, f"{STATES}[{place}]", *_unreached(saying, steps, wanted))
        named = (each for each in leading if render_event(each.event) == file_told.events[place])
        step = next(named, leading[0])
        state = step.state
        events.append(step.event)
    header = file_told.header
    trace = recorded(subject, world, events, seed=None if header is None else header.seed)
    return trace if header is None else evolve(trace, verdict=header.verdict)


def differences(here: Any, there: Any, path: str = "") -> Iterator[Difference]:
    """Where two values differ, in the one form of each."""
    if here == there:
        return
    ours, theirs = _parts(here), _parts(there)
    if ours is None or theirs is None or _kind(here) != _kind(there):
        yield Difference(path, _shown(here), _shown(there))
        return
    found = [
        each
        for key in sorted({*ours, *theirs})
        for each in _differences_at(key, ours, theirs, path)
    ]
    # Keys that read the same hide each other: then the whole is what differs.
    yield from found or [Difference(path, _shown(here), _shown(there))]


def _differences_at(
    key: str, ours: dict[str, Any], theirs: dict[str, Any], path: str
) -> Iterator[Difference]:
    """Where two values differ in one of their parts."""
    if key in ours and key in theirs:
        return differences(ours[key], theirs[key], path + key)
    both = (_shown(each[key]) if key in each else NOTHING for each in (ours, theirs))
    return iter([Difference(path + key, *both)])


class Saying:
    """What the variables of states say, each in its one form; what stays from state to state is told once."""

    def __init__(self, variables: Variables) -> None:
        self._variables = variables
        self._known: dict[int, tuple[object, Any]] = {}

    def of(self, state: GlobalState) -> dict[str, Any]:
        """What they all say; an engine without a variable speaks under its own name."""
        names = self._variables.names
        engines = {*state.engines, *names}
        said = {names.get(each, str(each)): self._engine(state, each) for each in sorted(engines)}
        return said | {MAILBOXES: self._mailboxes(state), FAULTS: normal(told(state.faults))}

    def match(self, state: GlobalState, said: dict[str, Any]) -> bool:
        """Whether they say this in a state."""
        names = self._variables.names
        return (
            all(each in names for each in state.engines)
            and all(said[names[each]] == self._engine(state, each) for each in names)
            and said[MAILBOXES] == self._mailboxes(state)
            and said[FAULTS] == normal(told(state.faults))
        )

    def _engine(self, state: GlobalState, name: EngineId) -> Any:
        engine = state.engines.get(name)
        return ABSENT if engine is None else self._once(engine, told_engine)

    def _mailboxes(self, state: GlobalState) -> Any:
        entries = {text(address): [address, box] for address, box in self._boxes(state)}
        return {"#map": [entries[each] for each in sorted(entries)]}

    def _boxes(self, state: GlobalState) -> Iterator[tuple[Any, Any]]:
        for address in state.mailboxes:
            yield normal(told(address)), self._once(state.mailboxes[address], told)

    def _once(self, value: Any, how: Callable[[Any], Any]) -> Any:
        """The form of a value, which is worked out when it is met for the first time."""
        known = self._known.get(id(value))
        if known is None:
            if len(self._known) >= KEPT:
                self._known.clear()
            known = self._known[id(value)] = value, normal(how(value))
        return known[1]


def _unreached(
    saying: Saying, steps: Sequence[Successor], wanted: dict[str, Any]
) -> tuple[str, str]:
    """What is wrong with a state that no step leads to, and what would have been right."""
    if not steps:
        return "nothing can happen before it", "no state after the one before"
    found = [(tuple(differences(wanted, saying.of(each.state))), each.event) for each in steps]
    nearest, event = min(found, key=lambda each: len(each[0]))
    first, more = nearest[0], len(nearest) - 1
    rest = f" ({more} more differences)" if more else ""
    expected = f"{shortened(first.path[1:])} to be {first.there}, not {first.here}{rest}"
    return "no event leads to it", f"{expected}, as when {render_event(event)}"


def _kind(value: Any) -> str:
    """What two values must have in common to be compared part by part."""
    if is_list(value):
        return f"list of {len(value)}"
    if is_variant(value):
        return f"variant {text(value['tag'])}"
    special = next((key for key in value if key in SPECIAL), "record")
    return f"{special} of {len(value[special])}" if special == "#tup" else special


def _parts(value: Any) -> dict[str, Any] | None:
    """The parts of a value by their places in it; nothing where it has none."""
    if is_list(value):
        return _items(value)
    if not is_object(value):
        return None
    special = next((key for key in value if key in SPECIAL), None)
    match special:
        case None:
            fields = value["value"] if is_variant(value) else value
            return {f".{name}": fields[name] for name in fields}
        case "#map":
            return {f"[{_key(key)}]": item for key, item in value[special]}
        case "#set":
            return {f"{{{_key(each)}}}": each for each in value[special]}
        case "#tup":
            return _items(value[special])
        case _:
            return None


def _items(items: list[Any]) -> dict[str, Any]:
    return {f"[{place}]": item for place, item in enumerate(items)}


def _shown(value: Any) -> str:
    """A value, or its beginning; of a variant with fields, what it is."""
    if is_variant(value) and value["value"]:
        return shortened(f"{_key(value['tag'])}(…)")
    return shortened(_key(value["tag"] if is_variant(value) else value))


def _key(value: Any) -> str:
    """A value as it stands on the way to a part of another one."""
    if isinstance(value, str):
        return value
    return str(value["#bigint"]) if is_object(value) and "#bigint" in value else text(value)
