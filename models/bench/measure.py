"""Measure models: every task in a process of its own, several times."""

import os
import platform
from collections.abc import Callable, Sequence

from models.bench.figures import Figures, figures_of
from models.bench.measured import Bench, Comparison, Measured, Subject
from models.bench.musil_commit import why_not
from models.bench.process import perform_alone
from models.bench.task import Run, Task, Tool
from models.catalogue import model_named
from spec import VERSION

SMALL = 20_000
"""Up to how many states the plain search is measured."""

PEERS = (Tool.NAIVE, Tool.DEPTH_FIRST, Tool.MUSIL)
"""What searches can be compared with."""

Perform = Callable[[Task], Run]
"""How a task is done."""

Listener = Callable[[str], None]
"""Whoever is told what is measured now."""


def nobody(text: str) -> None:
    """Be the listener that does not care."""


def measure(
    subjects: Sequence[Subject],
    repeat: int = 3,
    against: Sequence[Tool] = (Tool.NAIVE, Tool.MUSIL),
    listener: Listener = nobody,
    perform: Perform = perform_alone,
) -> Bench:
    """Measure some models, and compare with other tools.

    Args:
        subjects: the models.
        repeat: how often each thing is measured.
        against: the other tools.
        listener: who is told what is measured now.
        perform: how a task is done: in a process of its own, if nothing else is said.

    Raises:
        BenchError: a run has failed.
    """

    def figures(tool: Tool, subject: Subject) -> Figures:
        runs: list[Run] = []
        for number in range(1, repeat + 1):
            listener(f"{subject}: {tool.value}, {number} of {repeat}")
            runs.append(perform(Task(tool, subject.model, subject.parameters)))
        return figures_of(runs)

    return Bench(
        VERSION,
        platform.python_version(),
        f"{platform.machine()} {platform.system()}",
        os.cpu_count() or 1,
        repeat,
        tuple(_measured(each, against, figures) for each in subjects),
    )


def _measured(
    subject: Subject, against: Sequence[Tool], figures: Callable[[Tool, Subject], Figures]
) -> Measured:
    model = model_named(subject.model)
    if model is not None and model.walks is not None:
        return Measured(subject, None, None, figures(Tool.WALKS, subject), ())
    search, verdict = figures(Tool.SEARCH, subject), figures(Tool.VERDICT, subject)
    walks = figures(Tool.WALKS, subject)
    comparisons = tuple(_compared(tool, subject, verdict, figures) for tool in against)
    return Measured(subject, search, verdict, walks, comparisons)


def _compared(
    tool: Tool,
    subject: Subject,
    verdict: Figures,
    figures: Callable[[Tool, Subject], Figures],
) -> Comparison:
    why = _why_not(tool, subject, verdict)
    if why is not None:
        return Comparison(tool, None, None, why)
    theirs = figures(tool, subject)
    if theirs.states != verdict.states:
        why = f"{tool.value} visits {theirs.states:,} states, not {verdict.states:,}"
        return Comparison(tool, theirs, None, why)
    return Comparison(tool, theirs, verdict.states_per_second / theirs.states_per_second, None)


def _why_not(tool: Tool, subject: Subject, verdict: Figures) -> str | None:
    """Why a model is not measured with a tool; nothing where it is."""
    if tool is Tool.NAIVE and verdict.states > SMALL:
        return f"more than {SMALL:,} states: too many for the plain search"
    if tool is not Tool.MUSIL:
        return None
    stays = subject.parameters.get("delivery", "set") == "set"
    written = subject.model == "two-phase-commit" and stays
    return why_not() if written else "there is no such model for it"
