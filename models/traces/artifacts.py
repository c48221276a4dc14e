"""What `check` leaves behind of each violation: its trace, in a file; and what it found at random, shortened."""

import re
from collections.abc import Iterable
from itertools import chain, count
from pathlib import Path

from attrs import evolve

from models.approach import AtRandom
from models.checking import Checked
from models.model import World
from models.search.outcomes import INDEPENDENT
from models.search.result import PropertyResult, Status
from models.traces.codec import save
from models.traces.document import OfFile, Subject, Trace
from models.traces.minimise import MOST_TRIES, minimised
from models.traces.record import recorded
from models.traces.subject import SubjectError, world_of
from spec.formalism.state import state_digest

LONGEST = 60
"""How many characters of a name are in the name of a file."""

SUFFIX = ".trace.json"
"""How the names of trace files end."""

MOST_EVENTS = 30_000
"""How many events the runs have together that are tried to shorten one, where nobody has asked for more."""

LEAST_TRIES = 4
"""How many are tried of runs that are longer than that."""


def shortened(checked: Checked, most_tries: int = MOST_TRIES) -> Checked:
    """The same, with shorter runs to the same violations, where a search has not found the shortest.

    Long runs are tried less often, so that it never takes much longer than a moment.
    """
    if checked.approach.shortest:
        return checked
    properties = tuple(
        _shortened(checked.world, each, most_tries) for each in checked.result.properties
    )
    return evolve(checked, result=evolve(checked.result, properties=properties))


def traces_of(checked: Checked, subject: Subject) -> tuple[Trace, ...]:
    """The trace of each violation that a run shows, in the order of `violated`.

    Raises:
        SubjectError: the world that a trace would name is not the one that was checked.
    """
    _compare(checked.world, subject)
    seed = checked.approach.plan.seed if isinstance(checked.approach, AtRandom) else None
    return tuple(
        recorded(subject, checked.world, each.events, (each.property, each.evidence), seed)
        for each in checked.violated()
        if each.evidence is not None
    )


def write_traces(checked: Checked, subject: Subject, folder: Path) -> dict[Path, Trace]:
    """Write the trace of each violation into a folder, each named after its property; all, by their files.

    Raises:
        SubjectError: the world that a trace would name is not the one that was checked.
        OSError: a file cannot be written.
    """
    traces = traces_of(checked, subject)
    names = slugs("" if each.verdict is None else each.verdict.property for each in traces)
    files = {folder / f"{name}{SUFFIX}": trace for name, trace in zip(names, traces, strict=True)}
    for file, trace in files.items():
        save(trace, file)
    return files


def slugs(names: Iterable[str]) -> tuple[str, ...]:
    """What is left of names in the names of files, no two of them the same."""
    found: list[str] = []
    for name in map(slug, names):
        found.append(next(each for each in alternatives(name) if each not in found))
    return tuple(found)


def alternatives(name: str) -> Iterable[str]:
    """The names that a file or folder may have, the first of which that is not taken it has."""
    return chain((name,), (f"{name}-{number}" for number in count(2)))


def slug(name: str) -> str:
    """What is left of a name in the name of a file."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:LONGEST].strip("-") or "run"


def _compare(world: World, subject: Subject) -> None:
    """Refuse a subject that is not what was checked; a model in a file has just been had from there."""
    if isinstance(subject, OfFile):
        return
    if state_digest(world_of(subject).state) != state_digest(world.state):
        raise SubjectError("it is not what it was when it was checked")


def _shortened(world: World, found: PropertyResult, most_tries: int) -> PropertyResult:
    """What was found of a property, by a shorter run; one run alone never shows what outcomes disagree in."""
    if found.status is not Status.VIOLATED or found.property == INDEPENDENT or not found.events:
        return found
    tries = min(most_tries, max(MOST_EVENTS // len(found.events), LEAST_TRIES))
    shorter = minimised(world, found.events, found.property, tries)
    return evolve(found, evidence=shorter.evidence, events=shorter.events)
