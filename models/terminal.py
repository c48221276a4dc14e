"""Texts and tables for people, on a terminal or in a file."""

from collections.abc import Callable
from io import StringIO
from textwrap import wrap

from rich.console import Console
from rich.text import Text

from models.render import one_line

WIDTH = 80
"""How long a line is in files."""

INDENT = "    "
"""What stands before lines that belong to the one above."""


def console() -> Console:
    """Where tables go: no markup, no guesses at what is a number."""
    return Console(markup=False, highlight=False, emoji=False)


def printed(show: Callable[[Console], None]) -> str:
    """What is shown, as a text that is the same on every terminal."""
    text = StringIO()
    show(
        Console(
            file=text, width=WIDTH, color_system=None, markup=False, highlight=False, emoji=False
        )
    )
    return "".join(f"{line.rstrip()}\n" for line in text.getvalue().splitlines())


def show_text(text: str, out: Console, indent: str = INDENT) -> None:
    """Show a text, its further lines indented a little more than its first one.

    What a program says may hold anything: what does not print is escaped.
    """
    further = " " * (len(indent) + 2)
    lines = wrap(
        one_line(text),
        out.width,
        initial_indent=indent,
        subsequent_indent=further,
        break_on_hyphens=False,
    )
    out.print(Text("\n".join(lines)))
