"""What there is to say of where a session is, line by line: what every face shows first."""

from collections.abc import Iterator

from models.render import render_event
from models.stepper.blocked import Blocked, blocked, guard_text, line_of, waiting
from models.stepper.point import Point, lines_of
from models.stepper.session import Session
from models.stepper.why import Why


def overview(session: Session) -> Iterator[str]:
    """Where a session is, what has led there, and what may happen."""
    yield headline(session)
    if session.notice:
        yield session.notice
    yield from lines_of(session.here)
    yield from choices(session)


def headline(session: Session) -> str:
    """Where a session is."""
    here, end = session.here, session.end
    ahead = f" of {end.step}" if end.step > here.step else ""
    name = f"{session.name}: " if session.name else ""
    broken = f"; broken: {len(here.broken)}" if here.broken else ""
    return f"{name}step {here.step}{ahead} on {session.branch}{broken}"


def choices(session: Session) -> Iterator[str]:
    """What may happen, numbered."""
    found = session.enabled()
    yield "next:" if found else "nothing can happen"
    yield from map(str, found)


def moved(session: Session) -> Iterator[str]:
    """What a face says after a move."""
    if session.notice:
        yield session.notice
    yield from lines_of(session.here)
    yield from choices(session)


def blocked_lines(point: Point) -> Iterator[str]:
    """What waits at a point, and why."""
    found = blocked(point)
    for each in found:
        yield from _blocked_lines(each)
    for engine in waiting(point):
        yield from (f"{engine.engine} waits for {line}" for line in engine.awaited)


def _blocked_lines(each: Blocked) -> Iterator[str]:
    yield line_of(each.message)
    yield f"    {each.why}"
    yield from (f"    {rule.id} asks for: {guard_text(rule)}" for rule in each.asked)
    if each.never:
        yield "    it never will: nothing that may follow makes it possible"
    elif each.way is None:
        yield "    no way to it was found nearby"
    else:
        yield "    it may after:"
        yield from (f"      {render_event(event)}" for event in each.way)


def why_lines(found: Why) -> Iterator[str]:
    """Where something comes from."""
    yield found.line
    if found.complete:
        yield f"needs {len(found.chain)} step{'' if len(found.chain) == 1 else 's'}, none of which can be left out:"
    for point in found.chain:
        yield (
            "  0 the start"
            if point.event is None
            else f"{point.step:3} {render_event(point.event)}"
        )


def standing_lines(session: Session) -> Iterator[str]:
    """What the run so far says of every property."""
    for each in session.standings():
        yield str(each)
        if each.sight is not None:
            evidence = each.sight.evidence
            yield from (f"    {line}" for line in (evidence.finding, *evidence.details))
