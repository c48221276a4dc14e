"""What was measured, as tables for people."""

from rich.console import Console
from rich.table import Table
from rich.text import Text

from models.bench.figures import Figures
from models.bench.measured import Bench, Measured
from models.bench.task import Tool

NOTHING = "-"
"""What stands where there is no figure."""


def show(bench: Bench, out: Console) -> None:
    """Show everything."""
    out.print(_where(bench))
    out.print()
    out.print(_searches(bench))
    out.print()
    out.print(_rates(bench))
    compared = [each for each in bench.models if each.against]
    if any(other.figures for each in compared for other in each.against):
        out.print()
        out.print(_comparisons(compared))
    for line in reasons(bench):
        out.print(Text(line, "dim"))


def reasons(bench: Bench) -> tuple[str, ...]:
    """Why some of what was asked for was not compared: one line for each reason."""
    models: dict[tuple[Tool, str], list[str]] = {}
    for each in bench.models:
        for other in each.against:
            if other.why is not None:
                models.setdefault((other.tool, other.why), []).append(str(each.subject))
    return tuple(
        f"Not compared with {tool.value}: {', '.join(names)}: {why}."
        for (tool, why), names in models.items()
    )


def _where(bench: Bench) -> Text:
    """Where it was measured, and how."""
    times = "once" if bench.repeat == 1 else f"{bench.repeat} times, medians"
    return Text(
        f"Treadle {bench.version}, Python {bench.python}, {bench.machine}, "
        f"{bench.processors} processors; each in a fresh process, {times}",
        "dim",
    )


def _searches(bench: Bench) -> Table:
    """How large the models are, and how long it takes to know."""
    headings = ("states", "transitions", "search, s", "verdict, s", "B/state")
    table = _table("model", headings)
    for each in bench.models:
        table.add_row(str(each.subject), *_searched(each))
    return table


def _searched(measured: Measured) -> tuple[str, ...]:
    search, verdict = measured.search, measured.verdict
    if search is None or verdict is None:
        return (NOTHING,) * 5
    return (
        count(search.states),
        count(search.transitions),
        _seconds(search),
        _seconds(verdict),
        count(verdict.bytes_per_state),
    )


def _rates(bench: Bench) -> Table:
    """How much is done in a second of the processor."""
    headings = ("states/s", "transitions/s", "with properties", "walks, steps/s")
    table = _table("in a second of the processor", headings)
    for each in bench.models:
        search, verdict = each.search, each.verdict
        table.add_row(
            str(each.subject),
            count(None if search is None else search.states_per_second),
            count(None if search is None else search.transitions_per_second),
            count(None if verdict is None else verdict.states_per_second),
            count(each.walks.steps_per_second),
        )
    return table


def _comparisons(compared: list[Measured]) -> Table:
    """How Treadle stands beside other tools."""
    table = _table("compared with", ("tool", "seconds", "states/s", "Treadle's times"))
    for each in compared:
        for other in each.against:
            if other.figures is not None:
                table.add_row(
                    str(each.subject),
                    other.tool.value,
                    _seconds(other.figures),
                    count(other.figures.states_per_second),
                    NOTHING if other.factor is None else f"{other.factor:.2g}",
                )
    return table


def _table(first: str, headings: tuple[str, ...]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(first, overflow="fold")
    for heading in headings:
        table.add_column(heading, justify="right", no_wrap=True)
    return table


def count(number: float | None) -> str:
    """A number for people, without decimals."""
    return NOTHING if number is None else f"{number:,.0f}"


def _seconds(figures: Figures) -> str:
    return f"{figures.seconds:.2f}"
