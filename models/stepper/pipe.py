"""The face of a session that needs nothing but lines: over a pipe, in scripts, and on any terminal.

Over a pipe, the first bad command ends it, with exit code 2: what follows was written for another place. Somebody at a
terminal is told, and goes on.
"""

import sys
from collections.abc import Iterable, Iterator

from rich.console import Console

from models.checking import Exit
from models.command.errors import InputError
from models.command.table import console, show_text
from models.search.judge import JudgeError
from models.stepper.commands import answer
from models.stepper.overview import overview
from models.stepper.session import Session

PROMPT = "> "
"""What stands before what is typed."""


def converse(session: Session) -> int:
    """Do what the lines of standard input say, until they end; the exit code."""
    out = console()
    show(overview(session), out)
    interactive = sys.stdin.isatty()
    for number, line in enumerate(_lines(interactive=interactive), start=1):
        try:
            said = answer(session, line)
        except (InputError, JudgeError) as error:
            complaint = InputError(error)
            if not interactive:
                sys.stderr.write(f"treadle: error: line {number}: {complaint}\n")
                return Exit.USAGE.value
            show((f"error: {complaint}",), out)
            continue
        if said.over:
            break
        show(said.lines, out)
    return Exit.HOLDS.value


def show(lines: Iterable[str], out: Console) -> None:
    """Show lines; long ones go on below, a little more to the right."""
    for line in lines:
        text = line.lstrip(" ")
        show_text(text, out, " " * (len(line) - len(text)))
    sys.stdout.flush()


def _lines(*, interactive: bool) -> Iterator[str]:
    """What is typed, or comes in, line by line; bytes that are no text stand escaped."""
    if interactive:
        yield from _typed()
        return
    for line in sys.stdin.buffer:
        yield line.decode("utf-8", "backslashreplace")


def _typed() -> Iterator[str]:
    while True:
        try:
            yield input(PROMPT)
        except EOFError:
            sys.stdout.write("\n")
            return
