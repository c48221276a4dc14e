"""What the panels of the screen say, row by row: all of it from the session, and in its words."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher

from attrs import frozen

from models.render import render, render_event
from models.stepper.blocked import waiting
from models.stepper.overview import blocked_lines, standing_lines
from models.stepper.point import Point, back_from, is_breach, lines_of
from models.stepper.screen_rows import Row
from models.stepper.session import Session
from models.stepper.taking import Choice
from models.stepper.views import engine_lines
from models.traces.trace import actor
from spec.formalism.event import Deliver, Event
from spec.formalism.state import messages

FOLLOWED = "(of the last step)"
"""The engine that is shown as long as nobody chose another: the one that took the last step."""


@frozen
class Fork:
    """Where another branch leaves this one."""

    name: str
    """Its name."""
    at: int
    """The last step that both have."""
    end: Point
    """Its end."""


Entry = Point | Fork
"""A row of the tree."""


class Tree:
    """The points of the branch, each fork below the last point that both branches have; made once for each branch."""

    def __init__(self) -> None:
        self._known: tuple[object, ...] = ()
        self._entries: tuple[Entry, ...] = ()

    def entries(self, session: Session) -> Sequence[Entry]:
        """The rows of the tree."""
        ends = session.branches
        known = (session.branch, *ends, *ends.values())
        if known != self._known:
            self._known, self._entries = known, tuple(_entries(session))
        return self._entries

    def place(self, session: Session) -> int:
        """The row of the current point."""
        step = session.here.step
        forks = (each for each in self.entries(session) if isinstance(each, Fork))
        return step + sum(each.at < step for each in forks)


def _entries(session: Session) -> Iterator[Entry]:
    forks: dict[int, list[Fork]] = {}
    line = session.line()
    for name, end in session.branches.items():
        if name != session.branch:
            shared = (each for each in back_from(end) if line[each.step : each.step + 1] == (each,))
            at = next(shared).step
            forks.setdefault(at, []).append(Fork(name, at, end))
    for point in line:
        yield point
        yield from forks.get(point.step, ())


def entry_row(session: Session, entry: Entry) -> Row:
    """A row of the tree: `>` where one is, `!` where something breaks, `+` where something is first seen."""
    if isinstance(entry, Fork):
        further = entry.end.step - entry.at
        return Row(
            f"    └ {entry.name}", f": {further} further" if further else " ends here", "dim"
        )
    here = ">" if entry is session.here else " "
    breaks = any(map(is_breach, entry.new))
    news = "!" if breaks else "+" if entry.new else " "
    style = "bad" if breaks else "here" if entry is session.here else ""
    width = max(len(str(session.end.step)), 3)
    sign = f"{here}{news}{entry.step:{width}} "
    if entry.event is None:
        return Row(f"{sign}the start", "", style)
    return event_row(sign, entry.event, " ■" if entry.rests else "", style)


def event_row(sign: str, event: Event, note: str = "", style: str = "") -> Row:
    """An event in a row: of a message, who sent it comes first, so that it is not cut off."""
    text = render(event.message) if isinstance(event, Deliver) else render_event(event)
    return Row(f"{sign}{text}", note, style)


def choice_row(choice: Choice) -> Row:
    """Something that may happen, in a row."""
    note = "" if choice.changes else " (refused)" if choice.refused else " (no change)"
    return event_row(f"{choice.number:2} ", choice.event, note, "" if choice.changes else "dim")


def choice_lines(choice: Choice) -> Iterator[str]:
    """Something that may happen, at length."""
    yield str(choice).strip()
    if choice.rules:
        yield f"by {', '.join(choice.rules)}"


def step_rows(point: Point) -> Iterator[Row]:
    """The step that led to a point: what happened, what it changed, what it showed."""
    for number, line in enumerate(lines_of(point)):
        word = line.strip()
        new = "new" if word.startswith("seen: ") else ""
        yield Row(line, "", "bad" if word.startswith("broken: ") else new if number else "title")


def waiting_rows(point: Point) -> Iterator[Row]:
    """What waits at a point, and why."""
    lines = tuple(blocked_lines(point)) or ("nothing waits",)
    return map(Row, lines)


def standing_rows(session: Session) -> Iterator[Row]:
    """What the run so far says of every property."""
    styles = {"broken": "bad", "seen": "new"}
    for line in standing_lines(session):
        word = "" if line.startswith(" ") else line.partition(":")[0].partition(" (")[0]
        yield Row(line, "", styles.get(word, "") if word else "dim")


def engine_names(point: Point) -> tuple[str, ...]:
    """The engines at a point, and those that the last step ended."""
    states = (point,) if point.parent is None else (point, point.parent)
    return tuple(sorted({str(name) for each in states for name in each.state.engines}))


def engine_list(point: Point, names: Iterable[str]) -> Iterator[Row]:
    """The engines: `*` where the last step changed one, `+` and `-` where it began or ended one."""
    old, new = (_engines(each) for each in (point.parent or point, point))
    mail = Counter(
        str(each.target) for each in messages(point.stage.world.system.discipline, point.state)
    )
    waits = {str(each.engine) for each in waiting(point)}
    for name in names:
        begun, ended = name not in old, name not in new
        sign = "+" if begun else "-" if ended else " " if old[name] == new[name] else "*"
        notes = [f"{mail[name]} in mailbox"] if mail[name] else []
        notes += ["waits"] if name in waits else []
        style = {"+": "new", "-": "gone", "*": "here"}.get(sign, "")
        yield Row(f"{sign} {name}", f"  {', '.join(notes)}" if notes else "", style)


def last_engine(point: Point) -> str | None:
    """The engine of the step that led to a point; of a fault, that of the step before it."""
    events = (each.event for each in back_from(point) if each.event is not None)
    names = (actor(event) for event in events)
    return next((str(name) for name in names if name is not None), None)


def engine_rows(point: Point, name: str) -> Iterator[Row]:
    """An engine: `+` before what the last step brought, `-` before what it took away."""
    before = point.parent or point
    old, new = ([*_lines(each, name)] for each in (before, point))
    for word, first, last, start, stop in SequenceMatcher(
        None, old, new, autojunk=False
    ).get_opcodes():
        if word == "equal":
            yield from (Row(f"  {line}") for line in new[start:stop])
        else:
            yield from (Row(f"- {line}", "", "gone") for line in old[first:last])
            yield from (Row(f"+ {line}", "", "new") for line in new[start:stop])


def _lines(point: Point, name: str) -> Iterator[str]:
    return engine_lines(point, name) if name in _engines(point) else iter(())


def _engines(point: Point) -> dict[str, object]:
    return {str(name): engine for name, engine in point.state.engines.items()}
