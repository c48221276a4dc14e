"""`treadle bench`: how fast the searches are here."""

import argparse
import json
import sys
from difflib import get_close_matches

from models.bench.chosen import DEFAULT, everything
from models.bench.measure import PEERS, measure
from models.bench.measured import Subject
from models.bench.process import BenchError
from models.bench.report import report
from models.bench.table import show
from models.bench.task import Tool
from models.catalogue import CATALOGUE, model_named
from models.checking import Exit
from models.command.numbers import positive
from models.errors import InputError
from models.parameters import parameters_of
from models.terminal import console

COMPARED = (Tool.NAIVE, Tool.MUSIL)
"""What is compared with if nothing is said."""


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "models",
        nargs="*",
        metavar="MODEL",
        help="built-in models to measure; a few of different sizes if none is named",
    )
    parser.add_argument("--all", action="store_true", help="measure every built-in model too")
    parser.add_argument(
        "-p", action="append", default=[], metavar="NAME=VALUE", help="set a parameter of the model"
    )
    parser.add_argument(
        "--repeat",
        type=positive,
        default=3,
        metavar="N",
        help="measure each thing N times, and tell the median (3)",
    )
    names = ",".join(tool.value for tool in COMPARED)
    parser.add_argument(
        "--against",
        type=tools,
        default=COMPARED,
        metavar="TOOLS",
        help=f"what to compare with, separated by commas ({names}); none for nothing",
    )
    parser.add_argument("--json", action="store_true", help="print what was measured as JSON")


def run(options: argparse.Namespace) -> int:
    """Measure, print, return the exit code."""
    try:
        subjects = subjects_of(options)
        bench = measure(subjects, options.repeat, options.against, tell)
    except (InputError, BenchError) as error:
        sys.stderr.write(f"treadle: error: {error}\n")
        return Exit.USAGE.value
    if options.json:
        sys.stdout.write(json.dumps(report(bench), indent=2) + "\n")
    else:
        show(bench, console())
    return Exit.HOLDS.value


def subjects_of(options: argparse.Namespace) -> tuple[Subject, ...]:
    """What is to be measured.

    Raises:
        InputError: a model or a parameter does not exist, or is not to be set.
    """
    named = [model_named(name) for name in options.models]
    for name, model in zip(options.models, named, strict=True):
        if model is None:
            raise InputError(f"{name}: {unknown(name)}")
    models = [model for model in named if model is not None]
    if options.p and not models:
        raise InputError(f"-p {options.p[0]}: name a model to set its parameters")
    chosen = parameters_of(options.p, models)
    subjects = [
        Subject(model.name, parameters) for model, parameters in zip(models, chosen, strict=True)
    ]
    if options.all:
        subjects += everything()
    return tuple(dict.fromkeys(subjects or DEFAULT))


def unknown(name: str) -> str:
    """What to say of a name that no built-in model has."""
    names = [model.name for model in CATALOGUE]
    near = get_close_matches(name, names)
    there = f"did you mean {' or '.join(near)}?" if near else "see treadle models"
    return f"no such built-in model; {there}"


def tools(text: str) -> tuple[Tool, ...]:
    """Read the names of tools."""
    known = {tool.value: tool for tool in PEERS}
    names = [] if text == "none" else text.split(",")
    wrong = [name for name in names if name not in known]
    if wrong:
        raise argparse.ArgumentTypeError(f"expected some of {', '.join(known)}, not {wrong[0]!r}")
    return tuple(dict.fromkeys(known[name] for name in names))


def tell(text: str) -> None:
    """Say on a terminal what is measured now."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{text[:79]:<79}\r")
        sys.stderr.flush()
