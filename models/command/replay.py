"""`treadle replay`: take the run of a trace again, compare it with what was recorded, and go on from there."""

import argparse
import re
import sys
from typing import Any

from rich.console import Console
from rich.text import Text

from models.approach import Approach, AtRandom, BreadthFirst
from models.checking import Checked, Exit, Request, check
from models.command.listing import print_json
from models.command.report import report, step_report
from models.command.step import add_plain, face
from models.command.table import show_one, show_step
from models.errors import InputError
from models.model import Model
from models.search.judge import JudgeError
from models.search.walks import Plan
from models.stepper.opening import gone_through
from models.stepper.place import END
from models.terminal import console, show_text
from models.traces.errors import TraceError
from models.traces.judging import Sight
from models.traces.replay import Parting, Replayed, going_on, opened, replay
from properties.property import Kind

WALKS = re.compile(r"0*[1-9][0-9]{0,17}", re.ASCII)
"""How many walks there may be: a number from 1 up."""

BY_HAND = ["step"]
"""What `--then` says where somebody steps on."""


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("trace", metavar="TRACE", help="the trace; - for standard input")
    parser.add_argument(
        "--model",
        metavar="WHAT",
        help="take the run in this model, scenario or twin, not in the one that the trace names",
    )
    parser.add_argument(
        "--then",
        nargs="+",
        metavar=("exhaustive | random | step", "N"),
        help="go on from where the run has come to: everywhere, by N random walks, or by hand",
    )
    parser.add_argument(
        "--seed", type=int, default=0, metavar="S", help="the seed of the walks (0)"
    )
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    add_plain(parser)


def run(options: argparse.Namespace) -> int:
    """Replay the trace, print what was found, return the exit code."""
    words: list[str] = options.then or []
    by_hand = words == BY_HAND
    try:
        check_output(options, by_hand=by_hand)
        approach = approach_of(words, options.seed) if words and not by_hand else None
        replayed = replay(*opened(options.trace, options.model))
        then = None if approach is None else gone_on(replayed, approach, options.trace)
    except (InputError, TraceError, JudgeError) as error:
        sys.stderr.write(f"treadle: error: {InputError(error)}\n")
        return Exit.USAGE.value
    if options.json:
        print_json(replay_report(replayed) | {"then": None if then is None else report(then)})
    else:
        show_replayed(replayed, console())
        if then is not None:
            show_then(then, len(replayed.steps), console())
    if by_hand:
        return stepped_on(replayed, options) or exit_code(replayed)
    return exit_code(replayed, then)


def check_output(options: argparse.Namespace, *, by_hand: bool) -> None:
    """Refuse to print JSON where somebody steps.

    Raises:
        InputError: that is what the options say.
    """
    if by_hand and options.json:
        raise InputError("--json and --then step: expected one of them")


def stepped_on(replayed: Replayed, options: argparse.Namespace) -> int:
    """Let somebody step on from where a run has come to; the exit code."""
    session = gone_through(replayed, options.trace, options.seed)
    session.to(END)
    return face(session, plain=options.plain)


def approach_of(words: list[str], seed: int) -> Approach:
    """How to go on.

    Raises:
        InputError: the words do not say.
    """
    match words:
        case ["exhaustive"]:
            return BreadthFirst()
        case ["random", number] if WALKS.fullmatch(number):
            return AtRandom(Plan(int(number), seed))
        case _:
            raise InputError(f"--then {' '.join(words)}: expected exhaustive, random N, or step")


def gone_on(replayed: Replayed, approach: Approach, name: str) -> Checked:
    """Search on from where a run has come to."""
    world = going_on(replayed)
    system = "anoma" if world.transactions else "other"
    rest = Model(name, system, "What may follow a run.", (), lambda _: world)
    return check(rest, Request(approach=approach))


def exit_code(replayed: Replayed, then: Checked | None = None) -> int:
    """As `check` would say of what was seen; 20 where the run is not what was recorded."""
    codes = {Exit.HOLDS if replayed.as_recorded else Exit.INCONCLUSIVE}
    for sight in replayed.broken:
        codes.add(Exit.REST if sight.property.kind is Kind.AT_REST else Exit.SAFETY)
    if then is not None:
        codes.add(then.exit)
    return next(code.value for code in Exit if code in codes)


def replay_report(replayed: Replayed) -> dict[str, Any]:
    """What was found, as JSON has it."""
    parted = replayed.parted
    return {
        "recorded": len(replayed.trace.steps),
        "followed": len(replayed.steps),
        "as_recorded": replayed.as_recorded,
        "parted": None if parted is None else parting_report(parted),
        "broken": [sight_report(each) for each in replayed.broken],
        "trace": [step_report(each) for each in replayed.steps],
    }


def parting_report(parted: Parting) -> dict[str, Any]:
    """Where a run takes another course."""
    return {
        "step": parted.step,
        "what": parted.what,
        "rules": list(parted.rules),
        "lines": list(parted.lines),
    }


def sight_report(sight: Sight) -> dict[str, Any]:
    """What a run breaks."""
    return {
        "name": sight.property.name,
        "rule": sight.property.rule,
        "kind": sight.property.kind.value,
        "step": sight.step,
        "evidence": {
            "finding": sight.evidence.finding,
            "details": list(sight.evidence.details),
        },
    }


def show_replayed(replayed: Replayed, out: Console) -> None:
    """Show the run, where it parts from what was recorded, and what it breaks."""
    for step in replayed.steps:
        show_step(step, out)
    out.print()
    for line in summary(replayed):
        show_text(line, out, "")
    for line in () if replayed.parted is None else replayed.parted.lines:
        show_text(line, out)
    for sight in replayed.broken:
        about = sight.property
        out.print()
        title = f"{about.name} ({about.kind.value}, rule {about.rule}), after step {sight.step}"
        out.print(Text.assemble(("Broken: ", "bold red"), title))
        for line in (sight.evidence.finding, *sight.evidence.details):
            show_text(line, out)


def summary(replayed: Replayed) -> list[str]:
    """What came of it, line by line."""
    parted, verdict = replayed.parted, replayed.trace.verdict
    number = len(replayed.trace.steps)
    if parted is None:
        lines = [f"All {number} steps are as recorded."]
    else:
        rules = f" ({', '.join(parted.rules)})" if parted.rules else ""
        place = f"step {parted.step}{rules}" if parted.step else "the start"
        lines = [
            f"The paths part at {place}: {parted.what}.",
            f"{len(replayed.steps)} of {number} steps could be followed.",
        ]
    if replayed.needs_others:
        lines.append(f'One run alone does not show "{verdict and verdict.property}".')
    elif verdict is not None and not replayed.shows_again:
        lines.append(f'The run does not show again: "{verdict.property}": {verdict.finding}')
    return lines


def show_then(then: Checked, steps: int, out: Console) -> None:
    """Show what was found from there on."""
    out.print()
    out.print(Text(f"From there on (steps count from 1 again, after the {steps} above):", "bold"))
    show_one(then, out)
