"""The face of a session that needs nothing but lines: over a pipe, in scripts, and on any terminal.

Over a pipe, the first bad command ends it, with exit code 2: what follows was written for another place. Somebody at a
terminal is told, and goes on.
"""

import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from importlib import import_module
from typing import TextIO

from rich.console import Console

from models.checking import Exit
from models.errors import InputError
from models.stepper.commands import answer
from models.stepper.overview import overview
from models.stepper.session import Session
from models.terminal import console, show_text

PROMPT = "> "
"""What stands before what is typed."""


def converse(session: Session) -> int:
    """Do what the lines of standard input say, until they end; the exit code."""
    out = console()
    show(overview(session), out)
    interactive = is_terminal(sys.stdin)
    for number, line in enumerate(_typed() if interactive else _coming_in(out), start=1):
        try:
            said = answer(session, line)
        except InputError as error:
            if not interactive:
                sys.stderr.write(f"treadle: error: line {number}: {error}\n")
                return Exit.USAGE.value
            show((f"error: {error}",), out)
            continue
        except KeyboardInterrupt:
            if not interactive:
                raise
            show(("interrupted",), out)
            continue
        if said.over:
            break
        show(said.lines, out)
    return Exit.HOLDS.value


def is_terminal(stream: TextIO | None) -> bool:
    """Whether somebody sits at a stream; nobody does where it is closed."""
    return stream is not None and stream.isatty()


def show(lines: Iterable[str], out: Console) -> None:
    """Show lines; long ones go on below, a little more to the right."""
    for line in lines:
        text = line.lstrip(" ")
        show_text(text, out, " " * (len(line) - len(text)))
    sys.stdout.flush()


def _coming_in(out: Console) -> Iterator[str]:
    """The lines that come in, each repeated where its answer will stand; bytes that are no text stand escaped."""
    stream: TextIO | None = sys.stdin
    for line in () if stream is None else stream.buffer:
        text = line.decode("utf-8", "backslashreplace").strip()
        show((f"{PROMPT}{text}",), out)
        yield text


def _typed() -> Iterator[str]:
    with suppress(ImportError):
        import_module("readline")  # which lets a line be edited, and called again
    while True:
        try:
            yield input(PROMPT)
        except EOFError:
            sys.stdout.write("\n")
            return
