"""`treadle pin`: write a test that replays a trace."""

import argparse
import sys
from pathlib import Path

from models.checking import Exit
from models.command.output import write
from models.errors import InputError
from models.traces.errors import TraceError
from models.traces.pin import pinned
from models.traces.replay import opened


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("trace", metavar="TRACE", help="the trace; - for standard input")
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        metavar="FILE",
        help="where to write; standard output if not given",
    )
    parser.add_argument(
        "--as-recorded",
        action="store_true",
        help="let the test pass as long as the run breaks what it was recorded to break",
    )


def run(options: argparse.Namespace) -> int:
    """Write the test, return the exit code."""
    try:
        trace, _ = opened(options.trace)
        write(pinned(trace, as_recorded=options.as_recorded), options.output)
    except (InputError, TraceError) as error:
        sys.stderr.write(f"treadle: error: {InputError(error)}\n")
        return Exit.USAGE.value
    return Exit.HOLDS.value
