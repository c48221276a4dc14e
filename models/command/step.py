"""`treadle step`: step through a model, a scenario, a twin or the run of a trace by hand."""

import argparse
import sys
from importlib import import_module

from models.checking import Exit
from models.errors import InputError
from models.stepper.opening import given, open_session
from models.stepper.pipe import converse, is_terminal
from models.stepper.session import Session


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "what",
        metavar="MODEL | SCENARIO.toml | TRACE.json",
        help="what to step through; also file.py:NAME, or a broken twin",
    )
    parser.add_argument(
        "-p",
        dest="parameters",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="set a parameter",
    )
    parser.add_argument(
        "--seed", type=int, default=0, metavar="S", help="the seed of random steps (0)"
    )
    add_plain(parser)


def add_plain(parser: argparse.ArgumentParser) -> None:
    """Declare the argument that says which face a session shows."""
    parser.add_argument(
        "--plain", action="store_true", help="read commands line by line, also at a terminal"
    )


def run(options: argparse.Namespace) -> int:
    """Step, return the exit code."""
    try:
        session = open_session(options.what, given(options.what, options.parameters), options.seed)
    except InputError as error:
        sys.stderr.write(f"treadle: error: {error}\n")
        return Exit.USAGE.value
    return face(session, plain=options.plain)


def face(session: Session, *, plain: bool) -> int:
    """Let somebody step: on a full screen where there is a terminal, line by line otherwise; the exit code."""
    if plain or not (is_terminal(sys.stdin) and is_terminal(sys.stdout)):
        return converse(session)
    try:
        screen = import_module("models.stepper.screen")
    except ModuleNotFoundError:  # what draws it is not installed: lines will do
        return converse(session)
    code: int = screen.run(session)
    return code
