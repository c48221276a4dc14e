"""The Python face of a session: plain objects with texts for any prompt, and tables where notebooks show HTML.

Nothing of IPython or Jupyter is imported: they ask objects for `_repr_html_` or `_repr_mimebundle_`.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from html import escape
from pathlib import Path

from attrs import frozen

from models.model import Model, Value, World
from models.render import one_line, render_event
from models.stepper.commands import answer
from models.stepper.drawing import Drawing, drawing
from models.stepper.opening import begun, opening
from models.stepper.overview import headline, overview
from models.stepper.point import Point, lines_of
from models.stepper.session import Session

BROKEN, FAINT = "color:#b00020", "opacity:.55"
"""How HTML shows what is broken, and what would change nothing."""


@frozen(repr=False)
class Lines:
    """What a session has to say, line by line."""

    lines: tuple[str, ...]
    """The lines."""

    def __repr__(self) -> str:
        """The lines below each other."""
        return "\n".join(map(one_line, self.lines))

    def _repr_html_(self) -> str:
        return f"<pre>{escape(repr(self))}</pre>"


class Stepping(Session):
    """A session for Python prompts and notebooks: it shows where it is, and says in objects what commands say."""

    def blocked(self) -> Lines:
        """What waits here, and why."""
        return self.say("blocked")

    def why(self, words: str) -> Lines:
        """The steps that led to what these words stand in.

        Raises:
            InputError: no step of the run says anything with all these words in it.
        """
        return self.say(f"why {words}")

    def diff(self, one: str | int, other: str | int = "here") -> Lines:
        """What is different between two points.

        Raises:
            InputError: one of them is not there.
        """
        return self.say(f"diff {one} {other}")

    def show(self, engine: str = "") -> Lines:
        """One engine; without a name, all of them.

        Raises:
            InputError: there is no such engine.
        """
        return self.say(f"show {engine}")

    def key(self, key: str) -> Lines:
        """The timeline of a key, or object.

        Raises:
            InputError: nothing is kept under it.
        """
        return self.say(f"key {key}")

    def transaction(self, name: str = "") -> Lines:
        """The steps of a transaction; without a name, all names.

        Raises:
            InputError: nothing is about it.
        """
        return self.say(f"transaction {name}")

    def properties(self) -> Lines:
        """What the run so far says of every property."""
        return self.say("properties")

    def save(self, file: str | Path) -> Lines:
        """Write the run to here to a trace file.

        Raises:
            InputError: it cannot be written.
        """
        return self.say(f"save {file}")

    def draw(self, form: str = "svg") -> Drawing:
        """The run to here as a drawing.

        Raises:
            InputError: there is no such form.
        """
        return drawing(self, form)

    def say(self, command: str) -> Lines:
        """Do what a command of the command line says.

        Raises:
            InputError: it cannot be done, or means nothing.
        """
        return Lines(answer(self, command).lines)

    def __repr__(self) -> str:
        """Where the session is, what has led there, and what may happen."""
        return "\n".join(map(one_line, overview(self)))

    def _repr_html_(self) -> str:
        return "".join(_html(self))

    def _repr_mimebundle_(
        self, include: Collection[str] | None = None, exclude: Collection[str] | None = None
    ) -> dict[str, str]:
        bundle = {"text/plain": repr(self), "text/html": self._repr_html_()}
        wanted = {*bundle} if include is None else {*include}
        return {kind: bundle[kind] for kind in bundle if kind in wanted - {*(exclude or ())}}


def open_stepping(
    what: str | Path | Model | World, parameters: Mapping[str, Value] | None = None, seed: int = 0
) -> Stepping:
    """A session for Python prompts at the start of a model, scenario, twin or trace.

    Raises:
        InputError: there is nothing of that name, or it cannot be used.
    """
    return begun(Stepping, opening(what, parameters or {}), seed)


def point_html(point: Point) -> Iterator[str]:
    """The step that led to a point: its first line, then what came of it."""
    first, *more = lines_of(point)
    yield f"<p><b>{escape(first.strip())}</b></p>"
    yield from _list(each.strip() for each in more)


def _html(session: Stepping) -> Iterator[str]:
    yield f"<p><b>{escape(headline(session))}</b></p>"
    if session.notice:
        yield f"<p>{escape(session.notice)}</p>"
    yield from point_html(session.here)
    yield from _choices(session)
    for sight in session.here.broken:
        text = f"step {sight.step} breaks: {sight.property.name}: {sight.evidence.finding}"
        yield f'<p style="{BROKEN}">{escape(text)}</p>'


def _choices(session: Stepping) -> Iterator[str]:
    yield "<table><tr><th>N</th><th>what may happen</th><th>rules</th></tr>"
    for each in session.enabled():
        style = "" if each.changes else f' style="{FAINT}"'
        cells = (str(each.number), render_event(each.event), ", ".join(each.rules))
        row = "".join(f'<td style="text-align:left">{escape(cell)}</td>' for cell in cells)
        yield f"<tr{style}>{row}</tr>"
    yield "</table>"


def _list(lines: Iterable[str]) -> Iterator[str]:
    yield "<ul>"
    yield from (f"<li>{escape(line)}</li>" for line in lines)
    yield "</ul>"
