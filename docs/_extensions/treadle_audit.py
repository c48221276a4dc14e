"""What the audit finds of the published defects, with the shortest run that shows each, drawn.

The audit takes seconds, so what it has found is kept beside what Sphinx has read, for as long as the
code stays the same to the letter.
"""

import json
from hashlib import sha256
from pathlib import Path

from attrs import asdict, frozen

from models.draw.run import Run, Shown, taken_run
from models.draw.svg import svg
from models.search.exhaustive import explore
from models.traces.trace import TraceStep
from models.twins.audit import BOUNDS, Audited, Outcome, audit
from models.twins.catalogue import PUBLISHED
from models.twins.twin import Twin, world_of

ROOT = Path(__file__).resolve().parents[2]
"""The checkout."""

CODE = ("spec", "properties", "models")
"""Where there is code on which it depends what an audit finds."""

FILE = "treadle-audit.json"
"""What the file is called in which findings are kept."""


@frozen
class Finding:
    """What the audit finds of one twin."""

    twin: str
    """The name of the twin."""
    falls: bool
    """Whether it falls as named."""
    length: int
    """How many steps the shortest run has that shows it; 0 where something never happens."""
    also: tuple[str, ...]
    """The names of the properties that it breaks besides."""
    steps: tuple[str, ...]
    """That run in words, line by line."""
    evidence: str
    """What is broken at its end; empty where something never happens."""
    drawing: str
    """That run as an SVG picture; empty where there is nothing to draw."""


def findings(folder: Path) -> dict[str, Finding]:
    """What the audit finds of each published defect, by name; looked up in a folder if it is there."""
    file, now = folder / FILE, digest()
    if file.exists():
        kept = json.loads(file.read_text(encoding="utf-8"))
        if kept["code"] == now:
            return {each["twin"]: restored(each) for each in kept["findings"]}
    found = [finding(each) for each in audit(PUBLISHED)]
    kept = {"code": now, "findings": [asdict(each) for each in found]}
    file.write_text(json.dumps(kept), encoding="utf-8")
    return {each.twin: each for each in found}


def restored(kept: dict[str, object]) -> Finding:
    """A finding as it was before it was written down."""
    values = {key: tuple(each) if isinstance(each, list) else each for key, each in kept.items()}
    return Finding(**values)  # type: ignore[arg-type]  # written by ourselves


def digest() -> str:
    """What changes whenever the code does."""
    found = sha256()
    for folder in CODE:
        for path in sorted((ROOT / folder).rglob("*.py")):
            found.update(f"{path.relative_to(ROOT).as_posix()}\n".encode())
            found.update(path.read_bytes())
    return found.hexdigest()


def finding(result: Audited) -> Finding:
    """What is told of one twin."""
    run = shortest_run(result.twin)
    return Finding(
        result.twin.name,
        result.outcome is Outcome.FALLS,
        len(run.events),
        tuple(each.name for each in result.also),
        tuple(line for each in run.steps for line in lines(each)),
        run.shown[0].finding,
        drawing(run),
    )


def lines(step: TraceStep) -> tuple[str, ...]:
    """A step of a run, in words."""
    changes = (f"     {change}" for change in step.changes)
    return (f"{step.number:3}  {step.event}", *changes)


def drawing(run: Run) -> str:
    """The run as a picture; empty where there is nothing to draw."""
    return svg(run) if run.events else ""


def shortest_run(twin: Twin) -> Run:
    """The shortest run by which a twin breaks the property named for it; empty if something never happens."""
    world = world_of(twin)
    result = explore(world, BOUNDS, frozenset({twin.breaks}))
    (found,) = (each for each in result.properties if each.property.name == twin.breaks)
    evidence = found.evidence
    shown = Shown(
        len(found.events),
        found.property.name,
        found.property.rule,
        found.property.kind,
        "" if evidence is None else evidence.finding,
        () if evidence is None else evidence.details,
    )
    return taken_run(twin.name, world, found.events, (shown,))
