"""What the screen says on `?`: its keys, its signs, and all commands."""

from collections.abc import Iterator
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from models.stepper.commands import WORDS
from models.stepper.screen_rows import Lines, Row

KEYS = (
    ("1 … 9", "take this step of the list"),
    ("↑ ↓, Enter", "mark a row; take the step, go to the point, show the engine"),
    ("mouse", "a click does the same; the wheel scrolls; panels and keys can be clicked"),
    ("Space", "take a step at random"),
    ("b ←, f →", "go a step back, or on along the branch"),
    ("< >", "go to the start, to the end of the branch"),
    ("u, r", "undo a move, redo it"),
    ("g", "go to a step, a branch, or BRANCH:STEP"),
    ("n", "take N steps at random"),
    ("t", "go on until an engine, a rule, or a property"),
    ("d, y", "what is different since a point; why something is as it is"),
    ("c", "begin a branch here"),
    ("o, v", "save the run to a trace file; draw it to a file"),
    (":", "any command; ↑ ↓ call up earlier ones, → completes"),
    ("s e w p a", "show step, engines, what waits, properties, the last answer"),
    ("[ ]", "show the engine before, the next one"),
    ("Tab", "move to the next panel"),
    ("q", "leave"),
)
"""The keys, and what they do."""

SIGNS = (
    (">", "where this is"),
    ("!", "the step breaks a property"),
    ("+", "the step shows what is to be seen sometimes; or something new"),
    ("-", "what is gone"),
    ("*", "an engine that the last step changed"),
    ("■", "at rest: nothing can happen that changes anything"),
    ("└", "another branch leaves here"),
)
"""The signs, and what they mean."""


def help_rows() -> Iterator[Row]:
    """The whole help."""
    yield Row("Keys", "", "title")
    yield from (Row(f"  {key:12}{what}") for key, what in KEYS)
    yield Row("")
    yield Row("Signs", "", "title")
    yield from (Row(f"  {sign:12}{what}") for sign, what in SIGNS)
    yield Row("")
    yield Row("Commands, after :", "", "title")
    yield from (Row(f"  {f'{each.name} {each.usage}':32} {each.help}") for each in WORDS)


class Help(ModalScreen[None]):
    """The help, over everything; any of some keys closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark,enter,space", "dismiss", show=False)
    ]

    def compose(self) -> ComposeResult:
        """Make the text."""
        lines = Lines(id="help")
        lines.border_title = "help"
        lines.border_subtitle = "Esc closes"
        yield lines

    def on_mount(self) -> None:
        """Fill it."""
        self.query_one(Lines).tell(help_rows())
