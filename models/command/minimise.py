"""`treadle minimise`: make a trace or a scenario smaller, as long as the same property is broken."""

import argparse
import sys
from pathlib import Path

from attrs import evolve

from models.approach import AtRandom
from models.checking import Exit, Request
from models.command.check import check_one
from models.command.numbers import positive
from models.command.output import write
from models.errors import InputError
from models.render import one_line
from models.search.findings import judged_properties
from models.search.judge import JudgeError
from models.search.outcomes import INDEPENDENT
from models.search.walks import Plan
from models.target import Target, target
from models.traces.codec import written
from models.traces.document import OfModel, OfScenario, Subject, Trace
from models.traces.errors import TraceError
from models.traces.minimise import minimised
from models.traces.record import recorded
from models.traces.reduce import MOST_TRIES, Reduced, reduced
from models.traces.replay import Replayed, opened, replay
from models.traces.subject import subject_of
from properties.property import Kind, Property


def add(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "what", metavar="TRACE | FILE.toml", help="a trace, - for standard input; or a scenario"
    )
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        metavar="FILE",
        help="where to write; standard output if not given",
    )
    parser.add_argument(
        "--run-only", action="store_true", help="of a trace, shorten the run, and leave the rest"
    )
    parser.add_argument(
        "--property", metavar="NAME", help="of a scenario, the property that is to stay broken"
    )
    parser.add_argument(
        "--random", type=positive, metavar="N", help="search the scenario by N random walks"
    )
    parser.add_argument("--seed", type=int, metavar="S", help="the seed of the walks (0)")
    parser.add_argument(
        "--tries",
        type=positive,
        default=MOST_TRIES,
        metavar="N",
        help=f"how many smaller models or scenarios to try at most ({MOST_TRIES})",
    )


def run(options: argparse.Namespace) -> int:
    """Write what is smaller, say on stderr by how much, return the exit code."""
    try:
        smaller = of_scenario if options.what.endswith(".toml") else of_trace
        write(smaller(options), options.output)
    except (InputError, TraceError, JudgeError) as error:
        sys.stderr.write(f"treadle: error: {InputError(error)}\n")
        return Exit.USAGE.value
    return Exit.HOLDS.value


def of_trace(options: argparse.Namespace) -> str:
    """The text of a trace that breaks the same, with a smaller subject, or a shorter run at least.

    Raises:
        InputError: the trace shows nothing that is broken.
        TraceError: it cannot be used.
    """
    refuse(options, "a scenario", "property", "random", "seed")
    trace, world = opened(options.what)
    replayed = replay(trace, world)
    about = broken_in(replayed, options.what)
    small = None if options.run_only else reduced(trace.subject, about.name, options.tries)
    new = shorter(replayed, about) if small is None else traced(small)
    length = f"{len(trace.steps)} -> {len(new.steps)} steps"
    why = "" if options.run_only else end(small)
    tell(options.what, length, size(trace.subject, new.subject), why)
    return written(new)


def of_scenario(options: argparse.Namespace) -> str:
    """The text of a smaller scenario that breaks the same; that of the scenario if there is none.

    Raises:
        InputError: nothing is broken in it.
    """
    refuse(options, "a trace", "run_only")
    found = target(options.what)
    subject = subject_of(options.what, {})
    if not isinstance(subject, OfScenario):
        raise InputError(f"{options.what}: expected a trace or a scenario")
    small = reduced(subject, broken_by_search(found, options), options.tries)
    if small is None or not isinstance(small.subject, OfScenario):
        tell(options.what, end(None))
        return subject.text
    tell(options.what, size(subject, small.subject), end(small))
    return small.subject.text


def refuse(options: argparse.Namespace, only: str, *names: str) -> None:
    """Refuse options that are about something else than what was named.

    Raises:
        InputError: one was given.
    """
    for name in names:
        given = getattr(options, name)
        if given is not None and given is not False:
            raise InputError(f"--{name.replace('_', '-')}: expected {only}, not {options.what}")


def broken_in(replayed: Replayed, file: str) -> Property:
    """What a run breaks of what it was recorded to break.

    Raises:
        InputError: nothing, or what one run alone does not show.
    """
    verdict = replayed.trace.verdict
    if verdict is None or verdict.kind is Kind.SOMETIMES:
        raise InputError(f"{file}: nothing was recorded as broken; expected a trace of a violation")
    if verdict.property == INDEPENDENT.name:
        raise InputError(f'{file}: one run alone does not show "{verdict.property}"')
    for sight in replayed.broken:
        if sight.property.name == verdict.property:
            return sight.property
    raise InputError(f'{file}: the run does not break "{verdict.property}" any more')


def shorter(replayed: Replayed, about: Property) -> Trace:
    """The trace of a shorter run of the same that breaks the property."""
    trace, world = replayed.trace, replayed.world
    found = minimised(world, replayed.events, about)
    return recorded(trace.subject, world, found.events, (about, found.evidence), trace.seed)


def traced(small: Reduced) -> Trace:
    """The trace of what was found of something smaller."""
    return recorded(small.subject, small.world, small.events, small.found)


def broken_by_search(found: Target, options: argparse.Namespace) -> str:
    """The name of the property that is to stay broken: the one that was named, or what the search finds first.

    Raises:
        InputError: it is not broken, as far as the search goes.
    """
    name, file = options.property, options.what
    if name is not None:
        names = [each.name for each in judged_properties(found.model.build({}))]
        if name not in names:
            raise InputError(f"--property {name}: {file} is not judged on it")
    plan = None if options.random is None else Plan(options.random, options.seed or 0)
    request = Request(approach=None if plan is None else AtRandom(plan))
    # A search goes on until what a model must break is broken.
    checked = check_one(evolve(found, model=evolve(found.model, breaks=name)), request)
    broken = [each.property.name for each in checked.violated() if each.evidence is not None]
    about = next((each for each in broken if name in {None, each}), None)
    if about is None:
        what = "nothing that is broken" if name is None else f'not that "{name}" is broken'
        raise InputError(f"{file}: the search finds {what}")
    if about == INDEPENDENT.name:
        raise InputError(f'{file}: one run alone does not show "{about}"')
    return about


def size(before: Subject, after: Subject) -> str:
    """By how much something has become smaller; nothing if it has not."""
    if before == after:
        return ""
    match before, after:
        case OfScenario(_, text), OfScenario(_, shorter):
            return f"{len(text.splitlines())} -> {len(shorter.splitlines())} lines"
        case OfModel(_, then), OfModel(_, now):
            less = (name for name in sorted(then) if then[name] != now[name])
            return ", ".join(f"{name} {then[name]} -> {now[name]}" for name in less)
        case _:
            return ""


def end(small: Reduced | None) -> str:
    """Why it has not become smaller still."""
    if small is None:
        return "nothing smaller was found that breaks the same"
    if small.complete:
        return "nothing more can be left out, as far as the searches show"
    return f"stopped after trying {small.tries}"


def tell(name: str, *words: str) -> None:
    """Say something about what was named, in one line on stderr."""
    sys.stderr.write(one_line(f"{name}: {'; '.join(filter(None, words))}") + "\n")
