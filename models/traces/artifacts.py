"""What `check` leaves behind of each violation: its trace, in a file; and what it found at random, shortened."""

import re
from pathlib import Path

from attrs import evolve

from models.approach import AtRandom
from models.checking import Checked
from models.model import World
from models.search.outcomes import INDEPENDENT
from models.search.result import PropertyResult, Status
from models.traces.codec import save
from models.traces.document import Subject, Trace
from models.traces.minimise import MOST_TRIES, minimised
from models.traces.record import recorded
from models.traces.subject import SubjectError, world_of
from spec.formalism.state import state_digest

LONGEST = 60
"""How many characters of a name are in the name of a file."""

SUFFIX = ".trace.json"
"""How the names of trace files end."""


def shortened(checked: Checked, most_tries: int = MOST_TRIES) -> Checked:
    """The same, with shorter runs to the same violations, where a search has not found the shortest."""
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
    if state_digest(world_of(subject).state) != state_digest(checked.world.state):
        raise SubjectError("it is not what it was when it was checked")
    seed = checked.approach.plan.seed if isinstance(checked.approach, AtRandom) else None
    return tuple(
        recorded(subject, checked.world, each.events, (each.property, each.evidence), seed)
        for each in checked.violated()
        if each.evidence is not None
    )


def write_traces(checked: Checked, subject: Subject, folder: Path) -> tuple[Path, ...]:
    """Write the trace of each violation into a folder, which is made if there is none; the files.

    Raises:
        SubjectError: the world that a trace would name is not the one that was checked.
        OSError: a file cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files: list[Path] = []
    for trace in traces_of(checked, subject):
        about = "" if trace.verdict is None else trace.verdict.property
        file = folder / f"{slug(checked.model.name)}-{slug(about)}{SUFFIX}"
        save(trace, file)
        files.append(file)
    return tuple(files)


def slug(name: str) -> str:
    """What is left of a name in the name of a file."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:LONGEST].strip("-") or "run"


def _shortened(world: World, found: PropertyResult, most_tries: int) -> PropertyResult:
    """What was found of a property, by a shorter run; one run alone never shows what outcomes disagree in."""
    if found.status is not Status.VIOLATED or found.property == INDEPENDENT or not found.events:
        return found
    shorter = minimised(world, found.events, found.property, most_tries)
    return evolve(found, evidence=shorter.evidence, events=shorter.events)
