"""`treadle estimate`: how many states there are, before anybody visits them all."""

import argparse
import json
import sys
from typing import Any

from attrs import frozen

from models.checking import Exit
from models.errors import InputError
from models.parameters import parameters_of
from models.render import one_line
from models.search.estimate import Estimate, estimate
from models.target import Target, blamed, targets
from models.terminal import console


@frozen
class Estimated:
    """What is known of one model."""

    name: str
    """The name of the model or file."""
    found: Estimate
    """How many states it has, as far as that can be told."""


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "models",
        nargs="*",
        metavar="FILE.toml | MODEL | my_file.py:MODEL",
        help="whose states to count; of all built-in models if nothing is named",
    )
    parser.add_argument("--json", action="store_true", help="print the estimates as JSON")
    parser.add_argument(
        "-p", action="append", default=[], metavar="NAME=VALUE", help="set a parameter of the model"
    )


def run(options: argparse.Namespace) -> int:
    """Estimate, print, return the exit code."""
    try:
        named = targets(options.models)
        chosen = parameters_of(options.p, [each.model for each in named])
        found = [
            estimated(target, dict(parameters))
            for target, parameters in zip(named, chosen, strict=True)
        ]
    except InputError as error:
        sys.stderr.write(f"treadle: error: {error}\n")
        return Exit.USAGE.value
    if options.json:
        reports = [report(each) for each in found]
        several = len(named) > 1 or not options.models
        sys.stdout.write(json.dumps(reports if several else reports[0], indent=2) + "\n")
    else:
        for each in found:
            console().print(f"{one_line(each.name)}: {sentence(each.found)}", soft_wrap=True)
    return Exit.HOLDS.value


def estimated(target: Target, parameters: dict[str, Any]) -> Estimated:
    """How many states a model has.

    Raises:
        InputError: a model of the user's cannot be built or run.
    """
    defaults = {each.name: each.default for each in target.model.parameters}
    with blamed(target):
        return Estimated(target.model.name, estimate(target.model.build(defaults | parameters)))


def sentence(found: Estimate) -> str:
    """How many states there are, in words."""
    if found.extent is None:
        return f"no end in sight after {found.visited:,} states"
    if found.exact:
        return f"{found.visited:,} states, all visited"
    extent = found.extent
    return f"about {extent.likely:,} states, hardly below {extent.low:,} or above {extent.high:,}"


def report(each: Estimated) -> dict[str, Any]:
    """The same as JSON."""
    found = each.found
    extent = found.extent
    return {
        "model": each.name,
        "exact": found.exact,
        "visited": found.visited,
        "low": None if extent is None else extent.low,
        "likely": None if extent is None else extent.likely,
        "high": None if extent is None else extent.high,
        "seconds": round(found.spent, 3),
    }
