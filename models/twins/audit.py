"""The audit: every twin falls, on the property named for it, by a run as short as is known; the reference holds.

Choices:
- A twin's world is searched to the end, past the first violation: so it is known what else is broken.
- Where a search ends early, what else is broken is what was found until then; the property named for the twin
  must be among it.
- Something that must happen in some run, and never does, counts as broken, by a run of no steps.
"""

from collections.abc import Callable, Iterable, Sequence
from enum import Enum

from attrs import frozen

from models.model import World
from models.search.bounds import Bounds
from models.search.exhaustive import explore
from models.search.result import PropertyResult, SearchResult, Status
from models.twins.twin import Needs, Stage, Twin, TwinKind, neighbourhood, world_of
from spec.formalism.delivery import AnyDiscipline, Fifo

BOUNDS = Bounds(max_states=20_000)
"""How far the search of one twin goes."""

Told = Callable[["Audited"], None]
"""Who is told of each twin that has been audited."""


class Outcome(Enum):
    """What an audit says of a twin."""

    FALLS = "falls"
    """It breaks the property named for it, by a run of the length that is known."""
    SURVIVES = "survives"
    """Nothing is broken."""
    ELSEWHERE = "breaks another property"
    """The property named for it is not broken, but others are."""
    LENGTH = "falls by a run of another length"
    """The shortest run that shows it has changed its length."""
    DELIVERY = "falls by another delivery"
    """It needs reordering and is said not to, or the reverse."""
    UNSOUND = "falls without its defect"
    """What it differs from is broken too, or was not searched to the end."""


@frozen
class Broken:
    """A property that a twin breaks."""

    name: str
    """Its name."""
    length: int
    """How many steps the shortest run has that shows it; 0 where something never happens."""


@frozen
class Audited:
    """What the audit has found of one twin."""

    twin: Twin
    """The twin."""
    outcome: Outcome
    """What that says."""
    length: int | None
    """How many steps the shortest run has that breaks the property named for it; nothing if it holds."""
    also: tuple[Broken, ...]
    """What else it breaks, what shows first before the rest."""
    under_fifo: bool
    """Whether it breaks that property under fifo too."""
    complete: bool
    """Whether all there is was searched: if not, it may break still more."""


@frozen
class Redundancy:
    """A property, and what the twins say of its worth."""

    name: str
    """Its name."""
    named: tuple[str, ...]
    """The twins that are to fall on it."""
    alone: tuple[str, ...]
    """The twins that break it and nothing else: without it, they would survive."""


def audit(twins: Sequence[Twin], told: Told = lambda _: None) -> tuple[Audited, ...]:
    """Search the worlds of all twins, and those of what they differ from."""
    sound: dict[object, frozenset[str] | None] = {}
    results: list[Audited] = []
    for twin in twins:
        result = audited(twin, _broken_before(twin, sound))
        results.append(result)
        told(result)
    return tuple(results)


def audited(twin: Twin, before: frozenset[str] | None) -> Audited:
    """What is found of one twin.

    Args:
        twin: the twin.
        before: what is broken in its world without its defect; nothing where that was not searched to the end.
    """
    result = explore(world_of(twin), BOUNDS, frozenset())
    broken = {each.name: each for each in broken_in(result)}
    named = broken.get(twin.breaks)
    compared = named is not None and twin.needs is not Needs.OWN
    under_fifo = compared and falls(twin, Fifo)
    also = sorted(
        (each for name, each in broken.items() if name not in {twin.breaks, *(before or ())}),
        key=lambda each: (each.length, each.name),
    )
    length = None if named is None else named.length
    outcome = _outcome(twin, length, bool(broken), under_fifo, before)
    return Audited(twin, outcome, length, tuple(also), under_fifo, result.complete)


def falls(twin: Twin, discipline: AnyDiscipline) -> bool:
    """Whether a twin breaks the property named for it where mailboxes deliver so."""
    result = explore(world_of(twin, discipline), BOUNDS, frozenset({twin.breaks}))
    return any(each.name == twin.breaks for each in broken_in(result))


def broken_in(result: SearchResult) -> tuple[Broken, ...]:
    """What a search has found broken, and what must happen and has not in a complete one."""
    return tuple(
        Broken(each.property.name, len(each.events))
        for each in result.properties
        if is_broken(each, result)
    )


def is_broken(found: PropertyResult, result: SearchResult) -> bool:
    """Whether a property is violated, or must happen and never does."""
    unseen = found.status is Status.UNSEEN and result.complete
    return unseen or found.status is Status.VIOLATED


def redundancies(results: Iterable[Audited]) -> tuple[Redundancy, ...]:
    """For every property that a twin breaks, in order of name, what it is worth."""
    results = tuple(results)
    of_twin = {
        each.twin.name: frozenset(
            (*(() if each.length is None else (each.twin.breaks,)), *(b.name for b in each.also))
        )
        for each in results
    }
    named = {each.twin.name: each.twin.breaks for each in results}
    properties = sorted(frozenset[str]().union(*of_twin.values()))
    return tuple(
        Redundancy(
            name,
            tuple(twin for twin in named if named[twin] == name),
            tuple(twin for twin in of_twin if of_twin[twin] == frozenset({name})),
        )
        for name in properties
    )


def visible_alone(results: Iterable[Audited]) -> tuple[Audited, ...]:
    """The published defects that show where everything else that the text gets wrong is repaired."""
    return tuple(
        each
        for each in results
        if each.twin.kind is TwinKind.PUBLISHED and not each.twin.beside and each.length is not None
    )


def all_fall(results: Iterable[Audited]) -> bool:
    """Whether every twin falls as it should."""
    return all(each.outcome is Outcome.FALLS for each in results)


def _outcome(
    twin: Twin,
    length: int | None,
    any_broken: bool,  # noqa: FBT001 - private
    under_fifo: bool,  # noqa: FBT001 - private
    before: frozenset[str] | None,
) -> Outcome:
    """What a search says of a twin."""
    if before is None or twin.breaks in before or (before and not twin.beside):
        return Outcome.UNSOUND
    if length is None:
        return Outcome.ELSEWHERE if any_broken else Outcome.SURVIVES
    if length != twin.length:
        return Outcome.LENGTH
    expected = twin.needs is Needs.NOTHING
    return Outcome.FALLS if under_fifo == expected else Outcome.DELIVERY


def _broken_before(twin: Twin, known: dict[object, frozenset[str] | None]) -> frozenset[str] | None:
    """What is broken in a twin's world without its defect; nothing if that was not searched to the end.

    It is searched under the discipline of the twin and under fifo, once per stage and neighbourhood.
    """
    found = frozenset[str]()
    own = twin.needs is Needs.OWN
    for discipline in (twin.discipline,) if own else (twin.discipline, Fifo):
        key = (twin.stage.name, tuple(other.name for other in twin.beside), discipline)
        if key not in known:
            known[key] = _all_broken(neighbourhood(twin, discipline))
        broken = known[key]
        if broken is None:
            return None
        found |= broken
    return found


def _all_broken(world: World) -> frozenset[str] | None:
    """The names of all that is broken in a world; nothing where it is too large to know."""
    result = explore(world, BOUNDS, frozenset())
    return frozenset(each.name for each in broken_in(result)) if result.complete else None


def stages_of(twins: Iterable[Twin]) -> tuple[Stage, ...]:
    """The stages that twins are shown on, each once, in order."""
    return tuple(dict.fromkeys(twin.stage for twin in twins))
