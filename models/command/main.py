"""The command `treadle`: finds the verb, parses its arguments, runs it, returns its exit code.

A verb is a module of this package, named like the verb, with two functions:
    add(parser: argparse.ArgumentParser) -> None      declares its arguments
    run(options: argparse.Namespace) -> int           does the work and returns the exit code
and one line in `VERBS`. Only the modules of verbs that are named in the arguments are imported.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import NamedTuple, NoReturn

from models.render import one_line
from spec import VERSION

USAGE = 2
"""Exit code: the arguments, or what they name, are refused."""
INTERRUPTED = 130
"""Exit code: stopped from the keyboard (128 + SIGINT)."""
PIPE_CLOSED = 141
"""Exit code: whoever read the output has stopped reading (128 + SIGPIPE)."""


class Verb(NamedTuple):
    """One verb of the command."""

    name: str
    """What the user types; also the name of the module."""
    summary: str
    """One line for the help text."""


VERBS: tuple[Verb, ...] = (
    Verb("check", "Explore models and scenario files, and tell what holds."),
    Verb("audit", "Show that every broken twin of the rules falls on the property named for it."),
    Verb("replay", "Take the run of a trace again, compare it with what was recorded, go on."),
    Verb("draw", "Draw the run of a trace, as a diagram, a page or an export."),
    Verb("step", "Step through a model or a trace by hand, back and forth."),
    Verb("pin", "Write a test that replays a trace."),
    Verb("minimise", "Make a trace or a scenario smaller that breaks the same."),
    Verb("estimate", "Estimate how many states models and scenario files have."),
    Verb("bench", "Measure how fast the searches are here, and compare."),
    Verb("models", "List the built-in models."),
    Verb("properties", "List the properties that the built-in models are judged on."),
    Verb("rules", "List every rule of the specification."),
    Verb("rule", "Print one rule, and all that stands under its id."),
)
"""Every verb there is, in the order of the help text."""


class Parser(argparse.ArgumentParser):
    """An argument parser that refuses in one line."""

    def error(self, message: str) -> NoReturn:
        """Say in one line what is wrong and where help is, and stop."""
        line = one_line(" ".join(message.split()))
        self.exit(USAGE, f"treadle: error: {line} (see {self.prog} --help)\n")


def parsers(arguments: Sequence[str]) -> tuple[Parser, dict[str, argparse.ArgumentParser]]:
    """The parser of everything, complete for the verbs that the arguments name, and theirs."""
    top = Parser(
        prog="treadle",
        description="An executable specification of transaction execution: the engines of Anoma and of Soma.",
        allow_abbrev=False,
    )
    top.add_argument("--version", action="version", version=f"treadle {VERSION}")
    places = top.add_subparsers(metavar="VERB", required=True)
    verbs: dict[str, argparse.ArgumentParser] = {}
    for verb in VERBS:
        place = verbs[verb.name] = places.add_parser(
            verb.name, help=verb.summary, description=verb.summary, allow_abbrev=False
        )
        if verb.name in arguments:
            module = import_module(f"models.command.{verb.name}")
            module.add(place)
            place.set_defaults(run=module.run)
    return top, verbs


def parsed(arguments: Sequence[str]) -> argparse.Namespace:
    """What the arguments say; those of a verb may stand in any order."""
    top, verbs = parsers(arguments)
    if arguments and arguments[0] in verbs:
        return verbs[arguments[0]].parse_intermixed_args(arguments[1:])
    return top.parse_args(arguments)


def dispatch(arguments: Sequence[str]) -> int:
    """Parse the arguments, run the verb they name, and see its output written."""
    try:
        options = parsed(arguments)
    except SystemExit as stop:
        code = stop.code
    else:
        code = options.run(options)
    sys.stdout.flush()
    return int(code or 0)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code; never a traceback for what a user can do."""
    have_an_output()
    escape_the_unencodable()
    try:
        return dispatch(sys.argv[1:] if arguments is None else arguments)
    except KeyboardInterrupt:
        sys.stderr.write("treadle: interrupted\n")
        return INTERRUPTED
    except BrokenPipeError:
        drop_output()
        return PIPE_CLOSED
    except OSError as error:
        drop_output()
        sys.stderr.write(f"treadle: error: the output cannot be written: {error.strerror}\n")
        return USAGE


def have_an_output() -> None:
    """Let what is written go nowhere where the caller has closed the output: the exit code is left."""
    if sys.stdout is None:  # pyright: ignore[reportUnnecessaryComparison]  # so it is then
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  # until the end
    if sys.stderr is None:  # pyright: ignore[reportUnnecessaryComparison]
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115


def escape_the_unencodable() -> None:
    """Have the output escape what its encoding lacks: a name in a report is no reason to stop."""
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="backslashreplace")


def drop_output() -> None:
    """Let what the interpreter still flushes on its way out go nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
