"""`treadle check`: explore, judge, and tell what holds."""

import argparse
import json
import sys
from collections.abc import Sequence

from pyrsistent import PMap

from models.checking import Checked, Exit, Request, check, exit_code
from models.command.errors import InputError
from models.command.parameters import parameters_of
from models.command.progress import Reporter
from models.command.report import report
from models.command.table import console, show
from models.command.target import Target, targets
from models.model import Value
from models.search.bounds import DEFAULT_STATES, Bounds, Stop
from models.search.judge import JudgeError


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "models",
        nargs="*",
        metavar="FILE.toml | MODEL | my_file.py:MODEL",
        help="what to check; all built-in models if nothing is named",
    )
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--exhaustive", action="store_true", help="visit all states")
    how.add_argument("--random", type=positive, metavar="N", help="take N random walks")
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="the seed of the walks")
    parser.add_argument(
        "--max-states",
        type=positive,
        default=DEFAULT_STATES,
        metavar="N",
        help=f"how many states to visit at most ({DEFAULT_STATES:,})",
    )
    parser.add_argument(
        "--max-seconds", type=seconds, metavar="N", help="how long to search each model at most"
    )
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    parser.add_argument(
        "-p", action="append", default=[], metavar="NAME=VALUE", help="set a parameter of the model"
    )


def run(options: argparse.Namespace) -> int:
    """Check the models, print what was found, return the exit code."""
    try:
        named = targets(options.models)
        chosen = parameters_of(options.p, [each.model for each in named])
        everything = check_all(named, chosen, options)
    except InputError as error:
        sys.stderr.write(f"treadle: error: {error}\n")
        return Exit.USAGE.value
    if options.json:
        reports = [report(each) for each in everything]
        several = len(named) > 1 or not options.models
        sys.stdout.write(json.dumps(reports if several else reports[0], indent=2) + "\n")
    else:
        show(everything, console())
    return exit_code(everything)


def check_all(
    named: Sequence[Target], chosen: Sequence[PMap[str, Value]], options: argparse.Namespace
) -> tuple[Checked, ...]:
    """Check model after model; an interrupted one is the last.

    Raises:
        InputError: a model cannot be built or judged.
    """
    everything: list[Checked] = []
    for target, parameters in zip(named, chosen, strict=True):
        bounds = Bounds(options.max_states, options.max_seconds)
        request = Request(parameters, options.random, options.exhaustive, options.seed, bounds)
        checked = check_one(target, request)
        everything.append(checked)
        if checked.result.stop is Stop.INTERRUPTED:
            break
    return tuple(everything)


def check_one(target: Target, request: Request) -> Checked:
    """Check one model, and tell on stderr how far it is.

    Raises:
        InputError: a model of the user's cannot be built or judged.
    """
    reporter = Reporter(target.model.name)
    try:
        return check(target.model, request, reporter, built_in=target.built_in)
    except JudgeError as error:
        raise InputError(f"{target.model.name}: {error}") from error
    except (Exception, SystemExit) as error:
        if target.built_in:
            raise
        raise InputError(f"{target.model.name}: the model raised {error!r}") from error
    finally:
        reporter.close()


def positive(text: str) -> int:
    """Read an integer from 1 on."""
    number = int(text) if text.isdecimal() else 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"expected an integer from 1 on, not {text!r}")
    return number


def seconds(text: str) -> float:
    """Read a number of seconds, more than 0."""
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"expected a number of seconds, not {text!r}")
    return number
