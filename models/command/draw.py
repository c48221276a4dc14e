"""`treadle draw`: the run of a trace as a diagram, a page or an export; of a model, its state graph."""

import argparse
import sys
from pathlib import Path
from typing import TypeVar

from models.checking import Exit
from models.command.numbers import positive
from models.command.output import write
from models.draw.forms import GRAPH_FORMS, RUN_FORMS, GraphForm, RunForm, suffix_fits
from models.draw.graphs import MOST_STATES, graph_of
from models.draw.run import name_of, run_of
from models.errors import InputError
from models.search.judge import JudgeError
from models.stepper.opening import given
from models.target import is_trace
from models.traces.errors import TraceError
from models.traces.replay import opened, replay
from models.traces.subject import SubjectError, named

Form = TypeVar("Form", RunForm, GraphForm)


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    runs, graphs = [each.name for each in RUN_FORMS], [each.name for each in GRAPH_FORMS]
    names = dict.fromkeys([*runs, *graphs])
    parser.add_argument(
        "what",
        metavar="TRACE | MODEL",
        help="the trace, - for standard input; or what is to be drawn as a graph of its states",
    )
    parser.add_argument(
        "--as",
        dest="form",
        metavar="FORM",
        choices=tuple(names),
        help=f"{', '.join(names)}; if not given, what the name of the file ends in says",
    )
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        metavar="FILE",
        help="where to write; standard output if not given",
    )
    parser.add_argument(
        "-p",
        dest="parameters",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="set a parameter of the model",
    )
    parser.add_argument(
        "--max-states",
        type=positive,
        default=MOST_STATES,
        metavar="N",
        help=f"how many states a graph may have ({MOST_STATES})",
    )


def run(options: argparse.Namespace) -> int:
    """Draw, write the drawing, return the exit code."""
    try:
        write(drawn(options), options.output)
    except (InputError, JudgeError, SubjectError, TraceError) as error:
        sys.stderr.write(f"treadle: error: {InputError(error)}\n")
        return Exit.USAGE.value
    return Exit.HOLDS.value


def drawn(options: argparse.Namespace) -> str:
    """The drawing of a trace or model.

    Raises:
        InputError: what is named is not there, or cannot be drawn like this.
        JudgeError: a property of the model cannot be judged.
        TraceError: the trace cannot be used.
        SubjectError: the model cannot be built.
    """
    what, name, output = options.what, options.form, options.output
    parameters = given(what, options.parameters)
    if is_trace(what):
        run_form = chosen(RUN_FORMS, "a run", name, output)
        return run_form.of_run(run_of(replay(*opened(what))))
    found = named(what, parameters)
    graph_form = chosen(GRAPH_FORMS, "a state graph", name, output)
    graph = graph_of(name_of(found.subject), found.world, options.max_states)
    return graph_form.of_graph(graph)


def chosen(forms: tuple[Form, ...], what: str, name: str | None, output: Path | None) -> Form:
    """The form of this name, or the one that the file's name says.

    Raises:
        InputError: there is none.
    """
    names = ", ".join(each.name for each in forms)
    if name is None and output is not None:
        found = [each for each in forms if suffix_fits(each, str(output))]
        wrong = f"-o {output}: its name does not say how {what} is drawn"
    else:
        found = [each for each in forms if name is None or each.name == name]
        wrong = f"--as {name}: {what} cannot be drawn so"
    if not found:
        raise InputError(
            f"{wrong}; expected {f'--as {names}' if names else 'nothing: no form does'}"
        )
    return found[0]
