"""`treadle check`: explore, judge, and tell what holds."""

import argparse
import json
import sys
from collections.abc import Sequence

from pyrsistent import PMap

from models.checking import Checked, Exit, Request, check, exit_code
from models.command import approach
from models.command.errors import InputError
from models.command.parameters import parameters_of
from models.command.progress import Reporter
from models.command.report import report
from models.command.table import console, show
from models.command.target import Target, blamed, targets
from models.model import Value
from models.search.bounds import Stop


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "models",
        nargs="*",
        metavar="FILE.toml | MODEL | my_file.py:MODEL",
        help="what to check; all built-in models if nothing is named",
    )
    approach.add(parser)
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
    how = approach.approach_of(options, len(named))
    for target, parameters in zip(named, chosen, strict=True):
        request = Request(parameters, how, options.seed or 0, approach.bounds_of(options))
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
        with blamed(target):
            return check(target.model, request, reporter, built_in=target.built_in)
    finally:
        reporter.close()
