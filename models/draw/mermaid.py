"""A run as a Mermaid sequence diagram.

Choices:
- Mermaid draws a message as a line across at one moment: the one at which it is taken. Its text begins with the number
  of that step, and says in which step it was sent where that was not the one before.
- An engine is created by a line from the one that creates it. Its lane ends at the last message that it sent or took.
- What means something to Mermaid in a name or value stands there as the number of its character.
"""

import re
from collections.abc import Iterator

from attrs import frozen

from models.draw.folding import folds
from models.draw.lanes import Act, Arrow, Diagram, What, diagram_of
from models.draw.run import Run, Shown
from models.draw.text import shortened

WIDE = 72
"""How many characters of a text stand in one line."""

PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .,/()='_-+*?!|[]")
"""The characters that mean nothing to Mermaid, wherever they stand in a text."""

END = re.compile(r"\be(?=nd\b)", re.IGNORECASE)
"""The word that ends a block."""


def mermaid(run: Run) -> str:
    """The sequence diagram of a run."""
    sequence = _Sequence(diagram_of(run))
    return "\n".join(("sequenceDiagram", *(f"    {line}" for line in sequence.lines()), ""))


def escaped(text: str) -> str:
    """A text of which Mermaid reads every character as itself."""
    numbered = "".join(
        each if each in PLAIN or (each.isalnum() and not each.isascii()) else f"#{ord(each)};"
        for each in text
    )
    return END.sub(lambda found: f"#{ord(found[0])};", numbered)


@frozen
class _Line:
    """A line of the diagram."""

    text: str
    """What it says; `*` stands for all lanes from the first to the last."""
    lanes: tuple[int, ...] = ()
    """The lanes that it needs."""
    is_message: bool = False
    """Whether it leads from one lane to another, or to itself."""
    created: int | None = None
    """The lane that it creates."""


class _Sequence:
    """A diagram as a sequence of lines."""

    def __init__(self, diagram: Diagram) -> None:
        self._diagram = diagram
        self._folds = folds(len(diagram.acts), (each.step for each in diagram.shown))
        self._taken = {each.taken: each for each in diagram.arrows}
        self._body = tuple(self._body_lines())
        used = {lane for line in self._body for lane in line.lanes}
        self._lanes = sorted(used) or list(range(len(diagram.lanes)))

    def lines(self) -> Iterator[str]:
        """The lines of the diagram, without the first one."""
        created = {line.created for line in self._body}
        ending = self._last_lines()
        across = ",".join(dict.fromkeys((_id(self._lanes[0]), _id(self._lanes[-1]))))
        yield f"accTitle: {escaped(self._diagram.name)}"
        for lane in self._lanes:
            if lane not in created:
                yield f"participant {self._alias(lane)}"
        for number, line in enumerate(self._body):
            if line.created is not None:
                yield f"create participant {self._alias(line.created)}"
            if number in ending:
                yield f"destroy {_id(ending[number])}"
            yield line.text.replace("Note over *", f"Note over {across}", 1)

    def _alias(self, lane: int) -> str:
        return f"{_id(lane)} as {escaped(self._diagram.lanes[lane].name)}"

    def _last_lines(self) -> dict[int, int]:
        """The lanes that end, by their last lines: those are messages, of which each ends one lane at most."""
        last = {lane: number for number, line in enumerate(self._body) for lane in line.lanes}
        return {
            number: lane
            for lane, number in sorted(last.items(), reverse=True)
            if self._diagram.lanes[lane].end is not None
            and self._body[number].is_message
            and self._body[number].created is None
        }

    def _body_lines(self) -> Iterator[_Line]:
        firsts = {fold.first: fold for fold in self._folds}
        hidden = {step for fold in self._folds for step in range(fold.first, fold.last + 1)}
        yield from self._shown_after(0)
        for act in self._diagram.acts:
            if act.step in firsts:
                yield _Line(f"Note over *: {escaped(str(firsts[act.step]))}")
            if act.step not in hidden:
                yield from self._act(act)
            yield from self._shown_after(act.step)
        for arrow in self._diagram.arrows:
            if arrow.taken is None and arrow.sent not in hidden:
                text = f"{shortened(arrow.title, WIDE)} (sent {arrow.sent}, never taken)"
                yield self._message(arrow, "--x", text)
        yield from (_Line(f"Note over *: {_brief(each)}") for each in self._diagram.notes)

    def _act(self, act: Act) -> Iterator[_Line]:
        arrow, lane = self._taken.get(act.step), self._diagram.lanes[act.lane]
        if act.refused:
            yield _note(act.lane, f"{act.step} refused: {act.title}")
        elif arrow is None:
            yield _note(act.lane, f"{act.step} {act.title} elapses")
        else:
            late = "" if arrow.sent == act.step - 1 else f" (sent {arrow.sent})"
            word = "" if act.what is What.TAKES else f"{act.what.value} "
            text = f"{act.step} {word}{shortened(arrow.title, WIDE)}{late}"
            yield self._message(arrow, "-x" if act.what is What.LOSES else "->>", text)
        for place, other in enumerate(self._diagram.lanes):
            if other.birth == act.step:
                text = f"{_id(act.lane)}-->>{_id(place)}: creates"
                yield _Line(text, (act.lane, place), is_message=True, created=place)
        if lane.end == act.step:
            yield _note(act.lane, "ends")

    def _message(self, arrow: Arrow, line: str, text: str) -> _Line:
        ends = (arrow.source, arrow.target)
        return _Line(
            f"{_id(arrow.source)}{line}{_id(arrow.target)}: {escaped(text)}", ends, is_message=True
        )

    def _shown_after(self, step: int) -> Iterator[_Line]:
        for each in self._diagram.shown:
            if each.step == step:
                yield _Line(f"Note over *: {_finding(each)}")


def _id(lane: int) -> str:
    return f"l{lane}"


def _note(lane: int, text: str) -> _Line:
    return _Line(f"Note over {_id(lane)}: {escaped(shortened(text, WIDE))}", (lane,))


def _finding(shown: Shown) -> str:
    word = "broken" if shown.breaks else "seen"
    lines = (f"{word}: {shown.name}", shown.finding, *shown.details)
    return "<br/>".join(map(_brief, lines))


def _brief(text: str) -> str:
    return escaped(shortened(text, WIDE))
