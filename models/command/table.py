"""What `check` has found, as tables for people."""

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from models.approach import AtRandom
from models.checking import Checked, Verdict
from models.command.report import evidence_of, outcomes_of, trace_of
from models.render import one_line
from models.search.depth_first import DepthFirstResult
from models.search.reduction.combined import CombinedResult, Reduction
from models.search.result import Judged, PropertyResult, SearchResult, Status
from models.search.symmetry.search import SymmetricResult
from models.search.walks import WalksResult
from models.terminal import INDENT, show_text
from models.traces.trace import TraceStep, step_lines
from properties.property import Kind

STYLES = {
    "holds": "green",
    "fails as it must": "green",
    "violated": "bold red",
    "inconclusive": "yellow",
    "unseen": "yellow",
    "not judged": "yellow",
}
"""The colours of verdicts, where there are colours."""

LONGEST_NAME = 16
"""How long the name of a model may be to stand on one line, whatever else has to wrap."""

NARROW = 12
"""How wide verdicts are beside long names."""


def show(everything: Sequence[Checked], out: Console) -> None:
    """Show one model at length, several in one table with what went wrong below it."""
    if len(everything) == 1:
        show_one(everything[0], out)
        return
    out.print(_summary(everything))
    if any(isinstance(checked.approach, AtRandom) for checked in everything):
        out.print(
            Text("Where it says walks, so many random runs were judged, not all there are.", "dim")
        )
    for checked in everything:
        if checked.exit.value:
            out.print()
            out.print(_headline(checked))
            _show_failure(checked, out)
            _show_missed(checked, out)


def show_one(checked: Checked, out: Console) -> None:
    """Show all that was found of one model."""
    out.print(_headline(checked))
    out.print(Text(_extent(checked), "dim"))
    if isinstance(checked.result, WalksResult) and checked.result.guarantee is not None:
        show_text(checked.result.guarantee.words, out, "")
    out.print()
    out.print(_properties(checked))
    _show_undecided(checked, out)
    if checked.result.coverage.never:
        out.print()
        never = ", ".join(checked.result.coverage.never)
        show_text(f"Rules that never fired: {never}", out, "")
    if checked.model.system == "anoma" and checked.result.resting:
        _show_outcomes(checked, out)
    _show_failure(checked, out)
    _show_missed(checked, out)


def verdict_text(checked: Checked) -> Text:
    """The verdict on a model."""
    word = "fails as it must" if checked.fails_as_it_must else checked.verdict.value
    return Text(word, STYLES[word])


def _headline(checked: Checked) -> Text:
    text = Text.assemble((one_line(checked.model.name), "bold"), ": ", verdict_text(checked))
    stop = checked.result.stop
    if stop is not None and checked.verdict is Verdict.INCONCLUSIVE:
        text.append(f" ({stop.value})")
    return text


def _extent(checked: Checked) -> str:
    """How far the search has got."""
    result = checked.result
    if isinstance(checked.approach, AtRandom):
        how = f"{checked.approach.plan.walks} random walks over"
    else:
        how = "all" if result.complete else "stopped after"
    stutters = f"{_count(result.stutters, 'stutter')}, " if result.stutters else ""
    return (
        f"{how} {_count(result.states, 'state')}, {_count(result.transitions, 'transition')}, "
        f"{stutters}{_farthest(result)}, {len(result.resting)} at rest, {result.seconds:.1f} s"
        f"{_further(result)}{_odds(result.odds)}"
    )


def _further(result: SearchResult) -> str:
    """What only some searches have to say of how far they have got."""
    match result:
        case SymmetricResult():
            return (
                f"\none for each of {_count(result.all_states, 'state')} that differ in who is who"
            )
        case CombinedResult(irreducible=str() as reason):
            return f"\nnot reduced: {reason}"
        case CombinedResult(reduction=Reduction() as reduction):
            rest = ": all states at rest" if reduction.complete else ", not completed"
            return (
                f"\nreduced search: {_count(reduction.states, 'state')}, {reduction.passes} passes, "
                f"{reduction.seconds:.1f} s{rest}"
            )
        case _:
            return ""


def _farthest(result: SearchResult) -> str:
    """How far the search has got from the start, and, if it knows, whether there are cycles."""
    if not isinstance(result, DepthFirstResult):
        return f"depth {result.depth}"
    cycles = {True: ", with cycles", False: ", no cycles", None: ""}[result.cyclic]
    return f"longest run {result.depth}{cycles}"


def _odds(odds: float) -> str:
    """How sure it is that no two states were taken for one, where they were not compared."""
    return f"\nodds that two states were taken for one: below {odds:.0e}" if odds else ""


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _summary(everything: Sequence[Checked]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    longest = max(len(one_line(each.model.name)) for each in everything)
    table.add_column("model", overflow="fold", min_width=min(longest, LONGEST_NAME))
    table.add_column("verdict", max_width=NARROW if longest > NARROW else None)
    table.add_column("search")
    for heading in ("states", "transitions", "depth", "seconds"):
        table.add_column(heading, justify="right", no_wrap=True)
    for checked in everything:
        result = checked.result
        table.add_row(
            one_line(checked.model.name),
            verdict_text(checked),
            checked.approach.words,
            f"{result.states:,}",
            f"{result.transitions:,}",
            str(result.depth),
            f"{result.seconds:.1f}",
        )
    return table


def _properties(checked: Checked) -> Table:
    """The properties of which something is known, the broken ones first."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("property")
    table.add_column("kind", no_wrap=True)
    table.add_column("verdict", no_wrap=True)
    reduced = any(each.judged is Judged.REDUCED for each in checked.result.properties)
    if reduced:
        table.add_column("judged on", no_wrap=True)
    known = [each for each in checked.result.properties if not _is_undecided(checked, each)]
    for found in sorted(known, key=lambda each: checked.status(each) is not Status.VIOLATED):
        status = checked.status(found).value
        judged = (found.judged.value,) if reduced else ()
        kind = found.property.kind.value
        table.add_row(found.property.name, kind, Text(status, STYLES[status]), *judged)
    return table


def _is_undecided(checked: Checked, found: PropertyResult) -> bool:
    return checked.status(found) is Status.INCONCLUSIVE


def _show_undecided(checked: Checked, out: Console) -> None:
    """Say how many properties the search has left open, and why."""
    stop = checked.result.stop
    open_ = sum(_is_undecided(checked, each) for each in checked.result.properties)
    if open_ and stop is not None:
        nouns = "property is" if open_ == 1 else "properties are"
        show_text(f"{open_} more {nouns} inconclusive: {stop.value}.", out, "")


def _show_outcomes(checked: Checked, out: Console) -> None:
    out.print()
    for outcome in outcomes_of(checked):
        store = ", ".join(f"{key} = {value}" for key, value in outcome["store"].items())
        show_text(f"In the order {', '.join(outcome['order'])}: {store}", out, "")
        for name, summary in outcome["summaries"].items():
            if not summary["success"]:
                show_text(f"{name} fails ({summary['reason']})", out)


def _show_failure(checked: Checked, out: Console) -> None:
    """Show the run that breaks a property, then the evidence, then what else is broken."""
    show_run(checked, out)
    for found in checked.violated():
        out.print()
        _show_evidence(checked, found, out)


def show_run(checked: Checked, out: Console) -> None:
    """Show the run that breaks a property, if one does."""
    steps = trace_of(checked)
    if steps is not None:
        out.print()
        out.print(Text(_run_title(checked, len(steps)), "bold"))
        for step in steps:
            show_step(step, out)


def _show_missed(checked: Checked, out: Console) -> None:
    for line in missed(checked):
        out.print()
        out.print(Text(line, "bold red"))


def missed(checked: Checked) -> Iterator[str]:
    """What a model should have broken, and has not."""
    if checked.model.breaks is not None and not checked.fails_as_it_must:
        yield f"This model must break: {checked.model.breaks}"


def _run_title(checked: Checked, length: int) -> str:
    run = "The shortest run" if checked.approach.shortest else "A run"
    return f"{run} that shows it, {_count(length, 'step')}:"


def show_step(step: TraceStep, out: Console) -> None:
    """Show a step of a run: its number, what happened, and what came of it."""
    show_text(step.event, out, f"{step.number:3} ")
    for line in step_lines(step):
        show_text(line, out, INDENT)


def _show_evidence(checked: Checked, found: PropertyResult, out: Console) -> None:
    about = found.property
    word = "Never happens" if about.kind is Kind.SOMETIMES else "Broken"
    title = f"{about.name} ({about.kind.value}, rule {about.rule})"
    out.print(Text.assemble((f"{word}: ", "bold red"), title))
    evidence = evidence_of(checked, found)
    if evidence is not None:
        for line in (evidence.finding, *evidence.details):
            show_text(line, out)
