"""`treadle check`: explore, judge, and tell what holds."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from pyrsistent import PMap

from models.checking import Checked, Exit, Request, check, exit_code
from models.command import approach
from models.command.artifacts import leave_all, prepare
from models.command.junit import junit
from models.command.kept import Kept, show_kept
from models.command.output import write
from models.command.progress import Reporter
from models.command.report import report
from models.command.table import show
from models.errors import InputError
from models.model import Value
from models.parameters import parameters_of
from models.search.bounds import Stop
from models.target import Target, blamed, targets
from models.terminal import console
from models.traces.artifacts import shortened


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "models",
        nargs="*",
        metavar="FILE.toml | MODEL | my_file.py:MODEL",
        help="what to check; all built-in models if nothing is named",
    )
    approach.add(parser)
    parser.add_argument(
        "--artifacts",
        type=Path,
        metavar="DIR",
        help="leave traces and a summary of what does not hold in a folder",
    )
    parser.add_argument(
        "--junitxml", type=Path, metavar="FILE", help="write what was found as JUnit XML too"
    )
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    parser.add_argument(
        "-p", action="append", default=[], metavar="NAME=VALUE", help="set a parameter of the model"
    )


def run(options: argparse.Namespace) -> int:
    """Check the models, leave behind and print what was found, return the exit code."""
    try:
        for folder in folders(options):
            prepare(folder)
        named = targets(options.models)
        chosen = parameters_of(options.p, [each.model for each in named])
        everything = check_all(named, chosen, options)
    except InputError as error:
        return refused(error)
    left: tuple[Kept | None, ...] = ()
    try:
        if options.artifacts is not None:
            left = leave_all(everything, named, chosen, options.artifacts)
        if options.junitxml is not None:
            write(junit(everything), options.junitxml)
    except InputError as error:
        show_all(everything, left, options)
        return refused(error)
    show_all(everything, left, options)
    return exit_code(everything)


def folders(options: argparse.Namespace) -> tuple[Path, ...]:
    """The folders in which files are to be left."""
    xml = options.junitxml
    wanted = (options.artifacts, None if xml is None else xml.parent)
    return tuple(folder for folder in wanted if folder is not None)


def refused(error: InputError) -> int:
    """Say in one line what is refused; the exit code for it."""
    sys.stderr.write(f"treadle: error: {error}\n")
    return Exit.USAGE.value


def show_all(
    everything: Sequence[Checked], left: Sequence[Kept | None], options: argparse.Namespace
) -> None:
    """Print what was found, and where it was left behind."""
    if options.json:
        reports = [report(each) for each in everything]
        for each, kept in zip(reports, left, strict=False):
            each["artifacts"] = [] if kept is None else [str(file) for file in kept.files]
        one = len(options.models) == 1
        sys.stdout.write(json.dumps(reports[0] if one else reports, indent=2) + "\n")
        return
    out = console()
    show(everything, out)
    for kept in left:
        if kept is not None:
            show_kept(kept, out)


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
    """Check one model, and tell on stderr how far it is; what it finds at random is shortened.

    Raises:
        InputError: a model of the user's cannot be built or judged.
    """
    reporter = Reporter(target.model.name)
    try:
        with blamed(target):
            checked = check(target.model, request, reporter, built_in=target.built_in)
            try:
                return shortened(checked)
            except KeyboardInterrupt:
                return checked
    finally:
        reporter.close()
